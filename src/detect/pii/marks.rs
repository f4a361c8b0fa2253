//! What stands where: one bit for each byte, made sixty-four bytes at a time.

use super::view::LETTER;

/// The bytes that a block describes.
pub(super) const BLOCK: usize = 64;

/// Sixty-four bytes, a bit for each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    /// A letter of any script or a digit.
    word: u64,
    /// A letter or digit of ASCII.
    plain: u64,
    /// A digit.
    digit: u64,
    /// Where the scan has to look: first digits, signs at which something may start, and words that it acts upon.
    pub(super) events: u64,
}

impl Block {
    pub(super) const EMPTY: Self = Self { word: 0, plain: 0, digit: 0, events: 0 };

    /// Says what sixty-four bytes in small letters are.
    #[inline]
    pub(super) fn read(bytes: &[u8; BLOCK]) -> Self {
        let mut classes = [0_u8; BLOCK];
        for (class, byte) in classes.iter_mut().zip(bytes) {
            *class = classify(*byte);
        }
        let eights = classes.as_chunks::<8>().0;
        let all = eights.iter().fold(0, |all, eight| all | u64::from_le_bytes(*eight));
        let mut block = Self { plain: gather(eights, 0), ..Self::EMPTY };
        block.word = block.plain;
        if all & PLAIN << 1 != 0 {
            block.word |= gather(eights, 1);
        }
        if all & PLAIN << 2 != 0 {
            block.digit = gather(eights, 2);
        }
        if all & PLAIN << 3 != 0 {
            block.events = gather(eights, 3);
        }
        block
    }

    /// Adds the places of first digits to the events and returns the starts of words; `before` is the block before.
    #[inline]
    pub(super) fn mark(&mut self, before: &Self) -> u64 {
        self.events |= self.digit & !((self.digit << 1) | (before.digit >> 63));
        self.word & !((self.word << 1) | (before.word >> 63))
    }

    /// The digits.
    #[inline]
    pub(super) const fn digits(&self) -> u64 {
        self.digit
    }

    /// The letters and digits from `place` on, a bit for each; `next` is the block behind.
    #[inline]
    pub(super) const fn word_from(&self, place: u32, next: &Self) -> u64 {
        // two steps, since a shift by sixty-four is none
        self.word.wrapping_shr(place) | (next.word << 1).wrapping_shl(63_u32.wrapping_sub(place))
    }

    /// Which of these places have a letter or digit behind them, in this block or first in the next.
    #[inline]
    pub(super) const fn long(&self, starts: u64, next: &Self) -> u64 {
        starts & (self.word >> 1 | next.word << 63)
    }
}

/// The lowest bit of eight classes, that of letters and digits of ASCII.
const PLAIN: u64 = 0x0101_0101_0101_0101;

#[inline]
fn classify(byte: u8) -> u8 {
    let digit = byte.wrapping_sub(b'0') < 10;
    let plain = (byte.wrapping_sub(b'a') < 26) | digit;
    let sign = (byte == b'@') | (byte == b'[') | (byte == b'%') | (byte == b':');
    u8::from(plain) | (u8::from(byte == LETTER) << 1) | (u8::from(digit) << 2) | (u8::from(sign) << 3)
}

/// One bit of each class, in order.
#[inline]
fn gather(classes: &[[u8; 8]], bit: u32) -> u64 {
    let mut bits = 0_u64;
    for eight in classes.iter().rev() {
        let lowest = (u64::from_le_bytes(*eight).wrapping_shr(bit)) & PLAIN;
        // the factors move the bit of each byte to its place among the highest eight
        bits = (bits << 8) | (lowest.wrapping_mul(0x0102_0408_1020_4080) >> 56);
    }
    bits
}

/// Letters and digits of ASCII, a bit for each byte.
#[derive(Debug, Clone, Copy)]
pub(super) struct Codes {
    pub(super) plain: u64,
    pub(super) digits: u64,
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

    /// From `at` on, which of the next sixty-four bytes are letters or digits of ASCII, and which of them digits.
    #[inline]
    pub(super) fn codes(&self, at: usize) -> Codes {
        Codes { plain: self.ahead(at, |block| block.plain), digits: self.ahead(at, |block| block.digit) }
    }

    /// From `at` on, which of the next sixty-four bytes are digits.
    #[inline]
    pub(super) fn digits(&self, at: usize) -> u64 {
        self.ahead(at, |block| block.digit)
    }

    /// Which of the sixty-four bytes before `at` are letters or digits; the highest bit is the last of them.
    #[inline]
    pub(super) fn words_before(&self, at: usize) -> u64 {
        self.behind(at, |block| block.word)
    }

    /// Which of the sixty-four bytes before `at` are digits; the highest bit is the last of them.
    #[inline]
    pub(super) fn digits_before(&self, at: usize) -> u64 {
        self.behind(at, |block| block.digit)
    }

    /// Which of the sixty-four bytes before `at` are letters of ASCII; the highest bit is the last of them.
    #[inline]
    pub(super) fn letters_before(&self, at: usize) -> u64 {
        self.behind(at, |block| block.plain & !block.digit)
    }

    #[inline]
    fn behind(&self, at: usize, bits: impl Fn(&Block) -> u64) -> u64 {
        let offset = offset(at);
        let place = at / BLOCK;
        let earlier = place.checked_sub(1).and_then(|i| self.0.get(i)).map_or(0, &bits);
        if offset == 0 {
            return earlier;
        }
        let block = self.0.get(place).map_or(0, &bits);
        block.wrapping_shl(64_u32.wrapping_sub(offset)) | earlier.wrapping_shr(offset)
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
