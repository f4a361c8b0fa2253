//! Tokens: words, numbers, links, handles and symbols of a folded text, with what was special about them.

use std::fmt;

use super::Folded;
use super::fold::Cursor;
use crate::num::{narrow, wide};

/// What is special about a token; a set of the constants below.
///
/// ```
/// use galateo::text::{Flags, Folded, Tokens};
/// let sent = "AIUTO! @negozio";
/// let tokens = Tokens::new(&Folded::new(sent), sent);
/// assert!(tokens.list()[0].flags.has(Flags::CAPS) && tokens.list()[1].flags.has(Flags::HANDLE));
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    /// Capital letters alone, two at least.
    pub const CAPS: Self = Self(1);
    /// A capital letter and then small ones.
    pub const TITLE: Self = Self(1 << 1);
    /// A letter three times in a row or more.
    pub const ELONGATED: Self = Self(1 << 2);
    /// Digits alone, with their separators.
    pub const NUMBER: Self = Self(1 << 3);
    /// Letters and digits.
    pub const MIXED: Self = Self(1 << 4);
    /// `@somebody`; the token is the name.
    pub const HANDLE: Self = Self(1 << 5);
    /// `#something`; the token is the word.
    pub const HASHTAG: Self = Self(1 << 6);
    /// A web address.
    pub const LINK: Self = Self(1 << 7);
    /// An electronic mail address.
    pub const MAIL: Self = Self(1 << 8);
    /// An emoji, an emoticon, a currency sign.
    pub const SYMBOL: Self = Self(1 << 9);
    /// The first of a sentence.
    pub const SENTENCE: Self = Self(1 << 10);
    /// The first of a clause: after a comma, a bracket, a dash between blanks, or at the start of a sentence.
    pub const CLAUSE: Self = Self(1 << 11);
    /// Only a blank, an apostrophe, a hyphen or a slash stands between this token and the one before.
    pub const JOINED: Self = Self(1 << 12);
    /// No blank stands between this token and the one before.
    pub const GLUED: Self = Self(1 << 13);
    /// Glued to its neighbour by a sign that people write in the place of a letter, such as `*`, `@`, `$`.
    pub const MASKED: Self = Self(1 << 14);
    /// Followed by a question mark before the next token.
    pub const ASKED: Self = Self(1 << 15);

    /// Whether any flag of `other` is set.
    #[must_use]
    #[inline]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets together.
    #[must_use]
    #[inline]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    fn set(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016b}", self.0)
    }
}

/// One token; offsets are into the folded text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    /// What is special.
    pub flags: Flags,
    /// The sentence it stands in, from 0.
    pub sentence: u16,
    /// Exclamation marks between this token and the next.
    pub cries: u8,
    /// Which its squeezed spellings are, if it is elongated.
    squeezed: (u32, u32),
}

/// The tokens of a text, in order.
#[derive(Clone, Default)]
pub struct Tokens {
    list: Vec<Token>,
    /// The spellings of elongated tokens with their runs of letters cut, and where each ends.
    squeezed: Vec<u8>,
    squeezed_ends: Vec<u32>,
    suspects: usize,
}

impl Tokens {
    /// Cuts a folded text; `original` is the text as it was sent, read for capital letters.
    #[must_use]
    pub fn new(folded: &Folded, original: &str) -> Self {
        let mut tokens = Self::default();
        tokens.read(folded, original);
        tokens
    }

    /// Cuts another text into the same memory.
    pub fn read(&mut self, folded: &Folded, original: &str) {
        self.list.clear();
        self.squeezed.clear();
        self.squeezed_ends.clear();
        self.suspects = 0;
        Cutter::new(self, folded, original).run();
    }

    /// The tokens, in order.
    #[must_use]
    #[inline]
    pub fn list(&self) -> &[Token] {
        &self.list
    }

