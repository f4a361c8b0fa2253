//! The fold: events in the order of their instants, into clocks.

use super::clock::{Author, Change, Clock, Phase, Scene, Signal};
use super::document::MetricKind;
use super::explain::Trace;
use super::facts::{Attributes, Facts};
use super::plan::{Metric, Policies, Policy};
use super::reading::{ClockReading, enforce, read, read_ended};
use crate::model::{Status, Step, Timeline, Timestamp};

/// An event that is older than what the fold has already seen: replay the timeline instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event older than the last one folded")]
#[expect(clippy::exhaustive_structs, reason = "a unit that says all there is to say")]
pub struct Late;

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
    /// The clocks of all tracks in order.
    clocks: Vec<Clock>,
    /// Instances that ended while their policy was in force, in the order of their ends.
    past: Vec<Past<'p>>,
    keeps: Keeps,
    trace: Option<Trace>,
}

/// What a fold keeps of instances that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    All,
    /// The last few of each key.
    Last,
    Nothing,
}

/// An instance that ended.
#[derive(Debug, Clone)]
pub(super) struct Past<'p> {
    pub(super) metric: &'p Metric,
    pub(super) clock: Clock,
    /// The highest number of an instance of the key until then: policies may count otherwise.
    pub(super) reached: u32,
}

fn of_key<'a, 'p>(past: &'a [Past<'p>], key: usize) -> impl DoubleEndedIterator<Item = &'a Past<'p>> {
    past.iter().filter(move |past| past.metric.key == key)
}

impl<'p> Fold<'p> {
    /// The state before the first event.
    #[must_use]
    pub fn new(policies: &'p Policies) -> Self {
        let attributes = Attributes::default();
        let in_force = policies.in_force(&attributes.facts, &attributes.tags);
        let clocks = vec![Clock::default(); policies.tracks.len()];
        Self {
            policies,
            attributes,
            in_force,
            now: Timestamp::MIN,
            clocks,
            past: Vec::new(),
            keeps: Keeps::All,
            trace: None,
        }
    }

    /// As [`new`](Self::new), for a state that is kept up to date event by event: of what has ended it
    /// holds the last instance of each metric alone, so that it never grows.
    #[must_use]
    pub fn live(policies: &'p Policies) -> Self {
        Self { keeps: Keeps::Last, ..Self::new(policies) }
    }

    /// Folds in every step of a timeline up to and including `as_of`.
    #[must_use]
    pub fn replay(policies: &'p Policies, timeline: &Timeline, as_of: Timestamp) -> Self {
        let mut fold = Self::new(policies);
        fold.take_all(timeline.iter(), as_of);
        fold
    }

    /// As [`replay`](Self::replay), keeping of what has ended the last instance of each metric alone.
    pub(super) fn replay_forgetting<'s>(
        policies: &'p Policies,
        steps: impl Iterator<Item = (Timestamp, Step<'s>)>,
        as_of: Timestamp,
    ) -> Self {
        let mut fold = Self::live(policies);
        fold.take_all(steps, as_of);
        fold
    }

    /// Forgets everything and folds in a timeline up to `as_of`; the next deadline then.
    ///
    /// The way to re-time many conversations after a change of hours: one fold, used again and again. It
    /// knows what runs then; what has ended it does not keep.
    pub fn retime(&mut self, timeline: &Timeline, as_of: Timestamp) -> Option<Timestamp> {
        self.reset();
        self.keeps = Keeps::Nothing;
        self.take_all(timeline.iter(), as_of);
        self.next_deadline()
    }

