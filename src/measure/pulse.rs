//! Sudden rises of volume against the usual for the time of day (R53).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::bounded::{Bounded, Merge};
use super::distinct::Distinct;
use super::number::{ln_ratio, mul_div, thousandths};
use crate::model::{Channel, CustomerId, Seconds, Timestamp, TopicId};

/// Series kept apart in one [`Pulse`].
pub const MAX_SERIES: usize = 512;
/// Length of a bucket.
const BUCKET: i64 = 15 * 60;
/// Buckets of a day.
const DAY: u32 = 96;
/// Days looked back at: the last seven, and the same weekday two, three and four weeks ago.
const DAYS_BACK: [u32; 10] = [1, 2, 3, 4, 5, 6, 7, 14, 21, 28];
/// Buckets before and after the same time of day that count as the same time.
const NEIGHBOURS: u32 = 2;
/// Windows looked at, in buckets: from 15 minutes to two hours.
const WINDOWS: [usize; 4] = [1, 2, 4, 8];
/// The longest window.
const LONGEST: u32 = 8;
/// Buckets kept: 28 days, the neighbours, and the longest window.
const KEPT: u32 = 28 * DAY + NEIGHBOURS + LONGEST;
/// Samples below which nothing is known about the usual volume: a day has five.
const MIN_SAMPLES: usize = 10;
/// The least mean of a bucket, in thousandths, so that a silent topic is not infinitely surprised.
const LEAST_MEAN: u64 = 100;

/// What is counted: one channel, one topic or all, displeased messages or all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesKey {
    /// The channel.
    pub channel: Channel,
    /// The topic; `None` counts every message of the channel.
    pub topic: Option<TopicId>,
    /// Whether displeased messages alone are counted.
    pub negative: bool,
}

/// A customer's message, as far as the pulse is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal; every combination is legal")]
pub struct Arrival<'a> {
    /// When it arrived.
    pub at: Timestamp,
    /// Where.
    pub channel: &'a Channel,
    /// The subject, where one is known.
    pub topic: Option<&'a TopicId>,
    /// Whether it sounds displeased.
    pub negative: bool,
    /// Who wrote it.
    pub author: &'a CustomerId,
}

/// When a rise is a spike, and when a spike is over; scores in thousandths of a nat.
///
/// ```
/// use galateo::measure::PulseSettings;
/// let milan = PulseSettings { utc_offset: galateo::model::Seconds::hours(1), ..PulseSettings::DEFAULT };
/// assert_eq!(milan.alarm_at, 9000);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PulseSettings {
    /// Score of a spike. At 9, e⁻⁹ or 1 in 8000 for one look, a series alarms falsely less than once a week.
    pub alarm_at: u64,
    /// Score from which it is worth watching.
    pub watch_at: u64,
    /// Score below which it is calm again.
    pub calm_below: u64,
    /// How long it must stay calm before the mode comes down a step.
    pub calm_for: Seconds,
    /// Fewest messages of a spike.
    pub min_messages: u64,
    /// Fewest different authors of a spike, at most 8: one loud customer is no crisis.
    pub min_authors: u64,
    /// How steady the volume is beyond chance: its variance is mean × (1 + mean ÷ dispersion).
    ///
    /// 40 is a volume that swings by 16 % from day to day; 16 suits one that swings by 25 %, with fewer
    /// false alarms and later true ones.
    pub dispersion: u64,
    /// Local time less UTC, for telling the weekend; changes of some hours matter little.
    pub utc_offset: Seconds,
}

impl PulseSettings {
    /// The settings that hold unless the host says otherwise.
    pub const DEFAULT: Self = Self {
        alarm_at: 9000,
        watch_at: 6000,
        calm_below: 3000,
        calm_for: Seconds::hours(1),
        min_messages: 5,
        min_authors: 3,
        dispersion: 40,
        utc_offset: Seconds::ZERO,
    };
}

impl Default for PulseSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A rise of one series at one moment: the window in which it is most surprising.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rise {
    /// The series.
    pub series: SeriesKey,
    /// How surprising, in thousandths of a nat: the logarithm of a likelihood ratio.
    pub score: u64,
    /// Length of the window, which ends with the current quarter of an hour.
    pub window: Seconds,
    /// Messages in the window.
    pub messages: u64,
    /// Messages usual in such a window, in thousandths.
    pub usual: u64,
    /// Different authors in the window; 8 stands for 8 and more.
    pub authors: u64,
}

impl Rise {
    /// Whether there are enough messages, from enough people, to be taken seriously.
    #[must_use]
    pub const fn is_broad(&self, settings: &PulseSettings) -> bool {
        self.messages >= settings.min_messages && self.authors >= settings.min_authors
    }

    /// Whether it is a spike.
    #[must_use]
    pub const fn is_spike(&self, settings: &PulseSettings) -> bool {
        self.score >= settings.alarm_at && self.is_broad(settings)
    }
}

