//! What a code can be: an IBAN, a card, one of the kinds of the table, a telephone number, the expiry of a card.

mod named;

use std::ops::Range;

use super::{LENGTH, SHORTEST, Scan, digits_join};
use crate::detect::pii::around::{Around, is_word};
use crate::detect::pii::compact::{Compact, Gap, Groups, bit, groups, mask};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::kinds::{self, Belief};
use crate::detect::pii::span::{Form, Lean, Reason};
use crate::detect::pii::topic::Topics;
use crate::detect::pii::view::View;
use crate::detect::pii::{card, check, email, iban, phone};

/// What words against it leave of a belief that a check digit or an international prefix supports.
const LOWEST_PROVEN: u8 = 52;
/// From this belief on a check digit is no chance: the others of its kind weed out nine in ten at best.
const UNLIKELY: u8 = 55;
/// How strongly thirteen digits are a card, less than a number of South Africa.
const OLD_CARD: u8 = 61;
/// From this belief on a telephone number is one of a known plan.
const KNOWN: u8 = 40;
/// What hyphens between its groups make of a Canadian number, and "my number is" of a telephone number.
const HYPHENED: u8 = 68;
const OWN_NUMBER: u8 = 72;
/// What a name behind a number is worth less than one before.
const NAMED_BESIDE: u8 = 6;
/// From this belief on a form speaks for itself, and no word against it.
const STRONG: u8 = 82;

/// What the security code of a card is called behind its expiry: "crypto" is short in French.
const CODE_WORDS: Topics = Topics::CVV.and(Topics::CODE).and(Topics::CODE_NOUN).and(Topics::CRYPTO);

/// What is tried on a code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Readings {
    All,
    /// Within a long row of digits a card alone.
    Card,
    /// Where letters were read as digits, a card or a telephone number.
    Zeroed,
}

impl Scan<'_, '_> {
    /// Tries the readings of a code.
    pub(super) fn read_code(&mut self, code: &Compact, start: usize, readings: Readings) {
        if code.digits & 0b1111 == 0b1100
            && let Some(n) = iban::iban_length(code)
        {
            self.found_strong(code, start, n, PiiKind::Iban);
            return;
        }
        if code.digits & 0b1111 == 0b1100
            && let Some(n) = iban::unchecked_length(code)
        {
            self.done = code.end(n); // what its groups look like besides is chance
            return;
        }
        let digits = code.leading_digits();
        let card = digits >= 12 && self.plus_before(start).is_none() && self.card(code, start, digits);
        if card || readings == Readings::Card {
            return;
        }
        let mut around = None;
        if readings == Readings::All {
            self.specs(code, start, &mut around);
        }
        if digits >= SHORTEST {
            self.phone(code, start, digits, &mut around);
        }
        self.expiry(start);
    }

    pub(super) fn found_strong(&mut self, code: &Compact, start: usize, n: usize, kind: PiiKind) {
        let range = start..code.end(n);
        let form = form_of(code, n);
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
        let form = form_of(code, n);
        if confidence >= self.rules.floors.of(PiiKind::Card) {
            self.card_end = range.end;
            self.done = range.end;
        }
        self.push(range, PiiKind::Card, confidence, Reason { verified: true, form, context });
        n != 13 && confidence >= self.rules.floors.of(PiiKind::Card)
    }

    fn card_base(&self, code: &Compact, start: usize, n: usize) -> u8 {
        const USUAL: &[Groups] = &[groups(&[4, 4, 4, 4]), groups(&[4, 6, 5]), groups(&[4, 6, 4])];
        if code.grouped_as(n, USUAL) {
            return 97;
        }
        let joined = self.is_part(code, start, n);
        let product = card::is_ean13(code.head(n)) && code.broken(n) == Gap::None;
        let hard = code.broken(n) == Gap::Hard;
        // cards of thirteen digits are of the past
        if n == 13 { OLD_CARD } else { 90 }
            .saturating_sub(if joined { 45 } else { 0 })
            .saturating_sub(if product { 50 } else { 0 })
            .saturating_sub(if hard { 30 } else { 0 })
    }

