//! One clock: the instance that is current, and the time it has counted.

use std::borrow::Cow;

use super::super::calendar::{Calendar, Landing};
use super::document::{Budget, MetricKind, OnReopen, Start, StartAt};
use super::explain::{Reason, Trace};
use super::facts::Facts;
use super::plan::{ALWAYS, Metric, Policies, Policy, bit, warnings};
use super::reading::ClockState;
use crate::model::{Creator, Status, Timestamp};

/// How far an instance has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing has started it yet.
    #[default]
    Idle,
    /// Its event came, and it waits for the policy to apply.
    Waiting,
    /// Running or paused.
    Active,
    Fulfilled,
    Cancelled,
}

/// What an event means to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    Created(Creator),
    CustomerMessage,
    /// A reply of any kind, before the metric has said whether it counts.
    Reply(Author),
    /// From an open status to solved or closed.
    Done,
    /// From solved or closed to an open status.
    Reopened,
    /// From one open status to another, or from one that is done to another.
    Status {
        before: Status,
    },
    GroupChanged,
    /// The group that had it has no longer; told before the change of group.
    GroupLeft,
    PriorityChanged,
    Merged,
    /// Nothing that any policy looks at.
    Nothing,
    /// An attribute or a calendar changed.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Author {
    Agent,
    Bot,
    Note,
}

/// What happened to the current instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// It ended: the reading is final as long as it is not reopened.
    Finished,
    /// A finished instance goes on.
    Resumed,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) phase: Phase,
    /// Counting replies seen, up to two.
    replies: u8,
    /// Whether the first reply is no longer owed.
    answered: bool,
    /// Whether `due` holds no longer.
    pub(super) stale: bool,
    /// Counted from 1; 0 before the first.
    pub(super) instance: u32,
    pub(super) started: Option<Timestamp>,
    /// The calendar in force at the start, in which days are counted.
    pub(super) origin: usize,
    /// The start of the stretch being counted, which ends with the instance; `None` while nothing is counted.
    pub(super) since: Option<Timestamp>,
    /// How the instance ended, where it has.
    pub(super) end: Option<End>,
    /// The deadline of the instance, as last looked at.
    pub(super) due: Due,
    pub(super) lane: Lane,
    /// The other calendars that may turn out to be the one all is counted in.
    pub(super) others: Vec<Lane>,
}

/// A deadline in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due(pub(super) i64);

impl Due {
    pub(super) const NEVER: Self = Self(i64::MAX);
}

impl Default for Due {
    fn default() -> Self {
        Self::NEVER
    }
}

/// The end of an instance, and what held then: no later change rewrites it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) at: Timestamp,
    pub(super) facts: Facts,
    pub(super) in_force: Option<usize>,
}

/// Time counted in one calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lane {
    pub(super) calendar: usize,
    /// Milliseconds counted before the stretch being counted.
    pub(super) elapsed: i64,
    /// When the marks of the metric below `elapsed` were passed, in order.
    pub(super) crossed: Vec<Timestamp>,
}

/// What all clocks of a conversation look at at an instant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) policies: &'a Policies,
    pub(super) facts: &'a Facts,
    /// The policy in force, which need not be a clock's own.
    pub(super) in_force: Option<usize>,
    pub(super) at: Timestamp,
    /// Where steps are noted, while a clock is being explained.
    pub(super) trace: Option<&'a Trace>,
}

/// All that a clock looks at while it reacts to an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) moment: &'a Moment<'a>,
    pub(super) policy: &'a Policy,
    pub(super) metric: &'a Metric,
}

impl<'a> Moment<'a> {
    /// Of a metric.
    #[inline]
    pub(super) fn scene(&'a self, metric: &'a Metric) -> Option<Scene<'a>> {
        Some(Scene { moment: self, policy: self.policies.list.get(metric.policy)?, metric })
    }
}

