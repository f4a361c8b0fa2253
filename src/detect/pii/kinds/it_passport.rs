//! Italian passport: two letters, the first A or Y, and seven digits (Polizia di Stato).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ItPassport,
    shapes: &[shape("aa9999999")],
    groups: &[groups(&[2, 7])],
    check,
    verified: false,
    belief: Belief { bare: 45, grouped: 45, sole: 62, labelled: 95 },
    labels: Topics::PASSPORT,
};

/// Series in use start with Y, those before with A.
fn check(code: &[u8]) -> bool {
    matches!(code.first(), Some(b'y' | b'a'))
}
