//! The three truth values, and conditions asked one by one.

use serde::Serialize;

use super::condition::{Condition, Test};
use super::facts::Facts;
use super::formula::{Formula, Mode};
use super::matcher::Memo;

/// Whether a condition holds; unknown where a fact it needs is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the logic has three values")]
pub enum Truth {
    /// It does not hold.
    False,
    /// It holds.
    True,
    /// The facts do not tell.
    Unknown,
}

impl From<bool> for Truth {
    fn from(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl Facts {
    /// Asks one condition, which must be among those that the encoding was made for.
    #[must_use]
    pub fn truth(&self, condition: &Condition) -> Truth {
        self.truth_with(condition, &mut Memo::default())
    }

    pub(super) fn truth_with(&self, condition: &Condition, memo: &mut Memo) -> Truth {
        let mut each = |list: &[Condition]| list.iter().map(|c| self.truth_with(c, memo)).collect::<Vec<_>>();
        match condition {
            Condition::All(list) => all(&each(list)),
            Condition::Any(list) => any(&each(list)),
            Condition::None(list) => !any(&each(list)),
            Condition::Not(inner) => !self.truth_with(inner, memo),
            Condition::AtLeast { n, of } => at_least(crate::num::wide(*n), &each(of)),
            Condition::Test(test) => self.answer(test, memo),
        }
    }

    pub(super) fn answer(&self, test: &Test, memo: &mut Memo) -> Truth {
        let asked = Condition::Test(test.clone());
        let mut ask = |unknown| {
            Formula::new(&asked, &self.encoding, Mode { negated: false, unknown }).holds(self, memo)
        };
        match (ask(false), ask(true)) {
            (true, _) => Truth::True,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::False,
        }
    }
}

pub(super) fn all(truths: &[Truth]) -> Truth {
    if truths.contains(&Truth::False) {
        Truth::False
    } else if truths.contains(&Truth::Unknown) {
        Truth::Unknown
    } else {
        Truth::True
    }
}

fn any(truths: &[Truth]) -> Truth {
    if truths.contains(&Truth::True) {
        Truth::True
    } else if truths.contains(&Truth::Unknown) {
        Truth::Unknown
    } else {
        Truth::False
    }
}

fn at_least(n: usize, truths: &[Truth]) -> Truth {
    let sure = truths.iter().filter(|t| **t == Truth::True).count();
    let possible = truths.iter().filter(|t| **t != Truth::False).count();
    if sure >= n {
        Truth::True
    } else if possible < n {
        Truth::False
    } else {
        Truth::Unknown
    }
}
