//! Where each branch stands: side by side with those of the same access key, so that an event looks at few.

use super::encoding::{ColumnId, Encoding};
use super::facts::Facts;
use super::formula::{Branch, Lit};
use crate::num::{narrow, wide};

/// Up to this many positions there are no access keys: reading all of them costs less than finding some.
const FEW: usize = 1024;
/// Positions that the keys of a column must spare an event on average, to be worth a look of their own.
const WORTH: usize = 1024;
/// Named values of one test that are worth filing a branch under each of them.
const MAX_KEYS: usize = 4;

/// Branches in their places: without a key first, then by key, and in each by rank.
#[derive(Debug)]
pub(super) struct Filing {
    /// For each position the rank of its condition.
    pub(super) ranks: Vec<u32>,
    pub(super) branches: Vec<Branch>,
    /// Positions without a key.
    pub(super) rest: (u32, u32),
    pub(super) access: Vec<Access>,
}

/// The positions filed under the values of one column.
#[derive(Debug)]
pub(super) struct Access {
    column: ColumnId,
    is_set: bool,
    ranges: Vec<(u32, u32)>,
}

impl Access {
    /// The ranges under the values of the facts.
    #[inline]
    pub(super) fn each_range(&self, facts: &Facts, visit: &mut impl FnMut((u32, u32))) {
        let range = |id: u32| self.ranges.get(wide(id)).copied().filter(|(from, to)| from < to);
        if self.is_set {
            facts.set_of(self.column).iter().filter_map(|id| range(*id)).for_each(visit);
        } else if let Some(range) = range(facts.id(self.column)) {
            visit(range);
        }
    }

    /// Bytes of memory.
    pub(super) fn bytes(access: &Self) -> usize {
        access.ranges.len().saturating_mul(8)
    }
}

/// A column and one of its named values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    column: ColumnId,
    value: u32,
}

/// A branch and its place.
struct Filed {
    key: Option<Key>,
    rank: u32,
    branch: Branch,
}

impl Filing {
    /// Files branches, each with the rank of its condition, in the order of the ranks.
    pub(super) fn of(found: Vec<(u32, Branch)>, encoding: &Encoding) -> Self {
        let mut filed = Vec::with_capacity(found.len());
        if found.len() <= FEW {
            filed.extend(found.into_iter().map(|(rank, branch)| Filed { key: None, rank, branch }));
        } else {
            let crowds = Crowds::of(&found, encoding);
            found.into_iter().for_each(|(rank, branch)| crowds.file(rank, branch, &mut filed));
            filed.sort_by_key(|one| (one.key, one.rank));
        }
        let rest = narrow(filed.iter().take_while(|one| one.key.is_none()).count());
        let access = access(encoding, &filed);
        let (ranks, branches) = filed.into_iter().map(|one| (one.rank, one.branch)).unzip();
        Self { ranks, branches, rest: (0, rest), access }
    }
}

/// How many branches ask for each named value, in the columns whose values are worth being keys.
struct Crowds {
    counts: Vec<Vec<u32>>,
    is_worth: Vec<bool>,
}

impl Crowds {
    fn of(found: &[(u32, Branch)], encoding: &Encoding) -> Self {
        let counts: Vec<Vec<u32>> = encoding.columns.iter().map(|c| vec![0; wide(c.size)]).collect();
        let mut made = Self { is_worth: vec![true; counts.len()], counts };
        let lits = || found.iter().flat_map(|(_, branch)| &branch.lits);
        for key in lits().flat_map(Keys::of) {
            if let Some(count) =
                made.counts.get_mut(wide(key.column)).and_then(|c| c.get_mut(wide(key.value)))
            {
                *count = count.saturating_add(1);
            }
        }
        made.settle(found);
        made
    }

    /// Gives up the column whose keys spare least, until those of each are worth it.
    fn settle(&mut self, found: &[(u32, Branch)]) {
        loop {
            let spared = self.spared(found);
            let least = (0..).zip(&self.is_worth).filter(|(_, worth)| **worth);
            let least = least.map(|(column, _)| (spared.get(column).copied().unwrap_or(0), column)).min();
            let Some((_, column)) = least.filter(|(spared, _)| *spared < WORTH) else { return };
            if let Some(worth) = self.is_worth.get_mut(column) {
                *worth = false;
            }
        }
    }

