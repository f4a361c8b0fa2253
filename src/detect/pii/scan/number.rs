//! A token with a digit: what it is at once, and from where readings of a longer code start.

mod plate;
mod sort_code;

use std::ops::Range;

use super::reading::Readings;
use super::{READING, SHORTEST, Scan, digits_join};
use crate::detect::pii::around::is_word;
use crate::detect::pii::compact::{Compact, mask};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::kinds::{self, Belief};
use crate::detect::pii::span::{Form, Lean, Reason};
use crate::detect::pii::spelled::Dictated;
use crate::detect::pii::topic::Topics;
use crate::detect::pii::view::View;
use crate::detect::pii::{card, crypto, email, iban, net, passcode, phone, secret};

/// Groups of a row of digits from which a reading starts; behind them only groups of four, which may be a card.
const MOST_STARTS: u8 = 5;

impl Scan<'_, '_> {
    /// A token with a digit: tries every reading from its start, and from the short pieces before it.
    #[inline(never)]
    pub(super) fn number(&mut self, start: usize, end: usize) -> usize {
        let length = end.wrapping_sub(start);
        let digits = crate::num::wide((!self.view.marks().digits(start)).trailing_zeros());
        let pure = digits >= length && !matches!(self.view.byte(end), b'-' | b'.' | b'+');
        if let Some(past) = if pure { None } else { self.mixed(start, end) } {
            return past;
        }
        if start >= self.done {
            self.readings(start, end);
        }
        self.last_end = end;
        end
    }

    /// Keys, codes that are none, addresses: what digits by themselves are not.
    fn mixed(&mut self, start: usize, end: usize) -> Option<usize> {
        if !self.view.byte(start).is_ascii_digit() {
            if matches!(self.view.before(start), b'@' | b'#') {
                return Some(end); // a handle or a tag
            }
            if let Some(key_end) = secret::key(self.view, start, end) {
                self.sure(start..key_end, PiiKind::Secret, Topics::SECRET, 95);
                return Some(key_end);
            }
        }
        if let Some(past) = self.look_alike(start, end).or_else(|| self.address(start, end)) {
            return Some(past);
        }
        if end.saturating_sub(start) < 5 && !self.view.byte(start.saturating_add(1)).is_ascii_digit() {
            let topics = self.rules.words.topics_at(self.view, start, end);
            if topics.has(Topics::CODE) {
                self.labelled_secret(topics, end); // "2fa"
            }
        }
        None
    }

    /// A short number: the expiry of a card, or `@` as a character reference of HTML, `&#64;`.
    fn short(&mut self, start: usize, end: usize) {
        if self.view.byte(end) == b';' && self.view.slice(start.saturating_sub(2)..end) == b"&#64" {
            return self.sign(start.saturating_sub(2), 5);
        }
        self.expiry(start);
    }

    /// A one-time code that the words behind it name: "482913 is your login code".
    #[inline(never)]
    fn named_behind(&mut self, last: Range<usize>) {
        if !leads_to_name(self.view, last.start, last.end) || self.is_overdrawn(last.start) {
            return;
        }
        self.charge(READING);
        let (view, words) = (self.view, self.rules.words);
        if let Some(found) = passcode::before_name(view, words, last.clone())
            .or_else(|| passcode::before_security(view, words, last))
            && !self.before(found.range.start).near.has(Topics::CONTRARY)
        {
            let reason = Reason { verified: false, form: Form::Plain, context: Lean::Raised };
            self.push(found.range, found.kind, found.confidence, reason);
        }
    }

    /// How many short groups of digits stand before this one in a row.
    fn row_before(&mut self, start: usize, end: usize) -> u8 {
        let joined = self.last_end > 0
            && start.saturating_sub(self.last_end) < 3
            && !matches!(self.view.byte(self.last_end), b',' | b';' | b'\n')
            && self.last_end != self.done
            && self.view.byte(start).is_ascii_digit();
        let short = end.saturating_sub(start) < SHORTEST;
        self.row = if joined && short { self.row.saturating_add(1) } else { 0 };
        self.row
    }

