//! Detection speed on messages as long as customers write them, and the cost of building a redactor.
//!
//! `cargo bench --bench redact`; the same messages go through other tools in `benches/peers`.
#![expect(clippy::as_conversions, clippy::unwrap_used, reason = "a bench fails by panicking")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use galateo::detect::pii::{PiiContext, Redactor};

include!("redact_workload.rs");

fn speed(c: &mut Criterion) {
    let all = messages();
    let (ascii, other): (Vec<String>, Vec<String>) = all.iter().cloned().partition(|m| m.is_ascii());
    let redactor = Redactor::standard();
    let context = PiiContext::default();
    let mut group = c.benchmark_group("redact");
    for (name, set) in [("all", &all), ("ascii", &ascii), ("not_ascii", &other)] {
        group.throughput(Throughput::Bytes(set.iter().map(|m| m.len() as u64).sum()));
        let mut found = Vec::new();
        group.bench_function(format!("detect/{name}"), |b| {
            b.iter(|| {
                set.iter()
                    .map(|message| {
                        redactor.detect(message, &context, &mut found);
                        found.len()
                    })
                    .sum::<usize>()
            });
        });
    }
    group.bench_function("redact/all", |b| {
        b.iter(|| all.iter().map(|message| redactor.redact(message, &context).text.len()).sum::<usize>());
    });
    group.finish();
}

/// The slowest texts known beside the slowest ordinary one, which is the first.
fn worst(c: &mut Criterion) {
    let redactor = Redactor::standard();
    let context = PiiContext::default();
    let mut group = c.benchmark_group("redact/worst");
    for piece in ["340 765 4321, ", "1234 a ", "pin:", "it60 ", "1a:", "12,5 ", "n. 1 "] {
        let text = piece.repeat(2048);
        group.throughput(Throughput::Bytes(text.len() as u64));
        let mut found = Vec::new();
        group.bench_function(piece, |b| {
            b.iter(|| {
                redactor.detect(&text, &context, &mut found);
                found.len()
            });
        });
    }
    group.finish();
}

fn build(c: &mut Criterion) {
    drop(Redactor::standard());
    c.bench_function("redact/construct", |b| {
        b.iter_batched(|| (), |()| Redactor::builder().build(), BatchSize::SmallInput);
    });
}

criterion_group!(benches, speed, worst, build);
criterion_main!(benches);
