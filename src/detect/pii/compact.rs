//! A number or code without its separators, with where each character stood.

use super::view::View;

/// Characters that a code may have: the longest IBAN has 34.
pub(super) const MOST: usize = 40;
/// Room for them, and for what eight bytes at once write beyond.
const ROOM: usize = 48;

/// What may stand between two characters of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing.
    None,
    /// A blank, a dash, a dot and the like.
    Soft,
    /// A line break.
    Line,
    /// A comma, several blanks with marks: more often two numbers than one.
    Hard,
}

/// The letters and digits from a place on, separators left out.
pub(super) struct Compact {
    chars: [u8; ROOM],
    /// Where the first character stands.
    start: usize,
    /// For each group, how many separators stand before it.
    shifts: [u8; MOST],
    groups: usize,
    len: usize,
    /// Bit `k`: character `k` is a digit.
    pub(super) digits: u64,
    /// Bit `k`: something stands before character `k`; the bit of `len` is set where the code ends at a bound.
    pub(super) bounds: u64,
    /// Bit `k`: a line break stands before character `k`.
    pub(super) lines: u64,
    /// Bit `k`: a hard gap stands before character `k`.
    pub(super) hard: u64,
    /// Bit `k`: a bracket opens before character `k`.
    pub(super) opens: u64,
    /// The separators before character `k` and the last one before, where they differ.
    pub(super) mixed: u64,
}

impl Compact {
    /// Reads from `start`, which is a letter or digit.
    #[inline]
    pub(super) fn read(view: &View<'_>, start: usize) -> Self {
        let mut this = Self {
            chars: [0; ROOM],
            start,
            shifts: [0; MOST],
            groups: 0,
            len: 0,
            digits: 0,
            bounds: 0,
            lines: 0,
            hard: 0,
            opens: 0,
            mixed: 0,
        };
        this.fill(view, start);
        this
    }

    fn fill(&mut self, view: &View<'_>, start: usize) {
        let mut i = start;
        let mut last_separator = 0;
        let mut after_word = false;
        loop {
            i = self.push_group(view, i);
            if self.len >= MOST && view.byte(i).is_ascii_alphanumeric() {
                return;
            }
            self.bounds |= self.bit();
            if self.len >= MOST {
                return;
            }
            let Some(gap) = read_gap(view, i) else { return };
            let word = Letters::at(view, gap.end);
            if word.is_long() || (word.is_whole() && after_word && self.digits != 0) {
                return;
            }
            after_word = word.is_whole();
            self.note(&gap, &mut last_separator);
            i = gap.end;
        }
    }

    /// Takes the letters and digits from `start` on in and returns their end.
    fn push_group(&mut self, view: &View<'_>, start: usize) -> usize {
        let run = crate::num::wide((!view.marks().plain(start)).trailing_zeros());
        let taken = run.min(MOST.wrapping_sub(self.len));
        let end = self.len.wrapping_add(taken);
        let mut done = 0_usize;
        while done < taken {
            let room = self.chars.get_mut(self.len.wrapping_add(done)..);
            if let Some(slots) = room.and_then(|room| room.first_chunk_mut::<8>()) {
                *slots = view.eight(start.wrapping_add(done)).to_le_bytes();
            }
            done = done.wrapping_add(8);
        }
        if let Some(shift) = self.shifts.get_mut(self.groups) {
            // four separators at most stand between two of forty characters
            *shift = u8::try_from(start.wrapping_sub(self.start).wrapping_sub(self.len)).unwrap_or(u8::MAX);
        }
        self.groups = self.groups.wrapping_add(1);
        self.digits |= (view.marks().digits(start) & mask(taken)).wrapping_mul(bit(self.len));
        self.len = end;
        start.wrapping_add(taken)
    }

    fn note(&mut self, gap: &Separators, last: &mut u8) {
        let bit = self.bit();
        match gap.kind {
            Gap::Line => self.lines |= bit,
            Gap::Hard => self.hard |= bit,
            Gap::None | Gap::Soft => {}
        }
        if gap.opens {
            self.opens |= bit;
        }
        if *last != 0 && *last != gap.mark {
            self.mixed |= bit;
        }
        *last = gap.mark;
    }

