//! Identifiers: newtypes over opaque strings, so that a customer can never be passed for an agent.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

/// The longest identifier accepted, in bytes.
pub const MAX_ID_BYTES: usize = 256;

/// Why a string is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// The string holds a control or a text-direction character, which would let it forge a log line.
    #[error("identifier holds a control or text-direction character")]
    Control,
    /// The string is empty.
    #[error("identifier is empty")]
    Empty,
    /// The string has more than [`MAX_ID_BYTES`] bytes.
    #[error("identifier is longer than {MAX_ID_BYTES} bytes")]
    TooLong,
}

/// Whether a character could forge or reorder a rendered line.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > MAX_ID_BYTES {
        return Err(IdError::TooLong);
    }
    if text.chars().any(is_unprintable) { Err(IdError::Control) } else { Ok(()) }
}

/// Reads an identifier from a string, or from the exact decimal text of an integer: vendors send
/// both for the same thing, and a number read as floating point would lose its last digits.
struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = Arc<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an identifier: a non-empty string or a whole number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Arc<str>, E> {
        check(text).map(|()| Arc::from(text)).map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Arc<str>, E> {
        Ok(Arc::from(n.to_string()))
    }

    fn visit_i64<E: de::Error>(self, n: i64) -> Result<Arc<str>, E> {
        Ok(Arc::from(n.to_string()))
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// ```
        #[doc = concat!("use galateo::model::", stringify!($name), ";")]
        #[doc = concat!("let id = ", stringify!($name), "::new(\"a-17\")?;")]
        /// assert_eq!(id.as_str(), "a-17");
        #[doc = concat!("assert!(", stringify!($name), "::new(\"\").is_err());")]
        /// # Ok::<(), galateo::model::IdError>(())
        /// ```
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Accepts a non-empty string of at most [`MAX_ID_BYTES`] bytes without control characters.
            ///
            /// # Errors
            /// An [`IdError`] that says which of the three conditions fails.
            pub fn new(text: impl AsRef<str>) -> Result<Self, IdError> {
                let text = text.as_ref();
                check(text).map(|()| Self(Arc::from(text)))
            }

            /// The identifier as the host wrote it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), f)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(IdVisitor).map(Self)
            }
        }
    )*};
}

ids! {
    /// An official account of the company on a channel.
    AccountId;
    /// A person or a bot that answers for the company.
    AgentId;
    /// One issue with one customer on one surface.
    ConversationId;
    /// A customer, however many channels they write from.
    CustomerId;
    /// A department that is asked for an answer.
    DepartmentId;
    /// One event; the same event delivered twice carries the same identifier.
    EventId;
    /// One message on one surface.
    MessageId;
    /// A waiting line that agents take conversations from.
    QueueId;
    /// A question put to another department.
    ReferralId;
    /// A rule of a playbook.
    RuleId;
    /// Something an agent can do, such as a product or a procedure.
    SkillId;
    /// A tag on a conversation or a customer.
    Tag;
    /// A document or a fact that a reply rests on.
    DocumentRef;
    /// A subject that customers write about.
    TopicId;
}
