//! Faults of TOML's syntax: which of them are worth telling, and what would help.

use std::collections::BTreeSet;

use toml::de::Error;

use super::node::place;
use crate::num::narrow;

/// The faults without those that follow from an earlier one: a bracket that is not closed makes all that stands
/// behind it wrong, and a table in the place of a list each entry of the list.
pub(super) fn worth_telling<'e>(text: &str, errors: &'e [Error]) -> impl Iterator<Item = &'e Error> {
    let (mut is_open, mut twice) = (false, BTreeSet::new());
    errors.iter().filter(move |error| {
        let follows = is_open;
        is_open |= is_within_brackets(error);
        let key = error.span().and_then(|span| text.get(span)).filter(|_| is_twice(error));
        !follows && key.is_none_or(|key| twice.insert(key.to_owned()))
    })
}

fn is_twice(error: &Error) -> bool {
    error.message().contains("duplicate key")
}

fn is_within_brackets(error: &Error) -> bool {
    let signs = ["missing comma between", "missing key for inline table", "in array", "unclosed"];
    signs.iter().any(|sign| error.message().contains(sign))
}

/// What would help, by the parser's own words and the text before the fault.
pub(super) fn help(text: &str, error: &Error) -> Option<String> {
    let at = error.span()?.start;
    let message = error.message();
    if is_within_brackets(error) {
        let opened = last_open(text.get(..at)?)?;
        let (line, column) = place(text, narrow(opened));
        return Some(format!("or what opens at line {line}, column {column} is not closed"));
    }
    let is_list = is_twice(error) && text.get(..at)?.ends_with("[[");
    let told = match message {
        _ if is_list => {
            "each entry of a list begins with its name in two pairs of brackets, the first one too"
        }
        _ if is_twice(error) => return None,
        _ if message.contains("escaped value") => {
            "in double quotes a backslash is written twice; in single quotes it stands for itself"
        }
        _ if message.contains("string values must be quoted") => "write it between straight quotes",
        _ if message.contains("invalid basic string") => "the text is not closed on its line",
        _ if message.contains("unquoted key") || message.contains("key with no value") => {
            "a name and its value are joined by `=`"
        }
        _ => return None,
    };
    Some(told.to_owned())
}

/// Where the last bracket opens that is not closed; brackets in texts and comments do not count.
fn last_open(before: &str) -> Option<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut rest = before;
    while let Some(first) = rest.chars().next() {
        let at = before.len().saturating_sub(rest.len());
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => quoted(rest, first),
            _ => first.len_utf8(),
        };
        match first {
            '[' | '{' => open.push(at),
            ']' | '}' => _ = open.pop(),
            _ => {}
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    open.pop()
}

/// The length of the text that begins with a quote; one that is not closed ends with its line.
fn quoted(rest: &str, quote: char) -> usize {
    let long = [quote, quote, quote].iter().collect::<String>();
    let is_long = rest.starts_with(&long);
    let closing = if is_long { long.as_str() } else { long.get(..1).unwrap_or_default() };
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(closing.len()) {
        if is_escaped {
            is_escaped = false;
        } else if c == '\\' && quote == '"' {
            is_escaped = true;
        } else if c == '\n' && !is_long {
            return at;
        } else if rest.get(at..).is_some_and(|tail| tail.starts_with(closing)) {
            return at.saturating_add(closing.len());
        }
    }
    rest.len()
}
