//! One file for each kind with a shape of its own; to add one: a file, and a line in the table below.

use wide::u32x4;

use super::compact::{Compact, Gap, Groups, groups, mask};
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
    pub(super) groups: &'static [Groups],
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
    au_abn, au_acn, au_medicare, au_tfn, br_cpf, ca_sin, ch_ahv, de_driving_licence, de_identity_card, de_passport, de_plate, de_social_security,
    de_tax_id, de_vat, es_cif, es_nie, es_nif, es_passport, es_plate, fi_hetu, fr_identity_card, fr_nir, fr_passport,
    in_aadhaar, in_pan, in_passport, in_vehicle, in_voter, it_driving_licence, it_fiscal_code, it_identity_card,
    it_passport, it_plate, it_vat, it_vat_elsewhere, kr_rrn, mac_in_one, nl_bsn, pl_pesel, se_personnummer, sg_nric, th_tnin, tr_tckn,
    uk_driving_licence, uk_nhs, uk_nino, uk_passport, uk_plate, us_aba, us_bank_account, us_driving_licence, us_itin, us_mbi,
    us_passport, us_plate, us_ssn, za_id,
}

/// Whether ten characters are a Finnish code without its century sign.
pub(super) fn is_finnish(code: &[u8]) -> bool {
    code.get(..9).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit)) && (fi_hetu::SPEC.check)(code)
}

/// The longest code of the table.
pub(super) const LONGEST: usize = 18;

/// The least belief that a kind needs to count; see `USUAL_THRESHOLD` of the redactor.
const LEAST: u8 = 50;

/// Where a belief in a kind comes from.
#[derive(Clone, Copy)]
enum Source {
    Bare,
    Sole,
    Check,
}

/// The kinds that count by themselves, and as the whole message; and those with a check.
const BARE: u64 = set(Source::Bare);
const SOLE: u64 = set(Source::Sole);
const VERIFIED: u64 = set(Source::Check);

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn set(source: Source) -> u64 {
    let mut set = 0;
    let mut i = 0;
    while i < SPECS.len() {
        let belief = SPECS[i].belief;
        let counts = match source {
            Source::Bare => belief.bare >= LEAST,
            Source::Sole => belief.sole >= LEAST,
            Source::Check => SPECS[i].verified,
        };
        if counts {
            set |= 1 << i;
        }
        i += 1;
    }
    set
}

/// The groups in which codes of one length are written, each with its kinds that count so.
#[derive(Clone, Copy)]
struct Written {
    /// Where groups start; all ones are no groups.
    bounds: [[u32; 4]; MOST_GROUPS / 4],
    kinds: [u64; MOST_GROUPS],
    count: usize,
}

/// The most ways of writing that codes of one length have.
const MOST_GROUPS: usize = 24;

impl Written {
    /// The kinds that are written in groups with these bounds.
    #[inline]
    fn in_groups(&self, bounds: u64) -> u64 {
        let bounds = u32x4::splat(u32::try_from(bounds).unwrap_or(u32::MAX));
        let mut same = 0_u32;
        for four in self.bounds.iter().rev() {
            same = same << 4 | u32x4::new(*four).simd_eq(bounds).to_bitmask();
        }
        // no two of them are alike
        self.kinds.get(crate::num::wide(same.trailing_zeros())).copied().unwrap_or(0)
    }
}

static WRITTEN: [Written; LONGEST + 1] = written();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn written() -> [Written; LONGEST + 1] {
    const NONE: Written =
        Written { bounds: [[u32::MAX; 4]; MOST_GROUPS / 4], kinds: [0; MOST_GROUPS], count: 0 };
    let mut all = [NONE; LONGEST + 1];
    let mut i = 0;
    while i < SPECS.len() {
        let mut k = 0;
        while k < SPECS[i].groups.len() && SPECS[i].belief.grouped >= LEAST {
            let groups = SPECS[i].groups[k];
            let written = &mut all[groups.length()];
            let bounds = groups.bounds() as u32;
            let mut place = 0;
            while place < written.count && written.bounds[place / 4][place % 4] != bounds {
                place += 1;
            }
            if place == written.count {
                written.count += 1;
            }
            written.bounds[place / 4][place % 4] = bounds;
            written.kinds[place] |= 1 << i;
            k += 1;
        }
        i += 1;
    }
    all
}

