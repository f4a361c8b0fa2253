//! Mergeable measures of what spans conversations; the host keeps them.
//!
//! The host reports [`Fact`]s; a [`Recorder`] counts each once into the [`Summary`] of its period. Summaries
//! of shards [`merge`](Merge::merge) in any order; [`Shards`] makes merging idempotent as well. From
//! summaries follow comparisons, coverage, standings, reputation risk and staffing, and a [`Report`] for
//! people. A [`Pulse`] watches for sudden rises of volume and a [`Vigil`] turns them into a mode. A
//! [`Rollout`] with its [`Enrolment`] says who takes part in a pilot.
//!
//! All arithmetic is in whole numbers that saturate; nothing here reads text or knows a playbook.

mod bounded;
mod comparison;
mod distinct;
mod distribution;
mod enrolment;
mod fact;
mod fairness;
mod hash;
mod measures;
mod number;
mod pulse;
mod report;
mod reputation;
mod responsiveness;
mod rollout;
mod shards;
mod share;
mod summary;
mod vigil;
mod workload;

pub use bounded::{Bounded, Merge};
pub use comparison::{
    Change, Comparison, Coverage, MixShift, RemedyConflict, coverage, mix_shift, remedy_conflicts,
};
pub use distinct::Distinct;
pub use distribution::{Distribution, RESPONSE_FLOOR, RESPONSE_LIMIT, RESPONSE_TARGET, Within};
pub use enrolment::{Enrolled, Enrolment, MAX_CAP};
pub use fact::{Currency, Fact, Feeling, Mention, Observation, Sentiment};
pub use fairness::{Fairness, Gap, MAX_GROUPS};
pub use hash::{fnv1a, split_mix};
pub use measures::{Measures, Satisfaction, Tally, Tones};
pub use pulse::{Arrival, MAX_SERIES, Pulse, PulseSettings, Rise, SeriesKey};
pub use report::{Report, Row};
pub use reputation::ReputationRisk;
pub use responsiveness::{CLASSES, ClassRule, Responsiveness, Standing};
pub use rollout::{Admission, ExitCriterion, MAX_STAGES, Rollout, RolloutFault, Stage, rollout_slot};
pub use shards::{Shard, Shards};
pub use share::Share;
pub use summary::{
    ChannelMeasures, MAX_CHANNELS, MAX_TOPICS, Period, RECENT_FACTS, Recorded, Recorder, Summary,
};
pub use vigil::Vigil;
pub use workload::{Forecast, Promotion, Staffing};
