//! The words of all patterns, numbered: a text's token is looked up once, whatever patterns it may stand in.

use crate::detect::filter::Filter;
use crate::hash::Fnv;
use crate::num::{narrow, wide};

/// At the end of a word: whatever is left of the token.
pub(in crate::detect) const STAR: u8 = 1;
/// The number of the word that is a star alone.
pub(super) const ANY: u32 = 0;

/// A place of the table; number 0 marks a free one.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    hash: u32,
    number: u32,
}

/// Words and beginnings of words (which end in [`STAR`]), each with a number from 1.
#[derive(Debug, Clone)]
pub(super) struct Vocabulary {
    bytes: Vec<u8>,
    /// Where each word ends and the next one starts; word 0, a star alone, is empty.
    ends: Vec<u32>,
    /// A table with open addressing, a power of two long and at most half full.
    slots: Vec<Slot>,
    /// Which first two letters there are, as bits: few in a small vocabulary, which then costs little to ask.
    heads: [u32; 32],
    /// The hashes of the beginnings; empty while words are still being added.
    beginnings: Filter,
    /// Bytes of the shortest beginning.
    shortest: usize,
}

impl Default for Vocabulary {
    fn default() -> Self {
        let (ends, slots) = (vec![0, 0], vec![Slot::default(); 16]);
        let beginnings = Filter::default();
        Self { bytes: Vec::new(), ends, slots, heads: [0; 32], beginnings, shortest: usize::MAX }
    }
}

/// The row and the column of `heads` for a letter: letters that differ in case or accent alone may share one.
#[inline]
fn head(letter: u8) -> u8 {
    letter & 31
}

/// The upper half of a product in which every bit of a hash counts.
#[inline]
fn mixed(hash: Fnv) -> u32 {
    u32::try_from(hash.get().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32).unwrap_or(0)
}

impl Vocabulary {
    /// How many numbers there are.
    pub(super) const fn len(&self) -> usize {
        self.ends.len().saturating_sub(1)
    }

    pub(super) const fn bytes(&self) -> usize {
        let slots = self.slots.len().saturating_mul(size_of::<Slot>());
        let words = self.ends.len().saturating_mul(4).saturating_add(self.bytes.len());
        self.beginnings.bytes().saturating_add(slots).saturating_add(words)
    }

    /// The number of a word, a new one if it is not known.
    pub(super) fn intern(&mut self, word: &[u8]) -> u32 {
        if word == [STAR] {
            return ANY;
        }
        let hash = mixed(Fnv::of(word));
        if let Some(number) = self.find(hash, |known| known == word) {
            return number;
        }
        let number = narrow(self.len());
        self.bytes.extend_from_slice(word);
        self.ends.push(narrow(self.bytes.len()));
        self.note_head(word);
        if self.len().saturating_mul(2) > self.slots.len() {
            self.grow();
        } else {
            self.put(Slot { hash, number });
        }
        number
    }

    /// The number of a known word.
    pub(super) fn number(&self, word: &[u8]) -> Option<u32> {
        if word == [STAR] {
            return Some(ANY);
        }
        self.find(mixed(Fnv::of(word)), |known| known == word)
    }

    /// Notes how a word or beginning starts.
    fn note_head(&mut self, word: &[u8]) {
        let columns = match *word {
            [] | [STAR, ..] => return self.heads = [u32::MAX; 32],
            [_, STAR] => u32::MAX,
            [_] => 1,
            [_, second, ..] => 1 << head(second),
        };
        let row = usize::from(word.first().map_or(0, |first| head(*first)));
        if let Some(row) = self.heads.get_mut(row) {
            *row |= columns;
        }
    }

    /// Whether a word or beginning may start like this token.
    #[inline]
    fn may_start(&self, token: &[u8]) -> bool {
        let [first, second] = match *token {
            [first, second, ..] => [first, second],
            [first] => [first, 0],
            [] => [0, 0],
        };
        let row = self.heads.get(usize::from(head(first))).copied().unwrap_or(0);
        row & (1 << head(second)) != 0
    }

