//! Indian Aadhaar: twelve digits, the first 2 to 9, Verhoeff check (Unique Identification Authority of India).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{is_uniform, verhoeff};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::InAadhaar,
    shapes: &[shape("999999999999")],
    groups: &[groups(&[4, 4, 4])],
    check,
    verified: true,
    belief: Belief { bare: 35, grouped: 70, sole: 65, labelled: 95 },
    labels: Topics::SOCIAL.and(Topics::ID_CARD),
};

fn check(code: &[u8]) -> bool {
    matches!(code.first(), Some(b'2'..=b'9')) && !is_uniform(code) && verhoeff(code)
}
