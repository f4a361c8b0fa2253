//! Stage 2: what a text shows, as signals with spans, confidence and detector.
//!
//! Deterministic and without model files: lexicons that people write (see `lexicon/README.md`), one automaton over all
//! of them, and rules over what it finds. Italian and English come with the crate; a host adds languages, topics and
//! brand words in the same format.
//!
//! What words cannot show stays unseen: irony without a marker, pictures, what is meant between the lines. A host that
//! has a model for these hands its output in with each message, as [`Scorer`] shows.

mod filter;
mod knowledge;
mod language;
mod lexicon;
mod lint;
mod names;
pub mod pii;
mod profanity;
mod promise;
mod remedy;
mod reuse;
mod rules;
mod scan;
mod scorer;
mod sentiment;
mod signal;

use std::fmt;
use std::sync::Arc;

use crate::Limits;
use crate::model::Language;

pub use knowledge::{Article, KnowledgeBase, MAX_ARTICLES, Suggestion};
pub use language::LanguageDetector;
#[cfg(feature = "langid")]
pub use language::Statistical;
pub use lexicon::{Diagnostic, Fault, LexiconError};
pub use remedy::{Difference, Remedy};
pub use reuse::{Fingerprint, REUSE_THRESHOLD};
pub use scan::Scratch;
pub use scorer::{MergeRule, ScoredSignal, Scorer, ScorerId, ScorerOutput};
pub use signal::{
    Confidence, Detector, Promise, Register, Sentiment, SentimentClass, Signal, SignalKind, Signals, TopicHit,
};

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a text comes from the one side or from the other")]
pub enum Speaker {
    /// Somebody who answers for the company.
    Agent,
    /// Somebody who writes to the company.
    Customer,
}

impl Speaker {
    const fn writer(self) -> lexicon::Writer {
        match self {
            Self::Agent => lexicon::Writer::Agent,
            Self::Customer => lexicon::Writer::Customer,
        }
    }
}

/// What is known about a text beside its words.
#[derive(Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax")]
pub struct ScanContext<'a> {
    /// Who wrote it; if not known, signals of both sides are looked for.
    pub speaker: Option<Speaker>,
    /// The language it should be in, a hint that strong evidence overrules.
    pub language: Option<Language>,
    /// The customer's names, as they may be written; at most eight are looked for.
    pub names: &'a [&'a str],
}

impl fmt::Debug for ScanContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScanContext")
            .field("speaker", &self.speaker)
            .field("language", &self.language)
            .field("names", &self.names.len())
            .finish()
    }
}

/// The detectors, ready to scan: immutable, shared by clones, the same for every thread.
///
/// ```
/// use galateo::detect::{Detectors, ScanContext, Scratch, SentimentClass};
/// let detectors = Detectors::builtin();
/// let mut scratch = Scratch::default();
/// let signals = detectors.scan("Servizio pessimo, mai più!", &ScanContext::default(), &mut scratch);
/// assert_eq!(signals.sentiment.class, SentimentClass::Negative);
/// ```
#[derive(Debug, Clone)]
pub struct Detectors(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    compiled: lexicon::Compiled,
    language: Option<Arc<dyn LanguageDetector>>,
    limits: Limits,
}

impl Detectors {
    /// The built-in lexicons and nothing else.
    #[must_use]
    pub fn builtin() -> Self {
        Self::builder().build_leniently().0
    }

    /// Starts from the built-in lexicons.
    #[must_use]
    pub fn builder() -> DetectorsBuilder {
        DetectorsBuilder::default()
    }

    /// Reads a lexicon and says what is wrong with it, and what in it is idle; its rules may speak of the concepts of
    /// the built-in ones.
    #[must_use]
    pub fn lint(lexicon: &str) -> Vec<Diagnostic> {
        let (detectors, mut faults) = Self::builder().lexicon(lexicon).build_leniently();
        faults.extend(lint::warnings(&detectors, lexicon));
        faults
    }

    /// Finds everything in one text.
    pub fn scan<'s>(&self, text: &str, context: &ScanContext<'_>, scratch: &'s mut Scratch) -> &'s Signals {
        scan::scan(self, text, context, scratch)
    }

    /// The lexicons by name and version, in the order of [`Detector::lexicon`].
    pub fn lexicons(&self) -> impl Iterator<Item = (&str, u32)> {
        self.0.compiled.lexicons().map(|(name, version)| (name.as_str(), *version))
    }

