//! Words of the model's closed lists as parts of a document.

use serde_json::{Value, json};

use super::node::Node;
use super::read::{Reader, Section};
use super::scalar::text;
use super::schema::Definitions;
use crate::model::{ComplaintState, Identity, Mode, OrderState, Presence, Priority, Status};

/// Words of a closed list: an unknown one is a fault.
macro_rules! closed_lists {
    ($($list:ty, $what:literal);*) => {$(
        impl Section for $list {
            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let written = text(node, reader, concat!("a ", $what))?;
                let found = Self::from_word(written);
                if found.is_none() {
                    let known: Vec<&str> = Self::ALL.iter().map(|value| value.as_str()).collect();
                    reader.unknown_word(node, $what, written, &known);
                }
                found
            }

            fn schema(_: &mut Definitions) -> Value {
                let known: Vec<&str> = Self::ALL.iter().map(|value| value.as_str()).collect();
                json!({ "enum": known })
            }
        }
    )*};
}

closed_lists!(
    ComplaintState, "state of a complaint";
    Identity, "level of identity";
    Mode, "mode";
    OrderState, "state of an order";
    Presence, "presence";
    Priority, "priority";
    Status, "status"
);
