//! What a code can be: an IBAN, a card, one of the kinds of the table, a telephone number, the expiry of a card.

use std::ops::Range;

use super::{LENGTH, SHORTEST, Scan, digits_join};
use crate::detect::pii::around::{Around, is_word};
use crate::detect::pii::compact::{Compact, Gap, Groups, groups, mask};
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::kinds::{self, Belief};
use crate::detect::pii::span::{Form, Lean, Reason};
use crate::detect::pii::topic::Topics;
use crate::detect::pii::{card, check, iban, phone};

/// What words against it leave of a belief that a check digit or an international prefix supports.
const LOWEST_PROVEN: u8 = 52;
/// From this belief on a check digit is no chance: the others of its kind weed out nine in ten at best.
const UNLIKELY: u8 = 55;
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
        confidence >= self.rules.floors.of(PiiKind::Card)
    }

    fn card_base(&self, code: &Compact, start: usize, n: usize) -> u8 {
        const USUAL: &[Groups] = &[groups(&[4, 4, 4, 4]), groups(&[4, 6, 5]), groups(&[4, 6, 4])];
        if code.grouped_as(n, USUAL) {
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
        let labelled = around.mention(labels) || self.rules.floors.any_low;
        let named = kinds::Kinds::named(around.topics());
        let by_form = kinds::Kinds::by_form(code, n, self.is_sole(start, range.end));
        let unnamed = self.rules.floors.unnamed.and(if self.rules.floors.any_low { shaped } else { by_form });
        let mut possible = shaped.and(unnamed.or(named));
        if possible.is_empty() {
            return;
        }
        if !labelled && self.is_of_another(code, n, range.end) {
            return;
        }
        // among digits in one piece one in ten passes a check by chance: an order's word right before outweighs it
        let ordered = around.is_order() && code.all_digits(n) && code.broken(n) == Gap::None;
        let proven = possible.and(kinds::Kinds::VERIFIED);
        let needs_proof = (!labelled && self.is_cut(range.end)) || self.is_dotted(code, n, &range);
        possible = if needs_proof { proven } else { possible };
        for spec in possible.specs() {
            let range = range.clone();
            if spec.kind == PiiKind::ItPlate && !labelled && self.is_of_word(code, n, &range) {
                continue;
            }
            self.charge(n);
            if !(spec.check)(code.head(n)) {
                continue;
            }
            let base = self.spec_base(spec, code, start, n);
            let belief = lowered(spec.belief, if self.is_part(code, start, n) { 35 } else { 0 });
            let (judged, context) = around.judge(&belief, base, spec.labels);
            let own_groups = code.broken(n) == Gap::Soft && code.grouped_as(n, spec.groups);
            // "14.2.1.330 e": in groups of no kind the check letter is chance where a word speaks against it
            let odd_groups = code.broken(n) == Gap::Soft && !own_groups && !code.stands_apart(n);
            if odd_groups && spec.kind == PiiKind::DePlate {
                continue; // "golf gti 2020"
            }
            let version_like = odd_groups && context == Lean::Lowered;
            let named_otherwise = around.is_named_otherwise(spec.labels);
            let judged = judged.saturating_add(if own_groups { 2 } else { 0 }).min(99);
            let confidence = match spec.belief.bare {
                STRONG.. => judged.max(base),
                UNLIKELY.. if spec.verified && !ordered && !version_like && !named_otherwise => {
                    judged.max(base.min(LOWEST_PROVEN))
                }
                _ => judged,
            };
            let form = form_of(code, n);
            if spec.verified && confidence >= 90 {
                self.done = self.done.max(range.end);
            }
            self.push(range, spec.kind, confidence, Reason { verified: spec.verified, form, context });
        }
    }

    /// Whether a code goes on behind a hyphen: "EN 50131-1".
    fn is_cut(&self, end: usize) -> bool {
        matches!(self.view.byte(end), b'-' | b'.' | b'/') && is_word(self.view.byte(end.saturating_add(1)))
    }

    fn name_by_initials(&self, around: &mut Around, labels: Topics, start: usize) {
        let unnamed = around.near.is_none() & labels.has(Topics::ID_CARD);
        if unnamed & self.may_be_behind_initials(start) && self.is_behind_initials(start) {
            around.near = Topics::ID_CARD;
        }
    }

    /// Whether a word right before ends in "i" or "n".
    #[inline]
    fn may_be_behind_initials(&self, start: usize) -> bool {
        let gap = self.view.marks().words_before(start).leading_zeros();
        let last = self.view.before(start.wrapping_sub(crate::num::wide(gap)));
        (gap < 6) & ((last == b'i') | (last == b'n'))
    }

    /// Whether "CI" stands right before, short for an identity card; further away it is a pronoun.
    fn is_behind_initials(&self, start: usize) -> bool {
        let other = |c: char| !c.is_alphanumeric();
        let before = self.view.sent(start.saturating_sub(7)..start).trim_end_matches(other);
        let before = before.strip_suffix(['n', 'N']).map_or(before, |rest| rest.trim_end_matches(other));
        let initials = before.strip_suffix("CI").or_else(|| before.strip_suffix("ci"));
        initials.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    }

    /// Whether a code starts with two small letters and digits alone behind them: "al 41000", no plate of a motorcycle.
    fn is_of_word(&self, code: &Compact, n: usize, range: &Range<usize>) -> bool {
        code.digits & mask(n) == mask(n) & !0b11
            && self
                .view
                .sent(range.start..range.start.saturating_add(2))
                .bytes()
                .any(|b| b.is_ascii_lowercase())
    }

    /// Whether digits have three dots among them: "31.0.15.3623" is a version, of a driver perhaps.
    fn is_dotted(&self, code: &Compact, n: usize, range: &Range<usize>) -> bool {
        code.broken(n) == Gap::Soft
            && code.all_digits(n)
            && (code.bounds & mask(n) & !1).count_ones() > 2
            && self.view.slice(range.clone()).iter().filter(|byte| **byte == b'.').count() > 2
    }

    /// Whether digits are a number of a service, or the letter behind them is a word.
    fn is_of_another(&self, code: &Compact, n: usize, end: usize) -> bool {
        if code.all_digits(n) { phone::is_service(code.head(n)) } else { self.ends_in_word(code, n, end) }
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

    /// Whether a candidate is the whole message.
    const fn is_sole(&self, start: usize, end: usize) -> bool {
        start == 0 && end.saturating_add(1) >= self.view.len()
    }

    fn spec_base(&self, spec: &kinds::Spec, code: &Compact, start: usize, n: usize) -> u8 {
        let grouped = code.broken(n) == Gap::Soft && code.grouped_as(n, spec.groups);
        let spaced = code.broken(n) == Gap::Soft && !grouped;
        let sole = self.is_sole(start, code.end(n));
        let base = if grouped { spec.belief.grouped } else { spec.belief.bare };
        let base = if sole { base.max(spec.belief.sole) } else { base };
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
        let form = form_of(code, n);
        if confidence >= 80 && self.rules.wants(PiiKind::Phone, confidence) {
            self.done = self.done.max(range.end);
        }
        self.push(range, PiiKind::Phone, confidence, Reason { verified: false, form, context });
    }

    /// Takes an opening bracket before the area code in.
    fn with_bracket(&self, start: usize, end: usize) -> usize {
        let opened = self.view.before(start) == b'(';
        if opened && self.view.slice(start..end).contains(&b')') { start.saturating_sub(1) } else { start }
    }

    /// `12/27` behind a card, a label between or not.
    #[inline]
    pub(super) fn expiry(&mut self, start: usize) {
        let last = self.card_end.max(self.expiry_end);
        if self.card_end > 0 && start > last && start.wrapping_sub(last) < 24 {
            self.expiry_of_card(start);
        }
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
        }
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
        let named = || self.rules.words.topics(word).has(CODE_WORDS);
        between.len().saturating_sub(letters) <= 6 && (letters == 0 || named())
    }

    fn beside_card(&mut self, range: Range<usize>, kind: PiiKind) {
        self.push(range, kind, 85, Reason { verified: false, form: Form::Plain, context: Lean::Raised });
    }
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
