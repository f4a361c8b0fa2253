//! Reading a document: every fault at once, each with its code, its path, its place and help.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::fields::Fields;
use super::node::{Document, Entry, Kind, Node, Part};
use super::schema::{Definitions, snake};
use super::words;
use crate::error::MAX_DIAGNOSTICS;
use crate::model::RuleId;
use crate::num::{narrow, wide};
use crate::{Code, Diagnostic, Diagnostics, Limits, Severity};

/// A part of a document that can be read and described; `record!` and
/// `choice!` write it for structs and enums.
pub trait Section: Sized {
    /// Reads the part; on a fault, tells the reader and answers `None`.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;

    /// The JSON Schema (draft 2020-12) of the part.
    fn schema(definitions: &mut Definitions) -> serde_json::Value;

    /// The value of an entry that is left out; `None` where it must be written.
    #[must_use]
    fn absent() -> Option<Self> {
        None
    }
}

impl Document {
    /// Reads the whole document as one section; warnings are dropped.
    ///
    /// # Errors
    /// Every fault found, in the order of their places.
    ///
    /// ```
    /// use galateo::Limits;
    /// use galateo::model::QueueId;
    /// use galateo::playbook::Document;
    /// let document = Document::from_toml("a = 'front'\nb = ''", &Limits::DEFAULT)?;
    /// let faults = document.read::<std::collections::BTreeMap<String, QueueId>>(&Limits::DEFAULT).unwrap_err();
    /// assert_eq!(faults.to_string(), "G0108 b (line 2, column 5): identifier is empty");
    /// # Ok::<(), galateo::Diagnostics>(())
    /// ```
    pub fn read<T: Section>(&self, limits: &Limits) -> Result<T, Diagnostics> {
        let mut reader = Reader::new(self, limits);
        let value = T::read(self.root(), &mut reader);
        reader.finish(value).map(|(value, _)| value)
    }
}

/// Collects the faults of a document while its sections are read.
#[derive(Debug)]
pub struct Reader<'d> {
    parts: &'d [Part],
    line_starts: Vec<Vec<u32>>,
    limits: Limits,
    path: String,
    found: Vec<Diagnostic>,
    omitted: usize,
    has_error: bool,
    /// The last place counted: part, offset in it, column.
    last: Option<(usize, u32, u32)>,
    fields: Option<&'d Fields>,
    conditions: usize,
    patterns: usize,
    rules: BTreeMap<RuleId, Origin>,
}

/// What conditions can ask where the host named no fields: nothing.
static NO_FIELDS: Fields = Fields::NONE;

impl<'d> Reader<'d> {
    /// A reader for one document.
    #[must_use]
    pub fn new(document: &'d Document, limits: &Limits) -> Self {
        Self {
            parts: document.parts(),
            line_starts: vec![Vec::new(); document.parts().len()],
            limits: *limits,
            path: String::new(),
            found: Vec::new(),
            omitted: 0,
            has_error: false,
            last: None,
            fields: None,
            conditions: 0,
            patterns: 0,
            rules: BTreeMap::new(),
        }
    }

    /// Gives the fields that conditions can ask.
    #[must_use]
    pub const fn with_fields(mut self, fields: &'d Fields) -> Self {
        self.fields = Some(fields);
        self
    }

