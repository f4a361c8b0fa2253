//! Italian VAT number: eleven digits, office of the province in places eight to ten, Luhn check (DPR 633/1972; Agenzia
//! delle Entrate); also written with IT in front.

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{luhn, number};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ItVat,
    shapes: &[shape("99999999999"), shape("aa99999999999")],
    groups: &[groups(&[11]), groups(&[2, 11]), groups(&[2, 3, 3, 3])],
    check,
    verified: true,
    belief: Belief { bare: 56, grouped: 56, sole: 75, labelled: 96 },
    labels: Topics::VAT.and(Topics::TAX),
};

fn check(code: &[u8]) -> bool {
    let digits = code.strip_prefix(b"it").unwrap_or(code);
    let office = digits.get(7..10).map_or(0, number);
    digits.len() == 11
        && digits.first().is_some_and(u8::is_ascii_digit)
        && ((1..=121).contains(&office) || matches!(office, 888 | 999))
        && digits.get(..7).is_some_and(|serial| number(serial) > 0)
        && luhn(digits)
}
