//! The compiled form: every open stretch of a span of time with its prefix sum, found by direct index.
//!
//! Eight bytes a stretch, plus two tables that lead from a time, or from an amount of open time, to
//! the first stretch that can matter; a question costs two table look-ups and no loop.

use super::hours::{END, Hours};
use crate::model::Timestamp;
use crate::num::{narrow, wide};

/// Stretches a grid holds at most; the horizon of a denser calendar ends earlier.
const MAX_STRETCHES: usize = 1 << 18;
/// Seconds of the widest bucket, of which a grid is a multiple: 36.4 hours.
const WIDEST: i64 = 1 << MAX_SHIFT;
/// log2 of these seconds.
const MAX_SHIFT: u32 = 17;
/// Seconds that fit a grid: 100 years, inside 32 bits.
const MAX_SPAN: i64 = 100 * 366 * 86_400 / WIDEST * WIDEST;
/// Seconds laid out at a time: four years.
const YEARS: i64 = 1_461 * 86_400 / WIDEST * WIDEST;
/// Stretches of no length before the first and behind the last: what is looked at together is always there.
const BEFORE: usize = 2;
const BEHIND: usize = 3;

/// Open stretches of a span of time, all in seconds relative to its start.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    /// Milliseconds since the epoch.
    base: i64,
    by_time: Index,
    by_open: Index,
    /// The stretches in order, between some of no length at 0 and past the end.
    stretches: Box<[Stretch]>,
    /// Open seconds.
    total: u32,
}

#[derive(Debug, Clone, Copy)]
struct Stretch {
    start: u32,
    /// Open seconds before it.
    open: u32,
}

/// For each bucket of seconds, where to begin to look.
#[derive(Debug, Clone)]
struct Index {
    places: Box<[u32]>,
    /// log2 of the seconds of a bucket.
    shift: u32,
}

/// A moment in a grid: how much open time lies before it, and whether it is open.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    /// Whole open seconds before it.
    pub(crate) seconds: u32,
    /// Milliseconds behind these; fewer than a thousand.
    pub(crate) millis: i64,
    pub(crate) is_open: bool,
}

impl Grid {
    /// Lays `hours` out over `from..to` (seconds) and up to 36 hours on, less where they are denser than the
    /// grid holds.
    pub(crate) fn new(hours: &Hours, from: i64, to: i64) -> Self {
        let to = from.saturating_add(whole_buckets(from, to));
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
        Self::of(&open, from, end)
    }

    /// Of the open stretches of `from..to`, which is a multiple of the widest bucket.
    pub(crate) fn of(open: &[(i64, i64)], from: i64, to: i64) -> Self {
        let relative = |at: i64| u32::try_from(at.saturating_sub(from)).unwrap_or(u32::MAX);
        let mut stretches = Vec::with_capacity(open.len().saturating_add(BEFORE).saturating_add(BEHIND));
        stretches.extend([Stretch { start: 0, open: 0 }; BEFORE]);
        let mut total: u32 = 0;
        for &(start, end) in open {
            let (start, end) = (relative(start), relative(end));
            stretches.push(Stretch { start, open: total });
            total = total.saturating_add(end.saturating_sub(start));
        }
        stretches.extend([Stretch { start: u32::MAX, open: total }; BEHIND]);
        let (span, count) = (relative(to), narrow(open.len()).max(1));
        // At most two buckets of time for each stretch, and one of open time.
        let time_shift = mean_shift(span, count).min(MAX_SHIFT);
        let open_shift = mean_shift(total, count).saturating_add(1).min(31);
        Self {
            base: from.saturating_mul(1000),
            by_time: Index::new(stretches.iter().map(|s| s.start), span, time_shift),
            by_open: Index::new(stretches.iter().map(|s| s.open), total, open_shift),
            stretches: stretches.into_boxed_slice(),
            total,
        }
    }

    /// The first millisecond.
    #[inline]
    pub(crate) const fn start(&self) -> i64 {
        self.base
    }

    /// The first millisecond after.
    pub(crate) fn end(&self) -> i64 {
        let buckets = i64::from(narrow(self.by_time.places.len()));
        self.base.saturating_add(buckets.wrapping_shl(self.by_time.shift).saturating_mul(1000))
    }

    /// Whether there is nothing in it.
    #[inline]
    pub(crate) fn is_void(&self) -> bool {
        self.by_time.places.is_empty()
    }

