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

/// Codes of three letters whose language has one of two: ISO 639-3, and where it differs the bibliographic one
/// (<https://www.loc.gov/standards/iso639-2/php/code_list.php>, read 2026-11-22). In order.
const SHORT: &[(&[u8; 3], &[u8; 2])] = &[
    (b"afr", b"af"),
    (b"alb", b"sq"),
    (b"ara", b"ar"),
    (b"bul", b"bg"),
    (b"cat", b"ca"),
    (b"ces", b"cs"),
    (b"chi", b"zh"),
    (b"cmn", b"zh"),
    (b"cze", b"cs"),
    (b"dan", b"da"),
    (b"deu", b"de"),
    (b"dut", b"nl"),
    (b"ell", b"el"),
    (b"eng", b"en"),
    (b"est", b"et"),
    (b"eus", b"eu"),
    (b"fas", b"fa"),
    (b"fin", b"fi"),
    (b"fra", b"fr"),
    (b"fre", b"fr"),
    (b"ger", b"de"),
    (b"gle", b"ga"),
    (b"glg", b"gl"),
    (b"gre", b"el"),
    (b"heb", b"he"),
    (b"hin", b"hi"),
    (b"hrv", b"hr"),
    (b"hun", b"hu"),
    (b"ind", b"id"),
    (b"isl", b"is"),
    (b"ita", b"it"),
    (b"jpn", b"ja"),
    (b"kor", b"ko"),
    (b"lav", b"lv"),
    (b"lit", b"lt"),
    (b"mkd", b"mk"),
    (b"mlt", b"mt"),
    (b"msa", b"ms"),
    (b"nld", b"nl"),
    (b"nor", b"no"),
    (b"per", b"fa"),
    (b"pol", b"pl"),
    (b"por", b"pt"),
    (b"ron", b"ro"),
    (b"rum", b"ro"),
    (b"rus", b"ru"),
    (b"slk", b"sk"),
    (b"slo", b"sk"),
    (b"slv", b"sl"),
    (b"spa", b"es"),
    (b"sqi", b"sq"),
    (b"srp", b"sr"),
    (b"swe", b"sv"),
    (b"tha", b"th"),
    (b"tur", b"tr"),
    (b"ukr", b"uk"),
    (b"urd", b"ur"),
    (b"vie", b"vi"),
    (b"zho", b"zh"),
];

/// The code of two letters for one of three, where there is one.
fn shortest(code: [u8; 3]) -> [u8; 3] {
    let place = SHORT.binary_search_by_key(&&code, |(long, _)| long);
    let short = place.ok().and_then(|at| SHORT.get(at));
    short.map_or(code, |(_, [first, second])| [*first, *second, 0])
}

impl Language {
    /// Reads a BCP 47 tag by its primary subtag; `None` where that is not two or three letters.
    ///
    /// A language with a code of two letters is named by it, as RFC 5646, 2.2.1 asks, so that "nld" and "nl" are one.
    ///
    /// ```
    /// use galateo::model::Language;
    /// assert_eq!(Language::from_tag("ita"), Some(Language::It));
    /// assert_eq!(Language::from_tag("nld"), Language::from_tag("nl-BE"));
    /// ```
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
        Some(match &shortest(code) {
            b"de\0" => Self::De,
            b"en\0" => Self::En,
            b"es\0" => Self::Es,
            b"fr\0" => Self::Fr,
            b"it\0" => Self::It,
            other => Self::Other(Subtag(*other)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_codes_are_in_order_and_found() {
        assert!(SHORT.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(Language::from_tag("TUR").unwrap().tag(), "tr");
        assert_eq!(Language::from_tag("nap").unwrap().tag(), "nap");
    }
}
