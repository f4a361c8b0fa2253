//! German tax identification number: eleven digits by ISO 7064 MOD 11,10; of the first ten one digit stands two or
//! three times (Bundeszentralamt für Steuern).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, mod11_10};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::DeTaxId,
    shapes: &[shape("99999999999")],
    groups: &[groups(&[2, 3, 3, 3])],
    check,
    verified: true,
    belief: Belief { bare: 64, grouped: 72, sole: 77, labelled: 95 },
    labels: Topics::TAX,
};

fn check(code: &[u8]) -> bool {
    let mut times = [0_u8; 10];
    for byte in code.iter().take(10) {
        if let Some(count) = times.get_mut(crate::num::wide(digit(*byte))) {
            *count = count.saturating_add(1);
        }
    }
    // one digit comes twice or three times among the first ten, each other one once at most
    let mut repeated = times.iter().filter(|count| **count > 1);
    let once_repeated = matches!((repeated.next(), repeated.next()), (Some(2 | 3), None));
    code.first() != Some(&b'0') && once_repeated && mod11_10(code)
}
