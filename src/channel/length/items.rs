//! A text as the items that are counted: graphemes, links, mentions.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_segmentation::UnicodeSegmentation;

use super::emoji::sequence_end;
use super::glyphs::Glyphs;
use super::gsm::{SEPTETS, WIDE_UNITS, parts, septets};
use super::url::links;
use super::{Count, Counting, Link, Unit};
use crate::channel::facts::Cap;
use crate::num::narrow;

/// What a link counts, whatever its length (twitter-text v3; Mastodon `characters_reserved_per_url`).
const LINK: usize = 23;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Grapheme,
    Link {
        has_protocol: bool,
    },
    /// A mention, with the offset where its user name ends.
    Mention {
        user_end: usize,
    },
}

#[derive(Clone, Copy)]
struct Item {
    start: usize,
    end: usize,
    kind: Kind,
    /// Whether the text may be cut after the item.
    breakable: bool,
}

/// The items of a text, in order and without gaps.
pub(super) struct Items<'a> {
    text: &'a str,
    items: Vec<Item>,
    bare_domains: bool,
    /// Bytes at the start that X does not count.
    free: usize,
    is_gsm: bool,
}

impl<'a> Items<'a> {
    pub(super) fn new(text: &'a str, counting: &Counting<'_>) -> Self {
        let entities = entities(text, counting);
        let marks = redaction_marks(text);
        Self {
            text,
            items: split(text, &entities, &marks),
            bare_domains: counting.bare_domains,
            free: leading_mentions(text, counting.auto_filled_mentions),
            is_gsm: text.chars().all(|c| septets(c).is_some()),
        }
    }

    pub(super) const fn text(&self) -> &'a str {
        self.text
    }

    /// How much the text takes in a unit, saturating.
    pub(super) fn total(&self, unit: Unit) -> u32 {
        narrow(self.items.iter().map(|item| self.cost(item, unit)).sum())
    }

    /// The text against one limit.
    pub(super) fn count(&self, cap: &Cap) -> Count {
        let (unit, limit) = effective(cap, self.is_gsm);
        let parts = if cap.unit == Unit::Gsm7Septets { self.parts() } else { 1 };
        Count { used: self.total(unit), limit, unit, parts }
    }

    /// Whether every character is in the GSM alphabet.
    pub(super) const fn is_gsm(&self) -> bool {
        self.is_gsm
    }

    fn parts(&self) -> usize {
        if self.is_gsm {
            parts(self.text.chars().filter_map(septets), SEPTETS)
        } else {
            parts(self.text.chars().map(char::len_utf16), WIDE_UNITS)
        }
    }

    /// The last place before the limit where the text may be cut and `accept` agrees; 0 where there is none.
    pub(super) fn cut(&self, cap: &Cap, accept: impl Fn(usize) -> bool) -> usize {
        let (unit, limit) = effective(cap, self.is_gsm);
        let cut = self.cut_in(unit, limit, self.text.len(), &accept);
        if unit == cap.unit {
            return cut;
        }
        // The start of a text message may lie within the GSM alphabet, and then has more room.
        let narrow_end = self.text.find(|c| septets(c).is_none()).unwrap_or(self.text.len());
        cut.max(self.cut_in(cap.unit, cap.limit, narrow_end, &accept))
    }

    fn cut_in(&self, unit: Unit, limit: u32, end: usize, accept: &impl Fn(usize) -> bool) -> usize {
        let mut used = 0_usize;
        let mut cut = 0;
        for item in self.items.iter().take_while(|item| item.end <= end) {
            used = used.saturating_add(self.cost(item, unit));
            if narrow(used) > limit {
                break;
            }
            if item.breakable && accept(item.end) {
                cut = item.end;
            }
        }
        cut
    }

    fn cost(&self, item: &Item, unit: Unit) -> usize {
        let slice = self.text.get(item.start..item.end).unwrap_or_default();
        match unit {
            Unit::CodePoints => slice.chars().count(),
            Unit::Graphemes => graphemes(slice),
            Unit::Gsm7Septets => slice.chars().filter_map(septets).sum(),
            Unit::MastodonCharacters => self.mastodon(item, slice),
            Unit::Utf16CodeUnits => slice.chars().map(char::len_utf16).sum(),
            Unit::Utf8Bytes => slice.len(),
            Unit::XWeighted if item.end <= self.free => 0,
            Unit::XWeighted => self.weighted(item, slice),
        }
    }

    fn mastodon(&self, item: &Item, slice: &str) -> usize {
        match item.kind {
            Kind::Link { has_protocol: true } => LINK,
            Kind::Mention { user_end } => graphemes(self.text.get(item.start..user_end).unwrap_or_default()),
            Kind::Grapheme | Kind::Link { .. } => graphemes(slice),
        }
    }

    fn weighted(&self, item: &Item, slice: &str) -> usize {
        match item.kind {
            Kind::Link { has_protocol } if has_protocol || self.bare_domains => LINK,
            Kind::Grapheme | Kind::Link { .. } | Kind::Mention { .. } => weight(slice),
        }
    }
}

