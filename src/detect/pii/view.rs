//! The text as the scanner reads it: one small byte for each character that shows, with the way back.

use std::ops::Range;

use super::marks::{self, BLOCK, Block, Marks};
use crate::num::{narrow, wide};
use crate::text::fold_table::{Image, image};

/// A letter of a script that has no ASCII look-alike.
pub(super) const LETTER: u8 = 0x80;
/// A character that is neither letter nor digit nor ASCII.
pub(super) const SYMBOL: u8 = 0x81;

/// A text folded to one byte a character, by the fold table of the crate.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    text: &'a str,
    skeleton: &'a [u8],
    /// The same with at least a block of zeros behind it.
    padded: &'a [u8],
    marks: Marks<'a>,
    /// Where the way back changes; empty where the text is ASCII, one to one.
    shifts: &'a [Shift],
}

/// From a folded byte on, what is to be added to its place for that of its character.
#[derive(Clone, Copy)]
struct Shift {
    from: u32,
    /// Added with wrap-around: characters that unfold into several bytes go back.
    by: u32,
}

impl Shift {
    const NONE: Self = Self { from: 0, by: 0 };
}

/// Room for the changes that three and eleven characters outside ASCII make at most: one each way, one for each of four
/// bytes.
const FEW_SHIFTS: usize = 20;
const SHIFTS: usize = 72;

