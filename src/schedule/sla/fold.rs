//! The fold: events in the order of their instants, into clocks.

use super::clock::{Author, Change, Clock, Phase, Scene, Signal};
use super::explain::Trace;
use super::plan::Policies;
use super::reading::{ClockReading, enforce, read};
use crate::model::{Creator, Status, Step, Timeline, Timestamp};

/// Tags held of one conversation.
const MAX_TAGS: usize = 256;

/// An event that is older than what the fold has already seen: replay the timeline instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event older than the last one folded")]
#[expect(clippy::exhaustive_structs, reason = "a unit that says all there is to say")]
pub struct Late;

/// What policies look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) created: Option<Creator>,
    pub(super) status: Status,
    pub(super) priority: Option<String>,
    pub(super) channel: Option<String>,
    pub(super) group: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) merged: bool,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            created: None,
            status: Status::New,
            priority: None,
            channel: None,
            group: None,
            tags: Vec::new(),
            merged: false,
        }
    }
}

impl Attributes {
    /// Back to the start, keeping room for names.
    fn clear(&mut self) {
        let mut tags = std::mem::take(&mut self.tags);
        tags.clear();
        *self = Self { tags, ..Self::default() };
    }
}

/// The clocks of one conversation while its events are folded in.
///
/// Folding event by event gives what a full replay gives; work per event depends on the number of
/// policies and metrics alone.
///
/// ```
/// use galateo::model::{Creator, Step, Timestamp};
/// use galateo::schedule::sla::{Fold, Policies};
/// let spec = serde_json::from_str(r#"{"metrics": [{"metric": "resolution", "target": 7200}]}"#)?;
/// let policies = Policies::new(&[spec])?;
/// let nine: Timestamp = "2026-11-23T09:00:00Z".parse()?;
/// let mut fold = Fold::new(&policies);
/// fold.apply(nine, Step::Created(Creator::Customer))?;
/// assert_eq!(fold.next_deadline().map(|at| at.to_string()).as_deref(), Some("2026-11-23T11:00:00Z"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Fold<'p> {
    policies: &'p Policies,
    attributes: Attributes,
    in_force: Option<usize>,
    now: Timestamp,
    /// The clocks of all policies in order.
    clocks: Vec<Clock>,
    /// Instances that ended, by key, with the target that held at their end.
    history: Vec<(usize, ClockReading)>,
    trace: Option<Trace>,
}

impl<'p> Fold<'p> {
    /// The state before the first event.
    #[must_use]
    pub fn new(policies: &'p Policies) -> Self {
        let count = policies.list.iter().map(|policy| policy.metrics.len()).fold(0, usize::saturating_add);
        let attributes = Attributes::default();
        let in_force = policies.in_force(&attributes);
        let clocks = vec![Clock::default(); count];
        Self { policies, attributes, in_force, now: Timestamp::MIN, clocks, history: Vec::new(), trace: None }
    }

    /// Folds in every step of a timeline up to and including `as_of`.
    #[must_use]
    pub fn replay(policies: &'p Policies, timeline: &Timeline, as_of: Timestamp) -> Self {
        let mut fold = Self::new(policies);
        for (at, step) in timeline.iter().take_while(|(at, _)| *at <= as_of) {
            fold.step(at, step);
        }
        fold.advance(as_of);
        fold
    }

    /// Forgets everything and folds in a timeline up to `as_of`; the next deadline then.
    ///
    /// The way to re-time many conversations after a change of hours: one fold, used again and again.
    pub fn retime(&mut self, timeline: &Timeline, as_of: Timestamp) -> Option<Timestamp> {
        self.reset();
        for (at, step) in timeline.iter().take_while(|(at, _)| *at <= as_of) {
            self.step(at, step);
        }
        self.advance(as_of);
        self.next_deadline()
    }

    /// What is stored of a fold.
    pub(super) fn parts(&self) -> (&Attributes, Timestamp, &[Clock]) {
        (&self.attributes, self.now, &self.clocks)
    }

    /// The fold with what was stored.
    pub(super) fn with_parts(self, attributes: Attributes, now: Timestamp, clocks: Vec<Clock>) -> Self {
        let in_force = self.policies.in_force(&attributes);
        Self { attributes, now, clocks, in_force, ..self }
    }

    fn reset(&mut self) {
        self.attributes.clear();
        self.in_force = self.policies.in_force(&self.attributes);
        self.now = Timestamp::MIN;
        self.clocks.iter_mut().for_each(Clock::clear);
        self.history.clear();
    }

