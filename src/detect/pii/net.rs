//! Internet and hardware addresses (RFC 791, RFC 4291, IEEE 802).

use super::check::number;
use super::view::View;

/// The end of an address of version 4 that starts at `start`, a network length included.
pub(super) fn ipv4(view: &View<'_>, start: usize) -> Option<usize> {
    let host = view.before(start) == b'/' && view.byte(start.wrapping_sub(2)) == b'/';
    if matches!(view.before(start), b'.' | b'-' | b'/' | b'v') && !host {
        return None;
    }
    let mut at = start;
    for part in 0..4_u8 {
        let end = digits_end(view, at);
        let digits = view.slice(at..end);
        let legal = (1..=3).contains(&digits.len())
            && number(digits) < 256
            && (digits.len() == 1 || !digits.starts_with(b"0"));
        if !legal {
            return None;
        }
        at = end;
        if part < 3 {
            at = dot(view, at)?;
        }
    }
    let next = view.byte(at.saturating_add(1));
    // "1.2.3.4-beta" is a version
    let more = (view.byte(at) == b'.' && next.is_ascii_digit())
        || (view.byte(at) == b'-' && next.is_ascii_lowercase());
    (!more && !view.byte(at).is_ascii_alphabetic()).then(|| network_length(view, at))
}

fn dot(view: &View<'_>, at: usize) -> Option<usize> {
    (view.byte(at) == b'.').then(|| at.saturating_add(1))
}

fn network_length(view: &View<'_>, at: usize) -> usize {
    let end = digits_end(view, at.saturating_add(1));
    let length = view.slice(at.saturating_add(1)..end);
    let goes_on = view.byte(end) == b'.' && view.byte(end.saturating_add(1)).is_ascii_digit();
    let legal = view.byte(at) == b'/' && (1..=3).contains(&length.len()) && number(length) <= 128 && !goes_on;
    if legal { end } else { at }
}

fn digits_end(view: &View<'_>, start: usize) -> usize {
    let mut end = start;
    while end.saturating_sub(start) < 20 && view.byte(end).is_ascii_digit() {
        end = end.saturating_add(1);
    }
    end
}

/// The end of an address of version 6 that starts at `start`.
pub(super) fn ipv6(view: &View<'_>, start: usize) -> Option<usize> {
    if follows_group(view, start) {
        return None;
    }
    let mut at = start;
    let mut parts = 0_u8;
    let mut letters = false;
    let mut gap = false;
    loop {
        let end = hex_end(view, at);
        let part = view.slice(at..end);
        if part.len() > 4 {
            return None;
        }
        if gap
            && view.byte(end) == b'.'
            && let Some(end) = ipv4(view, at)
        {
            return Some(end); // "::ffff:192.0.2.1", RFC 4291, 2.2
        }
        letters |= part.iter().any(u8::is_ascii_lowercase);
        parts = parts.saturating_add(u8::from(!part.is_empty()));
        at = end;
        match (view.byte(at), view.byte(at.saturating_add(1))) {
            (b':', b':') if !gap => {
                gap = true;
                at = at.saturating_add(2);
                if hex_end(view, at) == at {
                    break;
                }
            }
            (b':', next) if next.is_ascii_hexdigit() && parts < 8 => at = at.saturating_add(1),
            _ => break,
        }
    }
    let whole = if gap {
        (1..8).contains(&parts) && (letters || parts > 1) && is_written_out(view.slice(start..at), parts)
    } else {
        parts == 8
    };
    let loopback = gap && parts == 1 && view.slice(start..at) == b"::1";
    let bounded = !view.byte(at).is_ascii_alphanumeric() && view.byte(at) != b':';
    ((whole || loopback) && bounded).then(|| network_length(view, at))
}

/// Whether an address with a gap is more than "10::30" or "a::b".
fn is_written_out(address: &[u8], parts: u8) -> bool {
    let letters = address.iter().any(u8::is_ascii_lowercase);
    let digits = address.iter().any(u8::is_ascii_digit);
    parts > 2 || (letters && digits) || address.len() > 6
}

/// Whether a colon stands before `start` and one to four hexadecimal digits or another colon before that.
fn follows_group(view: &View<'_>, start: usize) -> bool {
    let Some(colon) = start.checked_sub(1).filter(|&colon| view.byte(colon) == b':') else { return false };
    let group = view.slice(view.word_start(colon, 5)..colon);
    view.before(colon) == b':' || ((1..5).contains(&group.len()) && group.iter().all(u8::is_ascii_hexdigit))
}

fn hex_end(view: &View<'_>, start: usize) -> usize {
    let mut end = start;
    while end.saturating_sub(start) < 6 && view.byte(end).is_ascii_hexdigit() {
        end = end.saturating_add(1);
    }
    end
}

/// The end of a hardware address that starts at `start`: six pairs, or three groups of four.
#[inline]
pub(super) fn mac(view: &View<'_>, start: usize) -> Option<usize> {
    let [_, _, mark, _, _, second, ..] = view.eight(start).to_le_bytes();
    let pairs = matches!(mark, b':' | b'-') && mark == second && mark == view.byte(start.wrapping_add(8));
    if pairs || view.byte(start.wrapping_add(4)) == b'.' { mac_in_groups(view, start) } else { None }
}

fn mac_in_groups(view: &View<'_>, start: usize) -> Option<usize> {
    if follows_group(view, start) {
        return None;
    }
    let pair = hex_end(view, start).saturating_sub(start);
    let separator = view.byte(start.saturating_add(pair));
    let (groups, legal) = match pair {
        2 => (6_u8, matches!(separator, b':' | b'-')),
        4 => (3, separator == b'.'),
        _ => (0, false),
    };
    if !legal {
        return None;
    }
    let mut at = start;
    for group in 1..=groups {
        let end = hex_end(view, at);
        if end.saturating_sub(at) != pair {
            return None;
        }
        at = end;
        if group < groups {
            if view.byte(at) != separator {
                return None;
            }
            at = at.saturating_add(1);
        }
    }
    let goes_on = view.byte(at) == separator && view.byte(at.saturating_add(1)).is_ascii_alphanumeric();
    let bounded = !view.byte(at).is_ascii_alphanumeric() && !goes_on;
    bounded.then_some(at)
}
