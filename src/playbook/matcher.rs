//! The matcher: which of many conditions hold for a row of facts, at a cost that follows the answer.
//!
//! Each condition is brought to a few *branches*, conjunctions of questions to columns. A branch is
//! filed under the one named value that fewest branches share (its *access key*), and the branches of a
//! key stand side by side, in the order of their rank, one *position* each. For a column and a value, a
//! bit row tells which positions the value does not rule out; an event picks one row of each column and
//! intersects them over the words of the keys that it touches, 64 positions at a time. What rows cannot
//! hold (members of sets, expressions, deep trees) is asked for the few positions left.

use std::sync::Arc;

use super::condition::Condition;
use super::encoding::{ColumnId, Encoding};
use super::facts::Facts;
use super::formula::{Branch, Formula, Lit, Mode, branches, contains};
use super::rule::OnUnknown;
use crate::num::{narrow, wide};

/// Up to this many positions there are no access keys: one word of each row holds them all.
const ONE_WORD: usize = 64;
/// Rows of one column; values of a longer column share rows.
const MAX_ROWS: usize = 160;
/// Bytes of bit rows for each position; columns beyond are asked one by one.
const ROW_BYTES_PER_POSITION: usize = 128;
/// Named values of one test that are worth filing a branch under each of them.
const MAX_KEYS: usize = 4;

/// Many conditions compiled, each known by its rank, from 0.
#[derive(Debug)]
pub struct Matcher {
    encoding: Arc<Encoding>,
    rules: u32,
    /// For each 64 positions: a word of positions that need a check, then one word of each row.
    blocks: Vec<u64>,
    block: usize,
    columns: Vec<RowColumn>,
    ranks: Vec<u32>,
    check_starts: Vec<u32>,
    checks: Vec<Formula>,
    /// Positions without an access key.
    rest: (u32, u32),
    access: Vec<Access>,
}

/// A column with bit rows.
#[derive(Debug)]
struct RowColumn {
    column: ColumnId,
    first_row: u32,
    /// The row of each value, where values share rows.
    shared: Option<Vec<u8>>,
}

/// The positions filed under the values of one column.
#[derive(Debug)]
struct Access {
    column: ColumnId,
    is_set: bool,
    ranges: Vec<(u32, u32)>,
}

