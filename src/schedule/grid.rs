//! The compiled form: every open stretch of a horizon with its prefix sum, found by direct index.
//!
//! Eight bytes a stretch, plus two tables that lead from a time, or from an amount of open time, to
//! the first stretch that can matter; a question costs two table look-ups and a short scan.

use super::hours::Hours;
use crate::num::{narrow, wide};

/// Stretches a grid holds at most; the horizon of a denser calendar ends earlier.
const MAX_STRETCHES: usize = 1 << 18;
/// Seconds that fit a grid: 100 years, inside 32 bits.
const MAX_SPAN: i64 = 100 * 366 * 86_400;
/// Seconds laid out at a time: four years.
const YEARS: i64 = 1_461 * 86_400;
/// log2 of the milliseconds of a time bucket: 18.6 hours, about one opening.
const TIME_SHIFT: u32 = 26;

/// Open stretches of `base..base + span`, all in seconds relative to `base`.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    /// Milliseconds since the epoch.
    base: i64,
    /// Milliseconds.
    span: i64,
    /// A stretch of no length at 0, the stretches in order, and one past the end.
    stretches: Box<[Stretch]>,
    /// For each bucket of time: how many stretches start at or before it.
    by_time: Box<[u32]>,
    /// For each bucket of open time: how many stretches start with at most that much before them.
    by_open: Box<[u32]>,
    open_shift: u32,
    /// Open milliseconds of the horizon.
    total: i64,
}

#[derive(Debug, Clone, Copy)]
struct Stretch {
    start: u32,
    /// Open seconds before it.
    open: u32,
}

/// A moment in a grid: how much open time lies before it, and whether it is open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    pub(crate) open_millis: i64,
    pub(crate) is_open: bool,
}

impl Grid {
    /// Lays `hours` out over `from..to` (seconds), less where they are denser than the grid holds.
    pub(crate) fn new(hours: &Hours, from: i64, to: i64) -> Self {
        let to = to.max(from).min(from.saturating_add(MAX_SPAN));
        let mut end = from;
        let mut open: Vec<(i64, i64)> = Vec::new();
        // Some years at a time, so that a dense calendar is not laid out further than it is kept.
        while end < to && open.len() < MAX_STRETCHES {
            let next = end.saturating_add(YEARS).min(to);
            let mut year = hours.lay_out(end, next);
            if year.len() > MAX_STRETCHES && !open.is_empty() {
                break;
            }
            if let (Some(last), Some(first)) = (open.last_mut(), year.first_mut())
                && last.1 == first.0
            {
                first.0 = last.0;
                open.pop();
            }
            open.append(&mut year);
            end = next;
        }
        Self::build(&open, from, end)
    }

    fn build(open: &[(i64, i64)], from: i64, to: i64) -> Self {
        let relative = |at: i64| u32::try_from(at.saturating_sub(from)).unwrap_or(u32::MAX);
        let mut stretches = Vec::with_capacity(open.len().saturating_add(2));
        stretches.push(Stretch { start: 0, open: 0 });
        let mut sum: u32 = 0;
        for &(start, end) in open {
            stretches.push(Stretch { start: relative(start), open: sum });
            sum = sum.saturating_add(relative(end).saturating_sub(relative(start)));
        }
        stretches.push(Stretch { start: u32::MAX, open: sum });
        let span = relative(to);
        let (span, total) = (millis(span), millis(sum));
        // About one bucket for each stretch.
        let open_shift = total.checked_div(narrow(open.len()).into()).unwrap_or(total).max(1).ilog2();
        Self {
            base: from.saturating_mul(1000),
            span,
            by_time: counts(stretches.iter().map(|s| s.start), span, TIME_SHIFT),
            by_open: counts(stretches.iter().map(|s| s.open), total, open_shift),
            stretches: stretches.into_boxed_slice(),
            open_shift,
            total,
        }
    }

    /// The first millisecond of the horizon.
    pub(crate) const fn start(&self) -> i64 {
        self.base
    }

    /// The first millisecond after the horizon.
    pub(crate) const fn end(&self) -> i64 {
        self.base.saturating_add(self.span)
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let tables = self.by_time.len().saturating_add(self.by_open.len()).saturating_mul(size_of::<u32>());
        self.stretches.len().saturating_mul(size_of::<Stretch>()).saturating_add(tables)
    }

