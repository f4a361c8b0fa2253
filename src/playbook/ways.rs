//! The ways in which a condition can hold, in the author's own tests.

use super::condition::{Condition, Test};
use super::facts::Facts;
use super::matcher::Memo;
use super::truth::Truth;
use crate::num::wide;

/// Ways that are told apart; a condition with more is one way, whatever made it hold.
const MAX_WAYS: usize = 16;

/// Members of an `at_least` that are told apart.
const MAX_MEMBERS: usize = 6;

/// One way in which a condition can hold: tests that together suffice.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way(Vec<Step>);

/// A test with the answer that it must have.
#[derive(Debug, Clone)]
struct Step {
    test: Test,
    path: String,
    wanted: Truth,
}

impl Way {
    /// The places of its tests, such as `when.any[1]`.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|step| step.path.as_str())
    }

    /// Whether every test has the answer that it must have.
    pub(crate) fn holds(&self, facts: &Facts) -> bool {
        let mut memo = Memo::default();
        self.0.iter().all(|step| facts.answer(&step.test, &mut memo) == step.wanted)
    }

    fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().chain(&other.0).cloned().collect())
    }
}

/// The ways of a rule's own condition, in the order of the document.
pub(crate) fn ways(condition: &Condition) -> Vec<Way> {
    list(condition, true, "when").unwrap_or_else(|| vec![Way::default()])
}

/// `None` where there are too many to be told apart.
fn list(condition: &Condition, wanted: bool, path: &str) -> Option<Vec<Way>> {
    let members = |of: &[Condition], word: &str, wanted: bool| {
        let inner = of.iter().enumerate();
        inner
            .map(|(i, member)| list(member, wanted, &format!("{path}.{word}[{i}]")))
            .collect::<Option<Vec<_>>>()
    };
    let found = match condition {
        Condition::Test(test) => {
            vec![Way(vec![Step { test: test.clone(), path: path.to_owned(), wanted: Truth::from(wanted) }])]
        }
        Condition::Not(inner) => list(inner, !wanted, &format!("{path}.not"))?,
        Condition::All(of) if wanted => each(&members(of, "all", true)?)?,
        Condition::All(of) => members(of, "all", false)?.concat(),
        Condition::Any(of) if wanted => members(of, "any", true)?.concat(),
        Condition::Any(of) => each(&members(of, "any", false)?)?,
        Condition::None(of) if wanted => each(&members(of, "none", false)?)?,
        Condition::None(of) => members(of, "none", true)?.concat(),
        Condition::AtLeast { n, of } => {
            let most = of.len().saturating_add(1);
            let n = if wanted { wide(*n) } else { most.saturating_sub(wide(*n)) };
            some(n, &members(of, "at_least.of", wanted)?)?
        }
    };
    (found.len() <= MAX_WAYS).then_some(found)
}

/// All members at once.
fn each(members: &[Vec<Way>]) -> Option<Vec<Way>> {
    members.iter().try_fold(vec![Way::default()], |found, more| {
        let is_few = found.len().saturating_mul(more.len()) <= MAX_WAYS;
        is_few.then(|| found.iter().flat_map(|one| more.iter().map(|two| one.and(two))).collect())
    })
}

/// Any `n` of the members.
fn some(n: usize, members: &[Vec<Way>]) -> Option<Vec<Way>> {
    if members.len() > MAX_MEMBERS {
        return None;
    }
    let sets = (0_u32..1 << members.len()).filter(|set| wide(set.count_ones()) == n);
    let chosen = |set: u32| {
        let of_set = members.iter().enumerate().filter(move |(i, _)| set & (1 << *i) != 0);
        each(&of_set.map(|(_, ways)| ways.clone()).collect::<Vec<_>>())
    };
    sets.map(chosen).collect::<Option<Vec<_>>>().map(|found| found.concat())
}
