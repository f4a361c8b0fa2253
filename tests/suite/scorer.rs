//! Scores detectors on a labelled development set: F1 by class and by family, and tricky negatives flagged.

use std::collections::BTreeMap;
use std::fs;

use galateo::detect::{
    Confidence, Detectors, ScanContext, Scratch, SentimentClass, SignalKind, Signals, Speaker,
};

/// The confidence from which hosts act.
const ACT: Confidence = Confidence::new(500);

/// The families that the macro mean is taken over.
const FAMILIES: [SignalKind; 13] = [
    SignalKind::Promise,
    SignalKind::Apology,
    SignalKind::LegalThreat,
    SignalKind::FormalComplaint,
    SignalKind::HumanRequest,
    SignalKind::Churn,
    SignalKind::Refund,
    SignalKind::PaymentProblem,
    SignalKind::OrderStatus,
    SignalKind::AccountAccess,
    SignalKind::DataRequest,
    SignalKind::Crisis,
    SignalKind::ThanksClosing,
];

/// A labelled line: `split<TAB>speaker<TAB>sentiment<TAB>intents<TAB>text`.
struct Case {
    speaker: Speaker,
    feels: SentimentClass,
    shows: Vec<SignalKind>,
    lacks: Vec<SignalKind>,
    text: String,
}

impl Case {
    /// Reads a line of the wanted split; `!kind` among the intents marks a tricky negative.
    fn read(line: &str, split: &str) -> Option<Self> {
        let mut fields = line.split('\t');
        if fields.next()? != split {
            return None;
        }
        let speaker = if fields.next()? == "agent" { Speaker::Agent } else { Speaker::Customer };
        let feels = match fields.next()? {
            "negative" => SentimentClass::Negative,
            "positive" => SentimentClass::Positive,
            _ => SentimentClass::Neutral,
        };
        let kinds: Vec<&str> = fields.next()?.split(',').filter(|kind| *kind != "-").collect();
        let kind = |word: &str| SignalKind::from_word(word).unwrap();
        let lacks = kinds.iter().filter_map(|word| word.strip_prefix('!')).map(kind).collect();
        let shows = kinds.iter().filter(|word| !word.starts_with('!')).map(|word| kind(word)).collect();
        Some(Self { speaker, feels, shows, lacks, text: fields.next()?.to_owned() })
    }
}

/// Hits, false alarms and misses of one class.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) hits: u32,
    pub(crate) alarms: u32,
    pub(crate) misses: u32,
}

impl Tally {
    fn add(&mut self, found: bool, wanted: bool) {
        match (found, wanted) {
            (true, true) => self.hits += 1,
            (true, false) => self.alarms += 1,
            (false, true) => self.misses += 1,
            (false, false) => {}
        }
    }

    /// F1 in thousandths.
    pub(crate) fn f1(self) -> u32 {
        (2000 * self.hits).checked_div(2 * self.hits + self.alarms + self.misses).unwrap_or(1000)
    }

    /// Recall in thousandths.
    pub(crate) fn recall(self) -> u32 {
        (1000 * self.hits).checked_div(self.hits + self.misses).unwrap_or(1000)
    }
}

/// What the detectors reached on one split.
#[derive(Debug, Default)]
pub(crate) struct Score {
    pub(crate) classes: BTreeMap<SentimentClass, Tally>,
    pub(crate) families: BTreeMap<SignalKind, Tally>,
    /// Tricky negatives, and how many of them were flagged.
    pub(crate) tricky: (u32, u32),
    /// What went wrong, line by line.
    pub(crate) errors: Vec<String>,
}

impl Score {
    /// Runs the detectors over one split of a development set.
    pub(crate) fn of(detectors: &Detectors, path: &str, split: &str) -> Self {
        let mut scratch = Scratch::default();
        let mut score = Self::default();
        for case in fs::read_to_string(path).unwrap().lines().filter_map(|line| Case::read(line, split)) {
            let context = ScanContext { speaker: Some(case.speaker), ..ScanContext::default() };
            score.add(&case, detectors.scan(&case.text, &context, &mut scratch));
        }
        score
    }

    fn add(&mut self, case: &Case, signals: &Signals) {
        if case.speaker == Speaker::Customer {
            for class in [SentimentClass::Negative, SentimentClass::Neutral, SentimentClass::Positive] {
                let tally = self.classes.entry(class).or_default();
                tally.add(signals.sentiment.class == class, case.feels == class);
            }
            if signals.sentiment.class != case.feels {
                let Case { feels, text, .. } = case;
                self.errors.push(format!("{feels:?} read {:?}: {text}", signals.sentiment));
            }
        }
        let found = |kind: &SignalKind| signals.strongest(kind).is_some_and(|s| s.confidence >= ACT);
        for kind in FAMILIES.iter().chain(&[SignalKind::Profanity]) {
            let wanted = case.shows.contains(kind);
            self.families.entry(kind.clone()).or_default().add(found(kind), wanted);
            if found(kind) != wanted {
                self.errors.push(format!(
                    "{kind:?} {}: {}",
                    if wanted { "missed" } else { "wrong" },
                    case.text
                ));
            }
        }
        for kind in &case.lacks {
            self.tricky.0 += 1;
            self.tricky.1 += u32::from(found(kind));
        }
    }

    /// The mean F1 of the three classes, in thousandths.
    pub(crate) fn sentiment(&self) -> u32 {
        self.classes.values().map(|tally| tally.f1()).sum::<u32>() / 3
    }

    /// The mean F1 of the thirteen families, in thousandths.
    pub(crate) fn intents(&self) -> u32 {
        FAMILIES.iter().map(|kind| self.families.get(kind).map_or(0, |tally| tally.f1())).sum::<u32>() / 13
    }

    /// Tricky negatives flagged, in thousandths.
    pub(crate) fn flagged(&self) -> u32 {
        (1000 * self.tricky.1).checked_div(self.tricky.0).unwrap_or(0)
    }
}
