//! Gradual introduction: features, stages, caps and the criteria for going on.

use super::super::record;
use crate::model::{Channel, Tag, Timestamp, Word};

record! {
    /// Something that is introduced step by step (R32).
    pub struct Feature {
        /// Its name.
        pub id: Word,
        /// On which channels it exists; empty means all.
        pub channels: Vec<Channel> = default,
        /// The steps, the first that admits deciding.
        pub stages: Vec<Stage>,
    }
}

record! {
    /// One step of an introduction.
    pub struct Stage {
        /// Its name.
        pub id: Word,
        /// From when.
        pub from: Option<Timestamp>,
        /// Until when; a stage needs this or an exit criterion (R47).
        pub until: Option<Timestamp>,
        /// What must be true before the next stage begins, in the team's words.
        pub exit: Option<String>,
        /// The share of customers admitted, in hundredths of a percent, 0 to 10000, by a stable hash.
        pub share: u16 = 10000,
        /// Segments admitted (R34); empty means all.
        pub segments: Vec<Tag> = default,
        /// The greatest number of customers, exactly (R43).
        pub cap: Option<u32>,
    }
}
