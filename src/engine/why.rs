//! Why a decision is as it is: rule by rule, and family by family.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use super::reading::Reading;
use super::{Engine, World};
use crate::decision::{Decision, Evidence, Family, Overruled, Stamp};
use crate::model::{Conversation, Event, Language, RuleId};
use crate::playbook::{Explanation, RuleRun, TestAnswer, Truth};

/// Why a decision is as it is: every rule of the playbook with what made it match or kept it from it, and
/// every family with who won by which law. It names facts and points to spans; it never quotes a customer.
///
/// ```
/// use galateo::model::{Conversation, ConversationId, Event, Language};
/// use galateo::{Engine, World};
/// let event: Event = serde_json::from_str(r#"{
///     "id": "e-1", "at": "2026-11-20T09:00:00Z", "conversation": "c-1", "by": {"customer": "anna"},
///     "what": {"message": {"surface": "x/direct_message", "text": "You charged me twice"}}
/// }"#)?;
/// let conversation = Conversation::new(ConversationId::new("c-1")?);
/// let why = Engine::starter().explain(&event, &conversation, &World::at(event.at));
/// let leaving = why.rule("wants-to-leave").unwrap();
/// assert_eq!(leaving.tell(Language::It), "la regola `wants-to-leave` non vale
///   `signals` è o contiene uno di churn: no (when)
/// ");
/// assert!(why.tell(Language::En).contains("route: `money`, over `everything-else` (highest priority"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Why {
    /// Every rule, by priority and then in the order of the document.
    pub rules: Vec<RuleWhy>,
    /// The families in which anything was asked for or overruled, in the order of a decision.
    pub families: Vec<FamilyWhy>,
    /// Which policy decided.
    pub by: Stamp,
}

/// Why a rule matched or did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleWhy {
    /// The rule with the tests that made it match, or the first that kept it from it.
    #[serde(rename = "explanation")]
    pub tests: Explanation,
    /// Where it matched: what in the text showed the facts that it asks.
    pub spans: Arc<[Evidence]>,
}

/// Who won in a family, and by which law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FamilyWhy {
    /// The family.
    pub family: Family,
    /// Its law, in one line.
    pub law: &'static str,
    /// The rules that its actions rest on; `None` for the engine's own law.
    pub won: Vec<Option<RuleId>>,
    /// The rules that matched and lost.
    pub overruled: Vec<Overruled>,
}

impl Engine {
    /// Explains what the engine would decide on an event; the conversation stays as it is.
    ///
    /// It wants the conversation as it was *before* the event, as [`assess`](Self::assess) does: keep a clone to
    /// explain a decision afterwards. In one that has seen the event there is nothing left to decide.
    #[must_use]
    pub fn explain(&self, event: &Event, conversation: &Conversation, world: &World<'_>) -> Why {
        let mut conversation = conversation.clone();
        self.pool.with(&self.policy, |space| {
            let (decision, reading) = self.assess_in(space, event, &mut conversation, world);
            self.why(&mut space.rules, &reading, &decision)
        })
    }

    /// Explains what the engine would find due.
    #[must_use]
    pub fn explain_due(&self, conversation: &Conversation, world: &World<'_>) -> Why {
        self.pool.with(&self.policy, |space| {
            let decision = self.due_in(space, conversation, world);
            self.why(&mut space.rules, &Reading::default(), &decision)
        })
    }

    fn why(&self, run: &mut RuleRun, reading: &Reading, decision: &Decision) -> Why {
        let matched = run.again(&self.policy);
        let facts = run.facts();
        let rules = self.policy.rules().as_slice().iter().map(|rule| {
            let found = matched.iter().find(|found| found.rule.id == rule.id);
            let spans = found.map(|found| self.grounds.cause(found, reading).spans).unwrap_or_default();
            RuleWhy { tests: rule.explain(facts), spans }
        });
        let families = Family::ALL.iter().filter_map(|family| FamilyWhy::of(*family, decision));
        Why { rules: rules.collect(), families: families.collect(), by: decision.by.clone() }
    }
}

