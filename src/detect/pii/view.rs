//! The text as the scanner reads it: one small byte for each character that shows, with the way back.

use std::ops::Range;

use super::heads::Heads;
use super::marks::{BLOCK, Block, Marks, high, leads};
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
    /// A digit, a sign, or a word of these; another text is not read.
    Anchors(&'h Heads),
}

impl<'a> View<'a> {
    /// Folds a text and hands it to `read`.
    pub(super) fn with<R: Default>(text: &str, mut read: impl FnMut(View<'_>) -> R) -> R {
        let mut result = R::default();
        View::seek(text, Sought::Text, &mut |view| result = read(view));
        result
    }

    /// Folds a text and hands it to `read`, a pointer so that this code is there once, if what is sought may be there; below
    /// 4 KiB this takes nothing from the heap.
    pub(super) fn seek(text: &str, sought: Sought<'_>, read: &mut dyn FnMut(View<'_>)) {
        match text.len() {
            0..=64 => View::on_stack::<2, 1>(text, sought, read),
            65..=128 => View::on_stack::<3, 2>(text, sought, read),
            129..=320 => View::on_stack::<6, 0>(text, sought, read),
            321..=4096 => View::on_stack::<65, 0>(text, sought, read),
            _ => {
                let (mut bytes, mut blocks) = (room_for(text), blocks_for(text));
                View::copied::<0>(text, &mut bytes, &mut blocks, sought, read);
            }
        }
    }

