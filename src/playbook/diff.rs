//! What changed from one playbook to another, in terms of rules and other entries, not of lines.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Playbook, words};

/// What happened to an entry of a playbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// Something in it is another.
    Changed,
    /// It stands before or after others that it stood after or before.
    Moved,
    /// It is gone.
    Removed,
}

/// One entry that is not what it was.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlaybookChange {
    /// The section, such as `rules`.
    pub section: String,
    /// The entry's name; `None` where the section is one thing.
    pub id: Option<String>,
    /// What happened to it.
    pub kind: ChangeKind,
    /// The parts of it that changed.
    pub parts: Vec<PartChange>,
}

/// A part of an entry that is not what it was; what a test case is given is not repeated.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PartChange {
    /// The way to it inside the entry, such as `when.all[1].sentiment.below`.
    pub path: String,
    /// What it was; `None` where there was nothing.
    pub from: Option<Value>,
    /// What it is; `None` where there is nothing.
    pub to: Option<Value>,
}

impl Playbook {
    /// What another playbook changes: entry by entry, whatever lines they stand on.
    ///
    /// ```
    /// use galateo::playbook::{Policy, STARTER};
    /// let other = STARTER.replace("sentiment = { below = -600 }", "sentiment = { below = -300 }");
    /// let (other, _) = Policy::from_toml(&other, &galateo::Limits::DEFAULT)?;
    /// let changes = Policy::starter().playbook().diff(other.playbook());
    /// assert_eq!(changes.len(), 1);
    /// assert_eq!(changes[0].to_string(), "rules `very-unhappy` changed\n  when.all[0].sentiment.below: -600 → -300");
    /// # Ok::<(), galateo::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn diff(&self, other: &Self) -> Vec<PlaybookChange> {
        let mut changes = Vec::new();
        let (old, new) = (written(self), written(other));
        for section in old.keys().chain(new.keys().filter(|name| !old.contains_key(*name))) {
            let (from, to) =
                (old.get(section).unwrap_or(&Value::Null), new.get(section).unwrap_or(&Value::Null));
            if from != to {
                changes.extend(in_section(section, from, to));
            }
        }
        changes
    }
}

