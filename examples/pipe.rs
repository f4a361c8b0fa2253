//! The engine for any language: one JSON object a line on standard input, one a line on standard output.
//!
//! ```text
//! echo '{"op":"redact","id":1,"text":"scrivimi a mario.rossi@example.com"}' | cargo run --release --example pipe
//! ```
//!
//! Answers come in order, each flushed and each repeating the request's `id`; a bad line gets
//! `{"id":…,"error":{"code":…,"message":…,"path":…}}` and the stream goes on. `--playbook FILE`
//! replaces the starter playbook, `--keep` holds conversations and customers by id, so that a stream
//! of bare events is enough. The README lists the operations; those about playbooks are
//!
//! ```text
//! rules    rules?, fields?, facts?, explain?     matched, first; explanation of the rule that `explain` names
//!          `rules` once, then `facts` a line
//! lint     playbook, today?                      diagnostics: of compiling, of a lint, of the playbook's tests;
//!          with `rules` and an `example` of facts where a finding is about rules
//! explain  event, or conversation and now;       rules: each with the tests that made it match, or the first
//!          customer?, desk?, rule?, lang?        that kept it from it, and spans; families: who won by which
//!                                                law; text: the same for people, in `lang` (it or en)
//! replay   playbook?, events?                    events, differing, rules: totals so far; differences: those
//!          `playbook` once, then `events` a      of this line, each with actions lost and gained
//!          line: [{event, customer?, desk?, now?}]
//! ```
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::exit,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    missing_docs,
    unreachable_pub,
    reason = "a program reads, prints and exits"
)]

mod support;

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use serde_json::{Value, json};
use support::fault::Fault;
use support::lines::{self, Line};
use support::ops::Session;

fn main() -> ExitCode {
    let session = match options().and_then(|options| Session::new(options.playbook.as_deref(), options.keep))
    {
        Ok(session) => session,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    match serve(session, &mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read our answers has gone: nothing is wrong with us.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot go on: {error}");
            ExitCode::FAILURE
        }
    }
}

struct Options {
    playbook: Option<String>,
    keep: bool,
}

fn options() -> Result<Options, String> {
    let mut options = Options { playbook: None, keep: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--keep" => options.keep = true,
            "--playbook" => options.playbook = Some(words.next().ok_or("--playbook needs a file")?),
            _ => return Err("usage: pipe [--playbook FILE] [--keep]".to_owned()),
        }
    }
    Ok(options)
}

fn serve(mut session: Session, input: &mut impl BufRead, output: &mut impl Write) -> io::Result<()> {
    while let Some(line) = lines::next(input)? {
        serde_json::to_writer(&mut *output, &answer(&mut session, line))?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(())
}

/// The answer to one line; each line has one, an empty line too.
fn answer(session: &mut Session, line: Line) -> Value {
    let bytes = match line {
        Line::Bytes(bytes) => bytes,
        Line::TooLong => {
            let fault = Fault::new("line_too_long", "", "a line of more than 16 MiB");
            return refusal(Value::Null, &fault);
        }
    };
    let mut request = match parse(&bytes) {
        Ok(request) => request,
        Err(fault) => return refusal(Value::Null, &fault),
    };
    let id = request.remove("id").unwrap_or(Value::Null);
    match dispatch(session, request) {
        Ok(mut answer) => {
            answer.insert("id".to_owned(), id);
            Value::Object(answer)
        }
        Err(fault) => refusal(id, &fault),
    }
}

fn parse(bytes: &[u8]) -> Result<serde_json::Map<String, Value>, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault::new("bad_utf8", "", "the line is no UTF-8"))?;
    match serde_json::from_str(text) {
        Ok(Value::Object(request)) => Ok(request),
        Ok(_) => Err(Fault::new("bad_request", "", "a request is one JSON object")),
        Err(error) => {
            let place = format!("the line is no JSON at column {}", error.column());
            Err(Fault::new("bad_json", "", place))
        }
    }
}

fn dispatch(
    session: &mut Session,
    mut request: serde_json::Map<String, Value>,
) -> Result<serde_json::Map<String, Value>, Fault> {
    let op = match request.remove("op") {
        Some(Value::String(op)) => op,
        Some(_) => return Err(Fault::new("wrong_value", "op", "wrong type or value, expected a text")),
        None => return Err(Fault::new("missing_field", "op", "missing field `op`")),
    };
    match session.answer(&op, Value::Object(request))? {
        Value::Object(answer) => Ok(answer),
        other => Ok(serde_json::Map::from_iter([("result".to_owned(), other)])),
    }
}

fn refusal(id: Value, fault: &Fault) -> Value {
    json!({ "id": id, "error": fault.to_json() })
}
