//! The question to a calendar of the line protocol, as data in and data out.

use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Horizon, Landing, Unreachable};
use super::error::{SpecFault, SpecFaults};
use super::spec::CalendarSpec;
use crate::model::{Seconds, Timestamp};

/// A question to a calendar.
///
/// ```
/// use galateo::schedule::BusinessTimeRequest;
/// let request: BusinessTimeRequest = serde_json::from_str(r#"{
///     "do": "add", "start": "2026-11-20T16:30:00+01:00", "seconds": 3600,
///     "calendar": {"tz": "Europe/Rome", "weekly": {"mon": [["09:00","17:00"]], "fri": [["09:00","17:00"]]}}
/// }"#)?;
/// let answer = request.answer()?;
/// assert_eq!(serde_json::to_string(&answer.result)?, r#""2026-11-23T08:30:00Z""#);
/// assert_eq!(answer.zone_data.as_deref(), Some("2026e"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the request of the line protocol; a new field is a new protocol"
)]
pub struct BusinessTimeRequest {
    /// What is asked.
    #[serde(rename = "do")]
    pub operation: Operation,
    /// The hours; `None` is round the clock.
    pub calendar: Option<CalendarSpec>,
    /// Where the question starts; for `sub`, where it ends.
    pub start: Timestamp,
    /// The end of `between`.
    #[serde(default)]
    pub end: Option<Timestamp>,
    /// The budget of `add` and `sub`.
    #[serde(default)]
    pub seconds: Option<i64>,
    /// The days of `add_days` and `sub_days`.
    #[serde(default)]
    pub days: Option<i64>,
    /// Which instant answers `add` where the budget is used up exactly at a close.
    #[serde(default)]
    pub landing: Landing,
}

/// What a calendar can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// The instant after `seconds` of open time.
    Add,
    /// The n-th next working date.
    AddDays,
    /// Open seconds between two instants.
    Between,
    /// Whether an instant is open.
    IsOpen,
    /// The instant itself where it is open, else the next opening.
    NextOpen,
    /// The latest instant from which `seconds` of open time pass.
    Sub,
    /// The n-th working date before.
    SubDays,
}

/// The answer to a [`BusinessTimeRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BusinessTimeAnswer {
    /// An instant, seconds, a truth value, or null where there is no such instant.
    pub result: BusinessTimeResult,
    /// Why the result is null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreachable: Option<Unreachable>,
    /// The release of the time zone data that was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone_data: Option<String>,
}

/// What a question has for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum BusinessTimeResult {
    /// Open or not.
    Boolean(bool),
    /// An instant.
    Instant(Timestamp),
    /// No instant.
    Nothing,
    /// Open seconds.
    Seconds(Seconds),
}

impl BusinessTimeRequest {
    /// Answers the question; nothing is compiled in advance.
    ///
    /// # Errors
    /// The faults of the calendar, or an argument that the operation needs and that is missing.
    pub fn answer(&self) -> Result<BusinessTimeAnswer, SpecFaults> {
        let calendar = match &self.calendar {
            Some(spec) => Calendar::compile(spec, Horizon::none(self.start))
                .map_err(|faults| faults.below("/calendar"))?,
            None => Calendar::always(),
        };
        let zone_data = calendar.release().map(str::to_owned);
        let answer = match self.ask(&calendar)? {
            Ok(result) => BusinessTimeAnswer { result, unreachable: None, zone_data },
            Err(why) => {
                BusinessTimeAnswer { result: BusinessTimeResult::Nothing, unreachable: Some(why), zone_data }
            }
        };
        Ok(answer)
    }

    fn ask(&self, calendar: &Calendar) -> Result<Result<BusinessTimeResult, Unreachable>, SpecFaults> {
        use BusinessTimeResult::{Boolean, Instant, Seconds as Span};
        let start = self.start;
        let result = match self.operation {
            Operation::Add => {
                let landings = calendar.add(start, self.budget()?);
                landings.and_then(|landings| landings.at(self.landing)).map(Instant)
            }
            Operation::AddDays => calendar.add_days(start, self.day_count()?).map(Instant),
            Operation::Between => {
                let end = self.end.ok_or_else(|| missing("/end", "`between` needs an end"))?;
                Ok(Span(calendar.between(start, end)))
            }
            Operation::IsOpen => Ok(Boolean(calendar.is_open(start))),
            Operation::NextOpen => calendar.next_open(start).map(Instant),
            Operation::Sub => calendar.sub(start, self.budget()?).map(Instant),
            Operation::SubDays => calendar.sub_days(start, self.day_count()?).map(Instant),
        };
        Ok(result)
    }

    fn budget(&self) -> Result<Seconds, SpecFaults> {
        let seconds = self.seconds.ok_or_else(|| missing("/seconds", "`add` and `sub` need seconds"))?;
        let whole = Some(seconds).filter(|seconds| *seconds >= 0).map(Seconds::new);
        whole.ok_or_else(|| negative("/seconds", "negative seconds"))
    }

    fn day_count(&self) -> Result<u32, SpecFaults> {
        let days = self.days.ok_or_else(|| missing("/days", "`add_days` and `sub_days` need days"))?;
        let at_most = u32::try_from(days.max(-1).min(i64::from(u32::MAX)));
        at_most.map_err(|_| negative("/days", "negative days"))
    }
}

fn missing(path: &str, message: &'static str) -> SpecFaults {
    SpecFaults::one(SpecFault::new(
        "missing_argument",
        path,
        message,
        "a whole number, 0 or more, or an instant",
    ))
}

fn negative(path: &str, message: &'static str) -> SpecFaults {
    SpecFaults::one(SpecFault::new(
        "negative_argument",
        path,
        message,
        "a whole number, 0 or more; `sub` goes back",
    ))
}
