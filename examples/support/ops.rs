//! The operations of `pipe`, each a thin shell over the library.

use std::collections::BTreeMap;
use std::sync::Arc;

use galateo::channel::{ChannelFacts, LengthRequest};
use galateo::detect::pii::{RedactRequest, Redactor};
use galateo::detect::{ScanContext, Scratch, Speaker};
use galateo::model::{
    Conversation, ConversationId, Customer, CustomerId, Desk, Draft, Event, Language, Sensitive, Timestamp,
};
use galateo::playbook::{Document, OwnFacts, Policy, RuleSession};
use galateo::{Diagnostics, Engine, Limits, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fault::{Fault, discreet_path, read};

/// What lives from line to line.
pub struct Session {
    engine: Arc<Engine>,
    replay: Option<galateo::Replay>,
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
    facts: Option<OwnFacts>,
    now: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    draft: Draft,
    conversation: Option<Conversation>,
    customer: Option<Customer>,
    desk: Option<Desk>,
    facts: Option<OwnFacts>,
    now: Timestamp,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Due {
    conversation: Conversation,
    customer: Option<Customer>,
    desk: Option<Desk>,
    facts: Option<OwnFacts>,
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
    explain: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lint {
    playbook: Value,
    today: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Explain {
    event: Option<Event>,
    conversation: Option<Conversation>,
    customer: Option<Customer>,
    desk: Option<Desk>,
    facts: Option<OwnFacts>,
    now: Option<Timestamp>,
    rule: Option<String>,
    lang: Option<Language>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Replayed {
    playbook: Option<Value>,
    #[serde(default)]
    events: Vec<Recorded>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Recorded {
    event: Event,
    customer: Option<Customer>,
    desk: Option<Desk>,
    facts: Option<OwnFacts>,
    now: Option<Timestamp>,
}

impl Session {
    /// A session over the starter playbook, or over the one in a file.
    pub fn new(playbook: Option<&str>, keep: bool) -> Result<Self, String> {
        let policy = match playbook {
            Some(path) => super::playbook::policy_from(path)?.0,
            None => Policy::starter(),
        };
        Ok(Self {
            engine: Arc::new(Engine::new(policy)),
            replay: None,
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
            "explain" => self.explain(read(request)?),
            "length" => {
                let request: LengthRequest = read(request)?;
                let answer = request.answer(ChannelFacts::built_in());
                answer
                    .map(|answer| json!(answer))
                    .map_err(|fault| Fault::new("wrong_value", "surface", fault.to_string()))
            }
            "lint" => lint(&read::<Lint>(request)?),
            "redact" => Ok(json!(read::<RedactRequest>(request)?.answer(&self.redactor))),
            "replay" => self.replay(read(request)?),
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
        let Assess { event, conversation, customer, desk, facts, now } = request;
        self.check_facts(facts.as_ref())?;
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
        let world = world(now, customer.as_ref(), desk.as_ref(), facts.as_ref());
        let decision = self.engine.assess(&event, &mut conversation, &world);
        let answer = json!({ "decision": decision, "conversation": conversation });
        if let Some(kept) = &mut self.kept {
            kept.conversations.insert(conversation.id.clone(), conversation);
        }
        Ok(answer)
    }

    fn review(&mut self, request: Review) -> Result<Value, Fault> {
        let Review { draft, conversation, customer, desk, facts, now } = request;
        self.check_facts(facts.as_ref())?;
        let conversation = conversation
            .or_else(|| self.kept.as_ref()?.conversations.get(&draft.conversation).cloned())
            .unwrap_or_else(|| Conversation::new(draft.conversation.clone()));
        if conversation.id != draft.conversation {
            return Err(Fault::new("wrong_value", "conversation.id", "the conversation is not the draft's"));
        }
        let customer = customer.or_else(|| self.known_customer(conversation.customer.as_ref()));
        let desk = desk.or_else(|| self.kept.as_ref()?.desk.clone());
        let world = world(now, customer.as_ref(), desk.as_ref(), facts.as_ref());
        let review = self.engine.review(draft, &conversation, &world);
        let findings: Vec<Value> = review.findings.iter().map(finding).collect();
        Ok(json!({ "verdict": review.verdict, "findings": findings }))
    }

    fn due(&self, request: &Due) -> Result<Value, Fault> {
        self.check_facts(request.facts.as_ref())?;
        let known = self.known_customer(request.conversation.customer.as_ref());
        let customer = request.customer.as_ref().or(known.as_ref());
        let world = world(request.now, customer, request.desk.as_ref(), request.facts.as_ref());
        let decision = self.engine.due(&request.conversation, &world);
        Ok(json!({ "wake_at": decision.wake_at, "decision": decision }))
    }

    /// Why the decision on an event would be as it is, or with a conversation alone, what is due; of one
    /// rule or of all.
    fn explain(&self, request: Explain) -> Result<Value, Fault> {
        let Explain { event, conversation, customer, desk, facts, now, rule, lang } = request;
        self.check_facts(facts.as_ref())?;
        let id = event.as_ref().map(|event| &event.conversation);
        let kept = id.and_then(|id| self.kept.as_ref()?.conversations.get(id).cloned());
        let conversation = conversation.or(kept).or_else(|| id.cloned().map(Conversation::new));
        let Some(conversation) = conversation else {
            return Err(Fault::new("missing_field", "event", "missing field `event` or `conversation`"));
        };
        if id.is_some_and(|id| *id != conversation.id) {
            return Err(Fault::new("wrong_value", "conversation.id", "the conversation is not the event's"));
        }
        let Some(now) = now.or(event.as_ref().map(|event| event.at)) else {
            return Err(Fault::new("missing_field", "now", "missing field `now`"));
        };
        let actor = event.as_ref().and_then(|event| event.by.customer());
        let customer = customer.or_else(|| self.known_customer(conversation.customer.as_ref().or(actor)));
        let desk = desk.or_else(|| self.kept.as_ref()?.desk.clone());
        let world = world(now, customer.as_ref(), desk.as_ref(), facts.as_ref());
        let why = match &event {
            Some(event) => self.engine.explain(event, &conversation, &world),
            None => self.engine.explain_due(&conversation, &world),
        };
        let lang = lang.unwrap_or(Language::En);
        match rule {
            None => Ok(json!({ "rules": why.rules, "families": why.families, "text": why.tell(lang) })),
            Some(id) => match why.rule(&id) {
                Some(rule) => Ok(json!({ "rules": [rule], "families": [], "text": rule.tell(lang) })),
                None => Err(Fault::new("unknown_rule", "rule", "the playbook has no rule of this name")),
            },
        }
    }

    /// The decisions that another playbook changes; `playbook` starts a replay, `events` go on with it.
    fn replay(&mut self, request: Replayed) -> Result<Value, Fault> {
        if let Some(playbook) = &request.playbook {
            let compiled =
                document(playbook).and_then(|document| Policy::compile(&document, &Limits::DEFAULT));
            let (policy, _) = compiled.map_err(|faults| of_document(&faults))?;
            self.replay = Some(galateo::Replay::new(self.engine.clone(), Arc::new(Engine::new(policy))));
        }
        let Some(replay) = &mut self.replay else {
            let message = "no playbook was given on this or an earlier line";
            return Err(Fault::new("missing_field", "playbook", message));
        };
        let mut differences = Vec::new();
        for Recorded { event, customer, desk, facts, now } in &request.events {
            let now = now.unwrap_or(event.at);
            let world = world(now, customer.as_ref(), desk.as_ref(), facts.as_ref());
            differences.extend(replay.play(event, &world));
        }
        let mut answer = json!(replay.summary());
        answer["differences"] = json!(differences);
        Ok(answer)
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
        let mut answer = match &request.facts {
            Some(facts) => json!(session.ask(facts).map_err(|faults| of_document(&faults))?),
            None => json!({ "matched": [], "first": null }),
        };
        if let Some(id) = &request.explain {
            let Some(rule) = session.rules().find(id) else {
                return Err(Fault::new("unknown_rule", "explain", "there is no rule of this name"));
            };
            answer["explanation"] = json!(rule.explain(session.facts()));
        }
        Ok(answer)
    }

    /// Refuses facts that the playbook does not declare, or declares otherwise.
    fn check_facts(&self, facts: Option<&OwnFacts>) -> Result<(), Fault> {
        let faults = facts.map(|facts| self.engine.policy().check_facts(facts)).unwrap_or_default();
        if faults.is_empty() { Ok(()) } else { Err(of_document(&faults)) }
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

/// What is known around an event, a draft or a moment.
fn world<'a>(
    now: Timestamp,
    customer: Option<&'a Customer>,
    desk: Option<&'a Desk>,
    facts: Option<&'a OwnFacts>,
) -> World<'a> {
    World { customer, desk, facts, ..World::at(now) }
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
fn document(playbook: &Value) -> Result<Document, Diagnostics> {
    match playbook {
        Value::String(text) => Document::from_toml(text, &Limits::DEFAULT),
        other => Document::from_value(other),
    }
}

/// What compiling says of a playbook, what a lint says, and which of its tests fail.
fn lint(request: &Lint) -> Result<Value, Fault> {
    let compiled =
        document(&request.playbook).and_then(|document| Policy::compile(&document, &Limits::DEFAULT));
    let found = match compiled {
        Ok((policy, mut found)) => {
            found.extend(match request.today {
                Some(today) => policy.lint_on(today),
                None => policy.lint(),
            });
            found.extend(Engine::new(policy).run_tests());
            found
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
    let Some((first, others)) = faults.list().split_first() else {
        return Fault::new("wrong_value", "", faults.to_string());
    };
    let mut message = format!("{}; {}", first.message, first.help);
    for other in others {
        message += &format!("; {} at {}", other.message, discreet_path(&dotted(&other.path)));
    }
    Fault::new(first.code, discreet_path(&dotted(&first.path)), message)
}

/// A JSON pointer as the paths of other faults are written.
fn dotted(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        match step.parse::<usize>() {
            Ok(place) => path += &format!("[{place}]"),
            Err(_) if path.is_empty() => path += step,
            Err(_) => path += &format!(".{step}"),
        }
    }
    path
}