impl<'a> Scene<'a> {
    /// Where the steps of this clock are noted.
    #[inline]
    pub(super) fn trace(&self) -> Option<&'a Trace> {
        self.moment.trace.filter(|trace| trace.track == self.metric.track)
    }

    #[inline]
    pub(super) fn note(&self, reason: impl FnOnce() -> Reason) {
        if let Some(trace) = self.trace() {
            trace.note(reason());
        }
    }

    /// Whether the clock's policy is in force and has a target for the priority.
    #[inline]
    pub(super) fn applies(&self) -> bool {
        self.is_in_force() && self.budget().is_some()
    }

    /// Whether the clock's policy is in force.
    #[inline]
    fn is_in_force(&self) -> bool {
        self.moment.in_force == Some(self.metric.policy)
    }

    /// The budget.
    #[inline]
    pub(super) fn budget(&self) -> Option<Budget> {
        self.metric.budget(self.moment.facts.priority)
    }

    /// The calendar to count in at an instant: that of the policy in force, where it has the metric.
    #[inline]
    pub(super) fn calendar_at(&self, at: Timestamp) -> usize {
        let Moment { policies, facts, in_force, .. } = *self.moment;
        let in_force = in_force.filter(|index| *index != self.metric.policy && !self.policy.last_wins);
        let other = in_force.and_then(|index| {
            let policy = policies.list.get(index)?;
            let metric = policies.metrics.get(policy.metric_of(self.metric.key)?)?;
            Some((policy, metric))
        });
        let (policy, metric) = other.unwrap_or((self.policy, self.metric));
        policy.calendar_of(metric, facts, at)
    }

    #[inline]
    pub(super) fn calendar(&self, index: usize) -> Option<&'a Calendar> {
        let policies = self.moment.policies;
        policies.calendar(index).or_else(|| policies.calendar(ALWAYS))
    }

    /// The next instant after `at` at which the calendar can change by itself.
    #[inline]
    pub(super) fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let in_force = self.moment.in_force.filter(|_| !self.policy.last_wins);
        let policy = in_force.and_then(|index| self.moment.policies.list.get(index));
        policy.unwrap_or(self.policy).next_change(at)
    }

    /// Whether the calendar can change by itself.
    #[inline]
    fn changes(&self) -> bool {
        !self.policy.last_wins && self.moment.policies.changes()
    }

    #[inline]
    fn runs(&self) -> bool {
        self.metric.runs_in & bit(self.moment.facts.status) != 0
    }
}

impl Clock {
    /// Back to the start, keeping room for the lanes.
    pub(super) fn clear(&mut self) {
        let (mut lane, others) = (std::mem::take(&mut self.lane), std::mem::take(&mut self.others));
        (lane.calendar, lane.elapsed) = (0, 0);
        lane.crossed.clear();
        *self = Self { lane, others, ..Self::default() };
    }

    /// Whether another clock has come as far, whatever either has looked ahead.
    pub(super) fn is_at(&self, other: &Self) -> bool {
        let stands = |clock: &Self| {
            (clock.phase, clock.replies(), clock.instance, clock.started, clock.since, clock.origin)
        };
        stands(self) == stands(other)
            && self.end == other.end
            && self.lane == other.lane
            && self.others == other.others
    }

    /// Counting replies seen, and whether the first reply is no longer owed.
    pub(super) const fn replies(&self) -> (u8, bool) {
        (self.replies, self.answered)
    }

    pub(super) const fn set_replies(&mut self, replies: u8, answered: bool) {
        (self.replies, self.answered) = (replies, answered);
    }

    /// Reacts to an event that changes facts; what became of the instance that was current before it.
    pub(super) fn react(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        self.stale = true;
        let change = match signal {
            Signal::Merged => self.end(scene, Phase::Cancelled),
            Signal::PriorityChanged if scene.policy.restart && self.phase == Phase::Active => {
                self.zero(scene);
                None
            }
            _ => self.react_by_metric(scene, signal),
        };
        self.settle(scene);
        change
    }

    /// Whether a message or a reply that counts can change anything.
    #[inline]
    pub(super) fn minds(&self, metric: MetricKind, signal: Signal) -> bool {
        match (metric, signal) {
            (MetricKind::FirstReply, Signal::CustomerMessage) => self.phase == Phase::Idle,
            (MetricKind::FirstReply, _) => self.is_owed(),
            (MetricKind::NextReply, Signal::CustomerMessage) => self.answered && !self.is_owed(),
            (MetricKind::Update, Signal::CustomerMessage) => !self.is_owed(),
            (MetricKind::NextReply | MetricKind::Update, _) => !self.answered || self.is_owed(),
            _ => true,
        }
    }

