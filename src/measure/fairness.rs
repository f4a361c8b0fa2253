//! Whether groups of customers are answered equally fast (R26).

use serde::{Deserialize, Serialize};

use super::bounded::{Bounded, Merge};
use super::distribution::Distribution;
use crate::model::{Seconds, Tag};

/// Groups kept apart.
pub const MAX_GROUPS: usize = 64;
/// Answers a group, and the rest, must have before anything is said about it.
const MIN_ANSWERS: u64 = 20;
/// The chi-squared statistic with one degree of freedom that chance exceeds once in a thousand times, in
/// thousandths (NIST/SEMATECH e-Handbook, 1.3.6.7.4). Strict, since every group is looked at.
const SIGNIFICANT: u128 = 10_828;
/// Counts are halved together until they are below 2²², so that the test fits 128 bits; it errs to caution.
const TEST_BITS: u32 = 22;

/// Time to the first response by group of customers.
///
/// `merge` is associative and commutative. A customer can belong to several groups.
///
/// ```
/// use galateo::measure::Fairness;
/// use galateo::model::{Seconds, Tag};
/// let mut fairness = Fairness::default();
/// for n in 0..100 {
///     fairness.record(&[Tag::new("north")?], Seconds::minutes(10 + n % 20));
///     fairness.record(&[Tag::new("south")?], Seconds::minutes(25 + n % 20));
/// }
/// let gaps = fairness.gaps();
/// assert_eq!((gaps[0].group.as_str(), gaps[0].is_significant), ("south", true));
/// # Ok::<(), galateo::model::IdError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fairness {
    all: Distribution,
    groups: Bounded<Tag, Distribution, MAX_GROUPS>,
}

/// How a group fares against all customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The group.
    pub group: Tag,
    /// First responses to it.
    pub responses: u64,
    /// Its median time to the first response.
    pub median: Seconds,
    /// The median of all customers.
    pub median_of_all: Seconds,
    /// Whether the group waits otherwise than the rest by more than chance, on counts large enough to say so.
    pub is_significant: bool,
}

impl Gap {
    /// The group's median less that of all: above nought, the group waits longer.
    #[must_use]
    pub const fn delay(&self) -> Seconds {
        Seconds::new(self.median.get().saturating_sub(self.median_of_all.get()))
    }
}

impl Fairness {
    /// Counts a first response to a customer of these groups; a group named twice counts once.
    pub fn record(&mut self, groups: &[Tag], after: Seconds) {
        self.all.record(after);
        for (place, group) in groups.iter().take(MAX_GROUPS).enumerate() {
            if !groups.iter().take(place).any(|earlier| earlier == group) {
                self.groups.update(group.clone(), |times| times.record(after));
            }
        }
    }

    /// Every group's gap, the longest wait first, equal ones by group.
    ///
    /// Significance is Mood's median test of the group against all others, with at least 20 responses on
    /// either side and a probability of chance of one in a thousand.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let mut gaps: Vec<Gap> =
            self.groups.iter().filter_map(|(group, times)| self.gap(group, times)).collect();
        gaps.sort_by_key(|gap| std::cmp::Reverse(gap.delay()));
        gaps
    }

    fn gap(&self, group: &Tag, times: &Distribution) -> Option<Gap> {
        let (median, median_of_all) = (times.median()?, self.all.median()?);
        // The median is the end of a bucket, so that the counts up to it are exact.
        let here = times.within(median_of_all).at_most;
        let rest = self.all.count().saturating_sub(times.count());
        let rest_here = self.all.within(median_of_all).at_most.saturating_sub(here);
        let is_significant = differs([here, times.count()], [rest_here, rest]);
        Some(Gap { group: group.clone(), responses: times.count(), median, median_of_all, is_significant })
    }
}

impl Merge for Fairness {
    fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        self.groups.merge(&other.groups);
    }
}

/// The chi-squared test of two proportions, [part, whole] each, without correction.
fn differs([a, n]: [u64; 2], [b, m]: [u64; 2]) -> bool {
    if n < MIN_ANSWERS || m < MIN_ANSWERS {
        return false;
    }
    let bits = n.max(m).checked_ilog2().unwrap_or_default().saturating_add(1);
    let [a, n, b, m] = [a, n, b, m].map(|count| u128::from(count >> bits.saturating_sub(TEST_BITS)));
    let (both, all) = (a.saturating_add(b), n.saturating_add(m));
    let cross = a.saturating_mul(m).abs_diff(b.saturating_mul(n));
    let spread = n.saturating_mul(m).saturating_mul(both).saturating_mul(all.saturating_sub(both));
    // χ² = all × cross² ÷ spread; in thousandths it stays below 2¹²² for counts below 2²².
    let scaled = cross.saturating_mul(cross).saturating_mul(all).saturating_mul(1000);
    scaled.checked_div(spread).is_some_and(|statistic| statistic >= SIGNIFICANT)
}
