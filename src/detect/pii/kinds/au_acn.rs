//! Australian Company Number: nine digits, weights 8 to 1, complement of the sum modulo ten (ASIC, "Australian
//! Company Number digit check").

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::AuAcn,
    shapes: &[shape("999999999")],
    groups: &[groups(&[3, 3, 3])],
    check,
    verified: true,
    belief: Belief { bare: 20, grouped: 55, sole: 60, labelled: 95 },
    labels: Topics::VAT.and(Topics::AUSTRALIA),
};

fn check(code: &[u8]) -> bool {
    let rest = weighted(code, &[8, 7, 6, 5, 4, 3, 2, 1]) % 10;
    code.last().is_some_and(|last| 10_u32.wrapping_sub(rest) % 10 == digit(*last))
}
