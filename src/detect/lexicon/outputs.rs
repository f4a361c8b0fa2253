//! What the patterns that are spelled alike stand for: lists of entries, each list once.

use std::collections::BTreeMap;

use super::tables::Entry;
use crate::num::{narrow, wide};

/// Lists of entries being gathered; list 0 is empty.
#[derive(Debug)]
pub(super) struct Outputs {
    entries: Vec<Entry>,
    lists: Vec<Vec<u32>>,
    known: BTreeMap<Vec<u32>, u32>,
    /// The last list that grew, by what, and to which: the spellings of one line follow each other.
    last: (u32, u32, u32),
}

impl Default for Outputs {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            lists: vec![Vec::new()],
            known: BTreeMap::from([(Vec::new(), 0)]),
            last: (u32::MAX, 0, 0),
        }
    }
}

impl Outputs {
    /// Adds an entry that patterns can stand for.
    pub(super) fn entry(&mut self, entry: Entry) -> u32 {
        self.entries.push(entry);
        narrow(self.entries.len().saturating_sub(1))
    }

    /// Adds an entry to a list, in the place of the one of its section, which is returned.
    pub(super) fn put(&mut self, list: &mut u32, entry: u32) -> Option<Entry> {
        if (self.last.0, self.last.1) == (*list, entry) {
            *list = self.last.2;
            return None;
        }
        let section = self.entries.get(wide(entry)).map(|entry| entry.section);
        let (before, mut members) = self.without(*list, section);
        members.push(entry);
        members.sort_unstable_by_key(|member| self.entries.get(wide(*member)).map(|entry| entry.section));
        let longer = self.list(members);
        if before.is_none() {
            self.last = (*list, entry, longer);
        }
        *list = longer;
        before
    }

    /// Takes the entry of a section from a list.
    pub(super) fn take(&mut self, list: &mut u32, section: u16) -> bool {
        let (before, members) = self.without(*list, Some(section));
        *list = self.list(members);
        before.is_some()
    }

    fn without(&self, list: u32, section: Option<u16>) -> (Option<Entry>, Vec<u32>) {
        let mut members = self.lists.get(wide(list)).cloned().unwrap_or_default();
        let mut before = None;
        members.retain(|member| {
            let known = self.entries.get(wide(*member)).filter(|entry| Some(entry.section) == section);
            before = before.or(known.copied());
            known.is_none()
        });
        (before, members)
    }

    fn list(&mut self, members: Vec<u32>) -> u32 {
        if let Some(&known) = self.known.get(&members) {
            return known;
        }
        let number = narrow(self.lists.len());
        self.lists.push(members.clone());
        self.known.insert(members, number);
        number
    }

    /// The entries, list after list, and where each list stands.
    pub(super) fn finish(self) -> (Vec<(u32, u32)>, Vec<Entry>) {
        let mut entries = Vec::new();
        let mut places = Vec::with_capacity(self.lists.len());
        for list in &self.lists {
            let start = narrow(entries.len());
            entries.extend(list.iter().filter_map(|member| self.entries.get(wide(*member)).copied()));
            places.push((start, narrow(entries.len())));
        }
        (places, entries)
    }
}
