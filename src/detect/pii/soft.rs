//! Street addresses and birth dates: what words make of numbers that say nothing by themselves. Looked for where their
//! kinds are on, which is in what goes out.

use std::ops::Range;

use super::around::is_word;
use super::context::Context;
use super::email::skip_blanks;
use super::kind::PiiKind;
use super::scan::Rules;
use super::span::{Form, Lean, PiiSpan, Reason};
use super::topic::Topics;
use super::view::View;

/// Words that a street's name follows, in Italian, Spanish and French.
const BEFORE_NAME: &[&[u8]] = &[
    b"via",
    b"viale",
    b"piazza",
    b"piazzale",
    b"corso",
    b"largo",
    b"vicolo",
    b"strada",
    b"contrada",
    b"lungomare",
    b"calle",
    b"avenida",
    b"plaza",
    b"paseo",
    b"rue",
    b"avenue",
    b"boulevard",
    b"place",
    b"chemin",
    b"quai",
];
/// Those of them that the number of the house precedes.
const BEHIND_NUMBER: &[&[u8]] = &[b"rue", b"avenue", b"boulevard", b"place", b"chemin", b"quai"];
/// Words that end a street's name in English.
const AFTER_NAME: &[&[u8]] = &[
    b"street",
    b"road",
    b"avenue",
    b"lane",
    b"drive",
    b"court",
    b"boulevard",
    b"terrace",
    b"crescent",
    b"close",
    b"rd",
    b"ave",
    b"blvd",
];
/// What German names of streets end in.
const ENDS: &[&[u8]] = &[b"strasse", b"str", b"gasse", b"allee", b"weg", b"platz"];
/// How strongly these are believed.
const BELIEF: u8 = 72;
/// Words of a name at most.
const MOST_WORDS: usize = 4;

/// Finds addresses and birth dates of the kinds that are on.
pub(super) fn find(view: &View<'_>, rules: &Rules<'_>, out: &mut Vec<PiiSpan>) {
    let words = rules.words;
    let (streets, births) =
        (rules.wants(PiiKind::PostalAddress, BELIEF), rules.wants(PiiKind::BirthDate, BELIEF));
    if !streets && !births {
        return;
    }
    let mut at = 0_usize;
    while at < view.len() {
        let word = word_at(view, at);
        if word.is_empty() {
            at = at.saturating_add(1);
            continue;
        }
        at = word.end;
        if streets && let Some(range) = street(view, words, &word) {
            at = range.end.max(at);
            push(view, range, PiiKind::PostalAddress, out);
        }
        if births
            && words.topics(view.slice(word.clone())).has(Topics::BIRTH)
            && let Some(range) = date_behind(view, word.end)
        {
            at = range.end.max(at);
            push(view, range, PiiKind::BirthDate, out);
        }
    }
}

fn push(view: &View<'_>, range: Range<usize>, kind: PiiKind, out: &mut Vec<PiiSpan>) {
    let range = view.original(range);
    let reason = Reason { verified: false, form: Form::Plain, context: Lean::Raised };
    out.push(PiiSpan { start: range.start, end: range.end, kind, confidence: BELIEF, reason, entry: 0 });
}

/// The letters and digits from `at` on, 48 at most.
fn word_at(view: &View<'_>, at: usize) -> Range<usize> {
    let rest = view.slice(at..at.saturating_add(48).min(view.len()));
    at..at.saturating_add(rest.iter().take_while(|byte| is_word(**byte)).count())
}

/// The word behind blanks and at most one full stop or comma.
fn next_word(view: &View<'_>, at: usize) -> Range<usize> {
    let mark = matches!(view.byte(at), b'.' | b',' | b'\'');
    word_at(view, skip_blanks(view, at.saturating_add(usize::from(mark))))
}

fn is_house_number(text: &[u8]) -> bool {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (1..=4).contains(&digits) && text.len() <= digits.saturating_add(1)
}

