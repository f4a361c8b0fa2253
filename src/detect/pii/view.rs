//! The text as the scanner reads it: one small byte for each character that shows, with the way back.

use std::ops::Range;

use crate::num::{narrow, wide};
use crate::text::fold_table::{Image, image};

/// A letter of a script that has no ASCII look-alike.
pub(super) const LETTER: u8 = 0x80;
/// A character that is neither letter nor digit nor ASCII.
pub(super) const SYMBOL: u8 = 0x81;

/// Texts up to this many bytes are read on a small piece of stack.
const TINY: usize = 128;
/// Texts up to this many bytes are read on a larger one.
const SMALL: usize = 512;
/// Texts up to this many bytes are read on the stack, longer ones on the heap.
const LARGE: usize = 4096;

/// A text folded to one byte a character, by the fold table of the crate.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    text: &'a str,
    skeleton: &'a [u8],
    /// Where each character starts in `text`, and its length at the end; empty where the text is ASCII, one to one.
    at: &'a [u32],
}

impl<'a> View<'a> {
    /// Folds a text and hands it to `read`; up to 4 KiB of text this takes nothing from the heap.
    pub(super) fn with<R>(text: &str, read: impl FnOnce(View<'_>) -> R) -> R {
        match (text.len(), text.is_ascii()) {
            (0..TINY, true) => View::lower(text, &mut [0; TINY], read),
            (0..LARGE, true) => View::lower(text, &mut [0; LARGE], read),
            (0..TINY, false) => View::fold(text, &mut [0; TINY], &mut [0; TINY], read),
            (0..SMALL, false) => View::fold(text, &mut [0; SMALL], &mut [0; SMALL], read),
            (0..LARGE, false) => View::fold(text, &mut [0; LARGE], &mut [0; LARGE], read),
            (length, true) => View::lower(text, &mut vec![0; length], read),
            (length, false) => {
                let length = length.saturating_add(1);
                View::fold(text, &mut vec![0; length], &mut vec![0; length], read)
            }
        }
    }

    fn fold<R>(text: &str, skeleton: &mut [u8], at: &mut [u32], read: impl FnOnce(View<'_>) -> R) -> R {
        let mut folder = Folder { skeleton, at, length: 0, origin: 0 };
        folder.fold(text);
        let length = folder.length;
        if let Some(end) = at.get_mut(length) {
            *end = narrow(text.len());
        }
        let at = at.get(..=length).unwrap_or_default();
        read(View { text, skeleton: skeleton.get(..length).unwrap_or_default(), at })
    }

    /// Lowers an ASCII text into `skeleton`; its offsets are its own.
    fn lower<R>(text: &str, skeleton: &mut [u8], read: impl FnOnce(View<'_>) -> R) -> R {
        let Some(skeleton) = skeleton.get_mut(..text.len()) else {
            return read(View { text, skeleton: &[], at: &[] });
        };
        skeleton.copy_from_slice(text.as_bytes());
        skeleton.make_ascii_lowercase();
        read(View { text, skeleton, at: &[] })
    }

    /// The folded bytes.
    pub(super) const fn bytes(&self) -> &'a [u8] {
        self.skeleton
    }

    /// The folded byte at `i`, 0 outside.
    #[inline]
    pub(super) fn byte(&self, i: usize) -> u8 {
        self.skeleton.get(i).copied().unwrap_or(0)
    }

    /// The folded byte before `i`, 0 at the start.
    #[inline]
    pub(super) fn before(&self, i: usize) -> u8 {
        i.checked_sub(1).map_or(0, |i| self.byte(i))
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
    pub(super) fn original(&self, range: Range<usize>) -> Range<usize> {
        if self.at.is_empty() {
            return range;
        }
        let place = |i: usize| wide(self.at.get(i).copied().unwrap_or(0));
        place(range.start)..place(range.end).max(place(range.start))
    }

    /// The text of a range as it was sent.
    pub(super) fn sent(&self, range: Range<usize>) -> &'a str {
        self.text.get(self.original(range)).unwrap_or_default()
    }
}

struct Folder<'a> {
    skeleton: &'a mut [u8],
    at: &'a mut [u32],
    length: usize,
    origin: usize,
}

impl Folder<'_> {
    fn fold(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let plain = ascii_prefix(rest.as_bytes());
            let (head, tail) = rest.split_at_checked(plain).unwrap_or((rest, ""));
            self.push_ascii(head.as_bytes());
            let mut others = tail.chars();
            rest = tail;
            while let Some(c) = others.next().filter(|c| !c.is_ascii()) {
                self.push_other(c);
                self.origin = self.origin.saturating_add(c.len_utf8());
                rest = others.as_str();
            }
        }
    }

    #[inline]
    fn push_ascii(&mut self, ascii: &[u8]) {
        let skeleton = self.skeleton.iter_mut().skip(self.length);
        let at = self.at.iter_mut().skip(self.length);
        let mut origin = narrow(self.origin);
        for ((slot, place), byte) in skeleton.zip(at).zip(ascii) {
            *slot = byte.to_ascii_lowercase();
            *place = origin;
            origin = origin.wrapping_add(1);
        }
        self.length = self.length.saturating_add(ascii.len());
        self.origin = self.origin.saturating_add(ascii.len());
    }

    fn push_other(&mut self, c: char) {
        match image(c) {
            Image::Dropped | Image::Mark => {}
            Image::Kept => self.push(skeleton_of(c)),
            Image::One(other) => self.push(skeleton_of(other)),
            Image::Several(others) if others.len() <= c.len_utf8() && others.is_ascii() => {
                others.bytes().for_each(|b| self.push(b.to_ascii_lowercase()));
            }
            Image::Several(_) => self.push(skeleton_of(c)),
        }
    }

    fn push(&mut self, byte: u8) {
        if let (Some(slot), Some(place)) = (self.skeleton.get_mut(self.length), self.at.get_mut(self.length))
        {
            *slot = byte;
            *place = narrow(self.origin);
            self.length = self.length.saturating_add(1);
        }
    }
}

fn skeleton_of(c: char) -> u8 {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii() => byte.to_ascii_lowercase(),
        _ if c.is_alphabetic() => LETTER,
        _ if c.is_whitespace() => b' ',
        _ if matches!(c, '\u{20A0}'..='\u{20CF}' | '\u{A3}') => b'$',
        _ => SYMBOL,
    }
}

/// The number of ASCII bytes that a text starts with.
#[inline]
fn ascii_prefix(bytes: &[u8]) -> usize {
    bytes.iter().position(|b| !b.is_ascii()).unwrap_or(bytes.len())
}
