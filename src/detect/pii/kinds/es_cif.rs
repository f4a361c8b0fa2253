//! Spanish CIF: a letter for the kind of company, seven digits, a check digit or letter (Agencia Tributaria, Orden
//! EHA/451/2008).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::EsCif,
    shapes: &[shape("a9999999x")],
    groups: &[groups(&[1, 7, 1]), groups(&[1, 8])],
    check,
    verified: true,
    belief: Belief { bare: 62, grouped: 62, sole: 75, labelled: 94 },
    labels: Topics::NIF.and(Topics::TAX).and(Topics::VAT),
};

fn check(code: &[u8]) -> bool {
    let (Some(kind), Some(body), Some(last)) = (code.first(), code.get(1..8), code.get(8)) else { return false };
    let sum = body.iter().enumerate().fold(0_u32, |sum, (i, b)| {
        let value = digit(*b).wrapping_mul(if i % 2 == 0 { 2 } else { 1 });
        sum.wrapping_add(value / 10).wrapping_add(value % 10)
    });
    let control = 10_u32.wrapping_sub(sum % 10) % 10;
    let as_letter = b"jabcdefghi".get(crate::num::wide(control));
    b"abcdefghjnpqrsuvw".contains(kind)
        && if last.is_ascii_digit() { digit(*last) == control } else { as_letter == Some(last) }
}