    /// How many tokens hold digits among letters, follow one letter as another or are glued by a sign: if none, no
    /// word is disguised.
    #[must_use]
    pub const fn suspects(&self) -> usize {
        self.suspects
    }

    /// The spellings under which an elongated token is looked up beside its own: with all runs cut to two letters, with
    /// all cut to one, and, of a word of usual length, with some cut to two and some to one (`goooddd`).
    ///
    /// ```
    /// use galateo::text::{Folded, Tokens};
    /// let tokens = Tokens::new(&Folded::new("goooddd"), "goooddd");
    /// let spellings: Vec<&[u8]> = tokens.squeezed(&tokens.list()[0]).collect();
    /// assert_eq!(spellings, [b"goodd".as_slice(), b"god", b"good", b"godd"]);
    /// ```
    pub fn squeezed(&self, token: &Token) -> impl Iterator<Item = &[u8]> {
        let (first, last) = (wide(token.squeezed.0), wide(token.squeezed.1));
        let end = |at: usize| self.squeezed_ends.get(at).map_or(0, |end| wide(*end));
        (first..last).map(move |at| {
            let start = at.checked_sub(1).map_or(0, end);
            self.squeezed.get(start..end(at)).unwrap_or_default()
        })
    }

    fn squeeze(&mut self, word: &[u8]) -> (u32, u32) {
        let first = narrow(self.squeezed_ends.len());
        let runs = runs(word).filter(|run| run.len() > 2).count().min(MIXED_RUNS);
        let all = 1_u32.wrapping_shl(narrow(runs)).wrapping_sub(1);
        self.push_squeezed(word, u32::MAX);
        self.push_squeezed(word, 0);
        if word.len() <= MIXED_BYTES {
            (1..all).for_each(|pairs| self.push_squeezed(word, pairs));
        }
        (first, narrow(self.squeezed_ends.len()))
    }

    /// Runs of three and more letters become two where the bit of the run is set, else one; shorter ones are spelling.
    fn push_squeezed(&mut self, word: &[u8], pairs: u32) {
        let mut pairs = pairs;
        for run in runs(word) {
            let mut kept = run.len();
            if kept > 2 {
                kept = 1_usize.wrapping_add(wide(pairs & 1));
                // The bits of a word with more runs than there are bits for are all alike.
                pairs = pairs >> 1 | pairs & (1 << 31);
            }
            self.squeezed.extend_from_slice(run.get(..kept).unwrap_or_default());
        }
        self.squeezed_ends.push(narrow(self.squeezed.len()));
    }
}

/// Runs of letters that are cut in all combinations.
const MIXED_RUNS: usize = 3;
/// Bytes of a word up to which they are.
const MIXED_BYTES: usize = 48;

/// The runs of one letter; other characters stand for themselves.
fn runs(word: &[u8]) -> impl Iterator<Item = &[u8]> {
    word.chunk_by(|a, b| a == b && a.is_ascii_alphabetic())
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("tokens", &self.list.len()).finish()
    }
}

/// What a byte of a folded text is to the cutter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    /// Ends a sentence.
    Stop,
    /// Ends a clause.
    Pause,
    /// Joins two words: apostrophe, hyphen, slash, underscore, and quotes around a word.
    Joiner,
    /// Written in the place of a letter.
    Mask,
    Word,
    High,
}

/// The class of each byte, looked up in the hot loop.
static CLASSES: [Class; 256] = classes();

#[expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated while the crate compiles, where a fault is a compile error"
)]
const fn classes() -> [Class; 256] {
    let mut classes = [Class::Blank; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = classify(byte as u8);
        byte += 1;
    }
    classes
}

#[inline]
fn class(byte: u8) -> Class {
    CLASSES.get(usize::from(byte)).copied().unwrap_or(Class::Blank)
}

