//! Indian passport: a letter and seven digits (Passport Seva).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::InPassport,
    shapes: &[shape("a9999999")],
    groups: &[groups(&[1, 7]), groups(&[3, 5]), groups(&[1, 2, 5])],
    check,
    verified: false,
    belief: Belief { bare: 30, grouped: 30, sole: 50, labelled: 92 },
    labels: Topics::PASSPORT,
};

fn check(code: &[u8]) -> bool {
    code.get(1).is_some_and(|b| *b != b'0')
}
