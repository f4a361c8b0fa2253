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

fn build(c: &mut Criterion) {
    drop(Redactor::standard());
    c.bench_function("redact/construct", |b| {
        b.iter_batched(|| (), |()| Redactor::builder().build(), BatchSize::SmallInput);
    });
}

criterion_group!(benches, speed, build);
criterion_main!(benches);
