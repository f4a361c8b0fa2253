//! The ways in which vendors write instants.

use chrono::{DateTime, NaiveDateTime};
use serde_json::Value;

use super::Problem;
use crate::model::{TimeError, Timestamp};

/// How a vendor documents its instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeFormat {
    /// Milliseconds since the epoch, as a number or in digits: Messenger, LINE, X direct messages.
    Millis,
    /// Seconds since the epoch, as a number or in digits, a fraction allowed: WhatsApp, Telegram, Chatwoot.
    Seconds,
    /// Written out with its offset: RFC 3339 as of Zendesk and Mastodon, `2020-03-03 13:05:57 UTC` as of
    /// Chatwoot, `2026-11-20T09:00:00+0000` as of Facebook, `Wed Feb 05 08:39:31 +0000 2020` as of X.
    Written,
}

/// Reads an instant in the format that its vendor documents; nothing is guessed from a number's size.
///
/// ```
/// use galateo::interop::{TimeFormat, instant};
/// let at = instant(&serde_json::json!("Wed Feb 05 08:39:31 +0000 2020"), TimeFormat::Written);
/// assert_eq!(at.unwrap().to_string(), "2020-02-05T08:39:31Z");
/// assert!(instant(&serde_json::json!("2020-02-05 08:39:31"), TimeFormat::Written).is_err(), "in which zone?");
/// assert!(instant(&serde_json::json!(1_580_891_971_000_i64), TimeFormat::Seconds).is_err(), "milliseconds?");
/// ```
///
/// # Errors
/// A [`Problem`] where the value is of another format or outside the years 1970 to 9999.
pub fn instant(value: &Value, format: TimeFormat) -> Result<Timestamp, Problem> {
    match (value, format) {
        (Value::String(text), TimeFormat::Written) => written(text),
        (Value::String(text), _) => epoch(text, format),
        (Value::Number(number), TimeFormat::Seconds | TimeFormat::Millis) => {
            epoch(&number.to_string(), format)
        }
        _ => Err(Problem::Type("an instant")),
    }
}

/// The year 5138 in seconds and the year 1973 in milliseconds: on the far side the unit is the other one.
const UNIT_BORDER: i64 = 100_000_000_000;

fn epoch(text: &str, format: TimeFormat) -> Result<Timestamp, Problem> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole = digits(whole).ok_or(TimeError::Format)?;
    let millis = first_three(fraction).ok_or(TimeError::Format)?;
    match format {
        TimeFormat::Seconds if whole < UNIT_BORDER => {
            let total = whole.checked_mul(1000).and_then(|secs| secs.checked_add(millis));
            Ok(Timestamp::from_millis(total.ok_or(TimeError::Range)?)?)
        }
        TimeFormat::Millis if whole >= UNIT_BORDER => Ok(Timestamp::from_millis(whole)?),
        _ => Err(Problem::Unit),
    }
}

fn digits(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// The first three digits of a fraction as thousandths; finer ones are cut off.
fn first_three(fraction: &str) -> Option<i64> {
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    thousandths.parse().ok()
}

fn written(text: &str) -> Result<Timestamp, Problem> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let millis = with_offset(text).or_else(|| in_utc(text)).ok_or(TimeError::Format)?;
    Ok(Timestamp::from_millis(millis)?)
}

fn with_offset(text: &str) -> Option<i64> {
    [
        "%Y-%m-%dT%H:%M:%S%.f%z",
        "%Y-%m-%d %H:%M:%S%.f %z",
        "%a %b %d %H:%M:%S %z %Y",
        "%a, %d %b %Y %H:%M:%S %z",
    ]
    .iter()
    .find_map(|format| DateTime::parse_from_str(text, format).ok())
    .map(|at| at.timestamp_millis())
}

fn in_utc(text: &str) -> Option<i64> {
    let plain = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT"))?;
    ["%Y-%m-%d %H:%M:%S%.f", "%a, %d %b %Y %H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(plain, format).ok())
        .map(|at| at.and_utc().timestamp_millis())
}
