//! Answers without a compiled horizon: hours are laid out as far as the question reaches, and whole
//! weeks without holiday, closure or change of clocks are skipped by arithmetic.

use super::date::WEEK;
use super::hours::{END, Hours};
use super::intervals::total;

/// The last instant that can be an answer, in milliseconds.
const LAST: i64 = END * 1000 - 1;
/// How much is laid out at a time where weeks cannot be skipped.
const CHUNK: i64 = 4 * WEEK;
/// 400 Gregorian years in milliseconds: 20 871 weeks.
const CYCLE: i64 = 20_871 * WEEK * 1000;
/// Milliseconds within which a close is looked for: 400 days.
const NEAR: i64 = 400 * 86_400_000;
/// Seconds laid out at a time where nothing repeats: four years.
const MOST: i64 = 208 * WEEK;

/// Open milliseconds in `from..to`.
pub(crate) fn open_between(hours: &Hours, from: i64, to: i64) -> i64 {
    let mut sum: i64 = 0;
    walk(hours, from, to, &mut |step| {
        sum = sum.saturating_add(match step {
            Step::Open(start, end) => end.saturating_sub(start),
            Step::Alike { count, open } => count.saturating_mul(open),
        });
        Verdict::Accept
    });
    sum
}

/// The first instant at which `budget` > 0 open milliseconds have passed since `from`.
pub(crate) fn spend(hours: &Hours, from: i64, budget: i64) -> Option<i64> {
    // No hours are open for longer than there is time.
    if budget > LAST.saturating_sub(from) {
        return None;
    }
    let (mut left, mut found) = (budget, None);
    walk(hours, from, LAST.saturating_add(1), &mut |step| match step {
        Step::Alike { count, open } => {
            let affordable = left.saturating_sub(1).checked_div(open).unwrap_or(count).min(count);
            left = left.saturating_sub(affordable.saturating_mul(open));
            Verdict::AcceptSome(affordable)
        }
        Step::Open(start, end) => {
            let length = end.saturating_sub(start);
            if left <= length {
                found = start.checked_add(left);
                return Verdict::Stop;
            }
            left = left.saturating_sub(length);
            Verdict::Accept
        }
    });
    found.filter(|at| *at <= LAST)
}

/// The first open instant at or after `from`.
pub(crate) fn next_open(hours: &Hours, from: i64) -> Option<i64> {
    let mut found = None;
    walk(hours, from, LAST.saturating_add(1), &mut |step| match step {
        Step::Alike { count, open } => Verdict::AcceptSome(if open == 0 { count } else { 0 }),
        Step::Open(start, _) => {
            found = Some(start);
            Verdict::Stop
        }
    });
    found
}

/// The first instant after `from`, which is open, that is not; nothing is said of what closes after 400 days.
pub(crate) fn next_close(hours: &Hours, from: i64) -> Option<i64> {
    let to = from.saturating_add(NEAR).min(LAST);
    let mut close = from;
    walk(hours, from, to, &mut |step| match step {
        // Weeks without a close are gone through with those that have one.
        Step::Alike { .. } => Verdict::AcceptSome(0),
        Step::Open(start, end) if start <= close => {
            close = close.max(end);
            Verdict::Accept
        }
        Step::Open(..) => Verdict::Stop,
    });
    (close < to).then_some(close)
}

/// The latest instant since which `budget` open milliseconds have passed until `to`.
pub(crate) fn spend_back(hours: &Hours, to: i64, budget: i64) -> Option<i64> {
    if budget <= 0 {
        return Some(to);
    }
    let mut reach = CHUNK.saturating_mul(1000).max(budget.saturating_mul(2));
    loop {
        let from = to.saturating_sub(reach).max(0);
        let open = open_between(hours, from, to);
        if open >= budget {
            let skip = open.saturating_sub(budget);
            let reached = if skip == 0 { Some(from) } else { spend(hours, from, skip) };
            return reached.and_then(|at| next_open(hours, at));
        }
        if from == 0 {
            return None;
        }
        reach = reach.saturating_mul(4);
    }
}

#[derive(Clone, Copy)]
enum Step {
    /// An open stretch, in milliseconds.
    Open(i64, i64),
    /// Spans of time that are all alike, with the open milliseconds of each.
    Alike { count: i64, open: i64 },
}

enum Verdict {
    Accept,
    /// So many of the spans offered.
    AcceptSome(i64),
    Stop,
}

