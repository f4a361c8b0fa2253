//! One clock: the instance that is current, and the time it has counted.

use super::super::calendar::{Calendar, Landing};
use super::document::MetricKind;
use super::document::{OnReopen, Start, StartAt};
use super::explain::{Reason, Trace};
use super::fold::Attributes;
use super::plan::{ALWAYS, Metric, Policies, Policy, bit};
use super::reading::ClockState;
use crate::model::{Creator, Timestamp};

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
    GroupChanged,
    PriorityChanged,
    Merged,
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
    /// Counted from 1; 0 before the first.
    pub(super) instance: u32,
    pub(super) started: Option<Timestamp>,
    /// The start of the stretch being counted; `None` while nothing is.
    pub(super) since: Option<Timestamp>,
    pub(super) ended: Option<Timestamp>,
    /// The instant the budget would have run out, as seen when the instance ended.
    pub(super) due_at_end: Option<Timestamp>,
    /// Counting replies seen, up to two.
    replies: u8,
    /// Whether the first reply is no longer owed.
    answered: bool,
    pub(super) lanes: Vec<Lane>,
}

/// Time counted in one calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lane {
    pub(super) calendar: usize,
    /// Milliseconds counted in closed stretches.
    pub(super) elapsed: i64,
    /// When the marks of the metric below `elapsed` were passed, in order.
    pub(super) crossed: Vec<Timestamp>,
}

/// All that a clock looks at while it reacts to an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) policies: &'a Policies,
    pub(super) policy: &'a Policy,
    pub(super) metric: &'a Metric,
    pub(super) attributes: &'a Attributes,
    /// The policy in force, which need not be the clock's.
    pub(super) in_force: Option<&'a Policy>,
    /// Whether the clock's policy is in force and has a target for the priority.
    pub(super) applies: bool,
    pub(super) at: Timestamp,
    /// Where steps are noted, while this clock is being explained.
    pub(super) trace: Option<&'a Trace>,
}

impl<'a> Scene<'a> {
    pub(super) fn note(&self, reason: impl FnOnce() -> Reason) {
        if let Some(trace) = self.trace {
            trace.note(reason());
        }
    }

    /// The calendar to count in at an instant: that of the policy in force, where it has the metric.
    pub(super) fn calendar_at(&self, at: Timestamp) -> usize {
        let own = || self.policy.calendar_of(self.metric, self.attributes, at);
        if self.policy.last_wins {
            return own();
        }
        let in_force = self.in_force.and_then(|policy| {
            let metric = policy.metrics.iter().find(|metric| metric.key == self.metric.key)?;
            Some(policy.calendar_of(metric, self.attributes, at))
        });
        in_force.unwrap_or_else(own)
    }

    pub(super) fn calendar(&self, index: usize) -> Option<&'a Calendar> {
        self.policies.calendar(index).or_else(|| self.policies.calendar(ALWAYS))
    }

    /// The next instant after `at` at which the calendar can change by itself.
    pub(super) fn next_change(&self, at: Timestamp) -> Option<Timestamp> {
        let policy = self.in_force.filter(|_| !self.policy.last_wins).unwrap_or(self.policy);
        policy.next_change(at)
    }

    fn runs(&self) -> bool {
        self.metric.runs_in & bit(self.attributes.status) != 0
    }
}

impl Clock {
    /// Back to the start, keeping room for the lanes.
    pub(super) fn clear(&mut self) {
        let lanes = std::mem::take(&mut self.lanes);
        *self = Self { lanes, ..Self::default() };
        for lane in &mut self.lanes {
            lane.elapsed = 0;
            lane.crossed.clear();
        }
    }

    /// Counting replies seen, and whether the first reply is no longer owed.
    pub(super) const fn replies(&self) -> (u8, bool) {
        (self.replies, self.answered)
    }

    pub(super) const fn set_replies(&mut self, replies: u8, answered: bool) {
        (self.replies, self.answered) = (replies, answered);
    }

    /// Reacts to an event; what became of the instance that was current before it.
    pub(super) fn react(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        let change = match signal {
            Signal::Merged => self.end(scene, Phase::Cancelled),
            Signal::PriorityChanged if scene.policy.restart && self.phase == Phase::Active => {
                self.begin_again(scene);
                None
            }
            _ => self.react_by_metric(scene, signal),
        };
        self.settle(scene);
        change
    }

    fn react_by_metric(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        let spec = &scene.metric.spec;
        let signal = match signal {
            Signal::Reply(Author::Bot) if !spec.count_bot => Signal::Other,
            Signal::Reply(Author::Note) if !spec.count_private_note => Signal::Other,
            signal => signal,
        };
        match spec.metric {
            MetricKind::FirstReply => self.first_reply(scene, signal),
            MetricKind::NextReply | MetricKind::Update => self.next_reply(scene, signal),
            MetricKind::PausableUpdate | MetricKind::PeriodicUpdate => self.periodic_update(scene, signal),
            MetricKind::AgentWork | MetricKind::RequesterWait | MetricKind::Resolution => {
                self.resolution(scene, signal)
            }
            MetricKind::Ownership => self.ownership(scene, signal),
        }
    }

