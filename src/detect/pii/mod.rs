//! Personal data in a text: found by form, check digit and context, and hidden before anyone else reads it.
//!
//! ```
//! use galateo::detect::pii::{PiiContext, Redactor};
//! let redactor = Redactor::standard();
//! let redaction = redactor.redact("ordine 3401234567, il mio cell è 340 765 4321", &PiiContext::default());
//! assert_eq!(redaction.text, "ordine 3401234567, il mio cell è [PHONE_1]");
//! ```
//!
//! # What is found
//! The kinds of [`PiiKind`]: cards (with expiry and security code beside them), IBANs of the registry, mail, telephone
//! numbers (plans of Italy, Britain, North America, Spain, France and Germany, others behind `+`), network addresses,
//! wallets, locators with a password, secrets behind a label and keys by their prefix, and the identity, tax, health and
//! vehicle numbers of some twenty countries. Each is found in capitals or small letters, with separators, over two lines,
//! in full-width or other scripts' characters, with invisible characters inside; mail also with words for `@` and dot,
//! and numbers dictated in words.
//!
//! # What is not
//! Names that the host did not pass in; streets and birth dates in what comes in (their kinds are on for
//! what goes out, and at will); numbers whose check
//! digit is wrong; orders, parcels, invoices, prices, dates, flights, EANs, UUIDs and IMEIs; numbers of services; numbers
//! without a check digit and without a word that names them, such as passports. Letters typed for digits (`34O` for
//! `340`) are not read. In a row of more than five short groups of digits only groups of four start a reading.
//!
//! # How it decides
//! One pass over the folded text stops at digits, `@`, colons and a few words; candidates are checked; the words before
//! and after raise or lower their confidence ([`Context`], replaceable); of spans that overlap the surest stays. What
//! redaction leaves is looked at again, so that a value glued to another one does not stay behind.
//!
//! # Figures
//! On the project's own 2,400 generated messages (60 % Italian, 25 % English, Spanish, French, German), which are
//! made by the same hands as the detectors and therefore flatter them: see `cargo test --test suite pii_bar --
//! --nocapture`, which prints the table and fails below the floors. Speed: `cargo bench --bench redact`.

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
mod marks;
mod names;
mod net;
mod numeral;
mod pattern;
mod phone;
mod redactor;
mod restore;
mod scan;
mod secret;
mod soft;
mod span;
mod spelled;
mod stream;
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
pub use stream::Stream;
pub use treatment::{Direction, Treatment, TreatmentRule};
pub use wire::{RedactAnswer, RedactRequest, WireSpan};
