//! Indian voter card: three letters and seven digits (Election Commission of India).

use super::{Belief, Spec, any, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::InVoter,
    shapes: &[shape("aaa9999999")],
    groups: &[groups(&[3, 7])],
    check: any,
    verified: false,
    belief: Belief { bare: 35, grouped: 35, sole: 60, labelled: 93 },
    labels: Topics::ID_CARD,
};