/// Working memory of a [`Matcher`], used again and again.
#[derive(Debug, Default)]
pub struct Scratch {
    rows: Vec<u32>,
    hits: Vec<u64>,
    summary: Vec<u64>,
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
        let plan = file(found, encoding);
        assemble(encoding, rules, plan)
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
        let access: usize = self.access.iter().map(|a| a.ranges.len().saturating_mul(8)).sum();
        let checks = self.checks.len().saturating_mul(size_of::<Formula>().saturating_add(16));
        self.blocks
            .len()
            .saturating_mul(8)
            .saturating_add(small)
            .saturating_add(access)
            .saturating_add(checks)
    }

    /// The ranks of all conditions that hold, in order.
    pub fn matches<'s>(&self, facts: &Facts, scratch: &'s mut Scratch) -> Matches<'s> {
        self.start(facts, scratch);
        let Scratch { rows, hits, summary, memo } = &mut *scratch;
        self.each_range(facts, |range| {
            self.visit(range, rows, |position, is_sure| {
                if is_sure || self.check(position, facts, memo) {
                    mark(hits, summary, self.rank(position));
                }
                true
            });
        });
        Matches { hits: &scratch.hits, summary: &scratch.summary, slot: 0, left: 0, next_slot: 0 }
    }

    /// The lowest rank of a condition that holds.
    pub fn first(&self, facts: &Facts, scratch: &mut Scratch) -> Option<u32> {
        self.start(facts, scratch);
        let Scratch { rows, memo, .. } = scratch;
        let mut best = u32::MAX;
        self.each_range(facts, |range| {
            self.visit(range, rows, |position, is_sure| {
                let rank = self.rank(position);
                if rank < best && (is_sure || self.check(position, facts, memo)) {
                    best = rank;
                }
                // Positions of a key stand in the order of their rank.
                rank < best
            });
        });
        (best != u32::MAX).then_some(best)
    }

    fn start(&self, facts: &Facts, scratch: &mut Scratch) {
        scratch.forget(self.len());
        scratch.memo.start(self.encoding.patterns.len());
        scratch.rows.clear();
        scratch.rows.extend(self.columns.iter().map(|c| c.row(facts.id(c.column))));
    }

    /// The ranges of positions that the facts touch.
    #[inline]
    fn each_range(&self, facts: &Facts, mut visit: impl FnMut((u32, u32))) {
        for access in &self.access {
            let range = |id: u32| access.ranges.get(wide(id)).copied().filter(|(from, to)| from < to);
            if access.is_set {
                facts.set_of(access.column).iter().filter_map(|id| range(*id)).for_each(&mut visit);
            } else if let Some(range) = range(facts.id(access.column)) {
                visit(range);
            }
        }
        visit(self.rest);
    }

    /// Hands over the positions of a range that no row rules out, and whether that settles them;
    /// stops when told so.
    #[inline]
    fn visit(&self, (from, to): (u32, u32), rows: &[u32], mut each: impl FnMut(u32, bool) -> bool) {
        let mut start = from;
        while start < to {
            let slot = start / 64;
            let end = slot.saturating_add(1).saturating_mul(64).min(to);
            let mask = (u64::MAX << (start % 64)) & (u64::MAX >> (end.wrapping_neg() % 64));
            let at = wide(slot).saturating_mul(self.block);
            let Some((need_check, block)) =
                self.blocks.get(at..at.saturating_add(self.block)).and_then(<[u64]>::split_first)
            else {
                return;
            };
            let mut left = mask;
            for row in rows {
                left &= block.get(wide(*row)).copied().unwrap_or(0);
                if left == 0 {
                    break;
                }
            }
            while left != 0 {
                let bit = left & left.wrapping_neg();
                let position = slot.saturating_mul(64).saturating_add(left.trailing_zeros());
                if !each(position, need_check & bit == 0) {
                    return;
                }
                left ^= bit;
            }
            start = end;
        }
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

impl RowColumn {
    #[inline]
    fn row(&self, id: u32) -> u32 {
        let row = self.shared.as_ref().map_or(id, |rows| rows.get(wide(id)).copied().map_or(0, u32::from));
        self.first_row.saturating_add(row)
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
    /// Clears what the last event marked, and nothing else.
    fn forget(&mut self, rules: usize) {
        for (slot, word) in self.summary.iter_mut().enumerate() {
            while *word != 0 {
                let at = slot.saturating_mul(64).saturating_add(wide(word.trailing_zeros()));
                if let Some(hit) = self.hits.get_mut(at) {
                    *hit = 0;
                }
                *word &= word.wrapping_sub(1);
            }
        }
        let words = rules.div_ceil(64);
        if self.hits.len() < words {
            self.hits.resize(words, 0);
            self.summary.resize(words.div_ceil(64), 0);
        }
    }
}

/// The ranks of the conditions that hold, in order.
#[derive(Debug, Clone)]
pub struct Matches<'s> {
    hits: &'s [u64],
    summary: &'s [u64],
    /// The word of `hits` that is being read, and what is left of it.
    slot: usize,
    left: u64,
    next_slot: usize,
}

impl Matches<'_> {
    /// The next word of `hits` that is not empty.
    fn advance(&mut self) -> Option<()> {
        loop {
            let word = self.summary.get(self.next_slot / 64)? & (u64::MAX << (self.next_slot % 64));
            if word == 0 {
                self.next_slot = (self.next_slot / 64).saturating_add(1).saturating_mul(64);
                continue;
            }
            self.slot = (self.next_slot / 64).saturating_mul(64).saturating_add(wide(word.trailing_zeros()));
            self.next_slot = self.slot.saturating_add(1);
            self.left = self.hits.get(self.slot).copied()?;
            return Some(());
        }
    }
}

impl Iterator for Matches<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.left == 0 {
            self.advance()?;
        }
        let bit = self.left.trailing_zeros();
        self.left &= self.left.wrapping_sub(1);
        Some(narrow(self.slot.saturating_mul(64)).saturating_add(bit))
    }
}

// Building.

/// A branch in its place.
struct Position {
    key: Option<(ColumnId, u32)>,
    rank: u32,
    branch: Branch,
}

/// Files each branch under its access key, and puts the positions in order.
fn file(found: Vec<(u32, Branch)>, encoding: &Encoding) -> Vec<Position> {
    let mut positions = Vec::with_capacity(found.len());
    if found.len() <= ONE_WORD {
        positions.extend(found.into_iter().map(|(rank, branch)| Position { key: None, rank, branch }));
        return positions;
    }
    let mut counts: Vec<Vec<u32>> = encoding.columns.iter().map(|c| vec![0; wide(c.size)]).collect();
    for lit in found.iter().flat_map(|(_, branch)| &branch.lits) {
        for (column, id) in keys(lit) {
            if let Some(count) = counts.get_mut(wide(column)).and_then(|c| c.get_mut(wide(id))) {
                *count = count.saturating_add(1);
            }
        }
    }
    let crowd = |(column, id): (ColumnId, u32)| {
        counts.get(wide(column)).and_then(|c| c.get(wide(id))).copied().unwrap_or(u32::MAX)
    };
    for (rank, branch) in found {
        let best = branch
            .lits
            .iter()
            .enumerate()
            .filter_map(|(i, lit)| keys(lit).map(crowd).max().map(|most| (most, i)))
            .min();
        let Some((_, chosen)) = best else {
            positions.push(Position { key: None, rank, branch });
            continue;
        };
        file_under(rank, branch, chosen, &mut positions);
    }
    positions.sort_by_key(|p| (p.key, p.rank));
    positions
}

