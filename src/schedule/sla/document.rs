//! The policy as a team writes it.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::super::calendar::Landing;
use super::super::spec::{CalendarSpec, TimeOfDay};
use crate::model::{Status, Timestamp};

/// What is promised, to which conversations, counted in which hours.
///
/// ```
/// use galateo::schedule::sla::PolicySpec;
/// let spec: PolicySpec = serde_json::from_str(r#"{
///     "name": "VIP",
///     "match": {"tag": ["vip"]},
///     "calendar": {"tz": "Europe/Rome", "weekly": {"mon": [["09:00","18:00"]]}},
///     "metrics": [{"metric": "first_reply", "target": {"high": 3600, "*": 14400}, "warn_before": [900]}]
/// }"#)?;
/// assert_eq!(spec.metrics.len(), 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::exhaustive_structs, reason = "a document: hosts write it out with struct update syntax")]
pub struct PolicySpec {
    /// What explanations call it.
    pub name: Option<String>,
    /// The conversations it holds for; the first policy of a list that matches wins at every instant.
    #[serde(rename = "match")]
    pub matches: Match,
    /// Whether it waits until a priority is set.
    pub requires_priority: bool,
    /// The hours of `business` metrics; `None` is round the clock.
    pub calendar: Option<CalendarSpec>,
    /// Hours by channel, `*` for every other; before those by group.
    pub calendar_by_channel: BTreeMap<String, Option<CalendarSpec>>,
    /// Hours by group, `*` for every other.
    pub calendar_by_group: BTreeMap<String, Option<CalendarSpec>>,
    /// Hours that take the place of `calendar` from an instant on; those by channel or group stay.
    pub calendar_changes: Vec<(Timestamp, Option<CalendarSpec>)>,
    /// How time before a change of hours is counted.
    pub schedule_change: ScheduleChange,
    /// What a change of priority does to running clocks.
    pub on_priority_change: OnPriorityChange,
    /// Which instant is due where a budget is used up exactly at a close.
    pub landing: Landing,
    /// What is measured.
    pub metrics: Vec<MetricSpec>,
}

/// Conditions of a policy: each list that is not empty must hold the conversation's value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::exhaustive_structs, reason = "a document: hosts write it out with struct update syntax")]
pub struct Match {
    /// Any of these priorities.
    pub priority: Vec<String>,
    /// Any of these channels.
    pub channel: Vec<String>,
    /// Any of these groups.
    pub group: Vec<String>,
    /// Any of these tags.
    pub tag: Vec<String>,
}

/// How time before a change of hours is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "piece by piece, or all by the last")]
pub enum ScheduleChange {
    /// All of it in the hours in force at the end.
    LastWins,
    /// Each stretch in the hours in force at the time.
    #[default]
    Segmented,
}

/// What a change of priority does to running clocks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "time is kept or it is not")]
pub enum OnPriorityChange {
    /// Elapsed time is kept and held against the new target.
    #[default]
    KeepElapsed,
    /// The clock starts again from zero at the change; what had ended keeps what it counted.
    Restart,
}

/// One measure of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a document: hosts write it out with struct update syntax")]
pub struct MetricSpec {
    /// What is measured.
    pub metric: MetricKind,
    /// The budget.
    pub target: Target,
    /// The policy's hours, or round the clock.
    #[serde(default)]
    pub hours: HoursKind,
    /// Whether a bot's reply counts as a reply.
    #[serde(default)]
    pub count_bot: bool,
    /// Whether a private note counts as a reply.
    #[serde(default)]
    pub count_private_note: bool,
    /// When a first reply begins to be owed.
    #[serde(default)]
    pub start: Start,
    /// Whether time before the policy applied counts.
    #[serde(default)]
    pub start_at: StartAt,
    /// Statuses in which a clock that would run is paused.
    #[serde(default)]
    pub pause_on: Vec<Status>,
    /// The statuses a clock runs in, instead of those of its metric.
    #[serde(default)]
    pub run_statuses: Option<Vec<Status>>,
    /// Whether solving fulfils a reply that is owed.
    #[serde(default = "yes")]
    pub solved_fulfils: bool,
    /// What a reopened conversation does to a clock that solving fulfilled.
    #[serde(default)]
    pub on_reopen: OnReopen,
    /// Warnings so many seconds of counted time before the budget runs out.
    #[serde(default)]
    pub warn_before: Warnings<i64>,
    /// Warnings after such shares of the budget, 0 to 1.
    #[serde(default)]
    pub warn_fraction: Warnings<Share>,
}

