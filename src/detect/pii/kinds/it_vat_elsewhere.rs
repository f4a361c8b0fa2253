//! Italian VAT number of an office that the list of provinces does not know, behind a word that says so: the Luhn check
//! alone, since offices are added at times (see `it_vat`).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::luhn;
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ItVat,
    shapes: &[shape("99999999999"), shape("aa99999999999")],
    groups: &[groups(&[11]), groups(&[2, 11]), groups(&[2, 3, 3, 3])],
    check,
    verified: true,
    belief: Belief { bare: 20, grouped: 20, sole: 20, labelled: 88 },
    labels: Topics::VAT,
};

fn check(code: &[u8]) -> bool {
    let digits = code.strip_prefix(b"it").unwrap_or(code);
    digits.len() == 11
        && digits.iter().all(u8::is_ascii_digit)
        && !crate::detect::pii::check::is_uniform(digits)
        && luhn(digits)
}
