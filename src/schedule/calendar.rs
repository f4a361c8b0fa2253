//! The calendar: hours compiled once, and every question asked of them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::century::Century;
use super::date::{DAY, weekday};
use super::error::{SpecFault, SpecFaults};
use super::grid::{Grid, seconds};
use super::hours::{END, Hours, Local, instant_of};
use super::spec::{CalendarSpec, TimeOfDay};
use super::walk;
use super::zone::Zone;
use crate::model::{Seconds, Timestamp};

/// Local dates that are looked at together: four years.
const DATES: i64 = 1461;

/// More milliseconds than there are.
const LONG: i64 = 1 << 50;

/// Parts of a union or an intersection.
const MAX_PARTS: usize = 64;

/// Opening hours, compiled: immutable, cheap to clone, right for every instant of 1970 to 9999.
///
/// Inside its [`Horizon`] a question costs some nanoseconds whatever the spans asked for. The periodic
/// form, which [`new`](Self::new) prepares, costs some more and covers the years 1970 to 2106, each two of
/// them laid out when they are first asked for. Outside both, hours are laid out on the way and whole
/// quiet weeks are skipped by arithmetic.
///
/// ```
/// use galateo::model::{Seconds, Timestamp};
/// use galateo::schedule::{Calendar, CalendarSpec};
/// let spec: CalendarSpec = serde_json::from_str(
///     r#"{"tz": "Europe/Rome", "weekly": {"fri": [["09:00","17:00"]], "mon": [["09:00","17:00"]]}}"#)?;
/// let calendar = Calendar::new(&spec)?;
/// let friday: Timestamp = "2026-11-20T16:00:00+01:00".parse()?;
/// let landing = calendar.add(friday, Seconds::hours(1))?;
/// assert_eq!(landing.due_at.to_string(), "2026-11-20T16:00:00Z"); // Friday's close …
/// assert_eq!(landing.late_after?.to_string(), "2026-11-23T08:00:00Z"); // … or Monday's opening
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Calendar {
    hours: Hours,
    grid: Arc<Grid>,
    /// What answers outside the grid, where that was compiled.
    century: Option<Arc<Century>>,
}

/// The stretch of time for which a calendar answers from its compiled form.
///
/// ```
/// use galateo::model::Timestamp;
/// use galateo::schedule::Horizon;
/// let now: Timestamp = "2026-11-22T00:00:00Z".parse()?;
/// let horizon = Horizon::around(now);
/// assert!(horizon.from < now && now < horizon.to);
/// # Ok::<(), galateo::model::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "two ends; an empty horizon is legal and compiles nothing")]
pub struct Horizon {
    /// The first instant inside.
    pub from: Timestamp,
    /// The first instant after; at most 100 years later.
    pub to: Timestamp,
}

impl Horizon {
    /// Four years before `now` to eight years after: twelve years.
    #[must_use]
    pub fn around(now: Timestamp) -> Self {
        Self {
            from: now.saturating_add(Seconds::days(-4 * 365 - 1)),
            to: now.saturating_add(Seconds::days(8 * 365 + 2)),
        }
    }

    /// Nothing compiled: for a calendar that answers a handful of questions near `at`.
    #[must_use]
    pub const fn none(at: Timestamp) -> Self {
        Self { from: at, to: at }
    }
}

/// Where a budget of open time runs out.
///
/// The two differ where it is used up exactly at a close. `now > late_after` if and only if more than
/// the budget has elapsed; `due_at` is what people expect to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the first and the last instant; there is no third")]
pub struct Landings {
    /// The first instant at which the budget is used up.
    pub due_at: Timestamp,
    /// The last instant at which no more than the budget is used up; an error where nothing opens after.
    pub late_after: Result<Timestamp, Unreachable>,
}

impl Landings {
    /// The landing asked for.
    ///
    /// # Errors
    /// [`Unreachable`] where the next opening is asked for and there is none.
    pub fn at(self, landing: Landing) -> Result<Timestamp, Unreachable> {
        match landing {
            Landing::Earliest => Ok(self.due_at),
            Landing::NextOpen => self.late_after,
        }
    }
}

