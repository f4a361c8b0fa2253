//! The columns of a row of facts, and what each test asks of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regex::Regex;

use super::condition::{Condition, Literal, Test};
use super::fields::{Field, FieldId, FieldType, Fields};
use super::intern::{Cut, Cuts, Interner};
use super::operator::Operator;
use super::texts::{Question, TextTests};
use super::{Number, facts, pattern};
use crate::Limits;
use crate::num::{narrow, wide};

/// The number of a column.
pub(super) type ColumnId = u32;

/// In a column of single words: a word that no condition names. Named ones follow from 2.
pub(super) const OTHER: u32 = 1;
/// In a column of sets: the set is not empty. Named members follow from 2.
pub(super) const SOME: u32 = 1;
/// In a column of changes: the event changed nothing. 2 is a change that no condition names.
pub(super) const UNCHANGED: u32 = 1;

/// What a column holds for each event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// Several values instead of one.
    pub(super) is_set: bool,
    /// Values it can take, 0 for missing included.
    pub(super) size: u32,
}

/// How the values of a field become small integers.
#[derive(Debug)]
pub(super) enum Coding {
    Flag,
    Word(Interner),
    Words(Interner),
    Cuts(Cuts),
}

/// What is computed for one field that conditions ask.
#[derive(Debug)]
pub(super) struct FieldPlan {
    pub(super) is_time: bool,
    pub(super) reads_text: bool,
    pub(super) main: (ColumnId, Coding),
    /// Milliseconds from the instant to now.
    pub(super) age: Option<(ColumnId, Cuts)>,
    pub(super) hits: Option<(ColumnId, Box<TextTests>)>,
    /// The text itself, for regular expressions; the column tells whether it is known.
    pub(super) pattern_text: Option<ColumnId>,
    pub(super) change: Option<Change>,
}

impl FieldPlan {
    fn has(&self, column: ColumnId) -> bool {
        let age = self.age.as_ref().map(|(column, _)| *column);
        let hits = self.hits.as_ref().map(|(column, _)| *column);
        let change = self.change.iter().flat_map(|change| [change.from, change.to]);
        [Some(self.main.0), age, hits, self.pattern_text]
            .into_iter()
            .flatten()
            .chain(change)
            .any(|own| own == column)
    }
}

/// The values before and after a change, as texts.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) from: ColumnId,
    pub(super) to: ColumnId,
    pub(super) keys: Interner,
}

/// How facts are turned into small integers for a set of conditions: one for all rules of a policy.
///
/// ```
/// use galateo::Limits;
/// use galateo::playbook::{Encoding, Facts, FieldType, Fields, Matcher, OnUnknown, Scratch, field};
/// let mut fields = Fields::new();
/// let channel = fields.add("channel", FieldType::Word, "", &[])?;
/// let sentiment = fields.add("sentiment", FieldType::Number, "", &[])?;
/// let conditions = [field("channel").is("x") & field("sentiment").below(-400), field("channel").is("email")];
/// let encoding = Encoding::new(&fields, &conditions, &Limits::DEFAULT);
/// let matcher = Matcher::compile(&encoding, conditions.iter().map(|c| (c, OnUnknown::Skip)));
/// let (mut facts, mut scratch) = (Facts::new(&encoding), Scratch::default());
/// facts.start(None);
/// facts.set(channel, "x");
/// facts.set(sentiment, -700_i64);
/// assert_eq!(matcher.matches(&facts, &mut scratch).collect::<Vec<_>>(), [0]);
/// assert_eq!(matcher.first(&facts, &mut scratch), Some(0));
/// # Ok::<(), galateo::Diagnostic>(())
/// ```
#[derive(Debug)]
pub struct Encoding {
    pub(super) fields: Fields,
    /// For each field the plan, where any condition asks it: all are looked at for every event, few are followed.
    plans: Vec<Option<Box<FieldPlan>>>,
    pub(super) columns: Vec<Column>,
    pub(super) patterns: Vec<(ColumnId, Regex)>,
    pattern_ids: BTreeMap<(FieldId, Arc<str>), u32>,
    /// The row in which everything is missing.
    pub(super) blank: Vec<u32>,
    pub(super) has_changes: bool,
}

/// What a test asks of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// All must hold.
    pub(super) atoms: Vec<Atom>,
    /// The answer is turned round.
    pub(super) negated: bool,
}

