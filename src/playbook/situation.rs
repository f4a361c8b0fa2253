//! The read-only view that conditions ask: an event or a draft with everything known around it.

use super::OwnFacts;
use crate::detect::{SentimentClass, SignalKind, Signals};
use crate::model::{
    Channel, Conversation, Customer, Desk, Draft, Event, Language, Message, Seconds, SurfaceKind, Timestamp,
    TopicId, Visibility, Word,
};

/// What is being decided on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Occasion {
    /// A reply before it is sent.
    Draft,
    /// Time that has passed.
    Due,
    /// The company's own message, returned by the network.
    Echo,
    /// An event that is no message.
    Event,
    /// A message of a customer.
    Message,
    /// A note among colleagues.
    Note,
    /// A message of the company.
    Reply,
    /// An event that was folded in before.
    Repeated,
}

impl Occasion {
    /// Every occasion, in alphabetical order.
    pub const ALL: &'static [Self] = &[
        Self::Draft,
        Self::Due,
        Self::Echo,
        Self::Event,
        Self::Message,
        Self::Note,
        Self::Reply,
        Self::Repeated,
    ];

    /// The word that a rule's `on` uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Due => "due",
            Self::Echo => "echo",
            Self::Event => "event",
            Self::Message => "message",
            Self::Note => "note",
            Self::Reply => "reply",
            Self::Repeated => "repeated",
        }
    }
}

/// Days over which earlier contacts count as the same matter (R7).
pub(crate) const RECENT: Seconds = Seconds::days(7);

/// An event or a draft with everything known around it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Situation<'a> {
    /// What is being decided on.
    pub occasion: Occasion,
    /// The instant of the decision.
    pub now: Timestamp,
    /// The event, where one happened.
    pub event: Option<&'a Event>,
    /// The draft, where one is reviewed.
    pub draft: Option<&'a Draft>,
    /// The conversation, the event folded in.
    pub conversation: &'a Conversation,
    /// The customer, where known.
    pub customer: Option<&'a Customer>,
    /// Who is on duty, where known.
    pub desk: Option<&'a Desk>,
    /// What the text shows.
    pub signals: &'a Signals,
    /// Kinds of personal data in the text.
    pub pii: &'a [Word],
    /// When the customer's next answer is due, by the clocks that run.
    pub deadline: Option<Timestamp>,
    /// Whether a clock has run out.
    pub breached: bool,
    /// What the host knows of the fields that the playbook declares.
    pub own: Option<&'a OwnFacts>,
    /// Features that are rolled out to this customer.
    pub features: &'a [Word],
    /// Whether the calendar of the playbook's main desk is open; `None` without a calendar.
    pub open: Option<bool>,
    /// Whether a subject of the text may be answered in public.
    pub public_answers: bool,
    /// Whether the text was longer than what is read.
    pub truncated: bool,
}

