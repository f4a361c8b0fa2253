//! The clocks of a conversation that remembers them: one event folded in, whatever came before.

use std::any::Any;

use super::fold::Fold;
use super::plan::Policies;
use super::reading::ClockReading;
use super::standing::Standing;
use super::view::View;
use crate::model::{Conversation, State, Timestamp};

/// Steps behind the state from which late events are taken in, and how many of them it then swallows.
const LIVE: usize = 32;
const SWALLOWED: usize = 8;
/// Steps before that state that stay, for policies that have not seen them.
const SETTLED: usize = 24;

/// The last instance of each metric of a conversation, from what it remembers and the steps since.
///
/// ```
/// use galateo::model::{Conversation, ConversationId, Event};
/// use galateo::schedule::sla::{Policies, clocks_of, follow_clocks};
/// let spec = serde_json::from_str(r#"{"metrics": [{"metric": "first_reply", "target": 3600}]}"#)?;
/// let policies = Policies::new(&[spec])?;
/// let event: Event = serde_json::from_str(r#"{
///     "id": "e-1", "at": "2026-11-20T09:00:00Z", "conversation": "c-1", "by": {"customer": "anna"},
///     "what": {"message": {"surface": "x/post", "text": "Where is my parcel?"}}
/// }"#)?;
/// let mut conversation = Conversation::new(ConversationId::new("c-1")?);
/// conversation.advance(&event);
/// let now = "2026-11-20T09:20:00Z".parse()?;
/// assert_eq!(follow_clocks(&policies, &mut conversation, now)[0].elapsed_seconds, 1200);
/// assert_eq!(clocks_of(&policies, &conversation, now)[0].elapsed_seconds, 1200);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn clocks_of(policies: &Policies, conversation: &Conversation, as_of: Timestamp) -> Vec<ClockReading> {
    let (head, known) = conversation.clocks.head();
    let standing = ready(head).filter(|standing| {
        standing.fingerprint == policies.fingerprint
            && standing.now <= as_of
            && known == conversation.timeline.len()
    });
    match standing {
        Some(standing) => read_at(policies, standing, as_of),
        None => resume(policies, conversation, as_of).last_readings(as_of),
    }
}

/// As [`clocks_of`], leaving in the conversation what makes the next time cheap, and right however long
/// its history: to be called after every event or so. An event that more than 24 others have overtaken
/// changes no clock. With more than 32 steps between two calls, or with policies that are new to a
/// conversation, what is older counts as far as the timeline still has it.
pub fn follow_clocks(
    policies: &Policies,
    conversation: &mut Conversation,
    as_of: Timestamp,
) -> Vec<ClockReading> {
    let standing = take_up(policies, conversation);
    let current = (standing.now <= as_of).then(|| read_at(policies, &standing, as_of));
    let steps = conversation.timeline.len();
    conversation.clocks.set_head(steps, standing);
    settle(policies, conversation);
    current.unwrap_or_else(|| clocks_of(policies, conversation, as_of))
}

/// The last instance of each metric as of an instant that is not before the last step.
fn read_at(policies: &Policies, standing: &Standing, as_of: Timestamp) -> Vec<ClockReading> {
    if policies.next_change(standing.now).is_some_and(|change| change <= as_of) {
        return Fold::going_on(policies, Box::new(standing.clone())).last_readings(as_of);
    }
    View::new(policies, standing, as_of).last_readings()
}

/// Where the clocks stand after every step, taken out of the conversation where it has that at hand.
fn take_up(policies: &Policies, conversation: &mut Conversation) -> Box<Standing> {
    let (head, known) = conversation.clocks.take_head();
    match into_standing(policies, head) {
        Some(standing) => {
            let mut fold = Fold::going_on(policies, standing);
            fold.take_steps(conversation.timeline.steps_from(known));
            fold.into_standing()
        }
        None => resume(policies, conversation, Timestamp::MAX).into_standing(),
    }
}

/// The state in the form that it was left in.
fn ready(state: &State) -> Option<&Standing> {
    let State::Ready(ready) = state else { return None };
    let any: &dyn Any = &**ready;
    any.downcast_ref()
}

/// The state to go on from, where it is one of these policies.
fn into_standing(policies: &Policies, state: State) -> Option<Box<Standing>> {
    let any: Box<dyn Any> = match state {
        State::Bytes(bytes) => return Standing::read(policies, &bytes).map(Box::new),
        State::Ready(ready) => ready,
    };
    let standing: Option<Box<Standing>> = any.downcast().ok();
    standing.filter(|standing| standing.fingerprint == policies.fingerprint)
}

/// As [`into_standing`], leaving the state where it is.
fn copy_standing(policies: &Policies, state: &State) -> Option<Box<Standing>> {
    let State::Bytes(bytes) = state else { return into_standing(policies, state.clone()) };
    Standing::read(policies, bytes).map(Box::new)
}

/// Every step up to `until`, folded in from the newest state that helps.
fn resume<'p>(policies: &'p Policies, conversation: &Conversation, until: Timestamp) -> Fold<'p> {
    let (timeline, memory) = (&conversation.timeline, &conversation.clocks);
    let base = || memory.base().map(|(state, known)| (state, timeline.count_until(known)));
    let states = std::iter::once(memory.head()).chain(std::iter::once_with(base).flatten());
    for (state, known) in states {
        let standing = copy_standing(policies, state).filter(|standing| standing.now <= until);
        if let Some(standing) = standing {
            let mut fold = Fold::going_on(policies, standing);
            fold.take_steps(timeline.steps_from(known).take_while(|(at, _)| *at <= until));
            return fold;
        }
    }
    from_the_start(policies, conversation, until)
}

fn from_the_start<'p>(policies: &'p Policies, conversation: &Conversation, until: Timestamp) -> Fold<'p> {
    let mut fold = Fold::live(policies);
    fold.take_steps(conversation.steps().take_while(|(at, _)| *at <= until));
    fold
}

/// Once many steps lie behind it, moves the state from which late events are taken in.
fn settle(policies: &Policies, conversation: &mut Conversation) {
    let (timeline, memory) = (&conversation.timeline, &conversation.clocks);
    if timeline.len() <= LIVE {
        return;
    }
    let settled = memory.base().map_or(0, |(_, until)| timeline.count_until(until));
    if timeline.len().saturating_sub(settled) <= LIVE {
        return;
    }
    // Steps of one instant stay together: one that arrives later has its place among them.
    let Some(until) = timeline.instant_of(settled.saturating_add(SWALLOWED).saturating_sub(1)) else {
        return;
    };
    let known = timeline.count_until(until);
    let base = conversation.clocks.take_base().and_then(|(state, _)| into_standing(policies, state));
    let fold = match base.filter(|base| base.now <= until) {
        Some(base) => {
            let mut fold = Fold::going_on(policies, base);
            fold.take_steps(conversation.timeline.steps_from(settled).take(known.saturating_sub(settled)));
            fold
        }
        None => from_the_start(policies, conversation, until),
    };
    conversation.clocks.set_base(fold.into_standing(), until);
    conversation.thin(known, SETTLED);
}
