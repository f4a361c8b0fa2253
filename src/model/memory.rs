//! What reading the clocks of a conversation leaves for the next time.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::time::Timestamp;

/// Bytes of one state; what is longer was not written here.
const MAX_BYTES: usize = 1 << 16;

/// Two states of a conversation's clocks, in the bytes of the module that reads clocks: as of the newest
/// step, and as of an older one from which late events are taken in.
///
/// With it the clocks of a conversation are right after any number of events, although the timeline keeps
/// the newest alone. It belongs to one list of policies; another starts again from the timeline.
///
/// ```
/// use galateo::model::ClockMemory;
/// assert!(ClockMemory::default().is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClockMemory {
    /// The state after the newest step.
    #[serde(skip_serializing_if = "State::is_empty")]
    head: State,
    /// Steps of the timeline that `head` knows.
    steps: usize,
    /// The state after every step up to `until`.
    #[serde(skip_serializing_if = "State::is_empty")]
    base: State,
    /// What `base` knows reaches so far.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    /// Whether steps that `base` knows have left the timeline, so that only `base` can tell of them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    lossy: bool,
}

/// Bytes, on the wire as hexadecimal digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct State(Vec<u8>);

impl ClockMemory {
    pub(super) const EMPTY: Self =
        Self { head: State(Vec::new()), steps: 0, base: State(Vec::new()), until: None, lossy: false };

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    /// The state after the newest step, and how many steps of the timeline it knows.
    pub(crate) fn head(&self) -> (&[u8], usize) {
        (&self.head.0, self.steps)
    }

    /// The state from which late events are taken in, and the instant up to which it knows every step.
    pub(crate) fn base(&self) -> Option<(&[u8], Timestamp)> {
        self.until.map(|until| (self.base.0.as_slice(), until))
    }

    /// Puts down the state after the newest step.
    pub(crate) fn set_head(&mut self, steps: usize, write: impl FnOnce(&mut Vec<u8>)) {
        self.head.0.clear();
        write(&mut self.head.0);
        self.steps = steps;
    }

    /// Puts down the state from which late events are taken in.
    pub(crate) fn set_base(&mut self, state: Vec<u8>, until: Timestamp) {
        (self.base, self.until) = (State(state), Some(until));
    }

    /// Takes note that an event was recorded at `at` as the step number `place` of the timeline.
    pub(super) fn disturb(&mut self, place: usize, at: Timestamp) {
        if place < self.steps {
            (self.head, self.steps) = (State::default(), 0);
        }
        // What only the base can tell of is worth more than an event from before it.
        if !self.lossy && self.until.is_some_and(|until| at <= until) {
            (self.base, self.until) = (State::default(), None);
        }
    }

    /// Takes note that `gone` of the first steps have left the timeline.
    pub(super) fn forget(&mut self, gone: usize) {
        self.steps = self.steps.saturating_sub(gone);
        self.lossy |= gone > 0;
    }

    /// Takes note that steps have left which no state may know.
    pub(super) fn start_again(&mut self) {
        (self.head, self.steps) = (State::default(), 0);
        self.lossy |= self.until.is_some();
    }
}

impl State {
    const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = self.0.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
        let text: String = digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect();
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for State {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        read_digits(text.as_bytes())
            .map(Self)
            .ok_or_else(|| D::Error::custom("no remembered state of clocks"))
    }
}

fn read_digits(text: &[u8]) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_chunks::<2>();
    let digit = |byte: u8| {
        let value = char::from(byte).to_digit(16).filter(|_| !byte.is_ascii_uppercase());
        value.and_then(|value| u8::try_from(value).ok())
    };
    if !rest.is_empty() || pairs.len() > MAX_BYTES {
        return None;
    }
    pairs.iter().map(|[high, low]| Some((digit(*high)? << 4) | digit(*low)?)).collect()
}
