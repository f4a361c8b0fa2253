//! What a conversation keeps of a text: what it showed, never what it said.

use crate::decision::{Action, Chosen};
use crate::detect::{SentimentClass, SignalKind};
use crate::model::{ComplaintState, Conversation, Event, Learned};
use crate::playbook::{FACT, Occasion};

use super::reading::Reading;

/// Notes what an event showed and what was decided on it.
pub(super) fn remember(
    conversation: &mut Conversation,
    occasion: Occasion,
    event: &Event,
    reading: &Reading,
    actions: &[Chosen],
) {
    if occasion == Occasion::Message {
        listen(&mut conversation.learned, reading);
        note_given(conversation, event, reading);
        note_complaint(conversation, reading);
        conversation.learned.praised = praises(reading);
    }
    for chosen in actions {
        match &chosen.action {
            Action::Escalate { level, .. } => {
                conversation.learned.level = conversation.learned.level.max(*level)
            }
            Action::MovePrivate { .. } => conversation.learned.invited_at = Some(event.at),
            Action::Owe { promise, due, .. } => conversation.make_promise(promise, *due, event.at),
            _ => {}
        }
    }
}

fn listen(learned: &mut Learned, reading: &Reading) {
    let signals = &reading.signals;
    learned.sentiment = Some(signals.sentiment.score);
    learned.language = signals.language.or(learned.language);
    learned.add_topics(signals.topics.iter().map(|hit| &hit.topic));
}

/// Data given in private need not be asked for again, and must not be repeated in public (R30, R108).
fn note_given(conversation: &mut Conversation, event: &Event, reading: &Reading) {
    let private = event.message().is_some_and(|message| !message.surface.visibility.is_open());
    if private {
        reading.kinds.iter().for_each(|kind| conversation.learned.add_given(kind.clone()));
    }
}

fn note_complaint(conversation: &mut Conversation, reading: &Reading) {
    let complains = shows(reading, SignalKind::Criticism)
        || shows(reading, SignalKind::FormalComplaint)
        || shows(reading, SignalKind::LegalThreat);
    conversation.learned.complained |= complains;
    if shows(reading, SignalKind::FormalComplaint) {
        conversation.complaint.get_or_insert(ComplaintState::Received);
    }
}

/// Whether a text praises and nothing in it complains: praise for what went wrong is irony.
fn praises(reading: &Reading) -> bool {
    let is_glad = reading.signals.sentiment.class == SentimentClass::Positive;
    is_glad && shows(reading, SignalKind::Compliment) && !shows(reading, SignalKind::Criticism)
}

fn shows(reading: &Reading, kind: SignalKind) -> bool {
    reading.signals.strongest(&kind).is_some_and(|signal| signal.confidence.get() >= FACT)
}
