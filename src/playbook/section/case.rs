//! A playbook's own tests: what happens, and what must then be decided.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::super::node::{Kind, Node};
use super::super::{Definitions, Origin, OwnFacts, Properties, Reader, Section, words};
use crate::Code;
use crate::model::{Conversation, ConversationId, Customer, Desk, Draft, Event, Timestamp, Word};

/// A case that the playbook must decide as its author says (`[[test]]`).
///
/// It has an event or a draft; without either it asks what is due. What is left out of an event or a
/// draft is filled in: names, the instant, a customer or an agent who acts.
///
/// ```
/// use galateo::playbook::{Policy, STARTER};
/// use galateo::{Engine, Limits};
/// let text = format!(r#"{STARTER}
/// [[test]]
/// id = "a charge too many goes to billing"
/// event = {{ what = {{ message = {{ surface = "x/direct_message", text = "You charged me twice" }} }} }}
/// expect = [{{ assign = {{ queue = "billing" }} }}, "open_ticket"]
/// expect_not = ["ignore"]
/// "#);
/// let (policy, _) = Policy::from_toml(&text, &Limits::DEFAULT)?;
/// assert!(Engine::new(policy).run_tests().is_empty());
/// # Ok::<(), galateo::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TestCase {
    /// What it shows, in the author's words; no other case has the same.
    pub id: String,
    /// The event that is assessed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<Given>,
    /// The reply that is reviewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<Given>,
    /// What happened before in the conversation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Given>,
    /// What is known of the conversation before all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Given>,
    /// The customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<Given>,
    /// Who is on duty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub desk: Option<Given>,
    /// Values of the fields that the playbook declares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facts: Option<Given>,
    /// When it is decided; left out, when the event happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<Timestamp>,
    /// Actions that must be asked for: a name, or a name with some of what belongs to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<Expected>,
    /// Actions that must not be asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expect_not: Vec<Expected>,
    /// Kinds of personal data that must be hidden, each place in order.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "write_words")]
    pub hidden: Option<Vec<Word>>,
    /// The verdict on the draft.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "write_word")]
    pub verdict: Option<Word>,
    /// Codes of findings that the draft must have.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "write_words")]
    pub findings: Option<Vec<Word>>,
    /// Where it stands.
    #[serde(skip)]
    pub origin: Origin,
}

fn write_word<S: Serializer>(word: &Option<Word>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(word.as_ref().map_or("", Word::as_str))
}

fn write_words<S: Serializer>(words: &Option<Vec<Word>>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(words.iter().flatten().map(Word::as_str))
}

/// A part of a case as it was written; it may hold a customer's words and is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Given(Value);

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[given]")
    }
}

impl Serialize for Given {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// An action that a case expects: its name, and some of what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expected {
    /// The action's name.
    pub action: String,
    /// What it must have, entry by entry; other entries may be anything.
    pub with: Map<String, Value>,
    /// Where it stands.
    pub origin: Origin,
}

impl Serialize for Expected {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.with.is_empty() {
            return serializer.serialize_str(&self.action);
        }
        serializer.collect_map([(&self.action, &self.with)])
    }
}

/// Everything that a case tells, read.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) event: Option<Event>,
    pub(crate) draft: Option<Draft>,
    pub(crate) before: Vec<Event>,
    pub(crate) conversation: Option<Conversation>,
    pub(crate) customer: Option<Customer>,
    pub(crate) desk: Option<Desk>,
    pub(crate) facts: Option<OwnFacts>,
    pub(crate) now: Timestamp,
    /// The conversation of what names none.
    pub(crate) home: ConversationId,
}

/// When events of a case happen that say nothing of it: a Monday at noon in Rome.
const NOON: &str = "2026-06-01T10:00:00Z";
/// The conversation of a case that names none.
const CONVERSATION: &str = "test";