    /// The fields that conditions can ask.
    #[must_use]
    pub fn fields(&self) -> &'d Fields {
        self.fields.unwrap_or(&NO_FIELDS)
    }

    /// The value with the warnings, or all faults where one of them is an error.
    ///
    /// # Errors
    /// All faults; none was reported although `value` is `None` only if a section is at fault itself.
    pub fn finish<T>(self, value: Option<T>) -> Result<(T, Diagnostics), Diagnostics> {
        let mut found = Diagnostics::from(self.found);
        found.omit(self.omitted);
        match value {
            Some(value) if !found.has_errors() => Ok((value, found)),
            _ => Err(found),
        }
    }

    /// The ceilings that hold for the document.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Where the reader stands, such as `rules[3].when`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where a node stands: the layer that touched it or one of its entries last, line and column.
    pub fn origin(&mut self, node: &Node) -> Origin {
        let last = node.entries().iter().filter_map(|e| e.value.offset()).chain(node.offset()).max();
        let layer = last.and_then(|at| self.part(at)).and_then(|(_, part)| part.layer.clone());
        let place = node.offset().and_then(|at| self.line_and_column(at));
        Origin { layer, path: self.path.clone(), line: place.map(|p| p.0), column: place.map(|p| p.1) }
    }

    /// Notes the identifier of a rule, which no other rule of the playbook may have.
    pub(super) fn claim_rule(&mut self, node: &Node, id: &RuleId) -> bool {
        let origin = self.origin(node);
        if let Some(first) = self.rules.get(id) {
            let help = format!("the other one stands at {first}");
            self.report_with_help(node, Code::DUPLICATE_RULE, "another rule has this identifier", help);
            return false;
        }
        self.rules.insert(id.clone(), origin);
        if self.rules.len() == self.limits.rules.saturating_add(1) {
            self.report(
                node,
                Code::TOO_MANY_RULES,
                format!("a playbook has at most {} rules", self.limits.rules),
            );
        }
        self.rules.len() <= self.limits.rules
    }

    /// Reports a fault of the node at the present path.
    pub fn report(&mut self, node: &Node, code: Code, message: impl Into<String>) {
        self.push(node.offset(), code, message.into(), None);
    }

    /// Reports a fault with a sentence that helps.
    pub fn report_with_help(
        &mut self,
        node: &Node,
        code: Code,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.push(node.offset(), code, message.into(), Some(help.into()));
    }

    pub(super) fn report_maybe_help(
        &mut self,
        node: &Node,
        code: Code,
        message: String,
        help: Option<String>,
    ) {
        self.push(node.offset(), code, message, help);
    }

    /// Reports a fault of an entry's name.
    pub(super) fn report_entry(&mut self, entry: &Entry, code: Code, message: String, help: Option<String>) {
        self.push(Some(entry.at).filter(|_| entry.value.offset().is_some()), code, message, help);
    }

    /// Faults told so far.
    pub(super) const fn faults(&self) -> usize {
        self.found.len()
    }

    /// Counts the tests of conditions, and tells how many there are so far.
    pub(super) const fn count_conditions(&mut self, more: usize) -> usize {
        self.conditions = self.conditions.saturating_add(more);
        self.conditions
    }

    /// Starts the count of one rule's tests.
    pub(super) const fn start_rule(&mut self) {
        self.conditions = 0;
    }

    /// Checks a regular expression and counts it.
    pub(super) fn take_pattern(&mut self, node: &Node, pattern: &str) -> bool {
        self.patterns = self.patterns.saturating_add(1);
        if self.patterns > self.limits.patterns {
            let message = format!("a playbook has at most {} regular expressions", self.limits.patterns);
            self.report(node, Code::TOO_MANY_PATTERNS, message);
            return false;
        }
        let fault = super::pattern::check(pattern, &self.limits).err();
        let sound = fault.is_none();
        if let Some(message) = fault {
            self.report(node, Code::BAD_PATTERN, message);
        }
        sound
    }

    /// Reports that a node holds another type than `wanted`, such as `a whole number`.
    pub fn wrong_type(&mut self, node: &Node, wanted: &str) {
        self.report(node, Code::WRONG_TYPE, format!("expected {wanted}, found {}", node.describe()));
    }

    /// Reports a word that is none of `known`, with the nearest one as help.
    pub fn unknown_word(&mut self, node: &Node, what: &str, word: &str, known: &[&str]) {
        let message =
            words::quoted(word).map_or_else(|| format!("unknown {what}"), |q| format!("unknown {what} {q}"));
        self.push(node.offset(), Code::UNKNOWN_WORD, message, words::help(word, known));
    }

    /// Reads with `key` added to the path.
    pub fn within<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(&words::step(key));
        let value = read(self);
        self.path.truncate(length);
        value
    }

    /// Reads with `[index]` added to the path.
    pub fn within_index<T>(&mut self, index: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(&format!("[{index}]"));
        let value = read(self);
        self.path.truncate(length);
        value
    }

    /// The items of a list.
    pub fn list<'n>(&mut self, node: &'n Node) -> Option<&'n [Node]> {
        if let Kind::List(items) = &node.kind {
            return Some(items);
        }
        self.wrong_type(node, "a list");
        None
    }

    /// A table, whatever its entries are.
    pub(super) fn plain_table<'n>(&mut self, node: &'n Node) -> Option<&'n Node> {
        if matches!(node.kind, Kind::Table(_)) {
            return Some(node);
        }
        self.wrong_type(node, "a table");
        None
    }

    /// A table whose entries are all among `known`; the others are reported.
    pub fn table<'n>(&mut self, node: &'n Node, known: &[&str]) -> Option<&'n Node> {
        let Kind::Table(entries) = &node.kind else {
            self.wrong_type(node, "a table");
            return None;
        };
        for entry in entries.iter().filter(|e| !known.contains(&e.key.as_str())) {
            self.unknown_field(entry, known);
        }
        Some(node)
    }

    fn unknown_field(&mut self, entry: &Entry, known: &[&str]) {
        if self.is_full() && self.has_error {
            self.omitted = self.omitted.saturating_add(1);
            return;
        }
        let name = words::quoted(&entry.key);
        let message = name.map_or_else(|| "unknown field".to_owned(), |q| format!("unknown field {q}"));
        let help = words::help(&entry.key, known);
        self.within(&entry.key, |reader| reader.report_entry(entry, Code::UNKNOWN_FIELD, message, help));
    }

    /// Reads an entry of a table, or takes its [`absent`](Section::absent) value.
    pub fn field<T: Section>(&mut self, table: &Node, name: &str) -> Option<T> {
        match table.entry(name) {
            Some(node) => self.within(name, |reader| T::read(node, reader)),
            None => T::absent().or_else(|| {
                self.report(table, Code::MISSING_FIELD, format!("`{name}` is missing"));
                None
            }),
        }
    }

    /// Reads an entry of a table, or takes `default`.
    pub fn field_or<T: Section>(
        &mut self,
        table: &Node,
        name: &str,
        default: impl FnOnce() -> T,
    ) -> Option<T> {
        match table.entry(name) {
            Some(node) => self.within(name, |reader| T::read(node, reader)),
            None => Some(default()),
        }
    }

    /// The one alternative that a node names: a bare word, or a table with exactly one entry.
    pub fn tag<'n>(&mut self, node: &'n Node) -> Option<Tag<'n>> {
        match &node.kind {
            Kind::Text(word) => Some(Tag { word, payload: None, node }),
            Kind::Table(entries) => match entries.as_slice() {
                [only] => Some(Tag { word: &only.key, payload: Some(&only.value), node }),
                _ => {
                    self.report(
                        node,
                        Code::ONE_CHOICE,
                        "expected exactly one entry, the name of an alternative",
                    );
                    None
                }
            },
            _ => {
                self.wrong_type(node, "a word, or a table with one entry");
                None
            }
        }
    }

    /// Whether nothing but the word was written, as an alternative without content wants it.
    pub fn bare<'n>(&mut self, tag: &Tag<'n>) -> Option<()> {
        let Some(payload) = tag.payload else { return Some(()) };
        if matches!(&payload.kind, Kind::Table(entries) if entries.is_empty()) {
            return Some(());
        }
        let message = format!("`{}` takes no value", tag.word);
        self.report_with_help(payload, Code::WRONG_TYPE, message, format!("write \"{}\" alone", tag.word));
        None
    }

    /// What was written with the word.
    pub fn payload<'n>(&mut self, tag: &Tag<'n>) -> Option<&'n Node> {
        if tag.payload.is_none() {
            let message = format!("`{}` needs a value", tag.word);
            self.report_with_help(
                tag.node,
                Code::MISSING_FIELD,
                message,
                format!("write {{ {} = … }}", tag.word),
            );
        }
        tag.payload
    }

    /// Whether so many faults were found that further ones are only counted.
    const fn is_full(&self) -> bool {
        self.found.len() >= MAX_DIAGNOSTICS
    }

    fn push(&mut self, at: Option<u32>, code: Code, message: String, help: Option<String>) {
        // What is past counting is not placed; an error among warnings is kept whatever their number.
        let is_error = code.severity() == Severity::Error;
        if self.is_full() && (self.has_error || !is_error) {
            self.omitted = self.omitted.saturating_add(1);
            return;
        }
        self.has_error |= is_error;
        let place = at.and_then(|at| self.line_and_column(at));
        let mut fault = Diagnostic::new(code, self.path.clone(), message);
        fault.layer = at.and_then(|at| self.part(at)).and_then(|(_, part)| part.layer.clone());
        fault.line = place.map(|(line, _)| line);
        fault.column = place.map(|(_, column)| column);
        fault.help = help;
        self.found.push(fault);
    }

    /// The layer in whose text an offset lies, and its number.
    fn part(&self, at: u32) -> Option<(usize, &'d Part)> {
        let index = self.parts.partition_point(|part| part.start <= at).checked_sub(1)?;
        self.parts.get(index).map(|part| (index, part))
    }

    /// Line and column, both from 1, in the text of the layer.
    fn line_and_column(&mut self, at: u32) -> Option<(u32, u32)> {
        let (index, part) = self.part(at)?;
        let at = at.saturating_sub(part.start);
        let starts = self.line_starts.get_mut(index)?;
        if starts.is_empty() {
            let breaks = part.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            starts.push(0);
            starts.extend(breaks.map(|(i, _)| narrow(i.saturating_add(1))));
        }
        let line = starts.partition_point(|start| *start <= at);
        let start = starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        // A document on one line is counted on from the last place, not from its start each time.
        let (from, column) = match self.last {
            Some((i, known, column)) if i == index && (start..=at).contains(&known) => (known, column),
            _ => (start, 1),
        };
        let between = part.text.get(wide(from)..wide(at)).unwrap_or_default();
        let column = narrow(between.chars().count()).saturating_add(column);
        self.last = Some((index, at, column));
        Some((narrow(line), column))
    }
}