    fn specs(&mut self, code: &Compact, start: usize, around: &mut Option<Around>) {
        let mut from = SHORTEST.saturating_sub(1);
        while let Some(n) = code.next_bound(from).filter(|&n| n <= kinds::LONGEST) {
            if code.broken(n) == Gap::Hard {
                break;
            }
            from = n;
            self.specs_of_length(code, start, n, around);
        }
        let glued = 16;
        if !code.ends_at(glued) && code.len() > glued {
            self.glued_fiscal_code(code, start);
        }
    }

    /// A fiscal code runs into the next word at times: its check letter says where it ends.
    pub(super) fn glued_fiscal_code(&mut self, code: &Compact, start: usize) {
        if code.len() < 16 {
            return;
        }
        let (shaped, _) = kinds::shaped(code, 16);
        let found =
            shaped.specs().find(|spec| spec.kind == PiiKind::ItFiscalCode && (spec.check)(code.head(16)));
        if let Some(spec) = found {
            self.found_strong(code, start, 16, spec.kind);
        }
    }

    #[inline(never)]
    fn specs_of_length(&mut self, code: &Compact, start: usize, n: usize, around: &mut Option<Around>) {
        let (shaped, labels) = kinds::shaped(code, n);
        if shaped.is_empty() {
            return;
        }
        let range = start..code.end(n);
        let around = around.get_or_insert_with(|| self.before(start));
        self.name_by_initials(around, labels, start);
        self.charge(LENGTH);
        around.read_after(self.view, self.rules.words, range.end);
        let beside = self.names_beside(start, range.end);
        let called = if around.near.has(Topics::CONTRARY) { Topics::NONE } else { beside };
        let labelled = around.mention(labels) || called.has(labels) || self.rules.floors.any_low;
        let named = kinds::Kinds::named(around.topics() | called);
        let by_form = kinds::Kinds::by_form(code, n, self.is_sole(start, range.end));
        let unnamed = self.rules.floors.unnamed.and(if self.rules.floors.any_low { shaped } else { by_form });
        let mut possible = shaped.and(unnamed.or(named));
        if possible.is_empty() || (!labelled && self.is_of_another(code, n, range.end)) {
            return;
        }
        // among digits in one piece one in ten passes a check by chance: an order's word right before outweighs it
        let ordered = around.is_order() && code.all_digits(n) && code.broken(n) == Gap::None;
        let cut = !labelled && self.is_cut(range.end) && !self.is_one_of_two(n, range.clone());
        let proven = possible.and(kinds::Kinds::VERIFIED);
        possible = if cut || self.is_unsure(code, n, &range) { proven } else { possible };
        let right_there = around.beside() | called;
        let elsewhere = right_there.has(Topics::SYSTEMS.and(OTHER_NUMBERS));
        for spec in possible.specs() {
            if elsewhere && spec.belief.bare < STRONG && is_elsewhere(spec, right_there) {
                continue; // "SIN …" with a wrong check digit is no SSN
            }
            let range = range.clone();
            if spec.kind == PiiKind::ItPlate && !labelled && is_motorcycle(code, n) {
                continue;
            }
            self.charge(n);
            let dialled = || code.all_digits(n) && self.plus_before(start).is_some();
            if !(spec.check)(code.head(n)) || dialled() {
                continue;
            }
            let base = self.spec_base(spec, code, start, n);
            let belief = self.belief(spec, code, start, n);
            let beside = belief.labelled.saturating_sub(NAMED_BESIDE);
            let (judged, context) = match around.judge(&belief, base, spec.labels) {
                (judged, _) if called.has(spec.labels) && judged < beside => (beside, Lean::Raised),
                judged => judged,
            };
            let own_groups = code.broken(n) == Gap::Soft && code.grouped_as(n, spec.groups);
            // "14.2.1.330 e": in groups of no kind the check letter is chance where a word speaks against it
            let odd_groups = code.broken(n) == Gap::Soft && !own_groups && !code.stands_apart(n);
            if odd_groups && (is_never_apart(spec.kind, code, n) || self.is_other_row(code, n, &range)) {
                continue; // "golf gti 2020"
            }
            let judged = judged.saturating_add(if own_groups { 2 } else { 0 }).min(99);
            let version_like = odd_groups && context == Lean::Lowered;
            let chance = ordered || version_like || around.is_named_otherwise(spec.labels);
            let confidence = judged.max(spec.least(base, chance));
            let form = form_of(code, n);
            if spec.verified && confidence >= 85 {
                self.done = self.done.max(range.end);
            }
            self.push(range, spec.kind, confidence, Reason { verified: spec.verified, form, context });
        }
    }

