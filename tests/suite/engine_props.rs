//! What must hold of the engine for every stream of events: the five promises as properties.

use std::sync::LazyLock;

use galateo::decision::{Action, Decision, Hidden};
use galateo::gate::Verdict;
use galateo::model::{Conversation, ConversationId, Customer, Draft, Event, Seconds, Timestamp};
use galateo::playbook::{Policy, STARTER};
use galateo::{Engine, Limits, World};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::starter);

/// The starter playbook under tighter and tighter ceilings.
static TIGHT: LazyLock<Vec<Engine>> = LazyLock::new(|| {
    let ceilings = [(64 * 1024, 2), (64 * 1024, 0), (400, 256), (64, 256), (16, 1), (0, 0)];
    ceilings
        .into_iter()
        .map(|(message_bytes, signals)| {
            let limits = Limits { message_bytes, signals, ..Limits::DEFAULT };
            Engine::new(Policy::from_toml(STARTER, &limits).unwrap().0)
        })
        .collect()
});

/// The starter playbook with rules that ask everything there is to ask of time.
static TIMED: LazyLock<Engine> = LazyLock::new(|| {
    const RULES: &str = r#"
[[rules]]
id = "t-asks-much"
on = ["due"]
when = { any = [{ age_seconds = { at_least = 5400 } }, { since_reply_seconds = { between = [600, 1200.5] } }] }
then = [{ notify = "one" }]

[[rules]]
id = "t-waits"
on = ["due"]
when = { waiting_seconds = { above = 1799.5 } }
then = [{ notify = "two" }, { assign = { queue = "care", reason = "waits" } }]

[[rules]]
id = "t-deadline"
on = ["due"]
when = { all = [{ deadline_seconds = { below = 300 } }, { since_customer_seconds = { at_most = 7200 } }] }
then = [{ notify = "three" }]

[[rules]]
id = "t-hours"
on = ["due"]
when = { open_hours = { is = true } }
then = [{ notify = "four" }]

[[rules]]
id = "t-named"
when = { all = [{ event = { is = "due" } }, { now = { between = ["2026-12-09T11:30:00Z", "2026-12-10T01:00:00Z"] } }] }
then = [{ notify = "five" }]

[[rules]]
id = "t-contacts"
on = ["due"]
when = { contacts = { at_least = 3 } }
then = [{ notify = "six" }]

[[rules]]
id = "t-promises"
on = ["due"]
when = { promises_overdue = { above = 0 } }
then = [{ notify = "seven" }]
"#;
    Engine::new(Policy::from_toml(&format!("{STARTER}{RULES}"), &Limits::DEFAULT).unwrap().0)
});

/// What is due, without the instants that it is to be done by.
fn due_without_instants(decision: &Decision) -> Value {
    let mut due = json!(decision.actions);
    for action in due.as_array_mut().into_iter().flatten() {
        let inner = action["action"].as_object_mut().and_then(|action| action.values_mut().next());
        if let Some(inner) = inner.and_then(Value::as_object_mut) {
            inner.retain(|key, _| {
                !["due", "not_before", "not_after", "next_open", "until"].contains(&key.as_str())
            });
        }
    }
    due
}

fn cases(least: u32) -> ProptestConfig {
    let asked = std::env::var("GALATEO_CASES").ok().and_then(|n| n.parse().ok());
    ProptestConfig::with_cases(asked.unwrap_or(least))
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => select(vec![
            "dov'è il mio pacco?", "voglio il rimborso", "vi denuncio", "il mio avvocato", "grazie mille", "vergogna",
            "where is my order", "I want a refund", "I will sue you", "thanks, bye", "it caught fire", "my card was declined",
            "anna.verdi@example.com", "4111 1111 1111 1111", "PSP-123456", "+39 333 1234567", "IT60X0542811101000000123456",
            "bullshit", "cazzo", "reclamo formale", "😡😡", "Casalesta", "ciao", "I'm sorry", "we'll refund you", "RSSMRA85T10A562S",
        ]).prop_map(str::to_owned),
        2 => "\\PC{0,12}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.join(" "))
}

fn surfaces() -> impl Strategy<Value = &'static str> {
    select(vec![
        "x/post",
        "x/direct_message",
        "facebook/comment",
        "whatsapp/chat",
        "instagram/comment",
        "email/email",
        "telegram/group",
        "google_business/review",
        "internal/note",
    ])
}

