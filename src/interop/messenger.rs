//! Webhooks of a Facebook page: Messenger, and comments and posts of the page's feed.
//!
//! Source: <https://developers.facebook.com/docs/messenger-platform/reference/webhook-events> and
//! <https://developers.facebook.com/docs/graph-api/webhooks/reference/page> (2026-11). Messages carry
//! milliseconds, the feed seconds.

use serde_json::Value;

use super::meta::{Comment, Network, writer};
use super::read::{Frame, Node, message_id, other};
use super::{Connection, InteropError, TimeFormat};
use crate::model::{
    Actor, Channel, Deleted, Edited, Event, EventKind, Message, MessageId, Reaction, Surface, SurfaceKind,
};

const VENDOR: &str = "messenger";

const NETWORK: Network = Network { vendor: VENDOR, direct: chat, story: chat };

const fn chat() -> Surface {
    Surface::new(Channel::Messenger, SurfaceKind::Chat)
}

/// Reads one webhook body.
///
/// ```
/// use galateo::interop::{Connection, messenger};
/// let payload = serde_json::json!({"object": "page", "entry": [{"id": "110", "time": 1796054400123_i64, "messaging": [{
///     "sender": {"id": "9001"}, "recipient": {"id": "110"}, "timestamp": 1796054400000_i64,
///     "message": {"mid": "m_1", "text": "Bonjour"}}]}]});
/// let events = messenger::events(&payload, &Connection::default())?;
/// assert_eq!(events[0].conversation.as_str(), "messenger/110/9001");
/// # Ok::<(), galateo::interop::InteropError>(())
/// ```
///
/// # Errors
/// An [`InteropError`] where the payload is not what Meta documents.
pub fn events(payload: &Value, connection: &Connection) -> Result<Vec<Event>, InteropError> {
    NETWORK.events(payload, connection, feed)
}

/// A change of the page's feed; its conversation is the comment's thread below one post.
fn feed(entry: &Node<'_>, change: &Node<'_>, connection: &Connection) -> Result<Event, InteropError> {
    let page = entry.need("id")?.raw_id()?;
    let value = change.need("value")?;
    let item = value.text("item")?.unwrap_or_default();
    let id = value.field("comment_id").or_else(|| value.field("post_id"));
    let (Some(id), Some(from), true) = (id, value.field("from"), change.is("field", "feed")) else {
        return unknown(entry, change, &page);
    };
    let frame = Frame {
        vendor: VENDOR,
        at: value.need_any(&["created_time", "edited_time"])?.instant(TimeFormat::Seconds)?,
        conversation: format!("{page}/feed/{}", thread(&value, &id, &page)?),
    };
    let by = writer(&from, &page, connection)?;
    let moment = format!("{}/{}", id.raw_id()?, frame.at.as_millis());
    match (value.text("verb")?.unwrap_or_default(), item) {
        ("add", "reaction" | "like") => {
            let what = reaction(&value, &id)?;
            frame.event(&value, &format!("{moment}/{}", from.need("id")?.raw_id()?), by, what)
        }
        ("add", "comment" | "post" | "status" | "photo" | "video" | "share") => {
            let message = message(&value, &id, item, &by, connection)?;
            Comment { frame, by, message }.event(&value, &id.raw_id()?)
        }
        ("edited" | "edit", "comment" | "post" | "status") => {
            let text = value.sensitive("message")?.unwrap_or_default();
            let what = EventKind::Edited(Edited { message: id.id(MessageId::new)?, text });
            frame.event(&value, &moment, by, what)
        }
        ("remove", "comment" | "post" | "status") => {
            frame.event(&value, &moment, by, EventKind::Deleted(Deleted { message: id.id(MessageId::new)? }))
        }
        (verb, _) => {
            frame.event(&value, &format!("{moment}/{verb}"), by, other(VENDOR, &format!("feed_{verb}")))
        }
    }
}

/// The thread a comment belongs to: its parent comment, or itself below the post.
fn thread(value: &Node<'_>, id: &Node<'_>, page: &str) -> Result<String, InteropError> {
    let post = value.field("post_id").map(|post| post.raw_id()).transpose()?;
    let parent = value.field("parent_id").map(|parent| parent.raw_id()).transpose()?;
    match parent {
        Some(parent) if Some(&parent) != post.as_ref() && parent != page => Ok(parent),
        _ => id.raw_id(),
    }
}

fn message(
    value: &Node<'_>,
    id: &Node<'_>,
    item: &str,
    by: &Actor,
    connection: &Connection,
) -> Result<Message, InteropError> {
    let kind = if item == "comment" { SurfaceKind::Comment } else { SurfaceKind::Post };
    let mut message = Message::on(Surface::new(Channel::Facebook, kind));
    message.text = value.sensitive("message")?.unwrap_or_default();
    message.id = Some(id.id(MessageId::new)?);
    message.in_reply_to = message_id(value.field("parent_id"))?;
    message.handle = value.need("from")?.sensitive("name")?;
    message.echo = by.customer().is_none() && connection.echoes();
    Ok(message)
}

fn reaction(value: &Node<'_>, id: &Node<'_>) -> Result<EventKind, InteropError> {
    let favourable = match value.text("reaction_type")? {
        Some("like" | "love" | "care" | "wow") | None => Some(true),
        Some("angry") => Some(false),
        Some(_) => None,
    };
    Ok(EventKind::Reaction(Reaction { message: id.id(MessageId::new)?, favourable }))
}

fn unknown(entry: &Node<'_>, change: &Node<'_>, page: &str) -> Result<Event, InteropError> {
    let at = entry.need("time")?.instant(TimeFormat::Seconds)?;
    let kind = change.text("field")?.unwrap_or("change");
    let frame = Frame { vendor: VENDOR, at, conversation: page.to_owned() };
    frame.event(change, &format!("{page}/{}", at.as_millis()), Actor::System, other(VENDOR, kind))
}
