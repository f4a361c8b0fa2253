//! What is promised, claimed and offered (R28, R68, R95, R111).

use crate::detect::{Promise, SignalKind};
use crate::gate::case::Case;
use crate::gate::finding::{Finding, FindingCode, Severity};
use crate::model::{Seconds, Timestamp};

pub(super) fn check(case: &Case<'_>, found: &mut Vec<Finding>) {
    promises(case, found);
    found.extend(claim(case));
    found.extend(remedy(case));
}

/// A promise stands on a remedy that was granted, on a ground, on the author's own limits, or on what the
/// brand owes this customer anyway.
fn promises(case: &Case<'_>, found: &mut Vec<Finding>) {
    for promise in
        case.signals().promises.iter().filter(|promise| promise.confidence.get() >= crate::playbook::FACT)
    {
        let kind = promise.kind.as_ref();
        let granted = kind.is_some_and(|kind| case.draft.granted.contains(kind));
        let alone = kind.zip(promise.cents).is_some_and(|(kind, cents)| within_autonomy(case, kind, cents));
        let harmless = kind.is_some_and(|kind| kind.as_str() == "reply");
        if !(granted || alone || harmless || !case.draft.grounds.is_empty() || is_owed(case, promise)) {
            let repair = case.say(
                "prometti solo ciò che è certo, o indica su che cosa si fonda",
                "promise only what is certain, or name what it rests on",
            );
            found.push(case.finding(FindingCode::UnsupportedPromise).at(promise.span).repair(repair));
        }
    }
}

/// Whether a reply repeats what the brand owes this customer and has still time to keep: the same kind, no
/// sum of money, and no earlier time (R83).
fn is_owed(case: &Case<'_>, promise: &Promise) -> bool {
    let Some(kind) = promise.kind.as_ref().filter(|_| promise.amount.is_none()) else { return false };
    let now = case.situation.now;
    let open = case.situation.conversation.open_promises();
    open.filter(|owed| owed.due.is_none_or(|due| now <= due)).any(|owed| {
        let brand = case.playbook().promise(&owed.promise).filter(|brand| brand.kinds.contains(kind));
        brand.is_some_and(|brand| is_in_time(promise, brand.within, owed.due, now))
    })
}

/// Whether the time that a reply names, if it names one, is the brand's own or not before the due time.
fn is_in_time(promise: &Promise, within: Seconds, due: Option<Timestamp>, now: Timestamp) -> bool {
    let named = promise.within_minutes.map(|minutes| Seconds::minutes(i64::from(minutes)));
    match (promise.deadline, named) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(_), Some(named)) => named == within || due.is_some_and(|due| now.saturating_add(named) >= due),
    }
}

fn within_autonomy(case: &Case<'_>, remedy: &crate::model::Word, cents: u64) -> bool {
    let author = case.desk().and_then(|desk| desk.agent(&case.draft.author));
    let Some(role) = author.and_then(|author| author.role.as_ref()) else { return false };
    case.playbook().autonomy.iter().any(|limit| {
        limit.role == *role
            && limit.remedy == *remedy
            && i64::try_from(cents).is_ok_and(|cents| cents <= limit.up_to)
    })
}

fn claim(case: &Case<'_>) -> Option<Finding> {
    if !case.draft.grounds.is_empty() {
        return None;
    }
    let repair = case.say("indica la voce o il dato su cui si fonda", "name the article or fact it rests on");
    let finding = case.found(&SignalKind::Claim, FindingCode::UngroundedClaim)?.repair(repair);
    let hold = case.playbook().gate.hold_ungrounded;
    Some(if hold { finding.at_least(Severity::Hold) } else { finding })
}

fn remedy(case: &Case<'_>) -> Option<Finding> {
    let topic = case.situation.topics().next()?;
    let other = case.recent?.other_remedy(&case.draft.conversation, topic, case.signals())?;
    Some(case.finding(FindingCode::InconsistentRemedy).at(other))
}
