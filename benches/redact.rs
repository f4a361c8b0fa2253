//! Detection speed on the project's own messages, all at once, and the cost of building and of the worst texts.
//!
//! `cargo bench --bench redact`; the peers are in `benches/peers`.
#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::unwrap_used,
    reason = "a bench fails by panicking"
)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use galateo::detect::pii::{PiiContext, Redactor};

fn messages() -> Vec<String> {
    include_str!("../tests/data/pii/messages.ndjson")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            row.get("text").and_then(serde_json::Value::as_str).unwrap().to_owned()
        })
        .collect()
}

/// The floor of REDACTION: eight expressions that validate nothing.
fn union() -> regex::bytes::RegexSet {
    regex::bytes::RegexSetBuilder::new([
        r"(?-u:\b)\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}(?-u:\b)",
        r"(?-u:\b)[A-Z]{2}\d{2}[A-Z0-9]{11,30}(?-u:\b)",
        r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}",
        r"\+?\d[\d .-]{7,14}\d",
        r"(?-u:\b)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?-u:\b)",
        r"(?-u:\b)[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z](?-u:\b)",
        r"(?-u:\b)\d{3}-\d{2}-\d{4}(?-u:\b)",
        r"(?-u:\b)\d{11}(?-u:\b)",
    ])
    .unicode(false)
    .build()
    .unwrap()
}

fn speed(c: &mut Criterion) {
    let all = messages();
    let (ascii, other): (Vec<String>, Vec<String>) = all.iter().cloned().partition(|m| m.is_ascii());
    let redactor = Redactor::standard();
    let context = PiiContext::default();
    let union = union();
    let mut group = c.benchmark_group("redact");
    for (name, set) in [("all", &all), ("ascii", &ascii), ("not_ascii", &other)] {
        group.throughput(Throughput::Bytes(set.iter().map(|m| m.len() as u64).sum()));
        let mut found = Vec::new();
        group.bench_function(format!("detect/{name}"), |b| {
            b.iter(|| {
                let mut spans = 0;
                for message in set {
                    redactor.detect(message, &context, &mut found);
                    spans += found.len();
                }
                spans
            });
        });
        group.bench_function(format!("regex_union/{name}"), |b| {
            b.iter(|| set.iter().filter(|m| union.is_match(m.as_bytes())).count());
        });
    }
    group.finish();
}

fn build(c: &mut Criterion) {
    drop(Redactor::standard());
    c.bench_function("construct", |b| {
        b.iter_batched(|| (), |()| Redactor::builder().build(), BatchSize::SmallInput);
    });
}

criterion_group!(benches, speed, build);
criterion_main!(benches);
