//! Electronic mail addresses (RFC 5321, RFC 6531): as usual, spaced, over two lines, with `%40`, with words for `@` and dot.

use std::ops::Range;

use super::context::Context;
use super::topic::Topics;
use super::view::{LETTER, View};

/// Domains where people have their mail; they allow a reading that others would not.
const PROVIDERS: &[&[u8]] = &[
    b"gmail",
    b"googlemail",
    b"hotmail",
    b"outlook",
    b"live",
    b"msn",
    b"yahoo",
    b"ymail",
    b"icloud",
    b"me",
    b"mac",
    b"libero",
    b"virgilio",
    b"tiscali",
    b"alice",
    b"tin",
    b"tim",
    b"fastwebnet",
    b"aruba",
    b"pec",
    b"legalmail",
    b"email",
    b"inwind",
    b"iol",
    b"gmx",
    b"web",
    b"t-online",
    b"freenet",
    b"orange",
    b"wanadoo",
    b"free",
    b"laposte",
    b"sfr",
    b"telefonica",
    b"terra",
    b"proton",
    b"protonmail",
    b"pm",
    b"btinternet",
    b"aol",
    b"mail",
    b"yandex",
    b"zoho",
    b"posteo",
    b"tutanota",
    b"hey",
    b"fastmail",
    b"poste",
    b"vodafone",
    b"wind",
    b"teletu",
    b"kataweb",
];

/// Endings that a spaced or spelled domain may have.
const ENDINGS: &[&[u8]] = &[
    b"com", b"it", b"net", b"org", b"eu", b"uk", b"es", b"fr", b"de", b"ch", b"at", b"io", b"me", b"info",
    b"biz", b"co", b"edu", b"gov", b"us", b"nl", b"be", b"pt", b"pl", b"ie", b"dev", b"app", b"name", b"cat",
    b"online", b"email", b"shop", b"site", b"tech", b"cloud", b"store", b"in", b"au", b"ca", b"br", b"se",
    b"fi", b"dk", b"no", b"cz", b"gr", b"ro",
];

/// The longest local part and domain.
const MOST_LOCAL: usize = 64;
const MOST_DOMAIN: usize = 128;
/// The longest domain of which each character stands apart.
const MOST_LABEL: usize = 32;

/// Reads an address around a sign of `width` bytes at `at`.
pub(super) fn around_sign(view: &View<'_>, words: &Context, at: usize, width: usize) -> Option<Range<usize>> {
    let right = at.saturating_add(width);
    let (at, right) = match (view.before(at), view.byte(right)) {
        (b'[', b']') | (b'(', b')') | (b'{', b'}') | (b'<', b'>') => {
            (at.saturating_sub(1), right.saturating_add(1))
        }
        _ => (at, right),
    };
    if view.before(at) == b' '
        && let Some(from) = spaced_local(view, at)
        && let Some(end) = spaced_domain(view, skip_blanks(view, right))
    {
        return Some(from..end);
    }
    let (from, glued_left) = local_before(view, words, at)?;
    let spaced_right = skip_blanks(view, right);
    let glued_right = spaced_right == right;
    if !glued_left && glued_right && !names_provider(view, right) {
        return None; // " @acme.it" is a handle
    }
    let end = domain_after(view, words, spaced_right)
        .or_else(|| if glued_left { provider_alone(view, spaced_right) } else { None })?;
    let spelled = glued_left && view.slice(right..end).contains(&b' ');
    let from = if spelled { spelled_local(view, words, at).unwrap_or(from) } else { from };
    Some(from..end)
}

/// The start of a local part of which each character stands apart: "m a r i o @ …".
fn spaced_local(view: &View<'_>, at: usize) -> Option<usize> {
    let mut start = at;
    while at.saturating_sub(start) < MOST_LOCAL
        && view.before(start) == b' '
        && is_local(view.before(start.saturating_sub(1)))
        && matches!(view.before(start.saturating_sub(2)), b' ' | b'\n' | 0)
        && view.sent(start.saturating_sub(2)..start.saturating_sub(1)).is_ascii()
    {
        start = start.saturating_sub(2);
    }
    (at.saturating_sub(start) > 4).then_some(start)
}