    /// Groups of digits with "then" between them, as they are read out: a card, or a mobile number.
    #[inline(never)]
    fn groups_read_out(&mut self, start: usize) {
        if self.is_overdrawn(start) {
            return;
        }
        self.charge(READING);
        let start = self.digits_before(start);
        let spoken = Dictated::read(self.view, start);
        let digits = spoken.digits();
        let (kind, labels, belief) = if card::is_card(digits) {
            (PiiKind::Card, Topics::CARD, Belief { bare: 90, grouped: 90, sole: 90, labelled: 95 })
        } else if phone::is_mobile(digits) {
            (PiiKind::Phone, Topics::PHONE, Belief { bare: 60, grouped: 60, sole: 60, labelled: 92 })
        } else {
            return;
        };
        let range = start..spoken.end;
        let (confidence, context) = self.around(&range).judge(&belief, belief.bare, labels);
        let reason = Reason { verified: kind == PiiKind::Card, form: Form::Spelled, context };
        if self.rules.wants(kind, confidence) {
            self.done = self.done.max(range.end);
        }
        self.push(range, kind, confidence, reason);
    }

    fn readings(&mut self, start: usize, end: usize) {
        let [blank, first, ..] = self.view.eight(end).to_le_bytes();
        if blank == b' ' {
            let letter = 1_u32.wrapping_shl(u32::from(first));
            if letter & LEADING != 0 {
                self.named_behind(start..end);
            } else if letter & THEN != 0 && is_followed_by_then(self.view, end) {
                self.groups_read_out(start);
            }
        }
        let row = self.row_before(start, end);
        let length = end.saturating_sub(start);
        if (row >= MOST_STARTS && length != 4) || (row > 0 && length < 2) {
            return;
        }
        if matches!(length, 2 | 6) && self.sort_code(start, end) {
            return;
        }
        if matches!(length, 5 | 6) && self.mixes(start, end) {
            self.american_plate(start..end);
        }
        if length < SHORTEST && (self.stands_alone(start, end) || self.is_spent(start)) {
            return self.expiry(start);
        }
        let code = self.compact(start);
        if code.len() >= SHORTEST {
            let readings = if row >= MOST_STARTS { Readings::Card } else { Readings::All };
            self.read_code(&code, start, readings);
        } else {
            self.short(start, end);
        }
        if let Some(zeroed) = code.zeroed().filter(|_| !self.is_overdrawn(start)) {
            self.charge(READING);
            self.read_code(&zeroed, start, Readings::Zeroed);
        }
        self.with_pieces_before(&code, start);
        if length == 1 {
            self.spelled_letters(start);
        }
        if self.done < end
            && let Some(inner) = self.glued_number(start, end)
        {
            self.read_code(&self.compact(inner), inner, Readings::All);
            self.glued_letters(start, inner);
        }
    }

    /// Whether letters stand beside digits.
    fn mixes(&self, start: usize, end: usize) -> bool {
        self.view.byte(start).is_ascii_digit() != self.view.byte(end.saturating_sub(1)).is_ascii_digit()
    }

    /// An IBAN or a fiscal code whose own letters run into those of its label: their checks say where they begin.
    fn glued_letters(&mut self, start: usize, digits: usize) {
        let letters = digits.saturating_sub(start);
        if letters > 3 && letters <= 24 {
            let code = self.compact(digits.saturating_sub(2));
            if code.digits & 0b1111 == 0b1100
                && let Some(n) = iban::iban_length(&code)
            {
                return self.found_strong(&code, digits.saturating_sub(2), n, PiiKind::Iban);
            }
        }
        if letters > 7 && letters <= 24 {
            let code = self.compact(digits.saturating_sub(6));
            self.glued_fiscal_code(&code, digits.saturating_sub(6));
        }
    }

    /// A code of which each character stands apart: six letters before the first digit, as in a fiscal code, "R S S M R A
    /// 8 5 …", or two, as in an IBAN and on a plate, "I T 6 0 …".
    #[inline(never)]
    fn spelled_letters(&mut self, start: usize) {
        const SIX: u64 = 0b1111_1111_1111 << 52;
        const TWO: u64 = 0b1_1111 << 59;
        const APART: u64 = 0b0101_0101_0101 << 52;
        let before = self.view.marks().words_before(start);
        let letters = self.view.marks().letters_before(start);
        if before & TWO != APART & TWO || letters & TWO != APART & TWO || self.is_overdrawn(start) {
            return;
        }
        if before & SIX == APART {
            let from = start.saturating_sub(12);
            self.glued_fiscal_code(&self.compact(from), from);
        } else {
            let from = start.saturating_sub(4);
            let code = self.compact(from);
            if iban::iban_length(&code).is_some() || self.is_document(from) {
                self.read_code(&code, from, Readings::All);
            }
        }
    }

