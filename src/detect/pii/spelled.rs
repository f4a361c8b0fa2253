//! Numbers dictated in words: "tre quattro sette, double five, trentadue".

use super::numeral::{Spoken, read};
use super::view::View;

/// The most digits of a dictated number.
const MOST: usize = 24;

/// Digits that someone dictated, with the place of the last word.
pub(super) struct Dictated {
    digits: [u8; MOST],
    length: usize,
    pub(super) end: usize,
    pub(super) words: u8,
    pub(super) plus: bool,
    times: u32,
    /// The last word was a round ten, which a unit joins.
    open_ten: bool,
}

impl Dictated {
    /// Reads from the numeral that starts at `start`.
    pub(super) fn read(view: &View<'_>, start: usize) -> Self {
        let mut this = Self {
            digits: [0; MOST],
            length: 0,
            end: start,
            words: 0,
            plus: false,
            times: 1,
            open_ten: false,
        };
        let mut at = start;
        while let Some(end) = this.take(view, at) {
            this.end = end;
            at = skip_conjunction(view, skip_marks(view, end));
            if at == end || this.length >= MOST {
                break;
            }
        }
        this
    }

    pub(super) fn digits(&self) -> &[u8] {
        self.digits.get(..self.length).unwrap_or_default()
    }

    fn take(&mut self, view: &View<'_>, at: usize) -> Option<usize> {
        let mut end = at;
        while end.saturating_sub(at) < 32 && view.byte(end).is_ascii_alphanumeric() {
            end = end.saturating_add(1);
        }
        let word = view.slice(at..end);
        if word.is_empty() {
            return None;
        }
        if word.iter().all(u8::is_ascii_digit) && word.len() <= 4 {
            word.iter().for_each(|b| self.push(*b));
            self.open_ten = false;
            return Some(end);
        }
        match read(word)? {
            Spoken::Plus if self.length == 0 => self.plus = true,
            Spoken::Plus => return None,
            Spoken::Times(times) => self.times = times,
            Spoken::Number(number) => self.number(number.value, number.places, number.takes_unit),
        }
        self.words = self.words.saturating_add(1);
        Some(end)
    }

    fn number(&mut self, value: u32, places: u32, takes_unit: bool) {
        if self.open_ten && places == 1 && value > 0 {
            self.length = self.length.saturating_sub(1);
        }
        self.open_ten = takes_unit;
        for _ in 0..self.times {
            for place in (0..places).rev() {
                let digit = value.checked_div(10_u32.pow(place)).unwrap_or(0) % 10;
                self.push(b'0'.wrapping_add(u8::try_from(digit).unwrap_or(0)));
            }
        }
        self.times = 1;
    }

    fn push(&mut self, digit: u8) {
        if let Some(slot) = self.digits.get_mut(self.length) {
            *slot = digit;
            self.length = self.length.saturating_add(1);
        }
    }
}

fn skip_marks(view: &View<'_>, start: usize) -> usize {
    let mut i = start;
    while i.saturating_sub(start) < 4 && matches!(view.byte(i), b' ' | b',' | b'-' | b'.' | b'\n' | b'/') {
        i = i.saturating_add(1);
    }
    i
}

/// Behind "e" or "and", which stand between two numerals at times.
fn skip_conjunction(view: &View<'_>, start: usize) -> usize {
    [b"e ".as_slice(), b"y ", b"et ", b"and ", b"und "]
        .iter()
        .find(|word| view.slice(start..start.saturating_add(word.len())) == **word)
        .map_or(start, |word| start.saturating_add(word.len()))
}
