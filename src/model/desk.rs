//! Who is on duty.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::words::closed_words;
use super::{
    AgentId, ConversationId, Language, Priority, QueueId, Sensitive, SkillId, Timestamp, Visibility, Word,
};

/// Who is on duty, with what skills and load, and in what mode the company is.
///
/// ```
/// let desk: galateo::model::Desk = serde_json::from_str(r#"{
///     "agents": [{"id": "giulia", "presence": "online", "queues": ["care"], "capacity": 4, "load": 1}]
/// }"#)?;
/// assert_eq!(desk.agents.len(), 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax over the default")]
pub struct Desk {
    /// The agents, on duty or not.
    #[serde(default)]
    pub agents: Vec<Agent>,
    /// What waits in the queues.
    #[serde(default)]
    pub waiting: Vec<Waiting>,
    /// In what mode the company is (R53).
    #[serde(default)]
    pub mode: Mode,
}

impl Desk {
    /// The agent of that name.
    #[must_use]
    pub fn agent(&self, id: &AgentId) -> Option<&Agent> {
        self.agents.iter().find(|agent| agent.id == *id)
    }
}

/// A person or a bot that answers for the company.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax over `Agent::new`")]
pub struct Agent {
    /// Who.
    pub id: AgentId,
    /// The name shown to customers (R54).
    #[serde(default)]
    pub name: Option<Sensitive<String>>,
    /// Whether they can take work now.
    #[serde(default)]
    pub presence: Presence,
    /// The queues they take from.
    #[serde(default)]
    pub queues: Vec<QueueId>,
    /// What they can do, and how well, 1 to 10.
    #[serde(default)]
    pub skills: BTreeMap<SkillId, u8>,
    /// What they speak; empty counts as every language.
    #[serde(default)]
    pub languages: Vec<Language>,
    /// How much they can have at once, in the units of the queues' weights.
    #[serde(default = "one")]
    pub capacity: u32,
    /// How much they have now.
    #[serde(default)]
    pub load: u32,
    /// Surfaces they are trained for (R62); empty counts as private and internal ones alone.
    #[serde(default)]
    pub certified: Vec<Visibility>,
    /// Their role, for the limits of what they may decide alone (R68).
    #[serde(default)]
    pub role: Option<Word>,
    /// Since when they have been without work, for a fair turn.
    #[serde(default)]
    pub idle_since: Option<Timestamp>,
}

const fn one() -> u32 {
    1
}

impl Agent {
    /// An offline agent of whom nothing else is known.
    #[must_use]
    pub const fn new(id: AgentId) -> Self {
        Self {
            id,
            name: None,
            presence: Presence::Offline,
            queues: Vec::new(),
            skills: BTreeMap::new(),
            languages: Vec::new(),
            capacity: 1,
            load: 0,
            certified: Vec::new(),
            role: None,
            idle_since: None,
        }
    }

    /// Whether they are trained for a surface read by `visibility`.
    #[must_use]
    pub fn is_certified(&self, visibility: Visibility) -> bool {
        self.certified.contains(&visibility) || !visibility.is_open()
    }

    /// Room for more, in units of weight.
    #[must_use]
    pub const fn room(&self) -> u32 {
        self.capacity.saturating_sub(self.load)
    }
}

/// A conversation that waits for an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct Waiting {
    /// Which one.
    pub conversation: ConversationId,
    /// In which queue.
    pub queue: QueueId,
    /// Since when.
    pub since: Timestamp,
    /// How urgent it is.
    #[serde(default)]
    pub priority: Option<Priority>,
    /// By when an answer is due.
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// In what language it is held.
    #[serde(default)]
    pub language: Option<Language>,
    /// Who can read it; left out, private.
    #[serde(default)]
    pub visibility: Option<Visibility>,
    /// What it needs, and how well.
    #[serde(default)]
    pub skills: BTreeMap<SkillId, u8>,
}

closed_words! {
    /// Whether an agent can take work.
    Presence {
        /// Not there.
        Offline = "offline",
        /// There, but not for new work.
        Away = "away",
        /// There, and taken.
        Busy = "busy",
        /// There.
        Online = "online",
    }
    /// In what mode the company is (R53).
    Mode {
        /// Business as usual.
        Normal = "normal",
        /// Something may be brewing.
        Watch = "watch",
        /// A crisis.
        Crisis = "crisis",
    }
}

#[expect(
    clippy::derivable_impls,
    reason = "the list of words is declared by a macro that cannot mark a default"
)]
impl Default for Presence {
    fn default() -> Self {
        Self::Offline
    }
}

#[expect(
    clippy::derivable_impls,
    reason = "the list of words is declared by a macro that cannot mark a default"
)]
impl Default for Mode {
    fn default() -> Self {
        Self::Normal
    }
}
