//! What each fuzz target does with its bytes: plain functions that panic where something does not hold. The targets of
//! `fuzz_targets` call them, and the test suite replays `regressions` through them on stable.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use galateo::decision::Decision;
use galateo::detect::pii::{PiiContext, Redactor, Stream};
use galateo::detect::{Detectors, ScanContext, Scratch, Speaker};
use galateo::gate::{Severity, Verdict};
use galateo::model::{Conversation, ConversationId, Draft, Event, Seconds, Timestamp};
use galateo::playbook::{self, Document, Encoding, FieldType, Fields, Policy, Rule, RuleSession, STARTER};
use galateo::schedule::{BusinessTimeRequest, Calendar, CalendarSpec, Horizon, SlaRequest};
use galateo::text::{Folded, Tokens};
use galateo::{Code, Engine, Limits, Replay, World};
use serde_json::{Value, json};

/// What a target does with the bytes it is given.
pub type Target = fn(&[u8]);

/// Every target by name, for the replay.
pub const TARGETS: [(&str, Target); 10] = [
    ("assess_diff", assess_diff),
    ("calendar", calendar),
    ("compile", compile),
    ("detect", detect),
    ("gate", gate),
    ("lint", lint),
    ("mask_oracle", mask_oracle),
    ("normalise", normalise),
    ("replay", replay),
    ("state_roundtrip", state_roundtrip),
];

thread_local! {
    static ENGINE: Engine = Engine::starter();
    static DETECTORS: Detectors = Detectors::builtin();
    static SCRATCH: RefCell<Scratch> = RefCell::new(Scratch::default());
    static REDACTOR: Redactor = Redactor::standard();
    static VERSIONS: (Arc<Engine>, Vec<Arc<Engine>>) =
        (Arc::new(Engine::starter()), CHANGES.into_iter().map(changed).collect());
}

fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}

/// Bytes taken from the front, zero where none are left.
struct Bytes<'d>(&'d [u8]);

impl Bytes<'_> {
    fn next(&mut self) -> usize {
        let (first, rest) = self.0.split_first().map_or((0, &[][..]), |(first, rest)| (*first, rest));
        self.0 = rest;
        usize::from(first)
    }

    fn pick<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.next() % list.len()]
    }

    fn number(&mut self) -> i64 {
        (0..4).fold(0, |number, _| number * 256 + i64::try_from(self.next()).unwrap())
    }
}

/// Folding: at most three times as long, and every token comes from a piece of the text.
pub fn normalise(data: &[u8]) {
    let text = text(data);
    let folded = Folded::new(&text);
    assert!(
        folded.as_str().len() <= 3 * text.len(),
        "folding grew {} bytes to {}",
        text.len(),
        folded.as_str().len()
    );
    for token in Tokens::new(&folded, &text).list() {
        let range = usize::try_from(token.start).unwrap()..usize::try_from(token.end).unwrap();
        assert!(folded.as_str().get(range.clone()).is_some(), "a token cuts a character");
        assert!(text.get(folded.original(range)).is_some(), "a span cuts a character of the original");
    }
    let again = Folded::new(folded.as_str());
    assert!(again.as_str().len() <= 3 * folded.as_str().len());
}

/// Detecting: spans on characters, bounded work, and the same with used memory as with fresh.
pub fn detect(data: &[u8]) {
    let mut bytes = Bytes(data);
    let speaker = *bytes.pick(&[Some(Speaker::Customer), Some(Speaker::Agent), None]);
    let text = text(bytes.0);
    let context = ScanContext { speaker, names: &["Anna Verdi"], ..ScanContext::default() };
    DETECTORS.with(|detectors| {
        SCRATCH.with_borrow_mut(|scratch| {
            let signals = detectors.scan(&text, &context, scratch).clone();
            assert!(
                scratch.work() <= 64 * text.len() + 256,
                "{} steps for {} bytes",
                scratch.work(),
                text.len()
            );
            let spans = signals.signals.iter().map(|signal| signal.span);
            let promised = signals
                .promises
                .iter()
                .flat_map(|promise| [Some(promise.span), promise.deadline, promise.amount]);
            for span in spans.chain(signals.topics.iter().map(|hit| hit.span)).chain(promised.flatten()) {
                assert!(text.get(span.range()).is_some_and(|piece| !piece.is_empty()), "{span:?}");
            }
            let mut fresh = Scratch::default();
            assert_eq!(*detectors.scan(&text, &context, &mut fresh), signals);
        });
    });
}

