//! Signals from a host's own model: recorded inputs, merged by stated rules.

use serde::{Deserialize, Serialize};

use super::Speaker;
use super::signal::{Confidence, Detector, Sentiment, SentimentClass, Signal, SignalKind, Signals};
use crate::model::{Score, SignalName, SourceName, Word};
use crate::text::Span;

/// A host's own model.
///
/// A model need not answer the same twice; therefore the engine never calls one. The host asks its model, puts what it
/// said on the message as [`scores`](ScorerOutput::scores), and a replay takes the recorded ones. Rules ask them as
/// `signals` and `sentiment`, beside what the built-in detectors find.
///
/// ```
/// use galateo::detect::{Confidence, ScoredSignal, Scorer, ScorerId, ScorerOutput, SignalKind, Signals, Speaker};
/// use galateo::model::{Message, Sensitive};
/// struct Crm;
/// impl Scorer for Crm {
///     fn id(&self) -> ScorerId {
///         ScorerId { name: "crm".to_owned(), version: 7 }
///     }
///     fn score(&self, text: &str, _speaker: Option<Speaker>, _base: &Signals) -> ScorerOutput {
///         let confidence = Confidence::new(if text.contains("Voltaria") { 900 } else { 0 });
///         ScorerOutput { signals: vec![ScoredSignal { kind: SignalKind::Churn, confidence, span: None }], sentiment: None }
///     }
/// }
/// let mut message = Message::on("x/post".parse()?);
/// message.text = Sensitive::from("Passo a Voltaria");
/// let said = Crm.score(message.text.expose(), None, &Signals::default());
/// message.scores = said.scores(&Crm.id());
/// assert_eq!((message.scores[0].signal.as_str(), message.scores[0].source.as_str()), ("churn", "crm_7"));
/// # Ok::<(), galateo::model::SurfaceError>(())
/// ```
///
/// A host that works with [`Detectors`](super::Detectors) alone merges the output itself:
///
/// ```
/// use galateo::detect::{Scorer, ScorerId, ScorerOutput, Signals, Speaker};
/// struct Mute;
/// impl Scorer for Mute {
///     fn id(&self) -> ScorerId {
///         ScorerId { name: "mute".to_owned(), version: 1 }
///     }
///     fn score(&self, _text: &str, _speaker: Option<Speaker>, _base: &Signals) -> ScorerOutput {
///         ScorerOutput::default()
///     }
/// }
/// let mut signals = Signals::default();
/// let output = Mute.score("ciao", None, &signals);
/// signals.merge(&output, |_| galateo::detect::MergeRule::Max, &[]);
/// ```
pub trait Scorer: Send + Sync {
    /// Its name and version, recorded with each decision.
    fn id(&self) -> ScorerId;
    /// What it makes of a text, given what the built-in detectors found.
    fn score(&self, text: &str, speaker: Option<Speaker>, base: &Signals) -> ScorerOutput;
}

/// The name and version of a scorer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "an identity is its name and version")]
pub struct ScorerId {
    /// The name.
    pub name: String,
    /// The version.
    pub version: u32,
}

/// What a scorer found; what it leaves out it says nothing about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax")]
pub struct ScorerOutput {
    /// How the text feels, from -1000 to 1000.
    pub sentiment: Option<i16>,
    /// Signals, with the confidence that the scorer has in them.
    pub signals: Vec<ScoredSignal>,
}

impl ScorerOutput {
    /// The output as a message carries it, recorded with the model and its version.
    #[must_use]
    pub fn scores(&self, by: &ScorerId) -> Vec<Score> {
        let named = SourceName::new(&format!("{}_{}", by.name, by.version));
        let source = named.unwrap_or_else(|| SourceName::of(Word::from_static("scorer")));
        let score = |signal, value| Score { signal, value, source: source.clone() };
        let sentiment = self
            .sentiment
            .map(|value| score(SignalName::of(Word::from_static("sentiment")), value.clamp(-1000, 1000)));
        let signals = self.signals.iter().filter_map(|scored| {
            let value = i16::try_from(scored.confidence.get()).unwrap_or(1000);
            Some(score(SignalName::new(scored.kind.as_str())?, value))
        });
        sentiment.into_iter().chain(signals).collect()
    }
}

/// One signal of a scorer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it field by field")]
pub struct ScoredSignal {
    /// The kind.
    pub kind: SignalKind,
    /// How sure it is; 0 says that the signal is not there.
    pub confidence: Confidence,
    /// Where, if it can tell; else the whole text is meant.
    pub span: Option<Span>,
}

/// How a scorer's word counts against the built-in detectors', for one kind of signal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "hosts decide by it")]
pub enum MergeRule {
    /// The scorer is not heard.
    BaseOnly,
    /// The surer of the two.
    #[default]
    Max,
    /// The less sure of the two; for a safety signal only where the playbook names it.
    Min,
    /// The scorer, from this confidence on.
    PreferScorer(Confidence),
}

impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u16::deserialize(deserializer).map(Self::new)
    }
}

impl SignalKind {
    /// Whether the signal protects somebody, so that a scorer may raise it and, unless a playbook says so by name, not
    /// lower it.
    #[must_use]
    pub const fn is_safety(&self) -> bool {
        matches!(
            self,
            Self::Crisis
                | Self::DataRequest
                | Self::FormalComplaint
                | Self::LegalThreat
                | Self::Profanity
                | Self::Sexual
        )
    }
}

impl Signals {
    /// Takes a scorer's output in, kind by kind as `rule` says. A [safety](SignalKind::is_safety) signal can only be
    /// raised, unless the playbook names its kind in `may_lower`.
    pub fn merge(
        &mut self,
        output: &ScorerOutput,
        rule: impl Fn(&SignalKind) -> MergeRule,
        may_lower: &[SignalKind],
    ) {
        if let Some(score) = output.sentiment {
            self.sentiment = sentiment(score.clamp(-1000, 1000));
        }
        for scored in &output.signals {
            let careful = scored.kind.is_safety() && !may_lower.contains(&scored.kind);
            self.take(scored, if careful { MergeRule::Max } else { rule(&scored.kind) });
        }
        self.signals.sort_unstable_by(|a, b| (a.span, &a.kind).cmp(&(b.span, &b.kind)));
    }

    fn take(&mut self, scored: &ScoredSignal, rule: MergeRule) {
        let own = self.strongest(&scored.kind).map_or(0, |signal| signal.confidence.get());
        let theirs = scored.confidence.get();
        let confidence = match rule {
            MergeRule::BaseOnly => own,
            MergeRule::Max => own.max(theirs),
            MergeRule::Min => own.min(theirs),
            MergeRule::PreferScorer(from) if scored.confidence >= from => theirs,
            MergeRule::PreferScorer(_) => own,
        };
        if confidence == own {
            return;
        }
        if confidence < own || confidence == 0 {
            self.signals.retain(|signal| signal.kind != scored.kind);
        }
        if confidence > 0 {
            let span = scored.span.unwrap_or_default();
            let detector = Detector { lexicon: u16::MAX, line: 0 };
            let confidence = Confidence::new(confidence);
            self.signals.push(Signal { kind: scored.kind.clone(), span, confidence, detector, tag: None });
        }
    }
}

const fn sentiment(score: i16) -> Sentiment {
    let class = match score {
        ..=-150 => SentimentClass::Negative,
        150.. => SentimentClass::Positive,
        _ => SentimentClass::Neutral,
    };
    Sentiment { score, class }
}
