//! Words that must not be said, and answers that must not be given (R19, R20, R71–R73, R75).

use crate::detect::{Fingerprint, SignalKind};
use crate::gate::case::Case;
use crate::gate::finding::{Finding, FindingCode};
use crate::playbook::{AnswerStatus, PhraseUse};

pub(super) fn check(case: &Case<'_>, found: &mut Vec<Finding>) {
    found.extend(case.found(&SignalKind::Profanity, FindingCode::Profanity));
    found.extend(case.found(&SignalKind::Abuse, FindingCode::Profanity));
    found.extend(case.found(&SignalKind::Sexual, FindingCode::Sexual));
    found.extend(officialese(case));
    phrases(case, found);
    answers(case, found);
}

fn officialese(case: &Case<'_>) -> Option<Finding> {
    let repair = case.say("dillo come lo diresti a voce", "say it as you would aloud");
    Some(case.found(&SignalKind::Officialese, FindingCode::Officialese)?.repair(repair))
}

fn phrases(case: &Case<'_>, found: &mut Vec<Finding>) {
    for (phrase, span) in case.policy.phrases_in(case.signals()) {
        let code = match phrase.r#use {
            PhraseUse::Say => continue,
            PhraseUse::NeverSay => FindingCode::NeverSay,
            PhraseUse::Block => FindingCode::PhraseBlocked,
        };
        let instead = case.language().and_then(|language| phrase.instead.get(&language));
        let repair = instead.map_or(phrase.reason.as_str(), String::as_str);
        found.push(case.finding(code).at(span).repair(repair));
    }
}

fn answers(case: &Case<'_>, found: &mut Vec<Finding>) {
    let settings = &case.playbook().gate;
    let draft = Fingerprint::of(case.text);
    if case.policy.likeness(&draft, AnswerStatus::Forbidden) >= settings.forbidden {
        found.push(case.finding(FindingCode::ForbiddenAnswer));
    }
    if case.visibility().is_open() && case.policy.likeness(&draft, AnswerStatus::Model) >= COPIED {
        let repair = case.say(
            "rendila tua: nome, caso, parole del cliente",
            "make it yours: name, case, the customer's words",
        );
        found.push(case.finding(FindingCode::ModelAnswerCopied).repair(repair));
    }
}

/// From what likeness, in thousandths, a model answer counts as copied.
const COPIED: u16 = 900;
