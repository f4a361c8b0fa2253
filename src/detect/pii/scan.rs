//! The one pass over a text: anchors, candidates, validators, context.

mod look_alike;
mod number;
mod reading;

use std::cell::Cell;
use std::ops::Range;

use super::around::{Around, is_word};
use super::compact::Compact;
use super::context::Context;
use super::kind::{Floors, PiiKind};
use super::kinds::Belief;
use super::marks::BLOCK;
use super::span::{Form, Lean, PiiSpan, Reason};
use super::spelled::Dictated;
use super::topic::Topics;
use super::view::View;
use super::{card, email, iban, net, passcode, secret};
use look_alike::label_end;

/// What a scan goes by.
#[derive(Clone, Copy)]
pub(super) struct Rules<'r> {
    pub(super) words: &'r Context,
    pub(super) floors: &'r Floors,
}

impl Rules<'_> {
    /// Whether a kind is on and believed enough.
    #[inline]
    pub(super) fn wants(&self, kind: PiiKind, confidence: u8) -> bool {
        confidence >= self.floors.of(kind)
    }
}

/// Finds what can be found by form; spans may overlap.
///
/// Returns the work done, in bytes looked at.
pub(super) fn scan(view: &View<'_>, rules: &Rules<'_>, out: &mut Vec<PiiSpan>) -> usize {
    let mut scan = Scan {
        view,
        rules,
        out,
        done: 0,
        card_end: 0,
        expiry_end: 0,
        last_end: 0,
        row: 0,
        work: Cell::new(0),
    };
    let mut at = 0_usize;
    let mut first = 0_usize;
    for block in view.marks().0 {
        let mut events = block.events;
        while events != 0 {
            let place = first.wrapping_add(crate::num::wide(events.trailing_zeros()));
            events &= events.wrapping_sub(1);
            if place >= at {
                at = scan.step(at, place);
            }
        }
        first = first.wrapping_add(BLOCK);
    }
    scan.work.get()
}

/// Work that a text has from the start, and that each byte of it adds; where it is spent, short pieces start no reading.
const FIRST_CREDIT: usize = 8192;
const CREDIT_PER_BYTE: usize = 24;

/// What a reading costs beside the words around it, and what each length does at which it may end, in bytes looked at: as
/// measured beside those.
const READING: usize = 64;
/// The groups of a code that this covers, and what each one more costs.
const USUAL_GROUPS: usize = 4;
const GROUP: usize = 12;
/// What it costs to see that a colon begins no address.
const COLON: usize = 16;
const LENGTH: usize = 64;
/// The shortest code of any kind.
const SHORTEST: usize = 7;

struct Scan<'s, 'v> {
    view: &'s View<'v>,
    rules: &'s Rules<'s>,
    out: &'s mut Vec<PiiSpan>,
    /// Nothing before this place is looked at again as a number.
    done: usize,
    /// Behind the last card, where an expiry may stand.
    card_end: usize,
    /// Behind the last expiry of a card, where its security code may stand.
    expiry_end: usize,
    /// Where the last token with digits ended.
    last_end: usize,
    /// How many short groups of digits stand in a row.
    row: u8,
    /// Bytes looked at, apart from the one pass.
    work: Cell<usize>,
}

impl Scan<'_, '_> {
    /// Handles what stands at `place`, which is not before `from`, and returns where to go on.
    #[inline]
    fn step(&mut self, from: usize, place: usize) -> usize {
        let byte = self.view.byte(place);
        if !is_word(byte) {
            return self.at_sign(place, byte);
        }
        let start = self.view.word_start_from(from, place);
        if is_word(self.view.before(start)) { self.view.word_end(place) } else { self.token(start) }
    }

    fn at_sign(&mut self, at: usize, byte: u8) -> usize {
        match byte {
            b'@' => self.sign(at, 1),
            b'[' => {
                if let Some(end) = label_end(self.view, at) {
                    return end;
                }
            }
            b'%' if self.view.slice(at..at.saturating_add(3)) == b"%40" => {
                self.sign(at, 3);
                return at.saturating_add(3);
            }
            b'%' if self.view.slice(at..at.saturating_add(3)) == b"%2b" => {
                let start = at.saturating_add(3);
                let end = self.view.word_end(start);
                return if self.view.byte(start).is_ascii_digit() { self.number(start, end) } else { start };
            }
            b':' => {
                if let Some(end) = self.colon(at) {
                    return end;
                }
                if self.view.byte(at.saturating_add(1)) == b':'
                    && let Some(end) = net::ipv6(self.view, at).filter(|_| !is_word(self.view.before(at)))
                {
                    self.sure(at..end, PiiKind::Ip, Topics::IP, 82);
                    return end;
                }
            }
            _ => {}
        }
        at.saturating_add(1)
    }

