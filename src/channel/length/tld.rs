//! The table of top-level domains, as data.

use std::sync::LazyLock;

/// The longest top-level domain that is looked up, in characters; the longest of 2026-11 has 24 in its ASCII form.
pub(super) const MAX_CHARS: usize = 24;

/// A set of top-level domains; decides which dotted words count as links.
///
/// The built-in list is IANA's of 2026-11-01. A host that needs another hands its own to
/// [`Counting`](super::Counting).
///
/// ```
/// use galateo::channel::Tlds;
/// assert!(Tlds::built_in().contains("com") && !Tlds::built_in().contains("txt"));
/// assert!(Tlds::parse("# mine\ncom it").contains("it"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tlds(Vec<Box<str>>);

static BUILT_IN: LazyLock<Tlds> = LazyLock::new(|| Tlds::parse(include_str!("../tlds.txt")));

impl Tlds {
    /// The list of this release.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads words between blanks and line ends; a line that starts with `#` is a comment.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let mut words: Vec<Box<str>> =
            lines.flat_map(str::split_whitespace).map(|word| word.to_lowercase().into()).collect();
        words.sort_unstable();
        words.dedup();
        Self(words)
    }

    /// Whether `word`, in lower case, is a top-level domain; punycode (`xn--`) always is.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        word.strip_prefix("xn--").is_some_and(|rest| !rest.is_empty())
            || self.0.binary_search_by(|known| known.as_ref().cmp(word)).is_ok()
    }
}
