//! The knowledge base: at most three articles for a message, with the words that led to them (R76, R77).
//!
//! BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) over words, over runs of
//! four letters, and over the concepts of the lexicons, so that "soldi indietro" finds "rimborso". In whole numbers.

use std::collections::BTreeMap;
use std::fmt;

use super::filter::Filter;
use super::scan::Scratch;
use super::{Detectors, ScanContext};
use crate::hash::Fnv;
use crate::num::{narrow, wide};
use crate::text::{Flags, Span};

/// Articles that a look-up returns at most: what an agent takes in at a glance.
pub const MAX_ARTICLES: usize = 3;
/// Features of one question that are looked up.
const MAX_FEATURES: usize = 512;
/// The best article scores at most this many times as much as another that is worth a look.
const NEAR: u64 = 3;
/// BM25's `k1`, in thousandths: how soon a repeated word stops to count.
const K1: u64 = 1200;
/// BM25's `b`, in thousandths: how much long articles are discounted.
const B: u64 = 750;

/// An article as the host hands it in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it field by field")]
pub struct Article {
    /// The host's identifier.
    pub id: String,
    /// The title, which counts twice.
    pub title: String,
    /// The text, or a summary of it.
    pub text: String,
}

/// An article found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suggestion {
    /// The article's identifier.
    pub id: String,
    /// The score; it orders the suggestions of one question and means nothing beside it.
    pub score: u64,
    /// The words of the question that led to it, in order.
    pub matched: Vec<Span>,
}

/// What is counted: a word, four letters, a concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Feature {
    Word(u64),
    Letters(u32),
    Concept(u16),
}

/// Words of a text that stand together, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Words {
    first: u32,
    /// The one after the last.
    end: u32,
}

impl Feature {
    /// A number in which all bits of the feature count.
    fn hash(self) -> u64 {
        let bits = match self {
            Self::Word(hash) => hash,
            Self::Letters(letters) => u64::from(letters).wrapping_add(1 << 32),
            Self::Concept(number) => u64::from(number).wrapping_add(1 << 33),
        };
        let mixed = bits.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^ (mixed >> 32)
    }

    /// How much the kind of feature counts, in thousandths.
    const fn weight(self) -> u64 {
        match self {
            Self::Word(_) => 1000,
            Self::Letters(_) => 250,
            Self::Concept(_) => 800,
        }
    }
}

/// Articles, indexed.
///
/// ```
/// use galateo::detect::{Article, Detectors, KnowledgeBase, Scratch};
/// let article = |id: &str, title: &str| Article { id: id.into(), title: title.into(), text: String::new() };
/// let articles = [article("kb-1", "Come chiedere un rimborso"), article("kb-2", "Cambiare indirizzo di consegna")];
/// let detectors = Detectors::builtin();
/// let mut scratch = Scratch::default();
/// let base = KnowledgeBase::new(&articles, &detectors, &mut scratch);
/// let found = base.look_up("Rivoglio i miei soldi indietro!", &detectors, &mut scratch);
/// assert_eq!(found[0].id, "kb-1");
/// ```
#[derive(Clone, Default)]
pub struct KnowledgeBase {
    ids: Vec<String>,
    /// What any article has, in order.
    features: Vec<Feature>,
    /// For each feature, where its postings start; they end where those of the next start.
    starts: Vec<u32>,
    /// The articles that have a feature, in order, and what it adds to the score of each.
    postings: Vec<(u32, u64)>,
    /// The hashes of the features: most of a message is in no article.
    filter: Filter,
}

impl KnowledgeBase {
    /// Indexes articles; the same detectors must be used to look up.
    #[must_use]
    pub fn new(articles: &[Article], detectors: &Detectors, scratch: &mut Scratch) -> Self {
        let mut counts = Counts::default();
        for article in articles {
            counts.add(article, detectors, scratch);
        }
        let mut base =
            Self { ids: articles.iter().map(|article| article.id.clone()).collect(), ..Self::default() };
        base.filter = Filter::of(&counts.features.keys().map(|feature| feature.hash()).collect::<Vec<_>>());
        let average = counts.average();
        for (feature, having) in &counts.features {
            base.push(*feature, counts.gains(*feature, having, average));
        }
        base.starts.push(narrow(base.postings.len()));
        base
    }

    fn push(&mut self, feature: Feature, gains: impl Iterator<Item = (u32, u64)>) {
        self.features.push(feature);
        self.starts.push(narrow(self.postings.len()));
        self.postings.extend(gains);
    }