    /// Open seconds.
    #[inline]
    pub(crate) const fn total(&self) -> u32 {
        self.total
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let tables = self.by_time.places.len().saturating_add(self.by_open.places.len());
        let tables = tables.saturating_mul(size_of::<u32>());
        self.stretches.len().saturating_mul(size_of::<Stretch>()).saturating_add(tables)
    }

    /// How much open time lies between the start and `at`; `None` outside.
    #[inline(always)]
    pub(crate) fn position<const FAR: bool>(&self, at: i64) -> Option<Position> {
        let (second, millis) = seconds(at.wrapping_sub(self.base));
        self.position_at::<FAR>(second, millis)
    }

    /// How much open time lies before a second and some milliseconds; `None` outside.
    #[inline(always)]
    pub(crate) fn position_at<const FAR: bool>(&self, second: u64, millis: i64) -> Option<Position> {
        let place = self.by_time.place(second)?;
        let second = low(second);
        let end = second.wrapping_add(1);
        let [_, here, next] = self.locate::<FAR>(place, |s| s.start < end)?;
        let (inside, length) = (second.wrapping_sub(here.start), next.open.wrapping_sub(here.open));
        let is_open = inside < length;
        let millis = if is_open { millis } else { 0 };
        Some(Position { seconds: here.open.wrapping_add(inside.min(length)), millis, is_open })
    }

    /// Where the stretch ends that is open at `at`; `None` where nothing is, and outside.
    pub(crate) fn close(&self, at: i64) -> Option<Timestamp> {
        let (second, _) = seconds(at.wrapping_sub(self.base));
        let place = self.by_time.place(second)?;
        let end = low(second).wrapping_add(1);
        let [_, here, next] = self.locate::<true>(place, |s| s.start < end)?;
        let close = here.start.wrapping_add(next.open.wrapping_sub(here.open));
        // The last stretch may go on behind the grid.
        let is_inside = low(second) < close && next.start != u32::MAX;
        is_inside.then(|| self.instants((close, close), 0).0)
    }

    /// The first and the last instant with so many seconds and milliseconds (fewer than a thousand) of open
    /// time more than `at`, or fewer, where these are negative; `None` where any of them lies outside.
    #[inline(always)]
    pub(crate) fn moved<const FAR: bool>(
        &self,
        at: i64,
        seconds: i64,
        millis: i64,
    ) -> Option<(Timestamp, Timestamp)> {
        // A budget of all time wraps to a negative number, which is none of the grid's.
        let (target, millis) = self.position::<FAR>(at)?.and(seconds, millis);
        Some(self.instants(self.landed::<FAR>(target, millis)?, millis))
    }

    /// The instants of two of its seconds and some milliseconds: all of a grid lies between the first instant
    /// there is and the last.
    #[inline(always)]
    pub(crate) fn instants(&self, (first, last): (u32, u32), millis: i64) -> (Timestamp, Timestamp) {
        let base = self.base.wrapping_add(millis);
        let instant = |second: u32| Timestamp::known(i64::from(second).wrapping_mul(1000).wrapping_add(base));
        (instant(first), instant(last))
    }

    /// The first and the last second in which so many open seconds, more than none and fewer than all, and
    /// some milliseconds have passed.
    #[inline(always)]
    pub(crate) fn landed<const FAR: bool>(&self, target: i64, millis: i64) -> Option<(u32, u32)> {
        let place = self.by_open.place(target.cast_unsigned())?;
        let target = low(target.cast_unsigned());
        let end = target.wrapping_add(1);
        let [before, here, _] = self.locate::<FAR>(place, |s| s.open < end)?;
        let last = here.start.wrapping_add(target.wrapping_sub(here.open));
        let close = before.start.wrapping_add(here.open.wrapping_sub(before.open));
        Some((if here.open == target && millis == 0 { close } else { last }, last))
    }

    /// The first open second.
    pub(crate) fn first_open(&self) -> Option<u32> {
        self.stretches.get(BEFORE).filter(|_| self.total > 0).map(|first| first.start)
    }

    /// The end of the last stretch.
    pub(crate) fn last_close(&self) -> Option<u32> {
        let last = self.stretches.len().checked_sub(BEHIND.saturating_add(1))?;
        let last = self.stretches.get(last).filter(|_| self.total > 0)?;
        Some(last.start.wrapping_add(self.total.wrapping_sub(last.open)))
    }

