//! Why: which rules spoke, which facts and spans they rested on, and by which law one won.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::{Action, Family};
use crate::model::{RuleId, Word};

/// Why an action was chosen: the rule that asked for it, or a law of the engine itself.
///
/// It names facts and points to spans; it never quotes the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cause {
    /// The rule; `None` where the engine's own default decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
    /// The layer of the playbook that the rule came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<Arc<str>>,
    /// The fields that the rule's condition asked, in its order.
    #[serde(skip_serializing_if = "is_empty")]
    pub facts: Arc<[Arc<str>]>,
    /// What in the text showed those facts.
    #[serde(skip_serializing_if = "is_empty")]
    pub spans: Arc<[Evidence]>,
}

fn is_empty<T>(list: &Arc<[T]>) -> bool {
    list.is_empty()
}

impl Cause {
    /// The engine's own default, resting on named facts.
    #[must_use]
    pub fn default_on(facts: Arc<[Arc<str>]>) -> Self {
        Self { rule: None, layer: None, facts, spans: Arc::default() }
    }
}

/// A place in a text that shows something: byte offsets into the text as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "a record of three facts")]
pub struct Evidence {
    /// What it shows: the name of a signal or of a kind of personal data.
    pub shows: Word,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// An action with its causes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "a pair")]
pub struct Chosen {
    /// What to do.
    pub action: Action,
    /// Why; several rules can ask for the same.
    pub because: Because,
}

/// The causes of an action: one at least, in the order of the rules.
///
/// ```
/// use galateo::decision::{Because, Cause};
/// use std::sync::Arc;
/// let law = Arc::new(Cause::default_on(Arc::default()));
/// let mut because = Because::from(Arc::clone(&law));
/// because.push(law);
/// assert_eq!(because.iter().count(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    first: Arc<Cause>,
    others: Vec<Arc<Cause>>,
}

impl Because {
    /// The cause that stands first in rank.
    #[must_use]
    pub const fn first(&self) -> &Arc<Cause> {
        &self.first
    }

    /// Every cause, the first in rank first.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Cause>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Adds the cause of another rule that asks for the same.
    pub fn push(&mut self, cause: Arc<Cause>) {
        self.others.push(cause);
    }
}

impl From<Arc<Cause>> for Because {
    fn from(first: Arc<Cause>) -> Self {
        Self { first, others: Vec::new() }
    }
}

/// Writes a list.
impl Serialize for Because {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// A rule that matched and was overruled within its family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "a record of three facts")]
pub struct Overruled {
    /// The rule.
    pub rule: RuleId,
    /// In which family.
    pub family: Family,
    /// The rule that won; `None` where a law of the engine did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<RuleId>,
}

/// A ceiling that was hit, or a fact that was missing; each makes the decision more careful.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Degraded {
    /// The text was longer than what is read; the rest counts as holding personal data.
    Truncated {
        /// Bytes that were not read.
        unread: usize,
    },
    /// More signals were found than are kept.
    SignalsDropped,
    /// The conversation handed in belongs to another event.
    WrongConversation,
    /// A clock runs towards a target that its hours never reach, because its calendar never opens or not for long enough.
    NeverOpens,
}
