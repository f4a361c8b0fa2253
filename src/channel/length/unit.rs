//! The units in which networks count.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A unit of length; the same text has another length in each (R12).
///
/// ```
/// use galateo::channel::Unit;
/// assert_eq!(Unit::Utf16CodeUnits.as_str(), "utf16_code_units");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// Unicode scalar values.
    CodePoints,
    /// Extended grapheme clusters (UAX #29): what a reader takes for one character.
    Graphemes,
    /// Septets of the GSM alphabet, escapes counted; a text outside the alphabet counts in
    /// [`Utf16CodeUnits`](Self::Utf16CodeUnits) against the smaller limits of UCS-2.
    Gsm7Septets,
    /// Graphemes, where a link with protocol counts 23 and a remote mention only its `@user`
    /// (docs.joinmastodon.org, `entities/Instance`, 2026-11).
    MastodonCharacters,
    /// UTF-16 code units, as browsers count.
    #[serde(rename = "utf16_code_units")]
    Utf16CodeUnits,
    /// Bytes of UTF-8.
    #[serde(rename = "utf8_bytes")]
    Utf8Bytes,
    /// The weighted characters of X (twitter-text, configuration v3): after NFC a character counts 1
    /// or 2, a link 23, an emoji sequence 2.
    XWeighted,
}

impl Unit {
    /// Every unit.
    pub const ALL: [Self; 7] = [
        Self::CodePoints,
        Self::Graphemes,
        Self::Gsm7Septets,
        Self::MastodonCharacters,
        Self::Utf16CodeUnits,
        Self::Utf8Bytes,
        Self::XWeighted,
    ];

    /// The word used in documents and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CodePoints => "code_points",
            Self::Graphemes => "graphemes",
            Self::Gsm7Septets => "gsm7_septets",
            Self::MastodonCharacters => "mastodon_characters",
            Self::Utf16CodeUnits => "utf16_code_units",
            Self::Utf8Bytes => "utf8_bytes",
            Self::XWeighted => "x_weighted",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
