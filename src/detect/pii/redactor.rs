//! The redactor: what is looked for, and what becomes of it.

use std::fmt;
use std::ops::Range;

use super::canonical::canonical;
use super::context::Context;
use super::kind::{KindSet, PiiKind};
use super::labels::{Labels, Token, Tokenizer};
use super::names;
use super::pattern::TenantPattern;
use super::scan::{Rules, scan};
use super::soft;
use super::span::{PiiSpan, resolve};
use super::treatment::{Direction, Treatment, TreatmentRule, choose};
use super::view::View;
use crate::model::{Language, Sensitive, Visibility};

/// How often the text that is left is looked at again.
const MOST_ROUNDS: u8 = 4;
/// The least confidence, in percent, unless the host says otherwise.
const USUAL_THRESHOLD: u8 = 50;

/// What is known of a message beside its text.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax")]
pub struct PiiContext<'a> {
    /// The language of the text, where known; words of all languages count in any case.
    pub language: Option<Language>,
    /// Whether the customer or the company wrote it.
    pub direction: Direction,
    /// Who can read it.
    pub visibility: Visibility,
    /// Names of people that the host knows and wants hidden; looked for only where [`PiiKind::Person`] is on.
    pub names: &'a [&'a str],
}

impl Default for PiiContext<'_> {
    fn default() -> Self {
        Self { language: None, direction: Direction::Inbound, visibility: Visibility::Public, names: &[] }
    }
}

impl fmt::Debug for PiiContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PiiContext")
            .field("language", &self.language)
            .field("direction", &self.direction)
            .field("visibility", &self.visibility)
            .field("names", &self.names.len())
            .finish()
    }
}

/// Finds personal data and hides it; immutable, and cheap to build.
///
/// ```
/// use galateo::detect::pii::{PiiContext, Redactor};
/// let redaction = Redactor::standard().redact("la carta è 4111 1111 1111 1111", &PiiContext::default());
/// assert_eq!(redaction.text, "la carta è [CARD_1]");
/// ```
#[derive(Clone)]
pub struct Redactor {
    words: Context,
    kinds: KindSet,
    gate_kinds: KindSet,
    threshold: u8,
    thresholds: Vec<(PiiKind, u8)>,
    treatments: Vec<TreatmentRule>,
    allowed: Vec<Sensitive<String>>,
    denied: Vec<Sensitive<String>>,
    patterns: Vec<TenantPattern>,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor")
            .field("words", &self.words)
            .field("kinds", &self.kinds)
            .field("threshold", &self.threshold)
            .field("treatments", &self.treatments)
            .field("allowed", &self.allowed.len())
            .field("denied", &self.denied.len())
            .field("patterns", &self.patterns)
            .finish()
    }
}

/// Puts a [`Redactor`] together.
#[derive(Debug, Clone)]
#[must_use = "nothing happens until `build`"]
pub struct RedactorBuilder(Redactor);

impl RedactorBuilder {
    /// Switches a kind on or off, whichever way a message goes.
    pub fn kind(mut self, kind: PiiKind, on: bool) -> Self {
        let switch = |set: KindSet| if on { set.with(kind) } else { set.without(kind) };
        self.0.kinds = switch(self.0.kinds);
        self.0.gate_kinds = switch(self.0.gate_kinds);
        self
    }

    /// Sets the least confidence, in percent, for a kind.
    pub fn threshold(mut self, kind: PiiKind, percent: u8) -> Self {
        self.0.thresholds.push((kind, percent));
        self
    }

    /// Sets the least confidence, in percent, for all kinds without one of their own; 50 otherwise.
    pub fn threshold_for_all(mut self, percent: u8) -> Self {
        self.0.threshold = percent;
        self
    }

    /// Adds a treatment; the last one that applies decides.
    pub fn treat(mut self, rule: TreatmentRule) -> Self {
        self.0.treatments.push(rule);
        self
    }

    /// A value that stays wherever it is found: the company's own number or address. Compared in canonical form.
    pub fn allow(mut self, value: &str) -> Self {
        self.0.allowed.push(Sensitive::new(plain(value)));
        self
    }

    /// A text that is hidden wherever it stands as a word, as [`PiiKind::TenantCode`].
    pub fn deny(mut self, text: &str) -> Self {
        self.0.denied.push(Sensitive::new(text.to_owned()));
        self
    }

    /// A pattern of the tenant's own codes; it also switches [`PiiKind::TenantCode`] on.
    pub fn pattern(mut self, pattern: TenantPattern) -> Self {
        self.0.patterns.push(pattern);
        self.kind(PiiKind::TenantCode, true)
    }

    /// Replaces the words that raise and lower confidence.
    pub fn words(mut self, words: Context) -> Self {
        self.0.words = words;
        self
    }

    /// The redactor.
    #[must_use]
    pub fn build(self) -> Redactor {
        self.0
    }
}