/// Which instant answers where a budget is used up exactly at a close.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the first and the last instant; there is no third")]
pub enum Landing {
    /// The close.
    Earliest,
    /// The next opening: the only reading in which `now > due` says the same as `elapsed > target`.
    #[default]
    NextOpen,
}

/// Why a question has no instant for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is an opening or there is none")]
// As wide as an instant, so that a result of either is moved as two words and not byte by byte.
#[repr(u64)]
pub enum Unreachable {
    /// The answer lies outside the years 1970 to 9999.
    #[error("the answer lies outside the years 1970 to 9999")]
    BeyondHorizon,
    /// There are no open hours any more.
    #[error("no open hours any more")]
    NeverOpens,
}

impl Calendar {
    /// Compiles a document with the bundled time zones for the periodic form, without a horizon.
    ///
    /// # Errors
    /// All faults of the document: an unknown zone, a rule that no year fulfils, too many entries.
    pub fn new(spec: &CalendarSpec) -> Result<Self, SpecFaults> {
        Self::compile(spec, Horizon::none(Timestamp::MIN)).map(Self::periodic)
    }

    /// With the periodic form beside what was compiled; clones share what it has laid out.
    #[must_use]
    pub fn periodic(self) -> Self {
        Self { century: Some(Arc::new(Century::new())), ..self }
    }

