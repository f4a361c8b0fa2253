//! What a text shows: kinds of signal, and the whole of what one scan found.

use serde::Serialize;

use crate::model::words::open_words;
use crate::model::{Language, TopicId, Word};
use crate::text::Span;

open_words! {
    /// A kind of signal; a lexicon of the host may define its own.
    ///
    /// ```
    /// use galateo::detect::SignalKind;
    /// assert_eq!(SignalKind::from_word("legal_threat"), Some(SignalKind::LegalThreat));
    /// assert_eq!(SignalKind::HotlineRedirect.as_str(), "hotline_redirect");
    /// ```
    SignalKind, "kind of signal" {
    /// Words meant to hurt the people who read them.
    Abuse = "abuse",
    /// Cannot get into an account, or it is blocked or stolen.
    AccountAccess = "account_access",
    /// Says sorry.
    Apology = "apology",
    /// Mentions something attached, a photo, a document.
    Attachment = "attachment",
    /// Says that a machine is writing (or asks whether one is).
    BotDisclosure = "bot_disclosure",
    /// Names the own brand (R50).
    BrandMention = "brand_mention",
    /// Wants to leave, cancel, or go to another company.
    Churn = "churn",
    /// A statement about price, time, law or product that must have a ground (R111).
    Claim = "claim",
    /// Names a competitor (R50).
    CompetitorMention = "competitor_mention",
    /// Praises (R86).
    Compliment = "compliment",
    /// A danger to life, health or safety, or a scandal in the making.
    Crisis = "crisis",
    /// Finds fault (R86).
    Criticism = "criticism",
    /// An agent asks for personal data.
    DataRequest = "data_request",
    /// Shows understanding for the customer's trouble (R94).
    Empathy = "empathy",
    /// A formal complaint, in so many words (R45).
    FormalComplaint = "formal_complaint",
    /// Hope about something open, such as an order (R10).
    Hope = "hope",
    /// Sends the customer to a telephone line (R97).
    HotlineRedirect = "hotline_redirect",
    /// Wants a human being.
    HumanRequest = "human_request",
    /// Threatens with a lawyer, a court, an authority.
    LegalThreat = "legal_threat",
    /// Sends the customer to another medium (R96).
    MediumRedirect = "medium_redirect",
    /// A known name of the customer is used (R93).
    NameUsed = "name_used",
    /// The language of offices (R75).
    Officialese = "officialese",
    /// Signs with the number of an operator (R54).
    OperatorNumber = "operator_number",
    /// Asks where an order is, or says that it did not come.
    OrderStatus = "order_status",
    /// A payment failed, was made twice, or does not show.
    PaymentProblem = "payment_problem",
    /// Invites to a private surface.
    PrivateInvite = "private_invite",
    /// Expletives, obfuscated ones included.
    Profanity = "profanity",
    /// Something is promised (R95).
    Promise = "promise",
    /// Wants money back.
    Refund = "refund",
    /// Asks for something (R86).
    Request = "request",
    /// Wants to buy (R57).
    SalesIntent = "sales_intent",
    /// Sexual references.
    Sexual = "sexual",
    /// Signs with a first name (R54).
    SignOff = "sign_off",
    /// Advertising, fraud, chain letters (R86).
    Spam = "spam",
    /// Thanks and farewell: nothing is left to do.
    ThanksClosing = "thanks_closing",
    /// Worry about something open, such as an order (R10).
    Worry = "worry",
    /// Addressed by a name that is not the customer's (R93).
    WrongName = "wrong_name",
    }
}

/// How sure a detector is, in thousandths: 0 to 1000.
///
/// ```
/// use galateo::detect::Confidence;
/// assert_eq!(Confidence::new(1200).get(), 1000);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Confidence(u16);

impl Confidence {
    /// A confidence in thousandths, cut at 1000.
    #[must_use]
    pub const fn new(thousandths: u16) -> Self {
        Self(if thousandths > 1000 { 1000 } else { thousandths })
    }