    fn first_reply(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        let spec = &scene.metric.spec;
        let with_message = spec.start == Start::FirstCustomerMessage;
        match signal {
            Signal::Created(_) if !with_message => self.start(scene),
            Signal::CustomerMessage if with_message && self.phase == Phase::Idle => self.start(scene),
            Signal::Reply(_) if self.is_owed() => {
                self.replies = self.replies.saturating_add(1);
                // The agent who opened a conversation has written the first public message.
                let opened_by_agent = scene.attributes.created == Some(Creator::Agent) && !with_message;
                if self.replies > u8::from(opened_by_agent) {
                    return self.end(scene, Phase::Fulfilled);
                }
            }
            Signal::Done if spec.solved_fulfils => return self.end(scene, Phase::Fulfilled),
            _ => {}
        }
        None
    }

    fn next_reply(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        let update = scene.metric.spec.metric == MetricKind::Update;
        match signal {
            Signal::Created(Creator::Customer) if update => self.start(scene),
            Signal::CustomerMessage if (update || self.answered) && !self.is_owed() => self.start(scene),
            Signal::Reply(_) => {
                self.answered = true;
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
        match signal {
            Signal::Created(_) => self.start(scene),
            Signal::Done => return self.end(scene, Phase::Fulfilled),
            Signal::Reopened if self.phase == Phase::Fulfilled => match scene.metric.spec.on_reopen {
                OnReopen::None => {}
                OnReopen::Restart => self.start(scene),
                OnReopen::Resume => return self.resume(scene, None),
                OnReopen::ResumeCountingSolved => return self.resume(scene, self.ended),
            },
            _ => {}
        }
        None
    }

    fn ownership(&mut self, scene: &Scene<'_>, signal: Signal) -> Option<Change> {
        match signal {
            Signal::Done | Signal::GroupChanged => self.end(scene, Phase::Fulfilled),
            _ => None,
        }
    }

    /// Starts the instance that a reply, an assignment or a reopening opens, after the one before has
    /// been written down.
    pub(super) fn follow(&mut self, scene: &Scene<'_>, signal: Signal) {
        let spec = &scene.metric.spec;
        let open = !scene.attributes.status.is_done() && !scene.attributes.merged;
        let counts = match (spec.metric, signal) {
            (MetricKind::PausableUpdate | MetricKind::PeriodicUpdate, Signal::Reply(author)) => {
                match author {
                    Author::Agent => true,
                    Author::Bot => spec.count_bot,
                    Author::Note => spec.count_private_note,
                }
            }
            (MetricKind::Ownership, Signal::GroupChanged | Signal::Reopened) => {
                scene.attributes.group.is_some()
            }
            _ => false,
        };
        if counts && open {
            self.start(scene);
            self.settle(scene);
        }
    }

    /// Whether a reply to this metric is owed now.
    fn is_owed(&self) -> bool {
        matches!(self.phase, Phase::Active | Phase::Waiting)
    }

    fn start(&mut self, scene: &Scene<'_>) {
        if scene.attributes.merged {
            return;
        }
        self.instance = self.instance.saturating_add(1);
        scene.note(|| Reason::Started { at: scene.at, instance: self.instance });
        let waits = scene.metric.spec.start_at == StartAt::PolicyApplied && !scene.applies;
        self.phase = if waits { Phase::Waiting } else { Phase::Active };
        self.zero(scene);
    }

    fn begin_again(&mut self, scene: &Scene<'_>) {
        self.zero(scene);
    }

    fn zero(&mut self, scene: &Scene<'_>) {
        (self.started, self.since, self.ended, self.due_at_end) = (Some(scene.at), None, None, None);
        let count = if scene.policy.last_wins { scene.metric.lanes.len() } else { 1 };
        self.lanes.resize_with(count.max(1), Lane::default);
        for (lane, calendar) in self.lanes.iter_mut().zip(&scene.metric.lanes) {
            (lane.calendar, lane.elapsed) = (*calendar, 0);
            lane.crossed.clear();
        }
    }

    fn resume(&mut self, scene: &Scene<'_>, counting_from: Option<Timestamp>) -> Option<Change> {
        scene.note(|| Reason::Reopened { at: scene.at });
        self.phase = Phase::Active;
        (self.ended, self.due_at_end, self.since) = (None, None, counting_from);
        Some(Change::Resumed)
    }

    fn end(&mut self, scene: &Scene<'_>, phase: Phase) -> Option<Change> {
        if self.phase == Phase::Waiting {
            self.phase = Phase::Idle;
            self.instance = self.instance.saturating_sub(1);
        }
        if self.phase != Phase::Active {
            return None;
        }
        let target = scene.metric.spec.target.of(scene.attributes.priority.as_deref());
        let basis = self.since.or(Some(scene.at));
        self.due_at_end =
            target.and_then(|seconds| self.due_from(scene, seconds.saturating_mul(1000), basis));
        self.close(scene);
        (self.phase, self.ended, self.since) = (phase, Some(scene.at), None);
        let fulfilled = phase == Phase::Fulfilled;
        let state = if fulfilled { ClockState::Fulfilled } else { ClockState::Cancelled };
        scene.note(|| Reason::Ended { at: scene.at, state });
        Some(Change::Finished)
    }

    /// Brings the clock in line with the status, the policy and the calendar in force.
    pub(super) fn settle(&mut self, scene: &Scene<'_>) {
        if self.phase == Phase::Waiting && scene.applies {
            self.phase = Phase::Active;
            self.zero(scene);
        }
        if self.phase != Phase::Active {
            return;
        }
        let calendar = scene.calendar_at(scene.at);
        let moved =
            !scene.policy.last_wins && self.lanes.first().is_some_and(|lane| lane.calendar != calendar);
        if self.since.is_some() && (moved || !scene.runs()) {
            self.close(scene);
            self.since = None;
            if !scene.runs() {
                scene.note(|| Reason::Paused { at: scene.at, status: scene.attributes.status });
            }
        }
        if moved && let Some(lane) = self.lanes.first_mut() {
            lane.calendar = calendar;
        }
        if self.since.is_none() && scene.runs() {
            self.since = Some(scene.at);
        }
    }

    /// Adds the stretch since `since` to what is counted, and notes the marks it passes.
    fn close(&mut self, scene: &Scene<'_>) {
        let Some(since) = self.since else { return };
        self.note_stretch(scene);
        for lane in &mut self.lanes {
            let Some(calendar) = scene.calendar(lane.calendar) else { continue };
            let elapsed = lane.elapsed.saturating_add(calendar.open_millis(since, scene.at));
            let passed = lane.crossed.len();
            for mark in scene.metric.marks.iter().skip(passed).take_while(|mark| **mark < elapsed) {
                let budget = mark.saturating_sub(lane.elapsed);
                let at = calendar.add_millis(since, budget).and_then(|l| l.at(scene.policy.landing));
                lane.crossed.push(at.unwrap_or(scene.at));
            }
            lane.elapsed = elapsed;
        }
    }

    /// Notes the stretch being counted, up to the scene.
    pub(super) fn note_stretch(&self, scene: &Scene<'_>) {
        let Some((from, calendar)) =
            self.since.zip(self.lane(scene).and_then(|lane| scene.calendar(lane.calendar)))
        else {
            return;
        };
        scene.note(|| {
            let open_seconds = calendar.between(from, scene.at).get();
            let closed_seconds = scene.at.since(from).get().saturating_sub(open_seconds);
            Reason::Counted { from, to: scene.at, open_seconds, closed_seconds }
        });
    }

    /// The lane in force.
    pub(super) fn lane(&self, scene: &Scene<'_>) -> Option<&Lane> {
        if !scene.policy.last_wins {
            return self.lanes.first();
        }
        let at = self.ended.unwrap_or(scene.at);
        let calendar = scene.policy.calendar_of(scene.metric, scene.attributes, at);
        self.lanes.iter().find(|lane| lane.calendar == calendar)
    }

    /// Counted milliseconds as of the scene.
    pub(super) fn elapsed(&self, scene: &Scene<'_>) -> i64 {
        let Some(lane) = self.lane(scene) else { return 0 };
        let open = self
            .since
            .zip(scene.calendar(lane.calendar))
            .map_or(0, |(since, c)| c.open_millis(since, scene.at));
        lane.elapsed.saturating_add(open)
    }

    /// The instant a budget of milliseconds was or will be used up; `None` while paused before it.
    pub(super) fn due(&self, scene: &Scene<'_>, budget: i64) -> Option<Timestamp> {
        self.due_from(scene, budget, self.since)
    }

    /// As [`due`](Self::due), as if it had been counting since `basis`.
    fn due_from(&self, scene: &Scene<'_>, budget: i64, basis: Option<Timestamp>) -> Option<Timestamp> {
        let lane = self.lane(scene)?;
        if lane.elapsed > budget {
            let mark = scene.metric.marks.binary_search(&budget).ok()?;
            return lane.crossed.get(mark).copied();
        }
        project(scene, lane, basis?, budget.saturating_sub(lane.elapsed))
    }
}

/// Where a budget runs out from `since`, through the changes of calendar that are known.
fn project(scene: &Scene<'_>, lane: &Lane, since: Timestamp, budget: i64) -> Option<Timestamp> {
    let (mut since, mut left, mut index) = (since, budget, lane.calendar);
    loop {
        let calendar = scene.calendar(index)?;
        let due = calendar.add_millis(since, left).and_then(|landings| landings.at(scene.policy.landing));
        let change = if scene.policy.last_wins { None } else { scene.next_change(since) };
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
