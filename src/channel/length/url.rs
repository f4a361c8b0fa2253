//! Links in a text, found as X and Mastodon find them when they count.
//!
//! The grammar is the published one of twitter-text (docs.x.com, "Counting characters", 2026-11): an
//! optional protocol, a domain that ends in a known top-level domain, then port, path and query.
//! It is walked by hand, because a search for all matches of the regular expression is not linear.

use super::glyphs::Glyphs;
use super::punycode::ascii_label_len;
use super::tld::{MAX_CHARS, Tlds};

/// The longest link that is shortened, protocol included (twitter-text 3, `MAX_URL_LENGTH`).
const MAX_LINK: usize = 4096;
/// The length of `https://`, added for a link written without protocol.
const PROTOCOL: usize = 8;
/// The longest slug of a link already shortened by X.
const MAX_SLUG: usize = 40;

/// A link in a text, as byte offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a span with its parts; nothing else can join it")]
pub struct Link {
    /// First byte, of the protocol where there is one.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// First byte of the host.
    pub host_start: usize,
    /// One past the last byte of the host.
    pub host_end: usize,
    /// Whether `http://` or `https://` is written.
    pub has_protocol: bool,
}

/// The links of a text in order, without overlaps; `bare` takes domains without protocol too.
///
/// ```
/// use galateo::channel::{Tlds, links};
/// let found = links("see example.com/help, or http://test.co.", true, Tlds::built_in());
/// assert_eq!(found.iter().map(|l| (l.start, l.end)).collect::<Vec<_>>(), [(4, 20), (25, 39)]);
/// ```
#[must_use]
pub fn links(text: &str, bare: bool, tlds: &Tlds) -> Vec<Link> {
    if !text.contains('.') {
        return Vec::new();
    }
    links_in(&Glyphs::new(text), bare, tlds)
}

fn links_in(glyphs: &Glyphs, bare: bool, tlds: &Tlds) -> Vec<Link> {
    let mut scan = Scan { glyphs, tlds, bare, read: 0, found: Vec::new() };
    scan.run();
    scan.found
}

struct Scan<'a> {
    glyphs: &'a Glyphs,
    tlds: &'a Tlds,
    bare: bool,
    /// Where the path of the last link ends: a protocol inside that path starts no second link.
    read: usize,
    found: Vec<Link>,
}

