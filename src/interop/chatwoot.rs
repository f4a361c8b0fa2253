//! Chatwoot's webhooks.
//!
//! Source: <https://www.chatwoot.com/hc/user-guide/articles/1677693021-how-to-use-webhooks> and the
//! event data of Chatwoot 4.14 (2026-11). One payload mixes whole seconds, fractions of seconds and
//! written instants; message types come as words or as numbers.
//!
//! A conversation is named by account and number, since the number alone is unique within an account
//! only; where a payload names no account, the first of [`Connection::own`] is taken. Of Chatwoot's
//! states, `pending` (a bot has it) becomes *new* and `snoozed` *on hold*.

use serde_json::Value;

use super::read::{Frame, Node, attachment, message_id, other};
use super::{Connection, InteropError};
use crate::model::{
    Actor, AgentId, Assigned, Channel, CustomerId, Deleted, Edited, Event, EventKind, Message, MessageId,
    Priority, PriorityChanged, QueueId, Rated, Rating, Status, StatusChanged, Surface, SurfaceKind, Tag,
    Tagged, Visibility,
};

const VENDOR: &str = "chatwoot";

/// Reads one webhook body.
///
/// ```
/// use galateo::interop::{Connection, chatwoot};
/// let payload = serde_json::json!({
///     "event": "message_created", "id": 9, "content": "Dov'è il pacco?", "message_type": "incoming",
///     "created_at": "2026-12-07 15:02:11 UTC", "private": false, "sender": {"id": 4, "type": "contact"},
///     "conversation": {"id": 17, "channel": "Channel::Whatsapp"}, "account": {"id": 1}
/// });
/// let events = chatwoot::events(&payload, &Connection::default())?;
/// assert_eq!(events[0].conversation.as_str(), "chatwoot/1/17");
/// # Ok::<(), galateo::interop::InteropError>(())
/// ```
///
/// # Errors
/// An [`InteropError`] where the payload is not what Chatwoot documents.
pub fn events(payload: &Value, connection: &Connection) -> Result<Vec<Event>, InteropError> {
    let root = Node::root(payload);
    match root.need("event")?.str()? {
        "message_created" => Ok(vec![created(&root, connection)?]),
        "message_updated" => Ok(vec![updated(&root, connection)?]),
        "conversation_created" | "conversation_status_changed" => Ok(vec![status(&root, connection)?]),
        "conversation_updated" => changes(&root, connection),
        kind => Ok(vec![unknown(&root, connection, kind)?]),
    }
}

fn created(root: &Node<'_>, connection: &Connection) -> Result<Event, InteropError> {
    let frame = message_frame(root, connection, "created_at")?;
    let id = root.need("id")?.raw_id()?;
    let kind = root.need("message_type")?;
    let (by, own) = match kind.whole() {
        Some(0) => (contact(root)?, false),
        Some(1) => (sender(root)?, true),
        Some(3) => (Actor::System, true),
        Some(_) => return frame.event(root, &id, Actor::System, other(VENDOR, "activity")),
        None => match kind.str()? {
            "incoming" => (contact(root)?, false),
            "outgoing" => (sender(root)?, true),
            "template" => (Actor::System, true),
            word => return frame.event(root, &id, Actor::System, other(VENDOR, word)),
        },
    };
    let mut message = message(root)?;
    message.echo = own && connection.echoes();
    frame.event(root, &id, by, EventKind::Message(message))
}

fn message_frame(
    root: &Node<'_>,
    connection: &Connection,
    time: &'static str,
) -> Result<Frame, InteropError> {
    let conversation = root.need("conversation")?;
    let number = conversation.need_any(&["id", "display_id"])?.raw_id()?;
    Ok(Frame {
        vendor: VENDOR,
        at: root.need(time)?.seconds_or_written()?,
        conversation: format!("{}/{number}", account(root, connection)?),
    })
}

fn account(root: &Node<'_>, connection: &Connection) -> Result<String, InteropError> {
    let named = root.at(&["account", "id"]).or_else(|| root.field("account_id"));
    match (named, connection.own.first()) {
        (Some(id), _) => id.raw_id(),
        (None, Some(own)) => Ok(own.as_str().to_owned()),
        (None, None) => root.need("account").map(|_| String::new()),
    }
}

fn contact(root: &Node<'_>) -> Result<Actor, InteropError> {
    let person = root.need_any(&["sender", "contact"])?;
    person.need("id")?.id(CustomerId::new).map(Actor::Customer)
}

