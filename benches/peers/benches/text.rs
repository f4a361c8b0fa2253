//! All signals of a message in one pass, beside the crates a host would otherwise run one after another: a port of
//! VADER, a profanity filter, a language identifier, and a reader of confusable characters.
#![allow(missing_docs, reason = "criterion declares a public function")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use galateo::detect::{Detectors, ScanContext, Scratch};
use rustrict::CensorStr;
use vader_parity::SentimentIntensityAnalyzer;

include!("../../text_workload.rs");

fn compare(c: &mut Criterion) {
    let detectors = Detectors::builtin();
    let vader = SentimentIntensityAnalyzer::new();
    let mut scratch = Scratch::default();
    for (name, message) in MESSAGES {
        let mut group = c.benchmark_group(name);
        let mut scan =
            |text: &str| detectors.scan(text, &ScanContext::default(), &mut scratch).sentiment.score;
        let feel = |text: &str| vader.polarity_scores(text).compound;
        let curse = |text: &str| text.is_inappropriate();
        let tell = |text: &str| whatlang::detect(text).map(|found| found.lang());
        let cure = |text: &str| decancer::cure!(text).map(|cured| cured.len());
        group.bench_function("galateo", |x| x.iter(|| scan(black_box(message))));
        group.bench_function("vader-parity", |x| x.iter(|| feel(black_box(message))));
        group.bench_function("rustrict", |x| x.iter(|| curse(black_box(message))));
        group.bench_function("whatlang", |x| x.iter(|| tell(black_box(message))));
        group.bench_function("decancer", |x| x.iter(|| cure(black_box(message))));
        group.bench_function("the four, one after another", |x| {
            x.iter(|| {
                let text = black_box(message);
                (feel(text), curse(text), tell(text), cure(text).ok())
            });
        });
        group.finish();
    }
}

criterion_group!(benches, compare);
criterion_main!(benches);
