//! A day under two playbooks: which decisions differ, and by which rules.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use galateo::decision::Chosen;
use galateo::model::{Customer, CustomerId, Desk, Event, Language, Timestamp};
use galateo::{Difference, Engine, Replay, World};

use crate::page::{Line, Page, Tone};
use crate::wording::Wording;

/// Decisions that are told one by one.
const TOLD: usize = 40;

/// A day under the playbook in force and another.
pub struct Comparison {
    replay: Replay,
    names: [String; 2],
    customers: BTreeMap<CustomerId, Customer>,
    desk: Desk,
    differences: Vec<(Timestamp, Difference)>,
}

impl Comparison {
    pub fn new(live: Engine, other: Engine) -> Self {
        let name = |engine: &Engine| {
            let playbook = engine.policy().playbook();
            format!("{} {}", playbook.name.as_str(), playbook.version)
        };
        Self {
            names: [name(&live), name(&other)],
            replay: Replay::new(Arc::new(live), Arc::new(other)),
            customers: BTreeMap::new(),
            desk: Desk::default(),
            differences: Vec::new(),
        }
    }

    pub fn meet(&mut self, customer: Customer) {
        self.customers.insert(customer.id.clone(), customer);
    }

    pub fn staff(&mut self, desk: Desk) {
        self.desk = desk;
    }

    pub fn hear(&mut self, event: &Event) {
        let customer = event.by.customer().and_then(|id| self.customers.get(id));
        let world = World { customer, desk: Some(&self.desk), ..World::at(event.at) };
        let found = self.replay.play(event, &world);
        self.differences.extend(found.map(|difference| (event.at, difference)));
    }

    /// The rules with the largest part in it, then the decisions one by one.
    pub fn show<W: Write>(&self, page: &mut Page<W>, words: &Wording) -> io::Result<()> {
        let (summary, [live, other]) = (self.replay.summary(), &self.names);
        let against = words.say("against", "contro");
        page.title(&format!("{live} {against} {other}"))?;
        let told = if words.language() == Language::It {
            format!("{} eventi, {} decisioni diverse", summary.events(), summary.differing())
        } else {
            format!("{} events, {} decisions differ", summary.events(), summary.differing())
        };
        page.text(&Line::of(Tone::Strong, told))?;
        if summary.differing() == 0 {
            return page.flush();
        }
        page.blank()?;
        let heads = [
            words.say("rule", "regola"),
            words.say("decisions", "decisioni"),
            words.say("lost", "perse"),
            words.say("gained", "nuove"),
        ];
        page.row(Tone::Faint, &row(heads.map(str::to_owned)))?;
        for share in summary.rules() {
            let own = || words.say("(the engine itself)", "(il motore stesso)").to_owned();
            let name = share.rule.as_ref().map_or_else(own, ToString::to_string);
            let counts = [share.decisions, share.lost, share.gained].map(|count| count.to_string());
            let [decisions, lost, gained] = counts;
            page.row(Tone::Plain, &row([name, decisions, lost, gained]))?;
        }
        page.blank()?;
        for (at, difference) in self.differences.iter().take(TOLD) {
            show_one(page, words, *at, difference)?;
        }
        let rest = self.differences.len().saturating_sub(TOLD);
        if rest > 0 {
            page.text(&Line::of(Tone::Faint, format!("… {} {rest}", words.say("and further", "e altre"))))?;
        }
        page.flush()
    }
}

fn row(cells: [String; 4]) -> Vec<(usize, String)> {
    [44, 12, 12, 12].into_iter().zip(cells).collect()
}

fn show_one<W: Write>(
    page: &mut Page<W>,
    words: &Wording,
    at: Timestamp,
    one: &Difference,
) -> io::Result<()> {
    let head = Line::of(Tone::Faint, words.clock(at)).and(Tone::Strong, format!("  {} ", one.event));
    page.head(&head.faint(format!("· {}", one.conversation)))?;
    for (chosen, tone, label) in one
        .lost
        .iter()
        .map(|chosen| (chosen, Tone::Bad, words.say("lost", "persa")))
        .chain(one.gained.iter().map(|chosen| (chosen, Tone::Good, words.say("gained", "nuova"))))
    {
        let (_, told) = words.action(&chosen.action, at);
        page.item(label, &Line::of(tone, told).faint(because(chosen)))?;
    }
    if one.hidden {
        let told = words.say("other places of the text are hidden", "si nascondono altri punti del testo");
        page.item("", &Line::of(Tone::Careful, told))?;
    }
    if one.clocks {
        let told = words.say("other clocks run", "corrono altri orologi");
        page.item("", &Line::of(Tone::Careful, told))?;
    }
    Ok(())
}

fn because(chosen: &Chosen) -> String {
    let rules: Vec<String> =
        chosen.because.iter().filter_map(|cause| cause.rule.as_ref().map(ToString::to_string)).collect();
    if rules.is_empty() { String::new() } else { format!("  ({})", rules.join(", ")) }
}
