//! Facts that answer questions as they are wanted: the examples of a lint, each tried before it is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::encoding::{Coding, ColumnId, Encoding, FieldPlan, OTHER, SOME};
use super::facts::Facts;
use super::fields::Field;
use super::formula::{Formula, Lit, Mode, common, contains};
use super::matcher::Memo;
use super::operator::Operator;
use super::rule::{OnUnknown, Rule};
use super::session;
use crate::model::Timestamp;
use crate::num::wide;

/// The instant of an example that needs one.
const NOW: &str = "2026-11-23T10:00:00Z";

/// What is known of the values that the fields of a playbook can have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'e> {
    pub(super) encoding: &'e Arc<Encoding>,
    /// Least and greatest value of numbers, by field.
    pub(super) bounds: &'e [(&'e str, i64, i64)],
}

/// A value for each column that was asked.
#[derive(Debug, Default)]
struct Answers {
    values: BTreeMap<ColumnId, u32>,
    sets: BTreeMap<ColumnId, BTreeSet<u32>>,
}

/// What a column of sets must and must not have.
#[derive(Debug, Default)]
struct Wishes<'l> {
    one_of: Vec<&'l [u32]>,
    none_of: BTreeSet<u32>,
    /// Whether every question would do without a set.
    may_miss: bool,
}

impl Ground<'_> {
    /// Whether no facts can answer a question as it is wanted.
    pub(super) fn rules_out(&self, lit: &Lit) -> bool {
        matches!(lit, Lit::In(column, ranges) if common(ranges, &self.domain(*column)).is_empty())
    }

    /// The values that a column can have, the missing one included.
    fn domain(&self, column: ColumnId) -> Vec<(u32, u32)> {
        let size = self.encoding.columns.get(wide(column)).map_or(u32::MAX, |column| column.size);
        let whole = vec![(0, size)];
        let Some((field, plan)) = self.encoding.field_of(column) else { return whole };
        match &plan.main {
            (main, Coding::Word(names)) if *main == column && !field.values.is_empty() => {
                let is_named = |value: &String| names.find(value).is_some();
                if field.values.iter().all(is_named) { vec![(0, OTHER), (2, size)] } else { whole }
            }
            (main, Coding::Cuts(cuts)) if *main == column => {
                let Some((_, least, most)) = self.bounds.iter().find(|(name, ..)| *name == &*field.name)
                else {
                    return whole;
                };
                let at = |number: i64| cuts.bucket(number.into()).saturating_add(1);
                vec![(0, 1), (at(*least), at(*most).saturating_add(1))]
            }
            _ => whole,
        }
    }

    /// Whether facts can answer all questions as they are wanted, none of them being an expression.
    pub(super) fn can_answer<'l>(&self, lits: impl Iterator<Item = &'l Lit>) -> bool {
        self.answers(lits).is_some()
    }

    fn answers<'l>(&self, lits: impl Iterator<Item = &'l Lit>) -> Option<Answers> {
        let mut ranges: BTreeMap<ColumnId, Vec<(u32, u32)>> = BTreeMap::new();
        let mut wishes: BTreeMap<ColumnId, Wishes<'l>> = BTreeMap::new();
        for lit in lits {
            match lit {
                Lit::In(column, asked) => {
                    let known = ranges.entry(*column).or_insert_with(|| self.domain(*column));
                    *known = common(known, asked);
                }
                Lit::Has { column, ids, wanted, missing } => {
                    let wish = wishes
                        .entry(*column)
                        .or_insert_with(|| Wishes { may_miss: true, ..Wishes::default() });
                    wish.may_miss &= *missing;
                    if *wanted { wish.one_of.push(ids) } else { wish.none_of.extend(ids) }
                }
                Lit::Matches { .. } => return None,
            }
        }
        let mut answers = Answers::default();
        for (column, ranges) in ranges {
            let size = self.encoding.columns.get(wide(column)).map_or(0, |column| column.size);
            let named = (2..size).rev().find(|id| contains(&ranges, *id));
            let id = named.or_else(|| [1, 0].into_iter().find(|id| contains(&ranges, *id)))?;
            answers.values.insert(column, id);
        }
        for (column, wish) in wishes {
            if let Some(set) = wish.granted() {
                answers.sets.insert(column, set);
            } else if !wish.may_miss {
                return None;
            }
        }
        Some(answers)
    }

    /// Facts that answer the questions, as a request writes them; `None` where none can be shown.
    pub(super) fn facts<'l>(&self, lits: impl Iterator<Item = &'l Lit>) -> Option<Map<String, Value>> {
        let answers = self.answers(lits)?;
        let mut facts = Map::new();
        for (column, id) in answers.values {
            self.write(column, id, &mut facts)?;
        }
        for (column, ids) in answers.sets {
            let (field, plan) = self.encoding.field_of(column)?;
            let name = field.name.to_string();
            let value = match &plan.hits {
                Some((hits, tests)) if *hits == column => json!(text_with(tests, &ids)?),
                _ => json!(words_with(plan, &ids)?),
            };
            facts.insert(name, value);
        }
        Some(facts)
    }

    fn write(&self, column: ColumnId, id: u32, facts: &mut Map<String, Value>) -> Option<()> {
        let (field, plan) = self.encoding.field_of(column)?;
        if id == 0 {
            return Some(());
        }
        let name = field.name.to_string();
        let value = match &plan.main {
            (main, coding) if *main == column => main_value(field, plan, coding, id)?,
            _ => match (&plan.age, &plan.change) {
                (Some((age, cuts)), _) if *age == column => {
                    let millis = cuts.sample(id.checked_sub(1)?)?.as_i64()?;
                    let now: Timestamp = NOW.parse().ok()?;
                    facts.insert("now".to_owned(), json!(NOW));
                    let at = Timestamp::from_millis(now.as_millis().saturating_sub(millis)).ok()?;
                    json!(at)
                }
                (_, Some(change)) => {
                    let word = id.checked_sub(3).map_or(Some("other"), |key| change.keys.word(key))?;
                    if change.from == column {
                        let previous = facts.entry("previous").or_insert_with(|| json!({}));
                        previous.as_object_mut()?.insert(name, json!(word));
                        return Some(());
                    }
                    json!(word)
                }
                _ => return None,
            },
        };
        facts.insert(name, value);
        Some(())
    }

    /// The facts as a row.
    pub(super) fn row(&self, facts: &Map<String, Value>) -> Option<Facts> {
        let mut row = Facts::new(self.encoding);
        session::put_object(&mut row, &self.encoding.fields, facts).ok().map(|()| row)
    }
}

