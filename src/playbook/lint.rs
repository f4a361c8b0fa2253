//! What can be told about rules before anything happens: rules that never or always match, that repeat
//! or shadow one another, or that contradict one another at equal rank.
//!
//! Conditions are compared branch by branch over the columns of their encoding, where each test is a set
//! of values, so that what is reported is certain; a branch with a tree too large for that is passed over.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Map;

use super::encoding::{Encoding, SOME};
use super::formula::{Branch, Formula, Lit, Mode, branches, common};
use super::rule::{OnUnknown, Rule};
use super::witness::{self, Ground};
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
pub fn lint<A: PartialEq>(rules: &[Rule<A>], encoding: &Arc<Encoding>, first_wins: bool) -> Diagnostics {
    lint_on(rules, &Ground { encoding, bounds: &[] }, first_wins).into()
}

/// The same, with what is known of the values of fields.
pub(super) fn lint_on<A: PartialEq>(
    rules: &[Rule<A>],
    ground: &Ground<'_>,
    first_wins: bool,
) -> Vec<Diagnostic> {
    let mut order: Vec<usize> = (0..rules.len()).collect();
    order.sort_by_key(|i| rules.get(*i).map(Rule::place));
    let seen: Vec<Seen<'_, A>> =
        order.iter().filter_map(|i| rules.get(*i)).map(|rule| Seen::new(rule, ground)).collect();
    let mut found: Vec<Diagnostic> = seen.iter().filter_map(|seen| seen.alone(ground.encoding)).collect();
    let reach = MAX_PAIRS.checked_div(seen.len()).unwrap_or(0).max(1);
    for (at, later) in seen.iter().enumerate() {
        let earlier = seen.get(at.saturating_sub(reach)..at).unwrap_or_default();
        match earlier.iter().find_map(|earlier| buried(earlier, later, ground, first_wins)) {
            Some(one) => found.push(one),
            // What never counts contradicts nobody.
            None if first_wins => {
                found.extend(earlier.iter().filter_map(|earlier| tie(earlier, later, ground)))
            }
            None => {}
        }
    }
    found
}

/// Every two rules of one priority and aim that can match together and do different things.
pub(super) fn ties<A: PartialEq>(rules: &[Rule<A>], ground: &Ground<'_>) -> Vec<Diagnostic> {
    let mut groups: BTreeMap<_, Vec<&Rule<A>>> = BTreeMap::new();
    rules.iter().for_each(|rule| groups.entry(rule.place()).or_default().push(rule));
    let mut found = Vec::new();
    for group in groups.values().filter(|group| group.len() > 1) {
        let seen: Vec<Seen<'_, A>> = group.iter().map(|rule| Seen::new(rule, ground)).collect();
        for (at, later) in seen.iter().enumerate() {
            let earlier = seen.get(..at).unwrap_or_default();
            if !earlier.iter().any(|earlier| covers(earlier, later)) {
                found.extend(earlier.iter().filter_map(|earlier| tie(earlier, later, ground)));
            }
        }
    }
    found
}

/// A rule and the ways in which it can match.
struct Seen<'r, A> {
    rule: &'r Rule<A>,
    branches: Vec<Branch>,
}

impl<'r, A> Seen<'r, A> {
    fn new(rule: &'r Rule<A>, ground: &Ground<'_>) -> Self {
        Self { rule, branches: ways(rule, ground) }
    }

    fn alone(&self, encoding: &Encoding) -> Option<Diagnostic> {
        if self.branches.is_empty() {
            return Some(finding(self.rule, Code::NEVER_MATCHES, "this rule can never match".to_owned()));
        }
        let is_written = self.rule.when != super::Condition::default();
        (is_written && always_holds(self.rule, encoding)).then(|| {
            let message = "this condition always holds".to_owned();
            let rules = vec![self.rule.id.to_string()];
            finding(self.rule, Code::ALWAYS_MATCHES, message).about(rules, Some(Map::new()))
        })
    }
}

/// Whether a rule's own condition holds whatever the facts are.
fn always_holds<A>(rule: &Rule<A>, encoding: &Encoding) -> bool {
    let mode = Mode { negated: false, unknown: rule.on_unknown != OnUnknown::Skip };
    let found = branches(Formula::new(&rule.when, encoding, mode));
    found.iter().any(|branch| branch.lits.is_empty() && branch.rest.is_empty())
}

