//! The verdict on a draft, and the proof that it passed.

use serde::Serialize;

use super::finding::{Finding, Severity};
use crate::decision::Degraded;
use crate::model::Draft;

/// What the gate says of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the four verdicts are fixed by the design")]
pub enum Verdict {
    /// Nothing is wrong.
    Cleared,
    /// It may be sent; the author should know.
    Warned,
    /// Somebody else must approve.
    Held,
    /// It must not be sent like this.
    Blocked,
}

impl Verdict {
    /// The verdict of a list of findings: the worst decides.
    pub(crate) fn of(findings: &[Finding]) -> Self {
        match findings.iter().map(|finding| finding.severity).max() {
            None => Self::Cleared,
            Some(Severity::Warn) => Self::Warned,
            Some(Severity::Hold) => Self::Held,
            Some(Severity::Block) => Self::Blocked,
        }
    }
}

/// The proof that exactly this draft passed the gate.
///
/// Only the gate makes one; it cannot be copied, read from a file or changed. It owns the draft, so
/// that what was reviewed is what is sent: take the text from here, and for another text ask again.
///
/// ```compile_fail
/// // There is no way to make one by hand,
/// fn forge(draft: galateo::model::Draft) -> galateo::gate::Clearance {
///     galateo::gate::Clearance { draft }
/// }
/// ```
/// ```compile_fail
/// // nor to use one twice.
/// fn twice(clearance: galateo::gate::Clearance) -> (galateo::gate::Clearance, galateo::gate::Clearance) {
///     (clearance.clone(), clearance)
/// }
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Clearance {
    draft: Draft,
}

impl Clearance {
    pub(super) const fn of(draft: Draft) -> Self {
        Self { draft }
    }

    /// The draft that passed, to be sent as it is.
    #[must_use]
    pub const fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Spends the proof.
    #[must_use]
    pub fn into_draft(self) -> Draft {
        self.draft
    }
}

/// What came of the review of a draft.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Review {
    /// What the gate says.
    pub verdict: Verdict,
    /// What is wrong, the worst first, then in the order of the text.
    pub findings: Vec<Finding>,
    /// Ceilings that were hit.
    pub degraded: Vec<Degraded>,
    /// The proof, where the draft may be sent.
    pub clearance: Option<Clearance>,
}
