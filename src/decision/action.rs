//! What the host is asked to do. The engine returns actions; it never does them.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::model::{
    AccountId, AgentId, Channel, DepartmentId, Priority, QueueId, ReferralId, Status, Surface, Tag,
    Timestamp, Word,
};
use crate::schedule::sla::MetricKind;

/// Something the host is asked to do, written `{"name": {…}}`.
///
/// ```
/// use galateo::decision::{Action, Family};
/// let action = Action::Ignore { reason: "echo of our own message".into() };
/// assert_eq!(action.family(), Family::Engage);
/// assert_eq!(serde_json::to_string(&action)?, r#"{"ignore":{"reason":"echo of our own message"}}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// Put tags on the conversation.
    AddTags {
        /// Which.
        tags: Vec<Tag>,
    },
    /// Tell the customer that nobody is there now, and when somebody will be (R109).
    AwayNotice {
        /// What to write.
        text: Arc<str>,
        /// When the desk opens; `None` without opening hours.
        #[serde(skip_serializing_if = "Option::is_none")]
        next_open: Option<Timestamp>,
    },
    /// Ask the customer whether the matter is settled before closing.
    AskToClose {
        /// Why.
        reason: Arc<str>,
    },
    /// Give the conversation to a queue and, where somebody fits, to an agent.
    Assign {
        /// The queue.
        queue: QueueId,
        /// The agent; `None` with the reason in `why`.
        #[serde(skip_serializing_if = "Option::is_none")]
        agent: Option<AgentId>,
        /// Why this agent, or why no one.
        why: &'static str,
        /// Wishes given up because the wait was too long.
        #[serde(skip_serializing_if = "Relief::is_none")]
        relaxed: Relief,
    },
    /// A clock ran out.
    Breach {
        /// Which measure.
        metric: MetricKind,
        /// When its budget was used up.
        at: Timestamp,
    },
    /// Remind those who owe an answer to a referral (R114).
    Chase {
        /// Which referral.
        referral: ReferralId,
        /// What to do about it.
        step: ChaseStep,
        /// Whom to turn to.
        to: Arc<str>,
    },
    /// Close the conversation, now or at an instant.
    Close {
        /// When; `None` means now.
        #[serde(skip_serializing_if = "Option::is_none")]
        at: Option<Timestamp>,
        /// Why.
        reason: Arc<str>,
    },
    /// Something the host knows and the engine does not.
    Custom {
        /// Its name.
        name: Word,
        /// What the playbook says of it.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<Arc<str>>,
    },
    /// Answer this customer.
    Engage {
        /// Why.
        reason: Arc<str>,
    },
    /// Enrol the customer in a feature that is being rolled out (R43).
    Enrol {
        /// The feature.
        feature: Word,
        /// The stage that let them in.
        stage: Word,
    },
    /// Raise the conversation to a level of responsibility.
    Escalate {
        /// The level, 1 to 9.
        level: u8,
        /// Who takes over.
        #[serde(skip_serializing_if = "Option::is_none")]
        to: Option<Arc<str>>,
        /// By when.
        #[serde(skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
        /// Why.
        reason: Arc<str>,
    },
    /// Hand the conversation to another team for good (R35).
    HandOver {
        /// To whom.
        department: DepartmentId,
        /// Why.
        reason: Arc<str>,
    },
    /// Hide the customer's message where the network can.
    Hide {
        /// Why.
        reason: Arc<str>,
    },
    /// Do not answer; there is always a reason (R21, R91).
    Ignore {
        /// Why.
        reason: Arc<str>,
    },
    /// Leave a note for colleagues.
    InternalNote {
        /// What it says.
        text: Arc<str>,
    },
    /// Keep the conversation open although it looks done (R66).
    KeepOpen {
        /// What is missing.
        reason: Arc<str>,
    },
    /// Watch without answering.
    Monitor {
        /// Why.
        reason: Arc<str>,
    },
    /// Invite the customer to a private surface (R24).
    MovePrivate {
        /// Where to, unless no private surface is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        surface: Option<Surface>,
        /// The official account there (R39).
        #[serde(skip_serializing_if = "Option::is_none")]
        account: Option<AccountId>,
        /// A link that opens it.
        #[serde(skip_serializing_if = "Option::is_none")]
        link: Option<Arc<str>>,
        /// What to write.
        text: Arc<str>,
        /// Which of the reasons to leave a public place holds.
        reason: Word,
        /// How many messages the network allows there; `None` for no limit.
        #[serde(skip_serializing_if = "Option::is_none")]
        messages: Option<u32>,
        /// Until when the network allows it.
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
        /// Whether the conversation must not go on in public at all.
        required: bool,
    },
    /// Tell somebody.
    Notify {
        /// Whom.
        who: Word,
    },
    /// Open a ticket in the helpdesk and link it (R105).
    OpenTicket {
        /// Where.
        #[serde(skip_serializing_if = "Option::is_none")]
        queue: Option<QueueId>,
        /// Why.
        reason: Arc<str>,
    },
    /// Hold the company to what it promises to everybody: from the event on this customer is owed it, and the
    /// conversation has it in its ledger (R83).
    Owe {
        /// The promise.
        promise: Word,
        /// What the brand says, in the customer's language.
        says: Arc<str>,
        /// By when it must be kept; `None` where its calendar never opens for long enough.
        #[serde(skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
    },
    /// Address a customer who did not address the company (R9).
    Proactive {
        /// Why.
        reason: Arc<str>,
        /// Not before.
        not_before: Timestamp,
        /// Not after.
        not_after: Timestamp,
        /// Facts to be had before anything is written (R10).
        #[serde(skip_serializing_if = "Vec::is_empty")]
        needs: Vec<Word>,
    },
    /// Send a formal complaint to the formal channels, and say so here (R45).
    RedirectFormal {
        /// The channels that count.
        channels: Vec<Channel>,
        /// What to write here.
        acknowledge: Arc<str>,
    },
    /// Ask another department (R79, R113).
    Refer {
        /// Which.
        department: DepartmentId,
        /// Who answers for it.
        owner: Arc<str>,
        /// Who stands in.
        deputy: Arc<str>,
        /// By when the answer is needed, inside the customer's own deadline (R80).
        #[serde(skip_serializing_if = "Option::is_none")]
        due: Option<Timestamp>,
        /// Whether that leaves the department less time than it usually needs.
        tight: bool,
        /// Why.
        reason: Arc<str>,
    },
    /// Take tags off the conversation.
    RemoveTags {
        /// Which.
        tags: Vec<Tag>,
    },
    /// Report the customer's message to the network.
    Report {
        /// Why.
        reason: Arc<str>,
    },
    /// Ask the host for a fact and decide again.
    RequestFact {
        /// Which.
        fact: Word,
    },
    /// Have somebody approve replies here before they are sent.
    RequireApproval {
        /// Who.
        by: Word,
        /// Why.
        reason: Arc<str>,
    },
    /// Set the priority.
    SetPriority {
        /// To what.
        to: Priority,
    },
    /// Set the status.
    SetStatus {
        /// To what.
        to: Status,
    },
    /// Put a reply before the agent, to be made personal (R74, R77).
    Suggest {
        /// The model answer, the article or the text.
        answer: Word,
        /// An article's text as it fits the surface, ready to be inserted.
        #[serde(skip_serializing_if = "Option::is_none")]
        says: Option<Arc<str>>,
    },
    /// Write news to a customer who has been waiting for another department (R82, R114).
    TellCustomer {
        /// Why.
        reason: Arc<str>,
    },
    /// A clock is about to run out.
    Warn {
        /// Which measure.
        metric: MetricKind,
        /// When its budget is used up.
        due: Timestamp,
    },
}

