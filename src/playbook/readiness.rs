//! Whether a team can start with a playbook: what is missing, as warnings (R47, R61, R81, R84).

use super::node::Node;
use super::{AnswerStatus, Directive, Playbook, Reader};
use crate::Code;
use crate::detect::Fingerprint;
use crate::model::{Channel, QueueId};

/// Warns of everything that is missing before a launch.
pub(super) fn warn(playbook: &Playbook, root: &Node, reader: &mut Reader<'_>) {
    let mut say = |section: &str, code: Code, message: String| {
        let node = root.entry(section).unwrap_or(root);
        reader.within(section, |reader| reader.report(node, code, message));
    };
    for (section, code, message) in gaps(playbook) {
        say(section, code, message);
    }
}

fn gaps(playbook: &Playbook) -> Vec<(&'static str, Code, String)> {
    let mut gaps = Vec::new();
    objectives(playbook, &mut gaps);
    owners(playbook, &mut gaps);
    stages(playbook, &mut gaps);
    texts(playbook, &mut gaps);
    routes(playbook, &mut gaps);
    answers(playbook, &mut gaps);
    if playbook.crisis.is_none() {
        gaps.push(("crisis", Code::NOT_READY, "nothing says who speaks in a crisis".to_owned()));
    }
    gaps
}

type Gaps = Vec<(&'static str, Code, String)>;

/// Agents must know the aim on each channel the company is on (R61).
fn objectives(playbook: &Playbook, gaps: &mut Gaps) {
    let mut channels: Vec<&Channel> = playbook.accounts.iter().map(|account| &account.channel).collect();
    channels.sort();
    channels.dedup();
    let aimless = channels
        .into_iter()
        .filter(|channel| !playbook.objectives.iter().any(|objective| objective.channel == **channel));
    gaps.extend(
        aimless.map(|channel| ("objectives", Code::NOT_READY, format!("no objective for `{channel}`"))),
    );
}

/// First and last names, not departments, answer for something (R81).
fn owners(playbook: &Playbook, gaps: &mut Gaps) {
    for department in &playbook.departments {
        for (role, name) in [("owner", &department.owner), ("deputy", &department.deputy)] {
            if name.split_whitespace().count() < 2 {
                let message = format!("the {role} of `{}` needs first and last name", department.id);
                gaps.push(("departments", Code::NOT_READY, message));
            }
        }
    }
}

/// A stage that nothing ends is a timid experiment (R47).
fn stages(playbook: &Playbook, gaps: &mut Gaps) {
    for feature in &playbook.features {
        for stage in feature.stages.iter().filter(|stage| stage.until.is_none() && stage.exit.is_none()) {
            let message = format!("stage `{}` of `{}` has no end", stage.id.as_str(), feature.id.as_str());
            gaps.push(("features", Code::STAGE_WITHOUT_END, message));
        }
    }
}

/// Whatever is said must be sayable in every language of the playbook.
fn texts(playbook: &Playbook, gaps: &mut Gaps) {
    for text in &playbook.texts {
        for language in playbook.languages.iter().filter(|language| !text.says.contains_key(language)) {
            let message = format!("text `{}` says nothing in `{}`", text.id.as_str(), language.tag());
            gaps.push(("texts", Code::NOT_READY, message));
        }
    }
}

fn routes(playbook: &Playbook, gaps: &mut Gaps) {
    let catches_all = playbook.rules.iter().any(|rule| {
        rule.when.tests().next().is_none()
            && rule.then.iter().any(|does| matches!(does, Directive::Assign(_)))
    });
    if !catches_all {
        gaps.push(("rules", Code::ROUTING_GAP, "no rule without condition assigns a queue".to_owned()));
    }
    for queue in playbook.queues.iter().filter(|queue| overflows_into_itself(playbook, &queue.id)) {
        gaps.push(("queues", Code::OVERFLOW_CYCLE, format!("queue `{}` overflows into itself", queue.id)));
    }
}

fn overflows_into_itself(playbook: &Playbook, start: &QueueId) -> bool {
    let next = |id: &QueueId| playbook.queues.iter().find(|queue| queue.id == *id)?.overflow.as_ref();
    let mut at = next(start);
    for _ in 0..playbook.queues.len() {
        match at {
            Some(id) if id == start => return true,
            Some(id) => at = next(id),
            None => return false,
        }
    }
    false
}

fn answers(playbook: &Playbook, gaps: &mut Gaps) {
    let of = |status: AnswerStatus| {
        let list = playbook.answers.iter().filter(move |answer| answer.status == status);
        list.map(|answer| (answer.id.as_str(), Fingerprint::of(&answer.says))).collect::<Vec<_>>()
    };
    let forbidden = of(AnswerStatus::Forbidden);
    for (model, print) in of(AnswerStatus::Model) {
        let near = forbidden.iter().find(|(_, other)| print.similarity(other) >= playbook.gate.forbidden);
        if let Some((other, _)) = near {
            gaps.push((
                "answers",
                Code::FORBIDDEN_MODEL,
                format!("`{model}` is like the forbidden `{other}`"),
            ));
        }
    }
}
