//! Responsibility: who has to answer for it now. Law: the maximum level; it never sinks by itself.

use std::sync::Arc;

use super::sitting::{Outcome, Sitting};
use crate::decision::{Action, Family};
use crate::model::Seconds;
use crate::playbook::{Directive, Level};

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    let votes: Vec<_> = sitting
        .votes_for(|directive| match directive {
            Directive::Escalate { level, reason, within } => Some((*level, reason, *within)),
            _ => None,
        })
        .collect();
    // The first of equals wins, so the search keeps the earlier one.
    let Some((winner, (level, reason, within))) = votes.iter().rev().max_by_key(|(_, (level, ..))| *level)
    else {
        return;
    };
    for (loser, _) in &votes {
        outcome.overrule(Family::Escalate, loser, Some(winner));
    }
    if *level > sitting.situation.conversation.learned.level {
        outcome.choose(raise(sitting, *level, reason, *within), winner);
    }
}

fn raise(sitting: &Sitting<'_>, level: u8, reason: &Arc<str>, within: Option<Seconds>) -> Action {
    let step: Option<&Level> = sitting.playbook.levels.iter().find(|step| step.level == level);
    let within = within.or(step.map(|step| step.within));
    Action::Escalate {
        level,
        to: step.map(|step| Arc::clone(&step.to)),
        due: within.map(|within| sitting.situation.now.saturating_add(within)),
        reason: Arc::clone(reason),
    }
}