/// Compiling: any bytes are read or refused, in both forms, and every fault has a code and a place in the text.
pub fn compile(data: &[u8]) {
    let text = text(data);
    let limits = Limits { rules: 1000, document_bytes: 1 << 20, ..Limits::DEFAULT };
    let lines = u32::try_from(text.lines().count()).unwrap() + 1;
    for read in [Document::from_toml, Document::from_json] {
        let outcome = read(&text, &limits).and_then(|document| Policy::compile(&document, &limits));
        let faults = match &outcome {
            Ok((_, warnings)) => warnings,
            Err(faults) => faults,
        };
        for fault in faults {
            assert!(!fault.message.is_empty());
            assert!(fault.line.is_none_or(|line| (1..=lines).contains(&line)), "{fault}");
        }
        assert!(outcome.is_ok() || faults.has_errors());
    }
    if let Ok(value) = serde_json::from_slice::<Value>(data) {
        let _ = RuleSession::new(&value, value.get("fields"), &limits);
    }
}

/// Rules: the matcher and the walk over the tree agree on every rule and row of facts; a used engine and a fresh one agree.
pub fn assess_diff(data: &[u8]) {
    let mut bytes = Bytes(data);
    let count = 1 + bytes.next() % 90;
    let rules: Vec<Value> = (0..count).map(|number| rule(number, &mut bytes)).collect();
    let session = RuleSession::new(&Value::Array(rules), None, &Limits::DEFAULT);
    if let Ok(mut session) = session {
        for _ in 0..3 {
            let facts = facts(&mut bytes);
            let Ok(answer) = session.ask(&facts) else { continue };
            let explained =
                session.rules().as_slice().iter().filter(|rule| rule.explain(session.facts()).matched);
            let explained: Vec<_> = explained.map(|rule| rule.id.clone()).collect();
            assert_eq!(answer.matched, explained, "{facts}");
        }
    }
    let surface = *bytes.pick(&["x/post", "x/direct_message", "email/email"]);
    let event = event("e-1", surface, &text(bytes.0));
    ENGINE.with(|engine| {
        let decide = |engine: &Engine| {
            let mut conversation = conversation();
            let decision = engine.assess(&event, &mut conversation, &World::at(event.at));
            (serde_json::to_string(&decision).unwrap(), conversation)
        };
        assert_eq!(decide(engine), decide(&Engine::new(engine.policy().clone())));
    });
}

fn rule(number: usize, bytes: &mut Bytes<'_>) -> Value {
    let unknown = bytes.pick(&["skip", "match", "fail_closed"]);
    let priority = bytes.next() % 4;
    json!({ "id": format!("r-{number}"), "priority": priority, "on_unknown": unknown, "when": condition(bytes, 4) })
}

