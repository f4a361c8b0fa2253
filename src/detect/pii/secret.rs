//! Secrets that people paste: passwords, one-time codes, PINs and security codes behind a label, and keys by their form.

use std::ops::Range;

use super::context::Context;
use super::email::{back_over_blanks, skip_blanks, word_end};
use super::kind::PiiKind;
use super::spelled::Dictated;
use super::topic::Topics;
use super::view::View;

/// A secret found behind a label.
pub(super) struct Labelled {
    pub(super) range: Range<usize>,
    pub(super) kind: PiiKind,
    pub(super) confidence: u8,
}

/// Words that may stand between a label and the value.
const MOST_WORDS_BETWEEN: u8 = 7;

/// Reads the value behind a label that ends at `at`.
pub(super) fn behind_label(view: &View<'_>, words: &Context, label: Topics, at: usize) -> Option<Labelled> {
    if label.has(Topics::CVV) && view.slice(at..at.saturating_add(7)) == b" social" {
        return None; // "sécurité sociale 2026" is no code of a card
    }
    // "the code, 550193, came": a comma parts short numbers from the label
    let comma = label.has(Topics::CODE) && view.byte(at) == b',';
    let others =
        if label.has(Topics::QUALIFIER) { Topics::NUMBERED.and(Topics::ORDER) } else { Topics::NUMBERED };
    let from = if comma { at.saturating_add(1) } else { at };
    let Between { value: i, link, numbered, unknown, in_words } =
        Between::read(view, words, label, others, from);
    if in_words.is_some() {
        return in_words;
    }
    if numbered && link == Link::None {
        return None; // "the pin pad of shop 4471"
    }
    if let Some(named) = named_again(view, i) {
        return value(view, words, label, Link::None, named)
            .filter(|found| found.range.len() > 4 && ends_clause(view, found.range.end))
            .filter(|found| !is_model(view.sent(found.range.clone())));
    }
    let least = if comma {
        5
    } else if link == Link::None && is_of_error(view, words, at) {
        6
    } else {
        0
    };
    if label.has(Topics::ORDER) && is_of_booking(view, words, at, i) {
        return None; // "hotel booking, confirmation code 482913"
    }
    let vague = unknown && is_vague(view, at);
    value(view, words, label, link, i)
        .filter(|found| found.range.len() >= least && (!vague || found.confidence > PLAIN_WORD))
        .or_else(|| before_label(view, words, label, at))
}

/// The words between a label and its value.
struct Between {
    /// Where the value starts.
    value: usize,
    link: Link,
    /// Whether one of them is of a thing that has a number.
    numbered: bool,
    /// Whether one of them is not known.
    unknown: bool,
    /// A value in words among them.
    in_words: Option<Labelled>,
}

impl Between {
    fn read(view: &View<'_>, words: &Context, label: Topics, others: Topics, from: usize) -> Self {
        let mut this =
            Self { value: from, link: Link::None, numbered: false, unknown: false, in_words: None };
        for _ in 0..MOST_WORDS_BETWEEN {
            let (start, joined) = skip_joint(view, this.value);
            this.link = this.link.max(joined);
            this.value = start;
            let end = word_end(view, start);
            let stands_alone = !glues(view.byte(end));
            let topics = words.topics_at(view, start, end);
            if topics.has(Topics::NUMERAL) && label.has(Topics::CODE.and(Topics::CVV)) {
                this.in_words = in_words(view, label, start);
            }
            if end == start || !stands_alone || this.in_words.is_some() {
                break;
            }
            if topics.has(Topics::IS) {
                this.link = this.link.max(Link::Copula);
            } else if this.link < Link::Sign
                && (ends_blank(view, end) || is_elided(view, start, end))
                && !odd(view.sent(start..end))
            {
                // "the code that has arrived is 1234": what stands before the value is not linked to the label
                this.link = if topics.has(Topics::FILLER) { this.link } else { Link::None };
                this.numbered |= topics.has(others);
                this.unknown |= !topics.has(SAYS_NO_MORE) && !is_network(view.slice(start..end));
            } else {
                break;
            }
            this.value = end;
        }
        this
    }
}

/// Words beside a confirmation code that may say of what it is.
const MOST_WORDS_BESIDE: u8 = 5;