/// The end of a domain of which each character stands apart: "… @ g m a i l . c o m".
fn spaced_domain(view: &View<'_>, start: usize) -> Option<usize> {
    let mut name = Vec::new();
    let mut dot = 0_usize;
    let mut best = None;
    let mut at = start;
    while name.len() < MOST_LABEL && !matches!(view.byte(at), 0 | b' ' | b'\n') {
        let byte = view.byte(at);
        name.push(byte);
        at = at.saturating_add(1);
        if byte == b'.' {
            dot = name.len();
        }
        if dot > 1 && name.get(dot..).is_some_and(is_ending) {
            best = Some(at);
        }
        if view.byte(at) != b' ' || is_label(view.byte(at.saturating_add(2))) {
            break;
        }
        at = at.saturating_add(1);
    }
    best
}

/// The start of the local part that ends at `at`, blanks in between allowed, and whether it touches the sign.
fn local_before(view: &View<'_>, words: &Context, at: usize) -> Option<(usize, bool)> {
    let end = back_over_blanks(view, at);
    let start = local_start(view, end)?;
    let glued = end == at;
    if !glued && words.topics_at(view, start, end).has(Topics::EMAIL.and(Topics::FILLER).and(Topics::IS)) {
        return None;
    }
    Some((before_spaced_dots(view, start), glued))
}

/// Goes back over "mario . rossi": a dot with blanks around it.
fn before_spaced_dots(view: &View<'_>, start: usize) -> usize {
    let mut start = start;
    for _ in 0..4 {
        let dot = back_over_blanks(view, start);
        if dot == start || !matches!(view.before(dot), b'.' | b'_') {
            return start;
        }
        let sign = dot.saturating_sub(1);
        let end = back_over_blanks(view, sign);
        if end == sign {
            return start; // "Ciao. mario@…": a sentence ends here
        }
        match local_start(view, end) {
            Some(from) => start = from,
            None => return start,
        }
    }
    start
}

fn local_start(view: &View<'_>, end: usize) -> Option<usize> {
    let mut start = end;
    while start > 0 && end.saturating_sub(start) < MOST_LOCAL && is_local(view.before(start)) {
        start = start.saturating_sub(1);
    }
    while start < end && matches!(view.byte(start), b'.' | b'-' | b'+' | b'&' | b'\'' | b'/') {
        start = start.saturating_add(1);
    }
    (start < end && view.slice(start..end).iter().any(|b| b.is_ascii_alphanumeric() || *b == LETTER))
        .then_some(start)
}

const fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, LETTER | b'.' | b'_' | b'-' | b'+' | b'&' | b'\'')
}

/// The end of the domain that starts at `start`.
fn domain_after(view: &View<'_>, words: &Context, start: usize) -> Option<usize> {
    let first = label_end(view, start)?;
    let first = if view.byte(first) == b'\n' { broken_provider(view, start, first) } else { first };
    domain_behind(view, words, start, first)
}

/// The end of the name of a provider that a line break at `end` parts: "gma\nil".
fn broken_provider(view: &View<'_>, start: usize, end: usize) -> usize {
    let next = end.saturating_add(1);
    let Some(past) = label_end(view, next) else { return end };
    let (head, tail) = (view.slice(start..end), view.slice(next..past));
    let whole = |name: &&&[u8]| name.strip_prefix(head).is_some_and(|rest| rest == tail && !rest.is_empty());
    if PROVIDERS.iter().any(|name| whole(&name)) { past } else { end }
}

