//! The Italian development set: floors on the third that was kept aside.

use galateo::detect::{Detectors, SignalKind};

use crate::scorer::Score;

const SET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/detect/it/dev.tsv");

#[test]
fn italian_held_sentences_reach_the_floors() {
    let score = Score::of(&Detectors::builtin(), SET, "held");
    assert!(score.sentiment() >= 300, "sentiment {}", score.sentiment());
    assert!(score.intents() >= 300, "intents {}", score.intents());
    let crisis = score.families.get(&SignalKind::Crisis).unwrap().recall();
    assert!(crisis >= 100, "crisis {crisis}");
}
