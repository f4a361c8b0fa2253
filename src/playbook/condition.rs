//! A condition: a tree of questions to the facts, typed when it is read.

use std::fmt;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

use super::fields::{Field, FieldType, GROUPS};
use super::node::{Kind, Node};
use super::operator::{Operator, Takes};
use super::read::{Reader, Section};
use super::schema::Definitions;
use super::{Number, scalar, words};
use crate::Code;
use crate::model::Timestamp;

/// A value that a condition compares a field with.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Literal {
    /// True or false.
    Flag(bool),
    /// A number.
    Number(Number),
    /// A text or a word.
    Text(Arc<str>),
    /// An instant.
    Time(Timestamp),
}

/// One question: a field, an operator and its literals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Test {
    pub(super) field: Arc<str>,
    pub(super) operator: Operator,
    pub(super) literals: Vec<Literal>,
}

impl Test {
    /// The field that is asked.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is done with it.
    #[must_use]
    pub const fn operator(&self) -> Operator {
        self.operator
    }

    /// What it is compared with.
    #[must_use]
    pub fn literals(&self) -> &[Literal] {
        &self.literals
    }
}

/// A condition: a test, or a group of conditions.
///
/// A fact that is missing makes a test *unknown*; groups follow the three-valued logic of Kleene: `all`
/// is false as soon as one member is, `any` true as soon as one is, whatever is unknown beside it.
///
/// In a document a condition is a table. Its entries are tests, `field = { operator = literal }`, or
/// groups; several entries must all hold. A bare literal stands for `is`, a bare list for `any_of`:
///
/// ```
/// use galateo::Limits;
/// use galateo::playbook::{Condition, Document, FieldType, Fields};
/// let mut fields = Fields::new();
/// fields.add("channel", FieldType::Word, "", &[])?;
/// fields.add("sentiment", FieldType::Number, "", &[])?;
/// fields.add("tags", FieldType::Words, "", &[])?;
/// let text = r#"
///     channel = "x"
///     sentiment = { at_least = -900, below = -400 }
///     any = [{ tags = ["vip", "press"] }, { not = { tags = { present = true } } }]
/// "#;
/// let document = Document::from_toml(text, &Limits::DEFAULT)?;
/// let condition = Condition::from_document(&document, &fields, &Limits::DEFAULT)?;
/// assert_eq!(condition.tests().count(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Condition {
    /// Every member holds; always true without members.
    All(Vec<Self>),
    /// At least one member holds; never true without members.
    Any(Vec<Self>),
    /// At least `n` members hold.
    AtLeast {
        /// How many must hold, from 1 to the number of members.
        n: u32,
        /// The members.
        of: Vec<Self>,
    },
    /// No member holds; always true without members.
    None(Vec<Self>),
    /// The condition does not hold.
    Not(Box<Self>),
    /// A question to one field.
    Test(Test),
}

impl Default for Condition {
    /// The condition that always holds.
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl Condition {
    /// Reads a document that is one condition.
    ///
    /// # Errors
    /// Every fault, in the order of their places.
    pub fn from_document(
        document: &super::Document,
        fields: &super::Fields,
        limits: &crate::Limits,
    ) -> Result<Self, crate::Diagnostics> {
        let mut reader = Reader::new(document, limits).with_fields(fields);
        let condition = Self::read(document.root(), &mut reader);
        reader.finish(condition).map(|(condition, _)| condition)
    }

    /// All tests of the tree, from left to right.
    pub fn tests(&self) -> impl Iterator<Item = &Test> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            loop {
                match stack.pop()? {
                    Self::Test(test) => return Some(test),
                    Self::Not(inner) => stack.push(inner),
                    Self::All(list) | Self::Any(list) | Self::None(list) | Self::AtLeast { of: list, .. } => {
                        stack.extend(list.iter().rev());
                    }
                }
            }
        })
    }
}

// Reading.

