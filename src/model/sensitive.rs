//! A wrapper for what must never be printed.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// Customer text or personal data: readable on purpose through [`expose`](Self::expose), never by accident.
///
/// It has no `Display` and no `Serialize`, and its `Debug` prints the type's role alone.
///
/// ```
/// use galateo::model::Sensitive;
/// let text = Sensitive::new(String::from("my card is 4111 1111 1111 1111"));
/// assert_eq!(format!("{text:?}"), "[sensitive]");
/// assert!(text.expose().starts_with("my card"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Wraps a value.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself; the caller answers for where it goes.
    #[must_use]
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Unwraps the value; the caller answers for where it goes.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl From<&str> for Sensitive<String> {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sensitive]")
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Sensitive<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}
