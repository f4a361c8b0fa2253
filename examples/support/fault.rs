//! What is wrong with a request: a code, a path, and a sentence without a byte of the customer's.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A fault of one request line.
pub struct Fault {
    pub code: &'static str,
    pub path: String,
    pub message: String,
}

impl Fault {
    pub fn new(code: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, path: path.into(), message: message.into() }
    }

    pub fn to_json(&self) -> Value {
        json!({ "code": self.code, "message": self.message, "path": self.path })
    }
}

/// Reads a typed request; the fault names the place and never quotes a value.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Fault> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = match error.path().to_string().as_str() {
            "." => String::new(),
            path => discreet_path(path),
        };
        let (code, message) = discreet(&error.inner().to_string());
        Fault::new(code, path, message)
    })
}

/// The parser's own words quote what it read; only names of fields and lists of known words are kept.
fn discreet(words: &str) -> (&'static str, String) {
    let expected = words.rfind("expected ").map(|at| plain(&words[at..]));
    let expected = expected.as_deref();
    if let Some(rest) = words.strip_prefix("unknown field `") {
        let name = rest.split('`').next().unwrap_or_default();
        let known = expected.map(|list| format!(", {list}")).unwrap_or_default();
        return ("unknown_field", format!("unknown field{}{known}", quoted(name)));
    }
    if let Some(rest) = words.strip_prefix("missing field `") {
        return (
            "missing_field",
            format!("missing field{}", quoted(rest.split('`').next().unwrap_or_default())),
        );
    }
    if words.starts_with("duplicate field") {
        return ("duplicate_field", "a field is given twice".to_owned());
    }
    if words.starts_with("unknown variant") {
        return ("unknown_word", format!("unknown word, {}", expected.unwrap_or("expected another")));
    }
    if words.starts_with("invalid ") {
        return ("wrong_value", format!("wrong type or value, {}", expected.unwrap_or("expected another")));
    }
    ("wrong_value", words.to_owned())
}

/// What was expected, in the words of who writes JSON and not of who wrote the parser.
fn plain(expected: &str) -> String {
    let kind = expected.trim_start_matches("expected ").trim_start_matches("a ").trim_start_matches("an ");
    let what = match kind.split(' ').next().unwrap_or_default() {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "f32" | "f64" => "a number",
        "boolean" | "bool" => "true or false",
        "string" if kind == "string or map" => "one of the words that the format knows",
        "string" | "str" => "a text",
        "enum" | "variant" => "one of the words that the format knows",
        "struct" | "map" | "internally" | "adjacently" => "an object",
        "tuple" if kind.ends_with("of size 2") => "a list of two",
        "sequence" | "tuple" | "array" => "a list",
        "fewer" => "fewer elements",
        _ => return expected.to_owned(),
    };
    format!("expected {what}")
}

/// A name in quotes where it is plainly a name: it may come from anywhere.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let fit = (1..=48).contains(&name.len()) && digits < 5 && name.chars().all(plain);
    if fit { format!(" `{name}`") } else { String::new() }
}

/// Steps that are no plain names are left out of the path.
pub fn discreet_path(path: &str) -> String {
    path.split('.')
        .map(|step| if quoted(step.split('[').next().unwrap_or_default()).is_empty() { "?" } else { step })
        .collect::<Vec<_>>()
        .join(".")
}