/// Whether words before a label that ends at `label`, or behind a value at `value`, say that a booking is confirmed.
fn is_of_booking(view: &View<'_>, words: &Context, label: usize, value: usize) -> bool {
    const BOOKED: Topics = Topics::ORDER.and(Topics::NUMBERED);
    let mut back = view.word_start(label, 24);
    let mut ahead = view.word_end(value);
    for _ in 0..MOST_WORDS_BESIDE {
        let end = back_over_blanks(view, back.saturating_sub(usize::from(view.before(back) == b',')));
        back = view.word_start(end, 24);
        let next = skip_blanks(view, ahead);
        ahead = view.word_end(next);
        if words.topics_at(view, back, end).has(BOOKED) || words.topics_at(view, next, ahead).has(BOOKED) {
            return true;
        }
    }
    false
}

/// Words behind a label that do not say that it means something else.
const SAYS_NO_MORE: Topics = Topics::FILLER
    .and(Topics::IS)
    .and(Topics::SECRET)
    .and(Topics::CODE)
    .and(Topics::CODE_NOUN)
    .and(Topics::QUALIFIER)
    .and(Topics::EMAIL);

/// Whether a word is a network, which keys are of: "chiave wifi".
fn is_network(word: &[u8]) -> bool {
    matches!(
        word,
        b"wifi"
            | b"wi"
            | b"fi"
            | b"rete"
            | b"modem"
            | b"router"
            | b"network"
            | b"wlan"
            | b"red"
            | b"reseau"
            | b"fibra"
            | b"internet"
            | b"box"
    )
}

/// How much a word like any other behind a label is believed to be a secret.
const PLAIN_WORD: u8 = 62;

/// Whether a label that ends at `end` says something else as well: "the secret sauce of your support: patience".
fn is_vague(view: &View<'_>, end: usize) -> bool {
    let word = view.slice(view.word_start(end, 24)..end);
    matches!(
        word,
        b"secret"
            | b"segreto"
            | b"segreta"
            | b"key"
            | b"chiave"
            | b"pass"
            | b"clave"
            | b"cle"
            | b"login"
            | b"schlussel"
    )
}

/// Reads the value before a label that says what it is or serves as: "Sole2024! as password".
fn before_label(view: &View<'_>, words: &Context, label: Topics, end: usize) -> Option<Labelled> {
    if !label.has(Topics::SECRET) || matches!(view.byte(end), b':' | b'=') || is_vague(view, end) {
        return None;
    }
    let mut at = view.word_start(end, 24);
    let mut leads = false;
    for _ in 0..3 {
        let word_end = back_over_blanks(view, at);
        let word = view.word_start(word_end, 24);
        let text = view.slice(word..word_end);
        let topics = words.topics_at(view, word, word_end);
        let link =
            matches!(text, b"come" | b"as" | b"como" | b"comme" | b"als" | b"e") || topics.has(Topics::IS);
        if !link && !topics.has(Topics::FILLER) {
            break;
        }
        leads |= link;
        at = word;
    }
    let past = back_over_blanks(view, at);
    let start = value_start(view, past);
    let text = view.slice(start..past);
    let mixed = text.iter().any(u8::is_ascii_digit) && text.iter().any(u8::is_ascii_lowercase);
    let sent = view.sent(start..past);
    let signs = text.iter().any(|byte| matches!(byte, b'@' | b'/' | b',' | b':' | b'[' | b']'));
    let next = skip_blanks(view, end);
    let other = view.slice(next..view.word_end(next)) == b"manager";
    (leads && mixed && !signs && !other && text.len() > 5 && !is_model(sent)).then_some(Labelled {
        range: start..past,
        kind: PiiKind::Secret,
        confidence: 74,
    })
}

/// The start of the value without blanks that ends at `end`.
fn value_start(view: &View<'_>, end: usize) -> usize {
    let mut start = end;
    while end.saturating_sub(start) < 32
        && !matches!(view.before(start), 0 | b' ' | b'\n' | b'\r' | b'\t' | b'"' | b'(')
    {
        start = start.saturating_sub(1);
    }
    start
}

/// A short code dictated in words: "the pin is four seven one nine".
#[inline(never)]
fn in_words(view: &View<'_>, label: Topics, start: usize) -> Option<Labelled> {
    let spoken = Dictated::read(view, start);
    let digits = spoken.digits().len();
    let (kind, fits) = if label.has(Topics::CVV) {
        (PiiKind::CardSecurityCode, (3..=4).contains(&digits))
    } else {
        (PiiKind::Secret, (4..=8).contains(&digits))
    };
    (fits && spoken.words > 2).then_some(Labelled { range: start..spoken.end, kind, confidence: 84 })
}

