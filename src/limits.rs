//! Every ceiling of the crate, in one place.

/// The ceilings within which the engine works; each has a reasoned default and can be lowered.
///
/// A ceiling that is hit while *building* is an error that names it; one that is hit while *running*
/// shows in the result as degraded and makes the decision more careful, never less.
///
/// ```
/// use galateo::Limits;
/// let limits = Limits { message_bytes: 4096, ..Limits::DEFAULT };
/// assert_eq!(limits.rules, 100_000);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "hosts write it with struct update syntax, which keeps working as fields join"
)]
pub struct Limits {
    /// Bytes of a message that are read; the rest is not looked at and the result says so.
    pub message_bytes: usize,
    /// Signals kept for one message.
    pub signals: usize,
    /// Bytes of a playbook document.
    pub document_bytes: usize,
    /// Nesting of a document and of a condition.
    pub depth: usize,
    /// Rules of a playbook, all families and layers together.
    pub rules: usize,
    /// Conditions of one rule.
    pub conditions_per_rule: usize,
    /// Literals of one condition.
    pub literals: usize,
    /// Regular expressions of a playbook.
    pub patterns: usize,
    /// Bytes of one regular expression.
    pub pattern_bytes: usize,
    /// Bytes of one compiled regular expression.
    pub compiled_pattern_bytes: usize,
}

impl Limits {
    /// The ceilings that hold unless the host says otherwise.
    pub const DEFAULT: Self = Self {
        message_bytes: 64 * 1024,
        signals: 256,
        document_bytes: 64 * 1024 * 1024,
        depth: 32,
        rules: 100_000,
        conditions_per_rule: 256,
        literals: 4096,
        patterns: 256,
        pattern_bytes: 512,
        compiled_pattern_bytes: 64 * 1024,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
