//! One-time codes without a telling name beside them: "the code that came by text, 482913", "482913 is your login code".

use std::ops::Range;

use super::context::Context;
use super::email::skip_blanks;
use super::kind::PiiKind;
use super::secret::{Labelled, groups_end};
use super::topic::Topics;
use super::view::View;

/// Words that may stand between "code" and what speaks of it.
const MOST_WORDS: u8 = 8;
/// The longest word that says nothing and is passed: "avete", "have".
const LONGEST_AUXILIARY: usize = 5;
/// What says that a code is another one: of an order, a price, an error.
const OTHERS: Topics = Topics::CONTRARY.and(Topics::NUMBERED);
/// Words that say of what a code is.
const NAMES: Topics = Topics::SECRET.and(Topics::CODE).and(Topics::CVV);
/// Words that say how a code came, or what for.
const CAME: Topics = Topics::RECEIVED.and(Topics::QUALIFIER);

/// How many digits a code may have by what is said of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Nothing,
    /// That it came, or is the reader's: a code of six digits.
    Came,
    /// How it came: by text message.
    How,
}

/// Reads the digits behind the word "code" in `noun` where words around say that it was sent to somebody.
pub(super) fn behind_noun(view: &View<'_>, words: &Context, noun: Range<usize>) -> Option<Labelled> {
    if view.marks().digits(noun.end) == 0 || view.byte(noun.end) == b'.' {
        return None;
    }
    let mut said = Said::Nothing;
    let mut at = noun.end;
    let mut unsaid = false;
    for _ in 0..MOST_WORDS {
        let start = skip_joint(view, at);
        if view.byte(start).is_ascii_digit() {
            return match said {
                _ if unsaid => None,
                Said::Nothing => digits(view, words, said_before(view, words, noun.start), start),
                said => digits(view, words, said, start),
            };
        }
        let end = view.word_end(start);
        let topics = words.topics_at(view, start, end);
        if end == start || topics.has(OTHERS.and(NAMES)) {
            return None;
        }
        if topics.has(CAME) {
            let how = topics.has(Topics::QUALIFIER) && (said > Said::Nothing || topics.has(Topics::RECEIVED));
            said = said.max(if how { Said::How } else { Said::Came });
            unsaid = false;
        } else if !topics.has(Topics::IS.and(Topics::FILLER)) {
            unsaid = true;
            if end.saturating_sub(start) > LONGEST_AUXILIARY {
                return None;
            }
        }
        at = end;
    }
    None
}

/// What stands before "code": "I got a text with the code", "your code".
fn said_before(view: &View<'_>, words: &Context, start: usize) -> Said {
    let mut at = start;
    for _ in 0..MOST_WORDS {
        let Some(end) = at.checked_sub(1).filter(|&gap| view.byte(gap) == b' ') else { break };
        at = view.word_start(end, 16);
        let topics = words.topics_at(view, at, end);
        if topics.has(OTHERS) {
            break;
        }
        if topics.has(CAME) || is_yours(view.slice(at..end)) {
            return Said::Came;
        }
        if !topics.has(Topics::FILLER.and(Topics::IS)) {
            break;
        }
    }
    Said::Nothing
}

/// Whether a word is what a company calls its reader's: customers call their own "my".
fn is_yours(word: &[u8]) -> bool {
    matches!(word, b"tuo" | b"your" | b"tu" | b"ton" | b"votre" | b"ihr" | b"dein")
}

/// Words that a clause about a code that came begins with: "the code that I have got", "il codice che mi è arrivato".
fn is_pronoun(word: &[u8]) -> bool {
    matches!(
        word,
        b"che"
            | b"mi"
            | b"ho"
            | b"ha"
            | b"hanno"
            | b"avete"
            | b"appena"
            | b"i"
            | b"i've"
            | b"have"
            | b"has"
            | b"just"
            | b"you"
            | b"we"
            | b"que"
            | b"me"
            | b"he"
            | b"m'est"
            | b"j'ai"
            | b"ich"
            | b"mir"
            | b"gerade"
    )
}

