//! Regular expressions of a playbook: bounded in size, asked only whether they match.

use regex::{Regex, RegexBuilder};

use crate::Limits;

/// A pattern as it is compiled: it is matched against folded text, so case does not matter.
pub(super) fn compile(pattern: &str, limits: &Limits) -> Result<Regex, String> {
    if pattern.len() > limits.pattern_bytes {
        return Err(format!("a regular expression has at most {} bytes", limits.pattern_bytes));
    }
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .size_limit(limits.compiled_pattern_bytes)
        .dfa_size_limit(limits.compiled_pattern_bytes.saturating_mul(4))
        .nest_limit(32)
        .build()
        .map_err(|error| explain(&error))
}

pub(super) fn check(pattern: &str, limits: &Limits) -> Result<(), String> {
    compile(pattern, limits).map(|_| ())
}

/// What is wrong, without the pattern and its caret lines.
fn explain(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(limit) => {
            format!("the regular expression needs more than {limit} bytes")
        }
        _ => {
            let text = error.to_string();
            let reason = text.rsplit("error: ").next().unwrap_or("malformed").trim();
            format!("malformed regular expression: {reason}")
        }
    }
}