/// Counts of messages by quarter of an hour, for each channel, topic and tone.
///
/// The usual volume of a quarter of an hour is the trimmed mean of the same time of day, two quarters
/// either way, over the last seven days and the same weekday of the last four weeks, weekdays and weekends
/// apart. A rise is scored by the Poisson likelihood ratio of what came against what is usual, largest over
/// windows of 1, 2, 4 and 8 quarters, divided by 1 + mean ÷ dispersion for volumes that vary more than
/// chance. A series with fewer than two days behind it has no usual volume and no score.
///
/// In simulated months (volume swinging by 12 % from day to day and 15 % from quarter to quarter, an event
/// every day that stays in the history) threefold events of two hours are found in 50, 86, 93, 98 and 99 of
/// 100 cases where the busiest quarter brings 1, 4, 8, 15 and 30 messages, with 0.1 to 0.5 false alarms a
/// week: below about 10 messages in the busiest quarter, watch the channel as a whole rather than by topic.
///
/// `merge` is associative and commutative (it adds; see [`Shards`](super::Shards) for idempotence). Kept for
/// each series: 28 days of counts, and up to 9 hashed authors for each of the last 8 quarters.
///
/// ```
/// use galateo::measure::{Arrival, Pulse, PulseSettings};
/// use galateo::model::{Channel, CustomerId, Timestamp};
/// let now: Timestamp = "2026-11-20T09:00:00Z".parse()?;
/// let mut pulse = Pulse::default();
/// let author = CustomerId::new("ada")?;
/// pulse.record(&Arrival { at: now, channel: &Channel::X, topic: None, negative: true, author: &author }, now);
/// assert!(pulse.rises(now, &PulseSettings::DEFAULT).is_empty(), "nothing is known about the usual volume yet");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pulse {
    series: Bounded<SeriesKey, Series, MAX_SERIES>,
}

impl Pulse {
    /// Counts a message in each series it belongs to; false where it is more than 28 days old at `now`.
    ///
    /// A message from the future of `now` counts as of `now`, so that a wrong clock cannot push history out.
    pub fn record(&mut self, arrival: &Arrival<'_>, now: Timestamp) -> bool {
        let bucket = bucket_of(arrival.at.min(now));
        if bucket_of(now).saturating_sub(bucket) > 28 * DAY {
            return false;
        }
        let topics = [None, arrival.topic.cloned()];
        let topics = topics.iter().take(if arrival.topic.is_some() { 2 } else { 1 });
        for topic in topics {
            for negative in [false, true] {
                if arrival.negative || !negative {
                    let key = SeriesKey { channel: arrival.channel.clone(), topic: topic.clone(), negative };
                    self.series.update(key, |series| series.record(bucket, arrival.author));
                }
            }
        }
        true
    }

    /// Every series that rises at `now`, the most surprising first, equal ones by series.
    #[must_use]
    pub fn rises(&self, now: Timestamp, settings: &PulseSettings) -> Vec<Rise> {
        let bucket = bucket_of(now);
        let mut rises: Vec<Rise> =
            self.series.iter().filter_map(|(key, series)| series.rise(key, bucket, settings)).collect();
        rises.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.series.cmp(&b.series)));
        rises
    }

    /// The messages usual for the quarter of an hour of `now`, in thousandths; `None` where that is not known.
    #[must_use]
    pub fn usual(&self, series: &SeriesKey, now: Timestamp, settings: &PulseSettings) -> Option<u64> {
        self.series.find(series)?.usual(bucket_of(now), settings)
    }
}

impl Merge for Pulse {
    fn merge(&mut self, other: &Self) {
        self.series.merge(&other.series);
    }
}

/// One series: counts by bucket, the authors of the newest buckets, and where history begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Series {
    first: Option<u32>,
    counts: BTreeMap<u32, u64>,
    authors: BTreeMap<u32, Distinct<8>>,
}

impl Series {
    fn record(&mut self, bucket: u32, author: &CustomerId) {
        self.first = Some(self.first.map_or(bucket, |first| first.min(bucket)));
        self.counts.entry(bucket).or_default().merge(&1);
        self.authors.entry(bucket).or_default().record(author.as_str());
        self.prune();
    }

    /// Drops what no baseline and no window can ask for again; what is left depends on the newest bucket alone.
    fn prune(&mut self) {
        let Some(newest) = self.counts.last_key_value().map(|(bucket, _)| *bucket) else { return };
        let oldest = newest.saturating_sub(KEPT);
        while self.counts.first_key_value().is_some_and(|(bucket, _)| *bucket < oldest) {
            self.counts.pop_first();
        }
        let oldest = newest.saturating_sub(LONGEST);
        while self.authors.first_key_value().is_some_and(|(bucket, _)| *bucket < oldest) {
            self.authors.pop_first();
        }
    }

