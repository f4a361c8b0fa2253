//! Bit rows: for each value of a column, which of many positions it does not rule out.
//!
//! A row has one bit for each position, in words of 64. An event picks one row of each column (of a set, the rows
//! of its members together), and what is left when all are intersected is what the event does not rule out.

use super::encoding::{ColumnId, Encoding, SOME};
use super::facts::Facts;
use super::formula::{Branch, Lit};
use crate::num::{narrow, wide};

/// Rows of one column; values of a longer column share rows.
const MAX_ROWS: usize = 512;
/// Bytes of bit rows for each position; columns beyond are asked one by one.
const BYTES_PER_POSITION: usize = 200;
/// Positions that rows are paid for at least.
const LEAST_POSITIONS: usize = 1024;
/// Words that are read at once.
pub(super) const CHUNK: usize = 8;

/// Rows that are read before a look at whether anything is left.
const ROWS_AT_ONCE: usize = 6;

/// The row of a set that is not known, the first of its column.
const UNKNOWN_SET: u32 = 0;
/// The row of a set without members.
const EMPTY_SET: u32 = 1;
/// From the number of a member to its row.
const MEMBERS: u32 = 1;

/// The rows of all columns that have them.
#[derive(Debug)]
pub(super) struct Rows {
    /// Words of one row.
    words: usize,
    /// Row after row, and a chunk to read beyond the last.
    bits: Vec<u64>,
    single: Vec<RowColumn>,
    sets: Vec<RowColumn>,
}

/// A column with bit rows.
#[derive(Debug)]
struct RowColumn {
    column: ColumnId,
    is_set: bool,
    /// Whether any position asks for a member of any name.
    asks_some: bool,
    /// The word at which its first row starts.
    start: usize,
    rows: u32,
    /// The row of each value, where values share rows.
    shared: Option<Vec<u16>>,
}

/// The rows that an event picks, each by the word at which it starts.
#[derive(Debug, Default)]
pub(super) struct Picked {
    rows: Vec<usize>,
    /// Rows of which one must hold: each group ends where the next starts.
    members: Vec<usize>,
    groups: Vec<(usize, usize)>,
}

impl Rows {
    /// Picks the rows of the facts.
    #[inline]
    pub(super) fn pick(&self, facts: &Facts, picked: &mut Picked) {
        picked.rows.clear();
        picked.rows.extend(self.single.iter().map(|column| self.start(column, facts.id(column.column))));
        picked.members.clear();
        picked.groups.clear();
        self.sets.iter().for_each(|column| self.pick_set(column, facts, picked));
    }

    #[inline]
    fn pick_set(&self, column: &RowColumn, facts: &Facts, picked: &mut Picked) {
        let row = |member: &u32| self.start(column, member.wrapping_add(MEMBERS));
        // That there is a member is told by the first; only a question for just that needs a row of its own.
        let members = match facts.set_of(column.column) {
            [SOME, named @ ..] if !named.is_empty() && !column.asks_some => named,
            all => all,
        };
        match members {
            [] => picked
                .rows
                .push(self.start(column, if facts.id(column.column) == 0 { UNKNOWN_SET } else { EMPTY_SET })),
            [one] => picked.rows.push(row(one)),
            many => {
                let from = picked.members.len();
                picked.members.extend(many.iter().map(row));
                picked.groups.push((from, picked.members.len()));
            }
        }
    }

    /// The word at which the row of a value starts, or of a member that was moved up by [`MEMBERS`].
    #[inline]
    fn start(&self, column: &RowColumn, value: u32) -> usize {
        column.start.wrapping_add(wide(column.row(value)).wrapping_mul(self.words))
    }

    /// What the picked rows leave of one word of positions.
    #[inline]
    pub(super) fn word(&self, word: usize, picked: &Picked) -> u64 {
        let read = |row: &usize| self.bits.get(row.wrapping_add(word)).copied().unwrap_or(0);
        let mut left = u64::MAX;
        for row in &picked.rows {
            left &= read(row);
            if left == 0 {
                return 0;
            }
        }
        for (from, to) in &picked.groups {
            let members = picked.members.get(*from..*to).unwrap_or_default();
            left &= members.iter().fold(0, |any, row| any | read(row));
        }
        left
    }

    /// The same of several words at once.
    #[inline]
    pub(super) fn chunk(&self, word: usize, picked: &Picked) -> [u64; CHUNK] {
        let mut left = [u64::MAX; CHUNK];
        for rows in picked.rows.chunks(ROWS_AT_ONCE) {
            for row in rows {
                let bits = self.read(row.wrapping_add(word));
                left.iter_mut().zip(bits).for_each(|(left, bits)| *left &= bits);
            }
            if left.iter().fold(0, |any, word| any | word) == 0 {
                return left;
            }
        }
        for (from, to) in &picked.groups {
            let mut any = [0; CHUNK];
            for row in picked.members.get(*from..*to).unwrap_or_default() {
                let bits = self.read(row.wrapping_add(word));
                any.iter_mut().zip(bits).for_each(|(any, bits)| *any |= bits);
            }
            left.iter_mut().zip(any).for_each(|(left, any)| *left &= any);
        }
        left
    }