/// A question to one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Atom {
    /// A truth that no fact changes.
    Always(bool),
    /// The set has one of these members, which are sorted. Without a set that is false (`total`) or unknown.
    Has(ColumnId, Vec<u32>, bool),
    /// The value lies in one of these ranges, sorted and apart, ends excluded. Whether 0, the missing
    /// value, is a value like another (`total`) or makes the answer unknown is told beside.
    In(ColumnId, Vec<(u32, u32)>, bool),
    /// The text matches the regular expression of this number.
    Matches(u32),
    /// Asks a field that does not exist.
    Unknown,
}

impl Encoding {
    /// The field that a column belongs to, with what is computed for it.
    pub(super) fn field_of(&self, column: ColumnId) -> Option<(&Field, &FieldPlan)> {
        let asked = self.fields.as_slice().iter().zip(&self.plans);
        let mut asked = asked.filter_map(|(field, plan)| Some((field, plan.as_deref()?)));
        asked.find(|(_, plan)| plan.has(column))
    }

    /// The columns that the tests of all these conditions need.
    #[must_use]
    pub fn new<'c>(
        fields: &Fields,
        conditions: impl IntoIterator<Item = &'c Condition>,
        limits: &Limits,
    ) -> Arc<Self> {
        let mut gathered: BTreeMap<FieldId, Gathered> = BTreeMap::new();
        for test in conditions.into_iter().flat_map(Condition::tests) {
            if let Some(id) = fields.find(&test.field) {
                gathered.entry(id).or_default().add(test);
            }
        }
        let mut made = Self {
            fields: fields.clone(),
            plans: Vec::new(),
            columns: Vec::new(),
            patterns: Vec::new(),
            pattern_ids: BTreeMap::new(),
            blank: Vec::new(),
            has_changes: false,
        };
        made.plans.resize_with(fields.as_slice().len(), || None);
        for (id, gathered) in gathered {
            made.plan_field(id, gathered, limits);
        }
        Arc::new(made)
    }

    #[inline]
    pub(super) fn plan(&self, field: FieldId) -> Option<&FieldPlan> {
        self.plans.get(wide(field.0))?.as_deref()
    }

    /// The fields that conditions can ask.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }

    fn column(&mut self, is_set: bool, size: u32, blank: u32) -> ColumnId {
        self.columns.push(Column { is_set, size });
        self.blank.push(blank);
        narrow(self.columns.len().saturating_sub(1))
    }

    fn plan_field(&mut self, id: FieldId, gathered: Gathered, limits: &Limits) {
        let Some(kind) = self.fields.field(id).map(|field| field.r#type) else { return };
        let main = self.main_column(kind, gathered.names, gathered.cuts);
        let mut plan = FieldPlan {
            is_time: kind == FieldType::Time,
            reads_text: false,
            main,
            age: None,
            hits: None,
            pattern_text: None,
            change: None,
        };
        if !gathered.ages.is_empty() {
            let cuts = Cuts::new(gathered.ages.into_iter().collect());
            plan.age = Some((self.column(false, cuts.buckets().saturating_add(1), 0), cuts));
        }
        if !gathered.questions.is_empty() {
            let tests = TextTests::new(gathered.questions.into_iter().collect());
            plan.hits = Some((self.column(true, tests.len().saturating_add(2), 0), Box::new(tests)));
        }
        if !gathered.patterns.is_empty() {
            let column = self.column(false, 2, 0);
            plan.pattern_text = Some(column);
            for pattern in gathered.patterns {
                self.plan_pattern(id, column, pattern, limits);
            }
        }
        if gathered.asks_change {
            self.has_changes = true;
            let keys = Interner::new(gathered.keys.into_iter());
            let size = keys.len().saturating_add(3);
            let (from, to) = (self.column(false, size, UNCHANGED), self.column(false, size, UNCHANGED));
            plan.change = Some(Change { from, to, keys });
        }
        plan.reads_text = plan.hits.is_some() || plan.pattern_text.is_some();
        if let Some(slot) = self.plans.get_mut(wide(id.0)) {
            *slot = Some(Box::new(plan));
        }
    }

    fn main_column(
        &mut self,
        kind: FieldType,
        names: BTreeSet<Arc<str>>,
        cuts: BTreeSet<Cut>,
    ) -> (ColumnId, Coding) {
        let coding = match kind {
            FieldType::Flag => Coding::Flag,
            FieldType::Number | FieldType::Time => Coding::Cuts(Cuts::new(cuts.into_iter().collect())),
            FieldType::Text | FieldType::Word => Coding::Word(Interner::new(names.into_iter())),
            FieldType::Words => Coding::Words(Interner::new(names.into_iter())),
        };
        let size = match &coding {
            Coding::Flag => 3,
            Coding::Word(names) | Coding::Words(names) => names.len().saturating_add(2),
            Coding::Cuts(cuts) => cuts.buckets().saturating_add(1),
        };
        (self.column(kind == FieldType::Words, size, 0), coding)
    }

    /// A pattern that does not compile is left out: nothing matches it.
    fn plan_pattern(&mut self, field: FieldId, column: ColumnId, text: Arc<str>, limits: &Limits) {
        if self.patterns.len() >= limits.patterns {
            return;
        }
        if let Ok(regex) = pattern::compile(&text, limits) {
            self.pattern_ids.insert((field, text), narrow(self.patterns.len()));
            self.patterns.push((column, regex));
        }
    }

    /// What a test asks of the columns.
    pub(super) fn ask(&self, test: &Test) -> Asked {
        let known = self.fields.find(&test.field).and_then(|id| Some((id, self.plan(id)?)));
        let Some((id, plan)) = known else { return Asked { atoms: vec![Atom::Unknown], negated: false } };
        let negated = matches!(test.operator, Operator::IsNot | Operator::NoneOf)
            || (is_flag(test.operator) && test.literals == [Literal::Flag(false)]);
        Asked { atoms: self.atoms(id, plan, test).unwrap_or_else(|| vec![Atom::Unknown]), negated }
    }

    fn atoms(&self, id: FieldId, plan: &FieldPlan, test: &Test) -> Option<Vec<Atom>> {
        let atom = match test.operator {
            Operator::Is | Operator::IsNot | Operator::Has | Operator::AnyOf | Operator::NoneOf => {
                equal(plan, &test.literals)?
            }
            Operator::AllOf => return all_of(plan, &test.literals),
            Operator::Above | Operator::AtLeast | Operator::AtMost | Operator::Below | Operator::Between => {
                ordered(plan, test.operator, &test.literals)?
            }
            Operator::OlderThan | Operator::WithinLast | Operator::WithinNext => {
                aged(plan, test.operator, &test.literals)?
            }
            Operator::Contains
            | Operator::ContainsWord
            | Operator::StartsWith
            | Operator::EndsWith
            | Operator::Language
            | Operator::VersionAtLeast
            | Operator::VersionBelow => asked_texts(plan, test)?,
            Operator::Matches => return self.matched(id, plan, &test.literals),
            Operator::Present => present(plan)?,
            Operator::Changed | Operator::ChangedFrom | Operator::ChangedTo => changed(plan, test)?,
        };
        Some(vec![atom])
    }

    /// Several expressions are one question each, of which one must do; that is written as a pattern of
    /// its own where there is more than one.
    fn matched(&self, id: FieldId, _: &FieldPlan, literals: &[Literal]) -> Option<Vec<Atom>> {
        let text = pattern_text(literals)?;
        let number = self.pattern_ids.get(&(id, text)).copied();
        Some(vec![number.map_or(Atom::Always(false), Atom::Matches)])
    }
}

