//! The matcher: which of many conditions hold for a row of facts, at a cost that follows the answer.
//!
//! Each condition is brought to a few *branches*, conjunctions of questions to columns, each with a *position*.
//! [`Rows`] tell which positions the values of an event rule out. Where there are many positions, a branch is filed
//! under the one named value that fewest branches share (its *access key*, see [`Filing`]), and the positions of a
//! key stand side by side, in the order of their rank: an event touches the words of its own keys and no other.
//! What rows cannot hold (expressions, deep trees) is asked for the few positions left.

use std::sync::Arc;

use super::condition::Condition;
use super::encoding::Encoding;
use super::facts::Facts;
use super::filing::{Access, Filing};
use super::formula::{Branch, Formula, Mode, branches};
use super::rows::{CHUNK, Picked, Rows};
use super::rule::OnUnknown;
use crate::num::{narrow, wide};

/// Fewer words than this are read one by one, and not further than needed.
const FEW_WORDS: usize = 3;
/// Words of a key that are read one by one where its first answer is all that is wanted.
const FIRST_WORDS: usize = 4;

/// Many conditions compiled, each known by its rank, from 0.
#[derive(Debug)]
pub struct Matcher {
    encoding: Arc<Encoding>,
    rules: u32,
    rows: Rows,
    /// For each 64 positions, which of them need a check.
    need_check: Vec<u64>,
    ranks: Vec<u32>,
    check_starts: Vec<u32>,
    checks: Vec<Formula>,
    /// Positions without an access key.
    rest: (u32, u32),
    access: Vec<Access>,
}

/// Working memory of a [`Matcher`], used again and again.
#[derive(Debug, Default)]
pub struct Scratch {
    picked: Picked,
    hits: Vec<u64>,
    summary: Vec<u64>,
    found: Vec<u32>,
    memo: Memo,
}

/// Answers of regular expressions, each asked at most once for an event.
#[derive(Debug, Default)]
pub(super) struct Memo(Vec<Option<bool>>);

impl Memo {
    fn start(&mut self, patterns: usize) {
        self.0.clear();
        self.0.resize(patterns, None);
    }

    /// Whether the text matches; `None` where it is missing.
    pub(super) fn is_match(&mut self, facts: &Facts, pattern: u32) -> Option<bool> {
        let (column, regex) = facts.encoding.patterns.get(wide(pattern))?;
        if facts.id(*column) == 0 {
            return None;
        }
        if let Some(Some(known)) = self.0.get(wide(pattern)) {
            return Some(*known);
        }
        let found = facts.text_of(*column).is_some_and(|text| regex.is_match(text));
        if let Some(slot) = self.0.get_mut(wide(pattern)) {
            *slot = Some(found);
        }
        Some(found)
    }
}

impl Matcher {
    /// Compiles conditions; the first has rank 0.
    #[must_use]
    pub fn compile<'c>(
        encoding: &Arc<Encoding>,
        conditions: impl IntoIterator<Item = (&'c Condition, OnUnknown)>,
    ) -> Self {
        let mut found: Vec<(u32, Branch)> = Vec::new();
        let mut rules = 0_u32;
        for (condition, on_unknown) in conditions {
            let mode = Mode { negated: false, unknown: on_unknown != OnUnknown::Skip };
            let formula = Formula::new(condition, encoding, mode);
            found.extend(branches(formula).into_iter().map(|branch| (rules, branch)));
            rules = rules.saturating_add(1);
        }
        let Filing { ranks, branches, rest, access } = Filing::of(found, encoding);
        let (rows, open) = Rows::build(encoding, branches);
        let mut made = Self {
            encoding: encoding.clone(),
            rules,
            rows,
            need_check: vec![0; open.len().div_ceil(64)],
            ranks,
            check_starts: Vec::with_capacity(open.len().saturating_add(1)),
            checks: Vec::new(),
            rest,
            access,
        };
        (0..).zip(open).for_each(|(at, branch)| made.leave_open(at, branch));
        made.check_starts.push(narrow(made.checks.len()));
        made
    }

