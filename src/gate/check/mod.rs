//! The checks, one file a subject: to add one, add a line to its file's list.

pub(super) mod duty;
mod form;
mod manners;
mod privacy;
mod substance;
mod words;

use super::case::Case;
use super::finding::Finding;

/// Everything wrong with a draft, in no order.
pub(super) fn all(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for check in [privacy::check, words::check, manners::check, substance::check, form::check, duty::check] {
        check(case, &mut found);
    }
    found
}
