//! Each requirement is shown by tests that exist, or says why not yet.

use std::fs;
use std::path::Path;

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let mut open = vec![root];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let module = path.file_stem().unwrap().to_str().unwrap().to_owned();
                found.push((module, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

/// A test stands as `fn name(` or, in a table of tests, as `name = "…"`.
fn exists(sources: &[(String, String)], test: &str) -> bool {
    let (module, name) = test.split_once("::").expect("module::test");
    let written = [format!("fn {name}("), format!("    {name} = \"")];
    sources.iter().any(|(file, text)| file == module && written.iter().any(|form| text.contains(form)))
}

#[test]
fn every_row_is_shown_by_tests_that_exist_or_says_why_not_yet() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/requirements.toml");
    let rows: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
    let sources = sources();
    let mut shown = 0;
    for number in 1..=115 {
        let row = rows
            .get(&format!("R{number}"))
            .unwrap_or_else(|| panic!("R{number} is missing"))
            .as_table()
            .unwrap();
        if let Some(tests) = row.get("shown") {
            let tests = tests.as_array().unwrap();
            assert!(!tests.is_empty(), "R{number}");
            for test in tests {
                assert!(exists(&sources, test.as_str().unwrap()), "R{number}: no test {test}");
            }
            shown += 1;
        } else {
            assert!(row["not_yet"].as_str().unwrap().len() > 10, "R{number}");
        }
    }
    assert_eq!(rows.len(), 115);
    assert!(shown >= 90, "{shown} rows shown");
    println!("{shown} of 115 rows shown");
}
