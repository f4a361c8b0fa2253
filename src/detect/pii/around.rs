//! The words before and after a candidate, and what they make of it.

use std::ops::Range;

use super::context::Context;
use super::kinds::Belief;
use super::span::Lean;
use super::topic::Topics;
use super::view::{LETTER, View};

/// The nearest words that say something.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    /// Topics of the nearest telling word before.
    pub(super) near: Topics,
    /// Words without meaning between it and the candidate.
    distance: u8,
    /// A sentence ends, or a comma or line stands, in between.
    apart: bool,
    /// Topics of telling words further before.
    pub(super) far: Topics,
    /// Topics of the nearest telling word after.
    pub(super) after: Topics,
    after_distance: u8,
    /// A copula leads to it: "3401234567 is the number of my order".
    after_is: bool,
    /// Behind which place `after` was read; 0 where it was not.
    after_end: usize,
    /// Bytes before the candidate that were looked at.
    pub(super) read: usize,
}

/// Words without meaning that are passed before a candidate.
const MOST_UNKNOWN: u8 = 5;
/// The most of a word that is read.
const LONGEST_WORD: usize = 48;
/// Bytes and words that are looked at after a candidate.
const REACH_AFTER: usize = 32;

impl Around {
    /// Bytes that are looked at before a candidate.
    pub(super) const REACH: usize = 64;

    /// Reads the words before `start`.
    pub(super) fn before(view: &View<'_>, words: &Context, start: usize) -> Self {
        let mut around = Self::default();
        let mut window = view.marks().words_before(start);
        let mut i = start;
        let mut unknown = 0_u8;
        let mut apart = false;
        let mut told = 0_u8;
        if view.before(start) == b'#' {
            around.note_before(Topics::ORDER, 0, false);
        }
        while unknown <= MOST_UNKNOWN {
            let end = i.saturating_sub(crate::num::wide(window.leading_zeros()));
            if !are_blanks(view, end, i) {
                for mark in (end..i).rev() {
                    if view.byte(mark) == b'$' && start.wrapping_sub(mark) < 4 {
                        around.note_before(Topics::PRICE, 0, false);
                    }
                    apart |= ends_clause(view, mark);
                }
            }
            i = end;
            if window == 0 {
                break;
            }
            window = window.wrapping_shl(window.leading_zeros());
            let run = window.leading_ones();
            window = window.checked_shl(run).unwrap_or(0);
            i = end.saturating_sub(crate::num::wide(run));
            if window == 0 && start.wrapping_sub(i) >= Self::REACH {
                i = view.word_start(end, LONGEST_WORD);
            }
            let dotted = end.wrapping_sub(i) == 1 && view.before(i) == b'.';
            let topics = words.topics_at(view, if dotted { initial_before(view, i) } else { i }, end);
            let topics = if is_parameter(view, i, topics) { Topics::ORDER } else { topics };
            if topics.has(TELLING) {
                // behind a comma or on the line above, a label speaks of what touches it alone
                let far = apart && start.wrapping_sub(end) > 3;
                around.note_before(topics, unknown, far);
                told = told.wrapping_add(1);
                if told > 1 {
                    break; // two telling words: what stands further away no longer counts
                }
            } else if !topics.has(Topics::FILLER.and(Topics::IS)) {
                if told > 0 && around.distance <= 1 {
                    break; // the word nearby has said enough
                }
                unknown = unknown.wrapping_add(1);
            }
        }
        around.read = start.wrapping_sub(i);
        if around.apart && around.distance == 0 && around.near.has(Topics::ORDER) {
            around.apart = !is_behind_number(view, start);
        }
        around
    }

    fn note_before(&mut self, topics: Topics, distance: u8, apart: bool) {
        if self.near.is_none() {
            self.near = topics & TELLING.and(Topics::CUSTOMER);
            self.distance = distance;
            self.apart = apart;
        } else {
            let joint = distance == self.distance && apart == self.apart;
            if joint && self.near.has(Topics::CUSTOMER) && topics.has(OF_PEOPLE) {
                self.near = topics & TELLING; // "tel. cliente": not the number of the customer, but theirs
            } else if joint && !(self.near | topics).has(Topics::CONTRARY) {
                self.near = self.near | (topics & TELLING); // "steuer-id", "numero carta": one label in two words
            }
            self.far = self.far | (topics & TELLING);
        }
    }

