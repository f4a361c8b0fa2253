//! One period against another, and one channel against the rest.

use serde::{Deserialize, Serialize};

use super::measures::Measures;
use super::number::mul_div;
use super::share::Share;
use super::summary::Summary;
use crate::model::{Channel, Seconds, TopicId};

/// A figure before and after.
///
/// ```
/// use galateo::measure::Change;
/// let volume = Change { before: 200, after: 250 };
/// assert_eq!((volume.difference(), volume.per_ten_thousand()), (50, Some(2500)));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The figure of the earlier period.
    pub before: u64,
    /// The figure of the later period.
    pub after: u64,
}

impl Change {
    /// After less before.
    #[must_use]
    pub fn difference(self) -> i64 {
        signed_gap(self.after, self.before)
    }

    /// The difference in ten-thousandths of the earlier figure; `None` where that is nought.
    #[must_use]
    pub fn per_ten_thousand(self) -> Option<i64> {
        let size = mul_div(self.after.abs_diff(self.before), 10_000, self.before)?;
        Some(if self.after >= self.before { signed_gap(size, 0) } else { signed_gap(0, size) })
    }
}

/// `a − b`, saturating.
pub(super) fn signed_gap(a: u64, b: u64) -> i64 {
    let size = i64::try_from(a.abs_diff(b)).unwrap_or(i64::MAX);
    if a >= b { size } else { size.saturating_neg() }
}

/// The measures that say whether things got better (R100 to R103); proportions in ten-thousandths.
///
/// A figure that either period does not have is `None`: no change can be read from it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Conversations received.
    pub received: Change,
    /// Customers' messages.
    pub messages: Change,
    /// Conversations that wait.
    pub waiting: Change,
    /// Answered of received.
    pub answer_rate: Option<Change>,
    /// Resolved of received.
    pub resolution_rate: Option<Change>,
    /// Median time to the first response, in seconds.
    pub median_response: Option<Change>,
    /// The time to the first response that nine in ten do not exceed, in seconds.
    pub ninth_decile_response: Option<Change>,
    /// Displeased of all messages with a known sentiment.
    pub negative: Option<Change>,
    /// Satisfied of all customers who gave a mark.
    pub satisfied: Option<Change>,
}

impl Comparison {
    /// The later figures against the earlier ones.
    #[must_use]
    pub fn between(before: &Measures, after: &Measures) -> Self {
        let count = |figure: fn(&Measures) -> u64| Change { before: figure(before), after: figure(after) };
        let known = |figure: fn(&Measures) -> Option<u64>| {
            figure(before).zip(figure(after)).map(|(before, after)| Change { before, after })
        };
        Self {
            received: count(|m| m.tally.received),
            messages: count(|m| m.tally.messages_received),
            waiting: count(Measures::waiting),
            answer_rate: known(|m| m.answer_rate().per_ten_thousand()),
            resolution_rate: known(|m| m.resolution_rate().per_ten_thousand()),
            median_response: known(|m| m.first_response.median().map(whole)),
            ninth_decile_response: known(|m| m.first_response.quantile(900).map(whole)),
            negative: known(|m| Share::new(m.own_brand.negative, m.own_brand.count()).per_ten_thousand()),
            satisfied: known(|m| m.satisfaction.satisfied().per_ten_thousand()),
        }
    }
}

fn whole(time: Seconds) -> u64 {
    u64::try_from(time.get()).unwrap_or_default()
}

/// How much of what is received comes over a channel, before and after a stage of a rollout (R33).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MixShift {
    /// The channel.
    pub channel: Channel,
    /// Its part of all conversations received before.
    pub before: Share,
    /// Its part after.
    pub after: Share,
    /// After less before, in ten-thousandths of all conversations.
    pub shift: i64,
}

