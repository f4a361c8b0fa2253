//! Deadlines that were set by hand: promises, questions to other departments, and any other date.
//!
//! Nothing pauses them, no policy moves them, and hours do not matter: a date was named, and it stands.

use serde::{Deserialize, Serialize};

use super::reading::ClockState;
use crate::model::{Conversation, Seconds, Timestamp};

/// A date that someone named, and whether what was due by it has been done (R80, R95, R114).
///
/// ```
/// use galateo::schedule::sla::{ClockState, Deadline, DeadlineKind};
/// let promise = Deadline {
///     kind: DeadlineKind::Promise,
///     name: "call-back",
///     set_at: "2026-11-23T09:00:00Z".parse()?,
///     due_at: Some("2026-11-23T17:00:00Z".parse()?),
///     met_at: None,
/// };
/// let reading = promise.read("2026-11-23T18:00:00Z".parse()?);
/// assert_eq!((reading.state, reading.breached), (ClockState::Running, true));
/// # Ok::<(), galateo::model::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a record of facts, which hosts write out")]
pub struct Deadline<'a> {
    /// What it is about.
    pub kind: DeadlineKind,
    /// Its name among those of its kind.
    pub name: &'a str,
    /// When it was set.
    pub set_at: Timestamp,
    /// When it is due; `None` where no time was named.
    pub due_at: Option<Timestamp>,
    /// When it was met.
    pub met_at: Option<Timestamp>,
}

/// What a deadline is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeadlineKind {
    /// A date set by hand.
    Manual,
    /// A promise made to the customer.
    Promise,
    /// A question put to another department.
    Referral,
}

/// How a deadline stands as of an instant; time is elapsed time, round the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DeadlineReading {
    /// What it is about.
    pub kind: DeadlineKind,
    /// Its name.
    pub name: String,
    /// Running or fulfilled; not started before it was set.
    pub state: ClockState,
    /// When it was set.
    pub started_at: Timestamp,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// When it was met.
    pub fulfilled_at: Option<Timestamp>,
    /// Seconds since it was set, until it was met.
    pub elapsed_seconds: i64,
    /// Seconds left, negative after the date.
    pub remaining_seconds: Option<i64>,
    /// Whether it was not met by its date.
    pub breached: bool,
    /// The date, where it was missed.
    pub breached_at: Option<Timestamp>,
}

impl Deadline<'_> {
    /// Reads the deadline as of an instant.
    #[must_use]
    pub fn read(&self, as_of: Timestamp) -> DeadlineReading {
        let met_at = self.met_at.filter(|at| *at <= as_of);
        let until = met_at.unwrap_or(as_of);
        let state = match met_at {
            Some(_) => ClockState::Fulfilled,
            None if as_of < self.set_at => ClockState::NotStarted,
            None => ClockState::Running,
        };
        let breached_at = self.due_at.filter(|due| until > *due);
        DeadlineReading {
            kind: self.kind,
            name: self.name.to_owned(),
            state,
            started_at: self.set_at,
            due_at: self.due_at,
            fulfilled_at: met_at,
            elapsed_seconds: until.since(self.set_at).max(Seconds::new(0)).get(),
            remaining_seconds: self.due_at.map(|due| due.since(until).get()),
            breached: breached_at.is_some(),
            breached_at,
        }
    }
}

/// The promises and the questions to other departments of a conversation, as clocks of their own.
pub fn deadlines(conversation: &Conversation) -> impl Iterator<Item = Deadline<'_>> {
    let promises = conversation.promises.iter().map(|promise| Deadline {
        kind: DeadlineKind::Promise,
        name: promise.promise.as_str(),
        set_at: promise.at,
        due_at: promise.due,
        met_at: promise.kept_at,
    });
    let referrals = conversation.referrals.iter().map(|referral| Deadline {
        kind: DeadlineKind::Referral,
        name: referral.referral.as_str(),
        set_at: referral.at,
        due_at: referral.due,
        met_at: referral.answered_at,
    });
    promises.chain(referrals)
}
