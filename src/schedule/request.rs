//! The two questions of the line protocol, as data in and data out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Horizon, Landing, Unreachable};
use super::error::{SpecFault, SpecFaults};
use super::sla::{ClockReading, Policies, PolicySpec, clocks};
use super::spec::CalendarSpec;
use crate::model::{Creator, Seconds, Status, Step, Timeline, Timestamp};

/// A question to a calendar.
///
/// ```
/// use galateo::schedule::BusinessTimeRequest;
/// let request: BusinessTimeRequest = serde_json::from_str(r#"{
///     "do": "add", "start": "2026-11-20T16:30:00+01:00", "seconds": 3600,
///     "calendar": {"tz": "Europe/Rome", "weekly": {"mon": [["09:00","17:00"]], "fri": [["09:00","17:00"]]}}
/// }"#)?;
/// let answer = request.answer()?;
/// assert_eq!(serde_json::to_string(&answer.result)?, r#""2026-11-23T08:30:00Z""#);
/// assert_eq!(answer.zone_data.as_deref(), Some("2026e"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the request of the line protocol; a new field is a new protocol"
)]
pub struct BusinessTimeRequest {
    /// What is asked.
    #[serde(rename = "do")]
    pub operation: Operation,
    /// The hours; `None` is round the clock.
    pub calendar: Option<CalendarSpec>,
    /// Where the question starts; for `sub`, where it ends.
    pub start: Timestamp,
    /// The end of `between`.
    #[serde(default)]
    pub end: Option<Timestamp>,
    /// The budget of `add` and `sub`.
    #[serde(default)]
    pub seconds: Option<i64>,
    /// The days of `add_days` and `sub_days`.
    #[serde(default)]
    pub days: Option<i64>,
    /// Which instant answers `add` where the budget is used up exactly at a close.
    #[serde(default)]
    pub landing: Landing,
}

/// What a calendar can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// The instant after `seconds` of open time.
    Add,
    /// The n-th next working date.
    AddDays,
    /// Open seconds between two instants.
    Between,
    /// Whether an instant is open.
    IsOpen,
    /// The instant itself where it is open, else the next opening.
    NextOpen,
    /// The latest instant from which `seconds` of open time pass.
    Sub,
    /// The n-th working date before.
    SubDays,
}

/// The answer to a [`BusinessTimeRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BusinessTimeAnswer {
    /// An instant, seconds, a truth value, or null where there is no such instant.
    pub result: BusinessTimeResult,
    /// Why the result is null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<Unreachable>,
    /// The release of the time zone data that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone_data: Option<String>,
}

/// What a question has for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum BusinessTimeResult {
    /// Open or not.
    Boolean(bool),
    /// An instant.
    Instant(Timestamp),
    /// No instant.
    Nothing,
    /// Open seconds.
    Seconds(Seconds),
}

impl BusinessTimeRequest {
    /// Answers the question; nothing is compiled in advance.
    ///
    /// # Errors
    /// The faults of the calendar, or an argument that the operation needs and that is missing.
    pub fn answer(&self) -> Result<BusinessTimeAnswer, SpecFaults> {
        let calendar = match &self.calendar {
            Some(spec) => Calendar::compile(spec, Horizon::none(self.start))
                .map_err(|faults| faults.below("/calendar"))?,
            None => Calendar::always(),
        };
        let zone_data = calendar.release().map(str::to_owned);
        let answer = match self.ask(&calendar)? {
            Ok(result) => BusinessTimeAnswer { result, unreachable: None, zone_data },
            Err(why) => {
                BusinessTimeAnswer { result: BusinessTimeResult::Nothing, unreachable: Some(why), zone_data }
            }
        };
        Ok(answer)
    }

