//! The topics and phrases of a playbook as lexicons, and the faults of their words at the place of the word.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::compile::PHRASE;
use super::node::Kind;
use super::{Node, Playbook, Reader};
use crate::Code;
use crate::detect::Diagnostic;
use crate::model::Language;

/// The confidence of a topic's or phrase's words.
const SURE: u16 = 900;

/// The words of one language.
pub(super) struct Lexicon {
    name: String,
    language: Language,
    text: String,
    /// Where each line of the text comes from.
    lines: Vec<Option<Source>>,
}

/// A word of a topic or phrase: the list it stands in, its entry there, and its place among the entry's words.
#[derive(Clone, Copy)]
struct Source {
    list: &'static str,
    entry: usize,
    word: usize,
}

/// One lexicon a language.
pub(super) fn of(playbook: &Playbook) -> Vec<Lexicon> {
    let mut all: BTreeMap<Language, Lexicon> = BTreeMap::new();
    for (entry, topic) in playbook.topics.iter().enumerate() {
        let head = format!("[topic {}]", topic.id);
        add(&mut all, ("topics", entry), &head, &topic.words);
    }
    for (entry, phrase) in playbook.phrases.iter().enumerate() {
        add(&mut all, ("phrases", entry), &format!("[signal {PHRASE}{entry}]"), &phrase.words);
    }
    all.into_values().collect()
}

fn add(
    all: &mut BTreeMap<Language, Lexicon>,
    (list, entry): (&'static str, usize),
    head: &str,
    words: &BTreeMap<Language, Vec<String>>,
) {
    for (language, words) in words {
        let lexicon = all.entry(*language).or_insert_with(|| Lexicon::new(*language));
        lexicon.push(head, None);
        for (word, written) in words.iter().enumerate() {
            // What parts alternatives in a lexicon is no part of a phrase.
            let plain = written.to_lowercase().replace(['|', '{', '}', '#', '\n'], " ");
            lexicon.push(&format!("{SURE} {}", plain.trim()), Some(Source { list, entry, word }));
        }
    }
}

impl Lexicon {
    fn new(language: Language) -> Self {
        let tag = language.tag();
        let name = format!("playbook-{tag}");
        let mut lexicon = Self { text: String::new(), lines: Vec::new(), language, name };
        let head = format!("lexicon = {}", lexicon.name);
        for line in [head.as_str(), &format!("language = {tag}"), "version = 1", "layer = brand"] {
            lexicon.push(line, None);
        }
        lexicon
    }

    fn push(&mut self, line: &str, source: Option<Source>) {
        let _ = writeln!(self.text, "{line}");
        self.lines.push(source);
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Reports a fault at the word that it comes from; says whether it comes from this lexicon.
    pub(super) fn report(&self, fault: &Diagnostic, root: &Node, reader: &mut Reader<'_>) -> bool {
        let line = usize::try_from(fault.line()).ok().and_then(|line| line.checked_sub(1));
        let source = line.and_then(|line| self.lines.get(line)).copied().flatten();
        let Some(source) = source.filter(|_| fault.lexicon() == self.name) else { return false };
        let (key, node) = self.find(source, root);
        let message = format!("the words cannot be looked for: {}", fault.fault().message());
        reader.within(source.list, |reader| {
            reader.within_index(source.entry, |reader| {
                reader.within("words", |reader| {
                    reader.within(key, |reader| {
                        reader.within_index(source.word, |reader| {
                            reader.report(node.unwrap_or(root), Code::ILLEGAL_VALUE, message);
                        });
                    });
                });
            });
        });
        true
    }

    /// The language as it is written, and the word.
    fn find<'n>(&'n self, source: Source, root: &'n Node) -> (&'n str, Option<&'n Node>) {
        let entry = root.entry(source.list).and_then(|list| item(list, source.entry));
        let words = entry.and_then(|entry| entry.entry("words"));
        let mut languages = words.map(Node::entries).unwrap_or_default().iter();
        let written = languages.find(|entry| Language::from_tag(&entry.key) == Some(self.language));
        written.map_or((self.language.tag(), None), |entry| {
            (entry.key.as_str(), item(&entry.value, source.word))
        })
    }
}

fn item(node: &Node, at: usize) -> Option<&Node> {
    match &node.kind {
        Kind::List(items) => items.get(at),
        _ => None,
    }
}