const fn classify(byte: u8) -> Class {
    match byte {
        b'\n' | b'\r' | b'.' | b'!' | b'?' => Class::Stop,
        0..=b' ' | 0x7F => Class::Blank,
        b'\'' | b'-' | b'/' | b'_' | b'"' | b'`' | b'\\' => Class::Joiner,
        b'*' | b'@' | b'$' | b'#' | b'%' | b'+' | b'|' | b'&' => Class::Mask,
        b'0'..=b'9' | b'a'..=b'z' => Class::Word,
        b'A'..=b'Z'
        | b'('
        | b')'
        | b'['
        | b']'
        | b'{'
        | b'}'
        | b'<'
        | b'>'
        | b','
        | b';'
        | b':'
        | b'='
        | b'^'
        | b'~' => Class::Pause,
        0x80.. => Class::High,
    }
}

/// Ends of host names that make `shop.it` a link without `www`.
const DOMAINS: [&[u8]; 16] = [
    b"com", b"it", b"org", b"net", b"eu", b"io", b"uk", b"ly", b"me", b"app", b"info", b"shop", b"de", b"fr",
    b"es", b"gl",
];

struct Cutter<'a> {
    tokens: &'a mut Tokens,
    folded: &'a Folded,
    original: &'a [u8],
    text: &'a str,
    at: usize,
    /// The flags of the token that comes next.
    next: Flags,
    sentence: u16,
    last_end: usize,
    cursor: Cursor,
    /// The word before is a single character: another one makes a suspicion.
    alone: bool,
}

/// What a word holds.
#[derive(Clone, Copy, Default)]
struct Word {
    end: usize,
    digits: bool,
    letters: bool,
    /// A letter three times in a row.
    elongated: bool,
}

impl<'a> Cutter<'a> {
    fn new(tokens: &'a mut Tokens, folded: &'a Folded, original: &'a str) -> Self {
        Self {
            tokens,
            folded,
            original: original.as_bytes(),
            text: folded.as_str(),
            at: 0,
            next: Flags::SENTENCE.with(Flags::CLAUSE),
            sentence: 0,
            last_end: 0,
            cursor: Cursor::default(),
            alone: false,
        }
    }

