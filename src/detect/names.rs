//! Concepts that the crate makes from tokens, and the use of names (R93).

use super::ScanContext;
use super::lexicon::{Compiled, Made, Special, Target, Traits};
use super::rules::{Hits, View};
use super::sentiment::special;
use super::signal::SignalKind;
use crate::num::{narrow, wide};
use crate::text::{Flags, Folded, Token};

/// Digits from which a number can be a telephone number.
const PHONE_DIGITS: usize = 6;
/// Bytes from which letters with digits are a code.
const CODE_BYTES: u32 = 5;
/// Parts of one name that are looked for: a display name can be as long as its owner likes.
const MAX_NAME_PARTS: usize = 8;
/// Tokens after a greeting in which a name may stand.
const GREETING_REACH: u32 = 3;

/// Flags without which a token is no concept by its form.
pub(super) const FORMED: Flags = Flags::NUMBER
    .with(Flags::MIXED)
    .with(Flags::HANDLE)
    .with(Flags::LINK)
    .with(Flags::MAIL)
    .with(Flags::CAPS)
    .with(Flags::TITLE);

/// Whether a token is a word or sign of money.
fn is_money(token: &str) -> bool {
    matches!(
        token,
        "€" | "$"
            | "£"
            | "euro"
            | "euros"
            | "eur"
            | "dollar"
            | "dollars"
            | "usd"
            | "pound"
            | "pounds"
            | "gbp"
            | "quid"
            | "chf"
            | "bucks"
            | "cent"
    )
}

/// The concepts that token `at`, one of those with a form, is by it; `known` says whether it is a word of a lexicon.
pub(super) fn made(
    text: &str,
    tokens: &[Token],
    at: usize,
    known: impl FnOnce() -> bool,
    push: &mut impl FnMut(Made, u32, u32),
) {
    let Some(token) = tokens.get(at) else { return };
    let (first, last) = (narrow(at), narrow(at.saturating_add(1)));
    let flags = token.flags;
    if flags.has(Flags::NUMBER) {
        number(text, tokens, at, push);
    }
    if flags.has(Flags::MIXED) && token.end.saturating_sub(token.start) >= CODE_BYTES {
        push(Made::Code, first, last);
    }
    for (flag, concept) in [
        (Flags::HANDLE, Made::Handle),
        (Flags::LINK, Made::Link),
        (Flags::MAIL, Made::Mail),
        (Flags::CAPS, Made::Caps),
    ] {
        if flags.has(flag) {
            push(concept, first, last);
        }
    }
    let placed = !flags.has(Flags::SENTENCE) || at.saturating_add(3) >= tokens.len();
    if flags.has(Flags::TITLE) && placed && !flags.has(Flags::HANDLE.with(Flags::HASHTAG)) && !known() {
        push(Made::Name, first, last);
    }
}

fn number(text: &str, tokens: &[Token], at: usize, push: &mut impl FnMut(Made, u32, u32)) {
    let (first, last) = (narrow(at), narrow(at.saturating_add(1)));
    push(Made::Number, first, last);
    let digits = spelled(text, tokens.get(at)).bytes().filter(u8::is_ascii_digit).count();
    if digits >= PHONE_DIGITS {
        push(Made::Phone, first, last);
    }
    if is_money(spelled(text, tokens.get(at.saturating_add(1)))) {
        push(Made::Money, first, last.saturating_add(1));
    } else if at.checked_sub(1).is_some_and(|before| is_money(spelled(text, tokens.get(before)))) {
        push(Made::Money, first.saturating_sub(1), last);
    }
}

fn spelled<'a>(text: &'a str, token: Option<&Token>) -> &'a str {
    token.and_then(|token| text.get(wide(token.start)..wide(token.end))).unwrap_or_default()
}

/// The tokens that are a part of one of the customer's names.
pub(super) fn customer(
    names: &[&str],
    text: &str,
    tokens: &[Token],
    folded: &mut Folded,
    push: &mut impl FnMut(u32),
) {
    for name in names.iter().take(8) {
        folded.refold(name);
        for part in folded.as_str().split_whitespace().filter(|part| part.len() > 1).take(MAX_NAME_PARTS) {
            for (at, token) in tokens.iter().enumerate() {
                if spelled(text, Some(token)) == part {
                    push(narrow(at));
                }
            }
        }
    }
}

/// Reports names used, right or wrong: a wrong one is a capitalised word behind a greeting that is no name of the
/// customer's and no word of a lexicon.
pub(super) fn report(
    view: View<'_>,
    hits: &Hits,
    compiled: &Compiled,
    context: &ScanContext<'_>,
    mut push: impl FnMut(Target, u32, u32, u16),
) {
    if context.names.is_empty() {
        return;
    }
    let used = hits.list.iter().filter(|hit| hit.concept == Made::CustomerName.id());
    if let Some(kind) = kind(compiled, &SignalKind::NameUsed) {
        used.for_each(|hit| push(kind, hit.first, hit.last, 950));
    }
    let Some(kind) = kind(compiled, &SignalKind::WrongName) else { return };
    if !hits.all().has(Traits::special(Special::Greeting)) {
        return;
    }
    for greeting in hits.list.iter().filter(|hit| special(view, hit) == Some(Special::Greeting)) {
        let near = hits.starting(greeting.last, greeting.last.saturating_add(GREETING_REACH));
        let clause = view.clause(greeting.first);
        let mut near = near.iter().filter(|hit| view.clause(hit.first) == clause);
        if let Some(name) = near.find(|hit| [Made::Name.id(), Made::CustomerName.id()].contains(&hit.concept))
            && !hits.starting(name.first, name.last).iter().any(|hit| hit.concept == Made::CustomerName.id())
        {
            push(kind, name.first, name.last, 850);
        }
    }
}

fn kind(compiled: &Compiled, kind: &SignalKind) -> Option<Target> {
    compiled.kind_number(kind).map(Target::Signal)
}
