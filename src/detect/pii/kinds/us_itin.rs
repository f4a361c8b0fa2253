//! American taxpayer number: 9xx, group 50–65, 70–88, 90–92 or 94–99 (Internal Revenue Service).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{number};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UsItin,
    shapes: &[shape("999999999")],
    groups: &[groups(&[3, 2, 4])],
    check,
    verified: false,
    belief: Belief { bare: 18, grouped: 80, sole: 50, labelled: 95 },
    labels: Topics::TAX.and(Topics::SOCIAL).and(Topics::US_TAX),
};

fn check(code: &[u8]) -> bool {
    let group = code.get(3..5).map_or(0, number);
    code.first() == Some(&b'9') && matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99)
}
