//! Which language a text is in: its function words first, a statistical identifier where they do not decide.

use std::fmt;

use super::lexicon::{Compiled, Reach};
use crate::model::Language;

/// Languages that can have lexicons at the same time.
const MAX_LANGUAGES: usize = 30;

/// A host's own way to tell a language, in place of the built-in statistical one.
///
/// It must answer the same for the same text: its answer is part of what is recorded with a decision.
///
/// ```
/// use galateo::detect::LanguageDetector;
/// use galateo::model::Language;
/// struct AlwaysFrench;
/// impl LanguageDetector for AlwaysFrench {
///     fn detect(&self, _text: &str) -> Option<Language> {
///         Some(Language::Fr)
///     }
/// }
/// assert_eq!(AlwaysFrench.detect("ciao"), Some(Language::Fr));
/// ```
pub trait LanguageDetector: Send + Sync {
    /// The language of a text, or `None` where it cannot be told.
    fn detect(&self, text: &str) -> Option<Language>;
}

impl fmt::Debug for dyn LanguageDetector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LanguageDetector")
    }
}

/// The statistical identifier `whichlang`: 16 languages, for texts whose function words do not decide.
#[cfg(feature = "langid")]
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct Statistical;

#[cfg(feature = "langid")]
impl LanguageDetector for Statistical {
    fn detect(&self, text: &str) -> Option<Language> {
        if !text.chars().any(char::is_alphabetic) {
            return None;
        }
        Language::from_tag(whichlang::detect_language(text).three_letter_code())
    }
}

/// The weight of each language's function words in a text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scores([u32; MAX_LANGUAGES]);

impl Scores {
    /// Adds a word of the language with a number, from 1.
    #[inline]
    pub(super) fn add(&mut self, language: u8, weight: i16) {
        if let Some(score) = usize::from(language).checked_sub(1).and_then(|at| self.0.get_mut(at)) {
            *score = score.saturating_add(u32::from(weight.unsigned_abs()));
        }
    }
}

/// The verdict on a text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Verdict {
    pub(super) language: Option<Language>,
    pub(super) margin: u16,
    /// The languages whose patterns and rules count, and what counts in every language.
    pub(super) spoken: Reach,
}

/// Tells the language from the weight of function words, a hint, and, in doubt, `other`.
pub(super) fn tell(
    compiled: &Compiled,
    Scores(mut scores): Scores,
    hint: Option<Language>,
    other: impl FnOnce() -> Option<Language>,
) -> Verdict {
    if let Some(score) = hint.and_then(|hint| place(compiled, hint)).and_then(|at| scores.get_mut(at)) {
        *score = score.saturating_add(6);
    }
    let (best, first, second) = ranked(&scores);
    let margin = margin(first, second);
    let own = compiled.languages().get(best).filter(|_| first > 0).map(|(language, _)| *language);
    let mut verdict = Verdict { language: own, margin, spoken: spoken(&scores, first) };
    // Of two languages, one with less than half of the other's weight is never taken for it.
    if first == 0 || second.saturating_mul(2) >= first {
        decide_doubt(&mut verdict, compiled, &scores, other());
    }
    verdict.spoken = verdict.spoken.with(hint.map_or_else(Reach::default, |hint| reach(compiled, hint)));
    verdict
}

/// Takes the other identifier's word unless our own words speak against it.
fn decide_doubt(
    verdict: &mut Verdict,
    compiled: &Compiled,
    scores: &[u32; MAX_LANGUAGES],
    other: Option<Language>,
) {
    let Some(other) = other else { return };
    let rival = place(compiled, other);
    let score = rival.and_then(|at| scores.get(at)).copied().unwrap_or(0);
    let first = scores.iter().max().copied().unwrap_or(0);
    if first == 0 || (rival.is_some() && score.saturating_mul(2) >= first) {
        verdict.language = Some(other);
        verdict.spoken = verdict.spoken.with(reach(compiled, other));
    }
    if first == 0 {
        // Without any function word, every language with a lexicon may be meant.
        verdict.spoken =
            (0..compiled.languages().len()).fold(verdict.spoken, |all, at| all.with(Reach::placed(at)));
    }
}

fn ranked(scores: &[u32; MAX_LANGUAGES]) -> (usize, u32, u32) {
    let (mut best, mut first, mut second) = (0, 0, 0);
    for (at, &score) in scores.iter().enumerate() {
        if score > first {
            (best, second, first) = (at, first, score);
        } else if score > second {
            second = score;
        }
    }
    (best, first, second)
}

fn margin(first: u32, second: u32) -> u16 {
    let ahead = u64::from(first.saturating_sub(second)).saturating_mul(1000);
    let thousandths = ahead.checked_div(u64::from(first.saturating_add(second))).unwrap_or(0);
    u16::try_from(thousandths).unwrap_or(1000)
}

/// A language is spoken if it has at least half of the best score.
fn spoken(scores: &[u32; MAX_LANGUAGES], first: u32) -> Reach {
    let heard = scores.iter().enumerate().filter(|(_, score)| first > 0 && score.saturating_mul(2) >= first);
    heard.fold(Reach::language(0), |all, (at, _)| all.with(Reach::placed(at)))
}

fn place(compiled: &Compiled, language: Language) -> Option<usize> {
    compiled.languages().iter().position(|(known, _)| *known == language)
}

fn reach(compiled: &Compiled, language: Language) -> Reach {
    place(compiled, language).map_or_else(Reach::default, Reach::placed)
}
