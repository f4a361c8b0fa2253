//! What can be wrong with something a team wrote: one diagnostic for each fault, all faults at once.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Severity {
    /// The document is refused.
    Error,
    /// The document works, and something in it is likely not what its author meant.
    Warning,
}

/// The stable name of a kind of fault, such as `G0104`; every code is in [`Code::ALL`].
///
/// ```
/// use galateo::Code;
/// assert_eq!(Code::UNKNOWN_FIELD.as_str(), "G0104");
/// assert!(Code::ALL.iter().all(|code| code.as_str().starts_with('G') && !code.summary().is_empty()));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(&'static Entry);

/// A line of the register of codes.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Entry {
    name: &'static str,
    severity: Severity,
    summary: &'static str,
}

impl Code {
    /// The code as it is printed.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        self.0.name
    }

    /// Whether a fault of this kind refuses the document.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.0.severity
    }

    /// One line that says what the code stands for.
    #[must_use]
    pub const fn summary(&self) -> &'static str {
        self.0.summary
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name)
    }
}

/// The register of codes: constant, printed name, severity, summary.
macro_rules! codes {
    ($($(#[$group:meta])* $constant:ident = $name:literal, $severity:ident, $summary:literal;)*) => {
        impl Code {
            $(
                #[doc = concat!("`", $name, "`: ", $summary, ".")]
                pub const $constant: Self =
                    Self(&Entry { name: $name, severity: Severity::$severity, summary: $summary });
            )*

            /// Every code, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$constant),*];
        }
    };
}

// G01: reading a document. A code is never given another meaning and never used again.
codes! {
    SYNTAX = "G0101", Error, "the text is not well-formed TOML or JSON";
    DOCUMENT_TOO_LARGE = "G0102", Error, "the document has more bytes than the limit allows";
    DOCUMENT_TOO_DEEP = "G0103", Error, "the document nests deeper than the limit allows";
    UNKNOWN_FIELD = "G0104", Error, "an entry stands where the section knows none of that name";
    MISSING_FIELD = "G0105", Error, "an entry that the section needs is missing";
    WRONG_TYPE = "G0106", Error, "a value has another type than the entry needs";
    UNKNOWN_WORD = "G0107", Error, "a word is none of those the entry allows";
    ILLEGAL_VALUE = "G0108", Error, "a value has the right type and is not legal here";
    DUPLICATE_KEY = "G0109", Error, "an entry stands twice in one table";
    DUPLICATE_NAME = "G0112", Error, "two entries of a section have the same name";
    ONE_CHOICE = "G0110", Error, "exactly one alternative is wanted here";
    UNKNOWN_SCHEMA = "G0113", Error, "the document is of a version of the form that this release does not know";
    UNUSUAL_WORD = "G0111", Warning, "a word of an open list is close to a known one and may be a slip";
    UNKNOWN_CONDITION_FIELD = "G0201", Error, "a condition asks a field that nobody declares";
    UNKNOWN_OPERATOR = "G0202", Error, "a condition uses an operator that does not exist";
    OPERATOR_MISFIT = "G0203", Error, "an operator does not apply to fields of this type";
    LITERAL_TYPE = "G0204", Error, "a literal has another type than the field";
    UNKNOWN_VALUE = "G0205", Error, "a literal is none of the words the field can hold";
    EMPTY_RANGE = "G0206", Error, "a range holds nothing, because its end is not above its start";
    CONDITION_TOO_DEEP = "G0207", Error, "a condition nests deeper than the limit allows";
    TOO_MANY_CONDITIONS = "G0208", Error, "a rule has more conditions than the limit allows";
    TOO_MANY_LITERALS = "G0209", Error, "a condition has more literals than the limit allows";
    BAD_PATTERN = "G0210", Error, "a regular expression is malformed or larger than the limit allows";
    TOO_MANY_PATTERNS = "G0211", Error, "the playbook has more regular expressions than the limit allows";
    TOO_MANY_RULES = "G0212", Error, "the playbook has more rules than the limit allows";
    DUPLICATE_RULE = "G0213", Error, "two rules have the same identifier";
    BAD_FIELD_NAME = "G0214", Error, "a field is declared with a name that is taken or reserved";
    BAD_COUNT = "G0215", Error, "at_least asks for more conditions than it lists, or for none";
    WRONG_FACT = "G0216", Error, "a fact has another type than its field";
    NOT_READY = "G0501", Warning, "something that a team needs before it starts is missing";
    STAGE_WITHOUT_END = "G0502", Warning, "a stage of an introduction has neither an end nor a criterion for going on";
    ROUTING_GAP = "G0503", Warning, "no rule routes whatever the others leave over";
    OVERFLOW_CYCLE = "G0504", Warning, "queues overflow into each other in a circle";
    FORBIDDEN_MODEL = "G0505", Warning, "a model answer is like a forbidden one";
    LEVEL_UNREACHABLE = "G0506", Warning, "a level of the ladder to which no rule escalates";
    FACT_STALE = "G0507", Warning, "a fact about a network is past the day on which it should be checked";
    PROMISE_UNOWED = "G0508", Warning, "a promise of the brand that no rule owes to anybody";
    POLICY_SHADOWED = "G0509", Warning, "a clock policy never holds, because an earlier one holds whenever it would";
    TEST_FAILED = "G0601", Error, "a test of the playbook expects another decision";
    LOCKED = "G0301", Error, "a layer changes what an earlier layer has locked";
    NOTHING_TO_REMOVE = "G0302", Error, "a layer removes what no earlier layer has";
    NEVER_MATCHES = "G0401", Warning, "a rule can never match";
    ALWAYS_MATCHES = "G0402", Warning, "a condition is written and always holds";
    SHADOWED = "G0403", Warning, "a rule never counts, because an earlier one matches whenever it does";
    REPEATED = "G0404", Warning, "two rules match the same and do the same";
    TIE = "G0405", Warning, "two rules of one priority can match together and do different things";
    LIKELY_SLIP = "G0406", Warning, "a condition asks for a word that nothing known ever gives";
    ASKS_NOTHING = "G0408", Warning, "a rule asks for nothing";
    ASKS_TWICE = "G0407", Warning, "a rule asks twice for what can be done once";
}

/// One fault: its code, where it stands, what is wrong and what would help.
///
/// The text speaks to the author of the document, in lower case, and quotes at most a name they wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The kind of fault.
    pub code: Code,
    /// The layer in which it stands, where the document is one of several.
    pub layer: Option<Arc<str>>,
    /// The way from the root of the document, such as `rules[3].when.all[0].visibility`; empty for the root.
    pub path: String,
    /// The line, counted from 1, where the source text is at hand.
    pub line: Option<u32>,
    /// The column in characters, counted from 1, where the source text is at hand.
    pub column: Option<u32>,
    /// What is wrong.
    pub message: String,
    /// What would help.
    pub help: Option<String>,
    /// Which rules it is about and what shows it, where it is about rules.
    pub about: Option<Box<About>>,
}

/// Which rules a finding is about, and facts that show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct About {
    /// The rules, the earlier first.
    pub rules: Vec<String>,
    /// Facts, as [`RuleSession::ask`](crate::playbook::RuleSession::ask) takes them.
    pub example: Option<serde_json::Map<String, serde_json::Value>>,
}

