//! British national insurance number: two letters, six digits, A to D; some letters and prefixes are not issued (HMRC,
//! NIM39110).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UkNino,
    shapes: &[shape("aa999999a")],
    groups: &[groups(&[2, 2, 2, 2, 1]), groups(&[2, 6, 1]), groups(&[2, 7]), groups(&[8, 1])],
    check,
    verified: false,
    belief: Belief { bare: 78, grouped: 90, sole: 88, labelled: 96 },
    labels: Topics::SOCIAL.and(Topics::INSURANCE),
};

fn check(code: &[u8]) -> bool {
    let (Some(first), Some(second), Some(last)) = (code.first(), code.get(1), code.last()) else { return false };
    !b"dfiquv".contains(first)
        && !b"dfiquvo".contains(second)
        && b"abcd".contains(last)
        && !["bg", "gb", "kn", "nk", "nt", "tn", "zz"].iter().any(|prefix| code.starts_with(prefix.as_bytes()))
}