    /// The place of a feature that an article has.
    fn place(&self, feature: Feature) -> Option<u32> {
        let known = self.filter.may_hold(feature.hash());
        known.then(|| self.features.binary_search(&feature).ok().map(narrow))?
    }

    /// The articles that fit a message best, at most [`MAX_ARTICLES`], the best first; ties by identifier.
    #[must_use]
    pub fn look_up(&self, message: &str, detectors: &Detectors, scratch: &mut Scratch) -> Vec<Suggestion> {
        detectors.scan(message, &ScanContext::default(), scratch);
        self.look_up_scanned(detectors, scratch)
    }

    /// The articles that fit the text that was scanned last; those that share no more than letters are none.
    #[must_use]
    pub fn look_up_scanned(&self, detectors: &Detectors, scratch: &Scratch) -> Vec<Suggestion> {
        let seen = self.seen(detectors, scratch);
        let suggestion = |(score, id, number): (u64, &String, u32)| Suggestion {
            id: id.clone(),
            score,
            matched: self.evidence(&seen, number, scratch),
        };
        self.ranked(&seen).map(suggestion).collect()
    }

    /// The numbers of the articles that [`look_up_scanned`](Self::look_up_scanned) suggests, in their order.
    pub(crate) fn find(&self, detectors: &Detectors, scratch: &Scratch) -> Vec<usize> {
        let seen = self.seen(detectors, scratch);
        self.ranked(&seen).map(|(_, _, number)| wide(number)).collect()
    }

    /// The best articles for what was seen: score, identifier and number.
    fn ranked(&self, seen: &[(u32, Words)]) -> impl Iterator<Item = (u64, &String, u32)> {
        let mut scores = vec![0_u64; self.ids.len()];
        for (article, gain) in seen.iter().flat_map(|(place, _)| self.postings(*place)) {
            if let Some(score) = scores.get_mut(wide(*article)) {
                *score = score.saturating_add(*gain);
            }
        }
        let best = scores.iter().copied().max().unwrap_or_default();
        let near = |score: u64| score > 0 && score.saturating_mul(NEAR) >= best;
        let scored = scores.into_iter().zip(&self.ids).zip(0..);
        let mut ranked: Vec<_> =
            scored.filter_map(|((score, id), number)| near(score).then_some((score, id, number))).collect();
        ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let told = |(_, _, number): &(u64, &String, u32)| self.telling(seen, *number).next().is_some();
        ranked.into_iter().filter(told).take(MAX_ARTICLES)
    }

    /// The places of what the text that was scanned last shares with any article, each with its first words.
    fn seen(&self, detectors: &Detectors, scratch: &Scratch) -> Vec<(u32, Words)> {
        let mut seen = Vec::new();
        let mut left = MAX_FEATURES;
        features(detectors, scratch, |feature, words| {
            if left > 0 {
                left = left.wrapping_sub(1);
                seen.extend(self.place(feature).map(|place| (place, words)));
            }
        });
        seen.sort_unstable();
        seen.dedup_by_key(|(place, _)| *place);
        seen
    }

    fn postings(&self, place: u32) -> &[(u32, u64)] {
        let at = wide(place);
        let start = self.starts.get(at).copied().unwrap_or(0);
        let end = self.starts.get(at.saturating_add(1)).copied().unwrap_or(start);
        self.postings.get(wide(start)..wide(end)).unwrap_or_default()
    }

    /// The words and concepts that a text shares with an article.
    fn telling(&self, seen: &[(u32, Words)], number: u32) -> impl Iterator<Item = Words> {
        let tells = |place: u32| !matches!(self.features.get(wide(place)), None | Some(Feature::Letters(_)));
        let has = move |place: u32| {
            self.postings(place).binary_search_by_key(&number, |(article, _)| *article).is_ok()
        };
        let telling = seen.iter().filter(move |(place, _)| tells(*place) && has(*place));
        telling.map(|(_, words)| *words)
    }

    /// Where they stand.
    fn evidence(&self, seen: &[(u32, Words)], number: u32, scratch: &Scratch) -> Vec<Span> {
        let span = |words: Words| scratch.span(words.first, words.end);
        let mut spans: Vec<Span> = self.telling(seen, number).map(span).collect();
        spans.sort_unstable();
        spans.dedup();
        spans
    }
}

