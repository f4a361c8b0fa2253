//! Reading the text format: header, sections, lines; every fault with its line, none fatal to the rest.

use super::diagnostic::{Diagnostic, Fault};
use crate::detect::SignalKind;
use crate::model::{Language, TopicId};
use crate::num::narrow;

/// Spellings that one pattern with braces may stand for.
const MAX_SPELLINGS: usize = 512;

/// A lexicon as written.
#[derive(Debug, Clone)]
pub(in crate::detect) struct Document<'a> {
    pub(in crate::detect) name: String,
    pub(in crate::detect) language: Option<Language>,
    pub(in crate::detect) version: u32,
    pub(in crate::detect) thresholds: Option<(i16, i16)>,
    pub(in crate::detect) sections: Vec<Section>,
    pub(in crate::detect) items: Vec<Item<'a>>,
}

/// One line of a section.
#[derive(Debug, Clone)]
pub(in crate::detect) struct Item<'a> {
    /// The heading, by its place among [`Document::sections`].
    pub(in crate::detect) section: usize,
    pub(in crate::detect) line: u32,
    pub(in crate::detect) removes: bool,
    pub(in crate::detect) weight: i16,
    pub(in crate::detect) body: Body<'a>,
    pub(in crate::detect) conditions: Vec<Condition<'a>>,
    pub(in crate::detect) tag: Option<&'a str>,
    /// The body and the conditions as written.
    pub(in crate::detect) text: &'a str,
}

/// The heading that a line stands under.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::detect) enum Section {
    Boost,
    Concept(String),
    Except(String),
    Language,
    Profanity { local: bool },
    Sexual { local: bool },
    Signal(SignalKind, Writer),
    Topic(TopicId),
    Valence,
}

/// Whose messages a signal is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::detect) enum Writer {
    Agent,
    Anyone,
    Customer,
}

#[derive(Debug, Clone)]
pub(in crate::detect) enum Body<'a> {
    /// Alternatives whose braces pair; [`Spellings`] writes them out.
    Patterns(&'a str),
    Sequence(Vec<TermText<'a>>),
}

/// A concept of a rule: its names, and how it follows the one before.
#[derive(Debug, Clone)]
pub(in crate::detect) struct TermText<'a> {
    pub(in crate::detect) names: Vec<&'a str>,
    pub(in crate::detect) link: Link,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::detect) enum Link {
    /// At most this many tokens between.
    Gap(u8),
    /// Anywhere in the sentence.
    Beside,
}

#[derive(Debug, Clone)]
pub(in crate::detect) struct Condition<'a> {
    pub(in crate::detect) wanted: bool,
    pub(in crate::detect) test: Test<'a>,
}

#[derive(Debug, Clone)]
pub(in crate::detect) enum Test<'a> {
    Found { names: Vec<&'a str>, place: Place },
    Question,
    Start,
    End,
    Short(u8),
    Whole,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::detect) enum Place {
    Before(u8),
    After(u8),
    Inside,
    Clause,
    Sentence,
    Text,
}

impl<'a> Document<'a> {
    /// Reads a lexicon; what cannot be read is left out and reported.
    pub(in crate::detect) fn read(text: &'a str, faults: &mut Vec<Diagnostic>) -> Self {
        let mut reader = Reader { document: Self::empty(), skipping: false, faults };
        for (number, line) in text.lines().enumerate() {
            reader.line(narrow(number).saturating_add(1), strip_comment(line).trim());
        }
        reader.document
    }

    fn empty() -> Self {
        Self {
            name: String::from("unnamed"),
            language: None,
            version: 0,
            thresholds: None,
            sections: Vec::new(),
            items: Vec::new(),
        }
    }
}

fn strip_comment(line: &str) -> &str {
    if line.starts_with('#') {
        return "";
    }
    line.split_once(" #")
        .filter(|(_, rest)| rest.is_empty() || rest.starts_with(' '))
        .map_or(line, |(head, _)| head)
}

struct Reader<'a, 'f> {
    document: Document<'a>,
    /// The heading could not be read: its lines are left out without a fault each.
    skipping: bool,
    faults: &'f mut Vec<Diagnostic>,
}

