//! What a team writes about its hours: the document a [`Calendar`](super::Calendar) is compiled from.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::date::Date;
use crate::model::Timestamp;

/// The opening hours of a team, as written.
///
/// Weekly windows repeat; `shifts` replace them on single local dates; `holidays` close local dates;
/// `closures` close stretches of absolute time and always win. All intervals are half open.
///
/// ```
/// use galateo::schedule::CalendarSpec;
/// let spec: CalendarSpec = serde_json::from_str(r#"{
///     "tz": "Europe/Rome",
///     "weekly": {"mon": [["09:00","13:00"],["14:00","18:00"]], "fri": [["22:00","06:00"]]},
///     "holidays": ["2026-12-25", {"easter": {"offset": 1}}]
/// }"#)?;
/// assert_eq!(spec.weekly.mon.len(), 2);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a document: every value is legal, and hosts write it out")]
pub struct CalendarSpec {
    /// The IANA name of the zone whose dates and times of day are meant.
    #[serde(default = "utc")]
    pub tz: String,
    /// The windows of each weekday.
    #[serde(default)]
    pub weekly: Weekly,
    /// Local dates that are closed, one by one or by rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Holiday>,
    /// Absolute stretches that are closed whatever else is said; one that ends before it begins closes nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closures: Vec<(Timestamp, Timestamp)>,
    /// Local dates whose windows replace the weekly ones; an empty list closes the date.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shifts: BTreeMap<Date, Vec<Window>>,
    /// Who wins on a date that is a holiday and has a shift.
    #[serde(default)]
    pub precedence: Precedence,
    /// Which date a window across midnight belongs to.
    #[serde(default)]
    pub overnight: Overnight,
    /// How a window meets an hour that is skipped or repeated.
    #[serde(default)]
    pub dst: DstReading,
}

fn utc() -> String {
    "UTC".to_owned()
}

impl Default for CalendarSpec {
    fn default() -> Self {
        Self {
            tz: utc(),
            weekly: Weekly::default(),
            holidays: Vec::new(),
            closures: Vec::new(),
            shifts: BTreeMap::new(),
            precedence: Precedence::default(),
            overnight: Overnight::default(),
            dst: DstReading::default(),
        }
    }
}

/// The windows of each weekday; they may touch or overlap, and count once.
///
/// ```
/// use galateo::schedule::Weekly;
/// let weekly: Weekly = serde_json::from_str(r#"{"sat": [["10:00", "24:00"]]}"#)?;
/// assert!(weekly.mon.is_empty() && weekly.days()[5].len() == 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the seven days of the week")]
#[expect(clippy::exhaustive_structs, reason = "the seven days of the week")]
pub struct Weekly {
    pub mon: Vec<Window>,
    pub tue: Vec<Window>,
    pub wed: Vec<Window>,
    pub thu: Vec<Window>,
    pub fri: Vec<Window>,
    pub sat: Vec<Window>,
    pub sun: Vec<Window>,
}

impl Weekly {
    /// The same windows on Monday to Friday, none on the weekend.
    #[must_use]
    pub fn workdays(windows: &[Window]) -> Self {
        let day = || windows.to_vec();
        Self { mon: day(), tue: day(), wed: day(), thu: day(), fri: day(), ..Self::default() }
    }

    /// The days in order, Monday first.
    #[must_use]
    pub fn days(&self) -> [&[Window]; 7] {
        [&self.mon, &self.tue, &self.wed, &self.thu, &self.fri, &self.sat, &self.sun]
    }
}

/// A stretch of a day from `start` to before `end`; an end that is not after the start is on the next day.
///
/// ```
/// use galateo::schedule::Window;
/// let night: Window = serde_json::from_str(r#"["22:00","06:00"]"#)?;
/// assert_eq!(night.seconds(), 8 * 3600);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(TimeOfDay, TimeOfDay)", into = "(TimeOfDay, TimeOfDay)")]
#[expect(clippy::exhaustive_structs, reason = "two ends make a window, and every pair is legal")]
pub struct Window {
    /// The first second inside; `24:00` means midnight at the start of the day.
    pub start: TimeOfDay,
    /// The first second after.
    pub end: TimeOfDay,
}

impl Window {
    /// The length on the wall, 1 to 86 400 seconds.
    #[must_use]
    pub fn seconds(self) -> i64 {
        let (start, end) = self.bounds();
        end.saturating_sub(start)
    }

    /// Seconds from the midnight of the date it starts on; the end is at most 48 hours.
    pub(crate) fn bounds(self) -> (i64, i64) {
        let (start, end) = (i64::from(self.start.0) % 86_400, i64::from(self.end.0));
        (start, if end <= start { end.saturating_add(86_400) } else { end })
    }
}

impl From<(TimeOfDay, TimeOfDay)> for Window {
    fn from((start, end): (TimeOfDay, TimeOfDay)) -> Self {
        Self { start, end }
    }
}

impl From<Window> for (TimeOfDay, TimeOfDay) {
    fn from(window: Window) -> Self {
        (window.start, window.end)
    }
}

/// A time on the wall, `00:00` to `24:00`, to the second.
///
/// ```
/// use galateo::schedule::TimeOfDay;
/// let noon: TimeOfDay = "12:00".parse()?;
/// assert_eq!(noon.seconds(), 43_200);
/// assert!("12:60".parse::<TimeOfDay>().is_err());
/// # Ok::<(), galateo::schedule::TimeOfDayError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeOfDay(u32);

