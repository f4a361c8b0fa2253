//! The `length` request of the line protocol and its answer.

use serde::{Deserialize, Serialize};

use super::{Counting, Unit, measure_with};
use crate::channel::{ChannelFacts, resolve_surface};
use crate::model::Sensitive;

/// A request to measure a text.
///
/// ```
/// use galateo::channel::{ChannelFacts, LengthRequest};
/// let request: LengthRequest = serde_json::from_str(r#"{"text": "Ciao", "surface": "x"}"#)?;
/// let answer = request.answer(ChannelFacts::built_in())?;
/// assert_eq!(
///     serde_json::to_string(&answer)?,
///     r#"{"used":4,"limit":280,"unit":"x_weighted","fits":true}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "the two fields are the protocol")]
pub struct LengthRequest {
    /// The text to measure.
    pub text: Sensitive<String>,
    /// The surface, as [`resolve_surface`] reads it.
    pub surface: String,
}

/// The answer to a [`LengthRequest`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "the four fields are the protocol")]
pub struct LengthAnswer {
    /// How much the text takes, in `unit`.
    pub used: u32,
    /// How much the surface takes, in `unit`; null where no limit is published.
    pub limit: Option<u32>,
    /// The unit of both.
    pub unit: Unit,
    /// Whether the text is within every limit of the surface.
    pub fits: bool,
}

/// Why a text cannot be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LengthError {
    /// The surface is not a word.
    #[error("not a surface: write a channel or channel/kind, such as x or instagram/comment")]
    Surface,
}

impl LengthRequest {
    /// Measures the text with the given facts.
    ///
    /// # Errors
    /// [`LengthError::Surface`] where `surface` names none, known or not.
    pub fn answer(&self, facts: &ChannelFacts) -> Result<LengthAnswer, LengthError> {
        let surface = resolve_surface(&self.surface).ok_or(LengthError::Surface)?;
        let length = measure_with(self.text.expose(), &surface, facts, &Counting::default());
        Ok(LengthAnswer { used: length.used, limit: length.limit, unit: length.unit, fits: length.fits })
    }
}
