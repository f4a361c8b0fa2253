//! Facts as the matcher reads them: one row of small integers, filled anew for each event.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use super::Number;
use super::encoding::{Coding, ColumnId, Encoding, FieldPlan, OTHER, SOME, UNCHANGED};
use super::fields::FieldId;
use super::intern::Interner;
use super::texts::TextBuffers;
use crate::model::{
    AccountId, AgentId, Channel, CustomerId, DepartmentId, Language, QueueId, Seconds, SkillId, SurfaceKind,
    Tag, Timestamp, TopicId, Visibility,
};
use crate::num::{narrow, wide};

/// The values of the fields that conditions ask, for one event.
///
/// A field that is not set is missing, and conditions on it are unknown. The row is made once and
/// used for every event; after the first few it allocates nothing.
pub struct Facts {
    pub(super) encoding: Arc<Encoding>,
    row: Row,
}

/// The row itself, apart from how it is laid out, so that one can be written by the other.
struct Row {
    /// For each column the value, 0 where it is missing; for a column of sets 1 where it is known.
    ids: Vec<u32>,
    spans: Vec<(u32, u32)>,
    pool: Vec<u32>,
    texts: Vec<String>,
    buffers: TextBuffers,
    changes: Vec<(bool, String)>,
    scratch: String,
    now: Option<Timestamp>,
}

/// Shows nothing of a customer.
impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Facts").field("columns", &self.row.ids.len()).finish_non_exhaustive()
    }
}

impl Facts {
    /// A row in which everything is missing.
    #[must_use]
    pub fn new(encoding: &Arc<Encoding>) -> Self {
        let columns = encoding.columns.len();
        let row = Row {
            ids: vec![0; columns],
            spans: vec![(0, 0); columns],
            pool: Vec::new(),
            texts: vec![String::new(); columns],
            buffers: TextBuffers::default(),
            changes: vec![(false, String::new()); columns],
            scratch: String::new(),
            now: None,
        };
        let mut facts = Self { row, encoding: encoding.clone() };
        facts.start(None);
        facts
    }

    /// Forgets every value and starts the row of the next event.
    pub fn start(&mut self, now: Option<Timestamp>) {
        self.row.pool.clear();
        self.row.now = now;
        self.row.ids.copy_from_slice(&self.encoding.blank);
        if self.encoding.has_changes {
            self.row.changes.iter_mut().for_each(|(known, _)| *known = false);
        }
    }

    /// Whether any condition asks the field.
    #[must_use]
    #[inline]
    pub fn wants(&self, field: FieldId) -> bool {
        self.encoding.plan(field).is_some()
    }

    /// Sets a field; a value of another type than the field's leaves it missing.
    #[inline]
    pub fn set(&mut self, field: FieldId, value: impl Fact) {
        let Self { encoding, row } = self;
        let Some(plan) = encoding.plan(field) else { return };
        value.put(&mut Encode { row, plan });
        if plan.change.is_some() {
            row.note(plan, &value);
        }
    }

    /// Tells the value that a field had before the event; the present one must have been set.
    pub fn set_previous(&mut self, field: FieldId, value: impl Fact) {
        let Self { encoding, row } = self;
        let Some(change) = encoding.plan(field).and_then(|plan| plan.change.as_ref()) else { return };
        row.scratch.clear();
        let was = value.put(&mut Key(&mut row.scratch));
        let is = row.changes.get(wide(change.to)).filter(|(known, _)| *known).map(|(_, key)| key.as_str());
        if is == was.then_some(row.scratch.as_str()) {
            return;
        }
        let code = |key: Option<&str>| {
            key.and_then(|k| change.keys.find(k)).map_or(OTHER_CHANGED, |i| i.saturating_add(3))
        };
        let (to, from) = (code(is), code(was.then_some(row.scratch.as_str())));
        row.put(change.to, to);
        row.put(change.from, from);
    }

    /// The values of a column of sets, in order; none where it is not known.
    #[inline]
    pub(super) fn set_of(&self, column: ColumnId) -> &[u32] {
        // A span may still be that of an earlier event.
        if self.id(column) == 0 {
            return &[];
        }
        let (from, to) = self.row.spans.get(wide(column)).copied().unwrap_or_default();
        self.row.pool.get(wide(from)..wide(to)).unwrap_or_default()
    }

    #[inline]
    pub(super) fn id(&self, column: ColumnId) -> u32 {
        self.row.ids.get(wide(column)).copied().unwrap_or(0)
    }

    /// The text of a column that patterns read.
    pub(super) fn text_of(&self, column: ColumnId) -> Option<&str> {
        self.row.texts.get(wide(column)).map(String::as_str)
    }
}