/// Files a branch under each value of one of its questions, which need not be asked again.
fn file_under(rank: u32, mut branch: Branch, chosen: usize, positions: &mut Vec<Position>) {
    let lit = branch.lits.remove(chosen);
    let mut keys: Vec<_> = keys(&lit).collect();
    let Some(last) = keys.pop() else { return };
    positions.extend(keys.into_iter().map(|key| Position { key: Some(key), rank, branch: branch.clone() }));
    positions.push(Position { key: Some(last), rank, branch });
}

/// The named values of which a question needs one; none where it takes the missing or many.
fn keys(lit: &Lit) -> impl Iterator<Item = (ColumnId, u32)> {
    let (column, ids): (ColumnId, Vec<u32>) = match lit {
        Lit::Has { column, ids, wanted: true, missing: false } if ids.len() <= MAX_KEYS => {
            (*column, ids.clone())
        }
        Lit::In(column, ranges) => {
            let values = ranges.iter().map(|(from, to)| wide(to.saturating_sub(*from))).sum::<usize>();
            let few = values <= MAX_KEYS && !contains(ranges, 0);
            (
                *column,
                if few { ranges.iter().flat_map(|(from, to)| *from..*to).collect() } else { Vec::new() },
            )
        }
        _ => (0, Vec::new()),
    };
    ids.into_iter().map(move |id| (column, id))
}

fn assemble(encoding: &Arc<Encoding>, rules: u32, positions: Vec<Position>) -> Matcher {
    let columns = choose_columns(encoding, &positions);
    let rows = columns.iter().map(|c| c.rows(encoding)).sum::<usize>();
    let block = rows.saturating_add(1);
    let mut made = Matcher {
        encoding: encoding.clone(),
        rules,
        blocks: vec![0; positions.len().div_ceil(64).saturating_mul(block)],
        block,
        ranks: positions.iter().map(|p| p.rank).collect(),
        check_starts: Vec::with_capacity(positions.len().saturating_add(1)),
        checks: Vec::new(),
        rest: (0, narrow(positions.iter().take_while(|p| p.key.is_none()).count())),
        access: access(encoding, &positions),
        columns,
    };
    for (at, position) in positions.into_iter().enumerate() {
        made.place(at, position.branch);
    }
    made.check_starts.push(narrow(made.checks.len()));
    made
}

/// The ranges of positions of each key.
fn access(encoding: &Encoding, positions: &[Position]) -> Vec<Access> {
    let mut list: Vec<Access> = Vec::new();
    for (at, position) in positions.iter().enumerate() {
        let Some((column, id)) = position.key else { continue };
        if list.last().is_none_or(|a| a.column != column) {
            let is_set = encoding.columns.get(wide(column)).is_some_and(|c| c.is_set);
            list.push(Access { column, is_set, ranges: Vec::new() });
        }
        let Some(access) = list.last_mut() else { continue };
        if access.ranges.len() <= wide(id) {
            access.ranges.resize(wide(id).saturating_add(1), (0, 0));
        }
        if let Some(range) = access.ranges.get_mut(wide(id)) {
            let from = if range.0 == range.1 { narrow(at) } else { range.0 };
            *range = (from, narrow(at.saturating_add(1)));
        }
    }
    list
}

/// The columns that get bit rows: the ones asked most first, as long as the memory allows.
fn choose_columns(encoding: &Encoding, positions: &[Position]) -> Vec<RowColumn> {
    let mut asked = vec![0_usize; encoding.columns.len()];
    for lit in positions.iter().flat_map(|p| &p.branch.lits) {
        if let Lit::In(column, _) = lit
            && let Some(count) = asked.get_mut(wide(*column))
        {
            *count = count.saturating_add(1);
        }
    }
    let mut order: Vec<(usize, ColumnId)> =
        asked.into_iter().zip(0..).filter(|(count, _)| *count > 0).collect();
    order.sort_unstable_by(|a, b| b.cmp(a));
    let mut left = positions.len().max(4096).saturating_mul(ROW_BYTES_PER_POSITION);
    let mut columns: Vec<RowColumn> = Vec::new();
    let mut first_row = 0_usize;
    for (_, column) in order {
        let chosen = RowColumn::new(encoding, column, narrow(first_row));
        let rows = chosen.rows(encoding);
        let bytes = rows.saturating_mul(positions.len().div_ceil(64).saturating_mul(8));
        if let Some(rest) = left.checked_sub(bytes) {
            left = rest;
            first_row = first_row.saturating_add(rows);
            columns.push(chosen);
        }
    }
    columns
}