impl Section for Condition {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let condition = read_group(node, reader, reader.limits().depth)?;
        let asked = reader.count_conditions(condition.tests().count());
        if asked > reader.limits().conditions_per_rule {
            let message = format!("a rule asks at most {} questions", reader.limits().conditions_per_rule);
            reader.report(node, Code::TOO_MANY_CONDITIONS, message);
            return None;
        }
        Some(condition)
    }

    fn schema(definitions: &mut Definitions) -> Value {
        definitions.named("Condition", |_| condition_schema())
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// Reads a table of tests and groups that must all hold.
fn read_group(node: &Node, reader: &mut Reader<'_>, depth: usize) -> Option<Condition> {
    let Some(depth) = depth.checked_sub(1) else {
        let message = format!("conditions nest at most {} levels deep", reader.limits().depth);
        reader.report(node, Code::CONDITION_TOO_DEEP, message);
        return None;
    };
    let Kind::Table(entries) = &node.kind else {
        reader.wrong_type(node, "a condition such as { field = { operator = literal } }");
        return None;
    };
    let mut parts = Vec::with_capacity(entries.len());
    let mut whole = true;
    for entry in entries {
        let found = reader.within(&entry.key, |reader| {
            if GROUPS.contains(&entry.key.as_str()) {
                read_keyword(&entry.key, &entry.value, reader, depth).map(|c| parts.push(c))
            } else {
                read_field(entry, reader, &mut parts)
            }
        });
        whole &= found.is_some();
    }
    match (whole, parts.len()) {
        (false, _) => None,
        (true, 1) => parts.pop(),
        (true, _) => Some(Condition::All(parts)),
    }
}

fn read_keyword(word: &str, node: &Node, reader: &mut Reader<'_>, depth: usize) -> Option<Condition> {
    match word {
        "all" => read_list(node, reader, depth).map(Condition::All),
        "any" => read_list(node, reader, depth).map(Condition::Any),
        "none" => read_list(node, reader, depth).map(Condition::None),
        "not" => read_group(node, reader, depth).map(|c| Condition::Not(Box::new(c))),
        _ => read_at_least(node, reader, depth),
    }
}

fn read_list(node: &Node, reader: &mut Reader<'_>, depth: usize) -> Option<Vec<Condition>> {
    let items = reader.list(node)?;
    let read: Vec<_> = items
        .iter()
        .enumerate()
        .map(|(i, item)| reader.within_index(i, |reader| read_group(item, reader, depth)))
        .collect();
    read.into_iter().collect()
}

fn read_at_least(node: &Node, reader: &mut Reader<'_>, depth: usize) -> Option<Condition> {
    let table = reader.table(node, &["n", "of"])?;
    let n = reader.field::<u32>(table, "n");
    let of = match table.entry("of") {
        Some(list) => reader.within("of", |reader| read_list(list, reader, depth)),
        None => {
            reader.report(table, Code::MISSING_FIELD, "`of` is missing");
            None
        }
    };
    let (n, of) = n.zip(of)?;
    if n == 0 || crate::num::wide(n) > of.len() {
        let message = format!("`n` must lie between 1 and the {} conditions listed", of.len());
        reader.report(node, Code::BAD_COUNT, message);
        return None;
    }
    Some(Condition::AtLeast { n, of })
}

/// Reads the tests of one field.
fn read_field(entry: &super::node::Entry, reader: &mut Reader<'_>, parts: &mut Vec<Condition>) -> Option<()> {
    let field = find_field(entry, reader)?;
    let Kind::Table(operators) = &entry.value.kind else {
        let operator = if matches!(entry.value.kind, Kind::List(_)) { Operator::AnyOf } else { Operator::Is };
        let literals = read_literals(&entry.value, reader, &field, operator)?;
        parts.push(test(&field.name, operator, literals));
        return Some(());
    };
    if operators.is_empty() {
        reader.report(&entry.value, Code::UNKNOWN_OPERATOR, "an operator is missing");
        return None;
    }
    let mut whole = true;
    for operator in operators {
        let read = reader.within(&operator.key, |reader| read_operator(operator, reader, &field));
        whole &= read.map(|test| parts.push(test)).is_some();
    }
    whole.then_some(())
}

fn find_field(entry: &super::node::Entry, reader: &mut Reader<'_>) -> Option<Field> {
    let fields = reader.fields();
    if let Some(field) = fields.find(&entry.key).and_then(|id| fields.field(id)) {
        return Some(field.clone());
    }
    let mut known = fields.names();
    known.extend(GROUPS);
    let help = words::help(&entry.key, &known);
    let what = words::quoted(&entry.key)
        .map_or_else(|| "unknown field".to_owned(), |q| format!("unknown field {q}"));
    reader.report_entry(entry, Code::UNKNOWN_CONDITION_FIELD, what, help);
    None
}

fn read_operator(entry: &super::node::Entry, reader: &mut Reader<'_>, field: &Field) -> Option<Condition> {
    let Some(operator) = Operator::from_word(&entry.key) else {
        let known: Vec<&str> = fitting(field.r#type).map(Operator::as_str).collect();
        let what = words::quoted(&entry.key)
            .map_or_else(|| "unknown operator".to_owned(), |q| format!("unknown operator {q}"));
        let help =
            words::help(&entry.key, &known).or_else(|| Some(format!("known here: {}", known.join(", "))));
        reader.report_entry(entry, Code::UNKNOWN_OPERATOR, what, help);
        return None;
    };
    if !operator.applies_to().contains(&field.r#type) {
        let known: Vec<&str> = fitting(field.r#type).map(Operator::as_str).collect();
        let what = format!(
            "`{}` does not apply to `{}`, which holds {}",
            operator.as_str(),
            field.name,
            holds(field.r#type)
        );
        reader.report_entry(
            entry,
            Code::OPERATOR_MISFIT,
            what,
            Some(format!("use one of {}", known.join(", "))),
        );
        return None;
    }
    let literals = read_literals(&entry.value, reader, field, operator)?;
    Some(test(&field.name, operator, literals))
}

fn fitting(kind: FieldType) -> impl Iterator<Item = Operator> {
    Operator::ALL.iter().copied().filter(move |o| o.applies_to().contains(&kind))
}

pub(super) const fn holds(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Flag => "true or false",
        FieldType::Number => "a number",
        FieldType::Text => "text",
        FieldType::Time => "an instant",
        FieldType::Word => "a word",
        FieldType::Words => "several words",
    }
}

pub(super) fn test(field: &Arc<str>, operator: Operator, literals: Vec<Literal>) -> Condition {
    Condition::Test(Test { field: field.clone(), operator, literals })
}

fn read_literals(
    node: &Node,
    reader: &mut Reader<'_>,
    field: &Field,
    operator: Operator,
) -> Option<Vec<Literal>> {
    let literals = match operator.takes() {
        Takes::Flag => vec![Literal::Flag(bool::read(node, reader)?)],
        Takes::Span => vec![Literal::Number(Number::from(crate::model::Seconds::read(node, reader)?.get()))],
        Takes::One => vec![read_literal(node, reader, field)?],
        Takes::Pair => read_pair(node, reader, field)?,
        Takes::List => read_several(node, reader, |node, reader| read_literal(node, reader, field))?,
        Takes::Texts => read_several(node, reader, |node, reader| read_text(node, reader, operator))?,
    };
    if literals.len() > reader.limits().literals {
        let message = format!("a condition has at most {} literals", reader.limits().literals);
        reader.report(node, Code::TOO_MANY_LITERALS, message);
        return None;
    }
    Some(literals)
}

/// Reads a list, or one value that stands for a list of one.
fn read_several(
    node: &Node,
    reader: &mut Reader<'_>,
    mut read: impl FnMut(&Node, &mut Reader<'_>) -> Option<Literal>,
) -> Option<Vec<Literal>> {
    let Kind::List(items) = &node.kind else { return read(node, reader).map(|one| vec![one]) };
    let all: Vec<_> = items
        .iter()
        .enumerate()
        .map(|(i, item)| reader.within_index(i, |reader| read(item, reader)))
        .collect();
    all.into_iter().collect()
}

fn read_pair(node: &Node, reader: &mut Reader<'_>, field: &Field) -> Option<Vec<Literal>> {
    let items = reader.list(node)?;
    let [from, to] = items else {
        reader.wrong_type(node, "a list of two values, the first included and the second not");
        return None;
    };
    let from = reader.within_index(0, |reader| read_literal(from, reader, field));
    let to = reader.within_index(1, |reader| read_literal(to, reader, field));
    let (from, to) = from.zip(to)?;
    if from >= to {
        reader.report(
            node,
            Code::EMPTY_RANGE,
            "the second value must be above the first, for it is not included",
        );
        return None;
    }
    Some(vec![from, to])
}

fn read_text(node: &Node, reader: &mut Reader<'_>, operator: Operator) -> Option<Literal> {
    let text = scalar::text(node, reader, "a text")?;
    if text.is_empty() {
        reader.report(node, Code::ILLEGAL_VALUE, "the text must not be empty");
        return None;
    }
    if operator == Operator::Matches && !reader.take_pattern(node, text) {
        return None;
    }
    Some(Literal::Text(Arc::from(text)))
}

/// Reads a value of the field's type.
fn read_literal(node: &Node, reader: &mut Reader<'_>, field: &Field) -> Option<Literal> {
    let literal = match (field.r#type, &node.kind) {
        (FieldType::Flag, Kind::Flag(flag)) => Literal::Flag(*flag),
        (FieldType::Number, Kind::Integer(n)) => Literal::Number(Number::from(*n)),
        (FieldType::Number, Kind::Decimal(bits)) => Literal::Number(read_decimal(node, reader, *bits)?),
        (FieldType::Number, Kind::Text(text)) if scalar::span(text).is_some() => {
            Literal::Number(Number::from(scalar::span(text)?.get()))
        }
        (FieldType::Time, Kind::Text(_) | Kind::Date(_)) => Literal::Time(Timestamp::read(node, reader)?),
        (FieldType::Text | FieldType::Word | FieldType::Words, Kind::Text(text)) => {
            Literal::Text(Arc::from(&**text))
        }
        (FieldType::Text | FieldType::Word | FieldType::Words, Kind::Integer(n)) => {
            Literal::Text(n.to_string().into())
        }
        (kind, _) => {
            let message = format!("`{}` holds {}, found {}", field.name, holds(kind), node.describe());
            reader.report(node, Code::LITERAL_TYPE, message);
            return None;
        }
    };
    check_value(node, reader, field, &literal).then_some(literal)
}

fn read_decimal(node: &Node, reader: &mut Reader<'_>, bits: u64) -> Option<Number> {
    let number = Number::from_f64(f64::from_bits(bits));
    if number.is_none() {
        reader.report(node, Code::LITERAL_TYPE, "expected a finite number");
    }
    number
}

fn check_value(node: &Node, reader: &mut Reader<'_>, field: &Field, literal: &Literal) -> bool {
    let Literal::Text(text) = literal else { return true };
    if field.values.is_empty() || field.values.iter().any(|v| **v == **text) {
        return true;
    }
    let known: Vec<&str> = field.values.iter().map(String::as_str).collect();
    let what =
        words::quoted(text).map_or_else(|| "unknown value".to_owned(), |q| format!("unknown value {q}"));
    let message = format!("{what} of `{}`", field.name);
    reader.report_maybe_help(node, Code::UNKNOWN_VALUE, message, words::help(text, &known));
    false
}

// Writing: the canonical form, one entry in each table, so that reading gives the same tree.

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Self::All(list) => map.serialize_entry("all", list)?,
            Self::Any(list) => map.serialize_entry("any", list)?,
            Self::AtLeast { n, of } => map.serialize_entry("at_least", &AtLeast { n: *n, of })?,
            Self::None(list) => map.serialize_entry("none", list)?,
            Self::Not(inner) => map.serialize_entry("not", inner)?,
            Self::Test(test) => map.serialize_entry(&*test.field, &OperatorEntry(test))?,
        }
        map.end()
    }
}

#[derive(serde::Serialize)]
struct AtLeast<'c> {
    n: u32,
    of: &'c [Condition],
}

