//! The characters of a text with their byte offsets, for scanners that look back and ahead.

/// Characters by index, each with its byte offset.
pub(super) struct Glyphs {
    at: Vec<(usize, char)>,
    bytes: usize,
    /// Characters looked at: the work that the tests bound.
    #[cfg(test)]
    pub(super) looks: std::cell::Cell<usize>,
}

impl Glyphs {
    pub(super) fn new(text: &str) -> Self {
        Self {
            at: text.char_indices().collect(),
            bytes: text.len(),
            #[cfg(test)]
            looks: std::cell::Cell::new(0),
        }
    }

    fn look(&self, characters: usize) {
        #[cfg(test)]
        self.looks.set(self.looks.get().saturating_add(characters));
        let _ = characters;
    }

    pub(super) fn len(&self) -> usize {
        self.at.len()
    }

    /// The character at an index, if there is one.
    pub(super) fn at(&self, index: usize) -> Option<char> {
        self.look(1);
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
        let length = span.iter().position(|(_, c)| !test(*c)).unwrap_or(span.len());
        self.look(length.saturating_add(1));
        from.saturating_add(length)
    }

    /// The characters from `from` to `end`.
    pub(super) fn chars(&self, from: usize, end: usize) -> impl Iterator<Item = char> + '_ {
        let span = self.at.get(from..end).unwrap_or_default();
        self.look(span.len());
        span.iter().map(|(_, c)| *c)
    }
}
