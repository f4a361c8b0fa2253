//! IBAN: country, length and ISO 7064 MOD 97-10 (ISO 13616-1; SWIFT IBAN Registry, release 99).

use super::check::mod97;
use super::compact::Compact;

/// Countries of the registry with the length of their IBANs.
const LENGTHS: &[(&[u8; 2], u8)] = &[
    (b"ad", 24),
    (b"ae", 23),
    (b"al", 28),
    (b"at", 20),
    (b"az", 28),
    (b"ba", 20),
    (b"be", 16),
    (b"bg", 22),
    (b"bh", 22),
    (b"bi", 27),
    (b"br", 29),
    (b"by", 28),
    (b"ch", 21),
    (b"cr", 22),
    (b"cy", 28),
    (b"cz", 24),
    (b"de", 22),
    (b"dj", 27),
    (b"dk", 18),
    (b"do", 28),
    (b"ee", 20),
    (b"eg", 29),
    (b"es", 24),
    (b"fi", 18),
    (b"fk", 18),
    (b"fo", 18),
    (b"fr", 27),
    (b"gb", 22),
    (b"ge", 22),
    (b"gi", 23),
    (b"gl", 18),
    (b"gr", 27),
    (b"gt", 28),
    (b"hn", 28),
    (b"hr", 21),
    (b"hu", 28),
    (b"ie", 22),
    (b"il", 23),
    (b"iq", 23),
    (b"is", 26),
    (b"it", 27),
    (b"jo", 30),
    (b"kw", 30),
    (b"kz", 20),
    (b"lb", 28),
    (b"lc", 32),
    (b"li", 21),
    (b"lt", 20),
    (b"lu", 20),
    (b"lv", 21),
    (b"ly", 25),
    (b"mc", 27),
    (b"md", 24),
    (b"me", 22),
    (b"mk", 19),
    (b"mn", 20),
    (b"mr", 27),
    (b"mt", 31),
    (b"mu", 30),
    (b"ni", 28),
    (b"nl", 18),
    (b"no", 15),
    (b"om", 23),
    (b"pk", 24),
    (b"pl", 28),
    (b"ps", 29),
    (b"pt", 25),
    (b"qa", 29),
    (b"ro", 24),
    (b"rs", 22),
    (b"ru", 33),
    (b"sa", 24),
    (b"sc", 31),
    (b"sd", 18),
    (b"se", 24),
    (b"si", 19),
    (b"sk", 24),
    (b"sm", 27),
    (b"so", 23),
    (b"st", 25),
    (b"sv", 28),
    (b"tl", 23),
    (b"tn", 24),
    (b"tr", 26),
    (b"ua", 29),
    (b"va", 22),
    (b"vg", 24),
    (b"xk", 20),
    (b"ye", 30),
];

/// The length of IBANs by the two letters of the country, 0 where it has none.
static BY_COUNTRY: [[u8; 26]; 26] = by_country();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn by_country() -> [[u8; 26]; 26] {
    let mut lengths = [[0; 26]; 26];
    let mut i = 0;
    while i < LENGTHS.len() {
        let ([first, second], length) = LENGTHS[i];
        lengths[(*first - b'a') as usize][(*second - b'a') as usize] = length;
        i += 1;
    }
    lengths
}

#[inline]
fn length_in(first: u8, second: u8) -> usize {
    let place = |letter: u8| usize::from(letter.wrapping_sub(b'a'));
    let length = BY_COUNTRY.get(place(first)).and_then(|country| country.get(place(second)));
    usize::from(length.copied().unwrap_or(0))
}

/// Whether two letters are a country of the registry.
#[inline]
pub(super) fn is_country(letters: &[u8]) -> bool {
    matches!(letters, [first, second] if length_in(*first, *second) > 0)
}

/// The length of the IBAN that a code starts with, if it does; what follows may be glued to it.
pub(super) fn iban_length(code: &Compact) -> Option<usize> {
    let [a, b, c, d] = code.head(4) else { return None };
    let length = length_in(*a, *b);
    if !(c.is_ascii_digit() && d.is_ascii_digit()) || length == 0 || code.len() < length {
        return None;
    }
    let chars = code.head(length);
    (is_checked(chars) || is_checked_with_zeros(chars)).then_some(length)
}

/// The length of a code that is an IBAN but for its check digits, its country and they in one piece: "IT60 X054 …".
pub(super) fn unchecked_length(code: &Compact) -> Option<usize> {
    let [a, b, c, d, fifth] = code.head(5) else { return None };
    let length = length_in(*a, *b);
    let italian = (*a, *b) != (b'i', b't') || fifth.is_ascii_lowercase();
    let numbered = c.is_ascii_digit() && d.is_ascii_digit();
    (length > 0 && numbered && italian && code.ends_at(length) && in_usual_groups(code, length))
        .then_some(length)
}

/// Whether the first group is one of four or all there is: "DE363341394 DE324709794" are two numbers.
fn in_usual_groups(code: &Compact, length: usize) -> bool {
    code.next_bound(1).is_some_and(|bound| bound == 4 || bound >= length)
}

fn is_checked(chars: &[u8]) -> bool {
    let Some((head, body)) = chars.split_at_checked(4) else { return false };
    let digits = body.iter().fold(0_u8, |n, byte| n.wrapping_add(u8::from(byte.is_ascii_digit())));
    digits > 5 && mod97(mod97(0, body), head) == 1
}

/// Reads letters `o` as zeros in countries whose IBANs have digits alone there; in Italy a letter stands first.
fn is_checked_with_zeros(chars: &[u8]) -> bool {
    let letters = match chars {
        [b'i', b't', ..] => 5,
        [b'd', b'e', ..] | [b'e', b's', ..] => 4,
        _ => return false,
    };
    let mut zeroed = [0_u8; 34];
    let copied = zeroed.iter_mut().zip(chars).enumerate();
    copied.for_each(|(i, (slot, byte))| *slot = if *byte == b'o' && i >= letters { b'0' } else { *byte });
    let zeroed = zeroed.get(..chars.len()).unwrap_or_default();
    zeroed != chars && is_checked(zeroed)
}