    // each size has a stack frame of its own, so that small texts touch little of the stack
    #[inline(never)]
    fn on_stack<const BLOCKS: usize, const FILLED: usize>(
        text: &str,
        sought: Sought<'_>,
        read: &mut dyn FnMut(View<'_>),
    ) {
        let (mut bytes, mut blocks) = ([[0; BLOCK]; BLOCKS], [Block::EMPTY; BLOCKS]);
        View::copied::<FILLED>(text, &mut bytes, &mut blocks, sought, read);
    }

    /// Reads a text by way of buffers that are all zero and a block longer than it; `FILLED` says how many blocks it takes
    /// where that is known, so that no branch asks for it, and is 0 elsewhere.
    #[inline]
    fn copied<const FILLED: usize>(
        text: &str,
        bytes: &mut [[u8; BLOCK]],
        blocks: &mut [Block],
        sought: Sought<'_>,
        read: &mut dyn FnMut(View<'_>),
    ) {
        copy::<FILLED>(text.as_bytes(), bytes.as_flattened_mut());
        let filled = if FILLED > 0 { FILLED } else { text.len().div_ceil(BLOCK) };
        let all = bytes.get(..filled).unwrap_or_default();
        let high = all.iter().fold(0_u32, |n, block| n.wrapping_add(high(block).count_ones()));
        // a character outside ASCII has two bytes at least
        match (high, filled) {
            (0, _) => View::marked::<FILLED>(text, text.len(), bytes, blocks, &[], sought, read),
            (1..=8, 1..=2) => View::folded::<3, { shifts_for(4) }, FILLED>(text, bytes, blocks, sought, read),
            (1..=24, 1..=5) => View::folded::<6, { shifts_for(12) }, 0>(text, bytes, blocks, sought, read),
            (25..=80, 1..=8) => View::folded::<9, { shifts_for(40) }, 0>(text, bytes, blocks, sought, read),
            (_, 1..=64) => View::folded::<65, 4096, 0>(text, bytes, blocks, sought, read),
            _ => {
                let shifts = &mut vec![Shift::NONE; shifts_for(wide(high / 2))];
                View::folded_into::<0>(text, bytes, &mut room_for(text), shifts, blocks, sought, read);
            }
        }
    }

    #[inline(never)]
    fn folded<const BLOCKS: usize, const SHIFTS: usize, const FILLED: usize>(
        text: &str,
        bytes: &[[u8; BLOCK]],
        blocks: &mut [Block],
        sought: Sought<'_>,
        read: &mut dyn FnMut(View<'_>),
    ) {
        let (mut skeleton, mut shifts) = ([[0; BLOCK]; BLOCKS], [Shift::NONE; SHIFTS]);
        View::folded_into::<FILLED>(text, bytes, &mut skeleton, &mut shifts, blocks, sought, read);
    }

    #[inline]
    fn folded_into<const FILLED: usize>(
        text: &str,
        bytes: &[[u8; BLOCK]],
        skeleton: &mut [[u8; BLOCK]],
        shifts: &mut [Shift],
        blocks: &mut [Block],
        sought: Sought<'_>,
        read: &mut dyn FnMut(View<'_>),
    ) {
        let mut folder =
            Folder { skeleton: skeleton.as_flattened_mut(), shifts, length: 0, changes: 0, by: 0 };
        folder.fold(text, bytes);
        let (length, changes) = (folder.length, folder.changes);
        let shifts = shifts.get(..changes).unwrap_or_default();
        View::marked::<FILLED>(text, length, skeleton, blocks, shifts, sought, read);
    }

    /// Reads a folded text of so many bytes, which may have capitals.
    #[inline(never)]
    fn marked<const FILLED: usize>(
        text: &str,
        length: usize,
        bytes: &mut [[u8; BLOCK]],
        blocks: &mut [Block],
        shifts: &[Shift],
        sought: Sought<'_>,
        read: &mut dyn FnMut(View<'_>),
    ) {
        let filled = if FILLED > 0 { FILLED } else { length.div_ceil(BLOCK) };
        let blocks = blocks.get_mut(..=filled).unwrap_or_default();
        let all = bytes.get_mut(..filled).unwrap_or_default();
        for (block, bytes) in blocks.iter_mut().zip(all) {
            *block = Block::read(bytes);
        }
        let padded = bytes.as_flattened();
        if mark(padded, blocks, sought) {
            let skeleton = padded.get(..length).unwrap_or_default();
            read(View { text, skeleton, padded, marks: Marks(blocks), shifts });
        }
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

    /// Sixteen bytes from `at` on; 0 outside.
    #[inline]
    pub(super) fn sixteen(&self, at: usize) -> [u8; 16] {
        self.padded.get(at..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default()
    }

    /// The folded byte at `i`, 0 outside.
    #[inline]
    pub(super) fn byte(&self, i: usize) -> u8 {
        self.padded.get(i).copied().unwrap_or(0)
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
        const FEW: usize = 16;
        if self.shifts.is_empty() {
            return range;
        }
        let (start, end) = (narrow(range.start), narrow(range.end));
        let (before, within) = if self.shifts.len() <= FEW {
            // all of them, so that no branch asks where the range is
            self.shifts.iter().fold((0, 0), |(before, within), shift| {
                let passed = |place: u32, by: u32| if shift.from <= place { shift.by } else { by };
                (passed(start, before), passed(end, within))
            })
        } else {
            (self.shift_at(start), self.shift_at(end))
        };
        let place = |i: u32, by: u32| wide(i.wrapping_add(by)).min(self.text.len());
        let start = place(start, before);
        start..place(end, within).max(start)
    }

    /// What is to be added to a place for that of its character.
    fn shift_at(&self, i: u32) -> u32 {
        let after = self.shifts.partition_point(|shift| shift.from <= i);
        after.checked_sub(1).and_then(|last| self.shifts.get(last)).map_or(0, |shift| shift.by)
    }

    /// The text of a range as it was sent.
    pub(super) fn sent(&self, range: Range<usize>) -> &'a str {
        self.text.get(self.original(range)).unwrap_or_default()
    }
}

/// Room for a text and a block more.
fn room_for(text: &str) -> Vec<[u8; BLOCK]> {
    vec![[0; BLOCK]; text.len().div_ceil(BLOCK).saturating_add(1)]
}

fn blocks_for(text: &str) -> Vec<Block> {
    vec![Block::EMPTY; text.len().div_ceil(BLOCK).saturating_add(1)]
}

/// Copies a text of a few known lengths in two pieces that overlap: how long it is no branch asks then.
#[inline]
fn copy<const FILLED: usize>(text: &[u8], bytes: &mut [u8]) {
    let Some(bytes) = bytes.get_mut(..text.len()) else { return };
    match FILLED {
        1 if text.len() >= 32 => copy_ends::<32>(text, bytes),
        2 => copy_ends::<64>(text, bytes),
        _ => bytes.copy_from_slice(text),
    }
}

#[inline]
fn copy_ends<const PIECE: usize>(text: &[u8], bytes: &mut [u8]) {
    if let (Some(from), Some(to)) = (text.first_chunk::<PIECE>(), bytes.first_chunk_mut()) {
        *to = *from;
    }
    if let (Some(from), Some(to)) = (text.last_chunk::<PIECE>(), bytes.last_chunk_mut()) {
        *to = *from;
    }
}

/// Says where the scan has to look, and whether it has to at all; the last block is empty.
#[inline]
fn mark(bytes: &[u8], blocks: &mut [Block], sought: Sought<'_>) -> bool {
    let heads = match sought {
        Sought::Text => None,
        Sought::Marked(heads) | Sought::Anchors(heads) => Some(heads),
    };
    let mut before = Block::EMPTY;
    let mut events = 0;
    let mut first = 0_usize;
    let mut rest = blocks;
    while let [block, behind @ ..] = rest {
        let Some(next) = behind.first() else { break };
        let starts = block.mark(&before);
        if let Some(heads) = heads {
            block.events |= heads.among(starts, first, bytes, block, next);
        }
        events |= block.events;
        before = *block;
        first = first.wrapping_add(BLOCK);
        rest = behind;
    }
    events != 0 || !matches!(sought, Sought::Anchors(_))
}

/// Bytes of ASCII that are copied at once: more than stand between most others.
const AT_ONCE: usize = 64;

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
    /// Folds a text, of which `bytes` are a copy with zeros behind it.
    #[inline]
    fn fold(&mut self, text: &str, bytes: &[[u8; BLOCK]]) {
        let mut done = 0_usize;
        let mut first = 0_usize;
        let padded = bytes.as_flattened();
        for block in bytes {
            let mut leads = leads(block);
            while leads != 0 {
                let place = first.wrapping_add(wide(leads.trailing_zeros()));
                leads &= leads.wrapping_sub(1);
                self.push_ascii(padded, done, place);
                let c = text.get(place..).and_then(|rest| rest.chars().next()).unwrap_or(' ');
                self.push_other(c, place);
                done = place.wrapping_add(c.len_utf8());
            }
            first = first.wrapping_add(BLOCK);
        }
        self.push_ascii(padded, done, text.len());
        self.shift(text.len());
        if let Some(left) = self.skeleton.get_mut(self.length..) {
            left.iter_mut().take(AT_ONCE).for_each(|byte| *byte = 0);
        }
    }

    /// Takes bytes in, so many at once that some behind them are written which others overwrite.
    #[inline]
    fn push_ascii(&mut self, padded: &[u8], from: usize, to: usize) {
        if from < to {
            self.shift(from);
        }
        let length = to.wrapping_sub(from);
        let mut done = 0_usize;
        loop {
            let room = self.skeleton.get_mut(self.length.wrapping_add(done)..);
            let slots = room.and_then(<[u8]>::first_chunk_mut::<AT_ONCE>);
            let bytes = padded.get(from.wrapping_add(done)..).and_then(<[u8]>::first_chunk);
            if let (Some(slots), Some(bytes)) = (slots, bytes) {
                *slots = *bytes;
            }
            done = done.wrapping_add(AT_ONCE);
            if done >= length {
                break;
            }
        }
        self.length = self.length.wrapping_add(length);
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
