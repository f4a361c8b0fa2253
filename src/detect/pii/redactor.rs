//! The redactor: what is looked for, and what becomes of it.

use std::fmt;

use super::canonical::canonical;
use super::context::Context;
use super::kind::{Floors, KindSet, PiiKind};
use super::labels::{Labels, Tokenizer};
use super::names;
use super::pattern::TenantPattern;
use super::scan::{Rules, scan};
use super::soft;
use super::span::{PiiSpan, resolve};
use super::treatment::{Direction, TreatmentRule};
use super::view::{Sought, View};
use super::writer::{Memory, Writer};
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
    pub(super) treatments: Vec<TreatmentRule>,
    allowed: Vec<Sensitive<String>>,
    denied: Vec<Sensitive<String>>,
    pub(super) patterns: Vec<TenantPattern>,
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
        let names = if floors.is_on(PiiKind::Person) { context.names } else { &[] };
        let heads = self.words.triggers();
        let whole = !names.is_empty() || !self.denied.is_empty();
        let sought = if whole { Sought::Marked(heads) } else { Sought::Anchors(heads) };
        let mut work = text.len();
        View::seek(text, sought, &mut |view| {
            work = work.saturating_add(scan(&view, &rules, out));
            soft::find(&view, &rules, out);
            if whole {
                names::find(&view, names.iter().copied(), PiiKind::Person, out);
                names::find(&view, self.denied.iter().map(|d| d.expose().as_str()), PiiKind::TenantCode, out);
            }
        });
        for (entry, pattern) in (0..).zip(&self.patterns) {
            pattern.find(text, entry, out);
        }
        if !out.is_empty() {
            resolve(out);
            if !self.allowed.is_empty() {
                out.retain(|span| !self.is_allowed(text, span));
            }
        }
        work
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
        let (spans, _) = self.find_all(text, context);
        let mut memory = Memory::default();
        let text = Writer::new(self, text, labels, tokenizer, &mut memory).write(&spans, context);
        Redaction { text, spans, slots: memory.slots }
    }

    /// Finds what is there, and what shows only once the rest is hidden: a value glued to another one. Also returns the work.
    pub(super) fn find_all(&self, text: &str, context: &PiiContext<'_>) -> (Vec<PiiSpan>, usize) {
        let mut spans = Vec::new();
        let mut work = self.detect_counting(text, context, &mut spans);
        for _ in 0..MOST_ROUNDS {
            if spans.is_empty() || !self.find_again(text, context, &mut spans, &mut work) {
                break;
            }
        }
        (spans, work)
    }

    /// Looks at the text that redaction would leave; whether something more was found.
    fn find_again(
        &self,
        text: &str,
        context: &PiiContext<'_>,
        spans: &mut Vec<PiiSpan>,
        work: &mut usize,
    ) -> bool {
        let (mut labels, mut memory) = (Labels::default(), Memory::default());
        let mut writer = Writer::new(self, text, &mut labels, None, &mut memory);
        let left = writer.write(spans, context);
        let mut more = Vec::new();
        *work = work.saturating_add(self.detect_counting(&left, context, &mut more));
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
        let value = plain(text.get(span.range()).unwrap_or_default());
        self.allowed.iter().any(|allowed| *allowed.expose() == value)
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
