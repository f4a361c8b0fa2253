//! A number or code without its separators, with where each character stood.

use super::marks::Codes;
use super::view::View;

/// Characters that a code may have: the longest IBAN has 34.
pub(super) const MOST: usize = 40;
/// Bytes that are copied at once.
const AT_ONCE: usize = 16;
/// Room for them, and for what is written beyond.
const ROOM: usize = MOST + AT_ONCE;

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
#[derive(Clone)]
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
}

impl Compact {
    /// Nothing read yet, to be filled from a place that is a letter or digit.
    #[inline]
    pub(super) const fn at(start: usize) -> Self {
        Self {
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
        }
    }

    /// Reads a code where it starts.
    pub(super) fn fill(&mut self, view: &View<'_>) {
        let mut i = self.start;
        let mut ahead = view.marks().codes(i);
        let mut after_word = false;
        loop {
            i = self.push_group(view, i, ahead);
            if self.len >= MOST && view.byte(i).is_ascii_alphanumeric() {
                return;
            }
            self.bounds |= self.bit();
            if self.len >= MOST {
                return;
            }
            let Some(gap) = read_gap(view, i) else { return };
            i = gap.end;
            ahead = view.marks().codes(i);
            let word = Letters::of(ahead);
            if word.is_long() | (word.is_whole() & after_word & (self.digits != 0)) {
                return;
            }
            after_word = word.is_whole();
            self.note(&gap);
        }
    }

    /// Takes the letters and digits from `start` on in and returns their end.
    #[inline]
    fn push_group(&mut self, view: &View<'_>, start: usize, ahead: Codes) -> usize {
        let run = crate::num::wide((!ahead.plain).trailing_zeros());
        let taken = run.min(MOST.wrapping_sub(self.len));
        self.copy(view, start, 0);
        if taken > AT_ONCE {
            self.copy(view, start, AT_ONCE);
            self.copy(view, start, 2 * AT_ONCE);
        }
        if let Some(shift) = self.shifts.get_mut(self.groups) {
            // six separators at most stand between two of forty characters
            *shift = low_byte(start.wrapping_sub(self.start).wrapping_sub(self.len));
        }
        self.groups = self.groups.wrapping_add(1);
        self.digits |= (ahead.digits & mask(taken)).wrapping_mul(self.bit());
        self.len = self.len.wrapping_add(taken);
        start.wrapping_add(taken)
    }

    /// Copies bytes of a group that starts at `start`, from so many of them on.
    #[inline]
    fn copy(&mut self, view: &View<'_>, start: usize, from: usize) {
        let room = self.chars.get_mut(self.len.wrapping_add(from)..);
        if let Some(slots) = room.and_then(<[u8]>::first_chunk_mut::<AT_ONCE>) {
            *slots = view.sixteen(start.wrapping_add(from));
        }
    }

    #[inline]
    fn note(&mut self, gap: &Separators) {
        let bit = self.bit();
        let where_so = |so: bool| if so { bit } else { 0 };
        self.lines |= where_so(gap.kind == Gap::Line);
        self.hard |= where_so(gap.kind == Gap::Hard);
        self.opens |= where_so(gap.opens);
    }

