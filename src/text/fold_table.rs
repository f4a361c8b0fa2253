//! What each character folds to: a two-level table, built while the crate compiles.

use super::fold_ranges::{EXPANSIONS, RANGES};

/// What a character becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Image {
    /// Nothing: an invisible character, or an accent.
    Dropped,
    /// Itself.
    Kept,
    /// Itself, as long as its base carries few marks.
    Mark,
    /// Another character.
    One(char),
    /// Several characters.
    Several(&'static str),
}

/// The codes of the ranges that are no character; a code of the surrogate range is an index of [`EXPANSIONS`].
const KEPT: u16 = 0;
const DROPPED: u16 = 1;
const MARK: u16 = 2;
const FIRST_EXPANSION: u16 = 0xD800;

/// Characters on one page of the table.
const PAGE: usize = 256;
/// Pages of all of Unicode.
const ALL_PAGES: usize = 0x11_0000 / PAGE;

/// The page of each block of 256 characters; page 0 keeps everything.
static INDEX: [u8; ALL_PAGES] = index();
static PAGES: [[u16; PAGE]; count_pages()] = pages();

/// The image of a character where that is one ASCII character.
#[inline]
pub(super) fn ascii_image(c: char) -> Option<u8> {
    match code(u32::from(c)).to_be_bytes() {
        [0, ascii @ b' '..=b'~'] => Some(ascii),
        _ => None,
    }
}

/// The image of one character.
#[inline]
pub(crate) fn image(c: char) -> Image {
    match code(u32::from(c)) {
        KEPT => Image::Kept,
        DROPPED => Image::Dropped,
        MARK => Image::Mark,
        code => match char::from_u32(u32::from(code)) {
            Some(c) => Image::One(c),
            None => EXPANSIONS
                .get(usize::from(code.wrapping_sub(FIRST_EXPANSION)))
                .map_or(Image::Kept, |several| Image::Several(several)),
        },
    }
}

#[inline]
fn code(scalar: u32) -> u16 {
    let scalar = crate::num::wide(scalar);
    INDEX
        .get(scalar >> 8)
        .and_then(|&page| PAGES.get(usize::from(page)))
        .and_then(|page| page.get(scalar & 0xFF))
        .copied()
        .unwrap_or(KEPT)
}

#[expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn index() -> [u8; ALL_PAGES] {
    let mut index = [0_u8; ALL_PAGES];
    let mut next = 0_u8;
    let mut i = 0;
    while i < RANGES.len() {
        let mut page = RANGES[i].0 as usize / PAGE;
        while page <= RANGES[i].1 as usize / PAGE {
            if index[page] == 0 {
                next += 1;
                index[page] = next;
            }
            page += 1;
        }
        i += 1;
    }
    index
}

#[expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn count_pages() -> usize {
    let index = index();
    let mut most = 0;
    let mut i = 0;
    while i < ALL_PAGES {
        if index[i] > most {
            most = index[i];
        }
        i += 1;
    }
    most as usize + 1
}

#[expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn pages() -> [[u16; PAGE]; count_pages()] {
    let index = index();
    let mut pages = [[KEPT; PAGE]; count_pages()];
    let mut i = 0;
    while i < RANGES.len() {
        let (first, last, step, code) = RANGES[i];
        let mut scalar = first;
        while scalar <= last {
            let image = code + (scalar - first) as u16 * step;
            pages[index[scalar as usize / PAGE] as usize][scalar as usize % PAGE] = image;
            scalar += 1;
        }
        i += 1;
    }
    pages
}
