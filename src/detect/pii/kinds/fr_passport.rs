//! French passport: two digits, two letters, five digits (Council of the EU, PRADO, FRA-AO).

use super::{Belief, Spec, any, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::FrPassport,
    shapes: &[shape("99aa99999")],
    groups: &[groups(&[2, 2, 5])],
    check: any,
    verified: false,
    belief: Belief { bare: 45, grouped: 45, sole: 55, labelled: 93 },
    labels: Topics::PASSPORT,
};
