//! Thai national identity number: thirteen digits, weights 13 to 2, modulo eleven (Department of Provincial
//! Administration).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ThTnin,
    shapes: &[shape("9999999999999")],
    groups: &[groups(&[1, 4, 5, 2, 1])],
    check,
    verified: true,
    belief: Belief { bare: 40, grouped: 85, sole: 60, labelled: 95 },
    labels: Topics::ID_CARD.and(Topics::SOCIAL),
};

fn check(code: &[u8]) -> bool {
    let rest = weighted(code, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    matches!(code.first(), Some(b'1'..=b'8')) && code.last().is_some_and(|last| 11_u32.wrapping_sub(rest) % 10 == digit(*last))
}
