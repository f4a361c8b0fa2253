//! Taking part: answer, ignore, watch, step forward; hide and report beside it.
//! Law: the highest-ranked verdict, hiding and reporting add up. No message stays without a verdict (R21, R91).

use std::sync::Arc;

use super::sitting::{Ground, Outcome, Sitting, Vote};
use crate::decision::{Action, Family};
use crate::model::{OrderState, Word};
use crate::playbook::{Directive, Occasion};

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    match sitting.situation.occasion {
        Occasion::Message => judge(sitting, outcome),
        Occasion::Echo => set_aside(outcome, "echo of our own message"),
        Occasion::Note => set_aside(outcome, "a note among colleagues"),
        Occasion::Reply => set_aside(outcome, "our own message"),
        Occasion::Repeated => set_aside(outcome, "this event was decided on before"),
        Occasion::Draft | Occasion::Due | Occasion::Event => {}
    }
}

fn set_aside(outcome: &mut Outcome, reason: &str) {
    outcome.by_default(Action::Ignore { reason: Arc::from(reason) }, Ground::Occasion);
}

fn judge(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    let mut verdicts = sitting.votes_for(|directive| is_verdict(directive).then_some(directive));
    let winner = verdicts.next();
    for (loser, _) in verdicts {
        outcome.overrule(Family::Engage, loser, winner.as_ref().map(|(vote, _)| *vote));
    }
    match winner {
        Some((vote, directive)) => pronounce(sitting, vote, directive, outcome),
        None => outcome.by_default(
            Action::Engage { reason: Arc::from("no message stays unanswered") },
            Ground::Occasion,
        ),
    }
    add_measures(sitting, outcome);
}

const fn is_verdict(directive: &Directive) -> bool {
    matches!(
        directive,
        Directive::Engage { .. }
            | Directive::Ignore { .. }
            | Directive::Monitor { .. }
            | Directive::Proactive { .. }
    )
}

fn pronounce(sitting: &Sitting<'_>, vote: &Vote<'_>, directive: &Directive, outcome: &mut Outcome) {
    let action = match directive {
        Directive::Ignore { reason } => Action::Ignore { reason: Arc::clone(reason) },
        Directive::Monitor { reason } => Action::Monitor { reason: Arc::clone(reason) },
        Directive::Proactive { reason, after, within, needs } => {
            let now = sitting.situation.now;
            let needs = missing_facts(sitting, needs);
            for fact in &needs {
                outcome.choose(Action::RequestFact { fact: fact.clone() }, vote);
            }
            let not_before = now.saturating_add(*after);
            let not_after = now.saturating_add(*within).max(not_before);
            Action::Proactive { reason: Arc::clone(reason), not_before, not_after, needs }
        }
        Directive::Engage { reason } => Action::Engage { reason: Arc::clone(reason) },
        _ => return,
    };
    outcome.choose(action, vote);
}

/// The facts that the host has not handed in: an opportunity is only one with its answer at hand (R10).
fn missing_facts(sitting: &Sitting<'_>, needs: &[Word]) -> Vec<Word> {
    let orders = sitting.situation.customer.map_or(&[][..], |customer| &customer.orders);
    let running = |state| !matches!(state, OrderState::Delivered | OrderState::Cancelled);
    let known = |need: &&Word| match need.as_str() {
        "eta" => orders.iter().any(|order| running(order.state) && order.eta.is_some()),
        "order" => !orders.is_empty(),
        _ => false,
    };
    needs.iter().filter(|need| !known(need)).cloned().collect()
}

fn add_measures(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    for vote in sitting.votes {
        match vote.directive {
            Directive::Hide { reason } => outcome.choose(Action::Hide { reason: Arc::clone(reason) }, vote),
            Directive::Report { reason } => {
                outcome.choose(Action::Report { reason: Arc::clone(reason) }, vote);
            }
            _ => {}
        }
    }
}