fn street(view: &View<'_>, words: &Context, word: &Range<usize>) -> Option<Range<usize>> {
    let text = view.slice(word.clone());
    if is_house_number(text) {
        return behind_number(view, words, word);
    }
    let german = ENDS.iter().any(|end| text.len() > end.len().saturating_add(2) && text.ends_with(end));
    if german {
        let number = next_word(view, word.end);
        return is_house_number(view.slice(number.clone())).then_some(word.start..number.end);
    }
    if !BEFORE_NAME.contains(&text) {
        return None;
    }
    let mut at = word.end;
    let mut article = false;
    for count in 0..=MOST_WORDS {
        let next = next_word(view, at);
        let name = view.slice(next.clone());
        if count > 0 && is_house_number(name) {
            let counted = words.topics(view.slice(next_word(view, next.end))).has(Topics::CONTRARY);
            return (!counted && !article).then_some(word.start..next.end);
        }
        if !is_name(words, name) {
            return None;
        }
        article = words.topics(name).has(Topics::FILLER) && !name.starts_with(b"n");
        at = next.end;
    }
    None
}

/// "221 Baker Street", "12 rue de la Paix".
fn behind_number(view: &View<'_>, words: &Context, number: &Range<usize>) -> Option<Range<usize>> {
    let first = next_word(view, number.end);
    let french = BEHIND_NUMBER.contains(&view.slice(first.clone()));
    let mut next = if french { next_word(view, first.end) } else { first };
    for count in 0..MOST_WORDS {
        let name = view.slice(next.clone());
        let over = if french {
            name.len() > 3 && is_name(words, name)
        } else {
            count > 0 && AFTER_NAME.contains(&name)
        };
        if over {
            return Some(number.start..next.end);
        }
        if !is_name(words, name) {
            return None;
        }
        next = next_word(view, next.end);
    }
    None
}

/// Whether a word can be of a street's name: letters, and nothing that tells of other data.
fn is_name(words: &Context, word: &[u8]) -> bool {
    !word.is_empty()
        && !word.iter().any(u8::is_ascii_digit)
        && !words.topics(word).has(Topics::LABELS.and(Topics::CONTRARY))
}

/// Bytes between a word for birth and the date.
const REACH: usize = 28;

/// The date in digits that follows a word for birth in the same sentence.
fn date_behind(view: &View<'_>, from: usize) -> Option<Range<usize>> {
    let rest = view.slice(from..from.saturating_add(REACH).min(view.len()));
    let gap = rest.iter().position(|byte| byte.is_ascii_digit() || matches!(byte, b'!' | b'?' | b';'))?;
    let start = from.saturating_add(gap);
    let day = word_at(view, start);
    let joint = view.byte(day.end);
    let month = word_at(view, skip_blanks(view, day.end.saturating_add(usize::from(joint != b' '))));
    let month = if view.slice(month.clone()) == b"de" { next_word(view, month.end) } else { month };
    let year = next_part(view, &month);
    let written = view.slice(month.clone());
    let spelled = written.len() > 2 && written.iter().all(|byte| !byte.is_ascii_digit());
    let (first, last) = (view.slice(day), view.slice(year.clone()));
    let signs = matches!(joint, b'/' | b'-' | b'.' | b' ');
    let numbers = is_part(first) && is_part(written) && is_part(last) && joint != b' ';
    let named = spelled && is_part(first) && is_part(last) && last.len() == 4;
    (signs && (numbers || named)).then_some(start..year.end)
}

/// The year behind a month: with the sign between, or blanks.
fn next_part(view: &View<'_>, month: &Range<usize>) -> Range<usize> {
    let joint = usize::from(matches!(view.byte(month.end), b'/' | b'-' | b'.'));
    let year = word_at(view, skip_blanks(view, month.end.saturating_add(joint)));
    if view.slice(year.clone()) == b"de" { next_word(view, year.end) } else { year }
}

fn is_part(part: &[u8]) -> bool {
    matches!(part.len(), 1 | 2 | 4) && part.iter().all(u8::is_ascii_digit)
}
