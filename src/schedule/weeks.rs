//! The periodic form: most weeks are like others, so that a century is some patterns and a list of weeks.
//!
//! A week is found by division, a moment in it by a short scan of its pattern; an amount of open time by
//! a search for its week. Eight bytes a week, and eight a stretch of each pattern.

use std::collections::BTreeMap;

use super::date::WEEK;
use super::grid::{Position, seconds};
use super::hours::Hours;
use crate::num::{narrow, wide};

/// 1990-01-04 and 2090-01-05: Thursdays, as 1970-01-01 was.
const FIRST: i64 = 1_044;
const LAST: i64 = 6_262;
/// Stretches of all patterns together; the century of a denser calendar ends earlier.
const MAX_SPANS: usize = 1 << 16;
/// Weeks that are laid out at a time.
const CHUNK: i64 = 104;
/// Seconds of a week, as patterns count.
const LENGTH: u32 = 604_800;

#[derive(Debug, Clone)]
pub(crate) struct Weeks {
    /// Every week, and one past the last.
    list: Box<[Week]>,
    /// The stretches of all patterns, each followed by one past its end.
    spans: Box<[Span]>,
    /// Where the stretches of each pattern lie.
    patterns: Box<[(u32, u32)]>,
    /// Open seconds of a week on average, at least one.
    mean: u32,
}

#[derive(Debug, Clone, Copy)]
struct Week {
    /// Open seconds before it.
    open: u32,
    /// The number of its pattern.
    pattern: u32,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    /// Seconds from the start of the week.
    start: u32,
    /// Open seconds of the week before it.
    open: u32,
}

impl Weeks {
    /// Lays `hours` out over the century.
    pub(crate) fn new(hours: &Hours) -> Self {
        let mut builder = Builder::default();
        let mut week = FIRST;
        while week < LAST && builder.spans.len() < MAX_SPANS {
            let next = week.saturating_add(CHUNK).min(LAST);
            builder.add(&hours.lay_out(week.saturating_mul(WEEK), next.saturating_mul(WEEK)), week, next);
            week = next;
        }
        builder.push(Vec::new());
        let Builder { list, spans, patterns, .. } = builder;
        let mean = list.last().map_or(0, |end| end.open).checked_div(narrow(list.len())).unwrap_or(0).max(1);
        let (list, spans) = (list.into_boxed_slice(), spans.into_boxed_slice());
        Self { list, spans, patterns: patterns.into_boxed_slice(), mean }
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let eights = [self.list.len(), self.spans.len(), self.patterns.len()];
        eights.into_iter().fold(0, usize::saturating_add).saturating_mul(size_of::<Week>())
    }

    const fn base() -> i64 {
        FIRST.saturating_mul(WEEK).saturating_mul(1000)
    }

    fn span(&self) -> i64 {
        i64::from(narrow(self.list.len())).saturating_sub(1).saturating_mul(WEEK).saturating_mul(1000)
    }

