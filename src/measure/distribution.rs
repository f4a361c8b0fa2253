//! The distribution of a time, in whole seconds: small, mergeable, with a stated error.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bounded::Merge;
use super::number::mul_div;
use super::share::Share;
use crate::model::Seconds;

/// The mark by which a first response is aimed at: 30 minutes (R89).
pub const RESPONSE_TARGET: Seconds = Seconds::minutes(30);
/// The mark by which a first response is due: one hour (R89).
pub const RESPONSE_LIMIT: Seconds = Seconds::minutes(60);
/// The floor of every policy: a mean or median first response above 11 hours is not acceptable (R87).
pub const RESPONSE_FLOOR: Seconds = Seconds::hours(11);

/// The instants at which counts are exact; they are nested marks on one distribution, not a sum.
const MARKS: [Seconds; 3] = [RESPONSE_TARGET, RESPONSE_LIMIT, RESPONSE_FLOOR];
/// Values below this have a bucket each.
const LINEAR: u64 = 128;
/// Buckets for each doubling above it.
const STEPS: u64 = 64;
/// Number of buckets: 128 single values, then 64 for each of the 25 doublings up to 2³².
const BUCKETS: u64 = LINEAR + 25 * STEPS;

/// How a time is distributed: count, sum, extremes and marks exactly, quantiles to 1/64.
///
/// Log-linear buckets: whole seconds up to 127, then 64 buckets for each doubling, up to 2³² − 1 seconds
/// (136 years; longer times count as that, negative ones as nought). [`quantile`](Self::quantile) never
/// understates, and overstates by at most 1/64. Counts at 30 minutes, 60 minutes and 11 hours are exact.
/// `merge` is associative and commutative; every count saturates.
///
/// ```
/// use galateo::measure::{Distribution, RESPONSE_LIMIT};
/// use galateo::model::Seconds;
/// let times: Distribution = [40, 1800, 3600, 3601].map(Seconds::new).into_iter().collect();
/// assert_eq!(times.median(), Some(Seconds::new(1807)), "1800 lies in the bucket 1792 to 1807");
/// assert_eq!(times.within(RESPONSE_LIMIT).at_least, 3);
/// assert_eq!(times.mean(), Some(Seconds::new(2260)));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Distribution {
    buckets: BTreeMap<u16, u64>,
    count: u64,
    sum: u64,
    extremes: Option<(u32, u32)>,
    marks: [u64; 3],
}

/// A count known to lie between two numbers; at a mark both are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Within {
    /// Certainly this many.
    pub at_least: u64,
    /// Certainly no more than this.
    pub at_most: u64,
}

impl Distribution {
    /// Counts one time.
    pub fn record(&mut self, time: Seconds) {
        let value = clamp(time);
        self.buckets.entry(bucket(value)).or_default().merge(&1);
        self.count.merge(&1);
        self.sum.merge(&u64::from(value));
        self.widen((value, value));
        for (count, mark) in self.marks.iter_mut().zip(MARKS) {
            count.merge(&u64::from(value <= clamp(mark)));
        }
    }

    /// How many times were counted.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The mean, rounded to the nearest second; `None` where nothing was counted.
    #[must_use]
    pub fn mean(&self) -> Option<Seconds> {
        mul_div(self.sum, 1, self.count).map(seconds)
    }

    /// The shortest time, exactly.
    #[must_use]
    pub fn shortest(&self) -> Option<Seconds> {
        self.extremes.map(|(low, _)| Seconds::new(i64::from(low)))
    }

    /// The longest time, exactly.
    #[must_use]
    pub fn longest(&self) -> Option<Seconds> {
        self.extremes.map(|(_, high)| Seconds::new(i64::from(high)))
    }

    /// The time that `per_mille` thousandths of the counted ones do not exceed, by nearest rank.
    ///
    /// With t the exact answer, the result lies in t … t + t/64. `None` where nothing was counted.
    #[must_use]
    pub fn quantile(&self, per_mille: u16) -> Option<Seconds> {
        let (low, high) = self.extremes?;
        let rank =
            u128::from(self.count).saturating_mul(u128::from(per_mille.min(1000))).div_ceil(1000).max(1);
        let mut below = 0_u128;
        let found = self.buckets.iter().find(|(_, count)| {
            below = below.saturating_add(u128::from(**count));
            below >= rank
        });
        let value = found.map_or(u64::from(high), |(place, _)| last_of(u64::from(*place)));
        Some(seconds(value.clamp(u64::from(low), u64::from(high))))
    }

    /// The middle time, within the error of [`quantile`](Self::quantile).
    #[must_use]
    pub fn median(&self) -> Option<Seconds> {
        self.quantile(500)
    }

