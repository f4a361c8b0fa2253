//! What the host knows of the connection a payload came over.

use crate::model::AccountId;

/// What the host knows of the connection a payload came over.
///
/// ```
/// use galateo::interop::{Connection, OwnMessages};
/// use galateo::model::AccountId;
/// let connection = Connection { own: vec![AccountId::new("17841400000000000")?], ..Connection::default() };
/// assert_eq!(connection.own_messages, OwnMessages::Echo);
/// # Ok::<(), galateo::model::IdError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax over the default")]
pub struct Connection {
    /// The company's accounts on the vendor's side: pages, phone numbers, users, bots.
    ///
    /// Most payloads name the receiving account themselves; X and Mastodon need it here to tell the
    /// company's posts from the customers'.
    pub own: Vec<AccountId>,
    /// What a message of the company's own means when it comes back.
    pub own_messages: OwnMessages,
}

/// What a message of the company's own means when it comes back over a webhook.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OwnMessages {
    /// The host recorded it when it was sent: what comes back is an echo.
    #[default]
    Echo,
    /// The host learns of its agents' replies by this webhook alone, as a listener beside a helpdesk does.
    Reply,
}

impl Connection {
    /// Whether an account is the company's own.
    #[must_use]
    pub fn owns(&self, account: &str) -> bool {
        self.own.iter().any(|own| own.as_str() == account)
    }

    pub(super) fn echoes(&self) -> bool {
        self.own_messages == OwnMessages::Echo
    }
}
