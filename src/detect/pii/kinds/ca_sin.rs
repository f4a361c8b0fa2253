//! Canadian social insurance number: nine digits with the Luhn check, the first not 8 (Service Canada).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{is_uniform, luhn};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::CaSin,
    shapes: &[shape("999999999")],
    groups: &[groups(&[3, 3, 3])],
    check,
    verified: true,
    belief: Belief { bare: 20, grouped: 50, sole: 55, labelled: 95 },
    labels: Topics::SOCIAL.and(Topics::INSURANCE),
};

fn check(code: &[u8]) -> bool {
    !matches!(code.first(), Some(b'0' | b'8')) && !is_uniform(code) && luhn(code)
}
