//! Instants and durations: the only door through which time enters the crate.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Timelike};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Milliseconds of 9999-12-31T23:59:59.999Z since the epoch.
const MAX_MILLIS: i64 = 253_402_300_799_999;

/// Why a value is no [`Timestamp`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The text is no RFC 3339 instant with an offset.
    #[error("not an RFC 3339 instant with an offset, such as 2026-11-22T09:30:00+01:00")]
    Format,
    /// The instant lies outside the years 1970 to 9999.
    #[error("instant outside the years 1970 to 9999")]
    Range,
}

/// An instant between 1970-01-01T00:00:00Z and 9999-12-31T23:59:59.999Z, to the millisecond.
///
/// A leap second (`:60`) is clamped to the last millisecond of `:59`, so that order and distance
/// between instants never disagree; finer fractions are cut off.
///
/// ```
/// use galateo::model::{Seconds, Timestamp};
/// let t: Timestamp = "2026-11-22T10:30:00+01:00".parse()?;
/// assert_eq!(t.to_string(), "2026-11-22T09:30:00Z");
/// assert_eq!(t.saturating_add(Seconds::new(90)).to_string(), "2026-11-22T09:31:30Z");
/// # Ok::<(), galateo::model::TimeError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first instant, 1970-01-01T00:00:00Z.
    pub const MIN: Self = Self(0);
    /// The last instant, 9999-12-31T23:59:59.999Z.
    pub const MAX: Self = Self(MAX_MILLIS);

    /// An instant from milliseconds since the epoch.
    ///
    /// # Errors
    /// [`TimeError::Range`] outside the years 1970 to 9999.
    pub const fn from_millis(millis: i64) -> Result<Self, TimeError> {
        if millis < 0 || millis > MAX_MILLIS { Err(TimeError::Range) } else { Ok(Self(millis)) }
    }

    /// An instant from milliseconds since the epoch that are known to lie in these years.
    #[inline(always)]
    pub(crate) const fn known(millis: i64) -> Self {
        debug_assert!(Self::from_millis(millis).is_ok());
        Self(millis)
    }

    /// An instant from whole seconds since the epoch.
    ///
    /// # Errors
    /// [`TimeError::Range`] outside the years 1970 to 9999.
    pub const fn from_secs(secs: i64) -> Result<Self, TimeError> {
        match secs.checked_mul(1000) {
            Some(millis) => Self::from_millis(millis),
            None => Err(TimeError::Range),
        }
    }

    /// Milliseconds since the epoch, 0 to 253 402 300 799 999.
    #[must_use]
    #[inline]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, fractions cut off.
    #[must_use]
    #[inline]
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The instant `span` later (earlier when negative), held inside [`MIN`](Self::MIN) and [`MAX`](Self::MAX).
    #[must_use]
    #[inline]
    pub const fn saturating_add(self, span: Seconds) -> Self {
        let millis = self.0.saturating_add(span.0.saturating_mul(1000));
        if millis < 0 {
            Self::MIN
        } else if millis > MAX_MILLIS {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Whole seconds from `earlier` to `self`, rounded towards negative infinity.
    #[must_use]
    #[inline]
    pub const fn since(self, earlier: Self) -> Seconds {
        Seconds(self.0.saturating_sub(earlier.0).div_euclid(1000))
    }
}

impl std::str::FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| TimeError::Format)?;
        // chrono keeps a leap second as nanoseconds past 999 999 999 of the second before.
        let clamp = i64::from(parsed.nanosecond() >= 1_000_000_000);
        let millis = i64::from(parsed.timestamp_subsec_millis().min(999));
        let whole = parsed.timestamp().checked_mul(1000).ok_or(TimeError::Range)?;
        Self::from_millis(whole.saturating_add(if clamp == 1 { 999 } else { millis }))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(utc) = DateTime::from_timestamp_millis(self.0) else { return Err(fmt::Error) };
        let digits = if self.0.rem_euclid(1000) == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
        f.write_str(&utc.to_rfc3339_opts(digits, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A span of time in whole seconds; negative spans point to the past.
///
/// ```
/// use galateo::model::Seconds;
/// assert_eq!(Seconds::hours(2).get(), 7200);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(i64);

impl Seconds {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of `secs` seconds.
    #[must_use]
    pub const fn new(secs: i64) -> Self {
        Self(secs)
    }

    /// A span of `n` minutes, saturating.
    #[must_use]
    pub const fn minutes(n: i64) -> Self {
        Self(n.saturating_mul(60))
    }

    /// A span of `n` hours, saturating.
    #[must_use]
    pub const fn hours(n: i64) -> Self {
        Self(n.saturating_mul(3600))
    }

    /// A span of `n` days of 24 hours, saturating.
    #[must_use]
    pub const fn days(n: i64) -> Self {
        Self(n.saturating_mul(86_400))
    }

    /// The number of seconds.
    #[must_use]
    #[inline]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Debug for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0)
    }
}
