//! What can be read off clocks that stand still.

use super::clock::{Clock, Phase, Scene};
use super::document::MetricKind;
use super::explain::Trace;
use super::plan::{Metric, Policies};
use super::reading::{ClockReading, enforce, read, read_ended};
use super::standing::{Past, Standing};
use crate::model::Timestamp;

/// The clocks of a conversation under their policies.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) policies: &'a Policies,
    pub(super) standing: &'a Standing,
    /// Where steps are noted, while a clock is being explained.
    pub(super) trace: Option<&'a Trace>,
}

impl<'a> View<'a> {
    pub(super) const fn new(policies: &'a Policies, standing: &'a Standing) -> Self {
        Self { policies, standing, trace: None }
    }

    /// Each clock with its scene as of an instant.
    pub(super) fn scenes(self, at: Timestamp) -> impl Iterator<Item = (Scene<'a>, &'a Clock)> {
        self.standing.clocks.iter().enumerate().filter_map(move |(index, clock)| {
            let (_, metric) = self.policies.member(index, self.standing.in_force)?;
            Some((self.scene(metric, at)?, clock))
        })
    }

    fn scene(self, metric: &'a Metric, at: Timestamp) -> Option<Scene<'a>> {
        let Standing { attributes, in_force, .. } = self.standing;
        let policy = self.policies.list.get(metric.policy)?;
        let trace = self.trace.filter(|trace| trace.track == metric.track);
        let (policies, facts, in_force) = (self.policies, &attributes.facts, *in_force);
        Some(Scene { policies, policy, metric, facts, in_force, at, trace })
    }

    /// The track of `key` by the policy in force, else the first.
    pub(super) fn track_in_force(self, key: usize) -> Option<usize> {
        let metric = self.metric_in_force(key).or_else(|| self.policies.first_metric(key))?;
        Some(metric.track)
    }

    /// The metric of `key` that the policy in force has.
    fn metric_in_force(self, key: usize) -> Option<&'a Metric> {
        let policy = self.policies.list.get(self.standing.in_force?)?;
        self.policies.metrics.get(policy.metric_of(key)?)
    }

    /// Every instance, those of a metric in order.
    pub(super) fn readings(self, as_of: Timestamp, enforce_from: Option<Timestamp>) -> Vec<ClockReading> {
        let mut all = Vec::new();
        for key in 0..self.policies.keys.len() {
            all.extend(self.standing.ended(key).filter_map(|past| self.recall(past)));
            let last = self.standing.ended(key).next_back();
            all.extend(self.current(key, as_of, last.map(|past| past.reached)));
        }
        all.into_iter().map(|reading| enforce(reading, enforce_from)).collect()
    }

    /// The last instance of each metric.
    pub(super) fn last_readings(self, as_of: Timestamp) -> Vec<ClockReading> {
        let mut all = Vec::with_capacity(self.policies.keys.len());
        for key in 0..self.policies.keys.len() {
            let past = self.standing.ended(key).next_back();
            let current = self.current(key, as_of, past.map(|past| past.reached));
            all.extend(current.or_else(|| past.and_then(|past| self.recall(past))));
        }
        all
    }

    fn recall(self, past: &Past) -> Option<ClockReading> {
        let metric = self.policies.metrics.get(past.metric)?;
        let policy = self.policies.list.get(metric.policy)?;
        read_ended(&past.clock, self.policies, policy, metric)
    }

    /// The reading of a key that is not yet among those that ended, of which `last` is the last instance.
    fn current(self, key: usize, as_of: Timestamp, last: Option<u32>) -> Option<ClockReading> {
        let target = |metric: &&Metric| metric.budget(self.standing.attributes.facts.priority).is_some();
        let in_force = self.metric_in_force(key).filter(target);
        let metric = in_force.or_else(|| self.policies.first_metric(key))?;
        let scene = self.scene(metric, as_of)?;
        let clock = self.standing.clocks.get(metric.track)?;
        let known = last.is_some_and(|last| clock.instance <= last);
        match clock.phase {
            // Another policy had called it answered; the one in force says it is still owed.
            Phase::Active if known => {
                let instance = last.unwrap_or(0).saturating_add(1);
                Some(ClockReading { instance, ..read(clock, &scene) })
            }
            phase if last.is_none() || (!known && phase != Phase::Idle) => Some(read(clock, &scene)),
            _ => None,
        }
    }

    /// When each running clock would be due if it were paused now and went on at `until`, in order.
    pub(super) fn due_if_paused(self, now: Timestamp, until: Timestamp) -> Vec<(MetricKind, Timestamp)> {
        let now = now.max(self.standing.now);
        in_order(self.scenes(now).filter_map(|(scene, clock)| {
            let running = clock.phase == Phase::Active && clock.since.is_some() && scene.applies();
            let budget = clock.target(&scene).filter(|_| running)?.saturating_mul(1000);
            let left = budget.checked_sub(clock.elapsed(&scene)).filter(|left| *left >= 0)?;
            let calendar = scene.calendar(scene.calendar_at(until))?;
            let landings = calendar.add_millis(until.max(now), left).ok()?;
            Some((scene.metric.spec.metric, landings.at(scene.policy.landing).ok()?))
        }))
    }

    /// The deadlines of running clocks that have not passed as of the last step, in order.
    pub(super) fn next_deadlines(self) -> Vec<(MetricKind, Timestamp)> {
        let now = self.standing.now;
        in_order(self.scenes(now).filter_map(|(scene, clock)| {
            let due = clock.deadline(&scene).filter(|due| *due >= now)?;
            Some((scene.metric.spec.metric, due))
        }))
    }
}

fn in_order(due: impl Iterator<Item = (MetricKind, Timestamp)>) -> Vec<(MetricKind, Timestamp)> {
    let mut all: Vec<_> = due.collect();
    all.sort_by_key(|(metric, at)| (*at, *metric));
    all
}
