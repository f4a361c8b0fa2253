//! Australian tax file number: nine digits, weighted sum a multiple of eleven (Australian Taxation Office).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{is_uniform, weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::AuTfn,
    shapes: &[shape("999999999")],
    groups: &[groups(&[3, 3, 3])],
    check,
    verified: true,
    belief: Belief { bare: 20, grouped: 55, sole: 60, labelled: 95 },
    labels: Topics::TAX.and(Topics::AUSTRALIA),
};

fn check(code: &[u8]) -> bool {
    !is_uniform(code) && weighted(code, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11)
}
