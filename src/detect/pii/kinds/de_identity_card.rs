//! German identity card: nine characters without vowels and a check digit, weights 7, 3, 1 (ICAO 9303; Bundesministerium
//! des Innern).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, letter};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::DeIdentityCard,
    shapes: &[shape("axxxxxxxx"), shape("axxxxxxxx9")],
    groups: &[groups(&[9]), groups(&[4, 5])],
    check,
    verified: true,
    belief: Belief { bare: 30, grouped: 30, sole: 55, labelled: 92 },
    labels: Topics::ID_CARD,
};

fn check(code: &[u8]) -> bool {
    let legal = |b: &u8| !b.is_ascii_lowercase() || b"cfghjklmnprtvwxyz".contains(b);
    let (body, control) = code.split_at_checked(9).unwrap_or((code, b""));
    body.iter().all(legal)
        && !is_of_spain(body)
        && body.iter().filter(|b| b.is_ascii_digit()).count() > 2
        && control.first().is_none_or(|c| digit(*c) == weighted(body))
}

/// The sum with weights 7, 3, 1 modulo ten; letters count from 10.
pub(super) fn weighted(body: &[u8]) -> u32 {
    let value = |b: u8| if b.is_ascii_digit() { digit(b) } else { letter(b).wrapping_add(10) };
    body.iter().zip([7_u32, 3, 1].iter().cycle()).fold(0_u32, |sum, (b, w)| sum.wrapping_add(value(*b).wrapping_mul(*w))) % 10
}

/// Whether digits alone stand between the first letter and the last: so are numbers written in Spain and Singapore.
pub(super) fn is_of_spain(body: &[u8]) -> bool {
    matches!(body, [first, digits @ .., last] if first.is_ascii_lowercase() && last.is_ascii_lowercase()
        && digits.iter().all(u8::is_ascii_digit))
}