    /// Reacts to a message or a reply that counts for its metric.
    #[inline]
    pub(super) fn hear(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        let change = self.react_by_metric(scene, signal);
        // Nothing that settles a clock has changed, unless it has just started.
        if self.since.is_none() {
            self.settle(scene);
        }
        change
    }

    /// Reacts to a status that neither ends nor reopens.
    #[inline]
    pub(super) fn turn(&mut self, scene: &Scene<'_>, _: Signal) -> Option<Change> {
        self.stale = true;
        self.settle(scene);
        None
    }

    #[inline]
    fn react_by_metric(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        match scene.metric.spec.metric {
            MetricKind::FirstReply => self.first_reply(scene, signal),
            MetricKind::NextReply | MetricKind::Update => self.next_reply(scene, signal),
            MetricKind::PausableUpdate | MetricKind::PeriodicUpdate => self.periodic_update(scene, signal),
            MetricKind::AgentWork | MetricKind::RequesterWait | MetricKind::Resolution => {
                self.resolution(scene, signal)
            }
            MetricKind::Ownership => self.ownership(scene, signal),
        }
    }

    #[inline]
    fn first_reply(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        let spec = &scene.metric.spec;
        let with_message = spec.start == Start::FirstCustomerMessage;
        match signal {
            Signal::Created(_) if !with_message => self.start(scene),
            Signal::CustomerMessage if with_message && self.phase == Phase::Idle => self.start(scene),
            Signal::Reply(_) if self.is_owed() => {
                self.replies = self.replies.saturating_add(1);
                // The agent who opened a conversation has written the first public message.
                let opened_by_agent = scene.moment.facts.created == Some(Creator::Agent) && !with_message;
                if self.replies > u8::from(opened_by_agent) {
                    return self.end(scene, Phase::Fulfilled);
                }
            }
            Signal::Done if spec.solved_fulfils => return self.end(scene, Phase::Fulfilled),
            _ => {}
        }
        None
    }

    #[inline]
    fn next_reply(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        let update = scene.metric.spec.metric == MetricKind::Update;
        match signal {
            Signal::Created(Creator::Customer) if update => self.start(scene),
            Signal::CustomerMessage if (update || self.answered) && !self.is_owed() => self.start(scene),
            Signal::Reply(_) => {
                self.replies = self.replies.saturating_add(1);
                // The first reply to a conversation that an agent opened is the second public one.
                let opened_by_agent = scene.moment.facts.created == Some(Creator::Agent);
                self.answered |= self.replies > u8::from(opened_by_agent);
                return self.end(scene, Phase::Fulfilled);
            }
            Signal::Done if scene.metric.spec.solved_fulfils => {
                self.answered = true;
                return self.end(scene, Phase::Fulfilled);
            }
            _ => {}
        }
        None
    }

    fn periodic_update(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        match signal {
            Signal::Done => self.end(scene, Phase::Cancelled),
            Signal::Reply(_) => self.end(scene, Phase::Fulfilled),
            _ => None,
        }
    }

    fn resolution(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        let on_reopen = scene.metric.spec.on_reopen;
        match signal {
            Signal::Created(_) => self.start(scene),
            Signal::Done => return self.end(scene, Phase::Fulfilled),
            // What was merged away is the other conversation's to solve.
            Signal::Reopened if scene.moment.facts.merged => {}
            Signal::Reopened if on_reopen != OnReopen::None && self.was_solved_unapplied(scene) => {
                self.start(scene);
            }
            Signal::Reopened if self.phase == Phase::Fulfilled => match on_reopen {
                OnReopen::None => {}
                OnReopen::Restart => self.start(scene),
                OnReopen::Resume => return self.resume(scene, false),
                OnReopen::ResumeCountingSolved => return self.resume(scene, true),
            },
            _ => {}
        }
        None
    }

    /// Whether it was solved before its policy applied: what is then reopened is owed like a new one.
    fn was_solved_unapplied(&self, scene: &Scene<'_>) -> bool {
        self.phase == Phase::Idle && scene.moment.facts.created.is_some()
    }

    fn ownership(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        match signal {
            Signal::Done | Signal::GroupLeft => self.end(scene, Phase::Fulfilled),
            _ => None,
        }
    }

