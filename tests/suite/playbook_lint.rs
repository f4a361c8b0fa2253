//! Faults planted in the starter playbook, one a file: a lint says each of them and nothing else, and every
//! example that it gives shows the fault when the rules are asked (tests/data/playbook/lint).

use std::path::Path;

use galateo::playbook::{Document, Policy, RuleSession, STARTER, definitions};
use galateo::{Diagnostic, Limits};
use serde_json::{Map, Value, json};

/// Everything that is said of a playbook that has no error.
fn said(policy: &Policy, warnings: galateo::Diagnostics, today: Option<&str>) -> Vec<Diagnostic> {
    let mut found = warnings;
    found.extend(match today {
        Some(today) => policy.lint_on(today.parse().unwrap()),
        None => policy.lint(),
    });
    found.into_iter().collect()
}

/// A finding in one line: its code, with the rules it is about, else its path.
fn line(found: &Diagnostic) -> String {
    let about = if found.rules().is_empty() { found.path.clone() } else { found.rules().join(" ") };
    format!("{} {about}", found.code)
}

/// The rules of a playbook, with every built-in field declared, asked about some facts.
fn matched(policy: &Policy, facts: &Map<String, Value>) -> Vec<String> {
    let mut rules = json!(policy.playbook().rules);
    for rule in rules.as_array_mut().unwrap() {
        if rule.get("on").is_none() {
            rule["on"] = json!(["message"]);
        }
    }
    let fields: Map<String, Value> = definitions()
        .fields
        .iter()
        .map(|field| {
            let values = if field.open { Vec::new() } else { field.values.clone() };
            (field.name.clone(), json!({ "type": field.r#type, "values": values }))
        })
        .collect();
    let mut session = RuleSession::new(&rules, Some(&Value::Object(fields)), &Limits::DEFAULT).unwrap();
    let answer = session.ask(&Value::Object(facts.clone())).unwrap();
    answer.matched.iter().map(ToString::to_string).collect()
}

fn routes(policy: &Policy, rule: &str) -> bool {
    let rule = policy.playbook().rules.iter().find(|known| known.id.as_str() == rule).unwrap();
    let then = json!(rule.then).to_string();
    then.contains("\"assign\"") || then.contains("\"hand_over\"")
}

/// Whether the example shows what the finding says.
fn shows(policy: &Policy, found: &Diagnostic, facts: &Map<String, Value>) -> bool {
    let mut facts = facts.clone();
    if found.code.as_str() == "G0402" {
        facts.insert("event".to_owned(), json!("message"));
    }
    let matched = matched(policy, &facts);
    match found.code.as_str() {
        "G0503" => !matched.iter().any(|rule| routes(policy, rule)),
        _ => found.rules().iter().all(|rule| matched.contains(rule)),
    }
}

#[test]
fn each_planted_fault_is_found_alone_and_each_example_shows_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/playbook/lint");
    let starter = Document::from_toml(STARTER, &Limits::DEFAULT).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 60, "{}", files.len());
    let (mut wrong, mut examples) = (Vec::new(), 0);
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        let told = |key: &str| -> Vec<String> {
            let lines = text.lines().filter_map(|line| line.strip_prefix(&format!("# {key}: ")));
            lines.map(str::to_owned).collect()
        };
        let planted = Document::from_toml(&text, &Limits::DEFAULT).unwrap();
        let both = Document::layered(&[("starter", &starter), ("planted", &planted)], &Limits::DEFAULT)
            .unwrap_or_else(|faults| panic!("{name}: {faults}"));
        let (policy, warnings) =
            Policy::compile(&both, &Limits::DEFAULT).unwrap_or_else(|faults| panic!("{name}: {faults}"));
        let found = said(&policy, warnings, told("today").first().map(String::as_str));
        let mut lines: Vec<String> = found.iter().map(line).collect();
        lines.dedup_by(|a, b| a.starts_with("G0507") && a == b);
        if lines != told("expect") {
            wrong.push(format!("{name}: expected {:?}, found {found:#?}", told("expect")));
        }
        for one in &found {
            if let Some(facts) = one.example() {
                examples += 1;
                if !shows(&policy, one, facts) {
                    wrong.push(format!("{name}: {one} is not shown by {}", json!(facts)));
                }
            } else if matches!(one.code.as_str(), "G0402" | "G0403" | "G0404" | "G0405" | "G0503") {
                wrong.push(format!("{name}: {one} has no example"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(examples >= 35, "{examples} examples");
}

#[test]
fn nothing_is_said_of_the_starter_playbook() {
    let (policy, warnings) = Policy::from_toml(STARTER, &Limits::DEFAULT).unwrap();
    let found = said(&policy, warnings, Some("2026-12-01T00:00:00Z"));
    assert!(found.is_empty(), "{found:#?}");
}
