//! What can be read off clocks that stand still.

use super::clock::{Clock, Moment, Phase, Scene};
use super::document::MetricKind;
use super::plan::{Metric, Policies};
use super::reading::{ClockReading, enforce, read, read_ended};
use super::standing::{Past, Standing};
use crate::model::Timestamp;

/// The clocks of a conversation under their policies, as of an instant that is not before the last step.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) moment: Moment<'a>,
    pub(super) standing: &'a Standing,
}

impl<'a> View<'a> {
    pub(super) fn new(policies: &'a Policies, standing: &'a Standing, at: Timestamp) -> Self {
        let Standing { attributes, in_force, .. } = standing;
        let moment = Moment { policies, facts: &attributes.facts, in_force: *in_force, at, trace: None };
        Self { moment, standing }
    }

    /// Each clock with its scene.
    pub(super) fn scenes(&'a self) -> impl Iterator<Item = (Scene<'a>, &'a Clock)> {
        let Moment { policies, in_force, .. } = self.moment;
        let own = policies.policy(in_force);
        let clocks = self.standing.clocks.iter().zip(&policies.tracks).enumerate();
        clocks.filter_map(move |(index, (clock, track))| {
            let (policy, metric) = policies.member(index, track, own)?;
            Some((Scene { moment: &self.moment, policy, metric }, clock))
        })
    }

    /// The track of `key` by the policy in force, else the first.
    pub(super) fn track_in_force(&self, key: usize) -> Option<usize> {
        let metric = self.metric_in_force(key).or_else(|| self.moment.policies.first_metric(key))?;
        Some(metric.track)
    }

    /// The metric of `key` that the policy in force has.
    fn metric_in_force(&self, key: usize) -> Option<&'a Metric> {
        let policy = self.moment.policies.list.get(self.standing.in_force?)?;
        self.moment.policies.metrics.get(policy.metric_of(key)?)
    }

    /// Every instance, those of a metric in order.
    pub(super) fn readings(&self, enforce_from: Option<Timestamp>) -> Vec<ClockReading> {
        let mut all = Vec::new();
        for key in 0..self.moment.policies.keys.len() {
            all.extend(self.standing.past.of(key).filter_map(|past| self.recall(past)));
            let last = self.standing.past.of(key).next_back();
            all.extend(self.current(key, last.map(|past| past.reached)));
        }
        all.into_iter().map(|reading| enforce(reading, enforce_from)).collect()
    }

    /// The last instance of each metric.
    pub(super) fn last_readings(&self) -> Vec<ClockReading> {
        let mut all = Vec::with_capacity(self.moment.policies.keys.len());
        for key in 0..self.moment.policies.keys.len() {
            let past = self.standing.past.of(key).next_back();
            let current = self.current(key, past.map(|past| past.reached));
            all.extend(current.or_else(|| past.and_then(|past| self.recall(past))));
        }
        all
    }

    fn recall(&self, past: &Past) -> Option<ClockReading> {
        let metric = self.moment.policies.metrics.get(past.metric)?;
        let reading = read_ended(&past.clock, self.moment.policies, metric)?;
        Some(ClockReading { instance: past.reached, ..reading })
    }

    /// The reading of a key that is not yet among those that ended, of which `last` is the last instance.
    fn current(&self, key: usize, last: Option<u32>) -> Option<ClockReading> {
        let target = |metric: &&Metric| metric.budget(self.standing.attributes.facts.priority).is_some();
        let in_force = self.metric_in_force(key).filter(target);
        let metric = in_force.or_else(|| self.moment.policies.first_metric(key))?;
        let scene = self.moment.scene(metric)?;
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
    pub(super) fn due_if_paused(&self, until: Timestamp) -> Vec<(MetricKind, Timestamp)> {
        in_order(self.scenes().filter_map(|(scene, clock)| {
            let running = clock.phase == Phase::Active && clock.since.is_some() && scene.applies();
            let budget = clock.target(&scene).filter(|_| running)?.saturating_mul(1000);
            let left = budget.checked_sub(clock.elapsed(&scene)).filter(|left| *left >= 0)?;
            let calendar = scene.calendar(scene.calendar_at(until))?;
            let landings = calendar.add_millis(until.max(self.moment.at), left).ok()?;
            Some((scene.metric.spec.metric, landings.at(scene.policy.landing).ok()?))
        }))
    }

    /// The deadlines of running clocks that have not passed as of the last step, in order.
    pub(super) fn next_deadlines(&self) -> Vec<(MetricKind, Timestamp)> {
        let now = self.moment.at;
        in_order(self.scenes().filter_map(|(scene, clock)| {
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
