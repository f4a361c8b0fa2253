//! The families of rules, each with its combining law: data cases over small playbooks (tests/data/families).

use std::collections::BTreeMap;

use galateo::decision::{Decision, Family, Part};
use galateo::model::{Conversation, ConversationId, Customer, Desk, Event, EventKind, Timestamp};
use galateo::playbook::{Document, Policy};
use galateo::{Engine, Limits, World};
use serde::Deserialize;
use serde_json::{Value, json};

const BASE: &str = include_str!("../data/families/base.toml");
const NOW: &str = "2026-12-09T10:00:00Z";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    family: String,
    law: String,
    #[serde(default)]
    sets: BTreeMap<String, Value>,
    case: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    rows: Vec<String>,
    set: String,
    on: Option<String>,
    says: Option<String>,
    event: Option<Value>,
    #[serde(default)]
    due: bool,
    now: Option<String>,
    #[serde(default)]
    before: Vec<Value>,
    customer: Option<Value>,
    desk: Option<Value>,
    #[serde(default)]
    expect: Vec<Value>,
    #[serde(default)]
    other: Vec<Value>,
    #[serde(default)]
    overruled: Vec<String>,
    hidden: Option<Vec<String>>,
}

/// Whether `found` holds everything that `wanted` says.
pub fn holds(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            wanted.iter().all(|(key, value)| found.get(key).is_some_and(|found| holds(found, value)))
        }
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && found.iter().zip(wanted).all(|(found, wanted)| holds(found, wanted))
        }
        (found, wanted) => found == wanted,
    }
}

/// A policy of the base playbook with whole sections replaced.
pub fn policy(sections: &Value) -> Policy {
    let mut playbook: Value = toml::from_str(BASE).unwrap();
    for (section, content) in sections.as_object().unwrap() {
        playbook[section] = content.clone();
    }
    let document = Document::from_value(&playbook).unwrap();
    match Policy::compile(&document, &Limits::DEFAULT) {
        Ok((policy, _)) => policy,
        Err(faults) => panic!("{faults}"),
    }
}

/// An event, the missing fields filled in.
pub fn event(given: &Value, number: usize, at: &str) -> Event {
    let mut whole =
        json!({ "id": format!("e-{number}"), "at": at, "conversation": "c-1", "by": { "customer": "anna" } });
    for (key, value) in given.as_object().unwrap() {
        whole[key] = value.clone();
    }
    serde_json::from_value(whole).unwrap_or_else(|fault| panic!("{given}: {fault}"))
}

impl Row {
    fn now(&self) -> Timestamp {
        self.now.as_deref().unwrap_or(NOW).parse().unwrap()
    }

    fn event(&self) -> Event {
        let message = || {
            let surface = self.on.as_deref().expect("a message stands somewhere");
            json!({ "what": { "message": { "surface": surface, "text": self.says.as_deref().unwrap() } } })
        };
        event(&self.event.clone().unwrap_or_else(message), 1000, &self.now().to_string())
    }

    fn decide(&self, engine: &Engine) -> Decision {
        let customer: Option<Customer> = self.customer.clone().map(|c| serde_json::from_value(c).unwrap());
        let desk: Option<Desk> = self.desk.clone().map(|d| serde_json::from_value(d).unwrap());
        let mut conversation = Conversation::new(ConversationId::new("c-1").unwrap());
        for (number, given) in self.before.iter().enumerate() {
            let earlier = event(given, number, "2026-12-09T09:55:00Z");
            engine.assess(&earlier, &mut conversation, &World::at(earlier.at));
        }
        let world = World { customer: customer.as_ref(), desk: desk.as_ref(), ..World::at(self.now()) };
        if self.due {
            engine.due(&conversation, &world)
        } else {
            engine.assess(&self.event(), &mut conversation, &world)
        }
    }

