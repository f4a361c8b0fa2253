//! Where something stands in a text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::num::{narrow, wide};

/// Byte offsets into a text as it was sent: `start` inclusive, `end` exclusive, both on character boundaries.
///
/// ```
/// use galateo::text::Span;
/// let span = Span { start: 5, end: 9 };
/// assert_eq!(&"ciao mare"[span.range()], "mare");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "a span is its two ends")]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span as a range, to slice with.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        wide(self.start)..wide(self.end)
    }

    /// Whether the two spans share a byte.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether every byte of `other` lies in this span.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Self { start: narrow(range.start), end: narrow(range.end) }
    }
}
