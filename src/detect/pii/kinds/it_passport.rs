//! Italian passport: two letters and seven digits (Polizia di Stato).

use super::{Belief, Spec, any, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ItPassport,
    shapes: &[shape("aa9999999")],
    groups: &[groups(&[2, 7])],
    check: any,
    verified: false,
    belief: Belief { bare: 45, grouped: 45, sole: 62, labelled: 95 },
    labels: Topics::PASSPORT,
};
