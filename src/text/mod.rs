//! Stage 1: text folded to one form, with a map back to the bytes as they were sent.
//!
//! People write one word in many ways: `PERCHÉ`, `perche`, `ｐｅｒｃｈé`, `реrche` with Cyrillic letters, `per\u{200B}ché`.
//! [`Folded`] brings them all to `perche`, so that a detector compares plain bytes, and takes every hit back to the
//! bytes that the customer sent. [`Tokens`] cuts the folded text into words, numbers, links, handles and symbols.

mod fold;
mod fold_ranges;
pub(crate) mod fold_table;
mod span;
mod token;

pub use fold::Folded;
pub use span::Span;
pub use token::{Flags, Token, Tokens};