    /// Whether a short number has no piece of a code beside it: "15 giorni", "alle 18.".
    fn stands_alone(&self, start: usize, end: usize) -> bool {
        let next = end.saturating_add(1);
        let over = match self.view.byte(end) {
            0 => true,
            b' ' => starts_word(self.view, next) && !self.is_group_of_capitals(start, end, next),
            b'.' | b',' | b';' | b'!' | b'?' => {
                !is_word(self.view.byte(next)) && self.view.byte(next) != b'\n'
            }
            _ => false,
        };
        let number = || self.view.slice(start..end).iter().all(u8::is_ascii_digit);
        over && number() && self.short_word_before(start).is_none()
    }

    /// Whether three capitals stand by themselves behind four digits: "1234 BCD".
    fn is_group_of_capitals(&self, start: usize, end: usize, at: usize) -> bool {
        let past = at.saturating_add(3);
        end.saturating_sub(start) == 4
            && !is_word(self.view.byte(past))
            && self.view.sent(at..past).bytes().all(|byte| byte.is_ascii_uppercase())
    }

    /// Codes written with blanks after their first letters: "RSS MRA 85T10 A562S", "AB 123 CD".
    pub(super) fn with_pieces_before(&mut self, code: &Compact, start: usize) {
        let Some(mut previous) = self.short_word_before(start).filter(|_| !self.is_overdrawn(start)) else {
            return;
        };
        let short = start.saturating_sub(previous) < 5 && code.next_bound(0).is_some_and(|first| first < 7);
        let hyphen = self.view.before(start) == b'-' || self.view.before(previous) == b'-';
        if short && (hyphen || self.are_capitals(previous..start)) {
            self.plate(start);
        }
        let mut from = start;
        let mut letters = 0_usize;
        for pieces in 0..2_u8 {
            letters = letters.saturating_add(self.piece_end(previous, from).saturating_sub(previous));
            let length = start.saturating_sub(previous).saturating_add(code.len());
            // "B-KL 4821": too short without what a hyphen joins to it
            let hyphened = length <= SHORTEST && self.view.before(previous) == b'-';
            if !hyphened {
                let country =
                    letters == 2 && iban::is_country(self.view.slice(previous..previous.saturating_add(2)));
                let led = country || kinds::may_be_led(code, letters);
                if length <= SHORTEST || !led || !self.starts_code(previous, from) {
                    if pieces == 0 && letters == 3 {
                        self.spaced_fiscal_code(previous);
                    }
                    return;
                }
                self.read_code(&self.compact(previous), previous, Readings::All);
            }
            from = previous;
            let earlier = if pieces == 0 { self.short_word_before(from) } else { None };
            let Some(earlier) = earlier.filter(|_| !self.is_overdrawn(start)) else { return };
            previous = earlier;
        }
    }

    /// A fiscal code whose second group is a word as well: "SGB MFA 93A12 B115L".
    fn spaced_fiscal_code(&mut self, second: usize) {
        let first = self.short_word_before(second).filter(|_| !self.is_overdrawn(second));
        if let Some(first) = first.filter(|&first| second.saturating_sub(first) == 4) {
            let code = self.compact(first);
            // letters that stand for digits are rare, and in a row of words chance
            if (code.digits & mask(16)).count_ones() > 2 {
                self.glued_fiscal_code(&code, first);
            }
        }
    }

    /// Where the letters end that start at `start` before a gap that ends at `from`.
    #[inline]
    fn piece_end(&self, start: usize, from: usize) -> usize {
        let last = from.saturating_sub(1);
        if is_word(self.view.before(last)) { last } else { self.view.word_end(start) }
    }

    /// Whether letters before digits can be the start of a code: no word that is known, or one in capitals, the
    /// country of an IBAN, or joined to them by a hyphen.
    fn starts_code(&self, start: usize, end: usize) -> bool {
        let gap = end.saturating_sub(1);
        let past = self.piece_end(start, end);
        let letters = self.view.slice(start..past);
        let topics = self.rules.words.topics_at(self.view, start, past);
        let telling = topics.has(Topics::LABELS.and(Topics::CONTRARY));
        // "ca" is a word in France; five digits behind it are a number that no such word counts
        let digits = || self.view.word_end(end).saturating_sub(end);
        let capitals = || self.view.sent(start..past).bytes().all(|byte| byte.is_ascii_uppercase());
        let head =
            || letters.len() == 2 && (matches!(digits(), 5 | 7) || (matches!(digits(), 2 | 3) && capitals()));
        topics.is_none()
            || (head() && (!topics.has(Topics::FILLER) || capitals()) && self.is_document(start))
            || (letters.len() == 1 && matches!(digits(), 7 | 8) && capitals())
            || self.view.byte(gap) == b'-'
            || (letters.len() == 2
                && iban::is_country(letters)
                && !(topics.has(Topics::FILLER) && matches!(digits(), 5 | 7) && !capitals()))
            || (letters.len() > 1 && !telling && capitals())
    }

