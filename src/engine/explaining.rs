//! Why a rule matched: the fields it asked, and what in the text showed them.

use std::sync::Arc;

use super::reading::Reading;
use crate::decision::{Cause, Evidence};
use crate::detect::SignalKind;
use crate::model::{TopicId, Word};
use crate::num::wide;
use crate::playbook::{Directive, FACT, Literal, Matched, Policy, Rule, Test};
use crate::text::Span;

/// What the rules of a policy can rest on in a text, told apart once.
#[derive(Debug)]
pub(super) struct Grounds {
    /// For each rule, by its rank.
    list: Vec<Box<[Ground]>>,
}

/// Something in a text that a condition names, and the word it names it by.
#[derive(Debug)]
enum Ground {
    Signal(SignalKind, Word),
    Topic(TopicId, Word),
    /// Whatever personal data there is.
    PersonalData,
}

impl Grounds {
    pub(super) fn of(policy: &Policy) -> Self {
        let rule_grounds = |rule: &Rule<Directive>| rule.when.tests().flat_map(grounds).collect();
        Self { list: policy.rules().as_slice().iter().map(rule_grounds).collect() }
    }

    /// The cause that every action of a rule carries.
    pub(super) fn cause(&self, matched: &Matched<'_, Directive>, reading: &Reading) -> Cause {
        let Matched { rule, asked, rank, .. } = matched;
        let spans = match self.list.get(wide(*rank)) {
            Some(grounds) if !grounds.is_empty() => spans(grounds, reading),
            _ => Arc::default(),
        };
        let rule_id = Some(rule.id.clone());
        Cause { rule: rule_id, layer: rule.origin.layer.clone(), facts: Arc::clone(asked), spans }
    }
}

/// What a test names: signals, topics, personal data.
fn grounds(test: &Test) -> Vec<Ground> {
    let words = || {
        test.literals().iter().filter_map(|literal| match literal {
            Literal::Text(text) => Word::sharing(text),
            _ => None,
        })
    };
    let signal = |word: Word| Some(Ground::Signal(SignalKind::from_word(word.as_str())?, word));
    let topic = |word: Word| Some(Ground::Topic(TopicId::new(word.as_str()).ok()?, word));
    match test.field() {
        "signals" => words().filter_map(signal).collect(),
        "topics" => words().filter_map(topic).collect(),
        "personal_data" => vec![Ground::PersonalData],
        _ => Vec::new(),
    }
}

/// The places in a text that a rule rests on.
fn spans(grounds: &[Ground], reading: &Reading) -> Arc<[Evidence]> {
    let mut spans = Vec::new();
    let mut show = |shows: &Word, Span { start, end }| {
        spans.push(Evidence { shows: shows.clone(), start, end });
    };
    let signals = &reading.signals;
    for ground in grounds {
        match ground {
            Ground::Signal(kind, word) => {
                let sure = signals.signals.iter().filter(|signal| signal.confidence.get() >= FACT);
                sure.filter(|signal| signal.kind == *kind).for_each(|signal| show(word, signal.span));
            }
            Ground::Topic(topic, word) => {
                signals.topics.iter().filter(|hit| hit.topic == *topic).for_each(|hit| show(word, hit.span));
            }
            Ground::PersonalData => reading.personal_places().for_each(|(kind, span)| show(&kind, span)),
        }
    }
    spans.sort_unstable();
    spans.dedup();
    spans.into()
}
