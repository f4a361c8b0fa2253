//! What is not wrong with a lexicon but idle: patterns that others cover, concepts without a use, exceptions that
//! suppress nothing.

use std::collections::BTreeSet;

use super::lexicon::{
    Body, Compiled, Diagnostic, Document, Entry, Fault, Item, Reach, Role, Section, Special, Spellings,
    Target, Test, Words,
};
use super::{Detectors, SignalKind};
use crate::text::{Folded, Tokens};

/// What the rest of a starred word is put to, to see what matches it.
const REST: &str = "q";

/// The warnings on a lexicon that stands above the others of `detectors`.
pub(super) fn warnings(detectors: &Detectors, text: &str) -> Vec<Diagnostic> {
    let document = Document::read(text, &mut Vec::new());
    let mut linter =
        Linter { compiled: detectors.compiled(), folded: Folded::default(), tokens: Tokens::default() };
    let mut found = unused(&document);
    let mut spellings = Spellings::default();
    for item in &document.items {
        let section = document.sections.get(item.section);
        let Some(fault) = section.and_then(|section| linter.item(&document, section, item, &mut spellings))
        else {
            continue;
        };
        found.push(Diagnostic::new(item.line, fault));
    }
    found.sort_by_key(Diagnostic::line);
    found.into_iter().map(|fault| fault.of(&document.name)).collect()
}

/// Concepts that no rule, condition or exception of their own lexicon names, and that mean nothing to the crate.
fn unused(document: &Document<'_>) -> Vec<Diagnostic> {
    let mut named: BTreeSet<&str> = document.items.iter().flat_map(names).collect();
    named.extend(document.sections.iter().filter_map(|section| match section {
        Section::Except(name) => Some(name.as_str()),
        _ => None,
    }));
    let mut found = Vec::new();
    for (at, section) in document.sections.iter().enumerate() {
        let Section::Concept(name) = section else { continue };
        if Special::from_name(name).is_none()
            && named.insert(name)
            && let Some(item) = document.items.iter().find(|item| item.section == at)
        {
            found.push(Diagnostic::new(item.line, Fault::Unused));
        }
    }
    found
}

/// The concepts that a line speaks of.
fn names<'d>(item: &'d Item<'_>) -> impl Iterator<Item = &'d str> {
    let terms = match &item.body {
        Body::Sequence(terms) => terms.as_slice(),
        Body::Patterns(_) => &[],
    };
    let conditions = item.conditions.iter().flat_map(|condition| match &condition.test {
        Test::Found { names, .. } => names.as_slice(),
        _ => &[],
    });
    terms.iter().flat_map(|term| &term.names).chain(conditions).copied()
}

struct Linter<'a> {
    compiled: &'a Compiled,
    folded: Folded,
    tokens: Tokens,
}

impl Linter<'_> {
    fn item<'t>(
        &mut self,
        document: &Document<'t>,
        section: &Section,
        item: &Item<'t>,
        spellings: &mut Spellings<'t>,
    ) -> Option<Fault> {
        let Body::Patterns(text) = &item.body else { return None };
        if item.removes {
            return None;
        }
        let wanted = match section {
            Section::Except(name) => Some(self.target(document, name)?),
            _ => None,
        };
        let (mut covered, mut idle) = (false, wanted.is_some());
        // What cannot be read is reported as a fault already.
        let _ = spellings.each(text, &mut |spelling| {
            let starred = spelling.contains('*');
            self.read(&spelling.replace('*', REST));
            covered |= self.is_covered(item);
            idle &= !starred && wanted.is_some_and(|wanted| !self.shows(wanted));
            Ok(())
        });
        match (idle, covered) {
            (true, _) => Some(Fault::IdleException),
            (_, true) => Some(Fault::Covered),
            _ => None,
        }
    }

    fn read(&mut self, text: &str) {
        self.folded.refold(text);
        self.tokens.read(&self.folded, text);
    }

    /// The entries of the patterns that match, each with its first token and the one after its last.
    fn entries(&self, mut found: impl FnMut(Entry, usize, usize)) {
        let mut words = Words::default();
        for layer in self.compiled.layers() {
            let phrases = &layer.tables.phrases;
            phrases.read(self.folded.as_str(), &self.tokens, &mut words);
            for first in 0..self.tokens.list().len() {
                phrases.walk(&words, self.tokens.list(), first, Reach::ALL, &mut |last, value| {
                    layer.entries(value).for_each(|(_, entry)| found(*entry, first, last));
                });
            }
        }
    }

    /// Whether the whole of the text matches more than one pattern of the line's concept.
    fn is_covered(&self, item: &Item<'_>) -> bool {
        let mut whole = Vec::new();
        self.entries(|entry, first, last| {
            if first == 0 && last == self.tokens.list().len() {
                whole.push(entry);
            }
        });
        let lexicon = self.compiled.lexicons().count().saturating_sub(1);
        let is_own = |entry: &&Entry| entry.line == item.line && usize::from(entry.lexicon) == lexicon;
        let concepts: BTreeSet<u16> = whole.iter().filter(is_own).map(|entry| entry.concept).collect();
        concepts.iter().any(|own| whole.iter().filter(|entry| entry.concept == *own).count() > 1)
    }

    /// Whether something in the text is what an exception names, or may become it.
    fn shows(&self, wanted: Target) -> bool {
        let mut shown = false;
        self.entries(|Entry { concept, .. }, _, _| {
            let role = self.compiled.concept(concept).map(|concept| concept.role);
            shown |= match wanted {
                Target::Concept(wanted) => wanted == concept,
                Target::Profanity => matches!(role, Some(Role::Profanity { .. })),
                Target::Sexual => matches!(role, Some(Role::Sexual { .. })),
                Target::Valence => role == Some(Role::Valence),
                _ => false,
            };
            // What a rule makes of it may be named, or lead to what is named.
            let derives = !matches!(wanted, Target::Profanity | Target::Sexual | Target::Valence);
            shown |= self.compiled.triggers(concept).any(|trigger| {
                let target = self.compiled.rule(trigger.rule).map(|rule| rule.target);
                target == Some(wanted) || (derives && matches!(target, Some(Target::Concept(_))))
            });
        });
        shown
    }

    fn target(&self, document: &Document<'_>, name: &str) -> Option<Target> {
        Some(match name {
            "valence" => Target::Valence,
            "profanity" => Target::Profanity,
            "sexual" => Target::Sexual,
            _ => match self.compiled.concept_number(document.language, name) {
                Some(concept) => Target::Concept(concept),
                None => Target::Signal(self.compiled.kind_number(&SignalKind::from_word(name)?)?),
            },
        })
    }
}
