//! The Italian development set: floors on the part that was kept aside while the lexicons were written.

use galateo::detect::{Detectors, SentimentClass, SignalKind};

use crate::scorer::Score;

const SET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/detect/it/dev.tsv");

#[test]
fn italian_held_sentences_reach_the_floors() {
    let score = Score::of(&Detectors::builtin(), SET, "held");
    assert!(score.sentiment() >= 730, "sentiment {}", score.sentiment());
    assert!(score.classes.get(&SentimentClass::Negative).unwrap().f1() >= 760, "{:?}", score.classes);
    assert!(score.intents() >= 900, "intents {}", score.intents());
    assert!(score.flagged() <= 70, "tricky negatives {:?}", score.tricky);
    let crisis = score.families.get(&SignalKind::Crisis).unwrap().recall();
    assert!(crisis >= 700, "crisis {crisis}");
}

#[test]
fn italian_sentences_used_for_tuning_stay_right() {
    let score = Score::of(&Detectors::builtin(), SET, "tune");
    assert!(score.sentiment() >= 900 && score.intents() >= 930, "{:#?}", score.errors);
}
