//! The first letters of the words that the scan acts upon: which words of a text are worth a look.

use super::around::is_word;
use super::marks::Block;
use super::{numeral, secret};

/// A set of the first four letters of words, or of whole words below that, large enough that few others are in it.
pub(super) struct Heads {
    /// Two bits for each of 16,384 heads: one for each way of reading.
    bits: Box<[u64; 512]>,
}

/// How the scan reads a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Whatever stands beside it.
    Alone = 1,
    /// As a numeral, which says nothing unless another one follows.
    InRow = 2,
}

impl Heads {
    /// What is read without a list of words: keys by their form, and numerals.
    pub(super) fn built_in() -> Self {
        let mut heads = Self { bits: Box::new([0; 512]) };
        for prefix in secret::key_prefixes() {
            heads.add(prefix, true, Way::Alone);
        }
        numeral::each_head(&mut |word, open| heads.add(word, open, Way::InRow));
        heads
    }

    /// Adds a word, or a stem that may have any ending.
    pub(super) fn add(&mut self, stem: &[u8], open: bool, way: Way) {
        let letters = stem.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let mut head = [0_u8; 4];
        head.iter_mut().zip(stem.iter().take(letters)).for_each(|(slot, byte)| *slot = *byte);
        let letters = letters.min(4);
        if stem.len() < 2 || letters == 0 {
            return; // one letter starts nothing
        }
        self.insert(shortened(u32::from_le_bytes(head), crate::num::narrow(letters)), way);
        if open && letters == stem.len() && letters < 4 {
            for ending in (0..=u8::MAX).filter(|byte| is_word(*byte)) {
                if let Some(slot) = head.get_mut(letters) {
                    *slot = ending;
                }
                self.insert(u32::from_le_bytes(head), way);
            }
        }
    }

    /// Which of the words that start at these places of a block are worth a look; the block starts at `first` of a text in
    /// small letters with some bytes of room behind it.
    #[inline]
    pub(super) fn among(&self, starts: u64, first: usize, bytes: &[u8], block: &Block, next: &Block) -> u64 {
        let mut found = Found { alone: 0, in_row: 0 };
        let mut rest = block.long(starts, next); // one letter starts nothing
        while rest != 0 {
            let place = rest.trailing_zeros();
            rest &= rest.wrapping_sub(1);
            let letters = (!block.word_from(place, next)).trailing_zeros().min(4);
            let head = head_at(bytes, first.wrapping_add(crate::num::wide(place)));
            found.note(self.ways(shortened(head, letters)), place);
        }
        if found.in_row == 0 {
            return found.alone;
        }
        found.alone | found.rows(starts, block, first, bytes)
    }

    /// The bits of the ways in which a head may be read.
    #[inline]
    fn ways(&self, head: u32) -> u64 {
        let (word, shift) = place_of(head);
        self.bits.get(word).map_or(0, |bits| bits.wrapping_shr(shift) & 0b11)
    }

    #[expect(clippy::as_conversions, reason = "the discriminant of a field-less enum")]
    fn insert(&mut self, head: u32, way: Way) {
        let (word, shift) = place_of(head);
        if let Some(bits) = self.bits.get_mut(word) {
            *bits |= (way as u64).wrapping_shl(shift);
        }
    }
}

/// Words of a block that are in the set.
struct Found {
    alone: u64,
    in_row: u64,
}

impl Found {
    #[inline]
    fn note(&mut self, ways: u64, place: u32) {
        self.alone |= (ways & 1).wrapping_shl(place);
        self.in_row |= (ways >> 1).wrapping_shl(place);
    }

    /// The numerals behind which another numeral, digits or a conjunction stand, or the block ends.
    #[inline(never)]
    fn rows(&self, starts: u64, block: &Block, first: usize, bytes: &[u8]) -> u64 {
        let mut kept = 0;
        let mut rest = self.in_row;
        while rest != 0 {
            let bit = rest & rest.wrapping_neg();
            rest ^= bit;
            let behind = starts & bit.wrapping_neg() & !bit;
            let next = behind & behind.wrapping_neg();
            let joined =
                || joins(bytes, first.wrapping_add(crate::num::wide(next.trailing_zeros())));
            if next == 0 || (self.in_row | block.digits()) & next != 0 || joined() {
                kept |= bit;
            }
        }
        kept
    }
}

/// Whether a word is one letter, "et", "and" or "und", or a hyphen stands before it.
fn joins(bytes: &[u8], word: usize) -> bool {
    let [first, second, third, _] = head_at(bytes, word).to_le_bytes();
    !is_word(second)
        || bytes.get(word.wrapping_sub(1)) == Some(&b'-')
        || matches!([first, second, third], [b'e', b't', _] | [b'a' | b'u', b'n', b'd'])
}

/// Four bytes as a number.
#[inline]
fn head_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |head| u32::from_le_bytes(*head))
}

/// The first letters of a head, four at most and one at least, without what stands behind them.
#[inline]
const fn shortened(head: u32, letters: u32) -> u32 {
    head.wrapping_shl(32_u32.wrapping_sub(letters.wrapping_mul(8)))
}

/// Where the bits of a head are.
#[inline]
const fn place_of(head: u32) -> (usize, u32) {
    let hash = head.wrapping_mul(0x9E37_79B1) >> 18;
    (crate::num::wide(hash >> 5), (hash & 31) << 1)
}