    #[inline]
    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(b' ')
    }

    fn run(mut self) {
        while self.at < self.text.len() {
            match class(self.byte(self.at)) {
                Class::Word => self.word(),
                Class::Blank => self.separate(),
                Class::Stop => self.stop(),
                Class::Pause => self.pause(),
                Class::Joiner => self.joiner(),
                Class::Mask => self.mask(),
                Class::High => self.high(),
            }
        }
    }

    fn separate(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn stop(&mut self) {
        let byte = self.byte(self.at);
        if let Some(last) = self.tokens.list.last_mut() {
            match byte {
                b'?' => last.flags.set(Flags::ASKED),
                b'!' => last.cries = last.cries.saturating_add(1),
                _ => {}
            }
        }
        if byte == b'.' && self.is_inner_stop() {
            self.at = self.at.saturating_add(1);
            return;
        }
        let flags = if byte == b'.' && self.byte(self.at.saturating_add(1)) == b'.' {
            while self.byte(self.at) == b'.' {
                self.at = self.at.saturating_add(1);
            }
            Flags::CLAUSE
        } else {
            self.at = self.at.saturating_add(1);
            Flags::SENTENCE.with(Flags::CLAUSE)
        };
        if !self.tokens.list.is_empty() {
            self.next.set(flags);
        }
        if byte == b'!'
            && self.at > 1
            && self.last_end.saturating_add(1) == self.at
            && self.byte(self.at).is_ascii_lowercase()
        {
            // "sh!t": a sign within a word ends a sentence and may hide a letter.
            self.last_end = self.at;
            self.next.set(Flags::MASKED);
            self.tokens.suspects = self.tokens.suspects.saturating_add(1);
        }
    }

    /// A full stop between letters without a blank belongs to an abbreviation such as `p.iva`.
    fn is_inner_stop(&self) -> bool {
        let short = self.tokens.list.last().is_some_and(|last| {
            wide(last.end) == self.at
                && last.end.saturating_sub(last.start) <= 2
                && !last.flags.has(Flags::NUMBER)
        });
        short && class(self.byte(self.at.saturating_add(1))) == Class::Word
    }

    fn pause(&mut self) {
        if let Some(length) = self.emoticon() {
            return self.push(self.at, self.at.saturating_add(length), Flags::SYMBOL);
        }
        self.next.set(Flags::CLAUSE);
        self.at = self.at.saturating_add(1);
    }

    /// The length of an emoticon that starts here: eyes, perhaps a nose, a mouth; or a heart.
    fn emoticon(&self) -> Option<usize> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = match rest {
            [b'<', b'/', b'3', ..] => 3,
            [b'<', b'3', ..] => 2,
            [
                b':' | b';' | b'=',
                b'-' | b'\'' | b'o',
                b'(' | b')' | b'd' | b'p' | b'/' | b'|' | b'*' | b'[' | b']',
                ..,
            ] => 3,
            [b':' | b';' | b'=', b'(' | b')' | b'd' | b'p' | b'/' | b'|' | b'*' | b'[' | b']', ..] => 2,
            [b'^', b'_' | b'^', ..] => 2,
            _ => return None,
        };
        let ends = rest.get(length).is_none_or(|&next| class(next) != Class::Word && next != b'/');
        ends.then_some(length)
    }

    fn joiner(&mut self) {
        let spaced = self.byte(self.at) == b'-'
            && self.byte(self.at.saturating_add(1)) == b' '
            && self.last_end < self.at;
        if spaced {
            self.next.set(Flags::CLAUSE);
        }
        self.at = self.at.saturating_add(1);
    }

    fn mask(&mut self) {
        let after = class(self.byte(self.at.saturating_add(1)));
        let glued = self.last_end == self.at && self.at > 0;
        if !glued && matches!(after, Class::Word) {
            let kind = match self.byte(self.at) {
                b'@' => Flags::HANDLE,
                b'#' => Flags::HASHTAG,
                b'$' => return self.currency(),
                _ => Flags::default(),
            };
            self.at = self.at.saturating_add(1);
            if kind != Flags::default() {
                let end = self.name_end();
                return self.push(self.at, end, kind);
            }
            return self.next.set(Flags::MASKED);
        }
        if self.byte(self.at) == b'$' && !matches!(after, Class::Word | Class::Mask) && !glued {
            return self.currency();
        }
        if glued && let Some(last) = self.tokens.list.last_mut() {
            last.flags.set(Flags::MASKED);
            self.tokens.suspects = self.tokens.suspects.saturating_add(1);
        }
        self.last_end = self.at.saturating_add(1);
        self.next.set(Flags::MASKED);
        self.at = self.at.saturating_add(1);
    }

    fn currency(&mut self) {
        self.next.set(Flags::MASKED);
        self.tokens.suspects = self.tokens.suspects.saturating_add(1);
        self.push(self.at, self.at.saturating_add(1), Flags::SYMBOL);
    }

    fn name_end(&self) -> usize {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let is_name = |&b: &u8| matches!(class(b), Class::Word | Class::High) || b == b'_' || b == b'.';
        let mut length = rest.iter().position(|b| !is_name(b)).unwrap_or(rest.len());
        while length > 0 && rest.get(length.saturating_sub(1)) == Some(&b'.') {
            length = length.saturating_sub(1);
        }
        self.at.saturating_add(length)
    }

    fn word(&mut self) {
        let word = self.read_word();
        if matches!(self.byte(word.end), b':' | b'@' | b'.' | b'_' | b'-' | b'+')
            && let Some((end, kind)) = self.address(word.end)
        {
            return self.push(self.at, end, kind);
        }
        self.push_word(word);
    }

    /// The run of letters, digits, and separators between digits, that starts here.
    fn read_word(&self) -> Word {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let letters = rest.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(rest.len());
        let mut word = Word { end: self.at.wrapping_add(letters), letters: letters > 0, ..Word::default() };
        if rest.get(letters).is_some_and(|&byte| byte.is_ascii_digit() || byte >= 0x80) {
            self.read_rest(&mut word, rest.get(letters.wrapping_sub(1)).copied().unwrap_or(0));
        }
        let read = rest.get(..word.end.wrapping_sub(self.at)).unwrap_or_default();
        word.elongated = read.array_windows().any(|[a, b, c]| a == b && b == c && a.is_ascii_lowercase());
        word
    }

    /// Reads on where a word holds more than plain letters; `last` is the byte before.
    fn read_rest(&self, word: &mut Word, mut last: u8) {
        while let Some(&byte) = self.text.as_bytes().get(word.end) {
            let mut length = 1;
            match byte {
                b'a'..=b'z' => word.letters = true,
                b'0'..=b'9' => word.digits = true,
                b'.' | b',' | b':'
                    if last.is_ascii_digit() && self.byte(word.end.wrapping_add(1)).is_ascii_digit() => {}
                0x80.. => match self.text.get(word.end..).and_then(|rest| rest.chars().next()) {
                    Some(c) if is_word_char(c) => {
                        word.letters = true;
                        length = c.len_utf8();
                    }
                    _ => return,
                },
                _ => return,
            }
            last = byte;
            word.end = word.end.wrapping_add(length);
        }
    }

    /// A link or a mail address that starts with the word that ends at `end`.
    fn address(&self, end: usize) -> Option<(usize, Flags)> {
        let rest = self.text.as_bytes().get(end..).unwrap_or_default();
        let word = self.text.as_bytes().get(self.at..end).unwrap_or_default();
        let chunk = || rest.iter().position(|b| b.is_ascii_whitespace()).unwrap_or(rest.len());
        match rest {
            [b':', b'/', b'/', ..] => Some((end.saturating_add(chunk()), Flags::LINK)),
            [b'.', ..] if word == b"www" => Some((end.saturating_add(chunk()), Flags::LINK)),
            [b'@' | b'.' | b'_' | b'-' | b'+', ..] => {
                // A text without a blank must not be looked through again at each of its words.
                let reach = rest.get(..rest.len().min(ADDRESS_REACH)).unwrap_or_default();
                let blank = reach.iter().position(u8::is_ascii_whitespace).unwrap_or(reach.len());
                let near = reach.get(..blank).unwrap_or_default();
                let whole = |length: usize| if length == near.len() { chunk() } else { length };
                mail_end(near)
                    .map(|length| (end.saturating_add(length), Flags::MAIL))
                    .or_else(|| link_end(near).map(|length| (end.saturating_add(whole(length)), Flags::LINK)))
            }
            _ => None,
        }
    }

    fn push_word(&mut self, word: Word) {
        let mut flags = match (word.digits, word.letters) {
            (true, true) => Flags::MIXED,
            (true, false) => Flags::NUMBER,
            _ => Flags::default(),
        };
        let alone = word.end.wrapping_sub(self.at) == 1;
        if flags == Flags::MIXED || (alone && self.alone) {
            self.tokens.suspects = self.tokens.suspects.saturating_add(1);
        }
        if word.elongated {
            flags.set(Flags::ELONGATED);
        }
        self.alone = alone;
        self.push(self.at, word.end, flags);
    }

    fn push(&mut self, start: usize, end: usize, flags: Flags) {
        let mut flags = flags.with(self.next);
        if flags.has(Flags::SENTENCE) && !self.tokens.list.is_empty() {
            self.sentence = self.sentence.saturating_add(1);
        }
        if !flags.has(Flags::CLAUSE) {
            flags.set(Flags::JOINED);
        }
        if start > 0 && self.last_end == start {
            flags.set(Flags::GLUED);
        }
        if !flags.has(Flags::SYMBOL.with(Flags::NUMBER)) {
            flags.set(self.capitals(start, end));
        }
        let mut token = Token {
            start: narrow(start),
            end: narrow(end),
            flags,
            sentence: self.sentence,
            cries: 0,
            squeezed: (0, 0),
        };
        if flags.has(Flags::ELONGATED) {
            token.squeezed = self.tokens.squeeze(self.text.as_bytes().get(start..end).unwrap_or_default());
        }
        self.tokens.list.push(token);
        self.next = Flags::default();
        self.at = end;
        self.last_end = end;
    }

    /// Whether the token was sent in capitals.
    fn capitals(&mut self, start: usize, end: usize) -> Flags {
        let from = self.folded.forward(&mut self.cursor, start);
        if !self.original.get(from).is_some_and(u8::is_ascii_uppercase) {
            return Flags::default();
        }
        let mut ahead = self.cursor;
        let to = self.folded.forward(&mut ahead, end);
        let sent = self.original.get(from..to).unwrap_or_default();
        let (mut upper, mut lower) = (0_usize, 0_usize);
        for byte in sent {
            upper = upper.saturating_add(usize::from(byte.is_ascii_uppercase()));
            lower = lower.saturating_add(usize::from(byte.is_ascii_lowercase()));
        }
        match (upper, lower) {
            (2.., 0) => Flags::CAPS,
            (1, _) => Flags::TITLE,
            _ => Flags::default(),
        }
    }

    fn high(&mut self) {
        let Some(c) = self.text.get(self.at..).and_then(|rest| rest.chars().next()) else {
            return self.separate();
        };
        if is_symbol(c) {
            self.push(self.at, self.at.saturating_add(c.len_utf8()), Flags::SYMBOL);
        } else if is_word_char(c) {
            let word = self.read_word();
            self.push_word(word);
        } else {
            self.at = self.at.saturating_add(c.len_utf8());
        }
    }
}

