//! Manners: regret, names, address, signature (R13, R14, R54, R92–R94).

use unicode_segmentation::UnicodeSegmentation;

use crate::detect::{Register, SignalKind};
use crate::gate::case::Case;
use crate::gate::finding::{Finding, FindingCode};
use crate::model::Language;
use crate::playbook::{Formality, Tone};

pub(super) fn check(case: &Case<'_>, found: &mut Vec<Finding>) {
    found.extend(regret(case));
    found.extend(name(case));
    found.extend(register(case));
    found.extend(signature(case));
    found.extend(emoji(case));
}

fn regret(case: &Case<'_>) -> Option<Finding> {
    let conversation = case.situation.conversation;
    let sorry = case.signal(&SignalKind::Apology).or_else(|| case.signal(&SignalKind::Empathy));
    match (conversation.learned.complained, sorry) {
        (true, None) => {
            let repair = case.say("comincia con: Mi dispiace", "begin with: I'm sorry");
            Some(case.finding(FindingCode::MissingApology).repair(repair))
        }
        (false, Some(sorry)) if conversation.learned.praised => {
            let repair = case.say("ringrazia", "say thank you");
            Some(case.finding(FindingCode::ApologyForPraise).at(sorry.span).repair(repair))
        }
        _ => None,
    }
}

fn name(case: &Case<'_>) -> Option<Finding> {
    if let Some(wrong) = case.signal(&SignalKind::WrongName) {
        return Some(case.finding(FindingCode::WrongName).at(wrong.span));
    }
    let known = case.customer().is_some_and(|customer| !customer.names.is_empty());
    let first_reply = case.situation.conversation.counts.agent_replies == 0;
    let unused = known && first_reply && case.signal(&SignalKind::NameUsed).is_none();
    let repair = case.say("saluta il cliente per nome", "greet the customer by name");
    unused.then(|| case.finding(FindingCode::NameUnused).repair(repair))
}

fn tone<'a>(case: &Case<'a>) -> Option<&'a Tone> {
    let tones = &case.playbook().tones;
    let own = tones.iter().find(|tone| tone.channels.contains(&case.draft.surface.channel));
    own.or_else(|| tones.iter().find(|tone| tone.channels.is_empty()))
}

fn register(case: &Case<'_>) -> Option<Finding> {
    let spoken = case.signals().register;
    let wanted = tone(case).map(|tone| tone.formality);
    let italian = case.language() == Some(Language::It);
    let repair = match (spoken, wanted) {
        (Register::Mixed, _) => case.say("scegli tu o Lei", "choose one way of address"),
        (Register::Informal, Some(Formality::Formal)) if italian => "qui si dà del Lei",
        (Register::Formal, Some(Formality::Familiar)) if italian => "qui si dà del tu",
        _ => return None,
    };
    Some(case.finding(FindingCode::Register).repair(repair))
}

fn signature(case: &Case<'_>) -> Option<Finding> {
    if let Some(number) = case.found(&SignalKind::OperatorNumber, FindingCode::OperatorNumber) {
        return Some(number.repair(case.say("firma con il tuo nome", "sign with your first name")));
    }
    let asked = tone(case).is_some_and(|tone| tone.sign) && !case.draft.by_bot;
    let missing = asked && case.signal(&SignalKind::SignOff).is_none();
    missing.then(|| {
        case.finding(FindingCode::Unsigned)
            .repair(case.say("firma con il tuo nome", "sign with your first name"))
    })
}

fn emoji(case: &Case<'_>) -> Option<Finding> {
    let allowed = usize::from(tone(case)?.emoji);
    let used = case.text.graphemes(true).filter(|grapheme| is_emoji(grapheme)).count();
    (used > allowed).then(|| case.finding(FindingCode::TooManyEmoji))
}

/// Whether a grapheme shows as a picture: the emoji blocks of Unicode 17, and symbols with the emoji selector.
fn is_emoji(grapheme: &str) -> bool {
    grapheme.chars().any(|c| matches!(c, '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F300}'..='\u{1FAFF}' | '\u{FE0F}' | '\u{2705}' | '\u{2728}' | '\u{274C}' | '\u{2764}'))
}
