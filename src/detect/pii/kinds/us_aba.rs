//! American bank routing number: nine digits, weights 3, 7, 1, issued prefixes (American Bankers Association).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{number, weighted};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UsAba,
    shapes: &[shape("999999999")],
    groups: &[groups(&[4, 4, 1])],
    check,
    verified: true,
    belief: Belief { bare: 22, grouped: 75, sole: 58, labelled: 94 },
    labels: Topics::BANK.and(Topics::ROUTING),
};

fn check(code: &[u8]) -> bool {
    let prefix = code.get(..2).map_or(99, number);
    let issued = (1..=12).contains(&prefix) || (21..=32).contains(&prefix) || (61..=72).contains(&prefix) || prefix == 80;
    issued && weighted(code, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}
