//! Words: the open and the closed lists of names that documents and events use.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text is no [`Word`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("not a word of letters, digits and underscores, at most 48 of them")]
pub struct WordError;

/// A word of an open list: lower-case letters, digits and `_`, at most 48 bytes.
///
/// ```
/// use galateo::model::Word;
/// let role: Word = "supervisor".parse()?;
/// assert_eq!(Word::new("Shift lead"), Some("shift_lead".parse()?));
/// assert!("in charge!".parse::<Word>().is_err());
/// # Ok::<(), galateo::model::WordError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(Arc<str>);

impl Word {
    /// Folds `text` to lower case with `_` for blanks and hyphens; `None` where another character is left.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        if is_word(text) {
            return Some(Self(Arc::from(text)));
        }
        let folded = |c| if matches!(c, ' ' | '-') { '_' } else { c.to_ascii_lowercase() };
        let word: String = text.trim().chars().map(folded).collect();
        is_word(&word).then(|| Self(Arc::from(word)))
    }

    /// Like [`new`](Self::new), of a text that is shared where it is a word as it stands.
    pub(crate) fn sharing(text: &Arc<str>) -> Option<Self> {
        if is_word(text) { Some(Self(Arc::clone(text))) } else { Self::new(text) }
    }

    /// A word of the crate itself, known to be one; `galateo` where it is not.
    pub(crate) fn from_static(text: &'static str) -> Self {
        Self::new(text).unwrap_or_else(|| Self(Arc::from("galateo")))
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_word(text: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=48).contains(&text.len()) && text.bytes().all(legal)
}

impl std::str::FromStr for Word {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        Self::new(text).ok_or(WordError)
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::new(&text).ok_or_else(|| de::Error::custom("not a word of letters, digits and underscores"))
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Declares an open list of words: known variants, and `Other` for the ones that come after this release.
macro_rules! open_words {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal $(| $alias:literal)*,)* }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
            /// One that this release does not know by name; it is handled with the most careful defaults.
            Other($crate::model::Word),
        }

        impl $name {
            /// Every variant known by name, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word used in documents and on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)*
                    Self::Other(word) => word.as_str(),
                }
            }

            /// Reads a word, known or not; `None` where it is no word at all.
            #[must_use]
            pub fn from_word(text: &str) -> Option<Self> {
                let word = $crate::model::Word::new(text)?;
                Some(match word.as_str() {
                    $($word $(| $alias)* => Self::$variant,)*
                    _ => Self::Other(word),
                })
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::from_word(&text).ok_or_else(|| serde::de::Error::custom(concat!("not a ", $what, ": a word of letters, digits and underscores")))
            }
        }
    };
}

pub(crate) use open_words;

/// Declares a closed list of words with an order.
macro_rules! closed_words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal $(| $alias:literal)*,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word $(, alias = $alias)*)] $variant,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word used in documents and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Reads a word; `None` where it is none of the list.
            #[must_use]
            pub fn from_word(text: &str) -> Option<Self> {
                match text {
                    $($word $(| $alias)* => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    )*};
}
pub(crate) use closed_words;