    /// The last stretch that fulfils `holds`, which the one behind `place` does and all before it, with its
    /// neighbours.
    #[inline(always)]
    fn locate<const FAR: bool>(&self, place: u32, holds: impl Fn(&Stretch) -> bool) -> Option<[Stretch; 3]> {
        let place = wide(place);
        let near: &[Stretch; 5] = self.stretches.get(place..place.wrapping_add(5))?.first_chunk()?;
        let [_, _, second, third, fourth] = near;
        // Most buckets hold few; those of a calendar of minutes are searched.
        if holds(fourth) {
            return if FAR { self.search(place, holds) } else { None };
        }
        let after = usize::from(holds(second)).wrapping_add(usize::from(holds(third)));
        Some([*near.get(after)?, *near.get(after.wrapping_add(1))?, *near.get(after.wrapping_add(2))?])
    }

    /// As [`locate`](Self::locate), in steps that double.
    #[cold]
    fn search(&self, place: usize, holds: impl Fn(&Stretch) -> bool) -> Option<[Stretch; 3]> {
        let (mut after, mut step) = (place.wrapping_add(5), 8_usize);
        loop {
            let end = after.wrapping_add(step).min(self.stretches.len());
            let slice = self.stretches.get(after..end).unwrap_or_default();
            if slice.last().is_none_or(|last| !holds(last)) {
                after = after.wrapping_add(slice.partition_point(&holds));
                return self.stretches.get(after.wrapping_sub(2)..)?.first_chunk().copied();
            }
            after = end;
            step = step.saturating_mul(2);
        }
    }
}

impl Position {
    /// The open seconds and milliseconds with some more; beyond 64 bits they begin again from below.
    #[inline(always)]
    pub(crate) fn and(self, seconds: i64, millis: i64) -> (i64, i64) {
        let seconds = i64::from(self.seconds).wrapping_add(seconds);
        let sum = self.millis.wrapping_add(millis);
        // Most budgets are whole seconds.
        if millis == 0 || sum < 1000 {
            (seconds, sum)
        } else {
            (seconds.wrapping_add(1), sum.wrapping_sub(1000))
        }
    }

    /// The open seconds since another, and the milliseconds, which may count backwards.
    #[inline(always)]
    pub(crate) fn since(self, other: Self) -> (i64, i64) {
        let seconds = i64::from(self.seconds).wrapping_sub(i64::from(other.seconds));
        (seconds, self.millis.wrapping_sub(other.millis))
    }
}

impl Index {
    /// Of sorted values, of which the first two are 0: for each bucket of `0..span` the place of the one
    /// before the last that is at or before its start.
    fn new(values: impl Iterator<Item = u32>, span: u32, shift: u32) -> Self {
        let bucket = |value: u32| wide(value.wrapping_shr(shift));
        let up = |value: u32| bucket(value).saturating_add(usize::from(value.trailing_zeros() < shift));
        let buckets = up(span);
        let mut places = Vec::with_capacity(buckets);
        for (place, value) in (0_u32..).zip(values) {
            // The first bucket whose start is not before the value counts it, and so do all after.
            places.resize(up(value).min(buckets).max(places.len()), place.saturating_sub(2));
        }
        Self { places: places.into_boxed_slice(), shift }
    }

    /// Where to begin to look for a second.
    #[inline(always)]
    fn place(&self, second: u64) -> Option<u32> {
        self.places.get(usize::try_from(second.wrapping_shr(self.shift)).ok()?).copied()
    }
}

/// Whole seconds and the milliseconds behind them; a negative number is a very large one, of which nothing
/// is right but its size.
#[inline(always)]
pub(crate) fn seconds(millis: i64) -> (u64, i64) {
    // Multiplication by 2^64 / 1000, rounded up, is exact below 2^55.
    let (_, whole) = millis.cast_unsigned().carrying_mul(u64::MAX / 1000 + 1, 0);
    (whole, millis.wrapping_sub(whole.wrapping_mul(1000).cast_signed()))
}

/// The low half of a number that has no other.
#[inline(always)]
#[expect(clippy::as_conversions, reason = "hot: what a table has answered for is inside 32 bits")]
pub(crate) const fn low(second: u64) -> u32 {
    second as u32
}

/// log2 of what is between two of so many in a span.
fn mean_shift(span: u32, count: u32) -> u32 {
    span.checked_div(count).unwrap_or(0).max(1).ilog2()
}

/// Seconds to lay out from `from` to `to` or behind it, in whole buckets that end before the last instant.
fn whole_buckets(from: i64, to: i64) -> i64 {
    let round = |span: i64| span.div_euclid(WIDEST).saturating_mul(WIDEST);
    let wanted = to.saturating_sub(from).clamp(0, MAX_SPAN).saturating_add(WIDEST - 1);
    round(wanted.min(END.saturating_sub(from)))
}