/// What a conversation no longer wishes of whoever takes it, because it has waited too long.
///
/// Written as a list of the wishes given up.
///
/// ```
/// use galateo::decision::Relief;
/// let relief = Relief { lower_skills: 2, any_language: true };
/// assert_eq!(relief.to_string(), "skills lowered by 2, any language");
/// assert!(Relief::NONE.is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a pair")]
pub struct Relief {
    /// By how many levels the skills asked for are lowered, 0 to 10.
    pub lower_skills: u8,
    /// Whether an agent of any language will do.
    pub any_language: bool,
}

impl Relief {
    /// Every wish stands.
    pub const NONE: Self = Self { lower_skills: 0, any_language: false };

    /// Whether every wish stands.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }

    /// The wishes given up, in words.
    fn words(self) -> impl Iterator<Item = String> {
        let skills = (self.lower_skills > 0).then(|| format!("skills lowered by {}", self.lower_skills));
        skills.into_iter().chain(self.any_language.then(|| "any language".to_owned()))
    }
}

impl fmt::Display for Relief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().collect::<Vec<_>>().join(", "))
    }
}

impl Serialize for Relief {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.words())
    }
}

/// What to do about a referral that is not answered (R114).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChaseStep {
    /// Remind the owner.
    Remind,
    /// Turn to the deputy.
    Deputy,
}