    #[inline]
    fn read(&self, start: usize) -> [u64; CHUNK] {
        self.bits.get(start..).and_then(<[u64]>::first_chunk).copied().unwrap_or_default()
    }

    /// Bytes of memory.
    pub(super) fn bytes(&self) -> usize {
        let shared = self.single.iter().chain(&self.sets).filter_map(|column| column.shared.as_ref());
        let shared: usize = shared.map(|rows| rows.len().saturating_mul(2)).sum();
        self.bits.len().saturating_mul(8).saturating_add(shared)
    }
}

// Building.

/// The question of a branch that a row column answers, by the column.
fn rowed(lit: &Lit) -> Option<ColumnId> {
    match lit {
        Lit::In(column, _) | Lit::Has { column, wanted: true, .. } => Some(*column),
        _ => None,
    }
}

/// For each column its place among those with rows.
struct Slots(Vec<Option<u32>>);

impl Slots {
    fn of(&self, lit: &Lit) -> Option<usize> {
        let column = rowed(lit)?;
        self.0.get(wide(column)).copied().flatten().map(wide)
    }
}

impl Rows {
    /// The rows of the branches, one for each position in its order, and for each branch the questions that its
    /// rows leave open or answer only roughly.
    pub(super) fn build(encoding: &Encoding, branches: Vec<Branch>) -> (Self, Vec<Branch>) {
        let words = branches.len().div_ceil(64);
        let columns = choose(encoding, &branches, words);
        let mut slots = Slots(vec![None; encoding.columns.len()]);
        for (column, slot) in columns.iter().zip(0..) {
            if let Some(place) = slots.0.get_mut(wide(column.column)) {
                *place = Some(slot);
            }
        }
        let end = columns.last().map_or(0, |last| last.end(words));
        let mut made =
            Self { words, bits: vec![0; end.saturating_add(CHUNK)], single: Vec::new(), sets: Vec::new() };
        made.let_pass(&branches, &columns, &slots);
        let mut placed = vec![usize::MAX; columns.len()];
        let open = (0..).zip(branches);
        let open = open.map(|(at, branch)| made.place(at, branch, &columns, &slots, &mut placed)).collect();
        (made.sets, made.single) = columns.into_iter().partition(|column| column.is_set);
        (made, open)
    }

    /// A column that a branch does not ask rules nothing out.
    fn let_pass(&mut self, branches: &[Branch], columns: &[RowColumn], slots: &Slots) {
        let mut asked = vec![vec![0_u64; self.words]; columns.len()];
        for (at, branch) in branches.iter().enumerate() {
            for slot in branch.lits.iter().filter_map(|lit| slots.of(lit)) {
                if let Some(word) = asked.get_mut(slot).and_then(|row| row.get_mut(at / 64)) {
                    *word |= 1 << (at % 64);
                }
            }
        }
        let words = self.words.max(1);
        for (column, asked) in columns.iter().zip(asked) {
            let rows = self.bits.get_mut(column.start..column.end(words)).unwrap_or_default();
            for row in rows.chunks_exact_mut(words) {
                row.iter_mut().zip(&asked).for_each(|(word, asked)| *word = !asked);
            }
        }
    }

    /// Writes a branch into its position; gives back what is still to be asked. `placed` holds for each column the
    /// last position that asked it.
    fn place(
        &mut self,
        at: usize,
        branch: Branch,
        columns: &[RowColumn],
        slots: &Slots,
        placed: &mut [usize],
    ) -> Branch {
        let mut open = Branch { lits: Vec::new(), rest: branch.rest };
        for lit in branch.lits {
            let slot = slots.of(&lit);
            let last = slot.and_then(|slot| placed.get_mut(slot));
            // A branch has one range for a column, and may ask a set several times: its rows answer the first.
            let is_first = last.is_some_and(|last| std::mem::replace(last, at) != at);
            let column = slot.and_then(|slot| columns.get(slot)).filter(|_| is_first);
            if !column.is_some_and(|column| self.set(column, at, &lit)) {
                open.lits.push(lit);
            }
        }
        open
    }