impl RowColumn {
    fn new(encoding: &Encoding, column: ColumnId, first_row: u32) -> Self {
        let size = column_size(encoding, column);
        let shared = (size > MAX_ROWS).then(|| {
            // The missing and the unnamed value keep rows of their own.
            let row = |id: usize| {
                if id < 2 {
                    return id;
                }
                let rows = MAX_ROWS.saturating_sub(2);
                let share = id.saturating_sub(2).saturating_mul(rows).checked_div(size.saturating_sub(2));
                share.unwrap_or(0).saturating_add(2)
            };
            (0..size).map(|id| u8::try_from(row(id)).unwrap_or(u8::MAX)).collect()
        });
        Self { column, first_row, shared }
    }

    fn rows(&self, encoding: &Encoding) -> usize {
        if self.shared.is_some() { MAX_ROWS } else { column_size(encoding, self.column) }
    }

    /// The rows that ranges of values touch, each with whether they take it whole.
    fn touched(&self, ranges: &[(u32, u32)], size: usize) -> Vec<(u32, bool)> {
        let ends = ranges.iter().map(|(from, to)| (*from, (*to).min(narrow(size))));
        let Some(shared) = &self.shared else {
            return ends.flat_map(|(from, to)| from..to).map(|row| (row, true)).collect();
        };
        let mut touched: Vec<(u32, bool)> = Vec::new();
        for (from, to) in ends {
            let rows = shared.get(wide(from)..wide(to)).unwrap_or_default();
            let (Some(low), Some(high)) = (rows.first(), rows.last()) else { continue };
            for row in *low..=*high {
                let whole = shared.partition_point(|r| *r < row)..shared.partition_point(|r| *r <= row);
                let is_whole = wide(from) <= whole.start && whole.end <= wide(to);
                touched.push((u32::from(row), is_whole));
            }
        }
        touched
    }
}

/// Values that a column can take, the missing one included.
fn column_size(encoding: &Encoding, column: ColumnId) -> usize {
    encoding.columns.get(wide(column)).map_or(0, |c| wide(c.size))
}

impl Matcher {
    /// Writes a branch into its position.
    fn place(&mut self, at: usize, branch: Branch) {
        self.check_starts.push(narrow(self.checks.len()));
        let before = self.checks.len();
        let start = (at / 64).saturating_mul(self.block).saturating_add(1);
        let bit = 1_u64 << (at % 64);
        let block = self.block;
        let mut is_placed = vec![false; self.columns.len()];
        for lit in branch.lits {
            let slot = match &lit {
                Lit::In(column, _) => self.columns.iter().position(|c| c.column == *column),
                _ => None,
            };
            let (Lit::In(_, ranges), Some(slot)) = (&lit, slot) else {
                self.checks.push(Formula::Is(lit));
                continue;
            };
            let Some(column) = self.columns.get(slot) else { continue };
            let touched = column.touched(ranges, column_size(&self.encoding, column.column));
            let is_exact = touched.iter().all(|(_, whole)| *whole);
            let first = start.saturating_add(wide(column.first_row));
            for (row, _) in touched {
                set_bit(&mut self.blocks, first.saturating_add(wide(row)), bit);
            }
            if let Some(placed) = is_placed.get_mut(slot) {
                *placed = true;
            }
            if !is_exact {
                self.checks.push(Formula::Is(lit));
            }
        }
        // A column that the branch does not ask rules nothing out.
        for (column, _) in self.columns.iter().zip(&is_placed).filter(|(_, placed)| !**placed) {
            let first = start.saturating_add(wide(column.first_row));
            for row in 0..column.rows(&self.encoding) {
                set_bit(&mut self.blocks, first.saturating_add(row), bit);
            }
        }
        self.checks.extend(branch.rest);
        if self.checks.len() > before {
            set_bit(&mut self.blocks, (at / 64).saturating_mul(block), bit);
        }
    }
}

#[inline]
fn set_bit(blocks: &mut [u64], at: usize, bit: u64) {
    if let Some(word) = blocks.get_mut(at) {
        *word |= bit;
    }
}
