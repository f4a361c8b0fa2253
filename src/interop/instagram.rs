//! Webhooks of an Instagram professional account: direct messages, comments and mentions.
//!
//! Source: <https://developers.facebook.com/docs/instagram-platform/webhooks> (2026-11). Messages carry
//! milliseconds; comments have no instant of their own and take the entry's, in seconds.

use serde_json::Value;

use super::meta::{Comment, Network, writer};
use super::read::{Frame, Node, message_id, other};
use super::{Connection, InteropError, TimeFormat};
use crate::model::{Actor, Channel, Event, Message, MessageId, Surface, SurfaceKind};

const VENDOR: &str = "instagram";

const NETWORK: Network = Network { vendor: VENDOR, direct, story };

const fn direct() -> Surface {
    Surface::new(Channel::Instagram, SurfaceKind::DirectMessage)
}

const fn story() -> Surface {
    Surface::new(Channel::Instagram, SurfaceKind::StoryReply)
}

/// Reads one webhook body.
///
/// ```
/// use galateo::interop::{Connection, instagram};
/// let payload = serde_json::json!({"object": "instagram", "entry": [{"id": "178", "time": 1796054400, "changes": [{
///     "field": "comments", "value": {"id": "c-9", "text": "quanto costa?", "media": {"id": "m-1"},
///         "from": {"id": "55", "username": "vale.giova"}}}]}]});
/// let events = instagram::events(&payload, &Connection::default())?;
/// assert_eq!(events[0].message().unwrap().surface.to_string(), "instagram/comment");
/// # Ok::<(), galateo::interop::InteropError>(())
/// ```
///
/// # Errors
/// An [`InteropError`] where the payload is not what Meta documents.
pub fn events(payload: &Value, connection: &Connection) -> Result<Vec<Event>, InteropError> {
    NETWORK.events(payload, connection, changed)
}

fn changed(entry: &Node<'_>, change: &Node<'_>, connection: &Connection) -> Result<Event, InteropError> {
    let account = entry.need("id")?.raw_id()?;
    let at = entry.need("time")?.instant(TimeFormat::Seconds)?;
    let value = change.need("value")?;
    let kind = change.need("field")?.str()?;
    if let ("comments" | "live_comments", true) = (kind, value.has("from")) {
        return comment(&value, Frame { vendor: VENDOR, at, conversation: account }, connection);
    }
    let id = format!("{account}/{}", at.as_millis());
    // A mention names the comment or media alone; its text must be fetched.
    let target = value.field("comment_id").or_else(|| value.field("media_id"));
    let conversation = match target {
        Some(target) => format!("{account}/{}", target.raw_id()?),
        None => account,
    };
    let frame = Frame { vendor: VENDOR, at, conversation };
    frame.event(&value, &id, Actor::System, other(VENDOR, kind))
}

fn comment(value: &Node<'_>, entry: Frame, connection: &Connection) -> Result<Event, InteropError> {
    let id = value.need("id")?;
    let from = value.need("from")?;
    let by = writer(&from, &entry.conversation, connection)?;
    let thread = value.field("parent_id").unwrap_or_else(|| id.clone()).raw_id()?;
    let mut message = Message::on(Surface::new(Channel::Instagram, SurfaceKind::Comment));
    message.text = value.sensitive("text")?.unwrap_or_default();
    message.id = Some(id.id(MessageId::new)?);
    message.in_reply_to = message_id(value.field("parent_id"))?;
    message.handle = from.sensitive("username")?;
    message.echo = by.customer().is_none() && connection.echoes();
    let frame = Frame { conversation: format!("{}/{thread}", entry.conversation), ..entry };
    Comment { frame, by, message }.event(value, &id.raw_id()?)
}
