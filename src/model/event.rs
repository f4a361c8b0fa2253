//! What happened.

use std::fmt;

use serde::de::{self, Deserializer, EnumAccess, IgnoredAny, MapAccess, VariantAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::words::closed_words;
use super::{
    AgentId, ConversationId, CustomerId, DepartmentId, EventId, Message, MessageId, QueueId, Rating,
    ReferralId, Sensitive, Surface, Tag, Timestamp, Word,
};

/// Something that happened in a conversation.
///
/// ```
/// let event: galateo::model::Event = serde_json::from_str(r#"{
///     "id": "e-1", "at": "2026-11-20T09:00:00Z", "conversation": "c-1", "by": {"customer": "anna"},
///     "what": {"message": {"surface": "x/post", "text": "Where is my parcel?"}}
/// }"#)?;
/// assert!(event.message().is_some());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "hosts write it as a literal; all five answer who, when, where and what"
)]
pub struct Event {
    /// The event's own name; delivered twice, it changes nothing the second time.
    pub id: EventId,
    /// When it happened, by the clock of whoever saw it first.
    pub at: Timestamp,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// Who did it.
    pub by: Actor,
    /// What happened.
    pub what: EventKind,
}

impl Event {
    /// The message, where the event is one.
    #[must_use]
    pub const fn message(&self) -> Option<&Message> {
        match &self.what {
            EventKind::Message(message) => Some(message),
            _ => None,
        }
    }
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Actor {
    /// A person who answers for the company.
    Agent(AgentId),
    /// A program that answers for the company.
    Bot(AgentId),
    /// A customer, or someone who may become one.
    Customer(CustomerId),
    /// The host itself: rules, imports, timers.
    System,
}

impl Actor {
    /// The word for the actor's role.
    #[must_use]
    pub const fn role(&self) -> Role {
        match self {
            Self::Agent(_) => Role::Agent,
            Self::Bot(_) => Role::Bot,
            Self::Customer(_) => Role::Customer,
            Self::System => Role::System,
        }
    }

    /// The customer, where a customer did it.
    #[must_use]
    pub const fn customer(&self) -> Option<&CustomerId> {
        match self {
            Self::Customer(id) => Some(id),
            _ => None,
        }
    }
}

/// In which role someone acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// A person who answers for the company.
    Agent,
    /// A program that answers for the company.
    Bot,
    /// A customer.
    Customer,
    /// The host itself.
    System,
}

impl Role {
    /// The word used in documents and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Bot => "bot",
            Self::Customer => "customer",
            Self::System => "system",
        }
    }
}

/// Declares the event kinds: the enum, its names, and a reader that takes an unknown name for
/// [`EventKind::Other`] and skips its content, so that a newer host can talk to an older engine.
macro_rules! event_kinds {
    ($($(#[$doc:meta])* $variant:ident($payload:ty) = $word:literal,)*) => {
        /// What happened; written `{"name": {…}}`.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        #[expect(clippy::large_enum_variant, reason = "most events are messages; a box would cost each an allocation")]
        pub enum EventKind {
            $($(#[$doc])* $variant($payload),)*
            /// Something this release does not know by name; it still gets a decision.
            Other(Word),
        }

        impl EventKind {
            /// The names of all kinds known to this release.
            pub const NAMES: &'static [&'static str] = &[$($word),*];

            /// The name used in documents and on the wire.
            #[must_use]
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$variant(_) => $word,)*
                    Self::Other(word) => word.as_str(),
                }
            }
        }

        impl<'de> Visitor<'de> for KindVisitor {
            type Value = EventKind;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one event kind with its content")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<EventKind, M::Error> {
                let name: String = map.next_key()?.ok_or_else(|| de::Error::custom("an event kind is missing"))?;
                let kind = match name.as_str() {
                    $($word => EventKind::$variant(map.next_value()?),)*
                    _ => {
                        let _: IgnoredAny = map.next_value()?;
                        other(&name)?
                    }
                };
                match map.next_key::<IgnoredAny>()? {
                    Some(_) => Err(de::Error::custom("an event is of one kind only")),
                    None => Ok(kind),
                }
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<EventKind, E> {
                other(name)
            }

            fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<EventKind, A::Error> {
                let (name, content): (String, _) = data.variant()?;
                match name.as_str() {
                    $($word => content.newtype_variant().map(EventKind::$variant),)*
                    _ => {
                        let _: IgnoredAny = content.newtype_variant()?;
                        other(&name)
                    }
                }
            }
        }
    };
}