impl Diagnostic {
    /// A fault at a path, without a place in a source text.
    #[must_use]
    pub fn new(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        let (path, message) = (path.into(), message.into());
        Self { code, layer: None, path, line: None, column: None, message, help: None, about: None }
    }

    /// The rules that it is about, where it is about rules.
    #[must_use]
    pub fn rules(&self) -> &[String] {
        self.about.as_ref().map_or(&[][..], |about| &about.rules)
    }

    /// Facts that show it, where it is about rules and some can be shown.
    #[must_use]
    pub fn example(&self) -> Option<&serde_json::Map<String, serde_json::Value>> {
        self.about.as_ref()?.example.as_ref()
    }

    /// The same about these rules, with facts that show it.
    pub(crate) fn about(
        mut self,
        rules: Vec<String>,
        example: Option<serde_json::Map<String, serde_json::Value>>,
    ) -> Self {
        self.about = Some(Box::new(About { rules, example }));
        self
    }

    /// The same with a sentence that helps.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(layer) = &self.layer {
            write!(f, " [{layer}]")?;
        }
        if !self.path.is_empty() {
            write!(f, " {}", self.path)?;
        }
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, " (line {line}, column {column})")?;
        }
        write!(f, ": {}", self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

impl std::error::Error for Diagnostic {}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Diagnostic", 10)?;
        fields.serialize_field("code", &self.code)?;
        fields.serialize_field("severity", &self.code.severity())?;
        fields.serialize_field("layer", &self.layer)?;
        fields.serialize_field("path", &self.path)?;
        fields.serialize_field("line", &self.line)?;
        fields.serialize_field("column", &self.column)?;
        fields.serialize_field("message", &self.message)?;
        fields.serialize_field("help", &self.help)?;
        if !self.rules().is_empty() {
            fields.serialize_field("rules", self.rules())?;
        }
        if let Some(example) = self.example() {
            fields.serialize_field("example", example)?;
        }
        fields.end()
    }
}

