//! The plain values of a document: texts, numbers, identifiers, instants, spans of time, words.

use std::sync::Arc;

use serde_json::{Value, json};

use super::node::{Kind, Node};
use super::read::{Reader, Section};
use super::schema::Definitions;
use super::words;
use crate::Code;
use crate::model::{
    AccountId, AgentId, Channel, ConversationId, CustomerId, DepartmentId, EventId, Language, MessageId,
    QueueId, ReferralId, RuleId, Seconds, Sensitive, SkillId, Surface, SurfaceKind, Tag, Timestamp, TopicId,
    Visibility, Word,
};

impl Section for String {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        text(node, reader, "a text").map(Self::from)
    }

    fn schema(_: &mut Definitions) -> Value {
        json!({ "type": "string" })
    }
}

/// A text that decisions quote: handed on without a copy.
impl Section for Arc<str> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        text(node, reader, "a text").map(Self::from)
    }

    fn schema(definitions: &mut Definitions) -> Value {
        String::schema(definitions)
    }
}

impl Section for bool {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if let Kind::Flag(flag) = node.kind {
            return Some(flag);
        }
        reader.wrong_type(node, "true or false");
        None
    }

    fn schema(_: &mut Definitions) -> Value {
        json!({ "type": "boolean" })
    }
}

/// Any value: what a host's own action carries.
impl Section for Value {
    fn read(node: &Node, _: &mut Reader<'_>) -> Option<Self> {
        Some(node.to_value())
    }

    fn schema(_: &mut Definitions) -> Value {
        json!(true)
    }
}

impl<T: Section> Section for Sensitive<T> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::read(node, reader).map(Self::new)
    }

    fn schema(definitions: &mut Definitions) -> Value {
        T::schema(definitions)
    }

    fn absent() -> Option<Self> {
        T::absent().map(Self::new)
    }
}

pub(super) fn text<'n>(node: &'n Node, reader: &mut Reader<'_>, wanted: &str) -> Option<&'n str> {
    let text = node.as_text();
    if text.is_none() {
        reader.wrong_type(node, wanted);
    }
    text
}

/// A whole number between two bounds.
fn integer(node: &Node, reader: &mut Reader<'_>, least: i64, most: i64) -> Option<i64> {
    let Kind::Integer(n) = node.kind else {
        reader.wrong_type(node, "a whole number");
        return None;
    };
    if (least..=most).contains(&n) {
        return Some(n);
    }
    reader.report(node, Code::ILLEGAL_VALUE, format!("expected a whole number from {least} to {most}"));
    None
}

macro_rules! integers {
    ($($number:ty),*) => {$(
        impl Section for $number {
            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let least = i64::try_from(Self::MIN).unwrap_or(i64::MIN);
                let most = i64::try_from(Self::MAX).unwrap_or(i64::MAX);
                integer(node, reader, least, most).and_then(|n| Self::try_from(n).ok())
            }

            fn schema(_: &mut Definitions) -> Value {
                json!({ "type": "integer", "minimum": Self::MIN, "maximum": Self::MAX })
            }
        }
    )*};
}

integers!(i8, i16, i32, i64, u8, u16, u32, u64, usize);

macro_rules! identifiers {
    ($($id:ty),*) => {$(
        impl Section for $id {
            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let made = match &node.kind {
                    Kind::Text(text) => Self::new(text),
                    Kind::Integer(n) => Self::new(n.to_string()),
                    _ => {
                        reader.wrong_type(node, "an identifier");
                        return None;
                    }
                };
                made.map_err(|e| reader.report(node, Code::ILLEGAL_VALUE, e.to_string())).ok()
            }

            fn schema(_: &mut Definitions) -> Value {
                json!({ "type": ["string", "integer"], "minLength": 1, "maxLength": crate::model::MAX_ID_BYTES })
            }
        }
    )*};
}

identifiers!(
    AccountId,
    AgentId,
    ConversationId,
    CustomerId,
    DepartmentId,
    EventId,
    MessageId,
    QueueId,
    ReferralId,
    RuleId,
    SkillId,
    Tag,
    TopicId
);

impl Section for Timestamp {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let (Kind::Text(text) | Kind::Date(text)) = &node.kind else {
            reader.wrong_type(node, "an instant such as 2026-11-22T09:30:00+01:00");
            return None;
        };
        text.parse()
            .map_err(|e: crate::model::TimeError| reader.report(node, Code::ILLEGAL_VALUE, e.to_string()))
            .ok()
    }

    fn schema(_: &mut Definitions) -> Value {
        json!({ "type": "string", "format": "date-time" })
    }
}

/// What a span of time is written as.
const SPAN: &str = "a span of time such as \"30m\", \"1h30m\", \"2d\", \"PT1H\" or whole seconds";

