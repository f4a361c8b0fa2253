//! Personal data in a text: found by form, check digit and context, and hidden before anyone else reads it.

mod around;
mod canonical;
mod card;
mod check;
mod compact;
mod context;
mod crypto;
mod email;
mod iban;
mod kind;
mod kinds;
mod labels;
mod names;
mod net;
mod numeral;
mod pattern;
mod phone;
mod redactor;
mod restore;
mod scan;
mod secret;
mod span;
mod spelled;
mod topic;
mod treatment;
mod view;
mod wire;

pub use context::{Context, ContextError};
pub use kind::PiiKind;
pub use labels::{Labels, Token, TokenError, Tokenizer};
pub use pattern::{PatternError, TenantPattern};
pub use redactor::{PiiContext, Redaction, Redactor, RedactorBuilder, Slot};
pub use restore::{RestoreError, restore};
pub use span::{Form, Lean, OffsetUnit, PiiSpan, Reason};
pub use treatment::{Direction, Treatment, TreatmentRule};
pub use wire::{RedactAnswer, RedactRequest, WireSpan};