/// Where something stands that a team wrote.
///
/// It belongs to no value: two rules that say the same are equal wherever they stand.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Origin {
    /// The layer that touched it last, where the document is one of several.
    pub layer: Option<Arc<str>>,
    /// The way from the root of the document.
    pub path: String,
    /// The line, from 1, where the source text is at hand.
    pub line: Option<u32>,
    /// The column in characters, from 1, where the source text is at hand.
    pub column: Option<u32>,
}

impl PartialEq for Origin {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Origin {}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if let Some(layer) = &self.layer {
            write!(f, " [{layer}]")?;
        }
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, " (line {line}, column {column})"),
            _ => Ok(()),
        }
    }
}

/// An alternative as it was written: its word, and what was written with it.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'n> {
    /// The word that names the alternative.
    pub word: &'n str,
    /// What was written with it.
    pub payload: Option<&'n Node>,
    /// The whole.
    pub node: &'n Node,
}

impl Tag<'_> {
    /// Whether the word is the `snake_case` form of a variant's name.
    #[must_use]
    pub fn is(&self, variant: &str) -> bool {
        self.word == snake(variant)
    }
}

impl<T: Section> Section for Option<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.kind == Kind::Null { Some(None) } else { T::read(node, reader).map(Some) }
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        T::schema(definitions)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Section> Section for Box<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::read(node, reader).map(Self::new)
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        T::schema(definitions)
    }
}

