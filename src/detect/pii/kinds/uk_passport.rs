//! British passport: nine digits, or two letters and seven digits (HM Passport Office).

use super::{Belief, Spec, any, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UkPassport,
    shapes: &[shape("999999999"), shape("aa9999999")],
    groups: &[],
    check: any,
    verified: false,
    belief: Belief { bare: 10, grouped: 10, sole: 40, labelled: 92 },
    labels: Topics::PASSPORT,
};
