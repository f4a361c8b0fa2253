//! American passport: nine digits, or a letter and eight digits (Department of State).

use super::{Belief, Spec, any, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UsPassport,
    shapes: &[shape("999999999"), shape("a99999999")],
    groups: &[],
    check: any,
    verified: false,
    belief: Belief { bare: 15, grouped: 15, sole: 48, labelled: 92 },
    labels: Topics::PASSPORT,
};
