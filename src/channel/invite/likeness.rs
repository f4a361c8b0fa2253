//! Whether one name could be taken for another.

use crate::text::Folded;

/// Names longer than this are not compared letter by letter; no network allows longer handles.
const MAX_LETTERS: usize = 64;
/// A name shorter than this is too common to be found inside another.
const MIN_INSIDE: usize = 4;

/// A name as the eye takes it in: look-alike letters and digits to one form, separators gone.
///
/// A name without letters, such as a telephone number, keeps its digits.
pub(super) fn skeleton(name: &str) -> String {
    if !name.chars().any(char::is_alphabetic) {
        return name.chars().filter(char::is_ascii_digit).collect();
    }
    let folded = Folded::new(name);
    let letters: String = folded.as_str().chars().filter(|c| c.is_alphanumeric()).map(look).collect();
    letters.replace("rn", "m").replace("vv", "w")
}

const fn look(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | 'i' => 'l',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        '8' => 'b',
        c => c,
    }
}

/// Whether a name, by its skeleton, could be taken for the known one: the same, a letter or two apart,
/// or the known name with something added.
pub(super) fn resembles(name: &str, known: &str) -> bool {
    if name == known {
        return !name.is_empty();
    }
    let (name_len, known_len) = (name.chars().count(), known.chars().count());
    if name_len > MAX_LETTERS || !(MIN_INSIDE..=MAX_LETTERS).contains(&known_len) {
        return false;
    }
    let is_number = known.bytes().all(|b| b.is_ascii_digit());
    let allowed = match known_len {
        0..=4 => 0,
        // Two numbers of one length are always a few digits apart: only a slip makes one of the other.
        5..=8 => 1,
        _ if is_number => 1,
        _ => 2,
    };
    (!is_number && name.contains(known))
        || (name_len.abs_diff(known_len) <= allowed && distance(name, known) <= allowed)
}

/// Insertions, deletions, substitutions and swaps of neighbours between two short names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (row, c) in a.chars().enumerate() {
        let mut line = Vec::with_capacity(last.len());
        line.push(row.saturating_add(1));
        for (column, d) in b.iter().enumerate() {
            let next = column.saturating_add(1);
            let cell = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX);
            let substituted = cell(&last, column).saturating_add(usize::from(c != *d));
            let inserted = cell(&line, column).min(cell(&last, next)).saturating_add(1);
            let swapped = column
                .checked_sub(1)
                .filter(|before| previous == Some(*d) && b.get(*before) == Some(&c))
                .map_or(usize::MAX, |before| cell(&before_last, before).saturating_add(1));
            line.push(substituted.min(inserted).min(swapped));
        }
        before_last = std::mem::replace(&mut last, line);
        previous = Some(c);
    }
    last.last().copied().unwrap_or(usize::MAX)
}