/// A text without what was found in it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Redaction {
    /// The text as it may be shown.
    pub text: String,
    /// What was found, in the bytes of the text as it was sent, in order.
    pub spans: Vec<PiiSpan>,
    /// What a vault has to keep so that [`restore`](super::restore) can put it back; the host stores it apart.
    pub slots: Vec<Slot>,
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redaction")
            .field("bytes", &self.text.len())
            .field("spans", &self.spans)
            .finish_non_exhaustive()
    }
}

/// A place in a redacted text with the value that stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Slot {
    /// What stands in the text, such as `[CARD_1]`.
    pub label: String,
    /// What stood there.
    pub value: Sensitive<String>,
}

impl Redactor {
    /// The built-in kinds, words and treatments: what personal data is by its form becomes a label.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            words: Context::built_in(),
            kinds: KindSet::usual(),
            gate_kinds: KindSet::usual()
                .with(PiiKind::BirthDate)
                .with(PiiKind::Person)
                .with(PiiKind::PostalAddress),
            threshold: USUAL_THRESHOLD,
            thresholds: Vec::new(),
            treatments: Vec::new(),
            allowed: Vec::new(),
            denied: Vec::new(),
            patterns: Vec::new(),
        }
    }

    /// Starts from [`standard`](Self::standard).
    pub fn builder() -> RedactorBuilder {
        RedactorBuilder(Self::standard())
    }

    /// Finds personal data; `out` is cleared first. A text without any takes nothing from the heap up to 4 KiB.
    pub fn detect(&self, text: &str, context: &PiiContext<'_>, out: &mut Vec<PiiSpan>) {
        self.detect_counting(text, context, out);
    }

    /// Finds personal data as [`detect`](Self::detect) does, and counts the work: bytes looked at, each time one is.
    ///
    /// It grows with the length of a text and not faster, whatever the text; a message of a few words takes some hundreds.
    pub fn detect_counting(&self, text: &str, context: &PiiContext<'_>, out: &mut Vec<PiiSpan>) -> usize {
        out.clear();
        let kinds = match context.direction {
            Direction::Inbound => self.kinds,
            Direction::Outbound => self.gate_kinds,
        };
        let rules = Rules {
            words: &self.words,
            kinds,
            threshold: least,
            thresholds: &self.thresholds,
            usual_threshold: self.threshold,
            all_low: self.threshold < USUAL_THRESHOLD
                || self.thresholds.iter().any(|(_, t)| *t < USUAL_THRESHOLD),
        };
        let work = View::with(text, |view| {
            let work = scan(&view, &rules, out);
            soft::find(&view, &rules, out);
            if kinds.has(PiiKind::Person) {
                names::find(&view, context.names.iter().copied(), PiiKind::Person, out);
            }
            if !self.denied.is_empty() {
                names::find(&view, self.denied.iter().map(|d| d.expose().as_str()), PiiKind::TenantCode, out);
            }
            work
        });
        for (entry, pattern) in (0..).zip(&self.patterns) {
            pattern.find(text, entry, out);
        }
        if !out.is_empty() {
            resolve(out);
            out.retain(|span| !self.is_allowed(text, span));
        }
        work.saturating_add(text.len())
    }

    /// Finds personal data, in a list of its own.
    #[must_use]
    pub fn find(&self, text: &str, context: &PiiContext<'_>) -> Vec<PiiSpan> {
        let mut out = Vec::new();
        self.detect(text, context, &mut out);
        out
    }

    /// Hides personal data with labels numbered within this text.
    #[must_use]
    pub fn redact(&self, text: &str, context: &PiiContext<'_>) -> Redaction {
        self.redact_with(text, context, &mut Labels::default(), None)
    }

    /// Hides personal data with the labels of a conversation and the host's pseudonyms.
    #[must_use]
    pub fn redact_with(
        &self,
        text: &str,
        context: &PiiContext<'_>,
        labels: &mut Labels,
        tokenizer: Option<&dyn Tokenizer>,
    ) -> Redaction {
        let spans = self.find_all(text, context);
        let mut writer = Writer::new(self, text, labels, tokenizer);
        let text = writer.write(&spans, context);
        let slots = writer.slots;
        Redaction { text, spans, slots }
    }

    /// Finds what is there, and what shows only once the rest is hidden: a value glued to another one.
    pub(super) fn find_all(&self, text: &str, context: &PiiContext<'_>) -> Vec<PiiSpan> {
        let mut spans = self.find(text, context);
        for _ in 0..MOST_ROUNDS {
            if spans.is_empty() || !self.find_again(text, context, &mut spans) {
                break;
            }
        }
        spans
    }

    /// Looks at the text that redaction would leave; whether something more was found.
    fn find_again(&self, text: &str, context: &PiiContext<'_>, spans: &mut Vec<PiiSpan>) -> bool {
        let mut labels = Labels::default();
        let mut writer = Writer::new(self, text, &mut labels, None);
        let left = writer.write(spans, context);
        let mut more = self.find(&left, context);
        more.retain_mut(|span| {
            let range = writer.origin(span.start, false)..writer.origin(span.end, true);
            (span.start, span.end) = (range.start, range.end);
            !spans.iter().any(|known| known.start <= range.start && range.end <= known.end)
        });
        let found = !more.is_empty();
        for mut span in more {
            let met = || spans.iter().filter(|known| known.overlaps(&span));
            let start = met().map(|known| known.start).min().unwrap_or(span.start).min(span.start);
            let end = met().map(|known| known.end).max().unwrap_or(span.end).max(span.end);
            (span.start, span.end) = (start, end);
            spans.retain(|known| !known.overlaps(&span));
            spans.push(span);
        }
        spans.sort_unstable_by_key(|span| span.start);
        found
    }

    fn is_allowed(&self, text: &str, span: &PiiSpan) -> bool {
        !self.allowed.is_empty() && {
            let value = plain(text.get(span.range()).unwrap_or_default());
            self.allowed.iter().any(|allowed| *allowed.expose() == value)
        }
    }
}