    fn check(&self, family: Family, decision: &Decision, faults: &mut Vec<String>) {
        let mut wrong = |what: &str, found: &dyn std::fmt::Debug| {
            faults.push(format!("{} ({}): {what}; found {found:?}", self.name, self.rows.join(", ")));
        };
        let shown = |of_family: bool| -> Vec<Value> {
            let chosen =
                decision.actions.iter().filter(|chosen| (chosen.action.family() == family) == of_family);
            chosen.map(|chosen| json!(chosen.action)).collect()
        };
        let own = shown(true);
        if self.hidden.is_none() && !holds(&json!(own), &json!(self.expect)) {
            wrong("the actions differ", &own);
        }
        for other in &self.other {
            if !shown(false).iter().any(|found| holds(found, other)) {
                wrong(&format!("{other} is missing"), &shown(false));
            }
        }
        let by = |overruled: &galateo::decision::Overruled| {
            let winner = overruled.by.as_ref().map_or("the engine", |by| by.as_str());
            format!("{} by {winner}", overruled.rule)
        };
        let overruled: Vec<String> =
            decision.overruled.iter().filter(|overruled| overruled.family == family).map(by).collect();
        if self.set != "starter" && overruled != self.overruled {
            wrong("the overruled rules differ", &overruled);
        }
        if self.set == "starter" && self.overruled.iter().any(|one| !overruled.contains(one)) {
            wrong("overruled rules are missing", &overruled);
        }
        if let Some(hidden) = &self.hidden {
            let found = self.hidden(decision);
            if found != *hidden {
                wrong("what is hidden differs", &found);
            }
        }
        let unexplained = decision
            .actions
            .iter()
            .any(|chosen| chosen.because.iter().any(|cause| cause.rule.is_none() && cause.facts.is_empty()));
        if unexplained {
            wrong("an action has no reason", &decision.actions);
        }
    }

    fn hidden(&self, decision: &Decision) -> Vec<String> {
        let event = self.event();
        let body = match &event.what {
            EventKind::Message(message) => message.text.expose(),
            EventKind::Edited(edited) => edited.text.expose(),
            _ => panic!("no text"),
        };
        let message = || event.message().unwrap();
        let show = |hidden: &galateo::decision::Hidden| {
            let (part, text) = match hidden.part {
                Part::Text => ("text", body),
                Part::Quoted => ("quoted", message().quoted.as_ref().unwrap().expose()),
                Part::Handle => ("handle", message().handle.as_ref().unwrap().expose()),
                Part::Preview(at) => ("preview", message().previews[usize::from(at)].expose()),
                Part::FileName(at) => {
                    ("file_name", message().attachments[usize::from(at)].name.as_ref().unwrap().expose())
                }
                _ => panic!("a part without a name"),
            };
            format!("{part} {} {}", hidden.kind.as_str(), &text[hidden.span.range()])
        };
        decision.hidden.iter().map(show).collect()
    }
}

fn run(text: &str) {
    let file: File = toml::from_str(text).unwrap();
    let family = *Family::ALL.iter().find(|family| json!(family) == json!(file.family)).unwrap();
    assert_eq!(family.law(), file.law);
    assert!(file.case.len() >= 6, "{} cases of {}", file.case.len(), file.family);
    let mut engines: BTreeMap<&str, Engine> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in &file.case {
        let engine = engines.entry(&row.set).or_insert_with(|| match row.set.as_str() {
            "starter" => Engine::starter(),
            set => Engine::new(policy(file.sets.get(set).unwrap_or_else(|| panic!("no set {set}")))),
        });
        row.check(family, &row.decide(engine), &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

macro_rules! families {
    ($($name:ident = $file:literal;)*) => {$(
        #[test]
        fn $name() {
            run(include_str!(concat!("../data/families/", $file, ".toml")));
        }
    )*};
}

families! {
    r9_r21_r50_r91_the_highest_ranked_verdict_stands_and_hiding_adds_up = "engage";
    r22_r23_everything_that_any_rule_or_the_engine_hides_is_hidden = "redact";
    r24_r38_r39_r44_r108_the_strictest_invitation_wins = "private";
    r45_formal_complaints_go_to_the_formal_channels = "formal";
    r35_r59_r60_r62_r112_the_highest_ranked_queue_is_staffed = "route";
    r7_r8_r52_r53_the_maximum_level_is_raised_once = "escalate";
    r56_r78_r82_r113_r115_one_question_a_department_inside_the_deadline = "refer";
    r83_r66_r95_what_the_brand_promises_is_owed_once_and_by_the_earliest_time = "promise";
    r105_one_ticket_the_highest_ranked = "ticket";
    r25_r36_r89_r90_the_first_policy_that_matches_runs_the_clocks = "sla";
    r32_r34_r43_r47_the_first_stage_that_admits = "rollout";
    r66_whatever_keeps_it_open_wins = "close";
    r65_r68_labels_add_up_and_registers_take_the_highest = "label";
}

#[test]
fn every_family_has_its_file_of_cases() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/families");
    for family in Family::ALL {
        let name = json!(family).as_str().unwrap().to_owned();
        assert!(folder.join(format!("{name}.toml")).is_file(), "{name}");
    }
}
