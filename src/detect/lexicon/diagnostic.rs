//! What is wrong with a lexicon, line by line.

use std::fmt;

use serde::Serialize;

macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $severity:ident, $message:literal;)*) => {
        /// A kind of fault in a lexicon.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Fault {
            $($(#[$doc])* $variant,)*
        }

        impl Fault {
            /// Every fault, in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// A stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Whether the lexicon cannot be used as long as it stands.
            #[must_use]
            pub const fn is_error(self) -> bool {
                match self { $(Self::$variant => severity::$severity,)* }
            }

            /// What is wrong, in a sentence without a period.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)* }
            }
        }
    };
}

mod severity {
    pub(super) const ERROR: bool = true;
    pub(super) const WARNING: bool = false;
}

faults! {
    /// A line before the first section is no `key = value` of the header.
    Header = "L0001", ERROR, "not a header line: lexicon, language, version, layer, licence or sentiment, then `=` and a fitting value";
    /// A heading is none of the sections.
    Heading = "L0002", ERROR, "not a section: boost, concept NAME, except NAME, language, profanity, sexual, signal kind, topic id or valence";
    /// A line lacks its number.
    WeightMissing = "L0003", ERROR, "the line needs a number in front";
    /// The number is out of range.
    WeightRange = "L0004", ERROR, "the number is out of the section's range";
    /// A rule where only patterns may stand.
    RuleHere = "L0005", ERROR, "this section holds patterns only, no rules, conditions or tags";
    /// A condition on patterns of a concept.
    ConditionHere = "L0006", ERROR, "patterns of a concept take no condition; put it on the rule that uses them";
    /// A condition that cannot be read.
    Condition = "L0007", ERROR, "not a condition: `NAME before 3`, `after 3`, `inside`, `in clause`, `in sentence`, `in text`, or `question`, `start`, `end`, `short 6`, `whole`";
    /// A word of a rule is no name.
    Name = "L0008", ERROR, "a rule holds names in capitals, gaps such as `..4` and `&`";
    /// A gap that cannot be read.
    Gap = "L0009", ERROR, "a gap is `..0` to `..16`, stands between two names, and a rule has at most eight names";
    /// An alternative without a word.
    EmptyPattern = "L0010", ERROR, "a pattern has no word";
    /// A pattern with capitals.
    Capitals = "L0011", ERROR, "patterns are written in small letters";
    /// Braces that do not pair.
    Braces = "L0012", ERROR, "braces do not pair, or stand within each other";
    /// Too many spellings.
    TooMany = "L0013", ERROR, "the braces stand for more than 512 spellings";
    /// A pattern of more than eight words.
    LongPattern = "L0014", ERROR, "a pattern has at most eight words";
    /// A name that is not defined above.
    UnknownName = "L0015", ERROR, "no concept of this name is defined above in this language";
    /// An exception names nothing.
    UnknownExcept = "L0016", ERROR, "an exception names a concept, a signal kind, valence, profanity or sexual";
    /// More concepts or rules than fit.
    Full = "L0017", ERROR, "the lexicons hold more concepts or patterns than the limits allow";
    /// A removal that removes nothing.
    RemovesNothing = "L0018", WARNING, "nothing stands in an earlier layer that this line would remove";
    /// A pattern twice.
    Twice = "L0019", WARNING, "the pattern already stands in this section with the same weight";
    /// A pattern that a shorter one with a star covers.
    Covered = "L0020", WARNING, "a pattern with `*` in the same section already covers this one";
    /// A concept that no rule uses.
    Unused = "L0021", WARNING, "no rule uses this concept";
    /// An exception that suppresses nothing.
    IdleException = "L0022", WARNING, "nothing that it names can stand within this phrase";
}

/// One fault, with the line it stands on.
///
/// ```
/// let faults = galateo::detect::Detectors::lint("lexicon = x\n[concepts A]\n");
/// assert_eq!(faults[0].line(), 2);
/// assert_eq!(faults[0].fault().code(), "L0002");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    lexicon: String,
    line: u32,
    fault: Fault,
}

impl Diagnostic {
    pub(in crate::detect) const fn new(line: u32, fault: Fault) -> Self {
        Self { lexicon: String::new(), line, fault }
    }

    pub(in crate::detect) fn of(mut self, lexicon: &str) -> Self {
        lexicon.clone_into(&mut self.lexicon);
        self
    }

    /// The lexicon's name.
    #[must_use]
    pub fn lexicon(&self) -> &str {
        &self.lexicon
    }

    /// The line, from 1.
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// What is wrong.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        self.fault
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.lexicon, self.line, self.fault.code(), self.fault.message())
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// All faults of a set of lexicons.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LexiconError {
    faults: Vec<Diagnostic>,
}

impl LexiconError {
    pub(in crate::detect) const fn new(faults: Vec<Diagnostic>) -> Self {
        Self { faults }
    }

    /// The faults, in the order of the lexicons and their lines.
    #[must_use]
    pub fn faults(&self) -> &[Diagnostic] {
        &self.faults
    }
}

impl fmt::Display for LexiconError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.faults.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}