/// The end of a domain whose first label ends at `first`.
fn domain_behind(view: &View<'_>, words: &Context, start: usize, first: usize) -> Option<usize> {
    let ceiling = start.saturating_add(MOST_DOMAIN);
    let mut end = first;
    let mut dots = 0_u8;
    while end < ceiling {
        let dot = dot_after(view, words, end).or_else(|| comma_after(view, start, end));
        let Some((next, spaced)) = dot else { break };
        let Some(label) = label_end(view, next) else { break };
        let name = view.slice(next..label);
        if spaced && !is_ending(name) {
            break;
        }
        if !name.iter().any(|b| b.is_ascii_lowercase() || *b == LETTER)
            && !name.iter().all(u8::is_ascii_digit)
        {
            break;
        }
        dots = dots.saturating_add(1);
        end = label;
    }
    let last = view.slice(start..end).rsplit(|b| !(b.is_ascii_alphanumeric() || *b == LETTER)).next()?;
    let letters = last.iter().filter(|b| !b.is_ascii_digit()).count();
    (dots > 0 && letters > 1).then_some(end)
}

/// Behind a comma typed for the dot of a provider: "@hotmail,it".
fn comma_after(view: &View<'_>, start: usize, end: usize) -> Option<(usize, bool)> {
    let typed = view.byte(end) == b',' && PROVIDERS.contains(&view.slice(start..end));
    typed.then(|| (end.saturating_add(1), true))
}

/// The end of a first label in words that ends at `end` or goes on behind a word for a hyphen: "rossi meno figli".
fn joined_label_end(view: &View<'_>, words: &Context, end: usize) -> usize {
    let mut end = end;
    for _ in 0..2 {
        let word = skip_blanks(view, end);
        let behind = word_end(view, word);
        let next = skip_blanks(view, behind);
        let joins = next > behind && words.topics_at(view, word, behind).has(Topics::JOINT);
        match label_end(view, next).filter(|_| joins) {
            Some(label) => end = label,
            None => break,
        }
    }
    end
}

/// Behind a dot that follows `end`, spelled or not, and whether blanks or words were in it.
fn dot_after(view: &View<'_>, words: &Context, end: usize) -> Option<(usize, bool)> {
    if view.byte(end) == b'.' && is_label(view.byte(end.saturating_add(1))) {
        return Some((end.saturating_add(1), false));
    }
    let sign = skip_blanks(view, end);
    let opened = matches!(view.byte(sign), b'(' | b'[' | b'{' | b'<' | b'-' | b'*' | b'_');
    let inner = if opened { skip_blanks(view, sign.saturating_add(1)) } else { sign };
    let after = if view.byte(inner) == b'.' {
        inner.saturating_add(1)
    } else {
        let word = word_end(view, inner);
        if word == inner || !words.topics_at(view, inner, word).has(Topics::DOT) {
            return None;
        }
        word
    };
    let closed = skip_blanks(view, after);
    let closed = if opened && matches!(view.byte(closed), b')' | b']' | b'}' | b'>' | b'-' | b'*' | b'_') {
        closed.saturating_add(1)
    } else {
        after
    };
    Some((skip_blanks(view, closed), true))
}

fn label_end(view: &View<'_>, start: usize) -> Option<usize> {
    let mut end = start;
    while end.saturating_sub(start) < 64 && (is_label(view.byte(end)) || view.byte(end) == b'-') {
        end = end.saturating_add(1);
    }
    while end > start && view.before(end) == b'-' {
        end = end.saturating_sub(1);
    }
    (end > start && is_label(view.byte(start))).then_some(end)
}

const fn is_label(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == LETTER
}

fn is_ending(label: &[u8]) -> bool {
    ENDINGS.contains(&label)
}

fn names_provider(view: &View<'_>, start: usize) -> bool {
    label_end(view, start)
        .is_some_and(|end| PROVIDERS.contains(&view.slice(start..end)) && view.byte(end) == b'.')
}

/// Reads an address around a word that stands for `@`.
pub(super) fn around_word(view: &View<'_>, words: &Context, word: Range<usize>) -> Option<Range<usize>> {
    let plain = view.slice(word.clone()) == b"at";
    let (left, right, bracketed) = without_brackets(view, &word);
    let start = skip_blanks(view, right);
    let first = joined_label_end(view, words, label_end(view, start)?);
    let alone = || if plain { None } else { provider_alone(view, start) };
    let end = domain_behind(view, words, start, first).or_else(alone)?;
    let spelled_dot = view.slice(start..end).contains(&b' ');
    if plain && !bracketed && !spelled_dot && !names_provider(view, start) {
        return None; // "I ordered at amazon.com"
    }
    let from = spelled_local(view, words, left)?;
    Some(from..end)
}

