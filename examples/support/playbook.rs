//! A playbook from a file.

use galateo::playbook::Policy;
use galateo::{Diagnostics, Limits};

/// Reads and compiles the playbook in a file, JSON by its ending, else TOML; its warnings come with it.
pub fn policy_from(path: &str) -> Result<(Policy, Diagnostics), String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let compiled = if path.ends_with(".json") {
        Policy::from_json(&text, &Limits::DEFAULT)
    } else {
        Policy::from_toml(&text, &Limits::DEFAULT)
    };
    compiled.map_err(|faults| format!("{path}:\n{faults}"))
}