const fn yes() -> bool {
    true
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MetricKind {
    /// Time in the statuses new and open until solved.
    AgentWork,
    /// From the creation to the first public human reply; where an agent opened the conversation, to the second,
    /// as the first is what it was opened with.
    FirstReply,
    /// From the oldest unanswered customer message after the first reply to the next public reply; solving
    /// without a reply settles the first one too.
    NextReply,
    /// From the assignment of a group until it is reassigned or solved, by the policy and in the hours that
    /// held until then.
    Ownership,
    /// From one public reply to the next, but for time pending.
    PausableUpdate,
    /// From one public reply to the next.
    PeriodicUpdate,
    /// Time in the statuses new, open and on hold until solved.
    RequesterWait,
    /// Time until solved.
    Resolution,
    /// From the oldest unanswered customer message, the creation included, to the next reply.
    Update,
}

impl MetricKind {
    /// The word used in documents and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AgentWork => "agent_work",
            Self::FirstReply => "first_reply",
            Self::NextReply => "next_reply",
            Self::Ownership => "ownership",
            Self::PausableUpdate => "pausable_update",
            Self::PeriodicUpdate => "periodic_update",
            Self::RequesterWait => "requester_wait",
            Self::Resolution => "resolution",
            Self::Update => "update",
        }
    }
}

/// Which hours a metric counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the hours of the team or all hours")]
pub enum HoursKind {
    /// Those of the policy's calendar.
    #[default]
    Business,
    /// All of them.
    Calendar,
}

/// When a first reply begins to be owed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "with the conversation or with the first message")]
pub enum Start {
    /// At the creation.
    #[default]
    Creation,
    /// At the first message the customer writes after it.
    FirstCustomerMessage,
}

/// Whether time before the policy applied counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "it counts or it does not")]
pub enum StartAt {
    /// It counts: a policy holds for the whole clock. Time of no policy counts in the hours of the clock's own.
    #[default]
    Event,
    /// It does not: the clock starts where the policy first applies, whichever applied before; where it was
    /// solved until then, with the reopening.
    PolicyApplied,
}

/// What a reopened conversation does to a clock that solving fulfilled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the four readings that helpdesks have")]
pub enum OnReopen {
    /// Nothing: the first solution stands.
    None,
    /// A new instance starts from zero.
    Restart,
    /// It goes on; the time solved does not count.
    #[default]
    Resume,
    /// It goes on as if it had never been solved.
    ResumeCountingSolved,
}

/// A budget of counted time, one for all or by priority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[expect(clippy::exhaustive_enums, reason = "one for all or by priority")]
pub enum Target {
    /// The same for every conversation.
    All(Budget),
    /// By priority, `*` for every other and for none.
    ByPriority(BTreeMap<String, Budget>),
}

/// How much time may be counted.
///
/// ```
/// use galateo::schedule::sla::Budget;
/// let budget: Budget = serde_json::from_str(r#"{"business_days": 2, "by": "17:00"}"#)?;
/// assert!(matches!(budget, Budget::BusinessDays { business_days: 2, .. }));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[expect(clippy::exhaustive_enums, reason = "seconds or days; anything else is another measure")]
pub enum Budget {
    /// So many seconds.
    Seconds(i64),
    /// The open time from the start of an instance until a time of day on the n-th next working date, in the
    /// hours in force at the start. What is paused then moves the date like any other budget.
    BusinessDays {
        /// How many working dates, at most 3660; 0 is the date itself.
        business_days: u32,
        /// The time of day; left out, that of the start.
        #[serde(skip_serializing_if = "Option::is_none")]
        by: Option<TimeOfDay>,
    },
}

impl Target {
    /// The budget for a priority.
    #[must_use]
    pub fn of(&self, priority: Option<&str>) -> Option<Budget> {
        match self {
            Self::All(budget) => Some(*budget),
            Self::ByPriority(map) => priority.and_then(|p| map.get(p)).or_else(|| map.get("*")).copied(),
        }
    }

    /// Every budget it names.
    pub(crate) fn all(&self) -> Vec<Budget> {
        match self {
            Self::All(budget) => vec![*budget],
            Self::ByPriority(map) => map.values().copied().collect(),
        }
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TargetVisitor)
    }
}

