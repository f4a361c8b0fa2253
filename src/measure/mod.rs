//! Mergeable summaries of what spans conversations, kept by the host.

mod bounded;
mod distinct;
mod distribution;
mod enrolment;
mod fact;
mod hash;
mod measures;
mod number;
mod pulse;
mod shards;
mod share;
mod summary;
mod vigil;

pub use bounded::{Bounded, Merge};
pub use distinct::Distinct;
pub use distribution::{Distribution, RESPONSE_FLOOR, RESPONSE_LIMIT, RESPONSE_TARGET, Within};
pub use enrolment::{Enrolled, Enrolment, MAX_CAP};
pub use fact::{Currency, Fact, Feeling, Mention, Observation, Sentiment};
pub use hash::{fnv1a, split_mix};
pub use measures::{Measures, Satisfaction, Tally, Tones};
pub use pulse::{Arrival, MAX_SERIES, Pulse, PulseSettings, Rise, SeriesKey};
pub use shards::{Shard, Shards};
pub use share::Share;
pub use summary::{
    ChannelMeasures, MAX_CHANNELS, MAX_TOPICS, Period, RECENT_FACTS, Recorded, Recorder, Summary,
};
pub use vigil::Vigil;