fn is_symbol(c: char) -> bool {
    matches!(c, '¢' | '£' | '¥' | '€' | '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1FAFF}')
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric()
        || (matches!(c, '\u{300}'..='\u{1FFF}' | '\u{A000}'..='\u{ABFF}') && !c.is_whitespace())
}

/// Bytes in which the rest of a mail address or the host of a link ends: an address has at most 254
/// ([RFC 5321, erratum 1690](https://www.rfc-editor.org/errata/eid1690)).
const ADDRESS_REACH: usize = 256;

/// The length of `.name@host.tld` or the like that continues a word.
fn mail_end(chunk: &[u8]) -> Option<usize> {
    let at = chunk.iter().position(|&b| b == b'@')?;
    let (before, host) = (chunk.get(..at)?, chunk.get(at.saturating_add(1)..)?);
    if !before.iter().all(|&b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+')) {
        return None;
    }
    let length = host
        .iter()
        .position(|&b| !(b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')))
        .unwrap_or(host.len());
    let host = host.get(..length)?.trim_ascii_end();
    let dot = host.iter().position(|&b| b == b'.')?;
    let end = at.saturating_add(1).saturating_add(host.len());
    (dot > 0 && dot.saturating_add(2) < host.len())
        .then(|| end.saturating_sub(usize::from(host.ends_with(b"."))))
}

/// The length of `.tld` or `.tld/path` that continues a word.
fn link_end(chunk: &[u8]) -> Option<usize> {
    let label = chunk.strip_prefix(b".")?;
    let length = label.iter().position(|b| !b.is_ascii_lowercase()).unwrap_or(label.len());
    let (domain, rest) = label.split_at_checked(length)?;
    if !DOMAINS.contains(&domain) {
        return None;
    }
    match rest {
        [b'/', ..] => Some(chunk.len()),
        [next, ..] if next.is_ascii_alphanumeric() => None,
        _ => Some(domain.len().saturating_add(1)),
    }
}
