//! Stage 4: what is to be done, and why.

mod action;

pub use action::{Action, ChaseStep, Family};