fn whats() -> impl Strategy<Value = Value> {
    let word = || select(vec!["a", "b", "c"]);
    prop_oneof![
        10 => (surfaces(), texts(), any::<bool>()).prop_map(|(surface, text, addressed)| {
            json!({ "message": { "surface": surface, "text": text, "addressed": addressed } })
        }),
        1 => select(vec!["new", "open", "pending", "on_hold", "solved", "closed"]).prop_map(|to| json!({ "status": { "to": to } })),
        1 => select(vec!["low", "normal", "high", "urgent"]).prop_map(|to| json!({ "priority": { "to": to } })),
        1 => (word(), word()).prop_map(|(queue, agent)| json!({ "assigned": { "queue": queue, "agent": agent } })),
        1 => (word(), word()).prop_map(|(add, remove)| json!({ "tagged": { "add": [add, "legal"], "remove": [remove] } })),
        1 => word().prop_map(|promise| json!({ "promise_made": { "promise": promise, "due": "2026-12-09T11:00:00Z" } })),
        1 => word().prop_map(|promise| json!({ "promise_kept": { "promise": promise } })),
        1 => (word(), select(vec!["legal", "logistics"])).prop_map(|(referral, department)| {
            json!({ "referral_asked": { "referral": referral, "department": department, "due": "2026-12-09T12:00:00Z" } })
        }),
        1 => word().prop_map(|referral| json!({ "referral_answered": { "referral": referral } })),
        1 => surfaces().prop_map(|to| json!({ "moved": { "to": to } })),
        1 => word().prop_map(|other| json!({ "linked": { "conversation": other } })),
        1 => Just(json!({ "something_of_tomorrow": { "x": 1 } })),
    ]
}

fn bys() -> impl Strategy<Value = Value> {
    select(vec![
        json!({ "customer": "anna" }),
        json!({ "customer": "anna" }),
        json!({ "agent": "giulia" }),
        json!({ "bot": "helper" }),
        json!("system"),
    ])
}

/// A stream of events of one conversation, each at its own second, in the order of time.
fn streams(most: usize) -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec((whats(), bys(), 1_u32..4000), 1..most).prop_map(|list| {
        let mut at = 1_796_810_400_i64;
        let one = |(number, (what, by, pause)): (usize, (Value, Value, u32))| {
            at += i64::from(pause);
            let at = galateo::model::Timestamp::from_secs(at).unwrap();
            let event = json!({ "id": format!("e-{number}"), "at": at, "conversation": "c-1", "by": by, "what": what });
            serde_json::from_value(event).unwrap()
        };
        list.into_iter().enumerate().map(one).collect()
    })
}

fn conversation() -> Conversation {
    Conversation::new(ConversationId::new("c-1").unwrap())
}

fn customer() -> Customer {
    serde_json::from_value(json!({
        "id": "anna", "names": ["Anna Verdi"], "followers": 60_000, "orders": [{ "code": "PSP-123456", "state": "delayed" }],
        "history": [{ "at": "2026-12-08T10:00:00Z", "channel": "email" }, { "at": "2026-12-08T12:00:00Z", "channel": "phone" }],
    }))
    .unwrap()
}

fn shown(decision: &Decision) -> String {
    serde_json::to_string(decision).unwrap()
}

/// The decisions on a stream, and the conversation afterwards.
fn play(engine: &Engine, events: &[Event]) -> (Vec<String>, Conversation) {
    let (customer, mut conversation) = (customer(), conversation());
    let decide = |event: &Event| {
        let world = World { customer: Some(&customer), ..World::at(event.at) };
        shown(&engine.assess(event, &mut conversation, &world))
    };
    (events.iter().map(decide).collect(), conversation)
}

fn draft(surface: &str, text: &str) -> Draft {
    serde_json::from_value(
        json!({ "conversation": "c-1", "surface": surface, "author": "giulia", "text": text }),
    )
    .unwrap()
}

/// How far a decision goes in caution: hiding, moving (and whether it must).
fn caution(decision: &Decision) -> (bool, u8) {
    let hides = decision.actions.iter().any(|chosen| matches!(chosen.action, Action::Hide { .. }));
    let moves = decision.actions.iter().filter_map(|chosen| match chosen.action {
        Action::MovePrivate { required, .. } => Some(1 + u8::from(required)),
        _ => None,
    });
    (hides, moves.max().unwrap_or(0))
}

