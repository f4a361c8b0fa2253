//! What was found: place, kind, confidence and reason, never the value.

use std::ops::Range;

use serde::Serialize;

use super::kind::PiiKind;

/// A piece of personal data in a text.
///
/// Nothing in it repeats the text: it can be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PiiSpan {
    /// First byte of the text as it was sent.
    pub start: usize,
    /// The byte behind the last one.
    pub end: usize,
    /// What it is.
    pub kind: PiiKind,
    /// How sure, in percent.
    pub confidence: u8,
    /// Why.
    pub reason: Reason,
    /// Which of the tenant's patterns, or of the known names, in the order given; 0 for other kinds.
    pub entry: u16,
}

/// Why something counts as personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// A check digit or letter was verified.
    pub verified: bool,
    /// How the value was written.
    pub form: Form,
    /// What the words around it did.
    pub context: Lean,
}

/// How a value was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Form {
    /// Over two lines.
    Broken,
    /// With characters of other scripts, full-width ones or invisible ones among its own.
    Disguised,
    /// As usual, in one piece.
    #[default]
    Plain,
    /// With separators.
    Separated,
    /// In words.
    Spelled,
}

/// What the words around a value did to the belief in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Lean {
    /// They made it less likely.
    Lowered,
    /// They said nothing.
    #[default]
    None,
    /// They made it more likely.
    Raised,
}

impl PiiSpan {
    /// The bytes of the text.
    #[must_use]
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// The place counted in another unit of the same text.
    ///
    /// ```
    /// use galateo::detect::pii::{OffsetUnit, PiiContext, Redactor};
    /// let text = "😀 à mario@example.com";
    /// let found = Redactor::standard().find(text, &PiiContext::default());
    /// assert_eq!(found[0].range(), 8..25);
    /// assert_eq!(found[0].range_in(text, OffsetUnit::Utf16), 5..22);
    /// assert_eq!(found[0].range_in(text, OffsetUnit::CodePoints), 4..21);
    /// ```
    #[must_use]
    pub fn range_in(&self, text: &str, unit: OffsetUnit) -> Range<usize> {
        unit.count(text, self.start)..unit.count(text, self.end)
    }

    pub(super) const fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }

    pub(super) const fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// How offsets into a text are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::exhaustive_enums, reason = "the three units in which programs count text")]
pub enum OffsetUnit {
    /// Bytes of UTF-8: Rust, Go.
    #[default]
    Bytes,
    /// Unicode scalar values: Python.
    CodePoints,
    /// Units of UTF-16: JavaScript, Java, C#.
    Utf16,
}

impl OffsetUnit {
    fn count(self, text: &str, bytes: usize) -> usize {
        let head = text.get(..bytes).unwrap_or(text);
        match self {
            Self::Bytes => head.len(),
            Self::CodePoints => head.chars().count(),
            Self::Utf16 => head.chars().map(char::len_utf16).sum(),
        }
    }
}

/// Keeps, of spans that overlap, the ones believed most, then the longest; sorts by place.
pub(super) fn resolve(spans: &mut Vec<PiiSpan>) {
    if spans.len() < 2 {
        return;
    }
    spans.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end), span.kind, span.entry));
    let mut kept = 0_usize;
    for i in 0..spans.len() {
        let Some(span) = spans.get(i).copied() else { return };
        let mut wins = true;
        while let Some(last) =
            kept.checked_sub(1).and_then(|k| spans.get(k)).copied().filter(|k| k.overlaps(&span))
        {
            if beats(&span, &last) {
                kept = kept.saturating_sub(1);
            } else {
                wins = false;
                break;
            }
        }
        if wins {
            if let Some(slot) = spans.get_mut(kept) {
                *slot = span;
            }
            kept = kept.saturating_add(1);
        }
    }
    spans.truncate(kept);
}

/// A span that holds another and is not much less likely wins; else the more likely one.
fn beats(new: &PiiSpan, old: &PiiSpan) -> bool {
    (new.confidence, new.len(), std::cmp::Reverse(new.kind))
        > (old.confidence, old.len(), std::cmp::Reverse(old.kind))
}
