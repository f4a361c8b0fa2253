//! From documents to the form that a scan runs on: one trie, numbered concepts, rules by their first concept.

use std::collections::BTreeMap;

use super::diagnostic::{Diagnostic, Fault};
use super::document::{Body, Condition, Document, Item, Link, Place, Section, Test, Writer};
use super::trie::{STAR, Trie};
use crate::detect::SignalKind;
use crate::model::{Language, TopicId, Word};
use crate::num::{narrow, wide};
use crate::text::{Folded, Tokens};

/// Concepts that the crate makes itself, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::detect) enum Made {
    Number,
    Code,
    Money,
    Phone,
    Handle,
    Link,
    Mail,
    Name,
    Caps,
    CustomerName,
}

impl Made {
    const ALL: [(Self, &'static str); 10] = [
        (Self::Number, "NUMBER"),
        (Self::Code, "CODE"),
        (Self::Money, "MONEY"),
        (Self::Phone, "PHONE"),
        (Self::Handle, "HANDLE"),
        (Self::Link, "LINK"),
        (Self::Mail, "MAIL"),
        (Self::Name, "NAME"),
        (Self::Caps, "CAPS"),
        (Self::CustomerName, "CUSTOMER_NAME"),
    ];

    pub(in crate::detect) const fn id(self) -> u16 {
        match self {
            Self::Number => 0,
            Self::Code => 1,
            Self::Money => 2,
            Self::Phone => 3,
            Self::Handle => 4,
            Self::Link => 5,
            Self::Mail => 6,
            Self::Name => 7,
            Self::Caps => 8,
            Self::CustomerName => 9,
        }
    }
}

/// Concepts with a meaning for the crate, by language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::detect) enum Special {
    But,
    Deadline,
    Greeting,
    Not,
    UnitMinute,
    UnitHour,
    UnitDay,
    UnitWeek,
    UnitMonth,
    YouFormal,
    YouInformal,
    YouPlural,
}

impl Special {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "BUT" => Self::But,
            "DEADLINE" => Self::Deadline,
            "GREETING" => Self::Greeting,
            "NOT" => Self::Not,
            "TIME_UNIT_MINUTE" => Self::UnitMinute,
            "TIME_UNIT_HOUR" => Self::UnitHour,
            "TIME_UNIT_DAY" => Self::UnitDay,
            "TIME_UNIT_WEEK" => Self::UnitWeek,
            "TIME_UNIT_MONTH" => Self::UnitMonth,
            "YOU_FORMAL" => Self::YouFormal,
            "YOU_INFORMAL" => Self::YouInformal,
            "YOU_PLURAL" => Self::YouPlural,
            _ => return None,
        })
    }
}

/// What the hits of a concept are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::detect) enum Role {
    Boost,
    /// Drops what lies within and has this number among [`Compiled::excepts`].
    Except(u16),
    Function,
    Plain,
    Profanity {
        local: bool,
    },
    Sexual {
        local: bool,
    },
    Valence,
}

#[derive(Debug, Clone, Copy)]
pub(in crate::detect) struct Concept {
    /// 0 for every language, else one more than the place among [`Compiled::languages`].
    pub(in crate::detect) language: u8,
    pub(in crate::detect) role: Role,
    /// Made for one line, not named in a lexicon.
    pub(in crate::detect) anonymous: bool,
    pub(in crate::detect) special: Option<Special>,
}

/// A pattern's membership in a concept.
#[derive(Debug, Clone, Copy)]
pub(in crate::detect) struct Entry {
    pub(in crate::detect) concept: u16,
    pub(in crate::detect) weight: i16,
    pub(in crate::detect) lexicon: u16,
    /// For a function word, the number of its language; else 0.
    pub(in crate::detect) function: u8,
    pub(in crate::detect) line: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::detect) enum Target {
    Concept(u16),
    Profanity,
    Sexual,
    Signal(u16),
    Topic(u16),
    Valence,
}

#[derive(Debug, Clone)]
pub(in crate::detect) struct Rule {
    pub(in crate::detect) target: Target,
    pub(in crate::detect) weight: i16,
    pub(in crate::detect) writer: Writer,
    pub(in crate::detect) language: u8,
    /// Rules for concepts run by level; the others after all levels.
    pub(in crate::detect) level: u8,
    pub(in crate::detect) terms: Vec<Term>,
    pub(in crate::detect) checks: Vec<Check>,
    pub(in crate::detect) tag: Option<Word>,
    pub(in crate::detect) lexicon: u16,
    pub(in crate::detect) line: u32,
}

