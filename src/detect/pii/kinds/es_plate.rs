//! Spanish number plate, behind a word that says so: four digits and three consonants without Ñ and Q (Reglamento General
//! de Vehículos, Real Decreto 2822/1998, anexo XVIII).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::EsPlate,
    shapes: &[shape("9999aaa")],
    groups: &[groups(&[4, 3])],
    check,
    verified: false,
    belief: Belief { bare: 30, grouped: 35, sole: 45, labelled: 92 },
    labels: Topics::PLATE,
};

fn check(code: &[u8]) -> bool {
    !code.iter().any(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'q')) && code.len() == 7
}
