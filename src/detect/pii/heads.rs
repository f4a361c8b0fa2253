//! The first letters of the words that the scan acts upon: which words of a text are worth a look.

use super::around::is_word;
use super::marks::{BLOCK, Block};
use super::{numeral, secret};

/// A set of the first four letters of words, or of whole words below that, large enough that few others are in it.
pub(super) struct Heads {
    /// A bit for each of 16,384 heads that are in the set.
    bits: Box<[u64; 256]>,
    /// The same for each way of reading.
    alone: Box<[u64; 256]>,
    in_row: Box<[u64; 256]>,
}

/// A block, and what a head that starts with its last byte takes of the next one.
const WINDOW: usize = BLOCK + 4;

/// How the scan reads a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Whatever stands beside it.
    Alone,
    /// As a numeral, which says nothing unless another one follows.
    InRow,
}

impl Heads {
    /// What is read without a list of words: keys by their form, and numerals.
    pub(super) fn built_in() -> Self {
        let mut heads =
            Self { bits: Box::new([0; 256]), alone: Box::new([0; 256]), in_row: Box::new([0; 256]) };
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
        self.insert(u32::from_le_bytes(head) & kept_of(letters), way);
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
        const LAST: u64 = 1 << 63;
        let Some(window) = bytes.get(first..).and_then(<[u8]>::first_chunk::<WINDOW>) else { return 0 };
        let long = block.long(starts, next); // one letter starts nothing
        let letters = block.letters_behind(next);
        let mut rest = long & !LAST;
        let mut found = 0;
        while rest != 0 {
            let place = rest.trailing_zeros();
            let bit = rest & rest.wrapping_neg();
            rest ^= bit;
            let head = head_at(window, crate::num::wide(place));
            let known = bit_of(&self.bits, head & kept(letters.wrapping_shr(place)));
            found |= bit & known.wrapping_neg();
        }
        if long & LAST != 0 {
            let head = head_at(window, 63);
            found |= bit_of(&self.bits, head & kept(next.letters_behind_last())) << 63;
        }
        if found == 0 { 0 } else { self.worth_a_look(found, starts, first, bytes, block) }
    }

    /// Leaves the words of heads that say something as they stand.
    #[inline(never)]
    fn worth_a_look(&self, found: u64, starts: u64, first: usize, bytes: &[u8], block: &Block) -> u64 {
        let mut rest = found;
        let (mut alone, mut in_row) = (0, 0);
        while rest != 0 {
            let place = rest.trailing_zeros();
            rest &= rest.wrapping_sub(1);
            let at = first.wrapping_add(crate::num::wide(place));
            let head = head_at(bytes, at);
            let letters = head.to_le_bytes().iter().take_while(|byte| is_word(**byte)).count();
            let head = head & kept_of(letters);
            alone |= bit_of(&self.alone, head).wrapping_shl(place);
            in_row |= bit_of(&self.in_row, head).wrapping_shl(place);
        }
        if in_row == 0 { alone } else { alone | rows(in_row, starts, first, bytes, block) }
    }

    fn insert(&mut self, head: u32, way: Way) {
        let (word, shift) = place_of(head);
        let of_way = match way {
            Way::Alone => &mut self.alone,
            Way::InRow => &mut self.in_row,
        };
        for bits in [&mut self.bits, of_way] {
            if let Some(bits) = bits.get_mut(word) {
                *bits |= 1_u64.wrapping_shl(shift);
            }
        }
    }
}

/// The numerals behind which another numeral, digits or a conjunction stand, or the block ends.
fn rows(in_row: u64, starts: u64, first: usize, bytes: &[u8], block: &Block) -> u64 {
    let mut kept = 0;
    let mut rest = in_row;
    while rest != 0 {
        let bit = rest & rest.wrapping_neg();
        rest ^= bit;
        let behind = starts & bit.wrapping_neg() & !bit;
        let next = behind & behind.wrapping_neg();
        let joined = || joins(bytes, first.wrapping_add(crate::num::wide(next.trailing_zeros())));
        if next == 0 || (in_row | block.digits()) & next != 0 || joined() {
            kept |= bit;
        }
    }
    kept
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

/// The bytes of a head that count, by whether its third and its fourth are of the word.
#[inline]
const fn kept(letters: u64) -> u32 {
    // read from a list of four, where two of them alike would be compared
    const KEPT: [u32; 4] = [0xFFFF, 0xFF_FFFF, 0xFFFF, 0xFFFF_FFFF];
    let [a, b, c, d] = KEPT;
    match letters & 3 {
        0 => a,
        1 => b,
        2 => c,
        _ => d,
    }
}

/// The bytes that count of a head with so many letters.
const fn kept_of(letters: usize) -> u32 {
    match letters {
        0..=2 => 0xFFFF,
        3 => 0xFF_FFFF,
        _ => 0xFFFF_FFFF,
    }
}

/// 1 where a head is in a set, else 0.
#[inline]
fn bit_of(set: &[u64; 256], head: u32) -> u64 {
    let (word, shift) = place_of(head);
    set.get(word).map_or(0, |bits| bits.wrapping_shr(shift) & 1)
}

/// Where the bits of a head are.
#[inline]
const fn place_of(head: u32) -> (usize, u32) {
    let hash = head.wrapping_mul(0x9E37_79B1) >> 18;
    (crate::num::wide(hash >> 6), hash & 63)
}
