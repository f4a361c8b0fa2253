//! Detection: lexicons, signals, languages, and the two example files of each family.

use std::fs;
use std::path::Path;

use galateo::detect::{Detectors, ScanContext, Scratch, SentimentClass, SignalKind, Signals, Speaker};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/detect");

#[test]
fn the_built_in_lexicons_have_no_fault() {
    let (_, faults) = Detectors::builder().build_leniently();
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

/// What an example file expects of each of its lines.
enum Expected {
    Shows(SignalKind),
    Lacks(SignalKind),
    Feels(SentimentClass),
    Ordinary,
}

impl Expected {
    fn of(file: &str) -> Option<Self> {
        let stem = file.strip_suffix(".txt")?;
        Some(match stem {
            "sentiment_negative" => Self::Feels(SentimentClass::Negative),
            "sentiment_neutral" => Self::Feels(SentimentClass::Neutral),
            "sentiment_positive" => Self::Feels(SentimentClass::Positive),
            "ordinary" => Self::Ordinary,
            _ => match stem.split_once('.')? {
                (kind, "positive") => Self::Shows(SignalKind::from_word(kind)?),
                (kind, "negative") => Self::Lacks(SignalKind::from_word(kind)?),
                _ => return None,
            },
        })
    }

    fn holds(&self, signals: &Signals) -> bool {
        match self {
            Self::Shows(kind) => signals.has(kind),
            Self::Lacks(kind) => !signals.has(kind),
            Self::Feels(class) => signals.sentiment.class == *class,
            Self::Ordinary => ![SignalKind::Profanity, SignalKind::Sexual, SignalKind::Crisis]
                .iter()
                .any(|kind| signals.has(kind)),
        }
    }
}

/// The lines of an example file with who wrote them.
fn examples(text: &str) -> impl Iterator<Item = (Option<Speaker>, &str)> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| {
        if let Some(rest) = line.strip_prefix("agent:") {
            (Some(Speaker::Agent), rest.trim())
        } else if let Some(rest) = line.strip_prefix("customer:") {
            (Some(Speaker::Customer), rest.trim())
        } else {
            (None, line)
        }
    })
}

fn check_language(language: &str) {
    let detectors = Detectors::builtin();
    let mut scratch = Scratch::default();
    let mut wrong = Vec::new();
    let mut files: Vec<_> =
        fs::read_dir(Path::new(DATA).join(language)).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    for path in files {
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        let expected = Expected::of(&file).unwrap_or_else(|| panic!("{file} is no example file"));
        for (speaker, line) in examples(&fs::read_to_string(&path).unwrap()) {
            let context = ScanContext { speaker, ..ScanContext::default() };
            if !expected.holds(detectors.scan(line, &context, &mut scratch)) {
                wrong.push(format!("{language}/{file}: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} lines\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn italian_examples_show_what_they_should() {
    check_language("it");
}

#[test]
fn english_examples_show_what_they_should() {
    check_language("en");
}
