//! The company: brand, topics, queues, departments, the ladder of responsibility, procedures.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::record;
use crate::model::{
    AccountId, Channel, DepartmentId, Language, Mode, Priority, QueueId, Seconds, SkillId, TopicId, Word,
};

record! {
    /// Who the company is (R15, R50).
    #[derive(Default)]
    pub struct Brand {
        /// Names by which customers call the company.
        pub names: Vec<String> = default,
        /// Hosts of the company's own sites; their subdomains are its own too.
        pub sites: Vec<String> = default,
        /// Names of competitors.
        pub competitors: Vec<String> = default,
    }
}

record! {
    /// What the team wants on a channel, so that agents know (R61).
    pub struct Objective {
        /// The channel.
        pub channel: Channel,
        /// The aim, in the team's words.
        pub aim: String,
    }
}

record! {
    /// A subject that customers write about.
    pub struct Topic {
        /// Its name.
        pub id: TopicId,
        /// Words and phrases that show it, per language; a `*` at the end of a word stands for any ending.
        pub words: BTreeMap<Language, Vec<String>>,
        /// What an agent must know, and how well, 1 to 10 (R112).
        pub skills: BTreeMap<SkillId, u8> = default,
        /// Whether plain information on it may be answered in public (R42).
        pub public_answers: bool = false,
        /// Whom to ask who knows more (R78).
        pub department: Option<DepartmentId>,
    }
}

record! {
    /// A waiting line.
    pub struct Queue {
        /// Its name.
        pub id: QueueId,
        /// Units of an agent's capacity that one conversation takes.
        pub weight: u32 = 1,
        /// The opening hours, by the name of a calendar; left out, always open.
        pub calendar: Option<Word>,
        /// Which wishes are given up after what wait.
        pub relax: Vec<Relaxation> = default,
        /// Where a conversation goes when nobody here can ever take it.
        pub overflow: Option<QueueId>,
        /// Which channels it serves; empty means all.
        pub channels: Vec<Channel> = default,
    }
}

record! {
    /// A wish that is given up after a wait.
    pub struct Relaxation {
        /// After what wait.
        pub after: Seconds,
        /// By how much every required level of skill sinks.
        pub lower_skills: u8 = 0,
        /// Whether any language will do.
        pub any_language: bool = false,
    }
}

record! {
    /// A department that can be asked (R78).
    pub struct Department {
        /// Its name.
        pub id: DepartmentId,
        /// Who answers for it, by first and last name (R81).
        pub owner: String,
        /// Who stands in.
        pub deputy: String,
        /// How to reach it.
        pub contact: String,
        /// The topics it answers.
        pub topics: Vec<TopicId> = default,
        /// When it answers, by the name of a calendar; left out, always.
        pub calendar: Option<Word>,
        /// In what time it usually answers (R80).
        pub within: Seconds,
    }
}

record! {
    /// A team, for playbooks that several teams share (R35, R48).
    pub struct Team {
        /// Its name.
        pub id: Word,
        /// Its queues.
        pub queues: Vec<QueueId>,
        /// Its department.
        pub department: Option<DepartmentId>,
    }
}

record! {
    /// A step on the ladder of responsibility.
    pub struct Level {
        /// The level, 1 to 9.
        pub level: u8,
        /// Who takes over.
        pub to: Arc<str>,
        /// In what time they must have answered.
        pub within: Seconds,
        /// The least priority a conversation has here.
        pub priority: Option<Priority>,
    }
}

record! {
    /// What to do in a situation, easy to look up (R64, R67).
    pub struct Procedure {
        /// The situation.
        pub situation: Word,
        /// The topics it is about; empty means all.
        pub topics: Vec<TopicId> = default,
        /// What to do, in order.
        pub steps: Vec<String>,
        /// Who answers for it.
        pub owner: String,
        /// In what time.
        pub within: Seconds,
    }
}

record! {
    /// What the brand promises to everybody in order to sell, and owes to those for whom a rule says so with
    /// `owe` (R83).
    ///
    /// ```
    /// use galateo::model::{Conversation, ConversationId, Customer, Event};
    /// use galateo::{Engine, World};
    /// let customer: Customer = serde_json::from_str(r#"{ "id": "anna", "orders": [{ "code": "1", "state": "open" }] }"#)?;
    /// let event: Event = serde_json::from_str(r#"{
    ///     "id": "e-1", "at": "2026-11-19T09:00:00Z", "conversation": "c-1", "by": {"customer": "anna"},
    ///     "what": {"message": {"surface": "x/direct_message", "text": "Where is my parcel?"}}
    /// }"#)?;
    /// let mut conversation = Conversation::new(ConversationId::new("c-1")?);
    /// let world = World { customer: Some(&customer), ..World::at(event.at) };
    /// Engine::starter().assess(&event, &mut conversation, &world);
    /// let owed = conversation.open_promises().next().unwrap();
    /// assert_eq!(owed.promise.as_str(), "delivery_24h");
    /// assert_eq!(owed.due, Some("2026-11-20T09:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct BrandPromise {
        /// Its name, which the ledger of a conversation holds too.
        pub id: Word,
        /// What the brand says, per language.
        pub says: BTreeMap<Language, String>,
        /// In what time it is kept, counted from the event on which it is owed.
        pub within: Seconds,
        /// The hours in which that time is counted, by the name of a calendar; left out, round the clock.
        pub calendar: Option<Word>,
        /// The kinds of promise that a reply may rest on it while it is owed, such as `delivery`.
        pub kinds: Vec<Word> = default,
    }
}

record! {
    /// What changes in a crisis (R53, R84).
    pub struct Crisis {
        /// From which mode on this holds.
        pub from: Mode = (Mode::Crisis),
        /// When the team calls it a crisis, in its words.
        pub criteria: Vec<String>,
        /// Who speaks for the company, by first and last name.
        pub spokespersons: Vec<String>,
        /// What is said until more is known, by the name of a text.
        pub holding_statement: Word,
        /// Who approves public replies meanwhile.
        pub approval_by: Option<Word>,
    }
}

record! {
    /// One of the company's own accounts (R39).
    pub struct Account {
        /// Its name in the playbook.
        pub id: AccountId,
        /// The channel.
        pub channel: Channel,
        /// How customers see it: handle, page name, number or address.
        pub handle: String,
        /// What a link must say instead of the handle, such as X's numeric identifier.
        pub address: Option<String>,
    }
}
