//! Hours in force: a calendar document made ready to be laid out over any stretch of time.

use std::sync::Arc;

use super::date::{DAY, Date, weekday};
use super::error::{SpecFault, SpecFaults};
use super::holiday;
use super::intervals::{intersect, normalise, subtract};
use super::spec::{CalendarSpec, DstReading, Holiday, HolidayRule, Overnight, Precedence, Window};
use super::work::Work;
use super::zone::Zone;

/// The first second after the last [`Timestamp`](crate::model::Timestamp).
pub(crate) const END: i64 = 253_402_300_800;
/// Local and universal time never lie further apart than this (the offsets a [`Zone`] accepts, and a gap).
const MARGIN: i64 = 2 * DAY;
/// Disjoint windows of a week: more than one for every minute of it is no timetable.
const MAX_WEEKLY: usize = 10_080;
/// Windows, dates and closures of one document.
const MAX_ENTRIES: usize = 1_000_000;
/// Holiday rules: one for each day of a leap year.
const MAX_RULES: usize = 366;

/// When a calendar is open.
#[derive(Debug, Clone)]
pub(crate) enum Hours {
    /// Always.
    Always,
    /// By the clock on the wall of one zone.
    Local(Arc<Local>),
    /// While any of them is open.
    Any(Arc<[Hours]>),
    /// While all of them are open.
    All(Arc<[Hours]>),
}

/// The hours of one zone.
#[derive(Debug)]
pub(crate) struct Local {
    pub(crate) zone: Zone,
    /// The windows of each weekday, Monday first, in seconds from midnight, disjoint.
    weekly: [Vec<(i64, i64)>; 7],
    /// Dates with windows of their own, sorted.
    dated: Vec<Dated>,
    /// Closed dates, sorted.
    holidays: Vec<i64>,
    rules: Vec<HolidayRule>,
    closures: Vec<(i64, i64)>,
    precedence: Precedence,
    dst: DstReading,
    work: Work,
}

#[derive(Debug)]
struct Dated {
    day: i64,
    /// Whether the document names this date; else it only receives the half of a window after midnight.
    shift: bool,
    windows: Vec<(i64, i64)>,
}

impl Hours {
    /// Whether nothing ever closes.
    #[inline]
    pub(crate) const fn is_always(&self) -> bool {
        matches!(self, Self::Always)
    }

    /// The sorted open stretches inside `from..to`, in seconds since the epoch.
    pub(crate) fn lay_out(&self, from: i64, to: i64) -> Vec<(i64, i64)> {
        match self {
            Self::Always => vec![(from, to)],
            Self::Local(local) => local.lay_out(from, to),
            Self::Any(parts) => {
                let mut open: Vec<_> = parts.iter().flat_map(|part| part.lay_out(from, to)).collect();
                normalise(&mut open);
                open
            }
            Self::All(parts) => {
                let all = parts.iter().map(|part| part.lay_out(from, to));
                all.reduce(|a, b| intersect(&a, &b)).unwrap_or_default()
            }
        }
    }

    /// How far from `at` the hours repeat each week: two moments of `at..quiet` one week apart are
    /// both open or both closed. `at` itself where that cannot be said.
    pub(crate) fn quiet_until(&self, at: i64) -> i64 {
        match self {
            Self::Always => END,
            Self::Local(local) => local.quiet_until(at),
            Self::Any(parts) | Self::All(parts) => {
                parts.iter().map(|part| part.quiet_until(at)).min().unwrap_or(END)
            }
        }
    }

    /// The second from which on rules alone make the hours, rules that repeat with the Gregorian calendar;
    /// `None` where some do not.
    pub(crate) fn repeats_from(&self) -> Option<i64> {
        match self {
            Self::Always => Some(0),
            Self::Local(local) => local.repeats_from(),
            Self::Any(parts) | Self::All(parts) => {
                parts.iter().try_fold(0, |from: i64, part| Some(from.max(part.repeats_from()?)))
            }
        }
    }

    /// The zones the hours are written in.
    pub(crate) fn zones(&self) -> Vec<&Zone> {
        match self {
            Self::Always => Vec::new(),
            Self::Local(local) => vec![&local.zone],
            Self::Any(parts) | Self::All(parts) => parts.iter().flat_map(Self::zones).collect(),
        }
    }