    /// What is believed of a kind, less where the characters are a piece of a longer row.
    fn belief(&self, spec: &kinds::Spec, code: &Compact, start: usize, n: usize) -> Belief {
        let belief = lowered(spec.belief, if self.is_part(code, start, n) { 35 } else { 0 });
        let american = spec.kind == PiiKind::UsPassport && self.says_american(start);
        Belief { labelled: belief.labelled.saturating_add(if american { 2 } else { 0 }), ..belief }
    }

    /// Whether a code goes on behind a hyphen: "EN 50131-1".
    fn is_cut(&self, end: usize) -> bool {
        matches!(self.view.byte(end), b'-' | b'.' | b'/') && is_word(self.view.byte(end.saturating_add(1)))
    }

    fn name_by_initials(&self, around: &mut Around, labels: Topics, start: usize) {
        let unnamed = around.beside().is_none() & labels.has(Topics::ID_CARD);
        if unnamed & self.may_be_behind_initials(start) && self.is_behind_initials(start) {
            around.name(Topics::ID_CARD);
        }
        if labels.has(Topics::BANK)
            && matches!(self.view.slice(start.saturating_sub(4)..start), b"a/c " | b"a/c:")
        {
            around.name(Topics::BANK);
        }
    }

    /// Whether a word right before ends in "i", "n" or "e".
    #[inline]
    fn may_be_behind_initials(&self, start: usize) -> bool {
        let gap = self.view.marks().words_before(start).leading_zeros();
        let last = self.view.before(start.wrapping_sub(crate::num::wide(gap)));
        (gap < 6) & ((last == b'i') | (last == b'n') | (last == b'e'))
    }

    /// Whether "CI" stands right before, short for an identity card, "n." or "è" between; further away it is a pronoun.
    fn is_behind_initials(&self, start: usize) -> bool {
        let other = |c: char| !c.is_alphanumeric();
        let before = self.view.sent(start.saturating_sub(7)..start).trim_end_matches(other);
        let before =
            before.strip_suffix(['n', 'N', 'è', 'È']).map_or(before, |rest| rest.trim_end_matches(other));
        let initials = before.strip_suffix("CI").or_else(|| before.strip_suffix("ci"));
        initials.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    }

    /// Whether a code without a check digit is a date, behind a plus, a version, or ends in a word on the next line.
    #[inline(never)]
    fn is_unsure(&self, code: &Compact, n: usize, range: &Range<usize>) -> bool {
        let digits = code.all_digits(n);
        let other = digits && (is_date(code, n) || self.plus_before(range.start).is_some());
        other || ends_below(code, n) || self.is_dotted(code, n, range)
    }

    /// Whether digits have three dots among them: "31.0.15.3623" is a version, of a driver perhaps.
    fn is_dotted(&self, code: &Compact, n: usize, range: &Range<usize>) -> bool {
        code.broken(n) == Gap::Soft
            && code.all_digits(n)
            && code.inner_bounds(n).count_ones() > 2
            && self.has_three_dots(range)
    }

    /// Whether characters are a piece of a longer row, or digits with three dots among them glued to a "v": "v12.4.1.2201".
    fn is_other_row(&self, code: &Compact, n: usize, range: &Range<usize>) -> bool {
        let version = || code.head(1) == b"v" && code.inner_bounds(n) & bit(1) == 0;
        self.is_part(code, range.start, n) || (version() && self.has_three_dots(range))
    }

    fn has_three_dots(&self, range: &Range<usize>) -> bool {
        self.view.slice(range.clone()).iter().filter(|byte| **byte == b'.').count() > 2
    }

