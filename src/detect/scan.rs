//! One pass over a text: fold, tokens, hits, language, concepts, signals.

use std::fmt;

use super::language::{self, Scores, Verdict};
use super::lexicon::{
    Compiled, Entry, Layer, Made, Purpose, Reach, Role, Special, Target, Traits, Words, Writer,
};
use super::names;
use super::profanity::{self, Unmasked};
use super::promise;
use super::rules::{self, Hit, Hits, Match, View};
use super::sentiment::{self, Weighed, role};
use super::signal::{Confidence, Detector, Promise, Register, Signal, SignalKind, Signals, TopicHit};
use super::{Detectors, ScanContext};
use crate::model::Language;
use crate::num::{narrow, wide};
use crate::text::{Flags, Folded, Span, Token, Tokens};

/// Hits that one token can start.
const HITS_PER_TOKEN: usize = 24;

/// Memory that scans reuse, so that they allocate nothing once it has grown to the longest text.
///
/// ```
/// use galateo::detect::{Detectors, ScanContext, Scratch, SignalKind};
/// let detectors = Detectors::builtin();
/// let mut scratch = Scratch::default();
/// let signals = detectors.scan("I want my money back", &ScanContext::default(), &mut scratch);
/// assert!(signals.has(&SignalKind::Refund));
/// ```
#[derive(Clone, Default)]
pub struct Scratch {
    folded: Folded,
    tokens: Tokens,
    hits: Hits,
    excepts: Excepts,
    clauses: Vec<u16>,
    matches: Vec<Match>,
    raw: Vec<Raw>,
    /// The words of the text as each layer of the lexicons numbers them.
    words: [Words; 2],
    weighed: Vec<Weighed>,
    unmasked: Vec<Unmasked>,
    pub(super) name: Folded,
    signals: Signals,
    work: usize,
}

impl Scratch {
    /// The units of work of the last scan: steps in the automaton, hits and rules looked at.
    #[must_use]
    pub const fn work(&self) -> usize {
        self.work
    }

    /// The named concepts of the last text, by number, with their first word and the one after their last.
    pub(super) fn concepts(&self, detectors: &Detectors, mut found: impl FnMut(u16, u32, u32)) {
        let compiled = detectors.compiled();
        for hit in &self.hits.list {
            let concept = compiled.concept(hit.concept);
            if hit.concept > Made::CustomerName.id()
                && concept.is_some_and(|c| c.role == Role::Plain && !c.anonymous)
            {
                found(hit.concept, hit.first, hit.last);
            }
        }
    }

    /// Where words of the last text stand in it as it was sent: the first, and the one after the last.
    pub(super) fn span(&self, first: u32, end: u32) -> Span {
        span(self.tokens.list(), &self.folded, first, end)
    }

    /// The folded form of the last text.
    #[must_use]
    pub const fn folded(&self) -> &Folded {
        &self.folded
    }

    /// The tokens of the last text.
    #[must_use]
    pub const fn tokens(&self) -> &Tokens {
        &self.tokens
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch").field("work", &self.work).finish_non_exhaustive()
    }
}

/// A signal in tokens, before it becomes one in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Raw {
    what: Target,
    first: u32,
    last: u32,
    confidence: u16,
    /// The rule it comes from, for its tag.
    rule: u32,
    lexicon: u16,
    line: u32,
}

/// Runs the pass; the result is left in the scratch.
pub(super) fn scan<'s>(
    detectors: &Detectors,
    text: &str,
    context: &ScanContext<'_>,
    scratch: &'s mut Scratch,
) -> &'s Signals {
    let limits = detectors.limits();
    let end = text.floor_char_boundary(limits.message_bytes);
    let (read, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    scratch.signals.clear();
    scratch.folded.refold(read);
    scratch.tokens.read(&scratch.folded, read);
    let compiled = detectors.compiled();
    let verdict = tell(detectors, read, context.language, scratch);
    scratch.work = collect(compiled, verdict, context, scratch);
    sift(compiled, scratch);
    mark_clauses(compiled, scratch);
    judge(compiled, verdict, context, scratch);
    publish(compiled, limits.signals, scratch);
    scratch.signals.language = verdict.language;
    scratch.signals.language_margin = verdict.margin;
    scratch.signals.degraded |= !rest.is_empty();
    &scratch.signals
}

