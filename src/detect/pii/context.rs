//! Words that raise or lower the belief that a number is what it looks like.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use once_cell::sync::Lazy;
use wide::u32x4;

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

/// Buckets of the table, and the words that each has room for: so many that hardly one is full.
const BUCKETS: usize = 2048;
const SLOTS: usize = 4;
const MOST_WORDS: usize = 2000;

struct Table {
    buckets: Box<[Bucket; BUCKETS]>,
    /// Topics of a word when it stands alone, and of every word that starts so.
    topics: Vec<(Topics, Topics)>,
    /// By the first three letters: the lengths of the stems with any ending that start so, a bit for each.
    lengths: Box<[u32; STARTS]>,
    /// The words that the scan acts upon.
    triggers: Heads,
    words: usize,
}

/// Four words, in one line of the cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Bucket {
    /// Hash of the word in each slot, 0 where it is free.
    hashes: [u32; SLOTS],
    /// Where in `topics` the word's are; behind the slots, where those of no word are.
    places: [u16; SLOTS + 1],
}

/// Slots for first letters.
const STARTS: usize = 4096;
/// The longest stem that may have any ending.
const LONGEST_STEM: usize = 24;

/// The slot of first letters.
#[inline]
const fn hash_of(start: u32) -> u32 {
    start.wrapping_mul(0x9E37_79B1) >> 20
}

/// The bits of the lengths that a stem of a word may have.
#[inline]
fn lengths_up_to(word: usize) -> u32 {
    2_u32.wrapping_shl(crate::num::narrow(word.min(LONGEST_STEM))).wrapping_sub(1)
}

/// The longest word that is one number.
const SHORT: usize = 8;

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
        if length > SHORT {
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
        if length > SHORT {
            return Self { parts: [a, kept(b, 8), kept(c, 16)], length };
        }
        Self { parts: [kept(a, 0), 0, 0], length }
    }

    /// The first three letters.
    #[inline]
    const fn start(&self) -> u32 {
        let [first, ..] = self.parts;
        start_of(first)
    }

    /// A number that few words share, never 0.
    #[inline]
    fn hash(&self) -> u32 {
        let [a, b, c] = self.parts;
        let parts = a.wrapping_mul(FIRST_FACTOR)
            ^ b.rotate_left(29).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
            ^ c.rotate_left(13).wrapping_mul(0x1656_67B1_9E37_79F9);
        mixed(parts, self.length)
    }
}

/// What the first eight bytes of a word are multiplied with in its hash.
const FIRST_FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// The hash of a word from the sum of its parts.
#[inline]
fn mixed(parts: u64, length: usize) -> u32 {
    let length = u64::from(crate::num::narrow(length));
    let mixed = (parts ^ (parts >> 29)).wrapping_add(length).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 32;
    u32::try_from(mixed).unwrap_or(0) | 1
}

