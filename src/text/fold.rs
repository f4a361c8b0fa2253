//! The fold itself, and the map from folded bytes back to the bytes as they were sent.

use std::fmt;
use std::ops::Range;

use super::fold_table::{Image, image};
use crate::num::{narrow, wide};

/// Kept combining marks that one base character may carry; more are dropped (HAZARDS item 9).
const MARKS_PER_BASE: u32 = 8;

/// A text in one form: lower case, without accents, look-alikes and invisible characters.
///
/// ASCII letters become small; accented letters lose the accent; full-width, mathematical and circled characters,
/// Cyrillic, Greek and Armenian look-alikes become the ASCII character they look like; the digits of every script
/// become ASCII digits; typographic quotes, dashes and blanks become `'`, `"`, `-` and a blank; characters that do not
/// show are dropped. Other scripts stay, in lower case. Runs of one letter stay as they are.
///
/// The folded text has at most three times the bytes of the original, and the work is linear in it.
///
/// ```
/// use galateo::text::Folded;
/// let sent = "Ｐerché l\u{200B}’ho pagato?";
/// let folded = Folded::new(sent);
/// assert_eq!(folded.as_str(), "perche l'ho pagato?");
/// assert_eq!(&sent[folded.original(0..6)], "Ｐerché");
/// ```
#[derive(Clone, Default)]
pub struct Folded {
    text: String,
    /// Where the distance between folded and original offsets changes; the first run starts at folded offset 0.
    runs: Vec<Run>,
    /// Folded offsets of characters that were disguised: look-alikes of other scripts, and what follows an invisible.
    disguises: Vec<u32>,
    /// Folded offsets of letters that lost an accent.
    accents: Vec<u32>,
}

/// From folded offset `folded` on, each folded byte comes from one original byte, from `original` on; in a `flat` run
/// they all come from the one character at `original`.
#[derive(Clone, Copy)]
struct Run {
    folded: u32,
    original: u32,
    flat: bool,
}

