//! Why a rule matched: the fields it asked, and what in the text showed them.

use std::sync::Arc;

use crate::decision::{Cause, Evidence};
use crate::model::Word;
use crate::playbook::{Directive, FACT, Literal, Matched, Rule, Test};
use crate::text::Span;

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
    let mut spans = Vec::new();
    for test in rule.when.tests() {
        show(test, reading, |shows, span| {
            spans.extend(shows.map(|shows| Evidence { shows, start: span.start, end: span.end }));
        });
    }
    spans.sort_unstable();
    spans.dedup();
    spans.into()
}

/// The places in the text that a test rests on: of signals, topics and personal data that it names.
fn show(test: &Test, reading: &Reading, mut found: impl FnMut(Option<Word>, Span)) {
    let named = |word: &str| {
        test.literals().iter().find_map(|literal| match literal {
            Literal::Text(text) if **text == *word => Some(text),
            _ => None,
        })
    };
    let signals = &reading.signals;
    match test.field() {
        "signals" => {
            let sure = signals.signals.iter().filter(|signal| signal.confidence.get() >= FACT);
            let named = sure.filter_map(|signal| Some((named(signal.kind.as_str())?, signal.span)));
            named.for_each(|(kind, span)| found(Word::sharing(kind), span));
        }
        "topics" => {
            let named = signals.topics.iter().filter_map(|hit| Some((named(hit.topic.as_str())?, hit.span)));
            named.for_each(|(topic, span)| found(Word::sharing(topic), span));
        }
        "personal_data" => reading.personal_places().for_each(|(kind, span)| found(Some(kind), span)),
        _ => {}
    }
}
