//! A rule: when it applies, and what it then does.

use super::choice;

choice! {
    /// What a rule does when the facts do not tell whether its condition holds.
    #[derive(Copy, Default)]
    pub enum OnUnknown {
        /// The rule matches, and the decision counts as made in doubt: for privacy and other rules that must fail closed.
        FailClosed,
        /// The rule matches.
        Match,
        /// The rule does not match.
        #[default]
        Skip,
    }
}
