//! Conditions brought to a form without negation and without a third truth value.
//!
//! Whether a rule matches is a question with two answers: is its condition true (or, for the other ways
//! to treat the unknown, is it not false). Asked so, a negation can be pushed down to the tests, and
//! there "missing" is one more value that a test takes or does not take.

use super::condition::Condition;
use super::encoding::{Asked, Atom, ColumnId, Encoding, joined};
use super::facts::Facts;
use super::matcher::Memo;
use crate::num::wide;

/// A question with two answers, without negation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Formula {
    Always(bool),
    All(Vec<Self>),
    Any(Vec<Self>),
    AtLeast(usize, Vec<Self>),
    Is(Lit),
}

/// A question to one column, its negation and its answer for the missing built in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lit {
    /// The value, 0 for missing, lies in one of these ranges.
    In(ColumnId, Vec<(u32, u32)>),
    /// The set has one of the members (`wanted`), or none of them; `missing` is the answer without a set.
    Has { column: ColumnId, ids: Vec<u32>, wanted: bool, missing: bool },
    /// The text matches, or does not.
    Matches { pattern: u32, wanted: bool, missing: bool },
}

/// How a condition is asked: whether turned round, and whether the unknown counts as holding.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mode {
    pub(super) negated: bool,
    pub(super) unknown: bool,
}

impl Formula {
    /// Whether the condition holds, or with `mode.unknown`, whether it does not fail.
    pub(super) fn new(condition: &Condition, encoding: &Encoding, mode: Mode) -> Self {
        let list =
            |of: &[Condition], mode| of.iter().map(|c| Self::new(c, encoding, mode)).collect::<Vec<_>>();
        let turned = Mode { negated: !mode.negated, ..mode };
        match condition {
            Condition::Not(inner) => Self::new(inner, encoding, turned),
            Condition::All(of) if mode.negated => any(list(of, mode)),
            Condition::All(of) => all(list(of, mode)),
            Condition::Any(of) if mode.negated => all(list(of, mode)),
            Condition::Any(of) => any(list(of, mode)),
            Condition::None(of) if mode.negated => any(list(of, turned)),
            Condition::None(of) => all(list(of, turned)),
            Condition::AtLeast { n, of } => {
                let n = wide(*n);
                let least = if mode.negated { of.len().saturating_add(1).saturating_sub(n) } else { n };
                at_least(least, list(of, mode))
            }
            Condition::Test(test) => asked(encoding.ask(test), mode),
        }
    }

    /// Asks the facts.
    pub(super) fn holds(&self, facts: &Facts, memo: &mut Memo) -> bool {
        match self {
            Self::Always(truth) => *truth,
            Self::All(of) => of.iter().all(|f| f.holds(facts, memo)),
            Self::Any(of) => of.iter().any(|f| f.holds(facts, memo)),
            Self::AtLeast(n, of) => of.iter().filter(|f| f.holds(facts, memo)).take(*n).count() == *n,
            Self::Is(lit) => lit.holds(facts, memo),
        }
    }
}

impl Lit {
    pub(super) fn holds(&self, facts: &Facts, memo: &mut Memo) -> bool {
        match self {
            Self::In(column, ranges) => contains(ranges, facts.id(*column)),
            Self::Has { column, ids, wanted, missing } => {
                if facts.id(*column) == 0 {
                    *missing
                } else {
                    meet(facts.set_of(*column), ids) == *wanted
                }
            }
            Self::Matches { pattern, wanted, missing } => {
                memo.is_match(facts, *pattern).map_or(*missing, |found| found == *wanted)
            }
        }
    }
}

pub(super) fn contains(ranges: &[(u32, u32)], id: u32) -> bool {
    match ranges {
        [(from, to)] => (*from..*to).contains(&id),
        many => {
            let at = many.partition_point(|(from, _)| *from <= id);
            at.checked_sub(1).and_then(|i| many.get(i)).is_some_and(|(_, to)| id < *to)
        }
    }
}

