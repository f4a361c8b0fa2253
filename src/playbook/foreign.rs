//! Parts of a document that another room defines with serde: calendars and clock policies.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::node::{Kind, Node};
use super::read::{Reader, Section};
use super::schema::Definitions;
use super::words;
use crate::Code;
use crate::schedule::CalendarSpec;
use crate::schedule::sla::{Match, MetricSpec, OnPriorityChange, ScheduleChange};

/// Parts of more values than this are not looked through for the one at fault, which takes their square.
const MAX_VALUES: usize = 300;
/// Nor are parts behind so many faults.
const MAX_FAULTS: usize = 32;

/// One step to a value within a part.
enum Step {
    Entry(String),
    Item(usize),
}

/// Reads a part by its own serde form; the fault is one, at the place of the value that cannot be read.
fn read<T: DeserializeOwned>(node: &Node, reader: &mut Reader<'_>, what: &str) -> Option<T> {
    let value = node.to_value();
    match serde_json::from_value(value.clone()) {
        Ok(part) => Some(part),
        Err(fault) => {
            let fault = fault.to_string();
            let why = |value: Value| serde_json::from_value::<T>(value).err().map(|fault| fault.to_string());
            let is_worth = reader.faults() < MAX_FAULTS && values(&value) <= MAX_VALUES;
            let steps = if is_worth { culprit(&value, &fault, &why) } else { Vec::new() };
            report(&steps, node, reader, what, &fault);
            None
        }
    }
}

fn values(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(values).fold(1, usize::saturating_add),
        Value::Object(map) => map.values().map(values).fold(1, usize::saturating_add),
        _ => 1,
    }
}

/// The way to the value at fault: the entry without which the fault is gone or another, the item that alone gives
/// the same fault.
fn culprit(value: &Value, fault: &str, why: &dyn Fn(Value) -> Option<String>) -> Vec<Step> {
    let (step, inner, rest) = match value {
        Value::Object(map) => {
            let without = |name: &String| {
                let mut others = map.clone();
                others.remove(name);
                others
            };
            let is_missing = |name: &str| fault == format!("missing field `{name}`");
            // What is missing is missing from a table.
            let is_table = |value: &Value| value.is_object() || value.is_array();
            let may_hold = |value: &Value| is_table(value) || !fault.starts_with("missing field ");
            let found = map.iter().filter(|(_, value)| may_hold(value)).find(|(name, _)| {
                let then = why(Value::Object(without(name)));
                then.is_none_or(|then| then != fault && !is_missing(name))
            });
            let Some((name, inner)) = found else { return Vec::new() };
            (Step::Entry(name.clone()), inner, without(name))
        }
        Value::Array(items) => {
            let alone = |item: &&Value| why(json!([item])).is_some_and(|then| then == fault);
            let Some((at, inner)) = items.iter().enumerate().find(|(_, item)| alone(item)) else {
                return Vec::new();
            };
            (Step::Item(at), inner, Map::new())
        }
        _ => return Vec::new(),
    };
    let around: Box<dyn Fn(Value) -> Option<String> + '_> = match &step {
        Step::Entry(name) => Box::new(|inner| {
            let mut whole = rest.clone();
            whole.insert(name.clone(), inner);
            why(Value::Object(whole))
        }),
        Step::Item(_) => Box::new(|inner| why(json!([inner]))),
    };
    let is_name = matches!(&step, Step::Entry(name) if fault.starts_with(&format!("unknown field `{name}`")));
    let deeper = if is_name { Vec::new() } else { culprit(inner, fault, &*around) };
    drop(around);
    std::iter::once(step).chain(deeper).collect()
}

/// Reports the fault at the end of the way.
fn report(steps: &[Step], node: &Node, reader: &mut Reader<'_>, what: &str, fault: &str) {
    match (steps.split_first(), &node.kind) {
        (Some((Step::Entry(name), rest)), _) => {
            let inner = node.entry(name).unwrap_or(node);
            reader.within(name, |reader| report(rest, inner, reader, what, fault));
        }
        (Some((Step::Item(at), rest)), Kind::List(items)) => {
            let inner = items.get(*at).unwrap_or(node);
            reader.within_index(*at, |reader| report(rest, inner, reader, what, fault));
        }
        _ => {
            let (message, help) = told(fault, what, node);
            reader.report_maybe_help(node, Code::ILLEGAL_VALUE, message, help);
        }
    }
}

/// A fault of serde in an author's words; its words for types are left out.
fn told(fault: &str, what: &str, node: &Node) -> (String, Option<String>) {
    for (start, say) in [("unknown field ", "unknown entry"), ("unknown variant ", "unknown word")] {
        let Some(rest) = fault.strip_prefix(start) else { continue };
        let mut quoted = rest.split('`').skip(1).step_by(2);
        let word = quoted.next().unwrap_or_default();
        let known: Vec<&str> = quoted.collect();
        let named = words::quoted(word).map_or_else(|| say.to_owned(), |word| format!("{say} {word}"));
        return (format!("not {what}: {named}"), words::help(word, &known));
    }
    let own = !fault.starts_with("invalid ");
    match own {
        true => (format!("not {what}: {fault}"), None),
        false => (format!("not {what}: {} cannot stand here", node.describe()), None),
    }
}

macro_rules! foreign {
    ($($part:ty, $what:literal);*) => {$(
        impl Section for $part {
            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                read(node, reader, $what)
            }

            fn schema(_: &mut Definitions) -> Value {
                json!({ "type": "object", "description": $what })
            }
        }
    )*};
}

foreign!(
    CalendarSpec, "a calendar";
    Match, "a choice of conversations";
    MetricSpec, "a measure";
    OnPriorityChange, "keep_elapsed or restart";
    ScheduleChange, "segmented or last_wins"
);
