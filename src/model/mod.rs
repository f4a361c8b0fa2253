//! The nouns that the host hands in: values without behaviour of their own.

mod id;
mod language;
mod sensitive;
mod surface;
mod time;

pub use id::{
    AccountId, AgentId, ConversationId, CustomerId, DepartmentId, EventId, IdError, MAX_ID_BYTES, MessageId,
    QueueId, ReferralId, RuleId, SkillId, Tag, TopicId,
};
pub use language::{Language, Subtag};
pub use sensitive::Sensitive;
pub use surface::{Channel, Surface, SurfaceError, SurfaceKind, Visibility, Word};
pub use time::{Seconds, TimeError, Timestamp};
