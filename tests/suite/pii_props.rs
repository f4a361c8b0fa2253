//! Properties of redaction over texts put together from pieces that pull at each other (R22; HAZARDS T3–T5, T9).
//!
//! `GALATEO_CASES=1000000 cargo test --release --test suite pii_props` for the long run.

use galateo::detect::pii::{Direction, PiiContext, Redactor, Stream, Treatment, TreatmentRule, restore};
use galateo::model::Visibility;

use crate::pii_bar::rows;
use crate::pii_data::Dice;

const PIECES: &[&str] = &[
    "4111 1111 1111 1111",
    "4111111111111111",
    "3401234567",
    "+39 340 123 4567",
    "mario.rossi@gmail.com",
    "IT60X0542811101000000123456",
    "RSSMRA85T10A562S",
    "12/27",
    "cvv 123",
    "password: Pippo123!",
    "pin 4521",
    "1.2.3.4",
    "AB123CD",
    "ordine",
    "tel",
    "carta",
    "iban",
    "mario",
    " chiocciola ",
    "gmail punto com",
    "tre quattro zero uno due tre quattro",
    "[CARD_1]",
    "[",
    "]",
    "(",
    ")",
    "-",
    ".",
    ",",
    "@",
    "%40",
    "\n",
    "\u{200B}",
    "\u{FE0F}",
    "\u{20E3}",
    "é",
    "😀",
    "١٢٣",
    "１２３",
    "12",
    "3",
    "4567",
    "12345678",
    "x",
    "  ",
    " ",
    " ",
    " ",
    ":",
    "€",
    "https://a:b@c.it/",
    "00:1A:2B:3C:4D:5E",
    "\u{301}",
    "fe80::1",
    "12345678Z",
    "uno",
    "doppio",
    "\u{202E}",
    "ﷺ",
    "½",
    "key",
    "=",
    "*",
];

fn text(dice: &mut Dice) -> String {
    let mut text = String::new();
    for _ in 0..1 + dice.below(14) {
        text.push_str(dice.pick(PIECES));
        if dice.below(2) == 0 {
            text.push(' ');
        }
    }
    text
}

