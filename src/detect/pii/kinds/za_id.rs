//! South African identity number: birth date, serial, citizenship, Luhn check (Department of Home Affairs).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{is_yymmdd, luhn};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ZaId,
    shapes: &[shape("9999999999999")],
    groups: &[groups(&[13]), groups(&[6, 4, 2, 1]), groups(&[6, 4, 3])],
    check,
    verified: true,
    belief: Belief { bare: 62, grouped: 72, sole: 72, labelled: 96 },
    labels: Topics::ID_CARD.and(Topics::SOCIAL),
};

fn check(code: &[u8]) -> bool {
    is_yymmdd(code) && matches!(code.get(10), Some(b'0' | b'1')) && luhn(code)
}
