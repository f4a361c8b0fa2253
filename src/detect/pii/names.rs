//! Names and texts that the host passes in, found as whole words whatever their case and accents.

use super::around::is_word;
use super::kind::PiiKind;
use super::span::{Form, Lean, PiiSpan, Reason};
use super::view::View;

/// The most names that are looked for in one text.
const MOST: usize = 64;

/// Finds each name in a text.
pub(super) fn find<'n>(
    view: &View<'_>,
    names: impl Iterator<Item = &'n str>,
    kind: PiiKind,
    out: &mut Vec<PiiSpan>,
) {
    for (entry, name) in (0_u16..).zip(names.take(MOST)) {
        View::with(name, |name| find_one(view, name.bytes(), kind, entry, out));
    }
}

fn find_one(view: &View<'_>, name: &[u8], kind: PiiKind, entry: u16, out: &mut Vec<PiiSpan>) {
    let Some(first) = name.first().filter(|_| name.len() > 1) else { return };
    let mut at = 0_usize;
    while let Some(found) = view.slice(at..view.len()).iter().position(|b| b == first) {
        let start = at.saturating_add(found);
        let end = start.saturating_add(name.len());
        let whole = !is_word(view.before(start)) && !is_word(view.byte(end));
        if whole && view.slice(start..end) == name {
            let range = view.original(start..end);
            let reason = Reason { verified: false, form: Form::Plain, context: Lean::None };
            out.push(PiiSpan { start: range.start, end: range.end, kind, confidence: 90, reason, entry });
        }
        at = start.saturating_add(1);
    }
}
