//! A playbook's own tests, run.

use serde_json::Value;

use super::{Engine, World};
use crate::decision::Decision;
use crate::gate::Review;
use crate::model::Conversation;
use crate::playbook::{Expected, Origin, Scene, TestCase};
use crate::{Code, Diagnostic, Diagnostics};

impl Engine {
    /// Runs the playbook's own tests (`[[test]]`); nothing is reported where all pass.
    ///
    /// What fails is told like any other fault of the playbook: with its place, in the author's words and
    /// without a customer's.
    ///
    /// ```
    /// use galateo::playbook::{Policy, STARTER};
    /// use galateo::{Engine, Limits};
    /// let text = format!(r#"{STARTER}
    /// [[test]]
    /// id = "parcels"
    /// event = {{ what = {{ message = {{ surface = "x/post", text = "Where is my parcel?" }} }} }}
    /// expect = [{{ assign = {{ queue = "sales" }} }}]
    /// "#);
    /// let (policy, _) = Policy::from_toml(&text, &Limits::DEFAULT)?;
    /// let failed = Engine::new(policy).run_tests();
    /// let first = &failed.as_slice()[0];
    /// assert!(first.path.ends_with(".expect[0]"));
    /// assert_eq!(first.message, "test `parcels`: `assign` has another `queue`: \"care\"");
    /// # Ok::<(), galateo::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn run_tests(&self) -> Diagnostics {
        let cases = &self.policy.playbook().test;
        cases.iter().flat_map(|case| self.run_test(case)).collect::<Vec<_>>().into()
    }

    fn run_test(&self, case: &TestCase) -> Vec<Diagnostic> {
        let Some(mut scene) = case.scene() else {
            return vec![failure(case, &case.origin, "a part of it cannot be read")];
        };
        let mut conversation = self.before(&mut scene);
        let Scene { event, draft, customer, desk, facts, now, .. } = scene;
        let world = World {
            customer: customer.as_ref(),
            desk: desk.as_ref(),
            facts: facts.as_ref(),
            ..World::at(now)
        };
        if let Some(draft) = draft {
            return judge_review(case, &self.review(draft, &conversation, &world));
        }
        let decision = match event {
            Some(event) => self.assess(&event, &mut conversation, &world),
            None => self.due(&conversation, &world),
        };
        judge_decision(case, &decision)
    }

    /// The conversation as it stands when the case begins.
    fn before(&self, scene: &mut Scene) -> Conversation {
        let named = scene.event.as_ref().map(|event| &event.conversation);
        let named = named.or(scene.draft.as_ref().map(|draft| &draft.conversation));
        let named = named.or(scene.before.first().map(|event| &event.conversation)).cloned();
        let named = named.unwrap_or_else(|| scene.home.clone());
        let mut conversation = scene.conversation.take().unwrap_or_else(|| Conversation::new(named));
        for event in &scene.before {
            let world = World {
                customer: scene.customer.as_ref(),
                desk: scene.desk.as_ref(),
                facts: scene.facts.as_ref(),
                ..World::at(event.at)
            };
            self.assess(event, &mut conversation, &world);
        }
        conversation
    }
}

fn failure(case: &TestCase, at: &Origin, what: &str) -> Diagnostic {
    let mut fault =
        Diagnostic::new(Code::TEST_FAILED, at.path.clone(), format!("test `{}`: {what}", case.id));
    fault.layer.clone_from(&at.layer);
    (fault.line, fault.column) = (at.line, at.column);
    fault
}

fn judge_decision(case: &TestCase, decision: &Decision) -> Vec<Diagnostic> {
    let actions: Vec<(String, Value)> = decision
        .actions
        .iter()
        .filter_map(|chosen| named(&serde_json::to_value(&chosen.action).ok()?))
        .collect();
    let mut faults = Vec::new();
    for expected in &case.expect {
        faults.extend(missing(expected, &actions).map(|what| failure(case, &expected.origin, &what)));
    }
    for refused in &case.expect_not {
        if actions.iter().any(|action| differing(refused, action).is_none()) {
            let what = format!("`{}` is asked for", refused.action);
            faults.push(failure(case, &refused.origin, &what));
        }
    }
    if let Some(wanted) = &case.hidden {
        let hidden: Vec<&str> = decision.hidden.iter().map(|hidden| hidden.kind.as_str()).collect();
        if !wanted.iter().map(|kind| kind.as_str()).eq(hidden.iter().copied()) {
            faults.push(failure(case, &case.origin, &format!("hidden is {}", listed(&hidden))));
        }
    }
    if case.verdict.is_some() || case.findings.is_some() {
        faults.push(failure(case, &case.origin, "only a draft has a verdict and findings"));
    }
    faults
}

fn judge_review(case: &TestCase, review: &Review) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let verdict = serde_json::to_value(review.verdict).unwrap_or_default();
    let verdict = verdict.as_str().unwrap_or_default();
    if case.verdict.as_ref().is_some_and(|wanted| wanted.as_str() != verdict) {
        faults.push(failure(case, &case.origin, &format!("the draft is {verdict}")));
    }
    let codes: Vec<&str> = review.findings.iter().map(|finding| finding.code.as_str()).collect();
    for wanted in case.findings.iter().flatten().filter(|wanted| !codes.contains(&wanted.as_str())) {
        let what = format!("no finding `{}`, found {}", wanted.as_str(), listed(&codes));
        faults.push(failure(case, &case.origin, &what));
    }
    let is_asked = !case.expect.is_empty() || !case.expect_not.is_empty() || case.hidden.is_some();
    if is_asked {
        faults.push(failure(case, &case.origin, "a draft has a verdict and findings, and no actions"));
    }
    faults
}

/// An action's name with what belongs to it.
fn named(action: &Value) -> Option<(String, Value)> {
    let (name, with) = action.as_object()?.iter().next()?;
    Some((name.clone(), with.clone()))
}

/// Why no action is what was expected; `None` where one is.
fn missing(expected: &Expected, actions: &[(String, Value)]) -> Option<String> {
    if actions.iter().any(|action| differing(expected, action).is_none()) {
        return None;
    }
    let Some(near) = actions.iter().find(|(name, _)| *name == expected.action) else {
        let names: Vec<&str> = actions.iter().map(|(name, _)| name.as_str()).collect();
        return Some(format!("`{}` is not asked for, but {}", expected.action, listed(&names)));
    };
    let entry = differing(expected, near)?;
    let found = near.1.get(&entry).map_or_else(|| "none".to_owned(), Value::to_string);
    Some(format!("`{}` has another `{entry}`: {found}", expected.action))
}

/// The entry in which an action differs from what was expected; empty where it is another action.
fn differing(expected: &Expected, (name, with): &(String, Value)) -> Option<String> {
    if *name != expected.action {
        return Some(String::new());
    }
    let wrong =
        expected.with.iter().find(|(key, value)| !with.get(*key).is_some_and(|found| covers(found, value)));
    wrong.map(|(key, _)| key.clone())
}

/// Whether a value has everything that is wanted of it.
fn covers(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            wanted.iter().all(|(key, value)| found.get(key).is_some_and(|found| covers(found, value)))
        }
        (found, wanted) => found == wanted,
    }
}

fn listed(words: &[&str]) -> String {
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}
