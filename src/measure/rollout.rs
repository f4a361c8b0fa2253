//! A feature's way from a few customers to all (R32, R34, R41, R47).

use serde::{Deserialize, Serialize};

use super::enrolment::Enrolment;
use super::hash::stable;
use super::shards::Shard;
use crate::model::{Channel, Customer, CustomerId, Tag, Timestamp, Word};

/// Stages of one rollout.
pub const MAX_STAGES: usize = 64;
/// The whole of a share.
const ALL: u16 = 10_000;

/// The place of a customer in a feature's order of admission, 0 to 9999, the same for ever on every machine.
///
/// The algorithm will not change: `FNV-1a-64(feature ‖ 00 ‖ customer)` over the UTF-8 bytes, one output of
/// SplitMix64 for that seed, then the high 64 bits of its product with 10 000. Features are independent of
/// each other, and a stage with a larger share holds every customer of one with a smaller share.
///
/// ```
/// use galateo::measure::rollout_slot;
/// use galateo::model::{CustomerId, Word};
/// let feature = Word::new("whatsapp_pilot").unwrap();
/// assert_eq!(rollout_slot(&feature, &CustomerId::new("ada")?), 7183);
/// # Ok::<(), galateo::model::IdError>(())
/// ```
#[must_use]
pub fn rollout_slot(feature: &Word, customer: &CustomerId) -> u16 {
    let hash = stable([feature.as_str(), customer.as_str()]);
    let slot = u128::from(hash).saturating_mul(u128::from(ALL)) >> 64;
    u16::try_from(slot).unwrap_or(ALL)
}

/// What must come true before the next stage begins (R47).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum ExitCriterion {
    /// So many ten-thousandths of the conversations are answered.
    AnswerRate(u16),
    /// So many ten-thousandths of the first responses come within an hour.
    ResponseWithinHour(u16),
    /// So many conversations took place.
    Conversations(u64),
}

/// One stage: who is let in, from when until when, and what ends it.
///
/// ```
/// use galateo::{measure::Stage, model::Timestamp};
/// let start: Timestamp = "2026-03-01T00:00:00Z".parse()?;
/// let stage = Stage { share: 500, cap: Some(1000), ..Stage::from(start) };
/// assert!(stage.segments.is_empty(), "an empty list of segments means everybody");
/// # Ok::<(), galateo::model::TimeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The first instant.
    pub start: Timestamp,
    /// The first instant after it; `None` while it depends on `exit` alone.
    #[serde(default)]
    pub end: Option<Timestamp>,
    /// Ten-thousandths of the customers, 0 to 10 000.
    pub share: u16,
    /// Tags of which a customer needs one (R34); empty for everybody.
    #[serde(default)]
    pub segments: Vec<Tag>,
    /// The channels of the pilot (R41); empty for all.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// The most customers who may take part; `None` without a limit.
    #[serde(default)]
    pub cap: Option<u32>,
    /// What must come true before the next stage.
    #[serde(default)]
    pub exit: Option<ExitCriterion>,
}

impl From<Timestamp> for Stage {
    /// A stage for everybody from `start` on.
    fn from(start: Timestamp) -> Self {
        Self {
            start,
            end: None,
            share: ALL,
            segments: Vec::new(),
            channels: Vec::new(),
            cap: None,
            exit: None,
        }
    }
}

/// Whether a customer is in, and why or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Admission {
    /// In: within the share of the stage.
    Admitted,
    /// In: holds a place of the pilot already.
    Enrolled,
    /// Out: every place of the pilot is taken.
    CapReached,
    /// Out: no stage runs at this instant.
    NoStage,
    /// Out: the pilot does not run on this channel.
    OtherChannel,
    /// Out: the customer has none of the tags asked for.
    OtherSegment,
    /// Out: the customer's slot lies beyond the share.
    OutsideShare,
}

impl Admission {
    /// Whether the customer is in.
    #[must_use]
    pub const fn is_in(self) -> bool {
        matches!(self, Self::Admitted | Self::Enrolled)
    }
}

/// What is wrong with a rollout, by the stage's place from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RolloutFault {
    /// The stage ends before it starts.
    EmptyStage,
    /// The stage has neither an end nor a criterion: a timid experiment without a next step (R47).
    NoExit,
    /// The stage starts while the one before it runs.
    Overlap,
    /// The share exceeds 10 000 ten-thousandths.
    ShareTooLarge,
    /// Share or cap is smaller than that of the stage before: customers who were in would fall out.
    Shrinks,
    /// There are more than [`MAX_STAGES`] stages; the rest is not looked at.
    TooManyStages,
}

