//! What is wrong with a calendar or a policy, in the words of its author.

use std::fmt;

/// One fault of a document: where it is, what it is, and what to do.
///
/// ```
/// use galateo::schedule::{Calendar, CalendarSpec};
/// let spec = CalendarSpec { tz: "Europe/Atlantis".into(), ..CalendarSpec::default() };
/// let faults = Calendar::new(&spec).unwrap_err();
/// assert_eq!(faults.list()[0].code, "unknown_zone");
/// assert_eq!(faults.list()[0].path, "/tz");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpecFault {
    /// A stable name of the kind of fault.
    pub code: &'static str,
    /// Where in the document, as a JSON pointer.
    pub path: String,
    /// What is wrong.
    pub message: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

impl SpecFault {
    pub(crate) fn new(
        code: &'static str,
        path: impl Into<String>,
        message: &'static str,
        help: &'static str,
    ) -> Self {
        Self { code, path: path.into(), message, help }
    }
}

/// All faults of a document, in its order; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecFaults(Vec<SpecFault>);

impl SpecFaults {
    pub(crate) fn one(fault: SpecFault) -> Self {
        Self(vec![fault])
    }

    /// `Ok` where there are none.
    pub(crate) fn check(faults: Vec<SpecFault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self(faults)) }
    }

    /// The same faults with `prefix` before every path.
    pub(crate) fn under(self, prefix: &str) -> Vec<SpecFault> {
        let under = |fault: SpecFault| SpecFault { path: format!("{prefix}{}", fault.path), ..fault };
        self.0.into_iter().map(under).collect()
    }

    /// The faults under a longer path.
    pub(crate) fn below(self, prefix: &str) -> Self {
        Self(self.under(prefix))
    }

    /// The faults with one beginning of their paths put for another.
    pub(crate) fn moved(self, from: &str, to: &str) -> Self {
        let moved = |fault: SpecFault| {
            let path = fault.path.strip_prefix(from).map(|rest| format!("{to}{rest}"));
            SpecFault { path: path.unwrap_or(fault.path), ..fault }
        };
        Self(self.0.into_iter().map(moved).collect())
    }

    /// The faults, at least one.
    #[must_use]
    pub fn list(&self) -> &[SpecFault] {
        &self.0
    }
}

impl fmt::Display for SpecFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.0.iter().enumerate() {
            let separator = if i == 0 { "" } else { "; " };
            write!(f, "{separator}{} at {}", fault.message, fault.path)?;
        }
        Ok(())
    }
}

impl std::error::Error for SpecFaults {}
