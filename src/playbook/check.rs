//! References: whatever one part of a playbook names, another must define.

use std::collections::BTreeSet;

use super::node::{Kind, Node};
use super::{AnswerStatus, ClockPolicy, Directive, Playbook, Reader, words};
use crate::Code;
use crate::model::{Channel, Priority};

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
    checker.repeated_levels(playbook);
    checker.ranges(playbook);
    checker.clock_policies(playbook);
    checker.sections(playbook);
    for (at, rule) in playbook.rules.iter().enumerate() {
        if rule.then.is_empty() {
            let help = "write under `then` what is to be done";
            checker.fault(&[Key("rules"), Index(at)], Code::ASKS_NOTHING, "this rule asks for nothing", help);
        }
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
        let lists: [(&str, Vec<&str>); 12] = [
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
            ("sla", playbook.sla.iter().map(|entry| entry.id.as_str()).collect()),
            ("teams", playbook.teams.iter().map(|entry| entry.id.as_str()).collect()),
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

    /// Steps of the ladder that stand on it twice.
    fn repeated_levels(&mut self, playbook: &Playbook) {
        let mut met = BTreeSet::new();
        for (at, level) in playbook.levels.iter().enumerate().filter(|(_, level)| !met.insert(level.level)) {
            let path = [Key("levels"), Index(at), Key("level")];
            self.report(&path, Code::DUPLICATE_NAME, "the level", &level.level.to_string(), &[]);
        }
    }

    /// A fault of a value at its own place.
    fn fault(&mut self, path: &[Step<'_>], code: Code, message: &str, help: &str) {
        let node = self.node(path).clone();
        within(self.reader, path, &mut |reader| reader.report_with_help(&node, code, message, help));
    }

    /// Numbers and spans that mean nothing.
    fn ranges(&mut self, playbook: &Playbook) {
        for (at, feature) in playbook.features.iter().enumerate() {
            for (place, stage) in feature.stages.iter().enumerate() {
                let path = |key| [Key("features"), Index(at), Key("stages"), Index(place), Key(key)];
                if stage.from.zip(stage.until).is_some_and(|(from, until)| until <= from) {
                    let help = "`until` must be later than `from`";
                    self.fault(&path("until"), Code::EMPTY_RANGE, "this stage ends before it begins", help);
                }
                if stage.share > 10_000 {
                    let message = "a share is at most 10000 hundredths of a percent";
                    self.fault(
                        &path("share"),
                        Code::ILLEGAL_VALUE,
                        message,
                        "everyone is 10000, a third is 3333",
                    );
                }
            }
        }
        for (at, autonomy) in playbook.autonomy.iter().enumerate().filter(|(_, autonomy)| autonomy.up_to < 0)
        {
            let path = [Key("autonomy"), Index(at), Key("up_to")];
            let help = format!("0 means that `{}` decides nothing of it alone", autonomy.role.as_str());
            self.fault(&path, Code::ILLEGAL_VALUE, "an amount cannot be below 0", &help);
        }
        for (key, similarity) in [("reuse", playbook.gate.reuse), ("forbidden", playbook.gate.forbidden)] {
            if similarity > 1000 {
                let message = "a similarity is a number from 0 to 1000";
                self.fault(&[Key("gate"), Key(key)], Code::ILLEGAL_VALUE, message, "1000 is word for word");
            }
        }
    }

    /// Clock policies that name what no conversation has, or that never get their turn.
    fn clock_policies(&mut self, playbook: &Playbook) {
        let priorities: BTreeSet<&str> = Priority::ALL.iter().map(|priority| priority.as_str()).collect();
        let channels: Vec<&str> = Channel::ALL.iter().map(Channel::as_str).collect();
        for (at, policy) in playbook.sla.iter().enumerate() {
            let of = |key| [Key("sla"), Index(at), Key("match"), Key(key)];
            for (place, word) in policy.r#match.priority.iter().enumerate() {
                self.known(&[&of("priority")[..], &[Index(place)]].concat(), "priority", word, &priorities);
            }
            for (place, word) in policy.r#match.channel.iter().enumerate() {
                let near = words::nearest(word, &channels).filter(|_| !channels.contains(&word.as_str()));
                if let (Some(near), Some(word)) = (near, words::quoted(word)) {
                    let (message, help) =
                        (format!("{word} is no channel known by name"), format!("did you mean `{near}`?"));
                    let path = [&of("channel")[..], &[Index(place)]].concat();
                    self.fault(&path, Code::UNUSUAL_WORD, &message, &help);
                }
            }
            let mut above = playbook.sla.iter().take(at.min(MOST_ABOVE));
            let earlier = above.find(|earlier| comes_first(earlier, policy));
            if let Some(earlier) = earlier {
                let message = format!("this policy never holds, for `{}` holds first", earlier.id.as_str());
                let help = "the first that matches holds: put the one with the narrower `match` above";
                self.fault(&[Key("sla"), Index(at)], Code::POLICY_SHADOWED, &message, help);
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
            Directive::MovePrivate { reason, text, .. } => {
                if let Some(text) = text {
                    self.text(&at("move_private", "text"), text.as_str());
                }
                let near = words::nearest(reason.as_str(), REASONS);
                if let (false, Some(near)) = (REASONS.contains(&reason.as_str()), near) {
                    let message = "no reason known by name to leave a public place";
                    let help = format!("did you mean `{near}`?");
                    self.fault(&at("move_private", "reason"), Code::UNUSUAL_WORD, message, &help);
                }
            }
            Directive::RedirectFormal { text: Some(text), .. } => {
                self.text(&at("redirect_formal", "text"), text.as_str());
            }
            Directive::AwayNotice { text: Some(text) } => {
                self.text(&at("away_notice", "text"), text.as_str());
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
            let known: Vec<String> = self.names.levels.iter().map(|level| format!("`{level}`")).collect();
            let help = match known.is_empty() {
                true => "write the ladder first, `[[levels]]`".to_owned(),
                false => format!("known here: {}", known.join(", ")),
            };
            within(self.reader, path, &mut |reader| {
                reader.report_with_help(&node, Code::UNKNOWN_WORD, message.clone(), help.clone());
            });
        }
    }
}

/// Clock policies, from the first on, that a later one is held against.
const MOST_ABOVE: usize = 256;

/// The usual reasons to leave a public place (R24); a team may have others.
const REASONS: &[&str] = &["privacy", "case_specific", "complexity", "abuse", "formal", "legal"];

/// Whether every conversation that the later policy holds for falls under the earlier one.
fn comes_first(earlier: &ClockPolicy, later: &ClockPolicy) -> bool {
    let covers = |wide: &[String], narrow: &[String]| {
        wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|word| wide.contains(word)))
    };
    let (wide, narrow) = (&earlier.r#match, &later.r#match);
    covers(&wide.priority, &narrow.priority)
        && covers(&wide.channel, &narrow.channel)
        && covers(&wide.group, &narrow.group)
        && covers(&wide.tag, &narrow.tag)
}

/// Runs `then` with the reader standing at a path.
fn within(reader: &mut Reader<'_>, path: &[Step<'_>], then: &mut dyn FnMut(&mut Reader<'_>)) {
    match path.split_first() {
        None => then(reader),
        Some((Key(key), rest)) => reader.within(key, |reader| within(reader, rest, then)),
        Some((Index(at), rest)) => reader.within_index(*at, |reader| within(reader, rest, then)),
    }
}
