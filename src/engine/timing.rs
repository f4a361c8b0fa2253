//! Time: the clocks of a conversation, what they make due, and when to look again.

use crate::model::{Conversation, Timestamp};
use crate::playbook::Policy;
use crate::schedule::sla::{ClockReading, ClockState, MetricKind};

/// The clocks at one instant.
#[derive(Debug, Clone, Default)]
pub(super) struct Timing {
    pub(super) clocks: Vec<ClockReading>,
    /// When the customer's next answer is due.
    pub(super) deadline: Option<Timestamp>,
    /// Whether a running clock has run out.
    pub(super) breached: bool,
    /// Whether the desk's calendar is open.
    pub(super) open: Option<bool>,
}

impl Timing {
    /// At the moment of an event, which is new where the conversation has just taken it in.
    pub(super) fn at_event(
        policy: &Policy,
        conversation: &mut Conversation,
        is_new: bool,
        now: Timestamp,
    ) -> Self {
        if !is_new {
            return Self::of(policy, conversation, now);
        }
        let clocks = policy.follow_clocks(conversation, now);
        Self::of_clocks(policy, now, clocks)
    }

    pub(super) fn of(policy: &Policy, conversation: &Conversation, now: Timestamp) -> Self {
        Self::of_clocks(policy, now, policy.clocks(conversation, now))
    }

    /// With the clocks known already.
    pub(super) fn of_clocks(policy: &Policy, now: Timestamp, clocks: Vec<ClockReading>) -> Self {
        let running = || clocks.iter().filter(|clock| clock.state == ClockState::Running);
        let replies = running().filter(|clock| is_reply(clock.metric));
        let deadline = replies.filter_map(|clock| clock.due_at).min();
        let breached = running().any(|clock| clock.breached);
        let open = policy.desk_calendar().map(|calendar| calendar.is_open(now));
        Self { deadline, breached, open, clocks }
    }
}

/// Whether a measure is about answering the customer.
const fn is_reply(metric: MetricKind) -> bool {
    matches!(
        metric,
        MetricKind::FirstReply
            | MetricKind::NextReply
            | MetricKind::Update
            | MetricKind::PeriodicUpdate
            | MetricKind::PausableUpdate
    )
}
