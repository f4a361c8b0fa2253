//! The main job: a day of customers' messages, each with what was hidden, what was decided and why, what the
//! gate said of every drafted reply, what time made due, and the day's figures at the end.
//!
//! ```text
//! cargo run --release --example triage
//! cargo run --release --example triage -- --playbook mine.toml --events mine.ndjson
//! cargo run --release --example triage -- --playbook mine.toml --lint
//! cargo run --release --example triage -- --explain e-001
//! cargo run --release --example triage -- --compare mine.toml
//! ```
//!
//! The lines of a day are described in `examples/data/README.md`. Colour is used on a terminal alone, and not
//! where `NO_COLOR` is set. Personal data that the engine finds is never printed.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::exit,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    missing_docs,
    unreachable_pub,
    reason = "a program reads, prints and exits"
)]

#[path = "support/check.rs"]
mod check;
#[path = "support/compare.rs"]
mod compare;
#[path = "support/count.rs"]
mod count;
#[path = "support/day.rs"]
mod day;
#[expect(dead_code, reason = "the other program writes faults as JSON")]
#[path = "support/fault.rs"]
mod fault;
#[path = "support/figures.rs"]
mod figures;
#[path = "support/host.rs"]
mod host;
#[path = "support/lines.rs"]
mod lines;
#[path = "support/page.rs"]
mod page;
#[path = "support/playbook.rs"]
mod playbook;
#[path = "support/render.rs"]
mod render;
#[path = "support/wording.rs"]
mod wording;

use std::io::{self, BufRead, BufReader, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use compare::Comparison;
use day::Entry;
use galateo::model::Timestamp;
use galateo::playbook::Policy;
use galateo::{Diagnostics, Engine, World};
use host::Host;
use lines::Line;
use page::Page;
use render::Teller;
use wording::{Tongue, Wording};

/// The bundled day, so that the program runs from anywhere.
const DAY: &str = include_str!("data/day.ndjson");

const USAGE: &str = "usage: triage [--playbook FILE] [--events FILE] [--brief] [--lang it|en] [--help]
              [--lint | --draw | --explain ID | --compare OTHER]";

const HELP: &str = "
Runs a day of customers' messages through the engine and tells what it decided, and why.

  --playbook FILE   a playbook of your own, TOML or JSON, instead of the starter one
  --events FILE     a day of your own, one JSON object a line (see examples/data/README.md)
  --brief           decisions only: no texts and no signals
  --lang it|en      the language of the labels, English unless said otherwise
  --lint            only checks the playbook and runs its tests; ends with 1 where there is anything to say
  --draw            only draws the playbook, as a Mermaid flow chart
  --explain ID      only explains the decision on one event: each rule, and who won by which law
  --compare OTHER   only tells which decisions of the day another playbook changes, and by which rules
  --help            this page";

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => return refuse(&format!("triage: {message}\n{USAGE}")),
    };
    if options.help {
        return finish(writeln!(io::stdout(), "{USAGE}\n{HELP}"));
    }
    let ((policy, warnings), input) = match (options.policy(), options.input()) {
        (Ok(policy), Ok(input)) => (policy, input),
        (Err(message), _) | (_, Err(message)) => return refuse(&format!("triage: {message}")),
    };
    let out = io::stdout();
    let colour = out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    let mut page = Page::new(BufWriter::new(out), colour);
    let words = Wording::new(options.tongue);
    let engine = Engine::new(policy);
    match &options.task {
        Task::Tell => finish(tell(Host::new(engine), input, Teller::new(page, words, options.brief))),
        Task::Lint => match check::show(&mut page, &words, engine.policy(), warnings) {
            Ok(false) => ExitCode::FAILURE,
            shown => finish(shown.map(|_| ())),
        },
        Task::Draw => finish(write!(io::stdout(), "{}", engine.policy().playbook().mermaid())),
        Task::Explain(id) => match explain(Host::new(engine), input, id, &mut page, &words) {
            Ok(false) => refuse(&format!("triage: no event {id:?} in the day")),
            shown => finish(shown.map(|_| ())),
        },
        Task::Compare(path) => match playbook::policy_from(path) {
            Ok((other, _)) => finish(compare(engine, Engine::new(other), input, &mut page, &words)),
            Err(message) => refuse(&format!("triage: {message}")),
        },
    }
}

fn refuse(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(2)
}

fn finish(result: io::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the page has gone: nothing is wrong with us.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("triage: cannot go on: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What was asked for on the command line.
struct Options {
    playbook: Option<String>,
    events: Option<String>,
    brief: bool,
    help: bool,
    tongue: Tongue,
    task: Task,
}

/// What is to be done with the day.
enum Task {
    Tell,
    Lint,
    Draw,
    Explain(String),
    Compare(String),
}

impl Options {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            playbook: None,
            events: None,
            brief: false,
            help: false,
            tongue: Tongue::English,
            task: Task::Tell,
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--brief" => options.brief = true,
                "--compare" => options.task = Task::Compare(words.next().ok_or("--compare needs a file")?),
                "--draw" => options.task = Task::Draw,
                "--explain" => options.task = Task::Explain(words.next().ok_or("--explain needs an event")?),
                "--help" | "-h" => options.help = true,
                "--lint" => options.task = Task::Lint,
                "--playbook" => options.playbook = Some(words.next().ok_or("--playbook needs a file")?),
                "--events" => options.events = Some(words.next().ok_or("--events needs a file")?),
                "--lang" => {
                    options.tongue = match words.next().as_deref() {
                        Some("it") => Tongue::Italian,
                        Some("en") => Tongue::English,
                        _ => return Err("--lang is it or en".to_owned()),
                    }
                }
                _ => return Err(format!("unknown option {word:?}")),
            }
        }
        Ok(options)
    }

    fn policy(&self) -> Result<(Policy, Diagnostics), String> {
        let starter = || Ok((Policy::starter(), Diagnostics::default()));
        self.playbook.as_deref().map_or_else(starter, playbook::policy_from)
    }

    fn input(&self) -> Result<Box<dyn BufRead>, String> {
        match &self.events {
            None => Ok(Box::new(DAY.as_bytes())),
            Some(path) => match std::fs::File::open(path) {
                Ok(file) => Ok(Box::new(BufReader::new(file))),
                Err(error) => Err(format!("{path}: {error}")),
            },
        }
    }
}

