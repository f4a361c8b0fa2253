//! What events mean for clocks.

use super::timeline::{Creator, Step, Timeline};
use super::{Event, EventKind, Message, QueueId, Role, Visibility};

/// Who opened a conversation, as clocks see it.
pub(super) const fn creator(role: Role) -> Creator {
    match role {
        Role::Agent | Role::Bot => Creator::Agent,
        Role::Customer => Creator::Customer,
        Role::System => Creator::Import,
    }
}

/// Records what an event means for clocks.
pub(super) fn clocked(timeline: &mut Timeline, event: &Event) {
    let at = event.at;
    match &event.what {
        EventKind::Assigned(assigned) => {
            timeline.record(at, Step::Group(assigned.queue.as_ref().map(QueueId::as_str)));
        }
        EventKind::Merged(_) => timeline.record(at, Step::Merged),
        EventKind::Message(message) if !message.echo => clocked_message(timeline, message, event),
        EventKind::Moved(moved) => timeline.record(at, Step::Channel(Some(moved.to.channel.as_str()))),
        EventKind::Priority(change) => timeline.record(at, Step::Priority(Some(change.to.as_str()))),
        EventKind::Status(change) => timeline.record(at, Step::Status(change.to)),
        EventKind::Tagged(tagged) => {
            tagged.remove.iter().for_each(|tag| timeline.record(at, Step::TagRemoved(tag.as_str())));
            tagged.add.iter().for_each(|tag| timeline.record(at, Step::TagAdded(tag.as_str())));
        }
        _ => {}
    }
}

fn clocked_message(timeline: &mut Timeline, message: &Message, event: &Event) {
    let at = event.at;
    if message.surface.visibility == Visibility::Internal {
        timeline.record(at, Step::PrivateNote);
        return;
    }
    match event.by.role() {
        Role::Agent => timeline.record(at, Step::AgentReply),
        Role::Bot => timeline.record(at, Step::BotReply),
        Role::Customer => timeline.record_message(at, message.surface.channel.as_str()),
        Role::System => {}
    }
}
