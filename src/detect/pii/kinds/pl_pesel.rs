//! Polish PESEL: birth date with the century in the month, serial, weighted check digit (Ministerstwo Cyfryzacji).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, number, weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::PlPesel,
    shapes: &[shape("99999999999")],
    groups: &[groups(&[11]), groups(&[6, 5])],
    check,
    verified: true,
    belief: Belief { bare: 56, grouped: 60, sole: 70, labelled: 95 },
    labels: Topics::SOCIAL.and(Topics::POLAND),
};

fn check(code: &[u8]) -> bool {
    let month = code.get(2..4).map_or(0, number) % 20;
    let day = code.get(4..6).map_or(0, number);
    let sum = weighted(code, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10;
    (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && code.last().is_some_and(|last| 10_u32.wrapping_sub(sum) % 10 == digit(*last))
}
