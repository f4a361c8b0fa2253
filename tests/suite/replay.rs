//! Replaying recorded events under two policies: exactly the decisions that differ, and by which rules (R5).

use std::collections::BTreeMap;
use std::sync::Arc;

use galateo::decision::Action;
use galateo::model::{Conversation, ConversationId, Customer, Event};
use galateo::playbook::{Policy, STARTER};
use galateo::{Coverage, Engine, Limits, Replay, ReplaySummary, World};
use serde_json::{Value, json};

use crate::fuzz_replay::targets::gist;
use crate::model_reference::Dice;

/// A change to the starter playbook, and whether it changes any decision on the events below.
const CHANGES: &[(&str, &str, &str, bool)] = &[
    ("nothing", "", "", false),
    ("its name", "name = \"starter\"", "name = \"other\"", false),
    ("a threshold", "sentiment = { below = -600 }", "sentiment = { below = -100 }", true),
    ("a queue", "{ assign = { queue = \"billing\"", "{ assign = { queue = \"care\"", true),
    (
        "a priority",
        "id = \"everything-else\"\npriority = -100",
        "id = \"everything-else\"\npriority = 99",
        true,
    ),
    ("a rule's name", "id = \"money\"", "id = \"cash\"", false),
    (
        "a level's time",
        "to = \"shift lead\"\nwithin = \"20m\"",
        "to = \"shift lead\"\nwithin = \"25m\"",
        true,
    ),
    ("what is promised", "target = 1800, hours = \"business\"", "target = 2400, hours = \"business\"", true),
    (
        "what is owed",
        "owe = { promise = \"delivery_24h\" }",
        "owe = { promise = \"delivery_24h\", within = \"1h\" }",
        true,
    ),
    ("what the brand promises", "within = \"24h\"\ncalendar", "within = \"2h\"\ncalendar", true),
    ("a topic's words", "\"pacco\", \"pacchi\"", "\"pacchetto\"", true),
    ("a pattern", "PSP-[0-9]{6}", "PSQ-[0-9]{6}", true),
    ("an article", "Dove vedo a che punto è il mio pacco?", "A che punto è il mio pacco?", false),
];

fn engine_with(from: &str, to: &str) -> Arc<Engine> {
    assert!(STARTER.contains(from), "{from} is gone from the starter");
    Arc::new(Engine::new(Policy::from_toml(&STARTER.replacen(from, to, 1), &Limits::DEFAULT).unwrap().0))
}

const SAYINGS: &[&str] = &[
    "dov'è il mio pacco?",
    "mi avete addebitato il pagamento due volte",
    "voglio il rimborso, vergogna!",
    "sono deluso",
    "vi denuncio, chiamo il mio avvocato",
    "grazie mille, a posto così",
    "la mia mail è anna.verdi@example.com",
    "ordine PSP-123456",
    "where is my order",
    "it caught fire!",
    "fate schifo, pessimo servizio, mai più",
    "a che ora siete aperti?",
    "passo alla concorrenza, voglio disdire",
    "I want to speak to a human",
];

/// What happens in a few conversations, out of order and with repetitions now and then.
fn happenings(seed: u64, count: usize) -> Vec<Event> {
    let dice = &mut Dice::new(seed);
    (0..count)
        .map(|number| {
            let conversation = format!("c-{}", dice.roll(count / 5 + 1));
            let surface = dice.pick(&["x/post", "x/direct_message", "whatsapp/chat", "facebook/comment"]);
            let text: Vec<&str> = (0..1 + dice.roll(2)).map(|_| dice.pick(SAYINGS)).collect();
            let message = json!({ "message": { "surface": surface, "text": text.join(" ") } });
            let (by, what) = match dice.roll(10) {
                0 | 1 => (json!({ "agent": "giulia" }), message),
                2 => (json!({ "agent": "giulia" }), json!({ "status": { "to": "pending" } })),
                3 => (json!("system"), json!({ "tagged": { "add": ["vip"] } })),
                4 => (json!({ "customer": "anna" }), json!({ "edited": { "message": "m-1", "text": text.join(" ") } })),
                _ => (json!({ "customer": "anna" }), message),
            };
            let number = if dice.roll(20) == 0 { number / 2 } else { number };
            let minute = number % 60;
            serde_json::from_value(json!({
                "id": format!("e-{number}"), "at": format!("2026-12-09T{:02}:{minute:02}:00Z", 8 + (number / 60) % 12),
                "conversation": conversation, "by": by, "what": what,
            }))
            .unwrap()
        })
        .collect()
}

