//! What reading the clocks of a conversation leaves for the next time.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::time::Timestamp;

/// Bytes of one state; what is longer was not written here.
const MAX_BYTES: usize = 1 << 16;

/// Two states of a conversation's clocks: as of the newest step, and as of an older one from which late
/// events are taken in. On the wire they are bytes of the module that reads clocks.
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

/// A state of clocks that is ready to go on from, in the form of the module that reads them.
pub(crate) trait ReadyState: Any + Send + Sync + UnwindSafe + RefUnwindSafe {
    /// Another of the same.
    fn duplicate(&self) -> Box<dyn ReadyState>;

    /// Writes it as bytes.
    fn write(&self, out: &mut Vec<u8>);
}

/// A state; on the wire hexadecimal digits.
pub(crate) enum State {
    /// As it was stored.
    Bytes(Vec<u8>),
    /// As it was left.
    Ready(Box<dyn ReadyState>),
}

impl ClockMemory {
    pub(super) const EMPTY: Self =
        Self { head: State::EMPTY, steps: 0, base: State::EMPTY, until: None, lossy: false };

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.head.is_empty() && self.base.is_empty() && self.until.is_none() && !self.lossy
    }

    /// The state after the newest step, and how many steps of the timeline it knows.
    pub(crate) const fn head(&self) -> (&State, usize) {
        (&self.head, self.steps)
    }

    /// The same, to be put down again.
    pub(crate) fn take_head(&mut self) -> (State, usize) {
        (std::mem::take(&mut self.head), std::mem::take(&mut self.steps))
    }

    /// The state from which late events are taken in, and the instant up to which it knows every step.
    pub(crate) fn base(&self) -> Option<(&State, Timestamp)> {
        self.until.map(|until| (&self.base, until))
    }

    /// The same, to be put down again.
    pub(crate) fn take_base(&mut self) -> Option<(State, Timestamp)> {
        self.until.take().map(|until| (std::mem::take(&mut self.base), until))
    }

    /// Puts down the state after the newest step.
    pub(crate) fn set_head(&mut self, steps: usize, state: Box<dyn ReadyState>) {
        (self.head, self.steps) = (State::Ready(state), steps);
    }

    /// Puts down the state from which late events are taken in.
    pub(crate) fn set_base(&mut self, state: Box<dyn ReadyState>, until: Timestamp) {
        (self.base, self.until) = (State::Ready(state), Some(until));
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
    const EMPTY: Self = Self::Bytes(Vec::new());

    const fn is_empty(&self) -> bool {
        matches!(self, Self::Bytes(bytes) if bytes.is_empty())
    }

    fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Bytes(bytes) => Cow::Borrowed(bytes),
            Self::Ready(state) => {
                let mut bytes = Vec::with_capacity(256);
                state.write(&mut bytes);
                Cow::Owned(bytes)
            }
        }
    }
}

impl Clone for State {
    fn clone(&self) -> Self {
        match self {
            Self::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Self::Ready(state) => Self::Ready(state.duplicate()),
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl fmt::Debug for State {
    /// How long it is: what it says is for the module that reads clocks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.bytes().len())
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

impl Eq for State {}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = self.bytes();
        // What could not be read back is not written.
        let kept = Some(&*bytes).filter(|bytes| bytes.len() <= MAX_BYTES).unwrap_or_default();
        let digits = kept.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
        let text: String = digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect();
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for State {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        read_digits(text.as_bytes())
            .map(Self::Bytes)
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
