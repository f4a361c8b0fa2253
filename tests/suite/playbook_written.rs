//! Playbooks written out and read again, compared, drawn, brought to the present form, and changed by one rule.

use std::collections::BTreeSet;
use std::sync::Arc;

use galateo::model::{Conversation, ConversationId, Event, Language, QueueId, RuleId, Word};
use galateo::playbook::{ChangeKind, Condition, Directive, Document, Playbook, Policy, Rule, STARTER, field};
use galateo::{Engine, Limits, World};
use serde_json::{Value, json};

use crate::model_reference::{Dice, a_condition};

fn compiled(text: &str) -> Policy {
    Policy::from_toml(text, &Limits::DEFAULT).unwrap_or_else(|faults| panic!("{faults}")).0
}

fn word(text: &str) -> Word {
    Word::new(text).unwrap()
}

/// A playbook whose rules ask random conditions of declared fields.
fn random(seed: u64) -> Playbook {
    let dice = &mut Dice::new(seed);
    let mut playbook = Playbook::new(word("made"), "1 \"of\" many\n", vec![Language::It, Language::En]);
    playbook.fields = Document::from_value(&json!({
        "score": { "type": "number" }, "message": { "type": "text" }, "created": { "type": "time" }, "open": { "type": "flag" },
    }))
    .unwrap()
    .read(&Limits::DEFAULT)
    .unwrap();
    let policy = Policy::from_playbook(&playbook, &Limits::DEFAULT).unwrap().0;
    let fields = policy_fields(&policy);
    for number in 0..20 {
        let json = a_condition(dice, 3);
        let document = Document::from_value(&json).unwrap();
        let when = Condition::from_document(&document, &fields, &Limits::DEFAULT).unwrap();
        let then = [
            Directive::Notify(word("someone")),
            Directive::AddTags(vec![]),
            Directive::SuggestArticles,
            Directive::Ignore { reason: "a \"reason\"\nof two lines".into() },
            Directive::Redact { kinds: vec![word("email")] },
        ];
        let rule = Rule::new(RuleId::new(format!("r {number}")).unwrap()).priority(number - 10).when(when);
        playbook.rules.push(rule.then(then[dice.roll(then.len())].clone()));
    }
    playbook
}

fn policy_fields(policy: &Policy) -> galateo::playbook::Fields {
    let mut fields = galateo::playbook::fields();
    for (name, declaration) in &policy.playbook().fields {
        fields.declare(name.as_str(), declaration).unwrap();
    }
    fields
}

#[test]
fn a_playbook_written_out_and_read_again_is_the_same() {
    let starter = Policy::starter();
    let text = starter.playbook().to_toml();
    let again = compiled(&text);
    assert_eq!(again.playbook(), starter.playbook(), "{text}");
    assert_eq!(again.fingerprint(), starter.fingerprint());
    for seed in 0..30 {
        let playbook = random(seed);
        let text = playbook.to_toml();
        let document =
            Document::from_toml(&text, &Limits::DEFAULT).unwrap_or_else(|faults| panic!("{faults}\n{text}"));
        let read = Policy::compile(&document, &Limits::DEFAULT)
            .unwrap_or_else(|faults| panic!("{faults}\n{text}"))
            .0;
        assert_eq!(*read.playbook(), playbook, "{text}");
        let built = Policy::from_playbook(&playbook, &Limits::DEFAULT).unwrap().0;
        assert_eq!(built.fingerprint(), read.fingerprint());
    }
}

