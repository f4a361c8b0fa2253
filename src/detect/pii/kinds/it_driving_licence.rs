//! Italian driving licence: province or U1 and seven or eight characters, closed by a letter (Ministero delle
//! Infrastrutture; EU model licence).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ItDrivingLicence,
    shapes: &[shape("aa9999999a"), shape("a9xxxxxxxa")],
    groups: &[groups(&[2, 7, 1])],
    check,
    verified: false,
    belief: Belief { bare: 62, grouped: 62, sole: 70, labelled: 95 },
    labels: Topics::LICENCE,
};

fn check(code: &[u8]) -> bool {
    let digits = code.iter().filter(|b| b.is_ascii_digit()).count();
    PROVINCES.as_bytes().chunks(3).any(|province| code.starts_with(province.get(..2).unwrap_or(b"-"))) || (code.starts_with(b"u1") && digits > 4)
}

/// The provinces that gave licences out, those of today and Forlì and Pesaro of before (ISTAT, codes of provinces).
const PROVINCES: &str = "ag al an ao ap aq ar at av ba bg bi bl bn bo br bs bt bz ca cb ce ch ci cl cn co cr cs ct cz en fc fe fg fi fm \
fo fr ge go gr im is kr lc le li lo lt lu mb mc me mi mn mo ms mt na no nu og or ot pa pc pd pe pg pi pn po pr ps pt pu pv pz ra rc re rg \
ri rm rn ro sa si so sp sr ss su sv ta te tn to tp tr ts tv ud va vb vc ve vi vr vs vt vv";
