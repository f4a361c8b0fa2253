//! Why a rule matched, and why another did not.

use serde::Serialize;

use super::condition::{Condition, Test};
use super::facts::Facts;
use super::matcher::Memo;
use super::rule::{OnUnknown, Rule};
use super::truth::Truth;
use crate::model::RuleId;
use crate::num::wide;

/// Why a rule matched or did not match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The rule.
    pub rule: RuleId,
    /// The layer that touched it last, where the playbook has several.
    pub layer: Option<std::sync::Arc<str>>,
    /// Whether it matched.
    pub matched: bool,
    /// Whether it matched although the facts do not tell.
    pub in_doubt: bool,
    /// Where it matched, the tests that made it match; where it did not, the first that kept it from it.
    pub tests: Vec<TestAnswer>,
}

/// A test and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TestAnswer {
    /// The field, the operator and the literals, as the playbook has them.
    pub test: String,
    /// The way to the test from the rule, such as `when.all[1]`.
    pub path: String,
    /// Its answer.
    pub truth: Truth,
    /// Whether the rule wants the test to hold; a test under a negation must fail.
    pub wanted: bool,
    /// The test itself.
    #[serde(skip)]
    pub asked: Test,
}

impl<A> Rule<A> {
    /// Explains what the rule makes of a row of facts.
    ///
    /// Where it matched, that are the tests a reader needs to be convinced: every member of an `all`, the
    /// first that held of an `any`. Where it did not, the first test in the order of the document that is
    /// not as it must be, in a group that is not as it must be: false or unknown, or under a negation true
    /// or unknown. A rule that takes the unknown for a match is kept from it by a plain answer alone.
    ///
    /// ```
    /// use galateo::Limits;
    /// use galateo::playbook::{RuleSession, Truth};
    /// use serde_json::json;
    /// let rules = json!([{ "id": "r", "when": { "all": [{ "open": true }, { "score": { "below": 5 } }] } }]);
    /// let mut session = RuleSession::new(&rules, None, &Limits::DEFAULT)?;
    /// session.ask(&json!({ "open": true, "score": 7 }))?;
    /// let why_not = session.rules().as_slice()[0].explain(session.facts());
    /// assert_eq!((why_not.matched, why_not.tests[0].test.as_str()), (false, "score below 5"));
    /// session.ask(&json!({ "open": true }))?;
    /// assert_eq!(session.rules().as_slice()[0].explain(session.facts()).tests[0].truth, Truth::Unknown);
    /// # Ok::<(), galateo::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn explain(&self, facts: &Facts) -> Explanation {
        let mut walk = Walk {
            facts,
            memo: Memo::default(),
            is_lenient: self.on_unknown != OnUnknown::Skip,
            tests: Vec::new(),
        };
        let parts = self.parts();
        let truths: Vec<Truth> = parts.iter().map(|(condition, _)| walk.truth(condition)).collect();
        let truth = super::truth::all(&truths);
        let matched = truth == Truth::True || (truth == Truth::Unknown && walk.is_lenient);
        if matched {
            // That the kind of event is one it looks at convinces nobody of a condition.
            if let Some(((part, path), truth)) = parts.iter().zip(&truths).next_back() {
                walk.support(part, *truth, true, path);
            }
        } else {
            let obstacle = parts.iter().find_map(|(part, path)| walk.obstacle(part, true, path));
            walk.tests.extend(obstacle);
        }
        Explanation {
            rule: self.id.clone(),
            layer: self.origin.layer.clone(),
            matched,
            in_doubt: matched && truth == Truth::Unknown,
            tests: walk.tests,
        }
    }

    /// The kinds of event and the condition, each with its place in the rule.
    fn parts(&self) -> Vec<(Condition, &'static str)> {
        let on = self.on_condition().map(|on| (on, "on"));
        on.into_iter().chain([(self.when.clone(), "when")]).collect()
    }
}

/// A walk through one condition.
struct Walk<'f> {
    facts: &'f Facts,
    memo: Memo,
    /// Whether the rule takes the unknown for a match.
    is_lenient: bool,
    tests: Vec<TestAnswer>,
}

impl Walk<'_> {
    fn truth(&mut self, condition: &Condition) -> Truth {
        self.facts.truth_with(condition, &mut self.memo)
    }

    fn answer(&mut self, test: &Test, wanted: bool, path: &str) -> TestAnswer {
        TestAnswer {
            test: test.to_string(),
            path: path.to_owned(),
            truth: self.facts.answer(test, &mut self.memo),
            wanted,
            asked: test.clone(),
        }
    }

    /// Notes tests that together suffice for the condition to have the truth it has.
    fn support(&mut self, condition: &Condition, truth: Truth, wanted: bool, path: &str) {
        let (of, word, is_turned, most) = match condition {
            Condition::Test(test) => {
                let answer = self.answer(test, wanted, path);
                self.tests.push(answer);
                return;
            }
            Condition::Not(inner) => {
                return self.support(inner, !truth, !wanted, &format!("{path}.not"));
            }
            Condition::AtLeast { n, of } if truth == Truth::True => (of, "at_least.of", false, wide(*n)),
            Condition::AtLeast { of, .. } => (of, "at_least.of", false, of.len()),
            Condition::All(of) => (of, "all", false, if truth == Truth::False { 1 } else { of.len() }),
            Condition::Any(of) => (of, "any", false, if truth == Truth::True { 1 } else { of.len() }),
            Condition::None(of) => (of, "none", true, if truth == Truth::False { 1 } else { of.len() }),
        };
        let truth = if is_turned { !truth } else { truth };
        let mut left = most;
        for (i, member) in of.iter().enumerate() {
            if left > 0 && self.truth(member) == truth {
                left = left.saturating_sub(1);
                self.support(member, truth, wanted != is_turned, &format!("{path}.{word}[{i}]"));
            }
        }
    }

    /// The first test, in the order of the document, that is not as it must be, with all around it.
    fn obstacle(&mut self, condition: &Condition, wanted: bool, path: &str) -> Option<TestAnswer> {
        if self.suits(condition, wanted) {
            return None;
        }
        let (of, word, wanted) = match condition {
            Condition::Test(test) => return Some(self.answer(test, wanted, path)),
            Condition::Not(inner) => return self.obstacle(inner, !wanted, &format!("{path}.not")),
            Condition::All(of) => (of, "all", wanted),
            Condition::Any(of) => (of, "any", wanted),
            Condition::None(of) => (of, "none", !wanted),
            Condition::AtLeast { of, .. } => (of, "at_least.of", wanted),
        };
        let mut members = of.iter().enumerate();
        members.find_map(|(i, member)| self.obstacle(member, wanted, &format!("{path}.{word}[{i}]")))
    }

    /// Whether a condition is as it must be for the rule to match.
    fn suits(&mut self, condition: &Condition, wanted: bool) -> bool {
        match self.truth(condition) {
            Truth::Unknown => self.is_lenient,
            truth => truth == Truth::from(wanted),
        }
    }
}