    /// How many times are no longer than `limit`: exact at 30 minutes, 60 minutes and 11 hours.
    #[must_use]
    pub fn within(&self, limit: Seconds) -> Within {
        if let Some((count, _)) = self.marks.iter().zip(MARKS).find(|(_, mark)| *mark == limit) {
            return Within { at_least: *count, at_most: *count };
        }
        if limit < Seconds::ZERO {
            return Within { at_least: 0, at_most: 0 };
        }
        let value = clamp(limit);
        let place = bucket(value);
        let below = self.buckets.range(..place).fold(0_u64, |sum, (_, n)| sum.saturating_add(*n));
        let whole = last_of(u64::from(place)) <= u64::from(value)
            || self.extremes.is_some_and(|(_, high)| high <= value);
        let here = self.buckets.get(&place).copied().unwrap_or_default();
        let at_most = below.saturating_add(here);
        Within { at_least: if whole { at_most } else { below }, at_most }
    }

    /// The share of times within `limit`, the careful way: what is not certain does not count.
    #[must_use]
    pub fn attainment(&self, limit: Seconds) -> Share {
        Share::new(self.within(limit).at_least, self.count)
    }

    /// Whether the mean or the median exceeds 11 hours (R87); exact, since 11 hours is a mark.
    #[must_use]
    pub fn breaches_floor(&self) -> bool {
        let floor = u128::from(clamp(RESPONSE_FLOOR));
        let mean = u128::from(self.sum) > u128::from(self.count).saturating_mul(floor);
        mean || self.within(RESPONSE_FLOOR).at_least < self.count.div_ceil(2)
    }

    fn widen(&mut self, (low, high): (u32, u32)) {
        self.extremes = Some(match self.extremes {
            Some((l, h)) => (l.min(low), h.max(high)),
            None => (low, high),
        });
    }
}

impl Merge for Distribution {
    fn merge(&mut self, other: &Self) {
        for (place, count) in &other.buckets {
            self.buckets.entry(*place).or_default().merge(count);
        }
        self.count.merge(&other.count);
        self.sum.merge(&other.sum);
        if let Some(extremes) = other.extremes {
            self.widen(extremes);
        }
        for (mine, theirs) in self.marks.iter_mut().zip(other.marks) {
            mine.merge(&theirs);
        }
    }
}

impl FromIterator<Seconds> for Distribution {
    fn from_iter<I: IntoIterator<Item = Seconds>>(times: I) -> Self {
        let mut distribution = Self::default();
        for time in times {
            distribution.record(time);
        }
        distribution
    }
}

fn clamp(time: Seconds) -> u32 {
    u32::try_from(time.get().max(0)).unwrap_or(u32::MAX)
}

fn seconds(value: u64) -> Seconds {
    Seconds::new(i64::try_from(value).unwrap_or(i64::MAX))
}

/// The bucket of a value: itself below 128, then by its highest bit and the six bits that follow.
fn bucket(value: u32) -> u16 {
    let value = u64::from(value);
    if value < LINEAR {
        return u16::try_from(value).unwrap_or(u16::MAX);
    }
    let octave = value.checked_ilog2().unwrap_or(7).saturating_sub(7);
    let step = (value >> octave.saturating_add(1)).saturating_sub(STEPS);
    let place = u64::from(octave).saturating_mul(STEPS).saturating_add(LINEAR).saturating_add(step);
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// The largest value of a bucket.
fn last_of(place: u64) -> u64 {
    let Some(above) = place.checked_sub(LINEAR) else { return place };
    let octave = u32::try_from(above / STEPS).unwrap_or(24).min(24);
    let step = (above % STEPS).saturating_add(STEPS + 1);
    (step << octave.saturating_add(1)).saturating_sub(1)
}

/// The written form, checked before it is believed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    buckets: Vec<(u16, u64)>,
    sum: u64,
    extremes: Option<(u32, u32)>,
    marks: [u64; 3],
}

impl From<Distribution> for Stored {
    fn from(d: Distribution) -> Self {
        Self { buckets: d.buckets.into_iter().collect(), sum: d.sum, extremes: d.extremes, marks: d.marks }
    }
}

impl TryFrom<Stored> for Distribution {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { buckets: list, sum, extremes, marks } = stored;
        let entries = list.len();
        let buckets: BTreeMap<u16, u64> = list.into_iter().collect();
        let count = buckets.values().fold(0_u64, |sum, n| sum.saturating_add(*n));
        let places = buckets.len() == entries
            && buckets.iter().all(|(place, n)| u64::from(*place) < BUCKETS && *n > 0);
        let ends = extremes.map(|(low, high)| (bucket(low), bucket(high)));
        let outer = buckets.first_key_value().zip(buckets.last_key_value()).map(|(a, b)| (*a.0, *b.0));
        if !places || ends != outer || extremes.is_some_and(|(low, high)| low > high) {
            return Err("a distribution whose buckets and extremes disagree");
        }
        if !marks.is_sorted() || marks.iter().any(|mark| *mark > count) {
            return Err("a distribution whose marks exceed its count");
        }
        Ok(Self { buckets, count, sum, extremes, marks })
    }
}
