//! Why a rule matched: the fields it asked, and what in the text showed them.

use std::sync::Arc;

use crate::decision::{Cause, Evidence};
use crate::model::Word;
use crate::playbook::{Directive, FACT, Literal, Rule, Test};

use super::reading::Reading;

/// The cause that every action of a rule carries.
pub(super) fn cause(rule: &Rule<Directive>, reading: &Reading) -> Cause {
    let mut facts: Vec<Arc<str>> = Vec::new();
    let mut spans = Vec::new();
    for test in rule.when.tests() {
        if !facts.iter().any(|known| **known == *test.field()) {
            facts.push(Arc::from(test.field()));
        }
        spans.extend(evidence(test, reading));
    }
    spans.sort();
    spans.dedup();
    Cause { rule: Some(rule.id.clone()), layer: rule.origin.layer.clone(), facts, spans }
}

/// The places in the text that a test rests on: of signals, topics and personal data that it names.
fn evidence(test: &Test, reading: &Reading) -> Vec<Evidence> {
    let named = |word: &str| {
        test.literals().iter().any(|literal| matches!(literal, Literal::Text(text) if **text == *word))
    };
    let signals = &reading.signals;
    match test.field() {
        "signals" => {
            let sure = signals.signals.iter().filter(|signal| signal.confidence.get() >= FACT);
            let shown = sure.filter(|signal| named(signal.kind.as_str()));
            shown.filter_map(|signal| place(signal.kind.as_str(), signal.span)).collect()
        }
        "topics" => {
            let shown = signals.topics.iter().filter(|hit| named(hit.topic.as_str()));
            shown.filter_map(|hit| place(hit.topic.as_str(), hit.span)).collect()
        }
        "personal_data" => reading.personal_places().filter_map(|(kind, span)| place(kind, span)).collect(),
        _ => Vec::new(),
    }
}

fn place(shows: &str, span: crate::text::Span) -> Option<Evidence> {
    Some(Evidence { shows: Word::new(shows)?, start: span.start, end: span.end })
}