    /// The thousandths.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// What found a signal: the part of the scan, and the lexicon and line that the rule stands on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct Detector {
    /// The lexicon, by its place in [`Detectors::lexicons`](super::Detectors::lexicons).
    pub lexicon: u16,
    /// The line of the rule or pattern, from 1; 0 where no line is behind it.
    pub line: u32,
}

/// Something that a text shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Signal {
    /// The kind.
    pub kind: SignalKind,
    /// Where it stands in the text as it was sent.
    pub span: Span,
    /// How sure the detector is.
    pub confidence: Confidence,
    /// What found it.
    pub detector: Detector,
    /// A finer kind that the rule names, such as `refund` for a promise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<Word>,
}

/// How a text feels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "three classes are the field's convention")]
pub enum SentimentClass {
    /// Discontent.
    Negative,
    /// Neither, or both alike.
    #[default]
    Neutral,
    /// Content.
    Positive,
}

/// How a text feels, and how strongly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Sentiment {
    /// From -1000 (as negative as can be) to 1000.
    pub score: i16,
    /// The class, by the thresholds of the language's lexicon.
    pub class: SentimentClass,
}

/// How the reader is addressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Register {
    /// Nobody is addressed, or it cannot be told.
    #[default]
    Unknown,
    /// Informal: *tu*; in English slang, contractions, first names.
    Informal,
    /// Formal: *Lei*; in English full forms and titles.
    Formal,
    /// More than one reader: *voi*.
    Plural,
    /// Formal and informal in one text.
    Mixed,
}

/// A subject of the playbook that a text is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TopicHit {
    /// The subject.
    pub topic: TopicId,
    /// Where it stands.
    pub span: Span,
    /// How sure the detector is.
    pub confidence: Confidence,
}

/// A promise in a text, usually a draft (R95).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Promise {
    /// Where it stands.
    pub span: Span,
    /// What is promised, by the rule's tag: `refund`, `delivery`, `call_back`, `solution`, `reply`, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Word>,
    /// Where the time stands by which it is to happen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Span>,
    /// That time in minutes from the sending, where it is a number of units ("within 24 hours").
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within_minutes: Option<u32>,
    /// Where the amount of money stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Span>,
    /// The amount in hundredths of the currency's unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cents: Option<u64>,
    /// How sure the detector is.
    pub confidence: Confidence,
}

/// Everything that one scan found in one text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Signals {
    /// The language, if it can be told.
    pub language: Option<Language>,
    /// How far the language is ahead of the next one, in thousandths.
    pub language_margin: u16,
    /// How the text feels.
    pub sentiment: Sentiment,
    /// What the text shows, by start, then kind; at most [`Limits::signals`](crate::Limits).
    pub signals: Vec<Signal>,
    /// How the reader is addressed.
    pub register: Register,
    /// What is promised.
    pub promises: Vec<Promise>,
    /// The subjects of the playbook.
    pub topics: Vec<TopicHit>,
    /// A limit was hit: the text was not read to its end, or signals were left out.
    pub degraded: bool,
}

impl Signals {
    /// The surest signal of a kind.
    #[must_use]
    pub fn strongest(&self, kind: &SignalKind) -> Option<&Signal> {
        self.signals.iter().filter(|signal| signal.kind == *kind).max_by_key(|signal| signal.confidence)
    }

    /// Whether a kind was found at all.
    #[must_use]
    pub fn has(&self, kind: &SignalKind) -> bool {
        self.signals.iter().any(|signal| signal.kind == *kind)
    }

    pub(super) fn clear(&mut self) {
        self.language = None;
        self.language_margin = 0;
        self.sentiment = Sentiment::default();
        self.signals.clear();
        self.register = Register::Unknown;
        self.promises.clear();
        self.topics.clear();
        self.degraded = false;
    }
}
