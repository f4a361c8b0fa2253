//! What kind of moment an event is.

use crate::model::{Event, EventKind, Role, Visibility};
use crate::playbook::Occasion;

/// The occasion of an event; `is_new` tells whether the conversation had not seen it.
pub(super) fn of(event: &Event, is_new: bool) -> Occasion {
    if !is_new {
        return Occasion::Repeated;
    }
    let EventKind::Message(message) = &event.what else { return Occasion::Event };
    if message.echo {
        return Occasion::Echo;
    }
    if message.surface.visibility == Visibility::Internal {
        return Occasion::Note;
    }
    match event.by.role() {
        Role::Customer => Occasion::Message,
        Role::Agent | Role::Bot => Occasion::Reply,
        Role::System => Occasion::Event,
    }
}
