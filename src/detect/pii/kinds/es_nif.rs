//! Spanish DNI or NIF: eight digits (seven in old ones) and the letter of their remainder by 23 (Ministerio del
//! Interior, "Cálculo del dígito de control del NIF/NIE").

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{number};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::EsNif,
    shapes: &[shape("99999999a"), shape("9999999a")],
    groups: &[groups(&[8, 1]), groups(&[2, 3, 3, 1]), groups(&[2, 3, 4])],
    check,
    verified: true,
    belief: Belief { bare: 78, grouped: 86, sole: 88, labelled: 96 },
    labels: Topics::NIF.and(Topics::ID_CARD).and(Topics::TAX),
};

fn check(code: &[u8]) -> bool {
    code.split_last().is_some_and(|(letter, digits)| Some(letter) == letter_of(number(digits)))
}

/// The letter of a number.
pub(super) fn letter_of(number: u32) -> Option<&'static u8> {
    b"trwagmyfpdxbnjzsqvhlcke".get(crate::num::wide(number % 23))
}