impl TestCase {
    /// Everything that the case tells; `None` where a part cannot be read, which reading has reported.
    pub(crate) fn scene(&self) -> Option<Scene> {
        let home = self.home();
        let event = |(place, given): (usize, &Given)| parse::<Event>(&whole_event(given, place, &home)).ok();
        let event_now = self.event.iter().map(|given| (self.before.len(), given)).map(event).next();
        let event_now = event_now.map_or(Some(None), |read| read.map(Some))?;
        let draft = self.draft.as_ref().map(|given| parse(&whole_draft(given, &home)));
        let before = self.before.iter().enumerate().map(event).collect::<Option<Vec<_>>>()?;
        let last = event_now.as_ref().or(before.last()).map(|event| event.at);
        Some(Scene {
            draft: draft.transpose().ok()?,
            conversation: part(self.conversation.as_ref())?,
            customer: part(self.customer.as_ref())?,
            desk: part(self.desk.as_ref())?,
            facts: part(self.facts.as_ref())?,
            now: self.now.or(last).or_else(|| NOON.parse().ok())?,
            event: event_now,
            before,
            home: ConversationId::new(&home).ok()?,
        })
    }

    /// The name of the conversation that everything belongs to which names none.
    fn home(&self) -> String {
        let named = self.conversation.as_ref().and_then(|given| given.0.get("id")).and_then(Value::as_str);
        named.unwrap_or(CONVERSATION).to_owned()
    }

    /// Reports every part that cannot be read.
    fn check(&self, table: &Node, reader: &mut Reader<'_>) {
        let home = self.home();
        let named = |name: &str| table.entry(name).unwrap_or(table).clone();
        let faults = |given: Option<&Given>, fault: &dyn Fn(&Value) -> Option<String>| {
            given.and_then(|given| fault(&given.0))
        };
        let event = |value: &Value| parse::<Event>(&whole_event(&Given(value.clone()), 0, &home)).err();
        let draft = |value: &Value| parse::<Draft>(&whole_draft(&Given(value.clone()), &home)).err();
        let parts = [
            ("event", "an event", faults(self.event.as_ref(), &event)),
            ("draft", "a draft", faults(self.draft.as_ref(), &draft)),
            ("conversation", "a conversation", faults(self.conversation.as_ref(), &fault::<Conversation>)),
            ("customer", "a customer", faults(self.customer.as_ref(), &fault::<Customer>)),
            ("desk", "a desk", faults(self.desk.as_ref(), &fault::<Desk>)),
        ];
        for (name, what, why) in parts.into_iter().filter_map(|(n, w, why)| Some((n, w, why?))) {
            reader.within(name, |reader| {
                reader.report(&named(name), Code::ILLEGAL_VALUE, format!("not {what}{why}"));
            });
        }
        self.check_facts(&named("facts"), reader);
        let earlier = self.before.iter().enumerate().filter_map(|(i, given)| Some((i, event(&given.0)?)));
        for (i, why) in earlier {
            let node = match table.entry("before").map(|list| &list.kind) {
                Some(Kind::List(items)) => items.get(i).unwrap_or(table).clone(),
                _ => table.clone(),
            };
            reader.within("before", |reader| {
                reader.within_index(i, |reader| {
                    reader.report(&node, Code::ILLEGAL_VALUE, format!("not an event{why}"));
                });
            });
        }
        if self.event.is_some() && self.draft.is_some() {
            reader.report(table, Code::ONE_CHOICE, "a test has an event or a draft, not both");
        }
        let is_empty = self.expect.is_empty() && self.expect_not.is_empty() && self.hidden.is_none();
        if is_empty && self.verdict.is_none() && self.findings.is_none() {
            let message = "a test must expect something";
            let help = "write `expect`, `expect_not`, `hidden`, `verdict` or `findings`";
            reader.report_with_help(table, Code::MISSING_FIELD, message, help);
        }
    }
}