    /// Reads the words after `end`.
    pub(super) fn read_after(&mut self, view: &View<'_>, words: &Context, end: usize) {
        if self.after_end == end {
            return;
        }
        self.after_end = end;
        self.after = Topics::NONE;
        self.after_is = false;
        let ahead = view.marks().words(end);
        let mut i = end;
        let mut unknown = 0_u8;
        let mut before = 0..0;
        while unknown < 3 {
            let rest = ahead.checked_shr(crate::num::narrow(i.wrapping_sub(end))).unwrap_or(0);
            let from = i.saturating_add(crate::num::wide(rest.trailing_zeros()));
            if !are_blanks(view, i, from) && self.ends_after(view, end, i..from) {
                return;
            }
            if from.wrapping_sub(end) >= REACH_AFTER {
                return;
            }
            i = view.word_end(from).min(from.wrapping_add(LONGEST_WORD));
            let topics = words.topics_at(view, from, i);
            if topics.has(TELLING) {
                if topics.has(Topics::COUNT) && begins_duration(view.slice(before)) {
                    return;
                }
                if topics.has(Topics::ORDER) && names_next(view, words, i) {
                    return;
                }
                self.after = topics & TELLING;
                self.after_distance = unknown;
                return;
            }
            before = from..i;
            self.after_is |= topics.has(Topics::IS);
            if !topics.has(Topics::FILLER.and(Topics::IS)) {
                unknown = unknown.wrapping_add(1);
                if unknown > 1 {
                    return; // from the third word on none counts
                }
            }
        }
    }

    /// Whether what is read behind `end` ends among these signs; a currency right there is a price.
    fn ends_after(&mut self, view: &View<'_>, end: usize, signs: Range<usize>) -> bool {
        for at in signs.start..signs.end.min(end.saturating_add(REACH_AFTER)) {
            match view.byte(at) {
                b'$' if at.wrapping_sub(end) < 2 => {
                    self.after = Topics::PRICE;
                    self.after_distance = 0;
                    return true;
                }
                b'.' | b'!' | b'?' | b';' | b'\n' | b',' | 0 => return true,
                _ => {}
            }
        }
        false
    }

    /// Whether a word right before says that this is the number of an order, or a sentence that it begins.
    pub(super) const fn is_order(&self) -> bool {
        (self.near.has(Topics::ORDER) && self.distance == 0 && !self.apart) || self.is_called(Topics::ORDER)
    }

    /// Whether a copula behind leads right to a word of these topics.
    const fn is_called(&self, topics: Topics) -> bool {
        self.after_is && self.after.has(topics) && self.after_distance == 0
    }

    /// Whether the word right before is the label of a number that is none of these.
    pub(super) const fn is_named_otherwise(&self, labels: Topics) -> bool {
        self.beside().has(IDENTIFIERS) && !self.near.has(labels)
    }

    /// Takes a name in that stands right before.
    pub(super) const fn name(&mut self, topics: Topics) {
        self.near = topics;
        self.distance = 0;
        self.apart = false;
    }

    /// Whether a word of these topics stands right before, or one word further.
    pub(super) const fn is_near(&self, topics: Topics) -> bool {
        self.near.has(topics) && self.distance <= 1 && !self.apart
    }

    /// Topics of the telling word that stands right before.
    pub(super) const fn beside(&self) -> Topics {
        if self.distance == 0 && !self.apart { self.near } else { Topics::NONE }
    }

    /// Topics of all the words around.
    #[inline]
    pub(super) fn topics(&self) -> Topics {
        self.near | self.far | self.after
    }

    /// Whether a word around is of these topics.
    pub(super) const fn mention(&self, topics: Topics) -> bool {
        self.near.has(topics) || self.far.has(topics) || self.after.has(topics)
    }

    /// What these words make of a belief.
    pub(super) fn judge(&self, belief: &Belief, base: u8, labels: Topics) -> (u8, Lean) {
        if self.near.has(labels) && (self.distance <= 3 && !self.apart) {
            return (belief.labelled, Lean::Raised);
        }
        let beside = self.distance == 0 && !self.apart;
        let contrary = self.near.has(Topics::ORDER.and(Topics::VERSION).and(Topics::SERVICE))
            || (beside && self.near.has(Topics::PRICE.and(Topics::DATE)));
        if contrary && !self.near.has(labels) {
            let loss = match (self.distance <= 1, self.apart) {
                (true, false) => 48,
                (false, false) => 22,
                (_, true) => 5,
            };
            return (base.saturating_sub(loss), Lean::Lowered);
        }
        let dated = self.near.has(Topics::DATE) && self.far.has(Topics::ORDER) && !self.apart;
        if dated && !(self.near | self.far | self.after).has(labels) {
            return (base.saturating_sub(34), Lean::Lowered); // "the order of the day 12/03, number …"
        }
        if self.after.has(Topics::CONTRARY) && !self.after.has(labels) && self.after_distance == 0 {
            let loss = match (self.after.has(Topics::PRICE), self.is_called(Topics::ORDER)) {
                (true, _) => 60,
                (false, true) => 48,
                (false, false) => 30,
            };
            return (base.saturating_sub(loss), Lean::Lowered);
        }
        if self.after.has(labels) && self.after_distance <= 1 {
            return (base.saturating_add(22).min(belief.labelled), Lean::Raised);
        }
        if (self.near | self.far).has(labels) {
            return (base.saturating_add(20).min(belief.labelled), Lean::Raised);
        }
        if self.is_named_otherwise(labels) && !self.far.has(labels) {
            return (base.saturating_sub(40), Lean::Lowered); // "VAT number 00…" with a wrong check digit
        }
        if self.near.has(OTHER_THINGS) && self.distance <= 1 && !self.apart {
            let loss = if self.far.has(Topics::ORDER) { 34 } else { 18 };
            return (base.saturating_sub(loss), Lean::Lowered);
        }
        (base, Lean::None)
    }
}

