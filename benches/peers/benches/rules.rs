//! The matcher beside `a-tree`, an index of boolean expressions, a decision table of `zen-engine` and policies of
//! Cedar, on the same rules and events: every engine finds the rules that a plain loop finds before its time counts.
//!
//! `cargo bench --bench rules --features zen,cedar`; without its feature an engine is left out.
//!
//! One thread; each engine is handed the event in its host's form and turns it into its own within the time.

use std::hint::black_box;
use std::time::Instant;

use a_tree::{ATree, AttributeDefinition, EventBuilder};
use galateo::playbook::{Facts, Scratch};

#[path = "../../rules_workload.rs"]
mod rules_workload;

use rules_workload::{Ask, NUMBERS, WORDS, WorkEvent, WorkRule, events, matches, own, rules};

/// Nanoseconds on a processor where the system tells (so that neighbours count for nothing), else on the wall.
fn now(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanos = told.and_then(|line| line.split(' ').next()?.parse::<f64>().ok());
    nanos.unwrap_or_else(|| start.elapsed().as_nanos() as f64)
}

/// What an engine finds in one event.
type Engine<'r> = Box<dyn FnMut(&WorkEvent) -> Vec<u32> + 'r>;

/// Nanoseconds of an event: the median of a few rounds long enough for the clock.
fn measured(engine: &mut Engine<'_>, events: &[WorkEvent]) -> f64 {
    let clock = Instant::now();
    let mut rounds: Vec<f64> = (0..5)
        .map(|_| {
            let (start, mut done) = (now(clock), 0);
            while now(clock) - start < 2e8 {
                events.iter().for_each(|event| _ = black_box(engine(event)));
                done += events.len();
            }
            (now(clock) - start) / done as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[2]
}

fn galateo<'r>(rules: &[WorkRule]) -> Engine<'r> {
    let own = own::Own::new(&own::conditions(rules));
    let (mut facts, mut scratch) = (Facts::new(&own.encoding), Scratch::default());
    Box::new(move |event| {
        own.fill(&mut facts, event);
        own.matcher.matches(&facts, &mut scratch).collect()
    })
}

/// Words as a list of literals: every engine writes them alike.
fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// All that a rule asks, each question as an engine writes it.
fn conjunction(rule: &WorkRule, asked: fn(&Ask) -> String, [and, or]: [&str; 2]) -> String {
    let mut all: Vec<String> = rule.all.iter().map(asked).collect();
    all.extend(rule.either.iter().map(|(a, b)| format!("({}{or}{})", asked(a), asked(b))));
    all.join(and)
}

mod tree {
    use super::*;

    fn asked(ask: &Ask) -> String {
        match ask {
            Ask::Word(f, word) => format!("{} = \"{word}\"", WORDS[*f].0),
            Ask::AnyWord(f, words) => format!("{} in [{}]", WORDS[*f].0, quoted(words)),
            Ask::Range(f, from, to) => {
                let field = NUMBERS[*f].0;
                format!("({field} >= {from} and {field} < {to})")
            }
            Ask::Tag(tag) => format!("tags one of [\"{tag}\"]"),
            Ask::First(true) => "first".into(),
            Ask::First(false) => "not first".into(),
        }
    }

    fn put(builder: &mut EventBuilder<'_>, event: &WorkEvent) {
        for ((name, _), word) in WORDS.iter().zip(&event.words) {
            builder.with_string(name, word).unwrap();
        }
        for ((name, ..), number) in NUMBERS.iter().zip(&event.numbers) {
            builder.with_integer(name, *number).unwrap();
        }
        let tags: Vec<&str> = event.tags.iter().map(String::as_str).collect();
        builder.with_string_list("tags", &tags).unwrap();
        builder.with_boolean("first", event.first).unwrap();
    }

    pub(super) fn engine<'r>(rules: &[WorkRule]) -> Engine<'r> {
        let words = WORDS.iter().map(|(name, _)| AttributeDefinition::string(name));
        let numbers = NUMBERS.iter().map(|(name, ..)| AttributeDefinition::integer(name));
        let others = [AttributeDefinition::string_list("tags"), AttributeDefinition::boolean("first")];
        let attributes: Vec<AttributeDefinition> = words.chain(numbers).chain(others).collect();
        let mut tree = ATree::new(&attributes).unwrap();
        for (rank, rule) in (0_u32..).zip(rules) {
            tree.insert(&rank, &conjunction(rule, asked, [" and ", " or "])).unwrap();
        }
        Box::new(move |event| {
            let mut builder = tree.make_event();
            put(&mut builder, event);
            let report = tree.search(&builder.build().unwrap()).unwrap();
            let mut found: Vec<u32> = report.matches().iter().map(|rank| **rank).collect();
            found.sort_unstable();
            found
        })
    }
}

#[cfg(feature = "zen")]
mod table {
    use std::task::{Context, Poll, Waker};

    use serde_json::{Map, Value, json};
    use zen_engine::{Decision, Variable};

    use super::*;

    /// The column of a question.
    fn column(ask: &Ask) -> &'static str {
        match ask {
            Ask::Word(f, _) | Ask::AnyWord(f, _) => WORDS[*f].0,
            Ask::Range(f, ..) => NUMBERS[*f].0,
            Ask::Tag(_) => "tags",
            Ask::First(_) => "first",
        }
    }

    /// What stands in the cell of questions to one column: for one question the form that the table has an index for.
    fn cell(asks: &[&Ask]) -> String {
        match asks {
            [] => String::new(),
            [Ask::Word(_, word)] => format!("\"{word}\""),
            [Ask::AnyWord(_, words)] => quoted(words),
            [Ask::Range(_, from, to)] => format!("[{from}..{to})"),
            [Ask::First(first)] => first.to_string(),
            several => several.iter().map(|ask| expression(ask)).collect::<Vec<_>>().join(" and "),
        }
    }

    fn expression(ask: &Ask) -> String {
        match ask {
            Ask::Word(_, word) => format!("$ == \"{word}\""),
            Ask::AnyWord(_, words) => format!("$ in [{}]", quoted(words)),
            Ask::Range(_, from, to) => format!("$ >= {from} and $ < {to}"),
            Ask::Tag(tag) => format!("contains($, \"{tag}\")"),
            Ask::First(first) => format!("$ == {first}"),
        }
    }

    /// One row for each way in which a rule can match.
    fn rows(rank: usize, rule: &WorkRule) -> Vec<Value> {
        let ways: Vec<Option<&Ask>> =
            rule.either.as_ref().map_or_else(|| vec![None], |(a, b)| vec![Some(a), Some(b)]);
        let row = |(way, more): (usize, Option<&Ask>)| {
            let cell_of = |name: &'static str| {
                let asks = rule.all.iter().chain(more).filter(|ask| column(ask) == name);
                (name.to_owned(), json!(cell(&asks.collect::<Vec<_>>())))
            };
            let mut cells: Map<String, Value> = columns().map(cell_of).collect();
            cells.insert("_id".into(), json!(format!("{rank}-{way}")));
            cells.insert("rank".into(), json!(rank.to_string()));
            Value::Object(cells)
        };
        ways.into_iter().enumerate().map(row).collect()
    }

    fn columns() -> impl Iterator<Item = &'static str> {
        let words = WORDS.iter().map(|(name, _)| *name);
        words.chain(NUMBERS.iter().map(|(name, ..)| *name)).chain(["tags", "first"])
    }

    fn decision(rules: &[WorkRule]) -> Decision {
        let inputs: Vec<Value> =
            columns().map(|name| json!({ "id": name, "name": name, "field": name })).collect();
        let rows: Vec<Value> = rules.iter().enumerate().flat_map(|(rank, rule)| rows(rank, rule)).collect();
        let graph = json!({
            "nodes": [
                { "id": "in", "name": "in", "type": "inputNode" },
                { "id": "table", "name": "table", "type": "decisionTableNode", "content": {
                    "hitPolicy": "collect", "inputs": inputs, "rules": rows,
                    "outputs": [{ "id": "rank", "name": "rank", "field": "rank" }],
                } },
                { "id": "out", "name": "out", "type": "outputNode" },
            ],
            "edges": [
                { "id": "1", "sourceId": "in", "targetId": "table", "type": "edge" },
                { "id": "2", "sourceId": "table", "targetId": "out", "type": "edge" },
            ],
        });
        let content: zen_engine::model::GraphContent = serde_json::from_value(graph).unwrap();
        let mut decision = Decision::from(content);
        decision.compile();
        decision
    }

    /// The engine waits for nothing here: its future is ready when asked.
    fn ready<T>(future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return value;
            }
        }
    }

    pub(super) fn engine<'r>(rules: &[WorkRule]) -> Engine<'r> {
        let decision = decision(rules);
        Box::new(move |event| {
            let mut facts: Map<String, Value> = WORDS
                .iter()
                .zip(&event.words)
                .map(|((name, _), word)| ((*name).to_owned(), json!(word)))
                .collect();
            facts.extend(
                NUMBERS.iter().zip(&event.numbers).map(|((name, ..), n)| ((*name).to_owned(), json!(n))),
            );
            facts.insert("tags".into(), json!(event.tags));
            facts.insert("first".into(), json!(event.first));
            let response = ready(decision.evaluate(Variable::from(Value::Object(facts)))).unwrap();
            let Value::Array(rows) = Value::from(response.result) else { return Vec::new() };
            let rank = |row: &Value| row["rank"].as_f64().map(|rank| rank as u32);
            let mut found: Vec<u32> = rows.iter().filter_map(rank).collect();
            found.dedup();
            found
        })
    }
}