struct OperatorEntry<'t>(&'t Test);

impl Serialize for OperatorEntry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        let word = self.0.operator.as_str();
        match (self.0.operator.takes(), self.0.literals.as_slice()) {
            (Takes::Flag | Takes::One | Takes::Span, [one]) => map.serialize_entry(word, one)?,
            (_, several) => map.serialize_entry(word, several)?,
        }
        map.end()
    }
}

impl Serialize for Literal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Time(time) => time.serialize(serializer),
        }
    }
}

impl fmt::Debug for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => fmt::Debug::fmt(flag, f),
            Self::Number(number) => fmt::Debug::fmt(number, f),
            Self::Text(text) => fmt::Debug::fmt(text, f),
            Self::Time(time) => fmt::Debug::fmt(time, f),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.operator.as_str())?;
        self.literals.iter().try_for_each(|literal| write!(f, " {literal:?}"))
    }
}

fn condition_schema() -> Value {
    let list = json!({ "type": "array", "items": { "$ref": "#/$defs/Condition" } });
    let operators: serde_json::Map<String, Value> =
        Operator::ALL.iter().map(|o| (o.as_str().to_owned(), json!({ "description": o.doc() }))).collect();
    json!({
        "description": "Tests of fields and groups of conditions, all of which must hold.",
        "type": "object",
        "properties": {
            "all": list, "any": list, "none": list,
            "not": { "$ref": "#/$defs/Condition" },
            "at_least": {
                "type": "object",
                "properties": { "n": { "type": "integer", "minimum": 1 }, "of": list },
                "required": ["n", "of"],
                "additionalProperties": false,
            },
        },
        "additionalProperties": {
            "description": "A field with its operators; a bare value stands for `is`, a bare list for `any_of`.",
            "anyOf": [
                { "type": ["string", "number", "boolean", "array"] },
                { "type": "object", "properties": operators, "additionalProperties": false, "minProperties": 1 },
            ],
        },
    })
}