fn condition(bytes: &mut Bytes<'_>, depth: usize) -> Value {
    let inner = |bytes: &mut Bytes<'_>| -> Vec<Value> {
        (0..1 + bytes.next() % 3).map(|_| condition(bytes, depth.saturating_sub(1))).collect()
    };
    match bytes.next() % if depth == 0 { 8 } else { 12 } {
        0 => json!({ "channel": { "is": bytes.pick(&["x", "email", "sms"]) } }),
        1 => json!({ "channel": { "any_of": [bytes.pick(&["x", "email"]), bytes.pick(&["sms", "line"])] } }),
        2 => {
            json!({ "followers": { bytes.pick(&["above", "at_least", "below", "at_most"]).to_owned(): bytes.next() } })
        }
        3 => {
            json!({ "signals": { bytes.pick(&["any_of", "all_of", "none_of"]).to_owned(): [bytes.pick(&["a", "b"]), bytes.pick(&["b", "c"])] } })
        }
        4 => {
            json!({ "text": { bytes.pick(&["contains", "starts_with", "ends_with", "contains_word"]).to_owned(): bytes.pick(&["a", "ab", "b c", ""]) } })
        }
        5 => json!({ "addressed": { "is": bytes.next().is_multiple_of(2) } }),
        6 => {
            json!({ bytes.pick(&["followers", "channel", "signals"]).to_owned(): { "present": bytes.next().is_multiple_of(2) } })
        }
        7 => json!({ "followers": { "between": [bytes.next(), 128 + bytes.next()] } }),
        8 => json!({ "all": inner(bytes) }),
        9 => json!({ "any": inner(bytes) }),
        10 => json!({ "not": condition(bytes, depth - 1) }),
        _ => {
            let of = inner(bytes);
            json!({ "at_least": { "n": 1 + bytes.next() % of.len(), "of": of } })
        }
    }
}

fn facts(bytes: &mut Bytes<'_>) -> Value {
    let mut facts = json!({});
    let given = bytes.next();
    if given & 1 != 0 {
        facts["channel"] = json!(bytes.pick(&["x", "email", "sms", "other"]));
    }
    if given & 2 != 0 {
        facts["followers"] = json!(bytes.next());
    }
    if given & 4 != 0 {
        let several = bytes.next() % 3;
        facts["signals"] = (0..several).map(|_| json!(bytes.pick(&["a", "b", "c"]))).collect();
    }
    if given & 8 != 0 {
        facts["text"] = json!(bytes.pick(&["ab c", "b", "", "aab"]));
    }
    if given & 16 != 0 {
        facts["addressed"] = json!(bytes.next().is_multiple_of(2));
    }
    facts
}

fn event(id: &str, surface: &str, text: &str) -> Event {
    serde_json::from_value(json!({
        "id": id, "at": "2026-12-09T10:00:00Z", "conversation": "c-1", "by": { "customer": "anna" },
        "what": { "message": { "surface": surface, "text": text } },
    }))
    .unwrap()
}

fn conversation() -> Conversation {
    Conversation::new(ConversationId::new("c-1").unwrap())
}

/// The gate: the worst finding decides, a clearance only for what may be sent, spans on characters.
pub fn gate(data: &[u8]) {
    let mut bytes = Bytes(data);
    let surface = *bytes.pick(&[
        "x/reply",
        "x/direct_message",
        "email/email",
        "whatsapp/chat",
        "google_business/review",
    ]);
    let flags = bytes.next();
    let text = text(bytes.0);
    let mut draft = json!({ "conversation": "c-1", "surface": surface, "author": "giulia", "text": text, "by_bot": flags & 1 != 0, "template": flags & 2 != 0 });
    if flags & 4 != 0 {
        draft["approved_by"] = json!(if flags & 8 != 0 { "giulia" } else { "capo" });
    }
    if flags & 16 != 0 {
        draft["grounds"] = json!(["a"]);
    }
    let draft: Draft = serde_json::from_value(draft).unwrap();
    ENGINE.with(|engine| {
        let mut conversation = conversation();
        let event =
            event("e-1", "x/post", if flags & 32 != 0 { "voglio fare un reclamo formale" } else { "ciao" });
        engine.assess(&event, &mut conversation, &World::at(event.at));
        let review = engine.review(draft, &conversation, &World::at(event.at));
        let verdict = match review.findings.iter().map(|finding| finding.severity).max() {
            None => Verdict::Cleared,
            Some(Severity::Warn) => Verdict::Warned,
            Some(Severity::Hold) => Verdict::Held,
            Some(Severity::Block) => Verdict::Blocked,
        };
        assert_eq!(review.verdict, verdict);
        assert_eq!(review.clearance.is_some(), verdict <= Verdict::Warned);
        for span in review.findings.iter().filter_map(|finding| finding.span) {
            assert!(text.get(span.range()).is_some(), "{span:?}");
        }
        if flags & 4 != 0 && flags & 8 != 0 {
            assert!(!review.findings.is_empty() || review.verdict == Verdict::Cleared);
        }
        if let Some(clearance) = review.clearance {
            assert_eq!(*clearance.draft().text.expose(), text);
        }
    });
}

