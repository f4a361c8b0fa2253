//! A playbook from a file.

use galateo::Limits;
use galateo::playbook::Policy;

/// Reads and compiles the playbook in a file, JSON by its ending, else TOML.
pub fn policy_from(path: &str) -> Result<Policy, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let compiled = if path.ends_with(".json") {
        Policy::from_json(&text, &Limits::DEFAULT)
    } else {
        Policy::from_toml(&text, &Limits::DEFAULT)
    };
    compiled.map(|(policy, _)| policy).map_err(|faults| format!("{path}:\n{faults}"))
}