    fn token(&mut self, start: usize) -> usize {
        let end = self.view.word_end(start);
        if !self.view.has_digit(start, end) {
            return self.word(start, end);
        }
        let colon = self.view.byte(end) == b':' && end.wrapping_sub(start) <= 5;
        let colons = if colon { self.colons(start, end) } else { None };
        colons.unwrap_or_else(|| self.number(start, end))
    }

    /// What a colon behind letters alone begins.
    fn colon(&mut self, at: usize) -> Option<usize> {
        const LONGEST_SCHEME: usize = 16;
        let scheme = self.view.slice(at..at.saturating_add(3)) == b"://";
        let most = if scheme { LONGEST_SCHEME } else { 5 };
        let start = self.view.word_start(at, most.wrapping_add(1));
        let short = start < at && at.wrapping_sub(start) <= most && !self.view.has_digit(start, at);
        if short { self.colons(start, at) } else { None }
    }

    /// Hardware addresses, addresses of version 6, and locators with a password: all have a colon behind a short token.
    fn colons(&mut self, start: usize, end: usize) -> Option<usize> {
        if self.view.slice(end..end.saturating_add(3)) == b"://" {
            return self.locator(start, end.saturating_add(3));
        }
        self.charge(COLON);
        if let Some(end) = net::mac(self.view, start) {
            self.sure(start..end, PiiKind::Mac, Topics::MAC, 90);
            return Some(end);
        }
        let end = net::ipv6(self.view, start)?;
        self.sure(start..end, PiiKind::Ip, Topics::IP, 85);
        Some(end)
    }

    /// `scheme://user:password@host`: all but the scheme up to the host is hidden, host included.
    fn locator(&mut self, start: usize, from: usize) -> Option<usize> {
        let mut end = from;
        let mut colon = false;
        let mut sign = 0_usize;
        while end.saturating_sub(from) < 512
            && !matches!(self.view.byte(end), 0 | b' ' | b'\n' | b'"' | b'<' | b'>' | b')')
        {
            match self.view.byte(end) {
                b'/' | b'?' | b'#' if sign == 0 => return None,
                b':' if sign == 0 => colon = true,
                b'@' if colon => sign = end,
                _ => {}
            }
            end = end.saturating_add(1);
        }
        if sign == 0 || !colon {
            return None;
        }
        while end > sign && matches!(self.view.before(end), b'.' | b',' | b';' | b'!' | b'?') {
            end = end.saturating_sub(1); // what ends the sentence
        }
        self.sure(start..end, PiiKind::UrlCredentials, Topics::SECRET, 95);
        Some(end)
    }

    fn sign(&mut self, at: usize, width: usize) {
        let found = email::around_sign(self.view, self.rules.words, at, width);
        let in_vain = at.wrapping_sub(self.view.word_start(at, 64)).wrapping_add(8);
        self.charge(found.as_ref().map_or(in_vain, Range::len));
        if let Some(range) = found {
            let reason = Reason { verified: false, form: Form::Plain, context: Lean::None };
            self.push(range, PiiKind::Email, 96, reason);
        }
    }

    #[inline(never)]
    fn word(&mut self, start: usize, end: usize) -> usize {
        if let Some(key_end) = secret::key(self.view, start, end) {
            self.sure(start..key_end, PiiKind::Secret, Topics::SECRET, 95);
            return key_end;
        }
        let (topics, end) = self.trigger(start, end);
        if topics.is_none() {
            return end;
        }
        if topics.has(Topics::AT)
            && let Some(range) = email::around_word(self.view, self.rules.words, start..end)
        {
            self.push(
                range,
                PiiKind::Email,
                90,
                Reason { verified: false, form: Form::Spelled, context: Lean::None },
            );
        }
        let qualified = topics.has(Topics::QUALIFIER.and(Topics::CVV)) && self.beside_code_noun(start, end);
        let topics = if qualified { topics | Topics::CODE } else { topics };
        if topics.has(Topics::SECRET.and(Topics::CODE).and(Topics::CVV)) && self.view.before(start) != b'@' {
            self.labelled_secret(topics, end);
        }
        if topics.has(Topics::CODE_NOUN) && !topics.has(Topics::SECRET.and(Topics::CODE)) {
            self.passcode(start, end);
        }
        if topics.has(Topics::NUMERAL) {
            return self.dictated(start).max(end);
        }
        end
    }

