//! The periodic form: the hours of the years 1970 to 2106 in pieces of two years, each laid out when it is
//! first asked for.
//!
//! Who asks first decides who does the work, never what the answer is.

use once_cell::race::OnceBox;

use super::grid::{Grid, Position, seconds};
use super::hours::Hours;
use crate::model::Timestamp;
use crate::num::{signed, wide};

/// log2 of the seconds of a piece: 777 days.
const SHIFT: u32 = 26;
/// Pieces: as many as seconds inside 32 bits have.
const PIECES: u32 = 1 << (32 - SHIFT);
/// More seconds than there are.
const FOREVER: i64 = 1 << 40;
/// Stretches of a piece; one of a denser calendar is not kept.
const MAX_STRETCHES: usize = 1 << 16;

/// More than a century of some hours, which every method is given.
#[derive(Debug)]
pub(crate) struct Century {
    pieces: Box<[OnceBox<Grid>]>,
}

impl Century {
    /// Nothing laid out yet.
    pub(crate) fn new() -> Self {
        Self { pieces: std::iter::repeat_with(OnceBox::new).take(wide(PIECES)).collect() }
    }

    /// Bytes on the heap by now.
    pub(crate) fn bytes(&self) -> usize {
        let pieces = self.pieces.iter().filter_map(OnceBox::get);
        let bytes = pieces.map(|grid| grid.bytes().saturating_add(size_of::<Grid>()));
        bytes.fold(self.pieces.len().saturating_mul(size_of::<usize>()), usize::saturating_add)
    }

    /// Whether `at` (milliseconds since the epoch) is open; `None` outside the century.
    #[inline]
    pub(crate) fn is_open(&self, hours: &Hours, at: i64) -> Option<bool> {
        self.position(hours, at).map(|(_, _, position)| position.is_open)
    }

    /// Open seconds and milliseconds in `start..end`, each of which may be negative; `None` where either
    /// lies outside the century.
    #[inline]
    #[expect(clippy::arithmetic_side_effects, reason = "hot: sums of seconds inside 32 bits are inside 64")]
    pub(crate) fn between(&self, hours: &Hours, start: i64, end: i64) -> Option<(i64, i64)> {
        let ((first, _, from), (last, _, to)) = (self.position(hours, start)?, self.position(hours, end)?);
        let mut open = i64::from(to.seconds) - i64::from(from.seconds);
        for number in first..last {
            open += i64::from(self.piece(hours, number)?.total());
        }
        Some((open, to.millis - from.millis))
    }

    /// The first and the last instant with so many seconds and milliseconds (fewer than a thousand) of open
    /// time more than `at`, or fewer, where these are negative; `None` where any of them lies outside the
    /// century.
    #[inline]
    pub(crate) fn moved(
        &self,
        hours: &Hours,
        at: i64,
        more: i64,
        millis: i64,
    ) -> Option<(Timestamp, Timestamp)> {
        let (number, grid, position) = self.position(hours, at)?;
        let (target, millis) = position.and(more.min(FOREVER), millis);
        match grid.landed::<true>(target, millis) {
            Some(landed) => Some(grid.instants(landed, millis)),
            None => self.moved_far(hours, number, target, millis),
        }
    }

    /// As [`moved`](Self::moved), from the start of a piece.
    fn moved_far(
        &self,
        hours: &Hours,
        number: usize,
        target: i64,
        millis: i64,
    ) -> Option<(Timestamp, Timestamp)> {
        let (mut number, mut left) = (number, target);
        while left < 0 || (left == 0 && millis == 0) {
            number = number.checked_sub(1)?;
            left = left.saturating_add(self.piece(hours, number)?.total().into());
        }
        loop {
            let grid = self.piece(hours, number)?;
            let total = i64::from(grid.total());
            if left < total {
                let landed = if left == 0 {
                    (grid.first_open()?, grid.first_open()?)
                } else {
                    grid.landed::<true>(left, millis)?
                };
                return Some(grid.instants(landed, millis));
            }
            number = number.checked_add(1)?;
            if left == total && millis == 0 {
                return Some((grid.instants((grid.last_close()?, 0), 0).0, self.first_open(hours, number)?));
            }
            left = left.saturating_sub(total);
        }
    }

    /// The first open instant from a piece on.
    fn first_open(&self, hours: &Hours, from: usize) -> Option<Timestamp> {
        for number in from..self.pieces.len() {
            let grid = self.piece(hours, number)?;
            if let Some(start) = grid.first_open() {
                return Some(grid.instants((start, start), 0).1);
            }
        }
        None
    }

    /// Where the stretch ends that is open at `at`; `None` where nothing is, or a piece ends before it.
    pub(crate) fn close(&self, hours: &Hours, at: i64) -> Option<Timestamp> {
        let (second, _) = seconds(at);
        self.piece(hours, usize::try_from(second >> SHIFT).ok()?)?.close(at)
    }

    /// The piece of an instant with its number, and how much open time of it lies before.
    #[inline(always)]
    fn position(&self, hours: &Hours, at: i64) -> Option<(usize, &Grid, Position)> {
        let (second, millis) = seconds(at);
        let number = usize::try_from(second >> SHIFT).ok()?;
        let grid = self.piece(hours, number)?;
        Some((number, grid, grid.position_at::<true>(second & ((1 << SHIFT) - 1), millis)?))
    }

    /// A piece, where it can be kept.
    #[inline(always)]
    fn piece(&self, hours: &Hours, number: usize) -> Option<&Grid> {
        let place = self.pieces.get(number)?;
        let grid = match place.get() {
            Some(grid) => grid,
            None => lay_out(place, hours, number),
        };
        (!grid.is_void()).then_some(grid)
    }
}

#[cold]
fn lay_out<'a>(place: &'a OnceBox<Grid>, hours: &Hours, number: usize) -> &'a Grid {
    place.get_or_init(|| {
        let from = signed(number).wrapping_shl(SHIFT);
        let to = from.saturating_add(1 << SHIFT);
        let open = hours.lay_out(from, to);
        let to = if open.len() > MAX_STRETCHES { from } else { to };
        Box::new(Grid::of(if from < to { &open } else { &[] }, from, to))
    })
}
