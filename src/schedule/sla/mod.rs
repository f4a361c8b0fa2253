//! Service clocks: what a policy promises, and how a conversation stands against it.

mod clock;
mod deadline;
mod document;
mod explain;
mod facts;
mod fold;
mod memory;
mod names;
mod plan;
mod reading;
mod standing;
mod state;
mod view;

pub use deadline::{Deadline, DeadlineKind, DeadlineReading, deadlines};
pub use document::{
    Budget, HoursKind, Match, MetricKind, MetricSpec, OnPriorityChange, OnReopen, PolicySpec, ScheduleChange,
    Share, Start, StartAt, Target, Warnings,
};
pub use explain::{Explanation, Reason};
pub use fold::{Fold, Late};
pub use memory::{clocks_of, follow_clocks};
pub use plan::Policies;
pub use reading::{ClockReading, ClockState, WarnAt};
pub use state::StateError;

use crate::model::{Step, Timeline, Timestamp};

/// The clocks of a conversation as of an instant: for each metric its instances in order.
///
/// Entries after `as_of` are not looked at. A budget that ran out before `enforce_from` is no breach.
///
/// ```
/// use galateo::model::{Creator, Step, Timeline, Timestamp};
/// use galateo::schedule::sla::{clocks, ClockState, Policies};
/// let spec = serde_json::from_str(r#"{"metrics": [{"metric": "first_reply", "target": 3600}]}"#)?;
/// let policies = Policies::new(&[spec])?;
/// let mut timeline = Timeline::new();
/// let nine: Timestamp = "2026-11-23T09:00:00Z".parse()?;
/// timeline.record(nine, Step::Created(Creator::Customer));
/// let now = "2026-11-23T09:20:00Z".parse()?;
/// let first_reply = &clocks(&policies, &timeline, now, None)[0];
/// assert_eq!((first_reply.state, first_reply.elapsed_seconds), (ClockState::Running, 1200));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn clocks(
    policies: &Policies,
    timeline: &Timeline,
    as_of: Timestamp,
    enforce_from: Option<Timestamp>,
) -> Vec<ClockReading> {
    Fold::replay(policies, timeline, as_of).readings(as_of, enforce_from)
}

/// The last instance of each metric of a conversation, from its steps in order.
///
/// What [`clocks`] ends each metric with, at a cost that does not grow with what has ended.
#[must_use]
pub fn last_clocks<'s>(
    policies: &Policies,
    steps: impl IntoIterator<Item = (Timestamp, Step<'s>)>,
    as_of: Timestamp,
) -> Vec<ClockReading> {
    Fold::replay_forgetting(policies, steps.into_iter(), as_of).last_readings(as_of)
}
