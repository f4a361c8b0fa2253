//! A playbook as a picture, for people who would rather look than read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Directive, Playbook};
use crate::model::{DepartmentId, QueueId, Seconds};

/// Letters of a label that are shown.
const SHOWN: usize = 60;

/// The families with what a directive of each leads to.
const FAMILIES: [&str; 12] = [
    "engage", "redact", "private", "formal", "route", "escalate", "refer", "promise", "ticket", "rollout",
    "close", "label",
];

impl Playbook {
    /// The playbook as a [Mermaid](https://mermaid.js.org) flow chart: the families with the number of rules
    /// that speak in each, the queues with their overflows, the ladder of responsibility, the directory of
    /// departments by topic, and what the brand promises.
    ///
    /// ```
    /// let chart = galateo::playbook::Policy::starter().playbook().mermaid();
    /// assert!(chart.starts_with("flowchart LR\n"));
    /// assert!(chart.contains("level_2[\"2 · shift lead · 20m\"] --> level_3"));
    /// ```
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut chart = Chart { text: "flowchart LR\n".to_owned() };
        chart.families(self);
        chart.queues(self);
        chart.ladder(self);
        chart.directory(self);
        chart.promises(self);
        chart.edges(self);
        chart.text
    }
}

struct Chart {
    text: String,
}

impl Chart {
    fn line(&mut self, indent: usize, line: &str) {
        _ = writeln!(self.text, "{}{line}", "  ".repeat(indent));
    }

    fn group(&mut self, id: &str, title: &str, inside: impl FnOnce(&mut Self)) {
        self.line(1, &format!("subgraph {id}[\"{}\"]", label(title)));
        inside(self);
        self.line(1, "end");
    }

    fn families(&mut self, playbook: &Playbook) {
        self.group("families", "Families", |chart| {
            for family in FAMILIES {
                let speaks = |does: &Directive| family_of(does) == family;
                let rules = playbook.rules.iter().filter(|rule| rule.then.iter().any(speaks)).count();
                if rules > 0 {
                    chart.line(2, &format!("family_{family}([\"{family} · {}\"])", counted(rules)));
                }
            }
        });
    }

    fn queues(&mut self, playbook: &Playbook) {
        self.group("queues", "Queues", |chart| {
            for (at, queue) in playbook.queues.iter().enumerate() {
                let hours =
                    queue.calendar.as_ref().map_or_else(String::new, |name| format!(" · {}", name.as_str()));
                let says = label(&format!("{} · weight {}{hours}", queue.id, queue.weight));
                chart.line(2, &format!("queue_{at}[\"{says}\"]"));
            }
            for (at, queue) in playbook.queues.iter().enumerate() {
                let next = |id: &QueueId| playbook.queues.iter().position(|other| other.id == *id);
                if let Some(next) = queue.overflow.as_ref().and_then(next) {
                    chart.line(2, &format!("queue_{at} -. overflow .-> queue_{next}"));
                }
            }
        });
    }

    fn ladder(&mut self, playbook: &Playbook) {
        let mut levels: Vec<_> = playbook.levels.iter().collect();
        levels.sort_by_key(|level| level.level);
        self.group("ladder", "Ladder of responsibility", |chart| {
            for (at, level) in levels.iter().enumerate() {
                let says = label(&format!("{} · {} · {}", level.level, level.to, span(level.within)));
                let next = levels.get(at.saturating_add(1));
                let arrow = next.map_or_else(String::new, |next| format!(" --> level_{}", next.level));
                chart.line(2, &format!("level_{}[\"{says}\"]{arrow}", level.level));
            }
        });
    }

    fn directory(&mut self, playbook: &Playbook) {
        self.group("directory", "Whom to ask", |chart| {
            for (at, department) in playbook.departments.iter().enumerate() {
                let who = format!("{} · {} / {}", department.id, department.owner, department.deputy);
                let says = label(&format!("{who} · {}", span(department.within)));
                chart.line(2, &format!("department_{at}[\"{says}\"]"));
            }
            for (place, topic) in playbook.topics.iter().enumerate() {
                let asked = playbook.departments.iter().enumerate().filter(|(_, department)| {
                    topic.department.as_ref() == Some(&department.id) || department.topics.contains(&topic.id)
                });
                let asked: Vec<usize> = asked.map(|(at, _)| at).collect();
                if asked.is_empty() {
                    continue;
                }
                chart.line(2, &format!("topic_{place}([\"{}\"])", label(topic.id.as_str())));
                asked.iter().for_each(|at| chart.line(2, &format!("topic_{place} --> department_{at}")));
            }
        });
    }

