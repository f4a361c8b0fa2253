//! One value, one form: what tokens and labels compare.

use super::kind::PiiKind;
use super::view::View;

/// The canonical form of a value as it was sent: letters and digits alone, in capitals; mail in small letters with its
/// signs; telephone numbers with their country where they name it.
pub(super) fn canonical(kind: PiiKind, sent: &str) -> String {
    View::with(sent, |view| match kind {
        PiiKind::Email => email(view.bytes()),
        PiiKind::Phone => phone(view.bytes()),
        PiiKind::Ip | PiiKind::Secret | PiiKind::UrlCredentials | PiiKind::CryptoWallet => sent.to_owned(),
        _ => letters_and_digits(view.bytes()),
    })
}

fn letters_and_digits(bytes: &[u8]) -> String {
    bytes.iter().filter(|b| b.is_ascii_alphanumeric()).map(|b| char::from(b.to_ascii_uppercase())).collect()
}

fn email(bytes: &[u8]) -> String {
    let text: String = bytes.iter().filter(|b| b.is_ascii()).map(|b| char::from(*b)).collect();
    text.replace("%40", "@").split_whitespace().map(in_signs).collect()
}

/// A word for a sign as the sign.
fn in_signs(word: &str) -> &str {
    match word.trim_matches(['(', ')', '[', ']', '{', '}', '<', '>']) {
        "chiocciola" | "arroba" | "arobase" | "at" | "klammeraffe" => "@",
        "punto" | "dot" | "point" | "punkt" => ".",
        "trattino" | "dash" | "hyphen" | "bindestrich" => "-",
        "underscore" | "unterstrich" => "_",
        _ => word,
    }
}

fn phone(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().filter(|b| b.is_ascii_digit()).map(|b| char::from(*b)).collect();
    let plus = bytes.contains(&b'+');
    match digits.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None if plus => format!("+{digits}"),
        None => digits,
    }
}