struct KindVisitor;

fn other<E: de::Error>(name: &str) -> Result<EventKind, E> {
    if EventKind::NAMES.contains(&name) {
        return Err(E::custom("this event kind needs its content"));
    }
    Word::new(name).map(EventKind::Other).ok_or_else(|| E::custom("not a name of an event kind"))
}

impl<'de> Deserialize<'de> for EventKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KindVisitor)
    }
}

event_kinds! {
    /// The conversation was given to a queue, an agent, or both; with neither it was taken back.
    Assigned(Assigned) = "assigned",
    /// The complaint moved on (R99).
    Complaint(ComplaintMoved) = "complaint",
    /// The customer deleted or unsent a message; the stored copy and what was found in it must go too.
    Deleted(Deleted) = "deleted",
    /// A sent message was delivered, read, or failed.
    Delivery(Delivery) = "delivery",
    /// The author changed a message.
    Edited(Edited) = "edited",
    /// Two records turned out to be one customer.
    IdentityMerged(IdentityMerged) = "identity_merged",
    /// The same issue goes on in another conversation too.
    Linked(Linked) = "linked",
    /// The conversation became part of another.
    Merged(Linked) = "merged",
    /// A message was written.
    Message(Message) = "message",
    /// The conversation went on on another surface.
    Moved(Moved) = "moved",
    /// The customer did something that opens a messaging window.
    Opened(Opened) = "opened",
    /// The priority changed.
    Priority(PriorityChanged) = "priority",
    /// A promise was kept.
    PromiseKept(PromiseRef) = "promise_kept",
    /// A promise was made to the customer.
    PromiseMade(PromiseMade) = "promise_made",
    /// The customer rated the service.
    Rated(Rated) = "rated",
    /// Someone reacted to a message.
    Reaction(Reaction) = "reaction",
    /// Another department answered.
    ReferralAnswered(ReferralRef) = "referral_answered",
    /// Another department was asked.
    ReferralAsked(ReferralAsked) = "referral_asked",
    /// The status changed.
    Status(StatusChanged) = "status",
    /// Tags came and went.
    Tagged(Tagged) = "tagged",
    /// An instant came that the engine asked to be woken at.
    Timer(Timer) = "timer",
}

/// Declares small event payloads: plain data in which every value is legal.
macro_rules! payloads {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $ty:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(clippy::exhaustive_structs, reason = "an event payload is written as a literal")]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty,)* }
    )*};
}

payloads! {
    /// Who has the conversation now.
    Assigned {
        /// The queue, where one was named.
        #[serde(default)]
        queue: Option<QueueId>,
        /// The agent, where one was named.
        #[serde(default)]
        agent: Option<AgentId>,
    }
    /// A step of a complaint.
    ComplaintMoved {
        /// Where it is now.
        to: ComplaintState,
    }
    /// A message that is gone.
    Deleted {
        /// Which one.
        message: MessageId,
    }
    /// What became of a sent message.
    Delivery {
        /// Which one.
        message: MessageId,
        /// How far it got.
        state: DeliveryState,
    }
    /// A message that reads differently now.
    Edited {
        /// Which one.
        message: MessageId,
        /// Its new text.
        text: Sensitive<String>,
    }
    /// A record that turned out to be this customer's.
    IdentityMerged {
        /// The other record.
        other: CustomerId,
    }
    /// Another conversation.
    Linked {
        /// Which one.
        conversation: ConversationId,
    }
    /// A change of place.
    Moved {
        /// Where it goes on.
        to: Surface,
    }
    /// An opening of a messaging window.
    Opened {
        /// By what.
        by: Opener,
    }
    /// A change of priority.
    PriorityChanged {
        /// What it is now.
        to: Priority,
    }
    /// A promise made to the customer (R95).
    PromiseMade {
        /// Its name, unique in the conversation.
        promise: Word,
        /// When it is due, where a time was named.
        #[serde(default)]
        due: Option<Timestamp>,
    }
    /// A promise, by name.
    PromiseRef {
        /// Which one.
        promise: Word,
    }
    /// A rating of the service (CSAT, kept apart from sentiment: R103).
    Rated {
        /// The stars.
        stars: Rating,
    }
    /// A reaction.
    Reaction {
        /// To which message.
        message: MessageId,
        /// Whether it is well or ill meant, where that is known.
        #[serde(default)]
        favourable: Option<bool>,
    }
    /// A question to another department (R79).
    ReferralAsked {
        /// Its name.
        referral: ReferralId,
        /// Who was asked.
        department: DepartmentId,
        /// By when the answer is needed (R80).
        #[serde(default)]
        due: Option<Timestamp>,
    }
    /// A question to another department, by name.
    ReferralRef {
        /// Which one.
        referral: ReferralId,
    }
    /// A change of status.
    StatusChanged {
        /// What it is now.
        to: Status,
    }
    /// A change of tags.
    Tagged {
        /// Tags that came.
        #[serde(default)]
        add: Vec<Tag>,
        /// Tags that went.
        #[serde(default)]
        remove: Vec<Tag>,
    }
    /// An instant that came.
    Timer {
        /// What it was set for.
        name: Word,
    }
}

