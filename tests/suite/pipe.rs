//! The line protocol as a stranger meets it: the built program, fed with good, broken and hostile lines.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

const SMOKE: &str = include_str!("../data/pipe/smoke.ndjson");
const FAULTS: &str = include_str!("../data/pipe/faults.ndjson");
const DAY: &str = include_str!("../../examples/data/day.ndjson");

/// The program beside this test; `None` where it was not built.
fn program() -> Option<PathBuf> {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.push("examples");
    path.push(if cfg!(windows) { "pipe.exe" } else { "pipe" });
    if path.is_file() {
        return Some(path);
    }
    println!("skipped: {} is not built", path.display());
    None
}

/// What the program answers to some bytes, line by line; it must end well and say nothing else.
fn answers(options: &[&str], input: Vec<u8>) -> Option<Vec<Value>> {
    let mut child = Command::new(program()?)
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?}: {errors}", output.status);
    assert!(errors.is_empty(), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// SplitMix64 (Steele, Lea, Flood, 2014), so that every run mutates alike.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(most.max(1)).unwrap()).unwrap()
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Every value inside a request, as a way to it.
fn places(value: &Value, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    found.push(way.clone());
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => return,
    };
    for (step, value) in inner {
        way.push(step);
        places(value, way, found);
        way.pop();
    }
}

fn at<'v>(value: &'v mut Value, way: &[String]) -> &'v mut Value {
    way.iter().fold(value, |value, step| match value {
        Value::Array(list) => &mut list[step.parse::<usize>().unwrap()],
        other => &mut other[step.as_str()],
    })
}

/// What is put where something else was expected.
fn oddities() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1.5e300),
        json!(""),
        json!("\u{0}\u{202E}\u{FEFF}"),
        json!("9999-12-31T23:59:60Z"),
        json!("+262142-12-31T00:00:00Z"),
        json!("x/post/y/z"),
        json!("mario.rossi@example.com 4111 1111 1111 1111"),
        json!([]),
        json!([[[[]]]]),
        json!({}),
        json!({ "a": { "b": 1 } }),
        json!("é".repeat(5000)),
    ]
}

fn mutated(line: &str, number: usize, dice: &mut Dice) -> Vec<u8> {
    let Ok(mut request) = serde_json::from_str::<Value>(line) else { return line.as_bytes().to_vec() };
    request["id"] = json!(number);
    let mut found = Vec::new();
    places(&request, &mut Vec::new(), &mut found);
    let way = dice.pick(&found).clone();
    match dice.below(9) {
        0 => *at(&mut request, &way) = dice.pick(&oddities()).clone(),
        1 => {
            if let Value::Object(map) = at(&mut request, &way) {
                map.insert("surprise".to_owned(), json!(1));
            }
        }
        2 => {
            if let Some((last, before)) = way.split_last()
                && let Value::Object(map) = at(&mut request, before)
            {
                map.remove(last);
            }
        }
        3 => {
            let mut bytes = request.to_string().into_bytes();
            bytes.truncate(1 + dice.below(bytes.len()));
            return bytes;
        }
        4 => {
            let mut bytes = request.to_string().into_bytes();
            let place = dice.below(bytes.len());
            bytes[place] = *dice.pick(&[0xFF, 0xC0, 0x80, b'"', b'{', b'\\', 0, b'e']);
            return bytes;
        }
        5 => {
            let text = request.to_string();
            let deep = dice.pick(&["[", "{\"a\":"]).repeat(100 + dice.below(20_000));
            return format!("{{\"id\":{number},\"op\":\"scan\",\"text\":{deep}{text}").into_bytes();
        }
        6 => {
            let digits = "9".repeat(1 + dice.below(400));
            return request
                .to_string()
                .replacen(&format!("\"id\":{number}"), &format!("\"id\":{number},\"n\":{digits}e{digits}"), 1)
                .into_bytes();
        }
        7 => {
            let text = request.to_string();
            return format!("{text}{text}").into_bytes();
        }
        _ => *at(&mut request, &way) = dice.pick(&oddities()).clone(),
    }
    request.to_string().into_bytes()
}