#[derive(Debug, Clone)]
pub(in crate::detect) struct Term {
    pub(in crate::detect) any: Vec<u16>,
    pub(in crate::detect) link: Link,
}

#[derive(Debug, Clone)]
pub(in crate::detect) enum Check {
    Found { wanted: bool, any: Vec<u16>, place: Place },
    Question(bool),
    Start(bool),
    End(bool),
    Short(bool, u8),
    Whole(bool),
}

/// The level of rules that run after all concepts are known.
pub(in crate::detect) const LAST_LEVEL: u8 = u8::MAX;
/// Levels of rules for concepts.
const MAX_LEVEL: u8 = 8;
/// Words of one pattern.
const MAX_WORDS: usize = 8;

/// The lexicons, ready to run.
#[derive(Debug, Clone, Default)]
pub(in crate::detect) struct Compiled {
    pub(in crate::detect) trie: Trie,
    /// The entries of each value of the trie.
    pub(in crate::detect) outputs: Vec<(u32, u32)>,
    pub(in crate::detect) entries: Vec<Entry>,
    pub(in crate::detect) concepts: Vec<Concept>,
    pub(in crate::detect) rules: Vec<Rule>,
    /// The rules whose first term holds each concept.
    pub(in crate::detect) triggers: Vec<Vec<u32>>,
    pub(in crate::detect) levels: u8,
    pub(in crate::detect) languages: Vec<(Language, (i16, i16))>,
    pub(in crate::detect) excepts: Vec<Target>,
    pub(in crate::detect) kinds: Vec<SignalKind>,
    pub(in crate::detect) topics: Vec<TopicId>,
    pub(in crate::detect) lexicons: Vec<(String, u32)>,
    /// Expletives of one word, for masked spellings: the word, severity, lexicon and line.
    pub(in crate::detect) masked: Vec<(Vec<u8>, Entry)>,
}

impl Compiled {
    /// Bytes that the tables take, about.
    pub(in crate::detect) fn bytes(&self) -> usize {
        let rules = self.rules.len().saturating_mul(size_of::<Rule>().saturating_add(160));
        let entries = self.entries.len().saturating_mul(size_of::<Entry>());
        let outputs = self.outputs.len().saturating_mul(8);
        let concepts = self.concepts.len().saturating_mul(size_of::<Concept>().saturating_add(32));
        [self.trie.bytes(), rules, entries, outputs, concepts].iter().fold(0, |sum, n| sum.saturating_add(*n))
    }
}

/// The thresholds of sentiment where a language's lexicon sets none.
const THRESHOLDS: (i16, i16) = (-150, 150);

/// Compiles documents in the order of their layers.
pub(in crate::detect) fn compile(documents: &[Document], faults: &mut Vec<Diagnostic>) -> Compiled {
    let mut compiler = Compiler::default();
    for (_, name) in Made::ALL {
        compiler.concept(0, name.to_owned(), Role::Plain);
    }
    // Found by comparing with the customer's own names: no lexicon has rules for them.
    for kind in [SignalKind::NameUsed, SignalKind::WrongName] {
        place_of(&mut compiler.out.kinds, kind);
    }
    for document in documents {
        let mut own = Vec::new();
        compiler.document(document, &mut own);
        faults.extend(own.into_iter().map(|fault| fault.of(&document.name)));
    }
    compiler.finish()
}

#[derive(Debug, Default)]
struct Compiler {
    out: Compiled,
    names: BTreeMap<(u8, String), u16>,
    patterns: BTreeMap<(Vec<u8>, u8, String), Entry>,
    rules: BTreeMap<(u8, String, String), Rule>,
    folded: Folded,
    tokens: Tokens,
}

/// Where the lines of one document belong.
#[derive(Debug, Clone, Copy)]
struct Scope {
    language: u8,
    lexicon: u16,
}

