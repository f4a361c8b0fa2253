//! The redactor: what is looked for, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use super::canonical::canonical;
use super::context::Context;
use super::kind::{Floors, KindSet, PiiKind};
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
    inbound: Floors,
    outbound: Floors,
    treatments: Vec<TreatmentRule>,
    allowed: Vec<Sensitive<String>>,
    denied: Vec<Sensitive<String>>,
    patterns: Vec<TenantPattern>,
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redactor")
            .field("words", &self.words)
            .field("inbound", &self.inbound)
            .field("outbound", &self.outbound)
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
pub struct RedactorBuilder {
    redactor: Redactor,
    inbound: KindSet,
    outbound: KindSet,
    threshold: u8,
    thresholds: Vec<(PiiKind, u8)>,
}

impl RedactorBuilder {
    /// Switches a kind on or off, whichever way a message goes.
    pub fn kind(mut self, kind: PiiKind, on: bool) -> Self {
        let switch = |set: KindSet| if on { set.with(kind) } else { set.without(kind) };
        self.inbound = switch(self.inbound);
        self.outbound = switch(self.outbound);
        self
    }

    /// Sets the least confidence, in percent, for a kind.
    pub fn threshold(mut self, kind: PiiKind, percent: u8) -> Self {
        self.thresholds.push((kind, percent));
        self
    }

    /// Sets the least confidence, in percent, for all kinds without one of their own; 50 otherwise.
    pub fn threshold_for_all(mut self, percent: u8) -> Self {
        self.threshold = percent;
        self
    }

    /// Adds a treatment; the last one that applies decides.
    pub fn treat(mut self, rule: TreatmentRule) -> Self {
        self.redactor.treatments.push(rule);
        self
    }

    /// A value that stays wherever it is found: the company's own number or address. Compared in canonical form.
    pub fn allow(mut self, value: &str) -> Self {
        self.redactor.allowed.push(Sensitive::new(plain(value)));
        self
    }

    /// A text that is hidden wherever it stands as a word, as [`PiiKind::TenantCode`].
    pub fn deny(mut self, text: &str) -> Self {
        self.redactor.denied.push(Sensitive::new(text.to_owned()));
        self
    }

    /// A pattern of the tenant's own codes; it also switches [`PiiKind::TenantCode`] on.
    pub fn pattern(mut self, pattern: TenantPattern) -> Self {
        self.redactor.patterns.push(pattern);
        self.kind(PiiKind::TenantCode, true)
    }

    /// Replaces the words that raise and lower confidence.
    pub fn words(mut self, words: Context) -> Self {
        self.redactor.words = words;
        self
    }

    /// The redactor.
    #[must_use]
    pub fn build(self) -> Redactor {
        let floors = |kinds| Floors::new(kinds, self.threshold, &self.thresholds, USUAL_THRESHOLD);
        Redactor { inbound: floors(self.inbound), outbound: floors(self.outbound), ..self.redactor }
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
        let floors = |kinds| Floors::new(kinds, USUAL_THRESHOLD, &[], USUAL_THRESHOLD);
        Self {
            words: Context::built_in(),
            inbound: floors(KindSet::usual()),
            outbound: floors(KindSet::outbound()),
            treatments: Vec::new(),
            allowed: Vec::new(),
            denied: Vec::new(),
            patterns: Vec::new(),
        }
    }