/// All faults of a document, in the order of their places.
///
/// ```
/// use galateo::{Code, Diagnostic, Diagnostics};
/// let faults: Diagnostics = vec![Diagnostic::new(Code::SYNTAX, "", "expected `=`")].into();
/// assert_eq!(faults.to_string(), "G0101: expected `=`");
/// assert!(faults.has_errors());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    omitted: usize,
}

/// Faults listed one by one; of further ones only the number is kept.
pub(crate) const MAX_DIAGNOSTICS: usize = 100;

impl Diagnostics {
    /// The faults, in the order of their places.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.list
    }

    /// Faults that are not listed because there are very many.
    #[must_use]
    pub const fn omitted(&self) -> usize {
        self.omitted
    }

    /// Whether one of them refuses the document.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.code.severity() == Severity::Error)
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The faults, one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// Adds the faults of another list; what is said already is not said again.
    pub fn extend(&mut self, other: Self) {
        self.omitted = self.omitted.saturating_add(other.omitted);
        let new: Vec<Diagnostic> = other.list.into_iter().filter(|one| !self.list.contains(one)).collect();
        self.list.extend(new);
        self.settle();
    }

    /// Adds to the number of faults that are not listed.
    pub(crate) const fn omit(&mut self, more: usize) {
        self.omitted = self.omitted.saturating_add(more);
    }

    /// Sorts by place and keeps the first [`MAX_DIAGNOSTICS`].
    fn settle(&mut self) {
        self.list
            .sort_by(|a, b| (&a.layer, a.line, a.column, a.code).cmp(&(&b.layer, b.line, b.column, b.code)));
        self.omitted = self.omitted.saturating_add(self.list.len().saturating_sub(MAX_DIAGNOSTICS));
        self.list.truncate(MAX_DIAGNOSTICS);
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(list: Vec<Diagnostic>) -> Self {
        let mut all = Self { list, omitted: 0 };
        all.settle();
        all
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(one: Diagnostic) -> Self {
        Self { list: vec![one], omitted: 0 }
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl Serialize for Diagnostics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.list.serialize(serializer)
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.list.iter().enumerate() {
            write!(f, "{}{diagnostic}", if i == 0 { "" } else { "\n" })?;
        }
        if self.omitted > 0 { write!(f, "\nand {} more", self.omitted) } else { Ok(()) }
    }
}

impl std::error::Error for Diagnostics {}
