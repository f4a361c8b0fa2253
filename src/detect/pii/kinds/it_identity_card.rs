//! Italian identity card: two letters and seven digits on paper, C, letter, five digits and two letters as a card
//! (Ministero dell'Interno).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ItIdentityCard,
    shapes: &[shape("aa99999aa"), shape("aa9999999"), shape("9999999aa")],
    groups: &[groups(&[2, 5, 2]), groups(&[2, 7]), groups(&[7, 2])],
    check,
    verified: false,
    belief: Belief { bare: 45, grouped: 45, sole: 62, labelled: 95 },
    labels: Topics::ID_CARD,
};

fn check(code: &[u8]) -> bool {
    code.len() == 9
}