    /// The topics of a word, or of two that a hyphen joins, "one-time", and where it ends.
    fn trigger(&self, start: usize, end: usize) -> (Topics, usize) {
        let words = self.rules.words;
        let next = end.wrapping_add(1);
        if self.view.byte(end) == b'-' && self.view.byte(next).is_ascii_lowercase() {
            let joined = self.view.word_end(next);
            let topics = words.topics_at(self.view, start, joined);
            if topics.has(Topics::TRIGGERS) {
                return (topics, joined);
            }
        }
        (words.topics_at(self.view, start, end), end)
    }

    /// Whether "code" stands before a word, a word such as "of" between or not, or right behind it.
    fn beside_code_noun(&self, start: usize, end: usize) -> bool {
        const LONGEST: usize = 12;
        let (view, words) = (self.view, self.rules.words);
        let next = end.saturating_add(1);
        if words.topics_at(view, next, view.word_end(next)).has(Topics::CODE_NOUN) {
            return true;
        }
        let mut at = start;
        for _ in 0..2 {
            let Some(gap) = at.checked_sub(1).filter(|&gap| matches!(view.byte(gap), b' ' | b'\'')) else {
                return false;
            };
            at = view.word_start(gap, LONGEST);
            let topics = words.topics_at(view, at, gap);
            if topics.has(Topics::CODE_NOUN) {
                return true;
            }
            if !topics.has(Topics::FILLER) {
                return false;
            }
        }
        false
    }

    fn labelled_secret(&mut self, topics: Topics, end: usize) {
        if self.is_overdrawn(end) {
            return;
        }
        self.charge(96);
        if let Some(found) = secret::behind_label(self.view, self.rules.words, topics, end) {
            let reason = Reason { verified: false, form: Form::Plain, context: Lean::Raised };
            self.push(found.range, found.kind, found.confidence, reason);
        }
    }

    /// The digits behind "code", where words around say that it was sent to somebody.
    #[inline(never)]
    fn passcode(&mut self, start: usize, end: usize) {
        if self.is_overdrawn(end) {
            return;
        }
        self.charge(96);
        if let Some(found) = passcode::behind_noun(self.view, self.rules.words, start..end) {
            let reason = Reason { verified: false, form: Form::Plain, context: Lean::Raised };
            self.push(found.range, found.kind, found.confidence, reason);
        }
    }

    /// The start of the groups of digits before a numeral: "333 12 quattro cinque sei sette".
    fn digits_before(&self, numeral: usize) -> usize {
        let mut start = numeral;
        for _ in 0..4 {
            let gap = start.saturating_sub(1);
            let digits = self.view.marks().digits_before(gap).leading_ones();
            let from = gap.saturating_sub(crate::num::wide(digits));
            if self.view.byte(gap) != b' ' || !(1..=4).contains(&digits) || is_word(self.view.before(from)) {
                break;
            }
            start = from;
        }
        start
    }

    fn dictated(&mut self, start: usize) -> usize {
        let start = self.digits_before(start);
        let spoken = Dictated::read(self.view, start);
        let digits = spoken.digits();
        if digits.len() < 6 || spoken.words < 3 {
            return if spoken.words < 2 { start } else { spoken.end };
        }
        let range = start..spoken.end;
        let around = self.around(&range);
        let (kind, base) = dictated_kind(digits);
        let belief = Belief { bare: base, grouped: base, sole: base, labelled: 92 };
        let labels = labels_of(kind);
        let (confidence, context) = around.judge(&belief, base, labels);
        let reason = Reason { verified: kind != PiiKind::Phone, form: Form::Spelled, context };
        self.push(range.clone(), kind, confidence, reason);
        range.end
    }

