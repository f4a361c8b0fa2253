//! Local dates as day numbers, weekdays and Easter: the little calendar arithmetic the module needs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Seconds of a day on the wall.
pub(crate) const DAY: i64 = 86_400;
/// Seconds of a week on the wall.
pub(crate) const WEEK: i64 = 604_800;

/// A local date of the years 1969 to 10000, wide enough for every zone's view of a [`Timestamp`](crate::model::Timestamp).
///
/// ```
/// use galateo::schedule::Date;
/// let date: Date = "2026-04-05".parse()?;
/// assert_eq!(Date::easter(2026), Some(date));
/// assert_eq!(date.to_string(), "2026-04-05");
/// # Ok::<(), galateo::schedule::DateError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// Why a text is no [`Date`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the years 1969 to 10000 written as 2026-12-25")]
#[expect(clippy::exhaustive_structs, reason = "a unit that says all there is to say")]
pub struct DateError;

impl Date {
    /// A date of the Gregorian calendar; `None` outside the years 1969 to 10000 or where it does not exist.
    #[must_use]
    pub fn new(year: i32, month: i32, day: i32) -> Option<Self> {
        let legal = (1969..=10_000).contains(&year) && (1..=12).contains(&month);
        (legal && day >= 1 && day <= days_in_month(year, month)).then(|| Self(day_number(year, month, day)))
    }

    /// Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher).
    #[must_use]
    pub fn easter(year: i32) -> Option<Self> {
        let (month, day) = easter_month_day(year);
        Self::new(year, month, day)
    }

    /// The date of a day number; `None` outside the years 1969 to 10000.
    pub(crate) fn of(day: i64) -> Option<Self> {
        let day = i32::try_from(day).ok().filter(|day| (-365..=2_933_263).contains(day))?;
        Some(Self(day))
    }

    /// The day number since 1970-01-01.
    #[must_use]
    pub const fn day_number(self) -> i32 {
        self.0
    }

    /// Year, month 1 to 12, day 1 to 31.
    #[must_use]
    pub const fn parts(self) -> (i32, i32, i32) {
        civil(self.0)
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let mut parts = text.splitn(3, '-');
        let mut part = |width: usize| {
            let digits =
                parts.next().filter(|s| s.len() == width && s.bytes().all(|b| b.is_ascii_digit()))?;
            digits.parse::<i32>().ok()
        };
        let read = part(4).zip(part(2)).zip(part(2));
        read.and_then(|((year, month), day)| Self::new(year, month, day)).ok_or(DateError)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// Monday 0 to Sunday 6; 1970-01-01 was a Thursday.
pub(crate) const fn weekday(day: i64) -> i64 {
    day.wrapping_add(3).rem_euclid(7)
}

/// Days of a month; 0 for a month that does not exist.
pub(crate) const fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Whether a year has a 29 February.
pub(crate) const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The day number of a Gregorian date (H. Hinnant, "chrono-compatible low-level date algorithms").
#[expect(
    clippy::arithmetic_side_effects,
    reason = "callers pass years 0 to 10001, months 1 to 12, days 1 to 31"
)]
pub(crate) const fn day_number(year: i32, month: i32, day: i32) -> i32 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a day number (the inverse of [`day_number`]).
#[expect(
    clippy::arithmetic_side_effects,
    reason = "bounded: day numbers reach no further than the year 10001"
)]
pub(crate) const fn civil(day_number: i32) -> (i32, i32, i32) {
    let z = day_number + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z - era * 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400;
    (if month <= 2 { year + 1 } else { year }, month, day)
}

/// The year a day number falls in.
pub(crate) fn year_of(day: i64) -> i32 {
    civil(i32::try_from(day.clamp(-400, 2_933_000)).unwrap_or(0)).0
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "remainders of small numbers; years are bounded by the callers"
)]
const fn easter_month_day(year: i32) -> (i32, i32) {
    let a = year % 19;
    let (b, c) = (year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    (n / 31, n % 31 + 1)
}
