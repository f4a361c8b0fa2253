//! The lines of a day: what a host would hear, one JSON object a line (see `examples/data/README.md`).

use galateo::model::{Customer, Desk, Draft, Event, Timestamp};
use serde::Deserialize;

use crate::fault::{self, Fault};

/// One line.
pub enum Entry {
    /// What the host knows of a customer from here on.
    Customer(Box<Customer>),
    /// Who is on duty from here on.
    Desk(Desk),
    /// Something happened.
    Event(Box<Event>),
    /// A reply was drafted and is to be reviewed at that instant.
    Draft(Timestamp, Box<Draft>),
    /// Time passed; what is due?
    Now(Timestamp),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    customer: Option<Customer>,
    desk: Option<Desk>,
    event: Option<Event>,
    at: Option<Timestamp>,
    draft: Option<Draft>,
    now: Option<Timestamp>,
}

impl Entry {
    /// Reads one line; the fault never quotes what the line says.
    pub fn read(line: &[u8]) -> Result<Self, Fault> {
        let value = serde_json::from_slice(line)
            .map_err(|error| Fault::new("bad_json", "", format!("no JSON at column {}", error.column())))?;
        let Fields { customer, desk, event, at, draft, now } = fault::read(value)?;
        match (customer, desk, event, at, draft, now) {
            (Some(customer), None, None, None, None, None) => Ok(Self::Customer(Box::new(customer))),
            (None, Some(desk), None, None, None, None) => Ok(Self::Desk(desk)),
            (None, None, Some(event), None, None, None) => Ok(Self::Event(Box::new(event))),
            (None, None, None, Some(at), Some(draft), None) => Ok(Self::Draft(at, Box::new(draft))),
            (None, None, None, None, None, Some(now)) => Ok(Self::Now(now)),
            _ => Err(Fault::new(
                "bad_request",
                "",
                "a line is one of customer, desk, event, now, or at with draft",
            )),
        }
    }
}