impl Scan<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.glyphs.len() {
            let end = self.glyphs.run(at, self.glyphs.len(), is_host);
            if end == at {
                at = at.saturating_add(1);
                continue;
            }
            at = self.host_run(at, end);
            if at > end {
                self.read = at;
            }
        }
    }

    /// Handles one maximal run of host characters and says where to go on, which is after its start.
    fn host_run(&mut self, start: usize, end: usize) -> usize {
        match self.protocol_before(start) {
            Some(protocol) => self.with_protocol(protocol, start, end),
            None => self.without_protocol(start, end),
        }
    }

    /// The index where `http://` or `https://` starts, if it stands right before `host`, well preceded.
    fn protocol_before(&self, host: usize) -> Option<usize> {
        ["http://", "https://"].into_iter().find_map(|protocol| {
            let start = host.checked_sub(protocol.len())?;
            let same = self.glyphs.chars(start, host).map(|c| c.to_ascii_lowercase()).eq(protocol.chars());
            (same && start >= self.read && self.may_follow(start)).then_some(start)
        })
    }

    /// Whether a link may start at `index`, by the character before it.
    fn may_follow(&self, index: usize) -> bool {
        !self.glyphs.before(index).is_some_and(|c| {
            c.is_ascii_alphanumeric()
                || matches!(c, '@' | '＠' | '$' | '#' | '＃' | '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}')
        })
    }

    fn with_protocol(&mut self, protocol: usize, host: usize, run_end: usize) -> usize {
        let Some(host_end) = self.domain_end(host, run_end) else { return run_end };
        let end = match self.shortened(host, host_end) {
            Shortened::No => self.tail(host_end),
            Shortened::Until(slug_end) => self.query(slug_end),
            Shortened::TooLong(slug_end) => return slug_end,
        };
        if self.is_linkable(protocol, host, host_end, end, 0) {
            self.push(protocol, host, host_end, end, true);
        }
        end
    }

    fn without_protocol(&mut self, start: usize, run_end: usize) -> usize {
        let first = self.glyphs.run(start, run_end, |c| !is_domain(c));
        let refused = first != start || self.glyphs.before(start) == Some('/');
        let from = if self.may_follow(start) { first } else { self.after_first_wide(start, run_end) };
        let Some(host_end) = self.domain_end(from, run_end) else { return run_end };
        let end = self.tail(host_end);
        if self.bare && !refused {
            self.bare_links(from, host_end, end);
        }
        end
    }

    /// Past the first non-ASCII character of the label: a link may start there even after `@` or `#`.
    fn after_first_wide(&self, start: usize, run_end: usize) -> usize {
        let wide = self.glyphs.run(start, run_end, |c| c.is_ascii_alphanumeric());
        if self.glyphs.is(wide, |c| !c.is_ascii()) { wide.saturating_add(1).min(run_end) } else { run_end }
    }

    /// Of a domain without protocol only the parts in Latin letters are links, the last with the tail.
    fn bare_links(&mut self, from: usize, host_end: usize, end: usize) {
        let mut parts = Vec::new();
        let mut at = from;
        while at < host_end {
            let start = self.glyphs.run(at, host_end, |c| !is_latin_label(c));
            if let Some(stop) = self.last_tld(start, host_end, is_latin_label, is_latin_label) {
                parts.push((start, stop));
                at = stop;
            } else {
                let chain = self.glyphs.run(start, host_end, |c| c == '.' || is_latin_label(c));
                at = chain.max(at.saturating_add(1));
            }
        }
        let Some((last_start, last_stop)) = parts.pop() else { return };
        for (start, stop) in parts {
            self.push_checked(start, stop, stop);
        }
        let last_end = if last_stop == host_end { end } else { last_stop };
        self.push_checked(last_start, last_stop, last_end);
    }

    fn push_checked(&mut self, host: usize, host_end: usize, end: usize) {
        if self.is_linkable(host, host, host_end, end, PROTOCOL) {
            self.push(host, host, host_end, end, false);
        }
    }

    fn push(&mut self, start: usize, host: usize, host_end: usize, end: usize, has_protocol: bool) {
        let byte = |index| self.glyphs.byte(index);
        let link = Link {
            start: byte(start),
            end: byte(end),
            host_start: byte(host),
            host_end: byte(host_end),
            has_protocol,
        };
        self.found.push(link);
    }

    /// Where a domain that starts at `from` ends: after the last top-level domain that can close it.
    fn domain_end(&self, from: usize, run_end: usize) -> Option<usize> {
        self.last_tld(from, run_end, is_domain, is_host)
    }

    /// Walks the labels between dots and keeps the end of the last top-level domain after a good label.
    ///
    /// The chain breaks at a label that is empty, or whose ends or inner characters are of the wrong
    /// kind; a label with `_` may stand before others but not right before the top-level domain.
    fn last_tld(
        &self,
        from: usize,
        run_end: usize,
        ends: fn(char) -> bool,
        inner: fn(char) -> bool,
    ) -> Option<usize> {
        let mut last = None;
        let mut label = from;
        loop {
            let dot = self.glyphs.run(label, run_end, |c| c != '.');
            let closed = dot < run_end && dot > label;
            let edged = self.glyphs.is(label, ends) && self.glyphs.before(dot).is_some_and(ends);
            if !closed || !edged || !self.glyphs.chars(label, dot).all(inner) {
                return last;
            }
            let next = dot.saturating_add(1);
            if !self.glyphs.chars(label, dot).any(|c| c == '_') {
                last = self.tld_end(next, run_end).or(last);
            }
            label = next;
        }
    }

    /// Where the top-level domain that starts at `from` ends, if one does.
    fn tld_end(&self, from: usize, run_end: usize) -> Option<usize> {
        let head: String = self
            .glyphs
            .chars(from, run_end.min(from.saturating_add(4)))
            .flat_map(char::to_lowercase)
            .collect();
        if head.starts_with("xn--") {
            let body = from.saturating_add(4);
            let end = self.glyphs.run(body, run_end, |c| c == '-' || c.is_ascii_alphanumeric());
            return (end > body).then_some(end);
        }
        let reach = run_end.min(from.saturating_add(MAX_CHARS));
        let mut word = String::new();
        let mut last = None;
        for index in from..reach {
            let Some(c) = self.glyphs.at(index).filter(|c| is_domain(*c)) else { break };
            word.extend(c.to_lowercase());
            let next = index.saturating_add(1);
            if !self.glyphs.is(next, continues_tld) && self.tlds.contains(&word) {
                last = Some(next);
            }
        }
        last
    }

    /// Where port, path and query that follow a host end.
    fn tail(&self, host_end: usize) -> usize {
        self.query(self.path(self.port(host_end)))
    }

    fn port(&self, at: usize) -> usize {
        if !self.glyphs.is(at, |c| c == ':') {
            return at;
        }
        let digits = at.saturating_add(1);
        let end = self.glyphs.run(digits, self.glyphs.len(), |c| c.is_ascii_digit());
        if end == digits { at } else { end }
    }

    fn path(&self, at: usize) -> usize {
        if !self.glyphs.is(at, |c| c == '/') {
            return at;
        }
        let mut end = at.saturating_add(1);
        let mut index = end;
        while let Some(c) = self.glyphs.at(index) {
            if c == '(' {
                let Some(closed) = self.parentheses(index) else { break };
                (index, end) = (closed, closed);
            } else if is_path(c) {
                index = index.saturating_add(1);
                if ends_path(c) {
                    end = index;
                }
            } else {
                break;
            }
        }
        end
    }

    /// The end of a balanced group of parentheses at `open`, at most two deep and not empty.
    fn parentheses(&self, open: usize) -> Option<usize> {
        let total = self.glyphs.len();
        let first = open.saturating_add(1);
        let mut index = self.glyphs.run(first, total, is_path);
        if self.glyphs.is(index, |c| c == '(') {
            let inner = index.saturating_add(1);
            index = self.glyphs.run(inner, total, is_path);
            if index == inner || !self.glyphs.is(index, |c| c == ')') {
                return None;
            }
            index = self.glyphs.run(index.saturating_add(1), total, is_path);
        } else if index == first {
            return None;
        }
        self.glyphs.is(index, |c| c == ')').then(|| index.saturating_add(1))
    }

    fn query(&self, at: usize) -> usize {
        if !self.glyphs.is(at, |c| c == '?') {
            return at;
        }
        let first = at.saturating_add(1);
        let mut end = self.glyphs.run(first, self.glyphs.len(), is_query);
        while end > first && !self.glyphs.before(end).is_some_and(ends_query) {
            end = end.saturating_sub(1);
        }
        if end == first { at } else { end }
    }

    /// A link that X has shortened already ends after its slug; the rest of the path is not even read,
    /// or a row of such links would be read once for each.
    fn shortened(&self, host: usize, host_end: usize) -> Shortened {
        let is_tco = self.glyphs.chars(host, host_end).map(|c| c.to_ascii_lowercase()).eq("t.co".chars());
        if !is_tco || !self.glyphs.is(host_end, |c| c == '/') {
            return Shortened::No;
        }
        let slug = host_end.saturating_add(1);
        let slug_end = self.glyphs.run(slug, self.glyphs.len(), |c| c.is_ascii_alphanumeric());
        match slug_end.saturating_sub(slug) {
            0 => Shortened::No,
            1..=MAX_SLUG => Shortened::Until(slug_end),
            _ => Shortened::TooLong(slug_end),
        }
    }

    /// Whether each label fits DNS (63 bytes in ASCII form, RFC 1035) and the whole is not too long.
    fn is_linkable(&self, start: usize, host: usize, host_end: usize, end: usize, extra: usize) -> bool {
        let mut host_length = 0_usize;
        let letters: Vec<char> = self.glyphs.chars(host, host_end).collect();
        for label in letters.split(|c| *c == '.') {
            match ascii_label_len(label) {
                Some(n @ 1..=63) => host_length = host_length.saturating_add(n).saturating_add(1),
                _ => return false,
            }
        }
        let units = |from, to| self.glyphs.chars(from, to).map(char::len_utf16).sum::<usize>();
        let rest = units(start, host).saturating_add(units(host_end, end));
        let total = rest.saturating_add(host_length.saturating_sub(1)).saturating_add(extra);
        total <= MAX_LINK
    }
}

