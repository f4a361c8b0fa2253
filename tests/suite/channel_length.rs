//! Lengths: the data file, and what holds for every text (R12).

use galateo::channel::{ChannelFacts, LengthRequest, measure, resolve_surface};
use serde::Deserialize;

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