/// The channel mix before and after, the largest shift first, equal ones by channel (R33).
#[must_use]
pub fn mix_shift(before: &Summary, after: &Summary) -> Vec<MixShift> {
    let part = |summary: &Summary, channel: &Channel| {
        let received = summary.on(channel).map_or(0, |on| on.all.tally.received);
        Share::new(received, summary.all.tally.received)
    };
    let mut channels: Vec<&Channel> =
        before.channels.iter().chain(after.channels.iter()).map(|(channel, _)| channel).collect();
    channels.sort_unstable();
    channels.dedup();
    let mut shifts: Vec<MixShift> = channels
        .into_iter()
        .map(|channel| {
            let (before, after) = (part(before, channel), part(after, channel));
            let points = |share: Share| share.per_ten_thousand().unwrap_or_default();
            let shift = signed_gap(points(after), points(before));
            MixShift { channel: channel.clone(), before, after, shift }
        })
        .collect();
    shifts.sort_by_key(|shift| std::cmp::Reverse(shift.shift.unsigned_abs()));
    shifts
}

/// How much of the demand on a channel is served, and whether the channel gets its part of the answers (R98).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// The channel.
    pub channel: Channel,
    /// Answered of received, less those to which no answer is due.
    pub answered: Share,
    /// Its part of all answers less its part of all conversations to be answered, in ten-thousandths:
    /// below nought, customers prefer the channel more than the company does.
    pub attention: i64,
}

/// Coverage by channel, the most neglected first, equal ones by channel (R98).
///
/// ```
/// use galateo::measure::{Fact, Observation, Period, Summary, coverage};
/// use galateo::model::{Channel, EventId, Seconds};
/// let mut week = Summary::new(Period::ALWAYS);
/// let answered = Observation::Answered { after: Seconds::minutes(20) };
/// for (channel, observation) in [
///     (Channel::X, Observation::Received),
///     (Channel::X, Observation::Received),
///     (Channel::Facebook, Observation::Received),
///     (Channel::Facebook, answered),
/// ] {
///     week.record(&Fact::new(EventId::new("e")?, "2026-11-20T09:00:00Z".parse()?, channel, observation));
/// }
/// let neglected = &coverage(&week)[0];
/// assert_eq!((neglected.channel.as_str(), neglected.answered.to_string(), neglected.attention), ("x", "0/2 (0.0 %)".into(), -6667));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn coverage(summary: &Summary) -> Vec<Coverage> {
    let all = summary.all.answer_rate();
    let mut channels: Vec<Coverage> = summary
        .channels
        .iter()
        .map(|(channel, on)| {
            let answered = on.all.answer_rate();
            let part = |part, whole| mul_div(part, 10_000, whole).unwrap_or_default();
            let attention = signed_gap(part(answered.part, all.part), part(answered.whole, all.whole));
            Coverage {
                channel: channel.clone(),
                answered,
                attention: if all.part == 0 { 0 } else { attention },
            }
        })
        .collect();
    channels.sort_by_key(|coverage| coverage.attention);
    channels
}

/// A topic for which channels mostly grant different remedies (R49).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RemedyConflict {
    /// The topic.
    pub topic: TopicId,
    /// The remedy granted most on each channel, with its share of the channel's remedies for the topic.
    pub remedies: Vec<(Channel, crate::model::Tag, Share)>,
}

/// Topics whose usual remedy differs between channels that granted at least `min_count` each (R49).
#[must_use]
pub fn remedy_conflicts(summary: &Summary, min_count: u64) -> Vec<RemedyConflict> {
    let topics = summary.topics();
    let conflicts = topics.iter().map(|(topic, _)| {
        let remedies = summary.channels.iter().filter_map(|(channel, on)| {
            let (remedy, share) = usual_remedy(on.topics.find(topic)?)?;
            (share.whole >= min_count).then(|| (channel.clone(), remedy, share))
        });
        RemedyConflict { topic: topic.clone(), remedies: remedies.collect() }
    });
    let differs = |conflict: &RemedyConflict| {
        conflict.remedies.iter().zip(conflict.remedies.iter().skip(1)).any(|((_, a, _), (_, b, _))| a != b)
    };
    conflicts.filter(differs).collect()
}

/// The remedy granted most; of equal ones the first by name.
fn usual_remedy(cell: &Measures) -> Option<(crate::model::Tag, Share)> {
    let whole = cell.remedies.iter().fold(0_u64, |sum, (_, n)| sum.saturating_add(*n));
    let (remedy, part) = cell.remedies.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)))?;
    Some((remedy.clone(), Share::new(*part, whole)))
}