enum Shortened {
    No,
    Until(usize),
    TooLong(usize),
}

fn is_host(c: char) -> bool {
    matches!(c, '.' | '-' | '_') || is_domain(c)
}

/// Everything but ASCII punctuation, blanks, direction marks and non-characters may stand in a domain.
fn is_domain(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    !(c.is_whitespace()
        || is_direction_mark(c)
        || matches!(c, '\u{180E}' | '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}'))
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2066}'..='\u{2069}')
}

/// What would make a top-level domain part of a longer word or of an address.
fn continues_tld(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '@' | '+' | '-')
}

fn is_latin_label(c: char) -> bool {
    c == '-' || c.is_ascii_alphanumeric() || is_accented_latin(c)
}

fn is_accented_latin(c: char) -> bool {
    matches!(c, '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{24F}' | '\u{300}'..='\u{36F}' | '\u{1E00}'..='\u{1EFF}')
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}' | '\u{2DE0}'..='\u{2DFF}' | '\u{A640}'..='\u{A69F}' | '\u{1D2B}' | '\u{1D78}')
}

fn is_path(c: char) -> bool {
    ends_path(c)
        || matches!(
            c,
            '!' | '*'
                | '\''
                | ';'
                | ':'
                | ','
                | '.'
                | '$'
                | '%'
                | '['
                | ']'
                | '\u{2013}'
                | '~'
                | '@'
                | '|'
                | '&'
        )
}

