//! Hostile playbooks: rejected with the place, or compiled within the limits (T6, T7, G9).

use std::fmt::Write as _;
use std::path::Path;

use galateo::model::{Conversation, ConversationId, Desk, Event};
use galateo::playbook::Policy;
use galateo::{Code, Diagnostics, Engine, Limits, World};
use serde_json::json;

const HEAD: &str = "name = 'a'\nversion = '1'\nlanguages = ['it']\n";

fn compile(text: &str) -> Result<(Policy, Diagnostics), Diagnostics> {
    Policy::from_toml(text, &Limits::DEFAULT)
}

/// The faults of a document that must be refused.
fn refused(text: &str) -> Diagnostics {
    match compile(text) {
        Ok(_) => panic!("{} bytes compile", text.len()),
        Err(faults) => faults,
    }
}

/// A fault of that code, at a line and column of the text.
fn placed(faults: &Diagnostics, code: Code, path: &str) {
    let found = faults.iter().find(|fault| fault.code == code && fault.path.starts_with(path));
    let fault = found.unwrap_or_else(|| panic!("no {code} at {path} in {faults}"));
    assert!(fault.line.is_some() && fault.column.is_some(), "{fault}");
}

fn rule(when: &str) -> String {
    format!("{HEAD}[[rules]]\nid = 'r'\nwhen = {when}\nthen = [{{ add_tags = ['a'] }}]\n")
}

/// What a policy decides on one message; what matters is that it does.
fn decide(policy: Policy, text: &str) {
    let engine = Engine::new(policy);
    let event: Event = serde_json::from_value(json!({
        "id": "e-1", "at": "2026-12-09T10:00:00Z", "conversation": "c-1", "by": { "customer": "anna" },
        "what": { "message": { "surface": "x/post", "text": text } },
    }))
    .unwrap();
    let desk = Desk::default();
    let mut conversation = Conversation::new(ConversationId::new("c-1").unwrap());
    let world = World { desk: Some(&desk), ..World::at(event.at) };
    assert!(!engine.assess(&event, &mut conversation, &world).actions.is_empty());
    let _ = engine.due(&conversation, &world);
}

#[test]
fn t6_every_kept_bomb_is_refused_at_its_place_or_compiles_and_decides() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/bombs");
    let (mut faults, mut met) = (Vec::new(), 0);
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        met += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let wanted =
            text.lines().next().unwrap().strip_prefix("# expect: ").expect("what is expected").to_owned();
        let words: Vec<&str> = wanted.split(' ').collect();
        match (compile(&text), words.as_slice()) {
            (Ok((policy, _)), ["compiles"] | ["*", "*", "*"]) => decide(policy, &"A".repeat(4000)),
            (Ok(_), _) => faults.push(format!("{name} compiles")),
            (Err(found), [code, path, line]) => {
                let fits = found.iter().any(|fault| {
                    (*code == "*" || fault.code.as_str() == *code)
                        && (*path == "*" || fault.path.starts_with(path))
                        && (*line == "*" || fault.line.is_some_and(|at| at.to_string() == *line))
                });
                if !fits {
                    faults.push(format!("{name} expects {wanted}: {found}"));
                }
            }
            (Err(found), _) => faults.push(format!("{name}: {found}")),
        }
    }
    assert!(met >= 20 && faults.is_empty(), "{met} bombs\n{}", faults.join("\n"));
}

#[test]
fn t6_a_condition_deeper_than_the_limit_is_refused_where_it_goes_too_deep() {
    let nested =
        |depth: usize| format!("{}{{ channel = 'x' }}{}", "{ not = ".repeat(depth), " }".repeat(depth));
    assert!(compile(&rule(&nested(20))).is_ok());
    let faults = refused(&rule(&nested(40)));
    let deep = |path: &str| path.starts_with("rules[0].when.not.not");
    assert!(faults.iter().any(|fault| deep(&fault.path) && fault.line == Some(6)), "{faults}");
    for depth in [100, 1000, 60_000] {
        assert!(refused(&rule(&nested(depth))).iter().all(|fault| fault.line.is_some()));
    }
}

#[test]
fn t6_a_mebibyte_of_nesting_is_refused_in_both_forms() {
    // A place in a line is found by counting, which without optimisation takes its time.
    let bytes = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 20 };
    for open in ["[", "{\"a\":", "{\"all\":[", "[{"] {
        let faults = Policy::from_json(&open.repeat(bytes / open.len()), &Limits::DEFAULT).unwrap_err();
        assert!(faults.iter().all(|fault| fault.line == Some(1) && fault.column.is_some()), "{faults}");
    }
    for open in ["[", "{ a = "] {
        assert!(refused(&format!("{HEAD}x = {}", open.repeat(bytes / open.len()))).has_errors());
    }
    assert!(refused(&format!("{}b = 1", "a.".repeat(bytes / 2))).has_errors());
}

