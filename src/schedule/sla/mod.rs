//! Service clocks: what a policy promises, and how a conversation stands against it.

mod clock;
mod document;
mod explain;
mod fold;
mod plan;
mod reading;
mod state;

pub use document::{
    HoursKind, Match, MetricKind, MetricSpec, OnPriorityChange, OnReopen, PolicySpec, ScheduleChange, Share,
    Start, StartAt, Target, Warnings,
};
pub use explain::{Explanation, Reason};
pub use fold::{Fold, Late};
pub use plan::Policies;
pub use reading::{ClockReading, ClockState, WarnAt};
pub use state::StateError;

use crate::model::{Timeline, Timestamp};

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