impl TestCase {
    /// Reports facts that the playbook does not declare, or declares otherwise.
    fn check_facts(&self, node: &Node, reader: &mut Reader<'_>) {
        let Some(facts) = self.facts.as_ref().and_then(|given| parse::<OwnFacts>(&given.0).ok()) else {
            return;
        };
        reader.within("facts", |reader| {
            for (name, fault) in facts.faults(reader.fields()) {
                let place = node.entry(name).unwrap_or(node);
                reader.within(name, |reader| match &fault.help {
                    Some(help) => reader.report_with_help(place, fault.code, fault.message, help.clone()),
                    None => reader.report(place, fault.code, fault.message),
                });
            }
        });
    }
}

/// A part that may be left out; `None` where it cannot be read.
fn part<T: DeserializeOwned>(given: Option<&Given>) -> Option<Option<T>> {
    given.map(|given| parse(&given.0)).transpose().ok()
}

/// Reads a part by its own form; what is wrong is told without quoting a value.
fn parse<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_json::from_value(value.clone()).map_err(|fault| why(&fault.to_string()))
}

fn fault<T: DeserializeOwned>(value: &Value) -> Option<String> {
    parse::<T>(value).err()
}

/// The words of serde for entries that are unknown or missing; all others may quote what they read.
fn why(words: &str) -> String {
    let name = |rest: &str| rest.split('`').next().and_then(words::quoted);
    let known = |start: &str, say: &str| {
        words.strip_prefix(start).and_then(name).map(|name| format!(": {say} {name}"))
    };
    known("unknown field `", "unknown entry")
        .or_else(|| known("missing field `", "missing entry"))
        .or_else(|| words.starts_with("not a ").then(|| format!(": {words}")))
        .unwrap_or_default()
}

fn filled(given: &Given, defaults: Value) -> Value {
    let (Value::Object(mut whole), Value::Object(given)) = (defaults, &given.0) else {
        return given.0.clone();
    };
    whole.extend(given.iter().map(|(key, value)| (key.clone(), value.clone())));
    Value::Object(whole)
}

fn whole_event(given: &Given, place: usize, conversation: &str) -> Value {
    let defaults = json!({
        "id": format!("{CONVERSATION}-{place}"), "at": NOON, "conversation": conversation,
        "by": { "customer": CONVERSATION },
    });
    filled(given, defaults)
}

fn whole_draft(given: &Given, conversation: &str) -> Value {
    filled(given, json!({ "conversation": conversation, "author": CONVERSATION }))
}

impl Section for Given {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        reader.plain_table(node).map(|table| Self(table.to_value()))
    }

    fn schema(_: &mut Definitions) -> Value {
        json!({ "type": "object" })
    }
}

impl Section for Expected {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let tag = reader.tag(node)?;
        let Some((name, known)) = ACTIONS.iter().find(|(name, _)| *name == tag.word) else {
            let names: Vec<&str> = ACTIONS.iter().map(|(name, _)| *name).collect();
            reader.unknown_word(node, "action", tag.word, &names);
            return None;
        };
        let with = match tag.payload {
            None => Map::new(),
            Some(payload) => {
                let table = reader.within(name, |reader| reader.table(payload, known))?;
                match table.to_value() {
                    Value::Object(with) => with,
                    _ => Map::new(),
                }
            }
        };
        Some(Self { action: (*name).to_owned(), with, origin: reader.origin(node) })
    }

    fn schema(_: &mut Definitions) -> Value {
        let names: Vec<&str> = ACTIONS.iter().map(|(name, _)| *name).collect();
        json!({ "oneOf": [{ "enum": names }, { "type": "object", "minProperties": 1, "maxProperties": 1 }] })
    }
}

const ENTRIES: [&str; 14] = [
    "id",
    "event",
    "draft",
    "before",
    "conversation",
    "customer",
    "desk",
    "facts",
    "now",
    "expect",
    "expect_not",
    "hidden",
    "verdict",
    "findings",
];