impl<'a> Situation<'a> {
    /// The message, where the event is one.
    #[must_use]
    pub fn message(&self) -> Option<&'a Message> {
        self.event.and_then(Event::message)
    }

    /// Where the message or the draft stands, else where the customer wrote last.
    #[must_use]
    pub fn surface(&self) -> Option<&'a crate::model::Surface> {
        let message = self.message().map(|message| &message.surface);
        message.or(self.draft.map(|draft| &draft.surface)).or(self.conversation.surface.as_ref())
    }

    /// Who can read along; where nothing is known, everyone, the careful reading.
    #[must_use]
    pub fn visibility(&self) -> Visibility {
        self.surface().map_or(Visibility::Public, |surface| surface.visibility)
    }

    /// The language to answer in: of the text, the conversation, or the customer.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        let said = self.message().and_then(|message| message.language);
        said.or(self.draft.and_then(|draft| draft.language))
            .or(self.signals.language)
            .or(self.conversation.learned.language)
            .or(self.customer.and_then(|customer| customer.language))
    }

    /// Topics of the text, then of the message as the host tagged it, then of the conversation.
    pub fn topics(&self) -> impl Iterator<Item = &'a TopicId> + Clone + use<'a> {
        let found = self.signals.topics.iter().map(|hit| &hit.topic);
        let given = self.message().map_or(&[][..], |message| &message.topics).iter();
        found.chain(given).chain(&self.conversation.learned.topics)
    }

    /// What is being decided on: the occasion, or the name of an event that is no message.
    pub(super) fn event_name(&self) -> &'a str {
        match (self.occasion, self.event) {
            (Occasion::Event, Some(event)) => event.what.name(),
            (occasion, _) => occasion.as_str(),
        }
    }

    /// The channel of the message or the draft.
    pub(super) fn channel(&self) -> Option<&'a Channel> {
        self.surface().map(|surface| &surface.channel)
    }

    /// The kind of surface of the message or the draft.
    pub(super) fn surface_kind(&self) -> Option<&'a SurfaceKind> {
        self.surface().map(|surface| &surface.kind)
    }

    /// Signals from the confidence on at which they count as facts.
    pub(super) fn signal_names(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        let found = self.signals.signals.iter().filter(|signal| signal.confidence.get() >= FACT);
        let scores = self.message().map_or(&[][..], |message| &message.scores).iter();
        let scored = scores.filter(|score| score.value >= SCORE_FACT).map(|score| score.signal.as_str());
        found.map(|signal| signal.kind.as_str()).chain(scored)
    }

    /// The sentiment: the host's own model where it spoke, else the lexicon's.
    pub(super) fn sentiment(&self) -> Option<i64> {
        let own = self.message()?.scores.iter().find(|score| score.signal.as_str() == "sentiment");
        Some(i64::from(own.map_or(self.signals.sentiment.score, |score| score.value)))
    }

    /// The sentiment's class.
    pub(super) const fn sentiment_class(&self) -> &'static str {
        match self.signals.sentiment.class {
            SentimentClass::Negative => "negative",
            SentimentClass::Neutral => "neutral",
            SentimentClass::Positive => "positive",
        }
    }

    /// Whether a signal counts as a fact.
    #[must_use]
    pub fn shows(&self, kind: &SignalKind) -> bool {
        self.signal_names().any(|name| name == kind.as_str())
    }

    /// Contacts of the last week on any channel, this conversation included (R29).
    pub(super) fn contacts(&self) -> Option<i64> {
        let earlier = self.customer?.touches(self.now, RECENT).len();
        Some(crate::num::signed(earlier).saturating_add(1))
    }

    /// Channels tried in the last week for a matter that was not settled, this one included (R7).
    pub(super) fn channels_tried(&self) -> Option<i64> {
        let touches = self.customer?.touches(self.now, RECENT);
        let mut tried: Vec<&Channel> = self.conversation.channels.iter().collect();
        tried.extend(touches.into_iter().filter(|touch| !touch.solved).map(|touch| &touch.channel));
        tried.sort();
        tried.dedup();
        Some(crate::num::signed(tried.len()))
    }

    /// Whether somebody other than the author approved the draft: nobody approves their own, and where the
    /// desk is known the approver is one of it (R17).
    #[must_use]
    pub fn is_approved(&self) -> bool {
        let Some((draft, approver)) = self.draft.and_then(|draft| Some((draft, draft.approved_by.as_ref()?)))
        else {
            return false;
        };
        *approver != draft.author && self.desk.is_none_or(|desk| desk.agent(approver).is_some())
    }

    /// Seconds from an instant to now, where there was one.
    pub(super) fn since(&self, earlier: Option<Timestamp>) -> Option<i64> {
        earlier.map(|at| self.now.since(at).get())
    }
}

/// The confidence from which a signal counts as a fact, in thousandths.
pub const FACT: u16 = 500;

/// The value from which the host's own score counts as a fact.
const SCORE_FACT: i16 = 500;
