//! Playbooks as documents: faults with their places, layers, hostile texts, what a lint finds, what is explained.

use std::collections::BTreeSet;
use std::time::Instant;

use galateo::playbook::{
    Condition, Document, Encoding, FieldType, Fields, Policy, Reader, Rule, RuleSession, definitions, lint,
};
use galateo::{Diagnostics, Limits};
use serde_json::{Value, json};

fn the_fields() -> Fields {
    let mut fields = Fields::new();
    for (name, kind, values) in [
        ("channel", FieldType::Word, &[][..]),
        ("created", FieldType::Time, &[]),
        ("message", FieldType::Text, &[]),
        ("open", FieldType::Flag, &[]),
        ("score", FieldType::Number, &[]),
        ("status", FieldType::Word, &["closed", "open", "waiting"]),
        ("tags", FieldType::Words, &[]),
        ("visibility", FieldType::Word, &["group", "internal", "private", "public"]),
    ] {
        fields.add(name, kind, "", values).unwrap();
    }
    fields
}

fn read_rules(document: &Document) -> Result<Vec<Rule<String>>, Diagnostics> {
    let fields = the_fields();
    let mut reader = Reader::new(document, &Limits::DEFAULT).with_fields(&fields);
    let table = reader.table(document.root(), &["rules"]);
    let rules = table.and_then(|table| reader.field_or(table, "rules", Vec::<Rule<String>>::new));
    reader.finish(rules).map(|(rules, _)| rules)
}

fn from_toml(text: &str) -> Result<Vec<Rule<String>>, Diagnostics> {
    read_rules(&Document::from_toml(text, &Limits::DEFAULT)?)
}

/// The text without its mark, and the line and column at which the mark stood.
fn marked(text: &str) -> (String, u32, u32) {
    let at = text.find('‸').expect("a mark");
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
    (text.replacen('‸', "", 1), line as u32, column as u32)
}

