//! The day's figures: facts for the recorder, and what the gate did.

use std::collections::BTreeMap;

use galateo::decision::{Action, Decision};
use galateo::detect::{SentimentClass, SignalKind};
use galateo::gate::{FindingCode, Review, Verdict};
use galateo::measure::{Fact, Fairness, Feeling, Mention, Observation, Period, Recorder, Sentiment, Summary};
use galateo::model::{
    Channel, Conversation, ConversationId, Customer, Draft, Event, EventId, EventKind, Message, ReferralId,
    Role, Tag, Timestamp, TopicId,
};
use galateo::schedule::sla::{ClockReading, ClockState};

/// Everything counted over the day.
pub struct Counting {
    recorder: Recorder,
    /// First responses by language of the customer and by the host's own groups.
    pub fairness: Fairness,
    pub verdicts: BTreeMap<Verdict, u64>,
    pub findings: BTreeMap<FindingCode, u64>,
    pub actions: BTreeMap<&'static str, u64>,
    threads: BTreeMap<ConversationId, Thread>,
    referrals: BTreeMap<ReferralId, (ConversationId, EventId, Option<Timestamp>)>,
    pub span: Option<(Timestamp, Timestamp)>,
}

/// What the figures need to know of one conversation.
struct Thread {
    first: EventId,
    received_at: Timestamp,
    channel: Channel,
    topic: Option<TopicId>,
    responded: bool,
    answered: bool,
    done: bool,
    /// The newest decision was to leave it be.
    excused: bool,
    /// Remedies granted with the newest draft that passed.
    granted: Vec<Tag>,
}

impl Default for Counting {
    fn default() -> Self {
        Self {
            recorder: Recorder::new(Summary::new(Period::ALWAYS)),
            fairness: Fairness::default(),
            verdicts: BTreeMap::new(),
            findings: BTreeMap::new(),
            actions: BTreeMap::new(),
            threads: BTreeMap::new(),
            referrals: BTreeMap::new(),
            span: None,
        }
    }
}

impl Counting {
    /// Counts a draft by its verdict and its findings.
    pub fn draft(&mut self, draft: &Draft, review: &Review) {
        *self.verdicts.entry(review.verdict).or_default() += 1;
        for finding in &review.findings {
            *self.findings.entry(finding.code).or_default() += 1;
        }
        if review.clearance.is_some()
            && let Some(thread) = self.threads.get_mut(&draft.conversation)
        {
            thread.granted = draft.granted.iter().filter_map(|word| Tag::new(word.as_str()).ok()).collect();
        }
    }

    /// Counts what an event shows.
    pub fn event(
        &mut self,
        event: &Event,
        conversation: &Conversation,
        customer: Option<&Customer>,
        decision: &Decision,
    ) {
        self.span = Some(self.span.map_or((event.at, event.at), |(from, _)| (from, event.at)));
        for chosen in &decision.actions {
            *self.actions.entry(name(&chosen.action)).or_default() += 1;
        }
        match &event.what {
            EventKind::Message(message) if message.echo => {}
            EventKind::Message(message) => match event.by.role() {
                Role::Customer => self.incoming(event, message, conversation, decision),
                Role::Agent | Role::Bot => self.outgoing(event, message, customer),
                _ => {}
            },
            EventKind::Rated(rated) => self.note(event, Observation::Rated { rating: rated.stars }),
            EventKind::Status(change) => self.status(event, change.to.is_done()),
            EventKind::ReferralAsked(asked) => {
                self.note(event, Observation::Referred);
                let entry = (event.conversation.clone(), event.id.clone(), asked.due);
                self.referrals.insert(asked.referral.clone(), entry);
            }
            EventKind::ReferralAnswered(answer) => {
                let due = self.referrals.remove(&answer.referral).and_then(|(_, _, due)| due);
                let late = due.is_some_and(|due| due < event.at);
                let seen = if late { Observation::ReferralBreached } else { Observation::ReferralAnswered };
                self.note(event, seen);
            }
            _ => {}
        }
    }

    /// Counts what is left at the end: SLA targets, unanswered questions, and who is owed no answer.
    pub fn close(&mut self, now: Timestamp, clocks: &[(ConversationId, Vec<ClockReading>)]) -> &Summary {
        for (conversation, clocks) in clocks {
            for clock in clocks {
                let met = match clock.state {
                    ClockState::Fulfilled => !clock.breached,
                    ClockState::Running if clock.breached => false,
                    _ => continue,
                };
                let name = format!("{conversation}-{}-{}", clock.metric.as_str(), clock.instance);
                if let Ok(id) = EventId::new(name) {
                    self.fact(conversation, id, now, Observation::Target { met });
                }
            }
        }
        for (_, (conversation, asked, due)) in std::mem::take(&mut self.referrals) {
            if due.is_some_and(|due| due < now) {
                self.fact(&conversation, asked, now, Observation::ReferralBreached);
            }
        }
        let left: Vec<(ConversationId, EventId)> = self
            .threads
            .iter()
            .filter(|(_, thread)| thread.excused && !thread.answered)
            .map(|(id, thread)| (id.clone(), thread.first.clone()))
            .collect();
        for (conversation, first) in left {
            self.fact(&conversation, first, now, Observation::Excused);
        }
        self.recorder.summary()
    }

