//! Words in diagnostics: what may be quoted, and which known word was probably meant.

use std::borrow::Cow;

/// Longer words are neither quoted nor compared.
const MAX_WORD: usize = 64;

/// Known words that are listed when none is near.
const MAX_LISTED: usize = 12;

/// A word in backticks, where it is plainly a name: a request's stray value may be personal data,
/// so that nothing with blanks, signs or many digits is ever repeated.
pub(super) fn quoted(word: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let short = (1..=MAX_WORD).contains(&word.len());
    (short && digits < 5 && word.chars().all(plain)).then(|| format!("`{word}`"))
}

/// A step of a path: the name itself where it is a plain one, else a quoted and shortened form.
pub(super) fn step(key: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.len() <= MAX_WORD && key.chars().all(plain) {
        return Cow::Borrowed(key);
    }
    let kept: String =
        key.chars().filter(|c| c.is_alphanumeric() || c.is_ascii_punctuation()).take(MAX_WORD).collect();
    Cow::Owned(format!("\"{}\"", kept.replace('"', "\\\"")))
}

/// "did you mean" the nearest word, or the whole list where it is short.
pub(super) fn help(word: &str, known: &[&str]) -> Option<String> {
    if let Some(near) = meant(word, known).or_else(|| nearest(word, known)) {
        return Some(format!("did you mean `{near}`?"));
    }
    if known.is_empty() || known.len() > MAX_LISTED {
        return None;
    }
    let list: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
    Some(format!("known here: {}", list.join(", ")))
}

/// Words that people bring along from other tools and languages, and what they are called here.
const MEANT: &[(&str, &str)] = &[
    ("!=", "is_not"),
    ("<", "below"),
    ("<=", "at_most"),
    ("=", "is"),
    ("==", "is"),
    (">", "above"),
    (">=", "at_least"),
    ("and", "all"),
    ("contains_any", "any_of"),
    ("dom", "sun"),
    ("eq", "is"),
    ("equals", "is"),
    ("exists", "present"),
    ("ge", "at_least"),
    ("gio", "thu"),
    ("greater_than", "above"),
    ("gt", "above"),
    ("gte", "at_least"),
    ("in", "any_of"),
    ("le", "at_most"),
    ("less_than", "below"),
    ("lower", "below"),
    ("lt", "below"),
    ("lte", "at_most"),
    ("lun", "mon"),
    ("mar", "tue"),
    ("mer", "wed"),
    ("ne", "is_not"),
    ("neq", "is_not"),
    ("nor", "none"),
    ("not_in", "none_of"),
    ("or", "any"),
    ("regex", "matches"),
    ("sab", "sat"),
    ("ven", "fri"),
];

/// The word of this place for one that other tools use.
fn meant<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let (_, here) = MEANT.iter().find(|(there, _)| there.eq_ignore_ascii_case(word))?;
    known.iter().find(|known| *known == here).copied()
}

/// The known word with the fewest slips between, at most one for each three letters.
pub(super) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    if word.len() > MAX_WORD {
        return None;
    }
    let folded = word.to_ascii_lowercase().replace([' ', '-'], "_");
    known
        .iter()
        .map(|k| (slips(&folded, k), *k))
        .filter(|(n, k)| *n <= (k.len().min(folded.len()) / 3).max(1) && *n < k.len())
        .min()
        .map(|(_, k)| k)
}

/// Insertions, deletions, changes and swaps of neighbours from one word to the other
/// (optimal string alignment).
fn slips(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut last = None;
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i.saturating_add(1)];
        for (j, y) in b.iter().enumerate() {
            let at = |r: &[usize], k: usize| r.get(k).copied().unwrap_or(usize::MAX / 2);
            let change = at(&row, j).saturating_add(usize::from(x != *y));
            let shift = at(&row, j.saturating_add(1)).min(at(&next, j)).saturating_add(1);
            let swapped = j > 0 && last == Some(*y) && b.get(j.saturating_sub(1)) == Some(&x);
            let swap = if swapped { at(&before, j.saturating_sub(1)).saturating_add(1) } else { usize::MAX };
            next.push(change.min(shift).min(swap));
        }
        before = std::mem::replace(&mut row, next);
        last = Some(x);
    }
    row.last().copied().unwrap_or(usize::MAX)
}