    /// Notes what the rows leave to be asked of a position.
    fn leave_open(&mut self, at: usize, branch: Branch) {
        self.check_starts.push(narrow(self.checks.len()));
        if branch == Branch::default() {
            return;
        }
        self.checks.extend(branch.lits.into_iter().map(Formula::Is));
        self.checks.extend(branch.rest);
        if let Some(word) = self.need_check.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    /// Conditions compiled.
    #[must_use]
    pub const fn len(&self) -> usize {
        wide(self.rules)
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rules == 0
    }

    /// Bytes of memory that the matcher takes, its share of the encoding aside.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let small = self.ranks.len().saturating_add(self.check_starts.len()).saturating_mul(4);
        let access: usize = self.access.iter().map(Access::bytes).sum();
        let checks = self.checks.len().saturating_mul(size_of::<Formula>().saturating_add(16));
        let words = self.need_check.len().saturating_mul(8);
        [self.rows.bytes(), words, small, access, checks].iter().sum()
    }

    /// The ranks of all conditions that hold, in order.
    pub fn matches<'s>(&self, facts: &Facts, scratch: &'s mut Scratch) -> Matches<'s> {
        self.start(facts, scratch);
        if self.access.is_empty() {
            self.match_in_order(facts, scratch);
        } else {
            self.match_by_keys(facts, scratch);
        }
        Matches(scratch.found.iter())
    }

    /// Positions without keys stand in the order of their ranks, those of one rule side by side.
    fn match_in_order(&self, facts: &Facts, scratch: &mut Scratch) {
        let Scratch { picked, found, memo, .. } = scratch;
        self.visit::<0>(self.rest, picked, |position, is_sure| {
            let rank = self.rank(position);
            if found.last() != Some(&rank) && (is_sure || self.check(position, facts, memo)) {
                found.push(rank);
            }
            true
        });
    }

    fn match_by_keys(&self, facts: &Facts, scratch: &mut Scratch) {
        scratch.make_room(self.len());
        let Scratch { picked, hits, summary, memo, .. } = &mut *scratch;
        self.each_range(facts, |range| {
            self.visit::<0>(range, picked, |position, is_sure| {
                if is_sure || self.check(position, facts, memo) {
                    mark(hits, summary, self.rank(position));
                }
                true
            });
        });
        scratch.gather();
    }

    /// The lowest rank of a condition that holds.
    pub fn first(&self, facts: &Facts, scratch: &mut Scratch) -> Option<u32> {
        self.start(facts, scratch);
        let Scratch { picked, memo, .. } = scratch;
        let mut best = u32::MAX;
        self.each_range(facts, |range| {
            // Positions of a key stand in the order of their rank.
            if self.rank(range.0) >= best {
                return;
            }
            self.visit::<FIRST_WORDS>(range, picked, |position, is_sure| {
                let rank = self.rank(position);
                if rank < best && (is_sure || self.check(position, facts, memo)) {
                    best = rank;
                }
                rank < best
            });
        });
        (best != u32::MAX).then_some(best)
    }

    fn start(&self, facts: &Facts, scratch: &mut Scratch) {
        scratch.found.clear();
        scratch.memo.start(self.encoding.patterns.len());
        self.rows.pick(facts, &mut scratch.picked);
    }

    /// The ranges of positions that the facts touch, the longest first.
    #[inline]
    fn each_range(&self, facts: &Facts, mut visit: impl FnMut((u32, u32))) {
        if self.rest.0 < self.rest.1 {
            visit(self.rest);
        }
        self.access.iter().for_each(|access| access.each_range(facts, &mut visit));
    }

    /// Hands over the positions of a range that no row rules out, and whether that settles them;
    /// stops when told so. The first `ALONE` words are read one by one.
    #[inline]
    fn visit<const ALONE: usize>(
        &self,
        (from, to): (u32, u32),
        picked: &Picked,
        mut each: impl FnMut(u32, bool) -> bool,
    ) {
        let (first, end) = (wide(from / 64), wide(to.wrapping_add(63) / 64));
        // Only the first and the last word belong to the range in part.
        let mask = |word: usize| {
            let start = if word == first { u64::MAX << (from % 64) } else { u64::MAX };
            if word.wrapping_add(1) == end { start & (u64::MAX >> (to.wrapping_neg() % 64)) } else { start }
        };
        let mut word = first;
        while word < end {
            if end.wrapping_sub(word) < FEW_WORDS || word.wrapping_sub(first) < ALONE {
                let left = self.rows.word(word, picked) & mask(word);
                if left != 0 && !self.hand_over(word, left, &mut each) {
                    return;
                }
                word = word.wrapping_add(1);
                continue;
            }
            for (left, word) in self.rows.chunk(word, picked).iter().zip(word..end) {
                if *left != 0 && !self.hand_over(word, left & mask(word), &mut each) {
                    return;
                }
            }
            word = word.wrapping_add(CHUNK);
        }
    }

    /// The positions of a word one by one; whether to go on.
    #[inline]
    fn hand_over(&self, word: usize, mut left: u64, each: &mut impl FnMut(u32, bool) -> bool) -> bool {
        let need_check = self.need_check.get(word).copied().unwrap_or(0);
        let start = narrow(word).wrapping_mul(64);
        while left != 0 {
            let bit = left & left.wrapping_neg();
            if !each(start.wrapping_add(left.trailing_zeros()), need_check & bit == 0) {
                return false;
            }
            left ^= bit;
        }
        true
    }

    #[inline]
    fn rank(&self, position: u32) -> u32 {
        self.ranks.get(wide(position)).copied().unwrap_or(u32::MAX)
    }

    fn check(&self, position: u32, facts: &Facts, memo: &mut Memo) -> bool {
        let from = self.check_starts.get(wide(position)).copied().unwrap_or(0);
        let to = self.check_starts.get(wide(position).saturating_add(1)).copied().unwrap_or(0);
        let checks = self.checks.get(wide(from)..wide(to)).unwrap_or_default();
        checks.iter().all(|check| check.holds(facts, memo))
    }
}

