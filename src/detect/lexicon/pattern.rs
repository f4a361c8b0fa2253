//! One spelling of a pattern, cut into words just as a text is.

use super::diagnostic::Fault;
use super::vocabulary::STAR;
use crate::num::{narrow, wide};
use crate::text::{Folded, Tokens};

/// Words of one pattern.
const MAX_WORDS: usize = 8;

/// The words of a spelling, in memory that the next one reuses.
#[derive(Debug, Default)]
pub(super) struct Pattern {
    /// The words one after the other, each starred one with [`STAR`] at its end.
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// Words that a text must have, signs left out.
    counted: usize,
    folded: Folded,
    tokens: Tokens,
}

impl Pattern {
    /// Reads a spelling without braces.
    pub(super) fn read(&mut self, spelling: &str) -> Result<(), Fault> {
        self.bytes.clear();
        self.ends.clear();
        self.counted = 0;
        if spelling.is_ascii() {
            spelling.split_ascii_whitespace().for_each(|part| self.part(part));
        } else {
            spelling.split_whitespace().for_each(|part| self.part(part));
        }
        match self.counted {
            0 => Err(Fault::EmptyPattern),
            1..=MAX_WORDS => Ok(()),
            _ => Err(Fault::LongPattern),
        }
    }

    /// The words, in order.
    pub(super) fn words(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let word = self.bytes.get(wide(start)..wide(end)).unwrap_or_default();
            start = end;
            word
        })
    }

    /// The word, if there is but one.
    pub(super) fn word(&self) -> Option<&[u8]> {
        if self.ends.len() == 1 { Some(&self.bytes) } else { None }
    }

    /// Reads what stands between blanks.
    fn part(&mut self, part: &str) {
        let (stem, star) = match part.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (part, false),
        };
        if stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'\'' | b'-')) {
            self.plain(stem.as_bytes());
        } else {
            self.folded(stem);
        }
        if star && stem.is_empty() {
            self.counted = self.counted.saturating_add(1);
            self.ends.push(narrow(self.bytes.len()));
        }
        if star {
            self.star();
        }
    }

    /// Letters and digits, which folding leaves alone; apostrophes and hyphens part them.
    fn plain(&mut self, stem: &[u8]) {
        for word in stem.split(|b| !b.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
            self.push(word);
        }
    }

    fn folded(&mut self, stem: &str) {
        let (mut folded, mut tokens) = (std::mem::take(&mut self.folded), std::mem::take(&mut self.tokens));
        folded.refold(stem);
        tokens.read(&folded, stem);
        for token in tokens.list() {
            let word = folded.as_str().as_bytes().get(wide(token.start)..wide(token.end));
            self.push(word.unwrap_or_default());
        }
        (self.folded, self.tokens) = (folded, tokens);
    }

    fn push(&mut self, word: &[u8]) {
        self.bytes.extend_from_slice(word);
        self.ends.push(narrow(self.bytes.len()));
        self.counted = self.counted.saturating_add(1);
    }

    /// Puts a star behind the last word.
    fn star(&mut self) {
        if self.ends.is_empty() {
            self.ends.push(0);
        }
        self.bytes.push(STAR);
        if let Some(end) = self.ends.last_mut() {
            *end = narrow(self.bytes.len());
        }
    }
}
