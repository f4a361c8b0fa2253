//! Layers: a base document and later ones that patch it, flattened before anything is read.

use std::sync::Arc;

use super::node::{Document, Entry, Kind, NOWHERE, Node, Part};
use super::read::Reader;
use crate::num::narrow;
use crate::{Code, Diagnostics, Limits};

impl Document {
    /// Lays documents over one another, the first below; each has a name for diagnostics and explanations.
    ///
    /// Tables are merged entry by entry. In lists of tables with an `id`, an entry of the same `id` patches
    /// the one below (only what it writes changes), a new one is added at the end, and `remove = true` takes
    /// the one below away. Anything else is replaced. A table with `locked = true` cannot be patched or
    /// taken away by a later layer.
    ///
    /// ```
    /// use galateo::Limits;
    /// use galateo::playbook::Document;
    /// let read = |text| Document::from_toml(text, &Limits::DEFAULT);
    /// let base = read("[[rules]]\nid = 'vip'\npriority = 10\nwhen = { tags = ['vip'] }")?;
    /// let brand = read("[[rules]]\nid = 'vip'\npriority = 50")?;
    /// let both = Document::layered(&[("base", &base), ("brand", &brand)], &Limits::DEFAULT)?;
    /// let json = both.root().to_value();
    /// assert_eq!(json["rules"][0]["priority"], 50);
    /// assert_eq!(json["rules"][0]["when"]["tags"][0], "vip");
    /// # Ok::<(), galateo::Diagnostics>(())
    /// ```
    ///
    /// # Errors
    /// A layer patches what is locked, removes what is not there, or names an `id` twice.
    pub fn layered(layers: &[(&str, &Self)], limits: &Limits) -> Result<Self, Diagnostics> {
        let mut parts: Vec<Part> = Vec::with_capacity(layers.len());
        let mut roots = Vec::with_capacity(layers.len());
        let mut start = 0_u32;
        for (name, document) in layers {
            let document = document.present()?;
            let text = document.parts().first().map(|p| p.text.clone()).unwrap_or_default();
            let mut root = document.root().clone();
            shift(&mut root, start);
            roots.push(root);
            let length = narrow(text.len()).saturating_add(1);
            parts.push(Part { layer: Some(Arc::from(*name)), start, text });
            start = start.saturating_add(length);
        }
        let all = Self::from_parts(Node::new(Kind::Table(Vec::new()), NOWHERE), parts);
        let mut reader = Reader::new(&all, limits);
        let mut roots = roots.into_iter();
        let mut root = roots.next().unwrap_or_else(|| all.root().clone());
        roots.for_each(|layer| lay(&mut root, layer, &mut reader));
        let (root, _) = reader.finish(Some(root))?;
        Ok(Self::from_parts(root, all.parts().to_vec()))
    }
}

/// Moves the places of a tree behind the texts of earlier layers.
fn shift(node: &mut Node, by: u32) {
    if node.at != NOWHERE {
        node.at = node.at.saturating_add(by);
    }
    match &mut node.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Kind::Table(entries) => entries.iter_mut().for_each(|entry| {
            entry.at = if entry.at == NOWHERE { NOWHERE } else { entry.at.saturating_add(by) };
            shift(&mut entry.value, by);
        }),
        _ => {}
    }
}

/// Lays one value over another.
fn lay(below: &mut Node, above: Node, reader: &mut Reader<'_>) {
    match (&mut below.kind, above.kind) {
        (Kind::Table(old), Kind::Table(new)) => {
            new.into_iter().for_each(|entry| lay_entry(old, entry, reader));
        }
        (Kind::List(old), Kind::List(new)) if is_keyed(old) && is_keyed(&new) => {
            lay_list(old, new, reader);
        }
        (_, kind) => *below = Node::new(kind, above.at),
    }
}

fn lay_entry(old: &mut Vec<Entry>, entry: Entry, reader: &mut Reader<'_>) {
    let Some(same) = old.iter_mut().find(|e| e.key == entry.key) else {
        old.push(entry);
        return;
    };
    // A condition is one thing: its groups would make no sense merged entry by entry.
    if entry.key == "when" {
        *same = entry;
        return;
    }
    reader.within(&entry.key, |reader| {
        if refuse_locked(&same.value, &entry.value, reader) {
            return;
        }
        lay(&mut same.value, entry.value, reader);
    });
}

fn refuse_locked(below: &Node, above: &Node, reader: &mut Reader<'_>) -> bool {
    let is_locked = below.entry("locked").is_some_and(|n| n.kind == Kind::Flag(true));
    if is_locked {
        let at = reader.origin(below);
        let help = format!("it is locked at {at}");
        reader.report_with_help(above, Code::LOCKED, "a later layer cannot change what is locked", help);
    }
    is_locked
}

/// Whether every item is a table with an identifier.
fn is_keyed(items: &[Node]) -> bool {
    !items.is_empty() && items.iter().all(|item| item.entry("id").is_some())
}

fn lay_list(old: &mut Vec<Node>, new: Vec<Node>, reader: &mut Reader<'_>) {
    let mut places: std::collections::BTreeMap<String, usize> =
        old.iter().enumerate().map(|(i, item)| (id(item), i)).collect();
    let mut gone = vec![false; old.len()];
    let mut seen = std::collections::BTreeSet::new();
    for (i, mut item) in new.into_iter().enumerate() {
        reader.within_index(i, |reader| {
            if !seen.insert(id(&item)) {
                reader.report(&item, Code::DUPLICATE_RULE, "this layer names the identifier twice");
                return;
            }
            let is_removed = take_removal(&mut item);
            let Some(place) = places.get(&id(&item)).copied() else {
                if is_removed {
                    reader.report(
                        &item,
                        Code::NOTHING_TO_REMOVE,
                        "no layer below has anything of this identifier",
                    );
                    return;
                }
                places.insert(id(&item), old.len());
                old.push(item);
                gone.push(false);
                return;
            };
            let Some(below) = old.get_mut(place) else { return };
            if refuse_locked(below, &item, reader) {
                return;
            }
            if let (true, Some(slot)) = (is_removed, gone.get_mut(place)) {
                *slot = true;
                return;
            }
            lay(below, item, reader);
        });
    }
    let mut gone = gone.into_iter();
    old.retain(|_| !gone.next().unwrap_or(false));
}

fn id(item: &Node) -> String {
    match item.entry("id").map(|n| &n.kind) {
        Some(Kind::Text(text)) => text.clone(),
        Some(Kind::Integer(n)) => n.to_string(),
        _ => String::new(),
    }
}

/// Takes the entry `remove` out of a table and tells whether it was true.
fn take_removal(item: &mut Node) -> bool {
    let Kind::Table(entries) = &mut item.kind else { return false };
    let before = entries.len();
    let is_removed = entries.iter().any(|e| e.key == "remove" && e.value.kind == Kind::Flag(true));
    entries.retain(|e| e.key != "remove");
    is_removed && entries.len() < before
}