/// The code at `start`, where enough is said of it before or behind.
fn digits(view: &View<'_>, words: &Context, said: Said, start: usize) -> Option<Labelled> {
    let range = start..code_end(view, start)?;
    let count = view.slice(range.clone()).iter().filter(|byte| byte.is_ascii_digit()).count();
    let fits = match said {
        // in two groups of three it is written as such codes are
        Said::Nothing => count == 6 && (range.len() == 7 || came_behind(view, words, range.end)),
        Said::Came => count == 6,
        Said::How => (4..=8).contains(&count),
    };
    fits.then_some(Labelled { range, kind: PiiKind::Secret, confidence: 76 })
}

/// Whether it is said behind a code that it came: "482913 received by text", "482913, the one from the SMS".
fn came_behind(view: &View<'_>, words: &Context, end: usize) -> bool {
    let comma = view.byte(end) == b',';
    let mut at = end.saturating_add(usize::from(comma));
    for _ in 0..if comma { 4 } else { 5 } {
        let start = skip_apostrophe(view, skip_blanks(view, at));
        at = view.word_end(start);
        let topics = words.topics_at(view, start, at);
        if topics.has(CAME) {
            return true;
        }
        // "that you have sent me"
        if !(topics.has(Topics::FILLER) || is_pronoun(view.slice(start..at))) {
            return false;
        }
    }
    false
}

/// Behind the apostrophe of an elided word: "dell'sms".
fn skip_apostrophe(view: &View<'_>, at: usize) -> usize {
    at.saturating_add(usize::from(view.byte(at) == b'\''))
}

/// The end of four to eight digits at `start`, in one piece or in groups of two or three.
fn code_end(view: &View<'_>, start: usize) -> Option<usize> {
    let first = view.word_end(start);
    if !view.slice(start..first).iter().all(u8::is_ascii_digit) {
        return None;
    }
    let end = groups_end(view, start, first);
    let goes_on = matches!(view.byte(end), b'-' | b'/' | b'.' | b',' | b':' | b'$' | b'%')
        && view.byte(end.saturating_add(1)).is_ascii_digit();
    let digits = view.slice(start..end).iter().filter(|byte| byte.is_ascii_digit()).count();
    ((4..=8).contains(&digits) && !goes_on).then_some(end)
}

/// Reads digits, the last group of which is `last`, where words behind say that they are a code: "482913 is your login code".
pub(super) fn before_name(view: &View<'_>, words: &Context, last: Range<usize>) -> Option<Labelled> {
    let start = first_group(view, &last);
    let end = code_end(view, start).filter(|end| *end == last.end)?;
    let verb = skip_blanks(view, end);
    let mut at = view.word_end(verb);
    if verb == end || !(words.topics_at(view, verb, at).has(Topics::IS) || leads(view.slice(verb..at))) {
        return None;
    }
    if words
        .topics_at(view, view.word_start(start.saturating_sub(1), 16), start.saturating_sub(1))
        .has(OTHERS)
    {
        return None;
    }
    let six = view.slice(start..end).iter().filter(|byte| byte.is_ascii_digit()).count() == 6;
    let (mut yours, mut noun, mut unknown) = (false, false, 0_u8);
    for _ in 0..MOST_WORDS {
        let next =
            skip_apostrophe(view, skip_blanks(view, at.saturating_add(usize::from(view.byte(at) == b'-'))));
        at = view.word_end(next);
        let topics = words.topics_at(view, next, at);
        yours |= is_yours(view.slice(next..at));
        noun |= topics.has(Topics::CODE_NOUN);
        let named = topics.has(Topics::CODE) || (noun && topics.has(Topics::QUALIFIER));
        if named || (noun && six && (yours || topics.has(Topics::RECEIVED))) {
            let head = if is_lettered(view, start) { start.saturating_sub(2) } else { start };
            return Some(Labelled { range: head..end, kind: PiiKind::Secret, confidence: 78 });
        }
        if next == at || topics.has(OTHERS) {
            return None;
        }
        if !(topics.has(Topics::FILLER.and(Topics::IS)) || (noun && is_pronoun(view.slice(next..at)))) {
            unknown = unknown.saturating_add(1);
            if unknown > 1 || topics.has(Topics::NOT_A_SECRET) {
                return None;
            }
        }
    }
    None
}