fn anna() -> Customer {
    serde_json::from_value(
        json!({ "id": "anna", "followers": 90_000, "orders": [{ "code": "1", "state": "delayed" }, { "code": "2", "state": "shipped" }] }),
    )
    .unwrap()
}

/// Two separate runs, compared one decision at a time.
fn naive(live: &Engine, other: &Engine, events: &[Event], customer: &Customer) -> Vec<String> {
    let run = |engine: &Engine| -> Vec<Value> {
        let mut kept: BTreeMap<ConversationId, Conversation> = BTreeMap::new();
        let decide = |event: &Event| {
            let conversation = kept
                .entry(event.conversation.clone())
                .or_insert_with(|| Conversation::new(event.conversation.clone()));
            let world = World { customer: Some(customer), ..World::at(event.at) };
            gist(&engine.assess(event, conversation, &world))
        };
        events.iter().map(decide).collect()
    };
    let pairs = run(live).into_iter().zip(run(other)).zip(events);
    pairs.filter(|((a, b), _)| a != b).map(|(_, event)| event.id.to_string()).collect()
}

fn replayed(
    live: &Arc<Engine>,
    other: &Arc<Engine>,
    events: &[Event],
    customer: &Customer,
) -> (Vec<String>, ReplaySummary) {
    let mut replay = Replay::new(live.clone(), other.clone());
    let mut differing = Vec::new();
    for event in events {
        let world = World { customer: Some(customer), ..World::at(event.at) };
        differing.extend(replay.play(event, &world).map(|difference| difference.event.to_string()));
    }
    (differing, replay.summary().clone())
}

#[test]
fn r5_a_replay_lists_exactly_the_decisions_in_which_two_separate_runs_differ() {
    let live = Arc::new(Engine::starter());
    let customer = anna();
    for (what, from, to, is_visible) in CHANGES {
        let other = engine_with(from, to);
        let mut some = false;
        for seed in 0..2 {
            let events = happenings(seed, 150);
            let expected = naive(&live, &other, &events, &customer);
            let (found, summary) = replayed(&live, &other, &events, &customer);
            assert_eq!(found, expected, "{what}, seed {seed}");
            assert_eq!((summary.events(), summary.differing()), (150, expected.len() as u64), "{what}");
            some |= !expected.is_empty();
        }
        assert_eq!(some, *is_visible, "{what}");
    }
}

#[test]
fn r5_a_rule_that_asks_for_something_else_is_named_with_what_is_lost_and_gained() {
    let (live, other) = (Arc::new(Engine::starter()), engine_with(CHANGES[2].1, CHANGES[2].2));
    let events = happenings(7, 300);
    let (_, summary) = replayed(&live, &other, &events, &anna());
    let first = summary.rules()[0];
    assert_eq!(first.rule.as_ref().unwrap().as_str(), "very-unhappy");
    assert_eq!(first.lost, 0);
    assert!(first.gained >= first.decisions && first.decisions <= summary.differing());
}