impl Row {
    /// Keeps the value of a field whose changes are asked for. Few are, so this stands out of the way of the rest.
    #[cold]
    #[inline(never)]
    fn note(&mut self, plan: &FieldPlan, value: &impl Fact) {
        if let Some((known, key)) = plan.change.as_ref().and_then(|c| self.changes.get_mut(wide(c.to))) {
            key.clear();
            *known = value.put(&mut Key(key));
        }
    }

    #[inline]
    fn put(&mut self, column: ColumnId, id: u32) {
        if let Some(slot) = self.ids.get_mut(wide(column)) {
            *slot = id;
        }
    }

    fn close_set(&mut self, column: ColumnId, from: usize) {
        let set = self.pool.get_mut(from..).unwrap_or_default();
        if !set.is_sorted_by(|a, b| a < b) {
            set.sort_unstable();
            let kept = dedup(set);
            self.pool.truncate(from.saturating_add(kept));
        }
        if let Some(span) = self.spans.get_mut(wide(column)) {
            *span = (narrow(from), narrow(self.pool.len()));
        }
        self.put(column, 1);
    }
}

/// Moves the values of a sorted list that differ to its front; how many they are.
fn dedup(set: &mut [u32]) -> usize {
    let mut kept = 0_usize;
    let mut last = None;
    for at in 0..set.len() {
        let Some(id) = set.get(at).copied() else { break };
        if last != Some(id)
            && let Some(slot) = set.get_mut(kept)
        {
            *slot = id;
            kept = kept.saturating_add(1);
            last = Some(id);
        }
    }
    kept
}

/// A changed value that no condition names.
const OTHER_CHANGED: u32 = UNCHANGED + 1;

/// Where a fact puts its value; each answers whether there was one.
pub trait Sink {
    /// True or false.
    fn flag(&mut self, flag: bool) -> bool;
    /// A number.
    fn number(&mut self, number: Number) -> bool;
    /// A text or a word.
    fn text(&mut self, text: &str) -> bool;
    /// An instant.
    fn time(&mut self, time: Timestamp) -> bool;
    /// Several words.
    fn words<'w>(&mut self, words: impl Iterator<Item = &'w str>) -> bool;
}

/// A value that a field can be set to.
pub trait Fact {
    /// Puts the value; `false` where there is none.
    fn put(&self, sink: &mut impl Sink) -> bool;
}

/// Several words as one fact.
#[derive(Debug, Clone)]
pub struct Several<I>(pub I);

impl<'w, I: Iterator<Item = &'w str> + Clone> Fact for Several<I> {
    #[inline]
    fn put(&self, sink: &mut impl Sink) -> bool {
        sink.words(self.0.clone())
    }
}

impl<T: Fact> Fact for Option<T> {
    #[inline]
    fn put(&self, sink: &mut impl Sink) -> bool {
        self.as_ref().is_some_and(|value| value.put(sink))
    }
}

impl<T: Fact> Fact for &T {
    #[inline]
    fn put(&self, sink: &mut impl Sink) -> bool {
        (**self).put(sink)
    }
}

macro_rules! facts_by {
    ($($type:ty: $value:ident => $method:ident($converted:expr);)*) => {$(
        impl Fact for $type {
            #[inline]
            fn put(&self, sink: &mut impl Sink) -> bool {
                let $value = self;
                sink.$method($converted)
            }
        }
    )*};
}

facts_by! {
    bool: v => flag(*v);
    i64: v => number(Number::from(*v));
    i32: v => number(Number::from(i64::from(*v)));
    i16: v => number(Number::from(i64::from(*v)));
    u32: v => number(Number::from(i64::from(*v)));
    u16: v => number(Number::from(i64::from(*v)));
    u8: v => number(Number::from(i64::from(*v)));
    u64: v => number(Number::from(i64::try_from(*v).unwrap_or(i64::MAX)));
    usize: v => number(Number::from(crate::num::signed(*v)));
    Number: v => number(*v);
    Seconds: v => number(Number::from(v.get()));
    Timestamp: v => time(*v);
    &str: v => text(v);
    String: v => text(v);
    Arc<str>: v => text(v);
    AccountId: v => text(v.as_str());
    AgentId: v => text(v.as_str());
    Channel: v => text(v.as_str());
    CustomerId: v => text(v.as_str());
    DepartmentId: v => text(v.as_str());
    Language: v => text(v.tag());
    QueueId: v => text(v.as_str());
    SkillId: v => text(v.as_str());
    SurfaceKind: v => text(v.as_str());
    Tag: v => text(v.as_str());
    TopicId: v => text(v.as_str());
    Visibility: v => text(v.as_str());
}

/// Puts a value into the columns of a field.
struct Encode<'f, 'p> {
    row: &'f mut Row,
    plan: &'p FieldPlan,
}

