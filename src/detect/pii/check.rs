//! Check digits, each with its source.

/// The value of an ASCII digit, 0 for anything else.
#[inline]
pub(super) const fn digit(byte: u8) -> u32 {
    match byte {
        #[expect(clippy::as_conversions, reason = "a byte widens losslessly in a const function")]
        b'0'..=b'9' => byte.wrapping_sub(b'0') as u32,
        _ => 0,
    }
}

/// The value of a letter counted from `a` = 0.
#[inline]
pub(super) const fn letter(byte: u8) -> u32 {
    match byte {
        #[expect(clippy::as_conversions, reason = "a byte widens losslessly in a const function")]
        b'a'..=b'z' => byte.wrapping_sub(b'a') as u32,
        _ => 0,
    }
}

/// A decimal number of up to nine digits.
#[inline]
pub(super) fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |n, &b| n.wrapping_mul(10).wrapping_add(digit(b)))
}

/// The sum of digits times weights; the shorter list decides.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).fold(0, |sum, (&b, w)| sum.wrapping_add(digit(b).wrapping_mul(*w)))
}

/// ISO/IEC 7812-1, annex B: every second digit from the right doubled, the sum divisible by ten.
pub(super) fn luhn(digits: &[u8]) -> bool {
    const DOUBLED: [u32; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let doubled = |byte: u8| DOUBLED.get(crate::num::wide(digit(byte))).copied().unwrap_or(0);
    let (first, pairs) = digits.as_rchunks::<2>();
    let start = first.first().map_or(0, |byte| digit(*byte));
    let sum = pairs
        .iter()
        .fold(start, |sum, [second, plain]| sum.wrapping_add(doubled(*second)).wrapping_add(digit(*plain)));
    sum.is_multiple_of(10)
}

/// ISO 7064, MOD 97-10 over letters and digits (letters count from 10), from the rest of what stands before them.
pub(super) fn mod97(before: u64, chars: &[u8]) -> u64 {
    // the rest and eight letters stay below 10¹⁸
    chars.chunks(8).fold(before, |rest, eight| eight.iter().fold(rest, |n, byte| with_char(n, *byte)) % 97)
}

#[inline]
const fn with_char(n: u64, byte: u8) -> u64 {
    let (factor, value) =
        if byte.is_ascii_digit() { (10, digit(byte)) } else { (100, letter(byte).wrapping_add(10)) };
    #[expect(clippy::as_conversions, reason = "widens losslessly in a const function")]
    let value = value as u64;
    n.wrapping_mul(factor).wrapping_add(value)
}

/// ISO 7064, MOD 11,10.
pub(super) fn mod11_10(digits: &[u8]) -> bool {
    let Some((last, body)) = digits.split_last() else { return false };
    let product = body.iter().fold(10_u32, |product, &byte| {
        let sum = product.wrapping_add(digit(byte)) % 10;
        (if sum == 0 { 10 } else { sum }).wrapping_mul(2) % 11
    });
    (11_u32.wrapping_sub(product)) % 10 == digit(*last)
}

/// Verhoeff, "Error detecting decimal codes", Mathematical Centre Tracts 29, 1969: the dihedral group of order ten.
pub(super) fn verhoeff(digits: &[u8]) -> bool {
    const PERMUTATION: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut check = 0_u32;
    for (i, &byte) in digits.iter().rev().enumerate() {
        let mut value = digit(byte);
        for _ in 0..(i % 8) {
            value = PERMUTATION.get(crate::num::wide(value)).copied().unwrap_or(0);
        }
        check = dihedral(check, value);
    }
    check == 0
}

/// The product of two elements of the dihedral group of order ten, 0–4 turns and 5–9 flips.
const fn dihedral(a: u32, b: u32) -> u32 {
    match (a < 5, b < 5) {
        (true, true) => a.wrapping_add(b) % 5,
        (true, false) => (a.wrapping_add(b.wrapping_sub(5)) % 5).wrapping_add(5),
        (false, true) => (a.wrapping_sub(b) % 5).wrapping_add(5),
        (false, false) => a.wrapping_sub(b).wrapping_add(5) % 5,
    }
}

/// Whether `yymmdd` can be a date.
pub(super) fn is_yymmdd(digits: &[u8]) -> bool {
    let part = |range: std::ops::Range<usize>| digits.get(range).map_or(0, number);
    (1..=12).contains(&part(2..4)) && (1..=31).contains(&part(4..6))
}

/// Whether `ddmmyy` can be a date.
pub(super) fn is_ddmmyy(digits: &[u8]) -> bool {
    let part = |range: std::ops::Range<usize>| digits.get(range).map_or(0, number);
    (1..=31).contains(&part(0..2)) && (1..=12).contains(&part(2..4))
}

/// Whether all characters are the same one.
pub(super) fn is_uniform(chars: &[u8]) -> bool {
    chars.split_first().is_some_and(|(first, rest)| rest.iter().all(|b| b == first))
}
