//! Gradual introduction (R32, R34, R43, R47). Law: the first stage that admits.
//! A capped stage asks the host to take a place in its enrolment summary, which alone counts exactly.

use super::sitting::{Outcome, Sitting};
use crate::decision::Action;
use crate::measure::{Admission, Enrolment, Rollout};
use crate::model::{Channel, Customer, Timestamp, Word};
use crate::playbook::{Directive, Policy};

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    let situation = sitting.situation;
    let (Some(customer), Some(surface)) = (situation.customer, situation.surface()) else { return };
    let asked = sitting.votes_for(|directive| match directive {
        Directive::Enrol(feature) => Some(feature),
        _ => None,
    });
    for (vote, feature) in asked {
        let Some(rollout) = sitting.policy.rollout(feature) else { continue };
        if customer.enrolled.contains(feature) || !admits(rollout, customer, &surface.channel, situation.now)
        {
            continue;
        }
        let stage = sitting.policy.stage_name(feature, situation.now);
        outcome.choose(Action::Enrol { feature: feature.clone(), stage }, vote);
    }
}

/// The features that a customer has now: those they hold a place in, and those that need none.
pub(crate) fn features(
    policy: &Policy,
    customer: Option<&Customer>,
    channel: Option<&Channel>,
    now: Timestamp,
) -> Vec<Word> {
    let (Some(customer), Some(channel)) = (customer, channel) else { return Vec::new() };
    let rollouts = policy.rollouts().iter();
    let has = |rollout: &&Rollout| {
        let runs = rollout
            .stage_at(now)
            .is_some_and(|stage| stage.channels.is_empty() || stage.channels.contains(channel));
        let capped = rollout.stage_at(now).is_some_and(|stage| stage.cap.is_some());
        runs && (customer.enrolled.contains(&rollout.feature)
            || (!capped && admits(rollout, customer, channel, now)))
    };
    rollouts.filter(has).map(|rollout| rollout.feature.clone()).collect()
}

fn admits(rollout: &Rollout, customer: &Customer, channel: &Channel, now: Timestamp) -> bool {
    let places = Enrolment::new(u32::MAX);
    matches!(rollout.check(customer, channel, now, &places), Admission::Admitted)
}