/// The person or bot who wrote for the company; a message sent by a rule has none.
fn sender(root: &Node<'_>) -> Result<Actor, InteropError> {
    let Some(sender) = root.field("sender") else { return Ok(Actor::System) };
    let id = sender.need("id")?.id(AgentId::new)?;
    let is_bot = sender.text("type")?.is_some_and(|kind| kind.to_ascii_lowercase().contains("bot"));
    Ok(if is_bot { Actor::Bot(id) } else { Actor::Agent(id) })
}

fn message(root: &Node<'_>) -> Result<Message, InteropError> {
    let mut message = Message::on(surface(root)?);
    message.text = root.sensitive("content")?.unwrap_or_default();
    message.id = message_id(root.field("id"))?;
    message.in_reply_to = message_id(root.at(&["content_attributes", "in_reply_to"]))?;
    if let Some(person) = root.field("sender").filter(|sender| !sender.is("type", "user")) {
        message.handle = person.sensitive("name")?;
    }
    for item in root.list("attachments")? {
        message.attachments.extend(item.text("file_type")?.and_then(attachment));
    }
    Ok(message)
}

fn surface(root: &Node<'_>) -> Result<Surface, InteropError> {
    let conversation = root.need("conversation")?;
    let is_tweet =
        conversation.field("additional_attributes").is_some_and(|attributes| attributes.is("type", "tweet"));
    let surface = match conversation.text("channel")?.unwrap_or_default() {
        "Channel::TwitterProfile" if is_tweet => Surface::new(Channel::X, SurfaceKind::Mention),
        name => by_channel(name),
    };
    Ok(if root.flag("private")? { note(surface.channel) } else { surface })
}

fn note(channel: Channel) -> Surface {
    Surface { channel, kind: SurfaceKind::Note, visibility: Visibility::Internal }
}

fn by_channel(name: &str) -> Surface {
    let (channel, kind) = match name.trim_start_matches("Channel::") {
        "Email" => (Channel::Email, SurfaceKind::Email),
        "FacebookPage" => (Channel::Messenger, SurfaceKind::Chat),
        "Instagram" => (Channel::Instagram, SurfaceKind::DirectMessage),
        "Line" => (Channel::Line, SurfaceKind::Chat),
        "Sms" | "TwilioSms" => (Channel::Sms, SurfaceKind::TextMessage),
        "Telegram" => (Channel::Telegram, SurfaceKind::Chat),
        "Tiktok" => (Channel::TikTok, SurfaceKind::DirectMessage),
        "TwitterProfile" => (Channel::X, SurfaceKind::DirectMessage),
        "Voice" => (Channel::Phone, SurfaceKind::Call),
        "WebWidget" => (Channel::WebChat, SurfaceKind::Chat),
        "Whatsapp" => (Channel::WhatsApp, SurfaceKind::Chat),
        unknown => (Channel::from_word(unknown).unwrap_or(Channel::WebChat), unknown_kind()),
    };
    Surface::new(channel, kind)
}

/// A kind of surface that counts as public, the careful reading of an unknown inbox.
fn unknown_kind() -> SurfaceKind {
    SurfaceKind::from_word("inbox").unwrap_or(SurfaceKind::Post)
}

/// A changed message: gone, rated, or reading differently.
fn updated(root: &Node<'_>, connection: &Connection) -> Result<Event, InteropError> {
    let time = if root.has("updated_at") { "updated_at" } else { "created_at" };
    let frame = message_frame(root, connection, time)?;
    let id = root.need("id")?;
    let event = format!("{}/{}", id.raw_id()?, frame.at.as_millis());
    let (by, message) = (author(root)?, id.id(MessageId::new)?);
    if root.field("content_attributes").map(|attributes| attributes.flag("deleted")).transpose()?
        == Some(true)
    {
        return frame.event(root, &event, by, EventKind::Deleted(Deleted { message }));
    }
    if let Some(stars) = rating(root) {
        let by = person_rating(root)?;
        return frame.event(root, &event, by, EventKind::Rated(Rated { stars }));
    }
    let text = root.sensitive("content")?.unwrap_or_default();
    frame.event(root, &event, by, EventKind::Edited(Edited { message, text }))
}

fn author(root: &Node<'_>) -> Result<Actor, InteropError> {
    let incoming = root.is("message_type", "incoming")
        || root.field("message_type").and_then(|kind| kind.whole()) == Some(0);
    if incoming { contact(root) } else { sender(root) }
}

fn rating(root: &Node<'_>) -> Option<Rating> {
    let stars = root.at(&["content_attributes", "submitted_values", "csat_survey_response", "rating"])?;
    Rating::new(u8::try_from(stars.whole()?).ok()?)
}

