//! Lexicons: the text format, its faults, and the form that a scan runs on.
//!
//! The format is documented in `README.md` beside this file.

mod builtin;
mod compile;
mod diagnostic;
mod document;
mod trie;

pub(super) use builtin::BUILT_IN;
pub(super) use compile::{
    Check, Compiled, Entry, LAST_LEVEL, Made, Role, Rule, Special, Target, Term, compile,
};
pub use diagnostic::{Diagnostic, Fault, LexiconError};
pub(super) use document::{Document, Link, Place, Writer};