impl<'a> View<'a> {
    /// Folds a text and hands it to `read`; below 4 KiB of text this takes nothing from the heap.
    #[inline]
    pub(super) fn with<R>(text: &str, read: impl FnOnce(View<'_>) -> R) -> R {
        let others = others(text.as_bytes());
        match (text.len(), others) {
            (0..128, 0) => View::on_stack::<192, 4, 0, R>(text, read),
            (0..128, 1..4) => View::on_stack::<192, 4, FEW_SHIFTS, R>(text, read),
            (0..128, 4..12) => View::on_stack::<192, 4, SHIFTS, R>(text, read),
            (0..256, 0) => View::on_stack::<320, 6, 0, R>(text, read),
            (0..256, 1..12) => View::on_stack::<320, 6, SHIFTS, R>(text, read),
            (0..512, _) => View::on_stack::<576, 10, 512, R>(text, read),
            (512..4096, _) => View::on_stack::<4160, 66, 4096, R>(text, read),
            _ => View::on_heap(text, others, read),
        }
    }

    // each size has a stack frame of its own, so that small texts touch little of the stack
    #[inline(never)]
    fn on_stack<const BYTES: usize, const BLOCKS: usize, const SHIFTS: usize, R>(
        text: &str,
        read: impl FnOnce(View<'_>) -> R,
    ) -> R {
        View::fold(text, &mut [0; BYTES], &mut [Block::EMPTY; BLOCKS], &mut [Shift::NONE; SHIFTS], read)
    }

    fn on_heap<R>(text: &str, others: usize, read: impl FnOnce(View<'_>) -> R) -> R {
        let bytes = text.len().next_multiple_of(BLOCK).saturating_add(BLOCK);
        let shifts = if others == 0 { 0 } else { bytes };
        View::fold(
            text,
            &mut vec![0; bytes],
            &mut vec![Block::EMPTY; bytes.div_ceil(BLOCK).saturating_add(1)],
            &mut vec![Shift::NONE; shifts],
            read,
        )
    }

    /// Folds into buffers that are all zero and a block longer than the text; without room for shifts it is ASCII.
    #[inline]
    fn fold<R>(
        text: &str,
        skeleton: &mut [u8],
        blocks: &mut [Block],
        shifts: &mut [Shift],
        read: impl FnOnce(View<'_>) -> R,
    ) -> R {
        let mut folder = Folder { skeleton, shifts, length: 0, changes: 0, by: 0 };
        if folder.shifts.is_empty() {
            folder.push_ascii(text.as_bytes());
        } else {
            folder.fold(text);
        }
        let Folder { skeleton, shifts, length, changes, .. } = folder;
        let used = length.div_ceil(BLOCK);
        for (block, bytes) in blocks.iter_mut().zip(skeleton.as_chunks_mut::<BLOCK>().0).take(used) {
            *block = Block::read(bytes);
        }
        marks::mark_starts(blocks.get_mut(..used).unwrap_or_default());
        read(View {
            text,
            skeleton: skeleton.get(..length).unwrap_or_default(),
            padded: skeleton,
            marks: Marks(blocks.get(..=used).unwrap_or_default()),
            shifts: shifts.get(..changes).unwrap_or_default(),
        })
    }

    /// The folded bytes.
    pub(super) const fn bytes(&self) -> &'a [u8] {
        self.skeleton
    }

    /// What stands where.
    #[inline]
    pub(super) const fn marks(&self) -> &Marks<'a> {
        &self.marks
    }

    /// The end of the letters and digits from `start` on.
    #[inline]
    pub(super) fn word_end(&self, start: usize) -> usize {
        let mut end = start;
        loop {
            let run = (!self.marks.words(end)).trailing_zeros();
            end = end.wrapping_add(wide(run));
            if run < 64 {
                return end;
            }
        }
    }

    /// Whether a digit stands among the bytes of a word.
    #[inline]
    pub(super) fn has_digit(&self, start: usize, end: usize) -> bool {
        let length = end.wrapping_sub(start);
        if length < BLOCK {
            return self.marks.digits(start) & super::compact::mask(length) != 0;
        }
        self.slice(start..end).iter().any(u8::is_ascii_digit)
    }

    /// The start of the letters and digits that end at `end`, at most `most` (below 65) of them.
    #[inline]
    pub(super) fn word_start(&self, end: usize, most: usize) -> usize {
        let run = wide(self.marks.words_before(end).leading_ones());
        end.saturating_sub(run.min(most))
    }

    /// The folded bytes of a block and the four behind it.
    #[inline]
    pub(super) fn window(&self, first: usize) -> Option<&'a [u8; BLOCK + 4]> {
        self.padded.get(first..).and_then(<[u8]>::first_chunk)
    }

    /// Eight bytes from `at` on, the first one lowest; 0 outside.
    #[inline]
    pub(super) fn eight(&self, at: usize) -> u64 {
        match self.padded.get(at..).and_then(<[u8]>::first_chunk) {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => 0,
        }
    }

    /// The folded byte at `i`, 0 outside.
    #[inline]
    pub(super) fn byte(&self, i: usize) -> u8 {
        self.skeleton.get(i).copied().unwrap_or(0)
    }

    /// The folded byte before `i`, 0 at the start.
    #[inline]
    pub(super) fn before(&self, i: usize) -> u8 {
        self.byte(i.wrapping_sub(1))
    }

    /// The number of folded bytes.
    pub(super) const fn len(&self) -> usize {
        self.skeleton.len()
    }

    /// The folded bytes of a range, empty out of bounds.
    #[inline]
    pub(super) fn slice(&self, range: Range<usize>) -> &'a [u8] {
        self.skeleton.get(range).unwrap_or_default()
    }

    /// The original bytes of a range of folded ones; marks and joiners behind it belong to it.
    #[inline]
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        if self.shifts.is_empty() {
            return range;
        }
        let start = self.place(range.start);
        start..self.place(range.end).max(start)
    }

    fn place(&self, i: usize) -> usize {
        let i = narrow(i);
        let after = self.shifts.partition_point(|shift| shift.from <= i);
        let by = after.checked_sub(1).and_then(|last| self.shifts.get(last)).map_or(0, |shift| shift.by);
        wide(i.wrapping_add(by)).min(self.text.len())
    }

    /// The text of a range as it was sent.
    pub(super) fn sent(&self, range: Range<usize>) -> &'a str {
        self.text.get(self.original(range)).unwrap_or_default()
    }
}