    /// Bytes that the automata and the tables take, about, those shared with other detectors included.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let (own, shared) = self.0.compiled.bytes();
        own.saturating_add(shared)
    }

    /// Bytes of the tables that these detectors have for themselves, about: those of the built-in lexicons are shared.
    #[must_use]
    pub fn own_bytes(&self) -> usize {
        self.0.compiled.bytes().0
    }

    fn compiled(&self) -> &lexicon::Compiled {
        &self.0.compiled
    }

    fn limits(&self) -> Limits {
        self.0.limits
    }

    fn detect_language(&self, text: &str) -> Option<Language> {
        self.0.language.as_ref().and_then(|detector| detector.detect(text))
    }
}

/// What [`Detectors`] are built from.
#[derive(Debug, Clone)]
pub struct DetectorsBuilder {
    built_in: bool,
    lexicons: Vec<String>,
    language: Option<Arc<dyn LanguageDetector>>,
    limits: Limits,
}

impl Default for DetectorsBuilder {
    fn default() -> Self {
        Self { built_in: true, lexicons: Vec::new(), language: statistical(), limits: Limits::DEFAULT }
    }
}

#[cfg(feature = "langid")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature there is none")]
fn statistical() -> Option<Arc<dyn LanguageDetector>> {
    Some(Arc::new(Statistical))
}

#[cfg(not(feature = "langid"))]
fn statistical() -> Option<Arc<dyn LanguageDetector>> {
    None
}

impl DetectorsBuilder {
    /// Leaves the built-in lexicons out.
    #[must_use]
    pub fn without_built_in(mut self) -> Self {
        self.built_in = false;
        self
    }

    /// Adds a lexicon, in the format of `lexicon/README.md`, as a layer above those before it.
    #[must_use]
    pub fn lexicon(mut self, text: &str) -> Self {
        self.lexicons.push(text.to_owned());
        self
    }

    /// Adds the names of the own brand and its products, and of competitors (R50).
    ///
    /// ```
    /// use galateo::detect::{Detectors, ScanContext, Scratch, SignalKind};
    /// let detectors = Detectors::builder().brands(&["Acme"], &["Rival & Co"]).build()?;
    /// let mut scratch = Scratch::default();
    /// let signals = detectors.scan("passo a rival & co", &ScanContext::default(), &mut scratch);
    /// assert!(signals.has(&SignalKind::CompetitorMention) && !signals.has(&SignalKind::BrandMention));
    /// # Ok::<(), galateo::detect::LexiconError>(())
    /// ```
    #[must_use]
    pub fn brands(self, own: &[&str], competitors: &[&str]) -> Self {
        let mut text = String::from("lexicon = brands\nversion = 1\nlayer = brand\n");
        for (kind, names) in [("brand_mention", own), ("competitor_mention", competitors)] {
            text.push_str("[signal ");
            text.push_str(kind);
            text.push_str("]\n");
            for name in names {
                let plain: String = name.to_lowercase().replace(['|', '{', '}', '*', '#', '='], " ");
                if plain.chars().any(char::is_alphanumeric) {
                    text.push_str("1000 ");
                    text.push_str(plain.replace('\n', " ").trim());
                    text.push('\n');
                }
            }
        }
        self.lexicon(&text)
    }

    /// Takes another way to tell a language where function words do not decide; `None` for none.
    #[must_use]
    pub fn language_detector(mut self, detector: Option<Arc<dyn LanguageDetector>>) -> Self {
        self.language = detector;
        self
    }

    /// Takes other ceilings.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Compiles the lexicons.
    ///
    /// # Errors
    /// All faults of the lexicons that are errors, with their lines.
    pub fn build(self) -> Result<Detectors, LexiconError> {
        let (detectors, faults) = self.build_leniently();
        let errors: Vec<Diagnostic> = faults.into_iter().filter(|fault| fault.fault().is_error()).collect();
        if errors.is_empty() { Ok(detectors) } else { Err(LexiconError::new(errors)) }
    }

    /// Compiles what can be compiled, and returns all faults, warnings among them.
    #[must_use]
    pub fn build_leniently(self) -> (Detectors, Vec<Diagnostic>) {
        let mut faults = Vec::new();
        let compiled = lexicon::compile(self.built_in, &self.lexicons, &mut faults);
        let inner = Inner { compiled, language: self.language, limits: self.limits };
        (Detectors(Arc::new(inner)), faults)
    }
}
