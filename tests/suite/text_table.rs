//! The table of the fold is generated from rules; this module holds the rules and checks the committed table.
//!
//! To write it anew after a change of the rules: `GALATEO_BLESS=1 cargo test --test suite text_table`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

const COMMITTED: &str = include_str!("../../src/text/fold_ranges.rs");
const LOOKALIKES: &str = include_str!("../data/text/lookalikes.txt");

/// Characters that do not show: Default_Ignorable_Code_Point of Unicode, and the enclosing keycap.
const INVISIBLE: [(u32, u32); 19] = [
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x20DD, 0x20E4),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
    (0xFFF9, 0xFFFB),
];

/// Letters without a decomposition that are spelled with these letters.
const SPELLED: [(char, &str); 17] = [
    ('ß', "ss"),
    ('ẞ', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('þ', "th"),
    ('ð', "d"),
    ('đ', "d"),
    ('ħ', "h"),
    ('ł', "l"),
    ('ø', "o"),
    ('ŧ', "t"),
    ('ŋ', "n"),
    ('ĸ', "k"),
    ('ƀ', "b"),
    ('ɨ', "i"),
    ('ƶ', "z"),
    ('ǥ', "g"),
];

/// What a character becomes: `None` keeps it, an empty string drops it.
pub(crate) struct Rules {
    lookalikes: BTreeMap<char, char>,
    digits: Regex,
    marks: Regex,
}

impl Rules {
    pub(crate) fn new() -> Self {
        let mut lookalikes = BTreeMap::new();
        for line in LOOKALIKES.lines().filter(|line| !line.starts_with('#')) {
            let (image, others) = line.split_once('\t').expect("image, tab, look-alikes");
            let image = image.chars().next().unwrap();
            lookalikes.extend(others.split(' ').map(|other| (other.chars().next().unwrap(), image)));
        }
        let marks = Regex::new(r"^[\p{Mn}\p{Me}]$").unwrap();
        Self { lookalikes, digits: Regex::new(r"^\p{Nd}$").unwrap(), marks }
    }

    fn is_digit(&self, c: char) -> bool {
        c.is_numeric() && self.digits.is_match(c.encode_utf8(&mut [0; 4]))
    }

    fn is_mark(&self, c: char) -> bool {
        !matches!(c, '\0'..='\u{2FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{20000}'..='\u{DFFFF}')
            && self.marks.is_match(c.encode_utf8(&mut [0; 4]))
    }

    /// The value of a decimal digit: Unicode lays the ten digits of a script side by side, from zero.
    fn digit(&self, c: char) -> char {
        let mut first = u32::from(c);
        while let Some(before) = char::from_u32(first - 1).filter(|&before| self.is_digit(before)) {
            first = u32::from(before);
        }
        char::from_digit((u32::from(c) - first) % 10, 10).unwrap()
    }

    /// Marks written over or under the letter are accents; vowel signs and such are spelling.
    fn is_accent(&self, c: char) -> bool {
        self.is_mark(c)
            && unicode_normalization::char::canonical_combining_class(c) != 0
            && !matches!(c, '\u{3099}' | '\u{309A}')
    }

    fn once(&self, c: char, out: &mut String) {
        let scalar = u32::from(c);
        if c.is_ascii() {
            return out.push(c.to_ascii_lowercase());
        }
        if INVISIBLE.iter().any(|&(first, last)| (first..=last).contains(&scalar)) || self.is_accent(c) {
            return;
        }
        if let Some(&image) = self.lookalikes.get(&c) {
            return out.push(image);
        }
        match c {
            '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\u{2800}' => out.push(' '),
            '\u{3040}'..='\u{30FF}' | '\u{AC00}'..='\u{D7A3}' | '™' | '℠' | '\u{2139}' | 'Ⓜ' => {
                out.push(c);
            }
            '\u{1F150}'..='\u{1F169}' => out.push(char::from(b'a' + (scalar - 0x1F150) as u8)),
            '\u{1F170}'..='\u{1F189}' => out.push(char::from(b'a' + (scalar - 0x1F170) as u8)),
            '\u{24FF}' => out.push('0'),
            '\u{24EB}'..='\u{24F3}'
            | '\u{2776}'..='\u{277E}'
            | '\u{2780}'..='\u{2788}'
            | '\u{278A}'..='\u{2792}' => {
                let base =
                    [0x24EA, 0x2775, 0x277F, 0x2789].into_iter().filter(|b| b <= &scalar).max().unwrap();
                if base == 0x24EA { out.push(c) } else { out.push(char::from(b'0' + (scalar - base) as u8)) }
            }
            _ if self.is_digit(c) => out.push(self.digit(c)),
            _ if c.is_whitespace() => out.push(' '),
            _ => match SPELLED.iter().find(|(letter, _)| c.to_lowercase().eq([*letter])) {
                Some((_, spelled)) => out.push_str(spelled),
                None => out.extend(c.to_lowercase().nfkd()),
            },
        }
    }

    /// The rules applied until nothing changes, so that folding twice is folding once.
    pub(crate) fn image(&self, c: char) -> Option<String> {
        let mut image = String::from(c);
        for _ in 0..6 {
            let mut next = String::new();
            image.chars().for_each(|c| self.once(c, &mut next));
            if next == image {
                break;
            }
            image = next;
        }
        let fits = image.len() <= 3 * c.len_utf8();
        (fits && !image.chars().eq([c])).then_some(image)
    }
}

fn generate() -> String {
    let rules = Rules::new();
    let mut expansions: Vec<String> = Vec::new();
    let mut ranges: Vec<(u32, u32, u32, u32)> = Vec::new();
    for c in ('\u{80}'..=char::MAX).filter(|c| !matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)) {
        let scalar = u32::from(c);
        let code = match rules.image(c) {
            None if rules.is_mark(c) => 2,
            None => continue,
            Some(image) if image.is_empty() => 1,
            Some(image) => match (image.chars().next(), image.chars().count()) {
                (Some(only), 1) if u32::from(only) < 0x1_0000 => u32::from(only),
                _ => {
                    let known = expansions.iter().position(|e| *e == image);
                    0xD800
                        + known.unwrap_or_else(|| {
                            expansions.push(image);
                            expansions.len() - 1
                        }) as u32
                }
            },
        };
        match ranges.last_mut() {
            Some((_, last, 0, image)) if *last + 1 == scalar && *image == code => *last = scalar,
            Some((first, last, step, image))
                if *last + 1 == scalar
                    && code == *image + (scalar - *first)
                    && (*step == 1 || first == last) =>
            {
                (*last, *step) = (scalar, 1);
            }
            _ => ranges.push((scalar, scalar, 0, code)),
        }
    }
    render(&ranges, &expansions)
}