    /// Starts the instance that a reply, an assignment or a reopening opens, after the one before has
    /// been written down.
    #[inline]
    pub(super) fn follow(&mut self, scene: &Scene<'_>, signal: Signal) {
        let spec = &scene.metric.spec;
        let open = !scene.moment.facts.status.is_done() && !scene.moment.facts.merged;
        let counts = match (spec.metric, signal) {
            (MetricKind::PausableUpdate | MetricKind::PeriodicUpdate, Signal::Reply(_)) => true,
            (MetricKind::Ownership, Signal::GroupChanged | Signal::Reopened) => {
                scene.moment.facts.group.is_some()
            }
            _ => false,
        };
        if counts && open {
            self.start(scene);
            self.settle(scene);
        }
    }

    /// Whether a reply to this metric is owed now.
    #[inline]
    fn is_owed(&self) -> bool {
        matches!(self.phase, Phase::Active | Phase::Waiting)
    }

    #[inline(always)]
    fn start(&mut self, scene: &Scene<'_>) {
        if scene.moment.facts.merged {
            return;
        }
        self.instance = self.instance.saturating_add(1);
        scene.note(|| Reason::Started { at: scene.moment.at, instance: self.instance });
        let waits = scene.metric.spec.start_at == StartAt::PolicyApplied && !scene.applies();
        self.phase = if waits { Phase::Waiting } else { Phase::Active };
        self.zero(scene);
    }

    #[inline(always)]
    fn zero(&mut self, scene: &Scene<'_>) {
        self.stale = true;
        (self.started, self.since, self.end) = (Some(scene.moment.at), None, None);
        if scene.metric.in_days {
            self.origin = scene.calendar_at(scene.moment.at);
        }
        self.lane.elapsed = 0;
        self.lane.crossed.clear();
        if scene.policy.last_wins {
            self.others.clear();
            let mut lanes = scene.metric.lanes.iter().map(|lane| Lane { calendar: *lane, ..Lane::default() });
            self.lane = lanes.next().unwrap_or_default();
            self.others.extend(lanes);
        }
    }

    fn resume(&mut self, scene: &Scene<'_>, counting_solved: bool) -> Option<Change> {
        scene.note(|| Reason::Reopened { at: scene.moment.at });
        self.phase = Phase::Active;
        let end = self.end.take()?;
        self.close(scene, end.at);
        if counting_solved {
            self.since = Some(end.at);
            let moment = Moment { facts: &end.facts, in_force: end.in_force, ..*scene.moment };
            self.count_changes(&Scene { moment: &moment, ..*scene });
        }
        Some(Change::Resumed)
    }

    /// Counts what has been solved piece by piece, through the changes of hours until now.
    fn count_changes(&mut self, scene: &Scene<'_>) {
        while let Some(since) = self.since.filter(|_| !scene.policy.last_wins) {
            let Some(change) = scene.next_change(since).filter(|change| *change < scene.moment.at) else {
                return;
            };
            self.close(scene, change);
            (self.since, self.lane.calendar) = (Some(change), scene.calendar_at(change));
        }
    }

    #[inline]
    fn end(&mut self, scene: &Scene<'_>, phase: Phase) -> Option<Change> {
        if self.phase == Phase::Waiting {
            self.phase = Phase::Idle;
            self.instance = self.instance.saturating_sub(1);
        }
        if self.phase != Phase::Active {
            return None;
        }
        self.note_stretch(scene, scene.moment.at);
        (self.phase, self.stale) = (phase, true);
        self.end =
            Some(End { at: scene.moment.at, facts: *scene.moment.facts, in_force: scene.moment.in_force });
        let fulfilled = phase == Phase::Fulfilled;
        let state = if fulfilled { ClockState::Fulfilled } else { ClockState::Cancelled };
        scene.note(|| Reason::Ended { at: scene.moment.at, state });
        Some(Change::Finished)
    }

    /// Brings the clock in line with the status, the policy and the calendar in force.
    #[inline(always)]
    pub(super) fn settle(&mut self, scene: &Scene<'_>) {
        if self.phase == Phase::Waiting && scene.applies() {
            self.phase = Phase::Active;
            self.zero(scene);
        }
        if self.has_just_started(scene) && !scene.applies() {
            (self.phase, self.since) = (Phase::Waiting, None);
        }
        if self.phase != Phase::Active {
            return;
        }
        let runs = scene.runs();
        let calendar =
            if scene.policy.last_wins { self.lane.calendar } else { scene.calendar_at(scene.moment.at) };
        if self.since.is_some() && (calendar != self.lane.calendar || !runs) {
            self.note_stretch(scene, scene.moment.at);
            self.close(scene, scene.moment.at);
            if !runs {
                scene.note(|| Reason::Paused { at: scene.moment.at, status: scene.moment.facts.status });
            }
        }
        self.lane.calendar = calendar;
        if self.since.is_none() && runs {
            self.since = Some(scene.moment.at);
        }
    }

