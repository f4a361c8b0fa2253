//! The whole of a decision.

use std::sync::Arc;

use serde::Serialize;

use super::{Chosen, Degraded, Overruled};
use crate::detect::{Register, Sentiment, Signal, Signals};
use crate::model::{Language, TopicId, Word};
use crate::playbook::Policy;
use crate::schedule::sla::ClockReading;
use crate::text::Span;

/// What is to be done about an event or a moment, and why.
///
/// It holds no text: it can be stored and shown to anyone who may see the conversation.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Decision {
    /// What to do, family by family.
    pub actions: Vec<Chosen>,
    /// What must be hidden before anyone sees the message who need not see it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<Hidden>,
    /// What the text shows.
    #[serde(skip_serializing_if = "Seen::is_empty")]
    pub seen: Seen,
    /// The clocks of the conversation: the last instance of each measure.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockReading>,
    /// Rules that matched and did not win.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub overruled: Vec<Overruled>,
    /// Ceilings that were hit and facts that were missing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub degraded: Vec<Degraded>,
    /// When time alone changes something next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wake_at: Option<crate::model::Timestamp>,
    /// Which policy decided.
    pub by: Stamp,
}

impl Decision {
    /// The actions that another decision lacks; of several that are equal, as many as are missing.
    pub(crate) fn beyond(&self, other: &Self) -> Vec<Chosen> {
        let mut left: Vec<&Chosen> = other.actions.iter().collect();
        let mut missing = Vec::new();
        for chosen in &self.actions {
            match left.iter().position(|known| known.action == chosen.action) {
                Some(place) => _ = left.swap_remove(place),
                None => missing.push(chosen.clone()),
            }
        }
        missing
    }
}

/// Something to hide in one part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "a record of four facts")]
pub struct Hidden {
    /// In which part.
    pub part: Part,
    /// Where in it, in bytes of the text as it was sent.
    pub span: Span,
    /// What it is.
    pub kind: Word,
    /// How sure, in percent.
    pub confidence: u8,
}

/// A part of a message that its readers can see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// The body.
    Text,
    /// Quoted history.
    Quoted,
    /// The author's handle.
    Handle,
    /// A link preview, by its place.
    Preview(u16),
    /// The name of an attached file, by its place.
    FileName(u16),
}

/// What a text shows, without the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Seen {
    /// The language.
    pub language: Option<Language>,
    /// How it feels.
    pub sentiment: Sentiment,
    /// How the reader is addressed.
    pub register: Register,
    /// Its subjects.
    pub topics: Vec<TopicId>,
    /// Its signals.
    pub signals: Vec<Signal>,
}

impl Seen {
    pub(crate) fn of(signals: &Signals) -> Self {
        let mut topics: Vec<TopicId> = signals.topics.iter().map(|hit| hit.topic.clone()).collect();
        topics.dedup();
        Self {
            language: signals.language,
            sentiment: signals.sentiment,
            register: signals.register,
            topics,
            signals: signals.signals.clone(),
        }
    }

    /// Whether there was no text, or nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Which policy decided (R16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Stamp {
    /// The playbook's name.
    pub playbook: Word,
    /// Its version, in the team's counting.
    pub version: Arc<str>,
    /// A number that changes with every change of the playbook.
    pub fingerprint: u64,
}

impl Stamp {
    pub(crate) fn of(policy: &Policy) -> Self {
        let playbook = policy.playbook();
        Self {
            playbook: playbook.name.clone(),
            version: Arc::clone(&playbook.version),
            fingerprint: policy.fingerprint(),
        }
    }
}