fn cases() -> usize {
    std::env::var("GALATEO_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(4000)
}

#[test]
fn spans_lie_on_boundaries_in_order_and_the_output_holds_no_value() {
    let redactor = Redactor::standard();
    let mut dice = Dice::new(7);
    for _ in 0..cases() {
        let text = text(&mut dice);
        let redaction = redactor.redact(&text, &PiiContext::default());
        let mut last = 0;
        let mut kept = String::new();
        for span in &redaction.spans {
            assert!(
                span.start >= last && span.end > span.start && text.get(span.range()).is_some(),
                "{text:?}"
            );
            kept.push_str(&text[last..span.start]);
            kept.push('\0');
            last = span.end;
        }
        kept.push_str(&text[last..]);
        let mut rest = redaction.text.as_str();
        for piece in kept.split('\0') {
            let at = rest.find(piece);
            assert!(at.is_some(), "{text:?}");
            rest = &rest[at.unwrap() + piece.len()..];
        }
        assert!(redaction.text.len() <= text.len() + 24 * redaction.spans.len());
    }
}

/// A text to be hidden that stands nowhere makes every text be folded.
#[test]
fn a_text_that_is_not_folded_because_nothing_can_be_in_it_would_show_nothing_else_if_it_were() {
    let (quick, folding) = (Redactor::standard(), Redactor::builder().deny("zqxjkzqxjk").build());
    let mut dice = Dice::new(19);
    let texts = (0..cases()).map(|_| text(&mut dice)).chain(rows().into_iter().map(|row| row.text));
    for text in texts {
        for direction in [Direction::Inbound, Direction::Outbound] {
            let context = PiiContext { direction, ..PiiContext::default() };
            assert_eq!(quick.find(&text, &context), folding.find(&text, &context), "{text:?}");
        }
    }
}

#[test]
fn a_value_is_found_at_whatever_distance_from_the_start_it_stands() {
    let redactor = Redactor::standard();
    for value in [
        "due and tre quattro cinque sei sette otto nove zero",
        "FIVE FIVE FIVE ONE TWO THREE FOUR FIVE SIX",
        "mario punto rossi chiocciola gmail punto com",
        "OTP: 482913",
        "password = Pippo123!",
        "ghp_1234567890abcdefghijklmnopqrstuvwxyz",
        "it60x0542811101000000123456",
        "4111 1111 1111 1111",
        "fe80::1ff:fe23:4567:890a",
    ] {
        for distance in 0..140 {
            let before = "ab; ".repeat(40);
            let text = format!("{}; {value}", &before[before.len() - distance..]);
            let kinds = |text: &str| -> Vec<_> {
                let found = redactor.find(text, &PiiContext::default());
                found.iter().map(|span| (text.len() - span.start, span.kind)).collect()
            };
            assert!(!kinds(&text).is_empty(), "{text:?}");
            assert_eq!(kinds(&text), kinds(&format!("; {value}")), "{text:?}");
            assert_eq!(kinds(&text.replacen(';', "\u{2764}", 1)).len(), kinds(&text).len(), "{text:?}");
        }
    }
}

#[test]
fn redacting_twice_changes_nothing_more() {
    let redactor = Redactor::standard();
    let mut dice = Dice::new(11);
    let mut changed = 0;
    for _ in 0..cases() {
        let text = text(&mut dice);
        let once = redactor.redact(&text, &PiiContext::default()).text;
        let twice = redactor.redact(&once, &PiiContext::default()).text;
        if once != twice {
            changed += 1;
            if changed < 12 {
                println!("{text:?}\n  {once:?}\n  {twice:?}");
            }
        }
    }
    assert_eq!(changed, 0);
}

#[test]
fn slots_bring_the_text_back_on_private_surfaces() {
    let rule = TreatmentRule { kind: None, visibility: None, direction: None, treatment: Treatment::Slot };
    let redactor = Redactor::builder().treat(rule).build();
    let context = PiiContext {
        visibility: Visibility::Private,
        direction: Direction::Inbound,
        ..PiiContext::default()
    };
    let mut dice = Dice::new(13);
    for _ in 0..cases() {
        let text = text(&mut dice);
        let redaction = redactor.redact(&text, &context);
        assert_eq!(
            restore(&redaction.text, &redaction.slots, Visibility::Private).as_deref(),
            Ok(text.as_str())
        );
    }
}

#[test]
fn the_pieces_of_a_stream_give_the_redaction_of_the_whole() {
    let redactor = Redactor::standard();
    let rows = rows();
    let mut dice = Dice::new(17);
    for _ in 0..cases() / 40 {
        let text: String = (0..12).map(|_| format!("{}\n", rows[dice.below(rows.len())].text)).collect();
        let mut stream = Stream::new(&redactor, PiiContext::default());
        let mut released = String::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (piece, tail) = rest.split_at(rest.ceil_char_boundary((1 + dice.below(90)).min(rest.len())));
            released.push_str(&stream.push(piece));
            rest = tail;
        }
        released.push_str(&stream.finish());
        assert_eq!(released, redactor.redact(&text, &PiiContext::default()).text);
    }
}

#[test]
fn debug_and_errors_show_no_byte_of_what_was_found() {
    let redactor = Redactor::builder().allow("ada@example.org").deny("Zorro").build();
    let names = ["Zorro"];
    let context = PiiContext { names: &names, ..PiiContext::default() };
    let redaction = redactor.redact("carta 4111 1111 1111 1111 a mario.rossi@gmail.com", &context);
    let shown = format!("{redaction:#?} {redactor:?} {context:?} {:?}", redaction.slots);
    for secret in ["4111", "1111", "mario", "gmail", "Zorro", "ada"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

/// One way of hiding a text from a reader of bytes that leaves it readable for people.
type Transform = fn(&str) -> String;

fn after_each(text: &str, mark: char) -> String {
    text.chars().flat_map(|c| [c, mark]).collect()
}

fn shifted(text: &str, digits: u32) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |d| char::from_u32(digits + d).unwrap())).collect()
}

