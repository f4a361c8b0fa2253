//! Detection of personal data beside `leakguard`, `redact-core` and a union of expressions that validates nothing, on
//! the same messages in the same run.
#![allow(missing_docs, reason = "criterion declares a public function")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use galateo::detect::pii::{PiiContext, Redactor};

include!("../../redact_workload.rs");

/// Eight expressions for ASCII that validate nothing: the floor that a detector can be held to.
fn union() -> regex::bytes::Regex {
    let parts = [
        r"\b\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b",
        r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b",
        r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}",
        r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b",
        r"\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b",
        r"\b\d{3}-\d{2}-\d{4}\b",
        r"\b\d{11}\b",
        r"\+?\d[\d .-]{7,14}\d",
    ];
    regex::bytes::RegexBuilder::new(&parts.join("|")).unicode(false).build().unwrap()
}

fn compare(c: &mut Criterion) {
    let all = messages();
    let (ascii, other): (Vec<String>, Vec<String>) = all.iter().cloned().partition(|m| m.is_ascii());
    let (ours, context) = (Redactor::standard(), PiiContext::default());
    let leakguard = leakguard::Redactor::new();
    let core = redact_core::AnalyzerEngine::new();
    let union = union();
    for (name, set) in [("all", &all), ("ascii", &ascii), ("not_ascii", &other)] {
        let mut group = c.benchmark_group(format!("detect/{name}"));
        group.throughput(Throughput::Bytes(set.iter().map(|m| m.len() as u64).sum()));
        let mut found = Vec::new();
        group.bench_function("galateo", |b| {
            b.iter(|| {
                let one = |m: &String| {
                    ours.detect(m, &context, &mut found);
                    found.len()
                };
                set.iter().map(one).sum::<usize>()
            });
        });
        group.bench_function("union", |b| {
            b.iter(|| set.iter().map(|m| union.find_iter(m.as_bytes()).count()).sum::<usize>());
        });
        group.bench_function("leakguard", |b| {
            b.iter(|| set.iter().map(|m| leakguard.find(m).len()).sum::<usize>())
        });
        group.sample_size(10);
        group.bench_function("redact-core", |b| {
            b.iter(|| {
                set.iter().map(|m| core.analyze(m, None).unwrap().detected_entities.len()).sum::<usize>()
            });
        });
        group.finish();
    }
    let mut group = c.benchmark_group("construct");
    group.bench_function("galateo", |b| b.iter(|| Redactor::builder().build()));
    group.bench_function("leakguard", |b| b.iter(leakguard::Redactor::new));
    group.sample_size(10);
    group.bench_function("redact-core", |b| b.iter(redact_core::AnalyzerEngine::new));
    group.finish();
}

criterion_group!(benches, compare);
criterion_main!(benches);