fn covered(full: &Hidden, reduced: &[Hidden]) -> bool {
    let same = || reduced.iter().filter(|hidden| hidden.part == full.part);
    (full.span.start..full.span.end)
        .all(|at| same().any(|hidden| hidden.span.start <= at && at < hidden.span.end))
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn the_same_stream_gives_the_same_decisions_on_a_fresh_and_on_a_used_engine(events in streams(8)) {
        let fresh = Engine::new(ENGINE.policy().clone());
        prop_assert_eq!(play(&fresh, &events), play(&ENGINE, &events));
    }

    #[test]
    fn r25_who_looks_again_at_each_wake_up_misses_nothing(
        events in streams(10), parts in prop::collection::vec(0.0..1.0_f64, 12)
    ) {
        let engine = &*TIMED;
        let (_, conversation) = play(engine, &events);
        let customer = customer();
        let due = |now| engine.due(&conversation, &World { customer: Some(&customer), ..World::at(now) });
        let mut now = events[events.len() - 1].at;
        for part in parts {
            let here = due(now);
            let wake_at = here.wake_at.unwrap_or_else(|| now.saturating_add(Seconds::days(30)));
            prop_assert!(wake_at > now);
            let span = wake_at.as_millis() - now.as_millis() - 1;
            for ahead in [(span as f64 * part) as i64, span] {
                let later = Timestamp::from_millis(now.as_millis() + ahead).unwrap();
                let (is, was) = (due_without_instants(&due(later)), due_without_instants(&here));
                prop_assert_eq!(is, was, "at {} after {}, awake at {}", later, now, wake_at);
            }
            now = wake_at;
        }
    }

    #[test]
    fn t15_an_event_delivered_twice_changes_nothing_and_asks_for_nothing(events in streams(8), again in 0_usize..8) {
        let (_, mut conversation) = play(&ENGINE, &events);
        let before = conversation.clone();
        let event = &events[again % events.len()];
        let world = World::at(events[events.len() - 1].at);
        let decision = ENGINE.assess(event, &mut conversation, &world);
        prop_assert_eq!(&conversation, &before);
        prop_assert!(decision.actions.iter().all(|chosen| matches!(chosen.action, Action::Ignore { .. })), "{decision:?}");
        prop_assert!(decision.hidden.is_empty());
    }

    #[test]
    fn registers_take_the_latest_value_in_whatever_order_events_arrive(events in streams(12), seed in any::<u64>()) {
        let mut shuffled = events.clone();
        let mut dice = seed;
        for at in (1..shuffled.len()).rev() {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, usize::try_from(dice >> 33).unwrap() % (at + 1));
        }
        let fold = |events: &[Event]| {
            let mut conversation = conversation();
            events.iter().for_each(|event| { conversation.advance(event); });
            let Conversation { status, priority, assigned, opened, last_customer_at, last_reply_at, last_event_at, .. } = conversation;
            json!([status.value, status.at, priority.value, priority.at, assigned.value, assigned.at, opened, last_customer_at, last_reply_at, last_event_at])
        };
        prop_assert_eq!(fold(&events), fold(&shuffled));
    }

    #[test]
    fn a_conversation_stored_between_any_two_events_decides_as_one_that_was_not(events in streams(8)) {
        let (straight, kept) = play(&ENGINE, &events);
        let (customer, mut conversation) = (customer(), conversation());
        for (event, decision) in events.iter().zip(straight) {
            conversation = serde_json::from_str(&serde_json::to_string(&conversation).unwrap()).unwrap();
            let world = World { customer: Some(&customer), ..World::at(event.at) };
            prop_assert_eq!(shown(&ENGINE.assess(event, &mut conversation, &world)), decision);
        }
        prop_assert_eq!(conversation, kept);
    }

    #[test]
    fn t12_tighter_ceilings_never_make_a_decision_less_careful(text in texts(), surface in surfaces(), quoted in texts()) {
        let event: Event = serde_json::from_value(json!({
            "id": "e-1", "at": "2026-12-09T10:00:00Z", "conversation": "c-1", "by": { "customer": "anna" },
            "what": { "message": { "surface": surface, "text": text, "quoted": quoted } },
        })).unwrap();
        let world = World::at(event.at);
        let full = ENGINE.assess(&event, &mut conversation(), &world);
        let checked = ENGINE.review(draft(surface, &text), &conversation(), &world).verdict;
        for engine in TIGHT.iter() {
            let reduced = engine.assess(&event, &mut conversation(), &world);
            let ((hid, moved), (hides, moves)) = (caution(&full), caution(&reduced));
            prop_assert!(hides >= hid && moves >= moved, "{full:?}\n{reduced:?}");
            for hidden in &full.hidden {
                prop_assert!(covered(hidden, &reduced.hidden), "{hidden:?} {:?}", reduced.hidden);
            }
            let verdict = engine.review(draft(surface, &text), &conversation(), &world).verdict;
            prop_assert!(verdict >= checked.min(Verdict::Held), "{checked:?} {verdict:?}");
        }
    }

    #[test]
    fn t16_two_tenants_interleaved_decide_as_they_do_apart(one in streams(6), two in streams(6)) {
        let other = &TIGHT[0];
        let apart = (play(&ENGINE, &one), play(other, &two));
        let customer = customer();
        let (mut first, mut second) = (conversation(), conversation());
        let mut together = (Vec::new(), Vec::new());
        for at in 0..one.len().max(two.len()) {
            if let Some(event) = one.get(at) {
                let world = World { customer: Some(&customer), ..World::at(event.at) };
                together.0.push(shown(&ENGINE.assess(event, &mut first, &world)));
            }
            if let Some(event) = two.get(at) {
                let world = World { customer: Some(&customer), ..World::at(event.at) };
                together.1.push(shown(&other.assess(event, &mut second, &world)));
            }
        }
        prop_assert_eq!(((together.0, first), (together.1, second)), apart);
    }

    #[test]
    fn every_byte_string_is_decided_on_and_every_span_is_a_piece_of_it(bytes in prop::collection::vec(any::<u8>(), 0..400), surface in surfaces()) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let event: Event = serde_json::from_value(json!({
            "id": "e-1", "at": "2026-12-09T10:00:00Z", "conversation": "c-1", "by": { "customer": "anna" },
            "what": { "message": { "surface": surface, "text": text } },
        })).unwrap();
        let mut conversation = conversation();
        let decision = ENGINE.assess(&event, &mut conversation, &World::at(event.at));
        let review = ENGINE.review(draft(surface, &text), &conversation, &World::at(event.at));
        let causes = decision.actions.iter().flat_map(|chosen| chosen.because.iter()).flat_map(|cause| cause.spans.iter());
        let spans = decision.hidden.iter().map(|hidden| (hidden.span.start, hidden.span.end))
            .chain(causes.map(|evidence| (evidence.start, evidence.end)))
            .chain(decision.seen.signals.iter().map(|signal| (signal.span.start, signal.span.end)))
            .chain(review.findings.iter().filter_map(|finding| finding.span).map(|span| (span.start, span.end)));
        for (start, end) in spans {
            let piece = text.get(usize::try_from(start).unwrap()..usize::try_from(end).unwrap());
            prop_assert!(piece.is_some(), "{start}..{end} of {}", text.len());
        }
        let _ = ENGINE.due(&conversation, &World::at(event.at));
    }
}

