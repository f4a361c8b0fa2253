//! The fold: events in the order of their instants, into clocks.

use super::clock::{Change, Clock, Due, Left, Moment, Phase, Scene, Signal};
use super::document::MetricKind;
use super::explain::Trace;
use super::facts::Facts;
use super::plan::{Metric, Policies, Policy, Track, bit};
use super::reading::ClockReading;
use super::standing::{Past, Standing};
use super::view::View;
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
    standing: Box<Standing>,
    keeps: Keeps,
    trace: Option<Box<Trace>>,
}

/// What a fold keeps of instances that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeps {
    All,
    /// The last few of each key.
    Last,
    Nothing,
}

impl<'p> Fold<'p> {
    /// The state before the first event.
    #[must_use]
    pub fn new(policies: &'p Policies) -> Self {
        Self { keeps: Keeps::All, ..Self::live(policies) }
    }

    /// As [`new`](Self::new), for a state that is kept up to date event by event: of what has ended it
    /// holds the last instance of each metric alone, so that it never grows.
    #[must_use]
    pub fn live(policies: &'p Policies) -> Self {
        Self::going_on(policies, Box::new(Standing::new(policies)))
    }

    /// Going on from where the clocks stood under the same policies, as [`live`](Self::live).
    pub(super) const fn going_on(policies: &'p Policies, standing: Box<Standing>) -> Self {
        Self { policies, standing, keeps: Keeps::Last, trace: None }
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

    /// As [`replay`](Self::replay), noting the steps of one clock.
    pub(super) fn replay_traced(
        policies: &'p Policies,
        timeline: &Timeline,
        as_of: Timestamp,
        trace: Trace,
    ) -> Self {
        let mut fold = Self { trace: Some(Box::new(trace)), ..Self::new(policies) };
        fold.take_all(timeline.iter(), as_of);
        fold
    }

    /// Forgets everything and folds in a timeline up to `as_of`; the next deadline then.
    ///
    /// The way to re-time many conversations after a change of hours: one fold, used again and again. It
    /// knows what runs then; what has ended it does not keep.
    pub fn retime(&mut self, timeline: &Timeline, as_of: Timestamp) -> Option<Timestamp> {
        self.standing.clear(self.policies);
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

    /// Where the clocks stand.
    pub(super) const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The same, to be kept.
    pub(super) fn into_standing(self) -> Box<Standing> {
        self.standing
    }

    /// The last instances that ended of each key, as many as may matter.
    pub(super) fn ended(&self) -> impl Iterator<Item = &Past> {
        let past = self.standing.past.list();
        let matters = |(index, ended): &(usize, &Past)| {
            let later = past.get(index.saturating_add(1)..).unwrap_or_default();
            let later = later.iter().filter(|later| later.key == ended.key);
            self.keeps == Keeps::Last || later.count() < self.policies.kept(ended.key)
        };
        past.iter().enumerate().filter(matters).map(|(_, past)| past)
    }

    /// Folds in one step.
    ///
    /// # Errors
    /// [`Late`] where `at` is before the last step.
    pub fn apply(&mut self, at: Timestamp, step: Step<'_>) -> Result<(), Late> {
        if at < self.standing.now {
            return Err(Late);
        }
        self.step(at, step);
        Ok(())
    }

    #[inline]
    fn step(&mut self, at: Timestamp, step: Step<'_>) {
        self.advance(at);
        let before = (self.standing.attributes.facts, self.standing.in_force);
        let signal = self.standing.attributes.take(step, self.policies);
        let audience = &self.policies.audience;
        match signal {
            Signal::CustomerMessage | Signal::Reply(_) => self.say(audience.told(signal), signal),
            Signal::Nothing => {}
            Signal::Status { before } => self.turn(before, signal),
            _ => self.tell_of_facts(&before, signal),
        }
    }

    /// Tells of what may bring another policy or another calendar into force.
    fn tell_of_facts(&mut self, before: &(Facts, Option<usize>), signal: Signal) {
        let Standing { attributes, in_force, .. } = &mut *self.standing;
        *in_force = self.policies.in_force(&attributes.facts, &attributes.tags);
        if signal == Signal::GroupChanged {
            self.leave(before);
        }
        self.note_policy();
        self.tell_all(signal);
    }

    /// Ends what the group that has gone was measured by, as things stood until then.
    fn leave(&mut self, before: &(Facts, Option<usize>)) {
        let measures = |_: &Clock, track: &Track| track.kind == MetricKind::Ownership;
        self.tell(0..self.policies.tracks.len(), Some(before), Signal::GroupLeft, measures, Clock::react);
    }

    /// Tells of a message or a reply.
    #[inline]
    fn say(&mut self, audience: &[usize], signal: Signal) {
        let minds = |clock: &Clock, track: &Track| clock.minds(track.kind, signal);
        self.tell(audience.iter().copied(), None, signal, minds, Clock::hear);
    }

    /// Tells of a change of status that neither ends nor reopens.
    fn turn(&mut self, before: Status, signal: Signal) {
        let (before, now) = (bit(before), bit(self.standing.attributes.facts.status));
        let turns = |track: &Track| (track.runs_in & before == 0) != (track.runs_in & now == 0);
        let tracks = self.policies.tracks.iter().enumerate().filter(|(_, track)| turns(track));
        self.tell(tracks.map(|(index, _)| index), None, signal, |_, _| true, Clock::turn);
    }

    fn tell_all(&mut self, signal: Signal) {
        self.tell(0..self.policies.tracks.len(), None, signal, |_, _| true, Clock::react);
    }

    /// Tells those of some tracks that mind, as things stand or stood `before`.
    #[inline]
    fn tell(
        &mut self,
        tracks: impl Iterator<Item = usize>,
        before: Option<&(Facts, Option<usize>)>,
        signal: Signal,
        minds: impl Fn(&Clock, &Track) -> bool,
        react: impl Fn(&mut Clock, &Scene<'_>, Signal) -> Option<Change>,
    ) {
        let policies = self.policies;
        let Standing { attributes, in_force, now, clocks, past, .. } = &mut *self.standing;
        let (facts, in_force) =
            before.map_or((&attributes.facts, *in_force), |(facts, in_force)| (facts, *in_force));
        let moment = Moment { policies, facts, in_force, at: *now, trace: self.trace.as_deref() };
        let own = policies.policy(in_force);
        for index in tracks {
            let Some((clock, track)) = clocks.get_mut(index).zip(policies.tracks.get(index)) else { return };
            if !minds(clock, track) {
                continue;
            }
            let Some((policy, metric)) = policies.member(index, track, own) else { return };
            let scene = Scene { moment: &moment, policy, metric };
            let change = react(clock, &scene, signal);
            if change.is_none() && !track.follows {
                continue;
            }
            let instance = clock.instance;
            let ended = (change == Some(Change::Finished) && self.keeps != Keeps::Nothing && scene.applies())
                .then(|| clock.clone());
            if track.follows {
                clock.follow(&scene, signal);
            }
            match (change, ended) {
                (_, Some(clock)) => {
                    let most = if self.keeps == Keeps::Last { policies.kept(metric.key) } else { usize::MAX };
                    past.keep(metric, clock, most);
                }
                (Some(Change::Resumed), None) => past.take_back(metric, instance, scene.applies()),
                _ => {}
            }
        }
    }

    /// What was noted, with the stretch that is still being counted.
    pub(super) fn close_trace(&self, as_of: Timestamp) -> Trace {
        for (scene, clock) in self.view(as_of).scenes().filter(|(scene, _)| scene.trace().is_some()) {
            clock.note_stretch(&scene, as_of);
        }
        self.trace.as_deref().cloned().unwrap_or_default()
    }

    /// Notes a change of policy or of target.
    fn note_policy(&self) {
        let Some(trace) = &self.trace else { return };
        let policy = self.standing.in_force.and_then(|index| self.policies.list.get(index));
        let metric = policy.and_then(|policy| policy.metric_of(trace.key));
        let metric = metric.and_then(|index| self.policies.metrics.get(index));
        let target = policy.zip(metric).and_then(|(policy, metric)| self.target_from_now(policy, metric));
        let name = policy.filter(|_| target.is_some()).and_then(|policy| policy.name.clone());
        trace.note_policy(self.standing.now, name, target);
    }

    /// The budget in seconds of a metric, for what runs or would start now.
    fn target_from_now(&self, policy: &Policy, metric: &Metric) -> Option<i64> {
        let Standing { attributes, clocks, now, .. } = &*self.standing;
        let running = clocks.get(metric.track).filter(|clock| clock.phase == Phase::Active);
        let (origin, started) = running
            .and_then(|clock| Some((clock.origin, clock.started?)))
            .unwrap_or_else(|| (policy.calendar_of(metric, &attributes.facts, *now), *now));
        self.policies.seconds(metric.budget(attributes.facts.priority)?, origin, started)
    }

    /// Lets time pass: calendars change at their instants.
    #[inline]
    pub(super) fn advance(&mut self, to: Timestamp) {
        while let Some(change) = self.policies.next_change(self.standing.now).filter(|change| *change <= to) {
            self.standing.now = change;
            self.tell_all(Signal::Other);
        }
        self.standing.now = self.standing.now.max(to);
    }

    fn view(&self, at: Timestamp) -> View<'_> {
        let view = View::new(self.policies, &self.standing, at);
        View { moment: Moment { trace: self.trace.as_deref(), ..view.moment }, ..view }
    }

    /// The track of `key` by the policy in force, else the first.
    pub(super) fn track_in_force(&self, key: usize) -> Option<usize> {
        self.view(self.standing.now).track_in_force(key)
    }

    /// The clocks as of an instant that is not before the last step.
    #[must_use]
    pub fn readings(mut self, as_of: Timestamp, enforce_from: Option<Timestamp>) -> Vec<ClockReading> {
        self.advance(as_of);
        self.view(as_of).readings(enforce_from)
    }

    /// The last instance of each metric as of an instant that is not before the last step.
    pub(super) fn last_readings(mut self, as_of: Timestamp) -> Vec<ClockReading> {
        self.advance(as_of);
        self.view(as_of).last_readings()
    }

    /// The earliest deadline of a running clock that has not passed, as of the last step.
    pub fn next_deadline(&mut self) -> Option<Timestamp> {
        let policies = self.policies;
        let Standing { attributes, in_force, now: at, clocks, .. } = &mut *self.standing;
        let (facts, in_force) = (&attributes.facts, *in_force);
        let moment = Moment { policies, facts, in_force, at: *at, trace: None };
        let mut next = Next { now: at.as_millis(), due: Due::NEVER, left: None };
        for (index, clock) in clocks.iter_mut().enumerate() {
            if clock.stale && !clock.is_running() {
                (clock.due, clock.stale) = (Due::NEVER, false);
            }
            if clock.stale {
                next.look_at(clock, index, &moment);
            } else {
                next.take(clock.due);
            }
        }
        Timestamp::from_millis(next.due.0).ok()
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
        self.view(now.max(self.standing.now)).due_if_paused(until)
    }

    /// The deadlines of running clocks that have not passed as of the last step, in order.
    #[must_use]
    pub fn next_deadlines(&self) -> Vec<(MetricKind, Timestamp)> {
        self.view(self.standing.now).next_deadlines()
    }
}

/// The earliest deadline that has not passed, while clocks are gone through.
struct Next {
    now: i64,
    due: Due,
    /// What runs out then or before, where that is known.
    left: Option<Left>,
}

impl Next {
    /// Whether the deadline is the earliest so far.
    #[inline]
    fn take(&mut self, due: Due) -> bool {
        let earlier = self.now <= due.0 && due.0 < self.due.0;
        if earlier {
            self.due = due;
        }
        earlier
    }

    /// Works the deadline of a running clock out, where it can be the earliest.
    fn look_at(&mut self, clock: &mut Clock, index: usize, moment: &Moment<'_>) {
        let (policies, own) = (moment.policies, moment.policies.policy(moment.in_force));
        let member = policies.tracks.get(index).and_then(|track| policies.member(index, track, own));
        let Some((policy, metric)) = member else { return };
        let scene = Scene { moment, policy, metric };
        let left = clock.left(&scene);
        if left.is_some_and(|left| self.is_sooner_than(&left, policies)) {
            return;
        }
        let due = left.map_or_else(|| clock.deadline(&scene), |left| left.due(&scene));
        let due = due.map_or(Due::NEVER, |due| Due(due.as_millis()));
        (clock.due, clock.stale) = (due, false);
        if self.take(due) {
            self.left = left;
        }
    }

    /// Whether what is left cannot run out before the earliest so far.
    #[inline]
    fn is_sooner_than(&self, left: &Left, policies: &Policies) -> bool {
        let behind = |known: &Left| !policies.changes() && left.is_behind(known);
        self.due.0 <= left.soonest() || self.left.as_ref().is_some_and(behind)
    }
}
