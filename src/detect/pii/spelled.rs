//! Numbers dictated in words: "tre quattro sette, double five, trentadue".

use super::numeral::{Numeral, Spoken, read};
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
    open: Open,
}

/// What may join the last word.
#[derive(Clone, Copy)]
enum Open {
    Nothing,
    /// A round ten, which a unit joins.
    Ten,
    /// "Dix", which seven and more join.
    Dix,
    /// "Soixante" or "quatre-vingt", which what is below twenty joins.
    Score(u32),
    /// "Quatre", before "vingt".
    Four,
}

impl Open {
    fn behind(word: &[u8], number: Numeral) -> Self {
        if number.places == 1 {
            return if number.value == 4 && word == b"quatre" { Self::Four } else { Self::Nothing };
        }
        match word {
            b"dix" => Self::Dix,
            b"soixante" => Self::Score(60),
            b"vingt" | b"vingts" if number.value == 80 => Self::Score(80),
            _ if number.takes_unit => Self::Ten,
            _ => Self::Nothing,
        }
    }
}

fn is_french_below_score(word: &[u8]) -> bool {
    matches!(word, b"dix" | b"onze" | b"douze" | b"treize" | b"quatorze" | b"quinze" | b"seize")
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
            open: Open::Nothing,
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
        if word.iter().all(u8::is_ascii_digit) && word.len() <= 6 {
            word.iter().for_each(|b| self.push(*b));
            self.open = Open::Nothing;
            return Some(end);
        }
        match read(word)? {
            Spoken::Plus if self.length == 0 => self.plus = true,
            Spoken::Plus => return None,
            Spoken::Times(times) => self.times = times,
            Spoken::Number(number) => {
                let number = self.joined(word, number, view.before(at) == b'-');
                self.open = Open::behind(word, number);
                self.number(number);
            }
        }
        self.words = self.words.saturating_add(1);
        Some(end)
    }

    /// What a numeral makes with the one before, which it then stands for as well: "trenta" and "quattro" for 34, "soixante"
    /// and "dix" for 70, "quatre" and "vingt", with a hyphen, for 80.
    fn joined(&mut self, word: &[u8], number: Numeral, hyphened: bool) -> Numeral {
        if matches!(self.open, Open::Nothing) {
            return number;
        }
        let Numeral { value, places, .. } = number;
        let (lost, value) = match self.open {
            Open::Ten | Open::Score(_) if places == 1 && value > 0 => (1, value),
            Open::Dix if places == 1 && value > 6 => (1, value),
            Open::Score(score) if is_french_below_score(word) => (2, score.saturating_add(value)),
            Open::Four if hyphened && word.starts_with(b"vingt") => (1, 80),
            _ => (0, value),
        };
        self.length = self.length.saturating_sub(lost);
        Numeral { value, ..number }
    }

    fn number(&mut self, number: Numeral) {
        for _ in 0..self.times {
            for place in (0..number.places).rev() {
                let digit = number.value.checked_div(10_u32.pow(place)).unwrap_or(0) % 10;
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

/// Behind "e", "and then" and the like, which stand between two numerals at times.
fn skip_conjunction(view: &View<'_>, start: usize) -> usize {
    const FIRST: u32 = 1 << (b'e' & 31)
        | 1 << (b'y' & 31)
        | 1 << (b'a' & 31)
        | 1 << (b'u' & 31)
        | 1 << (b'p' & 31)
        | 1 << (b't' & 31)
        | 1 << (b'd' & 31)
        | 1 << (b'l' & 31);
    if FIRST.wrapping_shr(u32::from(view.byte(start))) & 1 == 0 {
        return start;
    }
    match conjunction(view, start) {
        0 => start,
        first => start.saturating_add(first).saturating_add(conjunction(view, start.saturating_add(first))),
    }
}

/// The length of a word for "and" or "then" at `at` with the blank behind it, 0 where none stands.
fn conjunction(view: &View<'_>, at: usize) -> usize {
    match view.eight(at).to_le_bytes() {
        [b'e' | b'y', b' ', ..] => 2,
        [b'e', b't', b' ', ..] => 3,
        [b'a', b'n', b'd', b' ', ..] | [b'u', b'n', b'd', b' ', ..] | [b'p', b'o', b'i', b' ', ..] => 4,
        [b't', b'h', b'e', b'n', b' ', ..]
        | [b'p', b'u', b'i', b's', b' ', ..]
        | [b'd', b'a', b'n', b'n', b' ', ..] => 5,
        [b'l', b'u', b'e', b'g', b'o', b' ', ..] => 6,
        [b'd', b'e', b's', b'p', b'u', b'e', b's', b' '] => 8,
        _ => 0,
    }
}
