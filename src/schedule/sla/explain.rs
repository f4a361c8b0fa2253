//! Why a clock shows what it shows: steps noted by the code that counts, and the same in words.

use std::cell::RefCell;
use std::fmt::Write;

use serde::Serialize;

use super::super::date::{DAY, Date, weekday};
use super::super::zone::Zone;
use super::document::MetricKind;
use super::fold::Fold;
use super::plan::Policies;
use super::reading::{ClockReading, ClockState};
use crate::model::{Status, Timeline, Timestamp};

/// Steps of one explanation; what comes after is counted, and not told.
const MAX_STEPS: usize = 500;

/// One step in the derivation of a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
#[expect(missing_docs, reason = "`at`, `from` and `to` are instants; seconds are whole")]
#[non_exhaustive]
pub enum Reason {
    /// The budget ran out.
    BudgetRanOut { at: Timestamp },
    /// A stretch: so much of it lay in open hours and counts, so much was closed.
    Counted { from: Timestamp, to: Timestamp, open_seconds: i64, closed_seconds: i64 },
    /// When the budget will have run out, if nothing changes.
    Due { at: Timestamp },
    /// The instance ended.
    Ended { at: Timestamp, state: ClockState },
    /// The clock stands still in this status.
    Paused { at: Timestamp, status: Status },
    /// Another policy, or another target of it, is in force; none, where both are missing.
    Policy { at: Timestamp, name: Option<String>, target_seconds: Option<i64> },
    /// A finished instance goes on.
    Reopened { at: Timestamp },
    /// An instance started.
    Started { at: Timestamp, instance: u32 },
}

/// The derivation of the current instance of a metric.
///
/// ```
/// use galateo::model::{Creator, Step, Timeline};
/// use galateo::schedule::sla::{Explanation, MetricKind, Policies};
/// let spec = serde_json::from_str(r#"{"name": "VIP", "metrics": [{"metric": "first_reply", "target": 600}]}"#)?;
/// let policies = Policies::new(&[spec])?;
/// let mut timeline = Timeline::new();
/// timeline.record("2026-11-23T09:00:00Z".parse()?, Step::Created(Creator::Customer));
/// let why = Explanation::of(&policies, &timeline, MetricKind::FirstReply, "2026-11-23T09:30:00Z".parse()?);
/// assert!(why.english().contains("budget ran out Mon 2026-11-23 09:10"));
/// assert!(why.italian().contains("tempo esaurito lun 23/11/2026 09:10"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// What is explained.
    pub metric: MetricKind,
    /// The steps in order.
    pub steps: Vec<Reason>,
    /// The reading they lead to.
    pub reading: Option<ClockReading>,
    /// Steps that are not told.
    pub omitted: usize,
    zone: Zone,
}

/// Notes steps of one clock while a fold counts.
#[derive(Debug, Clone, Default)]
pub(super) struct Trace {
    /// The clock that is explained, and what it measures.
    pub(super) track: usize,
    pub(super) key: usize,
    steps: RefCell<Vec<Reason>>,
    omitted: RefCell<usize>,
}

impl Trace {
    /// Notes the policy and the target in force, where they are not those of the last note.
    pub(super) fn note_policy(&self, at: Timestamp, name: Option<String>, target_seconds: Option<i64>) {
        let last = self.steps.borrow().iter().rev().find_map(|step| match step {
            Reason::Policy { name, target_seconds, .. } => Some((name.clone(), *target_seconds)),
            _ => None,
        });
        if last != Some((name.clone(), target_seconds)) {
            self.note(Reason::Policy { at, name, target_seconds });
        }
    }

    pub(super) fn note(&self, reason: Reason) {
        let mut steps = self.steps.borrow_mut();
        if steps.len() < MAX_STEPS {
            steps.push(reason);
        } else {
            let mut omitted = self.omitted.borrow_mut();
            *omitted = omitted.saturating_add(1);
        }
    }
}

impl Explanation {
    /// Explains the last instance of a metric as of an instant.
    #[must_use]
    pub fn of(policies: &Policies, timeline: &Timeline, metric: MetricKind, as_of: Timestamp) -> Self {
        let key = policies.keys.iter().position(|key| *key == (metric, 0)).unwrap_or(usize::MAX);
        let track = Fold::replay(policies, timeline, as_of).track_in_force(key).unwrap_or(usize::MAX);
        let trace = Trace { track, key, ..Trace::default() };
        let fold = Fold::replay_traced(policies, timeline, as_of, trace);
        let trace = fold.close_trace(as_of);
        let reading = fold.readings(as_of, None).into_iter().rfind(|reading| reading.metric == metric);
        let mut steps = trace.steps.into_inner();
        if let Some(reading) = &reading {
            let ran_out = reading.breached_at.map(|at| Reason::BudgetRanOut { at });
            let due = reading.due_at.filter(|_| reading.state == ClockState::Running && !reading.breached);
            steps.extend(ran_out.or(due.map(|at| Reason::Due { at })));
        }
        let zone = policies.zone().cloned().unwrap_or_else(Zone::utc);
        Self { metric, steps, reading, omitted: trace.omitted.into_inner(), zone }
    }

