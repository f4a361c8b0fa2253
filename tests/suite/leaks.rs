//! Promise 4: what is printed, logged or stored shows nothing of a customer. Forty canaries through every door.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::{Debug, Display, Write as _};
use std::sync::{Arc, LazyLock};

use galateo::channel::{ChannelFacts, LengthRequest, Naming, OfficialAccounts, find_accounts};
use galateo::detect::pii::{PiiContext, RedactRequest, Redactor, Stream, TenantPattern};
use galateo::detect::{Detectors, Fingerprint, ScanContext, Scratch};
use galateo::gate::SentReplies;
use galateo::interop::{Connection, Vendor, plain_text};
use galateo::model::{
    AgentId, Conversation, ConversationId, Customer, CustomerId, Desk, Draft, Event, Language, Surface,
    Timestamp,
};
use galateo::playbook::{Policy, RuleSession, field};
use galateo::text::{Folded, Tokens};
use galateo::{Coverage, Engine, Limits, Replay, World};
use serde_json::json;

/// What must never be seen again: personal data of all sorts, and words in all sorts of writing.
const CANARIES: [&str; 40] = [
    "canary.verdi@example.com",
    "CANARY.ROSSI@EXAMPLE.ORG",
    "canary+tag@sub.example.co.uk",
    "4111 1111 1111 1111",
    "5500-0000-0000-0004",
    "378282246310005",
    "IT60 X054 2811 1010 0000 0123 456",
    "DE89370400440532013000",
    "GB29NWBK60161331926819",
    "RSSMRA85T10A562S",
    "VRDNNA90A41F205X",
    "Canaria Zanzibotti",
    "Canarino O'Quack",
    "Çağrı Kanaryaoğlu",
    "Канарейкин",
    "金丝雀先生",
    "الكناري",
    "קנרית",
    "+39 333 1234567",
    "0039 02 55512345",
    "+44 7911 123456",
    "(055) 290 0123",
    "192.168.77.201",
    "2001:db8::77:c0de",
    "AA:BB:CC:77:C0:DE",
    "14/03/1985 canary",
    "via dei Canarini 77, 50100 Firenze",
    "PSP-770077",
    "CA77NARY",
    "password: C4naryPass!",
    "ⓒⓐⓝⓐⓡⓨ-bubbles",
    "ｃａｎａｒｙ－wide",
    "ca\u{200B}na\u{200B}ry\u{200B}hidden",
    "c\u{301}a\u{301}n\u{301}a\u{301}r\u{301}y\u{301}",
    "\u{202E}yranac\u{202C} reversed",
    "🐤canary🐤bird",
    "canary\twith\ttabs",
    "canary\nwith\nlines",
    "canary\"quoted\\back",
    "ghp_Canary7777777777777777777777777777",
];

/// The least that is a playbook.
const MINIMAL: &str = "name = 'least'\nversion = '1'\nlanguages = ['it']";

/// Renderings gathered, with the type that they came from.
#[derive(Default)]
struct Seen {
    texts: Vec<(&'static str, String)>,
}

impl Seen {
    fn debug(&mut self, name: &'static str, value: &dyn Debug) {
        self.texts.push((name, format!("{value:?}")));
        self.texts.push((name, format!("{value:#?}")));
    }

    fn json(&mut self, name: &'static str, value: &(impl Debug + serde::Serialize)) {
        self.debug(name, value);
        self.texts.push((name, serde_json::to_string(value).unwrap()));
        self.texts.push((name, serde_json::to_string_pretty(value).unwrap()));
    }

    fn display(&mut self, name: &'static str, value: &(impl Debug + Display)) {
        self.debug(name, value);
        self.texts.push((name, format!("{value} {value:#}")));
    }

    fn error(&mut self, name: &'static str, error: &dyn Error) {
        self.debug(name, &error);
        let mut chain = error.to_string();
        let mut source = error.source();
        while let Some(inner) = source {
            write!(chain, ": {inner} {inner:?}").unwrap();
            source = inner.source();
        }
        self.texts.push((name, chain));
    }

