//! What a host keeps around the engine: conversations, customers, the desk, and what spans them.

use std::collections::{BTreeMap, BTreeSet};

use galateo::decision::{Action, Decision};
use galateo::detect::pii::{Direction, PiiContext};
use galateo::detect::{ScanContext, Scratch, SignalKind, Speaker};
use galateo::gate::{Review, SentReplies};
use galateo::measure::{Arrival, Enrolment, Pulse, PulseSettings, Rise, Shard, Vigil};
use galateo::model::{
    Channel, Conversation, ConversationId, Customer, CustomerId, Desk, Draft, Event, EventKind, Message,
    Mode, Role, Seconds, Timestamp, Touch, Word,
};
use galateo::{Engine, Why, World};

use crate::count::Counting;

/// The host's state, in memory.
pub struct Host {
    pub engine: Engine,
    pub conversations: BTreeMap<ConversationId, Conversation>,
    pub counting: Counting,
    customers: BTreeMap<CustomerId, Customer>,
    desk: Desk,
    /// The mode that the host's own desk line asks for; the vigil may be higher.
    asked: Mode,
    sent: SentReplies,
    pilots: BTreeMap<Word, Enrolment>,
    pulse: Pulse,
    vigil: Option<Vigil>,
    /// What was shown already, so that time says each thing once.
    told: BTreeSet<(ConversationId, String)>,
    scratch: Scratch,
}

/// What came of an event.
pub struct Heard {
    pub decision: Decision,
    /// The message as it may be shown.
    pub shown: Option<String>,
    pub notes: Vec<Note>,
}

/// What came of a moment, for one conversation.
pub struct Due {
    pub conversation: ConversationId,
    pub decision: Decision,
}

/// Something the host did or noticed.
pub enum Note {
    Mode { from: Mode, to: Mode },
    Enrolled { feature: Word, place: u32, of: u32 },
    PilotFull { feature: Word },
}

impl Host {
    pub fn new(engine: Engine) -> Self {
        Self {
            engine,
            conversations: BTreeMap::new(),
            counting: Counting::default(),
            customers: BTreeMap::new(),
            desk: Desk::default(),
            asked: Mode::Normal,
            sent: SentReplies::default(),
            pilots: BTreeMap::new(),
            pulse: Pulse::default(),
            vigil: None,
            told: BTreeSet::new(),
            scratch: Scratch::default(),
        }
    }

    pub fn meet(&mut self, customer: Customer) {
        self.customers.insert(customer.id.clone(), customer);
    }

    /// Who is on duty from now on; gives the mode before and after where it changes.
    pub fn staff(&mut self, desk: Desk) -> Option<Note> {
        let from = self.desk.mode;
        self.asked = desk.mode;
        self.desk = desk;
        self.settle_mode(from)
    }

    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Assesses an event, and does what a host does with the decision.
    pub fn hear(&mut self, event: &Event) -> Heard {
        let mut conversation = self
            .conversations
            .remove(&event.conversation)
            .unwrap_or_else(|| Conversation::new(event.conversation.clone()));
        let id = conversation.customer.as_ref().or(event.by.customer()).cloned();
        let world = World {
            customer: id.as_ref().and_then(|id| self.customers.get(id)),
            desk: Some(&self.desk),
            recent: Some(&self.sent),
            ..World::at(event.at)
        };
        let decision = self.engine.assess(event, &mut conversation, &world);
        let shown = self.show(event, id.as_ref(), &decision);
        let known = id.as_ref().and_then(|id| self.customers.get(id));
        self.counting.event(event, &conversation, known, &decision);
        let notes = self.act(event, &conversation, &decision);
        self.conversations.insert(conversation.id.clone(), conversation);
        Heard { decision, shown, notes }
    }

    /// Why the decision on an event would be as it is.
    pub fn explain(&self, event: &Event) -> Why {
        let fresh = Conversation::new(event.conversation.clone());
        let conversation = self.conversations.get(&event.conversation).unwrap_or(&fresh);
        let id = conversation.customer.as_ref().or(event.by.customer());
        let customer = id.and_then(|id| self.customers.get(id));
        let world =
            World { customer, desk: Some(&self.desk), recent: Some(&self.sent), ..World::at(event.at) };
        self.engine.explain(event, conversation, &world)
    }

