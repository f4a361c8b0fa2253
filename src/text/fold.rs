//! The fold itself, and the map from folded bytes back to the bytes as they were sent.

use std::fmt;
use std::ops::Range;

use super::fold_table::{Image, ascii_image, image};
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
    disguises: usize,
}

/// From folded offset `folded` on, each folded byte comes from one original byte, from `original` on; in a `flat` run
/// they all come from the one character at `original`.
#[derive(Clone, Copy)]
struct Run {
    folded: u32,
    original: u32,
    flat: bool,
    after: Change,
}

/// What was changed just before a run starts, and so made it start.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Change {
    /// A letter lost its accent.
    Accent,
    /// A character of another script was read as the one it looks like, or an invisible one was dropped.
    Disguise,
    /// Neither.
    #[default]
    Other,
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
        self.disguises = 0;
        self.text.reserve(text.len());
        self.runs.push(Run { folded: 0, original: 0, flat: false, after: Change::Other });
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

    /// Whether a character of the folded bytes `range` looked like another one or stood beside an invisible one.
    #[must_use]
    pub fn is_disguised(&self, range: Range<usize>) -> bool {
        self.changed_within(range, Change::Disguise)
    }

    /// Whether a letter of the folded bytes `range` lost an accent.
    #[must_use]
    pub fn is_accented(&self, range: Range<usize>) -> bool {
        self.changed_within(range, Change::Accent)
    }

    /// How many characters looked like others or did not show: many in a short text are a disguise.
    #[must_use]
    pub const fn disguises(&self) -> usize {
        self.disguises
    }

    fn changed_within(&self, range: Range<usize>, change: Change) -> bool {
        let (start, end) = (narrow(range.start), narrow(range.end));
        let from = self.runs.partition_point(|run| run.folded <= start);
        let inside = self.runs.get(from..).unwrap_or_default().iter().take_while(|run| run.folded <= end);
        inside.into_iter().any(|run| run.after == change)
    }

    fn fold(&mut self, text: &str) {
        let mut walk = Walk::default();
        let mut rest = text;
        loop {
            let plain = ascii_prefix(rest.as_bytes());
            let (head, tail) = rest.split_at_checked(plain).unwrap_or((rest, ""));
            self.push_plain(head, &mut walk);
            let mut others = tail.chars();
            loop {
                rest = others.as_str();
                match others.next() {
                    None => return self.align(&mut walk, false),
                    Some(c) if c.is_ascii() => break,
                    Some(c) => self.push_other(c, &mut walk),
                }
            }
        }
    }

    #[inline]
    fn push_plain(&mut self, ascii: &str, walk: &mut Walk) {
        if !ascii.is_empty() {
            self.align(walk, false);
            self.text.push_str(ascii);
            walk.original = walk.original.wrapping_add(narrow(ascii.len()));
            walk.marks = 0;
        }
    }

    /// The common case first: one ASCII character in the place of one other.
    #[inline]
    fn push_other(&mut self, c: char, walk: &mut Walk) {
        let Some(ascii) = ascii_image(c) else { return self.push_rare(c, walk) };
        self.push_char(char::from(ascii), walk);
        if is_latin(c) {
            walk.change = Change::Accent;
        } else if ascii.is_ascii_alphanumeric() {
            self.note_disguise(walk);
        }
        walk.original = walk.original.wrapping_add(narrow(c.len_utf8()));
    }

    fn push_rare(&mut self, c: char, walk: &mut Walk) {
        match image(c) {
            Image::Dropped if is_accent(c) => walk.change = Change::Accent,
            Image::Dropped => self.note_disguise(walk),
            Image::Kept => self.push_char(c, walk),
            Image::Mark => self.push_mark(c, walk),
            Image::One(other) => self.push_char(other, walk),
            Image::Several(others) => {
                self.align(walk, true);
                self.text.push_str(others);
                walk.marks = 0;
            }
        }
        walk.original = walk.original.wrapping_add(narrow(c.len_utf8()));
    }

    #[inline]
    fn push_char(&mut self, c: char, walk: &mut Walk) {
        self.align(walk, false);
        self.text.push(c);
        walk.marks = 0;
    }

    fn push_mark(&mut self, c: char, walk: &mut Walk) {
        walk.marks = walk.marks.wrapping_add(1);
        if walk.marks <= MARKS_PER_BASE {
            self.align(walk, false);
            self.text.push(c);
        }
    }

    #[inline]
    fn note_disguise(&mut self, walk: &mut Walk) {
        walk.change = Change::Disguise;
        self.disguises = self.disguises.wrapping_add(1);
    }

    /// Starts a run here unless the last one leads to the place where the walk stands anyway.
    #[inline]
    fn align(&mut self, walk: &mut Walk, flat: bool) {
        let folded = narrow(self.text.len());
        if flat || walk.flat || folded.wrapping_add(walk.shift) != walk.original {
            self.runs.push(Run { folded, original: walk.original, flat, after: walk.change });
            walk.shift = walk.original.wrapping_sub(folded);
            walk.flat = flat;
        }
        walk.change = Change::Other;
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

/// A place among the runs that moves forward only, for readers that go through the text once.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor(usize);

impl Folded {
    /// The original offset of a folded one that is no smaller than the last asked with this cursor.
    #[inline]
    pub(super) fn forward(&self, cursor: &mut Cursor, offset: usize) -> usize {
        let offset = narrow(offset);
        while self.runs.get(cursor.0.wrapping_add(1)).is_some_and(|next| next.folded <= offset) {
            cursor.0 = cursor.0.wrapping_add(1);
        }
        self.runs.get(cursor.0).map_or(0, |run| {
            let ahead = if run.flat { 0 } else { offset.wrapping_sub(run.folded) };
            wide(run.original.wrapping_add(ahead))
        })
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
    /// Original offset less folded offset in the last run, wrapping.
    shift: u32,
    /// The last run is flat.
    flat: bool,
    /// Kept marks since the last base.
    marks: u32,
    /// What was changed since the last character.
    change: Change,
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