/// The first three of eight letters.
#[inline]
const fn start_of(letters: u64) -> u32 {
    #[expect(clippy::as_conversions, reason = "twenty-four bits")]
    let start = (letters & 0xFF_FFFF) as u32;
    start
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
        Ok(Self(Arc::new(table.shared())))
    }

    /// The topics of a folded word.
    #[inline]
    pub(super) fn topics(&self, word: &[u8]) -> Topics {
        self.0.topics(Key::of(word))
    }

    /// The topics of a word of a view.
    #[inline]
    pub(super) fn topics_at(&self, view: &View<'_>, start: usize, end: usize) -> Topics {
        let length = end.wrapping_sub(start);
        if length <= SHORT {
            return self.0.topics_of_short(view.eight(start) & bytes_mask(length), length);
        }
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
            buckets: Box::new([Bucket::EMPTY; BUCKETS]),
            topics: vec![(Topics::NONE, Topics::NONE)],
            lengths: Box::new([0; STARTS]),
            triggers: Heads::built_in(),
            words: 0,
        }
    }

    fn add(&mut self, word: &str, topic: Topics) {
        let (stem, open) = match word.strip_suffix('*') {
            Some(stem) if (3..=LONGEST_STEM).contains(&stem.len()) => (stem, true),
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
        if open && let Some(lengths) = self.lengths.get_mut(crate::num::wide(hash_of(start))) {
            *lengths |= 1_u32.wrapping_shl(crate::num::narrow(stem.len()));
        }
        if topic.has(Topics::TRIGGERS) {
            let way = if topic.has(Topics::NUMERAL) { Way::InRow } else { Way::Alone };
            self.triggers.add(stem.as_bytes(), open, way);
        }
    }

    /// The topics of a hash, made where there are none.
    fn entry(&mut self, hash: u32) -> Option<(&mut Topics, &mut Topics)> {
        let mut at = bucket_of(hash);
        while self.buckets.get(at)?.is_full_without(hash) {
            at = next_bucket(at);
        }
        let Bucket { hashes, places } = self.buckets.get_mut(at)?;
        let (slot, place) = hashes.iter_mut().zip(places).find(|(slot, _)| **slot == hash || **slot == 0)?;
        if *slot == 0 {
            *slot = hash;
            *place = u16::try_from(self.topics.len()).ok()?;
            self.topics.push((Topics::NONE, Topics::NONE));
        }
        self.topics.get_mut(usize::from(*place)).map(|(whole, prefix)| (whole, prefix))
    }

    fn topics(&self, word: Key) -> Topics {
        let (all, _) = self.find(word.hash());
        let stems = self.lengths_of_stems(word.start(), word.length);
        if stems == 0 { *all } else { *all | self.topics_of_stems(word, stems) }
    }

    /// The same of a word of eight bytes at most: as most words are.
    #[inline(never)]
    fn topics_of_short(&self, word: u64, length: usize) -> Topics {
        let (all, _) = self.find(mixed(word.wrapping_mul(FIRST_FACTOR), length));
        let stems = self.lengths_of_stems(start_of(word), length);
        if stems == 0 {
            *all
        } else {
            *all | self.topics_of_stems(Key { parts: [word, 0, 0], length }, stems)
        }
    }

    /// The lengths of the stems that a word with these first letters may have, a bit for each.
    #[inline]
    fn lengths_of_stems(&self, start: u32, length: usize) -> u32 {
        let slot = crate::num::wide(hash_of(start));
        self.lengths.get(slot).copied().unwrap_or(0) & lengths_up_to(length)
    }

    /// The topics of the stems of these lengths that a word starts with.
    #[inline(never)]
    fn topics_of_stems(&self, word: Key, mut stems: u32) -> Topics {
        let mut topics = Topics::NONE;
        while stems != 0 {
            let length = crate::num::wide(stems.trailing_zeros());
            stems &= stems.wrapping_sub(1);
            let (_, stem) = self.find(word.cut(length).hash());
            topics = topics | *stem;
        }
        topics
    }

    /// The topics of a hash; those of a hash that is not there are the first.
    #[inline]
    fn find(&self, hash: u32) -> &(Topics, Topics) {
        let mut at = bucket_of(hash);
        loop {
            let bucket = self.buckets.get(at).unwrap_or(&Bucket::EMPTY);
            let same = u32x4::new(bucket.hashes).simd_eq(u32x4::splat(hash)).to_bitmask();
            if (same == 0) & bucket.is_full() {
                at = next_bucket(at); // the word may stand in the next one
                continue;
            }
            let lane = crate::num::wide((same | 1 << SLOTS).trailing_zeros());
            let place = bucket.places.get(lane).copied().unwrap_or(0);
            return self.topics.get(usize::from(place)).unwrap_or(&(Topics::NONE, Topics::NONE));
        }
    }

    /// Keeps each pair of topics once.
    fn shared(mut self) -> Self {
        let mut places = BTreeMap::new();
        let mut topics = Vec::new();
        for place in self.buckets.iter_mut().flat_map(|bucket| &mut bucket.places) {
            let Some(pair) = self.topics.get(usize::from(*place)) else { continue };
            *place = *places.entry(*pair).or_insert_with(|| {
                topics.push(*pair);
                crate::num::narrow(topics.len().wrapping_sub(1)).try_into().unwrap_or(0)
            });
        }
        Self { topics, ..self }
    }
}

impl Bucket {
    const EMPTY: Self = Self { hashes: [0; SLOTS], places: [0; SLOTS + 1] };

    #[inline]
    const fn is_full(&self) -> bool {
        let [.., last] = self.hashes;
        last != 0
    }

    fn is_full_without(&self, hash: u32) -> bool {
        self.is_full() && !self.hashes.contains(&hash)
    }
}

/// The bucket of a hash.
#[inline]
const fn bucket_of(hash: u32) -> usize {
    crate::num::wide(hash >> 21)
}

#[inline]
const fn next_bucket(bucket: usize) -> usize {
    bucket.wrapping_add(1) % BUCKETS
}
