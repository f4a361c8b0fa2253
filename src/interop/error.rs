//! Why a payload could not be read.

use std::fmt;

use crate::model::{IdError, TimeError};

/// Why a payload could not be read: a place in it and what is wrong there, never what stood there.
///
/// ```
/// use galateo::interop::{Connection, Vendor};
/// let error = Vendor::Chatwoot.read(r#"{"event": 5}"#, &Connection::default()).unwrap_err();
/// assert_eq!((error.code(), error.path()), ("interop_type", "/event"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InteropError {
    path: String,
    problem: Problem,
}

/// What is wrong with a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The identifier is none that the model takes.
    #[error("{0}")]
    Identifier(#[from] IdError),
    /// The instant cannot be read.
    #[error("{0}")]
    Instant(#[from] TimeError),
    /// A needed field is missing or null.
    #[error("a needed field is missing")]
    Missing,
    /// The text is no JSON.
    #[error("the payload is not JSON")]
    NotJson,
    /// The identifier is a number with a fraction or an exponent, whose last digits may be wrong.
    #[error("identifier sent as a rounded number")]
    Rounded,
    /// The number is too large or too small for the unit in which the vendor documents it.
    #[error("instant in another unit than the documented one")]
    Unit,
    /// The value is of another type than the documented one.
    #[error("{0} was expected")]
    Type(&'static str),
}

impl Problem {
    const fn code(self) -> &'static str {
        match self {
            Self::Identifier(_) => "interop_identifier",
            Self::Instant(_) => "interop_instant",
            Self::Missing => "interop_missing",
            Self::NotJson => "interop_json",
            Self::Rounded => "interop_rounded",
            Self::Type(_) => "interop_type",
            Self::Unit => "interop_unit",
        }
    }
}

impl InteropError {
    pub(super) const fn new(path: String, problem: Problem) -> Self {
        Self { path, problem }
    }

    /// The stable code of the problem, such as `interop_missing`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.problem.code()
    }

    /// Where it is, as a JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)); empty for the whole payload.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong.
    #[must_use]
    pub const fn problem(&self) -> Problem {
        self.problem
    }
}

impl fmt::Display for InteropError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => write!(f, "{}", self.problem),
            path => write!(f, "{path}: {}", self.problem),
        }
    }
}

impl std::error::Error for InteropError {}