impl Folded {
    /// Folds a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut folded = Self::default();
        folded.refold(text);
        folded
    }

    /// Folds another text into the same memory, which no longer grows once it has seen the longest text.
    pub fn refold(&mut self, text: &str) {
        self.text.clear();
        self.runs.clear();
        self.disguises.clear();
        self.accents.clear();
        self.text.reserve(text.len());
        self.runs.push(Run { folded: 0, original: 0, flat: false });
        self.fold(text);
        self.text.make_ascii_lowercase();
    }

    /// The folded text.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes of the original from which the folded bytes `range` come, on character boundaries of both.
    ///
    /// The end is the start of the next original character that left a trace, so that the combining marks and joiners
    /// behind a hit belong to it. A range out of bounds is cut to the text.
    #[must_use]
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = self.text.floor_char_boundary(range.start);
        let end = self.text.ceil_char_boundary(range.end.max(start).min(self.text.len()));
        self.original_start(start)..self.original_end(end).max(self.original_start(start))
    }

    /// Whether a character of the folded bytes `range` looked like another one or followed an invisible one.
    #[must_use]
    pub fn is_disguised(&self, range: Range<usize>) -> bool {
        any_within(&self.disguises, range)
    }

    /// Whether a letter of the folded bytes `range` lost an accent.
    #[must_use]
    pub fn is_accented(&self, range: Range<usize>) -> bool {
        any_within(&self.accents, range)
    }

    /// How many characters looked like others or followed an invisible one: many in a short text are a disguise.
    #[must_use]
    pub fn disguises(&self) -> usize {
        self.disguises.len()
    }

    fn fold(&mut self, text: &str) {
        let mut state = Walk::default();
        let mut rest = text;
        loop {
            let plain = ascii_prefix(rest.as_bytes());
            let (head, tail) = rest.split_at_checked(plain).unwrap_or((rest, ""));
            self.push_plain(head, &mut state);
            let mut others = tail.chars();
            loop {
                rest = others.as_str();
                match others.next() {
                    None => return self.finish(text.len()),
                    Some(c) if c.is_ascii() => break,
                    Some(c) => self.push_other(c, &mut state),
                }
            }
        }
    }

    fn push_plain(&mut self, ascii: &str, state: &mut Walk) {
        if ascii.is_empty() {
            return;
        }
        self.align(state.original, false);
        self.note_disguise(state);
        self.text.push_str(ascii);
        state.original = state.original.saturating_add(narrow(ascii.len()));
        state.marks = 0;
    }

    fn push_other(&mut self, c: char, state: &mut Walk) {
        match image(c) {
            Image::Dropped if is_accent(c) => self.accents.push(narrow(self.text.len().saturating_sub(1))),
            Image::Dropped => state.invisible = true,
            Image::Kept => self.push_char(c, state),
            Image::Mark => {
                state.marks = state.marks.saturating_add(1);
                if state.marks <= MARKS_PER_BASE {
                    self.align(state.original, false);
                    self.text.push(c);
                }
            }
            Image::One(other) => self.push_image(c, other, state),
            Image::Several(others) => {
                self.align(state.original, true);
                self.note_disguise(state);
                self.text.push_str(others);
                state.marks = 0;
            }
        }
        state.original = state.original.saturating_add(narrow(c.len_utf8()));
    }

    fn push_image(&mut self, c: char, other: char, state: &mut Walk) {
        if other.is_ascii_alphanumeric() {
            if is_latin(c) {
                self.accents.push(narrow(self.text.len()));
            } else {
                state.invisible = true;
            }
        }
        self.push_char(other, state);
    }

    fn push_char(&mut self, c: char, state: &mut Walk) {
        self.align(state.original, false);
        self.note_disguise(state);
        self.text.push(c);
        state.marks = 0;
    }

    fn note_disguise(&mut self, state: &mut Walk) {
        if state.invisible {
            self.disguises.push(narrow(self.text.len()));
            state.invisible = false;
        }
    }

    /// Starts a run here unless the last one leads to `original` anyway.
    #[inline]
    fn align(&mut self, original: u32, flat: bool) {
        let folded = narrow(self.text.len());
        let leads_here = self.runs.last().is_some_and(|run| {
            !run.flat && run.original.wrapping_add(folded.wrapping_sub(run.folded)) == original
        });
        if !leads_here || flat {
            self.runs.push(Run { folded, original, flat });
        }
    }

    fn finish(&mut self, original_len: usize) {
        self.align(narrow(original_len), false);
    }

    fn original_start(&self, offset: usize) -> usize {
        let offset = narrow(offset);
        let next = self.runs.partition_point(|run| run.folded <= offset);
        self.runs.get(next.saturating_sub(1)).map_or(0, |run| {
            let ahead = if run.flat { 0 } else { offset.saturating_sub(run.folded) };
            wide(run.original.saturating_add(ahead))
        })
    }

    fn original_end(&self, offset: usize) -> usize {
        let target = narrow(offset);
        let next = self.runs.partition_point(|run| run.folded <= target);
        match (self.runs.get(next.saturating_sub(1)), self.runs.get(next)) {
            (Some(run), Some(after)) if run.flat && run.folded < target => wide(after.original),
            _ => self.original_start(offset),
        }
    }
}

impl fmt::Debug for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Folded").field("bytes", &self.text.len()).field("runs", &self.runs.len()).finish()
    }
}

/// Where the walk over the original stands.
#[derive(Default)]
struct Walk {
    original: u32,
    marks: u32,
    /// An invisible character was dropped, or the next one comes from another script.
    invisible: bool,
}

fn any_within(sorted: &[u32], range: Range<usize>) -> bool {
    if sorted.is_empty() {
        return false;
    }
    let from = sorted.partition_point(|&at| wide(at) < range.start);
    sorted.get(from).is_some_and(|&at| wide(at) < range.end)
}

/// Accents typed as a character of their own: the combining marks of Latin writing.
const fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// Latin letters with accents are spelling, not disguise.
const fn is_latin(c: char) -> bool {
    matches!(c, '\u{A0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// The number of ASCII bytes that a text starts with.
#[inline]
fn ascii_prefix(bytes: &[u8]) -> usize {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut done = 0_usize;
    for word in words {
        let high = u64::from_le_bytes(*word) & HIGH;
        if high != 0 {
            return done.wrapping_add(wide(high.trailing_zeros() / 8));
        }
        done = done.wrapping_add(8);
    }
    done.wrapping_add(rest.iter().position(|b| !b.is_ascii()).unwrap_or(rest.len()))
}