    fn at(&self, bucket: u32) -> u64 {
        self.counts.get(&bucket).copied().unwrap_or_default()
    }

    fn rise(&self, key: &SeriesKey, now: u32, settings: &PulseSettings) -> Option<Rise> {
        let mut best: Option<Rise> = None;
        let (mut messages, mut usual) = (0_u64, 0_u64);
        let mut authors = Distinct::<8>::default();
        for back in 0..LONGEST {
            let bucket = now.checked_sub(back)?;
            messages = messages.saturating_add(self.at(bucket));
            usual = usual.saturating_add(self.usual(bucket, settings)?);
            if let Some(here) = self.authors.get(&bucket) {
                authors.merge(here);
            }
            let length = crate::num::wide(back).saturating_add(1);
            let score = score(messages, usual, settings.dispersion);
            let better = best.as_ref().is_none_or(|best| score > best.score);
            if score > 0 && better && WINDOWS.contains(&length) {
                let window = Seconds::minutes(crate::num::signed(length).saturating_mul(15));
                let authors = authors.count().min(8);
                best = Some(Rise { series: key.clone(), score, window, messages, usual, authors });
            }
        }
        best
    }

    /// The usual count of a bucket, in thousandths.
    fn usual(&self, bucket: u32, settings: &PulseSettings) -> Option<u64> {
        let mut samples =
            self.samples(bucket, |day| is_weekend(day, settings) == is_weekend(bucket, settings));
        if samples.len() < MIN_SAMPLES {
            samples = self.samples(bucket, |_| true);
        }
        if samples.len() < MIN_SAMPLES {
            return None;
        }
        trimmed_mean(&mut samples)
    }

    /// The counts at the same time of day on the earlier days that `alike` accepts and history covers.
    fn samples(&self, bucket: u32, alike: impl Fn(u32) -> bool) -> Vec<u64> {
        let first = self.first.unwrap_or(u32::MAX);
        let days = DAYS_BACK.iter().filter_map(|days| bucket.checked_sub(days.saturating_mul(DAY)));
        days.filter(|day| alike(*day))
            .flat_map(|day| day.saturating_sub(NEIGHBOURS)..=day.saturating_add(NEIGHBOURS))
            .filter(|sample| *sample >= first)
            .map(|sample| self.at(sample))
            .collect()
    }
}

impl Merge for Series {
    fn merge(&mut self, other: &Self) {
        self.first = match (self.first, other.first) {
            (Some(mine), Some(theirs)) => Some(mine.min(theirs)),
            (mine, theirs) => mine.or(theirs),
        };
        for (bucket, count) in &other.counts {
            self.counts.entry(*bucket).or_default().merge(count);
        }
        for (bucket, authors) in &other.authors {
            self.authors.entry(*bucket).or_default().merge(authors);
        }
        self.prune();
    }
}

fn bucket_of(at: Timestamp) -> u32 {
    u32::try_from(at.as_secs() / BUCKET).unwrap_or(u32::MAX)
}

/// 1970-01-01 was a Thursday; Saturday and Sunday are the last two days of a week that starts on Monday.
fn is_weekend(bucket: u32, settings: &PulseSettings) -> bool {
    let local = i64::from(bucket).saturating_mul(BUCKET).saturating_add(settings.utc_offset.get());
    local.div_euclid(86_400).saturating_add(3).rem_euclid(7) >= 5
}

/// The mean of the samples without the lowest and highest eighth, in thousandths, with half an event added
/// so that a quiet history is not taken for certain silence.
fn trimmed_mean(samples: &mut [u64]) -> Option<u64> {
    samples.sort_unstable();
    let cut = samples.len() / 8;
    let kept = samples.len().saturating_sub(cut.saturating_mul(2));
    let sum = samples.iter().skip(cut).take(kept).fold(0_u64, |sum, n| sum.saturating_add(*n));
    let doubled = sum.saturating_mul(2).saturating_add(1);
    let mean = mul_div(doubled, 500, u64::from(crate::num::narrow(kept)))?;
    Some(mean.max(LEAST_MEAN))
}

/// The likelihood ratio n·ln(n/μ) − (n − μ) of a count above its mean (in thousandths), divided by
/// 1 + μ/dispersion; in thousandths of a nat.
fn score(count: u64, mean: u64, dispersion: u64) -> u64 {
    let scaled = count.saturating_mul(1000);
    if scaled <= mean {
        return 0;
    }
    let gain = thousandths(count.saturating_mul(ln_ratio(scaled, mean)));
    let ratio = gain.saturating_sub(scaled.saturating_sub(mean));
    let steady = dispersion.max(1).saturating_mul(1000);
    mul_div(ratio, steady, steady.saturating_add(mean)).unwrap_or_default()
}