/// A text message outside the GSM alphabet counts in UTF-16 units, against 70 for each 160.
pub(super) fn effective(cap: &Cap, is_gsm: bool) -> (Unit, u32) {
    if cap.unit != Unit::Gsm7Septets || is_gsm {
        return (cap.unit, cap.limit);
    }
    let wide = u64::from(cap.limit).saturating_mul(70) / 160;
    (Unit::Utf16CodeUnits, u32::try_from(wide).unwrap_or(u32::MAX))
}

fn graphemes(slice: &str) -> usize {
    // A carriage return joins the line feed after it; nothing else in ASCII joins.
    if slice.is_ascii() && !slice.contains('\r') { slice.len() } else { slice.graphemes(true).count() }
}

/// The weight of a text without links, in whole characters (twitter-text v3: scale 100).
fn weight(slice: &str) -> usize {
    if slice.is_ascii() {
        // Only a keycap would make more of it, and that needs a character that is not ASCII.
        return slice.len();
    }
    let composed: String = slice.nfc().collect();
    let glyphs = Glyphs::new(&composed);
    let (mut at, mut total) = (0, 0_usize);
    while let Some(c) = glyphs.at(at) {
        let sequence = sequence_end(&glyphs, at);
        let cost = if sequence.is_some() { 2 } else { weight_of(c) };
        total = total.saturating_add(cost);
        at = sequence.unwrap_or(at).max(at.saturating_add(1));
    }
    total
}

/// twitter-text v3: the ranges that count one; everything else counts two.
const fn weight_of(c: char) -> usize {
    match c {
        '\u{0}'..='\u{10FF}'
        | '\u{2000}'..='\u{200D}'
        | '\u{2010}'..='\u{201F}'
        | '\u{2032}'..='\u{2037}' => 1,
        _ => 2,
    }
}

/// A span of the text that is counted or kept as one.
#[derive(Clone, Copy)]
struct Entity {
    start: usize,
    end: usize,
    kind: Kind,
}

/// Links and mentions in order, a mention inside a link left out.
fn entities(text: &str, counting: &Counting<'_>) -> Vec<Entity> {
    let links = composed_links(text, counting);
    let mut found: Vec<Entity> = links.iter().map(link_entity).collect();
    let mut inside = links.iter().peekable();
    for mention in mentions(text) {
        while inside.next_if(|link| link.end <= mention.start).is_some() {}
        if inside.peek().is_none_or(|link| mention.end <= link.start) {
            found.push(mention);
        }
    }
    found.sort_by_key(|entity| entity.start);
    found
}

/// Links as they are found in the composed text (NFC first, as X does), by their place in the text itself.
fn composed_links(text: &str, counting: &Counting<'_>) -> Vec<Link> {
    if is_nfc(text) {
        return links(text, true, counting.tlds);
    }
    let mut composed = String::with_capacity(text.len());
    // Where each grapheme starts, in the composed text and in the text itself; no composition crosses one.
    let mut starts = Vec::new();
    for (at, grapheme) in text.grapheme_indices(true) {
        starts.push((composed.len(), at));
        composed.extend(grapheme.nfc());
    }
    let place = |offset: usize| place(text, &composed, &starts, offset);
    let found = links(&composed, true, counting.tlds).into_iter();
    let placed = found.map(|link| Link { start: place(link.start), end: place(link.end), ..link });
    placed.filter(|link| link.start < link.end).collect()
}

/// The place in the text of an offset in its composed form; inside a grapheme that changed, after its
/// first character, so that what is left over counts rather than vanishes.
fn place(text: &str, composed: &str, starts: &[(usize, usize)], offset: usize) -> usize {
    let index = starts.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
    let Some((start, at)) = starts.get(index).copied() else { return 0 };
    if offset >= composed.len() {
        return text.len();
    }
    let inside = offset.saturating_sub(start);
    let same = at.saturating_add(inside);
    let first = text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let is_same = text.get(at..same).is_some_and(|head| composed.get(start..offset) == Some(head));
    if is_same { same } else { at.saturating_add(first) }
}