/// Redaction: what is left is exactly the text around the spans, and a stream of pieces gives the same as the whole.
pub fn mask_oracle(data: &[u8]) {
    let mut bytes = Bytes(data);
    let cut = 1 + bytes.next();
    let text = text(bytes.0);
    REDACTOR.with(|redactor| {
        let redaction = redactor.redact(&text, &PiiContext::default());
        let (mut at, mut rest) = (0, redaction.text.as_str());
        for span in &redaction.spans {
            let between = text.get(at..span.start).expect("spans in order, on characters");
            let value = text.get(span.range()).expect("a span on characters");
            assert!(!value.is_empty());
            rest = rest.strip_prefix(between).expect("the text before a span is kept");
            let label = rest.find(']').expect("a label ends");
            assert!(rest.starts_with('['), "a label stands for the value");
            rest = &rest[label + 1..];
            at = span.end;
        }
        assert_eq!(rest, &text[at..]);
        let mut stream = Stream::new(redactor, PiiContext::default());
        let mut released = String::new();
        let mut left = text.as_str();
        while !left.is_empty() {
            let (piece, next) = left.split_at(left.ceil_char_boundary(cut.min(left.len())));
            released.push_str(&stream.push(piece));
            left = next;
        }
        released.push_str(&stream.finish());
        // with a bracket in it, what stands before a label and the label itself can read like the value
        let values =
            redaction.spans.iter().map(|span| &text[span.range()]).filter(|value| !value.contains('['));
        for value in values {
            let again = text.matches(value).count();
            assert!(released.matches(value).count() < again, "a value went through the stream");
        }
    });
}

/// State: whatever can be read is written and read alike, and can be gone on with.
pub fn state_roundtrip(data: &[u8]) {
    let Ok(mut conversation) = serde_json::from_slice::<Conversation>(data) else { return };
    let written = serde_json::to_string(&conversation).unwrap();
    assert_eq!(serde_json::from_str::<Conversation>(&written).unwrap(), conversation);
    let mut event = event("e-new", "x/post", "dov'è il mio pacco?");
    event.conversation = conversation.id.clone();
    ENGINE.with(|engine| {
        let _ = engine.due(&conversation, &World::at(event.at));
        engine.assess(&event, &mut conversation, &World::at(event.at));
        let _ = engine.due(&conversation, &World::at(Timestamp::MAX));
    });
    let again = serde_json::to_string(&conversation).unwrap();
    assert_eq!(serde_json::from_str::<Conversation>(&again).unwrap(), conversation);
}

/// The fields that rules made of bytes ask.
fn rule_fields() -> (Fields, Value) {
    let named = [
        ("addressed", FieldType::Flag),
        ("channel", FieldType::Word),
        ("followers", FieldType::Number),
        ("signals", FieldType::Words),
        ("text", FieldType::Text),
    ];
    let mut fields = Fields::new();
    let mut declared = json!({});
    for (name, kind) in named {
        fields.add(name, kind, "", &[]).unwrap();
        declared[name] = json!({ "type": serde_json::to_value(kind).unwrap() });
    }
    (fields, declared)
}

