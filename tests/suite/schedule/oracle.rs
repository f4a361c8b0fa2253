//! The slow truth: a calendar read minute by minute through another library's time zones.
//!
//! Shares no code with the crate but the document it reads; zones come from `jiff`, with its own
//! reader of the same bundled data.

use std::collections::BTreeMap;

use galateo::model::Timestamp;
use galateo::schedule::{CalendarSpec, DstReading, Holiday, Overnight, Precedence, Window};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// The windows of a date, on the wall and resolved by their ends.
type Day = (Vec<(i64, i64)>, Vec<(i64, i64)>);

pub(crate) struct Oracle<'a> {
    spec: &'a CalendarSpec,
    zone: TimeZone,
    /// The first minute looked at, and whether each minute from it on is open.
    first: i64,
    open: Vec<bool>,
}

impl<'a> Oracle<'a> {
    /// Reads every minute of `from..to`.
    pub(crate) fn new(spec: &'a CalendarSpec, from: i64, to: i64) -> Self {
        let mut oracle = Self { spec, zone: TimeZone::get(&spec.tz).unwrap(), first: from, open: vec![] };
        let mut days = BTreeMap::new();
        let mut date = oracle.local(from).date().checked_sub(jiff::Span::new().days(6)).unwrap();
        while date < oracle.local(to).date().checked_add(jiff::Span::new().days(6)).unwrap() {
            let windows = oracle.windows(date);
            let ends = windows.iter().map(|(s, e)| (oracle.instant(date, *s), oracle.instant(date, *e)));
            let ends: Vec<_> = ends.collect();
            days.insert(date, (windows, ends));
            date = date.tomorrow().unwrap();
        }
        oracle.open = (from..to).map(|minute| oracle.reads_open(&days, minute)).collect();
        oracle
    }

    fn local(&self, minute: i64) -> DateTime {
        self.zone.to_datetime(jiff::Timestamp::from_second(minute * 60).unwrap())
    }

    fn holiday(&self, date: Date) -> bool {
        self.spec.holidays.iter().any(|h| matches!(h, Holiday::Date(d) if d.to_string() == date.to_string()))
    }

    fn shift(&self, date: Date) -> Option<&'a Vec<Window>> {
        self.spec.shifts.iter().find(|(d, _)| d.to_string() == date.to_string()).map(|(_, w)| w)
    }

    fn weekly(&self, date: Date) -> &'a [Window] {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap();
        self.spec.weekly.days()[day]
    }

    fn closed_by_holiday(&self, date: Date) -> bool {
        let worked = self.spec.precedence == Precedence::ShiftOverHoliday && self.shift(date).is_some();
        self.holiday(date) && !worked
    }

    /// The windows of a date, as seconds from its midnight.
    fn windows(&self, date: Date) -> Vec<(i64, i64)> {
        let bounds = |w: &Window| {
            let (s, e) = (i64::from(w.start.seconds()), i64::from(w.end.seconds()));
            (s, if e <= s { e + 86_400 } else { e })
        };
        if self.closed_by_holiday(date) {
            return vec![];
        }
        let own: Vec<_> = self.shift(date).map_or(self.weekly(date), |w| w).iter().map(bounds).collect();
        if self.spec.overnight == Overnight::StartDate {
            return own;
        }
        let mut list: Vec<_> = own.iter().map(|(s, e)| (*s, (*e).min(86_400))).collect();
        let before = date.yesterday().unwrap();
        let spill = |w: &[Window]| {
            w.iter()
                .map(bounds)
                .filter(|(_, e)| *e > 86_400)
                .map(|(_, e)| (0, e - 86_400))
                .collect::<Vec<_>>()
        };
        if let Some(shift) = self.shift(before) {
            list.extend(spill(shift));
        }
        if self.shift(date).is_none() {
            list.extend(spill(self.weekly(before)));
        }
        list
    }

    pub(crate) fn is_open(&self, minute: i64) -> bool {
        self.open[(minute - self.first) as usize]
    }

    fn reads_open(&self, days: &BTreeMap<Date, Day>, minute: i64) -> bool {
        let millis = minute * 60_000;
        if self.spec.closures.iter().any(|(a, b)| a.as_millis() <= millis && millis < b.as_millis()) {
            return false;
        }
        if self.spec.dst == DstReading::Ends {
            return days
                .values()
                .any(|(_, ends)| ends.iter().any(|(s, e)| *s <= minute * 60 && minute * 60 < *e));
        }
        let local = self.local(minute);
        [local.date().yesterday().unwrap(), local.date()].into_iter().any(|date| {
            let midnight = date.to_datetime(jiff::civil::Time::midnight());
            let seconds = midnight.duration_until(local).as_secs();
            days[&date].0.iter().any(|(s, e)| *s <= seconds && seconds < *e)
        })
    }

    fn instant(&self, date: Date, seconds: i64) -> i64 {
        let local = date.to_datetime(jiff::civil::Time::midnight());
        let local = local.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
        self.zone.to_ambiguous_timestamp(local).compatible().unwrap().as_second()
    }

    /// Open minutes in `from..to`.
    pub(crate) fn between(&self, from: i64, to: i64) -> i64 {
        (from..to).filter(|m| self.is_open(*m)).count() as i64
    }

    /// The first and the last minute with `budget` > 0 open minutes since `from`; `None` past `limit`.
    pub(crate) fn add(&self, from: i64, budget: i64, limit: i64) -> Option<(i64, i64)> {
        let (mut left, mut first) = (budget, None);
        for minute in from..limit {
            if left == 0 && first.is_none() {
                first = Some(minute);
            }
            if self.is_open(minute) {
                if left == 0 {
                    return first.map(|f| (f, minute));
                }
                left -= 1;
            }
        }
        None
    }

    /// The latest minute from which `budget` > 0 open minutes pass until `to`.
    pub(crate) fn sub(&self, to: i64, budget: i64, limit: i64) -> Option<i64> {
        let mut left = budget;
        for minute in (limit..to).rev() {
            left -= i64::from(self.is_open(minute));
            if left == 0 {
                return Some(minute);
            }
        }
        None
    }
}

pub(crate) fn at(minute: i64) -> Timestamp {
    Timestamp::from_secs(minute * 60).unwrap()
}