fn least(rules: &Rules<'_>, kind: PiiKind) -> u8 {
    rules
        .thresholds
        .iter()
        .rev()
        .find(|(k, _)| *k == kind)
        .map_or(rules.usual_threshold, |(_, percent)| *percent)
}

/// Letters and digits of a value, folded: how allowed values are compared.
fn plain(value: &str) -> String {
    canonical(PiiKind::TenantCode, value)
}

/// Writes a text with its spans replaced.
pub(super) struct Writer<'w> {
    redactor: &'w Redactor,
    text: &'w str,
    labels: &'w mut Labels,
    tokenizer: Option<&'w dyn Tokenizer>,
    /// Values met in this text, with their labels.
    seen: Vec<(PiiKind, String, String)>,
    slots: Vec<Slot>,
    /// What was written for what: pairs of ranges in the written text and in the sent one.
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl<'w> Writer<'w> {
    pub(super) const fn new(
        redactor: &'w Redactor,
        text: &'w str,
        labels: &'w mut Labels,
        tokenizer: Option<&'w dyn Tokenizer>,
    ) -> Self {
        Self { redactor, text, labels, tokenizer, seen: Vec::new(), slots: Vec::new(), pieces: Vec::new() }
    }

    /// The place in the sent text of a place in the written one; within a label, its start or its end.
    fn origin(&self, at: usize, end: bool) -> usize {
        let mut before = (0, 0);
        for (written, sent) in &self.pieces {
            let inside = at > written.start && at < written.end;
            if inside || (!end && at == written.start) || (end && at == written.end) {
                return if end { sent.end } else { sent.start };
            }
            if written.start >= at {
                break;
            }
            before = (written.end, sent.end);
        }
        before.1.saturating_add(at.saturating_sub(before.0))
    }

    /// The place in the written text of a place in the sent one that lies in no replaced piece.
    pub(super) fn written_at(&self, at: usize) -> usize {
        let last = self.pieces.iter().take_while(|(_, sent)| sent.end <= at).last();
        last.map_or(at, |(written, sent)| written.end.saturating_add(at.saturating_sub(sent.end)))
    }

    pub(super) fn write(&mut self, spans: &[PiiSpan], context: &PiiContext<'_>) -> String {
        let mut written = String::with_capacity(self.text.len());
        let mut at = 0_usize;
        for span in spans {
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
        written.push_str(self.text.get(at..).unwrap_or_default());
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
        let form = canonical(span.kind, value);
        if let Some((.., label)) =
            self.seen.iter().find(|(kind, seen, _)| *kind == span.kind && *seen == form)
        {
            return label.clone();
        }
        let label = self.number(span, value);
        self.seen.push((span.kind, form, label.clone()));
        label
    }

    /// A label that the text does not already contain.
    fn number(&mut self, span: &PiiSpan, value: &str) -> String {
        let word = self.word(span);
        let token = self.token(span.kind, value);
        let mut number = self.labels.number_of(&word, token.as_ref());
        let mut label = format!("[{word}_{number}]");
        while self.text.contains(&label) {
            number = self.labels.number_of(&word, None);
            label = format!("[{word}_{number}]");
        }
        label
    }

    /// Each way of writing a value has a slot of its own, so that it comes back as it was.
    fn slot(&mut self, span: &PiiSpan, value: &str) -> String {
        if let Some(slot) = self.slots.iter().find(|slot| slot.value.expose() == value) {
            return slot.label.clone();
        }
        let label = self.number(span, value);
        self.slots.push(Slot { label: label.clone(), value: Sensitive::new(value.to_owned()) });
        label
    }
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
