//! What business time and service clocks cost; the crate beside others is in `benches/peers`.
#![expect(clippy::unwrap_used, reason = "a bench stops at the first surprise")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use galateo::model::{Creator, Seconds, Status, Step, Timeline, Timestamp};
use galateo::schedule::sla::{Budget, Fold, Policies, PolicySpec, Target, last_clocks};
use galateo::schedule::{Calendar, CalendarSpec, Horizon};

const HOURS: &str = r#"{"tz":"Europe/Berlin","weekly":{
    "mon":[["08:00","12:00"],["13:00","17:00"]],"tue":[["08:00","12:00"],["13:00","17:00"]],
    "wed":[["08:00","12:00"],["13:00","17:00"]],"thu":[["08:00","12:00"],["13:00","17:00"]],
    "fri":[["08:00","12:00"],["13:00","17:00"]]},
    "holidays":[{"fixed":{"month":1,"day":1}},{"easter":{"offset":-2}},{"easter":{"offset":1}},
    {"fixed":{"month":5,"day":1}},{"easter":{"offset":39}},{"easter":{"offset":50}},
    {"fixed":{"month":10,"day":3}},{"fixed":{"month":12,"day":25}},{"fixed":{"month":12,"day":26}}]}"#;

const SIX: &str = r#"{"metrics":[
    {"metric":"first_reply","target":14400},{"metric":"next_reply","target":14400},{"metric":"update","target":28800},
    {"metric":"requester_wait","target":144000},{"metric":"agent_work","target":72000},{"metric":"resolution","target":144000}]}"#;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn policies(target: i64) -> Policies {
    let mut spec: PolicySpec = serde_json::from_str(SIX).unwrap();
    let hours: CalendarSpec = serde_json::from_str(HOURS).unwrap();
    spec.calendar = Some(hours);
    spec.metrics.last_mut().unwrap().target = Target::All(Budget::Seconds(target));
    Policies::compile(&[spec], Horizon::around(at("2026-07-01T00:00:00Z"))).unwrap()
}

/// Twenty events over some days, the n-th conversation some minutes after the one before.
fn conversation(n: i64) -> Timeline {
    let mut timeline = Timeline::new();
    let start = at("2026-07-01T07:00:00Z").saturating_add(Seconds::minutes(n.wrapping_mul(7)));
    let steps = [
        Step::Created(Creator::Customer),
        Step::Channel(Some("email")),
        Step::Group(Some("care")),
        Step::Priority(Some("normal")),
        Step::Status(Status::Open),
        Step::AgentReply,
        Step::Status(Status::Pending),
        Step::CustomerMessage,
        Step::Status(Status::Open),
        Step::PrivateNote,
        Step::AgentReply,
        Step::Status(Status::OnHold),
        Step::BotReply,
        Step::CustomerMessage,
        Step::Status(Status::Open),
        Step::AgentReply,
        Step::CustomerMessage,
        Step::CustomerMessage,
        Step::AgentReply,
        Step::CustomerMessage,
    ];
    for (i, step) in (0_i64..).zip(steps) {
        timeline.record(start.saturating_add(Seconds::minutes(i.wrapping_mul(97))), step);
    }
    timeline
}

/// Three policies of three measures, as a playbook has them.
fn starter() -> Policies {
    let hours: CalendarSpec = serde_json::from_str(HOURS).unwrap();
    let specs = [r#"{"priority":["urgent"]}"#, r#"{"channel":["whatsapp","web_chat"]}"#, "{}"].map(|matches| {
        let text = format!(
            r#"{{"match":{matches},"metrics":[{{"metric":"first_reply","target":900,"warn_fraction":[0.5]}},
                {{"metric":"next_reply","target":1800}},{{"metric":"resolution","target":28800}}]}}"#
        );
        PolicySpec { calendar: Some(hours.clone()), ..serde_json::from_str(&text).unwrap() }
    });
    Policies::compile(&specs, Horizon::around(at("2026-07-01T00:00:00Z"))).unwrap()
}

