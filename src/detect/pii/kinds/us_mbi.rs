//! American Medicare beneficiary identifier: eleven characters of fixed classes without S, L, O, I, B, Z (Centers for
//! Medicare & Medicaid Services).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UsMbi,
    shapes: &[shape("9ax9ax9aa99")],
    groups: &[groups(&[4, 3, 4])],
    check,
    verified: false,
    belief: Belief { bare: 82, grouped: 90, sole: 88, labelled: 96 },
    labels: Topics::HEALTH,
};

fn check(code: &[u8]) -> bool {
    code.first() != Some(&b'0') && !code.iter().any(|b| b"sloibz".contains(b))
}
