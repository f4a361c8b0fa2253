//! What the brand promised to everybody and owes to this customer (R83).
//! Law: one entry a promise, the earliest due; what stands open in the ledger is not entered again.

use std::sync::Arc;

use super::sitting::{Outcome, Sitting, Vote};
use crate::decision::{Action, Family};
use crate::model::{Seconds, Timestamp, Word};
use crate::playbook::{BrandPromise, Directive, Occasion};

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    // What was decided on before was entered then.
    if sitting.situation.occasion == Occasion::Repeated {
        return;
    }
    let mut debts: Vec<Debt<'_>> = sitting.votes_for(owed).filter_map(|vote| debt(sitting, vote)).collect();
    // The sort is stable: of those that fall due at one time the highest-ranked wins.
    debts.sort_by_key(|debt| (debt.place, debt.due.is_none(), debt.due));
    for alike in debts.chunk_by(|one, next| one.place == next.place) {
        let Some((winner, losers)) = alike.split_first() else { continue };
        losers.iter().for_each(|loser| outcome.overrule(Family::Promise, loser.vote, Some(winner.vote)));
        outcome.choose(enter(sitting, winner), winner.vote);
    }
}

/// A promise of the brand that a rule says is owed.
struct Debt<'a> {
    vote: &'a Vote<'a>,
    /// Its place in the playbook.
    place: usize,
    promise: &'a BrandPromise,
    due: Option<Timestamp>,
}

const fn owed(directive: &Directive) -> Option<(&Word, Option<Seconds>)> {
    match directive {
        Directive::Owe { promise, within } => Some((promise, *within)),
        _ => None,
    }
}

fn debt<'a>(
    sitting: &Sitting<'a>,
    (vote, (name, within)): (&'a Vote<'a>, (&Word, Option<Seconds>)),
) -> Option<Debt<'a>> {
    let situation = sitting.situation;
    let from = situation.event.map_or(situation.now, |event| event.at);
    if situation.conversation.has_promise(name, from) {
        return None;
    }
    let (place, promise) =
        sitting.playbook.promises.iter().enumerate().find(|(_, promise)| promise.id == *name)?;
    let within = within.unwrap_or(promise.within);
    let due = sitting.policy.open_time_after(promise.calendar.as_ref(), from, within);
    Some(Debt { vote, place, promise, due })
}

fn enter(sitting: &Sitting<'_>, debt: &Debt<'_>) -> Action {
    let says = sitting.playbook.said(&debt.promise.says, sitting.situation.language());
    Action::Owe { promise: debt.promise.id.clone(), says: Arc::from(says.unwrap_or_default()), due: debt.due }
}
