//! Two policies over the same event: what would change (R5).

use serde::Serialize;

use super::{Engine, World};
use crate::decision::{Action, Chosen, Decision};
use crate::model::{Conversation, Event};

/// What two policies decide on one event.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Shadow {
    /// The decision of the policy in force.
    pub live: Decision,
    /// The decision of the other.
    pub shadow: Decision,
    /// Actions that only the policy in force asks for.
    pub lost: Vec<Action>,
    /// Actions that only the other asks for.
    pub gained: Vec<Action>,
}

impl Shadow {
    /// Whether both ask for the same, in whatever order.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.lost.is_empty() && self.gained.is_empty() && self.live.hidden == self.shadow.hidden
    }
}

/// Decides on one event with two engines, each on its own copy of the conversation, and compares.
///
/// ```
/// use galateo::model::{Conversation, ConversationId, Event};
/// use galateo::{Engine, World, shadow};
/// let event: Event = serde_json::from_str(r#"{
///     "id": "e-1", "at": "2026-11-20T09:00:00Z", "conversation": "c-1", "by": {"customer": "anna"},
///     "what": {"message": {"surface": "x/post", "text": "Where is my parcel?"}}
/// }"#)?;
/// let conversation = Conversation::new(ConversationId::new("c-1")?);
/// let engine = Engine::starter();
/// assert!(shadow(&engine, &engine, &event, &conversation, &World::at(event.at)).is_same());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn shadow(
    live: &Engine,
    other: &Engine,
    event: &Event,
    conversation: &Conversation,
    world: &World<'_>,
) -> Shadow {
    let live = live.assess(event, &mut conversation.clone(), world);
    let shadow = other.assess(event, &mut conversation.clone(), world);
    let only_actions = |chosen: Vec<Chosen>| chosen.into_iter().map(|chosen| chosen.action).collect();
    let (lost, gained) = (only_actions(live.beyond(&shadow)), only_actions(shadow.beyond(&live)));
    Shadow { live, shadow, lost, gained }
}
