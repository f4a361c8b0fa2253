//! The parts of a playbook beside its rules, one file a subject.

mod case;
mod company;
mod rollout;
mod safety;
mod time;
mod voice;

pub(crate) use case::Scene;
pub use case::{Expected, Given, TestCase};
pub use company::{
    Account, Brand, BrandPromise, Crisis, Department, Level, Objective, Procedure, Queue, Relaxation, Team,
    Topic,
};
pub use rollout::{Feature, Stage};
pub use safety::{Autonomy, GateSettings, Privacy, Publication, PublishRule};
pub use time::ClockPolicy;
pub use voice::{Answer, AnswerStatus, Article, Formality, Phrase, PhraseUse, Text, Tone};
