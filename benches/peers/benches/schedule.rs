//! Business time beside `ule-hours` and `workclock`, on the same hours, instants and spans.
#![allow(missing_docs, reason = "criterion declares a public function")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use galateo::model::{Seconds, Timestamp};
use galateo::schedule::{Calendar, CalendarSpec, Horizon};
use jiff::SignedDuration;
use jiff::civil::time;
use workclock::{Weekdays, WorkDay};

/// Monday to Friday, 08:00–12:00 and 13:00–17:00 in Berlin, without holidays: what all three can express alike.
const HOURS: &str = r#"{"tz":"Europe/Berlin","weekly":{
    "mon":[["08:00","12:00"],["13:00","17:00"]],"tue":[["08:00","12:00"],["13:00","17:00"]],
    "wed":[["08:00","12:00"],["13:00","17:00"]],"thu":[["08:00","12:00"],["13:00","17:00"]],
    "fri":[["08:00","12:00"],["13:00","17:00"]]}}"#;

fn compare(c: &mut Criterion) {
    let spec: CalendarSpec = serde_json::from_str(HOURS).unwrap();
    let (from, to) = ("2024-07-03T14:00:00Z", "2034-06-20T14:30:00Z");
    let (start, end): (Timestamp, Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
    let ours = Calendar::compile(&spec, Horizon::around("2026-07-03T14:00:00Z".parse().unwrap())).unwrap();
    let ule = ule_hours::Schedule::builder("Europe/Berlin").unwrap();
    let ule = ule.mon_fri("08:00-12:00, 13:00-17:00").unwrap().build();
    let half = |a, b| WorkDay::new(time(a, 0, 0, 0), time(b, 0, 0, 0), Weekdays::MON_TO_FRI);
    let clock =
        workclock::Schedule::builder().time_zone("Europe/Berlin").rule(half(8, 12)).rule(half(13, 17));
    let clock = clock.build().unwrap();
    let (a, b): (jiff::Timestamp, jiff::Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
    assert_eq!(ours.between(start, end).get(), clock.between(a, b).as_secs());
    for hours in [8, 400] {
        let mut group = c.benchmark_group(format!("add {hours} h"));
        let (seconds, duration) = (Seconds::hours(hours), SignedDuration::from_hours(hours));
        group.bench_function("galateo", |x| x.iter(|| ours.add(black_box(start), black_box(seconds))));
        group.bench_function("ule-hours", |x| x.iter(|| ule.add(black_box(a), black_box(duration))));
        group.bench_function("workclock", |x| x.iter(|| clock.add(black_box(a), black_box(duration))));
        group.finish();
    }
    let mut group = c.benchmark_group("between over 10 years");
    group.bench_function("galateo", |x| x.iter(|| ours.between(black_box(start), black_box(end))));
    group.sample_size(10);
    group.bench_function("ule-hours", |x| x.iter(|| ule.between(black_box(a), black_box(b))));
    group.bench_function("workclock", |x| x.iter(|| clock.between(black_box(a), black_box(b))));
    group.finish();
}

criterion_group!(benches, compare);
criterion_main!(benches);