/// Whether an error is named by a label that ends at `end`, "OTP error 5001": not by "PIN", which is as short as its number.
fn is_of_error(view: &View<'_>, words: &Context, end: usize) -> bool {
    let start = view.word_start(end, 24);
    let gap = start.saturating_sub(1);
    view.byte(gap) == b' '
        && !matches!(view.slice(start..end), b"pin" | b"puk")
        && words.topics_at(view, view.word_start(gap, 24), gap).has(Topics::NUMBERED)
}

/// Where a value stands behind the last word before a comma: "the code you sent, 482913, came late".
fn named_again(view: &View<'_>, word: usize) -> Option<usize> {
    let comma = word_end(view, word);
    let value = comma.saturating_add(2);
    let letters = view.slice(word..comma).iter().all(u8::is_ascii_lowercase);
    (comma > word && letters && view.slice(comma..value) == b", ").then_some(value)
}

/// Whether capitals, digits and hyphens alone make up a value: "AX3000" names a router.
fn is_model(sent: &str) -> bool {
    let capital = sent.bytes().any(|byte| byte.is_ascii_uppercase());
    capital && sent.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Whether a sign stands at `end` that parts what was named from the rest, or nothing.
fn ends_clause(view: &View<'_>, end: usize) -> bool {
    matches!(view.byte(end), 0 | b',' | b'.' | b';' | b')' | b'\n' | b'!' | b'?')
}

/// What stands between label and value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Link {
    None,
    /// "is".
    Copula,
    /// A colon or an equals sign.
    Sign,
}

fn ends_blank(view: &View<'_>, end: usize) -> bool {
    matches!(view.byte(end), b' ' | b':' | b'=')
}

/// A letter, or an article with its preposition, before an apostrophe and a word: "parola d'ordine", "pin dell'app".
fn is_elided(view: &View<'_>, start: usize, end: usize) -> bool {
    let next = view.byte(end.saturating_add(1));
    let length = end.saturating_sub(start);
    (length == 1 || (length <= 5 && view.slice(start..end).ends_with(b"ll")))
        && view.byte(end) == b'\''
        && next.is_ascii_lowercase()
}

/// Whether a byte belongs to a value that a word begins.
const fn glues(byte: u8) -> bool {
    byte.is_ascii_digit()
        || matches!(byte, b'!' | b'@' | b'#' | b'$' | b'%' | b'_' | b'-' | b'*' | b'&' | b'+')
}

fn skip_joint(view: &View<'_>, start: usize) -> (usize, Link) {
    let mut link = Link::None;
    let mut i = start;
    for _ in 0..5 {
        match view.byte(i) {
            b':' | b'=' => link = Link::Sign,
            b'>' | b'-' if link == Link::None => {}
            b' ' | b'\n' | b'"' | b'\'' | b'`' | b'(' | b')' => {}
            b'*' | b'_' if is_marked(view, i) => {}
            _ => break,
        }
        i = i.saturating_add(1);
    }
    (i, link)
}

/// Whether a mark for bold or slanted letters stands at `at`, a digit or one more mark behind it: "*4821*".
fn is_marked(view: &View<'_>, at: usize) -> bool {
    let next = view.byte(at.saturating_add(1));
    next.is_ascii_digit() || next == view.byte(at)
}

