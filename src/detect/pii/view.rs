//! The text as the scanner reads it: one small byte for each character that shows, with the way back.

use std::ops::Range;

use super::heads::Heads;
use super::marks::{BLOCK, Block, Marks};
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

/// Room for the changes that so many characters outside ASCII make at most: one each way, one for each of four bytes.
const fn shifts_for(others: usize) -> usize {
    others.saturating_mul(6).saturating_add(2)
}

/// What makes a text worth folding.
#[derive(Clone, Copy)]
pub(super) enum Sought<'h> {
    /// Anything.
    Text,
    /// Anything, with the places of digits, signs and words of these.
    Marked(&'h Heads),
    /// A digit, a sign, or a word of these; another text in ASCII is not even copied.
    Anchors(&'h Heads),
}

impl<'a> View<'a> {
    /// Folds a text and hands it to `read`.
    pub(super) fn with<R: Default>(text: &str, mut read: impl FnMut(View<'_>) -> R) -> R {
        let mut result = R::default();
        View::seek(text, Sought::Text, &mut |view| result = read(view));
        result
    }

    /// Folds a text and hands it to `read`, a pointer so that this code is there once, if what is sought may be there; below 4 KiB this takes nothing from the heap.
    pub(super) fn seek(text: &str, sought: Sought<'_>, read: &mut dyn FnMut(View<'_>)) {
        let others = others(text.as_bytes());
        match (text.len(), others) {
            (0..128, 0) => View::ascii_on_stack::<192, 3>(text, sought, read),
            (0..256, 0) => View::ascii_on_stack::<320, 5>(text, sought, read),
            (0..4096, 0) => View::ascii_on_stack::<4160, 65>(text, sought, read),
            (0..128, 1..4) => View::on_stack::<192, 3, { shifts_for(3) }>(text, sought, read),
            (0..256, 1..12) => View::on_stack::<320, 5, { shifts_for(11) }>(text, sought, read),
            (0..512, 1..40) => View::on_stack::<576, 9, { shifts_for(39) }>(text, sought, read),
            (0..4096, _) => View::on_stack::<4160, 65, 4096>(text, sought, read),
            (_, 0) => View::ascii_on_heap(text, sought, read),
            _ => View::on_heap(text, sought, read),
        }
    }

    // each size has a stack frame of its own, so that small texts touch little of the stack
    #[inline(never)]
    fn ascii_on_stack<const BYTES: usize, const BLOCKS: usize>(
        text: &str,
        sought: Sought<'_>,
        read: &mut dyn FnMut(View<'_>),
    ) {
        let blocks = &mut [Block::EMPTY; BLOCKS];
        if mark(text.as_bytes(), blocks, sought) {
            View::lowered_on_stack::<BYTES>(text, blocks, read);
        }
    }

    // apart, so that a text without what is sought does not touch the buffer
    #[inline(never)]
    fn lowered_on_stack<const BYTES: usize>(text: &str, blocks: &[Block], read: &mut dyn FnMut(View<'_>)) {
        lowered(text, &mut [0; BYTES], blocks, read);
    }

    #[inline(never)]
    fn ascii_on_heap(text: &str, sought: Sought<'_>, read: &mut dyn FnMut(View<'_>)) {
        let blocks = &mut blocks_for(text.len());
        if mark(text.as_bytes(), blocks, sought) {
            lowered(text, &mut vec![0; room_for(text.len())], blocks, read);
        }
    }

    #[inline(never)]
    fn on_stack<const BYTES: usize, const BLOCKS: usize, const SHIFTS: usize>(
        text: &str,
        sought: Sought<'_>,
        read: &mut dyn FnMut(View<'_>),
    ) {
        let (skeleton, shifts) = (&mut [0; BYTES], &mut [Shift::NONE; SHIFTS]);
        folded(text, skeleton, shifts, &mut [Block::EMPTY; BLOCKS], sought, read);
    }

    #[inline(never)]
    fn on_heap(text: &str, sought: Sought<'_>, read: &mut dyn FnMut(View<'_>)) {
        let room = room_for(text.len());
        let (skeleton, shifts) = (&mut vec![0; room], &mut vec![Shift::NONE; room]);
        folded(text, skeleton, shifts, &mut blocks_for(text.len()), sought, read);
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

    /// The start of the letters and digits around `at`, or `from` where they start before it.
    #[inline]
    pub(super) fn word_start_from(&self, from: usize, at: usize) -> usize {
        let mut start = at;
        while start > from {
            let run = wide(self.marks.words_before(start).leading_ones());
            start = start.wrapping_sub(run).max(from);
            if run < BLOCK {
                break;
            }
        }
        start
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

/// The room that a folded text of so many bytes takes.
const fn room_for(bytes: usize) -> usize {
    bytes.next_multiple_of(BLOCK).saturating_add(BLOCK)
}

fn blocks_for(bytes: usize) -> Vec<Block> {
    vec![Block::EMPTY; bytes.div_ceil(BLOCK).saturating_add(1)]
}

/// Says of each block of bytes what stands where, and whether what is sought may be there.
#[inline]
fn mark(bytes: &[u8], blocks: &mut [Block], sought: Sought<'_>) -> bool {
    let mut before = Block::EMPTY;
    let mut events = 0;
    for (place, block) in (0..bytes.len().div_ceil(BLOCK)).zip(blocks) {
        let rest = bytes.get(place.wrapping_mul(BLOCK)..).unwrap_or_default();
        let mut padded = [0; BLOCK];
        let window = rest.first_chunk().unwrap_or_else(|| {
            if let Some(slots) = padded.get_mut(..rest.len()) {
                slots.copy_from_slice(rest);
            }
            &padded
        });
        *block = Block::read(window, rest.len());
        let starts = block.mark(&before);
        if let Sought::Anchors(heads) | Sought::Marked(heads) = sought {
            block.events |= heads.among(starts, window, block, rest);
        }
        events |= block.events;
        before = *block;
    }
    events != 0 || !matches!(sought, Sought::Anchors(_))
}

/// Reads a text in ASCII in small letters, which are written to a buffer of zeros with a block of room behind them.
fn lowered(text: &str, buffer: &mut [u8], blocks: &[Block], read: &mut dyn FnMut(View<'_>)) {
    if let Some(slots) = buffer.get_mut(..text.len()) {
        slots.copy_from_slice(text.as_bytes());
        slots.make_ascii_lowercase();
    }
    read(View {
        text,
        skeleton: buffer.get(..text.len()).unwrap_or_default(),
        padded: buffer,
        marks: Marks(blocks.get(..=text.len().div_ceil(BLOCK)).unwrap_or_default()),
        shifts: &[],
    });
}

/// Reads a text folded into buffers that are all zero and a block longer than it.
fn folded(
    text: &str,
    skeleton: &mut [u8],
    shifts: &mut [Shift],
    blocks: &mut [Block],
    sought: Sought<'_>,
    read: &mut dyn FnMut(View<'_>),
) {
    let mut folder = Folder { skeleton, shifts, length: 0, changes: 0, by: 0 };
    folder.fold(text);
    let Folder { skeleton, shifts, length, changes, .. } = folder;
    if let Some(bytes) = skeleton.get_mut(..length) {
        bytes.make_ascii_lowercase();
    }
    if mark(skeleton.get(..length).unwrap_or_default(), blocks, sought) {
        read(View {
            text,
            skeleton: skeleton.get(..length).unwrap_or_default(),
            padded: skeleton,
            marks: Marks(blocks.get(..=length.div_ceil(BLOCK)).unwrap_or_default()),
            shifts: shifts.get(..changes).unwrap_or_default(),
        });
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
