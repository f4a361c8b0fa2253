//! What must hold for every text: spans, bounded work, the same answer always.

use std::fmt::Write as _;
use std::sync::LazyLock;

use galateo::Limits;
use galateo::detect::{Detectors, ScanContext, Scratch};
use galateo::text::Folded;
use proptest::prelude::*;

static DETECTORS: LazyLock<Detectors> = LazyLock::new(Detectors::builtin);

fn json(text: &str, scratch: &mut Scratch) -> String {
    serde_json::to_string(DETECTORS.scan(text, &ScanContext::default(), scratch)).unwrap()
}

/// Texts that have something in them: words of the lexicons, disguises, and whatever Unicode has.
fn texts() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => prop::sample::select(vec![
            "rimborso", "RIMBORSO", "avvocato", "non", "cazzo", "c4zz0", "c***o", "c a z z o", "ｆｕｃｋ", "fu\u{200B}ck", "refund",
            "lawyer", "sue you", "grazie", "perché", "it's", "dell'ordine", "😡", ":)", "<3", "24h", "50 €", "@a_b", "#no",
            "www.a.it", "a@b.it", "sh!t", "bastaaaa", "…", "ß", "ﬁ", "е\u{301}", "not good", "entro 24 ore",
        ]).prop_map(str::to_owned),
        2 => "\\PC{0,6}",
        1 => "[a-zàè'.,!?*@$0-9 \n\u{200D}\u{300}]{0,12}",
    ];
    prop::collection::vec(
        (word, prop::sample::select(vec![" ", " ", " ", ", ", ". ", "! ", "? ", "", "\n", " - "])),
        0..14,
    )
    .prop_map(|parts| {
        parts.into_iter().fold(String::new(), |mut text, (word, gap)| {
            write!(text, "{word}{gap}").unwrap();
            text
        })
    })
}

fn cases() -> u32 {
    std::env::var("GALATEO_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(400)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn every_span_lies_on_character_boundaries_and_its_slice_folds_to_what_was_matched(text in texts()) {
        let mut scratch = Scratch::default();
        let signals = DETECTORS.scan(&text, &ScanContext::default(), &mut scratch).clone();
        let promised = signals.promises.iter().flat_map(|p| [Some(p.span), p.deadline, p.amount]).flatten();
        let spans: Vec<_> = signals.signals.iter().map(|s| s.span).chain(promised).collect();
        for span in spans {
            let slice = text.get(span.range());
            prop_assert!(slice.is_some_and(|slice| !slice.is_empty()), "{:?}", span);
            let again = Folded::new(slice.unwrap());
            prop_assert!(scratch.folded().as_str().contains(again.as_str()));
        }
    }

    #[test]
    fn the_same_text_gives_the_same_bytes_whatever_was_scanned_before(text in texts(), before in texts()) {
        let mut used = Scratch::default();
        json(&before, &mut used);
        prop_assert_eq!(json(&text, &mut used), json(&text, &mut Scratch::default()));
    }

    #[test]
    fn a_lexicon_of_any_kind_is_read_or_refused_and_never_panics(text in "(\\[[a-z]{3,9}( [a-zA-Z]{1,8})?\\]|[A-Z]{1,4}( \\.\\.[0-9])?|[0-9]{1,4}|[a-z*{},|=&#-]{0,9}| |\n|unless |\\PC){0,60}") {
        let (detectors, _) = Detectors::builder().without_built_in().lexicon(&text).build_leniently();
        detectors.scan(&text, &ScanContext::default(), &mut Scratch::default());
    }
}

#[test]
fn eight_threads_give_the_same_bytes_as_one() {
    let texts =
        ["Voglio il rimborso, cazzo!", "I will sue you, f**k", "grazie mille :)", "wo ist mein paket"];
    let one: Vec<String> = texts.iter().map(|text| json(text, &mut Scratch::default())).collect();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    texts.iter().map(|text| json(text, &mut Scratch::default())).collect::<Vec<_>>()
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), one);
        }
    });
}

/// Texts that drive a careless scanner into the wall.
const FLOODS: [&str; 24] = [
    "a",
    "a ",
    "ab ",
    "non ",
    "non non ricevuto ",
    "voglio ",
    "voglio il rimborso ",
    "i want ",
    "c a z z o ",
    "c*",
    "c4",
    "*",
    "@",
    "@a",
    "#a ",
    ".",
    "...",
    "?!",
    "(",
    "aaa",
    "è",
    "\u{301}",
    "\u{200B}",
    "avvocato causa denuncia ",
];

#[test]
fn the_work_grows_with_the_text_and_no_faster() {
    let limits = Limits { message_bytes: usize::MAX, ..Limits::DEFAULT };
    let detectors = Detectors::builder().limits(limits).build().unwrap();
    let mut scratch = Scratch::default();
    for flood in FLOODS {
        let mut work = |bytes: usize| {
            detectors.scan(&flood.repeat(bytes / flood.len()), &ScanContext::default(), &mut scratch);
            scratch.work()
        };
        let (small, large) = (work(1024), work(16_384));
        assert!(large <= 17 * small.max(64), "{flood:?}: {small} for 1 KiB, {large} for 16 KiB");
        assert!(large <= 64 * 16_384, "{flood:?}: {large} steps for 16 KiB");
    }
}

#[test]
fn a_text_beyond_the_limit_is_read_to_the_limit_and_the_result_says_so() {
    let limits = Limits { message_bytes: 32, signals: 2, ..Limits::DEFAULT };
    let detectors = Detectors::builder().limits(limits).build().unwrap();
    let mut scratch = Scratch::default();
    let text = "è ".repeat(100_000) + "cazzo";
    let signals = detectors.scan(&text, &ScanContext::default(), &mut scratch);
    assert!(signals.degraded && signals.signals.is_empty());
    let signals = detectors.scan("merda, merda, merda, merda", &ScanContext::default(), &mut scratch);
    assert!(signals.degraded && signals.signals.len() == 2);
}
