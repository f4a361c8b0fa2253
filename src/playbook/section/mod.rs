//! The parts of a playbook beside its rules, one file a subject.

mod company;
mod rollout;
mod safety;
mod voice;

pub use company::{Brand, Crisis, Department, Level, Objective, Procedure, Queue, Relaxation, Team, Topic};
pub use rollout::{Feature, Stage};
pub use safety::{Autonomy, GateSettings, Privacy, Publication, PublishRule, Treatment};
pub use voice::{Answer, AnswerStatus, Article, Formality, Phrase, PhraseUse, Text, Tone};