    /// Sets the bits of a question; whether they answer it exactly.
    fn set(&mut self, column: &RowColumn, at: usize, lit: &Lit) -> bool {
        let words = self.words;
        let mut set = |row: u32| {
            let word = column.start.saturating_add(wide(row).saturating_mul(words)).saturating_add(at / 64);
            if let Some(word) = self.bits.get_mut(word) {
                *word |= 1 << (at % 64);
            }
        };
        match lit {
            Lit::In(_, ranges) => column.touch(ranges, set),
            Lit::Has { ids, missing, .. } => {
                missing.then_some(UNKNOWN_SET).into_iter().for_each(&mut set);
                ids.iter().for_each(|id| set(column.row(id.saturating_add(MEMBERS))));
                column.shared.is_none()
            }
            Lit::Matches { .. } => false,
        }
    }
}

/// The columns that get bit rows: the ones asked most first, as long as the memory allows.
fn choose(encoding: &Encoding, branches: &[Branch], words: usize) -> Vec<RowColumn> {
    let mut asked = vec![0_usize; encoding.columns.len()];
    for column in branches.iter().flat_map(|branch| &branch.lits).filter_map(rowed) {
        if let Some(count) = asked.get_mut(wide(column)) {
            *count = count.saturating_add(1);
        }
    }
    let mut order: Vec<(usize, ColumnId)> =
        asked.into_iter().zip(0..).filter(|(count, _)| *count > 0).collect();
    order.sort_unstable_by(|a, b| b.cmp(a));
    let mut left = branches.len().max(LEAST_POSITIONS).saturating_mul(BYTES_PER_POSITION);
    let mut columns: Vec<RowColumn> = Vec::new();
    for (_, column) in order {
        let start = columns.last().map_or(0, |last: &RowColumn| last.end(words));
        let chosen = RowColumn::new(encoding, branches, column, start);
        if let Some(rest) = left.checked_sub(wide(chosen.rows).saturating_mul(words).saturating_mul(8)) {
            left = rest;
            columns.push(chosen);
        }
    }
    columns
}

impl RowColumn {
    fn new(encoding: &Encoding, branches: &[Branch], column: ColumnId, start: usize) -> Self {
        let (is_set, values) =
            encoding.columns.get(wide(column)).map_or((false, 0), |c| (c.is_set, wide(c.size)));
        let size = if is_set { values.saturating_add(wide(MEMBERS)) } else { values };
        let shared = (size > MAX_ROWS).then(|| share(size));
        let rows = narrow(if shared.is_some() { MAX_ROWS } else { size });
        let asks_some =
            is_set && branches.iter().flat_map(|branch| &branch.lits).any(|lit| asks_some(lit, column));
        Self { column, is_set, asks_some, start, rows, shared }
    }

    /// The word after its last row.
    fn end(&self, words: usize) -> usize {
        self.start.saturating_add(wide(self.rows).saturating_mul(words))
    }

    /// The row of a value, or of a member that was moved up by [`MEMBERS`].
    #[inline]
    fn row(&self, value: u32) -> u32 {
        self.shared.as_ref().map_or(value, |rows| rows.get(wide(value)).copied().map_or(0, u32::from))
    }

    /// Sets the rows that ranges of values touch; whether they take all of them whole.
    fn touch(&self, ranges: &[(u32, u32)], mut set: impl FnMut(u32)) -> bool {
        let Some(shared) = &self.shared else {
            ranges.iter().flat_map(|(from, to)| *from..(*to).min(self.rows)).for_each(set);
            return true;
        };
        let mut is_exact = true;
        for (from, to) in ranges {
            let to = wide(*to).min(shared.len());
            let rows = shared.get(wide(*from)..to).unwrap_or_default();
            let (Some(low), Some(high)) = (rows.first(), rows.last()) else { continue };
            (*low..=*high).map(u32::from).for_each(&mut set);
            let starts_whole = shared.partition_point(|row| row < low) == wide(*from);
            let ends_whole = shared.partition_point(|row| row <= high) == to;
            is_exact &= starts_whole && ends_whole;
        }
        is_exact
    }
}

/// Whether a question takes any set that is not empty.
fn asks_some(lit: &Lit, asked: ColumnId) -> bool {
    matches!(lit, Lit::Has { column, ids, wanted: true, .. } if *column == asked && ids.first() == Some(&SOME))
}

/// The row of each value where many share few. The first three stand for the missing, the unnamed and the empty,
/// and keep rows of their own.
fn share(size: usize) -> Vec<u16> {
    const OWN: usize = 3;
    let rows = MAX_ROWS.saturating_sub(OWN);
    let row = |value: usize| match value.checked_sub(OWN) {
        None => value,
        Some(named) => {
            let place = named.saturating_mul(rows).checked_div(size.saturating_sub(OWN)).unwrap_or(0);
            place.saturating_add(OWN)
        }
    };
    (0..size).map(|value| u16::try_from(row(value)).unwrap_or(0)).collect()
}