/// A feature with its stages, in the order of their start.
///
/// ```
/// use galateo::measure::{Admission, Enrolment, Rollout, Shard, Stage};
/// use galateo::model::{Channel, Customer, CustomerId, Timestamp, Word};
/// let start: Timestamp = "2026-03-01T00:00:00Z".parse()?;
/// let pilot = Stage { channels: vec![Channel::WhatsApp], cap: Some(1), ..Stage::from(start) };
/// let rollout = Rollout { feature: Word::new("whatsapp_pilot").unwrap(), stages: vec![pilot] };
/// let mut places = Enrolment::new(1);
/// let mut admit = |name| {
///     let customer = Customer::new(CustomerId::new(name)?);
///     Ok::<_, galateo::model::IdError>(rollout.admit(&customer, &Channel::WhatsApp, start, &mut places, Shard(0)))
/// };
/// assert_eq!(admit("ada")?, Admission::Admitted);
/// assert_eq!(admit("bo")?, Admission::CapReached);
/// assert_eq!(admit("ada")?, Admission::Enrolled);
/// assert_eq!(rollout.faults().len(), 1, "the stage has no exit (R47)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    /// The feature.
    pub feature: Word,
    /// Its stages.
    pub stages: Vec<Stage>,
}

impl Rollout {
    /// The stage that runs at `now`: of those that have started and not ended, the last.
    #[must_use]
    pub fn stage_at(&self, now: Timestamp) -> Option<&Stage> {
        let runs = |stage: &&Stage| stage.start <= now && stage.end.is_none_or(|end| now < end);
        self.stages.iter().take(MAX_STAGES).rev().find(runs)
    }

    /// Whether the customer is in on this channel, and takes a place where the stage has a cap.
    ///
    /// Who holds a place stays in while a stage runs on the channel, whatever becomes of share and segments.
    pub fn admit(
        &self,
        customer: &Customer,
        channel: &Channel,
        now: Timestamp,
        places: &mut Enrolment,
        shard: Shard,
    ) -> Admission {
        let admission = self.check(customer, channel, now, places);
        let capped = self.stage_at(now).is_some_and(|stage| stage.cap.is_some());
        if admission == Admission::Admitted && capped && !places.enrol(&customer.id, now, shard).is_in() {
            return Admission::CapReached;
        }
        admission
    }

    /// The same without taking a place: whether the customer is in, or would be.
    #[must_use]
    pub fn check(
        &self,
        customer: &Customer,
        channel: &Channel,
        now: Timestamp,
        places: &Enrolment,
    ) -> Admission {
        let Some(stage) = self.stage_at(now) else { return Admission::NoStage };
        if !stage.channels.is_empty() && !stage.channels.contains(channel) {
            return Admission::OtherChannel;
        }
        if places.contains(&customer.id) {
            return Admission::Enrolled;
        }
        if !stage.segments.is_empty() && !stage.segments.iter().any(|tag| customer.tags.contains(tag)) {
            return Admission::OtherSegment;
        }
        if rollout_slot(&self.feature, &customer.id) >= stage.share {
            return Admission::OutsideShare;
        }
        if stage.cap.is_some_and(|cap| places.len() >= cap) {
            return Admission::CapReached;
        }
        Admission::Admitted
    }

    /// Every fault, by stage; empty where the rollout is sound.
    #[must_use]
    pub fn faults(&self) -> Vec<(usize, RolloutFault)> {
        let mut faults = Vec::new();
        let mut before: Option<&Stage> = None;
        for (place, stage) in self.stages.iter().take(MAX_STAGES).enumerate() {
            faults.extend(stage.faults(before).into_iter().map(|fault| (place, fault)));
            before = Some(stage);
        }
        if self.stages.len() > MAX_STAGES {
            faults.push((MAX_STAGES, RolloutFault::TooManyStages));
        }
        faults
    }
}

impl Stage {
    fn faults(&self, before: Option<&Self>) -> Vec<RolloutFault> {
        let overlaps = |b: &Self| self.start < b.start || b.end.is_some_and(|end| self.start < end);
        let shrinks = |b: &Self| {
            self.share < b.share || self.cap.is_some_and(|cap| b.cap.is_none_or(|before| cap < before))
        };
        let checks = [
            (RolloutFault::EmptyStage, self.end.is_some_and(|end| end <= self.start)),
            (RolloutFault::NoExit, self.end.is_none() && self.exit.is_none() && self.is_partial()),
            (RolloutFault::Overlap, before.is_some_and(overlaps)),
            (RolloutFault::ShareTooLarge, self.share > ALL),
            (RolloutFault::Shrinks, before.is_some_and(shrinks)),
        ];
        checks.into_iter().filter(|(_, holds)| *holds).map(|(fault, _)| fault).collect()
    }

    /// Whether anybody is left out; a stage for everybody needs no exit.
    fn is_partial(&self) -> bool {
        self.share < ALL || self.cap.is_some() || !self.segments.is_empty()
    }
}
