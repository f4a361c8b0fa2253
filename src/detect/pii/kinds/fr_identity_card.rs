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
        (3..8).contains(&digits)
    }
}