impl<'de> Deserialize<'de> for Budget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Target::deserialize(deserializer)? {
            Target::All(budget) => Ok(budget),
            Target::ByPriority(_) => Err(de::Error::custom("priorities inside a priority")),
        }
    }
}

struct TargetVisitor;

impl<'de> Visitor<'de> for TargetVisitor {
    type Value = Target;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds, business days, or an object of these by priority")
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Target, E> {
        Ok(Target::All(Budget::Seconds(seconds)))
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Target, E> {
        i64::try_from(seconds).map(Budget::Seconds).map(Target::All).map_err(E::custom)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Target, A::Error> {
        let (mut days, mut by, mut named) = (None, None, BTreeMap::new());
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "business_days" => days = Some(map.next_value()?),
                "by" => by = Some(map.next_value()?),
                _ => _ = named.insert(key, map.next_value()?),
            }
        }
        match (days, by) {
            (None, None) => Ok(Target::ByPriority(named)),
            (None, Some(_)) => Err(de::Error::missing_field("business_days")),
            _ if !named.is_empty() => Err(de::Error::custom("business days beside priorities")),
            (Some(business_days), by) => Ok(Target::All(Budget::BusinessDays { business_days, by })),
        }
    }
}

/// A share of a budget in millionths, 0 to 1 000 000; written as a number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    /// A share in millionths; `None` above one.
    #[must_use]
    pub fn from_millionths(millionths: u32) -> Option<Self> {
        (millionths <= 1_000_000).then_some(Self(millionths))
    }

    /// So much of a quantity, rounded down.
    #[must_use]
    pub const fn of(self, quantity: i64) -> i64 {
        let share = i128::saturating_mul(widen(quantity), widen(u32_to_i64(self.0)));
        narrow(share.div_euclid(1_000_000))
    }
}

#[expect(clippy::as_conversions, reason = "i64 always fits i128")]
const fn widen(n: i64) -> i128 {
    n as i128
}

#[expect(clippy::as_conversions, reason = "u32 always fits i64")]
const fn u32_to_i64(n: u32) -> i64 {
    n as i64
}

#[expect(clippy::as_conversions, reason = "a share of an i64 is no larger than it")]
const fn narrow(n: i128) -> i64 {
    n as i64
}

impl Serialize for Share {
    #[expect(clippy::float_arithmetic, reason = "the document writes shares as numbers from 0 to 1")]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(f64::from(self.0) / 1_000_000.0)
    }
}

impl<'de> Deserialize<'de> for Share {
    #[expect(
        clippy::float_arithmetic,
        clippy::as_conversions,
        reason = "the document writes shares as numbers from 0 to 1; the range is checked before the conversion"
    )]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let share = f64::deserialize(deserializer)?;
        let legal = (0.0..=1.0).contains(&share);
        legal
            .then(|| Self((share * 1_000_000.0).round() as u32))
            .ok_or_else(|| de::Error::custom("not a share from 0 to 1"))
    }
}

/// One warning or a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "one or a list")]
pub enum Warnings<T> {
    /// A list, often empty.
    Many(Vec<T>),
    /// One, written without brackets; the reading then shows one instant without brackets.
    One(T),
}

impl<T> Default for Warnings<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T> Warnings<T> {
    /// The warnings in the order written.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::Many(list) => list,
            Self::One(one) => std::slice::from_ref(one),
        }
    }
}

impl<T: Serialize> Serialize for Warnings<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Many(list) => list.serialize(serializer),
            Self::One(one) => one.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Warnings<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WarningsVisitor(std::marker::PhantomData))
    }
}

struct WarningsVisitor<T>(std::marker::PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for WarningsVisitor<T> {
    type Value = Warnings<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a list of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = seq.next_element()? {
            list.push(item);
        }
        Ok(Warnings::Many(list))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Warnings::default())
    }

    fn visit_i64<E: de::Error>(self, n: i64) -> Result<Self::Value, E> {
        T::deserialize(de::value::I64Deserializer::new(n)).map(Warnings::One)
    }

    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Self::Value, E> {
        T::deserialize(de::value::U64Deserializer::new(n)).map(Warnings::One)
    }

    fn visit_f64<E: de::Error>(self, n: f64) -> Result<Self::Value, E> {
        T::deserialize(de::value::F64Deserializer::new(n)).map(Warnings::One)
    }
}