impl Encode<'_, '_> {
    /// Asks the field's questions about one text; the answers are closed by [`close_hits`](Self::close_hits).
    fn ask(&mut self, text: &str) {
        if let Some((_, tests)) = &self.plan.hits {
            tests.ask(text, &mut self.row.buffers);
        }
        if let Some(slot) = self.plan.pattern_text.and_then(|column| self.row.texts.get_mut(wide(column))) {
            if !slot.is_empty() {
                slot.push('\n');
            }
            slot.push_str(text);
        }
    }

    /// Adds a word to the set that begins at `from` in the pool.
    #[inline(never)]
    fn add(&mut self, names: &Interner, word: &str, from: usize) {
        if self.row.pool.len() == from {
            self.row.pool.push(SOME);
        }
        if let Some(place) = names.find(word) {
            self.row.pool.push(place.wrapping_add(2));
        }
        if self.plan.reads_text {
            self.ask(word);
        }
    }

    /// Closes that set.
    #[inline(never)]
    fn close(&mut self, column: ColumnId, from: usize) {
        self.row.close_set(column, from);
        if self.plan.reads_text {
            self.close_hits();
        }
    }

    /// Asks everything about a single text.
    #[inline(never)]
    fn read(&mut self, text: &str) {
        self.clear_text();
        self.ask(text);
        self.close_hits();
    }

    fn clear_text(&mut self) {
        if let Some(column) = self.plan.pattern_text {
            if let Some(slot) = self.row.texts.get_mut(wide(column)) {
                slot.clear();
            }
            self.row.put(column, 1);
        }
    }

    fn close_hits(&mut self) {
        let Some((column, _)) = &self.plan.hits else { return };
        let from = self.row.pool.len();
        let pool = &mut self.row.pool;
        self.row.buffers.take_hits(|id| pool.push(id.saturating_add(2)));
        self.row.close_set(*column, from);
    }
}

/// Each kind of value is put by one function: the row is filled once an event, field by field, and what is written out for
/// every field is read from memory for every event.
impl Sink for Encode<'_, '_> {
    #[inline(never)]
    fn flag(&mut self, flag: bool) -> bool {
        if let (column, Coding::Flag) = &self.plan.main {
            self.row.put(*column, if flag { 2 } else { 1 });
        }
        true
    }

    #[inline(never)]
    fn number(&mut self, number: Number) -> bool {
        match &self.plan.main {
            (column, Coding::Cuts(cuts)) if !self.plan.is_time => {
                self.row.put(*column, cuts.bucket(number).saturating_add(1));
            }
            // Some hosts number what others name.
            (_, Coding::Word(_) | Coding::Words(_)) => return self.text(&number.to_string()),
            _ => {}
        }
        true
    }

    #[inline(never)]
    fn text(&mut self, text: &str) -> bool {
        match &self.plan.main {
            (column, Coding::Word(names)) => {
                let id = names.find(text).map_or(OTHER, |i| i.wrapping_add(2));
                self.row.put(*column, id);
            }
            (_, Coding::Words(_)) => return self.words(std::iter::once(text)),
            _ => {}
        }
        if self.plan.reads_text {
            self.read(text);
        }
        true
    }

    fn time(&mut self, time: Timestamp) -> bool {
        if !self.plan.is_time {
            return true;
        }
        if let (column, Coding::Cuts(cuts)) = &self.plan.main {
            self.row.put(*column, cuts.bucket(Number::from(time.as_millis())).saturating_add(1));
        }
        if let (Some((column, cuts)), Some(now)) = (&self.plan.age, self.row.now) {
            let age = now.as_millis().saturating_sub(time.as_millis());
            self.row.put(*column, cuts.bucket(Number::from(age)).saturating_add(1));
        }
        true
    }

    #[inline]
    fn words<'w>(&mut self, words: impl Iterator<Item = &'w str>) -> bool {
        let (column, Coding::Words(names)) = &self.plan.main else { return true };
        let from = self.row.pool.len();
        if self.plan.reads_text {
            self.clear_text();
        }
        words.for_each(|word| self.add(names, word, from));
        self.close(*column, from);
        true
    }
}

/// Writes a value as a text by which it is compared with an earlier one.
pub(super) struct Key<'k>(pub(super) &'k mut String);

impl Sink for Key<'_> {
    fn flag(&mut self, flag: bool) -> bool {
        self.0.push_str(if flag { "true" } else { "false" });
        true
    }

    fn number(&mut self, number: Number) -> bool {
        write!(self.0, "{number}").is_ok()
    }

    fn text(&mut self, text: &str) -> bool {
        self.0.push_str(text);
        true
    }

    fn time(&mut self, time: Timestamp) -> bool {
        write!(self.0, "{time}").is_ok()
    }

    fn words<'w>(&mut self, words: impl Iterator<Item = &'w str>) -> bool {
        let mut sorted: Vec<&str> = words.collect();
        sorted.sort_unstable();
        sorted.dedup();
        for word in sorted {
            self.0.push_str(word);
            self.0.push('\u{1F}');
        }
        true
    }
}
