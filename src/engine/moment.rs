//! A moment that is decided on: what happened, read, in its conversation and its world.

use std::sync::Arc;

use super::reading::Reading;
use super::timing::Timing;
use super::{Engine, World};
use crate::decide::{self, Outcome, Sitting, Vote};
use crate::decision::{Cause, Chosen, Decision, Degraded, Stamp};
use crate::detect::Scratch;
use crate::model::{Conversation, Event, Word};
use crate::playbook::{Directive, Matched, Occasion, Policy, PreparedArticle, Situation};
use crate::schedule::sla::ClockReading;

/// An event or a point in time, with everything that a decision rests on but the policy and its clocks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment<'a> {
    pub(super) occasion: Occasion,
    pub(super) event: Option<&'a Event>,
    pub(super) conversation: &'a Conversation,
    pub(super) world: &'a World<'a>,
    pub(super) reading: &'a Reading,
}

impl<'a> Moment<'a> {
    /// Features that are rolled out to the customer where the conversation is held.
    pub(super) fn features(&self, policy: &Policy) -> Vec<Word> {
        let channel = self.event.and_then(Event::message).map(|message| &message.surface.channel);
        let channel = channel.or(self.conversation.surface.as_ref().map(|surface| &surface.channel));
        decide::features(policy, self.world.customer, channel, self.world.now)
    }

    /// The view that conditions ask.
    pub(super) fn situation(&self, timing: &Timing, features: &'a [Word]) -> Situation<'a> {
        let Self { occasion, event, conversation, world, reading } = *self;
        Situation { event, ..reading.situation(occasion, conversation, world, timing, features) }
    }

    /// The decision that follows from the rules that matched; `text` holds the last scan.
    pub(super) fn conclude(
        &self,
        engine: &Engine,
        situation: &Situation<'_>,
        matched: &[Matched<'_, Directive>],
        timing: Timing,
        text: &Scratch,
    ) -> Decision {
        let Engine { policy, grounds, alarms, .. } = engine;
        let reading = self.reading;
        let causes: Vec<_> = matched.iter().map(|found| Arc::new(grounds.cause(found, reading))).collect();
        let votes: Vec<Vote<'_>> = matched
            .iter()
            .zip(&causes)
            .flat_map(|(found, cause)| {
                found.rule.then.iter().map(move |directive| Vote { rule: &found.rule.id, cause, directive })
            })
            .collect();
        let articles = articles(policy, situation, &votes, text);
        let sitting = Sitting {
            articles: &articles,
            playbook: policy.playbook(),
            policy,
            situation,
            votes: &votes,
            clocks: &timing.clocks,
        };
        let Outcome { chosen, overruled } = decide::decide(&sitting);
        let wake_at = alarms.next(policy, situation, &timing, &chosen);
        Decision {
            hidden: reading.hidden(policy, &votes),
            seen: reading.seen(),
            actions: chosen,
            overruled,
            degraded: self.degraded(&timing.clocks),
            wake_at,
            clocks: timing.clocks,
            by: Stamp::of(policy),
        }
    }

    /// Ceilings that were hit, and what could not be told.
    fn degraded(&self, clocks: &[ClockReading]) -> Vec<Degraded> {
        let is_foreign = self.event.is_some_and(|event| event.conversation != self.conversation.id);
        let never_opens = clocks.iter().any(ClockReading::never_runs_out);
        let mut degraded = self.reading.degraded();
        degraded.extend(is_foreign.then_some(Degraded::WrongConversation));
        degraded.extend(never_opens.then_some(Degraded::NeverOpens));
        degraded
    }

    /// What the conversation remembers of that decision, without the rest of it.
    pub(super) fn lasting(
        &self,
        policy: &Policy,
        situation: &Situation<'_>,
        matched: &[Matched<'_, Directive>],
    ) -> Vec<Chosen> {
        let wished =
            matched.iter().flat_map(|found| found.rule.then.iter().map(|does| (&found.rule.id, does)));
        let mut lasting = wished.filter(|(_, directive)| decide::is_lasting(directive)).peekable();
        if lasting.peek().is_none() {
            return Vec::new();
        }
        let cause = Arc::new(Cause::default_on(Arc::default()));
        let votes: Vec<Vote<'_>> =
            lasting.map(|(rule, directive)| Vote { rule, cause: &cause, directive }).collect();
        let playbook = policy.playbook();
        let sitting = Sitting { articles: &[], playbook, policy, situation, votes: &votes, clocks: &[] };
        decide::decide_lasting(&sitting).chosen
    }
}

/// Looks the message up in the knowledge base, where a rule asks for it (R76, R77).
fn articles<'a>(
    policy: &'a Policy,
    situation: &Situation<'_>,
    votes: &[Vote<'_>],
    text: &Scratch,
) -> Vec<&'a PreparedArticle> {
    let asked = votes.iter().any(|vote| matches!(vote.directive, Directive::SuggestArticles));
    let is_read = asked && situation.message().is_some();
    if is_read { policy.articles_for(situation, text) } else { Vec::new() }
}
