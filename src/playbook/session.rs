//! Rules asked from outside: read once, then put to facts given as JSON, line after line.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value};

use super::condition::Condition;
use super::encoding::Encoding;
use super::facts::{Facts, Several};
use super::fields::{FieldDeclaration, FieldId, FieldType, Fields, GROUPS};
use super::matcher::Scratch;
use super::node::{Document, Kind, Node};
use super::operator::Operator;
use super::read::{Reader, Section};
use super::rule::{EVENT_FIELD, Rule, Rules};
use super::{Number, scalar};
use crate::model::{RuleId, Timestamp};
use crate::{Code, Diagnostic, Diagnostics, Limits};

/// Rules compiled from JSON, with the fields they ask.
///
/// The type of a field that is not declared follows from the literals it is compared with. Facts are an
/// object: names of fields with their values; `null` and what is left out are missing, other names are
/// passed over, objects within are read as `outer.inner`. The names `now` (an instant) and `previous`
/// (an object with the values before the event) are reserved; a field declared as `now` is that instant too.
///
/// ```
/// use galateo::Limits;
/// use galateo::playbook::RuleSession;
/// use serde_json::json;
/// let rules = json!([
///     { "id": "all" },
///     { "id": "angry", "priority": 5, "when": { "channel": "x", "sentiment": { "below": -400 } } },
/// ]);
/// let mut session = RuleSession::new(&rules, None, &Limits::DEFAULT)?;
/// let answer = session.ask(&json!({ "channel": "x", "sentiment": -700 }))?;
/// assert_eq!(serde_json::to_value(answer).unwrap(), json!({ "matched": ["angry", "all"], "first": "angry" }));
/// # Ok::<(), galateo::Diagnostics>(())
/// ```
#[derive(Debug)]
pub struct RuleSession {
    fields: Fields,
    rules: Rules<Value>,
    facts: Facts,
    scratch: Scratch,
}

/// The rules that matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleAnswer {
    /// Their names, by priority, aim and then in the order of the document.
    pub matched: Vec<RuleId>,
    /// The first of them.
    pub first: Option<RuleId>,
}

impl RuleSession {
    /// Reads and compiles an array of rules; `fields` is an object of declarations.
    ///
    /// # Errors
    /// Every fault of the rules and declarations.
    pub fn new(rules: &Value, fields: Option<&Value>, limits: &Limits) -> Result<Self, Diagnostics> {
        let declared: BTreeMap<String, FieldDeclaration> = match fields {
            Some(value) => Document::from_value(value)?.read(limits)?,
            None => BTreeMap::new(),
        };
        let document = Document::from_value(rules)?;
        let fields = all_fields(&document, &declared)?;
        let mut reader = Reader::new(&document, limits).with_fields(&fields);
        let read = reader.within("rules", |reader| Vec::<Rule<Value>>::read(document.root(), reader));
        let (rules, _) = reader.finish(read)?;
        let conditions: Vec<Condition> = rules.iter().map(Rule::condition).collect();
        let encoding = Encoding::new(&fields, &conditions, limits);
        let rules = Rules::compile(&encoding, rules);
        Ok(Self { rules, facts: Facts::new(&encoding), fields, scratch: Scratch::default() })
    }

    /// The rules, by priority.
    #[must_use]
    pub const fn rules(&self) -> &Rules<Value> {
        &self.rules
    }

    /// The facts that were asked about last.
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Which rules match an object of facts.
    ///
    /// # Errors
    /// A fact has another type than its field.
    pub fn ask(&mut self, facts: &Value) -> Result<RuleAnswer, Diagnostics> {
        let Value::Object(map) = facts else {
            return Err(Diagnostic::new(Code::WRONG_TYPE, "facts", "expected an object of facts").into());
        };
        put_object(&mut self.facts, &self.fields, map)?;
        let matched: Vec<RuleId> =
            self.rules.matching(&self.facts, &mut self.scratch).map(|rule| rule.id.clone()).collect();
        Ok(RuleAnswer { first: matched.first().cloned(), matched })
    }
}

