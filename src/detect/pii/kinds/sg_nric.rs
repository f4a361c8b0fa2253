//! Singaporean NRIC or FIN: S, T, F, G or M, seven digits, weighted check letter (Immigration and Checkpoints Authority).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::SgNric,
    shapes: &[shape("a9999999a")],
    groups: &[groups(&[1, 7, 1]), groups(&[9])],
    check,
    verified: true,
    belief: Belief { bare: 82, grouped: 82, sole: 90, labelled: 96 },
    labels: Topics::ID_CARD.and(Topics::SINGAPORE),
};

fn check(code: &[u8]) -> bool {
    let Some((last, body)) = code.split_last() else { return false };
    let sum = weighted(body.get(1..).unwrap_or_default(), &[2, 7, 6, 5, 4, 3, 2]);
    let (extra, letters): (u32, &[u8; 11]) = match body.first() {
        Some(b's') => (0, b"jzihgfedcba"),
        Some(b't') => (4, b"jzihgfedcba"),
        Some(b'f') => (0, b"xwutrqpnmlk"),
        Some(b'g') => (4, b"xwutrqpnmlk"),
        Some(b'm') => (3, b"xwutrqpnjlk"),
        _ => return false,
    };
    letters.get(crate::num::wide(sum.wrapping_add(extra) % 11)) == Some(last)
}
