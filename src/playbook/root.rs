//! The whole of a playbook as its authors write it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    Account, Answer, Article, Autonomy, Brand, BrandPromise, ClockPolicy, Crisis, Department, Directive,
    Feature, FieldDeclaration, GateSettings, Level, Objective, Phrase, Privacy, Procedure, Queue, Rule, Team,
    TestCase, Text, Tone, Topic, record,
};
use crate::model::{Language, Word};
use crate::schedule::CalendarSpec;

/// The version of the form that this release reads.
pub const SCHEMA_VERSION: u32 = 1;

record! {
    /// What a team writes: how the company behaves, as data.
    pub struct Playbook {
        /// The version of the document's form; this release reads 1.
        pub schema: u32 = 1,
        /// Its name.
        pub name: Word,
        /// Its version, in the team's own counting.
        pub version: Arc<str>,
        /// The languages to answer in, the main one first.
        pub languages: Vec<Language>,
        /// Who the company is.
        pub brand: Brand = default,
        /// What the team wants on each channel.
        pub objectives: Vec<Objective> = default,
        /// What customers write about.
        pub topics: Vec<Topic> = default,
        /// Who answers.
        pub queues: Vec<Queue> = default,
        /// Teams that share the playbook.
        pub teams: Vec<Team> = default,
        /// Whom to ask.
        pub departments: Vec<Department> = default,
        /// The ladder of responsibility.
        pub levels: Vec<Level> = default,
        /// The company's own accounts.
        pub accounts: Vec<Account> = default,
        /// Texts that rules refer to.
        pub texts: Vec<Text> = default,
        /// What the brand promises to everybody.
        pub promises: Vec<BrandPromise> = default,
        /// What is introduced step by step.
        pub features: Vec<Feature> = default,
        /// Fields that the host adds to those built in.
        pub fields: BTreeMap<Word, FieldDeclaration> = default,
        /// How personal data is treated.
        pub privacy: Privacy = default,
        /// How strict the review of replies is.
        pub gate: GateSettings = (GateSettings::default()),
        /// What roles may decide alone.
        pub autonomy: Vec<Autonomy> = default,
        /// How the company sounds.
        pub tones: Vec<Tone> = default,
        /// Things to say and not to say.
        pub phrases: Vec<Phrase> = default,
        /// Answers to learn from, and forbidden ones.
        pub answers: Vec<Answer> = default,
        /// The knowledge base.
        pub articles: Vec<Article> = default,
        /// What to do in a situation.
        pub procedures: Vec<Procedure> = default,
        /// What changes in a crisis.
        pub crisis: Option<Crisis>,
        /// Opening hours, by name; the one named `desk` is the company's.
        pub calendars: BTreeMap<Word, CalendarSpec> = default,
        /// What is promised, and in which hours; the first that matches holds.
        pub sla: Vec<ClockPolicy> = default,
        /// The rules.
        pub rules: Vec<Rule<Directive>> = default,
        /// Cases that the playbook must decide as its author says, `[[test]]`.
        pub test: Vec<TestCase> = default,
    }
}