    fn ask(&self, calendar: &Calendar) -> Result<Result<BusinessTimeResult, Unreachable>, SpecFaults> {
        use BusinessTimeResult::{Boolean, Instant, Seconds as Span};
        let start = self.start;
        let result = match self.operation {
            Operation::Add => {
                let landings = calendar.add(start, self.budget()?);
                landings.and_then(|landings| landings.at(self.landing)).map(Instant)
            }
            Operation::AddDays => calendar.add_days(start, self.day_count()?).map(Instant),
            Operation::Between => {
                let end = self.end.ok_or_else(|| missing("/end", "`between` needs an end"))?;
                Ok(Span(calendar.between(start, end)))
            }
            Operation::IsOpen => Ok(Boolean(calendar.is_open(start))),
            Operation::NextOpen => calendar.next_open(start).map(Instant),
            Operation::Sub => calendar.sub(start, self.budget()?).map(Instant),
            Operation::SubDays => calendar.sub_days(start, self.day_count()?).map(Instant),
        };
        Ok(result)
    }

    fn budget(&self) -> Result<Seconds, SpecFaults> {
        let seconds = self.seconds.filter(|seconds| *seconds >= 0);
        seconds.map(Seconds::new).ok_or_else(|| missing("/seconds", "needs whole seconds, 0 or more"))
    }

    fn day_count(&self) -> Result<u32, SpecFaults> {
        let days = self.days.and_then(|days| u32::try_from(days).ok());
        days.ok_or_else(|| missing("/days", "needs whole days, 0 or more"))
    }
}

fn missing(path: &str, message: &'static str) -> SpecFaults {
    SpecFaults::one(SpecFault::new("missing_argument", path, message, "see the fields of each operation"))
}

/// A question for the clocks of one conversation.
///
/// ```
/// use galateo::schedule::SlaRequest;
/// let request: SlaRequest = serde_json::from_str(r#"{
///     "policy": {"metrics": [{"metric": "first_reply", "target": 600}]},
///     "events": [{"at": "2026-11-23T09:00:00Z", "type": "created", "by": "customer"}],
///     "as_of": "2026-11-23T09:20:00Z"
/// }"#)?;
/// assert!(request.answer()?.clocks[0].breached);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the request of the line protocol; a new field is a new protocol"
)]
pub struct SlaRequest {
    /// The only policy.
    #[serde(default)]
    pub policy: Option<PolicySpec>,
    /// Policies of which the first that matches wins; after `policy`, where both are given.
    #[serde(default)]
    pub policies: Vec<PolicySpec>,
    /// What happened, in any order.
    pub events: Vec<SlaEvent>,
    /// The instant the clocks are read at.
    pub as_of: Timestamp,
    /// The instant from which a budget that runs out is a breach.
    #[serde(default)]
    pub enforce_from: Option<Timestamp>,
}

/// The answer to an [`SlaRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SlaAnswer {
    /// The instances of each metric, in the order of the policy.
    pub clocks: Vec<ClockReading>,
    /// The release of the time zone data that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone_data: Option<String>,
}

/// Something that happened to a conversation, as the line protocol writes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "`at` is when it happened, `to` the new value; the rest is as at the creation"
)]
#[non_exhaustive]
pub enum SlaEvent {
    /// A person answered in public.
    AgentReply { at: Timestamp },
    /// It was given to a group, or with null to none.
    Assign { at: Timestamp, to: Option<String> },
    /// A bot answered in public.
    BotReply { at: Timestamp },
    /// It moved to a channel.
    Channel { at: Timestamp, to: Option<String> },
    /// It began.
    Created {
        at: Timestamp,
        #[serde(default = "customer")]
        by: Creator,
        #[serde(default)]
        priority: Option<String>,
        #[serde(default)]
        channel: Option<String>,
        #[serde(default)]
        group: Option<String>,
        #[serde(default)]
        tag: Option<String>,
        #[serde(default)]
        status: Option<Status>,
    },
    /// The customer wrote.
    CustomerMessage { at: Timestamp },
    /// It was merged into another.
    MergedInto {
        at: Timestamp,
        #[serde(default)]
        to: Option<String>,
    },
    /// The priority became another, or with null none.
    Priority { at: Timestamp, to: Option<String> },
    /// A note that the customer cannot read.
    PrivateNote { at: Timestamp },
    /// The status became another.
    Status { at: Timestamp, to: Status },
    /// The tag became another, or with null none.
    Tag { at: Timestamp, to: Option<String> },
}

const fn customer() -> Creator {
    Creator::Customer
}

