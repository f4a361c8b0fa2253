//! Formal complaints go to the formal channels, with an acknowledgement here (R45): the stated
//! exception to answering where the customer writes. Law: highest priority, then aim, then document order.

use super::sitting::{Outcome, Sitting};
use crate::decision::{Action, Family};
use crate::playbook::Directive;

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    let mut votes = sitting.votes_for(|directive| match directive {
        Directive::RedirectFormal { channels, text } => Some((channels, text)),
        _ => None,
    });
    let Some((winner, (channels, text))) = votes.next() else { return };
    for (loser, _) in votes {
        outcome.overrule(Family::Formal, loser, Some(winner));
    }
    let acknowledge = sitting.text(text.as_ref());
    outcome.choose(Action::RedirectFormal { channels: channels.clone(), acknowledge }, winner);
}