/// Looks the words up, and tells the language from those that speak for one.
fn tell(detectors: &Detectors, text: &str, hint: Option<Language>, scratch: &mut Scratch) -> Verdict {
    let compiled = detectors.compiled();
    let Scratch { folded, tokens, words, .. } = scratch;
    let mut spoken = Scores::default();
    for (layer, words) in compiled.layers().into_iter().zip(words) {
        let phrases = &layer.tables.phrases;
        phrases.read(folded.as_str(), tokens, words);
        if !phrases.is_for(Reach::TELLS, words) {
            continue;
        }
        let tokens = tokens.list();
        for (at, _) in tokens.iter().enumerate().filter(|(_, token)| is_text(token)) {
            phrases.walk(words, tokens, at, Reach::TELLS, &mut |_, value| {
                for (_, entry) in layer.entries(value) {
                    if let Purpose::Tells(language) = entry.purpose {
                        spoken.add(language, entry.weight);
                    }
                }
            });
        }
    }
    language::tell(compiled, spoken, hint, || detectors.detect_language(text))
}

/// Whether a token is more than an address.
fn is_text(token: &Token) -> bool {
    !token.flags.has(Flags::LINK.with(Flags::MAIL))
}

/// Gathers what each token starts in the languages that are spoken; returns the steps taken.
fn collect(compiled: &Compiled, verdict: Verdict, context: &ScanContext<'_>, scratch: &mut Scratch) -> usize {
    let Scratch { folded, tokens, hits, excepts, name, words, .. } = scratch;
    hits.clear();
    excepts.clear();
    let (layers, text, tokens) = (compiled.layers(), folded.as_str(), tokens.list());
    let reach = verdict.spoken;
    let mut heard: [_; 2] = layers.map(Some);
    for (heard, words) in heard.iter_mut().zip(&*words) {
        *heard = heard.filter(|layer| layer.tables.phrases.is_for(reach, words));
    }
    let mut looker = Looker { compiled, tokens, reach, room: 0, work: tokens.len(), hits, excepts };
    for (at, token) in tokens.iter().enumerate() {
        let is_text = is_text(token);
        if is_text {
            looker.room = HITS_PER_TOKEN;
            for (layer, words) in heard.iter().zip(&*words) {
                layer.iter().for_each(|layer| looker.look_up(layer, words, at));
            }
        }
        if token.flags.has(names::FORMED) {
            let mut each = layers.iter().zip(&*words);
            let known = || is_text && each.any(|(layer, words)| layer.tables.phrases.knows(words, at));
            names::made(text, tokens, at, known, &mut |concept, first, last| {
                looker.hits.push(Hit::made(compiled, concept.id(), first, last));
            });
        }
    }
    let work = looker.work;
    hits.add(|list| {
        names::customer(context.names, text, tokens, name, &mut |at| {
            list.push(Hit::made(compiled, Made::CustomerName.id(), at, at.saturating_add(1)));
        });
    });
    work.saturating_add(hits.list.len())
}

/// Looks up what tokens start.
struct Looker<'a> {
    compiled: &'a Compiled,
    tokens: &'a [Token],
    reach: Reach,
    /// Hits that the token may still start.
    room: usize,
    work: usize,
    hits: &'a mut Hits,
    excepts: &'a mut Excepts,
}

impl Looker<'_> {
    #[inline]
    fn look_up(&mut self, layer: &Layer<'_>, words: &Words, at: usize) {
        let reach = self.reach;
        let steps = layer.tables.phrases.walk(words, self.tokens, at, reach, &mut |last, value| {
            for (number, entry) in layer.entries(value).filter(|(_, entry)| entry.reach.meets(reach)) {
                let Some(room) = self.room.checked_sub(1) else { return };
                self.room = room;
                let Entry { concept, weight, .. } = *entry;
                let traits = self.compiled.traits(concept);
                let hit =
                    Hit { first: narrow(at), last: narrow(last), concept, weight, entry: number, traits };
                match entry.purpose {
                    Purpose::Except => self.excepts.push(self.compiled, hit),
                    _ => self.hits.push(hit),
                }
            }
        });
        self.work = self.work.saturating_add(wide(steps));
    }
}

/// Drops what an exception covers.
fn sift(compiled: &Compiled, scratch: &mut Scratch) {
    let Scratch { hits, excepts, tokens, .. } = scratch;
    if !excepts.list.is_empty() {
        hits.list.retain(|hit| !is_excepted(compiled, excepts, *hit));
    }
    hits.index(compiled, tokens.list().len());
}

/// Phrases in which something must not be found, in the order of their start.
#[derive(Debug, Clone, Default)]
struct Excepts {
    list: Vec<(Hit, Target)>,
    /// Tokens of the longest.
    longest: u32,
}

impl Excepts {
    fn clear(&mut self) {
        self.list.clear();
        self.longest = 0;
    }

    fn push(&mut self, compiled: &Compiled, hit: Hit) {
        let Some(Role::Except(number)) = compiled.concept(hit.concept).map(|concept| concept.role) else {
            return;
        };
        if let Some(target) = compiled.except(number) {
            self.longest = self.longest.max(hit.last.saturating_sub(hit.first));
            self.list.push((hit, *target));
        }
    }

