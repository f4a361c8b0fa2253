//! The clocks of a conversation that remembers them: one event folded in, whatever came before.

use super::fold::Fold;
use super::plan::Policies;
use super::reading::ClockReading;
use crate::model::{Conversation, Timestamp};

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
    resume(policies, conversation, as_of).last_readings(as_of)
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
    let fold = resume(policies, conversation, Timestamp::MAX);
    let steps = conversation.timeline.len();
    conversation.clocks.set_head(steps, |bytes| fold.write(bytes));
    settle(policies, conversation);
    if fold.now() <= as_of { fold.last_readings(as_of) } else { clocks_of(policies, conversation, as_of) }
}

/// Every step up to `until`, folded in from the newest state that helps.
fn resume<'p>(policies: &'p Policies, conversation: &Conversation, until: Timestamp) -> Fold<'p> {
    let (timeline, memory) = (&conversation.timeline, &conversation.clocks);
    let base = || memory.base().map(|(state, known)| (state, timeline.count_until(known)));
    let states = std::iter::once(memory.head()).chain(std::iter::once_with(base).flatten());
    resume_from(states, policies, conversation, until)
}

/// The same from the first of some states that can be read and is not ahead, each with the steps that it knows.
fn resume_from<'p, 's>(
    states: impl Iterator<Item = (&'s [u8], usize)>,
    policies: &'p Policies,
    conversation: &Conversation,
    until: Timestamp,
) -> Fold<'p> {
    let timeline = &conversation.timeline;
    for (state, known) in states {
        if let Some(mut fold) = Fold::from_bytes(policies, state).ok().filter(|fold| fold.now() <= until) {
            fold.take_steps(timeline.steps_from(known).take_while(|(at, _)| *at <= until));
            return fold;
        }
    }
    let mut fold = Fold::live(policies);
    fold.take_steps(conversation.steps().take_while(|(at, _)| *at <= until));
    fold
}

/// Once many steps lie behind it, moves the state from which late events are taken in.
fn settle(policies: &Policies, conversation: &mut Conversation) {
    let (timeline, memory) = (&conversation.timeline, &conversation.clocks);
    let settled = memory.base().map_or(0, |(_, until)| timeline.count_until(until));
    if timeline.len().saturating_sub(settled) <= LIVE {
        return;
    }
    // Steps of one instant stay together: one that arrives later has its place among them.
    let Some(until) = timeline.instant_of(settled.saturating_add(SWALLOWED).saturating_sub(1)) else {
        return;
    };
    let known = timeline.count_until(until);
    let base = memory.base().map(|(state, _)| (state, settled));
    let fold = resume_from(base.into_iter(), policies, conversation, until);
    conversation.clocks.set_base(fold.to_bytes(), until);
    conversation.thin(known, SETTLED);
}
