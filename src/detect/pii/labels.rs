//! The numbers of labels over a conversation, and pseudonyms from the host's keys.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::kind::PiiKind;
use crate::model::Sensitive;

/// A pseudonym: 1 to 64 ASCII letters, digits, `-` or `_`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Token(String);

/// A text that is no pseudonym.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("a token is 1 to 64 ASCII letters, digits, hyphens or underscores")]
pub struct TokenError;

impl Token {
    /// Checks a pseudonym.
    ///
    /// # Errors
    /// Another character, or none, or more than 64.
    pub fn new(token: impl Into<String>) -> Result<Self, TokenError> {
        let token = token.into();
        let legal = (1..=64).contains(&token.len())
            && token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        if legal { Ok(Self(token)) } else { Err(TokenError) }
    }

    /// The pseudonym.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Token {
    type Error = TokenError;

    fn try_from(token: String) -> Result<Self, TokenError> {
        Self::new(token)
    }
}

impl From<Token> for String {
    fn from(token: Token) -> Self {
        token.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The host's keyed function from values to pseudonyms.
///
/// Use HMAC-SHA-256 under a secret of the tenant, over `"galateo/v1" ‖ tenant ‖ kind ‖ length ‖ canonical value`, cut to 128
/// bits, in base 32. A plain hash is no pseudonym: all numbers of a mobile prefix are hashed in seconds.
pub trait Tokenizer {
    /// The pseudonym of a value in canonical form.
    fn token(&self, kind: PiiKind, canonical: &Sensitive<String>) -> Token;
}

/// The numbers that labels have in one conversation; the host keeps it beside the conversation.
///
/// It holds no value and no plain hash: with a [`Tokenizer`] the host's keyed pseudonyms, so that one value has one number
/// in all messages; without one the last number of each label, so that no number is given twice, and one value has one
/// number within a message alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Labels {
    last: BTreeMap<String, u32>,
    known: BTreeMap<Token, u32>,
}

/// Pseudonyms that a conversation remembers at most; beyond them new values get new numbers each time.
const MOST_KNOWN: usize = 4096;

impl Labels {
    /// The number of a value by its pseudonym.
    pub(super) fn number_of(&mut self, label: &str, token: Option<&Token>) -> u32 {
        if let Some(number) = token.and_then(|token| self.known.get(token)) {
            return *number;
        }
        let number = self.next(label);
        if let Some(token) = token.filter(|_| self.known.len() < MOST_KNOWN) {
            self.known.insert(token.clone(), number);
        }
        number
    }

    fn next(&mut self, label: &str) -> u32 {
        let last = self.last.entry(label.to_owned()).or_insert(0);
        *last = last.saturating_add(1);
        *last
    }
}