#[cfg(feature = "cedar")]
mod cedar {
    use cedar_policy::{
        Authorizer, Context, Entities, EntityUid, Policy, PolicyId, PolicySet, Request, RestrictedExpression,
    };

    use super::*;

    fn asked(ask: &Ask) -> String {
        match ask {
            Ask::Word(f, word) => format!("context.{} == \"{word}\"", WORDS[*f].0),
            Ask::AnyWord(f, words) => format!("[{}].contains(context.{})", quoted(words), WORDS[*f].0),
            Ask::Range(f, from, to) => {
                let field = NUMBERS[*f].0;
                format!("(context.{field} >= {from} && context.{field} < {to})")
            }
            Ask::Tag(tag) => format!("context.tags.contains(\"{tag}\")"),
            Ask::First(true) => "context.first".into(),
            Ask::First(false) => "!context.first".into(),
        }
    }

    fn written(rule: &WorkRule) -> String {
        let asked = conjunction(rule, asked, [" && ", " || "]);
        format!("permit(principal, action, resource) when {{ {asked} }};")
    }

    fn context(event: &WorkEvent) -> Context {
        let text = |word: &String| RestrictedExpression::new_string(word.clone());
        let words = WORDS.iter().zip(&event.words).map(|((name, _), word)| (*name, text(word)));
        let number = |number: &i64| RestrictedExpression::new_long(*number);
        let numbers = NUMBERS.iter().zip(&event.numbers).map(|((name, ..), n)| (*name, number(n)));
        let tags = ("tags", RestrictedExpression::new_set(event.tags.iter().map(text)));
        let first = ("first", RestrictedExpression::new_bool(event.first));
        let pairs = words.chain(numbers).chain([tags, first]);
        Context::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value))).unwrap()
    }

    pub(super) fn engine<'r>(rules: &[WorkRule]) -> Engine<'r> {
        let policy = |(rank, rule): (usize, &WorkRule)| {
            Policy::parse(Some(PolicyId::new(rank.to_string())), written(rule)).unwrap()
        };
        let policies = PolicySet::from_policies(rules.iter().enumerate().map(policy)).unwrap();
        let name = |text: &str| text.parse::<EntityUid>().unwrap();
        let (who, what, on) = (name("Brand::\"a\""), name("Action::\"assess\""), name("Event::\"e\""));
        let authorizer = Authorizer::new();
        Box::new(move |event| {
            let asked = Request::new(who.clone(), what.clone(), on.clone(), context(event), None).unwrap();
            let answer = authorizer.is_authorized(&asked, &policies, &Entities::empty());
            let ranks = answer.diagnostics().reason().map(|id| id.to_string().parse().unwrap());
            let mut found: Vec<u32> = ranks.collect();
            found.sort_unstable();
            found
        })
    }
}

