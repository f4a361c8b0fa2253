//! How long a label of a domain is in its ASCII form (RFC 3492); the form itself is not needed.

/// The length of `xn--` and the hyphen after the basic characters.
const PREFIX: usize = 4;
/// No label of more characters can fit the 63 bytes that DNS allows, so it is not encoded at all.
const MAX_CHARS: usize = 63;

/// Bytes of a label in ASCII form; `None` where it cannot be one.
pub(super) fn ascii_label_len(label: &[char]) -> Option<usize> {
    if label.len() > MAX_CHARS {
        return None;
    }
    if label.iter().all(char::is_ascii) {
        return Some(label.len());
    }
    let basic = label.iter().filter(|c| c.is_ascii()).count();
    let lead = if basic == 0 { 0 } else { basic.checked_add(1)? };
    PREFIX.checked_add(lead)?.checked_add(deltas_len(label, basic)?)
}

/// Digits of all generalised integers that place the other characters (RFC 3492, section 6.3).
fn deltas_len(label: &[char], basic: usize) -> Option<usize> {
    let lower: Vec<u32> = label.iter().map(|c| u32::from(c.to_lowercase().next().unwrap_or(*c))).collect();
    let (mut n, mut delta, mut bias) = (128_u32, 0_u32, 72_u32);
    let (mut done, mut digits) = (u32::try_from(basic).ok()?, 0_usize);
    let mut first = true;
    while let Some(next) = lower.iter().copied().filter(|c| *c >= n).min() {
        delta = next.checked_sub(n)?.checked_mul(done.checked_add(1)?)?.checked_add(delta)?;
        n = next;
        for c in lower.iter().copied() {
            if c < n {
                delta = delta.checked_add(1)?;
            } else if c == n {
                digits = digits.checked_add(digits_of(delta, bias)?)?;
                done = done.checked_add(1)?;
                bias = adapt(delta, done, first)?;
                (delta, first) = (0, false);
            }
        }
        delta = delta.checked_add(1)?;
        n = n.checked_add(1)?;
    }
    Some(digits)
}

/// Digits of one generalised variable-length integer in base 36.
fn digits_of(delta: u32, bias: u32) -> Option<usize> {
    let (mut q, mut k, mut digits) = (delta, 36_u32, 1_usize);
    loop {
        let t = k.saturating_sub(bias).clamp(1, 26);
        if q < t {
            return Some(digits);
        }
        q = q.checked_sub(t)?.checked_div(36_u32.checked_sub(t)?)?;
        k = k.checked_add(36)?;
        digits = digits.checked_add(1)?;
    }
}

fn adapt(delta: u32, points: u32, first: bool) -> Option<u32> {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta = delta.checked_add(delta.checked_div(points)?)?;
    let mut k = 0_u32;
    while delta > 455 {
        delta /= 35;
        k = k.checked_add(36)?;
    }
    k.checked_add(delta.checked_mul(36)?.checked_div(delta.checked_add(38)?)?)
}