    /// For each local date of `first..=last` whether it has hours and is no holiday.
    pub(crate) fn working_dates(&self, first: i64, last: i64) -> Vec<bool> {
        let parts = match self {
            Self::Always => return (first..=last).map(|_| true).collect(),
            Self::Local(local) => return local.working_dates(first, last),
            Self::Any(parts) | Self::All(parts) => parts,
        };
        let any = matches!(self, Self::Any(_));
        let all = parts.iter().map(|part| part.working_dates(first, last));
        let joined =
            all.reduce(|a, b| a.into_iter().zip(b).map(|(a, b)| if any { a || b } else { a && b }).collect());
        joined.unwrap_or_else(|| (first..=last).map(|_| !any).collect())
    }

    /// The day after which no date has hours; `None` where weekly hours go on for ever.
    pub(crate) fn last_dated(&self) -> Option<i64> {
        match self {
            Self::Always => None,
            Self::Local(local) => local.last_dated(),
            Self::Any(parts) => {
                let mut last = i64::MIN;
                for part in parts.iter() {
                    last = last.max(part.last_dated()?);
                }
                Some(last)
            }
            Self::All(parts) => parts.iter().filter_map(Self::last_dated).min(),
        }
    }
}

impl Local {
    /// Checks a document and makes it ready.
    pub(crate) fn new(spec: &CalendarSpec, zone: Zone) -> Result<Self, SpecFaults> {
        let mut faults = Vec::new();
        check_sizes(spec, &mut faults);
        SpecFaults::check(faults)?;
        let mut local = Self {
            zone,
            weekly: weekly_windows(spec),
            dated: Vec::new(),
            holidays: dates(spec),
            rules: rules(spec),
            closures: closures(spec),
            precedence: spec.precedence,
            dst: spec.dst,
            work: Work::default(),
        };
        local.dated = dated_windows(spec, &local.weekly);
        let mut faults = Vec::new();
        if local.weekly.iter().map(Vec::len).fold(0, usize::saturating_add) > MAX_WEEKLY {
            let help = "a week has 10080 minutes; write windows that touch as one";
            faults.push(SpecFault::new(
                "too_many_windows",
                "/weekly",
                "more windows than minutes in a week",
                help,
            ));
        }
        SpecFaults::check(faults)?;
        Ok(local)
    }

    #[cfg(test)]
    pub(crate) const fn work(&self) -> &Work {
        &self.work
    }

    fn lay_out(&self, from: i64, to: i64) -> Vec<(i64, i64)> {
        let mut open = Vec::new();
        if from >= to {
            return open;
        }
        let pieces = Pieces::new(&self.zone, from, to);
        let first = from.saturating_sub(MARGIN).div_euclid(DAY).saturating_sub(1);
        let last = to.saturating_add(MARGIN).div_euclid(DAY);
        let mut placer = Placer { pieces: &pieces.list, at: 0, dst: self.dst, open: &mut open };
        for (day, windows) in self.dates(first, last) {
            self.work.add(windows.len().saturating_add(1));
            let midnight = day.saturating_mul(DAY);
            for &(start, end) in windows {
                placer.place(midnight.saturating_add(start), midnight.saturating_add(end));
            }
        }
        normalise(&mut open);
        self.work.add(pieces.list.len().saturating_add(subtract(&mut open, &self.closures)));
        clip(&mut open, from, to);
        open
    }

