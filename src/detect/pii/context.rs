//! Words that raise or lower the belief that a number is what it looks like.

use std::fmt;
use std::sync::Arc;

use once_cell::sync::Lazy;

use super::heads::{Heads, Way};
use super::topic::Topics;
use super::view::View;

/// The built-in words: Italian, English, Spanish, French and German.
const BUILT_IN: &str = include_str!("data/context.txt");

static DEFAULT: Lazy<Context> = Lazy::new(|| Context::parse(BUILT_IN).unwrap_or_default());

/// The words near a number that say what it is, in all the languages at hand; data that a host can replace.
///
/// ```
/// use galateo::detect::pii::Context;
/// let words = Context::parse("[it]\nphone citofon*\norder comanda\n")?;
/// assert!(Context::parse("[it]\nphnoe tel\n").is_err());
/// # Ok::<(), galateo::detect::pii::ContextError>(())
/// ```
#[derive(Clone)]
pub struct Context(Arc<Table>);

/// Why a list of context words was refused, with the line, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContextError {
    /// A line starts with a word that names no topic.
    #[error(
        "line {line} starts with no topic; topics are phone, card, iban, order, price and the others of the built-in list"
    )]
    Topic {
        /// The line.
        line: usize,
    },
    /// More than 2,000 words.
    #[error("line {line} is one too many: a list holds 2000 words")]
    Full {
        /// The line.
        line: usize,
    },
}

/// Slots of the table; a power of two, at least twice the words.
const SLOTS: usize = 4096;
const MOST_WORDS: usize = 2000;

struct Table {
    /// Hash of the word in each slot, 0 where it is free.
    hashes: Box<[u32]>,
    /// Where in `topics` the word's are.
    places: Box<[u16]>,
    /// Topics of a word when it stands alone, and of every word that starts so.
    topics: Vec<(Topics, Topics)>,
    /// By the first three letters: the lengths of the stems with any ending (low half) and of the whole words (high half)
    /// that start so, 31 for all longer ones.
    lengths: Box<[u64; STARTS]>,
    /// The words that the scan acts upon.
    triggers: Heads,
    words: usize,
}

/// Slots for first letters.
const STARTS: usize = 4096;
/// The longest length that is told apart.
const MOST_LENGTH: usize = 31;

/// The slot of first letters.
#[inline]
const fn hash_of(start: u32) -> u32 {
    start.wrapping_mul(0x9E37_79B1) >> 20
}

/// The bit of a length.
#[inline]
fn length_bit(length: usize) -> u64 {
    super::compact::bit(length.min(MOST_LENGTH))
}

/// A folded word as three numbers, which are compared at once; of longer words the first twenty-four bytes count.
#[derive(Clone, Copy)]
pub(super) struct Key {
    parts: [u64; 3],
    length: usize,
}

impl Key {
    /// A word of a view.
    #[inline]
    pub(super) fn at(view: &View<'_>, start: usize, end: usize) -> Self {
        let length = end.wrapping_sub(start);
        let mut parts = [view.eight(start), 0, 0];
        if length > 8 {
            parts[1] = view.eight(start.wrapping_add(8));
            parts[2] = view.eight(start.wrapping_add(16));
        }
        Self { parts, length }.cut(length)
    }

    fn of(word: &[u8]) -> Self {
        let mut parts = [0_u64; 3];
        for (part, bytes) in parts.iter_mut().zip(word.chunks(8)) {
            let mut eight = [0_u8; 8];
            eight.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = *byte);
            *part = u64::from_le_bytes(eight);
        }
        Self { parts, length: word.len() }
    }

    /// The first letters of the word.
    #[inline]
    fn cut(self, length: usize) -> Self {
        let [a, b, c] = self.parts;
        let kept = |part: u64, before: usize| part & bytes_mask(length.saturating_sub(before));
        if length > 8 {
            return Self { parts: [a, kept(b, 8), kept(c, 16)], length };
        }
        Self { parts: [kept(a, 0), 0, 0], length }
    }

    /// The first three letters.
    #[inline]
    const fn start(&self) -> u32 {
        let [first, ..] = self.parts;
        #[expect(clippy::as_conversions, reason = "twenty-four bits")]
        let start = (first & 0xFF_FFFF) as u32;
        start
    }

    /// A number that few words share, never 0.
    #[inline]
    fn hash(&self) -> u32 {
        let [a, b, c] = self.parts;
        let length = u64::from(crate::num::narrow(self.length));
        let mixed = a.wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ^ b.rotate_left(29).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
            ^ c.rotate_left(13).wrapping_mul(0x1656_67B1_9E37_79F9);
        let mixed = (mixed ^ (mixed >> 29)).wrapping_add(length).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32;
        u32::try_from(mixed).unwrap_or(0) | 1
    }
}

/// The lowest bytes of a number, eight at most.
#[inline]
fn bytes_mask(bytes: usize) -> u64 {
    if bytes < 8 { super::compact::mask(bytes.wrapping_mul(8)) } else { u64::MAX }
}

impl Context {
    /// The built-in words, read once and shared.
    #[must_use]
    pub fn built_in() -> Self {
        DEFAULT.clone()
    }

