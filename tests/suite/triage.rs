//! The program `triage` on the bundled day: it ends well, tells every event, keeps to the page, and shows no
//! personal data. The program is looked for beside the test; where it was not built there is nothing to test.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

const DAY: &str = include_str!("../../examples/data/day.ndjson");

/// Personal data of the day that must never be printed: invented, with right check digits.
const CANARIES: &[&str] = &[
    "4111 1111 1111 1111",
    "4242 4242 4242 4242",
    "5555 5555 5555 4444",
    "IT60 X054 2811 1010",
    "DVTTTR62M14F839D",
    "MNSHMD80A01Z336L",
    "MNSHMD80A10Z336N",
    "emily.clarke@example.com",
    "olga.petrenko@example.net",
    "silvio.bassi@example.org",
    "teresa.longhi@pec.example.org",
];

/// Columns of the page.
const WIDTH: usize = 100;

fn program() -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    let path = test.parent()?.parent()?.join("examples").join("triage");
    path.exists().then_some(path)
}

fn run(options: &[&str]) -> Option<Output> {
    Some(Command::new(program()?).args(options).env_remove("RUST_BACKTRACE").output().expect("it starts"))
}

fn page(options: &[&str]) -> Option<String> {
    let output = run(options)?;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("the page is UTF-8"))
}

#[test]
fn the_page_tells_every_event_within_its_width_and_without_colour_in_a_pipe() {
    for options in [&[][..], &["--brief"], &["--lang", "it"]] {
        let Some(page) = page(options) else { return };
        for line in DAY.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            if let Some(id) = line["event"]["id"].as_str() {
                assert!(page.contains(&format!(" {id} ")), "{id} is missing with {options:?}");
            }
        }
        assert!(!page.contains('\u{1b}'), "colour in a pipe");
        let marks = |c: &char| !matches!(c, '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{FE0F}');
        let long: Vec<&str> =
            page.lines().filter(|line| line.chars().filter(marks).count() > WIDTH).collect();
        assert!(long.is_empty(), "{long:#?}");
    }
}

#[test]
fn the_page_shows_no_personal_data_of_the_day() {
    for options in [&[][..], &["--brief"]] {
        let Some(page) = page(options) else { return };
        let plain: String = page.split_whitespace().collect();
        for canary in CANARIES {
            let canary: String = canary.split_whitespace().collect();
            assert!(DAY.split_whitespace().collect::<String>().contains(&canary), "no such canary");
            assert!(!plain.contains(&canary), "a canary is shown");
        }
    }
}

#[test]
fn a_wrong_option_ends_with_two_and_a_usage_line() {
    for options in [&["--colour"][..], &["--lang", "fr"], &["--events"], &["--events", "/no/such/file"]] {
        let Some(output) = run(options) else { return };
        assert_eq!(output.status.code(), Some(2), "{options:?}");
        assert!(output.stdout.is_empty());
        assert!(!output.stderr.is_empty());
    }
}

#[test]
fn a_bad_line_is_named_by_number_and_skipped_without_a_word_of_it() {
    let path = std::env::temp_dir().join(format!("galateo-triage-{}.ndjson", std::process::id()));
    let good = DAY.lines().find(|line| line.starts_with("{\"event\"")).unwrap();
    std::fs::write(&path, format!("{{\"event\": \"mario.rossi@example.com\"}}\n\nno json\n{good}\n"))
        .unwrap();
    let output = run(&["--events", path.to_str().unwrap()]);
    let _gone = std::fs::remove_file(&path);
    let Some(output) = output else { return };
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0));
    assert!(told.contains("line 1 skipped") && told.contains("line 3 skipped"), "{told}");
    assert!(!told.contains("rossi"), "{told}");
    assert!(String::from_utf8_lossy(&output.stdout).contains(" e-001 "));
}
