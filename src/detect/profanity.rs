//! Disguised expletives: digits and signs in the place of letters, letters apart, letters masked.
//!
//! Only suspicious tokens come here, and what they might spell is compared with the expletives alone, as whole words, so
//! that an ordinary message costs and shows nothing.

use super::lexicon::{Compiled, Entry, Role};
use crate::num::{narrow, wide};
use crate::text::{Flags, Folded, Token, Tokens};

/// Bytes of a disguised word.
const MAX_WORD: usize = 24;
/// Letters apart that are read together.
const MAX_LETTERS: usize = 14;
/// Stands for one hidden letter.
const HIDDEN: u8 = b'*';

/// An expletive under a disguise: tokens `first` to `last`, the end excluded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unmasked {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) entry: Entry,
    /// What it adds to the feeling of the text.
    pub(super) feeling: i16,
}

/// Finds the disguised expletives of a text.
pub(super) fn unmask(compiled: &Compiled, folded: &Folded, tokens: &Tokens, found: &mut Vec<Unmasked>) {
    if tokens.suspects() == 0 {
        return;
    }
    let list = tokens.list();
    let text = folded.as_str().as_bytes();
    let mut at = 0;
    while at < list.len() {
        let chunk = chunk_end(text, list, at);
        let suspicious = list.get(at..chunk).is_some_and(|chunk| chunk.iter().any(is_suspicious));
        if suspicious && let Some((entry, feeling)) = read_chunk(compiled, text, list, at, chunk) {
            found.push(Unmasked { first: narrow(at), last: narrow(chunk), entry, feeling });
        }
        at = chunk;
    }
    letters_apart(compiled, text, list, found);
}

fn is_suspicious(token: &Token) -> bool {
    token.flags.has(Flags::MIXED.with(Flags::MASKED))
        && !token.flags.has(Flags::LINK.with(Flags::MAIL).with(Flags::HANDLE).with(Flags::NUMBER))
}

/// The token after the last that no blank parts from token `at`.
fn chunk_end(text: &[u8], list: &[Token], at: usize) -> usize {
    let mut end = at.saturating_add(1);
    while let (Some(before), Some(next)) = (list.get(end.saturating_sub(1)), list.get(end)) {
        let between = text.get(wide(before.end)..wide(next.start)).unwrap_or_default();
        if between.len() > 8
            || between.iter().any(|b| b.is_ascii_whitespace() || matches!(b, b',' | b';' | b'/' | b'?'))
        {
            break;
        }
        end = end.saturating_add(1);
    }
    end
}

/// A word being spelled out, in a place of fixed size.
struct Spelling {
    bytes: [u8; MAX_WORD],
    len: usize,
}

impl Spelling {
    const fn new() -> Self {
        Self { bytes: [0; MAX_WORD], len: 0 }
    }