    /// Reads a list: `[language]` headings, then one topic a line and its words, `*` for any ending, `#` for comments.
    ///
    /// # Errors
    /// A line that names no topic, or too many words.
    pub fn parse(list: &str) -> Result<Self, ContextError> {
        let mut table = Table::empty();
        for (line, content) in (1..).zip(list.lines()) {
            let content = content.trim_ascii();
            if content.is_empty() || content.starts_with(['#', '[']) {
                continue;
            }
            let mut words = content.split_ascii_whitespace();
            let topic = words.next().and_then(Topics::from_word).ok_or(ContextError::Topic { line })?;
            for word in words {
                if table.words >= MOST_WORDS {
                    return Err(ContextError::Full { line });
                }
                table.add(word, topic);
            }
        }
        Ok(Self(Arc::new(table)))
    }

    /// The topics of a folded word.
    #[inline]
    pub(super) fn topics(&self, word: &[u8]) -> Topics {
        self.0.topics(Key::of(word))
    }

    /// The topics of a word of a view.
    #[inline]
    pub(super) fn topics_at(&self, view: &View<'_>, start: usize, end: usize) -> Topics {
        self.0.topics(Key::at(view, start, end))
    }

    /// The heads of the words that the scan acts upon, and of keys.
    #[inline]
    pub(super) fn triggers(&self) -> &Heads {
        &self.0.triggers
    }
}

impl Default for Context {
    fn default() -> Self {
        Self(Arc::new(Table::empty()))
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("words", &self.0.words).finish()
    }
}

impl Table {
    fn empty() -> Self {
        Self {
            hashes: vec![0; SLOTS].into_boxed_slice(),
            places: vec![0; SLOTS].into_boxed_slice(),
            topics: Vec::new(),
            lengths: Box::new([0; STARTS]),
            triggers: Heads::built_in(),
            words: 0,
        }
    }

    fn add(&mut self, word: &str, topic: Topics) {
        let (stem, open) = match word.strip_suffix('*') {
            Some(stem) if stem.len() > 2 => (stem, true),
            Some(stem) => (stem, false),
            None => (word, false),
        };
        let key = Key::of(stem.as_bytes());
        let Some((whole, prefix)) = self.entry(key.hash()) else { return };
        *whole = *whole | topic;
        if open {
            *prefix = *prefix | topic;
        }
        self.words = self.words.saturating_add(1);
        let start = key.start();
        if let Some(lengths) = self.lengths.get_mut(crate::num::wide(hash_of(start))) {
            let bit = length_bit(stem.len());
            *lengths |= bit.wrapping_shl(32) | if open { bit } else { 0 };
        }
        if topic.has(Topics::TRIGGERS) {
            let way = if topic.has(Topics::NUMERAL) { Way::InRow } else { Way::Alone };
            self.triggers.add(stem.as_bytes(), open, way);
        }
    }

    /// The topics of a hash, made where there are none.
    fn entry(&mut self, hash: u32) -> Option<(&mut Topics, &mut Topics)> {
        let first = slot_of(hash);
        let at = (0..SLOTS)
            .map(|i| first.wrapping_add(i) % SLOTS)
            .find(|&i| self.hashes.get(i).is_some_and(|slot| *slot == hash || *slot == 0))?;
        let slot = self.hashes.get_mut(at)?;
        let place = self.places.get_mut(at)?;
        if *slot == 0 {
            *slot = hash;
            *place = u16::try_from(self.topics.len()).ok()?;
            self.topics.push((Topics::NONE, Topics::NONE));
        }
        self.topics.get_mut(usize::from(*place)).map(|(whole, prefix)| (whole, prefix))
    }

    #[inline]
    fn topics(&self, word: Key) -> Topics {
        let slot = crate::num::wide(hash_of(word.start()));
        let lengths = self.lengths.get(slot).copied().unwrap_or(0);
        let whole = (lengths >> 32) & length_bit(word.length);
        let stems =
            lengths & super::compact::mask(word.length.min(MOST_LENGTH).wrapping_add(1)) & 0xFFFF_FFFF;
        if whole | stems == 0 { Topics::NONE } else { self.topics_of(word, stems, whole != 0) }
    }

    /// The topics of a word, looked for at the lengths of stems and, if `whole`, as it stands.
    fn topics_of(&self, word: Key, mut stems: u64, whole: bool) -> Topics {
        let all =
            if whole { self.find(word.hash()).map_or(Topics::NONE, |(all, _)| *all) } else { Topics::NONE };
        let mut topics = all;
        while stems != 0 {
            let length = crate::num::wide(stems.trailing_zeros());
            stems &= stems.wrapping_sub(1);
            topics = topics | self.find(word.cut(length).hash()).map_or(Topics::NONE, |(_, stem)| *stem);
        }
        topics
    }

    #[inline]
    fn find(&self, hash: u32) -> Option<&(Topics, Topics)> {
        let mut i = slot_of(hash);
        loop {
            match *self.hashes.get(i)? {
                0 => return None,
                found if found == hash => break,
                _ => i = i.wrapping_add(1) % SLOTS,
            }
        }
        self.places.get(i).and_then(|place| self.topics.get(usize::from(*place)))
    }
}

#[inline]
const fn slot_of(hash: u32) -> usize {
    crate::num::wide(hash.wrapping_mul(0x9E37_79B1) >> 20)
}