/// So many events in turn: messages, replies, a status and a tag.
fn busy(events: i64) -> Timeline {
    let mut timeline = Timeline::new();
    let start = at("2026-07-01T07:00:00Z");
    timeline.record(start, Step::Created(Creator::Customer));
    timeline.record(start, Step::Channel(Some("x")));
    for n in 2..events {
        let step = match n % 7 {
            5 => Step::Status(if n % 2 == 0 { Status::Pending } else { Status::Open }),
            6 => Step::TagAdded("vip"),
            _ if n % 3 == 2 => Step::AgentReply,
            _ => Step::CustomerMessage,
        };
        timeline.record(start.saturating_add(Seconds::minutes(n.wrapping_mul(13))), step);
    }
    timeline
}

fn calendars(c: &mut Criterion) {
    let spec: CalendarSpec = serde_json::from_str(HOURS).unwrap();
    let now = at("2026-07-03T14:00:00Z");
    let calendar = Calendar::compile(&spec, Horizon::around(now)).unwrap();
    assert!(calendar.compiled_bytes() <= 120 * 1024);
    let later = at("2034-06-03T14:00:00Z");
    c.bench_function("compile 12 years", |b| {
        b.iter(|| Calendar::compile(black_box(&spec), Horizon::around(now)).unwrap());
    });
    c.bench_function("add 8 h", |b| b.iter(|| calendar.add(black_box(now), black_box(Seconds::hours(8)))));
    c.bench_function("sub 8 h", |b| b.iter(|| calendar.sub(black_box(now), black_box(Seconds::hours(8)))));
    c.bench_function("between 8 years", |b| b.iter(|| calendar.between(black_box(now), black_box(later))));
    c.bench_function("is_open", |b| b.iter(|| calendar.is_open(black_box(now))));
    c.bench_function("next_open", |b| b.iter(|| calendar.next_open(black_box(later))));
    let periodic = Calendar::new(&spec).unwrap();
    let (day, month) = (Seconds::hours(8), Seconds::hours(400));
    c.bench_function("compile the periodic form and ask it over 8 years", |b| {
        b.iter(|| Calendar::new(black_box(&spec)).unwrap().between(now, later));
    });
    c.bench_function("periodic add 8 h", |b| b.iter(|| periodic.add(black_box(now), black_box(day))));
    c.bench_function("periodic add 400 h", |b| b.iter(|| periodic.add(black_box(now), black_box(month))));
    c.bench_function("periodic sub 8 h", |b| b.iter(|| periodic.sub(black_box(now), black_box(day))));
    c.bench_function("periodic between 8 years", |b| {
        b.iter(|| periodic.between(black_box(now), black_box(later)));
    });
}

fn clocks(c: &mut Criterion) {
    let policies = policies(144_000);
    let timeline = conversation(0);
    let last = timeline.last_at().unwrap();
    let before = {
        let mut fold = Fold::live(&policies);
        for (at, step) in timeline.iter().take(19) {
            fold.apply(at, step).unwrap();
        }
        fold.next_deadline();
        assert!(fold.to_bytes().len() <= 200);
        fold
    };
    c.bench_function("one event through six clocks with the next deadline", |b| {
        b.iter_batched_ref(
            || before.clone(),
            |fold| {
                fold.apply(black_box(last), Step::CustomerMessage).unwrap();
                fold.next_deadline()
            },
            BatchSize::SmallInput,
        );
    });
    c.bench_function("the last clocks of a conversation of 20 events", |b| {
        b.iter(|| last_clocks(&policies, black_box(&timeline).iter(), last));
    });
    let full = busy(64);
    let end = full.last_at().unwrap();
    let starter = starter();
    c.bench_function("the last clocks of a conversation of 64 events, three policies", |b| {
        b.iter(|| last_clocks(&starter, black_box(&full).iter(), end));
    });
    let many: Vec<Timeline> = (0..10_000).map(conversation).collect();
    c.bench_function("10 000 conversations of 20 events re-timed", |b| {
        b.iter(|| {
            let mut fold = Fold::live(&policies);
            let due = many.iter().map(|timeline| {
                let due = timeline.last_at().and_then(|last| fold.retime(timeline, last));
                due.and_then(|at| u64::try_from(at.as_millis()).ok())
            });
            due.flatten().fold(0_u64, u64::wrapping_add)
        });
    });
}

criterion_group!(benches, calendars, clocks);
criterion_main!(benches);
