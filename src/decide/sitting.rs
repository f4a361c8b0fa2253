//! What every family sees: the votes of the rules that matched, the situation, the playbook.

use std::sync::Arc;

use crate::decision::Action;
use crate::decision::{Cause, Chosen, Family, Overruled};
use crate::model::{RuleId, Word};
use crate::playbook::{Directive, Playbook, Policy, Situation};
use crate::schedule::sla::ClockReading;

/// One directive of a rule that matched; votes stand in rank order: priority, then document order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vote<'a> {
    pub(crate) rule: &'a RuleId,
    pub(crate) cause: &'a Cause,
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
    pub(crate) articles: &'a [Word],
}

/// What a family hands back.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) chosen: Vec<Chosen>,
    pub(crate) overruled: Vec<Overruled>,
}

impl Outcome {
    /// Adds an action that one vote asked for.
    pub(crate) fn choose(&mut self, action: Action, vote: &Vote<'_>) {
        self.chosen.push(Chosen { action, because: vec![vote.cause.clone()] });
    }

    /// Adds an action that the engine's own law asks for, resting on named facts.
    pub(crate) fn by_default(&mut self, action: Action, facts: &[&str]) {
        self.chosen.push(Chosen { action, because: vec![Cause::default_on(facts)] });
    }

    /// Notes that `loser` matched and did not win.
    pub(crate) fn overrule(&mut self, family: Family, loser: &Vote<'_>, winner: Option<&Vote<'_>>) {
        let by = winner.map(|winner| winner.rule.clone());
        if by.as_ref() != Some(loser.rule) {
            self.overruled.push(Overruled { rule: loser.rule.clone(), family, by });
        }
    }

    /// Takes everything of `other`.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.chosen.extend(other.chosen);
        self.overruled.extend(other.overruled);
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
