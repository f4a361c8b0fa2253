//! Vendor payloads become events: the fixtures of `tests/data/interop`, and what no payload may do (R1).

use std::fmt::Write as _;

use galateo::interop::{Connection, OwnMessages, TimeFormat, Vendor, instant, plain_text};
use galateo::model::{AccountId, Actor, Event, EventKind, Message};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;

const FIXTURES: &[(&str, &str)] = &[
    ("chatwoot", include_str!("../data/interop/chatwoot.toml")),
    ("instagram", include_str!("../data/interop/instagram.toml")),
    ("mastodon", include_str!("../data/interop/mastodon.toml")),
    ("messenger", include_str!("../data/interop/messenger.toml")),
    ("telegram", include_str!("../data/interop/telegram.toml")),
    ("whatsapp", include_str!("../data/interop/whatsapp.toml")),
    ("x", include_str!("../data/interop/x.toml")),
    ("zammad", include_str!("../data/interop/zammad.toml")),
    ("zendesk", include_str!("../data/interop/zendesk.toml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixtures {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    own: Vec<AccountId>,
    #[serde(default)]
    listens: bool,
    payload: String,
    #[serde(default)]
    events: Vec<String>,
    #[serde(default)]
    error: Option<String>,
}

impl Case {
    fn connection(&self) -> Connection {
        let own_messages = if self.listens { OwnMessages::Reply } else { OwnMessages::Echo };
        Connection { own: self.own.clone(), own_messages }
    }
}

fn cases() -> Vec<(Vendor, Case)> {
    FIXTURES
        .iter()
        .flat_map(|(vendor, text)| {
            let fixtures: Fixtures = toml::from_str(text).unwrap_or_else(|error| panic!("{vendor}: {error}"));
            let vendor = Vendor::from_word(vendor).unwrap();
            fixtures.case.into_iter().map(move |case| (vendor, case))
        })
        .collect()
}

/// One event on one line, as the fixtures write it.
fn line(event: &Event) -> String {
    let by = match &event.by {
        Actor::Agent(id) => format!("agent:{id}"),
        Actor::Bot(id) => format!("bot:{id}"),
        Actor::Customer(id) => format!("customer:{id}"),
        by => by.role().as_str().to_owned(),
    };
    let Event { id, at, conversation, what, .. } = event;
    format!("{id} | {at} | {conversation} | {by} | {}", kind(what))
}

fn kind(what: &EventKind) -> String {
    match what {
        EventKind::Message(message) => said(message),
        EventKind::Edited(edited) => format!("edited {} {:?}", edited.message, edited.text.expose()),
        EventKind::Deleted(deleted) => format!("deleted {}", deleted.message),
        EventKind::Status(change) => format!("status {}", change.to.as_str()),
        EventKind::Priority(change) => format!("priority {}", change.to.as_str()),
        EventKind::Opened(opened) => format!("opened by {}", opened.by.as_str()),
        EventKind::Rated(rated) => format!("rated {}", rated.stars.get()),
        EventKind::Reaction(reaction) => format!("reaction {} {:?}", reaction.message, reaction.favourable),
        EventKind::Tagged(tagged) => format!("tagged {:?} {:?}", tagged.add, tagged.remove),
        EventKind::Assigned(assigned) => format!("assigned {:?} {:?}", assigned.queue, assigned.agent),
        EventKind::Delivery(delivery) => format!("delivery {} {}", delivery.message, delivery.state.as_str()),
        EventKind::IdentityMerged(merged) => format!("identity_merged {}", merged.other),
        EventKind::Merged(link) => format!("merged {}", link.conversation),
        EventKind::Other(word) => format!("other {}", word.as_str()),
        what => what.name().to_owned(),
    }
}

fn said(message: &Message) -> String {
    let mut out = format!("{} {:?}", message.surface, message.text.expose());
    if let Some(handle) = &message.handle {
        let _ = write!(out, " handle={}", handle.expose());
    }
    if let Some(id) = &message.id {
        let _ = write!(out, " id={id}");
    }
    if let Some(to) = &message.in_reply_to {
        let _ = write!(out, " to={to}");
    }
    if let Some(quoted) = &message.quoted {
        let _ = write!(out, " quoted={:?}", quoted.expose());
    }
    if let Some(language) = &message.language {
        let _ = write!(out, " lang={}", language.tag());
    }
    for attachment in &message.attachments {
        let _ = write!(out, " +{}", attachment.kind);
        if let Some(name) = &attachment.name {
            let _ = write!(out, "({})", name.expose());
        }
    }
    out + if message.addressed { "" } else { " unaddressed" } + if message.echo { " echo" } else { "" }
}

#[test]
fn payloads_of_every_vendor_become_the_events_they_say_r1() {
    let mut wrong = Vec::new();
    for (vendor, case) in cases() {
        let (events, error) = match vendor.read(&case.payload, &case.connection()) {
            Ok(events) => (events.iter().map(line).collect(), None),
            Err(error) => (Vec::new(), Some(format!("{} {}", error.code(), error.path()))),
        };
        if (&events, &error) != (&case.events, &case.error) {
            let error = error.map(|error| format!("\nerror = '''{error}'''")).unwrap_or_default();
            let shown: String = events.iter().map(|event| format!("\n    '''{event}''',")).collect();
            wrong.push(format!("{} / {}:\nevents = [{shown}\n]{error}", vendor.as_str(), case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_vendor_has_ordinary_odd_and_refused_payloads() {
    for vendor in Vendor::ALL {
        let own: Vec<Case> = cases().into_iter().filter(|(v, _)| v == vendor).map(|(_, case)| case).collect();
        assert!(own.iter().filter(|case| case.error.is_none()).count() >= 4, "{}", vendor.as_str());
        assert!(own.iter().any(|case| case.error.is_some()), "{}", vendor.as_str());
        assert!(
            own.iter().any(|case| case.events.iter().any(|event| event.contains("| other "))),
            "{vendor:?}"
        );
    }
}

#[test]
fn the_same_payload_twice_gives_the_same_names_so_that_a_repeated_delivery_changes_nothing() {
    for (vendor, case) in cases() {
        let read = || vendor.read(&case.payload, &case.connection());
        assert_eq!(read(), read(), "{}", case.name);
    }
}

/// Every payload that differs from `value` in one place, which holds `other` or nothing.
fn variants(value: &Value, other: &Value) -> Vec<Value> {
    let mut all = vec![other.clone(), Value::Null];
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                for variant in variants(field, other) {
                    let mut changed = fields.clone();
                    changed.insert(name.clone(), variant);
                    all.push(Value::Object(changed));
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for variant in variants(item, other) {
                    let mut changed = items.clone();
                    changed[index] = variant;
                    all.push(Value::Array(changed));
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn a_payload_that_is_wrong_in_any_one_place_is_read_or_refused_without_showing_what_it_held() {
    let canary = "mario.rossi@example.com\u{202e}";
    let others =
        [Value::from(canary), Value::from(1.5e30), Value::from(-7), serde_json::json!([{canary: canary}])];
    let (mut read, mut refused) = (0, 0);
    for (vendor, case) in cases() {
        let Ok(payload) = serde_json::from_str::<Value>(&case.payload) else { continue };
        for variant in others.iter().flat_map(|other| variants(&payload, other)) {
            match vendor.events(&variant, &case.connection()) {
                Ok(_) => read += 1,
                Err(error) => {
                    let shown = format!("{error} {error:?} {error:#?} {} {}", error.code(), error.path());
                    assert!(!shown.contains("mario"), "{}: {shown}", case.name);
                    refused += 1;
                }
            }
        }
    }
    assert!(read > 1000 && refused > 1000, "{read} read, {refused} refused");
}

#[test]
fn what_is_no_json_is_refused_without_quoting_it() {
    let error =
        Vendor::X.read(r#"{"text": "mario.rossi@example.com", }"#, &Connection::default()).unwrap_err();
    assert_eq!(error.to_string(), "the payload is not JSON");
    assert_eq!((error.code(), error.path()), ("interop_json", ""));
}

#[test]
fn instants_are_read_in_their_documented_format_and_never_guessed() {
    #[derive(Deserialize)]
    struct Table {
        case: Vec<Row>,
    }
    #[derive(Deserialize)]
    struct Row {
        value: toml::Value,
        format: String,
        at: Option<String>,
    }
    let table: Table = toml::from_str(include_str!("../data/interop/instants.toml")).unwrap();
    for Row { value, format, at } in table.case {
        let format = match format.as_str() {
            "millis" => TimeFormat::Millis,
            "seconds" => TimeFormat::Seconds,
            "written" => TimeFormat::Written,
            other => panic!("{other}"),
        };
        let value = serde_json::to_value(&value).unwrap();
        let read = instant(&value, format).ok().map(|at| at.to_string());
        assert_eq!(read, at, "{value} as {format:?}");
    }
}

#[test]
fn html_becomes_the_text_that_a_reader_sees() {
    #[derive(Deserialize)]
    struct Table {
        case: Vec<Row>,
    }
    #[derive(Deserialize)]
    struct Row {
        html: String,
        text: String,
        quoted: Option<String>,
    }
    let table: Table = toml::from_str(include_str!("../data/interop/html.toml")).unwrap();
    for Row { html, text, quoted } in table.case {
        let plain = plain_text(&html);
        assert_eq!(plain.text.expose(), &text, "{html}");
        assert_eq!(plain.quoted.map(|text| text.into_inner()), quoted, "{html}");
    }
}

#[test]
fn html_that_never_ends_costs_no_more_than_its_length() {
    let seeds = [
        "<",
        "<a",
        "<a \">",
        "<a '>\"",
        "<!--",
        "<!-- <b ",
        "&",
        "&#",
        "&amp",
        "<blockquote>",
        "<a b='\"'",
        "<br>",
    ];
    for seed in seeds {
        let html = seed.repeat(400_000 / seed.len());
        let start = std::time::Instant::now();
        let plain = plain_text(&html);
        assert!(plain.text.expose().len() <= html.len());
        assert!(start.elapsed().as_secs() < 20, "{seed:?} took {:?}", start.elapsed());
    }
}

proptest! {
    #[test]
    fn html_is_read_without_panic_and_never_grows(html in "[<>/a-c!\\-&;#x0-9'\" \nèé🙂]{0,200}") {
        let plain = plain_text(&html);
        let quoted = plain.quoted.map(|text| text.into_inner()).unwrap_or_default();
        prop_assert!(plain.text.expose().len() + quoted.len() <= html.len() * 2);
    }

    #[test]
    fn text_without_markup_stays_as_it_is(text in "[a-zèéàù0-9.,!?]{1,20}( [a-zèéàù0-9.,!?]{1,20}){0,8}") {
        let plain = plain_text(&text);
        prop_assert_eq!(plain.text.expose(), &text);
    }

    #[test]
    fn no_text_is_taken_for_an_instant_without_an_offset(text in "[0-9TZ:. +-]{0,30}") {
        if let Ok(at) = instant(&Value::from(text.clone()), TimeFormat::Written) {
            prop_assert!(text.contains(['Z', '+', '-']), "{} for {:?}", at, text);
        }
    }
}
