//! What a clock shows as of an instant.

use serde::{Serialize, Serializer};

use super::clock::{Clock, End, Moment, Phase, Scene};
use super::document::{MetricKind, Warnings};
use super::plan::{Metric, Policies, warnings};
use crate::model::Timestamp;

/// One instance of a metric as of an instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ClockReading {
    /// What is measured.
    pub metric: MetricKind,
    /// Which instance, counted from 1 and on from one policy to the next.
    pub instance: u32,
    /// Where it stands.
    pub state: ClockState,
    /// When it started.
    pub started_at: Option<Timestamp>,
    /// When the budget runs or ran out; `None` while paused, cancelled, or where hours never suffice.
    pub due_at: Option<Timestamp>,
    /// When it was fulfilled.
    pub fulfilled_at: Option<Timestamp>,
    /// Whole seconds counted.
    pub elapsed_seconds: i64,
    /// The target less what is counted, negative after a breach.
    pub remaining_seconds: Option<i64>,
    /// The budget; frozen at fulfilment.
    pub target_seconds: Option<i64>,
    /// Whether more than the budget has been counted.
    pub breached: bool,
    /// When the budget ran out, for a clock that is breached.
    pub breached_at: Option<Timestamp>,
    /// When warnings are or were due; what was cancelled has none after its end.
    pub warn_at: WarnAt,
}

impl ClockReading {
    /// Whether it counts towards a target that its hours never reach, because they never open or not for long enough.
    #[must_use]
    pub fn never_runs_out(&self) -> bool {
        self.state == ClockState::Running && self.target_seconds.is_some() && self.due_at.is_none()
    }
}

/// Where an instance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the six states of the format")]
pub enum ClockState {
    /// It ended without being fulfilled: merged away, or no longer owed.
    Cancelled,
    /// What was owed was done, in time or late.
    Fulfilled,
    /// No policy with a target for it is in force.
    NotApplied,
    /// Its event has not come.
    NotStarted,
    /// It waits in a status that does not count.
    Paused,
    /// It counts, whenever hours are open.
    Running,
}

/// The instants of warnings, in the shape the policy asks for them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "one or a list")]
pub enum WarnAt {
    /// In order; those that a pause holds back are missing.
    Many(Vec<Timestamp>),
    /// The only one asked for, without brackets.
    One(Option<Timestamp>),
}

impl WarnAt {
    /// The instants in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Timestamp] {
        match self {
            Self::Many(list) => list,
            Self::One(one) => one.as_slice(),
        }
    }
}

impl Serialize for WarnAt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Many(list) => list.serialize(serializer),
            Self::One(one) => one.serialize(serializer),
        }
    }
}

/// Reads a clock in its scene.
pub(super) fn read(clock: &Clock, scene: &Scene<'_>) -> ClockReading {
    let applies = scene.applies();
    let state = state(clock, applies);
    match clock.end {
        Some(end) => {
            let target = clock.target(scene).filter(|_| applies);
            let moment = Moment { facts: &end.facts, in_force: end.in_force, at: end.at, ..*scene.moment };
            read_as(clock, &Scene { moment: &moment, ..*scene }, state, target)
        }
        None => read_as(clock, scene, state, clock.target(scene).filter(|_| applies)),
    }
}

/// Reads an instance that ended while its policy was in force, as it stood then.
pub(super) fn read_ended(clock: &Clock, policies: &Policies, metric: &Metric) -> Option<ClockReading> {
    let End { at, facts, in_force } = clock.end.as_ref()?;
    let moment = Moment { policies, facts, in_force: *in_force, at: *at, trace: None };
    let scene = moment.scene(metric)?;
    Some(read_as(clock, &scene, state(clock, true), clock.target(&scene)))
}

fn read_as(clock: &Clock, scene: &Scene<'_>, state: ClockState, target: Option<i64>) -> ClockReading {
    let elapsed = clock.elapsed(scene);
    let budget = target.map(|seconds| seconds.saturating_mul(1000));
    let due = budget.filter(|_| clock.instance > 0).and_then(|budget| clock.due(scene, budget));
    let breached = budget.is_some_and(|budget| elapsed > budget) && clock.instance > 0;
    let shown = matches!(state, ClockState::Fulfilled | ClockState::Running);
    ClockReading {
        metric: scene.metric.spec.metric,
        instance: clock.instance.max(1),
        state,
        started_at: clock.started.filter(|_| clock.instance > 0 && clock.phase != Phase::Waiting),
        due_at: due.filter(|_| shown),
        fulfilled_at: clock.end.filter(|_| clock.phase == Phase::Fulfilled).map(|end| end.at),
        elapsed_seconds: elapsed.div_euclid(1000),
        remaining_seconds: budget.map(|budget| budget.saturating_sub(elapsed).div_euclid(1000)),
        target_seconds: target,
        breached,
        breached_at: due.filter(|_| breached),
        warn_at: warn_at(clock, scene, target),
    }
}

fn state(clock: &Clock, applies: bool) -> ClockState {
    match clock.phase {
        _ if !applies => ClockState::NotApplied,
        Phase::Idle | Phase::Waiting => ClockState::NotStarted,
        Phase::Active if clock.since.is_some() => ClockState::Running,
        Phase::Active => ClockState::Paused,
        Phase::Fulfilled => ClockState::Fulfilled,
        Phase::Cancelled => ClockState::Cancelled,
    }
}

fn warn_at(clock: &Clock, scene: &Scene<'_>, target: Option<i64>) -> WarnAt {
    let spec = &scene.metric.spec;
    if let (Warnings::Many(before), Warnings::Many(shares)) = (&spec.warn_before, &spec.warn_fraction)
        && before.is_empty()
        && shares.is_empty()
    {
        return WarnAt::Many(Vec::new());
    }
    let budgets =
        target.filter(|_| clock.instance > 0).map(|target| warnings(spec, target)).unwrap_or_default();
    // What was cancelled warns of nothing after.
    let cancelled = clock.end.filter(|_| clock.phase == Phase::Cancelled).map(|end| end.at);
    let is_due = |at: &Timestamp| cancelled.is_none_or(|end| *at < end);
    let instants: Vec<Timestamp> =
        budgets.into_iter().filter_map(|budget| clock.due(scene, budget).filter(is_due)).collect();
    let single = matches!(
        (&spec.warn_before, &spec.warn_fraction),
        (Warnings::One(_), Warnings::Many(list)) if list.is_empty()
    ) || matches!(
        (&spec.warn_fraction, &spec.warn_before),
        (Warnings::One(_), Warnings::Many(list)) if list.is_empty()
    );
    if single { WarnAt::One(instants.first().copied()) } else { WarnAt::Many(instants) }
}

/// Takes back what lies before the instant from which breaches count.
pub(super) fn enforce(reading: ClockReading, from: Option<Timestamp>) -> ClockReading {
    let Some(from) = from else { return reading };
    let late = reading.breached_at.filter(|at| *at >= from);
    let warn_at = match reading.warn_at {
        WarnAt::Many(list) => WarnAt::Many(list.into_iter().filter(|at| *at >= from).collect()),
        WarnAt::One(one) => WarnAt::One(one.filter(|at| *at >= from)),
    };
    ClockReading { breached: reading.breached && late.is_some(), breached_at: late, warn_at, ..reading }
}
