//! Text that arrives in pieces: nothing is released that could still be the head of a value.

use std::fmt;

use super::labels::Labels;
use super::redactor::{PiiContext, Redactor};
use super::writer::{Memory, Writer};

/// Bytes at the end of the text that stay back: more than a value and the words around it take.
const HELD: usize = 320;
/// Bytes of released text that are read again with what follows: more than the words before a value take.
const KEPT: usize = 512;
/// The least bytes that arrive before the text is read again, and the least share of what is held, as its divisor: so each
/// byte is read a few times, however small the pieces.
const LEAST_NEW: usize = 128;
const LEAST_SHARE: usize = 8;

/// Redacts a text that arrives in pieces, such as a draft while it is written.
///
/// The text appears some 450 bytes later than it arrives, at blanks. The work grows with the text and no faster, however
/// small the pieces are; what is remembered is the last part of the text and each value with its label.
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
    /// The end of the text, from some bytes before what is not yet released.
    text: String,
    /// Bytes of `text` whose redaction was released.
    released: usize,
    /// Bytes of `text` when it was last read.
    read: usize,
    labels: Labels,
    memory: Memory,
    work: usize,
}

impl fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("bytes", &self.text.len())
            .field("released", &self.released)
            .field("work", &self.work)
            .finish_non_exhaustive()
    }
}

impl<'r> Stream<'r> {
    /// Starts an empty text.
    #[must_use]
    pub fn new(redactor: &'r Redactor, context: PiiContext<'r>) -> Self {
        Self {
            redactor,
            context,
            text: String::new(),
            released: 0,
            read: 0,
            labels: Labels::default(),
            memory: Memory::default(),
            work: 0,
        }
    }

    /// Takes a piece and returns what may be shown by now, behind what was returned before.
    pub fn push(&mut self, piece: &str) -> String {
        self.text.push_str(piece);
        let new = self.text.len().saturating_sub(self.read);
        if new < LEAST_NEW.max(self.text.len() / LEAST_SHARE) {
            return String::new();
        }
        self.read = self.text.len();
        let end = self.text.floor_char_boundary(self.text.len().saturating_sub(HELD));
        let blank = self.text.get(..end).and_then(|head| head.rfind(char::is_whitespace)).unwrap_or(0);
        let shown = self.release(blank);
        self.forget();
        shown
    }

    /// Ends the text and returns the rest of it.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.release(self.text.len())
    }

    /// The work so far, counted as [`Redactor::detect_counting`] does.
    #[must_use]
    pub const fn work(&self) -> usize {
        self.work
    }

    fn release(&mut self, end: usize) -> String {
        if end <= self.released {
            return String::new();
        }
        let (spans, work) = self.redactor.find_all(&self.text, &self.context);
        self.work = self.work.saturating_add(work);
        let crossing = spans.iter().find(|span| span.start < end && end < span.end);
        let end = crossing.map_or(end, |span| span.start);
        if end <= self.released {
            return String::new();
        }
        let mut writer = Writer::new(self.redactor, &self.text, &mut self.labels, None, &mut self.memory);
        let shown = writer.write_from(self.released, end, &spans, &self.context);
        self.released = end;
        shown
    }

    /// Drops what lies so far before the released end that it says nothing about what follows.
    fn forget(&mut self) {
        let far = self.text.floor_char_boundary(self.released.saturating_sub(KEPT));
        let blank = self.text.get(far..self.released).and_then(|kept| kept.find(char::is_whitespace));
        if let Some(blank) = blank.filter(|_| far > 0) {
            let cut = far.saturating_add(blank);
            self.text.drain(..cut);
            self.released = self.released.saturating_sub(cut);
            self.read = self.read.saturating_sub(cut);
        }
    }
}
