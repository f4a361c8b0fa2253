//! Brazilian CPF: eleven digits, two check digits modulo eleven (Receita Federal).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, is_uniform, weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::BrCpf,
    shapes: &[shape("99999999999")],
    groups: &[groups(&[3, 3, 3, 2]), groups(&[9, 2])],
    check,
    verified: true,
    belief: Belief { bare: 60, grouped: 90, sole: 75, labelled: 95 },
    labels: Topics::SOCIAL.and(Topics::TAX).and(Topics::BRAZIL),
};

fn check(code: &[u8]) -> bool {
    !is_uniform(code) && control(code, &[10, 9, 8, 7, 6, 5, 4, 3, 2], 9) && control(code, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2], 10)
}

fn control(code: &[u8], weights: &[u32], at: usize) -> bool {
    let rest = weighted(code, weights).wrapping_mul(10) % 11 % 10;
    code.get(at).is_some_and(|check| digit(*check) == rest)
}
