//! Italian fiscal code: sixteen characters with a check letter; seven digits can be letters where two people would share
//! one (Decreto ministeriale 23 dicembre 1976, n. 13813).

use super::{Belief, Spec, groups, shape};
use crate::detect::pii::check::{digit, letter};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::topic::Topics;

pub(super) const SPEC: Spec = Spec {
    kind: PiiKind::ItFiscalCode,
    shapes: &[shape("aaaaaaxxaxxaxxxa")],
    groups: &[groups(&[3, 3, 5, 5]), groups(&[6, 5, 5]), groups(&[6, 2, 1, 2, 1, 3, 1]), groups(&[3, 3, 2, 3, 5])],
    check,
    verified: true,
    belief: Belief { bare: 97, grouped: 98, sole: 98, labelled: 99 },
    labels: Topics::TAX.and(Topics::NIF),
};

fn check(code: &[u8]) -> bool {
    // The month tells most codes apart, and is no digit.
    let Some(code) = code.first_chunk::<16>().filter(|code| is_month(*code)) else { return false };
    let zeroed = with_zeros(code);
    let [body @ .., last] = &zeroed;
    let sum = body.chunks(2).fold(0_u32, |sum, pair| {
        let (first, second) = (pair.first().map_or(0, |b| odd(*b)), pair.get(1).map_or(0, |b| even(*b)));
        sum.wrapping_add(first).wrapping_add(second)
    });
    letter(*last) == sum % 26 && is_day(body)
}

/// The code with zeros for letters `o` in the places of digits: no other code has that letter there.
fn with_zeros(code: &[u8; 16]) -> [u8; 16] {
    const OF_DIGITS: [bool; 16] = {
        let (f, t) = (false, true);
        [f, f, f, f, f, f, t, t, f, t, t, f, t, t, t, f]
    };
    let mut zeroed = *code;
    for (slot, of_digit) in zeroed.iter_mut().zip(OF_DIGITS) {
        *slot = if of_digit & (*slot == b'o') { b'0' } else { *slot };
    }
    zeroed
}

/// The month letter: A to E, H, L, M, P, R, S, T.
fn is_month(body: &[u8]) -> bool {
    body.get(8).is_some_and(|month| b"abcdehlmprst".contains(month))
}

/// The day of birth, 40 more for women.
fn is_day(body: &[u8]) -> bool {
    let plain = |b: u8| if b.is_ascii_digit() { Some(digit(b)) } else { omocodia(b) };
    let day = body.get(9..11).and_then(|day| match day {
        [tens, units] => Some(plain(*tens)?.wrapping_mul(10).wrapping_add(plain(*units)?)),
        _ => None,
    });
    day.is_some_and(|day| (1..=31).contains(&day) || (41..=71).contains(&day))
}

/// The digit for which a letter stands where two people would share a code.
fn omocodia(byte: u8) -> Option<u32> {
    match byte {
        b'l'..=b'n' => Some(letter(byte).wrapping_sub(11)),
        b'p'..=b'v' => Some(letter(byte).wrapping_sub(12)),
        _ => None,
    }
}

fn even(byte: u8) -> u32 {
    if byte.is_ascii_digit() { digit(byte) } else { letter(byte) }
}

fn odd(byte: u8) -> u32 {
    const VALUES: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    VALUES.get(crate::num::wide(even(byte))).copied().unwrap_or(0)
}