    /// Whether digits are a number of a service, or the letter behind them is a word.
    fn is_of_another(&self, code: &Compact, n: usize, end: usize) -> bool {
        if code.all_digits(n) {
            // "901-60-2564" is written as Americans write the number of a taxpayer
            phone::is_service(code.head(n)) && !code.grouped(n, const { groups(&[3, 2, 4]) })
        } else {
            self.ends_in_word(code, n, end)
        }
    }

    /// Whether the last letters are a word by themselves: "e" behind a number in Italian, a unit in "SD 128 GB".
    fn ends_in_word(&self, code: &Compact, n: usize, end: usize) -> bool {
        let letters = n.saturating_sub(code.last_bound(n));
        let last = end.saturating_sub(letters);
        if !(1..=2).contains(&letters) || self.view.before(last) != b' ' || is_word(self.view.byte(end)) {
            return false;
        }
        let topics = self.rules.words.topics_at(self.view, last, end);
        let small = || self.view.sent(last..end).bytes().all(|byte| byte.is_ascii_lowercase());
        // in capitals a plate ends in "KM" as well; bytes are written so
        let bytes = || matches!(self.view.slice(last..end), b"gb" | b"mb" | b"tb");
        (topics.has(Topics::COUNT) && (small() || bytes()))
            || (letters == 1 && topics.has(Topics::FILLER) && self.view.byte(end) == b' ' && small())
    }

    /// Whether a candidate is the whole message, signs around it aside.
    #[inline]
    fn is_sole(&self, start: usize, end: usize) -> bool {
        const MOST_SIGNS: usize = 4;
        let behind = self.view.len().saturating_sub(end);
        let signs = |range: Range<usize>| !self.view.slice(range).iter().any(|byte| is_word(*byte));
        start <= MOST_SIGNS && behind <= MOST_SIGNS && signs(0..start) && signs(end..self.view.len())
    }

    fn spec_base(&self, spec: &kinds::Spec, code: &Compact, start: usize, n: usize) -> u8 {
        let grouped = code.broken(n) == Gap::Soft && code.grouped_as(n, spec.groups);
        let spaced = code.broken(n) == Gap::Soft && !grouped;
        let sole = self.is_sole(start, code.end(n));
        let base = if grouped { spec.belief.grouped } else { spec.belief.bare };
        // Canada writes hyphens where Australia writes blanks
        let canadian =
            grouped && spec.kind == PiiKind::CaSin && self.view.byte(start.saturating_add(3)) == b'-';
        let base = if canadian { HYPHENED } else { base };
        let base = if sole { base.max(spec.belief.sole) } else { base };
        // those with 3 are of Northern Ireland, and mobile numbers of Italy
        let irish = spec.kind == PiiKind::UkNhs && !grouped && code.head(1) == b"3";
        let base = if irish { base.min(LOWEST_PROVEN) } else { base };
        let joined = self.is_part(code, start, n);
        let even = code.stands_apart(n);
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
        let joined = || digits_join(self.view, start) || code.goes_on(n);
        !whole && code.all_digits(n) && joined() && !self.is_one_of_two(n, start..code.end(n))
    }

    /// Whether a code of the same form stands right beside this one: "123-45-6789 987-65-4321" are two.
    #[inline(never)]
    fn is_one_of_two(&self, n: usize, range: Range<usize>) -> bool {
        let length = range.len();
        if n < 9 {
            return false;
        }
        let (before, behind) = (range.start.saturating_sub(1), range.end.saturating_add(1));
        let first = before.saturating_sub(length);
        let last = behind.saturating_add(length);
        let parted = |at: usize| matches!(self.view.byte(at), b' ' | b'/' | b'-');
        let joined = digits_join(self.view, range.start);
        let follows = parted(before) && !digits_join(self.view, first) && !is_word(self.view.before(first));
        let leads = !joined && parted(range.end) && !goes_on(self.view, last);
        (follows && !goes_on(self.view, range.end) && self.have_one_form(first..before, range.clone()))
            || (leads && self.have_one_form(range, behind..last))
    }