    /// The closed dates among `first..=last`, sorted.
    fn holidays_in(&self, first: i64, last: i64) -> Vec<i64> {
        let mut days = Vec::new();
        self.expand(first, last, &mut days);
        let start = self.holidays.partition_point(|day| *day < first);
        days.extend(self.holidays.iter().skip(start).take_while(|day| **day <= last));
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Appends the dates of the rules.
    fn expand(&self, first: i64, last: i64, days: &mut Vec<i64>) {
        let years = narrow_years(last.saturating_sub(first));
        self.work.add(self.rules.len().saturating_mul(years));
        holiday::expand(&self.rules, &self.holidays, first, last, days);
    }

    /// For each date of `first..=last` whether it has windows, and the zone's clocks showed it at all.
    fn working_dates(&self, first: i64, last: i64) -> Vec<bool> {
        let midnight = |day: i64| day.saturating_mul(DAY);
        let pieces =
            Pieces::new(&self.zone, midnight(first.saturating_sub(2)), midnight(last.saturating_add(3)));
        let mut shown = Vec::new();
        let mut placer = Placer { pieces: &pieces.list, at: 0, dst: DstReading::Wall, open: &mut shown };
        let mut exists = |day: i64| {
            self.work.add(1);
            placer.open.clear();
            placer.place(midnight(day), midnight(day.saturating_add(1)));
            !placer.open.is_empty()
        };
        self.dates(first, last).map(|(day, windows)| !windows.is_empty() && exists(day)).collect()
    }

    /// The dates of `first..=last` with their windows.
    fn dates(&self, first: i64, last: i64) -> impl Iterator<Item = (i64, &[(i64, i64)])> {
        let mut closed = self.holidays_in(first, last).into_iter().peekable();
        let from = self.dated.partition_point(|d| d.day < first);
        let mut dated = self.dated.get(from..).unwrap_or_default().iter().peekable();
        (first..=last).map(move |day| {
            let holiday = closed.next_if_eq(&day).is_some();
            let own = dated.next_if(|d| d.day == day);
            (day, self.windows_by(day, holiday, own))
        })
    }

    fn windows_by<'a>(&'a self, day: i64, holiday: bool, own: Option<&'a Dated>) -> &'a [(i64, i64)] {
        let worked = self.precedence == Precedence::ShiftOverHoliday && own.is_some_and(|d| d.shift);
        if holiday && !worked {
            return &[];
        }
        let weekly = || usize::try_from(weekday(day)).ok().and_then(|w| self.weekly.get(w));
        own.map(|d| &d.windows).or_else(weekly).map_or(&[], Vec::as_slice)
    }

    fn quiet_until(&self, at: i64) -> i64 {
        let next = self.closures.partition_point(|(_, end)| *end <= at);
        let closure = self.closures.get(next).copied().unwrap_or((END, END));
        if closure.0 <= at {
            // Nothing is open before the closure ends, so that each week is like the one before.
            return closure.1;
        }
        let from_day = at.saturating_sub(MARGIN).div_euclid(DAY).saturating_sub(1);
        let special =
            self.next_special(from_day).saturating_sub(1).saturating_mul(DAY).saturating_sub(MARGIN);
        let change = self.zone.next_change(at.saturating_sub(MARGIN)).unwrap_or(END);
        let weekly = self.weekly.iter().any(|windows| !windows.is_empty());
        let change = if weekly { change.saturating_sub(MARGIN) } else { END };
        closure.0.min(special).min(change).min(END)
    }

    /// The first date from `day` on whose hours are not those of its weekday.
    fn next_special(&self, day: i64) -> i64 {
        let far = END / DAY + 10;
        let dated = self.dated.get(self.dated.partition_point(|d| d.day < day)).map_or(far, |d| d.day);
        if self.weekly.iter().all(Vec::is_empty) {
            return dated;
        }
        let explicit = self.holidays.get(self.holidays.partition_point(|d| *d < day)).map_or(far, |d| *d);
        let mut ruled = Vec::new();
        // Eight years, because 29 February can be so far away.
        self.expand(day, day.saturating_add(400), &mut ruled);
        if ruled.is_empty() {
            self.expand(day, day.saturating_add(9 * 366), &mut ruled);
        }
        let ruled = ruled.into_iter().min().unwrap_or(day.saturating_add(8 * 366).min(far));
        let ruled = if self.rules.is_empty() { far } else { ruled };
        dated.min(explicit).min(ruled)
    }

    fn repeats_from(&self) -> Option<i64> {
        if self.rules.iter().any(|rule| matches!(rule, HolidayRule::Easter { .. })) {
            return None;
        }
        let dated = self.dated.last().map_or(0, |dated| dated.day);
        let days = self.holidays.last().copied().unwrap_or(0).max(dated);
        let closed = self.closures.last().map_or(0, |(_, end)| *end);
        let last = days.saturating_mul(DAY).max(closed).max(self.zone.last_listed_change());
        // A substitute for a holiday looks no further than a month, and years reach into one another.
        Some(last.saturating_add(400 * DAY))
    }

    fn last_dated(&self) -> Option<i64> {
        let weekly = self.weekly.iter().any(|windows| !windows.is_empty());
        let last = || self.dated.iter().rev().find(|d| !d.windows.is_empty()).map_or(i64::MIN, |d| d.day);
        (!weekly).then(last)
    }
}

/// Years that a rule is worked out for to cover so many days.
fn narrow_years(days: i64) -> usize {
    usize::try_from(days.div_euclid(365)).unwrap_or(0).saturating_add(3)
}

fn clip(open: &mut Vec<(i64, i64)>, from: i64, to: i64) {
    for stretch in open.iter_mut() {
        *stretch = (stretch.0.max(from), stretch.1.min(to));
    }
    open.retain(|(start, end)| start < end);
}

fn check_sizes(spec: &CalendarSpec, faults: &mut Vec<SpecFault>) {
    let windows = spec.weekly.days().iter().map(|day| day.len()).fold(0, usize::saturating_add);
    let shifts = spec.shifts.values().map(Vec::len).fold(spec.shifts.len(), usize::saturating_add);
    let rules = spec.holidays.iter().filter(|h| matches!(h, Holiday::Rule(_))).count();
    let sizes = [
        (windows, MAX_ENTRIES, "/weekly"),
        (shifts, MAX_ENTRIES, "/shifts"),
        (spec.holidays.len(), MAX_ENTRIES, "/holidays"),
        (spec.closures.len(), MAX_ENTRIES, "/closures"),
        (rules, MAX_RULES, "/holidays"),
    ];
    for (size, max, path) in sizes {
        if size > max {
            let help = "at most 1000000 entries, and 366 holiday rules";
            faults.push(SpecFault::new("too_many_entries", path, "too many entries", help));
        }
    }
    for (i, entry) in spec.holidays.iter().enumerate() {
        if let Holiday::Rule(rule) = entry {
            holiday::check(rule, &format!("/holidays/{i}"), faults);
        }
    }
}

fn dates(spec: &CalendarSpec) -> Vec<i64> {
    let days = spec.holidays.iter().filter_map(|h| match h {
        Holiday::Date(date) => Some(i64::from(date.day_number())),
        Holiday::Rule(_) => None,
    });
    let mut days: Vec<i64> = days.collect();
    days.sort_unstable();
    days.dedup();
    days
}

fn rules(spec: &CalendarSpec) -> Vec<HolidayRule> {
    let rules = spec.holidays.iter().filter_map(|h| match h {
        Holiday::Date(_) => None,
        Holiday::Rule(rule) => Some(*rule),
    });
    rules.collect()
}

/// Closures in whole seconds: a fraction closes the second it falls into.
fn closures(spec: &CalendarSpec) -> Vec<(i64, i64)> {
    let end = |millis: i64| millis.saturating_add(999).div_euclid(1000);
    let nonempty = spec.closures.iter().filter(|(from, to)| from < to);
    let mut list: Vec<_> = nonempty.map(|(from, to)| (from.as_secs(), end(to.as_millis()))).collect();
    normalise(&mut list);
    list
}

/// Sorts windows, and joins those that overlap. Where ends are resolved one by one they stay apart: in
/// a skipped hour a window can start later than one that lies inside it on the wall.
fn tidy(list: &mut Vec<(i64, i64)>, dst: DstReading) {
    if dst == DstReading::Wall {
        return normalise(list);
    }
    list.retain(|(start, end)| start < end);
    list.sort_unstable();
    list.dedup();
}

fn bounds(windows: &[Window], dst: DstReading) -> Vec<(i64, i64)> {
    let mut list: Vec<_> = windows.iter().map(|window| window.bounds()).collect();
    tidy(&mut list, dst);
    list
}

/// The part before midnight, or the part after it counted from that midnight.
fn half(windows: &[Window], after_midnight: bool, dst: DstReading) -> Vec<(i64, i64)> {
    let cut = |(start, end): (i64, i64)| {
        if after_midnight { (0, end.saturating_sub(DAY)) } else { (start, end.min(DAY)) }
    };
    let mut list: Vec<_> = windows.iter().map(|window| cut(window.bounds())).collect();
    tidy(&mut list, dst);
    list
}

fn joined(mut a: Vec<(i64, i64)>, b: &[(i64, i64)], dst: DstReading) -> Vec<(i64, i64)> {
    a.extend_from_slice(b);
    tidy(&mut a, dst);
    a
}

fn weekly_windows(spec: &CalendarSpec) -> [Vec<(i64, i64)>; 7] {
    let days = spec.weekly.days();
    if spec.overnight == Overnight::StartDate {
        return days.map(|windows| bounds(windows, spec.dst));
    }
    let [mon, tue, wed, thu, fri, sat, sun] = days;
    let of = |day: &[Window], before: &[Window]| {
        joined(half(day, false, spec.dst), &half(before, true, spec.dst), spec.dst)
    };
    [of(mon, sun), of(tue, mon), of(wed, tue), of(thu, wed), of(fri, thu), of(sat, fri), of(sun, sat)]
}

fn dated_windows(spec: &CalendarSpec, weekly: &[Vec<(i64, i64)>; 7]) -> Vec<Dated> {
    let mut list = Vec::with_capacity(spec.shifts.len());
    let (wall, dst) = (spec.overnight == Overnight::WallDate, spec.dst);
    for (date, windows) in &spec.shifts {
        let day = i64::from(date.day_number());
        let own = if wall { half(windows, false, dst) } else { bounds(windows, dst) };
        receive(&mut list, Dated { day, shift: true, windows: own }, dst);
        let spill = if wall { half(windows, true, dst) } else { Vec::new() };
        if spill.is_empty() {
            continue;
        }
        let next = day.saturating_add(1);
        let shift = Date::of(next).is_some_and(|date| spec.shifts.contains_key(&date));
        let base = usize::try_from(weekday(next)).ok().and_then(|w| weekly.get(w)).filter(|_| !shift);
        let windows = joined(spill, base.map_or(&[], Vec::as_slice), dst);
        receive(&mut list, Dated { day: next, shift, windows }, dst);
    }
    list
}

/// Adds windows to the last entry of a sorted list, or appends a new one.
fn receive(list: &mut Vec<Dated>, dated: Dated, dst: DstReading) {
    match list.last_mut() {
        Some(last) if last.day == dated.day => {
            last.windows = joined(std::mem::take(&mut last.windows), &dated.windows, dst);
        }
        _ => list.push(dated),
    }
}

/// The stretches of constant offset around a layout, each with its end.
struct Pieces {
    list: Vec<Piece>,
}

struct Piece {
    from: i64,
    to: i64,
    offset: i64,
}

impl Pieces {
    fn new(zone: &Zone, from: i64, to: i64) -> Self {
        let starts = zone.pieces(from.saturating_sub(2 * MARGIN), to.saturating_add(2 * MARGIN));
        let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([i64::MAX]);
        let piece = |(&(from, offset), to)| Piece { from, to, offset: i64::from(offset) };
        Self { list: starts.iter().zip(ends).map(piece).collect() }
    }
}

/// Turns windows on the wall into stretches of absolute time; windows come in the order of their dates.
struct Placer<'a> {
    pieces: &'a [Piece],
    at: usize,
    dst: DstReading,
    open: &'a mut Vec<(i64, i64)>,
}

