//! The bar of the redactor on the project's own set (R22): F1, leaks, clean messages touched, recall by style.

use std::collections::BTreeMap;

use galateo::detect::pii::{PiiContext, PiiSpan, Redactor};
use galateo::model::Language;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) lang: String,
    pub(crate) style: String,
    pub(crate) text: String,
    pub(crate) spans: Vec<Truth>,
}

#[derive(Deserialize)]
pub(crate) struct Truth {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: String,
}

pub(crate) fn rows() -> Vec<Row> {
    read(include_str!("../data/pii/messages.ndjson"))
}

fn read(file: &str) -> Vec<Row> {
    file.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Whether two spans share at least half of each.
fn meets(truth: &Truth, span: &PiiSpan) -> bool {
    let common = truth.end.min(span.end).saturating_sub(truth.start.max(span.start));
    common * 2 >= truth.end - truth.start && common * 2 >= span.end - span.start
}

#[derive(Default)]
struct Tally {
    hit: u32,
    missed: u32,
    false_hits: u32,
}

impl Tally {
    fn f1(&self) -> f64 {
        2.0 * f64::from(self.hit) / f64::from(2 * self.hit + self.missed + self.false_hits).max(1.0)
    }

    fn recall(&self) -> f64 {
        f64::from(self.hit) / f64::from(self.hit + self.missed).max(1.0)
    }
}

#[test]
fn the_bar_of_redaction_holds_on_the_projects_own_messages() {
    measure(rows());
}

/// Written by the same hand to break the detectors, values by an independent program. At first sight F1 was 0.985 (plain 0.983),
/// 11 of 533 messages leaked and 6 of 448 clean ones were touched; since then it is known, and proves less.
#[test]
fn the_bar_of_redaction_holds_on_phrasings_that_the_generator_does_not_know() {
    measure(read(include_str!("../data/pii/unseen.ndjson")));
}

/// The same once more, after what the first set taught: at first sight F1 was 0.963 (plain 0.946), 6 of 222 messages
/// leaked, 11 of 196 clean ones were touched, 6 of 68 order numbers shaped like telephone numbers were hidden.
#[test]
fn the_bar_of_redaction_holds_on_further_phrasings() {
    measure(read(include_str!("../data/pii/unseen_again.ndjson")));
}

fn measure(rows: Vec<Row>) {
    let redactor = Redactor::standard();
    let mut all = Tally::default();
    let mut styles: BTreeMap<String, Tally> = BTreeMap::new();
    let (mut with, mut leaking, mut clean, mut touched, mut orders, mut orders_touched, mut kinds_right) =
        (0, 0, 0, 0, 0, 0, 0);
    for row in rows {
        let context = PiiContext { language: Language::from_tag(&row.lang), ..PiiContext::default() };
        let found = redactor.find(&row.text, &context);
        let missed: Vec<&Truth> = row.spans.iter().filter(|t| !found.iter().any(|s| meets(t, s))).collect();
        let wrong = found.iter().filter(|s| !row.spans.iter().any(|t| meets(t, s))).count() as u32;
        let hits = (row.spans.len() - missed.len()) as u32;
        kinds_right += row
            .spans
            .iter()
            .filter(|t| found.iter().any(|s| meets(t, s) && s.kind.as_str() == t.kind))
            .count();
        for tally in [&mut all, styles.entry(row.style.clone()).or_default()] {
            tally.hit += hits;
            tally.missed += missed.len() as u32;
            tally.false_hits += wrong;
        }
        if row.spans.is_empty() {
            clean += 1;
            touched += u32::from(!found.is_empty());
            if row.style == "order" {
                orders += 1;
                orders_touched += u32::from(!found.is_empty());
            }
        } else {
            with += 1;
            leaking += u32::from(!missed.is_empty());
        }
        if !missed.is_empty() || wrong > 0 {
            let kinds: Vec<&str> = missed.iter().map(|t| t.kind.as_str()).collect();
            println!(
                "{} {} {:?}\n    missed {kinds:?} found {:?}",
                row.lang,
                row.style,
                row.text,
                found.iter().map(|s| (s.start, s.end, s.kind, s.confidence)).collect::<Vec<_>>()
            );
        }
    }
    println!(
        "F1 {:.4}  leaking {leaking}/{with}  clean touched {touched}/{clean}  orders {orders_touched}/{orders}  kinds right {kinds_right}/{}",
        all.f1(),
        all.hit + all.missed
    );
    for (style, tally) in &styles {
        println!(
            "{style:12} F1 {:.3} recall {:.3} of {}",
            tally.f1(),
            tally.recall(),
            tally.hit + tally.missed
        );
    }
    assert!(all.f1() >= 0.98 && styles["plain"].f1() >= 0.99);
    assert!(f64::from(leaking) <= 0.015 * f64::from(with));
    assert!(f64::from(touched) <= 0.01 * f64::from(clean));
    assert!(f64::from(orders_touched) <= 0.10 * f64::from(orders));
    for (style, floor) in [("disguised", 0.97), ("separators", 0.97), ("line", 0.97), ("spelled", 0.90)] {
        assert!(styles[style].recall() >= floor, "{style}");
    }
}
