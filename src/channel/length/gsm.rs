//! Text messages: the GSM 7-bit alphabet (3GPP TS 23.038) and the parts of a long message (TS 23.040).

/// Septets of one message, and of each part of a longer one (the header takes seven).
pub(super) const SEPTETS: (usize, usize) = (160, 153);
/// UTF-16 units of one message, and of each part of a longer one.
pub(super) const WIDE_UNITS: (usize, usize) = (70, 67);

/// The basic table without the escape, in order of code.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// The extension table: each character takes an escape before it.
const EXTENSION: &str = "\u{C}^{}\\[~]|€";

/// Septets of a character; `None` where the alphabet lacks it.
pub(super) fn septets(c: char) -> Option<usize> {
    if c.is_ascii_alphanumeric() || c == ' ' || BASIC.contains(c) {
        Some(1)
    } else {
        EXTENSION.contains(c).then_some(2)
    }
}

/// Messages that the text takes, given the cost of each character, none of which may be split.
pub(super) fn parts(costs: impl Iterator<Item = usize> + Clone, (single, part): (usize, usize)) -> usize {
    if costs.clone().sum::<usize>() <= single {
        return 1;
    }
    let (mut parts, mut used) = (1_usize, 0_usize);
    for cost in costs {
        used = used.saturating_add(cost);
        if used > part {
            (parts, used) = (parts.saturating_add(1), cost);
        }
    }
    parts
}
