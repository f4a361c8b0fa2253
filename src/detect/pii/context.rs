//! Words that raise or lower the belief that a number is what it looks like.

use std::fmt;
use std::sync::Arc;

use once_cell::sync::Lazy;

use super::topic::Topics;

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
    /// Which first three letters start a word that the scan acts upon.
    triggers: Starts,
    words: usize,
}

/// Slots for first letters.
const STARTS: usize = 4096;
/// The longest length that is told apart.
const MOST_LENGTH: usize = 31;

/// A set of first letters: 4,096 bits.
struct Starts(Box<[u64; 64]>);

impl Starts {
    fn empty() -> Self {
        Self(Box::new([0; 64]))
    }

    #[inline]
    fn has(&self, start: u32) -> bool {
        let (word, bit) = Self::place(start);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    fn add(&mut self, start: u32) {
        let (word, bit) = Self::place(start);
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= bit;
        }
    }

    #[inline]
    const fn place(start: u32) -> (usize, u64) {
        let hash = hash_of(start);
        (crate::num::wide(hash >> 6), 1_u64.wrapping_shl(hash & 63))
    }
}

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

/// The first three letters of a word.
#[inline]
fn start_of(word: &[u8]) -> u32 {
    match word {
        [a, b, c, ..] => u32::from_le_bytes([*a, *b, *c, 0]),
        [a, b] => u32::from_le_bytes([*a, *b, 0, 0]),
        [a] => u32::from(*a),
        [] => 0,
    }
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
            let content = content.trim();
            if content.is_empty() || content.starts_with(['#', '[']) {
                continue;
            }
            let mut words = content.split_whitespace();
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
        self.0.topics(word)
    }

    /// The topics of a folded word, if it may be one of those that start something: labels of secrets, words for signs
    /// and numerals.
    #[inline]
    pub(super) fn trigger(&self, word: &[u8]) -> Topics {
        if self.0.triggers.has(start_of(word)) { self.0.topics(word) } else { Topics::NONE }
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

const SEED: u32 = 0x811C_9DC5;

#[inline]
const fn step(hash: u32, byte: u8) -> u32 {
    // FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/)
    #[expect(clippy::as_conversions, reason = "a byte widens losslessly in a const function")]
    let byte = byte as u32;
    (hash ^ byte).wrapping_mul(0x0100_0193)
}

impl Table {
    fn empty() -> Self {
        Self {
            hashes: vec![0; SLOTS].into_boxed_slice(),
            places: vec![0; SLOTS].into_boxed_slice(),
            topics: Vec::new(),
            lengths: Box::new([0; STARTS]),
            triggers: Starts::empty(),
            words: 0,
        }
    }

    fn add(&mut self, word: &str, topic: Topics) {
        let (stem, open) = match word.strip_suffix('*') {
            Some(stem) if stem.len() > 2 => (stem, true),
            Some(stem) => (stem, false),
            None => (word, false),
        };
        let Some((whole, prefix)) = self.entry(stem.bytes().fold(SEED, step)) else { return };
        *whole = *whole | topic;
        if open {
            *prefix = *prefix | topic;
        }
        self.words = self.words.saturating_add(1);
        let start = start_of(stem.as_bytes());
        if let Some(lengths) = self.lengths.get_mut(crate::num::wide(hash_of(start))) {
            let bit = length_bit(stem.len());
            *lengths |= bit.wrapping_shl(32) | if open { bit } else { 0 };
        }
        if topic.has(Topics::TRIGGERS) {
            self.triggers.add(start);
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
    fn topics(&self, word: &[u8]) -> Topics {
        let slot = crate::num::wide(hash_of(start_of(word)));
        let lengths = self.lengths.get(slot).copied().unwrap_or(0);
        let whole = (lengths >> 32) & length_bit(word.len()) != 0;
        let stems =
            lengths & super::compact::mask(word.len().min(MOST_LENGTH).saturating_add(1)) & 0xFFFF_FFFF;
        if !whole && stems == 0 {
            return Topics::NONE;
        }
        self.topics_at(word, stems, whole)
    }

    /// The topics of a word, looked for at the lengths of stems and, if `whole`, as it stands.
    fn topics_at(&self, word: &[u8], mut stems: u64, whole: bool) -> Topics {
        let mut hash = SEED;
        let mut topics = Topics::NONE;
        for (length, &byte) in (1..).zip(word) {
            hash = step(hash, byte);
            let last = length == word.len();
            if stems & length_bit(length) != 0 || (last && whole) {
                topics = topics
                    | self.find(hash).map_or(Topics::NONE, |(all, stem)| if last { *all } else { *stem });
                stems &= !length_bit(length) | length_bit(MOST_LENGTH);
            }
            if stems == 0 && !whole {
                break;
            }
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
