//! British driving licence: surname, birth date with sex, initials and check (DVLA).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{number};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::UkDrivingLicence,
    shapes: &[shape("aaaaa999999xx9aa"), shape("aaaaa999999xxxaa"), shape("aaaa9999999xx9aa"), shape("aaa99999999xx9aa")],
    groups: &[groups(&[5, 6, 5]), groups(&[5, 6, 2, 1, 2])],
    check,
    verified: false,
    belief: Belief { bare: 88, grouped: 90, sole: 92, labelled: 97 },
    labels: Topics::LICENCE,
};

fn check(code: &[u8]) -> bool {
    let month = code.get(6..8).map_or(0, number) % 50;
    let day = code.get(8..10).map_or(0, number);
    code.get(5..11).is_some_and(|date| date.iter().all(u8::is_ascii_digit))
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && code.get(3..5).is_some_and(|pad| pad.iter().all(|b| !b.is_ascii_digit() || *b == b'9'))
}
