//! Telephone numbers: E.164, and the national plans of Italy, Britain, North America, Spain, France and Germany.
//!
//! Sources: ITU-T E.164 and its list of country codes; AGCOM delibera 8/15/CIR; Ofcom, National Telephone Numbering
//! Plan; NANPA; CNMC, plan nacional de numeración; ARCEP décision 2018-0881; Bundesnetzagentur, Nummernplan. Numbers of
//! services (freephone, shared cost, premium) belong to no person.

use super::check::number;
use super::compact::{Compact, Gap, Groups, groups};
use super::kinds::Belief;

/// What a run of digits is on the telephone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// No number of any plan at hand, though a word may say that it is one.
    Unknown,
    /// A number of a person, believed so much without and with separators.
    Person(u8, u8),
    /// A number of a service.
    Service,
}

/// How strongly the first `n` digits of a code are a telephone number; `plus`: an international prefix came before.
pub(super) fn read(code: &Compact, n: usize, plus: bool) -> Option<Belief> {
    let digits = code.head(n);
    if code.broken(n) == Gap::Hard {
        return read_with_commas(code, n);
    }
    if !plausible_groups(code, n) || looks_like_date(code, n) {
        return None;
    }
    let international = plus || digits.starts_with(b"00");
    let reading = if plus {
        international_number(digits, code)
    } else if let Some(rest) = digits.strip_prefix(b"00") {
        international_number(rest, code)
    } else {
        national_number(digits, code)
    };
    let written_apart = code.broken(n) > Gap::None;
    match reading {
        Reading::Service => None,
        Reading::Unknown if international => None,
        Reading::Unknown => (6..=13).contains(&n).then_some(Belief {
            bare: 15,
            grouped: 25,
            sole: 15,
            labelled: labelled(digits, n),
        }),
        Reading::Person(bare, grouped) => {
            let base = if written_apart { grouped } else { bare };
            Some(Belief { bare: base, grouped: base, sole: base, labelled: 94 })
        }
    }
}

/// Commas and colons part numbers more often than groups of one: a mobile number in the usual groups, behind its label.
fn read_with_commas(code: &Compact, n: usize) -> Option<Belief> {
    const USUAL: &[Groups] =
        &[groups(&[3, 3, 4]), groups(&[3, 7]), groups(&[3, 3, 2, 2]), groups(&[5, 6]), groups(&[5, 3, 3])];
    (code.grouped_as(n, USUAL) && is_mobile(code.head(n))).then_some(Belief {
        bare: 20,
        grouped: 20,
        sole: 20,
        labelled: 84,
    })
}

/// A number of no known plan behind a word that says telephone: short ones are more often something else.
fn labelled(digits: &[u8], n: usize) -> u8 {
    let year = n == 8 && (digits.starts_with(b"20") || digits.starts_with(b"19"));
    if n < 7 || year || super::check::is_uniform(digits) { 45 } else { 78 }
}

/// Whether digits are a mobile number of a plan that tells by its length and head.
pub(super) fn is_mobile(digits: &[u8]) -> bool {
    [italian, british, french, german].iter().any(|plan| matches!(plan(digits), Reading::Person(60.., _)))
}

fn international_number(digits: &[u8], code: &Compact) -> Reading {
    let Some((prefix, lengths)) = country(digits) else { return Reading::Unknown };
    let rest = digits.get(prefix..).unwrap_or_default();
    let national = rest.strip_prefix(b"0").filter(|_| code.opens != 0).unwrap_or(rest);
    let prefix_digits = digits.get(..prefix).unwrap_or_default();
    let serves = match prefix_digits {
        b"39" => matches!(italian(national), Reading::Service),
        b"44" | b"34" | b"33" | b"49" => national.starts_with(b"800") || national.starts_with(b"900"),
        b"1" => matches!(american(national), Reading::Service),
        _ => false,
    };
    if serves {
        return Reading::Service;
    }
    let fits = (lengths.0..=lengths.1).contains(&u8::try_from(national.len()).unwrap_or(0));
    if fits { Reading::Person(88, 92) } else { Reading::Unknown }
}

/// The length of the country code, and the shortest and longest national numbers behind it.
fn country(digits: &[u8]) -> Option<(usize, (u8, u8))> {
    let code = |n: usize| digits.get(..n).map_or(0, number);
    Some(match code(1) {
        1 => (1, (10, 10)),
        7 => (1, (10, 10)),
        _ => match code(2) {
            39 => (2, (6, 11)),
            44 => (2, (9, 10)),
            34 | 33 => (2, (9, 9)),
            49 => (2, (6, 12)),
            20
            | 27
            | 30..=32
            | 36
            | 40
            | 41
            | 43
            | 45..=48
            | 51..=58
            | 60..=66
            | 81
            | 82
            | 84
            | 86
            | 90..=95
            | 98 => (2, (7, 12)),
            _ => match code(3) {
                210..=299
                | 350..=389
                | 420..=423
                | 500..=509
                | 590..=599
                | 670..=699
                | 850..=856
                | 880
                | 886
                | 960..=968
                | 970..=977
                | 992..=998 => (3, (5, 12)),
                _ => return None,
            },
        },
    })
}