    /// Folds in one step.
    ///
    /// # Errors
    /// [`Late`] where `at` is before the last step.
    pub fn apply(&mut self, at: Timestamp, step: Step<'_>) -> Result<(), Late> {
        if at < self.now {
            return Err(Late);
        }
        self.step(at, step);
        Ok(())
    }

    fn step(&mut self, at: Timestamp, step: Step<'_>) {
        self.advance(at);
        let signal = self.take(step);
        if !matches!(signal, Signal::Reply(_) | Signal::CustomerMessage) {
            self.in_force = self.policies.in_force(&self.attributes);
            self.note_policy();
        }
        self.signal(signal);
    }

    /// The policy in force, where it has the metric of `key`.
    pub(super) fn policy_in_force_with(&self, key: usize) -> Option<usize> {
        let policy = self.policies.list.get(self.in_force?)?;
        policy.metrics.iter().any(|metric| metric.key == key).then_some(self.in_force?)
    }

    /// As [`replay`](Self::replay), noting the steps of one clock.
    pub(super) fn replay_traced(
        policies: &'p Policies,
        timeline: &Timeline,
        as_of: Timestamp,
        trace: Trace,
    ) -> Self {
        let mut fold = Self { trace: Some(trace), ..Self::new(policies) };
        for (at, step) in timeline.iter().take_while(|(at, _)| *at <= as_of) {
            fold.step(at, step);
        }
        fold.advance(as_of);
        fold
    }

    /// What was noted, with the stretch that is still being counted.
    pub(super) fn close_trace(&self, as_of: Timestamp) -> Trace {
        for (_, scene, clock) in self.scenes(as_of).filter(|(_, scene, _)| scene.trace.is_some()) {
            clock.note_stretch(&scene);
        }
        self.trace.clone().unwrap_or_default()
    }

    /// Notes a change of policy or of target.
    fn note_policy(&self) {
        let Some(trace) = &self.trace else { return };
        let policy = self.in_force.and_then(|index| self.policies.list.get(index));
        let metric =
            policy.and_then(|policy| policy.metrics.iter().find(|metric| metric.key == trace.clock.1));
        let target = metric.and_then(|metric| metric.spec.target.of(self.attributes.priority.as_deref()));
        let name = policy.filter(|_| target.is_some()).and_then(|policy| policy.name.clone());
        trace.note_policy(self.now, name, target);
    }

    /// Lets time pass: calendars change at their instants.
    fn advance(&mut self, to: Timestamp) {
        let policies = self.policies;
        loop {
            let changes = policies.list.iter().filter_map(|policy| policy.next_change(self.now));
            let Some(change) = changes.min().filter(|change| *change <= to) else { break };
            self.now = change;
            self.signal(Signal::Other);
        }
        self.now = self.now.max(to);
    }

    /// Takes a step into the attributes; what it means to clocks.
    fn take(&mut self, step: Step<'_>) -> Signal {
        let attributes = &mut self.attributes;
        match step {
            Step::AgentReply => Signal::Reply(Author::Agent),
            Step::BotReply => Signal::Reply(Author::Bot),
            Step::PrivateNote => Signal::Reply(Author::Note),
            Step::CustomerMessage => Signal::CustomerMessage,
            Step::Channel(name) => {
                attributes.channel = name.map(str::to_owned);
                Signal::Other
            }
            Step::Created(by) if attributes.created.is_none() => {
                attributes.created = Some(by);
                Signal::Created(by)
            }
            Step::Created(_) => Signal::Other,
            Step::Group(name) if attributes.group.as_deref() != name => {
                attributes.group = name.map(str::to_owned);
                Signal::GroupChanged
            }
            Step::Group(_) => Signal::Other,
            Step::Merged => {
                attributes.merged = true;
                Signal::Merged
            }
            Step::Priority(name) if attributes.priority.as_deref() != name => {
                attributes.priority = name.map(str::to_owned);
                Signal::PriorityChanged
            }
            Step::Priority(_) => Signal::Other,
            Step::Status(status) => {
                let before = std::mem::replace(&mut attributes.status, status);
                match (before.is_done(), status.is_done()) {
                    (false, true) => Signal::Done,
                    (true, false) => Signal::Reopened,
                    _ => Signal::Other,
                }
            }
            Step::TagAdded(name) => {
                if attributes.tags.len() < MAX_TAGS && !attributes.tags.iter().any(|tag| tag == name) {
                    attributes.tags.push(name.to_owned());
                }
                Signal::Other
            }
            Step::TagRemoved(name) => {
                attributes.tags.retain(|tag| tag != name);
                Signal::Other
            }
            Step::TagsCleared => {
                attributes.tags.clear();
                Signal::Other
            }
        }
    }

