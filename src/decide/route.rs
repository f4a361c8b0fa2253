//! Routing: which queue, and who in it. Law: highest priority, then aim, then document order.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::placement::{Placement, Wish, place};
use super::sitting::{Outcome, Sitting};
use crate::decision::{Action, Family};
use crate::model::{Desk, Presence, Seconds, SkillId};
use crate::playbook::{Directive, Routing};

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    let mut votes = sitting.votes_for(|directive| match directive {
        Directive::Assign(_) | Directive::HandOver { .. } => Some(directive),
        _ => None,
    });
    let Some((winner, directive)) = votes.next() else { return };
    for (loser, _) in votes {
        outcome.overrule(Family::Route, loser, Some(winner));
    }
    let action = match directive {
        Directive::Assign(routing) => assign(sitting, routing),
        Directive::HandOver { department, reason } => {
            Some(Action::HandOver { department: department.clone(), reason: Arc::clone(reason) })
        }
        _ => None,
    };
    if let Some(action) = action {
        outcome.choose(action, winner);
    }
}

/// Nothing is moved from an agent who has the conversation in this queue and is there.
fn assign(sitting: &Sitting<'_>, routing: &Routing) -> Option<Action> {
    let empty = Desk::default();
    let desk = sitting.situation.desk.unwrap_or(&empty);
    let held = &sitting.situation.conversation.assigned.value;
    let holder = held.agent.as_ref().and_then(|agent| desk.agent(agent));
    if held.queue.as_ref() == Some(&routing.queue)
        && holder.is_some_and(|agent| agent.presence == Presence::Online)
    {
        return None;
    }
    let Placement { queue, agent, why, relaxed } =
        place(&sitting.playbook.queues, &routing.queue, &wish(sitting, routing), desk);
    Some(Action::Assign { queue, agent, why, relaxed })
}

fn wish(sitting: &Sitting<'_>, routing: &Routing) -> Wish {
    let situation = sitting.situation;
    let waited =
        situation.conversation.waiting_since.map_or(Seconds::ZERO, |since| situation.now.since(since));
    Wish {
        skills: skills(sitting, routing),
        language: if routing.same_language { situation.language() } else { None },
        sticky: if routing.sticky { situation.conversation.last_agent.clone() } else { None },
        waited,
        visibility: situation.visibility(),
    }
}

/// What the rule asks for, joined by what the topics of the text ask for (R112).
fn skills(sitting: &Sitting<'_>, routing: &Routing) -> BTreeMap<SkillId, u8> {
    let mut skills = routing.skills.clone();
    for hit in &sitting.situation.signals.topics {
        let topic = sitting.playbook.topics.iter().find(|topic| topic.id == hit.topic);
        for (skill, level) in topic.iter().flat_map(|topic| &topic.skills) {
            let known = skills.entry(skill.clone()).or_insert(*level);
            *known = (*known).max(*level);
        }
    }
    skills
}