#[inline]
fn mark(hits: &mut [u64], summary: &mut [u64], rank: u32) {
    if let Some(word) = hits.get_mut(wide(rank / 64)) {
        *word |= 1 << (rank % 64);
    }
    if let Some(word) = summary.get_mut(wide(rank / 4096)) {
        *word |= 1 << ((rank / 64) % 64);
    }
}

impl Scratch {
    fn make_room(&mut self, rules: usize) {
        let words = rules.div_ceil(64);
        if self.hits.len() < words {
            self.hits.resize(words, 0);
            self.summary.resize(words.div_ceil(64), 0);
        }
    }

    /// Moves what is marked to `found`, in order, and clears the marks.
    fn gather(&mut self) {
        let Self { hits, summary, found, .. } = self;
        for (slot, word) in (0_u32..).zip(summary) {
            let mut marked = std::mem::take(word);
            while marked != 0 {
                let at = slot.wrapping_mul(64).wrapping_add(marked.trailing_zeros());
                let mut ranks = hits.get_mut(wide(at)).map(std::mem::take).unwrap_or_default();
                while ranks != 0 {
                    found.push(at.wrapping_mul(64).wrapping_add(ranks.trailing_zeros()));
                    ranks &= ranks.wrapping_sub(1);
                }
                marked &= marked.wrapping_sub(1);
            }
        }
    }
}

/// The ranks of the conditions that hold, in order.
#[derive(Debug, Clone)]
pub struct Matches<'s>(std::slice::Iter<'s, u32>);

impl Iterator for Matches<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        self.0.next().copied()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Matches<'_> {}