/// A record cut by conversation is counted as the whole is.
#[test]
fn r5_summaries_of_shards_add_up_to_the_summary_of_the_whole() {
    let (live, other) = (Arc::new(Engine::starter()), engine_with(CHANGES[3].1, CHANGES[3].2));
    let (events, customer) = (happenings(3, 400), anna());
    let (_, whole) = replayed(&live, &other, &events, &customer);
    let is_first =
        |event: &&Event| event.conversation.to_string().bytes().map(u32::from).sum::<u32>() % 2 == 0;
    let shard =
        |first: bool| -> Vec<Event> { events.iter().filter(|e| is_first(e) == first).cloned().collect() };
    let (_, mut merged) = replayed(&live, &other, &shard(true), &customer);
    merged.merge(&replayed(&live, &other, &shard(false), &customer).1);
    assert_eq!(merged, whole);
    assert_eq!(json!(merged), json!(whole));
}

#[test]
fn r5_a_replay_goes_on_from_the_conversation_that_the_host_kept() {
    let (live, other) = (Arc::new(Engine::starter()), engine_with(CHANGES[2].1, CHANGES[2].2));
    let events = happenings(11, 2);
    let mut kept = Conversation::new(events[0].conversation.clone());
    kept.learned.level = 1;
    let mut event = events[0].clone();
    event.what =
        serde_json::from_value(json!({ "message": { "surface": "x/dm", "text": "sono deluso" } })).unwrap();
    event.by = serde_json::from_value(json!({ "customer": "anna" })).unwrap();
    let raised = |resumed: bool| {
        let mut replay = Replay::new(live.clone(), other.clone());
        if resumed {
            replay.resume(kept.clone());
        }
        let difference = replay.play(&event, &World::at(event.at)).unwrap();
        difference.gained.iter().any(|chosen| matches!(chosen.action, Action::Escalate { .. }))
    };
    assert!(raised(false) && !raised(true));
}

/// Counted against single questions: how often each rule is named by a decision, and in which of its ways.
#[test]
fn coverage_counts_rules_and_the_ways_of_their_conditions_as_the_decisions_show_them() {
    let engine = Engine::starter();
    let (events, customer) = (happenings(5, 200), anna());
    let mut coverage = Coverage::new(&engine);
    let mut named: BTreeMap<String, u64> = BTreeMap::new();
    let mut kept: BTreeMap<ConversationId, Conversation> = BTreeMap::new();
    for event in &events {
        let conversation = kept
            .entry(event.conversation.clone())
            .or_insert_with(|| Conversation::new(event.conversation.clone()));
        let world = World { customer: Some(&customer), ..World::at(event.at) };
        let mut copy = conversation.clone();
        let decision = coverage.assess(event, conversation, &world);
        assert_eq!(decision, engine.assess(event, &mut copy, &world));
        let causes = decision.actions.iter().flat_map(|chosen| chosen.because.iter());
        let mut rules: Vec<String> =
            causes.filter_map(|cause| Some(cause.rule.as_ref()?.to_string())).collect();
        rules.sort();
        rules.dedup();
        rules.into_iter().for_each(|rule| *named.entry(rule).or_default() += 1);
    }
    for rule in coverage.rules() {
        assert_eq!(rule.chosen, named.get(rule.rule.as_str()).copied().unwrap_or(0), "{}", rule.rule);
        assert!(rule.matched >= rule.chosen.max(rule.overruled), "{rule:?}");
        let most: u64 = rule.ways.iter().map(|way| way.held).sum();
        assert!(most + rule.in_doubt >= rule.matched, "{rule:?}");
        assert_eq!(coverage.untouched().any(|id| *id == rule.rule), rule.matched == 0);
    }
    let ways = |id: &str| coverage.rules().iter().find(|rule| rule.rule.as_str() == id).unwrap().ways.clone();
    let money = ways("money");
    let places: Vec<_> = money.iter().map(|way| way.tests.join(" ")).collect();
    assert_eq!(places, ["when.any[0]", "when.any[1]"]);
    assert!(money.iter().all(|way| way.held > 0), "{money:?}");
    // Nothing is truncated here: of the two ways to leave the public place one is exercised.
    let held: Vec<bool> = ways("personal-data-in-public").iter().map(|way| way.held > 0).collect();
    assert_eq!(held, [true, false]);
}
