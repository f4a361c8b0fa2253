//! One issue with one customer on one surface: a small value, folded from events.

use serde::{Deserialize, Serialize};

use super::history::{clocked, creator};
use super::timeline::{Step, Timeline};
use super::{
    Actor, AgentId, Assigned, Channel, ClockMemory, ComplaintState, ConversationId, CustomerId, DepartmentId,
    Event, EventId, EventKind, Message, Opener, Priority, QueueId, Rating, ReferralAsked, ReferralId, Role,
    Status, Surface, Tag, Tagged, Timestamp, TopicId, Visibility, Word,
};
use crate::hash::Fnv;

/// The version of the state written by this release.
pub const STATE_VERSION: u16 = 1;

/// Entries kept in each list of a conversation; the oldest make room.
const KEPT: usize = 16;

/// Tags kept on a conversation.
const KEPT_TAGS: usize = 64;

/// Entries of the timeline kept for clocks.
const TIMED: usize = 64;

/// Events remembered by name, so that one delivered twice changes nothing.
const REMEMBERED: usize = 64;

/// One issue with one customer: everything later decisions need of its past, without its text.
///
/// The host keeps it, hands it in, and gets it back advanced. It never grows with the length of the
/// conversation: lists keep their newest entries. A register such as the status takes the value of
/// the *latest* event by its own time, in whatever order events arrive.
///
/// ```
/// use galateo::model::{Conversation, ConversationId, Event};
/// let event: Event = serde_json::from_str(r#"{
///     "id": "e-1", "at": "2026-11-20T09:00:00Z", "conversation": "c-1", "by": {"customer": "anna"},
///     "what": {"message": {"surface": "x/post", "text": "Where is my parcel?"}}
/// }"#)?;
/// let mut conversation = Conversation::new(ConversationId::new("c-1")?);
/// conversation.advance(&event);
/// let once = conversation.clone();
/// conversation.advance(&event);
/// assert_eq!(conversation, once);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Conversation {
    /// The version of this state.
    #[serde(deserialize_with = "known_version")]
    pub version: u16,
    /// Which conversation.
    pub id: ConversationId,
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// Where the customer wrote last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<Surface>,
    /// When and by whom it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Opened>,
    /// Where it stands.
    pub status: Dated<Status>,
    /// How urgent it is, where that was set.
    pub priority: Dated<Option<Priority>>,
    /// Who has it.
    pub assigned: Dated<Assignment>,
    /// The agent who answered last, for a sticky return (R59).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_agent: Option<AgentId>,
    /// How much was said.
    #[serde(default)]
    pub counts: Counts,
    /// When the customer wrote last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_customer_at: Option<Timestamp>,
    /// When the company answered last, in public or in private.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_reply_at: Option<Timestamp>,
    /// Since when the customer has been waiting for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<Timestamp>,
    /// The newest event seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_event_at: Option<Timestamp>,
    /// Channels on which it was held, in order of appearance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// Tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    /// The same issue in other conversations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub siblings: Vec<ConversationId>,
    /// The conversation this one became part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<ConversationId>,
    /// The newest opener of each kind, for messaging windows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub openers: Vec<Opening>,
    /// When the company wrote, the newest messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<Timestamp>,
    /// Promises made to the customer, in the conversation or by the brand (R83).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<Promise>,
    /// Questions put to other departments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub referrals: Vec<Referral>,
    /// Where a complaint stands, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complaint: Option<ComplaintState>,
    /// What earlier texts showed.
    #[serde(default)]
    pub learned: Learned,
    /// The customer's rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// What clocks are computed from.
    #[serde(default, skip_serializing_if = "Timeline::is_empty")]
    pub timeline: Timeline,
    /// What reading its clocks has left for the next time.
    #[serde(default, skip_serializing_if = "ClockMemory::is_empty")]
    pub clocks: ClockMemory,
    /// Fingerprints of the newest events.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<u64>,
}