    /// Whether digits stand at the places of digits, letters at those of letters, and the same signs at the others.
    fn have_one_form(&self, one: Range<usize>, other: Range<usize>) -> bool {
        let alike = |(a, b): (&u8, &u8)| {
            a == b
                || (a.is_ascii_digit() && b.is_ascii_digit())
                || (a.is_ascii_lowercase() && b.is_ascii_lowercase())
        };
        let (one, other) = (self.view.slice(one), self.view.slice(other));
        one.len() == other.len() && one.iter().zip(other).all(alike)
    }

    fn phone(&mut self, code: &Compact, start: usize, digits: usize, around: &mut Option<Around>) {
        let plus = self.plus_before(start);
        let from = plus.unwrap_or(start);
        let mut best: Option<(usize, Belief)> = None;
        let mut bound = SHORTEST.saturating_sub(1);
        while let Some(n) = code.next_bound(bound).map(|n| n.min(digits)).filter(|&n| n > bound && n <= 16) {
            bound = n;
            self.charge(n);
            if plus.is_none() && phone::is_service(code.head(n)) {
                return; // and what it starts with is no shorter number
            }
            if let Some(belief) = phone::read(code, n, plus.is_some()) {
                let end = code.end(n);
                let more = code.goes_on(n) && !self.is_item(end) && !self.is_one_of_two(n, start..end);
                let belief = lowered(belief, if more { 35 } else { 0 });
                if best.is_none_or(|(_, best)| belief.bare >= best.bare) {
                    best = Some((n, belief));
                }
            }
        }
        let Some((n, belief)) = best else { return };
        if code.grouped(n, const { groups(&[3, 3, 3, 2]) })
            && self.view.byte(code.end(n).saturating_sub(3)) == b'-'
        {
            return; // so Brazilians write the number of a taxpayer
        }
        let joined = digits_join(self.view, from) && !self.is_one_of_two(n, start..code.end(n));
        let belief = lowered(belief, if joined || is_cut_off(code, n) { 30 } else { 0 });
        let range = self.with_bracket(from, code.end(n))..code.end(n);
        let around = *around.get_or_insert_with(|| self.before(from));
        let around = self.with_after(around, range.end);
        let (judged, context) = around.judge(&belief, belief.bare, Topics::PHONE);
        // no order has a plus in front: the words around can weaken that, and cannot outweigh it
        let floor = match (plus.is_some(), context) {
            (false, Lean::None) if (KNOWN..OWN_NUMBER).contains(&belief.bare) && self.is_own_number(from) => {
                OWN_NUMBER
            }
            // "sui social 333…": ten digits are no number of social insurance
            (false, Lean::Lowered)
                if n == 10
                    && around.near.has(Topics::SOCIAL)
                    && !around.near.has(Topics::SYSTEMS)
                    && !around.mention(Topics::CONTRARY) =>
            {
                belief.bare
            }
            (false, _) => 0,
            (true, Lean::Lowered) => belief.bare.min(LOWEST_PROVEN),
            (true, _) => belief.bare,
        };
        let confidence = judged.max(floor);
        let form = form_of(code, n);
        if confidence >= 80 && self.rules.wants(PiiKind::Phone, confidence) {
            self.done = self.done.max(range.end);
        }
        self.push(range, PiiKind::Phone, confidence, Reason { verified: false, form, context });
    }

    /// Whether the number of an item of a list stands behind `end`: "3401234567 2) …".
    #[inline(never)]
    fn is_item(&self, end: usize) -> bool {
        let [blank, digit, bracket, ..] = self.view.eight(end).to_le_bytes();
        blank == b' ' && digit.is_ascii_digit() && bracket == b')'
    }

    /// Takes an opening bracket before the area code in.
    fn with_bracket(&self, start: usize, end: usize) -> usize {
        if self.view.before(start) != b'(' {
            return start;
        }
        let brackets = self.view.slice(start..end).iter().find(|byte| matches!(byte, b'(' | b')'));
        if brackets == Some(&b')') { start.saturating_sub(1) } else { start }
    }

    /// `12/27` behind a card, a label between or not.
    #[inline]
    pub(super) fn expiry(&mut self, start: usize) {
        let last = self.card_end.max(self.expiry_end);
        if self.card_end > 0 && start > last && start.wrapping_sub(last) < 64 {
            if start.wrapping_sub(last) < 24 {
                self.expiry_of_card(start);
            } else {
                self.named_beside_card(start);
            }
        }
    }

