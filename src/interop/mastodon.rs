//! Mastodon's notifications and stream events.
//!
//! Source: <https://docs.joinmastodon.org/entities/Notification/> and `methods/streaming` (2026-11).
//! Read is a notification object, or a stream event `{"event": …, "payload": …}` whose payload is JSON
//! or JSON in a string. Followers-only posts count as a group, direct ones as private; none of them is
//! encrypted end to end.

use serde_json::Value;

use super::read::{Frame, Node, attachment, message_id, other};
use super::{Connection, InteropError, Problem, TimeFormat, plain_text};
use crate::model::{
    Actor, AgentId, Channel, CustomerId, Edited, Event, EventKind, Language, Message, MessageId, Opened,
    Opener, Reaction, Surface, SurfaceKind, Visibility,
};

const VENDOR: &str = "mastodon";

/// Reads one notification or stream event.
///
/// ```
/// use galateo::interop::{Connection, mastodon};
/// let payload = serde_json::json!({"id": "n-1", "type": "mention", "created_at": "2026-12-07T18:39:00.000Z",
///     "account": {"id": "7", "acct": "mirek@mastodon.example"},
///     "status": {"id": "99", "created_at": "2026-12-07T18:38:59.000Z", "visibility": "direct",
///         "content": "<p>is there a recall?</p>", "account": {"id": "7", "acct": "mirek@mastodon.example"}}});
/// let events = mastodon::events(&payload, &Connection::default())?;
/// assert_eq!(events[0].message().unwrap().surface.to_string(), "mastodon/mention:private");
/// # Ok::<(), galateo::interop::InteropError>(())
/// ```
///
/// # Errors
/// An [`InteropError`] where the payload is not what Mastodon documents.
pub fn events(payload: &Value, connection: &Connection) -> Result<Vec<Event>, InteropError> {
    let root = Node::root(payload);
    let Some(name) = root.field("event") else { return Ok(vec![notified(&root, connection)?]) };
    let inside = root.need("payload")?;
    match inside.str() {
        Ok(text) if name.str()? != "delete" => {
            let parsed = serde_json::from_str(text).map_err(|_| inside.fault(Problem::NotJson))?;
            streamed(name.str()?, &Node::root(&parsed), connection)
        }
        _ => streamed(name.str()?, &inside, connection),
    }
}

fn streamed(name: &str, inside: &Node<'_>, connection: &Connection) -> Result<Vec<Event>, InteropError> {
    let event = match name {
        "notification" => notified(inside, connection)?,
        "update" => written(inside, connection)?,
        "status.update" => edited(inside, connection)?,
        // A deletion names the post alone: not whose it was nor when it went.
        _ => return Ok(Vec::new()),
    };
    Ok(vec![event])
}

fn notified(root: &Node<'_>, connection: &Connection) -> Result<Event, InteropError> {
    let status = root.field("status");
    let kind = root.need("type")?.str()?;
    match (kind, &status) {
        ("mention" | "status", Some(status)) => return written(status, connection),
        ("update", Some(status)) => return edited(status, connection),
        _ => {}
    }
    let by = author(&root.need("account")?, connection)?;
    let id = root.need("id")?.raw_id()?;
    let conversation = match &status {
        Some(status) => status.need("id")?.raw_id()?,
        None => format!("account/{}", root.need("account")?.need("id")?.raw_id()?),
    };
    let at = root.need("created_at")?.instant(TimeFormat::Written)?;
    let what = match (kind, &status) {
        ("favourite" | "reblog", Some(status)) => {
            let message = status.need("id")?.id(MessageId::new)?;
            EventKind::Reaction(Reaction { message, favourable: Some(true) })
        }
        ("follow", _) => EventKind::Opened(Opened { by: Opener::Follow }),
        _ => other(VENDOR, kind),
    };
    Frame { vendor: VENDOR, at, conversation }.event(root, &id, by, what)
}

fn author(account: &Node<'_>, connection: &Connection) -> Result<Actor, InteropError> {
    let id = account.need("id")?;
    if connection.owns(&id.raw_id()?) {
        return id.id(AgentId::new).map(Actor::Agent);
    }
    id.id(CustomerId::new).map(Actor::Customer)
}

fn frame(status: &Node<'_>, at: Node<'_>) -> Result<Frame, InteropError> {
    let thread = status.field("in_reply_to_id").map_or_else(|| status.need("id"), Ok)?;
    Ok(Frame { vendor: VENDOR, at: at.instant(TimeFormat::Written)?, conversation: thread.raw_id()? })
}

fn written(status: &Node<'_>, connection: &Connection) -> Result<Event, InteropError> {
    let by = author(&status.need("account")?, connection)?;
    let mut message = message(status, connection)?;
    message.echo = by.customer().is_none() && connection.echoes();
    let frame = frame(status, status.need("created_at")?)?;
    frame.event(status, &status.need("id")?.raw_id()?, by, EventKind::Message(message))
}

fn edited(status: &Node<'_>, connection: &Connection) -> Result<Event, InteropError> {
    let by = author(&status.need("account")?, connection)?;
    let id = status.need("id")?;
    let text = plain_text(status.text("content")?.unwrap_or_default()).text;
    let frame = frame(status, status.need("edited_at")?)?;
    let moment = format!("{}/{}", id.raw_id()?, frame.at.as_millis());
    frame.event(status, &moment, by, EventKind::Edited(Edited { message: id.id(MessageId::new)?, text }))
}

fn message(status: &Node<'_>, connection: &Connection) -> Result<Message, InteropError> {
    let addressed = mentions_us(status, connection)?;
    let kind = if addressed { SurfaceKind::Mention } else { SurfaceKind::Post };
    let mut surface = Surface::new(Channel::Mastodon, kind);
    surface.visibility = visibility(status.need("visibility")?.str()?);
    let mut message = Message::on(surface);
    let plain = plain_text(status.text("content")?.unwrap_or_default());
    (message.text, message.quoted) = (plain.text, plain.quoted);
    message.id = message_id(status.field("id"))?;
    message.in_reply_to = message_id(status.field("in_reply_to_id"))?;
    message.handle = status.need("account")?.sensitive("acct")?;
    message.language = status.text("language")?.and_then(Language::from_tag);
    message.addressed = addressed;
    for file in status.list("media_attachments")? {
        message.attachments.extend(file.text("type")?.and_then(attachment));
    }
    Ok(message)
}

/// Whether the company is among the mentioned; where its accounts are not given, every mention counts.
fn mentions_us(status: &Node<'_>, connection: &Connection) -> Result<bool, InteropError> {
    let mentions = status.list("mentions")?;
    if connection.own.is_empty() {
        return Ok(true);
    }
    let ids = mentions.iter().map(|mention| mention.need("id")?.raw_id()).collect::<Result<Vec<_>, _>>()?;
    Ok(ids.iter().any(|id| connection.owns(id)))
}

/// Who reads a post; an unknown word counts as public.
fn visibility(word: &str) -> Visibility {
    match word {
        "direct" => Visibility::Private,
        "private" => Visibility::Group,
        _ => Visibility::Public,
    }
}
