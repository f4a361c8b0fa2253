//! A proportion that never loses its denominator.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::number::mul_div;

/// A part of a whole, both stated, so that "80 %" can always be asked "of what" (R88, R101).
///
/// ```
/// use galateo::measure::Share;
/// let answered = Share { part: 41, whole: 50 };
/// assert_eq!(answered.per_ten_thousand(), Some(8200));
/// assert_eq!(answered.to_string(), "41/50 (82.0 %)");
/// assert_eq!(Share { part: 0, whole: 0 }.to_string(), "0/0");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// How many of the whole.
    pub part: u64,
    /// The denominator.
    pub whole: u64,
}

impl Share {
    /// A part of a whole.
    #[must_use]
    pub const fn new(part: u64, whole: u64) -> Self {
        Self { part, whole }
    }

    /// The proportion in ten-thousandths, halves up; `None` where the whole is nought.
    #[must_use]
    pub fn per_ten_thousand(self) -> Option<u64> {
        mul_div(self.part, 10_000, self.whole)
    }

    /// Whether the proportion reaches `floor` ten-thousandths, without rounding; an empty whole reaches none but nought.
    #[must_use]
    pub fn reaches(self, floor: u64) -> bool {
        let part = u128::from(self.part).saturating_mul(10_000);
        part >= u128::from(self.whole).saturating_mul(u128::from(floor)) && (self.whole > 0 || floor == 0)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.whole)?;
        match mul_div(self.part, 1000, self.whole) {
            Some(per_mille) => write!(f, " ({}.{} %)", per_mille / 10, per_mille % 10),
            None => Ok(()),
        }
    }
}
