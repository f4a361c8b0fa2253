//! American social security number: area, group, serial; no 000, 666 or 9xx area, no zero group or serial (Social
//! Security Administration).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{is_uniform, number};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UsSsn,
    shapes: &[shape("999999999")],
    groups: &[groups(&[3, 2, 4])],
    check,
    verified: false,
    belief: Belief { bare: 22, grouped: 82, sole: 52, labelled: 95 },
    labels: Topics::SOCIAL.and(Topics::US_TAX),
};

fn check(code: &[u8]) -> bool {
    let part = |range: std::ops::Range<usize>| code.get(range).map_or(0, number);
    let area = part(0..3);
    area != 0 && area != 666 && area < 900 && part(3..5) != 0 && part(5..9) != 0 && !is_uniform(code)
}
