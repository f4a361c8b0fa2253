//! German pension insurance number: area, birth date, initial, serial and check digit (Verordnung über die Vergabe der
//! Versicherungsnummer, VKVV, section 4).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, letter, number};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::DeSocialSecurity,
    shapes: &[shape("99999999a999")],
    groups: &[groups(&[2, 6, 1, 3]), groups(&[8, 1, 3])],
    check,
    verified: true,
    belief: Belief { bare: 78, grouped: 88, sole: 85, labelled: 96 },
    labels: Topics::SOCIAL.and(Topics::INSURANCE),
};

fn check(code: &[u8]) -> bool {
    let (Some(head), Some(initial), Some(tail)) = (code.get(..8), code.get(8), code.get(9..12)) else { return false };
    let place = letter(*initial).wrapping_add(1);
    let month = head.get(4..6).map_or(0, number);
    let digits = head.iter().map(|b| digit(*b)).chain([place / 10, place % 10]).chain(tail.iter().map(|b| digit(*b)));
    let sum = digits.zip([2_u32, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]).fold(0_u32, |sum, (d, w)| {
        let product = d.wrapping_mul(w);
        sum.wrapping_add(product / 10).wrapping_add(product % 10)
    });
    (1..=12).contains(&month) && tail.last().is_some_and(|check| digit(*check) == sum % 10)
}