/// Reads three or four digits where words behind say that they are the security code of a card: "123 is the CVV".
pub(super) fn before_security(view: &View<'_>, words: &Context, number: Range<usize>) -> Option<Labelled> {
    let whole = (3..=4).contains(&number.len())
        && view.slice(number.clone()).iter().all(u8::is_ascii_digit)
        && !is_joined(view, number.start);
    let verb = skip_blanks(view, number.end);
    let mut at = view.word_end(verb);
    if !whole || !(words.topics_at(view, verb, at).has(Topics::IS) || leads(view.slice(verb..at))) {
        return None;
    }
    // without its accent "è" is "and" as well, unless an article follows
    let named = skip_blanks(view, at);
    if view.sent(verb..at) == "e" && words.topics_at(view, named, view.word_end(named)).has(Topics::CVV) {
        return None;
    }
    let mut noun = false;
    for _ in 0..4 {
        let next = skip_apostrophe(view, skip_blanks(view, at));
        at = view.word_end(next);
        let topics = words.topics_at(view, next, at);
        let following = skip_blanks(view, at);
        noun |= topics.has(Topics::CODE_NOUN);
        // "security" alone may be of a deposit
        let security = noun
            || view.byte(next) == b'c'
            || words.topics_at(view, following, view.word_end(following)).has(Topics::CODE_NOUN);
        if topics.has(Topics::CVV) && security {
            return Some(Labelled { range: number, kind: PiiKind::CardSecurityCode, confidence: 84 });
        }
        if next == at || !topics.has(Topics::FILLER.and(Topics::CODE_NOUN)) {
            return None;
        }
    }
    None
}

/// Whether a sign joins what stands before `start` to it.
fn is_joined(view: &View<'_>, start: usize) -> bool {
    let before = view.before(start);
    !matches!(before, 0 | b' ' | b'\n' | b'(' | b'"' | b':')
        || (before == b' ' && view.before(start.saturating_sub(1)).is_ascii_digit())
}

/// The start of the groups before the last one that are as long as it.
fn first_group(view: &View<'_>, last: &Range<usize>) -> usize {
    let mut start = last.start;
    while last.len() < 4 && matches!(view.before(start), b' ' | b'-') {
        let gap = start.saturating_sub(1);
        if view.marks().digits_before(gap).leading_ones() != crate::num::narrow(last.len()) {
            break;
        }
        start = gap.saturating_sub(last.len());
    }
    start
}

/// Whether a word leads from a code to what it is used as; "è" is folded to "e".
fn leads(word: &[u8]) -> bool {
    matches!(word, b"e" | b"as" | b"come" | b"como" | b"comme" | b"als")
}

/// Whether one letter and a hyphen stand before digits: "G-482913".
fn is_lettered(view: &View<'_>, start: usize) -> bool {
    view.before(start) == b'-'
        && view.word_start(start.saturating_sub(1), 3) == start.saturating_sub(2)
        && view.before(start.saturating_sub(1)).is_ascii_lowercase()
}

fn skip_joint(view: &View<'_>, start: usize) -> usize {
    let mut at = start;
    while at.saturating_sub(start) < 4
        && matches!(view.byte(at), b' ' | b':' | b'=' | b',' | b'"' | b'(' | b'-' | b'\'')
    {
        at = at.saturating_add(1);
    }
    at
}