    fn promises(&mut self, playbook: &Playbook) {
        if playbook.promises.is_empty() {
            return;
        }
        self.group("promises", "What the brand promises", |chart| {
            for (at, promise) in playbook.promises.iter().enumerate() {
                let hours = promise
                    .calendar
                    .as_ref()
                    .map_or_else(String::new, |name| format!(" · {}", name.as_str()));
                let says = label(&format!("{} · {}{hours}", promise.id.as_str(), span(promise.within)));
                chart.line(2, &format!("promise_{at}[\"{says}\"]"));
            }
        });
    }

    /// From the families to where their rules lead, each way once with the number of rules.
    fn edges(&mut self, playbook: &Playbook) {
        let mut ways: BTreeMap<(&str, String), usize> = BTreeMap::new();
        for rule in &playbook.rules {
            let mut own: Vec<_> = rule.then.iter().filter_map(|does| target(playbook, does)).collect();
            own.sort();
            own.dedup();
            for way in own {
                let count = ways.entry(way).or_default();
                *count = count.saturating_add(1);
            }
        }
        for ((family, to), rules) in ways {
            self.line(1, &format!("family_{family} -->|{}| {to}", counted(rules)));
        }
    }
}

/// Where a directive leads in the picture.
fn target(playbook: &Playbook, directive: &Directive) -> Option<(&'static str, String)> {
    let queue = |id: &QueueId| {
        playbook.queues.iter().position(|queue| queue.id == *id).map(|at| format!("queue_{at}"))
    };
    let department = |id: &DepartmentId| {
        let place = playbook.departments.iter().position(|department| department.id == *id);
        place.map(|at| format!("department_{at}"))
    };
    let to = match directive {
        Directive::Assign(routing) => queue(&routing.queue),
        Directive::OpenTicket { queue: id, .. } => id.as_ref().and_then(queue),
        Directive::HandOver { department: id, .. } => department(id),
        Directive::Refer { department: id, .. } => id.as_ref().and_then(department),
        Directive::Owe { promise: id, .. } => {
            let place = playbook.promises.iter().position(|promise| promise.id == *id);
            place.map(|at| format!("promise_{at}"))
        }
        Directive::Escalate { level, .. } => {
            playbook.levels.iter().any(|known| known.level == *level).then(|| format!("level_{level}"))
        }
        _ => None,
    };
    to.map(|to| (family_of(directive), to))
}

/// The family whose law decides on a directive.
const fn family_of(directive: &Directive) -> &'static str {
    match directive {
        Directive::Engage { .. }
        | Directive::Ignore { .. }
        | Directive::Monitor { .. }
        | Directive::Hide { .. }
        | Directive::Report { .. }
        | Directive::Proactive { .. } => "engage",
        Directive::Redact { .. } => "redact",
        Directive::MovePrivate { .. } => "private",
        Directive::RedirectFormal { .. } => "formal",
        Directive::Assign(_) | Directive::HandOver { .. } => "route",
        Directive::Escalate { .. } => "escalate",
        Directive::Refer { .. } => "refer",
        Directive::Owe { .. } => "promise",
        Directive::OpenTicket { .. } => "ticket",
        Directive::Enrol(_) => "rollout",
        Directive::Close { .. } | Directive::AskToClose { .. } | Directive::KeepOpen { .. } => "close",
        _ => "label",
    }
}

fn counted(rules: usize) -> String {
    if rules == 1 { "1 rule".to_owned() } else { format!("{rules} rules") }
}

fn span(seconds: Seconds) -> String {
    super::wording::span(seconds)
}

/// A text as a label in quotes takes it: one line, with the signs that mean something as entities.
fn label(text: &str) -> String {
    let mut says = String::new();
    for letter in text.chars().take(SHOWN) {
        match letter {
            '"' => says.push_str("#quot;"),
            '#' => says.push_str("#35;"),
            '<' => says.push_str("#lt;"),
            '>' => says.push_str("#gt;"),
            '`' => says.push('\''),
            letter if letter.is_control() => says.push(' '),
            letter => says.push(letter),
        }
    }
    says
}
