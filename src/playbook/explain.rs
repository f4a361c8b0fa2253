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
}

impl<A> Rule<A> {
    /// Explains what the rule makes of a row of facts.
    ///
    /// Where it matched, that are the tests a reader needs to be convinced: every member of an `all`, the
    /// first that held of an `any`. Where it did not, the one test that comes first in the document whose
    /// other answer could have changed the outcome.
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
        let mut walk = Walk { facts, memo: Memo::default(), tests: Vec::new() };
        let condition = self.condition();
        let truth = walk.truth(&condition);
        let matched = truth == Truth::True || (truth == Truth::Unknown && self.on_unknown != OnUnknown::Skip);
        let path = if self.on.is_empty() { "when" } else { "" };
        if matched {
            walk.support(&condition, truth, path);
        } else if let Some(answer) = walk.obstacle(&condition, truth, path) {
            walk.tests.push(answer);
        }
        Explanation {
            rule: self.id.clone(),
            layer: self.origin.layer.clone(),
            matched,
            in_doubt: matched && truth == Truth::Unknown,
            tests: walk.tests,
        }
    }
}

/// A walk through one condition.
struct Walk<'f> {
    facts: &'f Facts,
    memo: Memo,
    tests: Vec<TestAnswer>,
}

impl Walk<'_> {
    fn truth(&mut self, condition: &Condition) -> Truth {
        self.facts.truth_with(condition, &mut self.memo)
    }

    fn answer(&mut self, test: &Test, path: &str) -> TestAnswer {
        TestAnswer {
            test: test.to_string(),
            path: path.to_owned(),
            truth: self.facts.answer(test, &mut self.memo),
        }
    }

    /// Notes tests that together suffice for the condition to have the truth it has.
    fn support(&mut self, condition: &Condition, truth: Truth, path: &str) {
        match condition {
            Condition::Test(test) => {
                let answer = self.answer(test, path);
                self.tests.push(answer);
            }
            Condition::Not(inner) => self.support(inner, !truth, &join(path, "not", None)),
            Condition::AtLeast { n, of } if truth == Truth::True => {
                self.support_members(of, truth, wide(*n), &|i| join(path, "at_least", Some(i)));
            }
            Condition::All(of) => self.support_group(of, truth, truth == Truth::False, path, "all"),
            Condition::Any(of) => self.support_group(of, truth, truth == Truth::True, path, "any"),
            Condition::None(of) => self.support_group(of, !truth, truth == Truth::False, path, "none"),
            Condition::AtLeast { of, .. } => self.support_group(of, truth, false, path, "at_least"),
        }
    }

    /// `one` member with the truth settles the group, or all that have it do.
    fn support_group(&mut self, of: &[Condition], truth: Truth, one: bool, path: &str, word: &str) {
        let most = if one { 1 } else { of.len() };
        self.support_members(of, truth, most, &|i| join(path, word, Some(i)));
    }

    fn support_members(
        &mut self,
        of: &[Condition],
        truth: Truth,
        most: usize,
        path: &dyn Fn(usize) -> String,
    ) {
        let mut noted = 0_usize;
        for (i, member) in of.iter().enumerate() {
            if noted < most && self.truth(member) == truth {
                noted = noted.saturating_add(1);
                self.support(member, truth, &path(i));
            }
        }
    }

    /// The first test, in the order of the document, that keeps the condition from another truth.
    fn obstacle(&mut self, condition: &Condition, truth: Truth, path: &str) -> Option<TestAnswer> {
        let (of, word, wanted) = match condition {
            Condition::Test(test) => return Some(self.answer(test, path)),
            Condition::Not(inner) => return self.obstacle(inner, !truth, &join(path, "not", None)),
            Condition::All(of) => (of, "all", truth),
            Condition::Any(of) => (of, "any", truth),
            Condition::None(of) => (of, "none", !truth),
            Condition::AtLeast { of, .. } => (of, "at_least", truth),
        };
        let first = of.iter().enumerate().find(|(_, member)| self.truth(member) == wanted);
        // Of a count that is unknown or false, members may have the other of the two.
        let blocking = |truth| matches!(truth, Truth::False | Truth::Unknown);
        let (i, member) = match first {
            Some(found) => found,
            None => of.iter().enumerate().find(|(_, member)| blocking(self.truth(member)))?,
        };
        let truth = self.truth(member);
        self.obstacle(member, truth, &join(path, word, Some(i)))
    }
}

fn join(path: &str, word: &str, index: Option<usize>) -> String {
    let dot = if path.is_empty() { "" } else { "." };
    index.map_or_else(|| format!("{path}{dot}{word}"), |i| format!("{path}{dot}{word}[{i}]"))
}
