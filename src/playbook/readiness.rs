//! Whether a team can start with a playbook: what is missing, as warnings (R47, R61, R81, R84).

use std::collections::BTreeSet;

use super::node::Node;
use super::{AnswerStatus, Playbook, Reader};
use crate::Code;
use crate::detect::Fingerprint;
use crate::model::{Channel, QueueId};
use crate::schedule::sla::MetricKind;

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
    overflows(playbook, &mut gaps);
    answers(playbook, &mut gaps);
    deadlines(playbook, &mut gaps);
    crisis(playbook, &mut gaps);
    gaps
}

type Gaps = Vec<(&'static str, Code, String)>;

/// The channels on which the company has accounts.
fn channels(playbook: &Playbook) -> BTreeSet<&Channel> {
    playbook.accounts.iter().map(|account| &account.channel).collect()
}

/// A first answer must be promised on each channel the company is on (R81).
fn deadlines(playbook: &Playbook, gaps: &mut Gaps) {
    let is_promised = |channel: &&Channel| {
        playbook.sla.iter().any(|policy| {
            let named = &policy.r#match.channel;
            let is_here = named.is_empty() || named.iter().any(|name| name == channel.as_str());
            let is_general = policy.r#match.group.is_empty() && policy.r#match.tag.is_empty();
            let answers = policy.metrics.iter().any(|metric| metric.metric == MetricKind::FirstReply);
            is_here && is_general && policy.r#match.priority.is_empty() && answers
        })
    };
    let open = channels(playbook).into_iter().filter(|channel| !is_promised(channel));
    gaps.extend(
        open.map(|channel| {
            ("sla", Code::NOT_READY, format!("no deadline for the first answer on `{channel}`"))
        }),
    );
}

/// Who speaks in a crisis, and when it is one (R84).
fn crisis(playbook: &Playbook, gaps: &mut Gaps) {
    let Some(crisis) = &playbook.crisis else {
        gaps.push(("crisis", Code::NOT_READY, "nothing says who speaks in a crisis".to_owned()));
        return;
    };
    if crisis.criteria.is_empty() {
        gaps.push(("crisis", Code::NOT_READY, "nothing says what counts as a crisis".to_owned()));
    }
    let is_named = |name: &String| name.split_whitespace().count() > 1;
    if crisis.spokespersons.is_empty() || !crisis.spokespersons.iter().all(is_named) {
        let message = "who speaks in a crisis needs first and last name".to_owned();
        gaps.push(("crisis", Code::NOT_READY, message));
    }
}

/// Agents must know the aim on each channel the company is on (R61).
fn objectives(playbook: &Playbook, gaps: &mut Gaps) {
    let aimless = channels(playbook)
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
    for department in playbook.departments.iter().filter(|department| department.owner == department.deputy) {
        let message = format!("`{}` has one person as owner and deputy", department.id);
        gaps.push(("departments", Code::NOT_READY, message));
    }
    for procedure in &playbook.procedures {
        if procedure.owner.split_whitespace().count() < 2 {
            let message =
                format!("the owner of `{}` needs first and last name", procedure.situation.as_str());
            gaps.push(("procedures", Code::NOT_READY, message));
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
    let texts = playbook.texts.iter().map(|text| ("texts", "text", &text.id, &text.says));
    let promises =
        playbook.promises.iter().map(|promise| ("promises", "promise", &promise.id, &promise.says));
    for (section, what, id, says) in texts.chain(promises) {
        for language in playbook.languages.iter().filter(|language| !says.contains_key(language)) {
            let message = format!("{what} `{}` says nothing in `{}`", id.as_str(), language.tag());
            gaps.push((section, Code::NOT_READY, message));
        }
    }
}

fn overflows(playbook: &Playbook, gaps: &mut Gaps) {
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