/// Linting: what it says of rules holds for every row of facts that they are asked about.
pub fn lint(data: &[u8]) {
    let mut bytes = Bytes(data);
    let count = 1 + bytes.next() % 24;
    let written: Vec<Value> = (0..count)
        .map(|number| {
            let mut rule = rule(number, &mut bytes);
            rule["then"] = json!([bytes.pick(&["a", "b"])]);
            rule
        })
        .collect();
    let (fields, declared) = rule_fields();
    let session = RuleSession::new(&Value::Array(written), Some(&declared), &Limits::DEFAULT);
    let Ok(mut session) = session else { return };
    let conditions: Vec<_> = session.rules().as_slice().iter().map(Rule::condition).collect();
    let encoding = Encoding::new(&fields, &conditions, &Limits::DEFAULT);
    let findings = playbook::lint(session.rules().as_slice(), &encoding, true);
    for _ in 0..4 {
        let facts = facts(&mut bytes);
        let Ok(answer) = session.ask(&facts) else { continue };
        let matched = |id: &String| answer.matched.iter().any(|known| known.as_str() == id);
        for finding in &findings {
            match (finding.code, finding.rules()) {
                (Code::NEVER_MATCHES, [one]) => assert!(!matched(one), "{finding}: {facts}"),
                (Code::ALWAYS_MATCHES, [one]) => assert!(matched(one), "{finding}: {facts}"),
                (Code::SHADOWED, [first, second]) => {
                    assert!(matched(first) || !matched(second), "{finding}: {facts}");
                }
                (Code::REPEATED, [first, second]) => {
                    assert_eq!(matched(first), matched(second), "{finding}: {facts}");
                }
                _ => {}
            }
        }
    }
}

/// Changes to the starter playbook that a replay is asked about, the last of them to what it reads.
const CHANGES: [(&str, &str); 6] = [
    ("sentiment = { below = -600 }", "sentiment = { below = -100 }"),
    ("id = \"everything-else\"\npriority = -100", "id = \"everything-else\"\npriority = 99"),
    ("{ assign = { queue = \"billing\"", "{ assign = { queue = \"care\""),
    ("id = \"money\"", "id = \"cash\""),
    ("target = 1800, hours = \"business\"", "target = 2400, hours = \"business\""),
    ("\"pacco\", \"pacchi\"", "\"pacchetto\""),
];

/// Replaying: exactly the decisions in which two separate runs differ.
pub fn replay(data: &[u8]) {
    let mut bytes = Bytes(data);
    let change = bytes.next() % CHANGES.len();
    let events: Vec<Event> = (0..1 + bytes.next() % 12).map(|number| happening(number, &mut bytes)).collect();
    VERSIONS.with(|(live, others)| {
        let other = &others[change];
        let mut replay = Replay::new(live.clone(), other.clone());
        let mut kept = BTreeMap::new();
        let mut differing = 0;
        for event in &events {
            let world = World::at(event.at);
            let new = || (conversation_of(event), conversation_of(event));
            let (one, two) = kept.entry(event.conversation.clone()).or_insert_with(new);
            let expected = gist(&live.assess(event, one, &world)) != gist(&other.assess(event, two, &world));
            let found = replay.play(event, &world);
            assert_eq!(found.is_some(), expected, "{:?}: {found:?}", event.id);
            differing += u64::from(expected);
        }
        let summary = replay.summary();
        assert_eq!((summary.events(), summary.differing()), (events.len() as u64, differing));
    });
}

fn changed((from, to): (&str, &str)) -> Arc<Engine> {
    assert!(STARTER.contains(from), "{from} is gone from the starter");
    Arc::new(Engine::new(Policy::from_toml(&STARTER.replacen(from, to, 1), &Limits::DEFAULT).unwrap().0))
}

fn conversation_of(event: &Event) -> Conversation {
    Conversation::new(event.conversation.clone())
}

