//! What can be told about rules before anything happens: rules that never or always match, that repeat
//! or shadow one another, or that contradict one another at equal rank.
//!
//! Conditions are compared branch by branch over the columns of their encoding, where each test is a set
//! of values, so that what is reported is certain; a branch with a tree too large for that is passed over.

use std::collections::BTreeMap;

use super::encoding::{ColumnId, Encoding};
use super::formula::{Branch, Formula, Lit, Mode, branches, common, contains};
use super::rule::{OnUnknown, Rule};
use crate::num::wide;
use crate::{Code, Diagnostic, Diagnostics};

/// Pairs of rules that are compared; beyond, only the nearest ones are.
const MAX_PAIRS: usize = 4_000_000;

/// The rules of one family, as a lint sees them.
///
/// ```
/// use galateo::Limits;
/// use galateo::model::RuleId;
/// use galateo::playbook::{Encoding, FieldType, Fields, Rule, field, lint};
/// let mut fields = Fields::new();
/// fields.add("score", FieldType::Number, "", &[])?;
/// let rules: Vec<Rule<String>> = vec![
///     Rule::new(RuleId::new("wide")?).when(field("score").below(10)).then("a".into()),
///     Rule::new(RuleId::new("narrow")?).when(field("score").below(5)).then("b".into()),
///     Rule::new(RuleId::new("never")?).when(field("score").below(5) & field("score").above(7)).then("b".into()),
/// ];
/// let conditions: Vec<_> = rules.iter().map(Rule::condition).collect();
/// let encoding = Encoding::new(&fields, &conditions, &Limits::DEFAULT);
/// let found: Vec<_> = lint(&rules, &encoding, true).iter().map(|d| d.code.as_str()).collect();
/// assert_eq!(found, ["G0401", "G0403"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `first_wins` tells that of several rules that match only the first counts, as in routing: only there
/// can a rule shadow another, and two of one priority contradict each other.
#[must_use]
pub fn lint<A: PartialEq>(rules: &[Rule<A>], encoding: &Encoding, first_wins: bool) -> Diagnostics {
    let mut order: Vec<usize> = (0..rules.len()).collect();
    order.sort_by_key(|i| rules.get(*i).map(|r| std::cmp::Reverse(r.priority)));
    let seen: Vec<Seen<'_, A>> =
        order.iter().filter_map(|i| rules.get(*i)).map(|rule| Seen::new(rule, encoding)).collect();
    let mut found: Vec<Diagnostic> = seen.iter().filter_map(Seen::alone).collect();
    let reach = MAX_PAIRS.checked_div(seen.len()).unwrap_or(0).max(1);
    for (at, later) in seen.iter().enumerate() {
        let earlier = seen.get(at.saturating_sub(reach)..at).unwrap_or_default();
        found.extend(earlier.iter().find_map(|earlier| against(earlier, later, encoding, first_wins)));
    }
    found.into()
}

/// A rule and the ways in which it can match.
struct Seen<'r, A> {
    rule: &'r Rule<A>,
    branches: Vec<Branch>,
}

impl<'r, A> Seen<'r, A> {
    fn new(rule: &'r Rule<A>, encoding: &Encoding) -> Self {
        let mode = Mode { negated: false, unknown: rule.on_unknown != OnUnknown::Skip };
        let found = branches(Formula::new(&rule.condition(), encoding, mode));
        Self { rule, branches: found.into_iter().filter(|b| !contradicts_itself(b)).collect() }
    }

    fn alone(&self) -> Option<Diagnostic> {
        if self.branches.is_empty() {
            return Some(self.finding(Code::NEVER_MATCHES, "this rule can never match".to_owned()));
        }
        let is_always = self.branches.iter().any(|b| b.lits.is_empty() && b.rest.is_empty());
        let is_written = self.rule.when != super::Condition::default();
        (is_always && is_written && self.rule.on.is_empty())
            .then(|| self.finding(Code::ALWAYS_MATCHES, "this condition always holds".to_owned()))
    }

    fn finding(&self, code: Code, message: String) -> Diagnostic {
        let origin = &self.rule.origin;
        let path =
            if origin.path.is_empty() { format!("rules.{}", self.rule.id) } else { origin.path.clone() };
        let mut finding = Diagnostic::new(code, path, message);
        finding.layer.clone_from(&origin.layer);
        (finding.line, finding.column) = (origin.line, origin.column);
        finding
    }
}

/// What an earlier rule does to a later one.
fn against<A: PartialEq>(
    earlier: &Seen<'_, A>,
    later: &Seen<'_, A>,
    encoding: &Encoding,
    first_wins: bool,
) -> Option<Diagnostic> {
    if later.branches.is_empty() {
        return None;
    }
    let id = &earlier.rule.id;
    let same_do = earlier.rule.then == later.rule.then;
    let covers = covers(earlier, later);
    if same_do && covers && self::covers(later, earlier) {
        return Some(later.finding(Code::REPEATED, format!("this rule repeats `{id}`")));
    }
    if first_wins && covers {
        let message = format!("this rule never counts, for `{id}` comes first whenever it matches");
        return Some(with_witness(
            later.finding(Code::SHADOWED, message),
            later.branches.first(),
            None,
            encoding,
        ));
    }
    if first_wins && !same_do && earlier.rule.priority == later.rule.priority {
        let pairs = earlier.branches.iter().flat_map(|a| later.branches.iter().map(move |b| (a, b)));
        let (a, b) = pairs.into_iter().find(|(a, b)| is_sure(a) && is_sure(b) && can_meet(a, b))?;
        let message =
            format!("this rule and `{id}` can match together at one priority, and do different things");
        return Some(with_witness(later.finding(Code::TIE, message), Some(a), Some(b), encoding));
    }
    None
}

