//! The nouns that the host hands in: values without behaviour of their own.

mod conversation;
mod customer;
mod desk;
mod draft;
mod event;
mod history;
mod id;
mod language;
mod memory;
mod message;
mod sensitive;
mod surface;
mod time;
mod timeline;
pub(crate) mod words;

pub use conversation::{
    Assignment, Conversation, Counts, Dated, Learned, Opened as OpenedBy, Opening, Promise, Referral,
    STATE_VERSION,
};
pub use customer::{Consent, Customer, Identity, Order, OrderState, Touch};
pub use desk::{Agent, Desk, Mode, Presence, Waiting};
pub use draft::Draft;
pub use event::{
    Actor, Assigned, ComplaintMoved, ComplaintState, Deleted, Delivery, DeliveryState, Edited, Event,
    EventKind, IdentityMerged, Linked, Moved, Opened, Opener, Priority, PriorityChanged, PromiseMade,
    PromiseRef, Rated, Reaction, ReferralAsked, ReferralRef, Role, Status, StatusChanged, Tagged, Timer,
};
pub use id::{
    AccountId, AgentId, ConversationId, CustomerId, DepartmentId, DocumentRef, EventId, IdError,
    MAX_ID_BYTES, MessageId, QueueId, ReferralId, RuleId, SkillId, Tag, TopicId,
};
pub use language::{Language, Subtag};
pub use memory::ClockMemory;
pub(crate) use memory::{ReadyState, State};
pub use message::{Attachment, AttachmentKind, Message, Rating, Score, SignalName, SourceName};
pub use sensitive::Sensitive;
pub use surface::{Channel, Surface, SurfaceError, SurfaceKind, Visibility};
pub use time::{Seconds, TimeError, Timestamp};
pub use timeline::{Creator, Step, Timeline};
pub use words::{Word, WordError};
