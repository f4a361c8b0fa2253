//! Reading a text: signals and personal data, over every part of it that people can see.

use crate::decide::Vote;
use crate::decision::{Degraded, Hidden, Part, Seen};
use crate::detect::pii::{Direction, PiiContext, PiiSpan};
use crate::detect::{ScanContext, Signals, Speaker};
use crate::gate::PersonalSpan;
use crate::model::{Conversation, Customer, Draft, Event, EventKind, Message, Role, Visibility, Word};
use crate::num::narrow;
use crate::playbook::{Directive, Occasion, Policy, Situation, Topic};
use crate::text::Span;

use super::World;
use super::pool::Workspace;
use super::timing::Timing;

/// What reading a text brought.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) signals: Signals,
    found: Vec<(Part, PiiSpan)>,
    /// Kinds of personal data, each once, as conditions name them.
    pub(super) kinds: Vec<Word>,
    unread: usize,
    /// What was not read of each part: it counts as personal data.
    beyond: Vec<(Part, Span)>,
    /// Whether a subject of the text may be answered in public.
    public_answers: bool,
}

impl Workspace {
    /// Reads the message of an event, or what a message was changed to; other events have no text.
    pub(super) fn read_event(
        &mut self,
        policy: &Policy,
        event: &Event,
        occasion: Occasion,
        conversation: &Conversation,
        world: &World<'_>,
    ) -> Reading {
        if matches!(occasion, Occasion::Repeated | Occasion::Echo) {
            return Reading::default();
        }
        let (speaker, direction) = match event.by.role() {
            Role::Customer | Role::System => (Speaker::Customer, Direction::Inbound),
            Role::Agent | Role::Bot => (Speaker::Agent, Direction::Outbound),
        };
        let customer = world.customer;
        let mut reading = match &event.what {
            EventKind::Message(message) => {
                let text = message.text.expose();
                let mut reading = self.scan(policy, text, speaker, message.language, customer);
                self.find_in_message(policy, message, direction, customer, &mut reading);
                reading
            }
            EventKind::Edited(edited) => {
                let text = edited.text.expose();
                // Where it stands is known from the conversation; where it is not, everyone may read it.
                let place =
                    conversation.surface.as_ref().map_or(Visibility::Public, |known| known.visibility);
                let mut reading = self.scan(policy, text, speaker, None, customer);
                self.find(policy, Part::Text, text, place, direction, customer, &mut reading);
                reading
            }
            _ => return Reading::default(),
        };
        reading.name_kinds(policy);
        reading
    }

    /// Reads a draft.
    pub(super) fn read_draft(&mut self, policy: &Policy, draft: &Draft, world: &World<'_>) -> Reading {
        let text = draft.text.expose();
        let mut reading = self.scan(policy, text, Speaker::Agent, draft.language, world.customer);
        self.find(
            policy,
            Part::Text,
            text,
            draft.surface.visibility,
            Direction::Outbound,
            world.customer,
            &mut reading,
        );
        reading.name_kinds(policy);
        reading
    }

    fn scan(
        &mut self,
        policy: &Policy,
        text: &str,
        speaker: Speaker,
        language: Option<crate::model::Language>,
        customer: Option<&Customer>,
    ) -> Reading {
        let names = names(customer);
        let context = ScanContext { speaker: Some(speaker), language, names: &names };
        let signals = policy.detectors().scan(text, &context, &mut self.text).clone();
        let public =
            |topic: &Topic| topic.public_answers && signals.topics.iter().any(|hit| hit.topic == topic.id);
        let public_answers = policy.playbook().topics.iter().any(public);
        Reading { signals, public_answers, ..Reading::default() }
    }

