//! Labels and the rest: tags, registers, notes, approvals. Law: union; a register takes its highest-ranked value.

use std::sync::Arc;

use super::sitting::{Outcome, Sitting, Vote};
use crate::decision::{Action, Family};
use crate::model::Word;
use crate::playbook::Directive;

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    let mut registers = Registers::default();
    for vote in sitting.votes {
        match vote.directive {
            Directive::SetPriority(to) => registers.priority(Action::SetPriority { to: *to }, vote, outcome),
            Directive::AwayNotice { text } => join(outcome, away_notice(sitting, text.as_ref()), vote),
            Directive::SuggestArticles => {
                for action in articles(sitting) {
                    join(outcome, action, vote);
                }
            }
            Directive::SetStatus(to) => registers.status(Action::SetStatus { to: *to }, vote, outcome),
            directive => {
                if let Some(action) = label(directive) {
                    join(outcome, action, vote);
                }
            }
        }
    }
}

fn away_notice(sitting: &Sitting<'_>, text: Option<&Word>) -> Action {
    let desk = sitting.policy.desk_calendar();
    let next_open = desk.and_then(|calendar| calendar.next_open(sitting.situation.now).ok());
    Action::AwayNotice { text: sitting.text(text), next_open }
}

/// The articles that the customer's words led to, each in the fullest wording that the surface takes.
fn articles<'a>(sitting: &'a Sitting<'_>) -> impl Iterator<Item = Action> + 'a {
    let surface = sitting.situation.surface();
    sitting.articles.iter().filter_map(move |article| {
        let says = article.wording(surface, sitting.policy.channels())?;
        Some(Action::Suggest { answer: article.id.clone(), says: Some(says.clone()) })
    })
}

/// Which registers have their value already, and from whom.
#[derive(Default)]
struct Registers<'a> {
    priority: Option<&'a Vote<'a>>,
    status: Option<&'a Vote<'a>>,
}

impl<'a> Registers<'a> {
    fn priority(&mut self, action: Action, vote: &'a Vote<'a>, outcome: &mut Outcome) {
        set(&mut self.priority, action, vote, outcome);
    }

    fn status(&mut self, action: Action, vote: &'a Vote<'a>, outcome: &mut Outcome) {
        set(&mut self.status, action, vote, outcome);
    }
}

fn set<'a>(register: &mut Option<&'a Vote<'a>>, action: Action, vote: &'a Vote<'a>, outcome: &mut Outcome) {
    match register {
        Some(winner) => outcome.overrule(Family::Label, vote, Some(winner)),
        None => {
            *register = Some(vote);
            outcome.choose(action, vote);
        }
    }
}

/// Adds an action; where another rule asked for the same, its cause joins.
fn join(outcome: &mut Outcome, action: Action, vote: &Vote<'_>) {
    match outcome.chosen.iter_mut().find(|chosen| chosen.action == action) {
        Some(chosen) => chosen.because.push(Arc::clone(vote.cause)),
        None => outcome.choose(action, vote),
    }
}

fn label(directive: &Directive) -> Option<Action> {
    Some(match directive {
        Directive::AddTags(tags) => Action::AddTags { tags: tags.clone() },
        Directive::RemoveTags(tags) => Action::RemoveTags { tags: tags.clone() },
        Directive::Notify(who) => Action::Notify { who: who.clone() },
        Directive::InternalNote(text) => Action::InternalNote { text: Arc::from(text.as_str()) },
        Directive::RequestFact(fact) => Action::RequestFact { fact: fact.clone() },
        Directive::Suggest(answer) => Action::Suggest { answer: answer.clone(), says: None },
        Directive::RequireApproval { by, reason } => {
            Action::RequireApproval { by: by.clone(), reason: Arc::clone(reason) }
        }
        Directive::Custom { name, note } => {
            Action::Custom { name: name.clone(), note: note.as_deref().map(Arc::from) }
        }
        _ => return None,
    })
}