fn known_version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    match u16::deserialize(deserializer)? {
        STATE_VERSION => Ok(STATE_VERSION),
        other => Err(serde::de::Error::custom(format!(
            "conversation state of version {other}, and this release reads version {STATE_VERSION}"
        ))),
    }
}

/// A value with the time of the event that set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a pair")]
pub struct Dated<T> {
    /// The value.
    pub value: T,
    /// When it was set; `None` for the initial value.
    pub at: Option<Timestamp>,
    /// What it was before, for conditions on a change.
    pub before: Option<T>,
}

impl<T: Clone + PartialEq> Dated<T> {
    const fn initial(value: T) -> Self {
        Self { value, at: None, before: None }
    }

    /// Takes `value` where no later event has set another.
    fn set(&mut self, value: T, at: Timestamp) {
        if self.at.is_none_or(|known| known <= at) {
            let before = std::mem::replace(&mut self.value, value);
            self.before = Some(before);
            self.at = Some(at);
        }
    }
}

/// When and by whom a conversation was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a record of two facts")]
pub struct Opened {
    /// When.
    pub at: Timestamp,
    /// In which role.
    pub by: Role,
}

/// Who has a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a record of two facts")]
pub struct Assignment {
    /// The queue.
    pub queue: Option<QueueId>,
    /// The agent.
    pub agent: Option<AgentId>,
}

/// How much was said, saturating.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Counts {
    /// Messages of the customer.
    pub customer_messages: u32,
    /// Messages of the customer since the last answer.
    pub unanswered: u32,
    /// Replies of agents that the customer can read.
    pub agent_replies: u32,
    /// Replies of bots that the customer can read.
    pub bot_replies: u32,
    /// Replies that everyone can read.
    pub public_replies: u32,
    /// Notes among colleagues.
    pub notes: u32,
    /// How often it was reopened.
    pub reopens: u32,
}

/// The newest opener of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a record of three facts")]
pub struct Opening {
    /// What opened the window.
    pub by: Opener,
    /// On which channel.
    pub channel: Channel,
    /// When.
    pub at: Timestamp,
}

/// A promise made to the customer: by someone in the conversation (R95), or by the brand to everybody (R83).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a record of facts")]
pub struct Promise {
    /// Its name.
    pub promise: Word,
    /// When it was made.
    pub at: Timestamp,
    /// When it is due, where a time was named.
    pub due: Option<Timestamp>,
    /// When it was kept.
    pub kept_at: Option<Timestamp>,
}

/// A question put to another department (R79).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "a record of facts")]
pub struct Referral {
    /// Its name.
    pub referral: ReferralId,
    /// Who was asked.
    pub department: DepartmentId,
    /// When.
    pub at: Timestamp,
    /// By when the answer is needed.
    pub due: Option<Timestamp>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
}

/// What earlier texts showed, without the texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Learned {
    /// The sentiment of the customer's newest message, −1000 to 1000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<i16>,
    /// The language of the customer's newest message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<super::Language>,
    /// Topics, in order of appearance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<TopicId>,
    /// Kinds of personal data the customer has given in private.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<Word>,
    /// When the customer was last invited to a private surface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invited_at: Option<Timestamp>,
    /// The highest escalation level reached.
    #[serde(default)]
    pub level: u8,
    /// Whether the customer complained.
    #[serde(default)]
    pub complained: bool,
    /// Whether the customer's newest message praises.
    #[serde(default)]
    pub praised: bool,
}

