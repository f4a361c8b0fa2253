//! The end of a conversation (R66). Law: whatever keeps it open wins, then asking, then closing.

use std::sync::Arc;

use super::sitting::{Ground, Outcome, Sitting};
use crate::decision::{Action, Family};
use crate::playbook::{Directive, Situation};

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    let mut votes: Vec<_> = sitting.votes_for(strictness).collect();
    votes.sort_by_key(|(_, strictness)| *strictness);
    let Some((winner, strictness)) = votes.first() else { return };
    if let (true, Some(reason)) = (*strictness > KEEP_OPEN, unfinished(sitting.situation)) {
        outcome.by_default(Action::KeepOpen { reason: Arc::from(reason) }, Ground::Debt);
        votes.iter().for_each(|(loser, _)| outcome.overrule(Family::Close, loser, None));
        return;
    }
    for (loser, _) in votes.iter().skip(1) {
        outcome.overrule(Family::Close, loser, Some(winner));
    }
    if let Some(action) = action(sitting.situation, winner.directive) {
        outcome.choose(action, winner);
    }
}

const KEEP_OPEN: u8 = 0;

const fn strictness(directive: &Directive) -> Option<u8> {
    match directive {
        Directive::KeepOpen { .. } => Some(KEEP_OPEN),
        Directive::AskToClose { .. } => Some(1),
        Directive::Close { .. } => Some(2),
        _ => None,
    }
}

/// What the company still owes; a conversation with a debt is not closed by a rule.
fn unfinished(situation: &Situation<'_>) -> Option<&'static str> {
    let conversation = situation.conversation;
    if conversation.open_promises().next().is_some() {
        return Some("a promise to the customer is open");
    }
    if conversation.open_referrals().next().is_some() {
        return Some("another department has not answered yet");
    }
    None
}

fn action(situation: &Situation<'_>, directive: &Directive) -> Option<Action> {
    Some(match directive {
        Directive::KeepOpen { reason } => Action::KeepOpen { reason: Arc::clone(reason) },
        Directive::AskToClose { reason } => Action::AskToClose { reason: Arc::clone(reason) },
        Directive::Close { after, reason } => Action::Close {
            at: after.map(|after| situation.now.saturating_add(after)),
            reason: Arc::clone(reason),
        },
        _ => return None,
    })
}
