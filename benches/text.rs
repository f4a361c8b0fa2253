//! Folding, cutting and scanning messages as customers write them; and building the built-in lexicons.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use galateo::detect::{Detectors, ScanContext, Scratch};
use galateo::text::{Folded, Tokens};

include!("text_workload.rs");

fn stages(c: &mut Criterion) {
    let detectors = Detectors::builtin();
    let mut scratch = Scratch::default();
    let (mut folded, mut tokens) = (Folded::default(), Tokens::default());
    for (name, message) in MESSAGES {
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(message.len().try_into().unwrap_or(0)));
        group.bench_function("fold", |b| b.iter(|| folded.refold(black_box(message))));
        folded.refold(message);
        group.bench_function("tokens", |b| b.iter(|| tokens.read(&folded, black_box(message))));
        group.bench_function("scan", |b| {
            b.iter(|| {
                detectors.scan(black_box(message), &ScanContext::default(), &mut scratch).signals.len()
            });
        });
        group.finish();
    }
}

/// Takes a built-in pattern away, so that nothing compiled before can be shared.
const APART: &str = "lexicon = apart\nlanguage = it\n[profanity]\n- merda\n";

fn build(c: &mut Criterion) {
    let builder = Detectors::builder().lexicon(APART);
    c.bench_function("build the built-in lexicons", |b| b.iter(|| builder.clone().build()));
    c.bench_function("share the built-in lexicons", |b| b.iter(Detectors::builtin));
}

criterion_group!(benches, stages, build);
criterion_main!(benches);
