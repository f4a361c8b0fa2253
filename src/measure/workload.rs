//! How many people the work needs, and whether more of it can be invited.

use serde::{Deserialize, Serialize};

use super::number::mul_div;
use super::share::Share;
use crate::model::Seconds;

/// What one agent gives in the period looked at.
///
/// Work is volume times handling time, the method for answers that can wait a little; for calls, which
/// queue while someone listens, it is too low.
///
/// ```
/// use galateo::measure::Staffing;
/// use galateo::model::Seconds;
/// // 170 requests of 6 minutes on a day; agents work 7.5 hours, 85 % of it on requests.
/// let day = Staffing { time: Seconds::minutes(450), occupancy: 850 };
/// assert_eq!(day.agents(170, Seconds::minutes(6)), Some(3));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Staffing {
    /// Working time of one agent in the period.
    pub time: Seconds,
    /// Thousandths of it spent on requests, 0 to 1000.
    pub occupancy: u16,
}

impl Staffing {
    /// The agents needed for `volume` requests of `handling` each, rounded up (R100); `None` where agents give no time.
    #[must_use]
    pub fn agents(&self, volume: u64, handling: Seconds) -> Option<u64> {
        let positive = |time: Seconds| u128::from(u64::try_from(time.get()).unwrap_or_default());
        let work = u128::from(volume).saturating_mul(positive(handling)).saturating_mul(1000);
        let each = positive(self.time).saturating_mul(u128::from(self.occupancy.min(1000)));
        let whole = work.checked_div(each)?;
        let rest = u128::from(work.checked_rem(each)? > 0);
        Some(u64::try_from(whole.saturating_add(rest)).unwrap_or(u64::MAX))
    }
}

/// What is to be expected, from what was.
///
/// ```
/// use galateo::measure::{Forecast, Promotion};
/// let weeks = [940, 1010, 1050, 1000];
/// let forecast = Forecast::from_history(&weeks).unwrap();
/// assert_eq!((forecast.expected, forecast.low, forecast.high), (1000, 922, 1078));
/// assert_eq!(forecast.promotion(1000), Promotion::Hold);
/// assert_eq!(forecast.promotion(2000), Promotion::Promote { room: 922 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forecast {
    /// The mean of the periods looked at.
    pub expected: u64,
    /// Two standard deviations below it, at least nought.
    pub low: u64,
    /// Two standard deviations above it.
    pub high: u64,
}

/// Whether to invite customers to a channel (R31).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Promotion {
    /// Invite nobody new: a busy period already exceeds what can be served.
    Hold,
    /// Go on as it is.
    Keep,
    /// Make the channel known: even a busy period leaves a quarter unused.
    Promote {
        /// Requests more than a busy period brings that could be served.
        room: u64,
    },
}

impl Forecast {
    /// The forecast from the volumes of earlier periods of the same length; `None` where there is none.
    #[must_use]
    pub fn from_history(volumes: &[u64]) -> Option<Self> {
        let count = u64::from(crate::num::narrow(volumes.len()));
        let sum = volumes.iter().fold(0_u64, |sum, n| sum.saturating_add(*n));
        let expected = mul_div(sum, 1, count)?;
        let squares = volumes.iter().fold(0_u128, |sum, n| {
            let gap = u128::from(n.abs_diff(expected));
            sum.saturating_add(gap.saturating_mul(gap))
        });
        // Four times the variance, so that its root is two standard deviations.
        let variance = squares.saturating_mul(4).checked_div(u128::from(count))?;
        let spread = u64::try_from(variance.isqrt()).unwrap_or(u64::MAX);
        Some(Self { expected, low: expected.saturating_sub(spread), high: expected.saturating_add(spread) })
    }

    /// Whether `actual` lies where it was expected: less, equal or greater.
    #[must_use]
    pub fn verdict(&self, actual: u64) -> std::cmp::Ordering {
        if actual < self.low {
            std::cmp::Ordering::Less
        } else if actual > self.high {
            std::cmp::Ordering::Greater
        } else {
            std::cmp::Ordering::Equal
        }
    }

    /// What the forecast says about inviting customers, where `quota` requests a period can be served (R31, R40).
    #[must_use]
    pub fn promotion(&self, quota: u64) -> Promotion {
        if self.high > quota {
            Promotion::Hold
        } else if Share::new(self.high, quota).reaches(7500) {
            Promotion::Keep
        } else {
            Promotion::Promote { room: quota.saturating_sub(self.high) }
        }
    }
}
