//! The person on the other side, as far as the host knows them.

use serde::{Deserialize, Serialize};

use super::words::closed_words;
use super::{Channel, CustomerId, Language, Seconds, Sensitive, Tag, Timestamp, TopicId, Word};

/// What the host knows of a customer when it asks for a decision.
///
/// ```
/// use galateo::model::{Customer, CustomerId};
/// let customer = Customer { followers: Some(48_000), ..Customer::new(CustomerId::new("anna")?) };
/// assert!(customer.tags.is_empty());
/// # Ok::<(), galateo::model::IdError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "hosts write it with struct update syntax over `Customer::new`"
)]
pub struct Customer {
    /// Who they are.
    pub id: CustomerId,
    /// How they are served by contract, such as `vip`.
    #[serde(default)]
    pub tier: Option<Word>,
    /// The language they prefer.
    #[serde(default)]
    pub language: Option<Language>,
    /// The country they live in, as ISO 3166-1 alpha-2 in lower case.
    #[serde(default)]
    pub country: Option<Word>,
    /// How well they can be told from others.
    #[serde(default)]
    pub identity: Identity,
    /// Names the customer goes by; for the check of names in replies (R93) and for redaction.
    #[serde(default)]
    pub names: Vec<Sensitive<String>>,
    /// How many people follow them; `None` where the host does not know.
    #[serde(default)]
    pub followers: Option<u64>,
    /// Whether the network vouches for them.
    #[serde(default)]
    pub verified: bool,
    /// Segments, cohorts, groups compared for fairness (R26, R34).
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// Earlier contacts over all channels, in any order (R6).
    #[serde(default)]
    pub history: Vec<Touch>,
    /// What they agreed to.
    #[serde(default)]
    pub consents: Vec<Consent>,
    /// What they bought (R10, R85).
    #[serde(default)]
    pub orders: Vec<Order>,
    /// Data they have given already, so that nobody asks twice (R30).
    #[serde(default)]
    pub given: Vec<Word>,
    /// Rollout features in which they are enrolled, as the host's enrolment summary says (R43).
    #[serde(default)]
    pub enrolled: Vec<Word>,
}

impl Customer {
    /// A customer of whom nothing is known but the identifier.
    #[must_use]
    pub const fn new(id: CustomerId) -> Self {
        Self {
            id,
            tier: None,
            language: None,
            country: None,
            identity: Identity::Handle,
            names: Vec::new(),
            followers: None,
            verified: false,
            tags: Vec::new(),
            history: Vec::new(),
            consents: Vec::new(),
            orders: Vec::new(),
            given: Vec::new(),
            enrolled: Vec::new(),
        }
    }

    /// Contacts in the `window` before `now`, the newest last.
    #[must_use]
    pub fn touches(&self, now: Timestamp, window: Seconds) -> Vec<&Touch> {
        let from = now.saturating_add(Seconds::new(window.get().saturating_neg()));
        let mut recent: Vec<&Touch> = self.history.iter().filter(|t| t.at >= from && t.at <= now).collect();
        recent.sort_by_key(|touch| touch.at);
        recent
    }
}

closed_words! {
    /// How well a customer can be told from others (R55).
    Identity {
        /// Nothing is known.
        Anonymous = "anonymous",
        /// A handle on a network.
        Handle = "handle",
        /// A real name.
        Named = "named",
    }
    /// Where an order stands.
    OrderState {
        /// It is being prepared.
        Open = "open",
        /// It is on its way.
        Shipped = "shipped",
        /// It arrived.
        Delivered = "delivered",
        /// It is late or lost.
        Delayed = "delayed",
        /// It was cancelled or sent back.
        Cancelled = "cancelled",
    }
}

#[expect(
    clippy::derivable_impls,
    reason = "the list of words is declared by a macro that cannot mark a default"
)]
impl Default for Identity {
    fn default() -> Self {
        Self::Handle
    }
}

/// One earlier contact (R6, R29).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct Touch {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub channel: Channel,
    /// About what, where that is known.
    #[serde(default)]
    pub topic: Option<TopicId>,
    /// Whether the matter was settled.
    #[serde(default)]
    pub solved: bool,
}

/// Something a customer agreed to (R37).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct Consent {
    /// On which channel.
    pub channel: Channel,
    /// For what, such as `service` or `marketing`.
    pub purpose: Word,
    /// Since when.
    pub given_at: Timestamp,
    /// Until when, where it was withdrawn.
    #[serde(default)]
    pub withdrawn_at: Option<Timestamp>,
}

impl Consent {
    /// Whether it holds at `now`.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.given_at <= now && self.withdrawn_at.is_none_or(|end| now < end)
    }
}

/// Something bought.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct Order {
    /// The order's code.
    pub code: Sensitive<String>,
    /// Where it stands.
    pub state: OrderState,
    /// When it should arrive, where the host knows.
    #[serde(default)]
    pub eta: Option<Timestamp>,
}