#[test]
fn a_diff_speaks_of_rules_and_not_of_lines() {
    let from = compiled(STARTER);
    let changed = STARTER
        .replace("id = \"very-unhappy\"\npriority = 50", "id = \"very-unhappy\"\npriority = 51")
        .replace("sentiment = { below = -600 }", "sentiment = { below = -500 }")
        .replace("id = \"wants-to-buy\"", "id = \"buyers\"")
        .replace("{ level = 1, reason = \"wants to leave\" }", "{ level = 2, reason = \"wants to leave\" }")
        .replace("reuse = 500", "reuse = 400")
        .replace("weight = 3", "weight = 4")
        .replace("The charger caught fire and burned my hand", "A canary caught fire");
    let spaced = changed.replace("[[rules]]", "\n\n# a remark\n[[rules]]");
    assert!(compiled(&changed).playbook().diff(compiled(&spaced).playbook()).is_empty());
    let told: Vec<String> =
        from.playbook().diff(compiled(&spaced).playbook()).iter().map(ToString::to_string).collect();
    let expected = [
        "gate changed\n  reuse: 500 → 400",
        "queues `marketing` changed\n  weight: 3 → 4",
        "rules `wants-to-buy` removed",
        "rules `very-unhappy` changed\n  priority: 50 → 51\n  when.all[0].sentiment.below: -600 → -500",
        "rules `buyers` added",
        "rules `wants-to-leave` changed\n  then[1].escalate.level: 1 → 2",
        "test `danger to people outranks everything` changed\n  event.what.message.text is another",
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_diff_names_the_fewest_rules_that_moved() {
    let rules = |order: &[&str]| {
        let mut playbook = Playbook::new(word("a"), "1", vec![Language::It]);
        playbook.rules = order.iter().map(|id| Rule::new(RuleId::new(id).unwrap())).collect();
        playbook
    };
    let moved = |from: &[&str], to: &[&str]| -> Vec<String> {
        let changes = rules(from).diff(&rules(to));
        assert!(changes.iter().all(|change| change.kind != ChangeKind::Changed));
        let moved = changes.into_iter().filter(|change| change.kind == ChangeKind::Moved);
        moved.filter_map(|change| change.id).collect()
    };
    assert_eq!(moved(&["a", "b", "c", "d"], &["a", "b", "c", "d"]), Vec::<String>::new());
    assert_eq!(moved(&["a", "b", "c", "d"], &["d", "a", "b", "c"]), ["d"]);
    assert_eq!(moved(&["a", "b", "c", "d"], &["b", "c", "a", "x", "d"]), ["a"]);
    assert_eq!(moved(&["a", "b", "c"], &["c", "a"]), ["c"]);
}

/// Every difference undone, entry by entry, gives the first again: nothing is left out.
#[test]
fn no_difference_is_left_out() {
    for seed in 0..20 {
        let (from, to) = (random(seed), random(seed + 1));
        let names: BTreeSet<String> = from
            .diff(&to)
            .into_iter()
            .filter(|change| change.section == "rules")
            .filter_map(|c| c.id)
            .collect();
        for (old, new) in from.rules.iter().zip(&to.rules) {
            assert_eq!(old != new, names.contains(old.id.as_str()), "{seed} {}", old.id);
        }
    }
}

#[test]
fn a_version_of_the_form_that_is_not_known_is_refused_by_name_and_alone() {
    let text = "schema = 7\nname = 3\nwhat = 'ever'";
    let faults = Policy::from_toml(text, &Limits::DEFAULT).unwrap_err();
    assert_eq!(
        faults.to_string(),
        "G0113 schema (line 1, column 10): this is version 7 of the form, and this release reads version 1"
    );
    let base = Document::from_toml(STARTER, &Limits::DEFAULT).unwrap();
    let layer = Document::from_toml("schema = 0", &Limits::DEFAULT).unwrap();
    let faults = Document::layered(&[("base", &base), ("brand", &layer)], &Limits::DEFAULT).unwrap_err();
    assert!(faults.to_string().contains("version 0 of the form"), "{faults}");
}

/// The chart holds to the part of Mermaid's grammar that it uses: groups closed, nodes declared, labels in quotes.
#[test]
fn the_picture_of_a_playbook_is_well_formed_whatever_the_names() {
    let mut odd = Policy::starter().playbook().clone();
    odd.levels[0].to = "a \"chief\" <b>#1</b> [x] {y} |z| `q`\nend".into();
    odd.departments[0].owner = "Ada; %% Love\"lace".to_owned();
    odd.queues[0].id = QueueId::new("end\"]; x --> y").unwrap();
    for playbook in [Policy::starter().playbook(), &odd, &Playbook::new(word("a"), "1", vec![Language::It])] {
        let chart = playbook.mermaid();
        let mut lines = chart.lines();
        assert_eq!(lines.next(), Some("flowchart LR"));
        let (mut open, mut nodes, mut used) = (0, BTreeSet::new(), BTreeSet::new());
        for line in lines {
            let line = line.trim();
            assert_eq!(line.matches('"').count() % 2, 0, "{line}");
            let outside: String = line.split('"').step_by(2).collect();
            match outside.split_whitespace().collect::<Vec<_>>().as_slice() {
                ["end"] => open -= 1,
                ["subgraph", ..] => open += 1,
                [from, "-.", "overflow", ".->", to] => used.extend([(*from).to_owned(), (*to).to_owned()]),
                [node, "-->", to] if node.contains('[') || node.contains('(') => {
                    nodes.insert(id(node));
                    used.insert((*to).to_owned());
                }
                [from, "-->", to] => used.extend([(*from).to_owned(), (*to).to_owned()]),
                [from, label, _, to] if label.starts_with("-->|") => {
                    used.extend([(*from).to_owned(), (*to).to_owned()]);
                }
                [node] => _ = nodes.insert(id(node)),
                other => panic!("{other:?} in {line}"),
            }
        }
        assert_eq!(open, 0);
        assert!(used.is_subset(&nodes), "{used:?} {nodes:?}");
    }
    let chart = Policy::starter().playbook().mermaid();
    for edge in ["family_route -->|", "queue_0 -. overflow .-> queue_5", "topic_1 --> department_1"] {
        assert!(chart.contains(edge), "{edge}\n{chart}");
    }
}

fn id(node: &str) -> String {
    let name: String = node.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    assert!(!name.is_empty(), "{node}");
    name
}

fn decide(policy: &Policy, text: &str) -> Value {
    let event: Event = serde_json::from_value(json!({
        "id": "e-1", "at": "2026-12-09T10:00:00Z", "conversation": "c-1", "by": { "customer": "anna" },
        "what": { "message": { "surface": "x/post", "text": text } },
    }))
    .unwrap();
    let mut conversation = Conversation::new(ConversationId::new("c-1").unwrap());
    let decision = Engine::new(policy.clone()).assess(&event, &mut conversation, &World::at(event.at));
    json!([decision.actions, decision.hidden, decision.by])
}

#[test]
fn a_policy_with_one_rule_changed_is_the_policy_compiled_anew() {
    let rules = [
        Rule::new(RuleId::new("very-unhappy").unwrap())
            .priority(50)
            .when(field("sentiment").below(-100))
            .then(Directive::Notify(word("supervisor"))),
        Rule::new(RuleId::new("new").unwrap())
            .priority(99)
            .when(field("text").contains("pacco") | field("followers").at_least(10))
            .then(Directive::Escalate { level: 2, reason: "new".into(), within: None }),
        Rule::new(RuleId::new("soft").unwrap())
            .when(field("visibility").is("public"))
            .then(Directive::Redact { kinds: vec![word("person")] }),
    ];
    let mut policy = Policy::starter();
    let mut playbook = policy.playbook().clone();
    for rule in rules {
        match playbook.rules.iter_mut().find(|known| known.id == rule.id) {
            Some(known) => *known = rule.clone(),
            None => playbook.rules.push(rule.clone()),
        }
        policy = policy.with_rule(rule).unwrap_or_else(|faults| panic!("{faults}"));
        let anew = Policy::from_playbook(&playbook, &Limits::DEFAULT).unwrap().0;
        assert_eq!(policy.playbook(), anew.playbook());
        assert_eq!(policy.fingerprint(), anew.fingerprint());
        for text in ["dov'è il mio pacco?", "sono deluso", "Sono Mario Rossi, vi denuncio"] {
            assert_eq!(decide(&policy, text), decide(&anew, text));
        }
    }
    let broken = Rule::new(RuleId::new("x").unwrap())
        .when(field("sentimnt").below(1))
        .then(Directive::Escalate { level: 9, reason: Arc::from(""), within: None });
    let faults = policy.with_rule(broken).unwrap_err().to_string();
    assert!(
        faults.contains("rules[0].when.sentimnt") && faults.contains("did you mean `sentiment`"),
        "{faults}"
    );
    let unknown = Rule::new(RuleId::new("x").unwrap()).then(Directive::Suggest(word("nothing_of_the_kind")));
    assert!(policy.with_rule(unknown).unwrap_err().to_string().contains("rules[0].then[0].suggest"));
}
