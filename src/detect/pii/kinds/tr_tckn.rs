//! Turkish identity number: eleven digits, two check digits (Nüfus ve Vatandaşlık İşleri).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::TrTckn,
    shapes: &[shape("99999999999")],
    groups: &[groups(&[11]), groups(&[3, 3, 3, 2])],
    check,
    verified: true,
    belief: Belief { bare: 58, grouped: 60, sole: 75, labelled: 95 },
    labels: Topics::SOCIAL.and(Topics::ID_CARD).and(Topics::TURKEY),
};

fn check(code: &[u8]) -> bool {
    let at = |i: usize| code.get(i).map_or(0, |b| digit(*b));
    let odd = (0..9).step_by(2).fold(0_u32, |sum, i| sum.wrapping_add(at(i)));
    let even = (1..8).step_by(2).fold(0_u32, |sum, i| sum.wrapping_add(at(i)));
    let tenth = odd.wrapping_mul(7).wrapping_add(100).wrapping_sub(even) % 10;
    let eleventh = odd.wrapping_add(even).wrapping_add(at(9)) % 10;
    at(0) != 0 && tenth == at(9) && eleventh == at(10)
}
