//! Patterns of a tenant's own codes.

use std::fmt;

use regex::{Regex, RegexBuilder};

use super::kind::PiiKind;
use super::span::{Form, Lean, PiiSpan, Reason};
use crate::Limits;

/// The most matches of one pattern in one text.
const MOST_MATCHES: usize = 64;
/// The longest code that a pattern can describe, in bytes.
const LONGEST: usize = 64;

/// A regular expression for a tenant's codes, such as `CL-[0-9]{6}`, with a name for its label.
///
/// It is matched against single words alone (what stands between blanks), so that its work is linear whatever it says;
/// `\b` and the classes are those of ASCII.
///
/// ```
/// use galateo::detect::pii::{PiiContext, Redactor, TenantPattern};
/// let redactor = Redactor::builder().pattern(TenantPattern::new("customer_code", "CL-[0-9]{6}")?).build();
/// let redaction = redactor.redact("sono il cliente cl-004711, grazie", &PiiContext::default());
/// assert_eq!(redaction.text, "sono il cliente [CUSTOMER_CODE_1], grazie");
/// # Ok::<(), galateo::detect::pii::PatternError>(())
/// ```
#[derive(Clone)]
pub struct TenantPattern {
    label: String,
    pattern: Regex,
    /// The same anywhere in a text, to pass over most texts at once; none where it speaks of the ends of a text.
    anywhere: Option<Regex>,
}

/// Why a pattern was refused; it never repeats the pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// The name is not one to 32 letters, digits and underscores.
    #[error("the name of a pattern is 1 to 32 letters, digits and underscores, starting with a letter")]
    Name,
    /// The pattern is longer than 512 bytes.
    #[error("a pattern has at most 512 bytes")]
    Long,
    /// The pattern is no regular expression, or too large a one.
    #[error(
        "not a regular expression of the supported kind, or too large a one; write classes and counts such as `[0-9]{{6}}`"
    )]
    Syntax,
    /// The pattern matches the empty text.
    #[error("the pattern matches the empty text")]
    Empty,
}

impl TenantPattern {
    /// Compiles a pattern; capitals and small letters are the same.
    ///
    /// # Errors
    /// A name that is no word, a pattern that is too long, too large, not regular or matches nothing at all.
    pub fn new(name: &str, pattern: &str) -> Result<Self, PatternError> {
        let legal = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.len() <= 32
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !legal {
            return Err(PatternError::Name);
        }
        if pattern.len() > Limits::DEFAULT.pattern_bytes {
            return Err(PatternError::Long);
        }
        let speaks_of_ends = ["^", "$", "\\A", "\\z"].iter().any(|end| pattern.contains(end));
        let anywhere = if speaks_of_ends { None } else { Some(compile(&format!("(?-u:{pattern})"))?) };
        let pattern = compile(&format!("(?-u:^(?:{pattern})$)"))?;
        if pattern.is_match("") {
            return Err(PatternError::Empty);
        }
        Ok(Self { label: name.to_ascii_uppercase(), pattern, anywhere })
    }

    pub(super) fn label(&self) -> &str {
        &self.label
    }

    /// Finds the words that the pattern matches as a whole.
    pub(super) fn find(&self, text: &str, entry: u16, out: &mut Vec<PiiSpan>) {
        if self.anywhere.as_ref().is_some_and(|anywhere| !anywhere.is_match(text)) {
            return;
        }
        let words = text
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')' | '"' | '!' | '?' | ':'));
        let mut found = 0_usize;
        let mut at = 0_usize;
        for word in words {
            let trimmed = word.trim_end_matches('.');
            let matches = (1..=LONGEST).contains(&trimmed.len()) && self.pattern.is_match(trimmed);
            if matches && found < MOST_MATCHES {
                found = found.saturating_add(1);
                let reason = Reason { verified: false, form: Form::Plain, context: Lean::None };
                let end = at.saturating_add(trimmed.len());
                out.push(PiiSpan {
                    start: at,
                    end,
                    kind: PiiKind::TenantCode,
                    confidence: 90,
                    reason,
                    entry,
                });
            }
            at = at.saturating_add(word.len()).saturating_add(
                text.get(at.saturating_add(word.len())..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(0, char::len_utf8),
            );
        }
    }
}

fn compile(pattern: &str) -> Result<Regex, PatternError> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .size_limit(Limits::DEFAULT.compiled_pattern_bytes)
        .dfa_size_limit(Limits::DEFAULT.compiled_pattern_bytes)
        .build()
        .map_err(|_| PatternError::Syntax)
}

impl fmt::Debug for TenantPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantPattern").field("label", &self.label).finish_non_exhaustive()
    }
}