/// By how many letters stand before how many digits: where a code that starts so, or with more letters, ends behind the
/// letters; a bit for each place.
static LED: [[u64; LONGEST + 1]; MOST_LED + 1] = led();
/// The most letters before a code that are told apart.
const MOST_LED: usize = 8;

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn led() -> [[u64; LONGEST + 1]; MOST_LED + 1] {
    let mut all = [[0; LONGEST + 1]; MOST_LED + 1];
    let mut i = 0;
    while i < SPECS.len() {
        let mut k = 0;
        while k < SPECS[i].shapes.len() {
            let shape = SPECS[i].shapes[k];
            let mut letters = 1;
            while letters <= MOST_LED && letters < shape.length && shape.digits & mask(letters) == 0 {
                let mut digits = 0;
                while digits <= LONGEST {
                    let past = if letters + digits < shape.length { letters + digits } else { shape.length };
                    let mut fewer = 1;
                    while fewer <= letters && shape.letters & mask(past) & !mask(letters) == 0 {
                        all[fewer][digits] |= 1 << (shape.length - letters);
                        fewer += 1;
                    }
                    digits += 1;
                }
                letters += 1;
            }
            k += 1;
        }
        i += 1;
    }
    all
}

/// Whether a code of the table can start with so many letters, or more, before this one.
#[inline]
pub(super) fn may_be_led(code: &Compact, letters: usize) -> bool {
    let digits = code.leading_digits();
    let places = LED.get(letters.min(MOST_LED)).and_then(|of| of.get(digits.min(LONGEST)));
    // behind few digits a fiscal code may run into the next word
    digits < 3 || places.is_none_or(|places| code.bounds & places != 0)
}

/// The kinds that each topic names.
static NAMED: [u64; 64] = named();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn named() -> [u64; 64] {
    let mut named = [0; 64];
    let mut i = 0;
    while i < SPECS.len() {
        let mut topic = 0;
        while topic < 64 {
            named[topic] |= (SPECS[i].labels.0 >> topic & 1) << i;
            topic += 1;
        }
        i += 1;
    }
    named
}

/// The shapes with letters that have one length and one kind of ends: four of them are looked at at once.
#[derive(Clone, Copy)]
struct Shapes {
    /// The places of letters and of digits; all ones, which no code fits, where there is no shape.
    letters: [[u32; 4]; MOST_SHAPES / 4],
    digits: [[u32; 4]; MOST_SHAPES / 4],
    kinds: [u64; MOST_SHAPES],
    count: usize,
}

/// The most shapes that have one length and one kind of ends.
const MOST_SHAPES: usize = 16;

impl Shapes {
    const NONE: Self = Self {
        letters: [[u32::MAX; 4]; MOST_SHAPES / 4],
        digits: [[u32::MAX; 4]; MOST_SHAPES / 4],
        kinds: [0; MOST_SHAPES],
        count: 0,
    };

    /// The kinds of the shapes that a code with digits in these places fits.
    #[inline]
    fn fit(&self, digits: u32) -> u64 {
        let code = u32x4::splat(digits);
        let mut fit = 0_u32;
        for (letters, digits) in self.letters.iter().zip(&self.digits).rev() {
            let misfits = (code & u32x4::new(*letters)) | (!code & u32x4::new(*digits));
            fit = fit << 4 | misfits.simd_eq(u32x4::ZERO).to_bitmask();
        }
        let mut kinds = 0;
        while fit != 0 {
            kinds |= self.kinds.get(crate::num::wide(fit.trailing_zeros())).copied().unwrap_or(0);
            fit &= fit.wrapping_sub(1);
        }
        kinds
    }
}

