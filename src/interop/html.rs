//! HTML bodies, read as plain text.

use crate::model::Sensitive;

/// What a reader of an HTML body sees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a pair of texts")]
pub struct PlainText {
    /// The text.
    pub text: Sensitive<String>,
    /// Quoted history, from `blockquote` elements.
    pub quoted: Option<Sensitive<String>>,
}

/// Reads HTML as plain text, in one pass whose work grows with the length alone.
///
/// Block elements end lines, scripts, styles and comments go, character references become
/// characters, and `blockquote` elements are kept apart as quoted history. It is meant for the bodies
/// that helpdesks and networks send, not for rendering: attributes, links' targets among them, are
/// dropped, and a `<` that opens no tag stays text.
///
/// ```
/// let plain = galateo::interop::plain_text("<p>Dov&#39;&egrave; il <b>pacco</b>?</p><blockquote>Ciao</blockquote>");
/// assert_eq!(plain.text.expose(), "Dov'è il pacco?");
/// assert_eq!(plain.quoted.unwrap().expose(), "Ciao");
/// ```
#[must_use]
pub fn plain_text(html: &str) -> PlainText {
    let mut writer = Writer::default();
    let mut rest = html;
    let mut closers = Closers::default();
    while let Some((text, from_mark)) = split_before(rest, '<') {
        writer.text(text);
        rest = match closers.markup(from_mark) {
            Some((tag, after)) => {
                writer.tag(tag);
                after
            }
            None => {
                writer.text("<");
                from_mark.strip_prefix('<').unwrap_or_default()
            }
        };
    }
    writer.text(rest);
    writer.finish()
}

/// Splits before the first `mark`, which stays with the second half.
fn split_before(text: &str, mark: char) -> Option<(&str, &str)> {
    text.find(mark).and_then(|at| text.split_at_checked(at))
}

/// What is known of the rest of the text, so that nothing is searched for twice.
#[derive(Default)]
struct Closers {
    /// No comment ends any more.
    no_comment_end: bool,
    /// No tag ends any more.
    no_tag_end: bool,
    /// Quotes around attributes do not match up; from here a tag ends at the first `>`.
    broken_quotes: bool,
}

impl Closers {
    /// The markup at the start of `text` without its angle brackets, and what follows; `None` where it is text.
    fn markup<'a>(&mut self, text: &'a str) -> Option<(&'a str, &'a str)> {
        let inside = text.strip_prefix('<')?;
        if let Some(comment) = inside.strip_prefix("!--") {
            let found = if self.no_comment_end { None } else { comment.split_once("-->") };
            self.no_comment_end = found.is_none();
            return found.map(|(_, after)| ("!", after));
        }
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            return None;
        }
        let (tag, after) = inside.split_at_checked(self.tag_end(inside)?)?;
        Some((tag, after.strip_prefix('>').unwrap_or(after)))
    }

    fn tag_end(&mut self, inside: &str) -> Option<usize> {
        if self.no_tag_end {
            return None;
        }
        let outside_quotes = if self.broken_quotes { None } else { end_outside_quotes(inside) };
        self.broken_quotes = outside_quotes.is_none();
        let end = outside_quotes.or_else(|| inside.find('>'));
        self.no_tag_end = end.is_none();
        end
    }
}

/// The first `>` outside quotes.
fn end_outside_quotes(inside: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in inside.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// Collects text outside and inside of quotations, folding blanks.
#[derive(Default)]
struct Writer {
    text: Flow,
    quoted: Flow,
    quotes: u32,
    hidden: Option<&'static str>,
}

impl Writer {
    fn flow(&mut self) -> &mut Flow {
        if self.quotes > 0 { &mut self.quoted } else { &mut self.text }
    }

    fn text(&mut self, raw: &str) {
        if self.hidden.is_none() {
            references(raw, self.flow());
        }
    }

    fn tag(&mut self, tag: &str) {
        let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        let name = tag.get(..end).unwrap_or_default().to_ascii_lowercase();
        if let Some(hidden) = self.hidden {
            if closing && name == hidden {
                self.hidden = None;
            }
            return;
        }
        match name.as_str() {
            "script" | "style" | "title" if !closing => self.hidden = hidden_element(&name),
            "blockquote" => self.quotation(closing),
            "br" => self.flow().line(),
            "p" => self.flow().paragraph(),
            "div" | "li" | "tr" | "ul" | "ol" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr"
            | "pre" => {
                self.flow().block();
            }
            "td" | "th" => self.flow().blank(),
            _ => {}
        }
    }

    fn quotation(&mut self, closing: bool) {
        self.quotes = if closing { self.quotes.saturating_sub(1) } else { self.quotes.saturating_add(1) };
        self.flow().block();
    }

    fn finish(self) -> PlainText {
        let quoted = self.quoted.finish();
        PlainText {
            text: Sensitive::new(self.text.finish()),
            quoted: (!quoted.is_empty()).then(|| Sensitive::new(quoted)),
        }
    }
}

fn hidden_element(name: &str) -> Option<&'static str> {
    ["script", "style", "title"].into_iter().find(|hidden| *hidden == name)
}

