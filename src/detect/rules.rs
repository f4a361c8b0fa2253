//! Rules over hits: sequences with gaps, companions, and conditions, each bounded in what it looks at.

use super::lexicon::{
    Any, Check, Compiled, LAST_LEVEL, Link, Place, Reach, Rule, Target, Term, Traits, Trigger, Writer,
    concept_bit,
};
use crate::num::{narrow, wide};
use crate::text::{Flags, Token};

/// Tokens on either side that "in the sentence" and "in the clause" look at, however long the sentence.
const WINDOW: u32 = 48;
/// Candidates that one attempt at a sequence may try.
const FUEL: u32 = 64;

/// A concept found in the text: tokens `first` to `last`, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) concept: u16,
    pub(super) weight: i16,
    /// The entry that it comes from; `u32::MAX` for a concept made by a rule or by the crate.
    pub(super) entry: u32,
    /// The traits of its concept.
    pub(super) traits: Traits,
}

impl Hit {
    /// A concept made by a rule or by the crate.
    #[inline]
    pub(super) fn made(compiled: &Compiled, concept: u16, first: u32, last: u32) -> Self {
        Self { first, last, concept, weight: 0, entry: u32::MAX, traits: compiled.traits(concept) }
    }

    /// What hits are sorted by, and what two of them may not share: the first token, then how many, then the concept.
    #[inline]
    fn place(&self) -> u64 {
        let length = self.last.wrapping_sub(self.first).min(u32::from(u16::MAX));
        (u64::from(self.first) << 32) | (u64::from(length) << 16) | u64::from(self.concept)
    }
}

/// A rule that matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) rule: u32,
    pub(super) first: u32,
    pub(super) last: u32,
}

/// The hits of a text in the order of their places, each place once, and which concepts occur at all.
#[derive(Debug, Clone, Default)]
pub(super) struct Hits {
    pub(super) list: Vec<Hit>,
    /// For each token, the first hit that starts at it or later; one more at the end.
    starts: Vec<u32>,
    present: Vec<u64>,
    /// The concepts that occur, folded to the bits of one number.
    folded: u64,
    /// The traits of all hits together.
    all: Traits,
    derived: Vec<Hit>,
}

impl Hits {
    pub(super) fn clear(&mut self) {
        self.list.clear();
    }

    /// Adds a hit that stands near the end; one at the place of another is left out.
    #[inline]
    pub(super) fn push(&mut self, hit: Hit) {
        let place = hit.place();
        if self.list.last().is_none_or(|last| last.place() < place) {
            self.list.push(hit);
        } else {
            self.insert(hit, place);
        }
    }

    fn insert(&mut self, hit: Hit, place: u64) {
        let after = self.list.iter().rev().take_while(|before| before.place() > place).count();
        let at = self.list.len().wrapping_sub(after);
        let before = at.checked_sub(1).and_then(|before| self.list.get(before));
        if before.is_none_or(|before| before.place() < place) {
            self.list.insert(at, hit);
        }
    }

    /// Adds hits from anywhere.
    pub(super) fn add(&mut self, fill: impl FnOnce(&mut Vec<Hit>)) {
        let mut more = std::mem::take(&mut self.derived);
        more.clear();
        fill(&mut more);
        self.merge(&mut more);
        self.derived = more;
    }

    /// Merges hits in any order with those that are in order, from the back; what is there already is left out.
    fn merge(&mut self, more: &mut Vec<Hit>) {
        more.sort_unstable_by_key(Hit::place);
        more.dedup_by_key(|hit| hit.place());
        more.retain(|hit| self.list.binary_search_by_key(&hit.place(), Hit::place).is_err());
        let Some(first) = more.first().copied() else { return };
        let mut old = self.list.len();
        self.list.resize(old.saturating_add(more.len()), first);
        let mut next = more.iter().rev().peekable();
        for at in (0..self.list.len()).rev() {
            let Some(new) = next.peek() else { break };
            let before = old.checked_sub(1).and_then(|at| self.list.get(at)).copied();
            let hit = match before {
                Some(before) if before.place() > new.place() => {
                    old = old.wrapping_sub(1);
                    before
                }
                _ => **new,
            };
            if hit == **new {
                next.next();
            }
            if let Some(place) = self.list.get_mut(at) {
                *place = hit;
            }
        }
    }

    /// Counts the hits again after some were added or dropped.
    pub(super) fn index(&mut self, compiled: &Compiled, tokens: usize) {
        self.present.clear();
        self.present.resize(compiled.concepts().div_ceil(64), 0);
        (self.folded, self.all) = (0, Traits::default());
        for at in 0..self.list.len() {
            if let Some(hit) = self.list.get(at).copied() {
                self.note(hit);
            }
        }
        self.mark_starts(tokens);
    }

    /// Adds concepts that rules make.
    fn derive(&mut self, tokens: usize, derived: &mut Vec<Hit>) {
        self.merge(derived);
        derived.iter().for_each(|hit| self.note(*hit));
        self.mark_starts(tokens);
    }

