//! What time-keeping needs of a conversation's history, and nothing else.

use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::event::Status;
use super::time::Timestamp;

/// Distinct names (priorities, channels, groups, tags) of one timeline; later ones are not kept.
const MAX_NAMES: usize = 4096;

/// Who opened a conversation, as far as clocks care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Creator {
    /// An agent wrote first.
    Agent,
    /// The customer wrote first.
    Customer,
    /// It was brought over from another system.
    Import,
}

/// One entry of a [`Timeline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step<'a> {
    /// The conversation began.
    Created(Creator),
    /// It moved to a channel, or to none that is known.
    Channel(#[serde(borrow)] Option<&'a str>),
    /// It was given to a group, or taken from all.
    Group(Option<&'a str>),
    /// All tags went.
    TagsCleared,
    /// A tag went.
    TagRemoved(&'a str),
    /// A tag came.
    TagAdded(&'a str),
    /// The priority became this, or none.
    Priority(Option<&'a str>),
    /// The customer wrote.
    CustomerMessage,
    /// Someone left a note that the customer cannot read.
    PrivateNote,
    /// A bot answered where the customer reads it.
    BotReply,
    /// A person answered where the customer reads it.
    AgentReply,
    /// The status became this.
    Status(Status),
    /// It was merged into another conversation.
    Merged,
}

/// The kind of an entry; the order of the variants settles entries of the same instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Created(Creator),
    Channel,
    Group,
    TagsCleared,
    TagRemoved,
    TagAdded,
    Priority,
    CustomerMessage,
    PrivateNote,
    BotReply,
    AgentReply,
    Status(Status),
    Merged,
}

/// Sixteen bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    at: Timestamp,
    kind: Kind,
    /// An attribute that came with the creation itself, before anything else of that instant.
    initial: bool,
    /// Index into the names; `NO_NAME` for none.
    name: u16,
}

const NO_NAME: u16 = u16::MAX;

/// The entries that service clocks are computed from, in the order of their own instants.
///
/// The order in which entries are recorded does not matter, and the same entry recorded twice counts
/// once. Entries of one instant are ordered by kind: creation, attributes, the customer's message,
/// notes, bots, people, status; a reply sent together with "solved" comes before it.
///
/// ```
/// use galateo::model::{Creator, Step, Timeline, Timestamp};
/// let at = |text: &str| text.parse::<Timestamp>();
/// let mut timeline = Timeline::new();
/// timeline.record(at("2026-11-23T10:00:00Z")?, Step::AgentReply);
/// timeline.record(at("2026-11-23T09:00:00Z")?, Step::Created(Creator::Customer));
/// assert_eq!(timeline.iter().next().map(|(_, step)| step), Some(Step::Created(Creator::Customer)));
/// # Ok::<(), galateo::model::TimeError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    entries: Vec<Entry>,
    names: Vec<Arc<str>>,
    /// The first place at which something was recorded since that was last asked.
    touched: Option<usize>,
}

impl PartialEq for Timeline {
    /// The same steps; the order in which names were first seen is no part of it.
    fn eq(&self, other: &Self) -> bool {
        let keys = self.entries.iter().map(|entry| self.key(entry));
        keys.eq(other.entries.iter().map(|entry| other.key(entry)))
    }
}

impl Eq for Timeline {}

impl Timeline {
    /// An empty timeline.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new(), names: Vec::new(), touched: None }
    }

    /// Records a step at its own instant.
    pub fn record(&mut self, at: Timestamp, step: Step<'_>) {
        self.insert(at, step, false);
    }

    /// Records an attribute that the conversation had from its creation at `at`.
    pub fn record_initial(&mut self, at: Timestamp, step: Step<'_>) {
        self.insert(at, step, true);
    }

    /// Records that the customer wrote on a channel. At every message the channel in force is its own, in
    /// whatever order messages arrive.
    pub(super) fn record_message(&mut self, at: Timestamp, channel: &str) {
        let before = self.entries.partition_point(|entry| entry.at < at);
        let earlier = self.entries.get(..before).unwrap_or_default();
        let in_force = earlier.iter().rfind(|entry| entry.kind == Kind::Channel);
        let in_force = in_force.and_then(|entry| self.name(entry));
        if in_force != Some(channel) {
            let in_force = in_force.map(str::to_owned);
            self.insert(at, Step::Channel(Some(channel)), false);
            // The next message may rely on what was in force until now.
            let mut later = self.entries.iter().filter(|entry| entry.at > at);
            let next = later.find(|entry| matches!(entry.kind, Kind::Channel | Kind::CustomerMessage));
            let relies = next.filter(|entry| entry.kind == Kind::CustomerMessage).map(|entry| entry.at);
            if let Some((at, channel)) = relies.zip(in_force) {
                self.insert(at, Step::Channel(Some(&channel)), false);
            }
        }
        self.insert(at, Step::CustomerMessage, false);
    }

    /// Entries held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The steps in the order of their instants.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, Step<'_>)> {
        self.entries.iter().map(|entry| (entry.at, self.step(entry)))
    }

    /// The instant of the last entry.
    #[must_use]
    pub fn last_at(&self) -> Option<Timestamp> {
        self.entries.last().map(|entry| entry.at)
    }

    /// Makes room until at most `most` entries are left.
    ///
    /// First go entries that change no clock: a customer's message behind another that nobody has
    /// answered. Then the oldest exchanges between the first two replies and the present go, then changes
    /// that a later one of the same kind has overtaken; the last status, priority, group and channel stay
    /// as long as anything else can go, and the creation always.
    pub fn compact(&mut self, most: usize) {
        self.compact_first(self.entries.len(), most);
    }

    /// Makes room among the first `count` entries until `most` of them are left; how many have gone.
    pub(crate) fn compact_first(&mut self, count: usize, most: usize) -> usize {
        let rest = self.entries.split_off(count.min(self.entries.len()));
        let before = self.entries.len();
        if before > most {
            self.drop_repeated_messages();
            self.drop_exchanges(most);
            self.drop_overtaken(most);
            // Attributes alone fill the room: the oldest go.
            self.drop_where(most, |entry| !matches!(entry.kind, Kind::Created(_)));
        }
        let gone = before.saturating_sub(self.entries.len());
        self.entries.extend(rest);
        gone
    }

    /// The place and the instant of the first entry recorded since this was last asked.
    pub(super) fn take_touched(&mut self) -> Option<(usize, Timestamp)> {
        let place = self.touched.take()?;
        Some((place, self.entries.get(place)?.at))
    }

    /// How many entries lie at or before an instant.
    pub(crate) fn count_until(&self, at: Timestamp) -> usize {
        self.entries.partition_point(|entry| entry.at <= at)
    }

    /// The instant of an entry by its place.
    pub(crate) fn instant_of(&self, place: usize) -> Option<Timestamp> {
        self.entries.get(place).map(|entry| entry.at)
    }

    /// The steps from a place on.
    pub(crate) fn steps_from(&self, place: usize) -> impl Iterator<Item = (Timestamp, Step<'_>)> {
        let entries = self.entries.get(place..).unwrap_or_default();
        entries.iter().map(|entry| (entry.at, self.step(entry)))
    }

    /// Drops the oldest entries that may go until `most` are left.
    fn drop_where(&mut self, most: usize, mut may_go: impl FnMut(&Entry) -> bool) {
        let mut excess = self.entries.len().saturating_sub(most);
        self.entries.retain(|entry| {
            let goes = excess > 0 && may_go(entry);
            excess = excess.saturating_sub(usize::from(goes));
            !goes
        });
    }

    fn drop_exchanges(&mut self, most: usize) {
        let mut replies = 0_u32;
        self.drop_where(most, |entry| {
            let reply = matches!(entry.kind, Kind::AgentReply | Kind::BotReply | Kind::PrivateNote);
            replies = replies.saturating_add(u32::from(reply));
            (entry.kind == Kind::CustomerMessage || reply) && replies > 2
        });
    }

    /// Drops changes of status, priority, group or channel behind which another of the same kind comes.
    fn drop_overtaken(&mut self, most: usize) {
        let register = |kind: Kind| match kind {
            Kind::Status(_) => Some(0),
            Kind::Priority => Some(1),
            Kind::Group => Some(2),
            Kind::Channel => Some(3),
            _ => None,
        };
        let mut to_come = [0_usize; 4];
        for slot in self.entries.iter().filter_map(|entry| register(entry.kind)) {
            to_come.get_mut(slot).into_iter().for_each(|n| *n = n.saturating_add(1));
        }
        self.drop_where(most, |entry| {
            let Some(left) = register(entry.kind).and_then(|slot| to_come.get_mut(slot)) else {
                return false;
            };
            *left = left.saturating_sub(1);
            *left > 0
        });
    }

    fn drop_repeated_messages(&mut self) {
        let (mut waiting, mut seen) = (false, false);
        self.entries.retain(|entry| {
            let repeated = entry.kind == Kind::CustomerMessage && waiting && seen;
            match entry.kind {
                Kind::CustomerMessage => (waiting, seen) = (true, true),
                Kind::AgentReply | Kind::BotReply | Kind::PrivateNote | Kind::Status(_) => waiting = false,
                _ => {}
            }
            !repeated
        });
    }

    fn insert(&mut self, at: Timestamp, step: Step<'_>, initial: bool) {
        let Some(entry) = self.entry(at, step, initial) else { return };
        let place = match self.entries.last() {
            Some(last) if self.key(last) > self.key(&entry) => {
                self.entries.partition_point(|held| self.key(held) < self.key(&entry))
            }
            _ => self.entries.len(),
        };
        let before = place.checked_sub(1).and_then(|i| self.entries.get(i));
        if before != Some(&entry) && self.entries.get(place) != Some(&entry) {
            self.entries.insert(place, entry);
            self.touched = Some(self.touched.map_or(place, |first| first.min(place)));
        }
    }

    fn entry(&mut self, at: Timestamp, step: Step<'_>, initial: bool) -> Option<Entry> {
        let (kind, name) = match step {
            Step::AgentReply => (Kind::AgentReply, None),
            Step::BotReply => (Kind::BotReply, None),
            Step::Channel(name) => (Kind::Channel, name),
            Step::Created(by) => (Kind::Created(by), None),
            Step::CustomerMessage => (Kind::CustomerMessage, None),
            Step::Group(name) => (Kind::Group, name),
            Step::Merged => (Kind::Merged, None),
            Step::Priority(name) => (Kind::Priority, name),
            Step::PrivateNote => (Kind::PrivateNote, None),
            Step::Status(status) => (Kind::Status(status), None),
            Step::TagAdded(name) => (Kind::TagAdded, Some(name)),
            Step::TagRemoved(name) => (Kind::TagRemoved, Some(name)),
            Step::TagsCleared => (Kind::TagsCleared, None),
        };
        let name = match name {
            Some(name) => self.intern(name)?,
            None => NO_NAME,
        };
        Some(Entry { at, kind, initial, name })
    }

    fn intern(&mut self, name: &str) -> Option<u16> {
        let found = self.names.iter().position(|held| &**held == name);
        if found.is_none() && self.names.len() >= MAX_NAMES {
            return None;
        }
        let index = found.unwrap_or_else(|| {
            self.names.push(Arc::from(name));
            self.names.len().saturating_sub(1)
        });
        u16::try_from(index).ok()
    }

    fn name(&self, entry: &Entry) -> Option<&str> {
        self.names.get(usize::from(entry.name)).map(|name| &**name)
    }

    fn key(&self, entry: &Entry) -> (Timestamp, bool, Kind, Option<&str>) {
        (entry.at, !(entry.initial || matches!(entry.kind, Kind::Created(_))), entry.kind, self.name(entry))
    }

    fn step(&self, entry: &Entry) -> Step<'_> {
        let name = self.name(entry);
        match entry.kind {
            Kind::AgentReply => Step::AgentReply,
            Kind::BotReply => Step::BotReply,
            Kind::Channel => Step::Channel(name),
            Kind::Created(by) => Step::Created(by),
            Kind::CustomerMessage => Step::CustomerMessage,
            Kind::Group => Step::Group(name),
            Kind::Merged => Step::Merged,
            Kind::Priority => Step::Priority(name),
            Kind::PrivateNote => Step::PrivateNote,
            Kind::Status(status) => Step::Status(status),
            Kind::TagAdded => Step::TagAdded(name.unwrap_or_default()),
            Kind::TagRemoved => Step::TagRemoved(name.unwrap_or_default()),
            Kind::TagsCleared => Step::TagsCleared,
        }
    }
}

