//! American number plate, behind a word that says so: the usual series of the states, seven characters (AAMVA, License
//! Plate Standard); shorter ones are read where a word names them.

use super::{Belief, Spec, any, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UsPlate,
    shapes: &[shape("9aaa999"), shape("aaa9999"), shape("999aaaa"), shape("9999aaa"), shape("99aaa99"), shape("aa99999")],
    groups: &[groups(&[3, 4]), groups(&[4, 3]), groups(&[1, 3, 3]), groups(&[2, 5])],
    check: any,
    verified: false,
    belief: Belief { bare: 0, grouped: 0, sole: 0, labelled: 93 },
    labels: Topics::US_PLATE,
};
