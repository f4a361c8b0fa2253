//! Indian vehicle registration: state, district, series and number (Central Motor Vehicles Rules 1989).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::InVehicle,
    shapes: &[shape("aa99aa9999"), shape("aa99a9999"), shape("aa9aa9999")],
    groups: &[groups(&[2, 2, 2, 4]), groups(&[2, 2, 1, 4]), groups(&[4, 2, 4])],
    check,
    verified: false,
    belief: Belief { bare: 58, grouped: 65, sole: 70, labelled: 92 },
    labels: Topics::PLATE,
};

fn check(code: &[u8]) -> bool {
    const STATES: &[u8] = b"an ap ar as br cg ch dd dl dn ga gj hp hr jh jk ka kl la ld mh ml mn mp mz nl od or pb py rj sk tn tr ts uk up ut wb";
    code.get(..2).is_some_and(|state| STATES.chunks(3).any(|s| s.starts_with(state)))
}
