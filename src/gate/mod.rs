//! Stage 5: the review of a reply before it is sent.

mod case;
mod check;
mod clearance;
mod finding;
mod sent;

pub use clearance::{Clearance, Review, Verdict};
pub use finding::{Finding, FindingCode, Severity};
pub use sent::SentReplies;

pub(crate) use case::{Case, PersonalSpan};

use crate::decision::Degraded;
use crate::model::{Draft, RuleId};
use crate::playbook::Directive;

/// Everything wrong with a draft: every check, then the playbook's own rules; the worst first.
pub(crate) fn findings<'a>(
    case: &Case<'_>,
    votes: impl Iterator<Item = (&'a RuleId, &'a Directive)>,
) -> Vec<Finding> {
    let mut findings = check::all(case);
    findings.extend(votes.filter_map(|(rule, directive)| check::duty::of_rule(case, rule, directive)));
    let waived = &case.playbook().gate.waived;
    findings.retain(|finding| !waived.iter().any(|code| code.as_str() == finding.code.as_str()));
    if case.situation.is_approved() {
        findings.iter_mut().for_each(Finding::approve);
    }
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.span, finding.code));
    findings.dedup();
    findings
}

/// The verdict on a draft, and its clearance where it may be sent.
pub(crate) fn conclude(draft: Draft, findings: Vec<Finding>, degraded: Vec<Degraded>) -> Review {
    let verdict = Verdict::of(&findings);
    let clearance = (verdict <= Verdict::Warned).then(|| Clearance::of(draft));
    Review { verdict, findings, degraded, clearance }
}
