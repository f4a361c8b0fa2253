//! What is known of a conversation while its events are folded in.

use super::clock::{Author, Signal};
use super::names::Label;
use super::plan::Policies;
use crate::model::{Creator, Status, Step};

/// Tags held of one conversation.
pub(super) const MAX_TAGS: usize = 256;

/// What clocks and policies look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) created: Option<Creator>,
    pub(super) status: Status,
    pub(super) merged: bool,
    pub(super) priority: Option<Label>,
    pub(super) channel: Option<Label>,
    pub(super) group: Option<Label>,
}

impl Facts {
    pub(super) const NONE: Self = Self {
        created: None,
        status: Status::New,
        merged: false,
        priority: None,
        channel: None,
        group: None,
    };
}

/// The facts with the names that no policy mentions, which only tell one such name from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) facts: Facts,
    /// Those that policies mention.
    pub(super) tags: Vec<Label>,
    strange_priority: String,
    strange_group: String,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            facts: Facts::NONE,
            tags: Vec::new(),
            strange_priority: String::new(),
            strange_group: String::new(),
        }
    }
}

impl Attributes {
    /// Back to the start, keeping room for names.
    pub(super) fn clear(&mut self) {
        self.facts = Facts::NONE;
        self.tags.clear();
    }

    /// The names no policy mentions, of the priority and of the group.
    pub(super) fn strange_names(&self) -> (&str, &str) {
        (&self.strange_priority, &self.strange_group)
    }

    pub(super) const fn of_parts(facts: Facts, tags: Vec<Label>, priority: String, group: String) -> Self {
        Self { facts, tags, strange_priority: priority, strange_group: group }
    }

    /// Takes a step in; what it means to clocks.
    #[inline]
    pub(super) fn take(&mut self, step: Step<'_>, policies: &Policies) -> Signal {
        match step {
            Step::AgentReply => Signal::Reply(Author::Agent),
            Step::BotReply => Signal::Reply(Author::Bot),
            Step::PrivateNote => Signal::Reply(Author::Note),
            Step::CustomerMessage => Signal::CustomerMessage,
            Step::Status(status) => self.take_status(status),
            Step::Created(by) if self.facts.created.is_none() => {
                self.facts.created = Some(by);
                Signal::Created(by)
            }
            Step::Created(_) => Signal::Nothing,
            Step::Merged => {
                self.facts.merged = true;
                Signal::Merged
            }
            _ => self.take_name(step, policies),
        }
    }

    fn take_status(&mut self, status: Status) -> Signal {
        let before = std::mem::replace(&mut self.facts.status, status);
        match (before.is_done(), status.is_done()) {
            (false, true) => Signal::Done,
            (true, false) => Signal::Reopened,
            _ => Signal::Status { before },
        }
    }

    fn take_name(&mut self, step: Step<'_>, policies: &Policies) -> Signal {
        let (changed, signal) = match step {
            Step::Channel(name) => {
                let label = name.map(|name| policies.label(name));
                let changed = std::mem::replace(&mut self.facts.channel, label) != label;
                (changed && policies.looks.channel, Signal::Other)
            }
            Step::Group(name) => {
                let changed = renamed(&mut self.facts.group, &mut self.strange_group, name, policies);
                (changed && policies.looks.group, Signal::GroupChanged)
            }
            Step::Priority(name) => {
                let changed = renamed(&mut self.facts.priority, &mut self.strange_priority, name, policies);
                (changed && policies.looks.priority, Signal::PriorityChanged)
            }
            _ => (self.retag(step, policies), Signal::Other),
        };
        if changed { signal } else { Signal::Nothing }
    }

    /// Whether the tags became others.
    fn retag(&mut self, step: Step<'_>, policies: &Policies) -> bool {
        let before = self.tags.len();
        match step {
            Step::TagAdded(name) => self.add_tag(policies.label(name)),
            Step::TagRemoved(name) => {
                let gone = policies.label(name);
                self.tags.retain(|tag| *tag != gone);
            }
            Step::TagsCleared => self.tags.clear(),
            _ => {}
        }
        self.tags.len() != before
    }

    fn add_tag(&mut self, tag: Label) {
        if tag != Label::STRANGE && self.tags.len() < MAX_TAGS && !self.tags.contains(&tag) {
            self.tags.push(tag);
        }
    }
}

/// Takes a name into its place; whether it is another than before.
fn renamed(place: &mut Option<Label>, strange: &mut String, name: Option<&str>, policies: &Policies) -> bool {
    let label = name.map(|name| policies.label(name));
    let before = std::mem::replace(place, label);
    if label != Some(Label::STRANGE) {
        return before != label;
    }
    let name = name.unwrap_or_default();
    let same = before == label && strange == name;
    if !same {
        strange.clear();
        strange.push_str(name);
    }
    !same
}
