//! Italian driving licence: province or U1 and seven or eight characters, closed by a letter (Ministero delle
//! Infrastrutture; EU model licence).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ItDrivingLicence,
    shapes: &[shape("aa9999999a"), shape("a9xxxxxxxa")],
    groups: &[groups(&[2, 7, 1])],
    check,
    verified: false,
    belief: Belief { bare: 62, grouped: 62, sole: 70, labelled: 95 },
    labels: Topics::LICENCE,
};

fn check(code: &[u8]) -> bool {
    let digits = code.iter().filter(|b| b.is_ascii_digit()).count();
    code.get(1).is_some_and(u8::is_ascii_lowercase) || (code.starts_with(b"u1") && digits > 4)
}
