//! Warm working memory, handed from call to call so that a call allocates little.

use std::sync::Mutex;

use crate::detect::Scratch;
use crate::detect::pii::PiiSpan;
use crate::playbook::{Policy, RuleRun};

/// Workspaces kept for the next calls; more than this many at once are dropped.
const KEPT: usize = 16;

/// The working memory of one call.
#[derive(Debug)]
pub(super) struct Workspace {
    pub(super) text: Scratch,
    pub(super) spans: Vec<PiiSpan>,
    pub(super) rules: RuleRun,
}

/// Workspaces at rest.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<Vec<Workspace>>);

impl Pool {
    /// Lends a workspace to `work`. A lock that another thread poisoned holds nothing that could be wrong:
    /// every call starts its workspace anew.
    pub(super) fn with<T>(&self, policy: &Policy, work: impl FnOnce(&mut Workspace) -> T) -> T {
        let resting = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        let mut space = resting.unwrap_or_else(|| Workspace {
            text: Scratch::default(),
            spans: Vec::new(),
            rules: RuleRun::new(policy),
        });
        let result = work(&mut space);
        let mut resting = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if resting.len() < KEPT {
            resting.push(space);
        }
        result
    }
}
