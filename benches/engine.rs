//! The three verbs on messages as they come, under the starter playbook, and its compilation.
//!
//! `cargo bench --bench engine` first prints the median and the 99th percentile of single calls, timed one by one, and
//! the counted exponents; criterion's own figures follow.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench times, prints, and fails by panicking"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group};
use galateo::detect::pii::{PiiContext, Redactor};
use galateo::detect::{Detectors, ScanContext, Scratch};
use galateo::model::{Conversation, ConversationId, Draft, Event, EventKind, Timestamp};
use galateo::playbook::{Policy, STARTER};
use galateo::{Engine, Limits, Replay, ReplaySummary, World};
use serde_json::{Value, json};

const NOON: i64 = 1_796_810_400;

/// The messages of the bundled day that have at most 280 bytes.
fn messages() -> Vec<Event> {
    include_str!("../examples/data/day.ndjson")
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok()?.get_mut("event").map(Value::take))
        .filter_map(|event| serde_json::from_value::<Event>(event).ok())
        .filter(|event| event.by.customer().is_some())
        .filter(|event| {
            event.message().is_some_and(|message| (1..=280).contains(&message.text.expose().len()))
        })
        .collect()
}

/// The same messages as one conversation's, each new and later than its past.
fn placed(messages: &[Event]) -> Vec<Event> {
    let mut placed = messages.to_vec();
    for (number, event) in placed.iter_mut().enumerate() {
        event.conversation = ConversationId::new("c-1").unwrap();
        event.id = galateo::model::EventId::new(format!("new-{number}")).unwrap();
        event.at = Timestamp::from_secs(NOON + 86_400 * 90).unwrap();
    }
    placed
}

/// A conversation with that many past events, each assessed in its turn.
fn past(engine: &Engine, events: u32) -> Conversation {
    let mut conversation = Conversation::new(ConversationId::new("c-1").unwrap());
    for number in 0..events {
        let by = if number % 3 == 2 { json!({ "agent": "giulia" }) } else { json!({ "customer": "anna" }) };
        let what = match number % 7 {
            5 => json!({ "status": { "to": if number % 2 == 0 { "pending" } else { "open" } } }),
            6 => json!({ "tagged": { "add": ["vip"] } }),
            _ => json!({ "message": { "surface": "x/direct_message", "text": "ciao" } }),
        };
        let at = Timestamp::from_secs(NOON + i64::from(number) * 30).unwrap();
        let event =
            json!({ "id": format!("e-{number}"), "at": at, "conversation": "c-1", "by": by, "what": what });
        let event: Event = serde_json::from_value(event).unwrap();
        engine.assess(&event, &mut conversation, &World::at(event.at));
    }
    conversation
}

/// The median and the 99th percentile of single calls.
fn percentiles(name: &str, rounds: usize, mut calls: Vec<Box<dyn FnMut() -> Duration + '_>>) {
    let mut times = Vec::with_capacity(rounds * calls.len());
    for round in 0..=rounds {
        for call in &mut calls {
            let time = call();
            if round > 0 {
                times.push(time);
            }
        }
    }
    times.sort_unstable();
    let at =
        |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_nanos() as f64 / 1000.0;
    println!("{name:32} median {:8.2} µs   p99 {:8.2} µs   ({} calls)", at(50), at(99), times.len());
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let before = Instant::now();
    black_box(work());
    before.elapsed()
}

fn assess_all(engine: &Engine, name: &str, events: &[Event], conversation: &Conversation) {
    let call = |event| -> Box<dyn FnMut() -> Duration + '_> {
        Box::new(move || {
            let mut conversation = conversation.clone();
            timed(|| engine.assess(event, &mut conversation, &World::at(event.at)))
        })
    };
    percentiles(name, 40, events.iter().map(call).collect());
}

fn figures() {
    let engine = Engine::starter();
    let events = placed(&messages());
    println!("{} messages of at most 280 bytes", events.len());
    for length in [0, 10, 1_000, 100_000] {
        assess_all(&engine, &format!("assess, {length} past events"), &events, &past(&engine, length));
    }
    let conversation = past(&engine, 1_000);
    let draft = |event: &Event| {
        let text = event.message().unwrap().text.expose();
        let draft = json!({ "conversation": "c-1", "surface": "x/reply", "author": "giulia", "text": text });
        serde_json::from_value::<Draft>(draft).unwrap()
    };
    let drafts: Vec<Draft> = events.iter().map(draft).collect();
    let world = World::at(events[0].at);
    let review = |draft: &Draft| -> Box<dyn FnMut() -> Duration + '_> {
        let draft = draft.clone();
        let (engine, conversation, world) = (&engine, &conversation, &world);
        Box::new(move || {
            let draft = draft.clone();
            timed(|| engine.review(draft, conversation, world))
        })
    };
    percentiles("review", 20, drafts.iter().map(review).collect());
    percentiles("due", 2000, vec![Box::new(|| timed(|| engine.due(&conversation, &world)))]);
    stages(&engine, &events, &conversation);
    replayed(&events);
    let limits = Limits::DEFAULT;
    percentiles(
        "compile of the starter",
        30,
        vec![Box::new(|| timed(|| Policy::from_toml(STARTER, &limits).unwrap()))],
    );
}

