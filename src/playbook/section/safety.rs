//! What must not be shown or said: treatment of personal data, autonomy, the settings of the gate.

use super::super::{choice, record};
use crate::model::{Seconds, Visibility, Word};

choice! {
    /// Whether a kind of data may be shown (R23).
    #[derive(Copy, PartialOrd, Ord)]
    pub enum Publication {
        /// It may.
        Allowed,
        /// With all but its last signs covered.
        Masked,
        /// Never.
        Never,
    }
}

record! {
    /// Whether a kind of data may be shown where (R23).
    pub struct PublishRule {
        /// The kind, such as `email` or `order_code`.
        pub kind: Word,
        /// Where.
        pub visibility: Visibility,
        /// Whether.
        pub may: Publication,
    }
}

record! {
    /// How personal data is treated.
    #[derive(Default)]
    pub struct Privacy {
        /// Kinds with a treatment of their own; all others get a label.
        pub publish: Vec<PublishRule> = default,
        /// Further patterns that count as personal data here, such as the company's order codes.
        pub patterns: std::collections::BTreeMap<Word, String> = default,
    }
}

record! {
    /// What a role may decide alone (R68).
    pub struct Autonomy {
        /// The role.
        pub role: Word,
        /// The remedy, such as `refund` or `voucher`.
        pub remedy: Word,
        /// Up to what amount, in cents.
        pub up_to: i64,
    }
}

record! {
    /// How strict the review of replies is.
    pub struct GateSettings {
        /// From what similarity to an earlier public reply a draft counts as a copy, 0 to 1000 (R73).
        pub reuse: u16 = 500,
        /// From what similarity to a forbidden answer a draft is blocked, 0 to 1000 (R72).
        pub forbidden: u16 = 500,
        /// Whether a claim without ground holds the draft back instead of warning (R111).
        pub hold_ungrounded: bool = false,
        /// Whether a bot must say that it is one.
        pub disclose_bots: bool = true,
        /// Who approves what the author may not send alone; left out, `supervisor`.
        pub approval_by: Option<Word>,
        /// How long an approval holds.
        pub approval_holds: Seconds = (Seconds::hours(1)),
        /// Codes of findings that do not count here.
        pub waived: Vec<Word> = default,
    }
}

impl Default for GateSettings {
    fn default() -> Self {
        Self {
            reuse: 500,
            forbidden: 500,
            hold_ungrounded: false,
            disclose_bots: true,
            approval_by: None,
            approval_holds: Seconds::hours(1),
            waived: Vec::new(),
        }
    }
}
