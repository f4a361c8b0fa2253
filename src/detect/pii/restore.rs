//! The way back, for private surfaces alone.

use std::collections::BTreeMap;

use super::redactor::Slot;
use crate::model::Visibility;

/// Why values were not put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// Others can read the surface.
    #[error("values are put back on private and internal surfaces alone")]
    Open,
}

/// Puts the values of a vault back into a text, in one pass: what was put back is not looked at again.
///
/// ```
/// use galateo::detect::pii::{PiiContext, Redactor, Treatment, TreatmentRule, restore};
/// use galateo::model::Visibility;
/// let slots = TreatmentRule { kind: None, visibility: None, direction: None, treatment: Treatment::Slot };
/// let redactor = Redactor::builder().treat(slots).build();
/// let private = PiiContext { visibility: Visibility::Private, ..PiiContext::default() };
/// let redaction = redactor.redact("scrivo da ada@example.org", &private);
/// assert_eq!(redaction.text, "scrivo da [EMAIL_1]");
/// assert_eq!(restore(&redaction.text, &redaction.slots, Visibility::Private).unwrap(), "scrivo da ada@example.org");
/// assert!(restore(&redaction.text, &redaction.slots, Visibility::Public).is_err());
/// ```
///
/// # Errors
/// A surface that others can read.
pub fn restore(text: &str, vault: &[Slot], visibility: Visibility) -> Result<String, RestoreError> {
    if visibility.is_open() {
        return Err(RestoreError::Open);
    }
    // of two slots with one label the first counts, as they were found
    let by_label: BTreeMap<&str, &Slot> =
        vault.iter().rev().map(|slot| (slot.label.as_str(), slot)).collect();
    let longest = vault.iter().map(|slot| slot.label.len()).max().unwrap_or(0);
    let mut restored = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let (head, tail) = rest.split_at_checked(open).unwrap_or((rest, ""));
        restored.push_str(head);
        let close = tail.bytes().take(longest).position(|byte| byte == b']');
        let label = close.and_then(|close| tail.get(..=close)).unwrap_or_default();
        match by_label.get(label) {
            Some(slot) => {
                restored.push_str(slot.value.expose());
                rest = tail.get(slot.label.len()..).unwrap_or_default();
            }
            None => {
                restored.push('[');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
    }
    restored.push_str(rest);
    Ok(restored)
}