impl<'a> Reader<'a, '_> {
    fn line(&mut self, number: u32, line: &'a str) {
        if line.is_empty() {
            return;
        }
        let done = if let Some(heading) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            self.heading(heading)
        } else if self.skipping {
            Ok(())
        } else if let Some(section) = self.document.sections.last() {
            let place = self.document.sections.len().saturating_sub(1);
            read_item(section, line)
                .map(|item| self.document.items.push(Item { section: place, line: number, ..item }))
        } else {
            self.header(line)
        };
        if let Err(fault) = done {
            self.faults.push(Diagnostic::new(number, fault));
        }
    }

    fn heading(&mut self, heading: &str) -> Result<(), Fault> {
        self.skipping = true;
        self.document.sections.push(read_section(heading)?);
        self.skipping = false;
        Ok(())
    }

    fn header(&mut self, line: &str) -> Result<(), Fault> {
        let (key, value) = line.split_once('=').ok_or(Fault::Header)?;
        let value = value.trim();
        match key.trim() {
            "lexicon" => value.clone_into(&mut self.document.name),
            "language" => self.document.language = Some(Language::from_tag(value).ok_or(Fault::Header)?),
            "version" => self.document.version = value.parse().map_err(|_| Fault::Header)?,
            "layer" if matches!(value, "core" | "care" | "brand") => {}
            "licence" => {}
            "sentiment" => self.document.thresholds = Some(read_thresholds(value).ok_or(Fault::Header)?),
            _ => return Err(Fault::Header),
        }
        Ok(())
    }
}

fn read_thresholds(value: &str) -> Option<(i16, i16)> {
    let (negative, positive) = value.split_once(' ')?;
    Some((negative.parse().ok()?, positive.trim().parse().ok()?))
}

fn read_section(heading: &str) -> Result<Section, Fault> {
    let mut words = heading.split_whitespace();
    let section = match (words.next(), words.next(), words.next()) {
        (Some("boost"), None, None) => Section::Boost,
        (Some("concept"), Some(name), None) if is_name(name) => Section::Concept(name.to_owned()),
        (Some("except"), Some(name), None) => Section::Except(name.to_owned()),
        (Some("language"), None, None) => Section::Language,
        (Some("profanity"), local @ (None | Some("local")), None) => {
            Section::Profanity { local: local.is_some() }
        }
        (Some("sexual"), local @ (None | Some("local")), None) => Section::Sexual { local: local.is_some() },
        (Some("signal"), Some(kind), writer) => {
            Section::Signal(SignalKind::from_word(kind).ok_or(Fault::Heading)?, read_writer(writer)?)
        }
        (Some("topic"), Some(id), None) => Section::Topic(TopicId::new(id).map_err(|_| Fault::Heading)?),
        (Some("valence"), None, None) => Section::Valence,
        _ => return Err(Fault::Heading),
    };
    if words.next().is_some() { Err(Fault::Heading) } else { Ok(section) }
}

fn read_writer(word: Option<&str>) -> Result<Writer, Fault> {
    match word {
        None => Ok(Writer::Anyone),
        Some("agent") => Ok(Writer::Agent),
        Some("customer") => Ok(Writer::Customer),
        Some(_) => Err(Fault::Heading),
    }
}

/// Whether a word is the name of a concept: capital letters, digits and `_`.
fn is_name(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && word.bytes().any(|b| b.is_ascii_uppercase())
}

/// Reads a line; its place is left open.
fn read_item<'a>(section: &Section, text: &'a str) -> Result<Item<'a>, Fault> {
    let (removes, text) = match text.strip_prefix("- ") {
        Some(rest) => (true, rest.trim()),
        None => (false, text),
    };
    let (weight, text) = read_weight(section, text, removes)?;
    let (text, tag) = match text.split_once("=>") {
        Some((head, tag)) => (head.trim(), Some(tag.trim())),
        None => (text, None),
    };
    let (head, conditions) = read_conditions(text)?;
    let is_rule = head.split([' ', '|']).next().is_some_and(is_name);
    let body =
        if is_rule { Body::Sequence(read_sequence(head)?) } else { Body::Patterns(check_patterns(head)?) };
    let plain = conditions.is_empty() && tag.is_none() && !is_rule;
    if !plain && !may_have_rules(section) {
        return Err(Fault::RuleHere);
    }
    if !conditions.is_empty() && !is_rule && matches!(section, Section::Concept(_)) {
        return Err(Fault::ConditionHere);
    }
    Ok(Item { section: 0, line: 0, removes, weight, body, conditions, tag, text })
}

