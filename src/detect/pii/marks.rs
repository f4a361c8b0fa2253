//! What stands where: one bit for each folded byte, made sixty-four bytes at a time without a branch.

use super::view::LETTER;

/// The bytes that a block describes.
pub(super) const BLOCK: usize = 64;

/// Sixty-four folded bytes, a bit for each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    /// A letter of any script or a digit.
    word: u64,
    /// A letter or digit of ASCII.
    plain: u64,
    /// A digit.
    digit: u64,
    /// A sign at which something may start: `@`, `[`, `%`, `:`.
    pub(super) sign: u64,
    /// The start of a word.
    pub(super) start: u64,
    /// The start of a word that holds a digit.
    pub(super) number: u64,
}

impl Block {
    pub(super) const EMPTY: Self = Self { word: 0, plain: 0, digit: 0, sign: 0, start: 0, number: 0 };

    /// Turns sixty-four bytes to small letters and says what they are.
    pub(super) fn read(bytes: &mut [u8; BLOCK]) -> Self {
        let mut classes = [0_u8; BLOCK];
        let mut all = 0_u8;
        for (class, byte) in classes.iter_mut().zip(bytes.iter_mut()) {
            *byte |= u8::from(byte.wrapping_sub(b'A') < 26) << 5;
            *class = classify(*byte);
            all |= *class;
        }
        let mut block = Self::EMPTY;
        block.plain = gather(&classes, 0);
        block.word = block.plain;
        if all & OTHER != 0 {
            block.word |= gather(&classes, 1);
        }
        if all & DIGIT != 0 {
            block.digit = gather(&classes, 2);
        }
        if all & SIGN != 0 {
            block.sign = gather(&classes, 3);
        }
        block
    }

    /// Marks where words start, given the block before and whether the block behind goes on with a word that has a digit
    /// to come; whether this one does.
    #[inline]
    fn mark_starts(&mut self, before: u64, digit_follows: bool) -> bool {
        let last = 1_u64 << 63;
        self.start = self.word & !((self.word << 1) | (before >> 63));
        let mut digit = self.digit | if digit_follows { self.word & last } else { 0 };
        if digit == 0 {
            return false;
        }
        // spreads digits to the start of their words: twice as far with each step
        let mut word = self.word;
        for step in [1, 2, 4, 8, 16, 32] {
            digit |= word & digit.wrapping_shr(step);
            word &= word.wrapping_shr(step);
        }
        self.number = self.start & digit;
        digit & 1 != 0
    }
}

/// Marks the starts of words in all blocks of a text.
pub(super) fn mark_starts(blocks: &mut [Block]) {
    let mut follows = false;
    let mut rest = blocks;
    while let Some((block, earlier)) = rest.split_last_mut() {
        follows = block.mark_starts(earlier.last().map_or(0, |block| block.word), follows);
        rest = earlier;
    }
}

/// The second to fourth bit of a class; the first is that of letters and digits of ASCII.
const OTHER: u8 = 2;
const DIGIT: u8 = 4;
const SIGN: u8 = 8;

#[inline]
fn classify(byte: u8) -> u8 {
    let digit = byte.wrapping_sub(b'0') < 10;
    let plain = (byte.wrapping_sub(b'a') < 26) | digit;
    let sign = (byte == b'@') | (byte == b'[') | (byte == b'%') | (byte == b':');
    u8::from(plain) | (u8::from(byte == LETTER) << 1) | (u8::from(digit) << 2) | (u8::from(sign) << 3)
}

/// One bit of each class, in order.
#[inline]
fn gather(classes: &[u8; BLOCK], bit: u32) -> u64 {
    let mut bits = 0_u64;
    for eight in classes.as_chunks::<8>().0.iter().rev() {
        let lowest = (u64::from_le_bytes(*eight).wrapping_shr(bit)) & 0x0101_0101_0101_0101;
        // the factors move the bit of each byte to its place among the highest eight
        bits = (bits << 8) | (lowest.wrapping_mul(0x0102_0408_1020_4080) >> 56);
    }
    bits
}

/// The blocks of a text, with an empty one behind the last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks<'a>(pub(super) &'a [Block]);

impl Marks<'_> {
    /// From `at` on, which of the next sixty-four bytes are letters or digits.
    #[inline]
    pub(super) fn words(&self, at: usize) -> u64 {
        self.ahead(at, |block| block.word)
    }

    /// From `at` on, which of the next sixty-four bytes are letters or digits of ASCII.
    #[inline]
    pub(super) fn plain(&self, at: usize) -> u64 {
        self.ahead(at, |block| block.plain)
    }

    /// From `at` on, which of the next sixty-four bytes are digits.
    #[inline]
    pub(super) fn digits(&self, at: usize) -> u64 {
        self.ahead(at, |block| block.digit)
    }

    /// Which of the sixty-four bytes before `at` are letters or digits; the highest bit is the last of them.
    #[inline]
    pub(super) fn words_before(&self, at: usize) -> u64 {
        let offset = offset(at);
        let block = |i: usize| self.0.get(i).map_or(0, |block| block.word);
        let place = at / BLOCK;
        if offset == 0 {
            return place.checked_sub(1).map_or(0, block);
        }
        let earlier = place.checked_sub(1).map_or(0, block);
        block(place).wrapping_shl(64_u32.wrapping_sub(offset)) | (earlier.wrapping_shr(offset))
    }

    #[inline]
    fn ahead(&self, at: usize, bits: impl Fn(&Block) -> u64) -> u64 {
        let offset = offset(at);
        match self.0.get(at / BLOCK..) {
            Some([first, second, ..]) => {
                let low = bits(first).wrapping_shr(offset);
                // two steps, since a shift by sixty-four is none
                low | (bits(second) << 1).wrapping_shl(63_u32.wrapping_sub(offset))
            }
            Some([last]) => bits(last).wrapping_shr(offset),
            _ => 0,
        }
    }
}

#[inline]
#[expect(clippy::as_conversions, reason = "below sixty-four")]
const fn offset(at: usize) -> u32 {
    (at % BLOCK) as u32
}