    fn incoming(
        &mut self,
        event: &Event,
        message: &Message,
        conversation: &Conversation,
        decision: &Decision,
    ) {
        let is_new = !self.threads.contains_key(&event.conversation);
        let thread = self.threads.entry(event.conversation.clone()).or_insert_with(|| Thread {
            first: event.id.clone(),
            received_at: event.at,
            channel: message.surface.channel.clone(),
            topic: conversation.learned.topics.first().cloned(),
            responded: false,
            answered: false,
            done: false,
            excused: false,
            granted: Vec::new(),
        });
        let leaves = |action: &Action| matches!(action, Action::Ignore { .. } | Action::Monitor { .. });
        thread.excused = decision.actions.iter().any(|chosen| leaves(&chosen.action));
        if is_new {
            self.note(event, Observation::Received);
        }
        let seen = &decision.seen;
        let class = match seen.sentiment.class {
            SentimentClass::Negative => Feeling::Negative,
            SentimentClass::Neutral => Feeling::Neutral,
            SentimentClass::Positive => Feeling::Positive,
        };
        let has = |kind: &SignalKind| seen.signals.iter().any(|signal| signal.kind == *kind);
        let mention = match (has(&SignalKind::BrandMention), has(&SignalKind::CompetitorMention)) {
            (true, true) => Mention::Both,
            (false, true) => Mention::Competitor,
            _ => Mention::Own,
        };
        let observation = Observation::MessageReceived {
            visibility: message.surface.visibility,
            sentiment: Some(Sentiment::new(seen.sentiment.score, class)),
            mention,
        };
        let topic = seen.topics.first().cloned();
        self.recorder.record(&Fact {
            topic,
            ..Fact::new(event.id.clone(), event.at, message.surface.channel.clone(), observation)
        });
    }

    fn outgoing(&mut self, event: &Event, message: &Message, customer: Option<&Customer>) {
        if message.surface.visibility == galateo::model::Visibility::Internal {
            return;
        }
        let Some(thread) = self.threads.get_mut(&event.conversation) else {
            let channel = message.surface.channel.clone();
            for observation in [Observation::MessageSent, Observation::ProactiveReply] {
                self.recorder.record(&Fact::new(event.id.clone(), event.at, channel.clone(), observation));
            }
            return;
        };
        let after = event.at.since(thread.received_at);
        let granted = std::mem::take(&mut thread.granted);
        // A machine's sign of life is a response, not yet an answer (R90).
        let human = event.by.role() == Role::Agent;
        let first_answer = human && !std::mem::replace(&mut thread.answered, true);
        let first_response = !std::mem::replace(&mut thread.responded, true);
        self.note(event, Observation::MessageSent);
        granted.into_iter().for_each(|remedy| self.note(event, Observation::RemedyGiven { remedy }));
        if first_response {
            self.note(event, Observation::FirstResponse { after });
            self.fairness.record(&groups(customer), after);
        }
        if first_answer {
            self.note(event, Observation::Answered { after });
        }
    }

    fn status(&mut self, event: &Event, done: bool) {
        let Some(thread) = self.threads.get_mut(&event.conversation) else { return };
        match (std::mem::replace(&mut thread.done, done), done) {
            (false, true) => self.note(event, Observation::Resolved),
            (true, false) => self.note(event, Observation::Reopened),
            _ => {}
        }
    }

    fn note(&mut self, event: &Event, observation: Observation) {
        self.fact(&event.conversation, event.id.clone(), event.at, observation);
    }

    /// Reports a fact about a conversation that a customer has opened.
    fn fact(&mut self, conversation: &ConversationId, id: EventId, at: Timestamp, observation: Observation) {
        let Some(thread) = self.threads.get(conversation) else { return };
        let fact = Fact {
            received_at: thread.received_at,
            topic: thread.topic.clone(),
            ..Fact::new(id, at, thread.channel.clone(), observation)
        };
        self.recorder.record(&fact);
    }
}

/// Groups compared for fairness: the customer's language, and tags that the host put on them.
fn groups(customer: Option<&Customer>) -> Vec<Tag> {
    let Some(customer) = customer else { return Vec::new() };
    let language = customer.language.and_then(|language| Tag::new(language.tag()).ok());
    language.into_iter().chain(customer.tags.iter().cloned()).collect()
}

/// A name for counting actions by.
pub fn name(action: &Action) -> &'static str {
    match action {
        Action::AddTags { .. } | Action::RemoveTags { .. } => "tag",
        Action::AskToClose { .. } => "ask_to_close",
        Action::Assign { .. } => "assign",
        Action::Breach { .. } => "breach",
        Action::Chase { .. } => "chase",
        Action::Close { .. } => "close",
        Action::Engage { .. } => "answer",
        Action::Enrol { .. } => "enrol",
        Action::Escalate { .. } => "escalate",
        Action::HandOver { .. } => "hand_over",
        Action::Hide { .. } => "hide",
        Action::Ignore { .. } => "ignore",
        Action::KeepOpen { .. } => "keep_open",
        Action::Monitor { .. } => "monitor",
        Action::MovePrivate { .. } => "move_private",
        Action::OpenTicket { .. } => "ticket",
        Action::Owe { .. } => "owe",
        Action::Proactive { .. } => "proactive",
        Action::RedirectFormal { .. } => "formal",
        Action::Refer { .. } => "refer",
        Action::Report { .. } => "report",
        Action::RequireApproval { .. } => "approval",
        Action::SetPriority { .. } => "priority",
        Action::Suggest { .. } => "suggest",
        Action::Warn { .. } => "warn",
        _ => "other",
    }
}
