//! A document as a tree that knows where each value stands, from TOML, JSON or a JSON value.
//!
//! Faults are found by walking this tree by hand: it keeps places for every kind of choice, goes on
//! after the first fault, and never prints a value.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{dotted, syntax};
use crate::error::MAX_DIAGNOSTICS;
use crate::num::narrow;
use crate::{Code, Diagnostic, Diagnostics, Limits};

/// The nesting that a document may have; a condition of the deepest legal nesting fits.
const MAX_DEPTH: usize = 80;

/// The place of a value that came without a source text.
pub(super) const NOWHERE: u32 = u32::MAX;

/// A value of a document and the byte at which it starts.
#[derive(Clone, PartialEq, Eq)]
pub struct Node {
    pub(super) kind: Kind,
    pub(super) at: u32,
}

/// What a node holds.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Flag(bool),
    Integer(i64),
    /// A number that is no 64-bit integer, by the bits of its nearest double.
    Decimal(u64),
    Text(String),
    /// A TOML date or time, as it was written.
    Date(String),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A named value of a table.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) at: u32,
    pub(super) value: Node,
}

impl Node {
    pub(super) const fn new(kind: Kind, at: u32) -> Self {
        Self { kind, at }
    }

    /// The byte offset at which the value starts, where a source text is known.
    pub(super) const fn offset(&self) -> Option<u32> {
        if self.at == NOWHERE { None } else { Some(self.at) }
    }

    /// An empty table at the place of another node: what a bare word is read as where entries may follow it.
    #[must_use]
    pub const fn nothing(place: &Self) -> Self {
        Self::new(Kind::Table(Vec::new()), place.at)
    }

    /// The value of an entry of a table.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|e| e.key == key).map(|e| &e.value)
    }

    pub(super) fn entries(&self) -> &[Entry] {
        if let Kind::Table(entries) = &self.kind { entries } else { &[] }
    }

    /// The text, where the value is one.
    #[must_use]
    pub const fn as_text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text.as_str()) } else { None }
    }

    /// What kind of value this is, in the author's words.
    pub(super) const fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "nothing",
            Kind::Flag(_) => "true or false",
            Kind::Integer(_) => "a whole number",
            Kind::Decimal(_) => "a number",
            Kind::Text(_) => "a text",
            Kind::Date(_) => "a date or time",
            Kind::List(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }

    /// The tree of a JSON value; its faults carry no line and column.
    pub(super) fn from_value(value: &Value, depth: usize) -> Result<Self, TooDeep> {
        let Some(depth) = depth.checked_sub(1) else { return Err(TooDeep(NOWHERE)) };
        let kind = match value {
            Value::Null => Kind::Null,
            Value::Bool(flag) => Kind::Flag(*flag),
            Value::Number(n) => number(&n.to_string()),
            Value::String(text) => Kind::Text(text.clone()),
            Value::Array(items) => {
                Kind::List(items.iter().map(|v| Self::from_value(v, depth)).collect::<Result<_, _>>()?)
            }
            Value::Object(map) => Kind::Table(
                map.iter()
                    .map(|(key, v)| {
                        Ok(Entry { key: key.clone(), at: NOWHERE, value: Self::from_value(v, depth)? })
                    })
                    .collect::<Result<_, _>>()?,
            ),
        };
        Ok(Self::new(kind, NOWHERE))
    }

    /// The value without its places.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Flag(flag) => Value::Bool(*flag),
            Kind::Integer(n) => Value::from(*n),
            Kind::Decimal(bits) => Value::from(f64::from_bits(*bits)),
            Kind::Text(text) | Kind::Date(text) => Value::from(text.as_str()),
            Kind::List(items) => Value::Array(items.iter().map(Self::to_value).collect()),
            Kind::Table(entries) => {
                Value::Object(entries.iter().map(|e| (e.key.clone(), e.value.to_value())).collect())
            }
        }
    }
}

/// Shows the shape alone: a request's values may be a customer's words.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.describe())
    }
}

/// The tree nests too deeply at this byte.
#[derive(Debug)]
pub(super) struct TooDeep(pub(super) u32);

/// Reads a bare word of JSON.
pub(super) fn scalar(text: &str) -> Kind {
    match text {
        "true" => Kind::Flag(true),
        "false" => Kind::Flag(false),
        "null" => Kind::Null,
        _ => number(text),
    }
}

