//! American driving licence: the shapes of the states, behind a word that says so (AAMVA).

use super::{Belief, Spec, any, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UsDrivingLicence,
    shapes: &[shape("a999999"), shape("a9999999"), shape("a99999999"), shape("a999999999"), shape("a9999999999"), shape("a99999999999"), shape("a999999999999"), shape("a9999999999999"), shape("a99999999999999"), shape("aa999999"), shape("aa999999a"), shape("999999999"), shape("99999999"), shape("9999999"), shape("aaa999999"), shape("99aaa9999"), shape("9aaa99999")],
    groups: &[],
    check: any,
    verified: false,
    belief: Belief { bare: 0, grouped: 0, sole: 30, labelled: 90 },
    labels: Topics::LICENCE,
};
