//! What a set of events exercises of a playbook: which rules, and which ways of each condition.

use serde::Serialize;

use super::{Engine, World};
use crate::decision::Decision;
use crate::gate::Review;
use crate::model::{Conversation, Draft, Event, RuleId};
use crate::num::wide;
use crate::playbook::{RuleRun, Truth, Way, ways};

/// What some events exercise of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleCoverage {
    /// The rule.
    pub rule: RuleId,
    /// How often it matched.
    pub matched: u64,
    /// How often it matched although the facts did not tell.
    pub in_doubt: u64,
    /// How often an action rested on it.
    pub chosen: u64,
    /// How often another rule, or a law of the engine, overruled it in some family.
    pub overruled: u64,
    /// The ways in which its condition can hold, in the order of the document.
    pub ways: Vec<WayCoverage>,
}

/// What some events exercise of one way in which a condition can hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WayCoverage {
    /// The places of the tests that make it, such as `when.any[1]`; empty where nothing is asked, or where
    /// a condition has so many ways that they are not told apart.
    pub tests: Vec<String>,
    /// How often it held.
    pub held: u64,
}

/// Counts which rules, and which ways of their conditions, a set of events exercises.
///
/// It stands in for the engine's verbs and gives their answers, so that counting needs no second run.
///
/// ```
/// use galateo::model::{Conversation, ConversationId, Event};
/// use galateo::{Coverage, Engine, World};
/// let engine = Engine::starter();
/// let mut coverage = Coverage::new(&engine);
/// let event: Event = serde_json::from_str(r#"{
///     "id": "e-1", "at": "2026-11-20T09:00:00Z", "conversation": "c-1", "by": {"customer": "anna"},
///     "what": {"message": {"surface": "x/direct_message", "text": "You charged me twice"}}
/// }"#)?;
/// coverage.assess(&event, &mut Conversation::new(ConversationId::new("c-1")?), &World::at(event.at));
/// let money = coverage.rules().iter().find(|rule| rule.rule.as_str() == "money").unwrap();
/// assert_eq!((money.matched, money.chosen, money.ways.len()), (1, 1, 2));
/// assert!(coverage.untouched().any(|rule| rule.as_str() == "silence"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Coverage<'e> {
    engine: &'e Engine,
    rules: Vec<RuleCoverage>,
    ways: Vec<Vec<Way>>,
}

impl<'e> Coverage<'e> {
    /// Nothing exercised yet.
    #[must_use]
    pub fn new(engine: &'e Engine) -> Self {
        let rules = engine.policy.rules().as_slice();
        let ways: Vec<Vec<Way>> = rules.iter().map(|rule| ways(&rule.when)).collect();
        let counted = rules.iter().zip(&ways).map(|(rule, ways)| RuleCoverage {
            rule: rule.id.clone(),
            matched: 0,
            in_doubt: 0,
            chosen: 0,
            overruled: 0,
            ways: ways.iter().map(|way| WayCoverage { tests: places(way), held: 0 }).collect(),
        });
        Self { engine, rules: counted.collect(), ways }
    }

    /// Assesses an event, as [`Engine::assess`] does.
    pub fn assess(&mut self, event: &Event, conversation: &mut Conversation, world: &World<'_>) -> Decision {
        let engine = self.engine;
        engine.pool.with(&engine.policy, |space| {
            let (decision, _) = engine.assess_in(space, event, conversation, world);
            self.note(&mut space.rules);
            self.judge(&decision);
            decision
        })
    }

    /// Says what is due, as [`Engine::due`] does.
    pub fn due(&mut self, conversation: &Conversation, world: &World<'_>) -> Decision {
        let engine = self.engine;
        engine.pool.with(&engine.policy, |space| {
            let decision = engine.due_in(space, conversation, world);
            self.note(&mut space.rules);
            self.judge(&decision);
            decision
        })
    }

    /// Reviews a draft, as [`Engine::review`] does.
    #[must_use]
    pub fn review(&mut self, draft: Draft, conversation: &Conversation, world: &World<'_>) -> Review {
        let engine = self.engine;
        engine.pool.with(&engine.policy, |space| {
            let review = engine.review_in(space, draft, conversation, world);
            self.note(&mut space.rules);
            review
        })
    }

    /// Every rule, by priority and then in the order of the document.
    #[must_use]
    pub fn rules(&self) -> &[RuleCoverage] {
        &self.rules
    }

    /// The rules that never matched.
    pub fn untouched(&self) -> impl Iterator<Item = &RuleId> {
        self.rules.iter().filter(|rule| rule.matched == 0).map(|rule| &rule.rule)
    }

    fn note(&mut self, run: &mut RuleRun) {
        let matched = run.again(&self.engine.policy);
        let facts = run.facts();
        for found in matched {
            let place = wide(found.rank);
            let Some((rule, ways)) = self.rules.get_mut(place).zip(self.ways.get(place)) else { continue };
            rule.matched = rule.matched.saturating_add(1);
            let is_doubtful = facts.truth(&found.rule.when) == Truth::Unknown;
            rule.in_doubt = rule.in_doubt.saturating_add(u64::from(is_doubtful));
            for (counted, way) in rule.ways.iter_mut().zip(ways) {
                counted.held = counted.held.saturating_add(u64::from(way.holds(facts)));
            }
        }
    }

    fn judge(&mut self, decision: &Decision) {
        for rule in &mut self.rules {
            let causes = decision.actions.iter().flat_map(|chosen| chosen.because.iter());
            let is_chosen = causes.filter_map(|cause| cause.rule.as_ref()).any(|id| *id == rule.rule);
            let is_overruled = decision.overruled.iter().any(|one| one.rule == rule.rule);
            rule.chosen = rule.chosen.saturating_add(u64::from(is_chosen));
            rule.overruled = rule.overruled.saturating_add(u64::from(is_overruled));
        }
    }
}

fn places(way: &Way) -> Vec<String> {
    way.paths().map(str::to_owned).collect()
}