    /// Adds a byte; `None` where the word is longer than any expletive.
    fn push(&mut self, byte: u8) -> Option<()> {
        *self.bytes.get_mut(self.len)? = byte;
        self.len = self.len.saturating_add(1);
        Some(())
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

fn read_chunk(
    compiled: &Compiled,
    text: &[u8],
    list: &[Token],
    first: usize,
    end: usize,
) -> Option<(Entry, i16)> {
    let (from, to) = (list.get(first)?, list.get(end.saturating_sub(1))?);
    let trailing = text
        .get(wide(to.end)..)
        .unwrap_or_default()
        .iter()
        .take_while(|b| matches!(b, b'*' | b'$' | b'#' | b'@'))
        .count();
    let raw = text.get(wide(from.start)..wide(to.end).saturating_add(trailing))?;
    [b'i', b'l'].into_iter().find_map(|one| {
        let spelling = spell(raw, one)?;
        let word = spelling.as_bytes();
        if word.contains(&HIDDEN) { masked(compiled, word) } else { exact(compiled, word) }
    })
}

/// Letters for the digits and signs that look like them; `one` is what `1`, `!` and `|` stand for.
fn spell(raw: &[u8], one: u8) -> Option<Spelling> {
    let mut spelling = Spelling::new();
    for &byte in raw {
        let letter = match byte {
            b'a'..=b'z' => byte,
            b'0' => b'o',
            b'1' | b'!' | b'|' => one,
            b'3' => b'e',
            b'4' | b'@' => b'a',
            b'5' | b'$' => b's',
            b'7' | b'+' => b't',
            b'8' => b'b',
            b'9' => b'g',
            b'*' | b'#' | b'%' | b'&' => HIDDEN,
            b'.' | b'-' | b'_' | b'\'' => continue,
            _ => return None,
        };
        spelling.push(letter)?;
    }
    Some(spelling)
}

/// The expletive that a word is, and what it adds to the feeling.
fn exact(compiled: &Compiled, word: &[u8]) -> Option<(Entry, i16)> {
    compiled.layers().into_iter().find_map(|layer| {
        let (mut best, mut valence, mut boosts): (Option<Entry>, Option<i16>, bool) = (None, None, false);
        layer.tables.phrases.look_up(word, &mut |value| {
            for (_, entry) in layer.entries(value) {
                match compiled.concept(entry.concept).map(|concept| concept.role) {
                    Some(Role::Profanity { .. } | Role::Sexual { .. }) => best = Some(*entry),
                    Some(Role::Valence) => valence = Some(entry.weight),
                    Some(Role::Boost) => boosts = true,
                    _ => {}
                }
            }
        });
        best.map(|entry| (entry, valence.unwrap_or_else(|| feeling(entry, boosts))))
    })
}

/// An expletive says half as much of the feeling as of the manners; one that only strengthens says nothing.
fn feeling(entry: Entry, boosts: bool) -> i16 {
    if boosts { 0 } else { entry.weight.checked_div(-2).unwrap_or(0) }
}

/// The expletive that a word with hidden letters can be: as long, and alike in every letter that shows.
fn masked(compiled: &Compiled, word: &[u8]) -> Option<(Entry, i16)> {
    let shown = word.iter().filter(|&&b| b != HIDDEN).count();
    let hidden = word.len().saturating_sub(shown);
    if word.first() == Some(&HIDDEN)
        || word.len() < 4
        || hidden.saturating_mul(4) > word.len().saturating_mul(3)
    {
        return None;
    }
    let fits = |known: &[u8]| {
        known.len() == word.len() && known.iter().zip(word).all(|(k, w)| k == w || *w == HIDDEN)
    };
    let mut known = compiled.layers().into_iter().flat_map(|layer| &layer.tables.masked);
    let (word, entry) = known.find(|(known, _)| fits(known))?;
    let shown = exact(compiled, word).filter(|(known, _)| known.concept == entry.concept);
    Some((*entry, shown.map_or_else(|| feeling(*entry, false), |(_, feeling)| feeling)))
}

/// `c a z z o`, `c.a.z.z.o`: tokens of one letter or digit in a row.
fn letters_apart(compiled: &Compiled, text: &[u8], list: &[Token], found: &mut Vec<Unmasked>) {
    let single = |at: usize| {
        let token = list.get(at)?;
        let byte = *text.get(wide(token.start))?;
        (token.end.saturating_sub(token.start) == 1 && byte.is_ascii_alphanumeric()).then_some(byte)
    };
    let mut at = 0;
    while at < list.len() {
        let run = (0..MAX_LETTERS.saturating_mul(2))
            .take_while(|&n| single(at.saturating_add(n)).is_some())
            .count();
        let reach = run.min(MAX_LETTERS);
        let longest = (3..=reach).rev().find_map(|length| {
            let mut raw = [0_u8; MAX_LETTERS];
            for (n, slot) in raw.iter_mut().enumerate().take(length) {
                *slot = single(at.saturating_add(n))?;
            }
            let raw = raw.get(..length)?;
            // Three signs that are not all letters are more often an enumeration than a word.
            if length == 3 && !raw.iter().all(u8::is_ascii_alphabetic) {
                return None;
            }
            let spelling = spell(raw, b'i')?;
            exact(compiled, spelling.as_bytes()).map(|found| (length, found))
        });
        match longest {
            Some((length, (entry, feeling))) => {
                let last = at.saturating_add(length);
                found.push(Unmasked { first: narrow(at), last: narrow(last), entry, feeling });
                at = last;
            }
            None => at = at.saturating_add(1),
        }
    }
}
