//! A guard in front of the TOML parser: each dot of a key nests one table, and the parser frees its
//! tables by recursion, so that `a.a.a…` of a few hundred kilobytes would exhaust the stack.

/// Dots that one key may have; the parser itself bounds lists and inline tables.
const MAX_DOTS: usize = 16;

/// The byte at which a key has too many dots, found without building anything.
pub(super) fn overlong_key(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0_usize;
    let mut dots = 0_usize;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' => {
                at = skip_string(bytes, at, byte);
                continue;
            }
            b'#' => at = at.saturating_add(line_length(bytes, at)),
            b'.' => dots = dots.saturating_add(1),
            b'=' | b',' | b'{' | b'}' | b'[' | b']' | b'\n' => dots = 0,
            _ => {}
        }
        if byte == b'#' {
            dots = 0;
        }
        if dots > MAX_DOTS {
            return Some(at);
        }
        at = at.saturating_add(1);
    }
    None
}

/// Bytes from `at` to the end of its line.
fn line_length(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..).unwrap_or_default().iter().take_while(|b| **b != b'\n').count()
}

/// The byte after the string that starts at `at`; one that is left open ends with its line.
fn skip_string(bytes: &[u8], at: usize, quote: u8) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let long = rest.starts_with(&[quote, quote, quote]);
    let mut i = at.saturating_add(if long { 3 } else { 1 });
    while let Some(&byte) = bytes.get(i) {
        let here = bytes.get(i..).unwrap_or_default();
        if byte == b'\\' && quote == b'"' {
            i = i.saturating_add(2);
        } else if long && here.starts_with(&[quote, quote, quote]) {
            return i.saturating_add(3);
        } else if !long && (byte == quote || byte == b'\n') {
            return i.saturating_add(1);
        } else {
            i = i.saturating_add(1);
        }
    }
    i
}
