//! The first letters of the words that the scan acts upon: which words of a text are worth a look.

use super::around::is_word;
use super::marks::{BLOCK, Block};
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

/// Places of a block from which on four letters reach into the next one.
const EDGE: u64 = 0b111 << 61;
/// Makes letters small; the other bytes of a head may change, in the set and in the text alike.
const SMALL: u32 = 0x2020_2020;

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
        if stem.len() < 2 || letters == 0 {
            return; // one letter starts nothing
        }
        self.insert(shortened(head, letters), way);
        if open && letters == stem.len() && letters < 4 {
            for ending in (0..=u8::MAX).filter(|byte| is_word(*byte)) {
                if let Some(slot) = head.get_mut(letters) {
                    *slot = ending;
                }
                self.insert(shortened(head, 4), way);
            }
        }
    }

    /// Which of the words that start at these places of a block are worth a look; `rest` is the text from there on.
    #[inline]
    pub(super) fn among(&self, starts: u64, window: &[u8; BLOCK], block: &Block, rest: &[u8]) -> u64 {
        let inner = starts & !EDGE;
        let (two, three, four) =
            (block.at_least(inner, 2), block.at_least(inner, 3), block.at_least(inner, 4));
        let mut found = Found { alone: 0, in_row: 0 };
        self.at_edge(starts & EDGE, rest, &mut found);
        self.of_length(four, window, u32::MAX, &mut found);
        self.of_length(three & !four, window, 0xFF_FFFF, &mut found);
        self.of_length(two & !three, window, 0xFFFF, &mut found);
        if found.in_row == 0 {
            return found.alone;
        }
        found.alone | found.rows(starts, block, window)
    }

    /// Looks for words with the letters that `kept` leaves.
    #[inline]
    fn of_length(&self, mut starts: u64, window: &[u8; BLOCK], kept: u32, found: &mut Found) {
        while starts != 0 {
            let place = starts.trailing_zeros();
            starts &= starts.wrapping_sub(1);
            let at = crate::num::wide(place);
            let Some(head) = window.get(at..at.wrapping_add(4)).and_then(<[u8]>::first_chunk) else { break };
            found.note(self.ways(small(*head) & kept), place);
        }
    }

    /// The same for words that start so near the end of a block that the next one has letters of their heads.
    fn at_edge(&self, mut starts: u64, rest: &[u8], found: &mut Found) {
        while starts != 0 {
            let place = starts.trailing_zeros();
            starts &= starts.wrapping_sub(1);
            let mut head = [0_u8; 4];
            let bytes = rest.get(crate::num::wide(place)..).unwrap_or_default();
            head.iter_mut().zip(bytes).for_each(|(slot, byte)| *slot = *byte);
            let letters = head.iter().take_while(|byte| is_word(**byte)).count();
            found.note(self.ways(shortened(head, letters)), place);
        }
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
        if ways != 0 {
            self.alone |= (ways & 1).wrapping_shl(place);
            self.in_row |= (ways >> 1).wrapping_shl(place);
        }
    }

    /// The numerals behind which another numeral, digits or a conjunction stand, or the block ends.
    fn rows(&self, starts: u64, block: &Block, window: &[u8; BLOCK]) -> u64 {
        let mut kept = 0;
        let mut rest = self.in_row;
        while rest != 0 {
            let bit = rest & rest.wrapping_neg();
            rest ^= bit;
            let behind = starts & bit.wrapping_neg() & !bit;
            let next = behind & behind.wrapping_neg();
            if next == 0 || (self.in_row | block.digits()) & next != 0 || joins(next, block, window) {
                kept |= bit;
            }
        }
        kept
    }
}

/// Whether a word is "e", "y", "et", "and" or "und", or a hyphen stands before it.
fn joins(word: u64, block: &Block, window: &[u8; BLOCK]) -> bool {
    let at = crate::num::wide(word.trailing_zeros());
    let byte = |i: usize| window.get(i).copied().unwrap_or(b'-');
    let single = block.at_least(word, 2) == 0;
    let head = [byte(at), byte(at.wrapping_add(1)), byte(at.wrapping_add(2))].map(|b| b | 0x20);
    // of a word at the very end not all is seen
    single
        || at > 61
        || byte(at.wrapping_sub(1)) == b'-'
        || matches!(head, [b'e', b't', _] | [b'a' | b'u', b'n', b'd'])
}

#[inline]
const fn small(head: [u8; 4]) -> u32 {
    u32::from_le_bytes(head) | SMALL
}

/// The first letters as a number, the others zero.
fn shortened(head: [u8; 4], letters: usize) -> u32 {
    let kept = super::compact::mask(letters.min(4).wrapping_mul(8));
    small(head) & u32::try_from(kept).unwrap_or(u32::MAX)
}

/// Where the bits of a head are.
#[inline]
const fn place_of(head: u32) -> (usize, u32) {
    let hash = head.wrapping_mul(0x9E37_79B1) >> 18;
    (crate::num::wide(hash >> 5), (hash & 31) << 1)
}