    /// Whether a word before `start` says document.
    fn is_document(&self, start: usize) -> bool {
        let documents = Topics::ID_CARD.and(Topics::LICENCE).and(Topics::PASSPORT).and(Topics::PLATE);
        self.before(start).near.has(documents)
    }

    /// Up to six letters before `start` with a separator between: the head of a spaced code, "RSS MRA 85…".
    fn short_word_before(&self, start: usize) -> Option<usize> {
        let gap = start.checked_sub(1)?;
        let sign = self.view.byte(gap);
        if sign != b' ' && !joins_pieces(sign) {
            return None;
        }
        let mut end = gap;
        if !self.view.before(gap).is_ascii_lowercase() {
            end = self.wide_gap(gap)?;
        }
        let letters = self.view.marks().letters_before(end).leading_ones();
        let whole = self.view.marks().words_before(end).leading_ones() == letters;
        (whole && (1..=6).contains(&letters)).then(|| end.wrapping_sub(crate::num::wide(letters)))
    }

    /// Where a gap of several separators behind a letter starts of which `last` is the last: blanks alone, or one mark with
    /// them around it.
    fn wide_gap(&self, last: usize) -> Option<usize> {
        let before = self.view.before(last);
        if matches!(before, b'\r' | b'>') {
            return self.line_gap(last);
        }
        if !joins_pieces(before) {
            return None;
        }
        let mut start = last;
        while last.saturating_sub(start) < 3 && joins_pieces(self.view.before(start)) {
            start = start.saturating_sub(1);
        }
        let gap = self.view.slice(start..last.saturating_add(1));
        let mark = gap.iter().position(|byte| !matches!(byte, b' ' | b'\n'));
        let even = mark.is_none_or(|at| at.saturating_mul(2).saturating_add(1) == gap.len());
        (even && gap.len() <= 3 && self.view.before(start).is_ascii_lowercase()).then_some(start)
    }

    /// Where a gap behind a letter starts that is a line break of two characters, or one before a quoted line.
    #[cold]
    fn line_gap(&self, last: usize) -> Option<usize> {
        let start = email::back_over_blanks(self.view, last.saturating_add(1));
        let broken = self.view.slice(start..last).iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        (broken && self.view.before(start).is_ascii_lowercase()).then_some(start)
    }

    /// Where the digits begin in a token such as "tel3401234567" or "iban:it60…" glued to its label.
    fn glued_number(&self, start: usize, end: usize) -> Option<usize> {
        if self.view.byte(start).is_ascii_digit() {
            return None;
        }
        let letters = email::word_end(self.view, start);
        let known = || {
            let label = self.rules.words.topics_at(self.view, start, letters);
            label.has(Topics::LABELS) || letters.saturating_sub(start) > 2
        };
        (letters > start && letters < end && end.saturating_sub(letters) > 4 && known()).then_some(letters)
    }

    /// Addresses of networks and wallets.
    fn address(&mut self, start: usize, end: usize) -> Option<usize> {
        if self.view.byte(end) == b'.'
            && end.saturating_sub(start) <= 3
            && let Some(end) = net::ipv4(self.view, start)
        {
            return Some(self.internet_address(start..end));
        }
        let separators = (self.view.before(start), self.view.byte(end));
        if matches!(separators, (b'-', b'-') | (b'.', b'.'))
            && let Some((start, end)) = self.mac_before(start, end)
        {
            self.sure(start..end, PiiKind::Mac, Topics::MAC, 88);
            return Some(end);
        }
        if matches!(separators.1, b'-' | b'.')
            && let Some(end) = net::mac(self.view, start)
        {
            self.sure(start..end, PiiKind::Mac, Topics::MAC, 88);
            return Some(end);
        }
        if self.view.byte(end) == b'+' && end.saturating_sub(start) == 6 {
            return self.finn_of_old(start, end);
        }
        if end.saturating_sub(start) > 13 && crypto::wallet(self.view, start, end) {
            self.sure(start..end, PiiKind::CryptoWallet, Topics::CRYPTO, 93);
            return Some(end);
        }
        None
    }