    /// How much open time lies between the start of the century and `at`; `None` outside it.
    #[inline]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "hot: sums of a century of seconds are inside 32 bits, and their milliseconds inside 64"
    )]
    pub(crate) fn position(&self, at: i64) -> Option<Position> {
        let (second, millis) = seconds(at.wrapping_sub(Self::base()), self.span())?;
        let (week, inside) = (self.list.get(wide(second / LENGTH))?, second % LENGTH);
        let pattern = self.pattern(week)?;
        let after = count(pattern, |span| span.start <= inside);
        let Some(here) = after.checked_sub(1).and_then(|index| pattern.get(index)) else {
            return Some(Position { open_millis: i64::from(week.open) * 1000, is_open: false });
        };
        let next = pattern.get(after)?;
        let since = inside.wrapping_sub(here.start);
        let is_open = since < next.open.wrapping_sub(here.open);
        let whole = if is_open { here.open.wrapping_add(since) } else { next.open };
        let open_millis = i64::from(week.open.wrapping_add(whole)) * 1000 + if is_open { millis } else { 0 };
        Some(Position { open_millis, is_open })
    }

    /// The first and the last instant with `open` milliseconds before them; `None` where either lies
    /// outside the century.
    #[inline]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "hot: sums of a century of seconds are inside 32 bits, and their milliseconds inside 64"
    )]
    pub(crate) fn instants(&self, open: i64) -> Option<(i64, i64)> {
        let total = i64::from(self.list.last()?.open) * 1000;
        let (second, millis) = seconds(open, total).filter(|_| open > 0)?;
        let number = self.week_of(second)?;
        let week = self.list.get(number)?;
        let pattern = self.pattern(week)?;
        let inside = second.wrapping_sub(week.open);
        let after = count(pattern, |span| span.open <= inside);
        let here = pattern.get(after.wrapping_sub(1))?;
        let past = inside.wrapping_sub(here.open);
        let last = instant(number, here.start.wrapping_add(past)) + millis;
        if past > 0 || millis > 0 {
            return Some((last, last));
        }
        match after.checked_sub(2).and_then(|index| pattern.get(index)) {
            Some(before) => Some((instant(number, close(*before, here.open)), last)),
            None => Some((self.last_close(second)?, last)),
        }
    }

    /// The last week before which at most `second` open seconds lie: near where it would be if all weeks
    /// were alike, or else searched for.
    #[inline]
    fn week_of(&self, second: u32) -> Option<usize> {
        let from = wide(second.checked_div(self.mean)?).saturating_sub(8);
        let near = self.list.get(from..from.saturating_add(17).min(self.list.len())).unwrap_or_default();
        let inside = near.first().zip(near.last()).is_some_and(|(a, b)| a.open <= second && second < b.open);
        let (from, list) = if inside { (from, near) } else { (0, &*self.list) };
        from.saturating_add(list.partition_point(|week| week.open <= second)).checked_sub(1)
    }

    /// The end of the last stretch of the weeks in which the first `second` open seconds pass.
    fn last_close(&self, second: u32) -> Option<i64> {
        let number = self.list.partition_point(|week| week.open < second).checked_sub(1)?;
        let pattern = self.pattern(self.list.get(number)?)?;
        let (end, spans) = pattern.split_last()?;
        Some(instant(number, close(*spans.last()?, end.open)))
    }

    /// The stretches of a week, and one past the end.
    #[inline]
    fn pattern(&self, week: &Week) -> Option<&[Span]> {
        let (from, to) = self.patterns.get(wide(week.pattern))?;
        self.spans.get(wide(*from)..wide(*to))
    }
}

const fn close(span: Span, open_after: u32) -> u32 {
    span.start.wrapping_add(open_after.wrapping_sub(span.open))
}

/// The millisecond of a second of a week.
#[inline]
#[expect(clippy::arithmetic_side_effects, reason = "hot: a century of milliseconds is inside 64 bits")]
fn instant(week: usize, second: u32) -> i64 {
    Weeks::base() + (i64::from(narrow(week)) * WEEK + i64::from(second)) * 1000
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
    patterns: Vec<(u32, u32)>,
    known: BTreeMap<Vec<(u32, u32)>, u32>,
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
        }
    }

    fn push(&mut self, own: Vec<(u32, u32)>) {
        let total = own.iter().fold(0, |sum: u32, (a, b)| sum.saturating_add(b.saturating_sub(*a)));
        let pattern = match self.known.get(&own) {
            Some(pattern) => *pattern,
            None => self.learn(own),
        };
        self.list.push(Week { open: self.open, pattern });
        self.open = self.open.saturating_add(total);
    }

    fn learn(&mut self, own: Vec<(u32, u32)>) -> u32 {
        let from = narrow(self.spans.len());
        let mut open: u32 = 0;
        for (start, end) in &own {
            self.spans.push(Span { start: *start, open });
            open = open.saturating_add(end.saturating_sub(*start));
        }
        self.spans.push(Span { start: LENGTH, open });
        let number = narrow(self.patterns.len());
        self.patterns.push((from, narrow(self.spans.len())));
        self.known.insert(own, number);
        number
    }
}
