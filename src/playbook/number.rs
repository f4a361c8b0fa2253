//! Numbers that compare exactly, whole or not.

use std::fmt;

use serde::{Serialize, Serializer};

/// A whole number of 64 bits or a finite double, in one exact order; `-0.0` is `0`.
///
/// ```
/// use galateo::playbook::Number;
/// assert_eq!(Number::from_f64(-0.0), Some(Number::from(0)));
/// assert!(Number::from_f64(0.5).unwrap() > Number::from(0));
/// assert!(Number::from(9_007_199_254_740_993) > Number::from_f64(9_007_199_254_740_992.0).unwrap());
/// assert_eq!(Number::from_f64(f64::NAN), None);
/// ```
// A double is kept as its whole part and the sortable bits of the rest. Both parts have the sign of
// the number, so that comparing them in turn is comparing the numbers; nothing is rounded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    whole: i64,
    rest: i64,
}

/// 2^63, the first double above every `i64`.
const BEYOND: f64 = 9_223_372_036_854_775_808.0;
/// -2^63, the least `i64`.
const LEAST: f64 = -9_223_372_036_854_775_808.0;

impl Number {
    /// A finite double; `None` for NaN and the infinities.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        if value >= BEYOND {
            return Some(Self { whole: i64::MAX, rest: sortable(value) });
        }
        if value < LEAST {
            return Some(Self { whole: i64::MIN, rest: sortable(value) });
        }
        Some(Self { whole: whole(value), rest: sortable(value.fract()) })
    }

    /// The nearest double.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        join(self.whole, f64::from_bits(unsorted(self.rest)))
    }

    /// The whole number next to it on the side of zero.
    pub(crate) const fn truncated(self) -> i64 {
        self.whole
    }

    /// The number, where it is whole and has 64 bits.
    #[must_use]
    pub const fn as_i64(self) -> Option<i64> {
        if self.rest == 0 { Some(self.whole) } else { None }
    }
}

#[expect(clippy::as_conversions, reason = "the caller has checked that the whole part fits")]
const fn whole(value: f64) -> i64 {
    value as i64
}

#[expect(clippy::as_conversions, clippy::float_arithmetic, reason = "the two parts came from one double")]
fn join(whole: i64, rest: f64) -> f64 {
    if rest.abs() >= 1.0 { rest } else { whole as f64 + rest }
}

/// Bits of a double that sort as integers as the doubles sort; both zeros are 0.
const fn sortable(value: f64) -> i64 {
    let bits = value.to_bits().cast_signed();
    if bits == i64::MIN {
        0
    } else if bits < 0 {
        bits ^ i64::MAX
    } else {
        bits
    }
}

const fn unsorted(bits: i64) -> u64 {
    (if bits < 0 { bits ^ i64::MAX } else { bits }).cast_unsigned()
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        Self { whole, rest: 0 }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_i64() {
            Some(n) => fmt::Display::fmt(&n, f),
            None => fmt::Display::fmt(&self.as_f64(), f),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_i64() {
            Some(n) => serializer.serialize_i64(n),
            None => serializer.serialize_f64(self.as_f64()),
        }
    }
}
