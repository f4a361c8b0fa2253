//! French identity card: twelve digits until 2021, nine letters and digits since (Council of the EU, PRADO, FRA-BO).

use super::{Belief, Spec, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::FrIdentityCard,
    shapes: &[shape("999999999999"), shape("xxxxxxxxx")],
    groups: &[],
    check,
    verified: false,
    belief: Belief { bare: 10, grouped: 10, sole: 30, labelled: 92 },
    labels: Topics::ID_CARD,
};

fn check(code: &[u8]) -> bool {
    code.len() == 12 || {
        let digits = code.iter().filter(|b| b.is_ascii_digit()).count();
        (3..8).contains(&digits) && has_letter_between_digits(code)
    }
}

/// Whether a letter stands between two digits: those at its ends alone make codes of other countries.
fn has_letter_between_digits(code: &[u8]) -> bool {
    let first = code.iter().position(u8::is_ascii_digit).unwrap_or(0);
    let last = code.iter().rposition(u8::is_ascii_digit).unwrap_or(0);
    code.get(first..last).is_some_and(|between| between.iter().any(u8::is_ascii_lowercase))
}
