//! A playbook's own tests: they are read like everything else of it, run by one call, and told like its faults.

use galateo::playbook::{Document, Policy, STARTER};
use galateo::{Engine, Limits};
use serde_json::{Value, json};

fn starter() -> Value {
    Document::from_toml(STARTER, &Limits::DEFAULT).unwrap().root().to_value()
}

/// The starter playbook with one test more.
fn engine_with(test: &Value) -> Engine {
    let mut playbook = starter();
    playbook["test"].as_array_mut().unwrap().push(test.clone());
    let document = Document::from_value(&playbook).unwrap();
    Engine::new(Policy::compile(&document, &Limits::DEFAULT).unwrap_or_else(|faults| panic!("{faults}")).0)
}

#[test]
fn the_starter_playbook_passes_its_own_tests() {
    let failed = Engine::starter().run_tests();
    assert!(failed.is_empty(), "{failed}");
    assert!(Policy::starter().playbook().test.len() >= 8);
}

#[test]
fn each_test_that_must_fail_says_where_and_why() {
    let data: Value = toml::from_str(include_str!("../data/playbook/cases.toml")).unwrap();
    for case in data["failing"].as_array().unwrap() {
        let mut test = case["test"].clone();
        test["id"] = json!("it");
        let failed = engine_with(&test).run_tests();
        let [fault] = failed.as_slice() else { panic!("{}: {failed}", case["says"]) };
        let expected = format!("test `it`: {}", case["says"].as_str().unwrap());
        assert_eq!((fault.code.as_str(), fault.message.as_str()), ("G0601", expected.as_str()));
        assert_eq!(fault.path, case["place"].as_str().unwrap());
    }
}

/// A failing test stands at its line, in its layer.
#[test]
fn a_failing_test_is_placed_in_the_text_and_in_its_layer() {
    let base = Document::from_toml(STARTER, &Limits::DEFAULT).unwrap();
    let text = "\n[[test]]\nid = 'x'\nevent = { what = { message = { surface = 'x/post', text = 'ciao' } } }\nexpect = [\n  'engage',\n  'close',\n]";
    let brand = Document::from_toml(text, &Limits::DEFAULT).unwrap();
    let both = Document::layered(&[("base", &base), ("brand", &brand)], &Limits::DEFAULT).unwrap();
    let failed = Engine::new(Policy::compile(&both, &Limits::DEFAULT).unwrap().0).run_tests();
    let [fault] = failed.as_slice() else { panic!("{failed}") };
    assert_eq!(
        (fault.layer.as_deref(), fault.line, fault.column, fault.path.as_str()),
        (Some("brand"), Some(7), Some(3), "test[11].expect[1]")
    );
}

/// Promise 4: a test may be made of a real message, and nothing that is printed shows it.
#[test]
fn no_rendering_of_a_playbook_shows_what_its_tests_say() {
    let canary = "canary.verdi@example.com";
    let test = json!({
        "id": "it", "event": { "what": { "message": { "surface": "x/post", "text": canary } } },
        "customer": { "id": "anna", "names": [canary] }, "expect": ["close", { "move_private": { "link": "https://x.com" } }],
    });
    let engine = engine_with(&test);
    let shown = format!("{:?} {} {:?}", engine.policy(), engine.run_tests(), engine.run_tests());
    assert!(!shown.contains("canary"));
    let mut broken = starter();
    broken["test"] =
        json!([{ "id": "it", "event": { canary: canary, "what": canary }, "expect": ["close"] }]);
    let faults = Policy::compile(&Document::from_value(&broken).unwrap(), &Limits::DEFAULT).unwrap_err();
    assert!(!faults.to_string().contains("canary"), "{faults}");
}

/// The table by which expectations are read names the actions of a decision, each with its entries.
#[test]
fn expectations_know_every_action_and_every_entry() {
    let source = include_str!("../../src/decision/action.rs");
    let body = source.split("pub enum Action {").nth(1).unwrap().split("\n}\n").next().unwrap();
    let mut actions: Vec<(String, Vec<String>)> = Vec::new();
    for line in body.lines().filter(|line| !line.trim_start().starts_with(['/', '#'])) {
        let word: String = line.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        match line.len() - line.trim_start().len() {
            4 if !word.is_empty() => actions.push((snake(&word), Vec::new())),
            8 if !word.is_empty() => actions.last_mut().unwrap().1.push(word),
            _ => {}
        }
    }
    assert!(actions.len() >= 30);
    let mut all = Vec::new();
    for (action, entries) in &actions {
        let mut with = serde_json::Map::new();
        entries.iter().for_each(|entry| _ = with.insert(entry.clone(), json!("?")));
        all.extend([json!(action), json!({ action: with })]);
    }
    engine_with(&json!({ "id": "it", "now": "2026-06-01T10:00:00Z", "expect_not": all }));
    let wrong: Vec<Value> =
        actions.iter().map(|(action, _)| json!({ action: { "no_such_entry": 1 } })).collect();
    let mut playbook = starter();
    playbook["test"] = json!([{ "id": "it", "expect": wrong }]);
    let faults = Policy::compile(&Document::from_value(&playbook).unwrap(), &Limits::DEFAULT).unwrap_err();
    assert_eq!(faults.as_slice().len(), actions.len(), "{faults}");
}

fn snake(name: &str) -> String {
    let mut word = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            word.push('_');
        }
        word.extend(c.to_lowercase());
    }
    word
}
