//! Stage 3: the families of rules, one file each, each with its combining law.
//!
//! A family reads the votes of the rules that matched, in rank order (priority, then aim, then document order),
//! and hands back the actions it chose with their causes, and the rules it overruled. To add a family:
//! its file here, its directives in `playbook/directive.rs`, and its line in `decide`.

mod close;
mod engage;
mod escalate;
mod formal;
mod label;
mod placement;
mod private;
mod promise;
mod refer;
mod rollout;
mod route;
mod sitting;
mod sla;
mod ticket;

pub use placement::{Placement, Wish, place, place_all};

pub(crate) use private::counterpart;
pub(crate) use refer::wake as referrals_wake;
pub(crate) use rollout::features;
pub(crate) use sitting::{Outcome, Sitting, Vote};

use crate::playbook::Directive;

/// Asks every family, in the order in which a decision lists them.
pub(crate) fn decide(sitting: &Sitting<'_>) -> Outcome {
    let mut outcome = Outcome::with_room(sitting.votes.len());
    for family in [
        engage::decide,
        private::decide,
        formal::decide,
        route::decide,
        escalate::decide,
        refer::decide,
        promise::decide,
        ticket::decide,
        sla::decide,
        rollout::decide,
        close::decide,
        label::decide,
    ] {
        family(sitting, &mut outcome);
    }
    outcome
}

/// What of a decision a conversation remembers: only the families whose actions it learns from are asked.
pub(crate) fn decide_lasting(sitting: &Sitting<'_>) -> Outcome {
    let mut outcome = Outcome::with_room(sitting.votes.len());
    private::decide(sitting, &mut outcome);
    escalate::decide(sitting, &mut outcome);
    promise::decide(sitting, &mut outcome);
    outcome
}

/// Whether a conversation remembers what comes of a directive.
pub(crate) const fn is_lasting(directive: &Directive) -> bool {
    matches!(directive, Directive::Escalate { .. } | Directive::MovePrivate { .. } | Directive::Owe { .. })
}
