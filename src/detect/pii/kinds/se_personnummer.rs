//! Swedish personal identity number: birth date, serial and Luhn check; coordination numbers add 60 to the day
//! (Skatteverket, SKV 704).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{luhn, number};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::SePersonnummer,
    shapes: &[shape("9999999999"), shape("999999999999")],
    groups: &[groups(&[6, 4]), groups(&[8, 4])],
    check,
    verified: true,
    belief: Belief { bare: 25, grouped: 80, sole: 55, labelled: 95 },
    labels: Topics::SOCIAL.and(Topics::NORDIC),
};

fn check(code: &[u8]) -> bool {
    let digits = if code.len() == 12 { code.get(2..).unwrap_or_default() } else { code };
    let month = digits.get(2..4).map_or(0, number);
    let day = digits.get(4..6).map_or(0, number) % 60;
    let century = code.len() == 10 || code.starts_with(b"19") || code.starts_with(b"20");
    century && (1..=12).contains(&month) && (1..=31).contains(&day) && luhn(digits)
}