    #[inline]
    fn bit(&self) -> u64 {
        bit(self.len)
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// The first `n` characters.
    #[inline]
    pub(super) fn head(&self, n: usize) -> &[u8] {
        self.chars.get(..n.min(self.len)).unwrap_or_default()
    }

    /// The place in the view right behind character `n - 1`.
    #[inline]
    pub(super) fn end(&self, n: usize) -> usize {
        let group = (self.bounds & mask(n) & !1).count_ones();
        let shift = self.shifts.get(crate::num::wide(group)).copied().unwrap_or(0);
        self.start.wrapping_add(n).wrapping_add(usize::from(shift))
    }

    /// Whether the first `n` characters are digits.
    #[inline]
    pub(super) fn all_digits(&self, n: usize) -> bool {
        self.digits & mask(n) == mask(n)
    }

    /// How many digits the code starts with.
    #[inline]
    pub(super) fn leading_digits(&self) -> usize {
        crate::num::wide((!self.digits).trailing_zeros()).min(self.len)
    }

    /// Whether a bound stands behind the first `n` characters.
    #[inline]
    pub(super) fn ends_at(&self, n: usize) -> bool {
        self.bounds & bit(n) != 0
    }

    /// Whether the first `n` characters have a line break or comma among them.
    #[inline]
    pub(super) fn broken(&self, n: usize) -> Gap {
        let within = mask(n) & !1;
        if self.hard & within != 0 {
            Gap::Hard
        } else if self.lines & within != 0 {
            Gap::Line
        } else if self.bounds & within != 0 {
            Gap::Soft
        } else {
            Gap::None
        }
    }

    /// Whether more of the same number seems to follow the first `n` characters.
    #[inline]
    pub(super) fn goes_on(&self, n: usize) -> bool {
        n < self.len && self.digits & bit(n) != 0 && (self.hard | self.lines | self.opens) & bit(n) == 0
    }

    /// Whether the first `n` characters are written in groups of these lengths.
    pub(super) fn grouped(&self, n: usize, lengths: &[u8]) -> bool {
        let mut expected = 0_u64;
        let mut at = 0_usize;
        for length in lengths {
            at = at.saturating_add(usize::from(*length));
            if at < n {
                expected |= bit(at);
            }
        }
        at == n && self.bounds & mask(n) & !1 == expected
    }

    /// Whether each of the first `n` characters stands alone, or pairs do: a way to spell numbers out.
    pub(super) fn spaced_evenly(&self, n: usize, width: usize) -> bool {
        let mut expected = 0_u64;
        let mut at = width;
        while at < n {
            expected |= bit(at);
            at = at.saturating_add(width.max(1));
        }
        expected != 0 && self.bounds & mask(n) & !1 == expected
    }

    /// The length of the group that ends at `n`.
    pub(super) fn next_bound(&self, n: usize) -> Option<usize> {
        let rest = self.bounds & !mask(n.saturating_add(1));
        (rest != 0).then(|| crate::num::wide(rest.trailing_zeros())).filter(|&bound| bound <= self.len)
    }
}

/// Separators between two pieces.
struct Separators {
    end: usize,
    kind: Gap,
    mark: u8,
    opens: bool,
}

/// The most separators in a row within one code.
const MOST_SEPARATORS: usize = 4;

fn read_gap(view: &View<'_>, start: usize) -> Option<Separators> {
    let mut gap = Separators { end: start, kind: Gap::Soft, mark: b' ', opens: false };
    let mut marks = 0_u8;
    for _ in 0..=MOST_SEPARATORS {
        let byte = view.byte(gap.end);
        match byte {
            b' ' | b'\t' => {}
            b'-' | b'.' | b'/' | b'_' | b'\\' | b'*' | b'~' | b'|' | b')' => {
                gap.mark = byte;
                marks = marks.wrapping_add(1);
            }
            b'(' | b'[' => gap.opens = true,
            b']' => {}
            b'\n' | b'\r' => gap.kind = gap.kind.max(Gap::Line),
            b',' | b';' | b':' => gap.kind = Gap::Hard,
            b'0'..=b'9' | b'a'..=b'z' => {
                let stops = marks > 1 && gap.mark == b'.';
                return (!stops).then_some(gap);
            }
            _ => return None,
        }
        gap.end = gap.end.wrapping_add(1);
    }
    None
}

/// The letters behind a gap, seven at most.
struct Letters {
    count: usize,
    /// Whether a digit follows them.
    digit: bool,
}

impl Letters {
    fn at(view: &View<'_>, start: usize) -> Self {
        let digits = view.marks().digits(start);
        let letters = view.marks().plain(start) & !digits;
        let count = crate::num::wide((!letters).trailing_zeros()).min(7);
        Self { count, digit: digits & bit(count) != 0 && count < 7 }
    }

    /// A word of five letters or more that no digit follows, or of seven: then the number is over.
    const fn is_long(&self) -> bool {
        self.count > 6 || (self.count > 4 && !self.digit)
    }

    /// Two letters or more and no digit behind them: two such words in a row are no code any more.
    const fn is_whole(&self) -> bool {
        self.count > 1 && !self.digit
    }
}

/// The bit of a place, 0 beyond the 64th.
#[inline]
#[expect(clippy::as_conversions, reason = "the length of a code is far below the width of any integer")]
pub(super) const fn bit(n: usize) -> u64 {
    if n < 64 { 1_u64.wrapping_shl(n as u32) } else { 0 }
}

/// The bits below `n`.
#[inline]
pub(super) const fn mask(n: usize) -> u64 {
    bit(n).wrapping_sub(1)
}