const fn is_flag(operator: Operator) -> bool {
    matches!(operator, Operator::Present | Operator::Changed)
}

/// One pattern for all literals.
fn pattern_text(literals: &[Literal]) -> Option<Arc<str>> {
    let texts: Vec<&str> = literals.iter().filter_map(as_text).collect();
    match texts.as_slice() {
        [] => None,
        [one] => Some(Arc::from(*one)),
        many => Some(Arc::from(format!("(?:{})", many.join(")|(?:")))),
    }
}

fn as_text(literal: &Literal) -> Option<&str> {
    if let Literal::Text(text) = literal { Some(text) } else { None }
}

/// The place on the number line of a literal: spans and numbers as they are, instants in milliseconds.
fn as_number(literal: &Literal) -> Option<Number> {
    match literal {
        Literal::Number(number) => Some(*number),
        Literal::Time(time) => Some(Number::from(time.as_millis())),
        _ => None,
    }
}

const fn before(number: Number) -> Cut {
    Cut { number, after: false }
}

const fn after(number: Number) -> Cut {
    Cut { number, after: true }
}

fn equal(plan: &FieldPlan, literals: &[Literal]) -> Option<Atom> {
    if literals.is_empty() {
        return Some(Atom::Always(false));
    }
    let (column, coding) = &plan.main;
    let mut ids: Vec<(u32, u32)> = Vec::with_capacity(literals.len());
    for literal in literals {
        ids.push(match (coding, literal) {
            (Coding::Flag, Literal::Flag(flag)) => one(if *flag { 2 } else { 1 }),
            (Coding::Word(names) | Coding::Words(names), Literal::Text(text)) => {
                one(names.find(text)?.saturating_add(2))
            }
            (Coding::Cuts(cuts), literal) => {
                let number = as_number(literal)?;
                bucket_range(cuts, Some(before(number)), Some(after(number)))
            }
            _ => return None,
        });
    }
    if matches!(coding, Coding::Words(_)) {
        let mut members: Vec<u32> = ids.into_iter().map(|(id, _)| id).collect();
        members.sort_unstable();
        members.dedup();
        return Some(Atom::Has(*column, members, false));
    }
    Some(Atom::In(*column, joined(ids), false))
}

