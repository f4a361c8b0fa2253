//! Stage 1: text folded to one form, with a map back to the bytes as they were sent.
//!
//! People write one word in many ways: `PERCHÉ`, `perche`, `ｐｅｒｃｈé`, `реrche` with Cyrillic letters, `per\u{200B}ché`.
//! [`Folded`] brings them all to `perche`, so that a detector compares plain bytes, and takes every hit back to the
//! bytes that the customer sent.

mod fold;
mod fold_ranges;
pub(crate) mod fold_table;

pub use fold::Folded;