fn render(ranges: &[(u32, u32, u32, u32)], expansions: &[String]) -> String {
    let mut out = String::from(
        "//! Generated from the rules in `tests/suite/text_table.rs`; do not edit by hand.\n\n\
         /// First and last character, step (0: all have one image, 1: images follow one another), code of the first image.\n\
         #[rustfmt::skip]\n\
         pub(super) const RANGES: &[(u32, u32, u16, u16)] = &[",
    );
    for (i, (first, last, step, code)) in ranges.iter().enumerate() {
        out.push_str(if i % 8 == 0 { "\n    " } else { " " });
        write!(out, "({first:#x}, {last:#x}, {step}, {code:#x}),").unwrap();
    }
    out.push_str(
        "\n];\n\n/// What the characters become that have more than one letter, or one beyond the first plane.\n\
         #[rustfmt::skip]\n\
         pub(super) const EXPANSIONS: &[&str] = &[",
    );
    for (i, image) in expansions.iter().enumerate() {
        out.push_str(if i % 16 == 0 { "\n    " } else { " " });
        write!(out, "\"{}\",", image.escape_default()).unwrap();
    }
    out.push_str("\n];\n");
    out
}

#[test]
fn the_committed_table_follows_from_the_rules() {
    let expected = generate();
    if std::env::var("GALATEO_BLESS").is_ok() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/text/fold_ranges.rs");
        std::fs::write(path, &expected).unwrap();
        return;
    }
    assert!(expected == COMMITTED, "run with GALATEO_BLESS=1 and look at the difference");
}
