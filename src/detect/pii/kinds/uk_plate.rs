//! British number plate, behind a word that says so: two letters, two digits and three letters since 2001, one letter
//! before or behind in the series before that (DVLA, INF104).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UkPlate,
    shapes: &[shape("aa99aaa"), shape("a999aaa"), shape("aaa999a")],
    groups: &[groups(&[4, 3]), groups(&[3, 4])],
    check,
    verified: false,
    belief: Belief { bare: 30, grouped: 35, sole: 45, labelled: 92 },
    labels: Topics::PLATE,
};

fn check(code: &[u8]) -> bool {
    !code.iter().any(|b| matches!(b, b'i' | b'q')) && code.len() == 7
}