/// Whether two sorted lists share a value; the shorter is looked up in the longer.
pub(super) fn meet(a: &[u32], b: &[u32]) -> bool {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    few.iter().any(|id| many.binary_search(id).is_ok())
}

fn asked(asked: Asked, mode: Mode) -> Formula {
    let negated = asked.negated != mode.negated;
    let mode = Mode { negated, ..mode };
    let list: Vec<Formula> = asked.atoms.into_iter().map(|a| atom(a, mode)).collect();
    if negated { any(list) } else { all(list) }
}

fn atom(atom: Atom, mode: Mode) -> Formula {
    let (wanted, missing) = (!mode.negated, mode.unknown);
    match atom {
        Atom::Always(truth) => Formula::Always(truth == wanted),
        Atom::Unknown => Formula::Always(missing),
        Atom::Has(column, ids, total) => {
            let missing = if total { !wanted } else { missing };
            Formula::Is(Lit::Has { column, ids, wanted, missing })
        }
        Atom::Matches(pattern) => Formula::Is(Lit::Matches { pattern, wanted, missing }),
        Atom::In(column, ranges, total) => {
            let mut taken = if wanted { ranges } else { gaps(&ranges, u32::from(!total)) };
            if missing && !total {
                taken.push((0, 1));
            }
            interval(column, joined(taken))
        }
    }
}

fn interval(column: ColumnId, ranges: Vec<(u32, u32)>) -> Formula {
    match ranges.as_slice() {
        [] => Formula::Always(false),
        [(0, u32::MAX)] => Formula::Always(true),
        _ => Formula::Is(Lit::In(column, ranges)),
    }
}

/// What sorted ranges leave out, from `start` on.
fn gaps(ranges: &[(u32, u32)], start: u32) -> Vec<(u32, u32)> {
    let mut left = Vec::with_capacity(ranges.len().saturating_add(1));
    let mut at = start;
    for (from, to) in ranges {
        left.push((at, *from));
        at = at.max(*to);
    }
    left.push((at, u32::MAX));
    left
}

pub(super) fn all(mut list: Vec<Formula>) -> Formula {
    if list.contains(&Formula::Always(false)) {
        return Formula::Always(false);
    }
    list.retain(|f| *f != Formula::Always(true));
    match list.len() {
        0 => Formula::Always(true),
        1 => list.pop().unwrap_or(Formula::Always(true)),
        _ => Formula::All(list),
    }
}

pub(super) fn any(mut list: Vec<Formula>) -> Formula {
    if list.contains(&Formula::Always(true)) {
        return Formula::Always(true);
    }
    list.retain(|f| *f != Formula::Always(false));
    match list.len() {
        0 => Formula::Always(false),
        1 => list.pop().unwrap_or(Formula::Always(false)),
        _ => Formula::Any(list),
    }
}

fn at_least(n: usize, mut list: Vec<Formula>) -> Formula {
    let sure = list.iter().filter(|f| **f == Formula::Always(true)).count();
    list.retain(|f| !matches!(f, Formula::Always(_)));
    let n = n.saturating_sub(sure);
    if n == 0 {
        Formula::Always(true)
    } else if n > list.len() {
        Formula::Always(false)
    } else if n == list.len() {
        all(list)
    } else if n == 1 {
        any(list)
    } else {
        Formula::AtLeast(n, list)
    }
}

/// A conjunction: one way in which a rule can match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Branch {
    pub(super) lits: Vec<Lit>,
    /// What would have become too many branches and is asked as it stands.
    pub(super) rest: Vec<Formula>,
}

/// Branches that one rule may have; what would give more stays a tree.
const MAX_BRANCHES: usize = 16;

/// The ways in which a formula can hold.
pub(super) fn branches(formula: Formula) -> Vec<Branch> {
    expand(formula).into_iter().filter_map(Branch::settled).collect()
}