    /// The phrases that lie over some tokens; only those that start near are looked at.
    fn over(&self, first: u32, last: u32) -> impl Iterator<Item = Target> {
        let earliest = last.saturating_sub(self.longest);
        let from = self.list.partition_point(|(except, _)| except.first < earliest);
        let near = self.list.get(from..).unwrap_or_default().iter();
        let near = near.take_while(move |(except, _)| except.first <= first);
        near.filter(move |(except, _)| last <= except.last).map(|(_, target)| *target)
    }
}

fn is_excepted(compiled: &Compiled, excepts: &Excepts, hit: Hit) -> bool {
    let role = compiled.concept(hit.concept).map(|concept| concept.role);
    excepts.over(hit.first, hit.last).any(|target| match target {
        Target::Concept(concept) => concept == hit.concept,
        Target::Profanity => matches!(role, Some(Role::Profanity { .. })),
        Target::Sexual => matches!(role, Some(Role::Sexual { .. })),
        Target::Valence => role == Some(Role::Valence),
        Target::Signal(_) | Target::Topic(_) => false,
    })
}

/// Numbers the clauses: at punctuation, and before each "but".
fn mark_clauses(compiled: &Compiled, scratch: &mut Scratch) {
    let Scratch { tokens, hits, clauses, .. } = scratch;
    clauses.clear();
    let mut clause = 0_u16;
    let but = hits.all().has(Traits::special(Special::But));
    for (at, token) in tokens.list().iter().enumerate() {
        let at = narrow(at);
        let turns = but
            && hits
                .starting(at, at.saturating_add(1))
                .iter()
                .any(|hit| compiled.concept(hit.concept).is_some_and(|c| c.special == Some(Special::But)));
        if token.flags.has(Flags::CLAUSE) || turns {
            clause = clause.wrapping_add(1);
        }
        clauses.push(clause);
    }
}

/// Runs the rules, weighs the feeling, and gathers everything in tokens.
fn judge(compiled: &Compiled, verdict: Verdict, context: &ScanContext<'_>, scratch: &mut Scratch) {
    let Scratch {
        tokens,
        hits,
        clauses,
        matches,
        raw,
        weighed,
        unmasked,
        excepts,
        folded,
        signals,
        work,
        ..
    } = scratch;
    let writer = context.speaker.map_or(Writer::Anyone, super::Speaker::writer);
    let view = View { compiled, tokens: tokens.list(), clauses, spoken: verdict.spoken, writer };
    raw.clear();
    weighed.clear();
    matches.clear();
    unmasked.clear();
    let most = tokens.list().len().saturating_mul(HITS_PER_TOKEN);
    *work = work.saturating_add(rules::derive(view, hits, most));
    *work = work.saturating_add(rules::report(view, hits, matches));
    for found in matches.iter() {
        gather(compiled, excepts, found, raw, weighed);
    }
    profanity::unmask(compiled, folded, tokens, unmasked);
    expletives(view, hits, unmasked, raw, weighed);
    names::report(view, hits, compiled, context, |kind, first, last, confidence| {
        raw.push(Raw { what: kind, first, last, confidence, rule: u32::MAX, lexicon: u16::MAX, line: 0 });
    });
    let told = raw.iter().filter_map(|raw| match raw.what {
        Target::Signal(kind) => compiled.kind(kind).map(sentiment::told),
        _ => None,
    });
    let told = told.min();
    signals.sentiment = sentiment::weigh(view, hits, weighed, told.unwrap_or_default());
    signals.register = register(hits);
    merge(raw);
    promises(view, hits, folded, raw, signals);
}

fn gather(
    compiled: &Compiled,
    excepts: &Excepts,
    found: &Match,
    raw: &mut Vec<Raw>,
    weighed: &mut Vec<Weighed>,
) {
    let Some(rule) = compiled.rule(found.rule) else { return };
    let (first, last) = (found.first, found.last);
    if excepts.over(first, last).any(|target| target == rule.target) {
        return;
    }
    match rule.target {
        Target::Valence => weighed.push(Weighed { first, last, weight: rule.weight }),
        Target::Signal(_) | Target::Topic(_) => raw.push(Raw {
            what: rule.target,
            first,
            last,
            confidence: rule.weight.unsigned_abs(),
            rule: found.rule,
            lexicon: rule.lexicon,
            line: rule.line,
        }),
        _ => {}
    }
}

