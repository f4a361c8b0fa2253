//! From documents to tables: patterns to numbered words, names to numbered concepts, rules to their triggers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::diagnostic::{Diagnostic, Fault};
use super::document::{Body, Condition, Document, Item, Link, Section, Spellings, Test, Writer};
use super::outputs::Outputs;
use super::pattern::Pattern;
use super::phrases::{Builder, Reach};
use super::tables::{
    Any, Check, Compiled, Concept, Entry, LAST_LEVEL, Made, Purpose, Role, Rule, Special, Tables, Target,
    Term, Traits, Trigger, concept_bit,
};
use crate::detect::SignalKind;
use crate::model::{Language, Word};
use crate::num::{narrow, wide};

/// Levels of rules for concepts.
const MAX_LEVEL: u8 = 8;
/// Patterns of one layer.
const MAX_PATTERNS: usize = 1_000_000;
/// The thresholds of sentiment where a language's lexicon sets none.
const THRESHOLDS: (i16, i16) = (-150, 150);

/// Compiles documents, in the order of their layers, together with what the crate makes itself.
pub(super) fn ground(documents: &[Document<'_>], faults: &mut Vec<Diagnostic>) -> Arc<Tables> {
    let mut compiler = Compiler::above(Arc::default());
    for (_, name) in Made::ALL {
        compiler.concept(0, name, Role::Plain);
    }
    // Found by comparing with the customer's own names: no lexicon has rules for them.
    for kind in [SignalKind::NameUsed, SignalKind::WrongName] {
        compiler.kind(&kind);
    }
    compiler.documents(documents, faults);
    Arc::new(compiler.finish())
}

/// Compiles documents above tables; also says whether they change what lies below, which a layer above cannot.
pub(super) fn above(
    below: Arc<Tables>,
    documents: &[Document<'_>],
    faults: &mut Vec<Diagnostic>,
) -> (Compiled, bool) {
    let mut compiler = Compiler::above(below.clone());
    compiler.documents(documents, faults);
    let reaches_below = compiler.reaches_below;
    (Compiled { below, own: compiler.finish() }, reaches_below)
}

#[derive(Debug)]
struct Compiler {
    below: Arc<Tables>,
    out: Tables,
    phrases: Builder,
    outputs: Outputs,
    rules: Vec<Option<Rule>>,
    pattern: Pattern,
    patterns: usize,
    /// Something changes what a layer below holds.
    reaches_below: bool,
}

/// Where the lines of one document belong.
#[derive(Debug, Clone, Copy)]
struct Scope {
    language: u8,
    lexicon: u16,
}

/// A heading under which lines are being read.
struct Heading<'a> {
    section: &'a Section,
    key: String,
    number: u16,
}

impl Compiler {
    fn above(below: Arc<Tables>) -> Self {
        let out = Tables { languages: below.languages.clone(), levels: below.levels, ..Tables::default() };
        Self {
            below,
            out,
            phrases: Builder::default(),
            outputs: Outputs::default(),
            rules: Vec::new(),
            pattern: Pattern::default(),
            patterns: 0,
            reaches_below: false,
        }
    }

    fn documents(&mut self, documents: &[Document<'_>], faults: &mut Vec<Diagnostic>) {
        for document in documents {
            let mut own = Vec::new();
            self.document(document, &mut own);
            faults.extend(own.into_iter().map(|fault| fault.of(&document.name)));
        }
    }

    fn document(&mut self, document: &Document<'_>, faults: &mut Vec<Diagnostic>) {
        let language = document.language.map_or(0, |language| self.language(language, document.thresholds));
        let lexicon = self.below.lexicons.len().saturating_add(self.out.lexicons.len());
        self.out.lexicons.push((document.name.clone(), document.version));
        let scope = Scope { language, lexicon: u16::try_from(lexicon).unwrap_or(u16::MAX) };
        let mut spellings = Spellings::default();
        for lines in document.items.chunk_by(|a, b| a.section == b.section) {
            let section = lines.first().and_then(|item| document.sections.get(item.section));
            let Some(section) = section else { continue };
            let key = section_key(section);
            let number = self.section(language, &key);
            let heading = Heading { section, key, number };
            for item in lines {
                if let Err(fault) = self.item(scope, &heading, item, &mut spellings) {
                    faults.push(Diagnostic::new(item.line, fault));
                }
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

    fn concept(&mut self, language: u8, name: &str, role: Role) -> u16 {
        if let Some(known) = self.named(language, name) {
            return known;
        }
        let next = narrow16(self.below.concepts.len().saturating_add(self.out.concepts.len()));
        name_in(&mut self.out.names, language, name, next);
        let (special, anonymous) = (Special::from_name(name), name.contains('/'));
        self.out.concepts.push(Concept {
            language,
            role,
            anonymous,
            special,
            traits: Traits::of(role, special),
        });
        next
    }

    /// The concept of exactly this language and name.
    fn named(&self, language: u8, name: &str) -> Option<u16> {
        let find = |names: &[BTreeMap<String, u16>]| names.get(usize::from(language))?.get(name).copied();
        find(&self.below.names).or_else(|| find(&self.out.names))
    }

    fn section(&mut self, language: u8, key: &str) -> u16 {
        let find =
            |sections: &[BTreeMap<String, u16>]| sections.get(usize::from(language))?.get(key).copied();
        if let Some(known) = find(&self.below.sections).or_else(|| find(&self.out.sections)) {
            return known;
        }
        let count = |sections: &[BTreeMap<String, u16>]| sections.iter().map(BTreeMap::len).sum::<usize>();
        let next = narrow16(count(&self.below.sections).saturating_add(count(&self.out.sections)));
        name_in(&mut self.out.sections, language, key, next);
        next
    }

    fn item<'t>(
        &mut self,
        scope: Scope,
        heading: &Heading<'_>,
        item: &Item<'t>,
        spellings: &mut Spellings<'t>,
    ) -> Result<(), Fault> {
        let concepts = self.below.concepts.len().saturating_add(self.out.concepts.len());
        if concepts >= usize::from(u16::MAX) || self.patterns >= MAX_PATTERNS {
            return Err(Fault::Full);
        }
        match &item.body {
            Body::Patterns(text) if item.removes => self.remove_patterns(heading, text, spellings),
            Body::Patterns(text) => self.add_patterns(scope, heading, item, text, spellings),
            Body::Sequence(_) if item.removes => {
                self.reaches_below = true;
                let key = self.rule_key(scope, heading, item);
                let rule = self.out.rule_keys.remove(&key).ok_or(Fault::RemovesNothing)?;
                self.put_rule(rule, None);
                Ok(())
            }
            Body::Sequence(terms) => {
                let terms = terms
                    .iter()
                    .map(|term| self.term(scope, &term.names, term.link))
                    .collect::<Result<_, _>>()?;
                let target = self.target(scope, heading.section)?;
                let rule = self.rule(scope, heading.section, item, target, terms)?;
                let key = self.rule_key(scope, heading, item);
                self.reaches_below |= self.below.rule_keys.contains_key(&key) || self.is_below(target);
                self.add_rule(key, rule);
                Ok(())
            }
        }
    }

    /// Whether a rule would make a concept that rules below speak of.
    fn is_below(&self, target: Target) -> bool {
        matches!(target, Target::Concept(made) if usize::from(made) < self.below.concepts.len())
            && !self.below.rules.is_empty()
    }

    fn rule_key(&self, scope: Scope, heading: &Heading<'_>, item: &Item<'_>) -> (u8, String, String) {
        let words: Vec<&str> = item.text.split_whitespace().collect();
        (scope.language, heading.key.clone(), words.join(" "))
    }

    fn add_rule(&mut self, key: (u8, String, String), rule: Rule) {
        let next = narrow(self.rules.len());
        let number = *self.out.rule_keys.entry(key).or_insert(next);
        self.put_rule(number, Some(rule));
    }

    fn put_rule(&mut self, number: u32, rule: Option<Rule>) {
        match self.rules.get_mut(wide(number)) {
            Some(place) => *place = rule,
            None => self.rules.push(rule),
        }
    }

    fn add_patterns<'t>(
        &mut self,
        scope: Scope,
        heading: &Heading<'_>,
        item: &Item<'t>,
        text: &'t str,
        spellings: &mut Spellings<'t>,
    ) -> Result<(), Fault> {
        let concept = self.pattern_concept(scope, heading, item)?;
        let role = concept_of(&self.below, &self.out, concept).map(|concept| concept.role);
        let spoken = Reach::language(scope.language);
        let (purpose, reach) = match role {
            Some(Role::Function) => (Purpose::Tells(scope.language), Reach::TELLS),
            Some(Role::Except(_)) => (Purpose::Except, spoken),
            Some(Role::Profanity { local: false } | Role::Sexual { local: false }) => {
                (Purpose::Hit, Reach::language(0))
            }
            _ => (Purpose::Hit, spoken),
        };
        let section = heading.number;
        let entry = Entry {
            concept,
            weight: item.weight,
            lexicon: scope.lexicon,
            section,
            purpose,
            reach,
            line: item.line,
        };
        let new = self.outputs.entry(entry);
        let expletive = matches!(role, Some(Role::Profanity { .. }));
        let mut twice = false;
        spellings.each(text, &mut |spelling| {
            self.pattern.read(spelling)?;
            self.patterns = self.patterns.saturating_add(1);
            self.reaches_below |= stands_below(&self.below, &self.pattern, section);
            let value = self.phrases.value(self.pattern.words());
            let before = self.outputs.put(value, new);
            twice |= before.is_some_and(|b| {
                b.weight == item.weight && b.lexicon == scope.lexicon && item.conditions.is_empty()
            });
            if expletive && let Some(word) = self.pattern.word().filter(|word| word.len() > 3) {
                self.out.masked.push((word.to_vec(), entry));
            }
            Ok(())
        })?;
        if twice && !matches!(purpose, Purpose::Tells(_)) { Err(Fault::Twice) } else { Ok(()) }
    }

    fn remove_patterns<'t>(
        &mut self,
        heading: &Heading<'_>,
        text: &'t str,
        spellings: &mut Spellings<'t>,
    ) -> Result<(), Fault> {
        self.reaches_below = true;
        let section = heading.number;
        let mut removed = false;
        spellings.each(text, &mut |spelling| {
            self.pattern.read(spelling)?;
            if let Some(value) = self.phrases.known(self.pattern.words()) {
                removed |= self.outputs.take(value, section);
            }
            if let Some(word) = self.pattern.word() {
                self.out.masked.retain(|(known, e)| e.section != section || known != word);
            }
            Ok(())
        })?;
        if removed { Ok(()) } else { Err(Fault::RemovesNothing) }
    }

    /// The concept that a line's patterns belong to; a line that reports something gets one of its own, and a rule.
    fn pattern_concept(
        &mut self,
        scope: Scope,
        heading: &Heading<'_>,
        item: &Item<'_>,
    ) -> Result<u16, Fault> {
        let role = match heading.section {
            Section::Boost => Role::Boost,
            Section::Concept(name) => return Ok(self.concept(scope.language, name, Role::Plain)),
            Section::Except(name) => {
                let target = self.except_target(scope, name)?;
                Role::Except(place_of(&self.below.excepts, &mut self.out.excepts, &target))
            }
            Section::Language => Role::Function,
            Section::Profanity { local } => Role::Profanity { local: *local },
            Section::Sexual { local } => Role::Sexual { local: *local },
            Section::Valence if item.conditions.is_empty() => Role::Valence,
            Section::Signal(..) | Section::Topic(_) | Section::Valence => {
                return self.line_concept(scope, heading, item);
            }
        };
        Ok(self.concept(scope.language, &heading.key, role))
    }

    fn line_concept(&mut self, scope: Scope, heading: &Heading<'_>, item: &Item<'_>) -> Result<u16, Fault> {
        let name = format!("{}/{}/{}", heading.key, scope.lexicon, item.line);
        let concept = self.concept(scope.language, &name, Role::Plain);
        let target = self.target(scope, heading.section)?;
        let terms = vec![Term { any: vec![concept].into(), link: Link::Gap(0) }];
        let rule = self.rule(scope, heading.section, item, target, terms)?;
        self.add_rule((scope.language, name, String::new()), rule);
        Ok(concept)
    }

    fn kind(&mut self, kind: &SignalKind) -> u16 {
        place_of(&self.below.kinds, &mut self.out.kinds, kind)
    }

    fn target(&mut self, scope: Scope, section: &Section) -> Result<Target, Fault> {
        Ok(match section {
            Section::Concept(name) => Target::Concept(self.concept(scope.language, name, Role::Plain)),
            Section::Signal(kind, _) => Target::Signal(self.kind(kind)),
            Section::Topic(topic) => Target::Topic(place_of(&self.below.topics, &mut self.out.topics, topic)),
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
                Target::Signal(self.kind(&kind))
            }
        })
    }

    fn rule(
        &mut self,
        scope: Scope,
        section: &Section,
        item: &Item<'_>,
        target: Target,
        terms: Vec<Term>,
    ) -> Result<Rule, Fault> {
        let writer = match section {
            Section::Signal(_, writer) => *writer,
            _ => Writer::Anyone,
        };
        let checks = item.conditions.iter().map(|c| self.check(scope, c)).collect::<Result<_, _>>()?;
        let level = if matches!(target, Target::Concept(_)) { 0 } else { LAST_LEVEL };
        let tag = item.tag.and_then(Word::new);
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

    fn term(&self, scope: Scope, names: &[&str], link: Link) -> Result<Term, Fault> {
        Ok(Term { any: self.all_known(scope, names)?, link })
    }

    fn check(&self, scope: Scope, condition: &Condition<'_>) -> Result<Check, Fault> {
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

    fn all_known(&self, scope: Scope, names: &[&str]) -> Result<Any, Fault> {
        let all: Result<Vec<u16>, Fault> =
            names.iter().map(|name| self.known(scope, name).ok_or(Fault::UnknownName)).collect();
        all.map(Any::from)
    }

    fn known(&self, scope: Scope, name: &str) -> Option<u16> {
        self.named(scope.language, name).or_else(|| self.named(0, name))
    }

    fn finish(mut self) -> Tables {
        (self.out.outputs, self.out.entries) = self.outputs.finish();
        let reaches: Vec<Reach> =
            self.out.outputs.iter().map(|list| reach(&self.out.entries, *list)).collect();
        self.out.phrases = self.phrases.finish(&reaches);
        // Of a word that stands twice in a section, the later line counts.
        self.out.masked.reverse();
        self.out.masked.sort_by(|a, b| (&a.0, a.1.section).cmp(&(&b.0, b.1.section)));
        self.out.masked.dedup_by(|next, kept| (&next.0, next.1.section) == (&kept.0, kept.1.section));
        self.out.rules = self.rules.into_iter().flatten().collect();
        self.out.rules.sort_by_key(|rule| (rule.lexicon, rule.line));
        set_levels(&self.below, &mut self.out);
        set_triggers(&self.below, &mut self.out);
        self.out
    }
}

/// For whom the entries of a list are.
fn reach(entries: &[Entry], (from, to): (u32, u32)) -> Reach {
    let entries = entries.get(wide(from)..wide(to)).unwrap_or_default();
    entries.iter().fold(Reach::default(), |reach, entry| reach.with(entry.reach))
}

/// Whether a pattern stands in a section of the layer below.
fn stands_below(below: &Tables, pattern: &Pattern, section: u16) -> bool {
    let value = below.phrases.exact(pattern.words());
    let output = value.and_then(|value| below.outputs.get(wide(value)));
    let entries = output.and_then(|(from, to)| below.entries.get(wide(*from)..wide(*to)));
    entries.unwrap_or_default().iter().any(|entry| entry.section == section)
}

fn concept_of<'t>(below: &'t Tables, own: &'t Tables, number: u16) -> Option<&'t Concept> {
    let at = usize::from(number);
    below.concepts.get(at).or_else(|| own.concepts.get(at.wrapping_sub(below.concepts.len())))
}

/// A rule for a concept runs after the rules for the concepts it speaks of.
fn set_levels(below: &Tables, out: &mut Tables) {
    let mut concepts = below.concept_levels.clone();
    concepts.resize(below.concepts.len().saturating_add(out.concepts.len()), 0);
    for _ in 0..MAX_LEVEL {
        let mut changed = false;
        for rule in &mut out.rules {
            let Target::Concept(made) = rule.target else { continue };
            let used =
                rule.terms.iter().flat_map(|term| &term.any.list).chain(rule.checks.iter().flat_map(checked));
            let highest =
                used.filter(|&&used| used != made).filter_map(|&used| concepts.get(usize::from(used))).max();
            rule.level = highest.copied().unwrap_or(0).min(MAX_LEVEL);
            if let Some(level) = concepts.get_mut(usize::from(made)) {
                changed |= *level <= rule.level;
                *level = (*level).max(rule.level.saturating_add(1));
            }
        }
        if !changed {
            break;
        }
    }
    out.levels = concepts.iter().max().copied().unwrap_or(0);
    // What no rule makes is not worth a table.
    if !out.rules.iter().any(|rule| matches!(rule.target, Target::Concept(_))) {
        concepts.truncate(below.concept_levels.len());
    }
    out.concept_levels = concepts;
}

fn set_triggers(below: &Tables, out: &mut Tables) {
    let first = below.rules.len();
    for (at, rule) in out.rules.iter().enumerate() {
        let trigger = Trigger::new(narrow(first.saturating_add(at)), rule);
        let concepts = rule.terms.first().map_or(&[][..], |term| &term.any.list);
        out.triggers.extend(concepts.iter().map(|concept| (*concept, trigger)));
    }
    out.triggers.sort_unstable_by_key(|(concept, trigger)| (*concept, trigger.level, trigger.rule));
    out.triggers.dedup_by_key(|(concept, trigger)| (*concept, trigger.rule));
    out.crossed = vec![0; below.concepts.len().div_ceil(64)];
    for (concept, trigger) in &out.triggers {
        let own = usize::from(*concept).checked_sub(below.concepts.len());
        if let Some(concept) = own.and_then(|at| out.concepts.get_mut(at)) {
            concept.traits = concept.traits.with(Traits::level(trigger.level));
        } else if let Some(word) = out.crossed.get_mut(usize::from(*concept >> 6)) {
            *word |= concept_bit(*concept);
        }
    }
    let concepts = below.concepts.len()..=below.concepts.len().saturating_add(out.concepts.len());
    out.starts = concepts
        .map(|concept| narrow(out.triggers.partition_point(|(known, _)| usize::from(*known) < concept)))
        .collect();
}

fn checked(check: &Check) -> &[u16] {
    match check {
        Check::Found { any, .. } => &any.list,
        _ => &[],
    }
}

/// The number of an item of two lists, put at the end of the second if it is in neither.
fn place_of<T: PartialEq + Clone>(below: &[T], own: &mut Vec<T>, item: &T) -> u16 {
    let at = below.iter().chain(own.iter()).position(|known| known == item).unwrap_or_else(|| {
        own.push(item.clone());
        below.len().saturating_add(own.len()).saturating_sub(1)
    });
    narrow16(at)
}

fn narrow16(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

fn name_in(names: &mut Vec<BTreeMap<String, u16>>, language: u8, name: &str, number: u16) {
    let at = usize::from(language);
    if names.len() <= at {
        names.resize_with(at.saturating_add(1), BTreeMap::new);
    }
    if let Some(names) = names.get_mut(at) {
        names.insert(name.to_owned(), number);
    }
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