const fn may_have_rules(section: &Section) -> bool {
    matches!(section, Section::Concept(_) | Section::Signal(..) | Section::Topic(_) | Section::Valence)
}

/// The number in front, where the section wants one.
fn read_weight<'a>(section: &Section, text: &'a str, removes: bool) -> Result<(i16, &'a str), Fault> {
    if matches!(section, Section::Concept(_) | Section::Except(_)) {
        return Ok((0, text));
    }
    let number =
        text.split_once(' ').and_then(|(number, rest)| Some((number.parse::<i16>().ok()?, rest.trim())));
    let range = match section {
        Section::Valence | Section::Boost => -1000..=1000,
        Section::Language => 1..=9,
        _ => 1..=1000,
    };
    match number {
        Some((weight, rest)) if range.contains(&weight) => Ok((weight, rest)),
        Some(_) => Err(Fault::WeightRange),
        None if removes => Ok((0, text)),
        None => Err(Fault::WeightMissing),
    }
}

/// The part before the first `if` or `unless`, and the conditions.
fn read_conditions(text: &str) -> Result<(&str, Vec<Condition<'_>>), Fault> {
    let mut marks: Vec<(usize, usize, bool)> = Vec::new();
    for (word, wanted) in [(" unless ", false), (" if ", true)] {
        // A pattern may hold the English word "if"; a condition ends in the name of a place or a flag.
        marks.extend(
            text.match_indices(word)
                .filter(|(at, _)| is_condition(text, at.saturating_add(word.len())))
                .map(|(at, _)| (at, at.saturating_add(word.len()), wanted)),
        );
    }
    marks.sort_unstable();
    let head = marks.first().map_or(text, |(at, _, _)| text.get(..*at).unwrap_or_default());
    let mut conditions = Vec::new();
    for (i, (_, from, wanted)) in marks.iter().enumerate() {
        let to = marks.get(i.saturating_add(1)).map_or(text.len(), |(at, _, _)| *at);
        for part in text.get(*from..to).unwrap_or_default().split(',') {
            conditions.push(Condition { wanted: *wanted, test: read_test(part.trim())? });
        }
    }
    Ok((head.trim(), conditions))
}

fn is_condition(text: &str, from: usize) -> bool {
    let first = text.get(from..).and_then(|rest| rest.split([' ', '|', ',']).find(|word| !word.is_empty()));
    first
        .is_some_and(|word| is_name(word) || matches!(word, "question" | "start" | "end" | "short" | "whole"))
}

fn read_test(text: &str) -> Result<Test<'_>, Fault> {
    let mut words = text.split_whitespace();
    let first = words.next().ok_or(Fault::Condition)?;
    let rest: Vec<&str> = words.collect();
    let count = |n: &str| n.parse::<u8>().map_err(|_| Fault::Condition);
    Ok(match (first, rest.as_slice()) {
        ("question", []) => Test::Question,
        ("start", []) => Test::Start,
        ("end", []) => Test::End,
        ("short", [n]) => Test::Short(count(n)?),
        ("whole", []) => Test::Whole,
        (names, place) => Test::Found { names: read_names(names)?, place: read_place(place, count)? },
    })
}

fn read_place(words: &[&str], count: impl Fn(&str) -> Result<u8, Fault>) -> Result<Place, Fault> {
    Ok(match words {
        ["before", n] => Place::Before(count(n)?),
        ["after", n] => Place::After(count(n)?),
        ["inside"] => Place::Inside,
        ["in", "clause"] => Place::Clause,
        ["in", "sentence"] => Place::Sentence,
        ["in", "text"] => Place::Text,
        _ => return Err(Fault::Condition),
    })
}

fn read_names(text: &str) -> Result<Vec<&str>, Fault> {
    text.split('|').map(|name| if is_name(name) { Ok(name) } else { Err(Fault::Name) }).collect()
}

