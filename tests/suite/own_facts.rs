//! A host's own facts: declared in a playbook, handed in with the world, asked like any other field (R65).

use galateo::model::{AgentId, Conversation, ConversationId, Draft, Event, Sensitive};
use galateo::playbook::{Document, OwnFacts, Policy, STARTER};
use galateo::{Engine, Limits, World};
use serde_json::json;

const OWN: &str = r#"
name = "volt"
version = "1"
[fields.supply]
type = "word"
values = ["on", "cut_off"]
doc = "whether the customer has power"
[fields.debt]
type = "number"
doc = "what is owed, in cents"
[fields.devices]
type = "words"
[fields.cut_off_at]
type = "time"

[[rules]]
id = "in-the-dark"
priority = 199
when = { all = [{ supply = "cut_off" }, { debt = { at_least = 5000 } }, { devices = { any_of = ["ventilator"] } }] }
then = [{ add_tags = ["life-support"] }]

[[rules]]
id = "doubtful"
priority = 198
on_unknown = "match"
when = { supply = "cut_off" }
then = [{ add_tags = ["supply-in-doubt"] }]

[[rules]]
id = "long-dark"
priority = 197
on = ["due"]
when = { cut_off_at = { older_than = "2d" } }
then = [{ notify = "grid" }]

[[rules]]
id = "no-promises-in-the-dark"
priority = 196
on = ["draft"]
when = { supply = "cut_off" }
then = [{ block_send = { reason = "telephone first" } }]

[[test]]
id = "a ventilator without power"
event = { what = { message = { surface = "x/direct_message", text = "Buongiorno" } } }
facts = { supply = "cut_off", debt = 7000, devices = ["ventilator"] }
expect = [{ add_tags = { tags = ["life-support"] } }, { add_tags = { tags = ["supply-in-doubt"] } }]
"#;

fn engine() -> Engine {
    let read = |text| Document::from_toml(text, &Limits::DEFAULT).unwrap();
    let both = Document::layered(&[("starter", &read(STARTER)), ("volt", &read(OWN))], &Limits::DEFAULT);
    Engine::new(Policy::compile(&both.unwrap(), &Limits::DEFAULT).unwrap().0)
}

fn greeting() -> Event {
    serde_json::from_value(json!({
        "id": "e-1", "at": "2026-11-20T09:00:00Z", "conversation": "c-1", "by": { "customer": "anna" },
        "what": { "message": { "surface": "x/direct_message", "text": "Buongiorno" } },
    }))
    .unwrap()
}

fn conversation() -> Conversation {
    Conversation::new(ConversationId::new("c-1").unwrap())
}

/// The tags that a greeting earns, with some facts beside it.
fn tags(facts: Option<&OwnFacts>) -> String {
    let event = greeting();
    let world = World { facts, ..World::at(event.at) };
    json!(engine().assess(&event, &mut conversation(), &world).actions).to_string()
}

#[test]
fn rules_ask_the_hosts_own_facts_on_messages_on_drafts_and_in_time() {
    let known = OwnFacts::new()
        .with("supply", "cut_off")
        .with("debt", 7000)
        .with("devices", vec!["lamp", "ventilator"])
        .with("cut_off_at", "2026-11-17T09:00:00Z");
    assert!(engine().policy().check_facts(&known).is_empty());
    assert!(tags(Some(&known)).contains("life-support"));

    let world = World { facts: Some(&known), ..World::at(greeting().at) };
    let due = json!(engine().due(&conversation(), &world).actions).to_string();
    assert!(due.contains("grid"), "{due}");
    let surface = "x/direct_message".parse().unwrap();
    let draft = Draft {
        text: Sensitive::from("Ciao, controllo subito."),
        ..Draft::new(ConversationId::new("c-1").unwrap(), AgentId::new("giulia").unwrap(), surface)
    };
    let review = engine().review(draft, &conversation(), &world);
    assert!(review.findings.iter().any(|finding| finding.code.as_str() == "blocked_by_rule"));
    let why = engine().explain(&greeting(), &conversation(), &world);
    assert!(why.rule("in-the-dark").unwrap().tests.matched);
}

#[test]
fn what_is_left_out_or_of_another_type_is_unknown_and_the_rule_says_what_then_happens() {
    let on = OwnFacts::new().with("supply", "on");
    assert!(!tags(Some(&on)).contains("supply-in-doubt"));
    for doubtful in [None, Some(OwnFacts::new()), Some(OwnFacts::new().with("supply", json!({ "is": 3 })))] {
        let told = tags(doubtful.as_ref());
        assert!(told.contains("supply-in-doubt") && !told.contains("life-support"), "{told}");
    }
}

#[test]
fn an_own_fact_never_takes_the_place_of_a_built_in_one() {
    let forged = OwnFacts::new().with("visibility", "public").with("personal_data", vec!["card"]);
    assert_eq!(tags(Some(&forged)), tags(None));
    let faults = engine().policy().check_facts(&forged);
    assert_eq!(faults.iter().map(|fault| fault.code.as_str()).collect::<Vec<_>>(), ["G0214", "G0214"]);
}

/// Promise 4: a fact may be personal data, and no fault or rendering quotes one.
#[test]
fn slips_in_own_facts_are_told_with_help_and_without_their_values() {
    let canary = "canary.verdi@example.com";
    let facts = OwnFacts::new()
        .with("suply", canary)
        .with("supply", canary)
        .with("debt", canary)
        .with("cut_off_at", canary)
        .with("devices", json!([{ "is": canary }]));
    let faults = engine().policy().check_facts(&facts);
    let told = faults.to_string();
    for expected in [
        "G0104 facts.suply: the playbook declares no field `suply`; did you mean `supply`?",
        "G0205 facts.supply: a value is none of those of `supply`; known here: `on`, `cut_off`",
        "G0216 facts.debt: `debt` holds a number",
        "G0216 facts.devices: `devices` holds",
    ] {
        assert!(told.contains(expected), "{expected}\n{told}");
    }
    assert_eq!(faults.as_slice().len(), 5, "{told}");
    assert!(!told.contains("canary") && !format!("{facts:?}").contains("canary"), "{told} {facts:?}");
}

#[test]
fn the_tests_of_a_playbook_can_give_facts() {
    let failed = engine().run_tests();
    assert!(failed.is_empty(), "{failed}");
}
