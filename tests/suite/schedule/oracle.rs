//! The slow truth: a calendar read minute by minute through another library's time zones.
//!
//! Shares no code with the crate but the document it reads; zones come from `jiff`, with its own
//! reader of the same bundled data.

use std::collections::BTreeMap;

use galateo::model::Timestamp;
use galateo::schedule::{
    CalendarSpec, DstReading, Holiday, HolidayRule, Observed, Overnight, Precedence, Window,
};
use jiff::civil::{Date, DateTime, Weekday};
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
        self.spec.holidays.iter().any(|holiday| match holiday {
            Holiday::Date(listed) => listed.to_string() == date.to_string(),
            Holiday::Rule(rule) => holds(rule, date) || self.stands_in(rule, date),
        })
    }

    /// Whether a date stands in for a rule's holiday on a weekend. The next weekday that is no holiday is
    /// known here for a calendar with one rule; cases with more have no such rule.
    fn stands_in(&self, rule: &HolidayRule, date: Date) -> bool {
        let HolidayRule::Fixed { observed, .. } = rule else { return false };
        let back = |days: i64| date.checked_sub(jiff::Span::new().days(days)).unwrap();
        match observed {
            Observed::NearestWeekday => match date.weekday() {
                Weekday::Friday => holds(rule, date.tomorrow().unwrap()),
                Weekday::Monday => holds(rule, date.yesterday().unwrap()),
                _ => false,
            },
            Observed::NextWeekday => {
                let listed = |day: Date| {
                    let is = |h: &Holiday| matches!(h, Holiday::Date(d) if d.to_string() == day.to_string());
                    self.spec.holidays.iter().any(is)
                };
                let weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
                let free = |day: Date| !weekend(day) && !listed(day);
                let from = (1..12).find(|days| weekend(back(*days)) && holds(rule, back(*days)));
                free(date) && from.is_some_and(|days| (1..days).all(|day| !free(back(day))))
            }
            _ => false,
        }
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

    /// The instant as many working dates after a minute, or before it, at the same time of day; `None` outside
    /// what was looked at.
    pub(crate) fn move_days(&self, from: i64, days: i64) -> Option<i64> {
        let local = self.local(from);
        let (mut date, mut left) = (local.date(), days.abs());
        while left > 0 {
            date = if days > 0 { date.tomorrow().unwrap() } else { date.yesterday().unwrap() };
            let midnight = self.instant(date, 0);
            // A date that the zone's clocks never showed.
            let shown = self.local(midnight / 60).date() == date;
            left -= i64::from(shown && !self.windows(date).is_empty());
            if !(self.first + 3000..self.first + self.open.len() as i64 - 3000).contains(&(midnight / 60)) {
                return None;
            }
        }
        let seconds = local.date().to_datetime(jiff::civil::Time::midnight()).duration_until(local).as_secs();
        let at = self.instant(date, seconds) / 60;
        (at..self.first + self.open.len() as i64).find(|minute| self.is_open(*minute))
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

/// Whether a rule names a date, without a weekday that stands in for it.
fn holds(rule: &HolidayRule, date: Date) -> bool {
    let (year, month, day) = (i32::from(date.year()), i32::from(date.month()), i32::from(date.day()));
    match rule {
        HolidayRule::Easter { offset, .. } => {
            let sunday = date.checked_sub(jiff::Span::new().days(*offset)).unwrap();
            easter(i32::from(sunday.year())) == (i32::from(sunday.month()), i32::from(sunday.day()))
        }
        HolidayRule::Fixed { month: m, day: d, .. } => (*m, *d) == (month, day),
        HolidayRule::NthWeekday { month: m, weekday, nth, .. } => {
            let name = serde_json::to_value(weekday).unwrap();
            let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            let same = names[date.weekday().to_monday_zero_offset() as usize] == name;
            let last = i32::from(date.days_in_month());
            let from_start = (day - 1) / 7 + 1;
            let from_end = -((last - day) / 7 + 1);
            *m == month && same && (*nth == from_start || *nth == from_end) && year > 0
        }
        _ => false,
    }
}

/// Month and day of Easter Sunday (D. E. Knuth, The Art of Computer Programming, volume 1, exercise 1.3.2-14).
fn easter(year: i32) -> (i32, i32) {
    let (golden, century) = (year % 19 + 1, year / 100 + 1);
    let (gregorian, lunar) = (3 * century / 4 - 12, (8 * century + 5) / 25 - 5);
    let sunday = 5 * year / 4 - gregorian - 10;
    let mut epact = (11 * golden + 20 + lunar - gregorian).rem_euclid(30);
    if (epact == 25 && golden > 11) || epact == 24 {
        epact += 1;
    }
    let moon = if epact > 23 { 74 - epact } else { 44 - epact };
    let day = moon + 7 - (sunday + moon) % 7;
    if day > 31 { (4, day - 31) } else { (3, day) }
}

pub(crate) fn at(minute: i64) -> Timestamp {
    Timestamp::from_secs(minute * 60).unwrap()
}
