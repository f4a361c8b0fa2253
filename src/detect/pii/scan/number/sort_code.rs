//! British sort codes: six digits, most often in pairs, behind the words that name them (UK Finance, EISCD).

use crate::detect::pii::around::is_word;
use crate::detect::pii::kind::PiiKind;
use crate::detect::pii::scan::Scan;
use crate::detect::pii::span::{Form, Lean, Reason};
use crate::detect::pii::topic::Topics;

/// How strongly one is believed.
const BELIEF: u8 = 92;
/// Words between "sort" and the number.
const MOST_WORDS: usize = 5;

impl Scan<'_, '_> {
    /// Takes a sort code that starts at `start` with the digits up to `end` in, and says whether one stands there.
    pub(super) fn sort_code(&mut self, start: usize, end: usize) -> bool {
        let named = |past: usize| self.is_named_sort(start, past) || self.is_called_sort(past);
        let Some(past) = self.sort_code_end(start, end).filter(|&past| named(past)) else {
            return false;
        };
        let reason = Reason { verified: false, form: Form::Plain, context: Lean::Raised };
        self.done = self.done.max(past);
        self.push(start..past, PiiKind::UkSortCode, BELIEF, reason);
        true
    }

    /// The end of six digits, or of three pairs with one separator.
    #[inline]
    fn sort_code_end(&self, start: usize, end: usize) -> Option<usize> {
        let digits = |from: usize, past: usize| self.view.slice(from..past).iter().all(u8::is_ascii_digit);
        let past = match end.saturating_sub(start) {
            6 => end,
            2 => start.saturating_add(8),
            _ => return None,
        };
        if past > end {
            let [_, _, first, _, _, second, ..] = self.view.eight(start).to_le_bytes();
            let pairs = first == second
                && matches!(first, b'-' | b' ' | b'.')
                && digits(end.saturating_add(1), end.saturating_add(3))
                && digits(past.saturating_sub(2), past);
            if !pairs {
                return None;
            }
        }
        let goes_on = matches!(self.view.byte(past), b'-' | b'/')
            && self.view.byte(past.saturating_add(1)).is_ascii_digit();
        (digits(start, end) && !is_word(self.view.byte(past)) && !goes_on).then_some(past)
    }

    /// Whether "sort code", "sort code no.", "s/c" stand right before; "sort" alone with a colon or an account behind.
    #[inline(never)]
    fn is_named_sort(&self, start: usize, past: usize) -> bool {
        let mut at = start;
        let mut code = false;
        for _ in 0..MOST_WORDS {
            let mut end = at;
            while at.saturating_sub(end) < 3
                && matches!(
                    self.view.before(end),
                    b' ' | b'-' | b':' | b'.' | b'#' | b'=' | b'\n' | b'\t' | b'(' | b'"'
                )
            {
                code |= matches!(self.view.before(end), b':');
                end = end.saturating_sub(1);
            }
            at = self.view.word_start(end, 12);
            match self.view.slice(at..end) {
                b"sort" => return code || self.leads_to_account(past),
                b"sortcode" => return true,
                b"code" | b"codes" => code = true,
                b"c" => return self.view.slice(at.saturating_sub(2)..at) == b"s/",
                b"is" | b"was" | b"no" | b"nr" | b"num" | b"number" => {}
                _ => return false,
            }
        }
        false
    }

    /// Whether "is my sort code" or "(sort code)" stands right behind.
    fn is_called_sort(&self, past: usize) -> bool {
        const NAMES: [&[u8]; 3] = [b" (sort code", b" is my sort code", b" is the sort code"];
        NAMES.iter().any(|name| self.view.slice(past..past.saturating_add(name.len())) == *name)
    }

    /// Whether a word for an account follows.
    fn leads_to_account(&self, past: usize) -> bool {
        let start = (past..past.saturating_add(3)).find(|&at| is_word(self.view.byte(at)));
        start.is_some_and(|start| {
            let end = self.view.word_end(start);
            self.rules.words.topics_at(self.view, start, end).has(Topics::BANK)
        })
    }
}
