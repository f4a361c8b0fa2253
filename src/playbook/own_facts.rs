//! Facts of the host's own: values of the fields that a playbook declares beside those built in.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::condition::holds;
use super::facts::Facts;
use super::fields::{Field, Fields};
use super::session;
use super::{FieldType, Policy, scalar, words};
use crate::model::Timestamp;
use crate::{Code, Diagnostic, Diagnostics};

/// Values of the fields that a playbook declares in `[fields]`, by name, as the host knows them now.
///
/// They stand beside the built-in facts and never take the place of one. A field that is left out, or whose
/// value has another type than the playbook declares, is unknown, and `on_unknown` says what then happens;
/// [`Policy::check_facts`] tells such slips. A flag is `true` or `false`, a number a number or a span such as
/// `"2d"`, a time an RFC 3339 text, a word or text a text, words a list of texts.
///
/// ```
/// use galateo::model::{Conversation, ConversationId, Event};
/// use galateo::playbook::{OwnFacts, Policy, STARTER};
/// use galateo::{Engine, Limits, World};
/// let text = format!(r#"{STARTER}
/// [fields.supply]
/// type = "word"
/// values = ["on", "cut_off"]
/// doc = "whether the customer has power"
/// [[rules]]
/// id = "in-the-dark"
/// priority = 99
/// when = {{ supply = {{ is = "cut_off" }} }}
/// then = [{{ set_priority = "urgent" }}]
/// "#);
/// let (policy, _) = Policy::from_toml(&text, &Limits::DEFAULT)?;
/// let facts = OwnFacts::new().with("supply", "cut_off");
/// assert!(policy.check_facts(&facts).is_empty());
///
/// let engine = Engine::new(policy);
/// let event: Event = serde_json::from_str(r#"{
///     "id": "e-1", "at": "2026-11-20T09:00:00Z", "conversation": "c-1", "by": {"customer": "anna"},
///     "what": {"message": {"surface": "x/direct_message", "text": "Buongiorno"}}
/// }"#)?;
/// let mut conversation = Conversation::new(ConversationId::new("c-1")?);
/// let world = World { facts: Some(&facts), ..World::at(event.at) };
/// let decision = engine.assess(&event, &mut conversation, &world);
/// let rules = decision.actions.iter().flat_map(|chosen| chosen.because.iter()).flat_map(|cause| &cause.rule);
/// assert!(rules.into_iter().any(|rule| rule.as_str() == "in-the-dark"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct OwnFacts(Map<String, Value>);

impl OwnFacts {
    /// Nothing known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with the value of one field.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0.insert(field.to_owned(), value.into());
        self
    }

    /// Puts what is declared and fits into a row.
    pub(super) fn fill(&self, facts: &mut Facts, fields: &Fields) {
        for (name, value) in &self.0 {
            if let Some((id, field)) = fields.own(name) {
                // What does not fit stays unknown.
                let _ = session::put(facts, id, Some(field.r#type), value, false);
            }
        }
    }

    /// Every name that is not declared and every value that does not fit.
    pub(super) fn faults<'a>(
        &'a self,
        fields: &'a Fields,
    ) -> impl Iterator<Item = (&'a str, Diagnostic)> + 'a {
        self.0.iter().filter_map(|(name, value)| {
            let fault = match fields.own(name) {
                Some((_, field)) => misfit(field, value),
                None => Some(undeclared(name, fields)),
            };
            Some((name.as_str(), fault?))
        })
    }
}

/// Shows the number of facts alone.
impl fmt::Debug for OwnFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnFacts").field("known", &self.0.len()).finish()
    }
}

impl From<Map<String, Value>> for OwnFacts {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

impl Policy {
    /// What of a host's own facts the playbook does not declare, or declares otherwise; rules ask such a fact
    /// in vain. It quotes no value.
    ///
    /// ```
    /// use galateo::playbook::{OwnFacts, Policy};
    /// let faults = Policy::starter().check_facts(&OwnFacts::new().with("supply", true));
    /// assert!(faults.to_string().contains("the playbook declares no field `supply`"));
    /// ```
    #[must_use]
    pub fn check_facts(&self, facts: &OwnFacts) -> Diagnostics {
        facts.faults(self.encoding().fields()).map(|(_, fault)| fault).collect::<Vec<_>>().into()
    }
}

fn path(name: &str) -> String {
    format!("facts.{}", words::step(name))
}

fn undeclared(name: &str, fields: &Fields) -> Diagnostic {
    let what = words::quoted(name).unwrap_or_else(|| "of this name".to_owned());
    if fields.find(name).is_some() {
        let message = format!("{what} is a built-in field, which the engine fills in itself");
        return Diagnostic::new(Code::BAD_FIELD_NAME, path(name), message);
    }
    let fault =
        Diagnostic::new(Code::UNKNOWN_FIELD, path(name), format!("the playbook declares no field {what}"));
    match words::help(name, &fields.own_names()) {
        Some(help) => fault.with_help(help),
        None => fault.with_help("declare it in `[fields]`, with its type"),
    }
}

fn misfit(field: &Field, value: &Value) -> Option<Diagnostic> {
    if !fits(field.r#type, value) {
        let message = format!("`{}` holds {}", field.name, holds(field.r#type));
        return Some(Diagnostic::new(Code::WRONG_FACT, path(&field.name), message));
    }
    let given: Vec<&str> = match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        Value::String(word) => vec![word],
        _ => Vec::new(),
    };
    let is_word = matches!(field.r#type, FieldType::Word | FieldType::Words);
    let is_unknown = |word: &&str| !field.values.iter().any(|known| known == word);
    let is_closed = is_word && !field.values.is_empty();
    let unknown = given.into_iter().filter(is_unknown).find(|_| is_closed)?;
    let known: Vec<&str> = field.values.iter().map(String::as_str).collect();
    let message = format!("a value is none of those of `{}`", field.name);
    let fault = Diagnostic::new(Code::UNKNOWN_VALUE, path(&field.name), message);
    Some(match words::help(unknown, &known) {
        Some(help) => fault.with_help(help),
        None => fault,
    })
}

/// Whether a value can stand in a field; `null` says that it is not known.
fn fits(kind: FieldType, value: &Value) -> bool {
    let is_text = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
    match (kind, value) {
        (_, Value::Null) | (FieldType::Flag, Value::Bool(_)) => true,
        (FieldType::Number, Value::Number(n)) => session::number(n).is_some(),
        (FieldType::Number, Value::String(text)) => scalar::span(text).is_some(),
        (FieldType::Time, Value::String(text)) => text.parse::<Timestamp>().is_ok(),
        (FieldType::Words, Value::Array(items)) => items.iter().all(is_text),
        (FieldType::Text | FieldType::Word | FieldType::Words, value) => is_text(value),
        _ => false,
    }
}
