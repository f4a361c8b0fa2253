//! German passport: C, F, G, H, J or K and eight characters without vowels, with or without check digit (ICAO 9303).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::DePassport,
    shapes: &[shape("axxxxxxxx"), shape("axxxxxxxx9")],
    groups: &[groups(&[9])],
    check,
    verified: false,
    belief: Belief { bare: 25, grouped: 25, sole: 50, labelled: 93 },
    labels: Topics::PASSPORT,
};

fn check(code: &[u8]) -> bool {
    let legal = |b: &u8| !b.is_ascii_lowercase() || b"cfghjklmnprtvwxyz".contains(b);
    let (body, control) = code.split_at_checked(9).unwrap_or((code, b""));
    matches!(body.first(), Some(b'c' | b'f' | b'g' | b'h' | b'j' | b'k'))
        && body.iter().all(legal)
        && !super::de_identity_card::is_of_spain(body)
        && control.first().is_none_or(|c| digit(*c) == super::de_identity_card::weighted(body))
}