/// Offers the hours of `from..to` (milliseconds) in order, until it is told to stop.
fn walk(hours: &Hours, from: i64, to: i64, visit: &mut impl FnMut(Step) -> Verdict) {
    let mut open: i64 = 0;
    let mut visit = |step| {
        let verdict = visit(step);
        open = open.saturating_add(accepted(step, &verdict));
        (verdict, open)
    };
    // Most questions end within days, before it pays to ask what repeats.
    let mut at = from.saturating_add(WEEK * 1000).min(to);
    let mut going = lay_out(hours, from, at, &mut visit);
    let mut chunk = CHUNK;
    let mut cycle = Cycle::of(hours);
    while going && at < to {
        at = cycle.skip(at, to, &mut visit);
        let end = cycle.limit(to);
        let quiet = hours.quiet_until(at.div_euclid(1000)).saturating_mul(1000).min(end);
        let weeks = quiet.saturating_sub(at).div_euclid(WEEK * 1000);
        let skipped = if weeks >= 3 { skip_weeks(hours, at, weeks, &mut visit) } else { 0 };
        at = at.saturating_add(skipped.saturating_mul(WEEK * 1000));
        if skipped == 0 || skipped < weeks {
            // Where little repeats, more is laid out at a time.
            let end = at.saturating_add(chunk.saturating_mul(1000)).min(end);
            going = lay_out(hours, at, end, &mut visit);
            (at, chunk) = (end, chunk.saturating_mul(2).min(MOST));
        } else {
            chunk = CHUNK;
        }
    }
}

/// Open milliseconds that were accepted.
fn accepted(step: Step, verdict: &Verdict) -> i64 {
    match (step, verdict) {
        (_, Verdict::Stop) => 0,
        (Step::Open(start, end), _) => end.saturating_sub(start),
        (Step::Alike { open, .. }, Verdict::AcceptSome(count)) => open.saturating_mul(*count),
        (Step::Alike { count, open }, Verdict::Accept) => open.saturating_mul(count),
    }
}

/// The Gregorian calendar repeats every 400 years, which are whole weeks: once a walk has gone through as
/// many years that only rules make, the rest is more of the same.
struct Cycle {
    /// From when on the hours repeat, until a walk has made use of it.
    from: Option<i64>,
    /// Where the walk came upon that, and what it had counted by then.
    start: Option<(i64, i64)>,
}

impl Cycle {
    fn of(hours: &Hours) -> Self {
        Self { from: hours.repeats_from().map(|second| second.saturating_mul(1000)), start: None }
    }

    /// Where to pause at the latest.
    fn limit(&self, to: i64) -> i64 {
        self.start.map_or(to, |(start, _)| start.saturating_add(CYCLE).min(to))
    }

    /// Offers whole cycles where one has been walked; where to go on.
    fn skip(&mut self, at: i64, to: i64, visit: &mut impl FnMut(Step) -> (Verdict, i64)) -> i64 {
        let Some(from) = self.from.filter(|from| *from <= at) else { return at };
        let nothing = Step::Alike { count: 0, open: 0 };
        let Some((start, before)) = self.start else {
            // Nothing is offered, to learn what has been counted.
            self.start = Some((at.max(from), visit(nothing).1));
            return at;
        };
        if at.saturating_sub(start) < CYCLE {
            return at;
        }
        (self.from, self.start) = (None, None);
        let (count, open) =
            (to.saturating_sub(at).div_euclid(CYCLE), visit(nothing).1.saturating_sub(before));
        let accepted = match visit(Step::Alike { count, open }).0 {
            Verdict::Accept => count,
            Verdict::AcceptSome(count) => count,
            Verdict::Stop => 0,
        };
        at.saturating_add(accepted.saturating_mul(CYCLE))
    }
}

/// Offers whole weeks from `at`; how many were accepted.
fn skip_weeks(hours: &Hours, at: i64, weeks: i64, visit: &mut impl FnMut(Step) -> (Verdict, i64)) -> i64 {
    let second = at.div_euclid(1000);
    let open = total(&hours.lay_out(second, second.saturating_add(WEEK))).saturating_mul(1000);
    match visit(Step::Alike { count: weeks, open }).0 {
        Verdict::Accept => weeks,
        Verdict::AcceptSome(count) => count,
        Verdict::Stop => 0,
    }
}

/// Offers the open stretches of `from..to`; whether to go on.
fn lay_out(hours: &Hours, from: i64, to: i64, visit: &mut impl FnMut(Step) -> (Verdict, i64)) -> bool {
    let last = to.saturating_add(999).div_euclid(1000);
    hours.lay_out(from.div_euclid(1000), last).into_iter().all(|(start, end)| {
        let (start, end) = (start.saturating_mul(1000).max(from), end.saturating_mul(1000).min(to));
        start >= end || !matches!(visit(Step::Open(start, end)).0, Verdict::Stop)
    })
}
