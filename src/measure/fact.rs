//! What the host reports for counting.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::hash::stable;
use crate::model::{AgentId, Channel, EventId, Rating, Seconds, Tag, Timestamp, TopicId, Visibility};

/// One thing to count, once.
///
/// Its identity is (event, kind of observation): one event can be the source of several facts, and the
/// same event delivered again is the same facts again (T15).
///
/// ```
/// use galateo::measure::{Fact, Observation};
/// use galateo::model::{Channel, EventId, Timestamp};
/// let at: Timestamp = "2026-11-20T09:00:00Z".parse()?;
/// let fact = Fact::new(EventId::new("e1")?, at, Channel::X, Observation::Received);
/// assert_eq!(fact.received_at, at);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The event that shows it.
    pub event: EventId,
    /// When it happened.
    pub at: Timestamp,
    /// When the conversation it belongs to was received; see [`Observation::follows_conversation`].
    pub received_at: Timestamp,
    /// The channel of the conversation.
    pub channel: Channel,
    /// The subject, where one is known.
    #[serde(default)]
    pub topic: Option<TopicId>,
    /// What was observed.
    pub observation: Observation,
}

impl Fact {
    /// A fact without a topic about a conversation received at the same instant.
    #[must_use]
    pub const fn new(event: EventId, at: Timestamp, channel: Channel, observation: Observation) -> Self {
        Self { event, at, received_at: at, channel, topic: None, observation }
    }

    /// The instant that decides the period in which the fact counts.
    #[must_use]
    pub const fn counts_at(&self) -> Timestamp {
        if self.observation.follows_conversation() { self.received_at } else { self.at }
    }

    /// The identity under which a second delivery is recognised.
    pub(super) fn identity(&self) -> u64 {
        stable([self.event.as_str(), self.observation.kind()])
    }
}

/// What can be counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Observation {
    /// The first answer with substance was sent; where it is also the first response, both are reported.
    Answered {
        /// Time since the conversation was received, in the host's business time or in plain time.
        after: Seconds,
    },
    /// After a proactive reply the customer made no further contact in the window: a contact avoided (R11).
    ContactAvoided,
    /// After a proactive reply the customer made contact all the same.
    ContactFollowed,
    /// It was decided, with a reason, that no answer is due (R91).
    Excused,
    /// The first sign of life was sent: an answer, or an acknowledgement that may precede it (R90).
    FirstResponse {
        /// Time since the conversation was received, in the host's business time or in plain time.
        after: Seconds,
    },
    /// An agent was busy with the conversation.
    Handled {
        /// Who.
        agent: AgentId,
        /// For how long.
        time: Seconds,
    },
    /// A customer's message arrived.
    MessageReceived {
        /// Who can read it.
        visibility: Visibility,
        /// How it sounds, where that is known.
        #[serde(default)]
        sentiment: Option<Sentiment>,
        /// Which brand it speaks of (R50).
        #[serde(default)]
        mention: Mention,
    },
    /// A message of the company was sent.
    MessageSent,
    /// A reply was sent to someone who had asked nothing (R9).
    ProactiveReply,
    /// The customer gave a mark; kept apart from sentiment (R103).
    Rated {
        /// From 1, worst, to 5, best.
        rating: Rating,
    },
    /// A conversation was received.
    Received,
    /// A colleague outside the team was asked (R79).
    Referred,
    /// The colleague answered in time.
    ReferralAnswered,
    /// The colleague did not answer in time (R115).
    ReferralBreached,
    /// A remedy was granted (R49).
    RemedyGiven {
        /// Its class, such as `refund` or `voucher`.
        remedy: Tag,
    },
    /// A resolved conversation was opened again.
    Reopened,
    /// The conversation was resolved.
    Resolved,
    /// A sale is put down to the conversation (R57).
    Revenue {
        /// Whose work it was.
        agent: AgentId,
        /// Its currency.
        currency: Currency,
        /// The amount in the currency's smallest unit, such as cents.
        minor_units: u64,
    },
    /// An SLA target ended (R25).
    Target {
        /// Whether it was met.
        met: bool,
    },
}

