//! What the words that touch a number call it: "SSN: …", a label on the line above, "… is my SSN", "… (passport)".

use std::ops::Range;

use crate::detect::pii::around::is_word;
use crate::detect::pii::scan::Scan;
use crate::detect::pii::topic::Topics;

/// Words that are looked at on one side.
const MOST_WORDS: usize = 5;
const MOST_WORDS_BEHIND: usize = 8;
/// The most of a word that is read.
const LONGEST_WORD: usize = 48;
/// Signs between two words.
const MOST_SIGNS: usize = 3;
/// Words that say neither what a number is nor end what does.
const PASSED: Topics = Topics::FILLER.and(Topics::IS);

impl Scan<'_, '_> {
    /// What the words right before `start` name, articles, copulas and "number" passed over.
    #[inline(never)]
    pub(in crate::detect::pii::scan) fn names_before(&self, start: usize) -> Topics {
        let mut at = start;
        for _ in 0..MOST_WORDS {
            let Some(end) = self.past_signs_before(at) else { return Topics::NONE };
            at = self.view.word_start(end, LONGEST_WORD);
            self.charge(end.saturating_sub(at));
            let topics = self.rules.words.topics_at(self.view, at, end);
            if topics.has(Topics::LABELS) {
                return topics | self.joined_label(at);
            }
            if topics.has(Topics::CONTRARY) || !topics.has(PASSED) {
                return topics;
            }
        }
        Topics::NONE
    }

    /// What the word before a label adds to it: "Medicare card".
    fn joined_label(&self, label: usize) -> Topics {
        let Some(end) = label.checked_sub(1).filter(|&end| matches!(self.view.byte(end), b' ' | b'-')) else {
            return Topics::NONE;
        };
        let topics = self.rules.words.topics_at(self.view, self.view.word_start(end, LONGEST_WORD), end);
        if topics.has(Topics::CONTRARY) { Topics::NONE } else { topics & Topics::LABELS }
    }

    /// Where the word ends that blanks, a colon and the like part from `at`.
    fn past_signs_before(&self, at: usize) -> Option<usize> {
        (0..=MOST_SIGNS)
            .filter_map(|signs| at.checked_sub(signs))
            .find(|&end| is_word(self.view.before(end)))
            .filter(|&end| {
                self.view.slice(end..at).iter().all(|byte| {
                    matches!(
                        byte,
                        b' ' | b':' | b'#' | b'=' | b'-' | b'(' | b'"' | b'\'' | b'.' | b'\n' | b'/' | b'\t'
                    )
                })
            })
    }

    /// What a number is called that fills the start of a line below its label, "my account number\n…", or that a copula or
    /// a bracket behind it names, "… is my account number".
    #[inline]
    pub(super) fn names_beside(&self, start: usize, end: usize) -> Topics {
        let behind = matches!(
            self.view.eight(end).to_le_bytes(),
            [b' ', b'(', ..]
                | [b'"' | b'\'', b' ', ..]
                | [b' ', b'e', b' ', ..]
                | [b' ', b'e' | b'i', b's', b' ', ..]
                | [b' ', b'e' | b'i', b's', b't', b' ', ..]
                | [b' ', b'w', b'a', b's', b' ', ..]
                | [b' ', b'e', b'r', b'a', b' ', ..]
        );
        let behind = if behind { self.names_behind(end) } else { Topics::NONE };
        let above = if self.view.before(start) == b'\n' { self.names_before(start) } else { Topics::NONE };
        if (behind | above).has(Topics::CONTRARY) { Topics::NONE } else { behind | above }
    }

    /// Whether "my number is" stands right before `start`, in one of the languages.
    #[inline(never)]
    pub(super) fn is_own_number(&self, start: usize) -> bool {
        let Some(end) = self.past_signs_before(start) else { return false };
        let mut word = self.word_before(end);
        if self.rules.words.topics(self.view.slice(word.clone())).has(Topics::IS) {
            word = self.word_before(self.past_signs_before(word.start).unwrap_or(0));
        }
        let number = matches!(self.view.slice(word.clone()), b"numero" | b"number" | b"nummer" | b"num");
        let owner = self.word_before(self.past_signs_before(word.start).unwrap_or(0));
        number
            && matches!(
                self.view.slice(owner),
                b"mi" | b"mio" | b"my" | b"our" | b"mein" | b"meine" | b"mon" | b"nuestro"
            )
    }

    fn word_before(&self, end: usize) -> Range<usize> {
        self.view.word_start(end, 16)..end
    }

    /// Whether the words right before speak of the United States: "US passport".
    #[inline(never)]
    pub(super) fn says_american(&self, start: usize) -> bool {
        const REACH: usize = 40;
        let from = start.saturating_sub(REACH);
        let before = self.view.slice(from..start);
        let sent = self.view.sent(from..start);
        before.windows(8).any(|word| word == b"american")
            || sent.contains("US ")
            || sent.contains("USA ")
            || sent.contains("U.S.")
    }

    /// Whether the words behind `end` call it a number plate.
    pub(in crate::detect::pii::scan) fn is_called_plate(&self, end: usize) -> bool {
        self.names_behind(end).has(Topics::NUMBER_PLATE)
    }

    #[inline(never)]
    fn names_behind(&self, end: usize) -> Topics {
        let bracket = self.view.slice(end..end.saturating_add(2)) == b" (";
        let mut named = Topics::NONE;
        let mut joined = bracket;
        let mut at = end;
        for _ in 0..MOST_WORDS_BEHIND {
            let from = at;
            while at.saturating_sub(from) <= MOST_SIGNS
                && matches!(self.view.byte(at), b' ' | b'(' | b'"' | b'\'' | b'-')
            {
                at = at.saturating_add(1);
            }
            let start = at;
            at = self.view.word_end(start);
            if at == start || at.saturating_sub(start) > LONGEST_WORD {
                return named;
            }
            self.charge(at.saturating_sub(start));
            let word = self.view.slice(start..at);
            let topics = self.rules.words.topics_at(self.view, start, at);
            if topics.has(Topics::LABELS.and(Topics::CONTRARY)) {
                if !joined {
                    return Topics::NONE;
                }
                named = named | topics;
            } else if (!named.is_none() && !matches!(word, b"d" | b"di" | b"de" | b"of"))
                || !topics.has(PASSED)
                || is_indefinite(word)
            {
                return named;
            }
            joined |= topics.has(Topics::IS);
        }
        named
    }
}

/// Whether an article speaks of one of many: "30000000 is a tax record".
fn is_indefinite(word: &[u8]) -> bool {
    matches!(
        word,
        b"a" | b"an" | b"un" | b"una" | b"une" | b"ein" | b"eine" | b"for" | b"per" | b"pour" | b"fur"
    )
}
