//! One file for each kind with a shape of its own; to add one: a file, and a line in the table below.

use super::compact::{Compact, mask};
use super::kind::PiiKind;
use super::topic::Topics;

/// How strongly a code of the right shape is believed to be of its kind, in percent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Belief {
    /// In a text, without a word on what it is.
    pub(super) bare: u8,
    /// Written in the groups of its kind.
    pub(super) grouped: u8,
    /// As the whole message.
    pub(super) sole: u8,
    /// Behind a word that names it.
    pub(super) labelled: u8,
}

/// A kind that is recognised by shape, check and context.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spec {
    pub(super) kind: PiiKind,
    pub(super) shapes: &'static [Shape],
    /// Lengths of the groups in which people write it.
    pub(super) groups: &'static [&'static [u8]],
    pub(super) check: fn(&[u8]) -> bool,
    /// Whether `check` verifies a check digit or letter.
    pub(super) verified: bool,
    pub(super) belief: Belief,
    pub(super) labels: Topics,
}

/// A length with the places of its digits and letters; a place that is neither can be both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    length: usize,
    digits: u64,
    letters: u64,
}

impl Shape {
    #[inline]
    fn fits(&self, code: &Compact) -> bool {
        let digits = code.digits & mask(self.length);
        digits & self.letters == 0 && digits & self.digits == self.digits
    }
}

/// Reads a shape: `9` a digit, `a` a letter, `x` either.
const fn shape(pattern: &str) -> Shape {
    let mut shape = Shape { length: pattern.len(), digits: 0, letters: 0 };
    let mut rest = pattern.as_bytes();
    let mut bit = 1_u64;
    while let [first, tail @ ..] = rest {
        match *first {
            b'9' => shape.digits |= bit,
            b'a' => shape.letters |= bit,
            _ => {}
        }
        bit = bit.wrapping_shl(1);
        rest = tail;
    }
    shape
}

macro_rules! table {
    ($($file:ident,)*) => {
        $(mod $file;)*

        /// The kinds that are recognised by shape.
        static SPECS: &[&Spec] = &[$(&$file::SPEC),*];
    };
}

table! {
    au_abn, au_acn, au_medicare, au_tfn, br_cpf, ca_sin, ch_ahv, de_identity_card, de_passport, de_social_security,
    de_tax_id, de_vat, es_cif, es_nie, es_nif, es_passport, fi_hetu, fr_identity_card, fr_nir, fr_passport,
    in_aadhaar, in_pan, in_passport, in_vehicle, in_voter, it_driving_licence, it_fiscal_code, it_identity_card,
    it_passport, it_plate, it_vat, kr_rrn, nl_bsn, pl_pesel, se_personnummer, sg_nric, th_tnin, tr_tckn,
    uk_driving_licence, uk_nhs, uk_nino, uk_passport, us_aba, us_bank_account, us_driving_licence, us_itin, us_mbi,
    us_passport, us_ssn, za_id,
}

/// The longest code of the table.
pub(super) const LONGEST: usize = 18;

/// For each length, the kinds of the table that have a shape of it.
static BY_LENGTH: [u64; LONGEST + 1] = by_length();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn by_length() -> [u64; LONGEST + 1] {
    let mut sets = [0_u64; LONGEST + 1];
    let mut i = 0;
    while i < SPECS.len() {
        let shapes = SPECS[i].shapes;
        let mut k = 0;
        while k < shapes.len() {
            sets[shapes[k].length] |= 1 << i;
            k += 1;
        }
        i += 1;
    }
    sets
}

/// The kinds whose shape and check the first `n` characters of a code satisfy.
pub(super) fn matching(code: &Compact, n: usize) -> impl Iterator<Item = &'static Spec> {
    let mut set = BY_LENGTH.get(n).copied().unwrap_or(0);
    std::iter::from_fn(move || {
        let next = (set != 0).then(|| crate::num::wide(set.trailing_zeros()))?;
        set &= set.wrapping_sub(1);
        SPECS.get(next).copied()
    })
    .filter(move |spec| {
        spec.shapes.iter().any(|shape| shape.length == n && shape.fits(code)) && (spec.check)(code.head(n))
    })
}

/// For shapes without a check.
const fn any(_: &[u8]) -> bool {
    true
}