/// An engine's name, the most rules that it is asked to stand, and how it is made.
type Peer = (&'static str, usize, fn(&[WorkRule]) -> Engine<'static>);

const PEERS: &[Peer] = &[
    ("galateo", 100_000, |rules| galateo(rules)),
    ("a-tree", 10_000, |rules| tree::engine(rules)),
    #[cfg(feature = "zen")]
    ("zen table", 1_000, |rules| table::engine(rules)),
    #[cfg(feature = "cedar")]
    ("cedar", 1_000, |rules| cedar::engine(rules)),
];

fn main() {
    let events = events(1_000, 7);
    println!("{:>8} {:>12} {:>12} {:>8}", "rules", "engine", "ns an event", "times");
    for count in [10, 100, 1_000, 10_000, 100_000] {
        let rules = rules(count, 42);
        let mut ours = None;
        for (name, most, engine) in PEERS {
            if count > *most {
                continue;
            }
            let mut engine = engine(&rules);
            for event in &events[..20] {
                let ranks = 0..u32::try_from(count).unwrap();
                let expected: Vec<u32> =
                    ranks.filter(|rank| matches(&rules[*rank as usize], event)).collect();
                assert_eq!(engine(event), expected, "{name}, {count} rules");
            }
            let few = &events[..events.len().min(20_000_000 / count / 100).max(5)];
            let nanos = measured(&mut engine, few);
            let first = *ours.get_or_insert(nanos);
            println!("{count:>8} {name:>12} {nanos:>12.0} {:>8.1}", nanos / first);
        }
    }
}