    #[inline]
    fn bit(&self) -> u64 {
        bit(self.len)
    }

    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// The groups of letters and digits.
    pub(super) const fn groups(&self) -> usize {
        self.groups
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

    /// The same with digits for the letters `o`, `l` and `i` among the digits that it starts with: "34O 44Ol234".
    #[inline]
    pub(super) fn zeroed(&self) -> Option<Self> {
        let first = self.leading_digits();
        let letter = self.chars.get(first).copied().and_then(digit_like);
        let apart = self.bounds & bit(first) != 0 && self.digits & bit(first.wrapping_add(1)) == 0;
        if first < self.len && !apart && letter.is_some() { self.with_zeros(first) } else { None }
    }

    #[inline(never)]
    fn with_zeros(&self, first: usize) -> Option<Self> {
        let run = (first..self.len).take_while(|&k| self.is_zero_or_digit(k)).count();
        let n = self.bound_within(first.saturating_add(run));
        let digits = crate::num::wide((self.digits & mask(n)).count_ones());
        if n < 9 || n > digits.saturating_mul(2) {
            return None;
        }
        let mut zeroed = self.clone();
        for slot in zeroed.chars.iter_mut().take(n) {
            *slot = digit_like(*slot).unwrap_or(*slot);
        }
        zeroed.digits |= mask(n);
        Some(zeroed)
    }

    /// Whether character `k` is a digit, or a letter like one in a group with digits: by itself it is a word.
    fn is_zero_or_digit(&self, k: usize) -> bool {
        let from = self.bound_within(k);
        let past = self.next_bound(k).unwrap_or(self.len);
        let group = mask(past) & !mask(from);
        let letter = self.chars.get(k).copied().and_then(digit_like).is_some();
        self.digits & bit(k) != 0 || (letter && self.digits & group != 0)
    }

    /// Whether the first `n` characters stand in fewer than eight groups of which no two are one character; what a
    /// bracket opens counts as none, nor what it leaves of the next: "+33 (0)6 …".
    #[inline]
    pub(super) fn in_few_groups(&self, n: usize) -> bool {
        let ends = self.bounds & mask(n.wrapping_add(1)) & !1;
        let starts = (self.bounds | 1) & mask(n);
        let single = starts & (ends >> 1) & !(self.opens | (self.opens << 1));
        ends.count_ones() < 8 && single & single.wrapping_sub(1) == 0
    }

    /// The last bound within the first `n` characters, or `n` where a bound stands behind them.
    fn bound_within(&self, n: usize) -> usize {
        let bounds = self.bounds & mask(n.saturating_add(1));
        crate::num::wide(64_u32.saturating_sub(bounds.leading_zeros())).saturating_sub(1)
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
        let soft = if self.bounds & within != 0 { Gap::Soft } else { Gap::None };
        let line = if self.lines & within != 0 { Gap::Line } else { soft };
        if self.hard & within != 0 { Gap::Hard } else { line }
    }

    /// Whether more of the same number seems to follow the first `n` characters.
    #[inline]
    pub(super) fn goes_on(&self, n: usize) -> bool {
        n < self.len && self.digits & bit(n) != 0 && (self.hard | self.lines | self.opens) & bit(n) == 0
    }

    /// Where groups start within the first `n` characters, the first left out; a bit for each place.
    #[inline]
    pub(super) const fn inner_bounds(&self, n: usize) -> u64 {
        self.bounds & mask(n) & !1
    }

    /// Whether the first `n` characters are written in these groups.
    #[inline]
    pub(super) const fn grouped(&self, n: usize, groups: Groups) -> bool {
        n == groups.length && self.inner_bounds(n) == groups.bounds
    }

    /// Whether the first `n` characters are written in groups that are among these.
    #[inline]
    pub(super) fn grouped_as(&self, n: usize, groups: &[Groups]) -> bool {
        groups.iter().any(|groups| self.grouped(n, *groups))
    }

    /// Where the last group of the first `n` characters starts.
    pub(super) fn last_bound(&self, n: usize) -> usize {
        self.bound_within(n.saturating_sub(1))
    }

    /// Whether each of the first `n` characters stands alone: a way to spell numbers out.
    #[inline]
    pub(super) const fn stands_apart(&self, n: usize) -> bool {
        let all = mask(n) & !1;
        all != 0 && self.bounds & all == all
    }

    /// The length of the group that ends at `n`.
    pub(super) fn next_bound(&self, n: usize) -> Option<usize> {
        let rest = self.bounds & !mask(n.saturating_add(1));
        (rest != 0).then(|| crate::num::wide(rest.trailing_zeros())).filter(|&bound| bound <= self.len)
    }
}

/// The digit that a letter stands for which looks like one.
#[inline]
const fn digit_like(letter: u8) -> Option<u8> {
    match letter {
        b'o' => Some(b'0'),
        b'l' | b'i' => Some(b'1'),
        _ => None,
    }
}

/// Separators between two pieces.
struct Separators {
    end: usize,
    kind: Gap,
    opens: bool,
}

/// The most separators in a row within one code, and where a quoted line begins among them.
const MOST_SEPARATORS: usize = 4;
const MOST_QUOTED: usize = 6;

/// What a byte is between two pieces of a code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    /// No separator: the code is over.
    Stop,
    /// A letter or digit: it goes on.
    Code,
    Blank,
    Mark,
    Opens,
    Closes,
    Line,
    Hard,
}

static BETWEEN: [Between; 256] = between();

#[expect(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn between() -> [Between; 256] {
    let mut all = [Between::Stop; 256];
    let mut byte = 0_u8;
    while byte < 255 {
        all[byte as usize] = match byte {
            b' ' | b'\t' => Between::Blank,
            b'-' | b'.' | b'/' | b'_' | b'\\' | b'*' | b'~' | b'|' | b')' => Between::Mark,
            b'(' | b'[' => Between::Opens,
            b']' => Between::Closes,
            b'\n' | b'\r' => Between::Line,
            b',' | b';' | b':' => Between::Hard,
            b'0'..=b'9' | b'a'..=b'z' => Between::Code,
            _ => Between::Stop,
        };
        byte += 1;
    }
    all
}

