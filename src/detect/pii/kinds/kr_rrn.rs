//! Korean resident registration number: birth date, sex and century, serial (Resident Registration Act).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, is_yymmdd, number, weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::KrRrn,
    shapes: &[shape("9999999999999")],
    groups: &[groups(&[6, 7])],
    check,
    verified: false,
    belief: Belief { bare: 35, grouped: 75, sole: 60, labelled: 95 },
    labels: Topics::SOCIAL.and(Topics::KOREA),
};

fn check(code: &[u8]) -> bool {
    is_yymmdd(code) && matches!(code.get(6), Some(b'1'..=b'8')) && (is_recent(code) || is_checked(code))
}

/// Whether somebody was born since October 2020: the last digits of their numbers are drawn.
fn is_recent(code: &[u8]) -> bool {
    matches!(code.get(6), Some(b'3' | b'4' | b'7' | b'8')) && code.get(..4).map_or(0, number) >= 2010
}

/// Weights 2 to 9 and 2 to 5, modulo eleven; two more for foreigners.
fn is_checked(code: &[u8]) -> bool {
    let rest = weighted(code, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11;
    let foreign = matches!(code.get(6), Some(b'5'..=b'8'));
    let control = 11_u32.wrapping_sub(rest).wrapping_add(if foreign { 2 } else { 0 }) % 10;
    code.last().is_some_and(|last| digit(*last) == control)
}