/// An event of one of two conversations, now and then one that was seen before.
fn happening(number: usize, bytes: &mut Bytes<'_>) -> Event {
    let sayings = [
        "dov'è il mio pacco?",
        "mi avete addebitato il pagamento due volte",
        "sono deluso, voglio il rimborso",
        "vi denuncio, chiamo il mio avvocato",
        "la mia mail è anna.verdi@example.com",
        "grazie mille",
    ];
    let surface = bytes.pick(&["x/post", "x/direct_message", "email/email"]);
    let message = json!({ "message": { "surface": surface, "text": bytes.pick(&sayings) } });
    let (by, what) = match bytes.next() % 6 {
        0 => (json!({ "agent": "giulia" }), message),
        1 => (json!({ "agent": "giulia" }), json!({ "status": { "to": bytes.pick(&["pending", "open"]) } })),
        2 => (json!("system"), json!({ "tagged": { "add": [bytes.pick(&["vip", "a"])] } })),
        3 => (
            json!({ "customer": "anna" }),
            json!({ "edited": { "message": "m-1", "text": bytes.pick(&sayings) } }),
        ),
        _ => (json!({ "customer": "anna" }), message),
    };
    let seen = if bytes.next().is_multiple_of(8) { number / 2 } else { number };
    serde_json::from_value(json!({
        "id": format!("e-{seen}"), "at": format!("2026-12-09T10:{:02}:00Z", number + bytes.next() % 40),
        "conversation": bytes.pick(&["c-1", "c-2"]), "by": by, "what": what,
    }))
    .unwrap()
}

/// What a decision asks for, in an order of its own: actions, what is hidden, clocks and the next wake-up.
pub fn gist(decision: &Decision) -> Value {
    let mut actions: Vec<String> =
        decision.actions.iter().map(|chosen| json!(chosen.action).to_string()).collect();
    actions.sort();
    json!([actions, decision.hidden, decision.clocks, decision.wake_at])
}

/// Calendars: any request is answered or refused, and open time added is open time measured.
pub fn calendar(data: &[u8]) {
    if let Ok(request) = serde_json::from_slice::<BusinessTimeRequest>(data) {
        let _ = request.answer();
    }
    if let Ok(request) = serde_json::from_slice::<SlaRequest>(data) {
        let _ = request.answer();
    }
    let mut bytes = Bytes(data);
    let spec = spec(&mut bytes);
    let start = Timestamp::from_secs(bytes.number() % 8_000_000_000).unwrap_or(Timestamp::MIN);
    let budget = Seconds::new(bytes.number() % 5_000_000);
    let Ok(spec) = serde_json::from_value::<CalendarSpec>(spec) else { return };
    let Ok(plain) = Calendar::new(&spec) else { return };
    let compiled = Calendar::compile(&spec, Horizon::around(start)).unwrap();
    assert_eq!(plain.is_open(start), compiled.is_open(start));
    let landed = plain.add(start, budget).map(|landings| landings.due_at);
    assert_eq!(landed, compiled.add(start, budget).map(|landings| landings.due_at));
    if let Ok(due) = landed {
        assert_eq!(plain.between(start, due), budget, "{start} + {budget:?} = {due}");
        assert_eq!(compiled.between(start, due), budget);
    }
    assert_eq!(plain.next_open(start), compiled.next_open(start));
}

fn spec(bytes: &mut Bytes<'_>) -> Value {
    let zone = *bytes.pick(&[
        "UTC",
        "Europe/Rome",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "America/St_Johns",
        "Africa/Casablanca",
        "Pacific/Apia",
    ]);
    let mut weekly = json!({});
    for day in ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] {
        let windows = (0..bytes.next() % 3).map(|_| json!([time(bytes), time(bytes)]));
        weekly[day] = windows.collect();
    }
    let holidays: Vec<String> = (0..bytes.next() % 4)
        .map(|_| {
            format!("20{:02}-{:02}-{:02}", bytes.next() % 60, 1 + bytes.next() % 12, 1 + bytes.next() % 28)
        })
        .collect();
    json!({ "tz": zone, "weekly": weekly, "holidays": holidays, "overnight": bytes.pick(&["start_date", "wall_date"]) })
}

fn time(bytes: &mut Bytes<'_>) -> String {
    format!("{:02}:{:02}", bytes.next() % 25, *bytes.pick(&[0, 15, 30, 59]))
}