    /// Further from a card, an expiry or a security code behind the word for it: "…, codice 204, scade il 12/27".
    #[inline(never)]
    fn named_beside_card(&mut self, start: usize) {
        if self.is_named(start, Topics::EXPIRY) {
            self.expiry_of_card(start);
        } else {
            self.code_named_beside(start);
        }
    }

    fn code_named_beside(&mut self, start: usize) {
        let end = start.saturating_add(3);
        let ends = matches!(self.view.byte(end), 0 | b'\n' | b',' | b'.' | b')')
            && !is_word(self.view.byte(end.saturating_add(1)));
        if ends
            && self.view.slice(start..end).iter().all(u8::is_ascii_digit)
            && self.is_named(start, Topics::CODE_NOUN)
        {
            self.beside_card(start..end, PiiKind::CardSecurityCode);
        }
    }

    /// Whether one of the two words before `start` is of these topics, and the other says nothing.
    fn is_named(&self, start: usize, topics: Topics) -> bool {
        let mut at = start;
        for _ in 0..2 {
            let end = email::back_over_blanks(self.view, at);
            at = self.view.word_start(end, 12);
            let word = self.rules.words.topics_at(self.view, at, end);
            if word.has(topics) || !word.has(Topics::FILLER) {
                return word.has(topics);
            }
        }
        false
    }

    fn expiry_of_card(&mut self, start: usize) {
        let [a, b, mark, rest @ ..] = self.view.slice(start..start.saturating_add(7).min(self.view.len()))
        else {
            return;
        };
        let month = check::number(&[*a, *b]);
        let years = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if a.is_ascii_digit()
            && b.is_ascii_digit()
            && (1..=12).contains(&month)
            && matches!(mark, b'/' | b'-')
            && matches!(years, 2 | 4)
        {
            let range = start..start.saturating_add(3).saturating_add(years);
            self.expiry_end = range.end;
            self.beside_card(range, PiiKind::CardExpiry);
        } else if self.expiry_end > self.card_end && start > self.expiry_end {
            self.code_behind_expiry(start);
        } else if self.expiry_end <= self.card_end && !self.code_behind_card(start) {
            self.code_named_beside(start);
        }
    }

    /// Three digits behind a card and nothing else up to the end of the line: its security code.
    fn code_behind_card(&mut self, start: usize) -> bool {
        let end = start.saturating_add(3);
        let ends = matches!(self.view.byte(end), 0 | b'\n' | b'\r');
        let between = self.view.slice(self.card_end..start);
        let beside = between.len() <= 3 && !between.iter().any(|byte| is_word(*byte) || *byte == b'$');
        let found = ends && beside && self.view.slice(start..end).iter().all(u8::is_ascii_digit);
        if found {
            self.beside_card(start..end, PiiKind::CardSecurityCode);
        }
        found
    }

    /// Three or four digits behind the expiry of a card, no word between: its security code.
    fn code_behind_expiry(&mut self, start: usize) {
        let end = self.view.word_end(start);
        let digits = self.view.slice(start..end);
        let alone = (3..=4).contains(&digits.len())
            && digits.iter().all(u8::is_ascii_digit)
            && !matches!(self.view.byte(end), b'/' | b'-' | b'.' | b',' if self.view.byte(end.saturating_add(1)).is_ascii_digit());
        if alone && self.leads_to_code(start) {
            let mut around = Around::default();
            around.read_after(self.view, self.rules.words, end);
            if !around.after.has(Topics::CONTRARY) {
                self.beside_card(start..end, PiiKind::CardSecurityCode);
            }
        }
    }

    /// Whether at most a word for the code stands between the expiry and `start`.
    fn leads_to_code(&self, start: usize) -> bool {
        let between = self.view.slice(self.expiry_end..start);
        let letters = between.iter().filter(|byte| is_word(**byte)).count();
        let first = between.iter().position(|byte| is_word(*byte)).unwrap_or(0);
        let word = between.get(first..first.saturating_add(letters)).unwrap_or_default();
        let named = || word == b"cid" || self.rules.words.topics(word).has(CODE_WORDS);
        between.len().saturating_sub(letters) <= 6 && (letters == 0 || named())
    }