impl Section for TestCase {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let table = reader.table(node, &ENTRIES)?;
        let id = reader.field(table, "id");
        let event = reader.field(table, "event");
        let draft = reader.field(table, "draft");
        let before = reader.field_or(table, "before", Vec::new);
        let conversation = reader.field(table, "conversation");
        let customer = reader.field(table, "customer");
        let desk = reader.field(table, "desk");
        let facts = reader.field(table, "facts");
        let now = reader.field(table, "now");
        let expect = reader.field_or(table, "expect", Vec::new);
        let expect_not = reader.field_or(table, "expect_not", Vec::new);
        let hidden = reader.field(table, "hidden");
        let verdict = reader.field(table, "verdict");
        let findings = reader.field(table, "findings");
        let case = Self {
            id: id?,
            event: event?,
            draft: draft?,
            before: before?,
            conversation: conversation?,
            customer: customer?,
            desk: desk?,
            facts: facts?,
            now: now?,
            expect: expect?,
            expect_not: expect_not?,
            hidden: hidden?,
            verdict: verdict?,
            findings: findings?,
            origin: reader.origin(table),
        };
        case.check(table, reader);
        Some(case)
    }

    fn schema(definitions: &mut Definitions) -> Value {
        definitions.named("TestCase", |definitions| {
            let mut entries = Properties::default();
            let given = [
                ("event", "The event that is assessed; what is left out is filled in."),
                ("draft", "The reply that is reviewed; what is left out is filled in."),
                ("conversation", "What is known of the conversation before."),
                ("customer", "The customer."),
                ("desk", "Who is on duty."),
                ("facts", "Values of the fields that the playbook declares."),
            ];
            entries.add::<String>(definitions, "id", &["What it shows, in the author's words."], false);
            for (name, doc) in given {
                entries.add::<Option<Given>>(definitions, name, &[doc], false);
            }
            entries.add::<Vec<Given>>(definitions, "before", &["What happened before."], true);
            entries.add::<Option<Timestamp>>(definitions, "now", &["When it is decided."], false);
            entries.add::<Vec<Expected>>(definitions, "expect", &["Actions that must be asked for."], true);
            entries.add::<Vec<Expected>>(definitions, "expect_not", &["Actions that must not be."], true);
            entries.add::<Option<Vec<Word>>>(definitions, "hidden", &["Kinds that must be hidden."], false);
            entries.add::<Option<Word>>(definitions, "verdict", &["The verdict on the draft."], false);
            entries.add::<Option<Vec<Word>>>(
                definitions,
                "findings",
                &["Findings the draft must have."],
                false,
            );
            entries.table(&["A case that the playbook must decide as its author says."])
        })
    }
}

/// The actions of a decision with their entries, by which an expectation is checked when it is read.
const ACTIONS: &[(&str, &[&str])] = &[
    ("add_tags", &["tags"]),
    ("ask_to_close", &["reason"]),
    ("assign", &["queue", "agent", "why", "relaxed"]),
    ("away_notice", &["text", "next_open"]),
    ("breach", &["metric", "at"]),
    ("chase", &["referral", "step", "to"]),
    ("close", &["at", "reason"]),
    ("custom", &["name", "note"]),
    ("engage", &["reason"]),
    ("enrol", &["feature", "stage"]),
    ("escalate", &["level", "to", "due", "reason"]),
    ("hand_over", &["department", "reason"]),
    ("hide", &["reason"]),
    ("ignore", &["reason"]),
    ("internal_note", &["text"]),
    ("keep_open", &["reason"]),
    ("monitor", &["reason"]),
    ("move_private", &["surface", "account", "link", "text", "reason", "messages", "until", "required"]),
    ("notify", &["who"]),
    ("open_ticket", &["queue", "reason"]),
    ("owe", &["promise", "says", "due"]),
    ("proactive", &["reason", "not_before", "not_after", "needs"]),
    ("redirect_formal", &["channels", "acknowledge"]),
    ("refer", &["department", "owner", "deputy", "due", "tight", "reason"]),
    ("remove_tags", &["tags"]),
    ("report", &["reason"]),
    ("request_fact", &["fact"]),
    ("require_approval", &["by", "reason"]),
    ("set_priority", &["to"]),
    ("set_status", &["to"]),
    ("suggest", &["answer", "says"]),
    ("tell_customer", &["reason"]),
    ("warn", &["metric", "due"]),
];
