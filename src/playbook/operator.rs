//! The operators: their words, what they take, and the types of fields they apply to.

use serde::Serialize;

use super::fields::FieldType;

/// What is written behind an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Takes {
    /// `true` or `false`.
    Flag,
    /// A list of values of the field's type.
    List,
    /// One value of the field's type.
    One,
    /// A least value, included, and a greatest, excluded.
    Pair,
    /// A span of time.
    Span,
    /// One text or several, of which one must do.
    Texts,
}

/// Types of fields, as a set.
const EACH: &[FieldType] = &[
    FieldType::Flag,
    FieldType::Number,
    FieldType::Text,
    FieldType::Time,
    FieldType::Word,
    FieldType::Words,
];
const SINGLE: &[FieldType] =
    &[FieldType::Flag, FieldType::Number, FieldType::Text, FieldType::Time, FieldType::Word];
const ORDERED: &[FieldType] = &[FieldType::Number, FieldType::Time];
const WRITTEN: &[FieldType] = &[FieldType::Text, FieldType::Word, FieldType::Words];
const TIME: &[FieldType] = &[FieldType::Time];
const WORDS: &[FieldType] = &[FieldType::Words];

/// The table of operators: one line is one operator.
macro_rules! operators {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal $(| $alias:literal)*, $takes:ident, $on:ident;)*) => {
        /// What a condition does with a field and its literals.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Operator {
            $($(#[doc = $doc])* $name,)*
        }

        impl Operator {
            /// Every operator, in alphabetical order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word it is written with.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The operator that a word or one of its other spellings names.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word $(| $alias)* => Some(Self::$name),)* _ => None }
            }

            /// What is written behind it.
            #[must_use]
            pub const fn takes(self) -> Takes {
                match self { $(Self::$name => Takes::$takes,)* }
            }

            /// The types of fields it applies to.
            #[must_use]
            pub const fn applies_to(self) -> &'static [FieldType] {
                match self { $(Self::$name => $on,)* }
            }

            /// One sentence for the author of a playbook.
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),*).trim_ascii(),)* }
            }
        }
    };
}

operators! {
    /// The number or instant is greater or later than the literal.
    Above = "above" | "after", One, ORDERED;
    /// All words of the literal are among the field's; with an empty literal always true.
    AllOf = "all_of", List, WORDS;
    /// The value is one of the literal's; of a field of several words, one is enough. With an empty literal never true.
    AnyOf = "any_of", List, EACH;
    /// The number or instant is the literal, or greater or later.
    AtLeast = "at_least" | "from", One, ORDERED;
    /// The number or instant is the literal, or less or earlier.
    AtMost = "at_most", One, ORDERED;
    /// The number or instant is less or earlier than the literal.
    Below = "below" | "before", One, ORDERED;
    /// From the first literal, included, to the second, excluded.
    Between = "between", Pair, ORDERED;
    /// The event changed the field; false where nothing is known of an earlier value.
    Changed = "changed", Flag, EACH;
    /// The event changed the field, which was the literal before.
    ChangedFrom = "changed_from", List, SINGLE;
    /// The event changed the field, which is now the literal.
    ChangedTo = "changed_to", List, SINGLE;
    /// The text holds the literal anywhere, whatever the case.
    Contains = "contains", Texts, WRITTEN;
    /// The text holds the literal as whole words, whatever the case and the punctuation between.
    ContainsWord = "contains_word", Texts, WRITTEN;
    /// The text ends with the literal, whatever the case.
    EndsWith = "ends_with", Texts, WRITTEN;
    /// The literal is one of the field's words.
    Has = "has", One, WORDS;
    /// The value is the literal; of a field of several words, one of them is.
    Is = "is", One, EACH;
    /// The value is not the literal; of a field of several words, none of them is.
    IsNot = "is_not", One, EACH;
    /// The language tag is the literal or narrower: `it` takes `it-CH` (RFC 4647, basic filtering).
    Language = "language", Texts, WRITTEN;
    /// The text holds a match of the regular expression, whatever the case.
    Matches = "matches", Texts, WRITTEN;
    /// The value is none of the literal's; of a field of several words, none is among them.
    NoneOf = "none_of", List, EACH;
    /// The instant lies more than the span before now.
    OlderThan = "older_than", Span, TIME;
    /// There is a value, and it is not empty; never unknown.
    Present = "present", Flag, EACH;
    /// The text starts with the literal, whatever the case.
    StartsWith = "starts_with", Texts, WRITTEN;
    /// The version, numbers with dots between, is the literal or later.
    VersionAtLeast = "version_at_least", Texts, WRITTEN;
    /// The version, numbers with dots between, is earlier than the literal.
    VersionBelow = "version_below", Texts, WRITTEN;
    /// The instant lies in the span before now, both ends included.
    WithinLast = "within_last", Span, TIME;
    /// The instant lies in the span after now, both ends included.
    WithinNext = "within_next", Span, TIME;
}