/// How often each article has each feature, while articles are still being added.
#[derive(Default)]
struct Counts {
    /// How many features each article has.
    lengths: Vec<u32>,
    /// For each feature, the articles that have it and how often, by article.
    features: BTreeMap<Feature, Vec<(u32, u32)>>,
}

impl Counts {
    fn add(&mut self, article: &Article, detectors: &Detectors, scratch: &mut Scratch) {
        let number = narrow(self.lengths.len());
        let mut length = 0_u32;
        for (text, times) in [(&article.title, 2), (&article.text, 1)] {
            detectors.scan(text, &ScanContext::default(), scratch);
            features(detectors, scratch, |feature, _| {
                length = length.saturating_add(times);
                let having = self.features.entry(feature).or_default();
                match having.last_mut() {
                    Some((last, count)) if *last == number => *count = count.saturating_add(times),
                    _ => having.push((number, times)),
                }
            });
        }
        self.lengths.push(length);
    }

    /// The average of the lengths, at least 1.
    fn average(&self) -> u64 {
        let total: u64 = self.lengths.iter().map(|length| u64::from(*length)).sum();
        let all = u64::try_from(self.lengths.len()).unwrap_or(u64::MAX);
        total.checked_div(all).unwrap_or_default().max(1)
    }

    /// What a feature adds to the score of each article that has it: BM25 in whole numbers.
    fn gains(
        &self,
        feature: Feature,
        having: &[(u32, u32)],
        average: u64,
    ) -> impl Iterator<Item = (u32, u64)> {
        let rarity = rarity(self.lengths.len(), having.len());
        having.iter().map(move |(number, count)| {
            let length = u64::from(self.lengths.get(wide(*number)).copied().unwrap_or(0));
            let count = u64::from(*count).saturating_mul(1000);
            let relative = length.saturating_mul(1000).checked_div(average).unwrap_or(1000);
            let norm = (1000 - B).saturating_add(B.saturating_mul(relative).checked_div(1000).unwrap_or(0));
            let damping = count.saturating_add(K1.saturating_mul(norm).checked_div(1000).unwrap_or(0));
            let frequency = count.saturating_mul(K1 + 1000).checked_div(damping).unwrap_or(0);
            let gain = rarity.saturating_mul(frequency).saturating_mul(feature.weight());
            (*number, gain.checked_div(1_000_000).unwrap_or(0))
        })
    }
}

impl fmt::Debug for KnowledgeBase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KnowledgeBase").field("articles", &self.ids.len()).finish()
    }
}

/// BM25's inverse document frequency, the logarithm of `1 + (all - having + 0.5) / (having + 0.5)`, in thousandths.
fn rarity(all: usize, having: usize) -> u64 {
    let all = u64::try_from(all).unwrap_or(u64::MAX).saturating_add(1);
    let having = u64::try_from(having).unwrap_or(u64::MAX).saturating_mul(2).saturating_add(1);
    logarithm(all.saturating_mul(2000).checked_div(having).unwrap_or(1000).max(1000))
}

/// The logarithm to base 2 of a number in thousandths, in thousandths, by straight lines between the powers of two.
fn logarithm(thousandths: u64) -> u64 {
    let whole = thousandths.checked_div(1000).and_then(u64::checked_ilog2).unwrap_or(0);
    let power = 1000_u64.checked_shl(whole).unwrap_or(u64::MAX);
    let ahead = thousandths.saturating_sub(power).saturating_mul(1000).checked_div(power).unwrap_or(0);
    u64::from(whole).saturating_mul(1000).saturating_add(ahead)
}

/// Reports the features of the text that was scanned last, each with the words it comes from.
fn features(detectors: &Detectors, scratch: &Scratch, mut found: impl FnMut(Feature, Words)) {
    let text = scratch.folded().as_str().as_bytes();
    for (number, token) in (0_u32..).zip(scratch.tokens().list()) {
        if token.flags.has(Flags::LINK.with(Flags::MAIL).with(Flags::HANDLE).with(Flags::SYMBOL)) {
            continue;
        }
        let words = Words { first: number, end: number.saturating_add(1) };
        let word = text.get(wide(token.start)..wide(token.end)).unwrap_or_default();
        if word.len() > 2 {
            found(Feature::Word(Fnv::of(word).get()), words);
        }
        for letters in word.array_windows() {
            found(Feature::Letters(u32::from_be_bytes(*letters)), words);
        }
    }
    scratch.concepts(detectors, |concept, first, end| {
        found(Feature::Concept(concept), Words { first, end });
    });
}