/// The reading that the plans agree on most; numbers of services are told before.
fn national_number(digits: &[u8], code: &Compact) -> Reading {
    if is_french_service(digits, code) {
        return Reading::Service;
    }
    let plans = [
        italian(digits),
        british(digits),
        french(digits),
        german(digits),
        spanish(digits, code),
        american_written(digits, code),
        prefixed(digits),
    ];
    let mut best = Reading::Unknown;
    for reading in plans {
        best = match (best, reading) {
            (Reading::Person(a, b), Reading::Person(c, d)) => Reading::Person(a.max(c), b.max(d)),
            (Reading::Person(..), _) => best,
            (_, Reading::Person(..)) => reading,
            (Reading::Service, _) | (_, Reading::Service) => Reading::Service,
            _ => best,
        };
    }
    best
}

/// French numbers of services start with 08 (ARCEP), as Italian area codes do: their groups tell them apart.
fn is_french_service(digits: &[u8], code: &Compact) -> bool {
    const USUAL: &[Groups] = &[groups(&[2, 2, 2, 2, 2]), groups(&[4, 2, 2, 2])];
    digits.starts_with(b"08") && code.grouped_as(digits.len(), USUAL)
}

/// Whether digits are a number of a service, to be left alone.
pub(super) fn is_service(digits: &[u8]) -> bool {
    let head = |n: usize| digits.get(..n).map_or(0, number);
    match digits.len() {
        6..=7 => matches!(head(3), 800 | 803 | 892 | 895 | 899),
        8 => matches!(head(3), 800 | 840 | 848 | 892 | 895 | 899) || matches!(head(4), 3006 | 4004),
        9 => matches!(
            head(3),
            800 | 803 | 840 | 848 | 892 | 895 | 899 | 199 | 900 | 901 | 902 | 178 | 163 | 166
        ),
        10 => {
            let tolled = matches!(
                head(3),
                800 | 888 | 877 | 866 | 855 | 844 | 833 | 199 | 892 | 895 | 899 | 840 | 848
            );
            (tolled && !digits.starts_with(b"0"))
                || digits.starts_with(b"0800")
                || digits.starts_with(b"0180")
        }
        11 => {
            matches!(
                digits.get(..4),
                Some(
                    b"0800"
                        | b"0808"
                        | b"0843"
                        | b"0844"
                        | b"0845"
                        | b"0870"
                        | b"0871"
                        | b"0872"
                        | b"0873"
                        | b"0300"
                        | b"0330"
                        | b"0333"
                        | b"0343"
                        | b"0344"
                        | b"0345"
                        | b"0370"
                        | b"0371"
                        | b"1800"
                        | b"1888"
                        | b"1877"
                        | b"1866"
                        | b"1855"
                        | b"1844"
                        | b"1833"
                        | b"0180"
                        | b"0900"
                        | b"0137"
                )
            )
        }
        _ => false,
    }
}

/// Mobile numbers 3xx with nine or ten digits; geographic ones keep their 0 (AGCOM).
fn italian(digits: &[u8]) -> Reading {
    match (digits, digits.len()) {
        ([b'3', b'1'..=b'9', ..], 10) => Reading::Person(64, 82),
        ([b'3', b'2'..=b'9', ..], 9) => Reading::Person(30, 62),
        ([b'0', b'1'..=b'9', ..], 9..=11) => Reading::Person(54, 72),
        ([b'0', b'1'..=b'9', ..], 7..=8) => Reading::Person(25, 56),
        ([b'8', b'0', b'0', ..], 6..=9) => Reading::Service,
        _ => Reading::Unknown,
    }
}

/// 07 for mobile numbers, 01 and 02 for geographic ones (Ofcom).
fn british(digits: &[u8]) -> Reading {
    match (digits, digits.len()) {
        ([b'0', b'7', b'1'..=b'9', ..], 11) => Reading::Person(66, 82),
        ([b'0', b'1' | b'2', ..], 10..=11) => Reading::Person(54, 74),
        _ => Reading::Unknown,
    }
}

/// Ten digits, 06 and 07 mobile (ARCEP).
fn french(digits: &[u8]) -> Reading {
    match (digits, digits.len()) {
        ([b'0', b'6' | b'7', ..], 10) => Reading::Person(66, 84),
        ([b'0', b'1'..=b'5' | b'9', ..], 10) => Reading::Person(56, 80),
        _ => Reading::Unknown,
    }
}

