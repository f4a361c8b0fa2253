//! Reading JSON with the place kept, so that an error can name it without quoting it.

use std::fmt::Write as _;

use serde_json::Value;

use super::{InteropError, Problem, TimeFormat, instant};
use crate::model::{
    Actor, Attachment, AttachmentKind, ConversationId, Event, EventId, EventKind, IdError, MessageId,
    Sensitive, Tagged, Timestamp, Word,
};

/// A value in a payload, with the way to it; null counts as missing.
#[derive(Clone)]
pub(super) struct Node<'a> {
    value: &'a Value,
    path: Vec<Step>,
}

#[derive(Clone, Copy)]
enum Step {
    Field(&'static str),
    Item(usize),
}

impl<'a> Node<'a> {
    pub(super) const fn root(value: &'a Value) -> Self {
        Self { value, path: Vec::new() }
    }

    fn step(&self, step: Step, value: &'a Value) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Self { value, path }
    }

    pub(super) fn fault(&self, problem: Problem) -> InteropError {
        let mut path = String::new();
        for step in &self.path {
            let _ = match step {
                Step::Field(name) => write!(path, "/{name}"),
                Step::Item(index) => write!(path, "/{index}"),
            };
        }
        InteropError::new(path, problem)
    }

    pub(super) fn field(&self, name: &'static str) -> Option<Self> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(self.step(Step::Field(name), value))
    }

    /// The value at the end of a way of fields.
    pub(super) fn at(&self, way: &[&'static str]) -> Option<Self> {
        way.iter().try_fold(self.clone(), |node, name| node.field(name))
    }

    /// The value under a key that the payload chooses; errors name the place without the key.
    pub(super) fn entry(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(self.step(Step::Field("*"), value))
    }

    pub(super) fn need(&self, name: &'static str) -> Result<Self, InteropError> {
        self.field(name).ok_or_else(|| self.step(Step::Field(name), &Value::Null).fault(Problem::Missing))
    }

    /// The first of several fields that is there.
    pub(super) fn need_any(&self, names: &[&'static str]) -> Result<Self, InteropError> {
        let first = names.first().copied().unwrap_or_default();
        names.iter().find_map(|name| self.field(name)).map_or_else(|| self.need(first), Ok)
    }

    /// The items of a list; a missing one is empty.
    pub(super) fn list(&self, name: &'static str) -> Result<Vec<Self>, InteropError> {
        let Some(list) = self.field(name) else { return Ok(Vec::new()) };
        let items = list.value.as_array().ok_or_else(|| list.fault(Problem::Type("a list")))?;
        Ok(items.iter().enumerate().map(|(index, item)| list.step(Step::Item(index), item)).collect())
    }

    pub(super) fn str(&self) -> Result<&'a str, InteropError> {
        self.value.as_str().ok_or_else(|| self.fault(Problem::Type("a text")))
    }

    pub(super) fn text(&self, name: &'static str) -> Result<Option<&'a str>, InteropError> {
        self.field(name).map(|node| node.str()).transpose()
    }

    pub(super) fn sensitive(&self, name: &'static str) -> Result<Option<Sensitive<String>>, InteropError> {
        Ok(self.text(name)?.filter(|text| !text.is_empty()).map(Sensitive::from))
    }

    pub(super) fn flag(&self, name: &'static str) -> Result<bool, InteropError> {
        let Some(node) = self.field(name) else { return Ok(false) };
        node.value.as_bool().ok_or_else(|| node.fault(Problem::Type("true or false")))
    }

    pub(super) fn whole(&self) -> Option<u64> {
        self.value.as_u64()
    }

    pub(super) fn is(&self, name: &'static str, text: &str) -> bool {
        self.value.get(name).and_then(Value::as_str) == Some(text)
    }

    pub(super) fn has(&self, name: &'static str) -> bool {
        self.field(name).is_some()
    }

    /// An identifier's exact text, sent as a text or as a whole number.
    pub(super) fn raw_id(&self) -> Result<String, InteropError> {
        match self.value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) if number.is_u64() || number.is_i64() => Ok(number.to_string()),
            Value::Number(_) => Err(self.fault(Problem::Rounded)),
            _ => Err(self.fault(Problem::Type("an identifier"))),
        }
    }

    pub(super) fn id<T>(&self, make: fn(String) -> Result<T, IdError>) -> Result<T, InteropError> {
        self.name(make, self.raw_id()?)
    }

    /// An identifier composed by the caller, faulted here where the model refuses it.
    pub(super) fn name<T>(
        &self,
        make: fn(String) -> Result<T, IdError>,
        text: String,
    ) -> Result<T, InteropError> {
        make(text).map_err(|error| self.fault(Problem::Identifier(error)))
    }

    pub(super) fn instant(&self, format: TimeFormat) -> Result<Timestamp, InteropError> {
        instant(self.value, format).map_err(|problem| self.fault(problem))
    }

    /// An instant that a vendor sends now as seconds and now written out.
    pub(super) fn seconds_or_written(&self) -> Result<Timestamp, InteropError> {
        self.instant(if self.value.is_string() { TimeFormat::Written } else { TimeFormat::Seconds })
    }
}

/// An event of a payload: names composed under the vendor's.
pub(super) struct Frame {
    pub(super) vendor: &'static str,
    pub(super) at: Timestamp,
    pub(super) conversation: String,
}

impl Frame {
    /// An event whose name is made of the vendor, its kind and the vendor's identifier for it.
    pub(super) fn event(
        &self,
        node: &Node<'_>,
        id: &str,
        by: Actor,
        what: EventKind,
    ) -> Result<Event, InteropError> {
        let kind = if matches!(what, EventKind::Other(_)) { "other" } else { what.name() };
        let id = node.name(EventId::new, format!("{}/{kind}/{id}", self.vendor))?;
        let conversation = format!("{}/{}", self.vendor, self.conversation);
        let conversation = node.name(ConversationId::new, conversation)?;
        Ok(Event { id, at: self.at, conversation, by, what })
    }
}

/// A kind that this release does not map, under the vendor's name.
pub(super) fn other(vendor: &str, kind: &str) -> EventKind {
    let tail = kind.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
    let name: String = vendor.chars().chain(std::iter::once('_')).chain(tail).take(48).collect();
    // The name is made of legal characters alone, so that the change of no tags is never reached.
    Word::new(&name)
        .map_or_else(|| EventKind::Tagged(Tagged { add: vec![], remove: vec![] }), EventKind::Other)
}

pub(super) fn attachment(kind: &str) -> Option<Attachment> {
    let kind = match kind.to_ascii_lowercase().as_str() {
        "photo" | "animated_gif" => AttachmentKind::Image,
        "voice" | "ptt" => AttachmentKind::Audio,
        "animation" | "video_note" | "gifv" | "ig_reel" | "reel" => AttachmentKind::Video,
        "document" => AttachmentKind::File,
        "venue" => AttachmentKind::Location,
        word => AttachmentKind::from_word(word)?,
    };
    Some(Attachment { kind, name: None })
}

pub(super) fn message_id(node: Option<Node<'_>>) -> Result<Option<MessageId>, InteropError> {
    node.map(|node| node.id(MessageId::new)).transpose()
}
