//! Words and numbers turned into small integers, for the matcher to compare.

use std::sync::Arc;

use super::Number;
use crate::num::{narrow, wide};

/// A fixed set of words, each with its place in sorted order.
///
/// Words are spread over a table by a hash, so that a looked-up word is usually compared once; a set of
/// words sought out to collide is searched by halves instead. A word of up to sixteen bytes is compared
/// as two integers, without a look at the word itself.
#[derive(Debug, Default)]
pub(super) struct Interner {
    /// Each word at the slot of its hash or in one of the next few; empty where the words collide too much.
    table: Vec<Slot>,
    mask: u32,
    /// Every word, by its place.
    words: Vec<Arc<str>>,
}

/// A word in the table.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    key: Key,
    /// Its place from 1; 0 in a free slot.
    place: u32,
}

/// Slots that are looked at for a word.
const PROBES: u32 = 16;

impl Interner {
    /// The set of the words given, which are sorted and differ.
    pub(super) fn new(words: impl Iterator<Item = Arc<str>>) -> Self {
        let mut made = Self { words: words.collect(), ..Self::default() };
        let size = made.words.len().saturating_mul(2).next_power_of_two();
        made.mask = narrow(size.saturating_sub(1));
        made.table = vec![Slot::default(); size];
        let Self { table, mask, words } = &mut made;
        if !words.iter().zip(1..).all(|(word, place)| take_slot(table, *mask, Key::of(word), place)) {
            table.clear();
        }
        made
    }

    pub(super) fn len(&self) -> u32 {
        narrow(self.words.len())
    }

    /// The word of a place.
    pub(super) fn word(&self, place: u32) -> Option<&str> {
        self.words.get(wide(place)).map(|word| &**word)
    }

    /// The place of a word among the sorted words.
    #[inline]
    pub(super) fn find(&self, word: &str) -> Option<u32> {
        let key = Key::of(word);
        let mut at = key.hash();
        for _ in 0..PROBES {
            let Some(slot) = self.table.get(wide(at & self.mask)) else { return self.find_by_halves(word) };
            let place = slot.place.checked_sub(1)?;
            if slot.key == key && (key.is_whole() || self.word(place) == Some(word)) {
                return Some(place);
            }
            at = at.wrapping_add(1);
        }
        None
    }

    #[cold]
    fn find_by_halves(&self, word: &str) -> Option<u32> {
        self.words.binary_search_by(|known| (**known).cmp(word)).ok().map(narrow)
    }
}

/// Puts a word into the first free slot for it; whether there is one.
fn take_slot(table: &mut [Slot], mask: u32, key: Key, place: u32) -> bool {
    let hash = key.hash();
    let mut slots = (0..PROBES).map(|probe| wide(hash.wrapping_add(probe) & mask));
    let free = slots.find(|at| table.get(*at).is_some_and(|slot| slot.place == 0));
    let slot = free.and_then(|at| table.get_mut(at));
    slot.map(|slot| *slot = Slot { key, place }).is_some()
}

/// What a word is found by: all of a short word, its end and a mix of the rest of a long one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Key {
    start: u64,
    end: u64,
    bytes: u32,
}

const MIX: u64 = 0x9E37_79B9_7F4A_7C15;

impl Key {
    /// Words of up to this many bytes are told apart by their keys.
    const WHOLE: u32 = 16;

    /// The same on every platform.
    #[inline]
    fn of(word: &str) -> Self {
        let bytes = word.as_bytes();
        let (start, end) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(start), Some(end)) if bytes.len() <= wide(Self::WHOLE) => {
                (u64::from_le_bytes(*start), u64::from_le_bytes(*end))
            }
            (_, Some(end)) => (mixed(bytes), u64::from_le_bytes(*end)),
            _ => short(bytes),
        };
        Self { start, end, bytes: narrow(bytes.len()) }
    }

    const fn is_whole(&self) -> bool {
        self.bytes <= Self::WHOLE
    }

    #[inline]
    fn hash(&self) -> u32 {
        let both = self.start.wrapping_mul(MIX) ^ self.end.rotate_left(29) ^ u64::from(self.bytes);
        let mixed = (both ^ (both >> 32)).wrapping_mul(MIX);
        u32::try_from(mixed >> 32).unwrap_or(0)
    }
}

/// Fewer than eight bytes: the first four and the last four, or each of up to three.
#[inline]
fn short(bytes: &[u8]) -> (u64, u64) {
    if let (Some(start), Some(end)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        return (u64::from(u32::from_le_bytes(*start)), u64::from(u32::from_le_bytes(*end)));
    }
    let byte = |at: usize| bytes.get(at).copied().map_or(0, u64::from);
    (byte(0) | (byte(1) << 8) | (byte(2) << 16), 0)
}

/// Mixes eight bytes at a time.
fn mixed(bytes: &[u8]) -> u64 {
    let (chunks, _) = bytes.as_chunks::<8>();
    let mix =
        |state: u64, chunk: &[u8; 8]| (state.rotate_left(5) ^ u64::from_le_bytes(*chunk)).wrapping_mul(MIX);
    chunks.iter().fold(0, mix)
}

/// A place between numbers: just before `number`, or just after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    pub(super) number: Number,
    pub(super) after: bool,
}

/// Sorted cuts; they part the numbers into buckets, counted from 0.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    cuts: Vec<Cut>,
    /// The same as whole numbers where all are: a value `n` lies right of a cut where `n >= whole`.
    whole: Option<Vec<i64>>,
}

impl Cuts {
    pub(super) fn new(cuts: Vec<Cut>) -> Self {
        let whole = cuts
            .iter()
            .map(|cut| {
                let n = cut.number.as_i64()?;
                if cut.after { n.checked_add(1) } else { Some(n) }
            })
            .collect();
        Self { cuts, whole }
    }

    /// Buckets, one more than cuts.
    pub(super) fn buckets(&self) -> u32 {
        narrow(self.cuts.len().saturating_add(1))
    }

    /// The bucket of a value.
    #[inline]
    pub(super) fn bucket(&self, value: Number) -> u32 {
        if let (Some(whole), Some(n)) = (&self.whole, value.as_i64()) {
            return narrow(whole.partition_point(|cut| *cut <= n));
        }
        let right_of = |cut: &Cut| if cut.after { value > cut.number } else { value >= cut.number };
        narrow(self.cuts.partition_point(right_of))
    }

    /// The first bucket right of a cut that is one of these.
    pub(super) fn right_of(&self, cut: Cut) -> u32 {
        narrow(self.cuts.partition_point(|known| *known < cut).saturating_add(1))
    }

    /// A number of a bucket: the cut at its edge, or a whole number near it.
    pub(super) fn sample(&self, bucket: u32) -> Option<Number> {
        let below = bucket.checked_sub(1).and_then(|at| self.cuts.get(wide(at)));
        let above = self.cuts.get(wide(bucket));
        let next = |cut: &Cut, by: i64| cut.number.as_i64()?.checked_add(by).map(Number::from);
        let candidates = [
            Some(Number::from(0)),
            below.map(|cut| cut.number),
            below.and_then(|cut| next(cut, 1)),
            above.map(|cut| cut.number),
            above.and_then(|cut| next(cut, -1)),
        ];
        candidates.into_iter().flatten().find(|number| self.bucket(*number) == bucket)
    }
}