fn expand(formula: Formula) -> Vec<Branch> {
    match formula {
        Formula::Always(false) => Vec::new(),
        Formula::Always(true) => vec![Branch::default()],
        Formula::Is(lit) => vec![Branch { lits: vec![lit], rest: Vec::new() }],
        Formula::Any(list) => expand_any(list),
        Formula::All(list) => expand_all(list),
        Formula::AtLeast(n, list) => expand_at_least(n, list),
    }
}

fn expand_any(list: Vec<Formula>) -> Vec<Branch> {
    if list.len() > MAX_BRANCHES {
        return vec![Branch { lits: Vec::new(), rest: vec![Formula::Any(list)] }];
    }
    let found: Vec<Branch> = list.iter().cloned().flat_map(expand).collect();
    if found.len() > MAX_BRANCHES {
        return vec![Branch { lits: Vec::new(), rest: vec![Formula::Any(list)] }];
    }
    found
}

fn expand_all(list: Vec<Formula>) -> Vec<Branch> {
    let mut plain = Branch::default();
    let mut groups = Vec::new();
    for formula in list {
        match formula {
            Formula::Is(lit) => plain.lits.push(lit),
            group => groups.push(group),
        }
    }
    let mut found = vec![plain];
    for group in groups {
        let more = expand(group.clone());
        if more.len().saturating_mul(found.len()) > MAX_BRANCHES {
            found.iter_mut().for_each(|branch| branch.rest.push(group.clone()));
        } else {
            found = found.iter().flat_map(|a| more.iter().map(|b| a.and(b))).collect();
        }
    }
    found
}

fn expand_at_least(n: usize, list: Vec<Formula>) -> Vec<Branch> {
    // Two of four are six, three of six twenty: more members are rarely few branches.
    if list.len() > 6 {
        return vec![Branch { lits: Vec::new(), rest: vec![Formula::AtLeast(n, list)] }];
    }
    let chosen =
        |set: u32| list.iter().enumerate().filter(move |(i, _)| set & (1 << *i) != 0).map(|(_, f)| f.clone());
    let sets = (0_u32..1 << list.len()).filter(|set| wide(set.count_ones()) == n);
    let ways = sets.map(|set| all(chosen(set).collect())).collect::<Vec<_>>();
    if ways.len() > MAX_BRANCHES {
        return vec![Branch { lits: Vec::new(), rest: vec![Formula::AtLeast(n, list)] }];
    }
    expand_any(ways)
}

impl Branch {
    fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.lits.extend(other.lits.iter().cloned());
        both.rest.extend(other.rest.iter().cloned());
        both
    }

    /// Ranges of one column made one; `None` where they exclude each other.
    fn settled(self) -> Option<Self> {
        let mut lits: Vec<Lit> = Vec::with_capacity(self.lits.len());
        for lit in self.lits {
            if let Lit::In(column, ranges) = &lit {
                let same = lits.iter_mut().find_map(|l| match l {
                    Lit::In(c, r) if c == column => Some(r),
                    _ => None,
                });
                if let Some(earlier) = same {
                    *earlier = common(earlier, ranges);
                    if earlier.is_empty() {
                        return None;
                    }
                    continue;
                }
            }
            if !lits.contains(&lit) {
                lits.push(lit);
            }
        }
        Some(Self { lits, rest: self.rest })
    }
}

/// What two lists of sorted ranges share.
pub(super) fn common(a: &[(u32, u32)], b: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let (mut i, mut j, mut shared) = (0_usize, 0_usize, Vec::new());
    while let (Some((from_a, to_a)), Some((from_b, to_b))) = (a.get(i), b.get(j)) {
        shared.push((*from_a.max(from_b), *to_a.min(to_b)));
        if to_a < to_b {
            i = i.saturating_add(1);
        } else {
            j = j.saturating_add(1);
        }
    }
    joined(shared)
}