    /// For each column the positions under its keys that an event with one of its values need not look at.
    fn spared(&self, found: &[(u32, Branch)]) -> Vec<usize> {
        let mut filed = vec![(0_usize, 0_usize); self.counts.len()];
        for (_, branch) in found {
            let Some((_, lit)) = self.least(branch) else { continue };
            for (key, crowd) in Keys::of(lit).map(|key| (key, self.crowd(key))) {
                if let Some((all, shared)) = filed.get_mut(wide(key.column)) {
                    *all = all.saturating_add(1);
                    *shared = shared.saturating_add(wide(crowd));
                }
            }
        }
        // The mean crowd of a filed branch is what an event of its value looks at.
        filed
            .into_iter()
            .map(|(all, shared)| all.saturating_sub(shared.checked_div(all).unwrap_or(0)))
            .collect()
    }

    fn crowd(&self, key: Key) -> u32 {
        self.counts.get(wide(key.column)).and_then(|c| c.get(wide(key.value))).copied().unwrap_or(u32::MAX)
    }

    /// The question of a branch whose values are asked least, by its place.
    fn least<'b>(&self, branch: &'b Branch) -> Option<(usize, &'b Lit)> {
        let crowd = |lit| {
            let worth = |key: &Key| self.is_worth.get(wide(key.column)).copied().unwrap_or(false);
            Keys::of(lit).filter(worth).map(|key| self.crowd(key)).max()
        };
        let crowds = branch.lits.iter().enumerate().filter_map(|(at, lit)| Some((crowd(lit)?, at, lit)));
        crowds.min_by_key(|(crowd, at, _)| (*crowd, *at)).map(|(_, at, lit)| (at, lit))
    }

    /// Files a branch under each value of its least asked question, which need not be asked again.
    fn file(&self, rank: u32, mut branch: Branch, filed: &mut Vec<Filed>) {
        let Some((chosen, _)) = self.least(&branch) else {
            filed.push(Filed { key: None, rank, branch });
            return;
        };
        let lit = branch.lits.remove(chosen);
        let mut keys = Keys::of(&lit).peekable();
        while let Some(key) = keys.next() {
            let is_last = keys.peek().is_none();
            let own = if is_last { std::mem::take(&mut branch) } else { branch.clone() };
            filed.push(Filed { key: Some(key), rank, branch: own });
        }
    }
}

/// The named values of which a question needs one; none where it takes the missing or many.
struct Keys {
    column: ColumnId,
    values: [u32; MAX_KEYS],
    next: usize,
    end: usize,
}

impl Keys {
    fn of(lit: &Lit) -> Self {
        let mut keys = Self { column: 0, values: [0; MAX_KEYS], next: 0, end: 0 };
        match lit {
            Lit::Has { column, ids, wanted: true, missing: false } => {
                keys.column = *column;
                ids.iter().for_each(|id| keys.add(*id));
            }
            Lit::In(column, ranges) if ranges.first().is_none_or(|(from, _)| *from > 0) => {
                keys.column = *column;
                // One more than there is room for tells that they are too many.
                let few = |(from, to): &(u32, u32)| (*from..*to).take(MAX_KEYS.saturating_add(1));
                ranges.iter().flat_map(few).for_each(|id| keys.add(id));
            }
            _ => {}
        }
        if keys.end > MAX_KEYS {
            keys.end = 0;
        }
        keys
    }

    fn add(&mut self, value: u32) {
        if let Some(slot) = self.values.get_mut(self.end) {
            *slot = value;
        }
        self.end = self.end.saturating_add(1);
    }
}

impl Iterator for Keys {
    type Item = Key;

    fn next(&mut self) -> Option<Key> {
        let value = self.values.get(self.next).copied().filter(|_| self.next < self.end)?;
        self.next = self.next.saturating_add(1);
        Some(Key { column: self.column, value })
    }
}

/// The ranges of positions of each key.
fn access(encoding: &Encoding, filed: &[Filed]) -> Vec<Access> {
    let mut list: Vec<Access> = Vec::new();
    for (at, one) in filed.iter().enumerate() {
        let Some(Key { column, value }) = one.key else { continue };
        if list.last().is_none_or(|a| a.column != column) {
            let is_set = encoding.columns.get(wide(column)).is_some_and(|c| c.is_set);
            list.push(Access { column, is_set, ranges: Vec::new() });
        }
        let Some(access) = list.last_mut() else { continue };
        if access.ranges.len() <= wide(value) {
            access.ranges.resize(wide(value).saturating_add(1), (0, 0));
        }
        if let Some(range) = access.ranges.get_mut(wide(value)) {
            let from = if range.0 == range.1 { narrow(at) } else { range.0 };
            *range = (from, narrow(at.saturating_add(1)));
        }
    }
    list
}