/// A group of actions with one law by which those of several rules are combined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Family {
    /// Whether and how to take part: the highest-ranked verdict, hiding and reporting beside it.
    Engage,
    /// What must not be shown: union.
    Redact,
    /// Whether to leave the public place: the strictest.
    Private,
    /// Formal complaints: the highest-ranked.
    Formal,
    /// Who answers: highest priority, then aim, then document order.
    Route,
    /// Whose responsibility: the maximum.
    Escalate,
    /// Whom to ask: one question a department.
    Refer,
    /// What the brand promised to everybody: one entry a promise, the earliest due.
    Promise,
    /// Tickets: the highest-ranked.
    Ticket,
    /// Clocks: the first policy that matches, by explicit order.
    Sla,
    /// Gradual introduction: the first stage that admits.
    Rollout,
    /// The end: whatever keeps it open wins.
    Close,
    /// Labels and everything else: union, a register taking its highest-ranked value.
    Label,
}

impl Family {
    /// Every family, in the order in which a decision lists them.
    pub const ALL: &'static [Self] = &[
        Self::Engage,
        Self::Redact,
        Self::Private,
        Self::Formal,
        Self::Route,
        Self::Escalate,
        Self::Refer,
        Self::Promise,
        Self::Ticket,
        Self::Sla,
        Self::Rollout,
        Self::Close,
        Self::Label,
    ];

    /// The law by which the family combines, in one line.
    #[must_use]
    pub const fn law(self) -> &'static str {
        match self {
            Self::Engage => "highest priority, then aim, then document order; hide and report add up",
            Self::Redact => "union of all kinds, the strongest treatment of each",
            Self::Private => "the strictest invitation",
            Self::Formal | Self::Ticket => "highest priority, then aim, then document order",
            Self::Route => "highest priority, then aim, then document order",
            Self::Escalate => "the maximum level",
            Self::Refer => "one question a department, the highest-ranked",
            Self::Promise => "one entry a promise, the earliest due",
            Self::Sla => "the first policy that matches, by explicit order",
            Self::Rollout => "the first stage that admits",
            Self::Close => "whatever keeps it open wins",
            Self::Label => "union; a register takes its highest-ranked value",
        }
    }

    /// The same law in Italian.
    #[must_use]
    pub const fn law_in_italian(self) -> &'static str {
        match self {
            Self::Engage => {
                "priorità più alta, poi scopo, poi ordine del documento; nascondere e segnalare si sommano"
            }
            Self::Redact => "unione di tutti i tipi, di ciascuno il trattamento più severo",
            Self::Private => "l'invito più severo",
            Self::Formal | Self::Route | Self::Ticket => {
                "priorità più alta, poi scopo, poi ordine del documento"
            }
            Self::Escalate => "il livello massimo",
            Self::Refer => "una domanda per reparto, quella di rango più alto",
            Self::Promise => "una voce per promessa, quella che scade prima",
            Self::Sla => "la prima politica che vale, in ordine esplicito",
            Self::Rollout => "la prima fase che ammette",
            Self::Close => "vince ciò che la tiene aperta",
            Self::Label => "unione; un registro prende il valore di rango più alto",
        }
    }

    /// The word for the family, as a decision writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Engage => "engage",
            Self::Redact => "redact",
            Self::Private => "private",
            Self::Formal => "formal",
            Self::Route => "route",
            Self::Escalate => "escalate",
            Self::Refer => "refer",
            Self::Promise => "promise",
            Self::Ticket => "ticket",
            Self::Sla => "sla",
            Self::Rollout => "rollout",
            Self::Close => "close",
            Self::Label => "label",
        }
    }
}

impl Action {
    /// The family whose law decided on it.
    #[must_use]
    pub const fn family(&self) -> Family {
        match self {
            Self::Engage { .. }
            | Self::Hide { .. }
            | Self::Ignore { .. }
            | Self::Monitor { .. }
            | Self::Proactive { .. }
            | Self::Report { .. } => Family::Engage,
            Self::MovePrivate { .. } => Family::Private,
            Self::RedirectFormal { .. } => Family::Formal,
            Self::Assign { .. } | Self::HandOver { .. } => Family::Route,
            Self::Escalate { .. } => Family::Escalate,
            Self::Chase { .. } | Self::Refer { .. } | Self::TellCustomer { .. } => Family::Refer,
            Self::Owe { .. } => Family::Promise,
            Self::OpenTicket { .. } => Family::Ticket,
            Self::Breach { .. } | Self::Warn { .. } => Family::Sla,
            Self::Enrol { .. } => Family::Rollout,
            Self::AskToClose { .. } | Self::Close { .. } | Self::KeepOpen { .. } => Family::Close,
            Self::AddTags { .. }
            | Self::AwayNotice { .. }
            | Self::Custom { .. }
            | Self::InternalNote { .. }
            | Self::Notify { .. }
            | Self::RemoveTags { .. }
            | Self::RequestFact { .. }
            | Self::RequireApproval { .. }
            | Self::SetPriority { .. }
            | Self::SetStatus { .. }
            | Self::Suggest { .. } => Family::Label,
        }
    }
}