#[inline]
fn separator(byte: u8) -> Between {
    BETWEEN.get(usize::from(byte)).copied().unwrap_or(Between::Stop)
}

#[inline]
fn read_gap(view: &View<'_>, start: usize) -> Option<Separators> {
    let [first, second, ..] = view.eight(start).to_le_bytes();
    let (first, second) = (separator(first), separator(second));
    if first == Between::Stop || second == Between::Stop {
        return if first == Between::Line { read_long_gap(view, start) } else { None };
    }
    if second != Between::Code {
        return read_long_gap(view, start);
    }
    let kind = match first {
        Between::Line => Gap::Line,
        Between::Hard => Gap::Hard,
        _ => Gap::Soft,
    };
    Some(Separators { end: start.wrapping_add(1), kind, opens: first == Between::Opens })
}

/// Several separators in a row.
fn read_long_gap(view: &View<'_>, start: usize) -> Option<Separators> {
    let mut gap = Separators { end: start, kind: Gap::Soft, opens: false };
    let mut marks = 0_u8;
    let mut last = b' ';
    let mut most = MOST_SEPARATORS;
    for _ in 0..=MOST_QUOTED {
        let byte = view.byte(gap.end);
        match separator(byte) {
            Between::Blank | Between::Closes => {}
            Between::Mark => {
                last = byte;
                marks = marks.wrapping_add(1);
            }
            Between::Opens => gap.opens = true,
            Between::Line => gap.kind = gap.kind.max(Gap::Line),
            Between::Hard => gap.kind = Gap::Hard,
            Between::Code => {
                let stops = marks > 1 && last == b'.';
                return (!stops).then_some(gap);
            }
            // a line of a quoted message starts with "> "
            Between::Stop if byte == b'>' && gap.kind == Gap::Line => most = MOST_QUOTED,
            Between::Stop => return None,
        }
        gap.end = gap.end.wrapping_add(1);
        if gap.end.wrapping_sub(start) > most {
            return None;
        }
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
    #[inline]
    fn of(ahead: Codes) -> Self {
        let letters = ahead.plain & !ahead.digits;
        let count = crate::num::wide((!letters).trailing_zeros()).min(7);
        Self { count, digit: (ahead.digits & bit(count) != 0) & (count < 7) }
    }

    /// A word of five letters or more that no digit follows, or of seven: then the number is over.
    const fn is_long(&self) -> bool {
        (self.count > 6) | ((self.count > 4) & !self.digit)
    }

    /// Two letters or more and no digit behind them: two such words in a row are no code any more.
    const fn is_whole(&self) -> bool {
        (self.count > 1) & !self.digit
    }
}

/// Groups in which a code is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Groups {
    /// Bit `k`: a group starts with character `k`; the first is left out.
    bounds: u64,
    length: usize,
}

impl Groups {
    /// The characters of all groups.
    pub(super) const fn length(self) -> usize {
        self.length
    }

    /// Where groups start, the first left out; a bit for each place.
    pub(super) const fn bounds(self) -> u64 {
        self.bounds
    }
}

/// Groups of these lengths.
pub(super) const fn groups(lengths: &[u8]) -> Groups {
    let mut groups = Groups { bounds: 0, length: 0 };
    let mut rest = lengths;
    while let [length, tail @ ..] = rest {
        #[expect(clippy::as_conversions, reason = "a byte widens losslessly in a const function")]
        let next = groups.length.wrapping_add(*length as usize);
        groups.length = next;
        if !tail.is_empty() {
            groups.bounds |= bit(next);
        }
        rest = tail;
    }
    groups
}

/// The lowest eight bits.
#[inline]
#[expect(clippy::as_conversions, reason = "the lowest eight bits are meant")]
const fn low_byte(n: usize) -> u8 {
    n as u8
}

/// The bit of a place below 64.
#[inline]
#[expect(clippy::as_conversions, reason = "the length of a code is far below the width of any integer")]
pub(super) const fn bit(n: usize) -> u64 {
    1_u64.wrapping_shl(n as u32)
}

/// The bits below `n`.
#[inline]
pub(super) const fn mask(n: usize) -> u64 {
    bit(n).wrapping_sub(1)
}