/// Reads the text of a number.
fn number(text: &str) -> Kind {
    text.parse()
        .map_or_else(|_| Kind::Decimal(text.parse::<f64>().unwrap_or(f64::NAN).to_bits()), Kind::Integer)
}

/// A document that was read, with its source text for lines and columns.
///
/// ```
/// use galateo::Limits;
/// use galateo::playbook::Document;
/// let document = Document::from_toml("name = 'base'", &Limits::DEFAULT)?;
/// assert_eq!(document.root().entry("name").and_then(|n| n.as_text()), Some("base"));
/// # Ok::<(), galateo::Diagnostics>(())
/// ```
#[derive(Clone)]
pub struct Document {
    root: Node,
    parts: Vec<Part>,
}

/// The text of one layer; offsets of its nodes start at `start`.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) layer: Option<Arc<str>>,
    pub(super) start: u32,
    pub(super) text: Arc<str>,
}

impl Document {
    /// Reads TOML 1.0.
    ///
    /// # Errors
    /// Every fault of syntax that the text has, or the limit that it passes.
    pub fn from_toml(text: &str, limits: &Limits) -> Result<Self, Diagnostics> {
        check_size(text, limits)?;
        if let Some(at) = dotted::overlong_key(text) {
            return Err(too_deep(text, TooDeep(narrow(at))).into());
        }
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            dismantle(DeValue::Table(table.into_inner()));
            return Err(syntax::worth_telling(text, &errors)
                .take(MAX_DIAGNOSTICS)
                .map(|e| toml_fault(text, e))
                .collect::<Vec<_>>()
                .into());
        }
        let root = lower(0, DeValue::Table(table.into_inner()), MAX_DEPTH).map_err(|e| too_deep(text, e))?;
        Ok(Self::single(root, text))
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// The first fault of syntax, every entry that stands twice, or the limit that the text passes.
    pub fn from_json(text: &str, limits: &Limits) -> Result<Self, Diagnostics> {
        check_size(text, limits)?;
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
            let place = (narrow(error.line()), narrow(error.column().max(1)));
            return Err(syntax_fault(Some(place), "the text is not well-formed JSON").into());
        }
        let mut scan = super::json::Scan::new(text);
        let root = scan.value(MAX_DEPTH).map_err(|e| too_deep(text, e))?;
        let twice = scan.duplicates();
        if twice.is_empty() {
            return Ok(Self::single(root, text));
        }
        Err(twice
            .iter()
            .take(MAX_DIAGNOSTICS)
            .map(|at| duplicate_fault(text, *at))
            .collect::<Vec<_>>()
            .into())
    }

    /// Takes a JSON value that the host has in hand; faults will carry paths and no lines.
    ///
    /// # Errors
    /// The value nests too deeply.
    pub fn from_value(value: &Value) -> Result<Self, Diagnostics> {
        let root = Node::from_value(value, MAX_DEPTH).map_err(|e| too_deep("", e))?;
        Ok(Self::single(root, ""))
    }

    /// The whole document as one value.
    #[must_use]
    pub const fn root(&self) -> &Node {
        &self.root
    }

    fn single(root: Node, text: &str) -> Self {
        Self { root, parts: vec![Part { layer: None, start: 0, text: Arc::from(text) }] }
    }

    pub(super) const fn from_parts(root: Node, parts: Vec<Part>) -> Self {
        Self { root, parts }
    }

    /// The texts it was read from; empty ones where it came as a value.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }
}

/// Shows the shape alone.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("layers", &self.parts.len()).finish_non_exhaustive()
    }
}

fn check_size(text: &str, limits: &Limits) -> Result<(), Diagnostics> {
    if text.len() <= limits.document_bytes {
        return Ok(());
    }
    let message = format!("the document has more than {} bytes", limits.document_bytes);
    Err(Diagnostic::new(Code::DOCUMENT_TOO_LARGE, "", message).into())
}

fn too_deep(text: &str, TooDeep(at): TooDeep) -> Diagnostic {
    let mut fault = Diagnostic::new(
        Code::DOCUMENT_TOO_DEEP,
        "",
        format!("the document nests deeper than {MAX_DEPTH} levels"),
    );
    if at != NOWHERE {
        set_place(&mut fault, Some(place(text, at)));
    }
    fault
}

fn duplicate_fault(text: &str, at: u32) -> Diagnostic {
    let mut fault = Diagnostic::new(Code::DUPLICATE_KEY, "", "this entry stands twice in its table");
    set_place(&mut fault, Some(place(text, at)));
    fault
}