    /// Whether it waited for its policy until this instant, whose steps come one by one: what applies
    /// between two of them has not applied.
    #[inline]
    fn has_just_started(&self, scene: &Scene<'_>) -> bool {
        scene.metric.spec.start_at == StartAt::PolicyApplied
            && self.phase == Phase::Active
            && self.started == Some(scene.moment.at)
    }

    /// The budget in seconds, where it is known: one in days is from the start of an instance.
    #[inline]
    pub(super) fn target(&self, scene: &Scene<'_>) -> Option<i64> {
        match scene.budget()? {
            Budget::Seconds(seconds) => Some(seconds),
            days @ Budget::BusinessDays { .. } => {
                scene.moment.policies.seconds(days, self.origin, self.started?)
            }
        }
    }

    /// Every budget and warning in milliseconds, sorted.
    fn marks<'a>(&self, scene: &Scene<'a>) -> Cow<'a, [i64]> {
        let (metric, Some(started)) = (scene.metric, self.started) else { return Cow::Borrowed(&[]) };
        if !metric.in_days {
            return Cow::Borrowed(&metric.marks);
        }
        let mut marks = Vec::new();
        for target in metric.budgets().filter_map(|b| scene.moment.policies.seconds(b, self.origin, started))
        {
            marks.push(target.saturating_mul(1000));
            marks.extend(warnings(&metric.spec, target));
        }
        marks.sort_unstable();
        marks.dedup();
        Cow::Owned(marks)
    }

    /// Adds the stretch since `since` to what is counted, and notes the marks it passes.
    fn close(&mut self, scene: &Scene<'_>, upto: Timestamp) {
        let Some(since) = self.since.take() else { return };
        let marks = self.marks(scene);
        let at_close = scene.policy.landing == Landing::Earliest;
        for lane in std::iter::once(&mut self.lane).chain(&mut self.others) {
            let Some(calendar) = scene.calendar(lane.calendar) else { continue };
            let elapsed = lane.elapsed.saturating_add(calendar.open_millis(since, upto));
            let passed = lane.crossed.len();
            // Due at a close is what is used up exactly, whatever comes after it.
            let reached = |mark: &i64| *mark < elapsed || (*mark == elapsed && at_close);
            for mark in marks.iter().skip(passed).take_while(|mark| reached(mark)) {
                let budget = mark.saturating_sub(lane.elapsed);
                let at = calendar.run_out(since, budget, scene.policy.landing);
                lane.crossed.push(at.unwrap_or(upto));
            }
            lane.elapsed = elapsed;
        }
    }

    /// Notes the stretch being counted.
    #[inline]
    pub(super) fn note_stretch(&self, scene: &Scene<'_>, upto: Timestamp) {
        if scene.trace().is_none() || self.end.is_some() {
            return;
        }
        let calendar = self.lane(scene).and_then(|lane| scene.calendar(lane.calendar));
        let Some((from, calendar)) = self.since.zip(calendar) else { return };
        scene.note(|| {
            let open_seconds = calendar.between(from, upto).get();
            let closed_seconds = upto.since(from).get().saturating_sub(open_seconds);
            Reason::Counted { from, to: upto, open_seconds, closed_seconds }
        });
    }

    /// The lane in force.
    #[inline]
    pub(super) fn lane(&self, scene: &Scene<'_>) -> Option<&Lane> {
        if !scene.policy.last_wins {
            return Some(&self.lane);
        }
        let calendar = scene.policy.calendar_of(scene.metric, scene.moment.facts, scene.moment.at);
        std::iter::once(&self.lane).chain(&self.others).find(|lane| lane.calendar == calendar)
    }

    /// Counted milliseconds as of the scene.
    pub(super) fn elapsed(&self, scene: &Scene<'_>) -> i64 {
        let Some(lane) = self.lane(scene) else { return 0 };
        let open = self
            .since
            .zip(scene.calendar(lane.calendar))
            .map_or(0, |(since, c)| c.open_millis(since, scene.moment.at));
        lane.elapsed.saturating_add(open)
    }

    /// The deadline of a clock that runs under the policy in force.
    #[inline]
    pub(super) fn deadline(&self, scene: &Scene<'_>) -> Option<Timestamp> {
        if !self.is_running() || !scene.applies() {
            return None;
        }
        self.due(scene, self.target(scene)?.saturating_mul(1000))
    }

    /// Whether time is being counted.
    #[inline]
    pub(super) fn is_running(&self) -> bool {
        self.phase == Phase::Active && self.since.is_some()
    }

    /// What is left of the budget of a running clock whose policy is in force, where it is not overdue; of
    /// a budget in days nothing is said.
    #[inline]
    pub(super) fn left(&self, scene: &Scene<'_>) -> Option<Left> {
        let (true, Some(Budget::Seconds(seconds))) = (scene.is_in_force(), scene.budget()) else {
            return None;
        };
        let Lane { calendar, elapsed, .. } = *self.lane(scene)?;
        let least = if scene.policy.landing == Landing::Earliest { 1 } else { 0 };
        let millis = seconds.saturating_mul(1000).checked_sub(elapsed).filter(|left| *left >= least)?;
        Some(Left { since: self.since?, millis, calendar, landing: scene.policy.landing })
    }

    /// The instant a budget of milliseconds was or will be used up; `None` while paused before it.
    #[inline]
    pub(super) fn due(&self, scene: &Scene<'_>, budget: i64) -> Option<Timestamp> {
        let lane = self.lane(scene)?;
        if lane.elapsed >= budget {
            let mark = self.marks(scene).binary_search(&budget).ok();
            let crossed = mark.and_then(|mark| lane.crossed.get(mark)).copied();
            if crossed.is_some() || lane.elapsed > budget {
                return crossed;
            }
        }
        // What ended while it was paused would have gone on from there.
        let basis = self.since.or(self.end.map(|end| end.at))?;
        project(scene, lane.calendar, basis, budget.saturating_sub(lane.elapsed))
    }
}