    /// Compiles a document with the bundled time zones over a horizon.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn compile(spec: &CalendarSpec, horizon: Horizon) -> Result<Self, SpecFaults> {
        let unknown = |_| {
            let help = "an IANA name such as Europe/Rome";
            let fault =
                SpecFault::new("unknown_zone", "/tz", "no time zone of that name in the bundled data", help);
            SpecFaults::one(fault)
        };
        let zone = if spec.tz == "UTC" { Zone::utc() } else { Zone::bundled(&spec.tz).map_err(unknown)? };
        Self::compile_in(spec, zone, horizon)
    }

    /// Compiles a document in a zone that the host hands in; `tz` of the document is not looked at.
    ///
    /// # Errors
    /// As [`new`](Self::new), but for the zone.
    pub fn compile_in(spec: &CalendarSpec, zone: Zone, horizon: Horizon) -> Result<Self, SpecFaults> {
        let hours = Hours::Local(Arc::new(Local::new(spec, zone)?));
        Ok(Self::over(hours, horizon))
    }

    /// The calendar that never closes.
    #[must_use]
    pub fn always() -> Self {
        Self::over(Hours::Always, Horizon::none(Timestamp::MIN))
    }

    /// Open while any of `parts` is open; at most 64 parts count. Never open without parts.
    #[must_use]
    pub fn union(parts: &[Self], horizon: Horizon) -> Self {
        Self::over(Hours::Any(hours_of(parts)), horizon)
    }

    /// Open while all of `parts` are open; at most 64 parts count. Never open without parts.
    #[must_use]
    pub fn intersection(parts: &[Self], horizon: Horizon) -> Self {
        Self::over(Hours::All(hours_of(parts)), horizon)
    }

    /// The same hours laid out over another horizon.
    #[must_use]
    pub fn with_horizon(&self, horizon: Horizon) -> Self {
        Self::over(self.hours.clone(), horizon)
    }

    fn over(hours: Hours, horizon: Horizon) -> Self {
        let grid = Grid::new(&hours, horizon.from.as_secs(), horizon.to.as_secs());
        Self { hours, grid: Arc::new(grid), century: None }
    }

    /// Whether an instant is open, as far as a compiled form tells.
    #[inline]
    fn tells_open(&self, at: i64) -> Option<bool> {
        match self.grid.position::<true>(at) {
            Some(position) => Some(position.is_open),
            None if self.hours.is_always() => Some(true),
            None => self.century.as_ref()?.is_open(&self.hours, at),
        }
    }

    /// The release of the time zone data, such as `2026e`; `None` for UTC or where the host did not say.
    #[must_use]
    pub fn release(&self) -> Option<&str> {
        self.hours.zones().into_iter().find_map(Zone::release)
    }

    /// The zone of the calendar; of its first part for a union or intersection.
    #[must_use]
    pub fn zone(&self) -> Option<&Zone> {
        self.hours.zones().first().copied()
    }

    /// Bytes of the compiled form; of the periodic form what has been asked for by now.
    #[must_use]
    pub fn compiled_bytes(&self) -> usize {
        let century = self.century.as_ref().map_or(0, |century| century.bytes());
        self.grid.bytes().saturating_add(century)
    }

    /// The instants between which answers come from the compiled form.
    #[must_use]
    pub fn horizon(&self) -> Horizon {
        let instant = |millis| Timestamp::from_millis(millis).unwrap_or(Timestamp::MAX);
        Horizon { from: instant(self.grid.start()), to: instant(self.grid.end()) }
    }

    /// Whether `at` lies in open hours.
    ///
    /// ```
    /// # use galateo::schedule::Calendar;
    /// # use galateo::model::Timestamp;
    /// assert!(Calendar::always().is_open(Timestamp::MIN));
    /// ```
    #[must_use]
    #[inline]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.tells_open(at.as_millis()).unwrap_or_else(|| {
            let second = at.as_secs();
            !self.hours.lay_out(second, second.saturating_add(1)).is_empty()
        })
    }

    /// `at` itself where it is open, else the next opening.
    ///
    /// # Errors
    /// [`Unreachable::NeverOpens`] where nothing opens after.
    pub fn next_open(&self, at: Timestamp) -> Result<Timestamp, Unreachable> {
        if self.tells_open(at.as_millis()) == Some(true) {
            return Ok(at);
        }
        if let Some((_, last)) = self.moved(at.as_millis(), 0, 0) {
            return Ok(last);
        }
        instant(self.next_open_millis(at.as_millis()).ok_or(Unreachable::NeverOpens)?)
    }

    /// The first instant after `at` at which what is closed opens, or what is open closes; `None` where the one never
    /// happens, or the other not within 400 days.
    ///
    /// ```
    /// # use galateo::schedule::{Calendar, CalendarSpec};
    /// let spec: CalendarSpec =
    ///     serde_json::from_str(r#"{"tz": "Europe/Rome", "weekly": {"mon": [["09:00","18:00"]]}}"#)?;
    /// let calendar = Calendar::new(&spec)?;
    /// let monday = "2026-11-23T08:00:00+01:00".parse()?;
    /// let opens = calendar.next_change(monday).ok_or("never")?;
    /// assert_eq!(opens, "2026-11-23T09:00:00+01:00".parse()?);
    /// assert_eq!(calendar.next_change(opens), Some("2026-11-23T18:00:00+01:00".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        if !self.is_open(at) {
            return self.next_open(at).ok();
        }
        if self.hours.is_always() {
            return None;
        }
        let at = at.as_millis();
        let near = || self.century.as_ref()?.close(&self.hours, at);
        let far = || Timestamp::from_millis(walk::next_close(&self.hours, at)?).ok();
        self.grid.close(at).or_else(near).or_else(far)
    }

    /// Open time in `start..end`, whole seconds; zero when `end` is before `start`.
    #[must_use]
    #[inline]
    pub fn between(&self, start: Timestamp, end: Timestamp) -> Seconds {
        match self.open_near(start, end) {
            Some(open) => whole(open),
            None => self.between_far(start, end),
        }
    }

    fn between_far(&self, start: Timestamp, end: Timestamp) -> Seconds {
        whole(self.open_far(start.as_millis(), end.as_millis()))
    }

    /// Open milliseconds in `start..end`; zero when `end` is before `start`.
    #[must_use]
    #[inline]
    pub(crate) fn open_millis(&self, start: Timestamp, end: Timestamp) -> i64 {
        match self.open_near(start, end) {
            Some(open) => millis(open),
            None => self.open_millis_far(start, end),
        }
    }

    fn open_millis_far(&self, start: Timestamp, end: Timestamp) -> i64 {
        millis(self.open_far(start.as_millis(), end.as_millis()))
    }

    /// Open seconds and milliseconds in `start..end`, where the horizon tells at once; the milliseconds may
    /// count backwards.
    #[inline(always)]
    fn open_near(&self, start: Timestamp, end: Timestamp) -> Option<(i64, i64)> {
        if end <= start {
            return Some((0, 0));
        }
        let from = self.grid.position::<false>(start.as_millis())?;
        Some(self.grid.position::<false>(end.as_millis())?.since(from))
    }

    fn open_far(&self, start: i64, end: i64) -> (i64, i64) {
        if let Some(century) = &self.century
            && let Some(open) = century.between(&self.hours, start, end)
        {
            return open;
        }
        match (self.grid.position::<true>(start), self.grid.position::<true>(end)) {
            (Some(from), Some(to)) => to.since(from),
            _ => self.open_slowly(start, end),
        }
    }

    #[cold]
    fn open_slowly(&self, start: i64, end: i64) -> (i64, i64) {
        let always = self.hours.is_always();
        let open =
            if always { end.saturating_sub(start) } else { walk::open_between(&self.hours, start, end) };
        (open.div_euclid(1000), open.rem_euclid(1000))
    }

    /// The first and the last instant with so many seconds and milliseconds (fewer than a thousand) of open
    /// time from `at`, where a compiled form tells. The seconds may be negative; the first is told where they
    /// are not.
    #[inline]
    fn moved(&self, at: i64, seconds: i64, millis: i64) -> Option<(Timestamp, Timestamp)> {
        match self.grid.moved::<false>(at, seconds, millis) {
            None => self.moved_far(at, seconds, millis),
            found => found,
        }
    }

    fn moved_far(&self, at: i64, seconds: i64, millis: i64) -> Option<(Timestamp, Timestamp)> {
        if let Some(century) = &self.century {
            let found = century.moved(&self.hours, at, seconds, millis);
            return found.or_else(|| self.grid.moved::<true>(at, seconds, millis));
        }
        if self.hours.is_always() {
            let budget = seconds.saturating_mul(1000).saturating_add(millis);
            let end = Timestamp::from_millis(at.saturating_add(budget)).ok()?;
            return Some((end, end));
        }
        self.grid.moved::<true>(at, seconds, millis)
    }

    /// Where `budget` of open time after `start` is used up; a negative budget counts as none.
    ///
    /// # Errors
    /// [`Unreachable`] where the hours do not suffice before the year 10000.
    #[inline]
    pub fn add(&self, start: Timestamp, budget: Seconds) -> Result<Landings, Unreachable> {
        self.add_parts(start, budget.get(), 0)
    }

    #[inline]
    pub(crate) fn add_millis(&self, start: Timestamp, budget: i64) -> Result<Landings, Unreachable> {
        self.add_parts(start, budget.div_euclid(1000), budget.rem_euclid(1000))
    }

    /// Where `budget` milliseconds of open time after `start` are used up, if they ever are.
    #[inline]
    pub(crate) fn run_out(&self, start: Timestamp, budget: i64, landing: Landing) -> Option<Timestamp> {
        if (1..LONG).contains(&budget) {
            let (seconds, millis) = seconds(budget);
            let moved = self.grid.moved::<false>(start.as_millis(), seconds.cast_signed(), millis);
            if let Some((first, last)) = moved {
                return Some(if landing == Landing::Earliest { first } else { last });
            }
        }
        self.run_out_far(start, budget, landing)
    }

    fn run_out_far(&self, start: Timestamp, budget: i64, landing: Landing) -> Option<Timestamp> {
        self.add_millis(start, budget).and_then(|landings| landings.at(landing)).ok()
    }

    /// As [`add`](Self::add), with milliseconds, fewer than a thousand.
    #[inline(always)]
    fn add_parts(&self, start: Timestamp, seconds: i64, millis: i64) -> Result<Landings, Unreachable> {
        if seconds > 0 || (seconds == 0 && millis > 0) {
            match self.grid.moved::<false>(start.as_millis(), seconds, millis) {
                Some(landings) => Ok(Landings::from(landings)),
                None => self.add_far(start, seconds, millis),
            }
        } else {
            Ok(Landings { due_at: start, late_after: self.next_open(start) })
        }
    }

    fn add_far(&self, start: Timestamp, seconds: i64, millis: i64) -> Result<Landings, Unreachable> {
        match self.moved_far(start.as_millis(), seconds, millis) {
            Some(landings) => Ok(Landings::from(landings)),
            None => self.add_slowly(start, seconds.saturating_mul(1000).saturating_add(millis)),
        }
    }

    #[cold]
    fn add_slowly(&self, start: Timestamp, budget: i64) -> Result<Landings, Unreachable> {
        let from = start.as_millis();
        let Some(first) = walk::spend(&self.hours, from, budget) else {
            let opens = self.next_open_millis(from).is_some() && self.hours.last_dated().is_none();
            return Err(if opens { Unreachable::BeyondHorizon } else { Unreachable::NeverOpens });
        };
        let due_at = instant(first)?;
        let late_after = self.next_open_millis(first).ok_or(Unreachable::NeverOpens).and_then(instant);
        Ok(Landings { due_at, late_after })
    }

    /// The latest instant from which `budget` of open time passes until `end`.
    ///
    /// # Errors
    /// [`Unreachable`] where the hours since 1970 do not suffice.
    pub fn sub(&self, end: Timestamp, budget: Seconds) -> Result<Timestamp, Unreachable> {
        if budget.get() > 0
            && let Some((_, last)) = self.moved(end.as_millis(), budget.get().saturating_neg(), 0)
        {
            return Ok(last);
        }
        let found = walk::spend_back(&self.hours, end.as_millis(), budget.get().saturating_mul(1000));
        instant(found.ok_or(Unreachable::BeyondHorizon)?)
    }

    /// The n-th next local date that has hours and is no holiday, at the same time of day, then the next
    /// open moment. Dates are those of the calendar's zone, of its first part for a union or intersection.
    ///
    /// # Errors
    /// [`Unreachable`] where there are not so many dates, or nothing opens after.
    pub fn add_days(&self, start: Timestamp, days: u32) -> Result<Timestamp, Unreachable> {
        self.move_days(start, days, 1)
    }

    /// The open time between `start` and a time of day on the n-th next working date: the budget of a
    /// promise such as "within two working days, by 17:00", which a clock can then pause.
    ///
    /// # Errors
    /// [`Unreachable`] where there are not so many dates.
    ///
    /// ```
    /// # use galateo::schedule::{Calendar, CalendarSpec};
    /// let spec: CalendarSpec = serde_json::from_str(
    ///     r#"{"tz": "Europe/Rome", "weekly": {"fri": [["09:00","18:00"]], "mon": [["09:00","18:00"]]}}"#)?;
    /// let calendar = Calendar::new(&spec)?;
    /// let friday = "2026-11-20T16:00:00+01:00".parse()?;
    /// let budget = calendar.budget_until(friday, 1, "17:00".parse()?)?;
    /// assert_eq!(budget.get(), (2 + 8) * 3600);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn budget_until(&self, start: Timestamp, days: u32, by: TimeOfDay) -> Result<Seconds, Unreachable> {
        self.budget_in_days(start, days, Some(by))
    }

    /// As [`budget_until`](Self::budget_until); without a time of day, until that of `start`.
    pub(crate) fn budget_in_days(
        &self,
        start: Timestamp,
        days: u32,
        by: Option<TimeOfDay>,
    ) -> Result<Seconds, Unreachable> {
        let utc = Zone::utc();
        let zone = self.hours.zones().first().copied().unwrap_or(&utc).clone();
        let local = start.as_secs().saturating_add(i64::from(zone.offset_at(start.as_secs())));
        let day = self.nth_working_date(local.div_euclid(DAY), days, 1)?;
        let time = by.map_or(local.rem_euclid(DAY), |by| i64::from(by.seconds()));
        let wall = day.saturating_mul(DAY).saturating_add(time);
        let due = instant(instant_of(&zone, wall).saturating_mul(1000))?;
        Ok(self.between(start, due))
    }

    /// As [`add_days`](Self::add_days), counting dates backwards.
    ///
    /// # Errors
    /// [`Unreachable`] where there are not so many dates since 1970, or nothing opens after.
    pub fn sub_days(&self, start: Timestamp, days: u32) -> Result<Timestamp, Unreachable> {
        self.move_days(start, days, -1)
    }

    fn move_days(&self, start: Timestamp, days: u32, step: i64) -> Result<Timestamp, Unreachable> {
        let utc = Zone::utc();
        let zone = self.hours.zones().first().copied().unwrap_or(&utc).clone();
        let offset = i64::from(zone.offset_at(start.as_secs())).saturating_mul(1000);
        let local = start.as_millis().saturating_add(offset);
        let (day, time) = (local.div_euclid(DAY * 1000), local.rem_euclid(DAY * 1000));
        let day = self.nth_working_date(day, days, step)?;
        let second = day.saturating_mul(DAY).saturating_add(time.div_euclid(1000));
        let moved = instant_of(&zone, second).saturating_mul(1000).saturating_add(time.rem_euclid(1000));
        self.next_open(instant(moved)?)
    }

    fn nth_working_date(&self, day: i64, days: u32, step: i64) -> Result<i64, Unreachable> {
        if i64::from(days) > END / DAY {
            return Err(Unreachable::BeyondHorizon);
        }
        let (mut day, mut left) = (day, days);
        let last = self.hours.last_dated().unwrap_or(i64::MAX);
        let mut reach = i64::from(days).saturating_mul(2).saturating_add(7).min(DATES);
        while left > 0 {
            let (near, far) = (day.saturating_add(step), day.saturating_add(step.saturating_mul(reach)));
            let mut dates = self.hours.working_dates(near.min(far), near.max(far));
            if step < 0 {
                dates.reverse();
            }
            for is_working in dates {
                day = day.saturating_add(step);
                if day > last && step > 0 {
                    return Err(Unreachable::NeverOpens);
                }
                if !(-1..=END / DAY).contains(&day) {
                    return Err(Unreachable::BeyondHorizon);
                }
                left = left.saturating_sub(u32::from(is_working));
                if left == 0 {
                    return Ok(day);
                }
            }
            reach = DATES;
        }
        Ok(day)
    }

    /// The count of the work done for the hours of one zone.
    #[cfg(test)]
    pub(super) fn work(&self) -> Option<&super::work::Work> {
        match &self.hours {
            Hours::Local(local) => Some(local.work()),
            _ => None,
        }
    }

    fn next_open_millis(&self, at: i64) -> Option<i64> {
        let last = self.hours.last_dated().map(|day| day.saturating_add(4).saturating_mul(DAY * 1000));
        if last.is_some_and(|last| at > last) {
            return None;
        }
        walk::next_open(&self.hours, at)
    }
}

fn hours_of(parts: &[Calendar]) -> Arc<[Hours]> {
    parts.iter().take(MAX_PARTS).map(|part| part.hours.clone()).collect()
}

/// Whole seconds of some and milliseconds, fewer than a thousand or as many less.
#[inline(always)]
const fn whole((seconds, millis): (i64, i64)) -> Seconds {
    Seconds::new(if millis < 0 { seconds.wrapping_sub(1) } else { seconds })
}

#[inline(always)]
const fn millis((seconds, millis): (i64, i64)) -> i64 {
    seconds.wrapping_mul(1000).wrapping_add(millis)
}

impl From<(Timestamp, Timestamp)> for Landings {
    #[inline(always)]
    fn from((due_at, late_after): (Timestamp, Timestamp)) -> Self {
        Self { due_at, late_after: Ok(late_after) }
    }
}

#[inline]
fn instant(millis: i64) -> Result<Timestamp, Unreachable> {
    Timestamp::from_millis(millis).map_err(|_| Unreachable::BeyondHorizon)
}

const _: () = assert!(weekday(0) == 3, "1970-01-01 was a Thursday");
