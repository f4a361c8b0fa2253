//! The vendors by name.

use serde_json::Value;

use super::{
    Connection, InteropError, Problem, chatwoot, instagram, mastodon, messenger, telegram, whatsapp, x,
    zammad, zendesk,
};
use crate::model::Event;

/// A vendor whose webhooks can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Vendor {
    /// Chatwoot: see [`chatwoot`].
    Chatwoot,
    /// Instagram: see [`instagram`].
    Instagram,
    /// Mastodon: see [`mastodon`].
    Mastodon,
    /// A Facebook page and its Messenger: see [`messenger`].
    Messenger,
    /// Telegram: see [`telegram`].
    Telegram,
    /// The WhatsApp Business Platform: see [`whatsapp`].
    WhatsApp,
    /// X: see [`x`].
    X,
    /// Zammad: see [`zammad`].
    Zammad,
    /// Zendesk: see [`zendesk`].
    Zendesk,
}

impl Vendor {
    /// Every vendor, in the order of their names.
    pub const ALL: &'static [Self] = &[
        Self::Chatwoot,
        Self::Instagram,
        Self::Mastodon,
        Self::Messenger,
        Self::Telegram,
        Self::WhatsApp,
        Self::X,
        Self::Zammad,
        Self::Zendesk,
    ];

    /// The word for the vendor.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chatwoot => "chatwoot",
            Self::Instagram => "instagram",
            Self::Mastodon => "mastodon",
            Self::Messenger => "messenger",
            Self::Telegram => "telegram",
            Self::WhatsApp => "whatsapp",
            Self::X => "x",
            Self::Zammad => "zammad",
            Self::Zendesk => "zendesk",
        }
    }

    /// Reads a vendor's word; `None` where it is none of them.
    ///
    /// ```
    /// use galateo::interop::Vendor;
    /// assert_eq!(Vendor::from_word("whatsapp"), Some(Vendor::WhatsApp));
    /// ```
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|vendor| vendor.as_str() == word)
    }

    /// Reads a webhook's body.
    ///
    /// # Errors
    /// An [`InteropError`] where the text is no JSON or not what the vendor documents.
    pub fn read(self, body: &str, connection: &Connection) -> Result<Vec<Event>, InteropError> {
        let not_json = |_| InteropError::new(String::new(), Problem::NotJson);
        self.events(&serde_json::from_str(body).map_err(not_json)?, connection)
    }

    /// Reads a webhook's body that is JSON already.
    ///
    /// # Errors
    /// An [`InteropError`] where the payload is not what the vendor documents.
    pub fn events(self, payload: &Value, connection: &Connection) -> Result<Vec<Event>, InteropError> {
        match self {
            Self::Chatwoot => chatwoot::events(payload, connection),
            Self::Instagram => instagram::events(payload, connection),
            Self::Mastodon => mastodon::events(payload, connection),
            Self::Messenger => messenger::events(payload, connection),
            Self::Telegram => telegram::events(payload, connection),
            Self::WhatsApp => whatsapp::events(payload, connection),
            Self::X => x::events(payload, connection),
            Self::Zammad => zammad::events(payload, connection),
            Self::Zendesk => zendesk::events(payload, connection),
        }
    }
}
