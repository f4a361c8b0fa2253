//! Whether two replies on one topic offer the same (R28, R49, R73).

use serde::{Deserialize, Serialize};

use super::signal::{Promise, Signals};

/// What a reply offers: the kind of promise, the amount, the time.
///
/// ```
/// use galateo::detect::{Difference, Remedy};
/// let earlier = Remedy { kind: Some("refund".to_owned()), cents: Some(1000), within_minutes: None };
/// let draft = Remedy { cents: Some(2000), ..earlier.clone() };
/// assert_eq!(draft.differs_from(&earlier), Some(Difference::Amount));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "a plain record that hosts may write themselves")]
pub struct Remedy {
    /// The kind, by the tag of the promise.
    pub kind: Option<String>,
    /// The amount in hundredths of the currency's unit.
    pub cents: Option<u64>,
    /// The time within which it is to happen.
    pub within_minutes: Option<u32>,
}

/// In what two remedies of one kind differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Difference {
    /// The amounts differ.
    Amount,
    /// The times differ.
    Deadline,
}

impl From<&Promise> for Remedy {
    fn from(promise: &Promise) -> Self {
        Self {
            kind: promise.kind.as_ref().map(|kind| kind.as_str().to_owned()),
            cents: promise.cents,
            within_minutes: promise.within_minutes,
        }
    }
}

impl Remedy {
    /// The remedies of a reply.
    #[must_use]
    pub fn of(signals: &Signals) -> Vec<Self> {
        signals.promises.iter().map(Self::from).collect()
    }

    /// In what this remedy differs from an earlier one of the same kind; `None` if it does not, if the kinds are not the
    /// same, or if one of them leaves the matter open.
    #[must_use]
    pub fn differs_from(&self, earlier: &Self) -> Option<Difference> {
        let differ = |ours: Option<u64>, theirs: Option<u64>| {
            ours.zip(theirs).is_some_and(|(ours, theirs)| ours != theirs)
        };
        if self.kind.is_none() || self.kind != earlier.kind {
            None
        } else if differ(self.cents, earlier.cents) {
            Some(Difference::Amount)
        } else if differ(self.within_minutes.map(u64::from), earlier.within_minutes.map(u64::from)) {
            Some(Difference::Deadline)
        } else {
            None
        }
    }
}
