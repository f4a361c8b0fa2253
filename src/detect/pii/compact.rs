//! A number or code without its separators, with where each character stood.

use super::view::View;

/// Characters that a code may have: the longest IBAN has 34.
pub(super) const MOST: usize = 40;

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
#[derive(Clone, Copy)]
pub(super) struct Compact {
    chars: [u8; MOST],
    at: [u32; MOST],
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
    pub(super) fn read(view: &View<'_>, start: usize) -> Self {
        let mut this = Self {
            chars: [0; MOST],
            at: [0; MOST],
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
        while self.len < MOST {
            let byte = view.byte(i);
            if byte.is_ascii_alphanumeric() {
                self.push(byte, i);
                i = i.wrapping_add(1);
                continue;
            }
            self.bounds |= self.bit();
            let Some(gap) = read_gap(view, i) else { return };
            let word = whole_word(view, gap.end);
            if starts_long_word(view, gap.end) || (word && after_word && self.digits != 0) {
                return;
            }
            after_word = word;
            self.note(&gap, &mut last_separator);
            i = gap.end;
        }
        if !view.byte(i).is_ascii_alphanumeric() {
            self.bounds |= self.bit();
        }
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

    #[inline]
    fn push(&mut self, byte: u8, place: usize) {
        if byte.is_ascii_digit() {
            self.digits |= self.bit();
        }
        if let (Some(slot), Some(at)) = (self.chars.get_mut(self.len), self.at.get_mut(self.len)) {
            *slot = byte;
            *at = crate::num::narrow(place);
            self.len = self.len.wrapping_add(1);
        }
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
        let last = n.saturating_sub(1);
        self.at.get(last).map_or(0, |&at| crate::num::wide(at).saturating_add(1))
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
    for i in (start..view.len()).take(MOST_SEPARATORS.saturating_add(1)) {
        let byte = view.byte(i);
        gap.end = i;
        match byte {
            b' ' | b'\t' => {}
            b'-' | b'.' | b'/' | b'_' | b'\\' | b'*' | b'~' | b'|' | b')' | 0xB7 => {
                gap.mark = byte;
                marks = marks.saturating_add(1);
            }
            b'(' | b'[' => gap.opens = true,
            b']' => {}
            b'\n' | b'\r' => gap.kind = gap.kind.max(Gap::Line),
            b',' | b';' | b':' | b'+' => gap.kind = Gap::Hard,
            _ if byte.is_ascii_alphanumeric() => {
                let stops = marks > 1 && gap.mark == b'.';
                return (!stops).then_some(gap);
            }
            _ => return None,
        }
        if byte == b'+' {
            return None;
        }
    }
    None
}

/// Whether a word of five letters or more, or one that no digit follows, starts here: then the number is over.
fn starts_long_word(view: &View<'_>, start: usize) -> bool {
    let letters = (start..start.saturating_add(7)).take_while(|&i| view.byte(i).is_ascii_lowercase()).count();
    if letters == 0 {
        return false;
    }
    let behind = view.byte(start.saturating_add(letters));
    letters > 6 || (letters > 4 && !behind.is_ascii_digit())
}

/// Whether two letters or more stand at `start` and no digit behind them: two such words in a row are no code any more.
fn whole_word(view: &View<'_>, start: usize) -> bool {
    let rest = view.slice(start..start.saturating_add(7).min(view.len()));
    let letters = rest.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
    letters > 1 && !rest.get(letters).is_some_and(u8::is_ascii_digit)
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
