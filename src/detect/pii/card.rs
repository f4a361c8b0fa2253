//! Payment cards: issuer prefix, length and Luhn check (ISO/IEC 7812-1; the issuers' published number ranges).

use super::check::{is_uniform, luhn, number};

/// A payment card with its number at full length; canonical form: the digits.
pub(super) fn is_card(digits: &[u8]) -> bool {
    issued(digits) && !is_uniform(digits) && luhn(digits)
}

/// Whether the prefix is of an issuer that has numbers of this length.
fn issued(digits: &[u8]) -> bool {
    let Some(prefix) = digits.get(..6).map(number) else { return false };
    let first = |places: u32| prefix.checked_div(10_u32.pow(6_u32.saturating_sub(places))).unwrap_or(0);
    match digits.len() {
        13 => first(1) == 4,
        14 => matches!(first(2), 36 | 38 | 39) || matches!(first(3), 300..=305 | 309),
        15 => matches!(first(2), 34 | 37) || matches!(first(4), 1800 | 2131),
        16 => {
            matches!(first(1), 4)
                || matches!(first(2), 50..=55 | 60 | 62 | 64 | 65 | 81 | 82 | 36 | 38 | 39)
                || matches!(first(4), 2200..=2204 | 2221..=2720 | 3528..=3589 | 5600..=5899 | 6304 | 6390 | 6703 | 6709 | 6759..=6763 | 6771 | 6799 | 9792)
        }
        17..=19 => {
            matches!(first(2), 50 | 56..=58 | 62 | 64 | 65)
                || matches!(first(4), 6011 | 6304 | 6390 | 6703 | 6709 | 6759..=6763 | 6771 | 6799 | 3528..=3589)
                || (digits.len() == 19 && first(1) == 4)
        }
        _ => false,
    }
}

/// The lengths that cards have.
pub(super) const LENGTHS: std::ops::RangeInclusive<usize> = 13..=19;

/// Whether thirteen digits also pass the check of an EAN-13 (ISO/IEC 15420), the number on every product.
pub(super) fn is_ean13(digits: &[u8]) -> bool {
    digits.len() == 13
        && super::check::weighted(digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}