/// A request of each kind that is not among the smoke lines.
fn others() -> Vec<String> {
    let conversation = json!({
        "version": 1, "id": "c-9", "status": { "value": "open", "at": null, "before": null },
        "priority": { "value": null, "at": null, "before": null },
        "assigned": { "value": { "queue": null, "agent": null }, "at": null, "before": null },
    });
    let sla = json!({
        "op": "sla", "id": 0, "policy": { "metrics": [{ "metric": "first_reply", "target": 3600 }] },
        "events": [{ "at": "2026-12-09T10:00:00Z", "type": "created", "by": "customer" }], "as_of": "2026-12-09T10:30:00Z",
    });
    let due = json!({ "op": "due", "id": 0, "conversation": conversation, "now": "2026-12-09T10:00:00Z" });
    vec![due.to_string(), sla.to_string()]
}

fn seeds() -> Vec<String> {
    SMOKE.lines().map(str::to_owned).chain(others()).collect()
}

#[test]
fn a_thousand_mutated_lines_give_a_thousand_answers_in_order() {
    let seeds = seeds();
    let mut dice = Dice(20_261_122);
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for number in 0..1000 {
        let mut line = match number {
            300 => format!("{{\"op\":\"scan\",\"id\":300,\"text\":\"{}\"}}", "pacco ".repeat(1_700_000))
                .into_bytes(),
            600 => {
                format!("{{\"op\":\"nope\",\"id\":600,\"a\":\"{}\"}}", "x".repeat(10_000_000)).into_bytes()
            }
            900 => vec![b'['; 10_000_000],
            901 => vec![0xFF; 17 * 1024 * 1024],
            _ => mutated(&seeds[dice.below(seeds.len())].clone(), number, &mut dice),
        };
        line.retain(|byte| *byte != b'\n');
        if line.iter().all(u8::is_ascii_whitespace) {
            line = b"0".to_vec();
        }
        lines.push(line);
    }
    let Some(found) = answers(&[], lines.join(&b'\n')) else { return };
    assert_eq!(found.len(), 1000);
    for (number, (line, answer)) in lines.iter().zip(&found).enumerate() {
        let readable =
            serde_json::from_slice::<Map<String, Value>>(line).ok().filter(|_| line.len() <= 16 << 20);
        let id = readable.and_then(|request| request.get("id").cloned()).unwrap_or_default();
        assert_eq!(
            answer["id"],
            id,
            "line {number}: {}",
            String::from_utf8_lossy(&line[..line.len().min(200)])
        );
        if let Some(error) = answer.get("error") {
            let whole = ["code", "message", "path"].iter().all(|key| error[key].is_string());
            let said = error.to_string();
            assert!(whole && !error["code"].as_str().unwrap().is_empty(), "line {number}: {said}");
            let discreet =
                !said.contains("mario.rossi") && !said.contains("4111") && !said.contains("panicked");
            assert!(discreet, "line {number}: {said}");
        }
    }
    let refused = found.iter().filter(|answer| answer.get("error").is_some()).count();
    assert!((200..990).contains(&refused), "{refused} of 1000 refused");
}

#[test]
fn a_fault_of_hours_or_clocks_has_its_own_code_its_place_and_no_word_of_the_parser() {
    let cases: Vec<Value> = FAULTS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let requests: Vec<String> = cases.iter().map(|case| case["request"].to_string()).collect();
    let Some(found) = answers(&[], requests.join("\n").into_bytes()) else { return };
    assert_eq!(found.len(), cases.len());
    for (case, answer) in cases.iter().zip(&found) {
        assert_eq!(answer["error"], case["error"], "{}", case["request"]);
    }
}