struct Folder<'a> {
    skeleton: &'a mut [u8],
    shifts: &'a mut [Shift],
    length: usize,
    /// How many shifts there are.
    changes: usize,
    /// The last of them.
    by: u32,
}

impl Folder<'_> {
    fn fold(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let plain = ascii_prefix(rest.as_bytes());
            let (head, tail) = rest.split_at_checked(plain).unwrap_or((rest, ""));
            self.shift(text.len().wrapping_sub(rest.len()));
            self.push_ascii(head.as_bytes());
            let mut others = tail.chars();
            rest = tail;
            while let Some(c) = others.next().filter(|c| !c.is_ascii()) {
                self.push_other(c, text.len().wrapping_sub(rest.len()));
                rest = others.as_str();
            }
        }
        self.shift(text.len());
    }

    #[inline]
    fn push_ascii(&mut self, ascii: &[u8]) {
        let end = self.length.wrapping_add(ascii.len());
        if let Some(slots) = self.skeleton.get_mut(self.length..end) {
            slots.copy_from_slice(ascii);
            self.length = end;
        }
    }

    #[inline]
    fn push_other(&mut self, c: char, origin: usize) {
        match image(c) {
            Image::Dropped | Image::Mark => {}
            Image::Kept => self.push(skeleton_of(c), origin),
            Image::One(other) => self.push(skeleton_of(other), origin),
            Image::Several(others) if others.len() <= c.len_utf8() && others.is_ascii() => {
                others.bytes().for_each(|b| self.push(b, origin));
            }
            Image::Several(_) => self.push(skeleton_of(c), origin),
        }
    }

    #[inline]
    fn push(&mut self, byte: u8, origin: usize) {
        self.shift(origin);
        if let Some(slot) = self.skeleton.get_mut(self.length) {
            *slot = byte;
            self.length = self.length.wrapping_add(1);
        }
    }

    /// Notes that the next folded byte comes from `origin`.
    #[inline]
    fn shift(&mut self, origin: usize) {
        let from = narrow(self.length);
        let by = narrow(origin).wrapping_sub(from);
        if by != self.by
            && let Some(slot) = self.shifts.get_mut(self.changes)
        {
            *slot = Shift { from, by };
            self.by = by;
            self.changes = self.changes.wrapping_add(1);
        }
    }
}

#[inline]
fn skeleton_of(c: char) -> u8 {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => byte,
        // dots in the middle of the line part groups of digits
        _ if matches!(c, '\u{B7}' | '\u{2022}' | '\u{2027}' | '\u{2219}' | '\u{22C5}' | '\u{30FB}') => b'*',
        _ if c.is_alphabetic() => LETTER,
        _ if c.is_whitespace() => b' ',
        _ if matches!(c, '\u{20A0}'..='\u{20CF}' | '\u{A3}') => b'$',
        _ => SYMBOL,
    }
}

/// The number of characters outside ASCII.
#[inline]
fn others(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return 0;
    }
    let leads = |bytes: &[u8]| bytes.iter().fold(0_u8, |n, &byte| n.wrapping_add(u8::from(byte >= 0xC0)));
    bytes.chunks(128).fold(0, |n, bytes| usize::from(leads(bytes)).wrapping_add(n))
}

/// The number of ASCII bytes that a text starts with.
#[inline]
fn ascii_prefix(bytes: &[u8]) -> usize {
    let (eights, rest) = bytes.as_chunks::<8>();
    for (i, eight) in eights.iter().enumerate() {
        let high = u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080;
        if high != 0 {
            return i.wrapping_mul(8).wrapping_add(wide(high.trailing_zeros() / 8));
        }
    }
    let plain = rest.iter().position(|b| !b.is_ascii()).unwrap_or(rest.len());
    eights.len().wrapping_mul(8).wrapping_add(plain)
}