    /// Starts from [`standard`](Self::standard).
    pub fn builder() -> RedactorBuilder {
        RedactorBuilder {
            redactor: Self::standard(),
            inbound: KindSet::usual(),
            outbound: KindSet::outbound(),
            threshold: USUAL_THRESHOLD,
            thresholds: Vec::new(),
        }
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
        let floors = match context.direction {
            Direction::Inbound => &self.inbound,
            Direction::Outbound => &self.outbound,
        };
        let rules = Rules { words: &self.words, floors };
        let work = View::with(text, |view| {
            let work = scan(&view, &rules, out);
            soft::find(&view, &rules, out);
            if floors.is_on(PiiKind::Person) {
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
            let near = spans.partition_point(|known| known.end <= range.start);
            !spans.get(near).is_some_and(|known| known.start <= range.start && range.end <= known.end)
        });
        if more.is_empty() {
            return false;
        }
        *spans = joined(spans, &more);
        true
    }

    fn is_allowed(&self, text: &str, span: &PiiSpan) -> bool {
        !self.allowed.is_empty() && {
            let value = plain(text.get(span.range()).unwrap_or_default());
            self.allowed.iter().any(|allowed| *allowed.expose() == value)
        }
    }
}

/// Known spans, which lie apart, and new ones; a new one takes in what it meets.
fn joined(known: &[PiiSpan], new: &[PiiSpan]) -> Vec<PiiSpan> {
    let mut all: Vec<(PiiSpan, bool)> =
        known.iter().map(|span| (*span, false)).chain(new.iter().map(|span| (*span, true))).collect();
    all.sort_by_key(|(span, _)| span.start);
    let mut joined: Vec<PiiSpan> = Vec::with_capacity(all.len());
    for (span, is_new) in all {
        match joined.last_mut().filter(|last| last.overlaps(&span)) {
            Some(last) => {
                let (start, end) = (last.start, last.end.max(span.end));
                let winner = if is_new { span } else { *last };
                *last = PiiSpan { start, end, ..winner };
            }
            None => joined.push(span),
        }
    }
    joined
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
    seen: BTreeMap<(PiiKind, String), String>,
    slots: Vec<Slot>,
    /// Where the slot of a value is.
    slotted: BTreeMap<String, usize>,
    /// What stands in brackets in the text and could be taken for a label.
    taken: BTreeSet<&'w str>,
    /// What was written for what: pairs of ranges in the written text and in the sent one.
    pieces: Vec<(Range<usize>, Range<usize>)>,
}

impl<'w> Writer<'w> {
    pub(super) fn new(
        redactor: &'w Redactor,
        text: &'w str,
        labels: &'w mut Labels,
        tokenizer: Option<&'w dyn Tokenizer>,
    ) -> Self {
        Self {
            redactor,
            text,
            labels,
            tokenizer,
            seen: BTreeMap::new(),
            slots: Vec::new(),
            slotted: BTreeMap::new(),
            taken: bracketed(text).collect(),
            pieces: Vec::new(),
        }
    }

    /// The place in the sent text of a place in the written one; within a label, its start or its end.
    fn origin(&self, at: usize, end: bool) -> usize {
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

    /// The place in the written text of a place in the sent one that lies in no replaced piece.
    pub(super) fn written_at(&self, at: usize) -> usize {
        let behind = self.pieces.partition_point(|(_, sent)| sent.end <= at);
        let last = behind.checked_sub(1).and_then(|last| self.pieces.get(last));
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
        let key = (span.kind, canonical(span.kind, value));
        if let Some(label) = self.seen.get(&key) {
            return label.clone();
        }
        let label = self.number(span, value);
        self.seen.insert(key, label.clone());
        label
    }

    /// A label that the text does not already contain.
    fn number(&mut self, span: &PiiSpan, value: &str) -> String {
        let word = self.word(span);
        let token = self.token(span.kind, value);
        let mut number = self.labels.number_of(&word, token.as_ref());
        let mut label = format!("[{word}_{number}]");
        while self.taken.contains(label.as_str()) {
            number = self.labels.number_of(&word, None);
            label = format!("[{word}_{number}]");
        }
        label
    }

    /// Each way of writing a value has a slot of its own, so that it comes back as it was.
    fn slot(&mut self, span: &PiiSpan, value: &str) -> String {
        if let Some(slot) = self.slotted.get(value).and_then(|at| self.slots.get(*at)) {
            return slot.label.clone();
        }
        let label = self.number(span, value);
        self.slotted.insert(value.to_owned(), self.slots.len());
        self.slots.push(Slot { label: label.clone(), value: Sensitive::new(value.to_owned()) });
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
