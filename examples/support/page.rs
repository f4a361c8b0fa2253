//! A page of 100 columns: a label, then words that wrap beneath each other; colour where it is wanted.

use std::io::{self, Write};

/// Columns of the page.
pub const WIDTH: usize = 100;
/// Columns before the text of a labelled line.
const MARGIN: usize = 18;

/// How a piece of text looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Strong,
    Faint,
    Good,
    Careful,
    Bad,
    Quote,
}

impl Tone {
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Faint => "2",
            Self::Good => "32",
            Self::Careful => "33",
            Self::Bad => "31",
            Self::Quote => "36",
        }
    }
}

/// Pieces of text, each with its look.
pub struct Line(Vec<(Tone, String)>);

impl Line {
    pub fn new() -> Self {
        Self(Vec::new())
    }

    pub fn of(tone: Tone, text: impl Into<String>) -> Self {
        Self::new().and(tone, text)
    }

    pub fn and(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.0.push((tone, text.into()));
        self
    }

    pub fn plain(self, text: impl Into<String>) -> Self {
        self.and(Tone::Plain, text)
    }

    pub fn faint(self, text: impl Into<String>) -> Self {
        self.and(Tone::Faint, text)
    }

    /// The text without its looks.
    pub fn words(&self) -> String {
        self.0.iter().map(|(_, text)| text.as_str()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, text)| text.is_empty())
    }
}

/// Where the lines go.
pub struct Page<W> {
    out: W,
    colour: bool,
}

impl<W: Write> Page<W> {
    pub fn new(out: W, colour: bool) -> Self {
        Self { out, colour }
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    pub fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A heading with a rule beneath it.
    pub fn title(&mut self, text: &str) -> io::Result<()> {
        self.blank()?;
        self.wrapped(&Line::of(Tone::Strong, text), 0)?;
        self.wrapped(&Line::of(Tone::Faint, "─".repeat(WIDTH)), 0)
    }

    /// The first line of a block, from the left edge.
    pub fn head(&mut self, line: &Line) -> io::Result<()> {
        self.wrapped(line, MARGIN)
    }

    /// A paragraph from edge to edge.
    pub fn text(&mut self, line: &Line) -> io::Result<()> {
        self.wrapped(line, 0)
    }

    /// A line with its label; continuation lines stand beneath the text.
    pub fn item(&mut self, label: &str, line: &Line) -> io::Result<()> {
        if line.is_empty() {
            return Ok(());
        }
        let gap = " ".repeat(MARGIN.saturating_sub(width(label) + 7));
        let mut all = Line::of(Tone::Faint, format!("       {label}{gap}"));
        all.0.extend(line.0.iter().cloned());
        self.wrapped(&all, MARGIN)
    }

    /// A row of a table: cells of given widths, the first to the left, the others to the right.
    pub fn row(&mut self, tone: Tone, cells: &[(usize, String)]) -> io::Result<()> {
        let mut text = String::new();
        for (place, (columns, cell)) in cells.iter().enumerate() {
            let gap = " ".repeat(columns.saturating_sub(width(cell)));
            text += &if place == 0 { format!("{cell}{gap}") } else { format!("{gap}{cell}") };
        }
        self.paint(tone, text.trim_end())?;
        self.blank()
    }

    /// Writes words and starts a new line, indented, before the one that would not fit.
    fn wrapped(&mut self, line: &Line, indent: usize) -> io::Result<()> {
        let (mut column, mut blanks) = (0, 0);
        for (tone, text) in &line.0 {
            for piece in text.split_inclusive(' ') {
                let word = piece.trim_end_matches(' ');
                if column > indent && column + blanks + width(word) > WIDTH {
                    write!(self.out, "\n{}", " ".repeat(indent))?;
                    (column, blanks) = (indent, 0);
                }
                if !word.is_empty() {
                    write!(self.out, "{}", " ".repeat(blanks))?;
                    column = self.split(*tone, word, column + blanks, indent)?;
                    blanks = 0;
                }
                blanks += piece.len() - word.len();
            }
        }
        self.blank()
    }

    /// Writes a word, cut where the line ends; gives the column after it.
    fn split(&mut self, tone: Tone, word: &str, start: usize, indent: usize) -> io::Result<usize> {
        let (mut column, mut here) = (start, String::new());
        for letter in word.chars() {
            if column + wide(letter) > WIDTH {
                self.paint(tone, &here)?;
                write!(self.out, "\n{}", " ".repeat(indent))?;
                here.clear();
                column = indent;
            }
            here.push(letter);
            column += wide(letter);
        }
        self.paint(tone, &here)?;
        Ok(column)
    }

    fn paint(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        if self.colour && tone != Tone::Plain {
            write!(self.out, "\u{1b}[{}m{text}\u{1b}[0m", tone.code())
        } else {
            write!(self.out, "{text}")
        }
    }
}

/// Columns that a text takes, roughly: emoji and East Asian letters take two, marks none.
pub fn width(text: &str) -> usize {
    text.chars().map(wide).sum()
}

const fn wide(letter: char) -> usize {
    match letter {
        '\u{300}'..='\u{36F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{1F3FB}'..='\u{1F3FF}' => 0,
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF00}'..='\u{FF60}'
        | '\u{1F000}'..='\u{1FAFF}'
        | '\u{2600}'..='\u{27BF}' => 2,
        _ => 1,
    }
}

/// A text of someone else's on one line: no control characters, no letters that turn the line round.
pub fn tame(text: &str, most: usize) -> String {
    let calm = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        c if c.is_control() => '\u{FFFD}',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{FFFD}',
        c => c,
    };
    let letters = text.chars().count();
    let shown: String = text.chars().take(most).map(calm).collect();
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    if letters > most { format!("{shown}… (+{})", letters - most) } else { shown }
}