const fn one(id: u32) -> (u32, u32) {
    (id, id.saturating_add(1))
}

/// Ranges sorted, with those that touch made one.
pub(super) fn joined(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.retain(|(from, to)| from < to);
    if ranges.len() < 2 {
        return ranges;
    }
    ranges.sort_unstable();
    let mut out: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (from, to) in ranges {
        match out.last_mut() {
            Some((_, end)) if *end >= from => *end = (*end).max(to),
            _ => out.push((from, to)),
        }
    }
    out
}

/// The values from one cut to another, in a column whose buckets start at 1.
fn bucket_range(cuts: &Cuts, from: Option<Cut>, to: Option<Cut>) -> (u32, u32) {
    let right_of = |cut| cuts.right_of(cut).saturating_add(1);
    (from.map_or(1, right_of), to.map_or_else(|| cuts.buckets().saturating_add(1), right_of))
}

fn all_of(plan: &FieldPlan, literals: &[Literal]) -> Option<Vec<Atom>> {
    if literals.is_empty() {
        return Some(vec![Atom::Always(true)]);
    }
    literals.iter().map(|literal| equal(plan, std::slice::from_ref(literal))).collect()
}

fn ordered(plan: &FieldPlan, operator: Operator, literals: &[Literal]) -> Option<Atom> {
    let (column, Coding::Cuts(cuts)) = &plan.main else { return None };
    let (from, to) = order_cuts(operator, literals)?;
    Some(Atom::In(*column, joined(vec![bucket_range(cuts, from, to)]), false))
}

/// Where the values that satisfy an ordered test start and end.
fn order_cuts(operator: Operator, literals: &[Literal]) -> Option<(Option<Cut>, Option<Cut>)> {
    let first = as_number(literals.first()?)?;
    Some(match operator {
        Operator::Above => (Some(after(first)), None),
        Operator::AtLeast => (Some(before(first)), None),
        Operator::AtMost => (None, Some(after(first))),
        Operator::Below => (None, Some(before(first))),
        Operator::Between => (Some(before(first)), Some(before(as_number(literals.get(1)?)?))),
        _ => return None,
    })
}

fn aged(plan: &FieldPlan, operator: Operator, literals: &[Literal]) -> Option<Atom> {
    let (column, cuts) = plan.age.as_ref()?;
    let (from, to) = age_cuts(operator, literals)?;
    Some(Atom::In(*column, joined(vec![bucket_range(cuts, from, to)]), false))
}

/// Where the ages, in milliseconds, that satisfy a relative test start and end.
fn age_cuts(operator: Operator, literals: &[Literal]) -> Option<(Option<Cut>, Option<Cut>)> {
    let Literal::Number(span) = literals.first()? else { return None };
    let millis = span.as_i64()?.saturating_mul(1000);
    let zero = Number::from(0);
    Some(match operator {
        Operator::OlderThan => (Some(after(Number::from(millis))), None),
        Operator::WithinLast => (Some(before(zero)), Some(after(Number::from(millis)))),
        Operator::WithinNext => (Some(before(Number::from(millis.saturating_neg()))), Some(after(zero))),
        _ => return None,
    })
}

