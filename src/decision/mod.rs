//! Stage 4: what is to be done, and why.

mod action;
mod explanation;
mod record;

pub use action::{Action, ChaseStep, Family, Relief};
pub use explanation::{Because, Cause, Chosen, Degraded, Evidence, Overruled};
pub use record::{Decision, Hidden, Part, Seen, Stamp};
