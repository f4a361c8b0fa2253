//! When to look again: the first instant at which time alone changes what is due.

use super::timing::Timing;
use crate::decide;
use crate::decision::{Action, Chosen};
use crate::model::{Customer, Seconds, Timestamp};
use crate::playbook::{Directive, Literal, Occasion, Policy, RECENT, Rule, Situation, Test};
use crate::schedule::sla::ClockState;

/// What the rules of a policy ask of time, read once.
#[derive(Debug, Default)]
pub(super) struct Alarms {
    /// Seconds since something at which an answer can change, sorted.
    since: Vec<(Since, Box<[i64]>)>,
    /// Seconds left until the customer's answer is due at which an answer can change, sorted.
    left: Box<[i64]>,
    /// Instants that are named, sorted.
    named: Box<[Timestamp]>,
    asks_hours: bool,
    asks_contacts: bool,
    asks_consents: bool,
    asks_features: bool,
}

/// From when seconds are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Since {
    Opened,
    Waiting,
    Customer,
    Reply,
}

impl Since {
    const FIELDS: [(&'static str, Self); 4] = [
        ("age_seconds", Self::Opened),
        ("waiting_seconds", Self::Waiting),
        ("since_customer_seconds", Self::Customer),
        ("since_reply_seconds", Self::Reply),
    ];

    fn of(self, situation: &Situation<'_>) -> Option<Timestamp> {
        let conversation = situation.conversation;
        match self {
            Self::Opened => conversation.opened.as_ref().map(|opened| opened.at),
            Self::Waiting => conversation.waiting_since,
            Self::Customer => conversation.last_customer_at,
            Self::Reply => conversation.last_reply_at,
        }
    }
}

impl Alarms {
    pub(super) fn of(policy: &Policy) -> Self {
        let rules = || policy.rules().as_slice().iter().filter(|rule| speaks_when_due(rule));
        let tests = |field: &'static str| {
            rules().flat_map(|rule| rule.when.tests()).filter(move |test| test.field() == field)
        };
        let assigns = rules().any(|rule| rule.then.iter().any(|does| matches!(does, Directive::Assign(_))));
        let relaxed = policy.playbook().queues.iter().filter(|_| assigns).flat_map(|queue| &queue.relax);
        let relaxed: Vec<i64> = relaxed.map(|step| step.after.get()).collect();
        let since = Since::FIELDS.into_iter().filter_map(|(field, since)| {
            let relaxed = relaxed.iter().copied().filter(|_| since == Since::Waiting);
            let seconds = sorted(tests(field).flat_map(edges).chain(relaxed));
            (!seconds.is_empty()).then_some((since, seconds))
        });
        let asks = |field| tests(field).next().is_some();
        Self {
            since: since.collect(),
            left: sorted(tests("deadline_seconds").flat_map(edges)),
            named: sorted(tests("now").flat_map(instants)),
            asks_hours: asks("open_hours"),
            asks_contacts: asks("contacts") || asks("channels_tried"),
            asks_consents: asks("consents"),
            asks_features: asks("features"),
        }
    }

    /// The first instant after the situation's at which what is due can be another, as long as nothing happens.
    pub(super) fn next(
        &self,
        policy: &Policy,
        situation: &Situation<'_>,
        timing: &Timing,
        chosen: &[Chosen],
    ) -> Option<Timestamp> {
        let conversation = situation.conversation;
        let promises = conversation.open_promises().filter_map(|promise| promise.due);
        let owed = chosen.iter().filter_map(|chosen| match chosen.action {
            Action::Owe { due, .. } => due,
            _ => None,
        });
        let asked = self.asked(policy, situation, timing);
        let ahead = promises.chain(owed).map(after).chain(marks(timing)).chain(asked);
        let next = ahead.filter(|at| *at > situation.now).min();
        next.into_iter().chain(decide::referrals_wake(conversation, situation.now)).min()
    }

    /// Instants that the rules' conditions turn on.
    fn asked<'a>(
        &'a self,
        policy: &'a Policy,
        situation: &'a Situation<'a>,
        timing: &'a Timing,
    ) -> impl Iterator<Item = Timestamp> + use<'a> {
        let now = situation.now;
        let since = self.since.iter().filter_map(move |(since, seconds)| {
            let from = since.of(situation)?;
            let each = seconds.iter().map(|seconds| from.saturating_add(Seconds::new(*seconds)));
            each.filter(|at| *at > now).min()
        });
        let left = timing.deadline.into_iter().flat_map(move |due| {
            let each =
                self.left.iter().map(move |left| due.saturating_add(Seconds::new(left.saturating_neg())));
            each.map(after)
        });
        let named = self.named.iter().copied().filter(move |at| *at > now).take(1);
        let hours = policy.desk_calendar().filter(|_| self.asks_hours);
        let hours = hours.and_then(|calendar| calendar.next_change(now));
        since.chain(left).chain(named).chain(hours).chain(self.known_of_customer(policy, situation))
    }

    /// Instants at which what is known of the customer begins or ceases to count.
    fn known_of_customer<'a>(
        &self,
        policy: &'a Policy,
        situation: &'a Situation<'a>,
    ) -> impl Iterator<Item = Timestamp> + use<'a> {
        let customer = |asked: bool| situation.customer.filter(|_| asked).into_iter();
        let touches = customer(self.asks_contacts).flat_map(|customer: &Customer| &customer.history);
        let touches = touches.flat_map(|touch| [touch.at, after(touch.at.saturating_add(RECENT))]);
        let consents = customer(self.asks_consents).flat_map(|customer: &Customer| &customer.consents);
        let consents = consents.flat_map(|consent| [Some(consent.given_at), consent.withdrawn_at]);
        let rollouts = if self.asks_features { policy.rollouts() } else { &[] };
        let stages = rollouts.iter().flat_map(|rollout| &rollout.stages);
        let stages = stages.flat_map(|stage| [Some(stage.start), stage.end]);
        touches.chain(consents.chain(stages).flatten())
    }
}

/// Warnings of the clocks that run, and the instants from which they are late: what is used up at a close is due at the
/// next opening, so that it is late as soon as that has passed.
fn marks(timing: &Timing) -> impl Iterator<Item = Timestamp> {
    let running = timing.clocks.iter().filter(|clock| clock.state == ClockState::Running);
    running.flat_map(|clock| clock.warn_at.as_slice().iter().copied().chain(clock.due_at.map(after)))
}

/// What is late is late after an instant.
fn after(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.as_millis().saturating_add(1)).unwrap_or(Timestamp::MAX)
}

fn speaks_when_due(rule: &Rule<Directive>) -> bool {
    rule.on.is_empty() || rule.on.iter().any(|on| on.as_str() == Occasion::Due.as_str())
}

/// The whole numbers at which the answer of a test can change, whatever it asks of its literals.
fn edges(test: &Test) -> impl Iterator<Item = i64> {
    let whole = test.literals().iter().filter_map(|literal| match literal {
        Literal::Number(number) => Some(number.truncated()),
        _ => None,
    });
    whole.flat_map(|whole| [whole, whole.saturating_add(1)])
}

/// The instants at which the answer of a test can change.
fn instants(test: &Test) -> impl Iterator<Item = Timestamp> {
    let named = test.literals().iter().filter_map(|literal| match literal {
        Literal::Time(at) => Some(*at),
        _ => None,
    });
    named.flat_map(|at| [at, after(at)])
}

fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Box<[T]> {
    let mut sorted: Vec<T> = values.collect();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.into_boxed_slice()
}
