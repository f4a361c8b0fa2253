//! German driving licence, behind a word that says so: four characters for the authority, five for the holder, a check
//! digit, the number of the copy (Fahrerlaubnis-Verordnung, Anlage 8).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::DeDrivingLicence,
    shapes: &[shape("a99xxxxxx9x"), shape("a9axxxxxx9x")],
    groups: &[groups(&[4, 5, 2]), groups(&[4, 5, 1, 1])],
    check,
    verified: false,
    belief: Belief { bare: 0, grouped: 0, sole: 0, labelled: 93 },
    labels: Topics::LICENCE,
};

fn check(code: &[u8]) -> bool {
    code.iter().skip(1).any(u8::is_ascii_lowercase)
}
