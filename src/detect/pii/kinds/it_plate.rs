//! Italian number plate: two letters, three digits, two letters without I, O, Q, U (Codice della strada, art. 100);
//! motorcycles two letters and five digits, only behind a word that says so.

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ItPlate,
    shapes: &[shape("aa999aa"), shape("aa99999")],
    groups: &[groups(&[2, 3, 2]), groups(&[2, 5])],
    check,
    verified: false,
    belief: Belief { bare: 56, grouped: 60, sole: 60, labelled: 94 },
    labels: Topics::PLATE,
};

fn check(code: &[u8]) -> bool {
    !code.iter().any(|b| matches!(b, b'i' | b'o' | b'q' | b'u')) && code.len() == 7
}