#[test]
fn t6_more_literals_conditions_patterns_and_longer_ones_than_the_limits_allow() {
    let limits = Limits::DEFAULT;
    let words: String = (0..=limits.literals).map(|number| format!("'w{number}',")).collect();
    placed(
        &refused(&rule(&format!("{{ tags = {{ any_of = [{words}] }} }}"))),
        Code::TOO_MANY_LITERALS,
        "rules[0].when",
    );
    let test = |number: usize| format!("{{ followers = {{ above = {number} }} }},");
    let tests: String = (0..=limits.conditions_per_rule).map(test).collect();
    placed(&refused(&rule(&format!("{{ any = [{tests}] }}"))), Code::TOO_MANY_CONDITIONS, "rules[0]");
    let long = "a".repeat(limits.pattern_bytes + 1);
    placed(
        &refused(&rule(&format!("{{ text = {{ matches = ['{long}'] }} }}"))),
        Code::BAD_PATTERN,
        "rules[0].when",
    );
    let mut many = HEAD.to_owned();
    for number in 0..=limits.patterns {
        let when = format!("{{ text = {{ matches = ['a{number}b'] }} }}");
        write!(many, "[[rules]]\nid = 'r{number}'\nwhen = {when}\nthen = [{{ add_tags = ['a'] }}]\n")
            .unwrap();
    }
    placed(&refused(&many), Code::TOO_MANY_PATTERNS, "");
}

#[test]
fn t6_more_rules_than_the_limit_allows() {
    let one = |number: usize| format!("[[rules]]\nid = 'r{number}'\nthen = [{{ add_tags = ['a'] }}]\n");
    let rules = |count: usize| (0..count).map(one).fold(HEAD.to_owned(), |text, rule| text + &rule);
    let limits = Limits { rules: 500, ..Limits::DEFAULT };
    assert!(Policy::from_toml(&rules(500), &limits).is_ok());
    placed(&Policy::from_toml(&rules(501), &limits).unwrap_err(), Code::TOO_MANY_RULES, "rules");
}

/// The largest playbook that the limits allow: run it with `--release -- --ignored`.
#[test]
#[ignore = "a hundred thousand rules take a release build"]
fn g9_a_hundred_thousand_rules_compile_and_one_more_is_refused() {
    let rule = |number: usize| {
        let (tag, channel) = (number % 9973, ["x", "email", "sms"][number % 3]);
        let when =
            format!("{{ all = [{{ tags = {{ any_of = ['t{tag}'] }} }}, {{ channel = '{channel}' }}] }}");
        let head = format!("[[rules]]\nid = 'r{number}'\npriority = {}", number % 100);
        format!("{head}\nwhen = {when}\nthen = [{{ add_tags = ['a'] }}]\n")
    };
    let text: String = std::iter::once(HEAD.to_owned()).chain((0..100_000).map(rule)).collect();
    let before = std::time::Instant::now();
    let (policy, _) = compile(&text).unwrap_or_else(|faults| panic!("{faults}"));
    println!("{} bytes, 100 000 rules: {:?}", text.len(), before.elapsed());
    decide(policy, "dov'è il mio pacco");
    placed(&refused(&(text + &rule(100_000))), Code::TOO_MANY_RULES, "rules");
}

#[test]
fn t6_a_document_larger_than_the_limit_is_refused_before_it_is_read() {
    let limits = Limits { document_bytes: 100, ..Limits::DEFAULT };
    let text = format!("{HEAD}# {}", "x".repeat(200));
    for outcome in [Policy::from_toml(&text, &limits), Policy::from_json(&text, &limits)] {
        assert_eq!(outcome.unwrap_err().as_slice()[0].code, Code::DOCUMENT_TOO_LARGE);
    }
}

#[test]
fn t6_thousands_of_faults_are_counted_and_not_all_listed() {
    let one =
        |number: usize| format!("[[rules]]\nid = 'r{number}'\nwhen = {{ no_such_field = 1 }}\nthen = []\n");
    let faults = refused(&(0..600).map(one).fold(HEAD.to_owned(), |text, rule| text + &rule));
    assert!(faults.as_slice().len() <= 500 && faults.omitted() > 0, "{}", faults.as_slice().len());
    assert!(faults.iter().all(|fault| fault.line.is_some()));
}

#[test]
fn t6_odd_bytes_are_refused_and_never_a_panic() {
    let odd = [
        "",
        "\u{FEFF}",
        "\u{0}",
        "\u{FEFF}name = 'a'",
        "name = \"\\uD800\"",
        "= ",
        "[",
        "[[",
        "[[]]",
        "a = 1e999999999",
        "a = inf",
        "a = 0x",
        "a = '''",
        "\"\" = 1",
        "null",
        "[]",
        "0",
        "\"a\"",
        "{\"name\":1e999}",
        "{}{}",
        "{\"name\":\"a\",\"name\":\"b\"}",
    ];
    for text in odd {
        assert!(compile(text).is_err(), "{text:?}");
        assert!(Policy::from_json(text, &Limits::DEFAULT).is_err(), "{text:?}");
    }
}
