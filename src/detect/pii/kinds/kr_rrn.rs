//! Korean resident registration number: birth date, sex and century, serial (Resident Registration Act).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{is_yymmdd};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::KrRrn,
    shapes: &[shape("9999999999999")],
    groups: &[groups(&[6, 7])],
    check,
    verified: false,
    belief: Belief { bare: 35, grouped: 75, sole: 60, labelled: 95 },
    labels: Topics::SOCIAL,
};

fn check(code: &[u8]) -> bool {
    is_yymmdd(code) && matches!(code.get(6), Some(b'1'..=b'8'))
}