fn ends_path(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '+' | '-' | '=' | '_' | '#' | '/')
        || is_cyrillic(c)
        || is_accented_latin(c)
}

fn is_query(c: char) -> bool {
    ends_query(c)
        || matches!(
            c,
            '!' | '?'
                | '*'
                | '\''
                | '@'
                | '('
                | ')'
                | ';'
                | ':'
                | '+'
                | '$'
                | '%'
                | '['
                | ']'
                | '.'
                | ','
                | '~'
                | '|'
        )
}

fn ends_query(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '&' | '=' | '#' | '/' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts made to be read again and again: each is repeated to the length wanted.
    const HOSTILE: &[&str] = &[
        "a.",
        "com.",
        "a.com",
        "a.com ",
        "a.com/",
        "a.com/(",
        "a.com/(a",
        "a.com/(a(",
        "a.com?!",
        "a.com?",
        "(",
        "()",
        "http://",
        "http://a",
        "http://a.com",
        "http://a_b.",
        "https://a.b_c.com/",
        "_",
        "-",
        ".",
        "a-.com",
        "a_b.com",
        "@",
        "@a.com",
        "@日a.com",
        "#日.com",
        "日.com",
        "a.comで",
        "a.comで.",
        "é.é.",
        "é.com.",
        "xn--",
        "a.xn--a",
        "a.xn--",
        "t.co/a",
        "http://t.co/a",
        "/a.com",
        "a.com:1",
        "a.com:",
        "a.com/@a",
        "mail@a.com",
        "한국.",
        "a.한국",
        "vermögensberater.",
        "a.vermögensberatun",
        "…a.com…",
    ];

    fn work(pattern: &str, characters: usize) -> usize {
        let text: String = pattern.chars().cycle().take(characters).collect();
        let glyphs = Glyphs::new(&text);
        let _ = links_in(&glyphs, true, Tlds::built_in());
        glyphs.looks.get()
    }

    #[test]
    fn the_work_of_finding_links_grows_no_faster_than_the_text() {
        for head in ["", "http://", "a.com/(", "http://a.com/?"] {
            for pattern in HOSTILE {
                let small = work(&format!("{head}{pattern}"), 512);
                let large = work(&format!("{head}{pattern}"), 8_192);
                assert!(large <= small.saturating_mul(17), "{head}{pattern}: {small} -> {large}");
                assert!(large <= 8_192_usize.saturating_mul(48), "{head}{pattern}: {large}");
            }
        }
    }

    #[test]
    fn a_hostile_start_before_a_long_run_costs_once() {
        for pattern in HOSTILE {
            for start in ["http://a.com/(", "a.com?", "http://", "@", "a."] {
                let text = |n| format!("{start}{}", pattern.repeat(n));
                let cost = |text: String| {
                    let glyphs = Glyphs::new(&text);
                    let _ = links_in(&glyphs, true, Tlds::built_in());
                    glyphs.looks.get()
                };
                let (small, large) = (cost(text(64)), cost(text(1_024)));
                assert!(large <= small.saturating_mul(17), "{start} {pattern}: {small} -> {large}");
            }
        }
    }
}
