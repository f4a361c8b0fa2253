//! The periodic form: most weeks are like others, so that a century is some patterns and a list of weeks.
//!
//! It is laid out two years at a time, when they are first asked for; who asks first decides who does the
//! work, never what the answer is. A week is found by division, a moment in it by a short scan of its
//! pattern; an amount of open time by a search for its week.

use std::collections::BTreeMap;

use once_cell::race::OnceBox;

use super::date::WEEK;
use super::grid::{Position, seconds};
use super::hours::Hours;
use crate::num::{narrow, wide};

/// 1990-01-04: a Thursday, as 1970-01-01 was.
const FIRST: i64 = 1_044;
/// Weeks of a block.
const BLOCK: i64 = 104;
/// Blocks, to 2091-09-06.
const BLOCKS: u32 = 51;
/// Stretches of all patterns of a block together; a block of a denser calendar is not kept.
const MAX_SPANS: usize = 1 << 16;
/// Seconds of a week, as patterns count.
const LENGTH: u32 = 604_800;
/// Seconds of a block.
const BLOCK_LENGTH: u32 = 104 * LENGTH;
/// The first millisecond.
const BASE: i64 = FIRST * WEEK * 1000;
/// Milliseconds of all blocks.
const RANGE: i64 = 51 * BLOCK * WEEK * 1000;

const _: () = assert!(BLOCKS.checked_mul(BLOCK_LENGTH).is_some(), "seconds fit 32 bits");

/// A century of some hours, which every method is given.
#[derive(Debug)]
pub(crate) struct Weeks {
    blocks: Box<[OnceBox<Block>]>,
}

/// Two years; without weeks where they are too dense to be kept.
#[derive(Debug)]
struct Block {
    /// Every week, and one past the last.
    list: Box<[Week]>,
    /// The stretches of all patterns, each between one of no length at 0 and one past its end.
    spans: Box<[Span]>,
    /// Open seconds of a week on average, at least one.
    mean: u32,
}

#[derive(Debug, Clone, Copy)]
struct Week {
    /// Open seconds of the block before it.
    open: u32,
    /// Where the stretches of its pattern lie.
    from: u32,
    to: u32,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    /// Seconds from the start of the week.
    start: u32,
    /// Open seconds of the week before it.
    open: u32,
}

impl Weeks {
    /// Nothing laid out yet.
    pub(crate) fn new() -> Self {
        Self { blocks: std::iter::repeat_with(OnceBox::new).take(wide(BLOCKS)).collect() }
    }

    /// Bytes on the heap by now.
    pub(crate) fn bytes(&self) -> usize {
        let blocks = self.blocks.iter().filter_map(OnceBox::get).map(Block::bytes);
        blocks.fold(self.blocks.len().saturating_mul(size_of::<usize>()), usize::saturating_add)
    }

    /// Whether `at` (milliseconds since the epoch) is open; `None` outside the century.
    #[inline]
    pub(crate) fn is_open(&self, hours: &Hours, at: i64) -> Option<bool> {
        self.place(hours, at).map(|(_, position)| position.is_open)
    }

    /// Open milliseconds in `start..end`; `None` where either lies outside the century.
    pub(crate) fn between(&self, hours: &Hours, start: i64, end: i64) -> Option<i64> {
        let ((first, from), (last, to)) = self.place(hours, start).zip(self.place(hours, end))?;
        let mut open = to.open_millis.saturating_sub(from.open_millis);
        for number in first..last {
            open = open.saturating_add(self.block(hours, number)?.total());
        }
        Some(open)
    }

    /// The first and the last instant with `budget` milliseconds of open time from `at`, which may be
    /// negative; `None` where any of them lies outside the century.
    pub(crate) fn moved(&self, hours: &Hours, at: i64, budget: i64) -> Option<(i64, i64)> {
        let (mut number, position) = self.place(hours, at)?;
        let mut open = position.open_millis.saturating_add(budget);
        while open <= 0 {
            number = number.checked_sub(1)?;
            open = open.saturating_add(self.block(hours, number)?.total());
        }
        loop {
            let block = self.block(hours, number)?;
            let total = block.total();
            if open < total {
                let (first, last) = block.instants(open)?;
                return Some((instant(number, first), instant(number, last)));
            }
            let next = number.saturating_add(1);
            if open == total {
                let first = block.last_close(narrow_seconds(total)?)?;
                let first = instant(number, i64::from(first).saturating_mul(1000));
                return Some((first, self.first_open(hours, next)?));
            }
            (number, open) = (next, open.saturating_sub(total));
        }
    }