fn person_rating(root: &Node<'_>) -> Result<Actor, InteropError> {
    let person = root.at(&["conversation", "contact_inbox", "contact_id"]);
    person.map_or(Ok(Actor::System), |id| id.id(CustomerId::new).map(Actor::Customer))
}

fn conversation_frame(root: &Node<'_>, connection: &Connection) -> Result<Frame, InteropError> {
    let number = root.need_any(&["id", "display_id"])?.raw_id()?;
    Ok(Frame {
        vendor: VENDOR,
        at: root.need_any(&["updated_at", "timestamp", "created_at"])?.seconds_or_written()?,
        conversation: format!("{}/{number}", account(root, connection)?),
    })
}

fn status(root: &Node<'_>, connection: &Connection) -> Result<Event, InteropError> {
    let frame = conversation_frame(root, connection)?;
    let what = match by_status(root.need("status")?.str()?) {
        Some(to) => EventKind::Status(StatusChanged { to }),
        None => other(VENDOR, "status"),
    };
    frame.event(root, &moment(&frame), Actor::System, what)
}

fn moment(frame: &Frame) -> String {
    format!("{}/{}", frame.conversation, frame.at.as_millis())
}

fn by_status(word: &str) -> Option<Status> {
    match word {
        "open" => Some(Status::Open),
        "pending" => Some(Status::New),
        "resolved" => Some(Status::Solved),
        "snoozed" => Some(Status::OnHold),
        _ => None,
    }
}

fn changes(root: &Node<'_>, connection: &Connection) -> Result<Vec<Event>, InteropError> {
    let frame = conversation_frame(root, connection)?;
    let mut kinds = Vec::new();
    for change in root.list("changed_attributes")? {
        kinds.extend(change_of(&change)?);
    }
    if root.list("changed_attributes")?.iter().any(|c| c.has("assignee_id") || c.has("team_id")) {
        kinds.push(EventKind::Assigned(assignment(root)?));
    }
    if kinds.is_empty() {
        kinds.push(other(VENDOR, "conversation_updated"));
    }
    kinds.into_iter().map(|what| frame.event(root, &moment(&frame), Actor::System, what)).collect()
}

fn change_of(change: &Node<'_>) -> Result<Option<EventKind>, InteropError> {
    if let Some(word) = change.at(&["status", "current_value"]) {
        return Ok(by_status(word.str()?).map(|to| EventKind::Status(StatusChanged { to })));
    }
    if let Some(word) = change.at(&["priority", "current_value"]) {
        return Ok(Priority::from_word(word.str()?).map(|to| EventKind::Priority(PriorityChanged { to })));
    }
    match change.field("label_list") {
        Some(labels) => Ok(Some(EventKind::Tagged(tags(&labels)?))),
        None => Ok(None),
    }
}

fn tags(labels: &Node<'_>) -> Result<Tagged, InteropError> {
    let read = |name| labels.list(name)?.iter().map(|tag| tag.id(Tag::new)).collect::<Result<Vec<_>, _>>();
    let (before, now) = (read("previous_value")?, read("current_value")?);
    let only =
        |some: &[Tag], others: &[Tag]| some.iter().filter(|tag| !others.contains(tag)).cloned().collect();
    Ok(Tagged { add: only(&now, &before), remove: only(&before, &now) })
}

fn assignment(root: &Node<'_>) -> Result<Assigned, InteropError> {
    let queue = root.at(&["meta", "team", "id"]).map(|id| id.id(QueueId::new)).transpose()?;
    let agent = root.at(&["meta", "assignee", "id"]).map(|id| id.id(AgentId::new)).transpose()?;
    Ok(Assigned { queue, agent })
}

/// An event that is not mapped; it needs a conversation and an instant all the same.
fn unknown(root: &Node<'_>, connection: &Connection, kind: &str) -> Result<Event, InteropError> {
    let place = root.field("conversation").unwrap_or_else(|| root.clone());
    let number = place.need_any(&["id", "display_id"])?.raw_id()?;
    let times = ["updated_at", "timestamp", "created_at", "last_activity_at"];
    let time = root.need_any(&times).or_else(|_| place.need_any(&times))?;
    let conversation = format!("{}/{number}", account(root, connection)?);
    let frame = Frame { vendor: VENDOR, at: time.seconds_or_written()?, conversation };
    let id = format!("{}/{}", moment(&frame), kind);
    frame.event(root, &id, Actor::System, other(VENDOR, kind))
}
