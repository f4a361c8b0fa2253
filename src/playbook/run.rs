//! One question to the rules: the facts filled, the rules that match.

use super::{Directive, Facts, Matched, Policy, Scratch, Situation, field_table};

/// Working memory for asking the rules of one policy, used again and again.
#[derive(Debug)]
pub struct RuleRun {
    facts: Facts,
    scratch: Scratch,
}

impl RuleRun {
    /// Memory for one policy.
    #[must_use]
    pub fn new(policy: &Policy) -> Self {
        Self { facts: Facts::new(policy.encoding()), scratch: Scratch::default() }
    }

    /// The facts of the last situation.
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The rules that match a situation, by priority, aim and then in the order of the document, each with
    /// the fields that it asks.
    pub fn matching<'p>(
        &mut self,
        policy: &'p Policy,
        situation: &Situation<'_>,
    ) -> Vec<Matched<'p, Directive>> {
        self.facts.start(Some(situation.now));
        field_table::fill(situation, &mut self.facts);
        if let Some(own) = situation.own {
            own.fill(&mut self.facts, policy.encoding().fields());
        }
        self.again(policy)
    }

    /// The rules that matched the last situation.
    pub(crate) fn again<'p>(&mut self, policy: &'p Policy) -> Vec<Matched<'p, Directive>> {
        let rules = policy.rules();
        let ranks = rules.matcher().matches(&self.facts, &mut self.scratch);
        ranks.filter_map(|rank| rules.ranked(rank)).collect()
    }
}