impl Placer<'_> {
    fn place(&mut self, start: i64, end: i64) {
        while self.pieces.get(self.at).is_some_and(|p| p.to < start.saturating_sub(MARGIN)) {
            self.at = self.at.saturating_add(1);
        }
        let Some(piece) = self.pieces.get(self.at) else { return };
        if end.saturating_add(MARGIN) < piece.to {
            // Far from any change: the usual case.
            self.push(start.saturating_sub(piece.offset), end.saturating_sub(piece.offset));
        } else if self.dst == DstReading::Wall {
            self.place_by_wall(start, end);
        } else {
            let ends = self.resolve(start).zip(self.resolve(end));
            ends.into_iter().for_each(|(start, end)| self.push(start, end));
        }
    }

    fn place_by_wall(&mut self, start: i64, end: i64) {
        let near = self.pieces.iter().skip(self.at).take_while(|p| p.from.saturating_sub(MARGIN) < end);
        for piece in near {
            let from = start.saturating_sub(piece.offset).max(piece.from);
            let to = end.saturating_sub(piece.offset).min(piece.to);
            if from < to {
                self.open.push((from, to));
            }
        }
    }

    /// The first instant that shows a time on the wall; a skipped time moves forward by the gap.
    fn resolve(&self, local: i64) -> Option<i64> {
        resolve(self.pieces.get(self.at..)?, local)
    }

    fn push(&mut self, start: i64, end: i64) {
        if start < end {
            self.open.push((start, end));
        }
    }
}

fn resolve(pieces: &[Piece], local: i64) -> Option<i64> {
    let shown = |p: &&Piece| (p.from..p.to).contains(&local.saturating_sub(p.offset));
    if let Some(piece) = pieces.iter().find(shown) {
        return local.checked_sub(piece.offset);
    }
    let skipped = pieces.iter().find(|p| local.saturating_sub(p.offset) >= p.to);
    // In a gap the offset before it is the last that does not reach the time.
    let before = pieces.iter().take_while(|p| local.saturating_sub(p.offset) >= p.to).last().or(skipped);
    before.and_then(|p| local.checked_sub(p.offset))
}

/// The first instant at which clocks of `zone` show `local` (seconds on the wall); a skipped time moves forward.
pub(crate) fn instant_of(zone: &Zone, local: i64) -> i64 {
    let pieces = Pieces::new(zone, local.saturating_sub(MARGIN), local.saturating_add(MARGIN));
    resolve(&pieces.list, local).unwrap_or(local)
}
