//! French social security number: sex, year, month, department, town, serial and a key, 97 minus the remainder by 97
//! (INSEE, "NIR"; 2A and 2B count as 19 and 18).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{number};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::FrNir,
    shapes: &[shape("999999999999999"), shape("999999a99999999")],
    groups: &[groups(&[1, 2, 2, 2, 3, 3, 2]), groups(&[13, 2]), groups(&[1, 2, 2, 2, 3, 3, 2])],
    check,
    verified: true,
    belief: Belief { bare: 85, grouped: 92, sole: 90, labelled: 97 },
    labels: Topics::SOCIAL.and(Topics::HEALTH).and(Topics::INSURANCE),
};

fn check(code: &[u8]) -> bool {
    let (Some(body), Some(key)) = (code.get(..13), code.get(13..).map(number)) else { return false };
    let month = code.get(3..5).map_or(0, number);
    let value = body.iter().enumerate().fold(0_u32, |rest, (i, b)| {
        let digit = match (i, *b) {
            (6, b'a') => 9,
            (6, b'b') => 8,
            (_, b) => super::super::check::digit(b),
        };
        rest.wrapping_mul(10).wrapping_add(digit) % 97
    });
    // with a department letter the ten before it becomes 1: 2A is 19, 2B is 18, one ten less at the eighth place
    let corsica = if matches!(body.get(6), Some(b'a' | b'b')) { 10_000_000_u32 % 97 } else { 0 };
    let value = value.wrapping_add(97).wrapping_sub(corsica) % 97;
    matches!(code.first(), Some(b'1' | b'2'))
        && ((1..=12).contains(&month) || (20..=42).contains(&month) || month >= 50)
        && body.get(6).is_none_or(|b| b.is_ascii_digit() || matches!(b, b'a' | b'b'))
        && key == 97_u32.wrapping_sub(value)
}
