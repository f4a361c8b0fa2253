//! Updates of Telegram's Bot API.
//!
//! Source: <https://core.telegram.org/bots/api> (2026-11). Instants are seconds; message numbers are
//! unique within a chat only and are named with it. Posts of channels count as public, groups as groups.

use serde_json::Value;

use super::read::{Frame, Node, attachment, other};
use super::{Connection, InteropError, TimeFormat};
use crate::model::{
    Actor, AgentId, Attachment, Channel, CustomerId, Edited, Event, EventKind, Message, MessageId, Reaction,
    Sensitive, Surface, SurfaceKind, Visibility,
};

const VENDOR: &str = "telegram";

/// Reads one update.
///
/// ```
/// use galateo::interop::{Connection, telegram};
/// let payload = serde_json::json!({"update_id": 7, "message": {"message_id": 5, "date": 1796054400,
///     "text": "aperti oggi?", "from": {"id": 42, "is_bot": false}, "chat": {"id": -100, "type": "supergroup"}}});
/// let events = telegram::events(&payload, &Connection::default())?;
/// assert_eq!(events[0].message().unwrap().surface.to_string(), "telegram/group");
/// # Ok::<(), galateo::interop::InteropError>(())
/// ```
///
/// # Errors
/// An [`InteropError`] where the payload is not what Telegram documents.
pub fn events(payload: &Value, connection: &Connection) -> Result<Vec<Event>, InteropError> {
    let root = Node::root(payload);
    let update = root.need("update_id")?.raw_id()?;
    for name in ["message", "channel_post", "business_message"] {
        if let Some(message) = root.field(name) {
            return Ok(vec![written(&message, &update, connection)?]);
        }
    }
    for name in ["edited_message", "edited_channel_post", "edited_business_message"] {
        if let Some(message) = root.field(name) {
            return Ok(vec![edited(&message, &update, connection)?]);
        }
    }
    match root.field("message_reaction") {
        Some(reaction) => Ok(vec![reacted(&reaction, &update, connection)?]),
        None => unknown(&root, &update),
    }
}

fn frame(message: &Node<'_>, time: &'static str) -> Result<Frame, InteropError> {
    let at = message.need(time)?.instant(TimeFormat::Seconds)?;
    Ok(Frame { vendor: VENDOR, at, conversation: chat_id(message)? })
}

fn chat_id(message: &Node<'_>) -> Result<String, InteropError> {
    message.need("chat")?.need("id")?.raw_id()
}

/// In a group each person has a conversation of their own, and an answer belongs to the person answered.
fn thread(message: &Node<'_>, by: &Actor) -> Result<String, InteropError> {
    let chat = chat_id(message)?;
    if surface(message)?.kind != SurfaceKind::Group {
        return Ok(chat);
    }
    let answered = message.at(&["reply_to_message", "from", "id"]);
    match (by, answered) {
        (Actor::Customer(person), _) => Ok(format!("{chat}/{person}")),
        (_, Some(person)) => Ok(format!("{chat}/{}", person.raw_id()?)),
        (_, None) => Ok(chat),
    }
}

/// Who wrote: a person, a program, or a channel or group that speaks for itself.
fn author(message: &Node<'_>, connection: &Connection) -> Result<Actor, InteropError> {
    let from = message.field("from").or_else(|| message.field("user"));
    let Some(from) = from.map_or_else(|| message.field("sender_chat"), Some) else {
        return Ok(Actor::System);
    };
    let id = from.need("id")?;
    let own = connection.owns(&id.raw_id()?);
    match (own, from.flag("is_bot")?) {
        (true, true) => id.id(AgentId::new).map(Actor::Bot),
        (true, false) => id.id(AgentId::new).map(Actor::Agent),
        (false, _) => id.id(CustomerId::new).map(Actor::Customer),
    }
}

/// The name of a message: its number, with the chat in which it is unique.
fn message_id(message: &Node<'_>, chat: &str) -> Result<MessageId, InteropError> {
    let number = message.need("message_id")?;
    number.name(MessageId::new, format!("{chat}/{}", number.raw_id()?))
}

