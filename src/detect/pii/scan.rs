//! The one pass over a text: anchors, candidates, validators, context.

use std::cell::Cell;
use std::ops::Range;

use super::around::{Around, is_word};
use super::compact::{Compact, Gap};
use super::context::Context;
use super::kind::{Floors, PiiKind};
use super::kinds::{self, Belief};
use super::marks::BLOCK;
use super::span::{Form, Lean, PiiSpan, Reason};
use super::spelled::Dictated;
use super::topic::Topics;
use super::view::View;
use super::{card, crypto, email, iban, net, phone, secret};

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
    let mut scan = Scan { view, rules, out, done: 0, card_end: 0, last_end: 0, row: 0, work: Cell::new(0) };
    let mut at = 0_usize;
    let mut first = 0_usize;
    for block in view.marks().0 {
        let mut events = block.number | block.sign | scan.triggers(block.start & !block.number, first);
        while events != 0 {
            let place = first.wrapping_add(crate::num::wide(events.trailing_zeros()));
            events &= events.wrapping_sub(1);
            if place >= at {
                at = scan.step(place);
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
const LENGTH: usize = 64;
/// The shortest code of any kind.
const SHORTEST: usize = 7;
/// Groups of a row of digits from which a reading starts; behind them only groups of four, which may be a card.
const MOST_STARTS: u8 = 5;

struct Scan<'s, 'v> {
    view: &'s View<'v>,
    rules: &'s Rules<'s>,
    out: &'s mut Vec<PiiSpan>,
    /// Nothing before this place is looked at again as a number.
    done: usize,
    /// Behind the last card, where an expiry may stand.
    card_end: usize,
    /// Where the last token with digits ended.
    last_end: usize,
    /// How many short groups of digits stand in a row.
    row: u8,
    /// Bytes looked at, apart from the one pass.
    work: Cell<usize>,
}

impl Scan<'_, '_> {
    /// Handles what starts at `at` and returns where to go on.
    #[inline]
    fn step(&mut self, at: usize) -> usize {
        let byte = self.view.byte(at);
        if is_word(byte) { self.token(at) } else { self.at_sign(at, byte) }
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

    /// Which of the words that start at these places may be one that the scan acts upon.
    #[inline]
    fn triggers(&self, mut starts: u64, first: usize) -> u64 {
        let mut triggers = 0;
        let Some(window) = self.view.window(first) else { return starts };
        while starts != 0 {
            let bit = starts & starts.wrapping_neg();
            let place = crate::num::wide(starts.trailing_zeros() & 63);
            starts ^= bit;
            let head = window.get(place..place.wrapping_add(4)).and_then(<[u8]>::first_chunk);
            let head = head.map_or(0, |head| u32::from_le_bytes(*head) & 0xFF_FFFF);
            if self.rules.words.may_trigger(head) {
                triggers |= bit;
            }
        }
        triggers
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
        let start = self.view.word_start(at, 6);
        let short = start < at && at.wrapping_sub(start) <= 5 && !self.view.has_digit(start, at);
        if short { self.colons(start, at) } else { None }
    }

    /// Hardware addresses, addresses of version 6, and locators with a password: all have a colon behind a short token.
    fn colons(&mut self, start: usize, end: usize) -> Option<usize> {
        if self.view.slice(end..end.saturating_add(3)) == b"://" {
            return self.locator(start, end.saturating_add(3));
        }
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
        self.sure(start..end, PiiKind::UrlCredentials, Topics::SECRET, 95);
        Some(end)
    }

    fn sign(&mut self, at: usize, width: usize) {
        let found = email::around_sign(self.view, self.rules.words, at, width);
        let in_vain = at.wrapping_sub(self.view.word_start(at, 64)).wrapping_add(8);
        self.charge(found.as_ref().map_or(in_vain, Range::len));
        if let Some(range) = found {
            let form = self.form(&range, Form::Plain);
            self.push(range, PiiKind::Email, 96, Reason { verified: false, form, context: Lean::None });
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
        if topics.has(Topics::SECRET.and(Topics::CODE).and(Topics::CVV)) && self.view.before(start) != b'@' {
            self.labelled_secret(topics, end);
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

    fn dictated(&mut self, start: usize) -> usize {
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

    /// A token with a digit: tries every reading from its start, and from the short pieces before it.
    #[inline(never)]
    fn number(&mut self, start: usize, end: usize) -> usize {
        if matches!(self.view.before(start), b'@' | b'#') && !self.view.byte(start).is_ascii_digit() {
            return end; // a handle or a tag
        }
        if let Some(key_end) = secret::key(self.view, start, end) {
            self.sure(start..key_end, PiiKind::Secret, Topics::SECRET, 95);
            return key_end;
        }
        if let Some(past) = self.look_alike(start, end) {
            return past;
        }
        if let Some(past) = self.address(start, end) {
            return past;
        }
        if end.saturating_sub(start) < 5 && !self.view.byte(start.saturating_add(1)).is_ascii_digit() {
            let topics = self.rules.words.topics_at(self.view, start, end);
            if topics.has(Topics::CODE) {
                self.labelled_secret(topics, end); // "2fa"
            }
        }
        if start >= self.done {
            self.readings(start, end);
        }
        self.last_end = end;
        end
    }

    /// How many short groups of digits stand before this one in a row.
    fn row_before(&mut self, start: usize, end: usize) -> u8 {
        let joined = self.last_end > 0
            && start.saturating_sub(self.last_end) < 3
            && !matches!(self.view.byte(self.last_end), b',' | b';' | b'\n')
            && self.view.byte(start).is_ascii_digit();
        let short = end.saturating_sub(start) < SHORTEST;
        self.row = if joined && short { self.row.saturating_add(1) } else { 0 };
        self.row
    }

    fn readings(&mut self, start: usize, end: usize) {
        let row = self.row_before(start, end);
        let length = end.saturating_sub(start);
        if (row >= MOST_STARTS && length != 4) || (row > 0 && length < 2) {
            return;
        }
        if length < SHORTEST && (self.stands_alone(start, end) || self.is_spent(start)) {
            return self.expiry(start);
        }
        let code = self.compact(start);
        if code.len() >= SHORTEST {
            self.read_code(&code, start, row >= MOST_STARTS);
        } else {
            self.expiry(start);
        }
        self.with_pieces_before(&code, start);
        if let Some(inner) = self.glued_number(start, end) {
            self.read_code(&self.compact(inner), inner, false);
            self.glued_letters(start, inner);
        }
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

    #[inline]
    fn compact(&self, start: usize) -> Compact {
        let code = Compact::read(self.view, start);
        // with letters it can be of twice as many kinds
        self.charge(if code.leading_digits() == code.len() { READING } else { READING.wrapping_mul(2) });
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

    /// Whether a short number has no piece of a code beside it: "15 giorni", "alle 18.".
    fn stands_alone(&self, start: usize, end: usize) -> bool {
        let next = end.saturating_add(1);
        let over = match self.view.byte(end) {
            0 => true,
            b' ' => starts_word(self.view, next),
            b'.' | b',' | b';' | b'!' | b'?' => {
                !is_word(self.view.byte(next)) && self.view.byte(next) != b'\n'
            }
            _ => false,
        };
        let number = self.view.slice(start..end).iter().all(u8::is_ascii_digit);
        over && number && self.short_word_before(start).is_none()
    }

    /// Codes written with blanks after their first letters: "RSS MRA 85T10 A562S", "AB 123 CD".
    fn with_pieces_before(&mut self, code: &Compact, start: usize) {
        let mut from = start;
        for _ in 0..2 {
            if self.is_overdrawn(start) {
                return;
            }
            let Some(previous) = self.short_word_before(from) else { return };
            let length = start.saturating_sub(previous).saturating_add(code.len());
            if length <= SHORTEST || !self.starts_code(previous, from) {
                return;
            }
            self.read_code(&self.compact(previous), previous, false);
            from = previous;
        }
    }

    /// Whether letters before digits can be the start of a code: no word that is known, or one in capitals, the
    /// country of an IBAN, or joined to them by a hyphen.
    fn starts_code(&self, start: usize, end: usize) -> bool {
        let gap = end.saturating_sub(1);
        let letters = self.view.slice(start..gap);
        let topics = self.rules.words.topics(letters);
        let telling = topics.has(Topics::LABELS.and(Topics::CONTRARY));
        topics.is_none()
            || self.view.byte(gap) == b'-'
            || (letters.len() == 2 && iban::is_country(letters))
            || (letters.len() > 1
                && !telling
                && self.view.sent(start..gap).bytes().all(|byte| byte.is_ascii_uppercase()))
    }

    /// Up to four letters before `start` with one separator between: the head of a spaced code, "RSS MRA 85…".
    fn short_word_before(&self, start: usize) -> Option<usize> {
        let end =
            start.checked_sub(1).filter(|&i| matches!(self.view.byte(i), b' ' | b'-' | b'.' | b'\n'))?;
        let mut from = end;
        while self.view.before(from).is_ascii_lowercase() && end.saturating_sub(from) < 7 {
            from = from.saturating_sub(1);
        }
        let length = end.saturating_sub(from);
        ((1..=6).contains(&length) && !is_word(self.view.before(from))).then_some(from)
    }

    /// Where the digits begin in a token such as "tel3401234567" or "iban:it60…" glued to its label.
    fn glued_number(&self, start: usize, end: usize) -> Option<usize> {
        let letters = email::word_end(self.view, start);
        let known = || {
            let label = self.rules.words.topics(self.view.slice(start..letters));
            label.has(Topics::LABELS) || letters.saturating_sub(start) > 2
        };
        (letters > start && letters < end && end.saturating_sub(letters) > 4 && known()).then_some(letters)
    }

    /// Codes that are no personal data whatever they look like: UUIDs, postal tracking codes, long hexadecimal digests.
    fn look_alike(&self, start: usize, end: usize) -> Option<usize> {
        let token = self.view.slice(start..end);
        let hex = || token.iter().all(u8::is_ascii_hexdigit);
        match token.len() {
            4 => self.opening_hours(start, end),
            8 if self.view.byte(end) == b'-' && hex() => {
                let rest = self.view.slice(end..end.saturating_add(28));
                let lengths = rest.split(|b| *b == b'-').map(<[u8]>::len);
                lengths.take(5).eq([0, 4, 4, 4, 12]).then(|| end.saturating_add(28))
            }
            13 => is_postal(token).then_some(end),
            18 => token.starts_with(b"1z").then_some(end),
            32 | 40 | 64 => (hex() && token.iter().any(u8::is_ascii_lowercase)).then_some(end),
            _ => None,
        }
    }

    /// The end of `0800-1230`: two times of day, the second one later.
    fn opening_hours(&self, start: usize, end: usize) -> Option<usize> {
        let past = end.saturating_add(5);
        let to = self.view.slice(end.saturating_add(1)..past);
        let goes_on = self.view.byte(past.saturating_add(1)).is_ascii_digit();
        let whole = self.view.byte(end) == b'-' && !is_word(self.view.byte(past)) && !goes_on;
        let from =
            time_of_day(self.view.slice(start..end)).filter(|_| whole && !digits_join(self.view, start))?;
        (time_of_day(to)? > from).then_some(past)
    }

    /// Addresses of networks and wallets.
    fn address(&mut self, start: usize, end: usize) -> Option<usize> {
        if self.view.byte(end) == b'.'
            && end.saturating_sub(start) <= 3
            && let Some(end) = net::ipv4(self.view, start)
        {
            return Some(self.internet_address(start..end));
        }
        if matches!(self.view.byte(end), b'-' | b'.')
            && let Some(end) = net::mac(self.view, start)
        {
            self.sure(start..end, PiiKind::Mac, Topics::MAC, 88);
            return Some(end);
        }
        if end.saturating_sub(start) > 13 && crypto::wallet(self.view, start, end) {
            self.sure(start..end, PiiKind::CryptoWallet, Topics::CRYPTO, 93);
            return Some(end);
        }
        None
    }

    fn internet_address(&mut self, range: Range<usize>) -> usize {
        let around = self.around(&range);
        let belief = Belief { bare: 72, grouped: 72, sole: 80, labelled: 95 };
        let (confidence, context) = around.judge(&belief, 72, Topics::IP);
        let confidence = if around.near.has(Topics::VERSION) { 20 } else { confidence };
        let end = range.end;
        self.push(range, PiiKind::Ip, confidence, Reason { verified: false, form: Form::Plain, context });
        end
    }

    /// Tries every reading of a code; `card_only` within a long row of digits.
    fn read_code(&mut self, code: &Compact, start: usize, card_only: bool) {
        if code.digits & 0b1111 == 0b1100
            && let Some(n) = iban::iban_length(code)
        {
            self.found_strong(code, start, n, PiiKind::Iban);
            return;
        }
        let digits = code.leading_digits();
        let card = digits >= 12 && self.plus_before(start).is_none() && self.card(code, start, digits);
        if card || card_only {
            return;
        }
        let mut around = None;
        self.specs(code, start, &mut around);
        if digits >= SHORTEST {
            self.phone(code, start, digits, &mut around);
        }
        self.expiry(start);
    }

    fn found_strong(&mut self, code: &Compact, start: usize, n: usize, kind: PiiKind) {
        let range = start..code.end(n);
        let form = self.form(&range, form_of(code, n));
        self.done = range.end;
        self.push(range, kind, 98, Reason { verified: true, form, context: Lean::None });
    }

    fn card(&mut self, code: &Compact, start: usize, digits: usize) -> bool {
        let Some(n) = card::LENGTHS
            .rev()
            .find(|&n| n <= digits && (code.ends_at(n) || n == digits) && card::is_card(code.head(n)))
        else {
            return false;
        };
        let range = start..code.end(n);
        let around = self.around(&range);
        let base = self.card_base(code, start, n);
        let belief = Belief { bare: base, grouped: base, sole: base, labelled: 98 };
        let (judged, context) = around.judge(&belief, base, Topics::CARD);
        let ordered = around.is_order() && code.broken(n) == Gap::None;
        let confidence = judged.max(if ordered { base.min(LOWEST_PROVEN) } else { base });
        let form = self.form(&range, form_of(code, n));
        if confidence >= self.rules.floors.of(PiiKind::Card) {
            self.card_end = range.end;
            self.done = range.end;
        }
        self.push(range, PiiKind::Card, confidence, Reason { verified: true, form, context });
        confidence >= self.rules.floors.of(PiiKind::Card)
    }

    fn card_base(&self, code: &Compact, start: usize, n: usize) -> u8 {
        let usual =
            code.grouped(n, &[4, 4, 4, 4]) || code.grouped(n, &[4, 6, 5]) || code.grouped(n, &[4, 6, 4]);
        if usual {
            return 97;
        }
        let joined = self.is_part(code, start, n);
        let product = card::is_ean13(code.head(n)) && code.broken(n) == Gap::None;
        let hard = code.broken(n) == Gap::Hard;
        90_u8
            .saturating_sub(if joined { 45 } else { 0 })
            .saturating_sub(if product { 50 } else { 0 })
            .saturating_sub(if hard { 30 } else { 0 })
    }

    fn specs(&mut self, code: &Compact, start: usize, around: &mut Option<Around>) {
        let mut from = SHORTEST.saturating_sub(1);
        while let Some(n) = code.next_bound(from).filter(|&n| n <= kinds::LONGEST) {
            from = n;
            self.specs_of_length(code, start, n, around);
        }
        let glued = 16;
        if !code.ends_at(glued) && code.len() > glued {
            self.glued_fiscal_code(code, start);
        }
    }

    /// A fiscal code runs into the next word at times: its check letter says where it ends.
    fn glued_fiscal_code(&mut self, code: &Compact, start: usize) {
        if code.len() < 16 {
            return;
        }
        let found = kinds::shaped(code, 16)
            .specs()
            .find(|spec| spec.kind == PiiKind::ItFiscalCode && (spec.check)(code.head(16)));
        if let Some(spec) = found {
            self.found_strong(code, start, 16, spec.kind);
        }
    }

    fn specs_of_length(&mut self, code: &Compact, start: usize, n: usize, around: &mut Option<Around>) {
        let shaped = kinds::shaped(code, n);
        if shaped.is_empty() || code.broken(n) == Gap::Hard {
            return;
        }
        let range = start..code.end(n);
        let around = around.get_or_insert_with(|| self.before(start));
        self.charge(LENGTH);
        around.read_after(self.view, self.rules.words, range.end);
        let alone = code.broken(n) == Gap::None && !self.is_sole(start, range.end);
        let need = match (around.mention(shaped.labels()) || self.rules.floors.any_low, alone) {
            (true, _) => kinds::Need::Label,
            (false, true) => kinds::Need::Nothing,
            (false, false) => kinds::Need::Groups,
        };
        if need != kinds::Need::Label && code.all_digits(n) && phone::is_service(code.head(n)) {
            return;
        }
        // among digits in one piece one in ten passes a check by chance: an order's word right before outweighs it
        let ordered = around.is_order() && code.all_digits(n) && code.broken(n) == Gap::None;
        let cut = matches!(self.view.byte(range.end), b'-' | b'.' | b'/')
            && is_word(self.view.byte(range.end.saturating_add(1)));
        for spec in shaped.within(need).specs() {
            if cut && !spec.verified && need != kinds::Need::Label {
                continue; // "EN 50131-1"
            }
            let range = range.clone();
            let hopeless =
                spec.unlabelled() < self.rules.floors.of(spec.kind) && !around.mention(spec.labels);
            if hopeless {
                continue;
            }
            self.charge(n);
            if !(spec.check)(code.head(n)) {
                continue;
            }
            let base = self.spec_base(spec, code, start, n);
            let belief = lowered(spec.belief, if self.is_part(code, start, n) { 35 } else { 0 });
            let (judged, context) = around.judge(&belief, base, spec.labels);
            let own_groups =
                code.broken(n) == Gap::Soft && spec.groups.iter().any(|groups| code.grouped(n, groups));
            let judged = judged.saturating_add(if own_groups { 2 } else { 0 }).min(99);
            let confidence = match spec.belief.bare {
                STRONG.. => judged.max(base),
                UNLIKELY.. if spec.verified && !ordered => judged.max(base.min(LOWEST_PROVEN)),
                _ => judged,
            };
            let form = self.form(&range, form_of(code, n));
            if spec.verified && confidence >= 90 {
                self.done = self.done.max(range.end);
            }
            self.push(range, spec.kind, confidence, Reason { verified: spec.verified, form, context });
        }
    }

    /// Whether a candidate is the whole message.
    const fn is_sole(&self, start: usize, end: usize) -> bool {
        start == 0 && end.saturating_add(1) >= self.view.len()
    }

    fn spec_base(&self, spec: &kinds::Spec, code: &Compact, start: usize, n: usize) -> u8 {
        let grouped = code.broken(n) == Gap::Soft && spec.groups.iter().any(|groups| code.grouped(n, groups));
        let spaced = code.broken(n) == Gap::Soft && !grouped;
        let sole = self.is_sole(start, code.end(n));
        let base = if grouped { spec.belief.grouped } else { spec.belief.bare };
        let base = if sole { base.max(spec.belief.sole) } else { base };
        let joined = self.is_part(code, start, n);
        let even = code.spaced_evenly(n, 1);
        let loss = match (joined, spaced && !even) {
            (true, _) => 35,
            (false, true) if spec.verified && spec.belief.bare > 75 => 10,
            (false, true) => 22,
            _ if code.broken(n) == Gap::Line => 8,
            _ => 0,
        };
        base.saturating_sub(loss)
    }

    /// Whether the first `n` characters are digits within a longer row of digits.
    fn is_part(&self, code: &Compact, start: usize, n: usize) -> bool {
        // nine digits in one piece are a number of their own, whatever stands beside them
        let whole = n > 8 && code.broken(n) == Gap::None;
        !whole && code.all_digits(n) && (digits_join(self.view, start) || code.goes_on(n))
    }

    fn phone(&mut self, code: &Compact, start: usize, digits: usize, around: &mut Option<Around>) {
        let plus = self.plus_before(start);
        let from = plus.unwrap_or(start);
        let joined = digits_join(self.view, from);
        let mut best: Option<(usize, Belief)> = None;
        let mut bound = SHORTEST.saturating_sub(1);
        while let Some(n) = code.next_bound(bound).map(|n| n.min(digits)).filter(|&n| n > bound && n <= 16) {
            bound = n;
            self.charge(n);
            if plus.is_none() && phone::is_service(code.head(n)) {
                return; // and what it starts with is no shorter number
            }
            if let Some(belief) = phone::read(code, n, plus.is_some()) {
                let more = if code.goes_on(n) { 35 } else { 0 };
                let belief = lowered(belief, more);
                if best.is_none_or(|(_, best)| belief.bare >= best.bare) {
                    best = Some((n, belief));
                }
            }
        }
        let Some((n, belief)) = best else { return };
        let belief = lowered(belief, if joined { 30 } else { 0 });
        let range = self.with_bracket(from, code.end(n))..code.end(n);
        let around = *around.get_or_insert_with(|| self.before(from));
        let around = self.with_after(around, range.end);
        let (judged, context) = around.judge(&belief, belief.bare, Topics::PHONE);
        // no order has a plus in front: the words around can weaken that, and cannot outweigh it
        let floor = match (plus.is_some(), context) {
            (false, _) => 0,
            (true, Lean::Lowered) => belief.bare.min(LOWEST_PROVEN),
            (true, _) => belief.bare,
        };
        let confidence = judged.max(floor);
        let form = self.form(&range, form_of(code, n));
        if confidence >= 80 && self.rules.wants(PiiKind::Phone, confidence) {
            self.done = self.done.max(range.end);
        }
        self.push(range, PiiKind::Phone, confidence, Reason { verified: false, form, context });
    }

    fn plus_before(&self, start: usize) -> Option<usize> {
        let back = email::back_over_blanks(self.view, start);
        let back = if self.view.before(start) == b'(' { start.saturating_sub(1) } else { back };
        (self.view.before(back) == b'+' && start.saturating_sub(back) < 2).then(|| back.saturating_sub(1))
    }

    /// Takes an opening bracket before the area code in.
    fn with_bracket(&self, start: usize, end: usize) -> usize {
        let closed = self.view.slice(start..end).contains(&b')');
        if closed && self.view.before(start) == b'(' { start.saturating_sub(1) } else { start }
    }

    /// `12/27` behind a card, a label between or not.
    #[inline]
    fn expiry(&mut self, start: usize) {
        if self.card_end > 0 && start > self.card_end && start.wrapping_sub(self.card_end) < 24 {
            self.expiry_of_card(start);
        }
    }

    fn expiry_of_card(&mut self, start: usize) {
        let [a, b, mark, rest @ ..] = self.view.slice(start..start.saturating_add(7).min(self.view.len()))
        else {
            return;
        };
        let month = super::check::number(&[*a, *b]);
        let years = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if a.is_ascii_digit()
            && b.is_ascii_digit()
            && (1..=12).contains(&month)
            && matches!(mark, b'/' | b'-')
            && matches!(years, 2 | 4)
        {
            let range = start..start.saturating_add(3).saturating_add(years);
            self.push(
                range,
                PiiKind::CardExpiry,
                85,
                Reason { verified: false, form: Form::Plain, context: Lean::Raised },
            );
        }
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
        let form = self.form(&range, Form::Plain);
        self.push(range, kind, confidence, Reason { verified: false, form, context });
    }

    fn form(&self, range: &Range<usize>, form: Form) -> Form {
        let sent = self.view.original(range.clone()).len();
        if form == Form::Plain && sent != range.len() { Form::Disguised } else { form }
    }

    fn push(&mut self, range: Range<usize>, kind: PiiKind, confidence: u8, reason: Reason) {
        if !self.rules.wants(kind, confidence) {
            return;
        }
        let original = self.view.original(range);
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

/// Whether three letters stand at `at`: a word, and no piece of a code with digits.
fn starts_word(view: &View<'_>, at: usize) -> bool {
    view.slice(at..at.saturating_add(3)).iter().all(|byte| byte.is_ascii_lowercase())
}

/// The end of a label that an earlier redaction wrote, `[CARD_1]` or `[CARD:token]`, if one starts at `at`.
fn label_end(view: &View<'_>, at: usize) -> Option<usize> {
    let inner = at.saturating_add(1);
    let close =
        (inner..inner.saturating_add(104)).find(|&i| matches!(view.byte(i), b']' | b' ' | b'[' | 0))?;
    let text = view.slice(inner..close);
    let mark = text.iter().rposition(|b| matches!(b, b'_' | b':'))?;
    let (word, number) = text.split_at_checked(mark)?;
    let named = word.iter().all(|b| b.is_ascii_lowercase() || *b == b'_') && !word.is_empty();
    let numbered = number
        .get(1..)
        .is_some_and(|n| !n.is_empty() && (n.iter().all(u8::is_ascii_digit) || number.starts_with(b":")));
    (view.byte(close) == b']' && named && numbered).then(|| close.saturating_add(1))
}

/// Hours and minutes without a sign between them.
fn time_of_day(digits: &[u8]) -> Option<[u8; 4]> {
    let time @ [b'0'..=b'2', b'0'..=b'9', b'0'..=b'5', b'0'..=b'9'] = digits.first_chunk().copied()? else {
        return None;
    };
    (digits.len() == 4 && time <= *b"2400").then_some(time)
}

/// A postal item: two letters, nine digits, the country (UPU S10).
fn is_postal(token: &[u8]) -> bool {
    matches!(token, [a, b, digits @ .., y, z] if digits.iter().all(u8::is_ascii_digit)
        && [a, b, y, z].iter().all(|letter| letter.is_ascii_lowercase()))
}

/// What words against it leave of a belief that a check digit or an international prefix supports.
const LOWEST_PROVEN: u8 = 52;
/// From this belief on a check digit is no chance: the others of its kind weed out nine in ten at best.
const UNLIKELY: u8 = 55;
/// From this belief on a form speaks for itself, and no word against it.
const STRONG: u8 = 82;

fn lowered(belief: Belief, loss: u8) -> Belief {
    let less = |percent: u8| percent.saturating_sub(loss);
    Belief {
        bare: less(belief.bare),
        grouped: less(belief.grouped),
        sole: less(belief.sole),
        labelled: less(belief.labelled),
    }
}

fn form_of(code: &Compact, n: usize) -> Form {
    match code.broken(n) {
        Gap::None => Form::Plain,
        Gap::Soft | Gap::Hard => Form::Separated,
        Gap::Line => Form::Broken,
    }
}

/// Whether a short group of digits stands before `start` with one separator between, so that the number began earlier.
fn digits_join(view: &View<'_>, start: usize) -> bool {
    let Some(gap) = start.checked_sub(1) else { return false };
    let separator = matches!(view.byte(gap), b' ' | b'-' | b'.' | b'/');
    let mut from = gap;
    while view.before(from).is_ascii_digit() && gap.saturating_sub(from) < 9 {
        from = from.saturating_sub(1);
    }
    separator && (1..8).contains(&gap.saturating_sub(from))
}

/// What dictated digits are.
fn dictated_kind(digits: &[u8]) -> (PiiKind, u8) {
    if card::LENGTHS.contains(&digits.len()) && card::is_card(digits) {
        (PiiKind::Card, 95)
    } else if (8..=13).contains(&digits.len()) {
        (PiiKind::Phone, 76)
    } else {
        (PiiKind::Phone, 42)
    }
}

fn labels_of(kind: PiiKind) -> Topics {
    if kind == PiiKind::Card { Topics::CARD } else { Topics::PHONE }
}
