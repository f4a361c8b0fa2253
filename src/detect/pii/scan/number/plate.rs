//! Number plates that are shorter than other codes or written in groups of letters and digits of any length, right behind
//! or before the word that names one: "Kennzeichen HH AB 12", "license plate ABC 123".

use std::ops::Range;

use crate::detect::pii::around::is_word;
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::scan::Scan;
use crate::detect::pii::span::{Form, Lean, Reason};
use crate::detect::pii::topic::Topics;

/// How strongly a plate is believed that a word names.
const BELIEF: u8 = 93;

impl Scan<'_, '_> {
    /// A plate whose last group starts at `last`: letters and digits, or digits with a group of letters before.
    #[inline(never)]
    pub(super) fn plate(&mut self, last: usize) {
        let end = self.view.word_end(last);
        let group = self.view.slice(last..end);
        let glued = group.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        let number = group.get(glued..).unwrap_or_default();
        let count = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let suffix = number.get(count..).unwrap_or_default();
        if glued > 2 || !(1..=4).contains(&count) || !matches!(suffix, b"" | b"e" | b"h") {
            return;
        }
        let letters =
            if glued > 0 { Some(last..last.saturating_add(glued)) } else { self.group_before(last) };
        let Some(letters) = letters else { return };
        if letters.len() > 2 {
            if count > 2 && suffix.is_empty() && glued == 0 {
                self.american_plate(letters.start..end);
            }
        } else if let Some(district) = self.group_before(letters.start) {
            let length = district.len().saturating_add(letters.len()).saturating_add(number.len());
            let formed = self.view.byte(district.end) == b'-' || self.are_capitals(district.start..last);
            if length <= 8 && formed && self.is_named_plate(district.start, end) {
                self.push_plate(district.start..end, PiiKind::DePlate);
            }
        }
    }

    /// A plate of three letters and as many digits, shorter than other codes, "ABC123", "ABC 123".
    #[inline(never)]
    pub(super) fn american_plate(&mut self, range: Range<usize>) {
        if self.are_capitals(range.clone()) && self.names_before(range.start).has(Topics::US_PLATE) {
            self.push_plate(range, PiiKind::UsPlate);
        }
    }

    /// One to three letters that a blank or hyphen parts from what starts at `start`.
    fn group_before(&self, start: usize) -> Option<Range<usize>> {
        let end = start.checked_sub(1).filter(|&end| matches!(self.view.byte(end), b' ' | b'-'))?;
        let from = self.view.word_start(end, 4);
        let group = self.view.slice(from..end);
        let whole = (1..=3).contains(&group.len()) && !is_word(self.view.before(from));
        (whole && group.iter().all(u8::is_ascii_lowercase)).then_some(from..end)
    }

    pub(super) fn are_capitals(&self, range: Range<usize>) -> bool {
        !self.view.sent(range).chars().any(char::is_lowercase)
    }

    fn is_named_plate(&self, start: usize, end: usize) -> bool {
        self.names_before(start).has(Topics::NUMBER_PLATE) || self.is_called_plate(end)
    }

    fn push_plate(&mut self, range: Range<usize>, kind: PiiKind) {
        let reason = Reason { verified: false, form: Form::Plain, context: Lean::Raised };
        self.done = self.done.max(range.end);
        self.push(range, kind, BELIEF, reason);
    }
}
