//! Australian Business Number: eleven digits, weighted sum modulo 89 after one is taken from the first (Australian
//! Business Register, "Format of the ABN").

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::AuAbn,
    shapes: &[shape("99999999999")],
    groups: &[groups(&[2, 3, 3, 3])],
    check,
    verified: true,
    belief: Belief { bare: 45, grouped: 70, sole: 65, labelled: 95 },
    labels: Topics::VAT.and(Topics::AUSTRALIA),
};

fn check(code: &[u8]) -> bool {
    const WEIGHTS: [u32; 11] = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
    let first = code.first().map_or(0, |b| digit(*b));
    first > 0 && weighted(code, &WEIGHTS).wrapping_sub(10).is_multiple_of(89)
}