impl Wishes<'_> {
    fn granted(&self) -> Option<BTreeSet<u32>> {
        let mut set = BTreeSet::new();
        for ids in &self.one_of {
            set.insert(ids.iter().copied().find(|id| !self.none_of.contains(id))?);
        }
        let is_sound = set.is_empty() || !self.none_of.contains(&SOME);
        is_sound.then_some(set)
    }
}

fn main_value(field: &Field, plan: &FieldPlan, coding: &Coding, id: u32) -> Option<Value> {
    Some(match coding {
        Coding::Flag => json!(id == 2),
        Coding::Word(names) | Coding::Words(names) => match id.checked_sub(2) {
            Some(named) => json!(names.word(named)?),
            None => {
                let is_free = |value: &&String| names.find(value).is_none();
                let free = field.values.iter().find(is_free).map_or("other", String::as_str);
                names.find(free).is_none().then(|| json!(free))?
            }
        },
        Coding::Cuts(cuts) => {
            let number = cuts.sample(id.checked_sub(1)?)?;
            if plan.is_time { json!(Timestamp::from_millis(number.as_i64()?).ok()?) } else { json!(number) }
        }
    })
}

/// Words of which the named ones are exactly these.
fn words_with(plan: &FieldPlan, ids: &BTreeSet<u32>) -> Option<Vec<String>> {
    let (_, Coding::Words(names)) = &plan.main else { return None };
    let word = |id: &u32| match id.checked_sub(2) {
        Some(named) => names.word(named).map(str::to_owned),
        None => names.find("other").is_none().then(|| "other".to_owned()),
    };
    ids.iter().map(word).collect()
}

/// A text that says what is wanted of it.
fn text_with(tests: &super::texts::TextTests, ids: &BTreeSet<u32>) -> Option<String> {
    let (mut start, mut middle, mut end) = (Vec::new(), Vec::new(), Vec::new());
    for id in ids {
        let (operator, text) = tests.question(id.checked_sub(2)?)?;
        match operator {
            Operator::StartsWith => start.push(text),
            Operator::EndsWith => end.push(text),
            _ => middle.push(text),
        }
    }
    let parts: Vec<&str> = start.into_iter().chain(middle).chain(end).map(|text| &**text).collect();
    Some(parts.join(" "))
}

/// The question whether a rule matches.
pub(super) fn formula<A>(rule: &Rule<A>, encoding: &Encoding) -> Formula {
    let mode = Mode { negated: false, unknown: rule.on_unknown != OnUnknown::Skip };
    Formula::new(&rule.condition(), encoding, mode)
}

/// Whether a rule matches a row.
pub(super) fn matches<A>(rule: &Rule<A>, encoding: &Encoding, row: &Facts) -> bool {
    formula(rule, encoding).holds(row, &mut Memo::default())
}
