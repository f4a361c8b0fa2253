//! Values kept apart by shard, so that combining them twice changes nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bounded::Merge;

/// The number of one writer among several: a process, a partition of a stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shard(pub u16);

/// The newest state of each shard: a merge that is associative, commutative *and idempotent*.
///
/// Each shard has one writer, which raises the version with each state it hands out; of two states of a
/// shard the one with the higher version counts. So states may arrive late, twice and in any order, and the
/// total is that of each shard's newest state.
///
/// ```
/// use galateo::measure::{Merge, Shard, Shards};
/// let mut here = Shards::default();
/// here.put(Shard(0), 1, 10_u64);
/// let mut there = Shards::default();
/// there.put(Shard(1), 1, 5_u64);
/// there.put(Shard(0), 2, 12_u64);
/// here.merge(&there);
/// here.merge(&there);
/// assert_eq!(here.total(), Some(17));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shards<T> {
    states: BTreeMap<Shard, (u64, T)>,
}

impl<T> Default for Shards<T> {
    fn default() -> Self {
        Self { states: BTreeMap::new() }
    }
}

impl<T> Shards<T> {
    /// Puts in a shard's state; an older or equal version changes nothing.
    pub fn put(&mut self, shard: Shard, version: u64, state: T) {
        if self.states.get(&shard).is_none_or(|(known, _)| version > *known) {
            self.states.insert(shard, (version, state));
        }
    }

    /// The newest state of a shard, with its version.
    #[must_use]
    pub fn newest(&self, shard: Shard) -> Option<(u64, &T)> {
        self.states.get(&shard).map(|(version, state)| (*version, state))
    }
}

impl<T: Merge + Clone> Shards<T> {
    /// All shards combined; `None` where there is none.
    #[must_use]
    pub fn total(&self) -> Option<T> {
        let mut states = self.states.values().map(|(_, state)| state);
        let mut total = states.next()?.clone();
        for state in states {
            total.merge(state);
        }
        Some(total)
    }
}

impl<T: Clone> Merge for Shards<T> {
    fn merge(&mut self, other: &Self) {
        for (shard, (version, state)) in &other.states {
            self.put(*shard, *version, state.clone());
        }
    }
}