const TELLING: Topics = Topics::LABELS.and(Topics::CONTRARY);
/// Labels of numbers that people have: a card of a customer is one of a shop.
const OF_PEOPLE: Topics =
    Topics::PHONE.and(Topics::VAT).and(Topics::TAX).and(Topics::IBAN).and(Topics::NIF).and(Topics::SOCIAL);
/// Labels of numbers with a check digit, which leave little doubt of what they speak of.
const IDENTIFIERS: Topics = Topics::VAT.and(Topics::TAX).and(Topics::HEALTH).and(Topics::NIF);

/// What a number behind it is of; to write somebody is to write to a number as well.
const OTHER_THINGS: Topics = Topics(Topics::LABELS.0 & !Topics::EMAIL.0);

/// Whether the number of an order follows the word for it that ends at `end`: that word names none before.
fn names_next(view: &View<'_>, words: &Context, end: usize) -> bool {
    const SHORTEST: usize = 5;
    let mut at = end;
    for _ in 0..3 {
        let signs =
            (at..at.saturating_add(4)).take_while(|&i| matches!(view.byte(i), b' ' | b':' | b'#' | b'.'));
        let start = at.saturating_add(signs.count());
        at = view.word_end(start);
        if view.byte(start).is_ascii_digit() {
            return at.saturating_sub(start) >= SHORTEST;
        }
        if at == start || !words.topics_at(view, start, at).has(Topics::FILLER) {
            return false;
        }
    }
    false
}

/// Whether "n." or "numero" stands right before `start` and is nobody's: "where is the order? n. 3401234567".
#[cold]
fn is_behind_number(view: &View<'_>, start: usize) -> bool {
    let signs =
        (1..4_usize).take_while(|&back| matches!(view.byte(start.wrapping_sub(back)), b' ' | b'.' | b':'));
    let end = start.saturating_sub(signs.count());
    let noun = view.word_start(end, 8);
    let whose = view.word_start(noun.saturating_sub(1), 8);
    matches!(view.slice(noun..end), b"n" | b"nr" | b"num" | b"no" | b"numero" | b"number" | b"nummer")
        && !matches!(
            view.slice(whose..noun.saturating_sub(1)),
            b"mio" | b"nostro" | b"suo" | b"my" | b"our" | b"mi" | b"mon" | b"meine" | b"unsere"
        )
}

/// Whether a word says since when: "for years" counts nothing.
fn begins_duration(word: &[u8]) -> bool {
    matches!(
        word,
        b"da" | b"per" | b"for" | b"since" | b"seit" | b"depuis" | b"desde" | b"pour" | b"por" | b"fur"
    )
}

/// What each folded byte is.
static CLASSES: [u8; 256] = classes();
/// A letter.
const OF_LETTER: u8 = 1;
/// A digit.
const OF_DIGIT: u8 = 2;
/// Either of them.
const OF_WORD: u8 = 3;
/// A sign at which something may start.
const OF_SIGN: u8 = 4;

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    while byte < 255 {
        classes[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | LETTER => OF_LETTER,
            b'0'..=b'9' => OF_DIGIT,
            b'@' | b'[' | b'%' | b':' => OF_SIGN,
            _ => 0,
        };
        byte += 1;
    }
    classes
}

/// What a folded byte is: 0 where nothing can start.
#[inline]
fn class(byte: u8) -> u8 {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(0)
}

#[inline]
pub(super) fn is_word(byte: u8) -> bool {
    class(byte) & OF_WORD != 0
}

/// Whether a word for a document is the parameter of a locator, "?id=": that names a thing, not a person.
fn is_parameter(view: &View<'_>, start: usize, topics: Topics) -> bool {
    topics.has(Topics::ID_CARD) && matches!(view.before(start), b'?' | b'&')
}

/// Where an abbreviation of two letters, "c.f.", starts whose second letter stands at `start` behind a dot.
#[cold]
fn initial_before(view: &View<'_>, start: usize) -> usize {
    let first = start.wrapping_sub(2);
    if view.byte(first).is_ascii_lowercase() && !is_word(view.before(first)) { first } else { start }
}

/// Whether blanks alone stand in a range, of which no more than eight bytes are looked at at once.
#[inline]
fn are_blanks(view: &View<'_>, start: usize, end: usize) -> bool {
    let length = end.wrapping_sub(start);
    let others =
        (view.eight(start) ^ 0x2020_2020_2020_2020) & super::compact::mask(length.min(7).wrapping_mul(8));
    (others == 0) & (length < 8)
}

/// Whether a clause ends at `i`: a stop behind a short word is an abbreviation, "n." or "tel.".
fn ends_clause(view: &View<'_>, i: usize) -> bool {
    match view.byte(i) {
        b'!' | b'?' | b';' | b',' | b'\n' => true,
        b'.' => {
            let letters = (1..6_usize)
                .take_while(|&back| i.checked_sub(back).is_some_and(|at| is_word(view.byte(at))))
                .count();
            letters > 4
        }
        _ => false,
    }
}