fn expletives(
    view: View<'_>,
    hits: &Hits,
    unmasked: &[Unmasked],
    raw: &mut Vec<Raw>,
    weighed: &mut Vec<Weighed>,
) {
    let mut push = |first: u32, last: u32, role: Option<Role>, entry: &Entry| {
        let what = match role {
            Some(Role::Profanity { .. }) => Target::Profanity,
            Some(Role::Sexual { .. }) => Target::Sexual,
            _ => return,
        };
        let Entry { weight, lexicon, line, .. } = *entry;
        raw.push(Raw { what, first, last, confidence: weight.unsigned_abs(), rule: u32::MAX, lexicon, line });
    };
    let all = if hits.all().has(Traits::EXPLETIVE) { hits.list.as_slice() } else { &[] };
    for hit in all {
        let handle = view.tokens.get(wide(hit.first)).is_some_and(|token| token.flags.has(Flags::HANDLE));
        if let Some(entry) = view.compiled.entry(hit.entry).filter(|_| !handle) {
            push(hit.first, hit.last, role(view, hit), entry);
        }
    }
    for found in unmasked {
        let concept = view.compiled.concept(found.entry.concept);
        let spoken = |language: u8| view.spoken.meets(Reach::language(language));
        if let Some(concept) = concept.filter(|c| {
            !matches!(c.role, Role::Profanity { local: true } | Role::Sexual { local: true })
                || spoken(c.language)
        }) {
            push(found.first, found.last, Some(concept.role), &found.entry);
            weighed.push(Weighed { first: found.first, last: found.last, weight: found.feeling });
        }
    }
}

fn register(hits: &Hits) -> Register {
    let has = |wanted| hits.all().has(Traits::special(wanted));
    match (has(Special::YouInformal), has(Special::YouFormal)) {
        (true, true) => Register::Mixed,
        (true, false) => Register::Informal,
        (false, true) => Register::Formal,
        (false, false) if has(Special::YouPlural) => Register::Plural,
        (false, false) => Register::Unknown,
    }
}

/// Of signals of one kind that overlap, keeps the surest.
fn merge(raw: &mut Vec<Raw>) {
    raw.sort_unstable_by_key(|raw| (raw.what, raw.first, raw.last));
    raw.dedup_by(|next, kept| {
        let same = next.what == kept.what && next.first < kept.last;
        if same && (next.confidence, next.last) > (kept.confidence, kept.last) {
            *kept = *next;
        }
        same
    });
    raw.sort_unstable_by_key(|raw| (raw.first, raw.what, raw.last));
}

fn promises(view: View<'_>, hits: &Hits, folded: &Folded, raw: &[Raw], signals: &mut Signals) {
    for found in raw.iter().filter(|raw| kind(view.compiled, raw.what) == Some(SignalKind::Promise)) {
        let bytes = |(first, last): (u32, u32)| span(view.tokens, folded, first, last);
        let terms = promise::terms(view, hits, folded.as_str(), (found.first, found.last));
        signals.promises.push(Promise {
            span: bytes((found.first, found.last)),
            kind: view.compiled.rule(found.rule).and_then(|rule| rule.tag.clone()),
            deadline: terms.deadline.map(bytes),
            within_minutes: terms.within_minutes,
            amount: terms.amount.map(bytes),
            cents: terms.cents,
            confidence: Confidence::new(found.confidence),
        });
    }
}

/// From tokens to bytes as they were sent.
fn span(tokens: &[Token], folded: &Folded, first: u32, last: u32) -> Span {
    let start = tokens.get(wide(first)).map_or(0, |token| token.start);
    let end = tokens.get(wide(last.saturating_sub(1))).map_or(start, |token| token.end);
    Span::from(folded.original(wide(start)..wide(end)))
}

fn kind(compiled: &Compiled, what: Target) -> Option<SignalKind> {
    match what {
        Target::Signal(kind) => compiled.kind(kind).cloned(),
        Target::Profanity => Some(SignalKind::Profanity),
        Target::Sexual => Some(SignalKind::Sexual),
        _ => None,
    }
}

fn publish(compiled: &Compiled, most: usize, scratch: &mut Scratch) {
    let Scratch { tokens, folded, raw, signals, clauses, .. } = scratch;
    let view =
        View { compiled, tokens: tokens.list(), clauses, spoken: Reach::default(), writer: Writer::Anyone };
    for raw in raw.iter() {
        let span = span(view.tokens, folded, raw.first, raw.last);
        let confidence = Confidence::new(raw.confidence);
        if let Target::Topic(topic) = raw.what {
            if let Some(topic) = compiled.topic(topic) {
                signals.topics.push(TopicHit { topic: topic.clone(), span, confidence });
            }
            continue;
        }
        if signals.signals.len() >= most {
            signals.degraded = true;
            break;
        }
        let tag = compiled.rule(raw.rule).and_then(|rule| rule.tag.clone());
        let detector = Detector { lexicon: raw.lexicon, line: raw.line };
        if let Some(kind) = kind(compiled, raw.what) {
            signals.signals.push(Signal { kind, span, confidence, detector, tag });
        }
    }
    signals.signals.sort_unstable_by(|a, b| (a.span, &a.kind).cmp(&(b.span, &b.kind)));
}
