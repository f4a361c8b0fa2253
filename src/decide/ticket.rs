//! Tickets: social care is an addition to the helpdesk, not a substitute (R105).
//! Law: highest priority, then aim, then document order.

use std::sync::Arc;

use super::sitting::{Outcome, Sitting};
use crate::decision::{Action, Family};
use crate::playbook::Directive;

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    let mut votes = sitting.votes_for(|directive| match directive {
        Directive::OpenTicket { queue, reason } => Some((queue, reason)),
        _ => None,
    });
    let Some((winner, (queue, reason))) = votes.next() else { return };
    for (loser, _) in votes {
        outcome.overrule(Family::Ticket, loser, Some(winner));
    }
    outcome.choose(Action::OpenTicket { queue: queue.clone(), reason: Arc::clone(reason) }, winner);
}
