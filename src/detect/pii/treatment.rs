//! What becomes of a span, by kind, visibility and direction.

use super::kind::PiiKind;
use crate::model::Visibility;

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[expect(clippy::exhaustive_enums, reason = "a message comes in or goes out")]
pub enum Direction {
    /// From the customer.
    #[default]
    Inbound,
    /// To the customer.
    Outbound,
}

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum Treatment {
    /// It stays.
    Keep,
    /// A label, `[CARD_1]`.
    #[default]
    Label,
    /// Stars, and at most the last four characters, never more than a third of them.
    Mask,
    /// A label that a vault of the host can put back; on open surfaces a plain label.
    Slot,
    /// A pseudonym from the host's [`Tokenizer`](super::Tokenizer); a plain label without one.
    Token,
}

/// A treatment for the kinds, visibilities and directions that it names; `None` stands for all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "every combination is legal and hosts write it as a literal")]
pub struct TreatmentRule {
    /// The kind.
    pub kind: Option<PiiKind>,
    /// The visibility.
    pub visibility: Option<Visibility>,
    /// The direction.
    pub direction: Option<Direction>,
    /// What becomes of it.
    pub treatment: Treatment,
}

impl TreatmentRule {
    fn applies(&self, kind: PiiKind, visibility: Visibility, direction: Direction) -> bool {
        self.kind.is_none_or(|k| k == kind)
            && self.visibility.is_none_or(|v| v == visibility)
            && self.direction.is_none_or(|d| d == direction)
    }
}

/// The treatment of the last rule that applies; a label where none does. A slot on an open surface becomes a label.
pub(super) fn choose(
    rules: &[TreatmentRule],
    kind: PiiKind,
    visibility: Visibility,
    direction: Direction,
) -> Treatment {
    let rule = rules.iter().rev().find(|rule| rule.applies(kind, visibility, direction));
    match rule.map(|rule| rule.treatment).unwrap_or_default() {
        Treatment::Slot if visibility.is_open() => Treatment::Label,
        treatment => treatment,
    }
}