/// 015, 016 and 017 mobile; geographic codes of two to five digits (Bundesnetzagentur).
fn german(digits: &[u8]) -> Reading {
    match (digits, digits.len()) {
        ([b'0', b'1', b'5'..=b'7', ..], 11..=12) => Reading::Person(66, 82),
        ([b'0', b'2'..=b'9', b'1'..=b'9', ..], 8..=12) => Reading::Person(45, 68),
        ([b'0', b'2'..=b'9', b'0', ..], 9..=12) => Reading::Person(45, 68),
        _ => Reading::Unknown,
    }
}

/// Nine digits, 6 and 7 mobile, 8 and 9 geographic (CNMC).
fn spanish(digits: &[u8], code: &Compact) -> Reading {
    let n = digits.len();
    const USUAL: &[Groups] =
        &[groups(&[3, 3, 3]), groups(&[3, 2, 2, 2]), groups(&[2, 3, 2, 2]), groups(&[3, 6])];
    let usual = code.grouped_as(n, USUAL);
    // "666-12-3456" is written as Americans write the number of their social security
    let odd = code.grouped(n, const { groups(&[3, 2, 4]) });
    let apart = if usual {
        74
    } else if odd {
        40
    } else {
        58
    };
    match (digits, n) {
        ([b'6', ..] | [b'7', b'1'..=b'9', ..], 9) => Reading::Person(54, apart),
        ([b'8' | b'9', b'1'..=b'8', ..], 9) => Reading::Person(42, apart),
        _ => Reading::Unknown,
    }
}

/// Area and exchange from 2 to 9 (NANPA); without separators ten digits say little.
fn american(digits: &[u8]) -> Reading {
    match digits {
        [b'8', b'0' | b'8' | b'7' | b'6' | b'5' | b'4' | b'3', third, ..] if digits.get(1) == Some(third) => {
            Reading::Service
        }
        [b'2'..=b'9', b'0'..=b'8', _, b'2'..=b'9', ..] if digits.len() == 10 => Reading::Person(44, 78),
        _ => Reading::Unknown,
    }
}

fn american_written(digits: &[u8], code: &Compact) -> Reading {
    let n = digits.len();
    if let ([b'1', rest @ ..], 11) = (digits, n) {
        return if code.grouped(n, const { groups(&[1, 3, 3, 4]) }) {
            american(rest)
        } else {
            Reading::Unknown
        };
    }
    match american(digits) {
        Reading::Person(bare, apart) => {
            let usual = code.grouped(n, const { groups(&[3, 3, 4]) })
                || code.grouped(n, const { groups(&[3, 7]) })
                || code.stands_apart(n);
            Reading::Person(bare, if usual { apart } else { 40 })
        }
        other => other,
    }
}

/// An Italian, British, French, Spanish or German mobile number behind its country code, the plus left out.
fn prefixed(digits: &[u8]) -> Reading {
    match (digits, digits.len()) {
        ([b'3', b'9', b'3', b'1'..=b'9', ..], 12) => Reading::Person(62, 78),
        ([b'4', b'4', b'7', b'1'..=b'9', ..], 12) => Reading::Person(58, 78),
        ([b'3', b'3', b'6' | b'7', ..] | [b'3', b'4', b'6', ..], 11) => Reading::Person(52, 76),
        ([b'4', b'9', b'1', b'5'..=b'7', ..], 12..=13) => Reading::Person(52, 76),
        _ => Reading::Unknown,
    }
}

/// People write numbers in groups of two and more, or each digit apart; a first group may be one digit.
fn plausible_groups(code: &Compact, n: usize) -> bool {
    if code.broken(n) == Gap::None || code.stands_apart(n) {
        return true;
    }
    if code.next_bound(0) == Some(1) && code.head(1) == b"0" {
        return false; // 0.5 and the like: no area is called 0
    }
    code.in_few_groups(n)
}

/// Whether the first `n` digits are written as a date: day, month, year or the other way round.
fn looks_like_date(code: &Compact, n: usize) -> bool {
    if code.broken(n) == Gap::None {
        return false;
    }
    let digits = code.head(n);
    let part = |range: std::ops::Range<usize>| digits.get(range).map_or(0, number);
    let month_day = |month: u32, day: u32| (1..=12).contains(&month) && (1..=31).contains(&day);
    let day_first =
        code.grouped(n, const { groups(&[2, 2, 4]) }) || code.grouped(n, const { groups(&[2, 2, 2]) });
    let year_first = code.grouped(n, const { groups(&[4, 2, 2]) });
    (day_first && (month_day(part(2..4), part(0..2)) || month_day(part(0..2), part(2..4))))
        || (year_first && month_day(part(4..6), part(6..8)))
        || (code.grouped(n, const { groups(&[1, 2, 4]) }) && month_day(part(1..3), part(0..1)))
        || (code.grouped(n, const { groups(&[2, 1, 4]) }) && month_day(part(2..3), part(0..2)))
        || (code.grouped(n, const { groups(&[1, 1, 4]) }) && month_day(part(1..2), part(0..1)))
}
