//! The request and answer of the line protocol.

use serde::{Deserialize, Serialize};

use super::kind::PiiKind;
use super::redactor::{PiiContext, Redactor};
use crate::model::Language;

/// A text to redact.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "the fields of the line protocol")]
pub struct RedactRequest {
    /// The text as it was sent.
    pub text: String,
    /// Its language, where known.
    #[serde(default)]
    pub lang: Option<Language>,
}

impl std::fmt::Debug for RedactRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedactRequest").field("bytes", &self.text.len()).field("lang", &self.lang).finish()
    }
}

/// The redacted text and what was found.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct RedactAnswer {
    /// The text as it may be shown.
    pub text: String,
    /// What was found, in bytes of the text as it was sent.
    pub spans: Vec<WireSpan>,
}

impl std::fmt::Debug for RedactAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedactAnswer").field("spans", &self.spans).finish_non_exhaustive()
    }
}

/// A span as the line protocol writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WireSpan {
    /// First byte.
    pub start: usize,
    /// The byte behind the last one.
    pub end: usize,
    /// What it is.
    pub kind: PiiKind,
    /// How sure, in percent.
    pub confidence: u8,
}

impl RedactRequest {
    /// Redacts the text as a message of a customer that everyone can read.
    ///
    /// ```
    /// use galateo::detect::pii::{RedactRequest, Redactor};
    /// let request: RedactRequest = serde_json::from_str(r#"{"text":"scrivimi a ada@example.org"}"#)?;
    /// let answer = request.answer(&Redactor::standard());
    /// assert_eq!(serde_json::to_string(&answer)?,
    ///     r#"{"text":"scrivimi a [EMAIL_1]","spans":[{"start":11,"end":26,"kind":"email","confidence":96}]}"#);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn answer(&self, redactor: &Redactor) -> RedactAnswer {
        let context = PiiContext { language: self.lang, ..PiiContext::default() };
        let redaction = redactor.redact(&self.text, &context);
        let spans = redaction
            .spans
            .iter()
            .map(|span| WireSpan {
                start: span.start,
                end: span.end,
                kind: span.kind,
                confidence: span.confidence,
            })
            .collect();
        RedactAnswer { text: redaction.text, spans }
    }
}
