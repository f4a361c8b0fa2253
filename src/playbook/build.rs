//! Conditions written in Rust: the same tree as the one read from a document.

use std::ops::{BitAnd, BitOr, Not};
use std::sync::Arc;

use super::Number;
use super::condition::{Condition, Literal, test};
use super::operator::Operator;
use crate::model::{Seconds, Timestamp};

impl From<bool> for Literal {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Literal {
    fn from(n: i64) -> Self {
        Self::Number(Number::from(n))
    }
}

impl From<Number> for Literal {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<Seconds> for Literal {
    fn from(span: Seconds) -> Self {
        Self::from(span.get())
    }
}

impl From<&str> for Literal {
    fn from(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }
}

impl From<Timestamp> for Literal {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

/// A field on the way to a condition; made by [`field`].
#[derive(Debug, Clone)]
pub struct Asked(Arc<str>);

/// Starts a condition on a field.
///
/// ```
/// use galateo::playbook::field;
/// let condition = field("channel").is("x") & (field("sentiment").below(-400) | !field("tags").any_of(["ok"]));
/// assert_eq!(
///     serde_json::to_string(&condition)?,
///     r#"{"all":[{"channel":{"is":"x"}},{"any":[{"sentiment":{"below":-400}},{"not":{"tags":{"any_of":["ok"]}}}]}]}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn field(name: &str) -> Asked {
    Asked(Arc::from(name))
}

macro_rules! tests {
    (one: $($one:ident = $one_operator:ident),*; several: $($several:ident = $several_operator:ident),*; flag: $($flag:ident = $flag_operator:ident),*; span: $($span:ident = $span_operator:ident),*;) => {
        impl Asked {
            $(
                #[doc = concat!("See [`Operator::", stringify!($one_operator), "`].")]
                #[must_use]
                pub fn $one(self, literal: impl Into<Literal>) -> Condition {
                    test(&self.0, Operator::$one_operator, vec![literal.into()])
                }
            )*
            $(
                #[doc = concat!("See [`Operator::", stringify!($several_operator), "`].")]
                #[must_use]
                pub fn $several<L: Into<Literal>>(self, literals: impl IntoIterator<Item = L>) -> Condition {
                    test(&self.0, Operator::$several_operator, literals.into_iter().map(Into::into).collect())
                }
            )*
            $(
                #[doc = concat!("See [`Operator::", stringify!($flag_operator), "`].")]
                #[must_use]
                pub fn $flag(self) -> Condition {
                    test(&self.0, Operator::$flag_operator, vec![Literal::Flag(true)])
                }
            )*
            $(
                #[doc = concat!("See [`Operator::", stringify!($span_operator), "`].")]
                #[must_use]
                pub fn $span(self, span: Seconds) -> Condition {
                    test(&self.0, Operator::$span_operator, vec![Literal::from(span)])
                }
            )*

            /// See [`Operator::Between`]: `from` is included, `to` is not.
            #[must_use]
            pub fn between(self, from: impl Into<Literal>, to: impl Into<Literal>) -> Condition {
                test(&self.0, Operator::Between, vec![from.into(), to.into()])
            }
        }
    };
}

tests! {
    one: is = Is, is_not = IsNot, has = Has, above = Above, at_least = AtLeast, at_most = AtMost, below = Below,
        contains = Contains, contains_word = ContainsWord, starts_with = StartsWith, ends_with = EndsWith,
        matches = Matches, language = Language, version_at_least = VersionAtLeast, version_below = VersionBelow,
        changed_from = ChangedFrom, changed_to = ChangedTo;
    several: any_of = AnyOf, none_of = NoneOf, all_of = AllOf;
    flag: present = Present, changed = Changed;
    span: older_than = OlderThan, within_last = WithinLast, within_next = WithinNext;
}

impl Condition {
    /// At least `n` of the conditions hold.
    #[must_use]
    pub fn at_least(n: u32, of: impl IntoIterator<Item = Self>) -> Self {
        Self::AtLeast { n, of: of.into_iter().collect() }
    }

    /// None of the conditions holds.
    #[must_use]
    pub fn none(of: impl IntoIterator<Item = Self>) -> Self {
        Self::None(of.into_iter().collect())
    }
}

impl BitAnd for Condition {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        match (self, other) {
            (Self::All(mut list), other) => {
                list.push(other);
                Self::All(list)
            }
            (first, other) => Self::All(vec![first, other]),
        }
    }
}

impl BitOr for Condition {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any(mut list), other) => {
                list.push(other);
                Self::Any(list)
            }
            (first, other) => Self::Any(vec![first, other]),
        }
    }
}

impl Not for Condition {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}
