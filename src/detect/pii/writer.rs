//! What stands in the place of what was found.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::canonical::canonical;
use super::kind::PiiKind;
use super::labels::{Labels, Token, Tokenizer};
use super::redactor::{PiiContext, Redactor, Slot};
use super::span::PiiSpan;
use super::treatment::{Treatment, choose};
use crate::model::Sensitive;

/// What a writer remembers from one piece of a text to the next.
#[derive(Default)]
pub(super) struct Memory {
    /// Values met, with their labels.
    seen: BTreeMap<(PiiKind, String), String>,
    pub(super) slots: Vec<Slot>,
    /// Where the slot of a value is.
    slotted: BTreeMap<String, usize>,
    /// What stood in brackets in the text and could be taken for a label.
    taken: BTreeSet<String>,
}

/// Writes a text with its spans replaced.
pub(super) struct Writer<'w> {
    redactor: &'w Redactor,
    text: &'w str,
    labels: &'w mut Labels,
    tokenizer: Option<&'w dyn Tokenizer>,
    memory: &'w mut Memory,
    /// What was written for what: pairs of ranges in the written text and in the sent one.
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl<'w> Writer<'w> {
    pub(super) fn new(
        redactor: &'w Redactor,
        text: &'w str,
        labels: &'w mut Labels,
        tokenizer: Option<&'w dyn Tokenizer>,
        memory: &'w mut Memory,
    ) -> Self {
        memory.taken.extend(bracketed(text).map(str::to_owned));
        Self { redactor, text, labels, tokenizer, memory, pieces: Vec::new() }
    }

    /// The place in the sent text of a place in the written one; within a label, its start or its end.
    pub(super) fn origin(&self, at: usize, end: bool) -> usize {
        let near = self.pieces.partition_point(|(written, _)| written.end < at);
        for (written, sent) in self.pieces.iter().skip(near).take(2) {
            let inside = at > written.start && at < written.end;
            if inside || (!end && at == written.start) || (end && at == written.end) {
                return if end { sent.end } else { sent.start };
            }
        }
        let behind = self.pieces.partition_point(|(written, _)| written.end <= at);
        let last = behind.checked_sub(1).and_then(|last| self.pieces.get(last));
        last.map_or(at, |(written, sent)| sent.end.saturating_add(at.saturating_sub(written.end)))
    }

    pub(super) fn write(&mut self, spans: &[PiiSpan], context: &PiiContext<'_>) -> String {
        self.write_from(0, self.text.len(), spans, context)
    }

    /// Writes a piece of the text; the spans that meet it start in it, or before it and go on.
    pub(super) fn write_from(
        &mut self,
        start: usize,
        end: usize,
        spans: &[PiiSpan],
        context: &PiiContext<'_>,
    ) -> String {
        let mut written = String::with_capacity(end.saturating_sub(start));
        let mut at = start;
        for span in spans.iter().filter(|span| span.end > start && span.start < end) {
            written.push_str(self.text.get(at..span.start).unwrap_or_default());
            let value = self.text.get(span.range()).unwrap_or_default();
            let treatment =
                choose(&self.redactor.treatments, span.kind, context.visibility, context.direction);
            let replacement = self.replace(span, value, treatment);
            let from = written.len();
            written.push_str(&replacement);
            self.pieces.push((from..written.len(), span.range()));
            at = span.end;
        }
        written.push_str(self.text.get(at..end).unwrap_or_default());
        written
    }

    fn replace(&mut self, span: &PiiSpan, value: &str, treatment: Treatment) -> String {
        match treatment {
            Treatment::Keep => value.to_owned(),
            Treatment::Mask => mask(value),
            Treatment::Token => match self.token(span.kind, value) {
                Some(token) => format!("[{}:{}]", self.word(span), token.as_str()),
                None => self.label(span, value),
            },
            Treatment::Label => self.label(span, value),
            Treatment::Slot => self.slot(span, value),
        }
    }

    fn token(&self, kind: PiiKind, value: &str) -> Option<Token> {
        self.tokenizer.map(|tokenizer| tokenizer.token(kind, &Sensitive::new(canonical(kind, value))))
    }

    fn word(&self, span: &PiiSpan) -> String {
        let pattern =
            (span.kind == PiiKind::TenantCode).then(|| self.redactor.patterns.get(usize::from(span.entry)));
        pattern.flatten().map_or_else(|| span.kind.label().to_owned(), |pattern| pattern.label().to_owned())
    }

    fn label(&mut self, span: &PiiSpan, value: &str) -> String {
        let key = (span.kind, canonical(span.kind, value));
        if let Some(label) = self.memory.seen.get(&key) {
            return label.clone();
        }
        let label = self.number(span, value);
        self.memory.seen.insert(key, label.clone());
        label
    }

    /// A label that the text does not already contain.
    fn number(&mut self, span: &PiiSpan, value: &str) -> String {
        let word = self.word(span);
        let token = self.token(span.kind, value);
        let mut number = self.labels.number_of(&word, token.as_ref());
        let mut label = format!("[{word}_{number}]");
        while self.memory.taken.contains(label.as_str()) {
            number = self.labels.number_of(&word, None);
            label = format!("[{word}_{number}]");
        }
        label
    }

    /// Each way of writing a value has a slot of its own, so that it comes back as it was.
    fn slot(&mut self, span: &PiiSpan, value: &str) -> String {
        if let Some(slot) = self.memory.slotted.get(value).and_then(|at| self.memory.slots.get(*at)) {
            return slot.label.clone();
        }
        let label = self.number(span, value);
        self.memory.slotted.insert(value.to_owned(), self.memory.slots.len());
        self.memory.slots.push(Slot { label: label.clone(), value: Sensitive::new(value.to_owned()) });
        label
    }
}

/// The longest label: a tenant's word, a number, brackets and underscore.
const LONGEST_LABEL: usize = 48;

/// What stands in brackets in a text, brackets included, at most as long as a label.
fn bracketed(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('[').filter_map(|(at, _)| {
        let rest = text.get(at..)?;
        let close = rest.bytes().take(LONGEST_LABEL).position(|byte| byte == b']')?;
        rest.get(..=close)
    })
}

/// Stars, with the last four letters or digits at most, and never more than a third of them.
fn mask(value: &str) -> String {
    let shown = value.chars().filter(|c| c.is_alphanumeric()).count();
    let kept = (shown / 3).min(4);
    let mut left = shown;
    value
        .chars()
        .map(|c| {
            if !c.is_alphanumeric() {
                return c;
            }
            let keep = left <= kept;
            left = left.saturating_sub(1);
            if keep { c } else { '*' }
        })
        .collect()
}
