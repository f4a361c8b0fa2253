//! Indian permanent account number: five letters, the fourth naming the kind of holder, four digits, a letter (Income Tax
//! Department).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::InPan,
    shapes: &[shape("aaaaa9999a")],
    groups: &[groups(&[5, 4, 1])],
    check,
    verified: false,
    belief: Belief { bare: 72, grouped: 72, sole: 80, labelled: 95 },
    labels: Topics::NIF.and(Topics::TAX).and(Topics::ID_CARD),
};

fn check(code: &[u8]) -> bool {
    code.get(3).is_some_and(|kind| b"abcfghjlpt".contains(kind))
}