closed_words! {
    /// Where a conversation stands; the words of the helpdesks, "on hold" being a wait for someone within the company.
    Status {
        /// Nobody has looked at it.
        New = "new",
        /// The company owes the next step.
        Open = "open",
        /// The customer owes the next step.
        Pending = "pending",
        /// Someone else within the company owes the next step.
        OnHold = "on_hold" | "hold",
        /// The company thinks it is done.
        Solved = "solved" | "resolved",
        /// It is done and cannot be reopened.
        Closed = "closed",
    }
    /// How urgent a conversation is.
    Priority {
        /// It can wait.
        Low = "low",
        /// The usual.
        Normal = "normal" | "medium",
        /// Before the usual.
        High = "high",
        /// At once.
        Urgent = "urgent",
    }
    /// How far a sent message got.
    DeliveryState {
        /// The network took it.
        Sent = "sent",
        /// It reached the customer.
        Delivered = "delivered",
        /// The customer saw it.
        Read = "read",
        /// It did not arrive.
        Failed = "failed",
    }
    /// Where a complaint stands (R99).
    ComplaintState {
        /// It was recognised as a complaint.
        Received = "received",
        /// The customer was told that it is being looked at.
        Acknowledged = "acknowledged",
        /// Somebody works on it.
        Investigating = "investigating",
        /// A remedy was offered.
        Answered = "answered",
        /// The customer did not accept the remedy, or went to a regulator.
        Escalated = "escalated",
        /// It is over.
        Closed = "closed",
    }
}

impl ComplaintState {
    /// Whether a complaint here may go `to` there: forward one step or more, back from an answer to
    /// work, and to the next instance from everywhere but the end.
    #[must_use]
    pub fn may_go(self, to: Self) -> bool {
        match (self, to) {
            (Self::Closed, _) => false,
            (Self::Answered | Self::Escalated, Self::Investigating) | (Self::Escalated, Self::Answered) => {
                true
            }
            (from, to) => from < to,
        }
    }
}

impl Status {
    /// Whether the company considers the conversation done.
    #[must_use]
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Solved | Self::Closed)
    }
}

closed_words! {
    /// What a customer does that opens a messaging window, so that the company may write.
    Opener {
        /// Writes first from an advertisement that opens a chat.
        AdClick = "ad_click",
        /// Follows the account.
        Follow = "follow",
        /// Comments during a live broadcast.
        LiveComment = "live_comment",
        /// Taps an entry of the account's menu.
        MenuClick = "menu_click",
        /// Pays.
        Payment = "payment",
        /// Comments in public, which allows one private reply on some networks.
        PublicComment = "public_comment",
        /// Scans the account's code.
        QrScan = "qr_scan",
        /// Calls.
        UserCall = "user_call",
        /// Writes.
        UserMessage = "user_message",
    }
}