/// A hundred thousand events of twenty thousand conversations under two policies (RULES, replay: at most 2 s).
fn replayed(messages: &[Event]) {
    let other = STARTER.replace("sentiment = { below = -600 }", "sentiment = { below = -300 }");
    let (live, other) =
        (Engine::starter(), Engine::new(Policy::from_toml(&other, &Limits::DEFAULT).unwrap().0));
    let events: Vec<Event> = (0..100_000_usize)
        .map(|number| {
            let mut event = messages[number % messages.len()].clone();
            event.id = galateo::model::EventId::new(format!("e-{number}")).unwrap();
            event.conversation = ConversationId::new(format!("c-{}", number / 5)).unwrap();
            event.at = Timestamp::from_secs(NOON + number as i64).unwrap();
            match (&mut event.what, number % 5) {
                (what, 4) => {
                    *what = serde_json::from_value(json!({ "status": { "to": "pending" } })).unwrap()
                }
                // No two texts are equal: nothing is gained by remembering one.
                (EventKind::Message(message), _) => {
                    message.text = format!("{} ({number})", message.text.expose()).into();
                }
                _ => {}
            }
            if number % 5 == 2 {
                event.by = serde_json::from_value(json!({ "agent": "giulia" })).unwrap();
            }
            event
        })
        .collect();
    let (live, other) = (Arc::new(live), Arc::new(other));
    let shard = |number: usize, of: usize| {
        let mut replay = Replay::new(live.clone(), other.clone());
        for (at, event) in events.iter().enumerate() {
            if (at / 5) % of == number {
                replay.play(event, &World::at(event.at));
            }
        }
        replay.summary().clone()
    };
    for threads in [1, 2] {
        let mut whole = ReplaySummary::default();
        let took = timed(|| {
            std::thread::scope(|scope| {
                let shard = &shard;
                let running: Vec<_> =
                    (0..threads).map(|number| scope.spawn(move || shard(number, threads))).collect();
                running.into_iter().for_each(|thread| whole.merge(&thread.join().unwrap()));
            });
        });
        println!(
            "replay of {} events under two policies, {threads} thread(s): {took:?}, {} decisions differ",
            whole.events(),
            whole.differing()
        );
    }
}

/// Where the time of an assessment goes, stage by stage.
fn stages(engine: &Engine, events: &[Event], conversation: &Conversation) {
    let texts: Vec<&str> =
        events.iter().map(|event| event.message().unwrap().text.expose().as_str()).collect();
    let mut scratch = Scratch::default();
    let detectors: &Detectors = engine.policy().detectors();
    let redactor: &Redactor = engine.policy().redactor();
    let mut spans = Vec::new();
    let rounds = 40;
    let mean = |name: &str, total: Duration, calls: usize| {
        println!(
            "  of which {name:23} {:8.2} µs on average",
            total.as_nanos() as f64 / 1000.0 / calls as f64
        );
    };
    let calls = rounds * texts.len();
    let each = |work: &mut dyn FnMut(usize)| timed(|| (0..calls).for_each(|call| work(call % texts.len())));
    mean(
        "signals",
        each(&mut |at| _ = black_box(detectors.scan(texts[at], &ScanContext::default(), &mut scratch))),
        calls,
    );
    mean(
        "personal data",
        each(&mut |at| redactor.detect(texts[at], &PiiContext::default(), &mut spans)),
        calls,
    );
    mean("cloning the conversation", each(&mut |_| _ = black_box(conversation.clone())), calls);
    let advance = each(&mut |at| _ = black_box(conversation.clone().advance(&events[at])));
    mean("that and advancing it", advance, calls);
    let world = World::at(events[0].at);
    mean("rules and families (due)", each(&mut |_| _ = black_box(engine.due(conversation, &world))), calls);
}

fn bench(c: &mut Criterion) {
    let engine = Engine::starter();
    let events = placed(&messages());
    for length in [10, 1_000, 100_000] {
        let conversation = past(&engine, length);
        let mut turn = 0;
        c.bench_function(&format!("assess/{length}"), |b| {
            b.iter_batched(
                || conversation.clone(),
                |mut conversation| {
                    turn = (turn + 1) % events.len();
                    engine.assess(&events[turn], &mut conversation, &World::at(events[turn].at))
                },
                criterion::BatchSize::SmallInput,
            );
        });
    }
    let conversation = past(&engine, 1_000);
    let world = World::at(events[0].at);
    c.bench_function("due", |b| b.iter(|| engine.due(&conversation, &world)));
    c.bench_function("compile", |b| b.iter(|| Policy::from_toml(STARTER, &Limits::DEFAULT).unwrap()));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(3));
    targets = bench
}

fn main() {
    figures();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