    /// The first open instant from a block on.
    fn first_open(&self, hours: &Hours, from: usize) -> Option<i64> {
        for number in from..self.blocks.len() {
            let block = self.block(hours, number)?;
            if block.total() > 0 {
                return block.instants(0).map(|(_, last)| instant(number, last));
            }
        }
        None
    }

    /// The number of the block of an instant, and how much open time of it lies before.
    #[inline]
    fn place(&self, hours: &Hours, at: i64) -> Option<(usize, Position)> {
        let (second, millis) = seconds(at.wrapping_sub(BASE), RANGE)?;
        let number = wide(second / BLOCK_LENGTH);
        Some((number, self.block(hours, number)?.position(second % BLOCK_LENGTH, millis)?))
    }

    #[inline]
    fn block(&self, hours: &Hours, number: usize) -> Option<&Block> {
        let place = self.blocks.get(number)?;
        let block = place.get().unwrap_or_else(|| place.get_or_init(|| Box::new(Block::new(hours, number))));
        (!block.list.is_empty()).then_some(block)
    }
}

impl Block {
    #[cold]
    fn new(hours: &Hours, number: usize) -> Self {
        let from = FIRST.saturating_add(i64::from(narrow(number)).saturating_mul(BLOCK));
        let to = from.saturating_add(BLOCK);
        let mut builder = Builder::default();
        builder.add(&hours.lay_out(from.saturating_mul(WEEK), to.saturating_mul(WEEK)), from, to);
        builder.push(Vec::new());
        let Builder { mut list, mut spans, open, .. } = builder;
        if spans.len() > MAX_SPANS {
            (list, spans) = (Vec::new(), Vec::new());
        }
        let mean = open.checked_div(narrow(list.len())).unwrap_or(0).max(1);
        Self { list: list.into_boxed_slice(), spans: spans.into_boxed_slice(), mean }
    }

    fn bytes(&self) -> usize {
        let weeks = self.list.len().saturating_mul(size_of::<Week>());
        weeks.saturating_add(self.spans.len().saturating_mul(size_of::<Span>()))
    }

    /// Open milliseconds.
    fn total(&self) -> i64 {
        self.list.last().map_or(0, |end| i64::from(end.open).saturating_mul(1000))
    }

    /// How much open time lies before a second of the block and some milliseconds.
    #[inline]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "hot: sums of two years of seconds are inside 32 bits, and their milliseconds inside 64"
    )]
    fn position(&self, second: u32, millis: i64) -> Option<Position> {
        let (week, inside) = (self.list.get(wide(second / LENGTH))?, second % LENGTH);
        let pattern = self.pattern(week)?;
        let after = count(pattern, |span| span.start <= inside);
        let (here, next) = (pattern.get(after.wrapping_sub(1))?, pattern.get(after)?);
        let (since, length) = (inside.wrapping_sub(here.start), next.open.wrapping_sub(here.open));
        let is_open = since < length;
        let whole = i64::from(week.open.wrapping_add(here.open).wrapping_add(since.min(length)));
        Some(Position { open_millis: whole * 1000 + if is_open { millis } else { 0 }, is_open })
    }

    /// The first and the last millisecond of the block with `open` milliseconds before them, of which there
    /// are more; for none the first is not told from the last.
    #[inline]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "hot: a century of milliseconds is inside 64 bits, and its weeks inside 32"
    )]
    fn instants(&self, open: i64) -> Option<(i64, i64)> {
        let (second, millis) = seconds(open, self.total())?;
        let number = self.week_of(second);
        let week = self.list.get(number)?;
        let pattern = self.pattern(week)?;
        let inside = second.wrapping_sub(week.open);
        let after = count(pattern, |span| span.open <= inside);
        let here = pattern.get(after.wrapping_sub(1))?;
        let past = inside.wrapping_sub(here.open);
        let start = narrow(number) * LENGTH;
        let last = i64::from(start + here.start.wrapping_add(past)) * 1000 + millis;
        if past > 0 || millis > 0 || open == 0 {
            return Some((last, last));
        }
        // Behind the one of no length and the one that opens: a close of this week.
        let first =
            match after.checked_sub(2).filter(|before| *before > 0).and_then(|before| pattern.get(before)) {
                Some(before) => start + close(*before, here.open),
                None => self.last_close(second)?,
            };
        Some((i64::from(first) * 1000, last))
    }

    /// The last week before which at most `second` open seconds lie: near where it would be if all weeks
    /// were alike, or else searched for.
    #[inline]
    fn week_of(&self, second: u32) -> usize {
        let from = wide(second.checked_div(self.mean).unwrap_or(0)).saturating_sub(4);
        let near = self.list.get(from..from.saturating_add(9).min(self.list.len())).unwrap_or_default();
        let inside = near.first().zip(near.last()).is_some_and(|(a, b)| a.open <= second && second < b.open);
        let count = if inside {
            from.saturating_add(near.iter().take_while(|week| week.open <= second).count())
        } else {
            self.list.partition_point(|week| week.open <= second)
        };
        count.saturating_sub(1)
    }

    /// The end, in seconds of the block, of the last stretch of the weeks in which the first `second` open
    /// seconds pass.
    fn last_close(&self, second: u32) -> Option<u32> {
        let number = self.list.partition_point(|week| week.open < second).checked_sub(1)?;
        let pattern = self.pattern(self.list.get(number)?)?;
        let (end, spans) = pattern.split_last()?;
        Some(narrow(number).saturating_mul(LENGTH).saturating_add(close(*spans.last()?, end.open)))
    }

    /// The stretches of a week, between one of no length at 0 and one past the end.
    #[inline]
    fn pattern(&self, week: &Week) -> Option<&[Span]> {
        self.spans.get(wide(week.from)..wide(week.to))
    }
}

