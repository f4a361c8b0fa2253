//! The mode of the house: normal, watch or crisis (R53).

use serde::{Deserialize, Serialize};

use super::pulse::{PulseSettings, Rise};
use crate::model::{Mode, Timestamp};

/// The mode, and what is needed to leave it: up at once, down a step at a time after a calm while.
///
/// Stepping twice with the same instant and rises changes nothing; an instant before the last is ignored.
///
/// ```
/// use galateo::measure::{PulseSettings, Vigil};
/// use galateo::model::{Mode, Seconds, Timestamp};
/// let start: Timestamp = "2026-11-20T09:00:00Z".parse()?;
/// let mut vigil = Vigil::new(start);
/// assert_eq!(vigil.raise(start, Mode::Crisis), Mode::Crisis, "one message with a crisis word is enough");
/// vigil.step(start.saturating_add(Seconds::minutes(1)), &[], &PulseSettings::DEFAULT);
/// assert_eq!(vigil.step(start.saturating_add(Seconds::minutes(61)), &[], &PulseSettings::DEFAULT), Mode::Watch);
/// # Ok::<(), galateo::model::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vigil {
    mode: Mode,
    since: Timestamp,
    last: Timestamp,
    calm_since: Option<Timestamp>,
}

impl Vigil {
    /// Normal since `now`.
    #[must_use]
    pub const fn new(now: Timestamp) -> Self {
        Self { mode: Mode::Normal, since: now, last: now, calm_since: None }
    }

    /// The mode.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// Since when.
    #[must_use]
    pub const fn since(&self) -> Timestamp {
        self.since
    }

    /// Looks at the rises of `now` and gives the mode that follows.
    pub fn step(&mut self, now: Timestamp, rises: &[Rise], settings: &PulseSettings) -> Mode {
        if now < self.last {
            return self.mode;
        }
        self.last = now;
        let broad = rises.iter().filter(|rise| rise.is_broad(settings)).map(|rise| rise.score);
        let score = broad.max().unwrap_or_default();
        if score >= settings.alarm_at {
            self.go(Mode::Crisis, now);
        } else if score >= settings.watch_at && self.mode < Mode::Watch {
            self.go(Mode::Watch, now);
        }
        if score >= settings.calm_below {
            self.calm_since = None;
        } else {
            self.rest(now, settings);
        }
        self.mode
    }

    /// Raises the mode at once, for what one message alone shows; never lowers it.
    pub fn raise(&mut self, now: Timestamp, mode: Mode) -> Mode {
        if mode >= self.mode {
            self.go(mode, now);
        }
        self.mode
    }

    /// Goes to a mode, and starts the wait for calm anew.
    fn go(&mut self, mode: Mode, now: Timestamp) {
        if mode != self.mode {
            self.mode = mode;
            self.since = now;
        }
        self.last = self.last.max(now);
        self.calm_since = None;
    }

    fn rest(&mut self, now: Timestamp, settings: &PulseSettings) {
        let calm_since = *self.calm_since.get_or_insert(now);
        if self.mode > Mode::Normal && now.since(calm_since) >= settings.calm_for {
            self.go(calmer(self.mode), now);
            self.calm_since = Some(now);
        }
    }
}

const fn calmer(mode: Mode) -> Mode {
    match mode {
        Mode::Crisis => Mode::Watch,
        Mode::Watch | Mode::Normal => Mode::Normal,
    }
}
