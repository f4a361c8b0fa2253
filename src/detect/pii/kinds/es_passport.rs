//! Spanish passport: three letters and six digits (Council of the EU, PRADO, ESP-AO).

use super::{Belief, Spec, any, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::EsPassport,
    shapes: &[shape("aaa999999"), shape("aa999999")],
    groups: &[],
    check: any,
    verified: false,
    belief: Belief { bare: 15, grouped: 15, sole: 40, labelled: 94 },
    labels: Topics::PASSPORT,
};