/// Starts a row anew with an object of facts.
pub(super) fn put_object(
    facts: &mut Facts,
    fields: &Fields,
    map: &Map<String, Value>,
) -> Result<(), Diagnostics> {
    // A declared field `now` is the same instant; only one of another type is none.
    let now = map.get("now").and_then(Value::as_str).and_then(|text| text.parse().ok());
    facts.start(now);
    let mut faults = Vec::new();
    put_all(facts, fields, map, "", false, &mut faults);
    if let (Some(Value::Object(previous)), None) = (map.get("previous"), fields.find("previous")) {
        put_all(facts, fields, previous, "", true, &mut faults);
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

fn put_all(
    facts: &mut Facts,
    fields: &Fields,
    map: &Map<String, Value>,
    prefix: &str,
    previous: bool,
    faults: &mut Vec<Diagnostic>,
) {
    for (key, value) in map {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let Some(id) = fields.find(&name) else {
            if let (Value::Object(inner), true) = (value, prefix.len() < 256) {
                put_all(facts, fields, inner, &name, previous, faults);
            }
            continue;
        };
        let kind = fields.field(id).map(|f| f.r#type);
        if put(facts, id, kind, value, previous).is_none() {
            let path = format!("facts.{}", super::words::step(&name));
            faults.push(Diagnostic::new(Code::WRONG_FACT, path, "the fact has another type than its field"));
        }
    }
}

/// Sets one fact; `None` where its type is not the field's.
pub(super) fn put(
    facts: &mut Facts,
    id: FieldId,
    kind: Option<FieldType>,
    value: &Value,
    previous: bool,
) -> Option<()> {
    macro_rules! set {
        ($value:expr) => {{
            let value = $value;
            if previous { facts.set_previous(id, value) } else { facts.set(id, value) }
        }};
    }
    let is_text = matches!(kind, Some(FieldType::Text | FieldType::Word | FieldType::Words));
    match (value, kind?) {
        (Value::Null, _) => set!(None::<bool>),
        (Value::Bool(flag), FieldType::Flag) => set!(*flag),
        (Value::Bool(flag), _) if is_text => set!(if *flag { "true" } else { "false" }),
        (Value::Number(n), FieldType::Number) => set!(number(n)?),
        (Value::Number(n), _) if is_text => set!(n.to_string()),
        (Value::String(text), FieldType::Number) => set!(scalar::span(text)?),
        (Value::String(text), FieldType::Time) => set!(text.parse::<Timestamp>().ok()?),
        (Value::String(text), _) if is_text => set!(text.as_str()),
        (Value::Array(items), FieldType::Words) => {
            let words: Vec<String> = items.iter().map(word).collect::<Option<_>>()?;
            set!(Several(words.iter().map(String::as_str)));
        }
        _ => return None,
    }
    Some(())
}

pub(super) fn number(n: &serde_json::Number) -> Option<Number> {
    n.as_i64().map(Number::from).or_else(|| n.as_f64().and_then(Number::from_f64))
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The declared fields, and those that the rules ask beside.
fn all_fields(
    rules: &Document,
    declared: &BTreeMap<String, FieldDeclaration>,
) -> Result<Fields, Diagnostics> {
    let mut fields = Fields::new();
    let mut faults = Vec::new();
    for (name, declaration) in declared {
        faults.extend(fields.declare(name, declaration).err());
    }
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let mut seen: BTreeMap<&str, BTreeSet<Use>> = BTreeMap::new();
    if let Kind::List(rules) = &rules.root().kind {
        rules.iter().filter_map(|rule| rule.entry("when")).for_each(|when| look(when, &mut seen));
        if rules.iter().any(|rule| rule.entry("on").is_some()) {
            seen.entry(EVENT_FIELD).or_default().insert(Use::Text);
        }
    }
    for (name, uses) in seen.into_iter().filter(|(name, _)| !declared.contains_key(*name)) {
        // A name that cannot be a field shows when the rules are read.
        let _ = fields.add(name, inferred(&uses), "", &[]);
    }
    Ok(fields)
}

/// What a field is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Change,
    Flag,
    Instant,
    Number,
    OrderedText,
    Text,
}

/// The type of a field that is used so; a use that does not fit is found when the rule is read.
fn inferred(uses: &BTreeSet<Use>) -> FieldType {
    let has = |use_of| uses.contains(&use_of);
    if has(Use::Instant) {
        FieldType::Time
    } else if has(Use::OrderedText) || (has(Use::Number) && !has(Use::Text)) {
        FieldType::Number
    } else if has(Use::Flag) && !has(Use::Text) {
        FieldType::Flag
    } else if has(Use::Change) {
        FieldType::Word
    } else {
        FieldType::Words
    }
}

/// Walks a condition that has not been read; its nesting is bounded by the document's.
fn look<'n>(when: &'n Node, seen: &mut BTreeMap<&'n str, BTreeSet<Use>>) {
    for entry in when.entries() {
        match (entry.key.as_str(), &entry.value.kind) {
            ("not", _) => look(&entry.value, seen),
            ("at_least", _) => entry.value.entry("of").into_iter().for_each(|of| look_list(of, seen)),
            (group, _) if GROUPS.contains(&group) => look_list(&entry.value, seen),
            (name, Kind::Table(operators)) => {
                let uses = seen.entry(name).or_default();
                for operator in operators {
                    note(Operator::from_word(&operator.key), &operator.value, uses);
                }
            }
            (name, _) => note(Some(Operator::Is), &entry.value, seen.entry(name).or_default()),
        }
    }
}

fn look_list<'n>(list: &'n Node, seen: &mut BTreeMap<&'n str, BTreeSet<Use>>) {
    if let Kind::List(items) = &list.kind {
        items.iter().for_each(|item| look(item, seen));
    }
}

fn note(operator: Option<Operator>, value: &Node, uses: &mut BTreeSet<Use>) {
    match operator {
        Some(Operator::Present | Operator::Changed) => return,
        Some(Operator::OlderThan | Operator::WithinLast | Operator::WithinNext) => {
            uses.insert(Use::Instant);
            return;
        }
        Some(Operator::ChangedFrom | Operator::ChangedTo) => {
            uses.insert(Use::Change);
        }
        _ => {}
    }
    let is_ordered = operator.is_some_and(|o| !o.applies_to().contains(&FieldType::Word));
    match &value.kind {
        Kind::List(items) => items.iter().for_each(|item| note(operator, item, uses)),
        Kind::Flag(_) => _ = uses.insert(Use::Flag),
        Kind::Integer(_) | Kind::Decimal(_) => _ = uses.insert(Use::Number),
        Kind::Text(text)
            if is_ordered && operator != Some(Operator::AllOf) && operator != Some(Operator::Has) =>
        {
            let is_instant = text.parse::<Timestamp>().is_ok();
            uses.insert(if is_instant { Use::Instant } else { Use::OrderedText });
        }
        Kind::Text(_) | Kind::Date(_) => _ = uses.insert(Use::Text),
        _ => {}
    }
}