    /// Ends the adding of words: from now on their beginnings are found.
    pub(super) fn seal(&mut self) {
        let stem = |number: u32| Some(self.word(number).split_last().filter(|(last, _)| **last == STAR)?.1);
        let stems: Vec<&[u8]> = (1..narrow(self.len())).filter_map(stem).collect();
        let shortest = stems.iter().map(|stem| stem.len()).min();
        let hashes: Vec<u64> = stems.into_iter().map(|stem| Fnv::of(stem).get()).collect();
        self.shortest = shortest.unwrap_or(usize::MAX);
        self.beginnings = Filter::of(&hashes);
    }

    /// Reports the numbers that a token stands for, the shortest beginning first and the whole word last; not [`ANY`].
    #[inline]
    pub(super) fn resolve(&self, token: &[u8], found: &mut impl FnMut(u32)) {
        if !self.may_start(token) {
            return;
        }
        let (start, rest) = token.split_at_checked(self.shortest).unwrap_or((token, &[]));
        let mut hash = Fnv::of(start);
        if start.len() == self.shortest {
            self.find_stem(hash, start, found);
        }
        for (at, &byte) in rest.iter().enumerate() {
            hash = hash.with(byte);
            if self.beginnings.may_hold(hash.get()) {
                let stem = token.get(..=start.len().wrapping_add(at)).unwrap_or_default();
                self.find_stem(hash, stem, found);
            }
        }
        if let Some(number) = self.find(mixed(hash), |known| known == token) {
            found(number);
        }
    }

    /// Reports the number of the beginning of a word.
    #[inline]
    fn find_stem(&self, hash: Fnv, stem: &[u8], found: &mut impl FnMut(u32)) {
        let same = |known: &[u8]| known.split_last() == Some((&STAR, stem));
        if let Some(number) = self.find(mixed(hash.with(STAR)), same) {
            found(number);
        }
    }

    #[inline]
    fn find(&self, hash: u32, same: impl Fn(&[u8]) -> bool) -> Option<u32> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = wide(hash) & mask;
        loop {
            let slot = *self.slots.get(at)?;
            if slot.number == 0 {
                return None;
            }
            if slot.hash == hash && same(self.word(slot.number)) {
                return Some(slot.number);
            }
            at = at.wrapping_add(1) & mask;
        }
    }

    #[inline]
    fn word(&self, number: u32) -> &[u8] {
        let at = wide(number);
        let start = self.ends.get(at).copied().unwrap_or(0);
        let end = self.ends.get(at.wrapping_add(1)).copied().unwrap_or(0);
        self.bytes.get(wide(start)..wide(end)).unwrap_or_default()
    }

    /// Puts a word that the table does not hold into the first free place.
    fn put(&mut self, new: Slot) {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = wide(new.hash) & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            if slot.number == 0 {
                *slot = new;
                return;
            }
            at = at.wrapping_add(1) & mask;
        }
    }

    fn grow(&mut self) {
        self.slots = vec![Slot::default(); self.slots.len().saturating_mul(2)];
        for number in 1..narrow(self.len()) {
            let hash = mixed(Fnv::of(self.word(number)));
            self.put(Slot { hash, number });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stands_for_its_beginnings_and_itself() {
        let mut words = Vocabulary::default();
        let numbers: Vec<u32> = ["pag\u{1}", "pagamento", "pagam\u{1}", "x", "\u{1}", "pagamento"]
            .map(|word| words.intern(word.as_bytes()))
            .to_vec();
        assert_eq!(numbers, [1, 2, 3, 4, 0, 2]);
        words.seal();
        let resolved = |word: &str| {
            let mut found = Vec::new();
            words.resolve(word.as_bytes(), &mut |number| found.push(number));
            found
        };
        assert_eq!(resolved("pagamento"), [1, 3, 2]);
        assert_eq!(resolved("pag"), [1]);
        assert_eq!((resolved("pa"), resolved("x"), resolved("")), (vec![], vec![4], vec![]));
        assert_eq!((words.number(b"x"), words.number(b"y")), (Some(4), None));
    }

    #[test]
    fn every_word_of_many_keeps_its_number() {
        let mut words = Vocabulary::default();
        let all: Vec<String> = (0..5000).map(|n| format!("w{n}")).collect();
        for (n, word) in (1..).zip(&all) {
            assert_eq!(words.intern(word.as_bytes()), n);
        }
        for (n, word) in (1..).zip(&all) {
            assert_eq!(words.number(word.as_bytes()), Some(n));
        }
    }
}
