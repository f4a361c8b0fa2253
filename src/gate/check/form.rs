//! Form: length, window, links, language, copies, redirections (R12, R37, R39, R73, R96, R97).

use crate::channel::{self, Mode, Naming};
use crate::decide::counterpart;
use crate::detect::SignalKind;
use crate::gate::case::Case;
use crate::gate::finding::{Finding, FindingCode};
use crate::num::narrow;
use crate::text::Span;

pub(super) fn check(case: &Case<'_>, found: &mut Vec<Finding>) {
    if case.text.trim().is_empty() {
        found.push(case.finding(FindingCode::Empty));
        return;
    }
    if case.situation.truncated {
        found.push(case.finding(FindingCode::Truncated));
    }
    found.extend(length(case));
    found.extend(window(case));
    found.extend(copy(case));
    found.extend(language(case));
    redirect(case, found);
    strangers(case, found);
}

fn length(case: &Case<'_>) -> Option<Finding> {
    let length = channel::measure_with(
        case.text,
        &case.draft.surface,
        case.policy.channels(),
        &channel::Counting::default(),
    );
    if length.fits {
        return None;
    }
    let over = length.left().unwrap_or_default().saturating_abs();
    let repair = format!("{}: {over} {}", case.say("accorcia", "shorten"), length.unit.as_str());
    let end = narrow(case.text.len());
    let span = Span { start: narrow(length.safe_cut), end };
    Some(case.finding(FindingCode::TooLong).at(span).repair(repair))
}

fn window(case: &Case<'_>) -> Option<Finding> {
    let permit = case.permit;
    let template = case.draft.template && permit.mode != Mode::Closed;
    if !permit.allowed && !template {
        let repair = case.say(
            "usa un modello approvato, o aspetta che il cliente scriva",
            "use an approved template, or wait for the customer to write",
        );
        return Some(case.finding(FindingCode::WindowClosed).repair(repair));
    }
    permit.is_last_message().then(|| case.finding(FindingCode::LastMessage))
}

fn copy(case: &Case<'_>) -> Option<Finding> {
    let likeness = case.recent?.likeness(case.text);
    let copied = likeness >= case.playbook().gate.reuse;
    let repair = case.say("riscrivila per questo cliente", "write it anew for this customer");
    copied.then(|| case.finding(FindingCode::CopyOfReply).repair(repair))
}

/// How far a language must be ahead before it counts as another one, in thousandths.
const SURE_OF_LANGUAGE: u16 = 300;

fn language(case: &Case<'_>) -> Option<Finding> {
    let written = case.signals().language?;
    let expected = case.draft.language.or(case.situation.conversation.learned.language)?;
    let sure = case.signals().language_margin >= SURE_OF_LANGUAGE;
    (sure && written != expected).then(|| case.finding(FindingCode::LanguageMismatch))
}

/// Sending customers elsewhere needs a reason: privacy, a formal complaint, the law, a closed window (R96).
fn redirect(case: &Case<'_>, found: &mut Vec<Finding>) {
    let invited = case.signal(&SignalKind::PrivateInvite).is_some() && case.visibility().is_open();
    let formal = case.situation.conversation.complaint.is_some();
    if invited || formal {
        return;
    }
    // Where the network has no private place, our own mail is the nearest one.
    let stuck = case.visibility().is_open() && counterpart(&case.draft.surface.channel).is_none();
    let kinds = [SignalKind::HotlineRedirect, SignalKind::MediumRedirect];
    for kind in kinds.into_iter().filter(|kind| !(stuck && *kind == SignalKind::MediumRedirect)) {
        let repair = case.say("rispondi qui", "answer here");
        found
            .extend(case.found(&kind, FindingCode::RedirectsElsewhere).map(|finding| finding.repair(repair)));
    }
}

/// Accounts and links that are not the company's (R39).
fn strangers(case: &Case<'_>, found: &mut Vec<Finding>) {
    let repair = case.say("usa solo i nostri canali ufficiali", "use our official accounts only");
    let customer = case.situation.conversation.customer.as_ref().map(|id| id.as_str());
    let participants: Vec<&str> = customer.into_iter().collect();
    let naming = Naming {
        facts: case.policy.channels(),
        official: case.policy.accounts(),
        participants: &participants,
    };
    for stranger in channel::find_accounts(case.text, &naming) {
        let span = Span { start: narrow(stranger.start), end: narrow(stranger.end) };
        found.push(case.finding(FindingCode::UnlistedAccount).at(span).repair(repair));
    }
}
