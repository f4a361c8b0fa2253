//! Parts of a document that another room defines with serde: calendars and clock policies.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::node::Node;
use super::read::{Reader, Section};
use super::schema::Definitions;
use crate::Code;
use crate::schedule::CalendarSpec;
use crate::schedule::sla::{Match, MetricSpec, OnPriorityChange, ScheduleChange};

/// Reads a part by its own serde form; the fault is one, at the part's own place.
fn read<T: DeserializeOwned>(node: &Node, reader: &mut Reader<'_>, what: &str) -> Option<T> {
    match serde_json::from_value(node.to_value()) {
        Ok(part) => Some(part),
        Err(fault) => {
            let message = plain(&fault.to_string())
                .map_or_else(|| format!("not {what}"), |why| format!("not {what}: {why}"));
            reader.report(node, Code::ILLEGAL_VALUE, message);
            None
        }
    }
}

/// The words of serde that an author understands; its words for types are left out.
fn plain(words: &str) -> Option<&str> {
    let known = ["unknown field", "missing field", "unknown variant", "duplicate field"];
    let own = !words.starts_with("invalid ");
    (own || known.iter().any(|start| words.starts_with(start))).then_some(words)
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