/// One entry on the wire: the instant in milliseconds, whether it came with the creation, the step.
#[derive(Serialize, Deserialize)]
struct Row<'a>(i64, bool, #[serde(borrow)] OwnedStep<'a>);

/// A step that borrows its name where the format allows, and owns it where it must.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OwnedStep<'a> {
    Created(Creator),
    Channel(#[serde(borrow)] Option<std::borrow::Cow<'a, str>>),
    Group(#[serde(borrow)] Option<std::borrow::Cow<'a, str>>),
    TagsCleared,
    TagRemoved(#[serde(borrow)] std::borrow::Cow<'a, str>),
    TagAdded(#[serde(borrow)] std::borrow::Cow<'a, str>),
    Priority(#[serde(borrow)] Option<std::borrow::Cow<'a, str>>),
    CustomerMessage,
    PrivateNote,
    BotReply,
    AgentReply,
    Status(Status),
    Merged,
}

impl OwnedStep<'_> {
    fn step(&self) -> Step<'_> {
        match self {
            Self::AgentReply => Step::AgentReply,
            Self::BotReply => Step::BotReply,
            Self::Channel(name) => Step::Channel(name.as_deref()),
            Self::Created(by) => Step::Created(*by),
            Self::CustomerMessage => Step::CustomerMessage,
            Self::Group(name) => Step::Group(name.as_deref()),
            Self::Merged => Step::Merged,
            Self::Priority(name) => Step::Priority(name.as_deref()),
            Self::PrivateNote => Step::PrivateNote,
            Self::Status(status) => Step::Status(*status),
            Self::TagAdded(name) => Step::TagAdded(name),
            Self::TagRemoved(name) => Step::TagRemoved(name),
            Self::TagsCleared => Step::TagsCleared,
        }
    }
}

impl Serialize for Timeline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.entries.iter().map(|e| (e.at.as_millis(), e.initial, self.step(e))))
    }
}

impl<'de> Deserialize<'de> for Timeline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = Vec::<Row<'de>>::deserialize(deserializer)?;
        let mut timeline = Self::new();
        for Row(millis, initial, step) in &rows {
            let at = Timestamp::from_millis(*millis).map_err(D::Error::custom)?;
            timeline.insert(at, step.step(), *initial);
        }
        Ok(timeline)
    }
}
