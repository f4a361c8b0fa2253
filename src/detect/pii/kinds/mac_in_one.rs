//! Hardware address without separators, twelve hexadecimal digits, behind a word that says so (IEEE 802).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::Mac,
    shapes: &[shape("xxxxxxxxxxxx")],
    groups: &[groups(&[12]), groups(&[6, 6]), groups(&[2, 2, 2, 2, 2, 2])],
    check,
    verified: false,
    belief: Belief { bare: 20, grouped: 20, sole: 20, labelled: 86 },
    labels: Topics::MAC,
};

fn check(code: &[u8]) -> bool {
    let letters = code.iter().filter(|b| b.is_ascii_lowercase()).count();
    (1..12).contains(&letters) && code.iter().all(u8::is_ascii_hexdigit)
}