impl<T: Section> Section for Arc<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::read(node, reader).map(Self::new)
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        T::schema(definitions)
    }
}

impl<T: Section> Section for Vec<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let items = reader.list(node)?;
        let read: Vec<Option<T>> = items
            .iter()
            .enumerate()
            .map(|(i, item)| reader.within_index(i, |reader| T::read(item, reader)))
            .collect();
        read.into_iter().collect()
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        serde_json::json!({ "type": "array", "items": T::schema(definitions) })
    }
}

impl<T: Section + Ord> Section for std::collections::BTreeSet<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        Vec::read(node, reader).map(|items: Vec<T>| items.into_iter().collect())
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        serde_json::json!({ "type": "array", "items": T::schema(definitions), "uniqueItems": true })
    }
}

impl<K: Section + Ord, T: Section> Section for BTreeMap<K, T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Kind::Table(entries) = &node.kind else {
            reader.wrong_type(node, "a table");
            return None;
        };
        let read: Vec<Option<(K, T)>> = entries.iter().map(|entry| read_entry(entry, reader)).collect();
        read.into_iter().collect()
    }

    fn schema(definitions: &mut Definitions) -> serde_json::Value {
        serde_json::json!({ "type": "object", "additionalProperties": T::schema(definitions) })
    }
}

/// Reads an entry whose name is a value itself.
fn read_entry<K: Section, T: Section>(entry: &Entry, reader: &mut Reader<'_>) -> Option<(K, T)> {
    let at = entry.value.offset().map_or(entry.value.at, |_| entry.at);
    let name = Node::new(Kind::Text(entry.key.clone()), at);
    reader.within(&entry.key, |reader| {
        let key = K::read(&name, reader);
        let value = T::read(&entry.value, reader);
        key.zip(value)
    })
}
