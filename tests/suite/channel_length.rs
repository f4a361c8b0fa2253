//! Lengths: the data file, and what holds for every text (R12).

use galateo::channel::{
    ChannelFacts, Counting, LengthRequest, Naming, OfficialAccount, OfficialAccounts, Tlds, find_accounts,
    links, measure, measure_with, resolve_surface,
};
use galateo::model::Channel;
use proptest::prelude::*;
use serde::Deserialize;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

#[derive(Deserialize)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    surface: String,
    text: String,
    /// How often the text is repeated.
    #[serde(default = "once")]
    times: usize,
    #[serde(default)]
    then: String,
    used: u32,
    limit: Option<u32>,
    unit: Option<String>,
    fits: Option<bool>,
    cut: Option<usize>,
    parts: Option<u32>,
}

fn once() -> usize {
    1
}

#[test]
fn lengths_are_as_the_networks_count_them() {
    let file: File = toml::from_str(include_str!("../data/channel/length.toml")).unwrap();
    let mut wrong = Vec::new();
    for case in &file.case {
        let text = case.text.repeat(case.times) + &case.then;
        let surface = resolve_surface(&case.surface).unwrap();
        let length = measure(&text, &surface);
        let agrees = length.used == case.used
            && case.limit.is_none_or(|limit| length.limit == Some(limit))
            && case.unit.as_ref().is_none_or(|unit| length.unit.as_str() == unit)
            && case.fits.is_none_or(|fits| length.fits == fits)
            && case.cut.is_none_or(|cut| length.safe_cut == cut)
            && case.parts.is_none_or(|parts| length.parts == parts);
        if !agrees {
            wrong.push(format!("{}: expected {}, got {length:?}", case.name, case.used));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), file.case.len(), wrong.join("\n"));
}

#[test]
fn a_request_with_a_field_too_many_is_refused_and_its_debug_shows_no_text() {
    let read = serde_json::from_str::<LengthRequest>;
    assert!(read(r#"{"text": "a", "surface": "x", "lang": "it"}"#).is_err());
    let request = read(r#"{"text": "canary", "surface": "x"}"#).unwrap();
    assert!(!format!("{request:?}").contains("canary"));
    let nowhere = read(r#"{"text": "a", "surface": "??"}"#).unwrap();
    assert!(nowhere.answer(ChannelFacts::built_in()).is_err());
}

#[test]
fn a_surface_without_a_published_limit_has_none() {
    for text in ["web_chat", "email", "threads", "apple_messages"] {
        let length = measure("ciao 👋", &resolve_surface(text).unwrap());
        assert_eq!((length.used, length.limit, length.fits), (7, None, true), "{text}");
    }
}

/// Pieces that matter to counting, glued at random.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        proptest::sample::select(vec![
            "a",
            "è",
            "e\u{301}",
            "故",
            "한",
            "\u{1112}\u{1161}\u{11AB}",
            " ",
            "\r\n",
            "…",
            "€",
            "[CARD_1]",
            "[IBAN_12]",
            "@anna",
            "@anna@mastodon.example",
            "@",
            "http://",
            "https://example.com/a(b)",
            "example.com",
            ".it",
            ".",
            "/",
            "?q=1",
            "mario.it@example",
            "t.co/abc",
            "👨‍👩‍👧‍👦",
            "🙋🏽",
            "🇮🇹",
            "🇽",
            "1️⃣",
            "❤️",
            "❤︎",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "\u{200D}",
            "\u{FE0F}",
            "\u{202A}",
            "\u{0600}",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "日本語日本語日本語日本語日本語日本語",
        ])
        .prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn splits_a_mark(text: &str, at: usize) -> bool {
    ["[CARD_1]", "[IBAN_12]"]
        .iter()
        .any(|mark| text.match_indices(mark).any(|(start, _)| start < at && at < start + mark.len()))
}

proptest! {
    #[test]
    fn a_text_fits_exactly_when_it_uses_no_more_than_the_limit_and_the_cut_fits(text in text(), limit in 1_u32..200) {
        let bounds: Vec<usize> = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]).collect();
        let shortened = if is_nfc(&text) { links(&text, true, Tlds::built_in()) } else { Vec::new() };
        for surface in ["x", "instagram_dm", "bluesky", "mastodon", "sms", "whatsapp"] {
            let surface = resolve_surface(surface).unwrap();
            let mut lowered = ChannelFacts::built_in().surface(&surface).unwrap().clone();
            lowered.caps.iter_mut().for_each(|cap| cap.limit = limit);
            let mut facts = ChannelFacts::default();
            facts.replace(lowered);
            let counting = Counting::default();
            let length = measure_with(&text, &surface, &facts, &counting);
            prop_assert_eq!(length.fits, length.limit.is_none_or(|limit| length.used <= limit));
            prop_assert!(length.safe_cut <= text.len() && text.is_char_boundary(length.safe_cut));
            prop_assert!(bounds.contains(&length.safe_cut));
            prop_assert!(!splits_a_mark(&text, length.safe_cut));
            prop_assert_eq!(length.fits, length.safe_cut == text.len());
            for link in &shortened {
                prop_assert!(!(link.start < length.safe_cut && length.safe_cut < link.end));
            }
            let start = measure_with(&text[..length.safe_cut], &surface, &facts, &counting);
            prop_assert!(start.fits, "{:?}", start);
        }
    }

    #[test]
    fn a_longer_text_never_counts_less_where_nothing_is_shortened(text in text(), more in text()) {
        for surface in ["instagram_dm", "whatsapp", "bluesky"] {
            let surface = resolve_surface(surface).unwrap();
            let whole = format!("{text}{more}");
            let (short, long) = (measure(&text, &surface), measure(&whole, &surface));
            prop_assert!(short.unit != long.unit || short.used <= long.used);
        }
    }

    #[test]
    fn links_are_in_order_and_within_the_text(text in text()) {
        let mut end = 0;
        for link in links(&text, true, Tlds::built_in()) {
            prop_assert!(end <= link.start && link.start <= link.host_start);
            prop_assert!(link.host_start < link.host_end && link.host_end <= link.end);
            prop_assert!(text.get(link.start..link.end).is_some());
            end = link.end;
        }
        prop_assert!(end <= text.len());
    }

    #[test]
    fn composed_and_decomposed_text_count_the_same_on_x(text in "[a-zàèéìòùñüç .,!]{0,80}") {
        let x = resolve_surface("x").unwrap();
        let decomposed: String = text.nfd().collect();
        prop_assert_eq!(measure(&text, &x).used, measure(&decomposed, &x).used);
    }

    #[test]
    fn reading_a_surface_never_fails_badly(text in any::<String>()) {
        let _ = resolve_surface(&text);
    }

    #[test]
    fn findings_are_spans_of_the_draft(text in text()) {
        let official = OfficialAccounts::new([OfficialAccount::new(Channel::X, "AcmeCare")], ["example.com"]);
        let naming = Naming { facts: ChannelFacts::built_in(), official: &official, participants: &["anna"] };
        for finding in find_accounts(&text, &naming) {
            prop_assert!(finding.start < finding.end && text.get(finding.start..finding.end).is_some());
        }
    }
}
