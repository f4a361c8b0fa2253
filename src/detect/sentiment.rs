//! How a text feels: weighed words and phrases, negation, emphasis, contrast, in whole thousandths.

use super::lexicon::{Reach, Role, Special, Traits};
use super::rules::{Hit, Hits, View};
use super::signal::{Sentiment, SentimentClass, SignalKind};
use crate::num::wide;
use crate::text::{Flags, Token};

/// Tokens before a word in which a negation holds.
const NEGATION_REACH: u32 = 3;
/// Tokens before a word in which it is strengthened or weakened.
const BOOST_REACH: u32 = 2;

/// A weighed word or phrase.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weighed {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) weight: i16,
}

/// The weight of what is told where no word says how it feels: who was hurt, leaves or goes to law is not content.
pub(super) const fn told(kind: &SignalKind) -> i64 {
    match kind {
        SignalKind::Crisis | SignalKind::LegalThreat => -400,
        SignalKind::Churn | SignalKind::FormalComplaint => -300,
        SignalKind::PaymentProblem => -200,
        _ => 0,
    }
}

/// Weighs a text; `weighed` holds what the rules found, and is used up; `told` weighs where no word is negative.
pub(super) fn weigh(view: View<'_>, hits: &Hits, weighed: &mut Vec<Weighed>, told: i64) -> Sentiment {
    let all = hits.all();
    for hit in &hits.list {
        if hit.traits.has(Traits::VALENCE) {
            weighed.push(Weighed { first: hit.first, last: hit.last, weight: hit.weight });
        }
    }
    // Where two overlap, the longer one is the phrase that explains the word.
    weighed.sort_unstable_by_key(|w| (w.first, std::cmp::Reverse(w.last), w.weight));
    let shouts = shouts(view.tokens);
    let but = Traits::special(Special::But);
    let mut hits_back = hits.list.iter().rev();
    let turn =
        if all.has(but) { hits_back.find(|hit| hit.traits.has(but)).map(|hit| hit.first) } else { None };
    let (mut sum, mut negative, mut end) = (0_i64, false, 0_u32);
    for item in weighed.iter() {
        if item.first < end {
            continue;
        }
        end = item.last;
        let weight = one(view, hits, item, shouts);
        negative |= weight < 0;
        sum = sum.saturating_add(turned(weight, item.first, turn));
    }
    if !negative {
        sum = sum.saturating_add(told);
    }
    classify(view, emphasised(view.tokens, sum, negative || told < 0))
}

/// The weight of one word in its surroundings.
fn one(view: View<'_>, hits: &Hits, item: &Weighed, shouts: bool) -> i64 {
    let mut weight = i64::from(item.weight);
    if weight == 0 || token(view, item.first).is_some_and(|t| t.flags.has(Flags::HANDLE.with(Flags::LINK))) {
        return 0;
    }
    let clause = view.clause(item.first);
    let before = |reach: u32| {
        let near = hits.starting(item.first.saturating_sub(reach), item.first).iter();
        near.filter(move |hit| hit.last <= item.first && view.clause(hit.first) == clause)
    };
    let boosts = if hits.all().has(Traits::BOOST) { BOOST_REACH } else { 0 };
    let boost: i64 = before(boosts)
        .filter(|hit| role(view, hit) == Some(Role::Boost))
        .map(|hit| i64::from(hit.weight))
        .sum();
    weight = scaled(weight, boost.clamp(-800, 800).saturating_add(1000));
    if hits.all().has(Traits::special(Special::Not))
        && before(NEGATION_REACH).any(|hit| special(view, hit) == Some(Special::Not))
    {
        // "Not good" is bad; "not bad" is hardly good.
        weight = scaled(weight, if weight > 0 { -800 } else { -250 });
    }
    let words = view.tokens.get(wide(item.first)..wide(item.last)).unwrap_or_default();
    if shouts && words.iter().any(|t| t.flags.has(Flags::CAPS)) {
        weight = scaled(weight, 1250);
    }
    if words.iter().any(|t| t.flags.has(Flags::ELONGATED)) {
        weight = scaled(weight, 1150);
    }
    weight
}

/// What stands before a "but" counts less, what stands behind it more.
fn turned(weight: i64, first: u32, turn: Option<u32>) -> i64 {
    match turn {
        Some(turn) if first < turn => scaled(weight, 600),
        Some(_) => scaled(weight, 1300),
        None => weight,
    }
}

/// Exclamation marks strengthen; a question without a negative word says little about feeling.
fn emphasised(tokens: &[Token], sum: i64, negative: bool) -> i64 {
    let cries: i64 = tokens.iter().map(|t| i64::from(t.cries)).fold(0, i64::saturating_add);
    let asked = tokens.iter().any(|t| t.flags.has(Flags::ASKED));
    let sum = scaled(sum, cries.min(4).saturating_mul(70).saturating_add(1000));
    if asked && !negative { scaled(sum, 250) } else { sum }
}

fn classify(view: View<'_>, sum: i64) -> Sentiment {
    // A smooth squash in whole numbers: 800 thousandths are half way to the end.
    let score = sum.saturating_mul(1000).checked_div(sum.saturating_abs().saturating_add(800)).unwrap_or(0);
    let score = i16::try_from(score).unwrap_or(0);
    let (negative, positive) = thresholds(view);
    let class = match score {
        _ if score <= negative => SentimentClass::Negative,
        _ if score >= positive => SentimentClass::Positive,
        _ => SentimentClass::Neutral,
    };
    Sentiment { score, class }
}

/// The thresholds of the first language that is spoken.
fn thresholds(view: View<'_>) -> (i16, i16) {
    let spoken =
        view.compiled.languages().iter().enumerate().find(|(at, _)| view.spoken.meets(Reach::placed(*at)));
    spoken.map_or((-150, 150), |(_, (_, thresholds))| *thresholds)
}

/// Capitals emphasise only among small letters.
fn shouts(tokens: &[Token]) -> bool {
    tokens.iter().any(|t| t.flags.has(Flags::CAPS))
        && tokens.iter().any(|t| !t.flags.has(Flags::CAPS.with(Flags::NUMBER).with(Flags::SYMBOL)))
}

fn scaled(weight: i64, thousandths: i64) -> i64 {
    weight.saturating_mul(thousandths).checked_div(1000).unwrap_or(0)
}

fn token(view: View<'_>, at: u32) -> Option<&Token> {
    view.tokens.get(wide(at))
}

pub(super) fn role(view: View<'_>, hit: &Hit) -> Option<Role> {
    view.compiled.concept(hit.concept).map(|concept| concept.role)
}

pub(super) fn special(view: View<'_>, hit: &Hit) -> Option<Special> {
    view.compiled.concept(hit.concept).and_then(|concept| concept.special)
}
