//! Asking other departments, in time for the customer (R78–R82, R113–R115).
//! Law: one question a department, the highest-ranked.

use std::sync::Arc;

use super::sitting::{Ground, Outcome, Sitting, Vote};
use crate::decision::{Action, ChaseStep, Family};
use crate::model::{Conversation, DepartmentId, Referral, Seconds, Timestamp};
use crate::playbook::{Department, Directive, Occasion, Playbook};

/// The least time kept between a department's answer and the customer's deadline, to write the reply in.
const REPLY_TIME: Seconds = Seconds::minutes(10);

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    let mut asked: Vec<(&DepartmentId, &Vote<'_>)> = Vec::new();
    for (vote, (department, reason, within)) in sitting.votes_for(question) {
        let Some(department) = responsible(sitting, department) else {
            outcome.choose(unknown_department(), vote);
            continue;
        };
        if let Some((_, winner)) = asked.iter().find(|(id, _)| **id == department.id) {
            outcome.overrule(Family::Refer, vote, Some(winner));
        } else if !is_open(sitting.situation.conversation, &department.id) {
            asked.push((&department.id, vote));
            outcome.choose(refer(sitting, department, reason, within), vote);
        }
    }
    if matches!(sitting.situation.occasion, Occasion::Due | Occasion::Event) {
        chase_all(sitting, outcome);
    }
}

fn question(directive: &Directive) -> Option<(Option<&DepartmentId>, &Arc<str>, Option<Seconds>)> {
    match directive {
        Directive::Refer { department, reason, within } => Some((department.as_ref(), reason, *within)),
        _ => None,
    }
}

/// The department named, else the one that the directory or a topic names.
fn responsible<'a>(sitting: &Sitting<'a>, named: Option<&DepartmentId>) -> Option<&'a Department> {
    let departments = &sitting.playbook.departments;
    match named {
        Some(id) => departments.iter().find(|department| department.id == *id),
        None => sitting
            .situation
            .topics()
            .find_map(|topic| departments.iter().find(|department| department.topics.contains(topic))),
    }
}

/// A question nobody is named for goes to whoever keeps the directory, at once and not after a wait (R113).
fn unknown_department() -> Action {
    Action::RequestFact { fact: crate::model::Word::from_static("department_for_topic") }
}

fn is_open(conversation: &Conversation, department: &DepartmentId) -> bool {
    conversation.open_referrals().any(|referral| referral.department == *department)
}

fn refer(
    sitting: &Sitting<'_>,
    department: &Department,
    reason: &Arc<str>,
    within: Option<Seconds>,
) -> Action {
    let now = sitting.situation.now;
    let usual = sitting.policy.open_time_after(
        department.calendar.as_ref(),
        now,
        within.unwrap_or(department.within),
    );
    let (due, tight) = inside_deadline(now, usual, sitting.situation.deadline);
    Action::Refer {
        department: department.id.clone(),
        owner: Arc::from(department.owner.as_str()),
        deputy: Arc::from(department.deputy.as_str()),
        due,
        tight,
        reason: Arc::clone(reason),
    }
}

/// Pulls the department's usual due time before the customer's deadline, a tenth of what is left and
/// at least [`REPLY_TIME`] earlier (R80); `true` where that is less than the department usually needs.
fn inside_deadline(
    now: Timestamp,
    usual: Option<Timestamp>,
    deadline: Option<Timestamp>,
) -> (Option<Timestamp>, bool) {
    let Some(deadline) = deadline else { return (usual, false) };
    let left = deadline.since(now).get();
    let margin = left.checked_div(10).unwrap_or(0).max(REPLY_TIME.get());
    let latest = deadline.saturating_add(Seconds::new(margin.saturating_neg())).max(now);
    match usual {
        Some(usual) if usual <= latest => (Some(usual), false),
        _ => (Some(latest), true),
    }
}

/// What time alone has made true of the open questions: remind half way, turn to the deputy when due,
/// and keep the customer in the picture (R82, R114).
fn chase_all(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    let (conversation, now) = (sitting.situation.conversation, sitting.situation.now);
    for referral in conversation.open_referrals() {
        let Some(due) = referral.due else { continue };
        if now >= due {
            outcome.by_default(chase(sitting.playbook, referral, ChaseStep::Deputy), Ground::Referrals);
            let reason = Arc::from("another department is late with its answer");
            outcome.by_default(Action::TellCustomer { reason }, Ground::Referrals);
        } else if now >= half_way(referral.at, due) {
            outcome.by_default(chase(sitting.playbook, referral, ChaseStep::Remind), Ground::Referrals);
        }
    }
    if owes_news(conversation) {
        let reason = Arc::from("another department has answered");
        outcome.by_default(Action::TellCustomer { reason }, Ground::Referrals);
    }
}

/// When an open question is to be looked at again.
pub(crate) fn wake(conversation: &Conversation, now: Timestamp) -> Option<Timestamp> {
    let marks = conversation.open_referrals().filter_map(|referral| {
        let due = referral.due?;
        [half_way(referral.at, due), due].into_iter().find(|at| *at > now)
    });
    marks.min()
}

/// Whether a department has answered and the customer has not been told since.
fn owes_news(conversation: &Conversation) -> bool {
    let answered = conversation.referrals.iter().filter_map(|referral| referral.answered_at).max();
    answered.is_some_and(|at| conversation.last_reply_at.is_none_or(|reply| reply < at))
        && !conversation.status.value.is_done()
}

fn half_way(from: Timestamp, to: Timestamp) -> Timestamp {
    let half = to.since(from).get().checked_div(2).unwrap_or(0);
    from.saturating_add(Seconds::new(half))
}

fn chase(playbook: &Playbook, referral: &Referral, step: ChaseStep) -> Action {
    let department = playbook.departments.iter().find(|known| known.id == referral.department);
    let person = department.map(|known| match step {
        ChaseStep::Remind => known.owner.as_str(),
        ChaseStep::Deputy => known.deputy.as_str(),
    });
    let to = Arc::from(person.unwrap_or_else(|| referral.department.as_str()));
    Action::Chase { referral: referral.referral.clone(), step, to }
}