    /// How much open time lies between the start of the horizon and `at`; `None` outside it.
    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "hot: seconds inside 32 bits are milliseconds inside 64"
    )]
    pub(crate) fn position(&self, at: i64) -> Option<Position> {
        let (whole, millis, is_open) = self.find(at)?;
        Some(Position { open_millis: i64::from(whole) * 1000 + millis, is_open })
    }

    /// Open seconds before `at` and the milliseconds behind them, and whether it is open.
    #[inline(always)]
    fn find(&self, at: i64) -> Option<(u32, i64, bool)> {
        let since = at.wrapping_sub(self.base);
        let first = wide(*bucket(&self.by_time, since, TIME_SHIFT)?);
        let (second, millis) = seconds(since, self.span)?;
        let (_, here, next) = self.locate(first, |s| s.start <= second)?;
        let (inside, length) = (second.wrapping_sub(here.start), next.open.wrapping_sub(here.open));
        let is_open = inside < length;
        Some((here.open.wrapping_add(inside.min(length)), if is_open { millis } else { 0 }, is_open))
    }

    /// The first and the last instant with `budget` milliseconds of open time from `at`, which may be
    /// negative; `None` where any of them lies outside the horizon.
    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "hot: sums are below the total, and starts below the span, both inside 32 bits; a budget of \
                  64 bits of milliseconds has fewer seconds by a thousand"
    )]
    pub(crate) fn moved(&self, at: i64, budget: i64) -> Option<(i64, i64)> {
        let (whole, millis, _) = self.find(at)?;
        // Dividing the budget alone lets that go on beside the look-up.
        let (more, rest) = (budget.div_euclid(1000), millis + budget.rem_euclid(1000));
        let (carry, millis) = if rest >= 1000 { (1, rest - 1000) } else { (0, rest) };
        let target = u32::try_from(i64::from(whole) + more + carry).ok()?;
        let open = i64::from(target) * 1000;
        if open >= self.total {
            return None;
        }
        let first = wide(*bucket(&self.by_open, open, self.open_shift)?);
        let (after, here, _) = self.locate(first, |s| s.open <= target)?;
        let inside = target.wrapping_sub(here.open);
        let last = self.base + i64::from(here.start.wrapping_add(inside)) * 1000 + millis;
        if inside > 0 || millis > 0 {
            return Some((last, last));
        }
        // Used up at a close. Before the first opening of the horizon nobody knows the close.
        let before = self.stretches.get(after.wrapping_sub(2)).filter(|_| target > 0)?;
        let close = before.start.wrapping_add(here.open.wrapping_sub(before.open));
        Some((self.base + i64::from(close) * 1000, last))
    }

    /// How many stretches fulfil `holds`, which holds for a first part of them that has `first` and more;
    /// the last of these, and the one after.
    #[inline(always)]
    fn locate(&self, first: usize, holds: impl Fn(&Stretch) -> bool) -> Option<(usize, Stretch, Stretch)> {
        let near = self.stretches.get(first.wrapping_sub(1)..)?;
        let mut pairs = near.windows(2);
        // Most buckets hold few; those of a calendar of minutes are searched.
        for steps in 0..8 {
            let [here, next] = pairs.next()? else { return None };
            if !holds(next) {
                return Some((first.wrapping_add(steps), *here, *next));
            }
        }
        let after = self.search(first.wrapping_add(8), holds);
        Some((after, *self.stretches.get(after.wrapping_sub(1))?, *self.stretches.get(after)?))
    }

    /// How many stretches fulfil `holds`, looked for in steps that double.
    #[cold]
    fn search(&self, first: usize, holds: impl Fn(&Stretch) -> bool) -> usize {
        let (mut after, mut step) = (first, 8_usize);
        loop {
            let end = after.wrapping_add(step).min(self.stretches.len());
            let slice = self.stretches.get(after..end).unwrap_or_default();
            if slice.last().is_none_or(|last| !holds(last)) {
                return after.wrapping_add(slice.partition_point(&holds));
            }
            after = end;
            step = step.saturating_mul(2);
        }
    }
}

/// Whole seconds and the milliseconds behind them, of `0..limit`.
#[inline(always)]
pub(crate) fn seconds(millis: i64, limit: i64) -> Option<(u32, i64)> {
    // A negative number is a very large one.
    let (unsigned, limit) = (millis.cast_unsigned(), limit.cast_unsigned());
    if unsigned >= limit {
        return None;
    }
    let whole = unsigned / 1000;
    let rest = unsigned.wrapping_sub(whole.wrapping_mul(1000)).cast_signed();
    Some((u32::try_from(whole).ok()?, rest))
}

/// The entry of a table for a number of milliseconds; a negative number is a very large one.
#[inline(always)]
fn bucket(table: &[u32], millis: i64, shift: u32) -> Option<&u32> {
    table.get(usize::try_from(millis.cast_unsigned().wrapping_shr(shift)).ok()?)
}

/// For each bucket of `0..=span` milliseconds: how many of the sorted `values`, in seconds, are at or
/// before its start.
fn counts(values: impl Iterator<Item = u32>, span: i64, shift: u32) -> Box<[u32]> {
    let number = |millis: i64| usize::try_from(millis.wrapping_shr(shift)).unwrap_or(0);
    let buckets = number(span).saturating_add(1);
    let mut table = Vec::with_capacity(buckets);
    let mut count = 0_u32;
    for value in values {
        // The first bucket whose start is not before the value counts it, and so do all after.
        let bucket = millis(value).checked_sub(1).filter(|before| *before >= 0);
        let bucket = bucket.map_or(0, |before| number(before).saturating_add(1));
        let missing = bucket.min(buckets).saturating_sub(table.len());
        table.extend(std::iter::repeat_n(count, missing));
        count = count.saturating_add(1);
    }
    let missing = buckets.saturating_sub(table.len());
    table.extend(std::iter::repeat_n(count, missing));
    table.into_boxed_slice()
}

fn millis(seconds: u32) -> i64 {
    i64::from(seconds).saturating_mul(1000)
}
