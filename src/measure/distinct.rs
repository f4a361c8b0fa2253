//! How many different people: exact while few, estimated when many.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize};

use super::bounded::Merge;
use super::hash::stable;
use super::number::mul_div;

/// A count of different identifiers: exact up to `K`, beyond it estimated from the `K` smallest hashes.
///
/// `merge` is associative, commutative and idempotent; recording twice changes nothing. The estimate is
/// that of Bar-Yossef and others (RANDOM 2002), (K−1)÷h for the K-th smallest hash h as a fraction, with a
/// standard error of about 1÷√(K−2).
///
/// ```
/// use galateo::measure::Distinct;
/// let mut authors = Distinct::<8>::default();
/// for author in ["ada", "bo", "ada", "cy"] {
///     authors.record(author);
/// }
/// assert_eq!((authors.count(), authors.is_exact()), (3, true));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Distinct<const K: usize> {
    smallest: BTreeSet<u64>,
}

impl<const K: usize> Distinct<K> {
    /// Notes an identifier.
    pub fn record(&mut self, id: &str) {
        self.insert(stable([id]));
    }

    /// How many different identifiers were noted.
    #[must_use]
    pub fn count(&self) -> u64 {
        let kept = u64::from(crate::num::narrow(self.smallest.len().min(K)));
        match self.smallest.iter().nth(K.saturating_sub(1)) {
            Some(hash) if !self.is_exact() => {
                mul_div(kept.saturating_sub(1), u64::MAX, (*hash).max(1)).unwrap_or(kept).max(kept)
            }
            _ => kept,
        }
    }

    /// Whether [`count`](Self::count) is exact.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.smallest.len() <= K
    }

    /// One hash more than `K` is kept, which tells exactly `K` from more than `K`.
    fn insert(&mut self, hash: u64) {
        self.smallest.insert(hash);
        if self.smallest.len() > K.saturating_add(1) {
            self.smallest.pop_last();
        }
    }
}

impl<const K: usize> Merge for Distinct<K> {
    fn merge(&mut self, other: &Self) {
        for hash in &other.smallest {
            self.insert(*hash);
        }
    }
}

impl<'de, const K: usize> Deserialize<'de> for Distinct<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut distinct = Self::default();
        for hash in Vec::<u64>::deserialize(deserializer)? {
            distinct.insert(hash);
        }
        Ok(distinct)
    }
}
