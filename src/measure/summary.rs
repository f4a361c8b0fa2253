//! One period's figures: in all, by channel, and by topic on each channel.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::bounded::{Bounded, Merge};
use super::fact::Fact;
use super::measures::Measures;
use crate::model::{Channel, Timestamp, TopicId};

/// Channels kept apart in one summary.
pub const MAX_CHANNELS: usize = 64;
/// Topics kept apart on one channel.
pub const MAX_TOPICS: usize = 128;
/// Identities of facts that a [`Recorder`] remembers.
pub const RECENT_FACTS: usize = 4096;

/// A stretch of time, from its start up to but without its end.
///
/// ```
/// use galateo::measure::Period;
/// let day = Period::new("2026-11-20T00:00:00Z".parse()?, "2026-11-21T00:00:00Z".parse()?);
/// assert!(day.contains(day.start) && !day.contains(day.end));
/// # Ok::<(), galateo::model::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The first instant.
    pub start: Timestamp,
    /// The first instant after it.
    pub end: Timestamp,
}

impl Period {
    /// The whole time the crate knows.
    pub const ALWAYS: Self = Self { start: Timestamp::MIN, end: Timestamp::MAX };

    /// A stretch of time; empty where the end is not after the start.
    #[must_use]
    pub const fn new(start: Timestamp, end: Timestamp) -> Self {
        Self { start, end }
    }

    /// Whether the instant lies in it.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }

    /// The shortest stretch that holds both.
    #[must_use]
    pub fn hull(&self, other: &Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A channel's figures, in all and by topic.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelMeasures {
    /// Everything on the channel, with and without a topic.
    pub all: Measures,
    /// By topic; where there are more than [`MAX_TOPICS`], the first in the order of their names.
    pub topics: Bounded<TopicId, Measures, MAX_TOPICS>,
}

impl Merge for ChannelMeasures {
    fn merge(&mut self, other: &Self) {
        self.all.merge(&other.all);
        self.topics.merge(&other.topics);
    }
}

/// What became of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recorded {
    /// It was counted.
    Counted,
    /// It had been counted before; nothing changed.
    Duplicate,
    /// It belongs to another period; nothing changed.
    OtherPeriod,
}

/// The figures of one period.
///
/// `merge` is associative and commutative, so shards can be combined in any order; it adds, so it is not
/// idempotent: keep shards apart in [`Shards`](super::Shards) to make it so. [`record`](Self::record) counts
/// whatever it is given: a [`Recorder`] in front of it drops what was delivered twice. Size is bounded:
/// at most [`MAX_CHANNELS`] × [`MAX_TOPICS`] cells.
///
/// ```
/// use galateo::measure::{Fact, Observation, Period, Summary};
/// use galateo::model::{Channel, EventId};
/// let day = Period::new("2026-11-20T00:00:00Z".parse()?, "2026-11-21T00:00:00Z".parse()?);
/// let mut summary = Summary::new(day);
/// summary.record(&Fact::new(EventId::new("e1")?, "2026-11-20T09:00:00Z".parse()?, Channel::X, Observation::Received));
/// assert_eq!(summary.on(&Channel::X).unwrap().all.waiting(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The period; merging gives the shortest that holds both.
    pub period: Period,
    /// Everything.
    pub all: Measures,
    /// By channel; where there are more than [`MAX_CHANNELS`], the first in their order.
    pub channels: Bounded<Channel, ChannelMeasures, MAX_CHANNELS>,
}

impl Summary {
    /// An empty summary of a period.
    #[must_use]
    pub fn new(period: Period) -> Self {
        Self { period, all: Measures::default(), channels: Bounded::default() }
    }

    /// Counts a fact that belongs to the period.
    pub fn record(&mut self, fact: &Fact) -> Recorded {
        if !self.period.contains(fact.counts_at()) {
            return Recorded::OtherPeriod;
        }
        self.all.record(&fact.observation);
        self.channels.update(fact.channel.clone(), |channel| {
            channel.all.record(&fact.observation);
            if let Some(topic) = &fact.topic {
                channel.topics.update(topic.clone(), |cell| cell.record(&fact.observation));
            }
        });
        Recorded::Counted
    }

    /// The figures of a channel.
    #[must_use]
    pub fn on(&self, channel: &Channel) -> Option<&ChannelMeasures> {
        self.channels.find(channel)
    }

    /// The figures by topic over all channels (R51, R103).
    #[must_use]
    pub fn topics(&self) -> Bounded<TopicId, Measures, MAX_TOPICS> {
        let mut topics = Bounded::default();
        for (_, channel) in self.channels.iter() {
            topics.merge(&channel.topics);
        }
        topics
    }
}

impl Merge for Summary {
    fn merge(&mut self, other: &Self) {
        self.period = self.period.hull(&other.period);
        self.all.merge(&other.all);
        self.channels.merge(&other.channels);
    }
}

/// A summary behind a memory of what was counted, for one writer.
///
/// Recording is idempotent within the last [`RECENT_FACTS`] facts: a fact with the identity (event, kind of
/// observation) of one of them changes nothing (T15). Older duplicates are for the host's queue to drop, as
/// `Conversation::advance` does by event. Two different facts are taken for one with a probability below
/// 2⁻⁵² each. The memory is part of the value, so a restart between two events loses nothing.
///
/// ```
/// use galateo::measure::{Fact, Observation, Period, Recorded, Recorder, Summary};
/// use galateo::model::{Channel, EventId};
/// let mut recorder = Recorder::new(Summary::new(Period::ALWAYS));
/// let fact = Fact::new(EventId::new("e1")?, "2026-11-20T09:00:00Z".parse()?, Channel::X, Observation::Received);
/// assert_eq!(recorder.record(&fact), Recorded::Counted);
/// assert_eq!(recorder.record(&fact), Recorded::Duplicate);
/// assert_eq!(recorder.summary().all.tally.received, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorder {
    summary: Summary,
    recent: Recent,
}

impl Recorder {
    /// A recorder that goes on from `summary`.
    #[must_use]
    pub fn new(summary: Summary) -> Self {
        Self { summary, recent: Recent::default() }
    }

    /// Counts a fact once.
    pub fn record(&mut self, fact: &Fact) -> Recorded {
        if !self.summary.period.contains(fact.counts_at()) {
            return Recorded::OtherPeriod;
        }
        if !self.recent.insert(fact.identity()) {
            return Recorded::Duplicate;
        }
        self.summary.record(fact)
    }

    /// The figures so far.
    #[must_use]
    pub const fn summary(&self) -> &Summary {
        &self.summary
    }
}

/// The newest identities, in order of arrival and in order of value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Recent {
    arrival: VecDeque<u64>,
    known: BTreeSet<u64>,
}

impl Recent {
    fn insert(&mut self, identity: u64) -> bool {
        if !self.known.insert(identity) {
            return false;
        }
        self.arrival.push_back(identity);
        if self.arrival.len() > RECENT_FACTS
            && let Some(oldest) = self.arrival.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

impl Serialize for Recent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.arrival.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Recent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut recent = Self::default();
        for identity in Vec::<u64>::deserialize(deserializer)? {
            recent.insert(identity);
        }
        Ok(recent)
    }
}
