//! The clocks (R25, R36, R89, R90). Law: the first policy that matches, by explicit order.

use super::sitting::{Ground, Outcome, Sitting};
use crate::decision::Action;
use crate::model::Timestamp;
use crate::playbook::Occasion;
use crate::schedule::sla::{ClockReading, ClockState};

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    // What was decided on before has raised its alarms then.
    if sitting.situation.occasion == Occasion::Repeated {
        return;
    }
    for reading in sitting.clocks.iter().filter(|reading| reading.state == ClockState::Running) {
        if let Some(action) = alarm(reading, sitting.situation.now) {
            outcome.by_default(action, Ground::Clock);
        }
    }
}

/// A breach, or a warning that is due.
fn alarm(reading: &ClockReading, now: Timestamp) -> Option<Action> {
    let metric = reading.metric;
    if let (true, Some(at)) = (reading.breached, reading.breached_at) {
        return Some(Action::Breach { metric, at });
    }
    let warned = reading.warn_at.as_slice().iter().any(|at| *at <= now);
    reading.due_at.filter(|_| warned).map(|due| Action::Warn { metric, due })
}
