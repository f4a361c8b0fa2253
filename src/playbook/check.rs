//! References: whatever one part of a playbook names, another must define.

use std::collections::BTreeSet;

use super::node::{Kind, Node};
use super::{AnswerStatus, Directive, Playbook, Reader};
use crate::Code;

/// One step of a path into a document.
#[derive(Clone, Copy)]
enum Step<'s> {
    Key(&'s str),
    Index(usize),
}

use Step::{Index, Key};

/// Reports every name that is used and not defined, and every one that is defined twice.
pub(super) fn references(playbook: &Playbook, root: &Node, reader: &mut Reader<'_>) {
    let mut checker = Checker { names: &Names::of(playbook), root, reader };
    checker.repeated(playbook);
    checker.sections(playbook);
    for (at, rule) in playbook.rules.iter().enumerate() {
        for (place, directive) in rule.then.iter().enumerate() {
            checker.directive(&[Key("rules"), Index(at), Key("then"), Index(place)], directive);
        }
    }
}

/// What the playbook defines.
struct Names<'p> {
    queues: BTreeSet<&'p str>,
    departments: BTreeSet<&'p str>,
    topics: BTreeSet<&'p str>,
    texts: BTreeSet<&'p str>,
    features: BTreeSet<&'p str>,
    promises: BTreeSet<&'p str>,
    calendars: BTreeSet<&'p str>,
    levels: BTreeSet<u8>,
    suggestions: BTreeSet<&'p str>,
}

impl<'p> Names<'p> {
    fn of(playbook: &'p Playbook) -> Self {
        let models = playbook.answers.iter().filter(|answer| answer.status == AnswerStatus::Model);
        let answers = models.map(|answer| answer.id.as_str());
        let articles = playbook.articles.iter().map(|article| article.id.as_str());
        let texts = playbook.texts.iter().map(|text| text.id.as_str());
        Self {
            queues: playbook.queues.iter().map(|queue| queue.id.as_str()).collect(),
            departments: playbook.departments.iter().map(|department| department.id.as_str()).collect(),
            topics: playbook.topics.iter().map(|topic| topic.id.as_str()).collect(),
            texts: texts.clone().collect(),
            features: playbook.features.iter().map(|feature| feature.id.as_str()).collect(),
            promises: playbook.promises.iter().map(|promise| promise.id.as_str()).collect(),
            calendars: playbook.calendars.keys().map(|name| name.as_str()).collect(),
            levels: playbook.levels.iter().map(|level| level.level).collect(),
            suggestions: answers.chain(articles).chain(texts).collect(),
        }
    }
}

struct Checker<'p, 'n, 'r, 'd> {
    names: &'n Names<'p>,
    root: &'n Node,
    reader: &'r mut Reader<'d>,
}