/// By length, and by whether the first and the last character are digits.
static WITH_LETTERS: [[Shapes; 4]; LONGEST + 1] = with_letters();
/// The kinds of each length that digits alone can be of, and what names them.
static OF_DIGITS: [(Kinds, Topics); LONGEST + 1] = of_digits();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn with_letters() -> [[Shapes; 4]; LONGEST + 1] {
    let mut all = [[Shapes::NONE; 4]; LONGEST + 1];
    let mut i = 0;
    while i < SPECS.len() {
        let mut k = 0;
        while k < SPECS[i].shapes.len() {
            let shape = SPECS[i].shapes[k];
            let mut ends = 0;
            while ends < 4 {
                let digits = [0, 1, 1 << (shape.length - 1), 1 | 1 << (shape.length - 1)][ends];
                let letters = (1 | 1 << (shape.length - 1)) & !digits;
                let fits = shape.letters & digits == 0 && shape.digits & letters == 0;
                if fits && shape.digits != mask(shape.length) {
                    let bucket = &mut all[shape.length][ends];
                    let (four, lane) = (bucket.count / 4, bucket.count % 4);
                    bucket.letters[four][lane] = shape.letters as u32;
                    bucket.digits[four][lane] = shape.digits as u32;
                    bucket.kinds[bucket.count] = 1 << i;
                    bucket.count += 1;
                }
                ends += 1;
            }
            k += 1;
        }
        i += 1;
    }
    all
}

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn of_digits() -> [(Kinds, Topics); LONGEST + 1] {
    let mut all = [(Kinds(0), Topics::NONE); LONGEST + 1];
    let mut i = 0;
    while i < SPECS.len() {
        let mut k = 0;
        while k < SPECS[i].shapes.len() {
            let shape = SPECS[i].shapes[k];
            if shape.letters == 0 {
                let (kinds, labels) = all[shape.length];
                all[shape.length] = (Kinds(kinds.0 | (1 << i)), labels.and(SPECS[i].labels));
            }
            k += 1;
        }
        i += 1;
    }
    all
}

/// Kinds, by their place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u64);

/// The kinds that have a shape that the first `n` characters of a code fit, and what names them; their check is still to
/// be asked.
#[inline]
pub(super) fn shaped(code: &Compact, n: usize) -> (Kinds, Topics) {
    if code.all_digits(n) {
        return OF_DIGITS.get(n).copied().unwrap_or((Kinds(0), Topics::NONE));
    }
    let kinds = lettered(code, n);
    (kinds, if kinds.is_empty() { Topics::NONE } else { kinds.labels() })
}

#[inline]
fn lettered(code: &Compact, n: usize) -> Kinds {
    let digits = u32::try_from(code.digits & mask(n)).unwrap_or(0);
    let ends = (digits & 1) | (digits.wrapping_shr(crate::num::narrow(n.wrapping_sub(1))) << 1);
    let place = usize::from(ends.to_le_bytes()[0] & 3);
    let bucket = WITH_LETTERS.get(n).and_then(|of_length| of_length.get(place));
    Kinds(bucket.map_or(0, |bucket| bucket.fit(digits)))
}

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    /// Those whose check verifies a check digit or letter.
    pub(super) const VERIFIED: Self = Self(VERIFIED);

    /// Those that may count without a word that names them, by the least belief that each needs.
    pub(super) fn unnamed(least: impl Fn(PiiKind) -> u8) -> Self {
        let counts =
            |(i, spec): (u32, &&Spec)| u64::from(spec.unlabelled() >= least(spec.kind)).wrapping_shl(i);
        Self((0..).zip(SPECS).fold(0, |all, each| all | counts(each)))
    }

    /// Those that one of these topics names.
    #[inline]
    pub(super) fn named(topics: Topics) -> Self {
        let mut rest = topics & Topics::LABELS;
        let mut named = 0;
        while !rest.is_none() {
            named |= NAMED.get(rest.first()).copied().unwrap_or(0);
            rest = rest.without_first();
        }
        Self(named)
    }

    #[inline]
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[inline]
    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that the first `n` characters of a code can be without a word that names them: by their form, by the groups
    /// in which they are written, as the whole message.
    #[inline]
    pub(super) fn by_form(code: &Compact, n: usize, sole: bool) -> Self {
        let mut kinds = if sole { BARE | SOLE } else { BARE };
        if code.broken(n) == Gap::Soft
            && let Some(written) = WRITTEN.get(n)
        {
            kinds |= written.in_groups(code.inner_bounds(n));
        }
        Self(kinds)
    }

    /// The topics that name one of them.
    fn labels(self) -> Topics {
        self.specs().fold(Topics::NONE, |labels, spec| labels.and(spec.labels))
    }

    #[inline]
    pub(super) fn specs(self) -> impl Iterator<Item = &'static Spec> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let next = crate::num::wide(rest.trailing_zeros());
            rest &= rest.wrapping_sub(1);
            SPECS.get(next).copied()
        })
    }
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