const fn close(span: Span, open_after: u32) -> u32 {
    span.start.wrapping_add(open_after.wrapping_sub(span.open))
}

/// Whole seconds of a total.
fn narrow_seconds(millis: i64) -> Option<u32> {
    u32::try_from(millis.div_euclid(1000)).ok()
}

/// The millisecond since the epoch of a millisecond of a block.
#[inline]
#[expect(clippy::arithmetic_side_effects, reason = "hot: a century of milliseconds is inside 64 bits")]
fn instant(number: usize, millis: i64) -> i64 {
    BASE + i64::from(narrow(number)) * (BLOCK * WEEK * 1000) + millis
}

/// How many spans of a first part hold.
#[inline]
fn count(pattern: &[Span], holds: impl Fn(&Span) -> bool) -> usize {
    if pattern.len() > 24 {
        return pattern.partition_point(holds);
    }
    pattern.iter().take_while(|span| holds(span)).count()
}

#[derive(Default)]
struct Builder {
    list: Vec<Week>,
    spans: Vec<Span>,
    known: BTreeMap<Vec<(u32, u32)>, (u32, u32)>,
    open: u32,
}

impl Builder {
    /// Adds the weeks `from..to` with their sorted stretches.
    fn add(&mut self, open: &[(i64, i64)], from: i64, to: i64) {
        let mut next = 0;
        for week in from..to {
            let start = week.saturating_mul(WEEK);
            let second =
                |at: i64| u32::try_from(at.saturating_sub(start).max(0)).unwrap_or(LENGTH).min(LENGTH);
            let mut own = Vec::with_capacity(16);
            // A stretch that reaches into the next week is looked at again there.
            while let Some((a, b)) = open.get(next).map(|(a, b)| (second(*a), second(*b))) {
                if a < b {
                    own.push((a, b));
                }
                if b == LENGTH {
                    break;
                }
                next = next.saturating_add(1);
            }
            self.push(own);
            if self.spans.len() > MAX_SPANS {
                return;
            }
        }
    }

    fn push(&mut self, own: Vec<(u32, u32)>) {
        let total = own.iter().fold(0, |sum: u32, (a, b)| sum.saturating_add(b.saturating_sub(*a)));
        let (from, to) = match self.known.get(&own) {
            Some(place) => *place,
            None => self.learn(own),
        };
        self.list.push(Week { open: self.open, from, to });
        self.open = self.open.saturating_add(total);
    }

    fn learn(&mut self, own: Vec<(u32, u32)>) -> (u32, u32) {
        let from = narrow(self.spans.len());
        let mut open: u32 = 0;
        self.spans.push(Span { start: 0, open });
        for (start, end) in &own {
            self.spans.push(Span { start: *start, open });
            open = open.saturating_add(end.saturating_sub(*start));
        }
        self.spans.push(Span { start: LENGTH, open });
        let place = (from, narrow(self.spans.len()));
        self.known.insert(own, place);
        place
    }
}
