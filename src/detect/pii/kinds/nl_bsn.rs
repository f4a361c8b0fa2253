//! Dutch citizen service number: nine digits by the eleven test with a last weight of -1 (Rijksdienst voor
//! Identiteitsgegevens).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, is_uniform, weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::NlBsn,
    shapes: &[shape("999999999")],
    groups: &[groups(&[3, 3, 3]), groups(&[4, 2, 3])],
    check,
    verified: true,
    belief: Belief { bare: 20, grouped: 40, sole: 40, labelled: 95 },
    labels: Topics::NETHERLANDS,
};

fn check(code: &[u8]) -> bool {
    let last = code.last().map_or(0, |b| digit(*b));
    let sum = weighted(code, &[9, 8, 7, 6, 5, 4, 3, 2]);
    !is_uniform(code) && sum > 0 && sum.wrapping_add(11).wrapping_sub(last).is_multiple_of(11)
}
