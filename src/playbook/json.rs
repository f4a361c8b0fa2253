//! The tree of a JSON text that is known to be well-formed, with the place of each value.

use super::node::{Entry, Kind, Node, TooDeep};
use crate::num::narrow;

/// A walk through a well-formed text; on any other it ends early and builds nulls.
pub(super) struct Scan<'t> {
    text: &'t str,
    at: usize,
    duplicates: Vec<u32>,
}

impl<'t> Scan<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0, duplicates: Vec::new() }
    }

    /// The places of the names that stand twice in their table.
    pub(super) fn duplicates(self) -> Vec<u32> {
        self.duplicates
    }

    pub(super) fn value(&mut self, depth: usize) -> Result<Node, TooDeep> {
        let byte = self.peek();
        let at = narrow(self.at);
        let Some(depth) = depth.checked_sub(1) else { return Err(TooDeep(at)) };
        let kind = match byte {
            b'{' => Kind::Table(self.table(depth)?),
            b'[' => Kind::List(self.list(depth)?),
            b'"' => Kind::Text(self.string()),
            _ => super::node::scalar(self.bare()),
        };
        Ok(Node::new(kind, at))
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node>, TooDeep> {
        let mut items = Vec::new();
        self.step();
        while !matches!(self.peek(), b']' | 0) {
            items.push(self.value(depth)?);
            if self.peek() == b',' {
                self.step();
            }
        }
        self.step();
        Ok(items)
    }

    fn table(&mut self, depth: usize) -> Result<Vec<Entry>, TooDeep> {
        let mut entries = Vec::new();
        self.step();
        while self.peek() == b'"' {
            let at = narrow(self.at);
            let key = self.string();
            if self.peek() == b':' {
                self.step();
            }
            entries.push(Entry { key, at, value: self.value(depth)? });
            if self.peek() == b',' {
                self.step();
            }
        }
        self.step();
        self.note_duplicates(&entries);
        Ok(entries)
    }

    fn note_duplicates(&mut self, entries: &[Entry]) {
        let mut names: Vec<_> = entries.iter().map(|e| (e.key.as_str(), e.at)).collect();
        names.sort_unstable();
        let twice = names.windows(2).filter_map(|pair| match pair {
            [(a, _), (b, at)] if a == b => Some(*at),
            _ => None,
        });
        self.duplicates.extend(twice);
    }

    /// The string at this place; the part without escapes is taken as it stands.
    fn string(&mut self) -> String {
        let start = self.at;
        self.step();
        let mut escaped = false;
        loop {
            match self.byte() {
                Some(b'\\') => {
                    escaped = true;
                    self.at = self.at.saturating_add(2);
                }
                Some(b'"') | None => break,
                Some(_) => self.step(),
            }
        }
        self.step();
        let quoted = self.text.get(start..self.at).unwrap_or_default();
        if escaped {
            return serde_json::from_str(quoted).unwrap_or_default();
        }
        quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"')).unwrap_or_default().to_owned()
    }

    /// A number, `true`, `false` or `null`.
    fn bare(&mut self) -> &'t str {
        let start = self.at;
        while self.byte().is_some_and(|b| !matches!(b, b',' | b']' | b'}') && !b.is_ascii_whitespace()) {
            self.step();
        }
        if self.at == start {
            self.at = self.text.len();
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// The next byte that is no blank; 0 at the end.
    fn peek(&mut self) -> u8 {
        while self.byte().is_some_and(|b| b.is_ascii_whitespace()) {
            self.step();
        }
        self.byte().unwrap_or(0)
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    const fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }
}
