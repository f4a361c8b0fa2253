//! Australian Medicare card: ten digits, the first 2 to 6, the ninth the check digit over the first eight (Services
//! Australia, Medicare card number validation).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::AuMedicare,
    shapes: &[shape("9999999999"), shape("99999999999")],
    groups: &[groups(&[4, 5, 1]), groups(&[4, 5, 1, 1])],
    check,
    verified: true,
    belief: Belief { bare: 25, grouped: 75, sole: 60, labelled: 97 },
    labels: Topics::HEALTH,
};

fn check(code: &[u8]) -> bool {
    let sum = weighted(code, &[1, 3, 7, 9, 1, 3, 7, 9]) % 10;
    matches!(code.first(), Some(b'2'..=b'6')) && code.get(8).is_some_and(|check| digit(*check) == sum)
}