fn asked_texts(plan: &FieldPlan, test: &Test) -> Option<Atom> {
    let (column, tests) = plan.hits.as_ref()?;
    if test.literals.is_empty() {
        return Some(Atom::Always(false));
    }
    let mut ids = Vec::with_capacity(test.literals.len());
    for text in test.literals.iter().filter_map(as_text) {
        ids.push(tests.find(&(test.operator, Arc::from(text)))?.saturating_add(2));
    }
    ids.sort_unstable();
    ids.dedup();
    Some(Atom::Has(*column, ids, false))
}

fn present(plan: &FieldPlan) -> Option<Atom> {
    let (column, coding) = &plan.main;
    Some(match coding {
        Coding::Words(_) => Atom::Has(*column, vec![SOME], true),
        Coding::Word(names) => {
            let empty = names.find("").map_or((0, 0), |id| one(id.saturating_add(2)));
            Atom::In(*column, joined(vec![(1, empty.0.max(1)), (empty.1.max(1), u32::MAX)]), true)
        }
        _ => Atom::In(*column, vec![(1, u32::MAX)], true),
    })
}

fn changed(plan: &FieldPlan, test: &Test) -> Option<Atom> {
    let change = plan.change.as_ref()?;
    if test.operator == Operator::Changed {
        return Some(Atom::In(change.to, vec![(UNCHANGED.saturating_add(1), u32::MAX)], true));
    }
    let column = if test.operator == Operator::ChangedFrom { change.from } else { change.to };
    let ids =
        test.literals.iter().filter_map(|l| change.keys.find(&key(l))).map(|i| one(i.saturating_add(3)));
    Some(Atom::In(column, joined(ids.collect()), true))
}

/// A literal as the text by which changes are compared.
fn key(literal: &Literal) -> String {
    use facts::Sink;
    let mut text = String::new();
    let mut sink = facts::Key(&mut text);
    let _ = match literal {
        Literal::Flag(flag) => sink.flag(*flag),
        Literal::Number(number) => sink.number(*number),
        Literal::Text(text) => sink.text(text),
        Literal::Time(time) => sink.time(*time),
    };
    text
}

/// What the tests of one field need.
#[derive(Debug, Default)]
struct Gathered {
    names: BTreeSet<Arc<str>>,
    cuts: BTreeSet<Cut>,
    ages: BTreeSet<Cut>,
    questions: BTreeSet<Question>,
    patterns: BTreeSet<Arc<str>>,
    asks_change: bool,
    keys: BTreeSet<Arc<str>>,
}

impl Gathered {
    fn add(&mut self, test: &Test) {
        match test.operator {
            Operator::Is
            | Operator::IsNot
            | Operator::Has
            | Operator::AnyOf
            | Operator::NoneOf
            | Operator::AllOf => {
                self.add_values(&test.literals);
            }
            Operator::Above | Operator::AtLeast | Operator::AtMost | Operator::Below | Operator::Between => {
                let cuts = order_cuts(test.operator, &test.literals);
                self.cuts.extend(cuts.into_iter().flat_map(|(from, to)| from.into_iter().chain(to)));
            }
            Operator::OlderThan | Operator::WithinLast | Operator::WithinNext => {
                let cuts = age_cuts(test.operator, &test.literals);
                self.ages.extend(cuts.into_iter().flat_map(|(from, to)| from.into_iter().chain(to)));
            }
            Operator::Matches => self.patterns.extend(pattern_text(&test.literals)),
            Operator::Present => {
                self.names.insert(Arc::from(""));
            }
            Operator::Changed | Operator::ChangedFrom | Operator::ChangedTo => {
                self.asks_change = true;
                self.keys.extend(test.literals.iter().map(|l| Arc::from(key(l))));
            }
            _ => {
                let texts = test.literals.iter().filter_map(as_text);
                self.questions.extend(texts.map(|text| (test.operator, Arc::from(text))));
            }
        }
    }

    fn add_values(&mut self, literals: &[Literal]) {
        for literal in literals {
            match literal {
                Literal::Flag(_) => {}
                Literal::Text(text) => {
                    if !self.names.contains(text) {
                        self.names.insert(text.clone());
                    }
                }
                other => self.cuts.extend(as_number(other).into_iter().flat_map(|n| [before(n), after(n)])),
            }
        }
    }
}