const TRANSFORMS: &[(&str, Transform)] = &[
    ("zero-width space", |t| after_each(t, '\u{200B}')),
    ("zero-width joiner", |t| after_each(t, '\u{200D}')),
    ("zero-width non-joiner", |t| after_each(t, '\u{200C}')),
    ("word joiner", |t| after_each(t, '\u{2060}')),
    ("byte order mark", |t| after_each(t, '\u{FEFF}')),
    ("soft hyphen", |t| after_each(t, '\u{AD}')),
    ("variation selector", |t| after_each(t, '\u{FE0F}')),
    ("left-to-right mark", |t| after_each(t, '\u{200E}')),
    ("right-to-left mark", |t| after_each(t, '\u{200F}')),
    ("left-to-right embedding", |t| format!("\u{202A}{t}\u{202C}")),
    ("isolate", |t| format!("\u{2066}{t}\u{2069}")),
    ("combining overlay", |t| after_each(t, '\u{336}')),
    ("combining underline", |t| after_each(t, '\u{332}')),
    ("keycap", |t| {
        t.chars()
            .flat_map(|c| if c.is_ascii_digit() { vec![c, '\u{FE0F}', '\u{20E3}'] } else { vec![c] })
            .collect()
    }),
    ("full width", |t| {
        t.chars()
            .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c })
            .collect()
    }),
    ("full-width digits", |t| shifted(t, 0xFF10)),
    ("arabic digits", |t| shifted(t, 0x660)),
    ("persian digits", |t| shifted(t, 0x6F0)),
    ("devanagari digits", |t| shifted(t, 0x966)),
    ("bengali digits", |t| shifted(t, 0x9E6)),
    ("thai digits", |t| shifted(t, 0xE50)),
    ("bold digits", |t| shifted(t, 0x1D7CE)),
    ("double-struck digits", |t| shifted(t, 0x1D7D8)),
    ("monospace digits", |t| shifted(t, 0x1D7F6)),
    ("cyrillic letters", |t| {
        t.chars()
            .map(|c| match c {
                'a' => 'а',
                'e' => 'е',
                'o' => 'о',
                'c' => 'с',
                'p' => 'р',
                'x' => 'х',
                'A' => 'А',
                'B' => 'В',
                'E' => 'Е',
                'K' => 'К',
                'M' => 'М',
                'H' => 'Н',
                'O' => 'О',
                'P' => 'Р',
                'C' => 'С',
                'T' => 'Т',
                'X' => 'Х',
                c => c,
            })
            .collect()
    }),
    ("greek letters", |t| {
        t.chars()
            .map(|c| match c {
                'A' => 'Α',
                'B' => 'Β',
                'E' => 'Ε',
                'Z' => 'Ζ',
                'H' => 'Η',
                'I' => 'Ι',
                'K' => 'Κ',
                'M' => 'Μ',
                'N' => 'Ν',
                'O' => 'Ο',
                'P' => 'Ρ',
                'T' => 'Τ',
                'X' => 'Χ',
                'o' => 'ο',
                c => c,
            })
            .collect()
    }),
    ("no-break space", |t| t.replace(' ', "\u{A0}")),
    ("thin space", |t| t.replace(' ', "\u{2009}")),
    ("ideographic space", |t| t.replace(' ', "\u{3000}")),
    ("capitals", |t| t.to_uppercase()),
];

#[test]
fn thirty_transforms_cost_at_most_one_percent_of_recall() {
    let redactor = Redactor::standard();
    let context = PiiContext::default();
    assert_eq!(TRANSFORMS.len(), 30);
    let rows = rows();
    let plain: Vec<_> = rows
        .iter()
        .filter(|r| r.style == "plain" && r.spans.len() == 1 && !matches!(r.spans[0].kind.as_str(), "secret"))
        .collect();
    for (name, transform) in TRANSFORMS {
        let (mut clean, mut kept) = (0, 0);
        for row in &plain {
            let truth = &row.spans[0];
            if redactor.find(&row.text, &context).is_empty() {
                continue;
            }
            clean += 1;
            let value = transform(&row.text[truth.start..truth.end]);
            let text = format!("{}{value}{}", &row.text[..truth.start], &row.text[truth.end..]);
            let found = redactor.find(&text, &context);
            let hit = found.iter().any(|s| {
                s.start < truth.start + value.len() && s.end > truth.start && s.len_of() * 2 >= value.len()
            });
            if !hit && clean - kept < 4 {
                println!("{name}: {text:?} {found:?}");
            }
            kept += usize::from(hit);
        }
        assert!(kept * 100 >= clean * 99, "{name}: {kept} of {clean}");
    }
}

trait Length {
    fn len_of(&self) -> usize;
}

impl Length for galateo::detect::pii::PiiSpan {
    fn len_of(&self) -> usize {
        self.end - self.start
    }
}