    #[inline]
    fn note(&mut self, Hit { concept, traits, .. }: Hit) {
        if let Some(word) = self.present.get_mut(usize::from(concept >> 6)) {
            *word |= concept_bit(concept);
        }
        self.folded |= concept_bit(concept);
        self.all = self.all.with(traits);
    }

    fn mark_starts(&mut self, tokens: usize) {
        self.starts.clear();
        self.starts.reserve(tokens.saturating_add(1));
        let mut next = 0;
        for (at, hit) in self.list.iter().enumerate() {
            while next <= hit.first {
                self.starts.push(narrow(at));
                next = next.wrapping_add(1);
            }
        }
        self.starts.resize(tokens.saturating_add(1), narrow(self.list.len()));
    }

    /// The traits of all hits together.
    pub(super) const fn all(&self) -> Traits {
        self.all
    }

    #[inline]
    pub(super) fn has(&self, concept: u16) -> bool {
        self.present.get(usize::from(concept >> 6)).is_some_and(|word| word & concept_bit(concept) != 0)
    }

    #[inline]
    fn has_any(&self, any: &Any) -> bool {
        any.bits & self.folded != 0 && any.list.iter().any(|&concept| self.has(concept))
    }

    /// The hits that start at tokens `from` to `to`, the end excluded.
    #[inline]
    pub(super) fn starting(&self, from: u32, to: u32) -> &[Hit] {
        let end = narrow(self.list.len());
        let from = self.starts.get(wide(from)).copied().unwrap_or(end);
        let to = self.starts.get(wide(to)).copied().unwrap_or(end);
        self.list.get(wide(from)..wide(to)).unwrap_or_default()
    }
}

/// What rules look at beside the hits.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) compiled: &'a Compiled,
    pub(super) tokens: &'a [Token],
    /// The clause of each token.
    pub(super) clauses: &'a [u16],
    /// The languages whose rules run, and what counts in every language.
    pub(super) spoken: Reach,
    /// Who wrote the text, as far as is known.
    pub(super) writer: Writer,
}

/// Adds the concepts that rules make, level by level; returns the work done.
pub(super) fn derive(view: View<'_>, hits: &mut Hits, most: usize) -> usize {
    let mut work = 0_usize;
    for level in 0..view.compiled.levels() {
        if !hits.all.has(Traits::level(level)) {
            continue;
        }
        let mut derived = std::mem::take(&mut hits.derived);
        derived.clear();
        work = work.saturating_add(each_match(view, hits, level, |rule, found| {
            if let Target::Concept(concept) = rule.target {
                derived.push(Hit::made(view.compiled, concept, found.first, found.last));
            }
        }));
        if !derived.is_empty() {
            let room = most.saturating_sub(hits.list.len());
            derived.truncate(room);
            hits.derive(view.tokens.len(), &mut derived);
        }
        hits.derived = derived;
    }
    work
}

/// The matches of the rules that report something; returns the work done.
pub(super) fn report(view: View<'_>, hits: &Hits, matches: &mut Vec<Match>) -> usize {
    each_match(view, hits, LAST_LEVEL, |_, found| matches.push(found))
}

fn each_match(view: View<'_>, hits: &Hits, level: u8, mut found: impl FnMut(&Rule, Match)) -> usize {
    let mut work = 0_usize;
    if !hits.all.has(Traits::level(level)) {
        return work;
    }
    for hit in &hits.list {
        work = work.saturating_add(1);
        if !hit.traits.has(Traits::level(level)) {
            continue;
        }
        for trigger in view.compiled.triggers(hit.concept) {
            work = work.saturating_add(1);
            if trigger.level != level || trigger.needs & hits.folded == 0 || !view.runs(trigger) {
                continue;
            }
            let number = trigger.rule;
            let Some(rule) = view.compiled.rule(number) else { continue };
            if let Some((first, last)) = (Attempt { view, hits, fuel: FUEL }).rule(rule, *hit) {
                found(rule, Match { rule: number, first, last });
            }
        }
    }
    work
}

impl View<'_> {
    fn runs(&self, rule: Trigger) -> bool {
        let spoken = self.spoken.meets(Reach::language(rule.language));
        let writer =
            rule.writer == Writer::Anyone || self.writer == Writer::Anyone || rule.writer == self.writer;
        spoken && writer
    }

    pub(super) fn sentence(&self, token: u32) -> u16 {
        self.tokens.get(wide(token)).map_or(u16::MAX, |token| token.sentence)
    }

    pub(super) fn clause(&self, token: u32) -> u16 {
        self.clauses.get(wide(token)).copied().unwrap_or(u16::MAX)
    }

    fn len(&self) -> u32 {
        narrow(self.tokens.len())
    }
}

struct Attempt<'a> {
    view: View<'a>,
    hits: &'a Hits,
    fuel: u32,
}