impl Conversation {
    /// A conversation in which nothing has happened.
    #[must_use]
    pub const fn new(id: ConversationId) -> Self {
        Self {
            version: STATE_VERSION,
            id,
            customer: None,
            surface: None,
            opened: None,
            status: Dated::initial(Status::New),
            priority: Dated::initial(None),
            assigned: Dated::initial(Assignment { queue: None, agent: None }),
            last_agent: None,
            counts: Counts {
                customer_messages: 0,
                unanswered: 0,
                agent_replies: 0,
                bot_replies: 0,
                public_replies: 0,
                notes: 0,
                reopens: 0,
            },
            last_customer_at: None,
            last_reply_at: None,
            waiting_since: None,
            last_event_at: None,
            channels: Vec::new(),
            tags: Vec::new(),
            siblings: Vec::new(),
            merged_into: None,
            openers: Vec::new(),
            sent: Vec::new(),
            promises: Vec::new(),
            referrals: Vec::new(),
            complaint: None,
            learned: Learned {
                sentiment: None,
                language: None,
                topics: Vec::new(),
                given: Vec::new(),
                invited_at: None,
                level: 0,
                complained: false,
                praised: false,
            },
            rating: None,
            timeline: Timeline::new(),
            clocks: ClockMemory::EMPTY,
            seen: Vec::new(),
        }
    }

    /// Folds one event in; knows no playbook, and ignores an event it has seen or that is another conversation's.
    ///
    /// Returns whether the event was new.
    pub fn advance(&mut self, event: &Event) -> bool {
        if event.conversation != self.id || !self.remember(&event.id) {
            return false;
        }
        let opened = self.opened.as_ref().map(|opened| opened.at);
        self.note_time(event);
        self.apply(event);
        clocked(&mut self.timeline, event);
        let touched = self.timeline.take_touched();
        let opening = self.opened.as_ref().map(|opened| opened.at).filter(|at| Some(*at) != opened);
        if let Some((place, at)) = opening.map(|at| (0, at)).or(touched) {
            self.clocks.disturb(place, at);
            self.make_room();
        }
        true
    }

    /// Lets go of steps among the first `known`, which a remembered state knows, until `most` of them are left.
    pub(crate) fn thin(&mut self, known: usize, most: usize) {
        let gone = self.timeline.compact_first(known, most);
        self.clocks.forget(gone);
    }

    /// Lets go of what clocks need least, first of what a remembered state knows.
    fn make_room(&mut self) {
        let excess = self.timeline.len().saturating_sub(TIMED);
        if excess == 0 {
            return;
        }
        let known = self.clocks.base().map_or(0, |(_, until)| self.timeline.count_until(until));
        self.thin(known, known.saturating_sub(excess));
        if self.timeline.len() > TIMED {
            self.timeline.compact(TIMED);
            self.clocks.start_again();
        }
    }

    /// Whether an event has been folded in already, as far back as events are remembered.
    #[must_use]
    pub fn has_seen(&self, event: &EventId) -> bool {
        self.seen.contains(&fingerprint(event))
    }

    /// Promises made and not kept.
    pub fn open_promises(&self) -> impl Iterator<Item = &Promise> {
        self.promises.iter().filter(|promise| promise.kept_at.is_none())
    }

    /// Whether a promise that counts at an instant stands in the ledger: one that was not kept before it.
    pub(crate) fn has_promise(&self, name: &Word, at: Timestamp) -> bool {
        let counts = |kept_at: Option<Timestamp>| kept_at.is_none_or(|kept| kept >= at);
        self.promises.iter().any(|promise| promise.promise == *name && counts(promise.kept_at))
    }

    /// Questions asked and not answered.
    pub fn open_referrals(&self) -> impl Iterator<Item = &Referral> {
        self.referrals.iter().filter(|referral| referral.answered_at.is_none())
    }

    /// The steps that clocks are computed from, the creation first.
    pub fn steps(&self) -> impl Iterator<Item = (Timestamp, Step<'_>)> {
        let created = self.opened.as_ref().map(|opened| (opened.at, Step::Created(creator(opened.by))));
        created.into_iter().chain(self.timeline.iter())
    }

    /// The history that clocks are computed from, with its creation.
    #[must_use]
    pub fn history(&self) -> Timeline {
        let mut timeline = self.timeline.clone();
        if let Some(opened) = &self.opened {
            timeline.record(opened.at, Step::Created(creator(opened.by)));
        }
        timeline
    }