impl Observation {
    /// The word for the kind of observation, as on the wire.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Answered { .. } => "answered",
            Self::ContactAvoided => "contact_avoided",
            Self::ContactFollowed => "contact_followed",
            Self::Excused => "excused",
            Self::FirstResponse { .. } => "first_response",
            Self::Handled { .. } => "handled",
            Self::MessageReceived { .. } => "message_received",
            Self::MessageSent => "message_sent",
            Self::ProactiveReply => "proactive_reply",
            Self::Rated { .. } => "rated",
            Self::Received => "received",
            Self::Referred => "referred",
            Self::ReferralAnswered => "referral_answered",
            Self::ReferralBreached => "referral_breached",
            Self::RemedyGiven { .. } => "remedy_given",
            Self::Reopened => "reopened",
            Self::Resolved => "resolved",
            Self::Revenue { .. } => "revenue",
            Self::Target { .. } => "target",
        }
    }

    /// Whether the fact counts in the period in which its conversation was received.
    ///
    /// What becomes of conversations is counted by cohort, so that answered and resolved are parts of
    /// received, and those still waiting are the difference; messages, marks, sales and working time count
    /// when they happen.
    #[must_use]
    pub const fn follows_conversation(&self) -> bool {
        matches!(
            self,
            Self::Answered { .. }
                | Self::Excused
                | Self::FirstResponse { .. }
                | Self::Received
                | Self::Reopened
                | Self::Resolved
                | Self::Target { .. }
        )
    }
}

/// Which brand a message speaks of (R50).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "own, theirs or both: there is no fourth")]
pub enum Mention {
    /// The company's own brand and a competitor's.
    Both,
    /// A competitor's brand.
    Competitor,
    /// The company's own brand.
    #[default]
    Own,
}

/// How a message sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the three classes are fixed by the line protocol")]
pub enum Feeling {
    /// Displeased.
    Negative,
    /// Neither.
    Neutral,
    /// Pleased.
    Positive,
}

/// The sentiment of a message: a class and a score from −1000 to 1000.
///
/// ```
/// use galateo::measure::{Feeling, Sentiment};
/// assert_eq!(Sentiment::new(-4000, Feeling::Negative).score(), -1000);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredSentiment", into = "StoredSentiment")]
pub struct Sentiment {
    score: i16,
    class: Feeling,
}

impl Sentiment {
    /// A sentiment; the score is held inside −1000 to 1000.
    #[must_use]
    pub fn new(score: i16, class: Feeling) -> Self {
        Self { score: score.clamp(-1000, 1000), class }
    }

    /// The score, −1000 to 1000.
    #[must_use]
    pub const fn score(self) -> i16 {
        self.score
    }

    /// The class.
    #[must_use]
    pub const fn class(self) -> Feeling {
        self.class
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredSentiment {
    score: i16,
    class: Feeling,
}

impl From<StoredSentiment> for Sentiment {
    fn from(stored: StoredSentiment) -> Self {
        Self::new(stored.score, stored.class)
    }
}

impl From<Sentiment> for StoredSentiment {
    fn from(sentiment: Sentiment) -> Self {
        Self { score: sentiment.score, class: sentiment.class }
    }
}

/// A currency by its three letters ([ISO 4217](https://www.iso.org/iso-4217-currency-codes.html)).
///
/// ```
/// use galateo::measure::Currency;
/// let euro = Currency::new("EUR").unwrap();
/// assert_eq!((euro.as_str(), euro.digits()), ("EUR", 2));
/// assert!(Currency::new("euro").is_none());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Three capital letters; `None` for another text.
    #[must_use]
    pub fn new(code: &str) -> Option<Self> {
        let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Self(letters))
    }

    /// The three letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Digits after the decimal point: how many of them the smallest unit stands for (ISO 4217, list one of 2026).
    #[must_use]
    pub const fn digits(&self) -> u8 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF"
            | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::new(&code).ok_or_else(|| de::Error::custom("not a currency code of three capital letters"))
    }
}
