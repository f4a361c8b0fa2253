//! Text that arrives in pieces: nothing is released that could still be the head of a value.

use std::fmt;

use super::labels::Labels;
use super::redactor::{PiiContext, Redactor, Writer};

/// Bytes at the end of the text that stay back: more than a value and the words around it take.
const HELD: usize = 320;

/// Redacts a text that arrives in pieces, such as a draft while it is written.
///
/// The whole text is read again for each piece, so that the result is that of the whole; send sentences, not letters.
///
/// ```
/// use galateo::detect::pii::{PiiContext, Redactor, Stream};
/// let redactor = Redactor::standard();
/// let mut stream = Stream::new(&redactor, PiiContext::default());
/// let mut released = stream.push("la carta è 4111 1111 ");
/// released.push_str(&stream.push("1111 1111, grazie"));
/// released.push_str(&stream.finish());
/// assert_eq!(released, "la carta è [CARD_1], grazie");
/// ```
pub struct Stream<'r> {
    redactor: &'r Redactor,
    context: PiiContext<'r>,
    text: String,
    /// Bytes of `text` whose redaction was released.
    released: usize,
}

impl fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("bytes", &self.text.len())
            .field("released", &self.released)
            .finish_non_exhaustive()
    }
}

impl<'r> Stream<'r> {
    /// Starts an empty text.
    #[must_use]
    pub const fn new(redactor: &'r Redactor, context: PiiContext<'r>) -> Self {
        Self { redactor, context, text: String::new(), released: 0 }
    }

    /// Takes a piece and returns what may be shown by now, behind what was returned before.
    pub fn push(&mut self, piece: &str) -> String {
        self.text.push_str(piece);
        let end = self.text.floor_char_boundary(self.text.len().saturating_sub(HELD));
        let blank = self.text.get(..end).and_then(|head| head.rfind(char::is_whitespace)).unwrap_or(0);
        self.release(blank)
    }

    /// Ends the text and returns the rest of it.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.release(self.text.len())
    }

    fn release(&mut self, end: usize) -> String {
        if end <= self.released {
            return String::new();
        }
        let spans = self.redactor.find_all(&self.text, &self.context);
        let crossing = spans.iter().find(|span| span.start < end && end < span.end);
        let end = crossing.map_or(end, |span| span.start);
        if end <= self.released {
            return String::new();
        }
        let mut labels = Labels::default();
        let mut writer = Writer::new(self.redactor, &self.text, &mut labels, None);
        let written = writer.write(&spans, &self.context);
        let range = writer.written_at(self.released)..writer.written_at(end);
        self.released = end;
        written.get(range).unwrap_or_default().to_owned()
    }
}