    fn beside_card(&mut self, range: Range<usize>, kind: PiiKind) {
        self.push(range, kind, 85, Reason { verified: false, form: Form::Plain, context: Lean::Raised });
    }
}

/// What a card of identity is not.
const OTHER_NUMBERS: Topics = Topics::TAX.and(Topics::VAT).and(Topics::HEALTH);

/// Whether words name the system of another country, or another kind of number than a card of identity.
#[inline(never)]
const fn is_elsewhere(spec: &kinds::Spec, named: Topics) -> bool {
    let system = Topics(named.0 & Topics::SYSTEMS.0);
    let kind = Topics(named.0 & Topics::LABELS.0 & !Topics::SYSTEMS.0);
    let other_system =
        !system.is_none() && !(spec.labels.has(system) && (kind.is_none() || spec.labels.has(kind)));
    // "Steuer-ID" is no identity card
    let card = !spec.verified && spec.labels.has(Topics::ID_CARD) && !spec.labels.has(OTHER_NUMBERS);
    other_system || (card && named.has(OTHER_NUMBERS))
}

/// Whether letters end a code that stand by themselves on the line below: "8997120\nok".
fn ends_below(code: &Compact, n: usize) -> bool {
    let digits = 64_u32.saturating_sub((code.digits & mask(n)).leading_zeros());
    code.lines & bit(crate::num::wide(digits)) & mask(n) != 0
}

/// Whether the row of digits goes on behind `end`.
fn goes_on(view: &View<'_>, end: usize) -> bool {
    let next = view.byte(end.saturating_add(1));
    is_word(view.byte(end)) || (matches!(view.byte(end), b' ' | b'-' | b'.' | b'/') && next.is_ascii_digit())
}

/// Whether one or two letters end what the digits begin, "090131-806N": a code, no number with a word glued to it.
fn is_cut_off(code: &Compact, n: usize) -> bool {
    let letters = code.next_bound(n).unwrap_or(n).saturating_sub(n);
    !code.ends_at(n)
        && (1..3).contains(&letters)
        && code.broken(n) != Gap::None
        && code.digits & bit(n.saturating_add(1)) == 0
}

/// Whether digits alone stand behind two letters, "DE 80331": a plate of a motorcycle only where a word says plate.
const fn is_motorcycle(code: &Compact, n: usize) -> bool {
    code.digits & mask(n) == mask(n) & !0b11
}

impl kinds::Spec {
    /// What words against a code cannot take from its belief; `chance`: they say that its check digit holds by chance.
    fn least(&self, base: u8, chance: bool) -> u8 {
        match self.belief.bare {
            STRONG.. => base,
            UNLIKELY.. if self.verified && !chance => base.min(LOWEST_PROVEN),
            _ => 0,
        }
    }
}

/// Kinds that people write in one piece, or in the groups of their kind alone.
fn is_never_apart(kind: PiiKind, code: &Compact, n: usize) -> bool {
    match kind {
        PiiKind::DePlate | PiiKind::UsPlate => true,
        PiiKind::FrIdentityCard => !code.all_digits(n),
        _ => false,
    }
}

/// Whether digits are a date: "10/10/2026", "2026-10-10", "20261010".
fn is_date(code: &Compact, n: usize) -> bool {
    if n != 8 || !code.all_digits(n) {
        return false;
    }
    let part = |range: Range<usize>| code.head(n).get(range).map_or(0, check::number);
    let century = |year: u32| matches!(year, 19 | 20);
    let month_day = |month: u32, day: u32| (1..=12).contains(&month) && (1..=31).contains(&day);
    let year_first = century(part(0..2)) && month_day(part(4..6), part(6..8));
    let year_last =
        century(part(4..6)) && (month_day(part(2..4), part(0..2)) || month_day(part(0..2), part(2..4)));
    (year_first && (code.broken(n) == Gap::None || code.grouped(n, const { groups(&[4, 2, 2]) })))
        || (year_last && (code.broken(n) == Gap::None || code.grouped(n, const { groups(&[2, 2, 4]) })))
}

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