    /// Has the gate review a draft.
    pub fn review(&mut self, at: Timestamp, draft: &Draft) -> (Review, String) {
        let fresh = Conversation::new(draft.conversation.clone());
        let conversation = self.conversations.get(&draft.conversation).unwrap_or(&fresh);
        let customer = conversation.customer.as_ref().and_then(|id| self.customers.get(id));
        let world = World { customer, desk: Some(&self.desk), recent: Some(&self.sent), ..World::at(at) };
        let review = self.engine.review(draft.clone(), conversation, &world);
        let context = PiiContext {
            language: draft.language,
            direction: Direction::Outbound,
            visibility: draft.surface.visibility,
            names: &[],
        };
        let shown = self.engine.policy().redactor().redact(draft.text.expose(), &context).text;
        self.counting.draft(draft, &review);
        (review, shown)
    }

    /// Asks every conversation what is due; those with news come back, and the next wake-up of all.
    pub fn wake(&mut self, now: Timestamp) -> (Vec<Due>, Option<(Timestamp, ConversationId)>) {
        let (mut news, mut next): (Vec<Due>, Option<(Timestamp, ConversationId)>) = (Vec::new(), None);
        for conversation in self.conversations.values() {
            if conversation.merged_into.is_some() {
                continue;
            }
            let customer = conversation.customer.as_ref().and_then(|id| self.customers.get(id));
            let world =
                World { customer, desk: Some(&self.desk), recent: Some(&self.sent), ..World::at(now) };
            let mut decision = self.engine.due(conversation, &world);
            if let Some(at) = decision.wake_at {
                let soonest = next.as_ref().is_none_or(|(known, _)| at < *known);
                next = if soonest { Some((at, conversation.id.clone())) } else { next };
            }
            let told = &mut self.told;
            decision.actions.retain(|chosen| told.insert((conversation.id.clone(), gist(&chosen.action))));
            if !decision.actions.is_empty() {
                news.push(Due { conversation: conversation.id.clone(), decision });
            }
        }
        (news, next)
    }

    /// The text as it may be shown to anyone: whatever the engine finds in it is hidden.
    fn show(&self, event: &Event, customer: Option<&CustomerId>, decision: &Decision) -> Option<String> {
        let (text, visibility) = match &event.what {
            EventKind::Message(message) => (message.text.expose(), message.surface.visibility),
            EventKind::Edited(edited) => (edited.text.expose(), galateo::model::Visibility::Public),
            _ => return None,
        };
        let known = customer.and_then(|id| self.customers.get(id));
        let names: Vec<&str> =
            known.map_or(Vec::new(), |known| known.names.iter().map(|name| name.expose().as_str()).collect());
        let inbound = matches!(event.by.role(), Role::Customer | Role::System);
        let (direction, names) =
            if inbound { (Direction::Inbound, &names[..]) } else { (Direction::Outbound, &[][..]) };
        let context = PiiContext { language: decision.seen.language, direction, visibility, names };
        Some(self.engine.policy().redactor().redact(text, &context).text)
    }

    fn act(&mut self, event: &Event, conversation: &Conversation, decision: &Decision) -> Vec<Note> {
        let mut notes = Vec::new();
        if let Some(message) = event.message() {
            match event.by.role() {
                Role::Customer => {
                    self.remember_contact(event.at, message, conversation);
                    notes.extend(self.watch(event, message, decision));
                }
                Role::Agent | Role::Bot => self.remember_reply(event.at, message, conversation),
                _ => {}
            }
        }
        let channel = conversation.surface.as_ref().map(|surface| surface.channel.clone());
        for chosen in &decision.actions {
            if let (Action::Enrol { feature, .. }, Some(channel)) = (&chosen.action, &channel) {
                notes.extend(self.enrol(feature, channel, conversation.customer.as_ref(), event.at));
            }
        }
        notes
    }