fn value(view: &View<'_>, words: &Context, label: Topics, link: Link, start: usize) -> Option<Labelled> {
    let end = value_end(view, start);
    let text = view.slice(start..end);
    let digits = text.iter().filter(|b| b.is_ascii_digit()).count();
    let first = start.saturating_add(text.iter().take_while(|b| b.is_ascii_digit()).count());
    if first > start && (first == end || (label.has(Topics::CODE) && groups_end(view, start, first) == end)) {
        return numeric(view, words, label, link, start..first);
    }
    if let [letter, b'-', number @ ..] = text
        && label.has(Topics::CODE)
        && letter.is_ascii_lowercase()
        && (4..=8).contains(&number.len())
        && number.iter().all(u8::is_ascii_digit)
    {
        return Some(Labelled { range: start..end, kind: PiiKind::Secret, confidence: 84 }); // "G-123456"
    }
    if !label.has(Topics::SECRET)
        || text.len() < 4
        || text.starts_with(b"http")
        || text.starts_with(b"[")
        || text.windows(2).any(|pair| pair == b"**")
    {
        return None;
    }
    let letters = text.iter().filter(|b| b.is_ascii_lowercase()).count();
    let apostrophes = text.iter().filter(|b| **b == b'\'').count();
    let symbols = text.len().saturating_sub(letters).saturating_sub(digits).saturating_sub(apostrophes);
    let sent = view.sent(start..end);
    let mixed = (digits > 0 && letters > 0) || symbols > 0 || odd(sent);
    let known = words.topics(text);
    let confidence = match (link, mixed) {
        (Link::None, true) if text.len() > 5 && digits > 0 && letters > 0 => 74,
        (Link::None, _) => return None,
        (_, true) => 88,
        (Link::Sign, false) if known.is_none() && text.len() > 4 && is_last_word(view, end) => PLAIN_WORD,
        _ => return None,
    };
    Some(Labelled { range: start..end, kind: PiiKind::Secret, confidence })
}

/// Whether capitals stand behind the first letter of a word, and small letters beside them.
fn odd(sent: &str) -> bool {
    sent.chars().skip(1).any(char::is_uppercase) && sent.chars().any(char::is_lowercase)
}

fn is_last_word(view: &View<'_>, end: usize) -> bool {
    let next = skip_blanks(view, end);
    next >= view.len()
        || view.byte(end) == b'\n'
        || matches!(view.byte(next), b'.' | b',' | b';' | b'\n' | b')')
}

fn numeric(
    view: &View<'_>,
    words: &Context,
    label: Topics,
    link: Link,
    number: Range<usize>,
) -> Option<Labelled> {
    let Range { start, end } = number;
    let length = end.saturating_sub(start);
    let glued = super::around::is_word(view.byte(end));
    if glued {
        return None;
    }
    let whole = groups_end(view, start, end);
    let digits = view.slice(start..whole).iter().filter(|b| b.is_ascii_digit()).count();
    if label.has(Topics::CVV) && (3..=4).contains(&digits) && (whole == end || length == 1) {
        return Some(Labelled { range: start..whole, kind: PiiKind::CardSecurityCode, confidence: 90 });
    }
    let fits = (4..=8).contains(&digits);
    if label.has(Topics::CODE) && fits {
        return Some(Labelled { range: start..whole, kind: PiiKind::Secret, confidence: 86 });
    }
    let long = (length >= 4 && link > Link::None) || (length > 4 && is_beside_label(view, words, start));
    (label.has(Topics::SECRET) && long).then_some(Labelled {
        range: start..end,
        kind: PiiKind::Secret,
        confidence: 80,
    })
}

/// Whether a word for a password stands right before: a pass and a key may be things that have numbers.
fn is_beside_label(view: &View<'_>, words: &Context, start: usize) -> bool {
    let gap = start.saturating_sub(1);
    let label = view.word_start(gap, 24);
    view.byte(gap) == b' '
        && !matches!(view.slice(label..gap), b"pass" | b"key" | b"chiave" | b"cle" | b"schlussel")
        && words.topics_at(view, label, gap).has(Topics::SECRET)
}

/// The end of groups of up to three digits, all as long as the first: `482 913`, `48-29-13`, `4 8 2 9 1 3`.
pub(super) fn groups_end(view: &View<'_>, start: usize, end: usize) -> usize {
    let length = end.saturating_sub(start);
    let mut whole = end;
    while (1..=3).contains(&length)
        && (matches!(view.byte(whole), b'-' | b' ' | b'\n') || (length == 1 && view.byte(whole) == b'.'))
    {
        let next = whole.saturating_add(1);
        let after = next.saturating_add(length);
        let group = view.slice(next..after);
        if group.len() < length
            || !group.iter().all(u8::is_ascii_digit)
            || super::around::is_word(view.byte(after))
        {
            break;
        }
        whole = after;
    }
    whole
}

