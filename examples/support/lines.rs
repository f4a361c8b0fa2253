//! Reading lines of bounded length from any input.

use std::io::{self, BufRead};

/// The longest line that is read; of a longer one the rest is thrown away.
pub const MAX_LINE: usize = 16 * 1024 * 1024;

/// One line, or what is wrong with it.
pub enum Line {
    /// The bytes without the line end.
    Bytes(Vec<u8>),
    /// The line was longer than [`MAX_LINE`].
    TooLong,
}

/// The next line; `None` at the end of the input.
///
/// # Errors
/// Whatever the input reports.
pub fn next(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        let chunk = input.fill_buf()?;
        if chunk.is_empty() {
            let nothing = line.is_empty() && !too_long;
            return Ok((!nothing).then(|| finish(line, too_long)));
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let part = end.unwrap_or(chunk.len());
        if line.len() + part > MAX_LINE {
            too_long = true;
            line.clear();
        } else if !too_long {
            line.extend_from_slice(&chunk[..part]);
        }
        input.consume(part + usize::from(end.is_some()));
        if end.is_some() {
            return Ok(Some(finish(line, too_long)));
        }
    }
}

fn finish(mut line: Vec<u8>, too_long: bool) -> Line {
    if too_long {
        return Line::TooLong;
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Line::Bytes(line)
}