    fn find_in_message(
        &mut self,
        policy: &Policy,
        message: &Message,
        direction: Direction,
        customer: Option<&Customer>,
        reading: &mut Reading,
    ) {
        for (part, text) in parts(message) {
            self.find(policy, part, text, message.surface.visibility, direction, customer, reading);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what is read, where, and around what")]
    fn find(
        &mut self,
        policy: &Policy,
        part: Part,
        text: &str,
        visibility: Visibility,
        direction: Direction,
        customer: Option<&Customer>,
        reading: &mut Reading,
    ) {
        let read = text.get(..text.floor_char_boundary(policy.limits().message_bytes)).unwrap_or_default();
        let names = names(customer);
        // The customer may be called by name in a reply: that is courtesy, not a leak (R93).
        let names = if direction == Direction::Outbound { &[][..] } else { &names };
        let context = PiiContext { language: reading.signals.language, direction, visibility, names };
        policy.redactor().detect(read, &context, &mut self.spans);
        reading.found.extend(self.spans.iter().map(|span| (part, *span)));
        reading.leave(part, text, read.len(), &self.spans);
    }
}

/// The kind under which the unread rest of a text is hidden.
const UNREAD: &str = "unread";

/// Bytes before the end of what is read in which personal data can stand that the end cuts in two.
const CUT_REACH: usize = 256;

fn names(customer: Option<&Customer>) -> Vec<&str> {
    customer
        .map_or_else(Vec::new, |customer| customer.names.iter().map(|name| name.expose().as_str()).collect())
}

/// Everything of a message that a reader of its surface can see.
fn parts(message: &Message) -> impl Iterator<Item = (Part, &str)> {
    let body = std::iter::once((Part::Text, message.text.expose().as_str()));
    let quoted = message.quoted.iter().map(|quoted| (Part::Quoted, quoted.expose().as_str()));
    let handle = message.handle.iter().map(|handle| (Part::Handle, handle.expose().as_str()));
    let previews =
        (0..).zip(&message.previews).map(|(at, preview)| (Part::Preview(at), preview.expose().as_str()));
    let files = (0..).zip(&message.attachments).filter_map(|(at, attachment)| {
        attachment.name.as_ref().map(|name| (Part::FileName(at), name.expose().as_str()))
    });
    body.chain(quoted).chain(handle).chain(previews).chain(files)
}

impl Reading {
    /// Notes what of a part is not read, from `end` on; what the end may have cut in two belongs to it.
    fn leave(&mut self, part: Part, text: &str, end: usize, found: &[PiiSpan]) {
        let unread = text.len().saturating_sub(end);
        if unread == 0 {
            return;
        }
        self.unread = self.unread.saturating_add(unread);
        let start = text.floor_char_boundary(end.saturating_sub(CUT_REACH));
        let cut = found.iter().find(|span| span.end > start).map(|span| span.start);
        let start = cut.map_or(start, |cut| cut.min(start));
        self.beyond.push((part, Span { start: narrow(start), end: narrow(text.len()) }));
    }

    fn name_kinds(&mut self, policy: &Policy) {
        for (_, span) in &self.found {
            let kind = policy.kind_name(span);
            if !self.kinds.contains(&kind) {
                self.kinds.push(kind);
            }
        }
    }

    /// The view that conditions ask, without event and draft.
    pub(super) fn situation<'a>(
        &'a self,
        occasion: Occasion,
        conversation: &'a Conversation,
        world: &World<'a>,
        timing: &Timing,
        features: &'a [Word],
    ) -> Situation<'a> {
        Situation {
            occasion,
            now: world.now,
            event: None,
            draft: None,
            conversation,
            customer: world.customer,
            desk: world.desk,
            signals: &self.signals,
            pii: &self.kinds,
            deadline: timing.deadline,
            breached: timing.breached,
            own: world.facts,
            features,
            open: timing.open,
            public_answers: self.public_answers,
            truncated: self.unread > 0 || self.signals.degraded,
        }
    }

    /// Personal data in the body, by name of kind, for the gate.
    pub(super) fn personal(&self, policy: &Policy) -> Vec<PersonalSpan> {
        let body = self.found.iter().filter(|(part, _)| *part == Part::Text);
        body.map(|(_, span)| PersonalSpan { kind: policy.kind_name(span), span: byte_span(span) }).collect()
    }

    /// Personal data in the body, for explanations.
    pub(super) fn personal_places(&self) -> impl Iterator<Item = (Word, Span)> {
        let body = self.found.iter().filter(|(part, _)| *part == Part::Text);
        body.map(|(_, span)| (span.kind.word(), byte_span(span)))
    }

    /// What is hidden: the kinds looked for by default, and those that a rule asks for.
    pub(super) fn hidden(&self, policy: &Policy, votes: &[Vote<'_>]) -> Vec<Hidden> {
        let asked: Vec<&Word> = votes
            .iter()
            .filter_map(|vote| match vote.directive {
                Directive::Redact { kinds } => Some(kinds),
                _ => None,
            })
            .flatten()
            .collect();
        let shown = self
            .found
            .iter()
            .filter(|(_, span)| policy.hides_by_default(span) || asked.contains(&&policy.kind_name(span)));
        let read = shown.map(|(part, span)| Hidden {
            part: *part,
            span: byte_span(span),
            kind: policy.kind_name(span),
            confidence: span.confidence,
        });
        let is_beyond =
            |one: &Hidden| self.beyond.iter().any(|(part, span)| *part == one.part && span.covers(one.span));
        let mut hidden: Vec<Hidden> = read.filter(|one| !is_beyond(one)).collect();
        hidden.extend(self.beyond.iter().map(|(part, span)| Hidden {
            part: *part,
            span: *span,
            kind: Word::from_static(UNREAD),
            confidence: 100,
        }));
        hidden
    }

    /// What the text shows, for the decision.
    pub(super) fn seen(&self) -> Seen {
        Seen::of(&self.signals)
    }

    /// Ceilings that were hit.
    pub(super) fn degraded(&self) -> Vec<Degraded> {
        let truncated = (self.unread > 0).then_some(Degraded::Truncated { unread: self.unread });
        let dropped = (self.unread == 0 && self.signals.degraded).then_some(Degraded::SignalsDropped);
        truncated.into_iter().chain(dropped).collect()
    }
}

fn byte_span(span: &PiiSpan) -> Span {
    Span { start: narrow(span.start), end: narrow(span.end) }
}