fn written(playbook: &Playbook) -> Map<String, Value> {
    match serde_json::to_value(playbook) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn in_section(section: &str, from: &Value, to: &Value) -> Vec<PlaybookChange> {
    match (entries(from), entries(to)) {
        (Some(old), Some(new)) => in_list(section, &old, &new),
        _ => {
            let mut parts = Vec::new();
            compare("", from, to, &mut parts);
            vec![PlaybookChange { section: section.to_owned(), id: None, kind: ChangeKind::Changed, parts }]
        }
    }
}

/// The entries of a list of named tables, or of a table of tables, with their names.
fn entries(section: &Value) -> Option<Vec<(String, &Value)>> {
    match section {
        Value::Array(list) => list.iter().map(|entry| Some((name(entry)?, entry))).collect(),
        _ => None,
    }
}

/// What tells an entry from the others of its list.
fn name(entry: &Value) -> Option<String> {
    let key = ["id", "level", "situation", "channel"].into_iter().find_map(|key| entry.get(key))?;
    Some(key.as_str().map_or_else(|| key.to_string(), str::to_owned))
}

fn in_list(section: &str, old: &[(String, &Value)], new: &[(String, &Value)]) -> Vec<PlaybookChange> {
    let change = |id: &str, kind, parts| PlaybookChange {
        section: section.to_owned(),
        id: Some(id.to_owned()),
        kind,
        parts,
    };
    let before: BTreeMap<&str, (usize, &Value)> =
        old.iter().enumerate().map(|(at, (id, entry))| (id.as_str(), (at, *entry))).collect();
    let after: BTreeMap<&str, &Value> = new.iter().map(|(id, entry)| (id.as_str(), *entry)).collect();
    let gone = old.iter().filter(|(id, _)| !after.contains_key(id.as_str()));
    let mut changes: Vec<_> = gone.map(|(id, _)| change(id, ChangeKind::Removed, Vec::new())).collect();
    let places: Vec<usize> =
        new.iter().filter_map(|(id, _)| before.get(id.as_str())).map(|(at, _)| *at).collect();
    let moved = out_of_order(&places);
    for (id, entry) in new {
        let Some((place, earlier)) = before.get(id.as_str()) else {
            changes.push(change(id, ChangeKind::Added, Vec::new()));
            continue;
        };
        if earlier != entry {
            let mut parts = Vec::new();
            compare("", earlier, entry, &mut parts);
            if section == "test" {
                parts.iter_mut().for_each(PartChange::keep_quiet);
            }
            changes.push(change(id, ChangeKind::Changed, parts));
        }
        if moved.contains(place) {
            changes.push(change(id, ChangeKind::Moved, Vec::new()));
        }
    }
    changes
}

/// The fewest of some different numbers without which the others rise.
fn out_of_order(places: &[usize]) -> std::collections::BTreeSet<usize> {
    // The longest rising subsequence: for each length the least last number, and what comes before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: BTreeMap<usize, Option<usize>> = BTreeMap::new();
    for place in places {
        let length = ends.partition_point(|end| end < place);
        before.insert(*place, length.checked_sub(1).and_then(|at| ends.get(at).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = *place,
            None => ends.push(*place),
        }
    }
    let mut kept = std::collections::BTreeSet::new();
    let mut at = ends.last().copied();
    while let Some(place) = at {
        kept.insert(place);
        at = before.get(&place).copied().flatten();
    }
    places.iter().copied().filter(|place| !kept.contains(place)).collect()
}

fn compare(path: &str, from: &Value, to: &Value, parts: &mut Vec<PartChange>) {
    match (from, to) {
        (Value::Object(old), Value::Object(new)) => {
            let names = old.keys().chain(new.keys().filter(|name| !old.contains_key(*name)));
            for name in names {
                let (step, dot) = (words::step(name), if path.is_empty() { "" } else { "." });
                let inner = format!("{path}{dot}{step}");
                compare(
                    &inner,
                    old.get(name).unwrap_or(&Value::Null),
                    new.get(name).unwrap_or(&Value::Null),
                    parts,
                );
            }
        }
        (Value::Array(old), Value::Array(new)) if old.len() == new.len() => {
            for (at, (old, new)) in old.iter().zip(new).enumerate() {
                compare(&format!("{path}[{at}]"), old, new, parts);
            }
        }
        (from, to) if from != to => {
            let some = |value: &Value| (!value.is_null()).then(|| value.clone());
            parts.push(PartChange { path: path.to_owned(), from: some(from), to: some(to) });
        }
        _ => {}
    }
}

impl PartChange {
    /// A test may be made of a customer's message.
    fn keep_quiet(&mut self) {
        let is_given = ["event", "draft", "before", "conversation", "customer", "desk"]
            .iter()
            .any(|given| self.path.starts_with(given));
        if is_given {
            (self.from, self.to) = (None, None);
        }
    }
}

impl fmt::Display for PlaybookChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.section)?;
        if let Some(id) = &self.id {
            write!(f, " `{id}`")?;
        }
        let did = match self.kind {
            ChangeKind::Added => "added",
            ChangeKind::Changed => "changed",
            ChangeKind::Moved => "moved",
            ChangeKind::Removed => "removed",
        };
        write!(f, " {did}")?;
        self.parts.iter().try_for_each(|part| write!(f, "\n  {part}"))
    }
}

impl fmt::Display for PartChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show =
            |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string);
        match (&self.from, &self.to) {
            (None, None) => write!(f, "{} is another", self.path),
            (from, to) => write!(f, "{}: {} → {}", self.path, show(from), show(to)),
        }
    }
}
