//! Languages as the crate names them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The language of a text, named by the primary subtag of BCP 47 ([RFC 5646](https://www.rfc-editor.org/rfc/rfc5646)).
///
/// Italian and English have built-in lexicons; the others are recognised and can be given lexicons by the host.
///
/// ```
/// use galateo::model::Language;
/// assert_eq!(Language::from_tag("it-CH"), Some(Language::It));
/// assert_eq!(Language::En.tag(), "en");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Language {
    /// German.
    De,
    /// English.
    En,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Italian.
    It,
    /// Another language, by its primary subtag.
    Other(Subtag),
}

/// Two or three lower-case letters: the primary subtag of a language without a variant of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subtag([u8; 3]);

impl Language {
    /// Reads a BCP 47 tag by its primary subtag; `None` where that is not two or three letters.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let mut code = [0_u8; 3];
        for (slot, byte) in code.iter_mut().zip(primary.bytes()) {
            *slot = byte.to_ascii_lowercase();
        }
        Some(match &code {
            b"de\0" => Self::De,
            b"en\0" => Self::En,
            b"es\0" => Self::Es,
            b"fr\0" => Self::Fr,
            b"it\0" => Self::It,
            _ => Self::Other(Subtag(code)),
        })
    }

    /// The primary subtag, in lower case.
    #[must_use]
    pub fn tag(&self) -> &str {
        match self {
            Self::De => "de",
            Self::En => "en",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::It => "it",
            Self::Other(Subtag(code)) => std::str::from_utf8(code).unwrap_or("und").trim_end_matches('\0'),
        }
    }
}

impl fmt::Debug for Subtag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Language::Other(*self).tag())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.tag())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tag = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_tag(&tag).ok_or_else(|| serde::de::Error::custom("not a BCP 47 language tag"))
    }
}