/// Why a text is no [`TimeOfDay`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time of day written as 09:00 or 09:00:00, up to 24:00")]
#[expect(clippy::exhaustive_structs, reason = "a unit that says all there is to say")]
pub struct TimeOfDayError;

impl TimeOfDay {
    /// A time from seconds after midnight, 0 to 86 400.
    #[must_use]
    pub fn from_seconds(seconds: u32) -> Option<Self> {
        (seconds <= 86_400).then_some(Self(seconds))
    }

    /// Seconds after midnight, 0 to 86 400.
    #[must_use]
    pub const fn seconds(self) -> u32 {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = TimeOfDayError;

    fn from_str(text: &str) -> Result<Self, TimeOfDayError> {
        let mut seconds = 0_u32;
        let mut parts = text.split(':');
        for (unit, optional) in [(3600, false), (60, false), (1, true)] {
            let digits = match parts.next() {
                Some(digits) => digits,
                None if optional => break,
                None => return Err(TimeOfDayError),
            };
            let two = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
            let number: u32 =
                digits.parse().ok().filter(|n| two && (*n < 60 || unit == 3600)).ok_or(TimeOfDayError)?;
            seconds = seconds.saturating_add(number.saturating_mul(unit));
        }
        if parts.next().is_some() {
            Err(TimeOfDayError)
        } else {
            Self::from_seconds(seconds).ok_or(TimeOfDayError)
        }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes, seconds) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        write!(f, "{hours:02}:{minutes:02}")?;
        if seconds == 0 { Ok(()) } else { write!(f, ":{seconds:02}") }
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// A closed local date: one date, or a rule that yields at most one or two a year.
///
/// ```
/// use galateo::schedule::Holiday;
/// let rule: Holiday = serde_json::from_str(r#"{"nth_weekday": {"month": 11, "weekday": "thu", "nth": 4}}"#)?;
/// assert!(matches!(rule, Holiday::Rule(_)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a date or a rule; new rules join `HolidayRule`")]
pub enum Holiday {
    /// One date.
    Date(Date),
    /// A date of every year.
    Rule(HolidayRule),
}

/// A rule that yields a holiday for each year.
///
/// ```
/// use galateo::schedule::HolidayRule;
/// let rule: HolidayRule = serde_json::from_str(r#"{"fixed": {"month": 7, "day": 4, "observed": "nearest_weekday"}}"#)?;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum HolidayRule {
    /// So many days after Easter Sunday (western computus); negative before.
    #[non_exhaustive]
    Easter {
        /// Days after Easter Sunday, −366 to 366.
        offset: i32,
    },
    /// The same month and day every year; 29 February only in leap years.
    #[non_exhaustive]
    Fixed {
        /// 1 to 12.
        month: i32,
        /// 1 to 31.
        day: i32,
        /// Whether a weekday stands in when the date falls on a weekend.
        #[serde(default)]
        observed: Observed,
    },
    /// The n-th weekday of a month, counted from its end when negative.
    #[non_exhaustive]
    NthWeekday {
        /// 1 to 12.
        month: i32,
        /// The day of the week.
        weekday: Weekday,
        /// 1 to 5, or −1 (the last) to −5.
        nth: i32,
    },
}

/// The weekday that stands in for a holiday on a weekend; the date itself stays a holiday.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Observed {
    /// None.
    #[default]
    Never,
    /// Friday for Saturday, Monday for Sunday (United States, 5 U.S.C. 6103).
    NearestWeekday,
    /// The next Monday to Friday that is no holiday yet (United Kingdom bank holidays).
    NextWeekday,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the seven days of the week")]
#[expect(clippy::exhaustive_enums, reason = "the seven days of the week")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl Weekday {
    /// Monday 0 to Sunday 6.
    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::Mon => 0,
            Self::Tue => 1,
            Self::Wed => 2,
            Self::Thu => 3,
            Self::Fri => 4,
            Self::Sat => 5,
            Self::Sun => 6,
        }
    }
}

impl Serialize for Holiday {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Date(date) => date.serialize(serializer),
            Self::Rule(rule) => rule.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Holiday {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HolidayVisitor)
    }
}

struct HolidayVisitor;

impl<'de> Visitor<'de> for HolidayVisitor {
    type Value = Holiday;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date such as 2026-12-25, or a rule: fixed, easter or nth_weekday")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Holiday, E> {
        text.parse().map(Holiday::Date).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Holiday, A::Error> {
        HolidayRule::deserialize(MapAccessDeserializer::new(map)).map(Holiday::Rule)
    }
}

/// Who wins on a date that is a holiday and has a shift.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "one of the two wins")]
pub enum Precedence {
    /// The date is closed.
    #[default]
    HolidayOverShift,
    /// The shift is worked.
    ShiftOverHoliday,
}

/// Which date a window across midnight belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the date on the wall or the date of its start")]
pub enum Overnight {
    /// Wholly to the date it starts on: a holiday takes all of it, the holiday after it nothing.
    #[default]
    StartDate,
    /// Each half to its own date, as if two windows had been written.
    ///
    /// The half after midnight of a shift joins the hours of the next date: where that is a holiday, a shift that
    /// wins must be its own.
    WallDate,
}

/// How a window meets an hour that the zone skips or repeats.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the clock on the wall or the two ends")]
pub enum DstReading {
    /// Open exactly while the clock on the wall reads inside the window: a repeated hour counts twice.
    #[default]
    Wall,
    /// From the instant of the start to the instant of the end: a skipped time is moved forward by
    /// the length of the gap, a repeated one means its first occurrence (RFC 5545, 3.3.5).
    Ends,
}
