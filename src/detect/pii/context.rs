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
    /// More than 4,000 words.
    #[error("line {line} is one too many: a list holds 4000 words")]
    Full {
        /// The line.
        line: usize,
    },
}

/// Slots of the table; a power of two.
const SLOTS: usize = 8192;
const MOST_WORDS: usize = 4000;

struct Table {
    slots: Box<[Slot]>,
    /// Which hashes of two or three letters start a word at all.
    starts: Box<[u64]>,
    words: usize,
}

#[derive(Clone, Copy, Default)]
struct Slot {
    hash: u32,
    /// Topics of the word when it stands alone.
    whole: Topics,
    /// Topics of every word that starts so.
    prefix: Topics,
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
            slots: vec![Slot::default(); SLOTS].into_boxed_slice(),
            starts: vec![0; START_WORDS].into_boxed_slice(),
            words: 0,
        }
    }

    fn add(&mut self, word: &str, topic: Topics) {
        let (stem, open) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
        let hash = stem.bytes().fold(SEED, step);
        let first = slot_of(hash);
        let found = (0..SLOTS)
            .map(|i| first.wrapping_add(i) % SLOTS)
            .find(|&i| self.slots.get(i).is_some_and(|slot| slot.hash == hash || slot.is_free()));
        let Some(slot) = found.and_then(|i| self.slots.get_mut(i)) else { return };
        slot.hash = hash;
        if open {
            slot.prefix = slot.prefix | topic;
        }
        slot.whole = slot.whole | topic;
        self.words = self.words.saturating_add(1);
        self.mark_start(stem.as_bytes(), open);
    }

    /// Remembers that a word starts so, to pass over the other words quickly.
    fn mark_start(&mut self, stem: &[u8], _open: bool) {
        let (word, bit) = start_of(stem);
        if let Some(bits) = self.starts.get_mut(word) {
            *bits |= bit;
        }
    }

    #[inline]
    fn topics(&self, word: &[u8]) -> Topics {
        let (start, bit) = start_of(word);
        if self.starts.get(start).is_none_or(|bits| bits & bit == 0) {
            return Topics::NONE;
        }
        let mut hash = SEED;
        let mut topics = Topics::NONE;
        let mut rest = word;
        while let Some((&byte, after)) = rest.split_first() {
            hash = step(hash, byte);
            rest = after;
            let slot = self.find(hash);
            if rest.is_empty() {
                topics = topics | slot.whole;
            } else {
                topics = topics | slot.prefix;
            }
        }
        topics
    }

    #[inline]
    fn find(&self, hash: u32) -> Slot {
        let mut i = slot_of(hash);
        loop {
            match self.slots.get(i) {
                Some(slot) if slot.is_free() => return Slot::default(),
                Some(slot) if slot.hash == hash => return *slot,
                Some(_) => i = i.wrapping_add(1) % SLOTS,
                None => return Slot::default(),
            }
        }
    }
}

impl Slot {
    #[inline]
    const fn is_free(&self) -> bool {
        self.whole.is_none() && self.prefix.is_none()
    }
}

#[inline]
const fn slot_of(hash: u32) -> usize {
    crate::num::wide(hash.wrapping_mul(0x9E37_79B1) >> 19)
}

/// Words of the set of starts: 4,096 bits.
const START_WORDS: usize = 64;

/// The place in the set of starts of a word's first two letters.
#[inline]
fn start_of(word: &[u8]) -> (usize, u64) {
    let mut letters = word.iter().copied();
    let first = u32::from(letters.next().unwrap_or(0));
    let second = u32::from(letters.next().unwrap_or(0));
    let place = (first & 31).wrapping_mul(32).wrapping_add(second & 31);
    (crate::num::wide(place >> 6), 1_u64.wrapping_shl(place & 63))
}