    /// A contact on another channel, or data given in private, is known in every conversation (R6, R30).
    fn remember_contact(&mut self, at: Timestamp, message: &Message, conversation: &Conversation) {
        let id = conversation.customer.as_ref();
        let Some(customer) = id.and_then(|id| self.customers.get_mut(id)) else { return };
        if conversation.counts.customer_messages == 1 {
            let topic = conversation.learned.topics.first().cloned();
            let channel = message.surface.channel.clone();
            customer.history.push(Touch { at, channel, topic, solved: false });
        }
        for kind in &conversation.learned.given {
            if !customer.given.contains(kind) {
                customer.given.push(kind.clone());
            }
        }
    }

    /// Public replies are remembered, so that the next ones can be told from copies (R28, R73).
    fn remember_reply(&mut self, at: Timestamp, message: &Message, conversation: &Conversation) {
        if !message.surface.visibility.is_open() || message.echo {
            return;
        }
        let context = ScanContext { speaker: Some(Speaker::Agent), language: message.language, names: &[] };
        let text = message.text.expose();
        let signals = self.engine.policy().detectors().scan(text, &context, &mut self.scratch);
        self.sent.record(at, &conversation.id, conversation.learned.topics.first(), text, signals);
    }

    /// Counts the message for the pulse, and raises the mode on a rise or on one alarming message (R53).
    fn watch(&mut self, event: &Event, message: &Message, decision: &Decision) -> Option<Note> {
        let author = event.by.customer()?;
        let seen = &decision.seen;
        let arrival = Arrival {
            at: event.at,
            channel: &message.surface.channel,
            topic: seen.topics.first(),
            negative: seen.sentiment.class == galateo::detect::SentimentClass::Negative,
            author,
        };
        let settings = PulseSettings { utc_offset: Seconds::hours(1), ..PulseSettings::DEFAULT };
        self.pulse.record(&arrival, event.at);
        let rises: Vec<Rise> = self.pulse.rises(event.at, &settings);
        let from = self.desk.mode;
        let vigil = self.vigil.get_or_insert_with(|| Vigil::new(event.at));
        vigil.step(event.at, &rises, &settings);
        let alarming = |signal: &galateo::detect::Signal| {
            signal.kind == SignalKind::Crisis && signal.confidence.get() >= galateo::playbook::FACT
        };
        if message.surface.visibility.is_open() && seen.signals.iter().any(alarming) {
            vigil.raise(event.at, Mode::Watch);
        }
        self.settle_mode(from)
    }

    /// The higher of what the desk asks for and what the vigil sees.
    fn settle_mode(&mut self, from: Mode) -> Option<Note> {
        let seen = self.vigil.as_ref().map_or(Mode::Normal, Vigil::mode);
        self.desk.mode = self.asked.max(seen);
        (self.desk.mode != from).then_some(Note::Mode { from, to: self.desk.mode })
    }

    fn enrol(
        &mut self,
        feature: &Word,
        channel: &Channel,
        customer: Option<&CustomerId>,
        now: Timestamp,
    ) -> Option<Note> {
        let customer = self.customers.get_mut(customer?)?;
        let rollout = self.engine.policy().rollout(feature)?;
        let cap = rollout.stage_at(now)?.cap.unwrap_or(galateo::measure::MAX_CAP);
        let places = self.pilots.entry(feature.clone()).or_insert_with(|| Enrolment::new(cap));
        let before = places.len();
        if !rollout.admit(customer, channel, now, places, Shard(0)).is_in() {
            return Some(Note::PilotFull { feature: feature.clone() });
        }
        if !customer.enrolled.contains(feature) {
            customer.enrolled.push(feature.clone());
        }
        let place = places.len();
        (place > before).then(|| Note::Enrolled { feature: feature.clone(), place, of: cap })
    }
}

/// An action without its deadline, which moves with the moment that asks.
fn gist(action: &Action) -> String {
    let mut value = serde_json::to_value(action).unwrap_or_default();
    if let Some(fields) = value.as_object_mut().and_then(|named| named.values_mut().next()?.as_object_mut()) {
        fields.remove("due");
    }
    value.to_string()
}
