//! Everything that a playbook can say, as data: what a vendor needs to build an editor for rules.

use serde::Serialize;
use serde_json::Value;

use super::{Definitions, FieldType, Occasion, Operator, Playbook, Takes, field_table};
use crate::detect::SignalKind;
use crate::detect::pii::PiiKind;
use crate::model::EventKind;

/// Everything that a playbook can say; [`definitions`] makes it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Catalogue {
    /// The fields that conditions ask, in the order of their groups.
    pub fields: Vec<FieldEntry>,
    /// What a condition does with a field.
    pub operators: Vec<OperatorEntry>,
    /// What a rule can ask for.
    pub actions: Vec<ActionEntry>,
    /// The JSON Schema (draft 2020-12) of a playbook.
    pub schema: Value,
}

/// A field of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldEntry {
    /// The name that conditions use.
    pub name: String,
    /// What it holds.
    pub r#type: FieldType,
    /// What it says.
    pub doc: String,
    /// The words it can hold, as far as this release knows them; empty where any word will do.
    pub values: Vec<String>,
    /// Whether words beside `values` are accepted.
    pub open: bool,
    /// The operators that apply to it.
    pub operators: Vec<&'static str>,
}

/// An operator of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OperatorEntry {
    /// The word it is written with.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// What is written behind it.
    pub takes: Takes,
    /// The types of fields it applies to.
    pub applies_to: &'static [FieldType],
}

/// An action of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ActionEntry {
    /// The word it is written with.
    pub name: String,
    /// What it does.
    pub doc: String,
    /// The JSON Schema of how it is written; its references point into the schema of the playbook.
    pub schema: Value,
}

/// Every field, operator, action and value of a playbook, with the JSON Schema of the whole.
///
/// ```
/// use galateo::playbook::definitions;
/// let all = definitions();
/// let visibility = all.fields.iter().find(|field| field.name == "visibility").unwrap();
/// assert_eq!(visibility.values, ["public", "group", "private", "internal"]);
/// assert!(visibility.operators.contains(&"any_of") && !visibility.operators.contains(&"above"));
/// assert!(all.actions.iter().any(|action| action.name == "escalate"));
/// assert_eq!(all.schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
/// ```
#[must_use]
pub fn definitions() -> Catalogue {
    let schema = Definitions::document::<Playbook>();
    Catalogue { fields: fields(), operators: operators(), actions: actions(&schema), schema }
}

fn fields() -> Vec<FieldEntry> {
    let fields = field_table::fields();
    let entry = |field: &super::Field| {
        let closed = field.values.clone();
        FieldEntry {
            name: field.name.to_string(),
            r#type: field.r#type,
            doc: field.doc.clone(),
            open: closed.is_empty(),
            values: if closed.is_empty() { known_values(&field.name) } else { closed },
            operators: applying(field.r#type).map(Operator::as_str).collect(),
        }
    };
    fields.as_slice().iter().map(entry).collect()
}

fn applying(kind: FieldType) -> impl Iterator<Item = Operator> {
    Operator::ALL.iter().copied().filter(move |operator| operator.applies_to().contains(&kind))
}

/// The words of a field whose list is open, as far as this release knows them.
fn known_values(field: &str) -> Vec<String> {
    let words: Vec<&str> = match field {
        "event" => {
            let occasions = Occasion::ALL.iter().map(|occasion| occasion.as_str());
            let events = EventKind::NAMES.iter().copied();
            let mut words: Vec<&str> = occasions.filter(|word| *word != "event").chain(events).collect();
            words.sort_unstable();
            words.dedup();
            words
        }
        "signals" => SignalKind::ALL.iter().map(SignalKind::as_str).collect(),
        "personal_data" => PiiKind::ALL.iter().map(|kind| kind.as_str()).collect(),
        _ => Vec::new(),
    };
    words.into_iter().map(str::to_owned).collect()
}

fn operators() -> Vec<OperatorEntry> {
    let entry = |operator: &Operator| OperatorEntry {
        name: operator.as_str(),
        doc: operator.doc(),
        takes: operator.takes(),
        applies_to: operator.applies_to(),
    };
    Operator::ALL.iter().map(entry).collect()
}

/// The actions, read off the schema that the type itself gives.
fn actions(schema: &Value) -> Vec<ActionEntry> {
    let choices = schema.pointer("/$defs/Directive/oneOf").and_then(Value::as_array);
    let entry = |choice: &Value| {
        let tagged = choice.pointer("/required/0").or_else(|| choice.get("const"));
        let doc = choice.get("description").and_then(Value::as_str).unwrap_or_default();
        Some(ActionEntry { name: tagged?.as_str()?.to_owned(), doc: doc.to_owned(), schema: choice.clone() })
    };
    choices.into_iter().flatten().filter_map(entry).collect()
}