    fn remember(&mut self, event: &EventId) -> bool {
        let mark = fingerprint(event);
        if self.seen.contains(&mark) {
            return false;
        }
        keep_newest(&mut self.seen, mark, REMEMBERED);
        true
    }

    fn note_time(&mut self, event: &Event) {
        self.last_event_at = self.last_event_at.max(Some(event.at));
        if self.opened.as_ref().is_none_or(|opened| event.at < opened.at) {
            self.opened = Some(Opened { at: event.at, by: event.by.role() });
        }
        if let (None, Some(customer)) = (&self.customer, event.by.customer()) {
            self.customer = Some(customer.clone());
        }
    }

    fn apply(&mut self, event: &Event) {
        let at = event.at;
        match &event.what {
            EventKind::Assigned(Assigned { queue, agent }) => {
                self.assigned.set(Assignment { queue: queue.clone(), agent: agent.clone() }, at);
            }
            EventKind::Complaint(step) => self.move_complaint(step.to),
            EventKind::IdentityMerged(merged) => self.customer = Some(merged.other.clone()),
            EventKind::Linked(link) => keep_new(&mut self.siblings, link.conversation.clone()),
            EventKind::Merged(link) => self.merged_into = Some(link.conversation.clone()),
            EventKind::Message(message) => self.hear(message, event),
            EventKind::Moved(moved) => self.place(&moved.to),
            EventKind::Opened(opened) => self.open_window(opened.by, at),
            EventKind::Priority(change) => self.prioritise(change.to, at),
            EventKind::PromiseKept(kept) => self.keep_promise(&kept.promise, at),
            EventKind::PromiseMade(made) => self.make_promise(&made.promise, made.due, at),
            EventKind::Rated(rated) => self.rating = Some(rated.stars),
            EventKind::ReferralAnswered(answered) => self.close_referral(&answered.referral, at),
            EventKind::ReferralAsked(asked) => self.open_referral(asked, at),
            EventKind::Status(change) => self.change_status(change.to, at),
            EventKind::Tagged(tagged) => self.retag(tagged),
            EventKind::Deleted(_)
            | EventKind::Delivery(_)
            | EventKind::Edited(_)
            | EventKind::Reaction(_)
            | EventKind::Timer(_)
            | EventKind::Other(_) => {}
        }
    }

    fn hear(&mut self, message: &Message, event: &Event) {
        if message.echo {
            return;
        }
        if message.surface.visibility == Visibility::Internal {
            self.counts.notes = self.counts.notes.saturating_add(1);
            return;
        }
        match &event.by {
            Actor::Customer(_) => self.hear_customer(message, event.at),
            Actor::Agent(agent) => {
                self.last_agent = Some(agent.clone());
                self.counts.agent_replies = self.counts.agent_replies.saturating_add(1);
                self.hear_reply(message, event.at, true);
            }
            Actor::Bot(_) => {
                self.counts.bot_replies = self.counts.bot_replies.saturating_add(1);
                self.hear_reply(message, event.at, false);
            }
            Actor::System => {}
        }
    }

    fn hear_customer(&mut self, message: &Message, at: Timestamp) {
        self.counts.customer_messages = self.counts.customer_messages.saturating_add(1);
        self.counts.unanswered = self.counts.unanswered.saturating_add(1);
        self.last_customer_at = self.last_customer_at.max(Some(at));
        if self.last_reply_at.is_none_or(|reply| reply < at) {
            self.waiting_since = Some(self.waiting_since.map_or(at, |since| since.min(at)));
        }
        self.place(&message.surface);
        let opener =
            if message.surface.visibility.is_open() { Opener::PublicComment } else { Opener::UserMessage };
        self.open_window(opener, at);
    }

    fn hear_reply(&mut self, message: &Message, at: Timestamp, human: bool) {
        if message.surface.visibility.is_open() {
            self.counts.public_replies = self.counts.public_replies.saturating_add(1);
        }
        keep_newest(&mut self.sent, at, KEPT);
        if human {
            self.last_reply_at = self.last_reply_at.max(Some(at));
            self.counts.unanswered = 0;
            if self.waiting_since.is_some_and(|since| since <= at) {
                self.waiting_since = None;
            }
        }
    }