/// Reads the entries of a day; a line that is none is told and skipped. `each` says whether to go on.
fn entries(mut input: Box<dyn BufRead>, mut each: impl FnMut(Entry) -> io::Result<bool>) -> io::Result<()> {
    let mut number = 0_usize;
    while let Some(line) = lines::next(&mut input)? {
        number += 1;
        let entry = match line {
            Line::Bytes(bytes) if bytes.iter().all(u8::is_ascii_whitespace) => continue,
            Line::Bytes(bytes) => Entry::read(&bytes),
            Line::TooLong => Err(fault::Fault::new("line_too_long", "", "a line of more than 16 MiB")),
        };
        match entry {
            Ok(entry) => {
                if !each(entry)? {
                    break;
                }
            }
            Err(fault) => {
                let place = if fault.path.is_empty() { String::new() } else { format!(" at {}", fault.path) };
                eprintln!("line {number} skipped: {}{place}", fault.message);
            }
        }
    }
    Ok(())
}

/// Tells the whole day, then its figures.
fn tell<W: Write>(mut host: Host, input: Box<dyn BufRead>, mut teller: Teller<W>) -> io::Result<()> {
    let mut last = None;
    entries(input, |entry| {
        last = step(&mut host, &mut teller, entry)?.or(last);
        Ok(true)
    })?;
    close(host, teller, last)
}

/// Lives the day up to one event and explains what would be decided on it; tells whether it came.
fn explain<W: Write>(
    mut host: Host,
    input: Box<dyn BufRead>,
    id: &str,
    page: &mut Page<W>,
    words: &Wording,
) -> io::Result<bool> {
    let mut found = None;
    entries(input, |entry| {
        match entry {
            Entry::Customer(customer) => host.meet(*customer),
            Entry::Desk(desk) => _ = host.staff(desk),
            Entry::Event(event) if event.id.as_str() == id => found = Some(host.explain(&event)),
            Entry::Event(event) => _ = host.hear(&event),
            Entry::Draft(at, draft) => _ = host.review(at, &draft),
            Entry::Now(now) => _ = host.wake(now),
        }
        Ok(found.is_none())
    })?;
    let Some(why) = found else { return Ok(false) };
    page.title(&format!("{} {id}", words.say("Why, on", "Perché, su")))?;
    for line in why.tell(words.language()).lines() {
        match line.strip_prefix("  ") {
            Some(inner) => page.item("", &page::Line::new().faint(inner))?,
            None => page.head(&page::Line::new().plain(line))?,
        }
    }
    page.flush()?;
    Ok(true)
}

/// The day under two playbooks.
fn compare<W: Write>(
    live: Engine,
    other: Engine,
    input: Box<dyn BufRead>,
    page: &mut Page<W>,
    words: &Wording,
) -> io::Result<()> {
    let mut comparison = Comparison::new(live, other);
    entries(input, |entry| {
        match entry {
            Entry::Customer(customer) => comparison.meet(*customer),
            Entry::Desk(desk) => comparison.staff(desk),
            Entry::Event(event) => comparison.hear(&event),
            Entry::Draft(..) | Entry::Now(_) => {}
        }
        Ok(true)
    })?;
    comparison.show(page, words)
}

/// One line of the day; gives its instant.
fn step<W: Write>(host: &mut Host, teller: &mut Teller<W>, entry: Entry) -> io::Result<Option<Timestamp>> {
    match entry {
        Entry::Customer(customer) => {
            host.meet(*customer);
            Ok(None)
        }
        Entry::Desk(desk) => {
            if let Some(note) = host.staff(desk) {
                teller.note(&note)?;
            }
            Ok(None)
        }
        Entry::Event(event) => {
            let heard = host.hear(&event);
            teller.event(&event, &heard)?;
            Ok(Some(event.at))
        }
        Entry::Draft(at, draft) => {
            let (review, shown) = host.review(at, &draft);
            teller.draft(at, &draft, &review, &shown)?;
            Ok(Some(at))
        }
        Entry::Now(now) => {
            let (news, next) = host.wake(now);
            teller.moment(now, host.conversations.len(), &news, next.as_ref())?;
            Ok(Some(now))
        }
    }
}

fn close<W: Write>(mut host: Host, mut teller: Teller<W>, last: Option<Timestamp>) -> io::Result<()> {
    let Some(now) = last else { return teller.page.flush() };
    let clocks: Vec<_> = host
        .conversations
        .values()
        .map(|conversation| {
            let decision = host.engine.due(conversation, &World::at(now));
            (conversation.id.clone(), decision.clocks)
        })
        .collect();
    let mode = host.desk().mode;
    let summary = host.counting.close(now, &clocks).clone();
    figures::show(&mut teller.page, &teller.words, &host.counting, &summary, mode)?;
    teller.page.flush()
}