/// "gmail com": a provider and an ending without a dot.
fn provider_alone(view: &View<'_>, start: usize) -> Option<usize> {
    let end = label_end(view, start)?;
    let next = skip_blanks(view, end);
    let ending = label_end(view, next)?;
    (PROVIDERS.contains(&view.slice(start..end)) && is_ending(view.slice(next..ending))).then_some(ending)
}

/// The bounds of a word with the brackets around it.
fn without_brackets(view: &View<'_>, word: &Range<usize>) -> (usize, usize, bool) {
    let left = back_over_blanks(view, word.start);
    let right = skip_blanks(view, word.end);
    let opens = matches!(view.before(left), b'(' | b'[' | b'{' | b'<' | b'_' | b'*' | b'-');
    let closes = matches!(view.byte(right), b')' | b']' | b'}' | b'>' | b'_' | b'*' | b'-');
    if opens && closes {
        (left.saturating_sub(1), right.saturating_add(1), true)
    } else {
        (word.start, word.end, false)
    }
}

/// The start of a local part in words that ends before `at`: pieces joined by words for dot, dash and underscore.
fn spelled_local(view: &View<'_>, words: &Context, at: usize) -> Option<usize> {
    if let Some(start) = joined_pieces(view, words, at) {
        return Some(start);
    }
    let mut start = piece_before(view, at)?;
    let first = words.topics(view.slice(start..back_over_blanks(view, at)));
    if first.has(Topics::FILLER.and(Topics::EMAIL).and(Topics::IS))
        && view.byte(start).is_ascii_lowercase()
        && back_over_blanks(view, at).saturating_sub(start) > 1
    {
        return None;
    }
    let mut end = back_over_blanks(view, at);
    for _ in 0..12 {
        if let Some(joint) = before_joint(view, words, start) {
            let Some(piece) = piece_before(view, joint) else { break };
            (start, end) = (piece, back_over_blanks(view, joint));
            continue;
        }
        // "sue hill 88", "basile novantadue": a number ends what the word before it begins
        let Some(piece) = piece_before(view, start).filter(|_| is_number(view, words, start, end)) else {
            break;
        };
        let past = back_over_blanks(view, start);
        if words.topics_at(view, piece, past).has(Topics::FILLER.and(Topics::IS).and(Topics::EMAIL)) {
            break;
        }
        (start, end) = (piece, past);
    }
    Some(start)
}

/// The start of two names that are said to be written as one word: "nadia longo tutto attaccato chiocciola …".
fn joined_pieces(view: &View<'_>, words: &Context, at: usize) -> Option<usize> {
    let mut start = piece_before(view, at)?;
    if !matches!(view.slice(start..back_over_blanks(view, at)), b"attaccato" | b"unito" | b"word") {
        return None;
    }
    let end = start;
    start = piece_before(view, start)?;
    let all = view.slice(start..back_over_blanks(view, end));
    if !matches!(all, b"tutto" | b"one") {
        return None;
    }
    let past = back_over_blanks(view, start);
    let before = piece_before(view, start)?;
    if all == b"one" && view.slice(before..past) == b"all" {
        start = before;
    }
    let told = Topics::FILLER.and(Topics::IS).and(Topics::EMAIL);
    let mut first = None;
    for _ in 0..2 {
        let end = back_over_blanks(view, start);
        let Some(piece) = piece_before(view, start) else { break };
        if words.topics_at(view, piece, end).has(told) || matches!(view.before(end), b',' | b':') {
            break;
        }
        (start, first) = (piece, Some(piece));
    }
    first
}