impl FamilyWhy {
    fn of(family: Family, decision: &Decision) -> Option<Self> {
        let chosen = decision.actions.iter().filter(|chosen| chosen.action.family() == family);
        let mut won: Vec<Option<RuleId>> = Vec::new();
        for cause in chosen.flat_map(|chosen| chosen.because.iter()) {
            if !won.contains(&cause.rule) {
                won.push(cause.rule.clone());
            }
        }
        let lost = decision.overruled.iter().filter(|lost| lost.family == family);
        let overruled: Vec<Overruled> = lost.cloned().collect();
        let is_silent = won.is_empty() && overruled.is_empty();
        (!is_silent).then(|| Self { family, law: family.law(), won, overruled })
    }

    /// The family in one line: in Italian, or for any other language in English.
    #[must_use]
    pub fn tell(&self, language: Language) -> String {
        let say = |english, italian| if language == Language::It { italian } else { english };
        let name = |rule: &Option<RuleId>| {
            let own = || say("the engine's own law", "la legge del motore").to_owned();
            rule.as_ref().map_or_else(own, |id| format!("`{id}`"))
        };
        let mut won: Vec<String> = self.won.iter().map(name).collect();
        if won.is_empty() {
            won = vec![say("nothing to do", "niente da fare").to_owned()];
        }
        let mut told = format!("{}: {}", self.family.as_str(), won.join(", "));
        let mut lost: Vec<String> = self.overruled.iter().map(|lost| format!("`{}`", lost.rule)).collect();
        lost.dedup();
        if !lost.is_empty() {
            _ = write!(told, ", {} {}", say("over", "su"), lost.join(", "));
        }
        _ = write!(told, " ({})", say(self.law, self.family.law_in_italian()));
        told
    }
}

impl Why {
    /// A rule's part of it.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&RuleWhy> {
        self.rules.iter().find(|rule| rule.tests.rule.as_str() == id)
    }

    /// The whole for people: the families, the rules that matched, the rules that did not; in Italian, or
    /// for any other language in English.
    #[must_use]
    pub fn tell(&self, language: Language) -> String {
        let families = self.families.iter().map(|family| family.tell(language) + "\n");
        let (matched, others): (Vec<_>, Vec<_>) = self.rules.iter().partition(|rule| rule.tests.matched);
        let rules = matched.into_iter().chain(others).map(|rule| rule.tell(language));
        families.chain(rules).collect()
    }
}

impl RuleWhy {
    /// The rule for people: whether it matched, by which tests and places, or what kept it from it.
    #[must_use]
    pub fn tell(&self, language: Language) -> String {
        let say = |english, italian| if language == Language::It { italian } else { english };
        let verdict = match (self.tests.matched, self.tests.in_doubt) {
            (false, _) => say("did not match", "non vale"),
            (true, false) => say("matched", "vale"),
            (true, true) => say("matched in doubt", "vale nel dubbio"),
        };
        let layer = self.tests.layer.as_ref().map_or_else(String::new, |layer| format!(" [{layer}]"));
        let mut told = format!("{} `{}`{layer} {verdict}\n", say("rule", "la regola"), self.tests.rule);
        if self.tests.matched && self.tests.tests.is_empty() {
            _ = writeln!(told, "  {}", say("it has no condition", "non ha condizioni"));
        }
        for test in &self.tests.tests {
            _ = writeln!(told, "  {}", tell_test(test, language));
        }
        for place in &*self.spans {
            let bytes = say("bytes", "byte");
            _ = writeln!(told, "  {}: {bytes} {}–{}", place.shows.as_str(), place.start, place.end);
        }
        told
    }
}

fn tell_test(test: &TestAnswer, language: Language) -> String {
    let say = |english, italian| if language == Language::It { italian } else { english };
    let answer = match test.truth {
        Truth::True => say("yes", "sì"),
        Truth::False => say("no", "no"),
        Truth::Unknown => say("unknown", "non si sa"),
    };
    let must_not = if test.wanted { "" } else { say(", and must not be so", ", e non deve") };
    format!("{}: {answer}{must_not} ({})", test.asked.in_words(language), test.path)
}
