//! Finnish personal identity code: birth date, century sign, serial and check character modulo 31 (Digital and Population
//! Data Services Agency).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{is_ddmmyy, number};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::FiHetu,
    shapes: &[shape("999999999x"), shape("999999a999x")],
    groups: &[groups(&[6, 4]), groups(&[11])],
    check,
    verified: true,
    belief: Belief { bare: 55, grouped: 92, sole: 85, labelled: 96 },
    labels: Topics::SOCIAL.and(Topics::NORDIC),
};

fn check(code: &[u8]) -> bool {
    let (Some(date), Some((last, body))) = (code.get(..6), code.split_last()) else { return false };
    let serial = body.get(body.len().saturating_sub(3)..).map_or(0, number);
    let sign = code.get(6).copied().unwrap_or(0);
    let value = number(date).wrapping_mul(1000).wrapping_add(serial);
    is_ddmmyy(date)
        && serial > 1
        && (code.len() == 10 || b"abcdefyxwvu".contains(&sign))
        && b"0123456789abcdefhjklmnprstuvwxy".get(crate::num::wide(value % 31)) == Some(last)
}