    fn place(&mut self, surface: &Surface) {
        keep_new(&mut self.channels, surface.channel.clone());
        self.surface = Some(surface.clone());
    }

    fn open_window(&mut self, by: Opener, at: Timestamp) {
        let Some(channel) = self.surface.as_ref().map(|surface| surface.channel.clone()) else { return };
        self.openers.retain(|known| known.by != by || known.channel != channel || known.at > at);
        if !self.openers.iter().any(|known| known.by == by && known.channel == channel) {
            keep_newest(&mut self.openers, Opening { by, channel, at }, KEPT);
        }
    }

    fn change_status(&mut self, to: Status, at: Timestamp) {
        if self.status.value.is_done() && !to.is_done() {
            self.counts.reopens = self.counts.reopens.saturating_add(1);
        }
        if to.is_done() {
            self.waiting_since = None;
            self.counts.unanswered = 0;
        }
        self.status.set(to, at);
    }

    fn prioritise(&mut self, to: Priority, at: Timestamp) {
        self.priority.set(Some(to), at);
        // Stored state cannot tell "no priority before" from "nothing before", so memory does not either.
        self.priority.before = self.priority.before.flatten().map(Some);
    }

    fn move_complaint(&mut self, to: ComplaintState) {
        if self.complaint.is_none_or(|from| from.may_go(to)) {
            self.complaint = Some(to);
        }
    }

    /// Enters a promise in the ledger, in place of an earlier one of its name.
    pub(crate) fn make_promise(&mut self, name: &Word, due: Option<Timestamp>, at: Timestamp) {
        self.promises.retain(|known| known.promise != *name);
        let promise = Promise { promise: name.clone(), at, due, kept_at: None };
        keep_newest(&mut self.promises, promise, KEPT);
    }

    fn keep_promise(&mut self, name: &Word, at: Timestamp) {
        for promise in self.promises.iter_mut().filter(|promise| promise.promise == *name) {
            promise.kept_at.get_or_insert(at);
        }
    }

    fn open_referral(&mut self, asked: &ReferralAsked, at: Timestamp) {
        self.referrals.retain(|known| known.referral != asked.referral);
        let ReferralAsked { referral, department, due } = asked.clone();
        keep_newest(&mut self.referrals, Referral { referral, department, at, due, answered_at: None }, KEPT);
    }

    fn close_referral(&mut self, name: &ReferralId, at: Timestamp) {
        for referral in self.referrals.iter_mut().filter(|referral| referral.referral == *name) {
            referral.answered_at.get_or_insert(at);
        }
    }

    fn retag(&mut self, tagged: &Tagged) {
        self.tags.retain(|tag| !tagged.remove.contains(tag));
        for tag in &tagged.add {
            if self.tags.len() < KEPT_TAGS && !self.tags.contains(tag) {
                self.tags.push(tag.clone());
            }
        }
    }
}

impl Learned {
    /// Adds topics, the oldest making room.
    pub(crate) fn add_topics<'a>(&mut self, topics: impl IntoIterator<Item = &'a TopicId>) {
        for topic in topics {
            keep_new(&mut self.topics, topic.clone());
        }
    }

    /// Adds a kind of personal data that the customer gave.
    pub(crate) fn add_given(&mut self, kind: Word) {
        keep_new(&mut self.given, kind);
    }
}

/// Adds `item` at the end; past `most` entries the oldest makes room.
fn keep_newest<T>(list: &mut Vec<T>, item: T, most: usize) {
    if list.len() >= most {
        list.remove(0);
    }
    list.push(item);
}

/// Adds `item` unless the list holds it.
fn keep_new<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        keep_newest(list, item, KEPT);
    }
}

/// A number for an event's name.
fn fingerprint(event: &EventId) -> u64 {
    Fnv::of(event.as_str().as_bytes()).get()
}
