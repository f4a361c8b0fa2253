//! American bank account: eight to seventeen digits behind a word that says so (no national format).

use super::{Belief, Spec, shape};
use crate::detect::pii::check::{is_uniform};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UsBankAccount,
    shapes: &[shape("9999999"), shape("99999999"), shape("999999999"), shape("9999999999"), shape("99999999999"), shape("999999999999"), shape("9999999999999"), shape("99999999999999"), shape("999999999999999"), shape("9999999999999999"), shape("99999999999999999")],
    groups: &[],
    check,
    verified: false,
    belief: Belief { bare: 0, grouped: 0, sole: 0, labelled: 88 },
    labels: Topics::BANK,
};

fn check(code: &[u8]) -> bool {
    !is_uniform(code)
}