impl Compiler {
    fn document(&mut self, document: &Document, faults: &mut Vec<Diagnostic>) {
        let language = document.language.map_or(0, |language| self.language(language, document.thresholds));
        self.out.lexicons.push((document.name.clone(), document.version));
        let lexicon = u16::try_from(self.out.lexicons.len().saturating_sub(1)).unwrap_or(u16::MAX);
        let scope = Scope { language, lexicon };
        for item in &document.items {
            if let Err(fault) = self.item(scope, item) {
                faults.push(Diagnostic::new(item.line, fault));
            }
        }
    }

    fn language(&mut self, language: Language, thresholds: Option<(i16, i16)>) -> u8 {
        let known = self.out.languages.iter().position(|(known, _)| *known == language);
        let at = known.unwrap_or_else(|| {
            self.out.languages.push((language, THRESHOLDS));
            self.out.languages.len().saturating_sub(1)
        });
        if let (Some(set), Some(thresholds)) = (self.out.languages.get_mut(at), thresholds) {
            set.1 = thresholds;
        }
        u8::try_from(at.saturating_add(1)).unwrap_or(u8::MAX)
    }

    fn concept(&mut self, language: u8, name: String, role: Role) -> u16 {
        let special = Special::from_name(&name);
        let anonymous = name.contains('/');
        let next = u16::try_from(self.names.len()).unwrap_or(u16::MAX);
        let id = *self.names.entry((language, name)).or_insert(next);
        if id == next {
            self.out.concepts.push(Concept { language, role, anonymous, special });
        }
        id
    }

    fn item(&mut self, scope: Scope, item: &Item) -> Result<(), Fault> {
        if self.names.len() >= usize::from(u16::MAX) || self.patterns.len() >= 1_000_000 {
            return Err(Fault::Full);
        }
        let section = section_key(&item.section);
        match &item.body {
            Body::Patterns(patterns) if item.removes => self.remove_patterns(scope, &section, patterns),
            Body::Patterns(patterns) => self.add_patterns(scope, item, &section, patterns),
            Body::Sequence(terms) => {
                let key = (scope.language, section, format!("{terms:?}{:?}", item.conditions));
                if item.removes {
                    return self.rules.remove(&key).map(|_| ()).ok_or(Fault::RemovesNothing);
                }
                let terms = terms
                    .iter()
                    .map(|term| self.term(scope, &term.names, term.link))
                    .collect::<Result<_, _>>()?;
                let target = self.target(scope, item)?;
                let rule = self.rule(scope, item, target, terms)?;
                self.rules.insert(key, rule);
                Ok(())
            }
        }
    }

    fn add_patterns(
        &mut self,
        scope: Scope,
        item: &Item,
        section: &str,
        patterns: &[String],
    ) -> Result<(), Fault> {
        let concept = self.pattern_concept(scope, item, section)?;
        let function = if item.section == Section::Language { scope.language } else { 0 };
        let entry = Entry { concept, weight: item.weight, lexicon: scope.lexicon, function, line: item.line };
        let mut twice = false;
        for pattern in patterns {
            let path = self.path(pattern)?;
            let key = (path, scope.language, section.to_owned());
            let before = self.patterns.insert(key, entry);
            twice |= before.is_some_and(|b| {
                b.weight == item.weight && b.lexicon == scope.lexicon && item.conditions.is_empty()
            });
        }
        if twice && item.section != Section::Language { Err(Fault::Twice) } else { Ok(()) }
    }

    fn remove_patterns(&mut self, scope: Scope, section: &str, patterns: &[String]) -> Result<(), Fault> {
        let mut removed = false;
        for pattern in patterns {
            let key = (self.path(pattern)?, scope.language, section.to_owned());
            removed |= self.patterns.remove(&key).is_some();
        }
        if removed { Ok(()) } else { Err(Fault::RemovesNothing) }
    }

    /// The concept that a line's patterns belong to; a line that reports something gets one of its own, and a rule.
    fn pattern_concept(&mut self, scope: Scope, item: &Item, section: &str) -> Result<u16, Fault> {
        let role = match &item.section {
            Section::Boost => Role::Boost,
            Section::Concept(name) => return Ok(self.concept(scope.language, name.clone(), Role::Plain)),
            Section::Except(name) => {
                let target = self.except_target(scope, name)?;
                Role::Except(place_of(&mut self.out.excepts, target))
            }
            Section::Language => Role::Function,
            Section::Profanity { local } => Role::Profanity { local: *local },
            Section::Sexual { local } => Role::Sexual { local: *local },
            Section::Valence if item.conditions.is_empty() => Role::Valence,
            Section::Signal(..) | Section::Topic(_) | Section::Valence => {
                return self.line_concept(scope, item, section);
            }
        };
        Ok(self.concept(scope.language, section.to_owned(), role))
    }