fn written(message: &Node<'_>, update: &str, connection: &Connection) -> Result<Event, InteropError> {
    let by = author(message, connection)?;
    let frame = Frame { conversation: thread(message, &by)?, ..frame(message, "date")? };
    let content = content(message, &by, connection)?;
    let what = if content.text.expose().is_empty() && content.attachments.is_empty() {
        other(VENDOR, "service_message")
    } else {
        EventKind::Message(content)
    };
    frame.event(message, update, by, what)
}

fn content(node: &Node<'_>, by: &Actor, connection: &Connection) -> Result<Message, InteropError> {
    let chat = chat_id(node)?;
    let mut message = Message::on(surface(node)?);
    message.text = text(node)?;
    message.id = Some(message_id(node, &chat)?);
    message.in_reply_to = node.field("reply_to_message").map(|to| message_id(&to, &chat)).transpose()?;
    message.echo = by.customer().is_none() && connection.echoes();
    if let Some(from) = node.field("from") {
        message.handle =
            from.sensitive("username")?.map_or_else(|| from.sensitive("first_name"), |h| Ok(Some(h)))?;
    }
    for name in
        ["photo", "document", "sticker", "voice", "audio", "video", "video_note", "animation", "location"]
    {
        // An animation is sent as a document too.
        let twice = name == "document" && node.has("animation");
        if let (Some(file), false) = (node.field(name), twice) {
            let named = file.sensitive("file_name").unwrap_or_default();
            message.attachments.extend(attachment(name).map(|file| Attachment { name: named, ..file }));
        }
    }
    Ok(message)
}

fn text(node: &Node<'_>) -> Result<Sensitive<String>, InteropError> {
    let text = node.sensitive("text")?;
    Ok(text.map_or_else(|| node.sensitive("caption"), |text| Ok(Some(text)))?.unwrap_or_default())
}

fn surface(message: &Node<'_>) -> Result<Surface, InteropError> {
    Ok(match message.need("chat")?.text("type")? {
        Some("private") => Surface::new(Channel::Telegram, SurfaceKind::Chat),
        Some("group" | "supergroup") => Surface::new(Channel::Telegram, SurfaceKind::Group),
        _ => Surface { channel: Channel::Telegram, kind: SurfaceKind::Post, visibility: Visibility::Public },
    })
}

fn edited(message: &Node<'_>, update: &str, connection: &Connection) -> Result<Event, InteropError> {
    let by = author(message, connection)?;
    let frame = Frame { conversation: thread(message, &by)?, ..frame(message, "edit_date")? };
    let id = message_id(message, &chat_id(message)?)?;
    let what = EventKind::Edited(Edited { message: id, text: text(message)? });
    frame.event(message, update, by, what)
}

fn reacted(reaction: &Node<'_>, update: &str, connection: &Connection) -> Result<Event, InteropError> {
    let by = author(reaction, connection)?;
    let frame = Frame { conversation: thread(reaction, &by)?, ..frame(reaction, "date")? };
    let message = message_id(reaction, &chat_id(reaction)?)?;
    let new = reaction.list("new_reaction")?;
    let what = match new.first() {
        None => other(VENDOR, "reaction_removed"),
        Some(first) => EventKind::Reaction(Reaction { message, favourable: favourable(first)? }),
    };
    frame.event(reaction, update, by, what)
}

/// The reactions that leave no doubt; the others are not guessed.
fn favourable(reaction: &Node<'_>) -> Result<Option<bool>, InteropError> {
    Ok(match reaction.text("emoji")? {
        Some("👍" | "❤" | "🥰" | "👏" | "🎉" | "🙏" | "😍" | "💯") => Some(true),
        Some("👎" | "🤬" | "🤮" | "💩" | "🖕" | "😡") => Some(false),
        _ => None,
    })
}

/// An update of another kind: an event where it has a chat and an instant, nothing where it has none.
fn unknown(root: &Node<'_>, update: &str) -> Result<Vec<Event>, InteropError> {
    let known =
        ["callback_query", "my_chat_member", "chat_member", "chat_join_request", "message_reaction_count"];
    let Some((name, inside)) = known.into_iter().find_map(|name| Some((name, root.field(name)?))) else {
        return Ok(Vec::new());
    };
    let place = inside.field("message").unwrap_or(inside);
    if !place.has("chat") || !place.has("date") {
        return Ok(Vec::new());
    }
    Ok(vec![frame(&place, "date")?.event(root, update, Actor::System, other(VENDOR, name))?])
}
