//! Spanish NIE: X, Y or Z, seven digits and the check letter of the NIF (Ministerio del Interior).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{number};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::EsNie,
    shapes: &[shape("a9999999a")],
    groups: &[groups(&[1, 7, 1]), groups(&[1, 8])],
    check,
    verified: true,
    belief: Belief { bare: 86, grouped: 92, sole: 90, labelled: 96 },
    labels: Topics::NIF.and(Topics::ID_CARD).and(Topics::TAX),
};

fn check(code: &[u8]) -> bool {
    let lead = match code.first() {
        Some(b'x') => 0,
        Some(b'y') => 10_000_000,
        Some(b'z') => 20_000_000,
        _ => return false,
    };
    let body = code.get(1..8).map_or(0, number);
    code.last() == super::es_nif::letter_of(body.wrapping_add(lead))
}
