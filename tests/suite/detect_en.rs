//! The English development set: floors on the third that was kept aside.

use galateo::detect::{Detectors, SentimentClass, SignalKind};

use crate::scorer::Score;

const SET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/detect/en/dev.tsv");

#[test]
fn english_held_sentences_reach_the_floors() {
    let score = Score::of(&Detectors::builtin(), SET, "held");
    assert!(score.sentiment() >= 780, "sentiment {}", score.sentiment());
    let negative = score.classes.get(&SentimentClass::Negative).unwrap().recall();
    assert!(negative >= 770, "negative recall {negative}");
    assert!(score.intents() >= 900, "intents {}", score.intents());
    let crisis = score.families.get(&SignalKind::Crisis).unwrap().recall();
    assert!(crisis >= 850, "crisis {crisis}");
}
