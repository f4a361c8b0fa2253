//! What the company has said in public lately, across conversations (R28, R73).

use serde::{Deserialize, Serialize};

use crate::detect::{Fingerprint, Remedy, Signals};
use crate::model::{ConversationId, Timestamp, TopicId};
use crate::text::Span;

/// Replies kept; the oldest make room.
const KEPT: usize = 64;

/// The company's newest public replies, without their text: the host keeps it and hands it in.
///
/// `merge` is associative, commutative and idempotent: of all replies, the newest are kept.
///
/// ```
/// use galateo::detect::Signals;
/// use galateo::gate::SentReplies;
/// use galateo::model::ConversationId;
/// let mut sent = SentReplies::default();
/// let text = "Ci dispiace per il ritardo, il pacco arriva domani mattina entro le dieci.";
/// sent.record("2026-11-20T09:00:00Z".parse()?, &ConversationId::new("c-1")?, None, text, &Signals::default());
/// assert_eq!(sent.likeness(text), 1000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SentReplies(Vec<Sent>);

/// What is kept of one reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    at: Timestamp,
    conversation: ConversationId,
    topic: Option<TopicId>,
    remedies: Vec<Remedy>,
    print: Fingerprint,
}

impl SentReplies {
    /// Remembers a public reply that was sent.
    pub fn record(
        &mut self,
        at: Timestamp,
        conversation: &ConversationId,
        topic: Option<&TopicId>,
        text: &str,
        signals: &Signals,
    ) {
        let print = Fingerprint::of(text);
        let remedies = Remedy::of(signals);
        self.0.push(Sent { at, conversation: conversation.clone(), topic: topic.cloned(), remedies, print });
        self.settle();
    }

    /// Takes the replies of another value of the same company.
    pub fn merge(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
        self.settle();
    }

    /// The greatest likeness of a text to any reply remembered, in thousandths; a short courtesy is like nothing.
    #[must_use]
    pub fn likeness(&self, text: &str) -> u16 {
        let own = Fingerprint::of(text);
        if own.is_courtesy() {
            return 0;
        }
        self.0.iter().map(|sent| own.similarity(&sent.print)).max().unwrap_or_default()
    }

    /// Where a text offers another remedy than a reply to someone else on the same topic did.
    #[must_use]
    pub fn other_remedy(
        &self,
        conversation: &ConversationId,
        topic: &TopicId,
        signals: &Signals,
    ) -> Option<Span> {
        let others = self.0.iter().filter(|sent| sent.conversation != *conversation);
        let earlier: Vec<&Remedy> = others
            .filter(|sent| sent.topic.as_ref() == Some(topic))
            .flat_map(|sent| &sent.remedies)
            .collect();
        let differs = |own: &Remedy| earlier.iter().any(|known| own.differs_from(known).is_some());
        signals.promises.iter().find(|promise| differs(&Remedy::from(*promise))).map(|promise| promise.span)
    }

    /// Orders by time, the newest first, drops what is there twice, and lets the oldest make room.
    fn settle(&mut self) {
        self.0.sort_by(|a, b| (b.at, &b.conversation).cmp(&(a.at, &a.conversation)));
        self.0.dedup();
        self.0.truncate(KEPT);
    }
}