/// Whether the earlier rule matches whenever the later one does.
fn covers<A>(earlier: &Seen<'_, A>, later: &Seen<'_, A>) -> bool {
    later.branches.iter().all(|narrow| earlier.branches.iter().any(|wide| implies(narrow, wide)))
}

/// Whether everything that the wide branch asks follows from the narrow one.
fn implies(narrow: &Branch, wide: &Branch) -> bool {
    wide.rest.iter().all(|tree| narrow.rest.contains(tree))
        && wide.lits.iter().all(|asked| narrow.lits.iter().any(|known| lit_implies(known, asked)))
}

fn lit_implies(known: &Lit, asked: &Lit) -> bool {
    match (known, asked) {
        (Lit::In(a, narrow), Lit::In(b, wide)) => a == b && common(narrow, wide) == *narrow,
        (
            Lit::Has { column: a, ids: narrow, wanted: x, missing: m },
            Lit::Has { column: b, ids: wide, wanted: y, missing: n },
        ) => {
            let within = |few: &[u32], many: &[u32]| few.iter().all(|id| many.contains(id));
            a == b && x == y && (*n || !*m) && if *x { within(narrow, wide) } else { within(wide, narrow) }
        }
        _ => known == asked,
    }
}

/// Whether a branch demands what it also forbids; ranges of one column have been intersected before.
fn contradicts_itself(branch: &Branch) -> bool {
    branch
        .lits
        .iter()
        .enumerate()
        .any(|(i, a)| branch.lits.iter().skip(i.saturating_add(1)).any(|b| exclude(a, b)))
}

/// Whether two questions cannot both be answered with yes.
fn exclude(a: &Lit, b: &Lit) -> bool {
    match (a, b) {
        (Lit::In(x, narrow), Lit::In(y, wide)) => x == y && common(narrow, wide).is_empty(),
        (
            Lit::Has { column: x, ids: yes, wanted: true, missing: m },
            Lit::Has { column: y, ids: no, wanted: false, missing: n },
        )
        | (
            Lit::Has { column: y, ids: no, wanted: false, missing: n },
            Lit::Has { column: x, ids: yes, wanted: true, missing: m },
        ) => x == y && !(*m && *n) && yes.iter().all(|id| no.contains(id)),
        (
            Lit::Matches { pattern: x, wanted: p, missing: m },
            Lit::Matches { pattern: y, wanted: q, missing: n },
        ) => x == y && p != q && !(*m && *n),
        _ => false,
    }
}

/// Whether a branch is made of questions alone that can be answered at will.
fn is_sure(branch: &Branch) -> bool {
    branch.rest.is_empty() && branch.lits.iter().all(|lit| !matches!(lit, Lit::Matches { .. }))
}

fn can_meet(a: &Branch, b: &Branch) -> bool {
    !a.lits.iter().any(|x| b.lits.iter().any(|y| exclude(x, y)))
}

/// Adds facts that show the finding.
fn with_witness(
    finding: Diagnostic,
    one: Option<&Branch>,
    other: Option<&Branch>,
    encoding: &Encoding,
) -> Diagnostic {
    let lits = one.into_iter().chain(other).flat_map(|branch| &branch.lits);
    match witness(lits, encoding) {
        Some(facts) if !facts.is_empty() => {
            finding.with_help(format!("for example with {}", facts.join(", ")))
        }
        _ => finding,
    }
}

/// Values that satisfy all questions, in words; `None` where one cannot be shown so.
fn witness<'l>(lits: impl Iterator<Item = &'l Lit>, encoding: &Encoding) -> Option<Vec<String>> {
    let mut ranges: BTreeMap<ColumnId, Vec<(u32, u32)>> = BTreeMap::new();
    let mut members: BTreeMap<ColumnId, Vec<u32>> = BTreeMap::new();
    for lit in lits {
        match lit {
            Lit::In(column, asked) => {
                let known = ranges.entry(*column).or_insert_with(|| vec![(0, u32::MAX)]);
                *known = common(known, asked);
            }
            Lit::Has { column, ids, wanted: true, .. } => {
                members.entry(*column).or_default().extend(ids.first());
            }
            Lit::Has { column, .. } => _ = members.entry(*column).or_default(),
            Lit::Matches { .. } => return None,
        }
    }
    let mut facts = Vec::new();
    for (column, ranges) in ranges {
        let size = encoding.columns.get(wide(column)).map_or(0, |c| c.size);
        let id = (0..size).rev().find(|id| *id > 1 && contains(&ranges, *id));
        let id = id.or_else(|| [1, 0].into_iter().find(|id| contains(&ranges, *id)))?;
        facts.push(encoding.describe(column, id)?);
    }
    for (column, ids) in members.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        let shown: Option<Vec<String>> = ids.iter().map(|id| encoding.describe(column, *id)).collect();
        facts.extend(shown?);
    }
    Some(facts)
}