fn read_sequence(text: &str) -> Result<Vec<TermText<'_>>, Fault> {
    let mut terms = Vec::new();
    let mut link = Link::Gap(0);
    for word in text.split_whitespace() {
        if word == "&" {
            link = Link::Beside;
        } else if let Some(gap) = word.strip_prefix("..") {
            link = Link::Gap(gap.parse().ok().filter(|gap| *gap <= 16).ok_or(Fault::Gap)?);
        } else {
            terms.push(TermText { names: read_names(word)?, link });
            link = Link::Gap(0);
        }
    }
    if terms.len() > 8 || link != Link::Gap(0) { Err(Fault::Gap) } else { Ok(terms) }
}

/// Looks whether alternatives can be written out.
fn check_patterns(text: &str) -> Result<&str, Fault> {
    for pattern in split_outside_braces(text) {
        let pattern = pattern.trim();
        if pattern.is_empty() {
            return Err(Fault::EmptyPattern);
        }
        if !pattern.is_ascii() && pattern.chars().any(char::is_uppercase)
            || pattern.bytes().any(|b| b.is_ascii_uppercase())
        {
            return Err(Fault::Capitals);
        }
        check_braces(pattern)?;
    }
    Ok(text)
}

fn split_outside_braces(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    text.split(move |c| {
        match c {
            '{' => depth = depth.saturating_add(1),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '|' && depth == 0
    })
}

fn check_braces(pattern: &str) -> Result<(), Fault> {
    let mut count = 1_usize;
    let mut rest = pattern;
    while let Some((head, tail)) = rest.split_once('{') {
        let (choices, after) = tail.split_once('}').ok_or(Fault::Braces)?;
        if choices.contains('{') || head.contains('}') {
            return Err(Fault::Braces);
        }
        count = count.saturating_mul(choices.split(',').count());
        if count > MAX_SPELLINGS {
            return Err(Fault::TooMany);
        }
        rest = after;
    }
    if rest.contains('}') { Err(Fault::Braces) } else { Ok(()) }
}

/// Writes out the alternatives of patterns, in memory that the next ones reuse.
#[derive(Debug, Default)]
pub(in crate::detect) struct Spellings<'a> {
    choices: Vec<&'a str>,
    parts: Vec<Part>,
    text: String,
}

/// What stands between, or within, two braces.
#[derive(Debug)]
struct Part {
    /// Its choices end here, and those of the next part start.
    end: usize,
    chosen: usize,
    /// Bytes that the spelling has before it.
    before: usize,
}

impl<'a> Spellings<'a> {
    /// Hands out every spelling of every pattern of a line, until one is refused.
    pub(in crate::detect) fn each(
        &mut self,
        line: &'a str,
        found: &mut impl FnMut(&str) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        split_outside_braces(line).try_for_each(|pattern| {
            self.part(pattern.trim());
            self.spell(found)
        })
    }

    fn part(&mut self, pattern: &'a str) {
        self.choices.clear();
        self.parts.clear();
        let mut rest = pattern;
        while let Some((head, tail)) = rest.split_once('{') {
            let (choices, after) = tail.split_once('}').unwrap_or((tail, ""));
            self.push(std::iter::once(head));
            self.push(choices.split(','));
            rest = after;
        }
        self.push(std::iter::once(rest));
    }

    fn push(&mut self, choices: impl Iterator<Item = &'a str>) {
        let chosen = self.choices.len();
        self.choices.extend(choices);
        self.parts.push(Part { end: self.choices.len(), chosen, before: 0 });
    }

    /// Counts through the choices, the last part fastest.
    fn spell(&mut self, found: &mut impl FnMut(&str) -> Result<(), Fault>) -> Result<(), Fault> {
        self.text.clear();
        let mut at = 0_usize;
        loop {
            for part in self.parts.iter_mut().skip(at) {
                part.before = self.text.len();
                self.text.push_str(self.choices.get(part.chosen).copied().unwrap_or_default());
            }
            found(self.text.trim())?;
            let Some(next) = self.advance() else { return Ok(()) };
            at = next;
        }
    }

    /// Takes the next choice of the last part that has one; returns that part.
    fn advance(&mut self) -> Option<usize> {
        for at in (0..self.parts.len()).rev() {
            let first = at.checked_sub(1).and_then(|before| self.parts.get(before)).map_or(0, |p| p.end);
            let part = self.parts.get_mut(at)?;
            self.text.truncate(part.before);
            part.chosen = part.chosen.saturating_add(1);
            if part.chosen < part.end {
                return Some(at);
            }
            part.chosen = first;
        }
        None
    }
}
