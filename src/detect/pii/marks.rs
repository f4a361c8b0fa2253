//! What stands where: one bit for each byte, made sixty-four bytes at a time.

use wide::u8x16;

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

    /// Says what sixty-four bytes are, of which capitals become small letters.
    #[inline]
    pub(super) fn read(bytes: &mut [u8; BLOCK]) -> Self {
        let mut block = Self::EMPTY;
        for bytes in bytes.as_chunks_mut::<16>().0.iter_mut().rev() {
            let lanes = small(u8x16::new(*bytes));
            *bytes = lanes.to_array();
            let digit = between(lanes, b'0', b'9');
            let plain = between(lanes, b'a', b'z') | digit;
            let sign = SIGNS.iter().fold(u8x16::ZERO, |any, sign| any | lanes.simd_eq(u8x16::splat(*sign)));
            block.plain = shifted(block.plain, plain);
            block.word = shifted(block.word, plain | lanes.simd_eq(u8x16::splat(LETTER)));
            block.digit = shifted(block.digit, digit);
            block.events = shifted(block.events, sign);
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

    /// At each place but the last, whether letters or digits are the second and the third byte behind it: two bits.
    #[inline]
    pub(super) const fn letters_behind(&self, next: &Self) -> u64 {
        self.word >> 2 | next.word << 62
    }

    /// The same of the last place of the block before.
    #[inline]
    pub(super) const fn letters_behind_last(&self) -> u64 {
        self.word >> 1
    }

    /// Which of these places have a letter or digit behind them, in this block or first in the next.
    #[inline]
    pub(super) const fn long(&self, starts: u64, next: &Self) -> u64 {
        starts & (self.word >> 1 | next.word << 63)
    }
}

/// Signs at which something may start.
const SIGNS: &[u8] = b"@[%:";

/// The bytes of a block that belong to characters outside ASCII, a bit for each.
#[inline]
pub(super) fn high(bytes: &[u8; BLOCK]) -> u64 {
    let parts = bytes.as_chunks::<16>().0;
    // the highest bit of each lane is what a mask is made of
    parts.iter().rev().fold(0, |bits, part| shifted(bits, u8x16::new(*part)))
}

/// The bytes of a block with which characters outside ASCII start, a bit for each.
#[inline]
pub(super) fn leads(bytes: &[u8; BLOCK]) -> u64 {
    let first = u8x16::splat(0xC0);
    bytes.as_chunks::<16>().0.iter().rev().fold(0, |bits, part| {
        let lanes = u8x16::new(*part);
        shifted(bits, lanes.max(first).simd_eq(lanes))
    })
}

/// Bits moved up by sixteen, and a mask of lanes below them.
#[inline]
fn shifted(bits: u64, lanes: u8x16) -> u64 {
    bits << 16 | u64::from(lanes.to_bitmask())
}

/// Lanes in which capitals have become small letters.
#[inline]
fn small(lanes: u8x16) -> u8x16 {
    lanes | (between(lanes, b'A', b'Z') & u8x16::splat(0x20))
}

/// All ones in the lanes from `first` to `last`.
#[inline]
#[expect(clippy::arithmetic_side_effects, reason = "lanes wrap around")]
fn between(lanes: u8x16, first: u8, last: u8) -> u8x16 {
    let above = lanes - u8x16::splat(first);
    above.min(u8x16::splat(last.wrapping_sub(first))).simd_eq(above)
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
        let offset = offset(at);
        match self.0.get(at / BLOCK..) {
            Some([first, second, ..]) => Codes {
                plain: from(first.plain, second.plain, offset),
                digits: from(first.digit, second.digit, offset),
            },
            Some([last]) => {
                Codes { plain: last.plain.wrapping_shr(offset), digits: last.digit.wrapping_shr(offset) }
            }
            _ => Codes { plain: 0, digits: 0 },
        }
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
            Some([first, second, ..]) => from(bits(first), bits(second), offset),
            Some([last]) => bits(last).wrapping_shr(offset),
            _ => 0,
        }
    }
}

/// The bits of two blocks from an offset on.
#[inline]
const fn from(first: u64, second: u64, offset: u32) -> u64 {
    // two steps, since a shift by sixty-four is none
    first.wrapping_shr(offset) | (second << 1).wrapping_shl(63_u32.wrapping_sub(offset))
}

#[inline]
#[expect(clippy::as_conversions, reason = "below sixty-four")]
const fn offset(at: usize) -> u32 {
    (at % BLOCK) as u32
}
