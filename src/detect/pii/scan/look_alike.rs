//! Codes that are no personal data whatever they look like.

use super::{Scan, digits_join};
use crate::detect::pii::around::is_word;
use crate::detect::pii::view::View;

impl Scan<'_, '_> {
    /// Codes that are no personal data whatever they look like: UUIDs, postal tracking codes, long hexadecimal digests.
    pub(super) fn look_alike(&self, start: usize, end: usize) -> Option<usize> {
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
}

/// The end of a label that an earlier redaction wrote, `[CARD_1]` or `[CARD:token]`, if one starts at `at`.
pub(super) fn label_end(view: &View<'_>, at: usize) -> Option<usize> {
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