    fn take_all<'s>(&mut self, steps: impl Iterator<Item = (Timestamp, Step<'s>)>, as_of: Timestamp) {
        for (at, step) in steps.take_while(|(at, _)| *at <= as_of) {
            self.step(at, step);
        }
        self.advance(as_of);
    }

    /// Folds in steps without letting time pass after the last.
    pub(super) fn take_steps<'s>(&mut self, steps: impl Iterator<Item = (Timestamp, Step<'s>)>) {
        steps.for_each(|(at, step)| self.step(at, step));
    }

    /// The instant of the last step.
    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    /// What is stored of a fold.
    pub(super) fn parts(&self) -> (&Attributes, Timestamp, &[Clock]) {
        (&self.attributes, self.now, &self.clocks)
    }

    /// The last instances that ended of each key, as many as may matter.
    pub(super) fn ended(&self) -> impl Iterator<Item = &Past<'p>> {
        let matters = |(index, past): &(usize, &Past<'_>)| {
            let later = self.past.get(index.saturating_add(1)..).unwrap_or_default();
            self.keeps == Keeps::Last
                || of_key(later, past.metric.key).count() < self.policies.kept(past.metric.key)
        };
        self.past.iter().enumerate().filter(matters).map(|(_, past)| past)
    }

    /// Keeps an instance that ended.
    fn keep(&mut self, metric: &'p Metric, clock: Clock) {
        let (key, instance) = (metric.key, clock.instance);
        let reached = of_key(&self.past, key).next_back().map_or(instance, |last| last.reached.max(instance));
        if self.keeps == Keeps::Last && of_key(&self.past, key).count() >= self.policies.kept(key) {
            let oldest = self.past.iter().position(|past| past.metric.key == key);
            oldest.map(|oldest| self.past.remove(oldest));
        }
        self.past.push(Past { metric, clock, reached });
    }

    pub(super) const fn policies(&self) -> &'p Policies {
        self.policies
    }

    /// The fold with what was stored.
    pub(super) fn of_parts(
        policies: &'p Policies,
        (attributes, now): (Attributes, Timestamp),
        clocks: Vec<Clock>,
        past: Vec<Past<'p>>,
    ) -> Self {
        let in_force = policies.in_force(&attributes.facts, &attributes.tags);
        Self { policies, attributes, in_force, now, clocks, past, keeps: Keeps::Last, trace: None }
    }

    fn reset(&mut self) {
        self.attributes.clear();
        self.in_force = self.policies.in_force(&self.attributes.facts, &self.attributes.tags);
        self.now = Timestamp::MIN;
        self.clocks.iter_mut().for_each(Clock::clear);
        self.past.clear();
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

    #[inline]
    fn step(&mut self, at: Timestamp, step: Step<'_>) {
        self.advance(at);
        let before = (self.attributes.facts, self.in_force);
        let signal = self.attributes.take(step, self.policies);
        let audience = &self.policies.audience;
        match signal {
            Signal::CustomerMessage => self.say(&audience.message, signal),
            Signal::Reply(Author::Agent) => self.say(&audience.agent, signal),
            Signal::Reply(Author::Bot) => self.say(&audience.bot, signal),
            Signal::Reply(Author::Note) => self.say(&audience.note, signal),
            Signal::Nothing => {}
            Signal::Status { before } => self.turn(before, signal),
            _ => {
                let Attributes { facts, tags, .. } = &self.attributes;
                self.in_force = self.policies.in_force(facts, tags);
                if signal == Signal::GroupChanged {
                    self.leave(before);
                }
                self.note_policy();
                self.tell_all(signal);
            }
        }
    }

    /// Ends what the group that has gone was measured by, as things stood until then.
    fn leave(&mut self, (facts, in_force): (Facts, Option<usize>)) {
        for (index, track) in self.policies.tracks.iter().enumerate() {
            if track.kind == MetricKind::Ownership {
                self.tell_in(index, &facts, in_force, Signal::GroupLeft, Clock::react);
            }
        }
    }

    /// Tells of a message or a reply.
    fn say(&mut self, audience: &[usize], signal: Signal) {
        for index in audience {
            let heard = self.clocks.get(*index).zip(self.policies.tracks.get(*index));
            if heard.is_some_and(|(clock, track)| clock.minds(track.kind, signal)) {
                self.tell(*index, signal, Clock::hear);
            }
        }
    }

    /// Tells of a change of status that neither ends nor reopens.
    fn turn(&mut self, before: Status, signal: Signal) {
        let now = self.attributes.facts.status;
        for (index, track) in self.policies.tracks.iter().enumerate() {
            if Clock::minds_status(track, before, now) {
                self.tell(index, signal, Clock::react);
            }
        }
    }

    /// The track of `key` by the policy in force, else the first.
    pub(super) fn track_in_force(&self, key: usize) -> Option<usize> {
        let metric = self.metric_in_force(key).or_else(|| self.first_metric(key))?;
        Some(metric.track)
    }

    /// The metric of `key` that the policy in force has.
    fn metric_in_force(&self, key: usize) -> Option<&'p Metric> {
        let policy = self.policies.list.get(self.in_force?)?;
        self.policies.metrics.get(policy.metric_of(key)?)
    }

    fn first_metric(&self, key: usize) -> Option<&'p Metric> {
        self.policies.metrics.iter().find(|metric| metric.key == key)
    }

    /// As [`replay`](Self::replay), noting the steps of one clock.
    pub(super) fn replay_traced(
        policies: &'p Policies,
        timeline: &Timeline,
        as_of: Timestamp,
        trace: Trace,
    ) -> Self {
        let mut fold = Self { trace: Some(trace), ..Self::new(policies) };
        fold.take_all(timeline.iter(), as_of);
        fold
    }

    /// What was noted, with the stretch that is still being counted.
    pub(super) fn close_trace(&self, as_of: Timestamp) -> Trace {
        for (scene, clock) in self.scenes(as_of).filter(|(scene, _)| scene.trace.is_some()) {
            clock.note_stretch(&scene, as_of);
        }
        self.trace.clone().unwrap_or_default()
    }

    /// Notes a change of policy or of target.
    fn note_policy(&self) {
        let Some(trace) = &self.trace else { return };
        let policy = self.in_force.and_then(|index| self.policies.list.get(index));
        let metric = policy.and_then(|policy| policy.metric_of(trace.key));
        let metric = metric.and_then(|index| self.policies.metrics.get(index));
        let target = policy.zip(metric).and_then(|(policy, metric)| self.target_from_now(policy, metric));
        let name = policy.filter(|_| target.is_some()).and_then(|policy| policy.name.clone());
        trace.note_policy(self.now, name, target);
    }

    /// The budget in seconds of a metric, for what runs or would start now.
    fn target_from_now(&self, policy: &Policy, metric: &Metric) -> Option<i64> {
        let facts = &self.attributes.facts;
        let running = self.clocks.get(metric.track).filter(|clock| clock.phase == Phase::Active);
        let (origin, started) = running
            .and_then(|clock| Some((clock.origin, clock.started?)))
            .unwrap_or_else(|| (policy.calendar_of(metric, facts, self.now), self.now));
        self.policies.seconds(metric.budget(facts.priority)?, origin, started)
    }

    /// Lets time pass: calendars change at their instants.
    #[inline]
    fn advance(&mut self, to: Timestamp) {
        while let Some(change) = self.policies.next_change(self.now).filter(|change| *change <= to) {
            self.now = change;
            self.tell_all(Signal::Other);
        }
        self.now = self.now.max(to);
    }

    fn tell_all(&mut self, signal: Signal) {
        for index in 0..self.clocks.len() {
            self.tell(index, signal, Clock::react);
        }
    }

    #[inline]
    fn tell(
        &mut self,
        index: usize,
        signal: Signal,
        react: impl Fn(&mut Clock, &Scene<'_>, Signal) -> Option<Change>,
    ) {
        let (facts, in_force) = (self.attributes.facts, self.in_force);
        self.tell_in(index, &facts, in_force, signal, react);
    }

    #[inline]
    fn tell_in(
        &mut self,
        index: usize,
        facts: &Facts,
        in_force: Option<usize>,
        signal: Signal,
        react: impl Fn(&mut Clock, &Scene<'_>, Signal) -> Option<Change>,
    ) {
        let (policies, at) = (self.policies, self.now);
        let member = policies.member(index, in_force);
        let Some((clock, (policy, metric))) = self.clocks.get_mut(index).zip(member) else { return };
        let trace = self.trace.as_ref().filter(|trace| trace.track == index);
        let scene = Scene { policies, policy, metric, facts, in_force, at, trace };
        let change = react(clock, &scene, signal);
        let (key, instance, applies) = (metric.key, clock.instance, scene.applies());
        let mut ended = None;
        match change {
            Some(Change::Finished) if applies && self.keeps != Keeps::Nothing => ended = Some(clock.clone()),
            Some(Change::Resumed) => self.past.retain(|past| {
                let same = past.metric.key == key && past.clock.instance == instance;
                !same || !(applies || past.metric.track == index)
            }),
            _ => {}
        }
        if policies.tracks.get(index).is_some_and(|track| track.follows) {
            clock.follow(&scene, signal);
        }
        if let Some(clock) = ended {
            self.keep(metric, clock);
        }
    }

    fn scenes(&self, at: Timestamp) -> impl Iterator<Item = (Scene<'_>, &Clock)> {
        let in_force = self.in_force;
        self.clocks.iter().enumerate().filter_map(move |(index, clock)| {
            let (_, metric) = self.policies.member(index, in_force)?;
            Some((self.scene(metric, at)?, clock))
        })
    }

    fn scene(&self, metric: &'p Metric, at: Timestamp) -> Option<Scene<'_>> {
        let (policies, facts, in_force) = (self.policies, &self.attributes.facts, self.in_force);
        let policy = policies.list.get(metric.policy)?;
        let trace = self.trace.as_ref().filter(|trace| trace.track == metric.track);
        Some(Scene { policies, policy, metric, facts, in_force, at, trace })
    }

    /// The clocks as of an instant that is not before the last step.
    #[must_use]
    pub fn readings(mut self, as_of: Timestamp, enforce_from: Option<Timestamp>) -> Vec<ClockReading> {
        self.advance(as_of);
        let mut all = Vec::new();
        for key in 0..self.policies.keys.len() {
            all.extend(of_key(&self.past, key).filter_map(|past| self.recall(past)));
            let last = of_key(&self.past, key).next_back();
            all.extend(self.current(key, as_of, last.map(|past| past.reached)));
        }
        all.into_iter().map(|reading| enforce(reading, enforce_from)).collect()
    }

    /// The last instance of each metric as of an instant that is not before the last step.
    pub(super) fn last_readings(mut self, as_of: Timestamp) -> Vec<ClockReading> {
        self.advance(as_of);
        let mut all = Vec::with_capacity(self.policies.keys.len());
        for key in 0..self.policies.keys.len() {
            let past = of_key(&self.past, key).next_back();
            let current = self.current(key, as_of, past.map(|past| past.reached));
            all.extend(current.or_else(|| past.and_then(|past| self.recall(past))));
        }
        all
    }

    fn recall(&self, past: &Past<'_>) -> Option<ClockReading> {
        let policy = self.policies.list.get(past.metric.policy)?;
        read_ended(&past.clock, self.policies, policy, past.metric)
    }

    /// The reading of a key that is not yet among those that ended, of which `last` is the last instance.
    fn current(&self, key: usize, as_of: Timestamp, last: Option<u32>) -> Option<ClockReading> {
        let target = |metric: &&Metric| metric.budget(self.attributes.facts.priority).is_some();
        let metric = self.metric_in_force(key).filter(target).or_else(|| self.first_metric(key))?;
        let scene = self.scene(metric, as_of)?;
        let clock = self.clocks.get(metric.track)?;
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

    /// The earliest deadline of a running clock that has not passed, as of the last step.
    pub fn next_deadline(&mut self) -> Option<Timestamp> {
        let (policies, facts, in_force, at) =
            (self.policies, &self.attributes.facts, self.in_force, self.now);
        let mut next: Option<Timestamp> = None;
        for (index, clock) in self.clocks.iter_mut().enumerate() {
            if clock.stale {
                let Some((policy, metric)) = policies.member(index, in_force) else { continue };
                let scene = Scene { policies, policy, metric, facts, in_force, at, trace: None };
                (clock.due, clock.stale) = (clock.deadline(&scene), false);
            }
            if let Some(due) = clock.due.filter(|due| *due >= at) {
                next = Some(next.map_or(due, |next| next.min(due)));
            }
        }
        next
    }

    /// When each running clock would be due if it were paused now and went on at `until`, in order (R25).
    ///
    /// ```
    /// use galateo::model::{Creator, Step, Timestamp};
    /// use galateo::schedule::sla::{Fold, Policies};
    /// let spec = serde_json::from_str(r#"{"metrics": [{"metric": "resolution", "target": 7200}]}"#)?;
    /// let policies = Policies::new(&[spec])?;
    /// let mut fold = Fold::new(&policies);
    /// fold.apply("2026-11-23T09:00:00Z".parse()?, Step::Created(Creator::Customer))?;
    /// let after_lunch: Timestamp = "2026-11-23T13:00:00Z".parse()?;
    /// let now: Timestamp = "2026-11-23T10:00:00Z".parse()?;
    /// assert_eq!(fold.due_if_paused(now, after_lunch)[0].1.to_string(), "2026-11-23T14:00:00Z");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn due_if_paused(&self, now: Timestamp, until: Timestamp) -> Vec<(MetricKind, Timestamp)> {
        let now = now.max(self.now);
        let due = self.scenes(now).filter_map(|(scene, clock)| {
            let running = clock.phase == Phase::Active && clock.since.is_some() && scene.applies();
            let budget = clock.target(&scene).filter(|_| running)?.saturating_mul(1000);
            let left = budget.checked_sub(clock.elapsed(&scene)).filter(|left| *left >= 0)?;
            let calendar = scene.calendar(scene.calendar_at(until))?;
            let landings = calendar.add_millis(until.max(now), left).ok()?;
            Some((scene.metric.spec.metric, landings.at(scene.policy.landing).ok()?))
        });
        let mut all: Vec<_> = due.collect();
        all.sort_by_key(|(metric, at)| (*at, *metric));
        all
    }

    /// The deadlines of running clocks that have not passed as of the last step, in order.
    #[must_use]
    pub fn next_deadlines(&self) -> Vec<(MetricKind, Timestamp)> {
        let due = self.scenes(self.now).filter_map(|(scene, clock)| {
            let due = clock.deadline(&scene).filter(|due| *due >= self.now)?;
            Some((scene.metric.spec.metric, due))
        });
        let mut all: Vec<_> = due.collect();
        all.sort_by_key(|(metric, at)| (*at, *metric));
        all
    }
}