    /// The derivation in English, times in the calendar's zone.
    #[must_use]
    pub fn english(&self) -> String {
        self.render(&ENGLISH)
    }

    /// The derivation in Italian, times in the calendar's zone.
    #[must_use]
    pub fn italian(&self) -> String {
        self.render(&ITALIAN)
    }

    fn render(&self, words: &Words) -> String {
        let mut text = String::new();
        for step in &self.steps {
            let separator = if text.is_empty() { "" } else { "; " };
            // Writing to a string does not fail.
            let _ = write!(text, "{separator}{}", self.step(step, words));
        }
        text
    }

    fn step(&self, step: &Reason, words: &Words) -> String {
        let at = |at: &Timestamp| words.time(*at, &self.zone);
        match step {
            Reason::BudgetRanOut { at: when } => format!("{} {}", words.ran_out, at(when)),
            Reason::Counted { from, to, open_seconds, closed_seconds } => {
                let open = format!("{}–{}: {} {}", at(from), at(to), span(*open_seconds), words.counted);
                let closed = format!(", {} {}", span(*closed_seconds), words.closed);
                if *closed_seconds > 0 { open + &closed } else { open }
            }
            Reason::Due { at: when } => format!("{} {}", words.due, at(when)),
            Reason::Ended { at: when, state: ClockState::Fulfilled } => {
                format!("{} {}", words.fulfilled, at(when))
            }
            Reason::Ended { at: when, .. } => format!("{} {}", words.cancelled, at(when)),
            Reason::Paused { at: when, status } => {
                format!("{} {} ({})", words.paused, at(when), words.status(*status))
            }
            Reason::Policy { at: when, name, target_seconds } => match target_seconds {
                Some(target) => {
                    let name =
                        name.as_deref().map(|name| format!(" {} {name}", words.policy)).unwrap_or_default();
                    format!("{} {}{name} {} {}", words.target, span(*target), words.since, at(when))
                }
                None => format!("{} {} {}", words.no_policy, words.since, at(when)),
            },
            Reason::Reopened { at: when } => format!("{} {}", words.reopened, at(when)),
            Reason::Started { at: when, .. } => format!("{} {}", words.started, at(when)),
        }
    }
}

/// The words of one language.
struct Words {
    days: [&'static str; 7],
    day_first: bool,
    started: &'static str,
    counted: &'static str,
    closed: &'static str,
    paused: &'static str,
    reopened: &'static str,
    fulfilled: &'static str,
    cancelled: &'static str,
    target: &'static str,
    policy: &'static str,
    no_policy: &'static str,
    since: &'static str,
    ran_out: &'static str,
    due: &'static str,
    statuses: [&'static str; 6],
}

const ENGLISH: Words = Words {
    days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    day_first: false,
    started: "started",
    counted: "counted",
    closed: "closed",
    paused: "paused",
    reopened: "reopened",
    fulfilled: "fulfilled",
    cancelled: "cancelled",
    target: "target",
    policy: "from policy",
    no_policy: "no policy",
    since: "since",
    ran_out: "budget ran out",
    due: "due",
    statuses: ["new", "open", "pending", "on hold", "solved", "closed"],
};

const ITALIAN: Words = Words {
    days: ["lun", "mar", "mer", "gio", "ven", "sab", "dom"],
    day_first: true,
    started: "avviato",
    counted: "contati",
    closed: "di chiusura",
    paused: "in pausa",
    reopened: "riaperto",
    fulfilled: "adempiuto",
    cancelled: "annullato",
    target: "obiettivo",
    policy: "dalla policy",
    no_policy: "nessuna policy",
    since: "da",
    ran_out: "tempo esaurito",
    due: "scade",
    statuses: ["nuovo", "aperto", "in attesa del cliente", "sospeso", "risolto", "chiuso"],
};

impl Words {
    fn status(&self, status: Status) -> &'static str {
        let [new, open, pending, on_hold, solved, closed] = self.statuses;
        match status {
            Status::New => new,
            Status::Open => open,
            Status::Pending => pending,
            Status::OnHold => on_hold,
            Status::Solved => solved,
            Status::Closed => closed,
        }
    }

    fn time(&self, at: Timestamp, zone: &Zone) -> String {
        let local = at.as_secs().saturating_add(i64::from(zone.offset_at(at.as_secs())));
        let (day, second) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let name =
            usize::try_from(weekday(day)).ok().and_then(|w| self.days.get(w)).copied().unwrap_or_default();
        let date = Date::of(day).map(|date| date.parts()).unwrap_or_default();
        let (hour, minute, second) = (second.div_euclid(3600), second.div_euclid(60) % 60, second % 60);
        let (year, month, day) = date;
        let date = if self.day_first {
            format!("{day:02}/{month:02}/{year}")
        } else {
            format!("{year}-{month:02}-{day:02}")
        };
        let seconds = if second == 0 { String::new() } else { format!(":{second:02}") };
        format!("{name} {date} {hour:02}:{minute:02}{seconds}")
    }
}

/// `2 h 30 min`, `45 s`; the same in both languages.
fn span(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds.div_euclid(3600), seconds.div_euclid(60) % 60, seconds % 60);
    let parts = [(hours, "h"), (minutes, "min"), (rest, "s")];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n != 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}
