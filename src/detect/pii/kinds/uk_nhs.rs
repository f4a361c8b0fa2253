//! British NHS number: ten digits, weights 10 to 2, modulo eleven (NHS Data Dictionary).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, is_uniform, weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UkNhs,
    shapes: &[shape("9999999999")],
    groups: &[groups(&[3, 3, 4])],
    check,
    verified: true,
    belief: Belief { bare: 30, grouped: 72, sole: 70, labelled: 96 },
    labels: Topics::HEALTH.and(Topics::NHS),
};

fn check(code: &[u8]) -> bool {
    let rest = weighted(code, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    !is_uniform(code) && code.last().is_some_and(|last| 11_u32.wrapping_sub(rest) % 11 == digit(*last))
}
