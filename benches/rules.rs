//! The bar for the matcher (RULES: one thread, the encoding of the facts included).
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "as above"
)]

use std::hint::black_box;
use std::time::Instant;

use galateo::playbook::{Facts, Scratch};

#[path = "rules_workload.rs"]
mod rules_workload;

use rules_workload::{Ask, WorkEvent, WorkRule, events, matches, own, rules};

/// Seconds on a processor where the system tells (so that neighbours count for nothing), else on the wall.
fn now(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanos = told.and_then(|line| line.split(' ').next()?.parse::<f64>().ok());
    nanos.map_or_else(|| start.elapsed().as_secs_f64(), |n| n / 1e9)
}

/// Nanoseconds for each event of the best of several rounds, each long against the steps of the clock.
fn best(events: usize, mut round: impl FnMut()) -> f64 {
    let clock = Instant::now();
    let times = (0..7).map(|_| {
        let (start, mut rounds) = (now(clock), 0);
        while now(clock) - start < 0.1 {
            round();
            rounds += 1;
        }
        (now(clock) - start) * 1e9 / (events * rounds) as f64
    });
    times.fold(f64::INFINITY, f64::min)
}

/// Rules that ask for topics which no event has: what they cost those that they don't touch.
fn untouched(count: usize) -> Vec<WorkRule> {
    let mut made = rules(count, 43);
    for (number, rule) in made.iter_mut().enumerate() {
        rule.all.push(Ask::Word(4, format!("other_{}", number % 2_000)));
    }
    made
}

/// How much slower a thousand rules are beside nine thousand that no event touches (RULES: at most 1.2 times).
fn growth(events: &[WorkEvent]) {
    let all = |rules: &[WorkRule]| {
        let own = own::Own::new(&own::conditions(rules));
        let (mut facts, mut scratch) = (Facts::new(&own.encoding), Scratch::default());
        best(events.len(), || {
            for event in events {
                own.fill(&mut facts, event);
                black_box(own.matcher.matches(&facts, &mut scratch).count());
            }
        })
    };
    let few = rules(1_000, 42);
    for more in [9_000, 99_000] {
        let many: Vec<WorkRule> = few.iter().cloned().chain(untouched(more)).collect();
        let (alone, beside) = (all(&few), all(&many));
        println!(
            "1000 rules {alone:.0} ns, beside {more} untouched {beside:.0} ns: {:.2} times",
            beside / alone
        );
    }
}

fn main() {
    let events = events(10_000, 7);
    println!(
        "{:>8} {:>9} {:>9} {:>9} {:>9} {:>10} {:>9}",
        "rules", "matched", "facts ns", "all ns", "first ns", "build ms", "bytes"
    );
    for n in [10, 100, 1_000, 10_000, 100_000] {
        let rules = rules(n, 42);
        let conditions = own::conditions(&rules);
        let clock = Instant::now();
        let start = now(clock);
        let own = own::Own::new(&conditions);
        let build = (now(clock) - start) * 1e3;
        let (mut facts, mut scratch) = (Facts::new(&own.encoding), Scratch::default());
        for event in &events[..20.min(2_000_000 / n)] {
            own.fill(&mut facts, event);
            let found: Vec<u32> = own.matcher.matches(&facts, &mut scratch).collect();
            let expected: Vec<u32> = (0..n as u32).filter(|i| matches(&rules[*i as usize], event)).collect();
            assert_eq!(found, expected);
            assert_eq!(own.matcher.first(&facts, &mut scratch), expected.first().copied());
        }
        let mut matched = 0_u64;
        let fill = best(events.len(), || events.iter().for_each(|e| own.fill(black_box(&mut facts), e)));
        let all = best(events.len(), || {
            matched = 0;
            for event in &events {
                own.fill(&mut facts, event);
                matched += own.matcher.matches(&facts, &mut scratch).count() as u64;
            }
        });
        let first = best(events.len(), || {
            for event in &events {
                own.fill(&mut facts, event);
                black_box(own.matcher.first(&facts, &mut scratch));
            }
        });
        let mean = matched as f64 / events.len() as f64;
        let bytes = own.matcher.bytes() / n;
        println!("{n:>8} {mean:>9.3} {fill:>9.0} {all:>9.0} {first:>9.0} {build:>10.1} {bytes:>9}");
    }
    growth(&events);
}