/// The branches in which a rule can match facts that can be.
pub(super) fn ways<A>(rule: &Rule<A>, ground: &Ground<'_>) -> Vec<Branch> {
    let mode = Mode { negated: false, unknown: rule.on_unknown != OnUnknown::Skip };
    let found = branches(Formula::new(&rule.condition(), ground.encoding, mode));
    let is_possible =
        |branch: &Branch| !contradicts_itself(branch) && !branch.lits.iter().any(|lit| ground.rules_out(lit));
    found.into_iter().filter(is_possible).collect()
}

/// A finding that stands at a rule.
pub(super) fn finding<A>(rule: &Rule<A>, code: Code, message: String) -> Diagnostic {
    let origin = &rule.origin;
    let path = if origin.path.is_empty() { format!("rules.{}", rule.id) } else { origin.path.clone() };
    let mut finding = Diagnostic::new(code, path, message);
    finding.layer.clone_from(&origin.layer);
    (finding.line, finding.column) = (origin.line, origin.column);
    finding.about(vec![rule.id.to_string()], None)
}

/// A later rule that repeats an earlier one, or that never counts beside it.
fn buried<A: PartialEq>(
    earlier: &Seen<'_, A>,
    later: &Seen<'_, A>,
    ground: &Ground<'_>,
    first_wins: bool,
) -> Option<Diagnostic> {
    let narrow = later.branches.first()?;
    if !covers(earlier, later) {
        return None;
    }
    let (first, second) = (earlier.rule, later.rule);
    let (code, message) = if first.then == second.then && covers(later, earlier) {
        (Code::REPEATED, format!("this rule repeats `{}`", first.id))
    } else if first_wins {
        let message = format!("this rule never counts, for `{}` comes first whenever it matches", first.id);
        (Code::SHADOWED, message)
    } else {
        return None;
    };
    Some(with_example(finding(second, code, message), first, second, ground, narrow.lits.iter()))
}

/// A later rule that can match together with an earlier one of its priority and aim and does something else.
fn tie<A: PartialEq>(earlier: &Seen<'_, A>, later: &Seen<'_, A>, ground: &Ground<'_>) -> Option<Diagnostic> {
    let (first, second) = (earlier.rule, later.rule);
    if first.place() != second.place() || first.then == second.then {
        return None;
    }
    let pairs = || earlier.branches.iter().flat_map(|a| later.branches.iter().map(move |b| (a, b)));
    let meet = |(a, b): &(&Branch, &Branch)| {
        let plain = a.lits.iter().chain(&b.lits).filter(|lit| !matches!(lit, Lit::Matches { .. }));
        can_meet(a, b) && ground.can_answer(plain)
    };
    let sure = pairs().find(|(a, b)| is_sure(a) && is_sure(b) && meet(&(a, b)));
    let can = if sure.is_some() { "can" } else { "may" };
    let (a, b) = sure.or_else(|| pairs().find(meet))?;
    let message =
        format!("this rule and `{}` {can} match together at one priority, and do different things", first.id);
    let lits = a.lits.iter().chain(&b.lits);
    Some(with_example(finding(second, Code::TIE, message), first, second, ground, lits))
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
            // Any member makes a set that is not empty, and an empty set has none of them.
            let known = if *x { wide.contains(&SOME) } else { narrow.contains(&SOME) };
            let fits = known || if *x { within(narrow, wide) } else { within(wide, narrow) };
            a == b && x == y && (*n || !*m) && fits
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
        ) => x == y && !(*m && *n) && (no.contains(&SOME) || yes.iter().all(|id| no.contains(id))),
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

/// Adds the other rule, and facts that make both match, where some can be shown.
fn with_example<'l, A>(
    mut finding: Diagnostic,
    first: &Rule<A>,
    second: &Rule<A>,
    ground: &Ground<'_>,
    lits: impl Iterator<Item = &'l Lit>,
) -> Diagnostic {
    let rules = vec![first.id.to_string(), second.id.to_string()];
    finding = finding.about(rules.clone(), None);
    let Some(facts) = ground.facts(lits) else { return finding };
    let Some(row) = ground.row(&facts) else { return finding };
    let shows = |rule| witness::matches(rule, ground.encoding, &row);
    if !shows(first) || !shows(second) {
        return finding;
    }
    if !facts.is_empty() {
        let said: Vec<String> = facts.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        finding = finding.with_help(format!("for example with {}", said.join(", ")));
    }
    finding.about(rules, Some(facts))
}
