//! The characters of a text with their byte offsets, for scanners that look back and ahead.

/// Characters by index, each with its byte offset.
pub(super) struct Glyphs {
    at: Vec<(usize, char)>,
    bytes: usize,
}

impl Glyphs {
    pub(super) fn new(text: &str) -> Self {
        Self { at: text.char_indices().collect(), bytes: text.len() }
    }

    pub(super) fn len(&self) -> usize {
        self.at.len()
    }

    /// The character at an index, if there is one.
    pub(super) fn at(&self, index: usize) -> Option<char> {
        self.at.get(index).map(|(_, c)| *c)
    }

    /// The character before an index, if there is one.
    pub(super) fn before(&self, index: usize) -> Option<char> {
        self.at(index.checked_sub(1)?)
    }

    /// Whether the character at an index exists and passes.
    pub(super) fn is(&self, index: usize, test: impl Fn(char) -> bool) -> bool {
        self.at(index).is_some_and(test)
    }

    /// The byte offset of an index; the text's length past the end.
    pub(super) fn byte(&self, index: usize) -> usize {
        self.at.get(index).map_or(self.bytes, |(byte, _)| *byte)
    }

    /// The first index from `from` on, up to `end`, whose character fails the test.
    pub(super) fn run(&self, from: usize, end: usize, test: impl Fn(char) -> bool) -> usize {
        let span = self.at.get(from..end).unwrap_or_default();
        span.iter().position(|(_, c)| !test(*c)).map_or(end.max(from), |n| from.saturating_add(n))
    }

    /// The characters from `from` to `end`.
    pub(super) fn chars(&self, from: usize, end: usize) -> impl Iterator<Item = char> + '_ {
        self.at.get(from..end).unwrap_or_default().iter().map(|(_, c)| *c)
    }
}