/// The end of a value without blanks, sentence marks at its end left out.
fn value_end(view: &View<'_>, start: usize) -> usize {
    let mut end = start;
    while end.saturating_sub(start) < 96
        && !matches!(view.byte(end), 0 | b' ' | b'\n' | b'\r' | b'\t' | b'"' | b'<' | b'`')
    {
        end = end.saturating_add(1);
    }
    while end > start && matches!(view.before(end), b'.' | b',' | b';' | b')' | b'?' | b'\'' | b':') {
        end = end.saturating_sub(1);
    }
    let loud = trimmed(view, start, end, b'!');
    let marked = matches!(view.before(start), b'*' | b'_');
    let bare = if marked { trimmed(view, start, loud, view.before(start)) } else { loud };
    if view.slice(start..bare).iter().all(u8::is_ascii_digit) {
        return bare;
    }
    if view.before(end) == b'!'
        && view.slice(start..end).iter().filter(|b| !b.is_ascii_alphanumeric()).count() == 1
    {
        let bare = view.slice(start..end.saturating_sub(1));
        if !bare.iter().any(u8::is_ascii_digit) {
            return end.saturating_sub(1);
        }
    }
    end
}

/// The end without signs of one kind before it.
fn trimmed(view: &View<'_>, start: usize, end: usize, sign: u8) -> usize {
    let mut end = end;
    while end > start && view.before(end) == sign {
        end = end.saturating_sub(1);
    }
    end
}

/// Keys by the prefixes that their issuers publish, each with the shortest rest: Stripe, GitHub, Slack, AWS, Google, `OpenAI`,
/// GitLab, npm, `SendGrid`, Shopify, JSON Web Tokens.
const KEYS: &[(&[u8], usize)] = &[
    (b"sk_live_", 16),
    (b"pk_live_", 16),
    (b"sk_test_", 16),
    (b"rk_live_", 16),
    (b"ghp_", 30),
    (b"gho_", 30),
    (b"github_pat_", 30),
    (b"xoxb-", 20),
    (b"xoxp-", 20),
    (b"akia", 16),
    (b"asia", 16),
    (b"aiza", 30),
    (b"sk-", 20),
    (b"glpat-", 16),
    (b"npm_", 30),
    (b"sg.", 30),
    (b"shpat_", 24),
    (b"eyj", 30),
    (b"whsec_", 20),
];

/// What keys start with.
pub(super) fn key_prefixes() -> impl Iterator<Item = &'static [u8]> {
    KEYS.iter().map(|(prefix, _)| *prefix)
}

/// The end of a key that starts at `start`.
#[inline]
pub(super) fn key(view: &View<'_>, start: usize, token_end: usize) -> Option<usize> {
    match view.slice(start..token_end) {
        [first, second, ..] if begins_key(*first, *second) => key_of_issuer(view, start, token_end),
        _ => None,
    }
}

fn key_of_issuer(view: &View<'_>, start: usize, token_end: usize) -> Option<usize> {
    let joined = matches!(view.byte(token_end), b'_' | b'-' | b'.');
    if (!joined && token_end.saturating_sub(start) < 16) || is_key(view.before(start)) {
        return None;
    }
    listed_key(view, start)
}

/// Whether a key of the list starts with these two letters.
#[inline]
fn begins_key(first: u8, second: u8) -> bool {
    let seconds = FIRST_TWO.get(usize::from(first.wrapping_sub(b'a'))).copied().unwrap_or(0);
    seconds.wrapping_shr(u32::from(second)) & 1 != 0 && second.is_ascii_lowercase()
}

/// By the first letter of a key, the letters that may follow it: a bit for each, in its lowest five bits.
static FIRST_TWO: [u32; 26] = first_two();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn first_two() -> [u32; 26] {
    let mut seconds = [0; 26];
    let mut i = 0;
    while i < KEYS.len() {
        if let [first, second, ..] = KEYS[i].0 {
            seconds[(*first - b'a') as usize] |= 1 << (*second & 31);
        }
        i += 1;
    }
    seconds
}

fn listed_key(view: &View<'_>, start: usize) -> Option<usize> {
    let (prefix, least) =
        KEYS.iter().find(|(prefix, _)| view.slice(start..start.saturating_add(prefix.len())) == *prefix)?;
    let mut end = start.saturating_add(prefix.len());
    let from = end;
    while end.saturating_sub(start) < 1024 && is_key(view.byte(end)) {
        end = end.saturating_add(1);
    }
    while end > from && matches!(view.before(end), b'.' | b'-') {
        end = end.saturating_sub(1);
    }
    let rest = view.slice(from..end);
    let digits = rest.iter().any(u8::is_ascii_digit);
    (rest.len() >= *least && digits).then_some(end)
}

const fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}
