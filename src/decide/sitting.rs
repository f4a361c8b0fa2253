//! What every family sees: the votes of the rules that matched, the situation, the playbook.

use std::sync::Arc;

use once_cell::sync::Lazy;

use crate::decision::Action;
use crate::decision::{Because, Cause, Chosen, Family, Overruled};
use crate::model::{RuleId, Word};
use crate::playbook::{Directive, Playbook, Policy, PreparedArticle, Situation};
use crate::schedule::sla::ClockReading;

/// One directive of a rule that matched; votes stand in rank order: priority, then aim, then document order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vote<'a> {
    pub(crate) rule: &'a RuleId,
    pub(crate) cause: &'a Arc<Cause>,
    pub(crate) directive: &'a Directive,
}

/// The table at which a family decides.
#[derive(Debug)]
pub(crate) struct Sitting<'a> {
    pub(crate) playbook: &'a Playbook,
    pub(crate) policy: &'a Policy,
    pub(crate) situation: &'a Situation<'a>,
    pub(crate) votes: &'a [Vote<'a>],
    pub(crate) clocks: &'a [ClockReading],
    /// Entries of the knowledge base that the text led to, the best first.
    pub(crate) articles: &'a [&'a PreparedArticle],
}

/// What the engine's own laws rest on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Ground {
    /// A clock that runs.
    Clock,
    /// What the company still owes.
    Debt,
    /// What the event is.
    Occasion,
    /// What other departments were asked.
    Referrals,
}

static CLOCK: Lazy<Arc<Cause>> = Lazy::new(|| default_on(&["breached", "deadline_seconds"]));
static DEBT: Lazy<Arc<Cause>> = Lazy::new(|| default_on(&["waiting_seconds", "promises_open"]));
static OCCASION: Lazy<Arc<Cause>> = Lazy::new(|| default_on(&["occasion"]));
static REFERRALS: Lazy<Arc<Cause>> = Lazy::new(|| default_on(&["referrals_open"]));

fn default_on(facts: &[&str]) -> Arc<Cause> {
    Arc::new(Cause::default_on(facts.iter().map(|fact| Arc::from(*fact)).collect()))
}

impl Ground {
    /// The cause that names the fields that stand for it.
    fn cause(self) -> Arc<Cause> {
        let cause = match self {
            Self::Clock => &CLOCK,
            Self::Debt => &DEBT,
            Self::Occasion => &OCCASION,
            Self::Referrals => &REFERRALS,
        };
        Arc::clone(cause)
    }
}

/// What the families hand back.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) chosen: Vec<Chosen>,
    pub(crate) overruled: Vec<Overruled>,
}

impl Outcome {
    /// Nothing yet, with room for what `votes` may ask for.
    pub(crate) fn with_room(votes: usize) -> Self {
        Self { chosen: Vec::with_capacity(votes.saturating_add(1)), overruled: Vec::new() }
    }

    /// Adds an action that one vote asked for.
    pub(crate) fn choose(&mut self, action: Action, vote: &Vote<'_>) {
        self.chosen.push(Chosen { action, because: Because::from(Arc::clone(vote.cause)) });
    }

    /// Adds an action that the engine's own law asks for.
    pub(crate) fn by_default(&mut self, action: Action, ground: Ground) {
        self.chosen.push(Chosen { action, because: Because::from(ground.cause()) });
    }

    /// Notes that `loser` matched and did not win.
    pub(crate) fn overrule(&mut self, family: Family, loser: &Vote<'_>, winner: Option<&Vote<'_>>) {
        let by = winner.map(|winner| winner.rule.clone());
        if by.as_ref() != Some(loser.rule) {
            self.overruled.push(Overruled { rule: loser.rule.clone(), family, by });
        }
    }
}

impl<'a> Sitting<'a> {
    /// The votes that `pick` reads, with what it reads from them, in rank order.
    pub(crate) fn votes_for<T>(
        &self,
        pick: impl Fn(&'a Directive) -> Option<T>,
    ) -> impl Iterator<Item = (&'a Vote<'a>, T)> {
        self.votes.iter().filter_map(move |vote| pick(vote.directive).map(|read| (vote, read)))
    }

    /// The text of that name in the customer's language, else in the playbook's first; empty where there is none.
    pub(crate) fn text(&self, name: Option<&Word>) -> Arc<str> {
        name.and_then(|name| self.playbook.text(name, self.situation.language()))
            .map_or_else(|| Arc::from(""), Arc::from)
    }
}