#[test]
fn t8_after_ten_thousand_events_the_state_is_still_small() {
    let mut conversation = conversation();
    for number in 0..10_000_u32 {
        let what = match number % 5 {
            0 => json!({ "status": { "to": if number % 2 == 0 { "pending" } else { "open" } } }),
            1 => json!({ "tagged": { "add": [format!("tag-{}", number % 7)] } }),
            _ => json!({ "message": { "surface": "x/post", "text": "dov'è il mio pacco" } }),
        };
        let by = if number % 3 == 0 { json!({ "agent": "giulia" }) } else { json!({ "customer": "anna" }) };
        let at = galateo::model::Timestamp::from_secs(1_796_810_400 + i64::from(number) * 60).unwrap();
        let event =
            json!({ "id": format!("e-{number}"), "at": at, "conversation": "c-1", "by": by, "what": what });
        assert!(conversation.advance(&serde_json::from_value(event).unwrap()));
    }
    let bytes = serde_json::to_string(&conversation).unwrap().len();
    println!("{bytes} bytes of state after 10 000 events");
    assert!(bytes <= 8 * 1024, "{bytes} bytes");
}

#[test]
fn t13_eight_threads_decide_as_one_does() {
    let events: Vec<Event> = (0..40)
        .map(|number| {
            let text = ["vi denuncio", "voglio il rimborso", "grazie mille", "my card 4111 1111 1111 1111"][number % 4];
            let event = json!({
                "id": format!("e-{number}"), "at": "2026-12-09T10:00:00Z", "conversation": "c-1", "by": { "customer": "anna" },
                "what": { "message": { "surface": "x/post", "text": text } },
            });
            serde_json::from_value(event).unwrap()
        })
        .collect();
    let alone = play(&ENGINE, &events);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| play(&ENGINE, &events))).collect();
        threads.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), alone));
    });
}

#[test]
fn an_event_of_another_conversation_changes_nothing() {
    let event: Event = serde_json::from_value(json!({
        "id": "e-1", "at": "2026-12-09T10:00:00Z", "conversation": "c-2", "by": { "customer": "anna" },
        "what": { "message": { "surface": "x/post", "text": "vi denuncio" } },
    }))
    .unwrap();
    let mut conversation = conversation();
    let decision = ENGINE.assess(&event, &mut conversation, &World::at(event.at));
    assert_eq!(conversation, self::conversation());
    assert!(
        decision.actions.iter().all(|chosen| matches!(chosen.action, Action::Ignore { .. })),
        "{decision:?}"
    );
}