impl Checker<'_, '_, '_, '_> {
    /// The node at a path, or the nearest one above it.
    fn node(&self, path: &[Step<'_>]) -> &Node {
        let mut node = self.root;
        for step in path {
            let next = match (step, &node.kind) {
                (Key(key), _) => node.entry(key),
                (Index(at), Kind::List(items)) => items.get(*at),
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    fn report(&mut self, path: &[Step<'_>], code: Code, what: &str, word: &str, known: &[&str]) {
        let node = self.node(path).clone();
        within(self.reader, path, &mut |reader| match code {
            Code::UNKNOWN_WORD => reader.unknown_word(&node, what, word, known),
            _ => reader.report(&node, code, format!("{what} `{word}` is defined twice")),
        });
    }

    fn known(&mut self, path: &[Step<'_>], what: &str, word: &str, names: &BTreeSet<&str>) {
        if !names.contains(word) {
            let known: Vec<&str> = names.iter().copied().collect();
            self.report(path, Code::UNKNOWN_WORD, what, word, &known);
        }
    }

    fn queue(&mut self, path: &[Step<'_>], word: &str) {
        let names = self.names;
        self.known(path, "queue", word, &names.queues);
    }

    fn department(&mut self, path: &[Step<'_>], word: &str) {
        let names = self.names;
        self.known(path, "department", word, &names.departments);
    }

    fn topic(&mut self, path: &[Step<'_>], word: &str) {
        let names = self.names;
        self.known(path, "topic", word, &names.topics);
    }

    fn text(&mut self, path: &[Step<'_>], word: &str) {
        let names = self.names;
        self.known(path, "text", word, &names.texts);
    }

    fn calendar(&mut self, path: &[Step<'_>], word: &str) {
        let names = self.names;
        self.known(path, "calendar", word, &names.calendars);
    }

    /// Names that two entries of one section bear.
    fn repeated(&mut self, playbook: &Playbook) {
        let lists: [(&str, Vec<&str>); 10] = [
            ("queues", playbook.queues.iter().map(|entry| entry.id.as_str()).collect()),
            ("departments", playbook.departments.iter().map(|entry| entry.id.as_str()).collect()),
            ("topics", playbook.topics.iter().map(|entry| entry.id.as_str()).collect()),
            ("texts", playbook.texts.iter().map(|entry| entry.id.as_str()).collect()),
            ("promises", playbook.promises.iter().map(|entry| entry.id.as_str()).collect()),
            ("features", playbook.features.iter().map(|entry| entry.id.as_str()).collect()),
            ("answers", playbook.answers.iter().map(|entry| entry.id.as_str()).collect()),
            ("articles", playbook.articles.iter().map(|entry| entry.id.as_str()).collect()),
            ("test", playbook.test.iter().map(|entry| entry.id.as_str()).collect()),
            ("accounts", playbook.accounts.iter().map(|entry| entry.id.as_str()).collect()),
        ];
        for (section, names) in lists {
            let mut met = BTreeSet::new();
            for (at, name) in names.into_iter().enumerate().filter(|(_, name)| !met.insert(*name)) {
                self.report(
                    &[Key(section), Index(at), Key("id")],
                    Code::DUPLICATE_NAME,
                    "the name",
                    name,
                    &[],
                );
            }
        }
    }

    fn sections(&mut self, playbook: &Playbook) {
        for (at, queue) in playbook.queues.iter().enumerate() {
            if let Some(calendar) = &queue.calendar {
                self.calendar(&[Key("queues"), Index(at), Key("calendar")], calendar.as_str());
            }
            if let Some(overflow) = &queue.overflow {
                self.queue(&[Key("queues"), Index(at), Key("overflow")], overflow.as_str());
            }
        }
        for (at, department) in playbook.departments.iter().enumerate() {
            if let Some(calendar) = &department.calendar {
                self.calendar(&[Key("departments"), Index(at), Key("calendar")], calendar.as_str());
            }
            for (place, topic) in department.topics.iter().enumerate() {
                self.topic(&[Key("departments"), Index(at), Key("topics"), Index(place)], topic.as_str());
            }
        }
        for (at, promise) in playbook.promises.iter().enumerate() {
            if let Some(calendar) = &promise.calendar {
                self.calendar(&[Key("promises"), Index(at), Key("calendar")], calendar.as_str());
            }
        }
        for (at, topic) in playbook.topics.iter().enumerate() {
            if let Some(department) = &topic.department {
                self.department(&[Key("topics"), Index(at), Key("department")], department.as_str());
            }
        }
        for (at, policy) in playbook.sla.iter().enumerate() {
            if let Some(calendar) = &policy.calendar {
                self.calendar(&[Key("sla"), Index(at), Key("calendar")], calendar.as_str());
            }
            for (map, key) in [
                (&policy.calendar_by_channel, "calendar_by_channel"),
                (&policy.calendar_by_group, "calendar_by_group"),
            ] {
                for (name, calendar) in map {
                    self.calendar(&[Key("sla"), Index(at), Key(key), Key(name)], calendar.as_str());
                }
            }
        }
        for (at, team) in playbook.teams.iter().enumerate() {
            for (place, queue) in team.queues.iter().enumerate() {
                self.queue(&[Key("teams"), Index(at), Key("queues"), Index(place)], queue.as_str());
            }
        }
        if let Some(crisis) = &playbook.crisis {
            self.text(&[Key("crisis"), Key("holding_statement")], crisis.holding_statement.as_str());
        }
    }

    fn directive(&mut self, path: &[Step<'_>], directive: &Directive) {
        let at = |key: &'static str, field: &'static str| [path, &[Key(key), Key(field)]].concat();
        let names = self.names;
        match directive {
            Directive::Assign(routing) => self.queue(&at("assign", "queue"), routing.queue.as_str()),
            Directive::OpenTicket { queue: Some(queue), .. } => {
                self.queue(&at("open_ticket", "queue"), queue.as_str())
            }
            Directive::HandOver { department, .. } => {
                self.department(&at("hand_over", "department"), department.as_str());
            }
            Directive::Refer { department: Some(department), .. } => {
                self.department(&at("refer", "department"), department.as_str());
            }
            Directive::MovePrivate { text: Some(text), .. } => {
                self.text(&at("move_private", "text"), text.as_str())
            }
            Directive::RedirectFormal { text: Some(text), .. } => {
                self.text(&at("redirect_formal", "text"), text.as_str());
            }
            Directive::Owe { promise, .. } => {
                self.known(&at("owe", "promise"), "promise", promise.as_str(), &names.promises);
            }
            Directive::Enrol(feature) => {
                self.known(&[path, &[Key("enrol")]].concat(), "feature", feature.as_str(), &names.features);
            }
            Directive::Suggest(answer) => {
                self.known(
                    &[path, &[Key("suggest")]].concat(),
                    "answer",
                    answer.as_str(),
                    &names.suggestions,
                );
            }
            Directive::Escalate { level, .. } => self.level(&at("escalate", "level"), *level),
            _ => {}
        }
    }

    fn level(&mut self, path: &[Step<'_>], level: u8) {
        if !self.names.levels.contains(&level) {
            let node = self.node(path).clone();
            let message = format!("level {level} is not on the ladder of `levels`");
            within(self.reader, path, &mut |reader| {
                reader.report(&node, Code::UNKNOWN_WORD, message.clone())
            });
        }
    }
}

/// Runs `then` with the reader standing at a path.
fn within(reader: &mut Reader<'_>, path: &[Step<'_>], then: &mut dyn FnMut(&mut Reader<'_>)) {
    match path.split_first() {
        None => then(reader),
        Some((Key(key), rest)) => reader.within(key, |reader| within(reader, rest, then)),
        Some((Index(at), rest)) => reader.within_index(*at, |reader| within(reader, rest, then)),
    }
}