#[test]
fn every_operation_of_the_table_answers_with_its_fields() {
    let expected: [(&str, &[&str]); 10] = [
        ("redact", &["text", "spans"]),
        ("scan", &["language", "sentiment", "signals"]),
        ("assess", &["decision", "conversation"]),
        ("review", &["verdict", "findings"]),
        ("due", &["decision", "wake_at"]),
        ("business_time", &["result"]),
        ("sla", &["clocks"]),
        ("rules", &["matched", "first"]),
        ("length", &["used", "limit", "unit", "fits"]),
        ("lint", &["diagnostics"]),
    ];
    let seeds = seeds();
    let Some(found) = answers(&[], seeds.join("\n").into_bytes()) else { return };
    for (op, fields) in expected {
        let of_op =
            |line: &&String| serde_json::from_str::<Value>(line).is_ok_and(|request| request["op"] == op);
        let place =
            seeds.iter().position(|line| of_op(&line)).unwrap_or_else(|| panic!("no request for {op}"));
        let answer = found[place].as_object().unwrap();
        assert!(!answer.contains_key("error"), "{op}: {answer:?}");
        for field in fields {
            assert!(answer.contains_key(*field), "{op} answers without {field}: {answer:?}");
        }
    }
}

#[test]
fn an_unknown_field_is_an_error_that_names_it_in_every_operation() {
    let seeds: Vec<Value> = seeds().iter().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let known = seeds.into_iter().filter(|request: &Value| request["op"] != "nope");
    let lines: Vec<String> = known
        .map(|mut request| {
            request["zebra_field"] = json!(1);
            request.to_string()
        })
        .collect();
    let Some(found) = answers(&[], lines.join("\n").into_bytes()) else { return };
    for (line, answer) in lines.iter().zip(found) {
        let error = answer["error"].to_string();
        assert!(error.contains("unknown_field") && error.contains("zebra_field"), "{line}: {answer}");
    }
}

/// The bundled day as a stream of bare events with what each needs beside it.
fn day() -> Vec<Value> {
    let (mut desk, mut customers) = (Value::Null, Map::new());
    let mut lines = Vec::new();
    for line in DAY.lines().filter(|line| line.starts_with('{')) {
        let mut row: Value = serde_json::from_str(line).unwrap();
        if let Some(given) = row.get_mut("desk").map(Value::take) {
            desk = given;
        } else if let Some(customer) = row.get_mut("customer").map(Value::take) {
            customers.insert(customer["id"].as_str().unwrap().to_owned(), customer);
        } else if let Some(event) = row.get_mut("event").map(Value::take) {
            let mut request = json!({ "op": "assess", "id": lines.len(), "event": event, "desk": desk });
            let customer = event["by"]["customer"].as_str().and_then(|id| customers.get(id));
            if let Some(customer) = customer {
                request["customer"] = customer.clone();
            }
            lines.push(request);
        }
    }
    lines
}

#[test]
fn a_stream_cut_by_conversation_gives_the_same_decisions_on_two_processes_as_on_one() {
    let lines = day();
    assert!(lines.len() >= 240, "{} events", lines.len());
    let joined =
        |lines: &[&Value]| lines.iter().map(|line| format!("{line}\n")).collect::<String>().into_bytes();
    let Some(whole) = answers(&["--keep"], joined(&lines.iter().collect::<Vec<_>>())) else { return };
    let left = |line: &&Value| {
        line["event"]["conversation"].as_str().unwrap().bytes().map(u32::from).sum::<u32>() % 2 == 0
    };
    let (one, two): (Vec<&Value>, Vec<&Value>) = lines.iter().partition(left);
    assert!(one.len() > 50 && two.len() > 50);
    let mut cut = answers(&["--keep"], joined(&one)).unwrap();
    cut.extend(answers(&["--keep"], joined(&two)).unwrap());
    cut.sort_by_key(|answer| answer["id"].as_u64());
    assert_eq!(whole.len(), lines.len());
    for (whole, cut) in whole.iter().zip(&cut) {
        assert!(whole.get("error").is_none(), "{whole}");
        assert_eq!(whole, cut);
    }
}
