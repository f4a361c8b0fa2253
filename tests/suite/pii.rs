//! Personal data: what is found, what stays (R22, R38, R108).

use galateo::detect::pii::{Direction, PiiContext, Redactor};
use galateo::model::Language;

/// A message with the spans that must be found in it.
struct Case {
    line: usize,
    text: String,
    expected: Vec<(usize, usize, String)>,
    language: Option<Language>,
}

fn cases(file: &str) -> Vec<Case> {
    (1..)
        .zip(file.lines())
        .filter(|(_, l)| !l.trim().is_empty() && !l.starts_with('#'))
        .map(|(line, l)| case(line, l))
        .collect()
}

fn case(line: usize, content: &str) -> Case {
    let (language, content) = match content.strip_prefix('@').and_then(|rest| rest.split_once(' ')) {
        Some((tag, rest)) if tag.len() == 2 => (Language::from_tag(tag), rest),
        _ => (None, content),
    };
    let content = unescape(content);
    let mut text = String::new();
    let mut expected = Vec::new();
    let mut rest = content.as_str();
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        let close = rest.find('}').unwrap();
        let (kind, value) = rest[open + 1..close].split_once('|').unwrap();
        expected.push((text.len(), text.len() + value.len(), kind.to_owned()));
        text.push_str(value);
        rest = &rest[close + 1..];
    }
    text.push_str(rest);
    Case { line, text, expected, language }
}

fn unescape(content: &str) -> String {
    let mut out = String::new();
    let mut rest = content;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(tail) = rest.strip_prefix('n') {
            out.push('\n');
            rest = tail;
        } else if let Some(tail) = rest.strip_prefix("u{") {
            let (code, tail) = tail.split_once('}').unwrap();
            out.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

#[test]
fn hand_written_messages_show_exactly_what_they_hold() {
    read_cases(include_str!("../data/pii/cases.txt"), Direction::Inbound);
}

#[test]
fn streets_and_birth_dates_show_in_what_goes_out() {
    read_cases(include_str!("../data/pii/soft.txt"), Direction::Outbound);
    let redactor = Redactor::standard();
    assert!(redactor.find("nato il 12/05/1985, via Roma 10", &PiiContext::default()).is_empty());
}

fn read_cases(file: &str, direction: Direction) {
    let redactor = Redactor::standard();
    let mut failures = 0;
    for case in cases(file) {
        let context = PiiContext { language: case.language, direction, ..PiiContext::default() };
        let found: Vec<_> = redactor
            .find(&case.text, &context)
            .iter()
            .map(|span| (span.start, span.end, span.kind.to_string(), span.confidence))
            .collect();
        let same = found.len() == case.expected.len()
            && found.iter().zip(&case.expected).all(|(f, e)| (f.0, f.1, &f.2) == (e.0, e.1, &e.2));
        if !same {
            failures += 1;
            println!(
                "line {}: {:?}\n   found {found:?}\n   expected {:?}",
                case.line, case.text, case.expected
            );
        }
    }
    assert_eq!(failures, 0, "messages were read otherwise");
}
