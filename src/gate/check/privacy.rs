//! Personal data: shown, repeated, asked for (R22–R24, R30, R108).

use crate::detect::SignalKind;
use crate::gate::case::{Case, PersonalSpan};
use crate::gate::finding::{Finding, FindingCode};
use crate::playbook::Publication;

pub(super) fn check(case: &Case<'_>, found: &mut Vec<Finding>) {
    leaks(case, found);
    found.extend(data_request(case));
}

fn leaks(case: &Case<'_>, found: &mut Vec<Finding>) {
    for piece in case.personal {
        if may_stand(case, piece) {
            continue;
        }
        let given = case.situation.conversation.learned.given.contains(&piece.kind);
        let code = if given { FindingCode::RepeatsCustomerData } else { FindingCode::Leak };
        let repair = case.say("toglilo, o scrivilo in privato", "take it out, or write it in private");
        found.push(case.finding(code).at(piece.span).repair(repair));
    }
}

/// Whether the playbook lets this kind stand here (R23); on a private surface it is the customer's own.
fn may_stand(case: &Case<'_>, piece: &PersonalSpan) -> bool {
    let visibility = case.visibility();
    let rule = case
        .playbook()
        .privacy
        .publish
        .iter()
        .find(|rule| rule.kind == piece.kind && rule.visibility == visibility);
    match rule.map(|rule| rule.may) {
        Some(Publication::Allowed) => true,
        Some(Publication::Masked | Publication::Never) => false,
        None => !visibility.is_open(),
    }
}

fn data_request(case: &Case<'_>) -> Option<Finding> {
    let request = case.signal(&SignalKind::DataRequest)?;
    if case.visibility().is_open() {
        let repair = case.say(
            "invita a scrivere in privato e chiedi lì",
            "invite the customer to a private message and ask there",
        );
        return Some(case.finding(FindingCode::DataRequestInPublic).at(request.span).repair(repair));
    }
    let asked = request.tag.as_ref()?;
    let known = case.situation.conversation.learned.given.contains(asked)
        || case.customer().is_some_and(|customer| customer.given.contains(asked));
    known.then(|| case.finding(FindingCode::AsksAgain).at(request.span))
}
