//! How the company sounds: tone, phrases, texts, answers, articles.

use std::collections::BTreeMap;

use super::super::{choice, record};
use crate::model::{Channel, Language, TopicId, Word};

choice! {
    /// How customers are addressed in languages that make a difference.
    #[derive(Copy)]
    pub enum Formality {
        /// As a friend: tu, du, tú.
        Familiar,
        /// With respect: Lei, Sie, usted, vous.
        Formal,
        /// As the customer does.
        Mirror,
    }
}

record! {
    /// How the company sounds on some channels (R13, R14).
    pub struct Tone {
        /// Where; empty means everywhere else.
        pub channels: Vec<Channel> = default,
        /// How customers are addressed.
        pub formality: Formality = (Formality::Mirror),
        /// How many emoji a reply may have.
        pub emoji: u8 = 2,
        /// Whether a reply is signed with a first name (R54).
        pub sign: bool = false,
    }
}

choice! {
    /// Whether a phrase is to be used or avoided.
    #[derive(Copy)]
    pub enum PhraseUse {
        /// Preferred.
        Say,
        /// To be avoided.
        NeverSay,
        /// To be kept from being sent.
        Block,
    }
}

record! {
    /// A thing to say or not to say (R71).
    pub struct Phrase {
        /// Which of the two.
        pub r#use: PhraseUse,
        /// The words, per language; a `*` at the end of a word stands for any ending.
        pub words: BTreeMap<Language, Vec<String>>,
        /// Why, in the team's words.
        pub reason: String,
        /// What to say instead, per language.
        pub instead: BTreeMap<Language, String> = default,
    }
}

record! {
    /// A text that actions refer to by name.
    pub struct Text {
        /// Its name.
        pub id: Word,
        /// What it says, per language.
        pub says: BTreeMap<Language, String>,
    }
}

choice! {
    /// Whether an answer is a model or to be avoided at all cost (R72).
    #[derive(Copy)]
    pub enum AnswerStatus {
        /// To be made personal and used.
        Model,
        /// Never to be used, nor anything like it.
        Forbidden,
    }
}

record! {
    /// An answer in the company's voice, to learn from and not to copy (R72, R74).
    pub struct Answer {
        /// Its name.
        pub id: Word,
        /// Whether it is a model or forbidden.
        pub status: AnswerStatus,
        /// The language.
        pub language: Language,
        /// What it says; `{name}` and the like are places to make it personal.
        pub says: String,
        /// The topics it answers.
        pub topics: Vec<TopicId> = default,
    }
}

record! {
    /// An entry of the knowledge base (R76).
    pub struct Article {
        /// Its name.
        pub id: Word,
        /// The language.
        pub language: Language,
        /// Its title.
        pub title: String,
        /// A short text that can stand in a reply.
        pub says: String,
        /// Where it can be read.
        pub link: Option<String>,
        /// The topics it is about.
        pub topics: Vec<TopicId> = default,
    }
}