impl SlaEvent {
    /// Records the event in a timeline.
    pub fn record(&self, timeline: &mut Timeline) {
        match self {
            Self::AgentReply { at } => timeline.record(*at, Step::AgentReply),
            Self::Assign { at, to } => timeline.record(*at, Step::Group(to.as_deref())),
            Self::BotReply { at } => timeline.record(*at, Step::BotReply),
            Self::Channel { at, to } => timeline.record(*at, Step::Channel(to.as_deref())),
            Self::Created { at, by, priority, channel, group, tag, status } => {
                timeline.record(*at, Step::Created(*by));
                let named = [
                    channel.as_deref().map(|name| Step::Channel(Some(name))),
                    group.as_deref().map(|name| Step::Group(Some(name))),
                    tag.as_deref().map(Step::TagAdded),
                    priority.as_deref().map(|name| Step::Priority(Some(name))),
                    status.map(Step::Status),
                ];
                named.into_iter().flatten().for_each(|step| timeline.record_initial(*at, step));
            }
            Self::CustomerMessage { at } => timeline.record(*at, Step::CustomerMessage),
            Self::MergedInto { at, .. } => timeline.record(*at, Step::Merged),
            Self::Priority { at, to } => timeline.record(*at, Step::Priority(to.as_deref())),
            Self::PrivateNote { at } => timeline.record(*at, Step::PrivateNote),
            Self::Status { at, to } => timeline.record(*at, Step::Status(*to)),
            Self::Tag { at, to } => {
                timeline.record(*at, Step::TagsCleared);
                to.as_deref().into_iter().for_each(|name| timeline.record(*at, Step::TagAdded(name)));
            }
        }
    }
}

impl SlaRequest {
    /// The events as a timeline.
    #[must_use]
    pub fn timeline(&self) -> Timeline {
        let mut timeline = Timeline::new();
        self.events.iter().for_each(|event| event.record(&mut timeline));
        timeline
    }

    /// Reads the clocks.
    ///
    /// # Errors
    /// The faults of the policies and their calendars.
    pub fn answer(&self) -> Result<SlaAnswer, SpecFaults> {
        let all: Vec<PolicySpec> = self.policy.iter().chain(&self.policies).cloned().collect();
        let policies =
            Policies::compile(&all, Horizon::none(self.as_of)).map_err(|faults| self.place(faults))?;
        let clocks = clocks(&policies, &self.timeline(), self.as_of, self.enforce_from);
        Ok(SlaAnswer { clocks, zone_data: policies.release().map(str::to_owned) })
    }

    /// Paths as the author of the request sees them.
    fn place(&self, faults: SpecFaults) -> SpecFaults {
        if self.policy.is_some() && self.policies.is_empty() {
            faults.moved("/0", "/policy")
        } else {
            faults.below("/policies")
        }
    }
}

/// The clocks of many conversations under two lists of policies: what a change of target or of hours does.
///
/// Yields, for each conversation in which a reading differs, its place in the list and both readings.
pub fn what_if<'a>(
    before: &'a Policies,
    after: &'a Policies,
    timelines: impl IntoIterator<Item = &'a Timeline> + 'a,
    as_of: Timestamp,
) -> impl Iterator<Item = Difference> + 'a {
    timelines.into_iter().enumerate().filter_map(move |(index, timeline)| {
        let was = clocks(before, timeline, as_of, None);
        let is = clocks(after, timeline, as_of, None);
        (was != is).then(|| Difference {
            index,
            changed_side: sides(&was) != sides(&is),
            before: was,
            after: is,
        })
    })
}

fn sides(readings: &[ClockReading]) -> BTreeMap<(super::sla::MetricKind, u32), bool> {
    readings.iter().map(|r| ((r.metric, r.instance), r.breached)).collect()
}

/// One conversation that stands otherwise under other policies or hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// Its place in the list.
    pub index: usize,
    /// Whether a clock is breached under one and not under the other.
    pub changed_side: bool,
    /// Its clocks as they were.
    pub before: Vec<ClockReading>,
    /// Its clocks as they would be.
    pub after: Vec<ClockReading>,
}