    #[inline(never)]
    fn fill(&self, code: &mut Compact) {
        code.fill(self.view);
        // with letters it can be of twice as many kinds
        let kinds = if code.leading_digits() == code.len() { READING } else { READING.wrapping_mul(2) };
        self.charge(kinds.saturating_add(code.groups().saturating_sub(USUAL_GROUPS).saturating_mul(GROUP)));
    }

    // in place, for it is large
    #[inline]
    fn compact(&self, start: usize) -> Compact {
        let mut code = Compact::at(start);
        self.fill(&mut code);
        code
    }

    fn charge(&self, bytes: usize) {
        self.work.set(self.work.get().saturating_add(bytes));
    }

    /// Whether a text took more work up to `at` than its length allows: then a short piece that is neither the head of an
    /// IBAN nor a group of a card nor behind a plus starts no reading.
    fn is_spent(&self, at: usize) -> bool {
        let spent = self.is_overdrawn(at);
        let head = self.view.slice(at..at.saturating_add(4));
        let card = head.len() == 4 && head.iter().all(u8::is_ascii_digit);
        let iban = matches!(head, [_, _, c, d] if c.is_ascii_digit() && d.is_ascii_digit());
        spent
            && !card
            && !(iban && iban::is_country(self.view.slice(at..at.saturating_add(2))))
            && self.plus_before(at).is_none()
    }

    fn is_overdrawn(&self, at: usize) -> bool {
        self.work.get() > at.saturating_mul(CREDIT_PER_BYTE).saturating_add(FIRST_CREDIT)
    }

    fn plus_before(&self, start: usize) -> Option<usize> {
        if self.view.before(start) == b'b' {
            let sign = start.checked_sub(3)?;
            return (self.view.slice(sign..start) == b"%2b").then_some(sign);
        }
        let back = match self.view.before(start) {
            b'+' => start,
            b'(' | b' ' | b'\n' | b'\r' | b'\t' => start.saturating_sub(1),
            _ => return None,
        };
        (self.view.before(back) == b'+').then(|| back.saturating_sub(1))
    }

    fn around(&self, range: &Range<usize>) -> Around {
        self.with_after(self.before(range.start), range.end)
    }

    fn before(&self, start: usize) -> Around {
        let around = Around::before(self.view, self.rules.words, start);
        self.charge(around.read);
        around
    }

    fn with_after(&self, mut around: Around, end: usize) -> Around {
        self.charge(Around::REACH / 2);
        around.read_after(self.view, self.rules.words, end);
        around
    }

    /// Something that its form alone proves.
    fn sure(&mut self, range: Range<usize>, kind: PiiKind, labels: Topics, confidence: u8) {
        let around = self.before(range.start);
        let context = if around.near.has(labels) { Lean::Raised } else { Lean::None };
        self.push(range, kind, confidence, Reason { verified: false, form: Form::Plain, context });
    }

    /// Takes a span in that is believed enough; what was sent in other characters than it shows is disguised.
    fn push(&mut self, range: Range<usize>, kind: PiiKind, confidence: u8, reason: Reason) {
        if !self.rules.wants(kind, confidence) {
            return;
        }
        let shown = range.len();
        let original = self.view.original(range);
        let disguised = (reason.form == Form::Plain) & (original.len() != shown);
        let form = if disguised { Form::Disguised } else { reason.form };
        let reason = Reason { form, ..reason };
        self.out.push(PiiSpan {
            start: original.start,
            end: original.end,
            kind,
            confidence,
            reason,
            entry: 0,
        });
    }
}

/// Whether a short group of digits stands before `start` with one separator between, so that the number began earlier.
fn digits_join(view: &View<'_>, start: usize) -> bool {
    let Some(gap) = start.checked_sub(1) else { return false };
    let separator = matches!(view.byte(gap), b' ' | b'-' | b'.' | b'/');
    separator && (1..8).contains(&view.marks().digits_before(gap).leading_ones())
}

/// What dictated digits are.
fn dictated_kind(digits: &[u8]) -> (PiiKind, u8) {
    if card::is_card(digits) {
        (PiiKind::Card, 95)
    } else if (8..=13).contains(&digits.strip_prefix(b"00").unwrap_or(digits).len()) {
        (PiiKind::Phone, 76)
    } else {
        (PiiKind::Phone, 42)
    }
}

fn labels_of(kind: PiiKind) -> Topics {
    if kind == PiiKind::Card { Topics::CARD } else { Topics::PHONE }
}
