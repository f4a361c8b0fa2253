//! The knowledge base: at most three articles for a message, with the words that led to them (R76, R77).
//!
//! BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009) over words, over runs of
//! four letters, and over the concepts of the lexicons, so that "soldi indietro" finds "rimborso". In whole numbers.

use std::collections::BTreeMap;
use std::fmt;

use super::scan::Scratch;
use super::{Detectors, ScanContext};
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

impl Feature {
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
    lengths: Vec<u32>,
    /// The average of the lengths.
    average: u64,
    /// For each feature, the articles that have it and how often, by article.
    postings: BTreeMap<Feature, Vec<(u32, u32)>>,
}

impl KnowledgeBase {
    /// Indexes articles; the same detectors must be used to look up.
    #[must_use]
    pub fn new(articles: &[Article], detectors: &Detectors, scratch: &mut Scratch) -> Self {
        let mut base = Self::default();
        for article in articles {
            base.add(article, detectors, scratch);
        }
        let total: u64 = base.lengths.iter().map(|length| u64::from(*length)).sum();
        base.average = total.checked_div(u64::try_from(articles.len()).unwrap_or(1)).unwrap_or_default();
        base
    }

    fn add(&mut self, article: &Article, detectors: &Detectors, scratch: &mut Scratch) {
        let number = narrow(self.ids.len());
        let mut length = 0_u32;
        for (text, times) in [(&article.title, 2), (&article.text, 1)] {
            detectors.scan(text, &ScanContext::default(), scratch);
            for (feature, _) in features(detectors, scratch) {
                length = length.saturating_add(times);
                let postings = self.postings.entry(feature).or_default();
                match postings.last_mut() {
                    Some((last, count)) if *last == number => *count = count.saturating_add(times),
                    _ => postings.push((number, times)),
                }
            }
        }
        self.ids.push(article.id.clone());
        self.lengths.push(length);
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
        let mut seen = features(detectors, scratch);
        seen.truncate(MAX_FEATURES);
        // What no article has says nothing; of what is said twice the first place counts.
        seen.retain(|(feature, _)| self.postings.contains_key(feature));
        seen.sort_unstable();
        seen.dedup_by_key(|(feature, _)| *feature);
        let mut scores = vec![0_u64; self.ids.len()];
        for (feature, _) in &seen {
            self.score(*feature, &mut scores);
        }
        let mut ranked: Vec<(u64, &String, u32)> =
            scores.iter().zip(&self.ids).zip(0..).map(|((score, id), number)| (*score, id, number)).collect();
        let best = scores.iter().copied().max().unwrap_or_default();
        ranked.retain(|(score, _, _)| *score > 0 && score.saturating_mul(NEAR) >= best);
        ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
        let suggestion = |(score, id, number): (u64, &String, u32)| Suggestion {
            id: id.clone(),
            score,
            matched: self.evidence(&seen, number),
        };
        let shared = ranked.into_iter().map(suggestion).filter(|suggestion| !suggestion.matched.is_empty());
        shared.take(MAX_ARTICLES).collect()
    }

    fn score(&self, feature: Feature, scores: &mut [u64]) {
        let Some(postings) = self.postings.get(&feature) else { return };
        let rarity = rarity(self.ids.len(), postings.len());
        let average = self.average.max(1);
        for (number, count) in postings {
            let length = u64::from(self.lengths.get(wide(*number)).copied().unwrap_or(0));
            let count = u64::from(*count).saturating_mul(1000);
            let relative = length.saturating_mul(1000).checked_div(average).unwrap_or(1000);
            let norm = (1000 - B).saturating_add(B.saturating_mul(relative).checked_div(1000).unwrap_or(0));
            let damping = count.saturating_add(K1.saturating_mul(norm).checked_div(1000).unwrap_or(0));
            let frequency = count.saturating_mul(K1 + 1000).checked_div(damping).unwrap_or(0);
            let gain = rarity
                .saturating_mul(frequency)
                .saturating_mul(feature.weight())
                .checked_div(1_000_000)
                .unwrap_or(0);
            if let Some(score) = scores.get_mut(wide(*number)) {
                *score = score.saturating_add(gain);
            }
        }
    }

    fn evidence(&self, asked: &[(Feature, Span)], number: u32) -> Vec<Span> {
        let has = |feature: &Feature| {
            let postings = self.postings.get(feature).map_or(&[][..], |postings| postings);
            postings.binary_search_by_key(&number, |(article, _)| *article).is_ok()
        };
        let telling =
            asked.iter().filter(|(feature, _)| !matches!(feature, Feature::Letters(_)) && has(feature));
        let mut spans: Vec<Span> = telling.map(|(_, span)| *span).collect();
        spans.sort_unstable();
        spans.dedup();
        spans
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

/// The features of the text that was scanned last, with the words they come from.
fn features(detectors: &Detectors, scratch: &Scratch) -> Vec<(Feature, Span)> {
    let mut features = Vec::new();
    let folded = scratch.folded();
    for token in scratch.tokens().list() {
        if token.flags.has(Flags::LINK.with(Flags::MAIL).with(Flags::HANDLE).with(Flags::SYMBOL)) {
            continue;
        }
        let range = wide(token.start)..wide(token.end);
        let span = Span::from(folded.original(range.clone()));
        let word = folded.as_str().as_bytes().get(range).unwrap_or_default();
        if word.len() > 2 {
            features.push((Feature::Word(hash(word)), span));
        }
        for letters in word.windows(4) {
            if let [a, b, c, d] = letters {
                features.push((Feature::Letters(u32::from_be_bytes([*a, *b, *c, *d])), span));
            }
        }
    }
    scratch.concepts(detectors, |concept, span| features.push((Feature::Concept(concept), span)));
    features
}

/// The 1a variant of the hash of Fowler, Noll and Vo with 64 bits: the same on every platform.
fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}