    fn signal(&mut self, signal: Signal) {
        let (policies, attributes, at) = (self.policies, &self.attributes, self.now);
        let in_force = self.in_force.and_then(|index| policies.list.get(index));
        let mut clocks = self.clocks.iter_mut();
        for (index, policy) in policies.list.iter().enumerate() {
            for metric in &policy.metrics {
                let Some(clock) = clocks.next() else { return };
                let target = metric.spec.target.of(attributes.priority.as_deref());
                let applies = self.in_force == Some(index) && target.is_some();
                let trace = self.trace.as_ref().filter(|trace| trace.clock == (index, metric.key));
                let scene = Scene { policies, policy, metric, attributes, in_force, applies, at, trace };
                match clock.react(&scene, signal) {
                    Some(Change::Finished) if applies => self.history.push((metric.key, read(clock, &scene))),
                    Some(Change::Resumed) if applies => {
                        let instance = clock.instance;
                        self.history.retain(|(key, held)| *key != metric.key || held.instance != instance);
                    }
                    _ => {}
                }
                clock.follow(&scene, signal);
            }
        }
    }

    fn scenes(&self, at: Timestamp) -> impl Iterator<Item = (usize, Scene<'_>, &Clock)> {
        let (policies, attributes) = (self.policies, &self.attributes);
        let in_force = self.in_force.and_then(|index| policies.list.get(index));
        let metrics = policies
            .list
            .iter()
            .enumerate()
            .flat_map(|(index, policy)| policy.metrics.iter().map(move |metric| (index, policy, metric)));
        metrics.zip(&self.clocks).map(move |((index, policy, metric), clock)| {
            let target = metric.spec.target.of(attributes.priority.as_deref());
            let applies = self.in_force == Some(index) && target.is_some();
            let trace = self.trace.as_ref().filter(|trace| trace.clock == (index, metric.key));
            (index, Scene { policies, policy, metric, attributes, in_force, applies, at, trace }, clock)
        })
    }

    /// The clocks as of an instant that is not before the last step.
    #[must_use]
    pub fn readings(mut self, as_of: Timestamp, enforce_from: Option<Timestamp>) -> Vec<ClockReading> {
        self.advance(as_of);
        let mut all = Vec::new();
        for key in 0..self.policies.keys.len() {
            let mut instances: Vec<ClockReading> = self
                .history
                .iter()
                .filter(|(held, _)| *held == key)
                .map(|(_, reading)| reading.clone())
                .collect();
            let mut of_key = self.scenes(as_of).filter(|(_, scene, _)| scene.metric.key == key).peekable();
            let first = of_key.peek().cloned();
            let current = of_key.find(|(_, scene, _)| scene.applies).or(first);
            if let Some((_, scene, clock)) = current {
                let reading = read(clock, &scene);
                let known = instances.iter().any(|held| held.instance == reading.instance);
                let next = instances.iter().map(|held| held.instance).max().unwrap_or(0).saturating_add(1);
                if clock.phase == Phase::Active && known {
                    // Another policy had called it answered; the one in force says it is still owed.
                    instances.push(ClockReading { instance: next, ..reading });
                } else if instances.is_empty() || (!known && clock.phase != Phase::Idle) {
                    instances.push(reading);
                }
            }
            all.append(&mut instances);
        }
        all.into_iter().map(|reading| enforce(reading, enforce_from)).collect()
    }

    /// The earliest deadline of a running clock that has not passed, as of the last step.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.deadlines().map(|(_, at)| at).min()
    }

    fn deadlines(&self) -> impl Iterator<Item = (super::MetricKind, Timestamp)> {
        let running =
            self.scenes(self.now).filter(|(_, scene, clock)| scene.applies && clock.since.is_some());
        running.filter_map(|(_, scene, clock)| {
            let target = scene.metric.spec.target.of(scene.attributes.priority.as_deref())?;
            let due = clock.due(&scene, target.saturating_mul(1000))?;
            (due >= self.now).then_some((scene.metric.spec.metric, due))
        })
    }

    /// The deadlines of running clocks that have not passed as of the last step, in order.
    #[must_use]
    pub fn next_deadlines(&self) -> Vec<(super::MetricKind, Timestamp)> {
        let mut all: Vec<_> = self.deadlines().collect();
        all.sort_by_key(|(metric, at)| (*at, *metric));
        all
    }
}