#[test]
fn each_broken_playbook_gives_its_code_path_line_and_column() {
    let data: toml::Table = include_str!("../data/playbook/broken.toml").parse().unwrap();
    let cases = data["broken"].as_array().unwrap();
    assert!(cases.len() >= 80, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let (text, line, column) = marked(case["text"].as_str().unwrap());
        let expected =
            format!("{} {} {line}:{column}", case["code"].as_str().unwrap(), case["path"].as_str().unwrap());
        let found = match from_toml(&text) {
            Ok(_) => "nothing".to_owned(),
            Err(faults) => faults
                .iter()
                .map(|f| format!("{} {} {}:{}", f.code, f.path, f.line.unwrap_or(0), f.column.unwrap_or(0)))
                .collect::<Vec<_>>()
                .join(" | "),
        };
        if found != expected {
            wrong.push(format!(
                "{}\n  expected {expected}\n  found    {found}",
                case["name"].as_str().unwrap()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_broken_whole_playbook_gives_its_code_path_line_and_column() {
    let data: toml::Table = include_str!("../data/playbook/broken_whole.toml").parse().unwrap();
    let mut wrong = Vec::new();
    for case in data["broken"].as_array().unwrap() {
        let head = "name = 'a'\nversion = '1'\nlanguages = ['it']\n";
        let text = case["text"].as_str().unwrap();
        let place = |text: &str| {
            let (plain, line, column) = marked(text);
            (plain, format!(" {}:{column}", line + 3))
        };
        let (text, place) = if text.contains('‸') { place(text) } else { (text.to_owned(), String::new()) };
        let expected =
            format!("{} {}{place}", case["code"].as_str().unwrap(), case["path"].as_str().unwrap());
        let shown = |fault: &galateo::Diagnostic| {
            let at = format!(" {}:{}", fault.line.unwrap_or(0), fault.column.unwrap_or(0));
            format!("{} {}{}", fault.code, fault.path, if place.is_empty() { "" } else { &at })
        };
        let found = match Policy::from_toml(&format!("{head}{text}"), &Limits::DEFAULT) {
            Ok(_) => vec!["nothing".to_owned()],
            Err(faults) => {
                let errors = faults.iter().filter(|fault| fault.code.severity() == galateo::Severity::Error);
                errors.map(shown).collect()
            }
        };
        if found != [expected.clone()] {
            wrong.push(format!("{}\n  expected {expected}\n  found    {found:?}", case["name"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_fault_has_the_same_place_in_json() {
    let text = "{\"rules\": [{\"id\": \"a\",\n  \"when\": {\"scor\": 3}}]}";
    let faults = read_rules(&Document::from_json(text, &Limits::DEFAULT).unwrap()).unwrap_err();
    assert_eq!(
        faults.to_string(),
        "G0201 rules[0].when.scor (line 2, column 12): unknown field `scor`; did you mean `score`?"
    );
    let twice = Document::from_json("{\"a\": 1,\n \"a\": 2}", &Limits::DEFAULT).unwrap_err();
    assert_eq!(twice.to_string(), "G0109 (line 2, column 2): this entry stands twice in its table");
}

#[test]
fn an_error_about_a_request_never_repeats_what_may_be_personal() {
    for word in ["+39 333 1234567", "mario.rossi@example.com", "3331234567"] {
        let rules = json!([{ "id": "a", "on_unknown": word, "when": { "x": { word: 1 } } }]);
        let faults = RuleSession::new(&rules, None, &Limits::DEFAULT).unwrap_err().to_string();
        assert!(!faults.split("when").next().unwrap().contains(word), "{faults}");
    }
}

/// Texts made to exhaust a reader, at most a megabyte each (HAZARDS T6).
fn bombs() -> Vec<(&'static str, String, bool)> {
    let nested = |open: &str, close: &str, n: usize| format!("{}1{}", open.repeat(n), close.repeat(n));
    vec![
        ("toml: lists in lists", format!("a = {}", nested("[", "]", 400_000)), false),
        ("toml: tables in tables", format!("a = {}", nested("{a=", "}", 200_000)), false),
        ("toml: a key of dots", format!("{}a = 1", "a.".repeat(400_000)), false),
        ("toml: a header of dots", format!("[{}a]", "a.".repeat(400_000)), false),
        (
            "toml: dots in inline tables",
            format!("a = {}", nested(&format!("{{{}a=", "a.".repeat(4000)), "}", 50)),
            false,
        ),
        ("toml: dots between blanks", format!("{}a = 1", "a . ".repeat(250_000)), false),
        ("toml: quoted keys of dots", format!("{}a = 1", "\"x\".'y'.".repeat(100_000)), false),
        ("toml: a broken quote before dots", format!("b = \"\n{}a = 1", "a.".repeat(400_000)), false),
        ("toml: a value given twice, deep", format!("x = 1\nx = {{{}a=1}}", "a.".repeat(400_000)), false),
        ("toml: open brackets", "[".repeat(1_000_000), false),
        ("toml: open strings", "\"".repeat(1_000_000), false),
        ("toml: many keys", (0..60_000).map(|i| format!("k{i} = 1\n")).collect(), false),
        ("toml: many empty rules", "[[rules]]\n".repeat(90_000), false),
        ("toml: a rule over and over", "[[rules]]\nid='a'\n".repeat(50_000), false),
        ("json: lists in lists", nested("[", "]", 500_000), true),
        ("json: tables in tables", nested("{\"a\":", "}", 150_000), true),
        ("json: open brackets", "[".repeat(1_000_000), true),
        ("json: escapes", format!("[\"{}\"]", "\\u0041".repeat(150_000)), true),
        ("json: one key over and over", format!("{{{}\"a\":1}}", "\"a\":1,".repeat(150_000)), true),
        (
            "json: nots in nots",
            format!("{{\"rules\":[{{\"id\":\"a\",\"when\":{}}}]}}", nested("{\"not\":", "}", 100_000)),
            true,
        ),
        (
            "json: literals",
            format!("{{\"rules\":[{{\"id\":\"a\",\"when\":{{\"score\":[{}1]}}}}]}}", "1,".repeat(400_000)),
            true,
        ),
        (
            "json: conditions",
            format!(
                "{{\"rules\":[{{\"id\":\"a\",\"when\":{{\"all\":[{}{{}}]}}}}]}}",
                "{\"open\":true},".repeat(60_000)
            ),
            true,
        ),
        (
            "json: patterns",
            format!(
                "{{\"rules\":[{{\"id\":\"a\",\"when\":{{\"message\":{{\"matches\":[{}\"a\"]}}}}}}]}}",
                "\"(?:\\\\w{100}){100}\",".repeat(40_000)
            ),
            true,
        ),
        ("json: long numbers", format!("[{}]", "9".repeat(900_000)), true),
    ]
}

#[test]
fn each_bomb_is_refused_quickly_on_a_small_stack() {
    for (name, text, is_json) in bombs() {
        let work = move || {
            let start = Instant::now();
            let read = if is_json {
                Document::from_json(&text, &Limits::DEFAULT)
            } else {
                Document::from_toml(&text, &Limits::DEFAULT)
            };
            let refused = read.and_then(|document| read_rules(&document)).is_err();
            (refused, start.elapsed())
        };
        let (refused, took) =
            std::thread::Builder::new().stack_size(512 * 1024).spawn(work).unwrap().join().unwrap();
        assert!(refused, "{name}");
        // The figure of HAZARDS is 50 ms in release; a loaded machine in debug is given time.
        assert!(took.as_secs() < 20, "{name}: {took:?}");
        println!("{name}: {took:?}");
    }
}

#[test]
fn a_later_layer_patches_adds_and_removes_and_cannot_touch_what_is_locked() {
    let read = |text: &str| Document::from_toml(text, &Limits::DEFAULT).unwrap();
    let base = read(
        "[[rules]]\nid='a'\npriority=1\nwhen={open=true}\n[[rules]]\nid='b'\n[[rules]]\nid='legal'\nlocked=true",
    );
    let brand = read("[[rules]]\nid='a'\npriority=9\n[[rules]]\nid='b'\nremove=true\n[[rules]]\nid='c'");
    let both = Document::layered(&[("base", &base), ("brand", &brand)], &Limits::DEFAULT).unwrap();
    let rules = read_rules(&both).unwrap();
    let shown: Vec<_> = rules
        .iter()
        .map(|r| {
            (r.id.as_str(), r.priority, r.when != Condition::default(), r.origin.layer.as_deref().unwrap())
        })
        .collect();
    assert_eq!(shown, [("a", 9, true, "brand"), ("legal", 0, false, "base"), ("c", 0, false, "brand")]);

    let market = read("\n[[rules]]\nid='legal'\npriority=3\n[[rules]]\nid='nowhere'\nremove=true");
    let faults = Document::layered(&[("base", &base), ("market", &market)], &Limits::DEFAULT).unwrap_err();
    let codes: Vec<_> =
        faults.iter().map(|f| (f.code.as_str(), f.layer.as_deref().unwrap(), f.line)).collect();
    assert_eq!(codes, [("G0301", "market", Some(2)), ("G0302", "market", Some(5))]);
}

fn findings(rules: &[Value]) -> Vec<String> {
    let document = Document::from_value(&json!({ "rules": rules })).unwrap();
    let rules = read_rules(&document).unwrap();
    let conditions: Vec<Condition> = rules.iter().map(Rule::condition).collect();
    let encoding = Encoding::new(&the_fields(), &conditions, &Limits::DEFAULT);
    lint(&rules, &encoding, true).iter().map(ToString::to_string).collect()
}

#[test]
fn a_lint_finds_what_never_and_always_matches_repeats_shadows_and_ties() {
    let rule = |id: &str, when: Value, then: &str| json!({ "id": id, "when": when, "then": [then] });
    let never = json!({ "all": [{ "score": { "below": 1 } }, { "score": { "above": 1 } }] });
    let cases = [
        (vec![rule("a", never, "x")], "G0401"),
        (vec![rule("a", json!({ "tags": "vip", "not": { "tags": "vip" } }), "x")], "G0401"),
        (vec![], ""),
        (vec![rule("a", json!({ "none": [{ "open": { "any_of": [] } }] }), "x")], "G0402"),
        (vec![rule("a", json!({ "open": true }), "x"), rule("b", json!({ "open": true }), "x")], "G0404"),
        (
            vec![
                rule("a", json!({ "tags": ["v", "w"] }), "x"),
                rule("b", json!({ "tags": "v", "open": true }), "y"),
            ],
            "G0403",
        ),
        (vec![rule("a", json!({ "channel": "x" }), "x"), rule("b", json!({ "open": true }), "y")], "G0405"),
        (vec![rule("a", json!({ "channel": "x" }), "x"), rule("b", json!({ "channel": "email" }), "y")], ""),
        (vec![rule("a", json!({ "open": true }), "x"), rule("b", json!({ "open": false }), "y")], ""),
        (vec![rule("a", json!({ "channel": "x" }), "x"), rule("b", json!({ "open": true }), "x")], ""),
        (
            vec![
                rule("a", json!({ "message": { "matches": "^a" } }), "x"),
                rule("b", json!({ "message": { "matches": "b$" } }), "y"),
            ],
            "G0405",
        ),
    ];
    for (rules, code) in cases {
        let found = findings(&rules);
        let codes: Vec<&str> = found.iter().map(|f| &f[..5]).collect();
        let expected: Vec<&str> = Some(code).filter(|c| !c.is_empty()).into_iter().collect();
        assert_eq!(codes, expected, "{found:?}");
    }
}

#[test]
fn the_rules_of_a_session_match_by_priority_and_infer_their_fields() {
    let rules = json!([
        { "id": "low", "priority": -1 },
        { "id": "late", "when": { "age": { "at_least": "2h" }, "created": { "after": "2026-01-01T00:00:00Z" } } },
        { "id": "vip", "priority": 9, "when": { "any": [{ "customer.tier": ["gold"] }, { "tags": { "all_of": ["a", "b"] } }] } },
        { "id": "doubt", "on_unknown": "match", "when": { "not": { "score": { "above": 0.5 } } } },
    ]);
    let mut session = RuleSession::new(&rules, None, &Limits::DEFAULT).unwrap();
    let mut ask =
        |facts: Value| serde_json::to_value(session.ask(&facts).unwrap()).unwrap()["matched"].clone();
    assert_eq!(ask(json!({})), json!(["doubt", "low"]));
    assert_eq!(
        ask(json!({ "age": 7200, "created": "2026-03-01T00:00:00Z", "score": 1 })),
        json!(["late", "low"])
    );
    assert_eq!(
        ask(json!({ "customer": { "tier": "gold" }, "score": 0.25, "more": [1] })),
        json!(["vip", "doubt", "low"])
    );
    assert_eq!(ask(json!({ "tags": ["b", "c", "a"], "score": 0.75, "age": null })), json!(["vip", "low"]));
    let fault = session.ask(&json!({ "score": "many" })).unwrap_err();
    assert_eq!(fault.to_string(), "G0216 facts.score: the fact has another type than its field");
}

#[test]
fn r60_service_comes_before_reputation_and_sales_whatever_the_order_of_the_document() {
    let rules = json!([
        { "id": "sell", "aim": "sales" },
        { "id": "name", "aim": "reputation" },
        { "id": "help" },
        { "id": "sell-first", "aim": "sales", "priority": 1 },
        { "id": "help-too", "aim": "service" },
    ]);
    let mut session = RuleSession::new(&rules, None, &Limits::DEFAULT).unwrap();
    let matched = serde_json::to_value(session.ask(&json!({})).unwrap()).unwrap()["matched"].clone();
    assert_eq!(matched, json!(["sell-first", "help", "help-too", "name", "sell"]));
}

/// The catalogue names what the starter playbook uses: every action, and every field with its operator.
#[test]
fn the_definitions_name_every_field_operator_and_action_that_the_starter_uses() {
    let all = definitions();
    let policy = Policy::starter();
    let actions: BTreeSet<&str> = all.actions.iter().map(|action| action.name.as_str()).collect();
    for rule in &policy.playbook().rules {
        for test in rule.when.tests() {
            let field = all.fields.iter().find(|field| field.name == test.field());
            let field = field.unwrap_or_else(|| panic!("{} is not in the catalogue", test.field()));
            assert!(
                field.operators.contains(&test.operator().as_str()),
                "{} {:?}",
                field.name,
                test.operator()
            );
        }
        for directive in &rule.then {
            let written = serde_json::to_value(directive).unwrap();
            let name = written.as_str().map(str::to_owned);
            let name = name.or_else(|| written.as_object()?.keys().next().cloned()).unwrap();
            assert!(actions.contains(name.as_str()), "{name} is not in the catalogue");
        }
    }
    assert!(all.fields.iter().all(|field| !field.doc.is_empty()));
    assert!(all.operators.iter().all(|operator| !operator.doc.is_empty() && !operator.applies_to.is_empty()));
    assert!(all.actions.iter().all(|action| !action.doc.is_empty()));
}

/// Every reference of the schema leads somewhere.
#[test]
fn the_schema_of_a_playbook_is_closed() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|inner| references(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| references(inner, found)),
            _ => {}
        }
    }
    let schema = definitions().schema;
    let mut found = Vec::new();
    references(&schema, &mut found);
    assert!(found.len() > 20);
    for reference in found {
        let place = schema.pointer(reference.trim_start_matches('#'));
        assert!(place.is_some_and(Value::is_object), "{reference}");
    }
}

/// What an author brings along from other tools, or from a slip of the pen, is met with what would help.
#[test]
fn common_slips_are_told_with_what_would_help() {
    let cases = [
        ("when = { and = [{ channel = 'x' }] }", "did you mean `all`?"),
        ("when = { or = [{ channel = 'x' }] }", "did you mean `any`?"),
        ("when = { followers = { '>=' = 3 } }", "did you mean `at_least`?"),
        ("when = { sentiment = { lower = -300 } }", "did you mean `below`?"),
        ("when = { channel = { '!=' = 'x' } }", "did you mean `is_not`?"),
        ("when = { channel = { in = ['x'] } }", "did you mean `any_of`?"),
        ("then = [{ escalate = { level = 4, reason = 'x' } }]", "known here: `1`, `2`"),
        ("when = { text = { matches = \"\\d+\" } }", "a backslash is written twice"),
        ("priority 3", "a name and its value are joined by `=`"),
        (
            "then = [{ notify = 'lead' }\n[[rules]]\nid = 'b'",
            "or what opens at line 13, column 8 is not closed",
        ),
    ];
    let head = "name = 'a'\nversion = '1'\nlanguages = ['it']\n[[levels]]\nlevel = 1\nto = 'a'\nwithin = '1h'\n[[levels]]\nlevel = 2\nto = 'b'\nwithin = '1h'\n[[rules]]\n";
    for (line, help) in cases {
        let text = format!("{head}{line}\nid = 'a'\n");
        let faults = Policy::from_toml(&text, &Limits::DEFAULT).unwrap_err().to_string();
        assert!(faults.contains(help), "{line}: {faults}");
    }
}

/// A bracket that is left open makes every later line look wrong; one fault is told, where it begins.
#[test]
fn a_bracket_left_open_early_in_a_long_playbook_is_one_fault() {
    let text = galateo::playbook::STARTER.replacen("words.it = [\"pacco\",", "words.it = [[\"pacco\",", 1);
    let faults = Policy::from_toml(&text, &Limits::DEFAULT).unwrap_err();
    assert_eq!(faults.as_slice().len(), 1, "{faults}");
    assert!(faults.to_string().contains("or what opens at line 60, column 12 is not closed"), "{faults}");
}

/// The fault of a clock or a calendar is told in an author's words, at its own value, with help.
#[test]
fn faults_of_calendars_and_clocks_speak_of_the_value_itself() {
    let clock = |metric: &str| format!("[[sla]]\nid = 'a'\nmetrics = [{{ {metric}, hours = 'calendar' }}]");
    let cases = [
        (clock("metric = 'solution', target = 600"), "unknown word `solution`; did you mean `resolution`?"),
        (clock("metric = 'first_reply', target = '30 minutes'"), "sla[0].metrics[0].target"),
        (clock("metric = 'first_reply', targt = 600"), "unknown entry `targt`; did you mean `target`?"),
        (
            "[calendars.desk]\ntz = 'Europe/Rome'\n[calendars.desk.weekly]\nlun = [['08:00', '20:00']]".to_owned(),
            "unknown entry `lun`; did you mean `mon`?",
        ),
        ("[calendars.desk]\ntz = 'Europe/Roma'".to_owned(), "calendars.desk.tz (line 5, column 6): no time zone"),
        (
            "[[test]]\nid = 'a'\nexpect = ['close']\nevent = { what = { message = { surface = 'x', text = 'a' } } }"
                .to_owned(),
            "not an event: not a surface: write channel/kind",
        ),
    ];
    for (text, told) in cases {
        let text = format!("name = 'a'\nversion = '1'\nlanguages = ['it']\n{text}\n");
        let faults = Policy::from_toml(&text, &Limits::DEFAULT).unwrap_err().to_string();
        assert!(faults.contains(told), "{told}: {faults}");
        assert!(!faults.contains("variant") && !faults.contains("MetricKind"), "{faults}");
    }
}