    fn line_concept(&mut self, scope: Scope, item: &Item, section: &str) -> Result<u16, Fault> {
        let name = format!("{section}/{}/{}", scope.lexicon, item.line);
        let concept = self.concept(scope.language, name.clone(), Role::Plain);
        let target = self.target(scope, item)?;
        let rule = self.rule(scope, item, target, vec![Term { any: vec![concept], link: Link::Gap(0) }])?;
        self.rules.insert((scope.language, name, String::new()), rule);
        Ok(concept)
    }

    fn target(&mut self, scope: Scope, item: &Item) -> Result<Target, Fault> {
        Ok(match &item.section {
            Section::Concept(name) => {
                Target::Concept(self.concept(scope.language, name.clone(), Role::Plain))
            }
            Section::Signal(kind, _) => Target::Signal(place_of(&mut self.out.kinds, kind.clone())),
            Section::Topic(topic) => Target::Topic(place_of(&mut self.out.topics, topic.clone())),
            Section::Valence => Target::Valence,
            _ => return Err(Fault::RuleHere),
        })
    }

    fn except_target(&mut self, scope: Scope, name: &str) -> Result<Target, Fault> {
        Ok(match name {
            "valence" => Target::Valence,
            "profanity" => Target::Profanity,
            "sexual" => Target::Sexual,
            _ if name.starts_with(|c: char| c.is_ascii_uppercase()) => {
                Target::Concept(self.known(scope, name).ok_or(Fault::UnknownName)?)
            }
            _ => {
                let kind = SignalKind::from_word(name).ok_or(Fault::UnknownExcept)?;
                Target::Signal(place_of(&mut self.out.kinds, kind))
            }
        })
    }

    fn rule(&mut self, scope: Scope, item: &Item, target: Target, terms: Vec<Term>) -> Result<Rule, Fault> {
        let writer = match &item.section {
            Section::Signal(_, writer) => *writer,
            _ => Writer::Anyone,
        };
        let checks = item.conditions.iter().map(|c| self.check(scope, c)).collect::<Result<_, _>>()?;
        let level = if matches!(target, Target::Concept(_)) { 0 } else { LAST_LEVEL };
        let tag = item.tag.as_deref().and_then(Word::new);
        Ok(Rule {
            target,
            weight: item.weight,
            writer,
            language: scope.language,
            level,
            terms,
            checks,
            tag,
            lexicon: scope.lexicon,
            line: item.line,
        })
    }

    fn term(&self, scope: Scope, names: &[String], link: Link) -> Result<Term, Fault> {
        Ok(Term { any: self.all_known(scope, names)?, link })
    }

    fn check(&self, scope: Scope, condition: &Condition) -> Result<Check, Fault> {
        let wanted = condition.wanted;
        Ok(match &condition.test {
            Test::Found { names, place } => {
                Check::Found { wanted, any: self.all_known(scope, names)?, place: *place }
            }
            Test::Question => Check::Question(wanted),
            Test::Start => Check::Start(wanted),
            Test::End => Check::End(wanted),
            Test::Short(most) => Check::Short(wanted, *most),
            Test::Whole => Check::Whole(wanted),
        })
    }

    fn all_known(&self, scope: Scope, names: &[String]) -> Result<Vec<u16>, Fault> {
        names.iter().map(|name| self.known(scope, name).ok_or(Fault::UnknownName)).collect()
    }

    fn known(&self, scope: Scope, name: &str) -> Option<u16> {
        let find = |language| self.names.get(&(language, name.to_owned())).copied();
        find(scope.language).or_else(|| find(0))
    }

