//! What a rule says shall be done; the families turn it into actions.

use std::sync::Arc;

use super::choice;
use super::record;
use crate::model::{Channel, DepartmentId, Priority, QueueId, Seconds, SkillId, Status, Surface, Tag, Word};

choice! {
    /// What a rule says shall be done. Each belongs to one family, whose law combines those of several rules.
    pub enum Directive {
        /// Answer this customer.
        Engage {
            /// Why, in the team's words.
            reason: Arc<str> = default,
        },
        /// Do not answer.
        Ignore {
            /// Why, in the team's words.
            reason: Arc<str>,
        },
        /// Watch without answering.
        Monitor {
            /// Why, in the team's words.
            reason: Arc<str>,
        },
        /// Hide the message where the network can; adds to the verdict.
        Hide {
            /// Why, in the team's words.
            reason: Arc<str>,
        },
        /// Report the message to the network; adds to the verdict.
        Report {
            /// Why, in the team's words.
            reason: Arc<str>,
        },
        /// Address a customer who did not address the company.
        Proactive {
            /// Why, in the team's words.
            reason: Arc<str>,
            /// How long to wait first.
            after: Seconds = (Seconds::ZERO),
            /// How long it makes sense.
            within: Seconds = (Seconds::hours(6)),
            /// Facts to be had before anything is written.
            needs: Vec<Word> = default,
        },
        /// Hide kinds of personal data beyond the playbook's defaults.
        Redact {
            /// Which kinds; empty means all.
            kinds: Vec<Word> = default,
        },
        /// Invite the customer to a private surface.
        MovePrivate {
            /// Which reason holds: privacy, case_specific, complexity, abuse, formal or legal.
            reason: Word,
            /// The text of the invitation, by name.
            text: Option<Word>,
            /// Where to, in order of preference, after the same network's private surface.
            surfaces: Vec<Surface> = default,
            /// Whether the conversation must not go on in public.
            required: bool = false,
        },
        /// Send a formal complaint to the formal channels and acknowledge it here.
        RedirectFormal {
            /// The channels that count.
            channels: Vec<Channel>,
            /// The acknowledgement, by name.
            text: Option<Word>,
        },
        /// Give the conversation to a queue.
        Assign(Routing),
        /// Hand the conversation to another team for good.
        HandOver {
            /// To whom.
            department: DepartmentId,
            /// Why, in the team's words.
            reason: Arc<str>,
        },
        /// Raise the conversation to a level of responsibility.
        Escalate {
            /// The level.
            level: u8,
            /// Why, in the team's words.
            reason: Arc<str>,
            /// In what time; the level's own where left out.
            within: Option<Seconds>,
        },
        /// Ask another department.
        Refer {
            /// Which; left out, the one that the directory names for the topic.
            department: Option<DepartmentId>,
            /// Why, in the team's words.
            reason: Arc<str>,
            /// In what time the answer is needed; the department's own where left out.
            within: Option<Seconds>,
        },
        /// Owe this customer what the brand promises to everybody, from the event on; what is owed when no event
        /// has come (`on = ["due"]`) is for the host to record with a `promise_made`.
        Owe {
            /// Which promise, by name.
            promise: Word,
            /// In what time; the promise's own where left out.
            within: Option<Seconds>,
        },
        /// Open a ticket and link it.
        OpenTicket {
            /// Where.
            queue: Option<QueueId>,
            /// Why, in the team's words.
            reason: Arc<str>,
        },
        /// Enrol the customer in a feature, if a stage admits them.
        Enrol(Word),
        /// Close the conversation.
        Close {
            /// How long after now.
            after: Option<Seconds>,
            /// Why, in the team's words.
            reason: Arc<str>,
        },
        /// Ask the customer before closing.
        AskToClose {
            /// Why, in the team's words.
            reason: Arc<str>,
        },
        /// Keep the conversation open.
        KeepOpen {
            /// What is missing, in the team's words.
            reason: Arc<str>,
        },
        /// Put tags on.
        AddTags(Vec<Tag>),
        /// Take tags off.
        RemoveTags(Vec<Tag>),
        /// Set the priority.
        SetPriority(Priority),
        /// Set the status.
        SetStatus(Status),
        /// Tell somebody.
        Notify(Word),
        /// Leave a note for colleagues.
        InternalNote(String),
        /// Ask the host for a fact.
        RequestFact(Word),
        /// Put a model answer, an article or a text before the agent.
        Suggest(Word),
        /// Look the customer's words up in the knowledge base and put what fits before the agent.
        SuggestArticles,
        /// Tell the customer when somebody will be there.
        AwayNotice {
            /// The text, by name.
            text: Option<Word>,
        },
        /// Have somebody approve replies before they are sent.
        RequireApproval {
            /// Who.
            by: Word,
            /// Why, in the team's words.
            reason: Arc<str>,
        },
        /// Keep the draft from being sent.
        BlockSend {
            /// Why, in the team's words.
            reason: Arc<str>,
        },
        /// Warn the author of the draft.
        WarnAuthor {
            /// Of what, in the team's words.
            reason: Arc<str>,
        },
        /// Something the host knows and the engine does not.
        Custom {
            /// Its name.
            name: Word,
            /// What the host should know about it.
            note: Option<String>,
        },
    }
}

record! {
    /// Where a conversation goes.
    pub struct Routing {
        /// The queue.
        pub queue: QueueId,
        /// What the agent must know, and how well, 1 to 10; joins what the topics ask for.
        pub skills: std::collections::BTreeMap<SkillId, u8> = default,
        /// Whether the agent must speak the customer's language.
        pub same_language: bool = true,
        /// Whether the agent who answered last comes first, if available.
        pub sticky: bool = true,
        /// Why, in the team's words.
        pub reason: Arc<str> = default,
    }
}
