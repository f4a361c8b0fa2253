//! Why a rule matched: the fields it asked, and what in the text showed them.

use std::sync::Arc;

use crate::decision::{Cause, Evidence};
use crate::model::Word;
use crate::playbook::{Directive, FACT, Literal, Matched, Rule, Test};

use super::reading::Reading;

/// The cause that every action of a rule carries.
pub(super) fn cause(matched: &Matched<'_, Directive>, reading: &Reading) -> Cause {
    let Matched { rule, asked, .. } = matched;
    let rule_id = Some(rule.id.clone());
    let spans = if asked.iter().any(|field| SHOWN.contains(&&**field)) {
        spans(rule, reading)
    } else {
        Arc::default()
    };
    Cause { rule: rule_id, layer: rule.origin.layer.clone(), facts: Arc::clone(asked), spans }
}

/// Fields that rest on places in the text.
const SHOWN: [&str; 3] = ["signals", "topics", "personal_data"];

fn spans(rule: &Rule<Directive>, reading: &Reading) -> Arc<[Evidence]> {
    let mut spans: Vec<Evidence> = rule.when.tests().flat_map(|test| evidence(test, reading)).collect();
    spans.sort();
    spans.dedup();
    spans.into()
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
