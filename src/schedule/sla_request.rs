//! The question to service clocks of the line protocol, as data in and data out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calendar::Horizon;
use super::error::SpecFaults;
use super::sla::{
    ClockReading, Deadline, DeadlineKind, DeadlineReading, Explanation, Fold, MetricKind, Policies,
    PolicySpec, Reason, clocks,
};
use crate::model::{Creator, Status, Step, Timeline, Timestamp};

/// A question for the clocks of one conversation.
///
/// Beside the clocks, what is asked for is answered: dates set by hand, the next deadlines in order, when
/// clocks would be due after a pause, why a clock shows what it shows, and the same under other policies.
///
/// ```
/// use galateo::schedule::SlaRequest;
/// let request: SlaRequest = serde_json::from_str(r#"{
///     "policy": {"metrics": [{"metric": "first_reply", "target": 600}]},
///     "events": [{"at": "2026-11-23T09:00:00Z", "type": "created", "by": "customer"}],
///     "as_of": "2026-11-23T09:20:00Z", "explain": ["first_reply"]
/// }"#)?;
/// let answer = request.answer()?;
/// assert!(answer.clocks[0].breached);
/// assert!(answer.explanations[0].english.ends_with("budget ran out Mon 2026-11-23 09:10"));
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
    /// Dates that were named: promises, questions to other departments, any other.
    #[serde(default)]
    pub deadlines: Vec<SlaDeadline>,
    /// The metrics whose last instance is explained.
    #[serde(default)]
    pub explain: Vec<MetricKind>,
    /// The instant until which running clocks are paused, for the question when they would be due.
    #[serde(default)]
    pub if_paused_until: Option<Timestamp>,
    /// Other policies to read the same events under.
    #[serde(default)]
    pub what_if: Option<Vec<PolicySpec>>,
    /// Whether the next deadlines are asked for.
    #[serde(default)]
    pub next: bool,
}

/// A date that was named, as the line protocol writes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the request of the line protocol; a new field is a new protocol"
)]
pub struct SlaDeadline {
    /// What it is about.
    pub kind: DeadlineKind,
    /// Its name among those of its kind.
    pub name: String,
    /// When it was set.
    pub set_at: Timestamp,
    /// When it is due; left out where no time was named.
    #[serde(default)]
    pub due_at: Option<Timestamp>,
    /// When it was met.
    #[serde(default)]
    pub met_at: Option<Timestamp>,
}

/// The answer to an [`SlaRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SlaAnswer {
    /// The instances of each metric, in the order of the policy.
    pub clocks: Vec<ClockReading>,
    /// How the dates stand that were named, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deadlines: Vec<DeadlineReading>,
    /// The deadlines of running clocks and the named dates that have not passed, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Vec<NextDeadline>>,
    /// When each running clock would be due after the pause asked about, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_paused: Option<Vec<NextDeadline>>,
    /// The explanations asked for, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub explanations: Vec<ClockExplanation>,
    /// The same events under the other policies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what_if: Option<WhatIf>,
    /// The release of the time zone data that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone_data: Option<String>,
}

/// A deadline ahead: of a metric's clock, or a date that was named.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct NextDeadline {
    /// When it is due.
    pub due_at: Timestamp,
    /// The metric, for a clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<MetricKind>,
    /// What it is about, for a date that was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<DeadlineKind>,
    /// The name of such a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Why the last instance of a metric shows what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ClockExplanation {
    /// What is explained.
    pub metric: MetricKind,
    /// The steps in order.
    pub steps: Vec<Reason>,
    /// The steps in English, times in the calendar's zone.
    pub english: String,
    /// The steps in Italian, times in the calendar's zone.
    pub italian: String,
}

/// What the clocks would be under other policies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WhatIf {
    /// The clocks.
    pub clocks: Vec<ClockReading>,
    /// Whether a clock is breached under one list of policies and not under the other.
    pub changed_side: bool,
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

impl SlaDeadline {
    fn deadline(&self) -> Deadline<'_> {
        let Self { kind, name, set_at, due_at, met_at } = self;
        Deadline { kind: *kind, name, set_at: *set_at, due_at: *due_at, met_at: *met_at }
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
        let policies = self.compile(&all).map_err(|faults| self.place(faults))?;
        let timeline = self.timeline();
        let clocks = clocks(&policies, &timeline, self.as_of, self.enforce_from);
        let fold = Fold::replay(&policies, &timeline, self.as_of);
        let deadlines: Vec<DeadlineReading> =
            self.deadlines.iter().map(|deadline| deadline.deadline().read(self.as_of)).collect();
        let paused = |until| fold.due_if_paused(self.as_of, until).into_iter().map(NextDeadline::of_clock);
        Ok(SlaAnswer {
            next: self.next.then(|| self.next_of(&fold, &deadlines)),
            if_paused: self.if_paused_until.map(|until| paused(until).collect()),
            explanations: self
                .explain
                .iter()
                .map(|metric| self.explain(&policies, &timeline, *metric))
                .collect(),
            what_if: self.what_if_of(&timeline, &clocks)?,
            zone_data: policies.release().map(str::to_owned),
            deadlines,
            clocks,
        })
    }

    fn compile(&self, specs: &[PolicySpec]) -> Result<Policies, SpecFaults> {
        Policies::compile(specs, Horizon::none(self.as_of))
    }

    fn next_of(&self, fold: &Fold<'_>, deadlines: &[DeadlineReading]) -> Vec<NextDeadline> {
        let open = deadlines.iter().filter(|reading| reading.fulfilled_at.is_none());
        let named = open.filter_map(|reading| {
            let due_at = reading.due_at.filter(|due| *due >= self.as_of)?;
            let (kind, name) = (Some(reading.kind), Some(reading.name.clone()));
            Some(NextDeadline { due_at, metric: None, kind, name })
        });
        let mut next: Vec<NextDeadline> =
            fold.next_deadlines().into_iter().map(NextDeadline::of_clock).chain(named).collect();
        next.sort();
        next
    }

    fn explain(&self, policies: &Policies, timeline: &Timeline, metric: MetricKind) -> ClockExplanation {
        let why = Explanation::of(policies, timeline, metric, self.as_of);
        ClockExplanation { metric, english: why.english(), italian: why.italian(), steps: why.steps }
    }

    fn what_if_of(&self, timeline: &Timeline, was: &[ClockReading]) -> Result<Option<WhatIf>, SpecFaults> {
        let Some(specs) = &self.what_if else { return Ok(None) };
        let policies = self.compile(specs).map_err(|faults| faults.below("/what_if"))?;
        let clocks = clocks(&policies, timeline, self.as_of, self.enforce_from);
        Ok(Some(WhatIf { changed_side: sides(was) != sides(&clocks), clocks }))
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

impl NextDeadline {
    const fn of_clock((metric, due_at): (MetricKind, Timestamp)) -> Self {
        Self { due_at, metric: Some(metric), kind: None, name: None }
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

fn sides(readings: &[ClockReading]) -> BTreeMap<(MetricKind, u32), bool> {
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