/// Whether a piece is a number of a few figures, or in words.
fn is_number(view: &View<'_>, words: &Context, start: usize, end: usize) -> bool {
    let figures = end.saturating_sub(start) <= 4 && view.slice(start..end).iter().all(u8::is_ascii_digit);
    figures || words.topics_at(view, start, end).has(Topics::NUMERAL)
}

/// Where a sign for a dot or a dash starts that ends before `at`: in words, "trattino basso" as one, in brackets or not.
fn before_joint(view: &View<'_>, words: &Context, at: usize) -> Option<usize> {
    let end = back_over_blanks(view, at);
    let closed = matches!(view.before(end), b')' | b']' | b'}' | b'>');
    let inner = if closed { back_over_blanks(view, end.saturating_sub(1)) } else { end };
    let sign = piece_before(view, inner)?;
    let joins = words.topics_at(view, sign, inner).has(Topics::DOT.and(Topics::JOINT))
        || matches!(view.slice(sign..inner), b"." | b"_" | b"-");
    if !joins {
        return None;
    }
    if closed {
        let opened = back_over_blanks(view, sign);
        return matches!(view.before(opened), b'(' | b'[' | b'{' | b'<').then(|| opened.saturating_sub(1));
    }
    let first = piece_before(view, sign)
        .filter(|&first| words.topics_at(view, first, back_over_blanks(view, sign)).has(Topics::JOINT));
    Some(first.unwrap_or(sign))
}

/// The start of the piece without blanks that ends before `at`.
fn piece_before(view: &View<'_>, at: usize) -> Option<usize> {
    let end = back_over_blanks(view, at);
    let mut start = end;
    while start > 0 && end.saturating_sub(start) < MOST_LOCAL && is_local(view.before(start)) {
        start = start.saturating_sub(1);
    }
    (start < end).then_some(start)
}

pub(super) fn word_end(view: &View<'_>, start: usize) -> usize {
    let mut end = start;
    while view.byte(end).is_ascii_lowercase() || view.byte(end) == LETTER {
        end = end.saturating_add(1);
    }
    end
}

/// The most blanks that are skipped at once, and the most signs of a quoted line.
const MOST_BLANKS: usize = 3;
const MOST_QUOTE: usize = 6;

pub(super) fn skip_blanks(view: &View<'_>, start: usize) -> usize {
    let mut i = start;
    while i.saturating_sub(start) < MOST_BLANKS && matches!(view.byte(i), b' ' | b'\n' | b'\r' | b'\t') {
        i = i.saturating_add(1);
    }
    if view.byte(i) == b'>' && i > start && view.before(i) == b'\n' { skip_quote(view, i) } else { i }
}

/// Behind the signs that a line of a quoted message starts with, "> " or "> > ".
#[cold]
fn skip_quote(view: &View<'_>, start: usize) -> usize {
    let signs =
        (start..start.saturating_add(MOST_QUOTE)).take_while(|&i| matches!(view.byte(i), b'>' | b' '));
    start.saturating_add(signs.count())
}

pub(super) fn back_over_blanks(view: &View<'_>, end: usize) -> usize {
    let mut i = end;
    while end.saturating_sub(i) < MOST_BLANKS && matches!(view.before(i), b' ' | b'\n' | b'\r' | b'\t') {
        i = i.saturating_sub(1);
    }
    if view.before(i) == b'>' { back_over_quote(view, i) } else { i }
}

/// Before the line break and the blanks that stand before the signs of a quoted message, or `end` where there are none.
#[cold]
fn back_over_quote(view: &View<'_>, end: usize) -> usize {
    let mut i = end;
    while end.saturating_sub(i) < MOST_QUOTE && matches!(view.before(i), b'>' | b' ') {
        i = i.saturating_sub(1);
    }
    if view.before(i) != b'\n' {
        return end;
    }
    let signs = end.saturating_sub(MOST_QUOTE)..i;
    let blanks = signs.rev().take_while(|&at| matches!(view.byte(at), b'\n' | b'\r' | b' ')).count();
    i.saturating_sub(blanks)
}
