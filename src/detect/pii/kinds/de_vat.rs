//! German VAT number: DE and nine digits by ISO 7064 MOD 11,10 (Bundeszentralamt für Steuern).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{mod11_10};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::DeVat,
    shapes: &[shape("aa999999999")],
    groups: &[groups(&[2, 9]), groups(&[2, 3, 3, 3])],
    check,
    verified: true,
    belief: Belief { bare: 80, grouped: 85, sole: 85, labelled: 95 },
    labels: Topics::VAT.and(Topics::TAX),
};

fn check(code: &[u8]) -> bool {
    code.strip_prefix(b"de").is_some_and(|digits| digits.first() != Some(&b'0') && mod11_10(digits))
}
