//! What to do when a wrong message is out (R18), in the order that limits the damage most.

use serde::{Deserialize, Serialize};

use super::facts::{SurfaceFacts, Undo};
use crate::model::{Seconds, Visibility};

/// What is wrong with a message that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// It insults, swears or has a sexual reference (R19, R20).
    Offence,
    /// It shows personal data to someone who must not see them (R22).
    PersonalData,
    /// It strikes the wrong note (R13).
    Tone,
    /// It promises what was not cleared (R95).
    UnsupportedPromise,
    /// It names an account or a link that is not the company's (R39).
    WrongAccount,
    /// It says something untrue (R111).
    WrongFact,
    /// It went to the wrong person or place.
    WrongRecipient,
}

/// One step of a [`DamagePlan`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DamageStep {
    /// Apologise where it was said.
    Apologise,
    /// Apologise to the person concerned on a private surface.
    ApologisePrivately,
    /// Ask the network, or the recipient, to remove it: the company itself cannot.
    AskForRemoval,
    /// Say what is right in a new message on the same surface.
    Correct,
    /// Delete the message.
    Delete {
        /// Seconds in which it can still be done; none means without end.
        left: Option<Seconds>,
    },
    /// Edit the message.
    Edit {
        /// Seconds in which it can still be done; none means without end.
        left: Option<Seconds>,
        /// Whether the network lets only some accounts edit.
        if_eligible: bool,
    },
    /// Tell who decides about this kind of fault.
    Escalate,
    /// Hide the message.
    Hide,
}

/// The steps to take, first things first.
///
/// ```
/// use galateo::{channel::{ChannelFacts, DamagePlan, DamageStep, Fault}, model::Seconds};
/// let sms = ChannelFacts::built_in().surface_or_careful(&"sms/text_message".parse()?);
/// let plan = DamagePlan::new(&sms, Seconds::minutes(1), Fault::PersonalData);
/// assert_eq!(plan.steps(), [DamageStep::AskForRemoval, DamageStep::Escalate, DamageStep::ApologisePrivately]);
/// # Ok::<(), galateo::model::SurfaceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct DamagePlan(Vec<DamageStep>);

impl DamagePlan {
    /// Plans for a message sent `age` ago on a surface.
    ///
    /// What exposes someone is removed first, by the strongest means the surface still permits. What is
    /// merely wrong is corrected in the open: a message that vanishes after people read it looks like a
    /// cover-up, and cannot be taken back anyway (R3).
    #[must_use]
    pub fn new(facts: &SurfaceFacts, age: Seconds, fault: Fault) -> Self {
        let mut steps = Vec::new();
        match fault {
            Fault::PersonalData | Fault::WrongRecipient => {
                steps.push(removal(facts, age));
                steps.extend([DamageStep::Escalate, DamageStep::ApologisePrivately]);
            }
            Fault::Offence => {
                steps.extend([removal(facts, age), DamageStep::Apologise, DamageStep::Escalate]);
            }
            Fault::WrongAccount => {
                steps.extend([removal(facts, age), DamageStep::Correct, DamageStep::Escalate]);
            }
            Fault::UnsupportedPromise => {
                steps.extend([DamageStep::Escalate, DamageStep::Correct, DamageStep::Apologise]);
            }
            Fault::WrongFact => {
                steps.extend(edit(facts, age));
                steps.extend([DamageStep::Correct, DamageStep::Apologise]);
            }
            Fault::Tone => {
                steps.extend(edit(facts, age));
                steps.push(DamageStep::Apologise);
            }
        }
        if facts.surface.visibility == Visibility::Internal {
            steps.retain(|step| !matches!(step, DamageStep::Apologise | DamageStep::ApologisePrivately));
        }
        Self(steps)
    }

    /// The steps, first things first; never empty, except for a slip of tone among colleagues.
    #[must_use]
    pub fn steps(&self) -> &[DamageStep] {
        &self.0
    }

    /// The time in which the first step is still possible; `None` where no time presses.
    #[must_use]
    pub fn time_left(&self) -> Option<Seconds> {
        match self.0.first()? {
            DamageStep::Delete { left } | DamageStep::Edit { left, .. } => *left,
            _ => None,
        }
    }
}

/// The strongest way to take a message away: delete, hide, edit it empty, or ask who can.
fn removal(facts: &SurfaceFacts, age: Seconds) -> DamageStep {
    if facts.delete.is_open(age) {
        return DamageStep::Delete { left: left(facts.delete, age) };
    }
    if facts.hide.is_open(age) {
        return DamageStep::Hide;
    }
    edit(facts, age).filter(|_| !facts.edit_if_eligible).unwrap_or(DamageStep::AskForRemoval)
}

fn edit(facts: &SurfaceFacts, age: Seconds) -> Option<DamageStep> {
    let if_eligible = facts.edit_if_eligible;
    facts.edit.is_open(age).then(|| DamageStep::Edit { left: left(facts.edit, age), if_eligible })
}

fn left(undo: Undo, age: Seconds) -> Option<Seconds> {
    undo.left(age).flatten()
}
