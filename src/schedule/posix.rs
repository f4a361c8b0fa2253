//! The rule in the footer of a TZif file: a POSIX `TZ` string with the extensions of RFC 9636.

use super::date::{DAY, day_number, days_in_month, is_leap, weekday, year_of};

/// Standard time, and daylight time where the zone has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PosixRule {
    standard: i32,
    daylight: Option<Daylight>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Daylight {
    offset: i32,
    start: Change,
    end: Change,
}

/// The local moment of a change: a day of the year, and seconds from its midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    day: ChangeDay,
    seconds: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ChangeDay {
    /// `Jn`: day 1 to 365, 29 February never counted.
    Julian(i32),
    /// `n`: day 0 to 365, 29 February counted.
    Ordinal(i32),
    /// `Mm.w.d`: weekday d (Sunday 0) of week w (5 = last) of month m.
    Weekday { month: i32, week: i32, day: i32 },
}

impl PosixRule {
    /// Reads a rule such as `CET-1CEST,M3.5.0,M10.5.0/3`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text };
        reader.name()?;
        let standard = reader.offset()?.checked_neg()?;
        if reader.rest.is_empty() {
            return Some(Self { standard, daylight: None });
        }
        reader.name()?;
        let explicit = !reader.rest.starts_with(',');
        let offset = if explicit { reader.offset()?.checked_neg()? } else { standard.checked_add(3600)? };
        reader.eat(',')?;
        let start = reader.change()?;
        reader.eat(',')?;
        let end = reader.change()?;
        reader.rest.is_empty().then_some(Self { standard, daylight: Some(Daylight { offset, start, end }) })
    }

    /// The offset in force at an instant.
    pub(crate) fn offset_at(&self, at: i64) -> i32 {
        let Some(daylight) = &self.daylight else { return self.standard };
        let year = year_of(at.saturating_add(i64::from(self.standard)).div_euclid(DAY));
        let mut offset = None;
        // The latest change at or before the instant lies in this year or the one before.
        for year in year.saturating_sub(1)..=year.saturating_add(1) {
            for (when, next) in self.changes_of(daylight, year) {
                offset = if when <= at { Some(next) } else { offset };
            }
        }
        offset.unwrap_or(self.standard)
    }

    /// Calls `found` with each change after `from` and before `to`, in order.
    pub(crate) fn changes(&self, from: i64, to: i64, mut found: impl FnMut(i64, i32)) {
        let Some(daylight) = &self.daylight else { return };
        let first = year_of(from.max(-DAY * 366).div_euclid(DAY)).saturating_sub(1);
        let last = year_of(to.div_euclid(DAY)).saturating_add(1);
        let mut offset = None;
        for year in first..=last {
            for (when, next) in self.changes_of(daylight, year) {
                if when > from && when < to && offset != Some(next) {
                    found(when, next);
                }
                offset = Some(next);
            }
        }
    }

    fn changes_of(&self, daylight: &Daylight, year: i32) -> [(i64, i32); 2] {
        let start = (daylight.start.local(year).saturating_sub(i64::from(self.standard)), daylight.offset);
        let end = (daylight.end.local(year).saturating_sub(i64::from(daylight.offset)), self.standard);
        if start.0 <= end.0 { [start, end] } else { [end, start] }
    }
}

impl Change {
    /// Seconds of the change on the wall, counted as if the wall showed UTC.
    fn local(&self, year: i32) -> i64 {
        let january = i64::from(day_number(year, 1, 1));
        let day = match self.day {
            ChangeDay::Julian(n) => {
                let leap = i32::from(is_leap(year) && n >= 60);
                january.saturating_add(i64::from(n)).saturating_sub(1).saturating_add(i64::from(leap))
            }
            ChangeDay::Ordinal(n) => january.saturating_add(i64::from(n)),
            ChangeDay::Weekday { month, week, day } => nth_weekday(year, month, week, day),
        };
        day.saturating_mul(DAY).saturating_add(i64::from(self.seconds))
    }
}

/// The day number of weekday `day` (Sunday 0) of week `week` (5 = last) of a month.
fn nth_weekday(year: i32, month: i32, week: i32, day: i32) -> i64 {
    let first = i64::from(day_number(year, month, 1));
    let wanted = i64::from(day).saturating_add(6).rem_euclid(7);
    let ahead = wanted.saturating_sub(weekday(first)).rem_euclid(7);
    let nth = first.saturating_add(ahead).saturating_add(i64::from(week).saturating_sub(1).saturating_mul(7));
    let end = first.saturating_add(i64::from(days_in_month(year, month)));
    if nth < end { nth } else { nth.saturating_sub(7) }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn eat(&mut self, wanted: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(wanted)?;
        Some(())
    }

    /// Skips an abbreviation: letters, or anything between angle brackets.
    fn name(&mut self) -> Option<()> {
        self.rest = match self.rest.strip_prefix('<') {
            Some(quoted) => quoted.split_once('>')?.1,
            None => self.rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()),
        };
        Some(())
    }

    fn number(&mut self, max: i32) -> Option<i32> {
        let rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = self.rest.get(..self.rest.len().checked_sub(rest.len())?)?;
        self.rest = rest;
        digits.parse().ok().filter(|n| *n <= max)
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    fn offset(&mut self) -> Option<i32> {
        let negative = self.eat('-').is_some();
        if !negative {
            let _ = self.eat('+');
        }
        let mut seconds = self.number(167)?.checked_mul(3600)?;
        for unit in [60, 1] {
            if self.eat(':').is_none() {
                break;
            }
            seconds = seconds.checked_add(self.number(59)?.checked_mul(unit)?)?;
        }
        if negative { seconds.checked_neg() } else { Some(seconds) }
    }

    fn change(&mut self) -> Option<Change> {
        let day = self.change_day()?;
        let seconds = if self.eat('/').is_some() { self.offset()? } else { 7200 };
        Some(Change { day, seconds })
    }

    fn change_day(&mut self) -> Option<ChangeDay> {
        if self.eat('J').is_some() {
            return self.number(365).filter(|n| *n >= 1).map(ChangeDay::Julian);
        }
        if self.eat('M').is_none() {
            return self.number(365).map(ChangeDay::Ordinal);
        }
        let month = self.number(12).filter(|n| *n >= 1)?;
        self.eat('.')?;
        let week = self.number(5).filter(|n| *n >= 1)?;
        self.eat('.')?;
        Some(ChangeDay::Weekday { month, week, day: self.number(6)? })
    }
}