fn syntax_fault(place: Option<(u32, u32)>, message: &str) -> Diagnostic {
    let mut fault = Diagnostic::new(Code::SYNTAX, "", message);
    set_place(&mut fault, place);
    fault
}

/// The parser's messages name tokens of the grammar and never quote the text.
fn toml_fault(text: &str, error: &toml::de::Error) -> Diagnostic {
    let place = error.span().map(|span| place(text, narrow(span.start)));
    if error.message().contains("recurs") {
        let mut fault = too_deep(text, TooDeep(NOWHERE));
        set_place(&mut fault, place);
        return fault;
    }
    let mut fault = match error.message().contains("duplicate key") {
        true => Diagnostic::new(Code::DUPLICATE_KEY, "", "this entry stands twice in its table"),
        false => syntax_fault(place, &error.message().to_lowercase()),
    };
    set_place(&mut fault, place);
    fault.help = syntax::help(text, error);
    fault
}

fn set_place(fault: &mut Diagnostic, place: Option<(u32, u32)>) {
    fault.line = place.map(|(line, _)| line);
    fault.column = place.map(|(_, column)| column);
}

/// Line and column, both from 1, of a byte offset.
pub(super) fn place(text: &str, at: u32) -> (u32, u32) {
    let before = text.as_bytes().get(..crate::num::wide(at)).unwrap_or(text.as_bytes());
    let line = before.iter().filter(|b| **b == b'\n').count();
    let column = before.iter().rev().take_while(|b| **b != b'\n').filter(|b| **b & 0xC0 != 0x80).count();
    (narrow(line.saturating_add(1)), narrow(column.saturating_add(1)))
}

/// Turns the parser's tree into ours, in the order of the document.
fn lower(at: usize, value: DeValue<'_>, depth: usize) -> Result<Node, TooDeep> {
    let Some(depth) = depth.checked_sub(1) else {
        dismantle(value);
        return Err(TooDeep(narrow(at)));
    };
    let kind = match value {
        DeValue::Boolean(flag) => Kind::Flag(flag),
        DeValue::Integer(n) => i64::from_str_radix(n.as_str(), n.radix()).map_or_else(
            |_| Kind::Decimal(n.as_str().parse::<f64>().unwrap_or(f64::NAN).to_bits()),
            Kind::Integer,
        ),
        DeValue::Float(n) => Kind::Decimal(n.as_str().parse::<f64>().unwrap_or(f64::NAN).to_bits()),
        DeValue::String(text) => Kind::Text(text.into_owned()),
        DeValue::Datetime(date) => Kind::Date(date.to_string()),
        DeValue::Array(items) => Kind::List(lower_list(items.into_iter(), depth)?),
        DeValue::Table(table) => Kind::Table(lower_table(table, depth)?),
    };
    Ok(Node::new(kind, narrow(at)))
}

fn lower_list<'i>(
    items: impl Iterator<Item = Spanned<DeValue<'i>>>,
    depth: usize,
) -> Result<Vec<Node>, TooDeep> {
    let mut list = Vec::new();
    let mut fault = None;
    for item in items {
        let at = item.span().start;
        match lower(at, item.into_inner(), if fault.is_some() { 0 } else { depth }) {
            Ok(node) => list.push(node),
            Err(e) => fault = fault.or(Some(e)),
        }
    }
    fault.map_or(Ok(list), Err)
}

fn lower_table(table: DeTable<'_>, depth: usize) -> Result<Vec<Entry>, TooDeep> {
    let mut entries = Vec::with_capacity(table.len());
    let mut fault = None;
    for (key, value) in table {
        let (key_at, value_at) = (key.span().start, value.span().start);
        match lower(value_at, value.into_inner(), if fault.is_some() { 0 } else { depth }) {
            Ok(value) => {
                entries.push(Entry { key: key.into_inner().into_owned(), at: narrow(key_at), value });
            }
            Err(e) => fault = fault.or(Some(e)),
        }
    }
    entries.sort_by_key(|e| e.at);
    fault.map_or(Ok(entries), Err)
}

/// Frees a tree without recursion, however deep it is.
fn dismantle(root: DeValue<'_>) {
    let mut left = vec![root];
    while let Some(value) = left.pop() {
        match value {
            DeValue::Array(items) => left.extend(items.into_iter().map(Spanned::into_inner)),
            DeValue::Table(table) => left.extend(table.into_iter().map(|(_, v)| v.into_inner())),
            _ => {}
        }
    }
}