fn link_entity(link: &Link) -> Entity {
    Entity { start: link.start, end: link.end, kind: Kind::Link { has_protocol: link.has_protocol } }
}

/// `@user`, and `@user@host` of federated networks; not inside a word, a link or an address.
fn mentions(text: &str) -> Vec<Entity> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find('@')).map(|n| n.saturating_add(from)) {
        from = at.saturating_add(1);
        let user_end = name_end(text, from);
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        if user_end == from
            || before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '=' | '/' | '@' | '_'))
        {
            continue;
        }
        let host = user_end.saturating_add(1);
        let is_remote = text.as_bytes().get(user_end) == Some(&b'@');
        let end = if is_remote { name_end(text, host) } else { user_end };
        let end = if end == host { user_end } else { end };
        found.push(Entity { start: at, end, kind: Kind::Mention { user_end } });
        from = end;
    }
    found
}

/// Where a handle that starts at `from` ends: letters, digits and `_`, with `.` and `-` between.
fn name_end(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    let run = rest.iter().take_while(|b| is_name(b)).count();
    let joints = rest.get(..run).unwrap_or_default().iter().rev().take_while(|b| matches!(b, b'.' | b'-'));
    from.saturating_add(run.saturating_sub(joints.count()))
}

/// Spans such as `[CARD_1]` that stand for what was hidden; cut in two they would be noise.
fn redaction_marks(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let opens = bytes.iter().enumerate().filter(|(_, b)| **b == b'[').map(|(at, _)| at);
    opens.filter_map(|at| Some((at, mark_end(bytes, at)?))).collect()
}

fn mark_end(bytes: &[u8], open: usize) -> Option<usize> {
    let rest = bytes.get(open.checked_add(1)?..)?;
    let is_mark = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    let inner = rest.iter().take(48).take_while(|b| is_mark(b)).count();
    let named = rest.first().is_some_and(u8::is_ascii_uppercase);
    (named && rest.get(inner) == Some(&b']')).then(|| open.saturating_add(inner).saturating_add(2))
}

/// Bytes of the first `count` mentions of a text, with the blanks after each.
fn leading_mentions(text: &str, count: u32) -> usize {
    let mut free = 0;
    for _ in 0..count {
        let rest = text.get(free..).unwrap_or_default();
        if !rest.starts_with('@') {
            break;
        }
        let name = rest.bytes().skip(1).take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let after = rest.get(name.saturating_add(1)..).unwrap_or_default();
        if name == 0 || !after.chars().next().is_none_or(char::is_whitespace) {
            break;
        }
        free = text.len().saturating_sub(after.trim_start().len());
    }
    free
}

/// Cuts a text at the bounds of graphemes and entities.
fn split(text: &str, entities: &[Entity], marks: &[(usize, usize)]) -> Vec<Item> {
    let mut items = Vec::with_capacity(text.len());
    let mut bounds = text.grapheme_indices(true).map(|(at, g)| at.saturating_add(g.len())).peekable();
    let mut entities = entities.iter().peekable();
    let mut marks = marks.iter().peekable();
    let mut at = 0;
    while at < text.len() {
        while bounds.next_if(|bound| *bound <= at).is_some() {}
        let (end, kind) = match entities.next_if(|entity| entity.start == at) {
            Some(entity) => (entity.end, entity.kind),
            None => (next_bound(bounds.peek(), entities.peek(), text.len()), Kind::Grapheme),
        };
        while bounds.next_if(|bound| *bound < end).is_some() {}
        while marks.next_if(|(_, mark_end)| *mark_end <= end).is_some() {}
        let in_mark = marks.peek().is_some_and(|(start, _)| *start < end);
        let breakable = bounds.peek().is_some_and(|bound| *bound == end) && !in_mark;
        items.push(Item { start: at, end, kind, breakable });
        at = end;
    }
    items
}

fn next_bound(grapheme: Option<&usize>, entity: Option<&&Entity>, len: usize) -> usize {
    let grapheme = grapheme.copied().unwrap_or(len);
    entity.map_or(grapheme, |entity| entity.start.min(grapheme))
}