    /// A hardware address whose first groups have letters alone: "eb-8d-28-0c-24-f7".
    fn mac_before(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let width = end.saturating_sub(start);
        let mark = self.view.byte(end);
        let mut first = start;
        for _ in 0..5 {
            let from = first.saturating_sub(width.saturating_add(1));
            let group = self.view.slice(from..first.saturating_sub(1));
            let hex = group.len() == width && group.iter().all(u8::is_ascii_hexdigit);
            if self.view.before(first) != mark || !hex || is_word(self.view.before(from)) {
                break;
            }
            first = from;
        }
        if first == start || !matches!(width, 2 | 4) {
            return None;
        }
        net::mac(self.view, first).map(|end| (first, end))
    }

    /// A Finnish code of somebody born before 1900, "131052+308T": a plus stands for the century.
    fn finn_of_old(&mut self, start: usize, plus: usize) -> Option<usize> {
        let from = plus.saturating_add(1);
        let end = self.view.word_end(from);
        let code = [self.view.slice(start..plus), self.view.slice(from..end)].concat();
        if code.len() != 10 || !kinds::is_finnish(&code) {
            return None;
        }
        self.push(
            start..end,
            PiiKind::FiHetu,
            92,
            Reason { verified: true, form: Form::Plain, context: Lean::None },
        );
        Some(end)
    }

    fn internet_address(&mut self, range: Range<usize>) -> usize {
        let around = self.around(&range);
        let belief = Belief { bare: 72, grouped: 72, sole: 80, labelled: 95 };
        let (confidence, context) = around.judge(&belief, 72, Topics::IP);
        // "times out" counts nothing that has three dots
        let counted = around.after.has(Topics::COUNT) && !around.near.has(Topics::CONTRARY);
        let confidence = match (around.is_near(Topics::VERSION), counted) {
            (true, _) => 20,
            (false, true) => confidence.max(belief.bare),
            (false, false) => confidence,
        };
        let end = range.end;
        self.push(range, PiiKind::Ip, confidence, Reason { verified: false, form: Form::Plain, context });
        end
    }
}

/// Whether a byte stands between two pieces of a code.
#[inline]
const fn joins_pieces(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'\n' | b'/' | b'_' | b'|' | b'*' | b'~' | b'\\')
}

/// Whether three letters stand at `at`: a word, and no piece of a code with digits.
fn starts_word(view: &View<'_>, at: usize) -> bool {
    view.slice(at..at.saturating_add(3)).iter().all(|byte| byte.is_ascii_lowercase())
}

/// Whether "then" and a digit stand behind a blank at `end`.
#[inline]
fn is_followed_by_then(view: &View<'_>, end: usize) -> bool {
    let [_, word @ ..] = view.eight(end).to_le_bytes();
    match word {
        [b'p', b'o', b'i', b' ', digit, ..]
        | [b't', b'h', b'e', b'n', b' ', digit, ..]
        | [b'p', b'u', b'i', b's', b' ', digit, ..]
        | [b'd', b'a', b'n', b'n', b' ', digit, ..]
        | [b'l', b'u', b'e', b'g', b'o', b' ', digit] => digit.is_ascii_digit(),
        _ => false,
    }
}

/// The first letters of "e", "is", "as", "come" and "was", which lead from a code to its name.
const LEADING: u32 =
    1 << (b'e' & 31) | 1 << (b'i' & 31) | 1 << (b'a' & 31) | 1 << (b'c' & 31) | 1 << (b'w' & 31);
/// The first letters of the words for "then".
const THEN: u32 = 1 << (b'p' & 31) | 1 << (b't' & 31) | 1 << (b'd' & 31) | 1 << (b'l' & 31);

/// Whether a number of eight digits at most stands before a word such as "is", "era", "as" or "come".
fn leads_to_name(view: &View<'_>, start: usize, end: usize) -> bool {
    let verb = matches!(
        view.eight(end).to_le_bytes(),
        [_, b'e', b' ' | b's' | b'r', ..]
            | [_, b'i', b's', ..]
            | [_, b'a', b's', b' ', ..]
            | [_, b'a', b'l', b's', ..]
            | [_, b'c', b'o', b'm', ..]
            | [_, b'w', b'a', ..]
    );
    verb && match end.wrapping_sub(start) {
        3..=8 => true,
        2 => digits_join(view, start),
        _ => false,
    }
}