/// A part of a budget that runs out from an instant on, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Left {
    since: Timestamp,
    millis: i64,
    calendar: usize,
    landing: Landing,
}

impl Left {
    /// An instant before which it does not run out: where all hours are open.
    #[inline]
    pub(super) const fn soonest(&self) -> i64 {
        self.since.as_millis().saturating_add(self.millis)
    }

    /// Where it runs out.
    #[inline]
    pub(super) fn due(&self, scene: &Scene<'_>) -> Option<Timestamp> {
        project(scene, self.calendar, self.since, self.millis)
    }

    /// Whether it runs out no sooner than another, where hours do not change.
    #[inline]
    pub(super) fn is_behind(&self, other: &Self) -> bool {
        self.calendar == other.calendar
            && self.landing == other.landing
            && self.since >= other.since
            && self.millis >= other.millis
    }
}

/// Where a budget runs out from `since`, through the changes of calendar that are known.
fn project(scene: &Scene<'_>, calendar: usize, since: Timestamp, budget: i64) -> Option<Timestamp> {
    if scene.changes() {
        return project_changing(scene, calendar, since, budget);
    }
    scene.calendar(calendar)?.run_out(since, budget, scene.policy.landing)
}

#[cold]
fn project_changing(scene: &Scene<'_>, calendar: usize, since: Timestamp, budget: i64) -> Option<Timestamp> {
    let (mut since, mut left, mut index) = (since, budget, calendar);
    loop {
        let calendar = scene.calendar(index)?;
        let due = calendar.add_millis(since, left).and_then(|landings| landings.at(scene.policy.landing));
        let change = scene.next_change(since);
        let Some(change) = change.filter(|change| due.is_err() || due.is_ok_and(|due| due > *change)) else {
            return due.ok();
        };
        // Used up exactly before the change: what is due at a close does not wait for other hours.
        left = left.saturating_sub(calendar.open_millis(since, change));
        if left == 0 && scene.policy.landing == Landing::Earliest {
            return due.ok();
        }
        (since, index) = (change, scene.calendar_at(change));
    }
}
