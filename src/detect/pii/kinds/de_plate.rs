//! German number plate, behind a word that says so: one to three letters for the district, one or two more, up to four
//! digits, eight characters at most (Fahrzeug-Zulassungsverordnung, Anlage 2); those with less than seven are not read.

use super::{Belief, Spec, any, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::DePlate,
    shapes: &[
        shape("aaa9999"),
        shape("aa9999a"),
        shape("aaa999a"),
        shape("aaaa999"),
        shape("aaaa9999"),
        shape("aaa9999a"),
        shape("aaaaa99"),
        shape("aaaaa999"),
    ],
    groups: &[
        groups(&[1, 2, 4]),
        groups(&[2, 1, 4]),
        groups(&[2, 2, 3]),
        groups(&[2, 2, 4]),
        groups(&[3, 1, 3]),
        groups(&[3, 2, 2]),
        groups(&[3, 2, 3]),
        groups(&[1, 6]),
        groups(&[2, 5]),
        groups(&[2, 6]),
    ],
    check: any,
    verified: false,
    belief: Belief { bare: 25, grouped: 25, sole: 25, labelled: 92 },
    labels: Topics::PLATE,
};