impl Attempt<'_> {
    fn rule(&mut self, rule: &Rule, hit: Hit) -> Option<(u32, u32)> {
        let rest = rule.terms.get(1..)?;
        if !rest.iter().all(|term| self.hits.has_any(&term.any)) {
            return None;
        }
        let last = self.sequence(rest, hit.first, hit.last)?;
        let found = (hit.first, last);
        rule.checks.iter().all(|check| self.check(check, found)).then_some(found)
    }

    /// The end of the rest of a sequence whose beginning stands at `first` to `last`.
    fn sequence(&mut self, terms: &[Term], first: u32, last: u32) -> Option<u32> {
        let Some((term, rest)) = terms.split_first() else { return Some(last) };
        let sentence = self.view.sentence(first);
        let hits = self.hits;
        match term.link {
            Link::Beside => {
                let found =
                    self.any_near(&term.any, (first, last), |view, hit| view.sentence(hit.first) == sentence);
                if found { self.sequence(rest, first, last) } else { None }
            }
            Link::Gap(gap) => {
                let to = last.saturating_add(u32::from(gap)).saturating_add(1);
                for hit in hits.starting(last, to.min(self.view.len())) {
                    self.fuel = self.fuel.checked_sub(1)?;
                    if term.any.has(hit.concept)
                        && self.view.sentence(hit.first) == sentence
                        && let Some(end) = self.sequence(rest, first, hit.last)
                    {
                        return Some(end);
                    }
                }
                None
            }
        }
    }

    /// Whether one of the concepts stands near a match without overlapping it, where `fits` says so.
    fn any_near(&self, any: &Any, (first, last): (u32, u32), fits: impl Fn(View<'_>, &Hit) -> bool) -> bool {
        if !self.hits.has_any(any) {
            return false;
        }
        let (from, to) = (first.saturating_sub(WINDOW), last.saturating_add(WINDOW).min(self.view.len()));
        self.hits.starting(from, to).iter().any(|hit| {
            any.has(hit.concept) && (hit.last <= first || hit.first >= last) && fits(self.view, hit)
        })
    }

    fn check(&self, check: &Check, (first, last): (u32, u32)) -> bool {
        let ending = last.saturating_sub(1);
        match check {
            Check::Found { wanted, any, place } => self.found(any, *place, (first, last)) == *wanted,
            Check::Question(wanted) => self.is_question(ending) == *wanted,
            Check::Start(wanted) => (first < 3) == *wanted,
            Check::End(wanted) => (last.saturating_add(3) > self.view.len()) == *wanted,
            Check::Short(wanted, most) => (self.view.len() <= u32::from(*most)) == *wanted,
            Check::Whole(wanted) => self.is_whole((first, last)) == *wanted,
        }
    }

    fn found(&self, any: &Any, place: Place, (first, last): (u32, u32)) -> bool {
        match place {
            Place::Before(n) => {
                let from = first.saturating_sub(u32::from(n)).saturating_sub(4);
                let near = first.saturating_sub(u32::from(n));
                self.any_near(any, (first, last), |view, hit| {
                    hit.first >= from
                        && hit.last <= first
                        && hit.last > near
                        && view.clause(hit.first) == view.clause(first)
                })
            }
            Place::After(n) => {
                let to = last.saturating_add(u32::from(n));
                self.any_near(any, (first, last), |view, hit| {
                    hit.first >= last
                        && hit.first < to
                        && view.clause(hit.first) == view.clause(last.saturating_sub(1))
                })
            }
            Place::Inside => {
                self.hits.starting(first, last).iter().any(|hit| any.has(hit.concept) && hit.last <= last)
            }
            Place::Clause => self.any_near(any, (first, last), |view, hit| {
                let clause = view.clause(hit.first);
                clause == view.clause(first) || clause == view.clause(last.saturating_sub(1))
            }),
            Place::Sentence => self
                .any_near(any, (first, last), |view, hit| view.sentence(hit.first) == view.sentence(first)),
            Place::Text => self.hits.has_any(any),
        }
    }

    /// Whether the sentence of a token ends in a question mark.
    fn is_question(&self, token: u32) -> bool {
        let sentence = self.view.sentence(token);
        let ahead = self.view.tokens.get(wide(token)..).unwrap_or_default().iter().take(wide(WINDOW));
        let mut rest = ahead.take_while(|token| token.sentence == sentence);
        rest.any(|token| token.flags.has(Flags::ASKED))
    }

    fn is_whole(&self, (first, last): (u32, u32)) -> bool {
        let sentence = self.view.sentence(first);
        let same = |token: u32| self.view.sentence(token) == sentence;
        let before = (1..=3).take_while(|&n| first.checked_sub(n).is_some_and(same)).count();
        let after = (0..3).take_while(|&n| same(last.saturating_add(n))).count();
        before.saturating_add(after) <= 2
    }
}
