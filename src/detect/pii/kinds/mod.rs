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

/// What a code has to offer before a kind is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: only kinds that are believed by their form alone.
    Nothing,
    /// Separators, or the whole message to itself: kinds that are believed then, too.
    Groups,
    /// A word that names a kind.
    Label,
}

/// The least belief that a kind needs to count; see `USUAL_THRESHOLD` of the redactor.
const LEAST: u8 = 50;

/// Sets of kinds by the length of their shapes: of digits alone, and with letters.
struct Sets {
    digits: [u64; LONGEST + 1],
    letters: [u64; LONGEST + 1],
    /// The topics that name a kind of each set.
    digits_labels: [Topics; LONGEST + 1],
    letters_labels: [Topics; LONGEST + 1],
}

static BARE: Sets = sets(Need::Nothing);
static GROUPED: Sets = sets(Need::Groups);
static LABELLED: Sets = sets(Need::Label);

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn sets(need: Need) -> Sets {
    let mut sets = Sets {
        digits: [0; LONGEST + 1],
        letters: [0; LONGEST + 1],
        digits_labels: [Topics::NONE; LONGEST + 1],
        letters_labels: [Topics::NONE; LONGEST + 1],
    };
    let mut i = 0;
    while i < SPECS.len() {
        let counts = match need {
            Need::Nothing => SPECS[i].belief.bare >= LEAST,
            Need::Groups => SPECS[i].unlabelled() >= LEAST,
            Need::Label => true,
        };
        let shapes = SPECS[i].shapes;
        let mut k = 0;
        while counts && k < shapes.len() {
            let n = shapes[k].length;
            if shapes[k].letters == 0 {
                sets.digits[n] |= 1 << i;
                sets.digits_labels[n] = sets.digits_labels[n].and(SPECS[i].labels);
            }
            if shapes[k].digits != mask(n) {
                sets.letters[n] |= 1 << i;
                sets.letters_labels[n] = sets.letters_labels[n].and(SPECS[i].labels);
            }
            k += 1;
        }
        i += 1;
    }
    sets
}

/// Whether any kind has a shape that the first `n` characters of a code fit.
#[inline]
pub(super) fn has_shape(code: &Compact, n: usize) -> bool {
    shaped(code, n, Need::Label).next().is_some()
}

/// The topics that name a kind with a shape of this length.
#[inline]
pub(super) fn labels(code: &Compact, n: usize) -> Topics {
    let by_length = if code.all_digits(n) { &LABELLED.digits_labels } else { &LABELLED.letters_labels };
    by_length.get(n).copied().unwrap_or(Topics::NONE)
}

/// The kinds that have a shape that the first `n` characters of a code fit; their check is still to be asked.
#[inline]
pub(super) fn shaped(code: &Compact, n: usize, need: Need) -> impl Iterator<Item = &'static Spec> {
    let sets = match need {
        Need::Nothing => &BARE,
        Need::Groups => &GROUPED,
        Need::Label => &LABELLED,
    };
    let by_length = if code.all_digits(n) { &sets.digits } else { &sets.letters };
    let mut set = by_length.get(n).copied().unwrap_or(0);
    std::iter::from_fn(move || {
        while set != 0 {
            let next = crate::num::wide(set.trailing_zeros());
            set &= set.wrapping_sub(1);
            let spec = SPECS.get(next).copied()?;
            if spec.shapes.iter().any(|shape| shape.length == n && shape.fits(code)) {
                return Some(spec);
            }
        }
        None
    })
}

impl Spec {
    /// The most that this kind is believed without a word that names it.
    pub(super) const fn unlabelled(&self) -> u8 {
        let Belief { bare, grouped, sole, .. } = self.belief;
        let most = if bare > grouped { bare } else { grouped };
        if most > sole { most } else { sole }
    }
}

/// For shapes without a check.
const fn any(_: &[u8]) -> bool {
    true
}
