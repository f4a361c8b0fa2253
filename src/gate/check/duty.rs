//! Who may send what: training, a name to show, approval, bots, crisis, the playbook's own rules (R55, R62, R68, R84).

use crate::detect::SignalKind;
use crate::gate::case::Case;
use crate::gate::finding::{Finding, FindingCode};
use crate::playbook::Directive;

pub(super) fn check(case: &Case<'_>, found: &mut Vec<Finding>) {
    found.extend(training(case));
    found.extend(name(case));
    found.extend(bot(case));
    found.extend(crisis(case));
}

fn training(case: &Case<'_>) -> Option<Finding> {
    let author = case.desk()?.agent(&case.draft.author);
    let trained = author.is_some_and(|author| author.is_certified(case.visibility()));
    (!trained && !case.draft.by_bot).then(|| case.finding(FindingCode::NotCertified))
}

fn name(case: &Case<'_>) -> Option<Finding> {
    let author = case.desk()?.agent(&case.draft.author)?;
    let shown = author.name.as_ref().is_some_and(|name| !name.expose().trim().is_empty());
    let repair =
        case.say("dai a chi risponde un nome e cognome", "give whoever answers a first and last name");
    (!shown && !case.draft.by_bot).then(|| case.finding(FindingCode::AuthorNameless).repair(repair))
}

fn bot(case: &Case<'_>) -> Option<Finding> {
    let must_say = case.draft.by_bot && case.playbook().gate.disclose_bots;
    let first = case.situation.conversation.counts.bot_replies == 0;
    let said = case.signal(&SignalKind::BotDisclosure).is_some();
    let repair =
        case.say("di' che risponde un assistente automatico", "say that an automated assistant is answering");
    (must_say && first && !said).then(|| case.finding(FindingCode::BotUndisclosed).repair(repair))
}

fn crisis(case: &Case<'_>) -> Option<Finding> {
    let crisis = case.playbook().crisis.as_ref()?;
    let desk = case.desk()?;
    let approver = crisis.approval_by.as_ref().map_or(DEFAULT_APPROVER, |role| role.as_str());
    let role = desk.agent(&case.draft.author).and_then(|author| author.role.as_ref());
    // Who approves what others write may answer in person.
    let is_approver = role.is_some_and(|role| role.as_str() == approver);
    let needs = desk.mode >= crisis.from && case.visibility().is_open() && !is_approver;
    needs.then(|| case.finding(FindingCode::CrisisApproval))
}

/// Who approves where the playbook names nobody.
const DEFAULT_APPROVER: &str = "supervisor";

/// What a directive of a rule that matched says of the draft.
pub(crate) fn of_rule(
    case: &Case<'_>,
    rule: &crate::model::RuleId,
    directive: &Directive,
) -> Option<Finding> {
    let (code, reason) = match directive {
        Directive::BlockSend { reason } => (FindingCode::BlockedByRule, reason),
        Directive::RequireApproval { reason, .. } => (FindingCode::ApprovalRequired, reason),
        Directive::WarnAuthor { reason } => (FindingCode::WarnedByRule, reason),
        _ => return None,
    };
    Some(case.finding(code).repair(reason).by_rule(rule))
}