    /// The key of a pattern: its tokens joined by blanks, [`STAR`] for the rest of a token.
    fn path(&mut self, pattern: &str) -> Result<Vec<u8>, Fault> {
        let mut path = Vec::with_capacity(pattern.len());
        let mut words = 0_usize;
        for word in pattern.split_whitespace() {
            let (stem, star) = match word.strip_suffix('*') {
                Some(stem) => (stem, true),
                None => (word, false),
            };
            self.folded.refold(stem);
            self.tokens.read(&self.folded, stem);
            for token in self.tokens.list() {
                if !path.is_empty() {
                    path.push(b' ');
                }
                let bytes = self.folded.as_str().as_bytes().get(wide(token.start)..wide(token.end));
                path.extend_from_slice(bytes.unwrap_or_default());
                words = words.saturating_add(1);
            }
            if stem.is_empty() && !path.is_empty() {
                path.push(b' ');
            }
            words = words.saturating_add(usize::from(stem.is_empty()));
            // A sign alone, such as the one in "salt & co", parts words in a text too.
            if star {
                path.push(STAR);
            }
        }
        match words {
            0 => Err(Fault::EmptyPattern),
            1..=MAX_WORDS => Ok(path),
            _ => Err(Fault::LongPattern),
        }
    }

    fn finish(mut self) -> Compiled {
        self.lay_out_patterns();
        self.out.rules = std::mem::take(&mut self.rules).into_values().collect();
        self.out.rules.sort_by_key(|rule| (rule.lexicon, rule.line));
        self.set_levels();
        self.out.triggers = vec![Vec::new(); self.out.concepts.len()];
        for (number, rule) in self.out.rules.iter().enumerate() {
            for &concept in rule.terms.first().map_or(&[][..], |term| &term.any) {
                if let Some(rules) = self.out.triggers.get_mut(usize::from(concept)) {
                    rules.push(narrow(number));
                }
            }
        }
        self.out
    }

    fn lay_out_patterns(&mut self) {
        let mut keys: Vec<(Vec<u8>, u32)> = Vec::new();
        for ((path, _, _), entry) in std::mem::take(&mut self.patterns) {
            let role = self.out.concepts.get(usize::from(entry.concept)).map(|concept| concept.role);
            if matches!(role, Some(Role::Profanity { .. })) && path.len() > 3 && !path.contains(&b' ') {
                self.out.masked.push((path.clone(), entry));
            }
            if keys.last().is_none_or(|(last, _)| *last != path) {
                keys.push((path, narrow(self.out.outputs.len())));
                self.out.outputs.push((narrow(self.out.entries.len()), 0));
            }
            self.out.entries.push(entry);
            if let Some(output) = self.out.outputs.last_mut() {
                output.1 = narrow(self.out.entries.len());
            }
        }
        self.out.trie = Trie::new(&keys);
    }

    /// A rule for a concept runs after the rules for the concepts it speaks of.
    fn set_levels(&mut self) {
        let mut concepts = vec![0_u8; self.out.concepts.len()];
        for _ in 0..MAX_LEVEL {
            for rule in &mut self.out.rules {
                let Target::Concept(made) = rule.target else { continue };
                let used =
                    rule.terms.iter().flat_map(|term| &term.any).chain(rule.checks.iter().flat_map(checked));
                let highest = used
                    .filter(|&&used| used != made)
                    .filter_map(|&used| concepts.get(usize::from(used)))
                    .max();
                rule.level = highest.copied().unwrap_or(0).min(MAX_LEVEL);
                if let Some(level) = concepts.get_mut(usize::from(made)) {
                    *level = (*level).max(rule.level.saturating_add(1));
                }
            }
        }
        self.out.levels = concepts.into_iter().max().unwrap_or(0);
    }
}

fn checked(check: &Check) -> &[u16] {
    match check {
        Check::Found { any, .. } => any,
        _ => &[],
    }
}

fn place_of<T: PartialEq>(list: &mut Vec<T>, item: T) -> u16 {
    let at = list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len().saturating_sub(1)
    });
    u16::try_from(at).unwrap_or(u16::MAX)
}

/// A name for the section, in small letters but for concepts, so that the two never meet.
fn section_key(section: &Section) -> String {
    match section {
        Section::Boost => "boost".to_owned(),
        Section::Concept(name) => name.clone(),
        Section::Except(name) => format!("except/{name}"),
        Section::Language => "language".to_owned(),
        Section::Profanity { local } => format!("profanity/{local}"),
        Section::Sexual { local } => format!("sexual/{local}"),
        Section::Signal(kind, _) => format!("signal/{}", kind.as_str()),
        Section::Topic(topic) => format!("topic/{topic}"),
        Section::Valence => "valence".to_owned(),
    }
}
