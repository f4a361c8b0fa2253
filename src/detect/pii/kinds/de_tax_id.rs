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
    belief: Belief { bare: 48, grouped: 72, sole: 65, labelled: 95 },
    labels: Topics::TAX,
};

fn check(code: &[u8]) -> bool {
    let mut times = [0_u8; 10];
    for byte in code.iter().take(10) {
        if let Some(count) = times.get_mut(crate::num::wide(digit(*byte))) {
            *count = count.saturating_add(1);
        }
    }
    let most = times.iter().max().copied().unwrap_or(0);
    code.first() != Some(&b'0') && (most == 2 || most == 3) && mod11_10(code)
}
