//! The operations of `pipe` that are about playbooks, and the flags of `triage` that are.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use galateo::playbook::STARTER;
use serde_json::{Value, json};

fn program(name: &str) -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    let path = test.parent()?.parent()?.join("examples").join(name);
    path.exists().then_some(path)
}

fn ask(lines: &[Value]) -> Option<Vec<Value>> {
    let mut child = Command::new(program("pipe")?)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().unwrap();
    for line in lines {
        writeln!(input, "{line}").unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    Some(
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

fn triage(options: &[&str]) -> Option<Output> {
    Some(Command::new(program("triage")?).args(options).output().expect("it starts"))
}

fn event(number: usize, text: &str) -> Value {
    json!({
        "id": format!("e-{number}"), "at": "2026-12-09T10:00:00Z", "conversation": format!("c-{number}"),
        "by": { "customer": "anna" }, "what": { "message": { "surface": "x/direct_message", "text": text } },
    })
}

#[test]
fn explain_tells_why_and_why_not_in_two_languages() {
    let paid = event(1, "Mi avete addebitato due volte");
    let asked = [
        json!({ "op": "explain", "id": 1, "event": paid }),
        json!({ "op": "explain", "id": 2, "event": paid, "rule": "very-unhappy", "lang": "it" }),
        json!({ "op": "explain", "id": 3, "event": paid, "rule": "no-such-rule" }),
        json!({ "op": "explain", "id": 4, "conversation": { "id": "c", "version": 1, "status": { "value": "pending" }, "priority": { "value": null }, "assigned": { "value": {} } }, "now": "2026-12-09T10:00:00Z" }),
        json!({ "op": "explain", "id": 5 }),
    ];
    let Some(told) = ask(&asked) else { return };
    let rules = told[0]["rules"].as_array().unwrap();
    let money = rules.iter().find(|rule| rule["explanation"]["rule"] == "money").unwrap();
    assert_eq!(money["explanation"]["matched"], true);
    assert_eq!(money["explanation"]["tests"][0]["path"], "when.any[0]");
    let spans = money["spans"].as_array().unwrap();
    assert!(spans.iter().any(|place| place["shows"] == "payment_problem" && place["end"].as_u64() > Some(0)));
    let route =
        told[0]["families"].as_array().unwrap().iter().find(|family| family["family"] == "route").unwrap();
    assert_eq!(
        (&route["won"], &route["law"]),
        (&json!(["money"]), &json!("highest priority, then aim, then document order"))
    );
    assert_eq!(
        told[1]["text"],
        "la regola `very-unhappy` non vale\n  `sentiment` è minore di -600: no (when.all[0])\n"
    );
    assert_eq!(told[2]["error"]["code"], "unknown_rule");
    assert!(
        told[3]["error"].is_object() || told[3]["text"].as_str().unwrap().contains("silence"),
        "{}",
        told[3]
    );
    assert_eq!(told[4]["error"]["path"], "event");
}

#[test]
fn replay_goes_on_from_line_to_line_and_lists_what_differs() {
    let other = STARTER.replace("sentiment = { below = -600 }", "sentiment = { below = -100 }");
    let asked = [
        json!({ "op": "replay", "id": 1, "events": [] }),
        json!({ "op": "replay", "id": 2, "playbook": other, "events": [{ "event": event(1, "sono deluso") }, { "event": event(2, "ciao") }] }),
        json!({ "op": "replay", "id": 3, "events": [{ "event": event(3, "sono molto deluso"), "customer": { "id": "anna" } }] }),
        json!({ "op": "replay", "id": 4, "playbook": "name = 1" }),
    ];
    let Some(told) = ask(&asked) else { return };
    assert_eq!(told[0]["error"]["path"], "playbook");
    assert_eq!((&told[1]["events"], &told[1]["differing"]), (&json!(2), &json!(1)));
    assert_eq!(told[1]["differences"][0]["event"], "e-1");
    assert_eq!(told[1]["differences"][0]["gained"][0]["because"][0]["rule"], "very-unhappy");
    assert_eq!((&told[2]["events"], &told[2]["differing"]), (&json!(3), &json!(2)));
    assert_eq!(told[2]["differences"].as_array().unwrap().len(), 1);
    assert_eq!(told[2]["rules"][0]["rule"], "very-unhappy");
    assert!(told[3]["error"]["code"].as_str().unwrap().starts_with('G'));
}

#[test]
fn lint_names_rules_gives_an_example_and_runs_the_tests() {
    let planted = format!(
        "{STARTER}\n[[rules]]\nid = 'planted'\npriority = 45\nwhen = {{ channel = 'x' }}\nthen = [{{ assign = {{ queue = 'sales' }} }}]\n\
         [[test]]\nid = 'wrong'\nevent = {{ what = {{ message = {{ surface = 'x/post', text = 'ciao' }} }} }}\nexpect = ['close']\n"
    );
    let Some(told) = ask(&[json!({ "op": "lint", "id": 1, "playbook": planted })]) else { return };
    let found = told[0]["diagnostics"].as_array().unwrap();
    let codes: Vec<&str> = found.iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["G0405", "G0601"], "{found:?}");
    assert_eq!(found[0]["rules"], json!(["money", "planted"]));
    assert_eq!(found[0]["example"]["channel"], "x");
    let asked = json!({ "op": "rules", "id": 1, "rules": [{ "id": "r", "when": { "open": true } }], "facts": { "open": false }, "explain": "r" });
    let told = ask(&[asked]).unwrap();
    assert_eq!(
        told[0]["explanation"]["tests"][0],
        json!({ "test": "open is true", "path": "when", "truth": "false", "wanted": true })
    );
}

#[test]
fn triage_checks_explains_and_compares_within_its_width() {
    let folder = std::env::temp_dir().join(format!("galateo-rules-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let other = folder.join("other.toml");
    std::fs::write(&other, STARTER.replace("sentiment = { below = -600 }", "sentiment = { below = -100 }"))
        .unwrap();
    let faulty = folder.join("faulty.toml");
    let planted = "\n[[rules]]\nid = 'planted'\nwhen = { sentiment = { above = 1500 } }\nthen = []\n";
    std::fs::write(&faulty, format!("{STARTER}{planted}")).unwrap();
    let (other, faulty) = (other.to_str().unwrap(), faulty.to_str().unwrap());
    let cases: [(&[&str], i32, &str); 9] = [
        (&["--draw"], 0, "flowchart LR"),
        (&["--lint"], 0, "nothing to say"),
        (&["--lint", "--lang", "it"], 0, "nulla da dire"),
        (&["--lint", "--playbook", faulty], 1, "G0401"),
        (&["--explain", "e-001"], 0, "route"),
        (&["--explain", "e-001", "--lang", "it"], 0, "non vale"),
        (&["--explain", "nobody"], 2, ""),
        (&["--compare", other], 0, "very-unhappy"),
        (&["--compare", other, "--lang", "it"], 0, "decisioni diverse"),
    ];
    for (options, code, says) in cases {
        let Some(output) = triage(options) else { return };
        let page = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{options:?}: {page}");
        assert!(page.contains(says), "{options:?}: {page}");
        let long: Vec<&str> = page.lines().filter(|line| line.chars().count() > 100).collect();
        assert!(long.is_empty(), "{long:#?}");
    }
    let _gone = std::fs::remove_dir_all(&folder);
}
