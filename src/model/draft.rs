//! A reply not yet sent.

use serde::Deserialize;

use super::{AgentId, ConversationId, DocumentRef, Language, MessageId, Sensitive, Surface, Word};

/// A reply not yet sent, with what its author says about it.
///
/// ```
/// use galateo::model::{AgentId, ConversationId, Draft, Sensitive};
/// let draft = Draft {
///     text: Sensitive::from("Ciao Anna, mi dispiace!"),
///     ..Draft::new(ConversationId::new("c-1")?, AgentId::new("giulia")?, "x/reply".parse()?)
/// };
/// assert!(!draft.by_bot);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax over `Draft::new`")]
pub struct Draft {
    /// The conversation it goes into.
    pub conversation: ConversationId,
    /// Where it will stand.
    pub surface: Surface,
    /// Who wrote it.
    pub author: AgentId,
    /// What it says.
    #[serde(default)]
    pub text: Sensitive<String>,
    /// The message it answers.
    #[serde(default)]
    pub in_reply_to: Option<MessageId>,
    /// The language it is meant to be in.
    #[serde(default)]
    pub language: Option<Language>,
    /// Whether a program wrote it and sends it.
    #[serde(default)]
    pub by_bot: bool,
    /// Knowledge-base entries and facts that its claims rest on (R111).
    #[serde(default)]
    pub grounds: Vec<DocumentRef>,
    /// Remedies that were granted, which a promise of the same kind may rest on (R68, R95).
    #[serde(default)]
    pub granted: Vec<Word>,
    /// Who approved it, where approval was asked for.
    #[serde(default)]
    pub approved_by: Option<AgentId>,
    /// Whether it is an approved template of the network, allowed outside a messaging window.
    #[serde(default)]
    pub template: bool,
}

impl Draft {
    /// An empty draft of an agent for a surface.
    #[must_use]
    pub fn new(conversation: ConversationId, author: AgentId, surface: Surface) -> Self {
        Self {
            conversation,
            surface,
            author,
            text: Sensitive::default(),
            in_reply_to: None,
            language: None,
            by_bot: false,
            grounds: Vec::new(),
            granted: Vec::new(),
            approved_by: None,
            template: false,
        }
    }
}
