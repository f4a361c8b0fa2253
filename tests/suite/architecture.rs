//! The shape of the source: arrows go one way, files and functions stay short, nothing is undocumented.

use std::fs;
use std::path::{Path, PathBuf};

/// The stages from left to right; a stage may use itself and what stands before it.
const STAGES: &[&str] = &["model", "text", "detect", "playbook", "decision", "decide", "gate", "engine"];

/// Side rooms, and the stages each may use besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("schedule", &["model"]),
    ("channel", &["model", "text"]),
    ("measure", &["model"]),
    ("interop", &["model"]),
];

/// Side rooms open to every stage from `playbook` on.
const OPEN_FROM_PLAYBOOK: &[&str] = &["schedule", "channel", "measure"];

/// What stands outside the arrows: used by all, using none of the stages.
const SHARED: &[&str] =
    &["error", "hash", "limits", "num", "Limits", "Code", "Diagnostic", "Diagnostics", "Severity"];

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = open.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                if !path.ends_with("target") {
                    open.push(path);
                }
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    inside.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

fn may_use(room: &str, used: &str) -> bool {
    let place = |name: &str| STAGES.iter().position(|stage| *stage == name);
    if room == used || SHARED.contains(&used) {
        return true;
    }
    if let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) {
        return allowed.contains(&used);
    }
    match (place(room), place(used)) {
        (Some(from), Some(to)) => to < from,
        (Some(from), None) => place("playbook").unwrap() <= from && OPEN_FROM_PLAYBOOK.contains(&used),
        _ => false,
    }
}

/// Code without comments, so that a doc example does not count as an arrow.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_arrow_goes_back() {
    let mut backward = Vec::new();
    for path in sources("src") {
        let room = room_of(&path);
        if room == "lib" || SHARED.contains(&room.as_str()) {
            continue;
        }
        let code = code_of(&path);
        for used in code.split("crate::").skip(1) {
            let name: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let is_macro = used[name.len()..].starts_with('!');
            if !name.is_empty() && !is_macro && !may_use(&room, &name) {
                backward.push(format!("{}: {room} uses {name}", path.display()));
            }
        }
    }
    assert!(backward.is_empty(), "arrows that go back:\n{}", backward.join("\n"));
}

#[test]
fn no_file_is_longer_than_900_lines() {
    let folders = ["src", "tests", "examples", "benches", "fuzz"];
    let long: Vec<_> = folders
        .iter()
        .flat_map(|folder| sources(folder))
        .map(|path| (fs::read_to_string(&path).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > 900)
        .collect();
    assert!(long.is_empty(), "{long:?}");
}

/// Lengths of all function bodies in `src`, from the line of `fn` to its closing brace.
fn function_lengths() -> Vec<(usize, String)> {
    let mut lengths = Vec::new();
    for path in sources("src") {
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (start, line) in lines.iter().enumerate() {
            let indent = line.len() - line.trim_start().len();
            let head = line.trim_start();
            let is_function =
                head.split_whitespace().take(5).any(|word| word == "fn") && !head.starts_with("//");
            if !is_function {
                continue;
            }
            let closing = format!("{}}}", " ".repeat(indent));
            let end = if line.trim_end().ends_with('}') {
                Some(start)
            } else {
                (start..lines.len()).find(|at| {
                    lines[*at] == closing || (lines[*at].trim_end().ends_with(';') && *at == start)
                })
            };
            if let Some(end) = end {
                lengths.push((end - start + 1, format!("{}:{}", path.display(), start + 1)));
            }
        }
    }
    lengths.sort();
    lengths
}

#[test]
fn the_median_function_has_at_most_8_lines() {
    let lengths = function_lengths();
    let median = lengths[lengths.len() / 2].0;
    println!("{} functions, median {median}, longest {:?}", lengths.len(), lengths.last());
    assert!(median <= 8, "median {median} of {}", lengths.len());
}

#[test]
fn nothing_is_read_by_trial_or_flattened() {
    // HAZARDS 1: reading untagged recursion takes exponential time, and both hide the place of a fault.
    // Writing without a tag is harmless.
    for path in sources("src") {
        let code = code_of(&path);
        assert!(!code.contains("serde(flatten"), "{}", path.display());
        for before in code.split("serde(untagged)").collect::<Vec<_>>().split_last().unwrap().1 {
            let derive = before.rsplit("derive(").next().unwrap().split(')').next().unwrap();
            assert!(!derive.contains("Deserialize"), "{} reads by trial", path.display());
        }
    }
}

#[test]
fn the_library_has_no_clock_files_environment_or_threads() {
    for path in sources("src") {
        let code = code_of(&path);
        for word in
            ["std::fs", "std::env::", "std::thread", "SystemTime", "Instant::now", "Utc::now", "static mut"]
        {
            assert!(!code.contains(word), "{}: {word}", path.display());
        }
    }
}
