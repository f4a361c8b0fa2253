//! Swiss AHV number: thirteen digits that start with 756, checked like an EAN-13 (Zentrale Ausgleichsstelle).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ChAhv,
    shapes: &[shape("9999999999999")],
    groups: &[groups(&[3, 4, 4, 2])],
    check,
    verified: true,
    belief: Belief { bare: 80, grouped: 90, sole: 85, labelled: 95 },
    labels: Topics::SOCIAL.and(Topics::INSURANCE),
};

fn check(code: &[u8]) -> bool {
    code.starts_with(b"756") && weighted(code, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}
