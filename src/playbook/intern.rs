//! Words and numbers turned into small integers, for the matcher to compare.

use std::sync::Arc;

use super::Number;
use crate::num::{narrow, wide};

/// A fixed set of words, each with its place in sorted order.
///
/// Words are spread over buckets by a hash and sorted within a bucket, so that a looked-up word is
/// usually compared once, and by halves where someone has sought out words that collide.
#[derive(Debug, Default)]
pub(super) struct Interner {
    buckets: Vec<u32>,
    entries: Vec<(u32, Arc<str>, u32)>,
    mask: u32,
}

impl Interner {
    /// The set of the words given, which are sorted and differ.
    pub(super) fn new(words: impl Iterator<Item = Arc<str>>) -> Self {
        let mut entries: Vec<_> = words.zip(0_u32..).map(|(word, id)| (hash(&word), word, id)).collect();
        let mask = narrow(entries.len().saturating_mul(2).next_power_of_two().saturating_sub(1));
        entries.sort_unstable_by(|a, b| (a.0 & mask, a.0, &a.1).cmp(&(b.0 & mask, b.0, &b.1)));
        let mut buckets = vec![0_u32; wide(mask).saturating_add(2)];
        let mut at = 0_usize;
        for (slot, start) in buckets.iter_mut().enumerate() {
            while entries.get(at).is_some_and(|(h, ..)| wide(h & mask) < slot) {
                at = at.saturating_add(1);
            }
            *start = narrow(at);
        }
        Self { buckets, entries, mask }
    }

    pub(super) fn len(&self) -> u32 {
        narrow(self.entries.len())
    }

    /// The word of a place.
    pub(super) fn word(&self, id: u32) -> Option<&str> {
        self.entries.iter().find(|(.., known)| *known == id).map(|(_, word, _)| &**word)
    }

    /// The place of a word among the sorted words.
    #[inline]
    pub(super) fn find(&self, word: &str) -> Option<u32> {
        let hash = hash(word);
        let slot = wide(hash & self.mask);
        let (from, to) = (wide(*self.buckets.get(slot)?), wide(*self.buckets.get(slot.saturating_add(1))?));
        let bucket = self.entries.get(from..to)?;
        match bucket {
            [] => None,
            [(h, known, id)] => (*h == hash && &**known == word).then_some(*id),
            many => {
                let at = many.binary_search_by(|(h, known, _)| (*h, &**known).cmp(&(hash, word))).ok()?;
                many.get(at).map(|(.., id)| *id)
            }
        }
    }
}

/// Mixes eight bytes at a time; the same on every platform.
#[inline]
fn hash(word: &str) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut state = 0_u64;
    let mut mix = |part: u64| state = (state.rotate_left(5) ^ part).wrapping_mul(FACTOR);
    let (chunks, rest) = word.as_bytes().as_chunks::<8>();
    chunks.iter().for_each(|chunk| mix(u64::from_le_bytes(*chunk)));
    let mut last = [0_u8; 8];
    if let Some(place) = last.get_mut(..rest.len()) {
        place.copy_from_slice(rest);
    }
    mix(u64::from_le_bytes(last));
    let mixed = (state ^ (state >> 29)).wrapping_mul(FACTOR);
    u32::try_from((mixed >> 32) ^ (mixed & u64::from(u32::MAX))).unwrap_or(0)
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