    /// The forms in which a canary can be printed.
    fn check(&self, canary: &str) -> Vec<String> {
        let escaped = format!("{canary:?}");
        let quoted = serde_json::to_string(canary).unwrap();
        let forms = [canary, &escaped[1..escaped.len() - 1], &quoted[1..quoted.len() - 1]];
        let shows = |text: &str| forms.iter().any(|form| text.contains(form));
        let hits = self.texts.iter().filter(|(_, text)| shows(text));
        hits.map(|(name, text)| {
            format!("{name} shows {canary:?}: {}", text.chars().take(200).collect::<String>())
        })
        .collect()
    }
}

fn conversation() -> Conversation {
    Conversation::new(ConversationId::new("c-1").unwrap())
}

fn now() -> Timestamp {
    "2026-12-09T10:00:00Z".parse().unwrap()
}

fn customer(canary: &str) -> Customer {
    serde_json::from_value(json!({
        "id": "anna", "names": [canary], "given": ["email"], "followers": 90_000,
        "orders": [{ "code": canary, "state": "delayed" }],
    }))
    .unwrap()
}

fn desk(canary: &str) -> Desk {
    serde_json::from_value(json!({ "agents": [{
        "id": "giulia", "name": canary, "presence": "online", "queues": ["care", "complaints"], "certified": ["public"],
    }] }))
    .unwrap()
}

fn message(canary: &str, surface: &str, number: usize) -> Event {
    let text = format!("Dov'è il mio pacco? vergogna, vi denuncio, {canary} voglio il rimborso!");
    serde_json::from_value(json!({
        "id": format!("e-{number}"), "at": "2026-12-09T10:00:00Z", "conversation": "c-1", "by": { "customer": "anna" },
        "what": { "message": {
            "surface": surface, "text": text, "quoted": format!("> {canary}"), "previews": [canary],
            "handle": canary, "attachments": [{ "kind": "document_photo", "name": canary }],
        } },
    }))
    .unwrap()
}

fn edited(canary: &str) -> Event {
    serde_json::from_value(json!({
        "id": "e-9", "at": "2026-12-09T10:00:00Z", "conversation": "c-1", "by": { "customer": "anna" },
        "what": { "edited": { "message": "m-1", "text": canary } },
    }))
    .unwrap()
}

/// Events, decisions, conversations and everything the engine itself keeps.
fn through_the_engine(engine: &Engine, canary: &str, seen: &mut Seen) {
    let (customer, desk, mut conversation) = (customer(canary), desk(canary), conversation());
    let mut sent = SentReplies::default();
    sent.record(
        now(),
        &ConversationId::new("c-2").unwrap(),
        None,
        canary,
        &galateo::detect::Signals::default(),
    );
    let world =
        World { customer: Some(&customer), desk: Some(&desk), recent: Some(&sent), ..World::at(now()) };
    for (number, surface) in ["x/post", "x/direct_message", "telegram/group"].into_iter().enumerate() {
        let event = message(canary, surface, number);
        seen.debug("Event", &event);
        seen.debug("Message", &event.message());
        let why = engine.explain(&event, &conversation, &world);
        seen.json("Why", &why);
        seen.texts.extend([Language::It, Language::En].map(|language| ("Why", why.tell(language))));
        let decision = engine.assess(&event, &mut conversation, &world);
        seen.json("Decision", &decision);
        seen.json("Shadow", &galateo::shadow(engine, engine, &event, &conversation, &world));
    }
    static OTHER: LazyLock<Arc<Engine>> =
        LazyLock::new(|| Arc::new(Engine::new(Policy::from_toml(MINIMAL, &Limits::DEFAULT).unwrap().0)));
    let mut replay = Replay::new(Engine::new(engine.policy().clone()).into(), OTHER.clone());
    seen.json("Difference", &replay.play(&message(canary, "x/post", 0), &world).unwrap());
    seen.json("ReplaySummary", replay.summary());
    seen.debug("Replay", &replay);
    let mut coverage = Coverage::new(engine);
    coverage.assess(&message(canary, "x/post", 8), &mut self::conversation(), &world);
    seen.debug("Coverage", &coverage);
    let edited = edited(canary);
    seen.debug("Edited", &edited);
    engine.assess(&edited, &mut conversation, &world);
    seen.json("Conversation", &conversation);
    seen.debug("Timeline", &conversation.history());
    seen.debug("ClockMemory", &conversation.clocks);
    seen.json("Decision", &engine.due(&conversation, &world));
    seen.debug("World", &world);
    seen.debug("Customer", &customer);
    seen.debug("Desk", &desk);
    seen.json("SentReplies", &sent);
    for surface in ["x/reply", "email/email"] {
        let mut draft = Draft::new(
            ConversationId::new("c-1").unwrap(),
            AgentId::new("giulia").unwrap(),
            surface.parse::<Surface>().unwrap(),
        );
        draft.text =
            format!("Ciao {canary}, ti rimborseremo 30 euro. Scrivi a {canary} o su https://t.me/{canary}")
                .into();
        seen.debug("Draft", &draft);
        let review = engine.review(draft, &conversation, &world);
        seen.debug("Review", &review);
        seen.json("Finding", &review.findings);
    }
    let mut clean = Draft::new(
        ConversationId::new("c-1").unwrap(),
        AgentId::new("giulia").unwrap(),
        "internal/note".parse::<Surface>().unwrap(),
    );
    clean.text = canary.into();
    seen.debug("Clearance", &engine.review(clean, &conversation, &world));
}

/// Texts, signals, redactions.
fn through_the_text(canary: &str, detectors: &Detectors, seen: &mut Seen) {
    let text = format!("ciao {canary}, grazie");
    let folded = Folded::new(&text);
    seen.debug("Tokens", &Tokens::new(&folded, &text));
    seen.debug("Folded", &folded);
    let names = [canary];
    let context = ScanContext { names: &names, ..ScanContext::default() };
    seen.debug("ScanContext", &context);
    let mut scratch = Scratch::default();
    seen.json("Signals", detectors.scan(&text, &context, &mut scratch));
    seen.debug("Scratch", &scratch);
    let redactor = Redactor::builder().allow(canary).deny(canary).build();
    let context = PiiContext { names: &names, ..PiiContext::default() };
    seen.debug("PiiContext", &context);
    seen.debug("Redactor", &redactor);
    let redaction = redactor.redact(&text, &context);
    seen.debug("Redaction", &redaction);
    seen.debug("Slot", &redaction.slots);
    seen.debug("PiiSpan", &redaction.spans);
    let mut stream = Stream::new(&redactor, context);
    let _ = stream.push(&text);
    seen.debug("Stream", &stream);
    let request: RedactRequest = serde_json::from_value(json!({ "text": text })).unwrap();
    seen.debug("RedactRequest", &request);
    seen.debug("RedactAnswer", &request.answer(&redactor));
    seen.debug("Fingerprint", &Fingerprint::of(&text));
    let length: LengthRequest = serde_json::from_value(json!({ "text": text, "surface": "x" })).unwrap();
    seen.debug("LengthRequest", &length);
    seen.json("LengthAnswer", &length.answer(ChannelFacts::built_in()).unwrap());
    seen.debug("PlainText", &plain_text(&format!("<p>{text}</p><blockquote>{canary}</blockquote>")));
    let official = OfficialAccounts::new([], std::iter::empty::<&str>());
    let participants = [canary];
    let naming = Naming { facts: ChannelFacts::built_in(), official: &official, participants: &participants };
    seen.debug("Naming", &naming);
    seen.json("LinkFinding", &find_accounts(&format!("https://wa.me/{canary} @{canary}"), &naming));
}

/// What readers say of what they cannot read.
fn through_the_readers(canary: &str, seen: &mut Seen) {
    let bad = format!("\u{7}{canary}");
    seen.error("IdError", &CustomerId::new(&bad).unwrap_err());
    seen.error("TimeError", &bad.parse::<Timestamp>().unwrap_err());
    if let Err(error) = format!("{canary}/{canary}/x").parse::<Surface>() {
        seen.error("SurfaceError", &error);
    }
    if let Err(error) = TenantPattern::new("code", &format!("{canary}(")) {
        seen.error("PatternError", &error);
    }
    let length: LengthRequest = serde_json::from_value(json!({ "text": canary, "surface": canary })).unwrap();
    if let Err(error) = length.answer(ChannelFacts::built_in()) {
        seen.error("LengthError", &error);
    }
    for payload in [
        json!(canary),
        json!({ "event": canary }),
        json!({ "update_id": canary, "message": canary }),
        json!([canary]),
    ] {
        for vendor in Vendor::ALL {
            if let Err(error) = vendor.events(&payload, &Connection::default()) {
                seen.error("InteropError", &error);
            }
        }
    }
    for vendor in Vendor::ALL {
        if let Err(error) = vendor.read(&format!("{{{canary}"), &Connection::default()) {
            seen.error("InteropError", &error);
        }
    }
    // In the place of a number, a flag, a list or a table, a text is a slip that need not be quoted.
    let quoted = serde_json::to_string(canary).unwrap();
    for document in [
        format!("name = 'a'\nversion = '1'\nlanguages = ['it']\nrules = {quoted}"),
        format!(
            "name = 'a'\nversion = '1'\nlanguages = ['it']\n[[rules]]\nid = 'r'\npriority = {quoted}\nthen = {quoted}"
        ),
        format!(
            "name = 'a'\nversion = '1'\nlanguages = ['it']\n[gate]\nreuse = {quoted}\nhold_ungrounded = {quoted}"
        ),
        format!("name = {quoted} {quoted}"),
        format!("= {canary}"),
    ] {
        if let Err(faults) = Policy::from_toml(&document, &Limits::DEFAULT) {
            seen.json("Diagnostics", &faults);
            seen.error("Diagnostics", &faults);
        }
    }
    if let Err(faults) = Policy::from_json(&format!("{{\"name\": {quoted} {quoted}"), &Limits::DEFAULT) {
        seen.display("Diagnostics", &faults);
    }
    let rules = json!([{ "id": "r", "when": { "sentiment": { "below": 3 } } }]);
    let mut session = RuleSession::new(&rules, None, &Limits::DEFAULT).unwrap();
    let facts = json!({ "sentiment": canary, "text": canary, "signals": canary, "addressed": canary, canary: canary });
    match session.ask(&facts) {
        Ok(answer) => seen.json("RuleAnswer", &answer),
        Err(faults) => seen.json("Diagnostics", &faults),
    }
    let answer = session.ask(&json!({ "text": canary, "customer": { canary: { canary: canary } } })).unwrap();
    seen.json("RuleAnswer", &answer);
    seen.debug("RuleSession", &session);
    let one = &session.rules().as_slice()[0];
    seen.json("Explanation", &one.explain(session.facts()));
    seen.json("Condition", &field("followers").at_least(3));
}

#[test]
fn t9_no_rendering_of_any_result_shows_a_canary() {
    let engine = Engine::starter();
    let detectors = Detectors::builtin();
    let mut hits = BTreeSet::new();
    for canary in CANARIES {
        let mut seen = Seen::default();
        through_the_engine(&engine, canary, &mut seen);
        through_the_text(canary, &detectors, &mut seen);
        through_the_readers(canary, &mut seen);
        assert!(seen.texts.len() > 60, "{} renderings", seen.texts.len());
        hits.extend(seen.check(canary));
    }
    assert!(hits.is_empty(), "{} hits:\n{}", hits.len(), hits.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn t9_an_engine_that_has_read_a_text_shows_nothing_of_it() {
    let engine = Engine::starter();
    let canary = CANARIES[0];
    through_the_engine(&engine, canary, &mut Seen::default());
    let mut seen = Seen::default();
    seen.texts.push(("Engine", format!("{engine:?}")));
    assert_eq!(seen.check(canary), Vec::<String>::new());
}

#[test]
fn t18_no_explanation_holds_a_control_or_a_text_direction_character() {
    let engine = Engine::starter();
    let nasty = "\u{202E}\u{7}\u{1b}[31m\u{2066}\u{FEFF} pessimo, vi denuncio";
    let event = message(nasty, "x/post", 0);
    let decision = engine.assess(&event, &mut conversation(), &World::at(now()));
    let shown = format!("{decision:?}{}", serde_json::to_string(&decision).unwrap());
    let is_nasty = |c: char| {
        c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    assert!(!shown.contains(is_nasty));
}

/// Public types by file, as the sources declare them.
fn declared() -> BTreeSet<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut found = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let file = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            for line in std::fs::read_to_string(&path).unwrap_or_default().lines() {
                let line = line.trim_start();
                let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
                let name = |rest: &str| {
                    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned()
                };
                if let Some(name) = rest.map(name).filter(|name| !name.is_empty()) {
                    found.insert(format!("{file} {name}"));
                }
            }
        }
    }
    found
}

const LIST: &str = include_str!("../data/engine/public_types.txt");

#[test]
fn t9_every_public_type_is_listed_with_what_it_can_show() {
    let lines = LIST.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let mut listed = BTreeSet::new();
    for line in lines {
        let (place, note) = line.split_once(": ").unwrap_or_else(|| panic!("{line}: what can it show?"));
        assert!(!note.trim().is_empty(), "{line}");
        listed.insert(place.to_owned());
    }
    let declared = declared();
    let missing: Vec<_> = declared.difference(&listed).collect();
    assert!(
        missing.is_empty(),
        "new public types; render them above, or list why they can show nothing: {missing:#?}"
    );
    let gone: Vec<_> = listed.difference(&declared).collect();
    assert!(gone.is_empty(), "listed and gone: {gone:#?}");
}

#[test]
fn t9_every_type_listed_as_rendered_is_rendered() {
    let mut seen = Seen::default();
    let canary = CANARIES[0];
    through_the_engine(&Engine::starter(), canary, &mut seen);
    through_the_text(canary, &Detectors::builtin(), &mut seen);
    through_the_readers(canary, &mut seen);
    let names: BTreeSet<&str> = seen.texts.iter().map(|(name, _)| *name).collect();
    for line in LIST.lines().filter(|line| line.ends_with(": rendered")) {
        let name = line.split([' ', ':']).nth(1).unwrap();
        assert!(names.contains(name), "{line}");
    }
}