impl Section for Seconds {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.kind {
            Kind::Integer(n) => Some(Self::new(*n)),
            Kind::Text(text) => span(text).or_else(|| {
                reader.report(node, Code::ILLEGAL_VALUE, format!("expected {SPAN}"));
                None
            }),
            _ => {
                reader.wrong_type(node, SPAN);
                None
            }
        }
    }

    fn schema(_: &mut Definitions) -> Value {
        json!({
            "description": SPAN,
            "oneOf": [
                { "type": "integer" },
                { "type": "string", "pattern": "^-?(P?T?([0-9]+[WDHMSwdhms]T?)+)$" }
            ]
        })
    }
}

/// Reads `1h30m`, or the days, hours, minutes and seconds of an ISO 8601 duration; weeks too.
/// Months and years are no fixed span and are refused.
pub(super) fn span(text: &str) -> Option<Seconds> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (iso, mut rest) = rest.strip_prefix('P').map_or((false, rest), |rest| (true, rest));
    let (mut total, mut in_time, mut any) = (0_i64, !iso, false);
    while !rest.is_empty() {
        if iso && !in_time && rest.starts_with('T') {
            in_time = true;
            rest = rest.get(1..)?;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let amount: i64 = rest.get(..digits)?.parse().ok()?;
        let unit = rest.get(digits..)?.chars().next()?;
        total = total.checked_add(amount.checked_mul(unit_seconds(unit, iso, in_time)?)?)?;
        rest = rest.get(digits.checked_add(unit.len_utf8())?..)?;
        any = true;
    }
    any.then(|| Seconds::new(if negative { total.saturating_neg() } else { total }))
}

/// Seconds of a unit; `M` before the `T` of an ISO duration would be months.
const fn unit_seconds(unit: char, iso: bool, in_time: bool) -> Option<i64> {
    match (iso, in_time, unit) {
        (false, _, 's') | (true, true, 'S') => Some(1),
        (false, _, 'm') | (true, true, 'M') => Some(60),
        (false, _, 'h') | (true, true, 'H') => Some(3600),
        (false, _, 'd') | (true, false, 'D') => Some(86_400),
        (false, _, 'w') | (true, false, 'W') => Some(604_800),
        _ => None,
    }
}

/// Words of an open list: an unknown one is taken, with a warning where it looks like a slip.
macro_rules! open_lists {
    ($($list:ty, $what:literal);*) => {$(
        impl Section for $list {
            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let written = text(node, reader, concat!("a ", $what))?;
                let Some(value) = Self::from_word(written) else {
                    reader.report(node, Code::ILLEGAL_VALUE, concat!("not a ", $what, ": expected a word of letters, digits and underscores"));
                    return None;
                };
                if matches!(value, Self::Other(_)) {
                    let known: Vec<&str> = Self::ALL.iter().map(Self::as_str).collect();
                    warn_of_slip(node, reader, $what, written, &known);
                }
                Some(value)
            }

            fn schema(_: &mut Definitions) -> Value {
                let known: Vec<&str> = Self::ALL.iter().map(Self::as_str).collect();
                json!({ "type": "string", "examples": known })
            }
        }
    )*};
}

open_lists!(Channel, "channel"; SurfaceKind, "kind of surface");

fn warn_of_slip(node: &Node, reader: &mut Reader<'_>, what: &str, word: &str, known: &[&str]) {
    if let (Some(near), Some(quoted)) = (words::nearest(word, known), words::quoted(word)) {
        let message = format!("{quoted} is no {what} known by name");
        reader.report_with_help(node, Code::UNUSUAL_WORD, message, format!("did you mean `{near}`?"));
    }
}

impl Section for Visibility {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let all = [Self::Public, Self::Group, Self::Private, Self::Internal];
        let written = text(node, reader, "a visibility")?;
        let found = all.into_iter().find(|v| v.as_str() == written);
        if found.is_none() {
            reader.unknown_word(node, "visibility", written, &all.map(|v| v.as_str()));
        }
        found
    }

    fn schema(_: &mut Definitions) -> Value {
        json!({ "enum": ["public", "group", "private", "internal"] })
    }
}

impl Section for Language {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let tag = Self::from_tag(text(node, reader, "a language tag")?);
        if tag.is_none() {
            reader.report(node, Code::ILLEGAL_VALUE, "not a BCP 47 language tag such as `it` or `en-GB`");
        }
        tag
    }

    fn schema(_: &mut Definitions) -> Value {
        json!({ "type": "string", "pattern": "^[A-Za-z]{2,3}([-_].*)?$" })
    }
}

impl Section for Surface {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        text(node, reader, "a surface")?
            .parse()
            .map_err(|e: crate::model::SurfaceError| reader.report(node, Code::ILLEGAL_VALUE, e.to_string()))
            .ok()
    }

    fn schema(_: &mut Definitions) -> Value {
        json!({ "type": "string", "pattern": "^[a-z0-9_]+/[a-z0-9_]+(:(public|group|private|internal))?$" })
    }
}

impl Section for Word {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let word = Self::new(text(node, reader, "a word")?);
        if word.is_none() {
            reader.report(
                node,
                Code::ILLEGAL_VALUE,
                "expected a word of at most 48 letters, digits and underscores",
            );
        }
        word
    }

    fn schema(_: &mut Definitions) -> Value {
        json!({ "type": "string", "minLength": 1, "maxLength": 48 })
    }
}
