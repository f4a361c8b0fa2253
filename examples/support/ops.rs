//! The operations of `pipe`, each a thin shell over the library.

use std::collections::BTreeMap;

use galateo::channel::{ChannelFacts, LengthRequest};
use galateo::detect::pii::{RedactRequest, Redactor};
use galateo::detect::{ScanContext, Scratch, Speaker};
use galateo::model::{
    Conversation, ConversationId, Customer, CustomerId, Desk, Draft, Event, Language, Sensitive, Timestamp,
};
use galateo::playbook::{Document, Policy, RuleSession};
use galateo::{Diagnostics, Engine, Limits, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::{Fault, read};

/// What lives from line to line.
pub struct Session {
    engine: Engine,
    redactor: Redactor,
    scratch: Scratch,
    rules: Option<RuleSession>,
    kept: Option<Kept>,
}

/// What `--keep` holds by id.
#[derive(Default)]
struct Kept {
    conversations: BTreeMap<ConversationId, Conversation>,
    customers: BTreeMap<CustomerId, Customer>,
    desk: Option<Desk>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Assess {
    event: Event,
    conversation: Option<Conversation>,
    customer: Option<Customer>,
    desk: Option<Desk>,
    now: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    draft: Draft,
    conversation: Option<Conversation>,
    customer: Option<Customer>,
    desk: Option<Desk>,
    now: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Due {
    conversation: Conversation,
    customer: Option<Customer>,
    desk: Option<Desk>,
    now: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scan {
    text: Sensitive<String>,
    lang: Option<Language>,
    speaker: Option<SpeakerWord>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SpeakerWord {
    Customer,
    Agent,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rules {
    rules: Option<Value>,
    fields: Option<Value>,
    facts: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lint {
    playbook: Value,
}

impl Session {
    /// A session over the starter playbook, or over the one in a file.
    pub fn new(playbook: Option<&str>, keep: bool) -> Result<Self, String> {
        let policy = match playbook {
            Some(path) => super::playbook::policy_from(path)?,
            None => Policy::starter(),
        };
        Ok(Self {
            engine: Engine::new(policy),
            redactor: Redactor::standard(),
            scratch: Scratch::default(),
            rules: None,
            kept: keep.then(Kept::default),
        })
    }

    /// The answer to one request.
    pub fn answer(&mut self, op: &str, request: Value) -> Result<Value, Fault> {
        match op {
            "assess" => self.assess(read(request)?),
            "business_time" => {
                let request: galateo::schedule::BusinessTimeRequest = read(request)?;
                request.answer().map(|answer| json!(answer)).map_err(|fault| of_spec(&fault))
            }
            "due" => self.due(&read(request)?),
            "length" => {
                let request: LengthRequest = read(request)?;
                let answer = request.answer(ChannelFacts::built_in());
                answer
                    .map(|answer| json!(answer))
                    .map_err(|fault| Fault::new("wrong_value", "surface", fault.to_string()))
            }
            "lint" => lint(&read::<Lint>(request)?.playbook),
            "redact" => Ok(json!(read::<RedactRequest>(request)?.answer(&self.redactor))),
            "review" => self.review(read(request)?),
            "rules" => self.rules(read(request)?),
            "scan" => Ok(self.scan(&read(request)?)),
            "sla" => {
                let request: galateo::schedule::SlaRequest = read(request)?;
                request.answer().map(|answer| json!(answer)).map_err(|fault| of_spec(&fault))
            }
            _ => Err(Fault::new("unknown_op", "op", "unknown operation")),
        }
    }

    fn assess(&mut self, request: Assess) -> Result<Value, Fault> {
        let Assess { event, conversation, customer, desk, now } = request;
        let now = now.unwrap_or(event.at);
        let mut conversation = conversation
            .or_else(|| self.kept.as_ref()?.conversations.get(&event.conversation).cloned())
            .unwrap_or_else(|| Conversation::new(event.conversation.clone()));
        if conversation.id != event.conversation {
            return Err(Fault::new("wrong_value", "conversation.id", "the conversation is not the event's"));
        }
        self.keep(customer.as_ref(), desk.as_ref());
        let customer =
            customer.or_else(|| self.known_customer(conversation.customer.as_ref().or(event.by.customer())));
        let desk = desk.or_else(|| self.kept.as_ref()?.desk.clone());
        let world = World { customer: customer.as_ref(), desk: desk.as_ref(), ..World::at(now) };
        let decision = self.engine.assess(&event, &mut conversation, &world);
        let answer = json!({ "decision": decision, "conversation": conversation });
        if let Some(kept) = &mut self.kept {
            kept.conversations.insert(conversation.id.clone(), conversation);
        }
        Ok(answer)
    }

    fn review(&mut self, request: Review) -> Result<Value, Fault> {
        let Review { draft, conversation, customer, desk, now } = request;
        let conversation = conversation
            .or_else(|| self.kept.as_ref()?.conversations.get(&draft.conversation).cloned())
            .unwrap_or_else(|| Conversation::new(draft.conversation.clone()));
        if conversation.id != draft.conversation {
            return Err(Fault::new("wrong_value", "conversation.id", "the conversation is not the draft's"));
        }
        let customer = customer.or_else(|| self.known_customer(conversation.customer.as_ref()));
        let desk = desk.or_else(|| self.kept.as_ref()?.desk.clone());
        let world = World { customer: customer.as_ref(), desk: desk.as_ref(), ..World::at(now) };
        let review = self.engine.review(draft, &conversation, &world);
        let findings: Vec<Value> = review.findings.iter().map(finding).collect();
        Ok(json!({ "verdict": review.verdict, "findings": findings }))
    }

    fn due(&self, request: &Due) -> Result<Value, Fault> {
        let known = self.known_customer(request.conversation.customer.as_ref());
        let customer = request.customer.as_ref().or(known.as_ref());
        let world = World { customer, desk: request.desk.as_ref(), ..World::at(request.now) };
        let decision = self.engine.due(&request.conversation, &world);
        Ok(json!({ "wake_at": decision.wake_at, "decision": decision }))
    }

    fn scan(&mut self, request: &Scan) -> Value {
        let speaker = request.speaker.as_ref().map(|speaker| match speaker {
            SpeakerWord::Customer => Speaker::Customer,
            SpeakerWord::Agent => Speaker::Agent,
        });
        let context = ScanContext { speaker, language: request.lang, names: &[] };
        let signals =
            self.engine.policy().detectors().scan(request.text.expose(), &context, &mut self.scratch);
        let shown: Vec<Value> = signals
            .signals
            .iter()
            .filter(|signal| !signal.kind.as_str().starts_with("phrase_"))
            .map(|signal| {
                json!({
                    "kind": signal.kind, "start": signal.span.start, "end": signal.span.end,
                    "confidence": signal.confidence,
                })
            })
            .collect();
        json!({ "language": signals.language, "sentiment": signals.sentiment, "signals": shown })
    }

    fn rules(&mut self, request: Rules) -> Result<Value, Fault> {
        if let Some(rules) = &request.rules {
            let session = RuleSession::new(rules, request.fields.as_ref(), &Limits::DEFAULT);
            self.rules = Some(session.map_err(|faults| of_document(&faults))?);
        }
        let Some(session) = &mut self.rules else {
            return Err(Fault::new(
                "missing_field",
                "rules",
                "no rules were given on this or an earlier line",
            ));
        };
        match &request.facts {
            Some(facts) => {
                session.ask(facts).map(|answer| json!(answer)).map_err(|faults| of_document(&faults))
            }
            None => Ok(json!({ "matched": [], "first": null })),
        }
    }

    fn known_customer(&self, id: Option<&CustomerId>) -> Option<Customer> {
        self.kept.as_ref()?.customers.get(id?).cloned()
    }

    fn keep(&mut self, customer: Option<&Customer>, desk: Option<&Desk>) {
        let Some(kept) = &mut self.kept else { return };
        if let Some(customer) = customer {
            kept.customers.insert(customer.id.clone(), customer.clone());
        }
        if let Some(desk) = desk {
            kept.desk = Some(desk.clone());
        }
    }
}

/// A finding as the protocol writes it.
fn finding(finding: &galateo::gate::Finding) -> Value {
    let mut shown = json!({ "code": finding.code, "severity": finding.severity });
    if let Some(span) = finding.span {
        shown["start"] = json!(span.start);
        shown["end"] = json!(span.end);
    }
    if let Some(repair) = &finding.repair {
        shown["repair"] = json!(repair);
    }
    if let Some(rule) = &finding.rule {
        shown["rule"] = json!(rule);
    }
    shown
}

/// A playbook as TOML text or as an object.
fn lint(playbook: &Value) -> Result<Value, Fault> {
    let limits = Limits::DEFAULT;
    let document = match playbook {
        Value::String(text) => Document::from_toml(text, &limits),
        other => Document::from_value(other),
    };
    let found = match document.and_then(|document| Policy::compile(&document, &limits)) {
        Ok((policy, mut warnings)) => {
            warnings.extend(policy.lint());
            warnings
        }
        Err(faults) => faults,
    };
    Ok(json!({ "diagnostics": found.as_slice() }))
}

fn of_document(faults: &Diagnostics) -> Fault {
    let first = faults.as_slice().first();
    let code = first.map_or("G0101", |first| first.code.as_str());
    let path = first.map_or(String::new(), |first| first.path.clone());
    Fault::new(code, path, faults.to_string())
}

fn of_spec(faults: &galateo::schedule::SpecFaults) -> Fault {
    let path = faults.list().first().map_or(String::new(), |fault| fault.path.to_string());
    Fault::new("wrong_value", path, faults.to_string())
}
