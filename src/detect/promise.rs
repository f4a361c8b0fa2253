//! What a promise says about time and money (R95).

use super::lexicon::{Made, Special};
use super::rules::{Hit, Hits, View};
use super::sentiment::special;
use crate::num::{narrow, wide};
use crate::text::{Flags, Token};

/// Tokens around a promise in which its deadline and amount are looked for, within the sentence.
const REACH: u32 = 24;

/// The deadline and the amount of a promise that stands at tokens `first` to `last`.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Terms {
    pub(super) deadline: Option<(u32, u32)>,
    pub(super) within_minutes: Option<u32>,
    pub(super) amount: Option<(u32, u32)>,
    pub(super) cents: Option<u64>,
}

pub(super) fn terms(view: View<'_>, hits: &Hits, folded: &str, (first, last): (u32, u32)) -> Terms {
    let sentence = view.sentence(first);
    let near = || {
        let from = first.saturating_sub(REACH);
        let to = last.saturating_add(REACH).min(narrow(view.tokens.len()));
        hits.starting(from, to).iter().filter(move |hit| view.sentence(hit.first) == sentence)
    };
    let longest = |hit: &&Hit| (hit.last.saturating_sub(hit.first), std::cmp::Reverse(hit.first));
    let deadline = near().filter(|hit| special(view, hit) == Some(Special::Deadline)).max_by_key(longest);
    let amount = near().find(|hit| hit.concept == Made::Money.id());
    Terms {
        deadline: deadline.map(|hit| (hit.first, hit.last)),
        within_minutes: deadline.and_then(|hit| minutes(view, hits, folded, *hit)),
        amount: amount.map(|hit| (hit.first, hit.last)),
        cents: amount.and_then(|hit| words(view, *hit).find_map(|token| cents(spelled(folded, token)))),
    }
}

fn words<'a>(view: View<'a>, hit: Hit) -> impl Iterator<Item = &'a Token> {
    view.tokens.get(wide(hit.first)..wide(hit.last)).unwrap_or_default().iter()
}

fn spelled<'a>(folded: &'a str, token: &Token) -> &'a str {
    folded.get(wide(token.start)..wide(token.end)).unwrap_or_default()
}

/// A number of units within a deadline, in minutes.
fn minutes(view: View<'_>, hits: &Hits, folded: &str, deadline: Hit) -> Option<u32> {
    let token = words(view, deadline).find(|t| t.flags.has(Flags::NUMBER.with(Flags::MIXED)))?;
    let text = spelled(folded, token);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits)?;
    let number: u32 = number.parse().ok()?;
    let unit = match rest {
        "h" | "hrs" | "hr" | "ore" => 60,
        "m" | "min" | "mins" => 1,
        "d" | "g" | "gg" => 1440,
        "" => hits.starting(deadline.first, deadline.last).iter().find_map(|hit| unit(special(view, hit)))?,
        _ => return None,
    };
    number.checked_mul(unit)
}

const fn unit(special: Option<Special>) -> Option<u32> {
    Some(match special {
        Some(Special::UnitMinute) => 1,
        Some(Special::UnitHour) => 60,
        Some(Special::UnitDay) => 24 * 60,
        Some(Special::UnitWeek) => 7 * 24 * 60,
        Some(Special::UnitMonth) => 30 * 24 * 60,
        _ => return None,
    })
}

/// An amount in hundredths; the last separator parts them off if two digits follow it.
fn cents(text: &str) -> Option<u64> {
    let (whole, hundredths) = match text.rsplit_once([',', '.']) {
        Some((whole, hundredths)) if hundredths.len() == 2 => (whole, hundredths),
        _ => (text, "00"),
    };
    let mut amount = 0_u64;
    for byte in whole.bytes().chain(hundredths.bytes()) {
        match byte {
            b'0'..=b'9' => {
                amount = amount.checked_mul(10)?.checked_add(u64::from(byte.saturating_sub(b'0')))?;
            }
            b'.' | b',' => {}
            _ => return None,
        }
    }
    Some(amount)
}