/// A text being written, with the blanks and line ends that are due before its next character.
#[derive(Default)]
struct Flow {
    out: String,
    blank: bool,
    lines: u8,
}

impl Flow {
    fn char(&mut self, c: char) {
        if c.is_ascii_whitespace() {
            self.blank = true;
            return;
        }
        if !self.out.is_empty() {
            match self.lines {
                0 if self.blank => self.out.push(' '),
                lines => self.out.extend(std::iter::repeat_n('\n', lines.into())),
            }
        }
        (self.blank, self.lines) = (false, 0);
        self.out.push(c);
    }

    fn blank(&mut self) {
        self.blank = true;
    }

    /// One more line end, at most a blank line in all.
    fn line(&mut self) {
        self.lines = self.lines.saturating_add(1).min(2);
    }

    /// A line end, where there is none yet.
    fn block(&mut self) {
        self.lines = self.lines.max(1);
    }

    /// A blank line.
    fn paragraph(&mut self) {
        self.lines = 2;
    }

    fn finish(self) -> String {
        self.out
    }
}

/// Longest character reference that is read, `&` and `;` included.
const REFERENCE_BYTES: usize = 12;

/// Writes text with its character references replaced; an unknown one stays as it stands.
fn references(raw: &str, flow: &mut Flow) {
    let mut rest = raw;
    while let Some((before, from_mark)) = split_before(rest, '&') {
        before.chars().for_each(|c| flow.char(c));
        let near = from_mark.bytes().take(REFERENCE_BYTES).position(|byte| byte == b';');
        let name = near.and_then(|end| from_mark.get(1..end));
        let (c, length) = match name.and_then(character).zip(near) {
            Some((c, end)) => (c, end.saturating_add(1)),
            None => ('&', 1),
        };
        flow.char(c);
        rest = from_mark.get(length..).unwrap_or_default();
    }
    rest.chars().for_each(|c| flow.char(c));
}

fn character(name: &str) -> Option<char> {
    match name.strip_prefix('#') {
        Some(number) => numbered(number),
        None => NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c),
    }
}

fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|c| *c != '\0')
}

/// The references that occur in mail and posts of the built-in languages
/// ([HTML, section 13.5](https://html.spec.whatwg.org/multipage/named-characters.html)); `nbsp` folds to a blank.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("agrave", 'à'),
    ("egrave", 'è'),
    ("eacute", 'é'),
    ("igrave", 'ì'),
    ("ograve", 'ò'),
    ("ugrave", 'ù'),
    ("Agrave", 'À'),
    ("Egrave", 'È'),
    ("Eacute", 'É'),
    ("Igrave", 'Ì'),
    ("Ograve", 'Ò'),
    ("Ugrave", 'Ù'),
    ("aacute", 'á'),
    ("iacute", 'í'),
    ("oacute", 'ó'),
    ("uacute", 'ú'),
    ("ntilde", 'ñ'),
    ("acirc", 'â'),
    ("ecirc", 'ê'),
    ("icirc", 'î'),
    ("ocirc", 'ô'),
    ("ucirc", 'û'),
    ("auml", 'ä'),
    ("euml", 'ë'),
    ("iuml", 'ï'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("ccedil", 'ç'),
    ("euro", '€'),
    ("pound", '£'),
    ("deg", '°'),
    ("hellip", '…'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("iexcl", '¡'),
    ("iquest", '¿'),
];
