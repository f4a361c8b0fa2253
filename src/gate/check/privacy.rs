//! Personal data: shown, repeated, asked for (R22–R24, R30, R108).

use crate::detect::{Signal, SignalKind};
use crate::gate::case::{Case, PersonalSpan};
use crate::gate::finding::{Finding, FindingCode};
use crate::model::Word;
use crate::num::wide;
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
    let mut requests = case.facts(&SignalKind::DataRequest);
    if case.visibility().is_open() {
        let request = requests.find(|request| !is_for_private(case, request))?;
        let repair = case.say(
            "invita a scrivere in privato e chiedi lì",
            "invite the customer to a private message and ask there",
        );
        return Some(case.finding(FindingCode::DataRequestInPublic).at(request.span).repair(repair));
    }
    let again = requests.find(|request| request.tag.as_ref().is_some_and(|kind| is_known(case, kind)))?;
    let repair = case.say("il cliente l'ha già dato: cercalo", "the customer has given it: look it up");
    Some(case.finding(FindingCode::AsksAgain).at(again.span).repair(repair))
}

/// Whether the sentence that asks says that the answer belongs in a private message.
fn is_for_private(case: &Case<'_>, request: &Signal) -> bool {
    case.facts(&SignalKind::PrivateInvite).any(|invite| {
        let (first, second) = (invite.span.min(request.span), invite.span.max(request.span));
        let between = case.text.get(wide(first.end)..wide(second.start.max(first.end)));
        between.is_some_and(|between| !between.contains(['.', '!', '?', '\n', '…']))
    })
}

/// Whether the customer has given a kind of data before, in this conversation or earlier (R30).
fn is_known(case: &Case<'_>, kind: &Word) -> bool {
    let ordered = kind.as_str() == "order_number"
        && case.customer().is_some_and(|customer| !customer.orders.is_empty());
    ordered
        || case.situation.conversation.learned.given.contains(kind)
        || case.customer().is_some_and(|customer| customer.given.contains(kind))
}
