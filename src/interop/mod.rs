//! Vendor payloads, read into events (R1).
//!
//! Each module reads the webhooks of one vendor, as its documentation shows them, into [`Event`]s.
//! The functions are pure: verifying a signature and fetching what a payload only points at remain
//! the host's. What they make sure of:
//!
//! - Identifiers are opaque. A number is read by its exact decimal text and one that was rounded is
//!   refused; X's `id_str` wins over its `id`.
//! - Instants are read in the format that the vendor documents, never guessed from a number's size.
//!   A written time without an offset is an error.
//! - `private` of a helpdesk means a note among colleagues: [`Visibility::Internal`].
//! - The company's own messages come back as echoes, unless the host says that this is how it learns
//!   of its agents' replies ([`OwnMessages`]).
//! - An unknown kind becomes [`EventKind::Other`] under the vendor's name, so that it still gets a decision.
//! - HTML becomes plain text, quoted history going to [`Message::quoted`].
//! - An error names a place and a code, never what the customer wrote; a batch with one unreadable item is
//!   refused as a whole, so that the host keeps it.
//!
//! [`Event`]: crate::model::Event
//! [`EventKind::Other`]: crate::model::EventKind::Other
//! [`Message::quoted`]: crate::model::Message::quoted
//! [`Visibility::Internal`]: crate::model::Visibility::Internal
//!
//! ```
//! use galateo::interop::{Connection, Vendor};
//! let events = Vendor::Telegram.read(
//!     r#"{"update_id": 7, "message": {"message_id": 5, "date": 1796054400, "text": "Ciao",
//!         "from": {"id": 42, "is_bot": false}, "chat": {"id": 42, "type": "private"}}}"#,
//!     &Connection::default(),
//! )?;
//! assert_eq!(events[0].at.to_string(), "2026-11-30T16:00:00Z");
//! # Ok::<(), galateo::interop::InteropError>(())
//! ```

pub mod chatwoot;
mod connection;
mod error;
mod html;
pub mod instagram;
mod instant;
pub mod mastodon;
pub mod messenger;
mod meta;
mod read;
pub mod telegram;
mod vendor;
pub mod whatsapp;
pub mod x;
pub mod zammad;
pub mod zendesk;

pub use connection::{Connection, OwnMessages};
pub use error::{InteropError, Problem};
pub use html::{PlainText, plain_text};
pub use instant::{TimeFormat, instant};
pub use vendor::Vendor;
