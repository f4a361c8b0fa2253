//! Zammad's webhooks, with their default payload.
//!
//! Source: <https://admin-docs.zammad.org/en/latest/manage/webhook/payload.html> (2026-11). A payload
//! shows a ticket and the article that set the trigger off; without an article it shows the ticket's
//! state and priority alone. References come as words or as records with a `name`.

use serde_json::Value;

use super::read::{Frame, Node, other};
use super::{Connection, InteropError, TimeFormat, plain_text};
use crate::model::{
    Actor, AgentId, Attachment, AttachmentKind, Channel, CustomerId, Event, EventKind, Message, MessageId,
    Priority, PriorityChanged, Sensitive, Status, StatusChanged, Surface, SurfaceKind, Visibility,
};

const VENDOR: &str = "zammad";

/// Reads one webhook body.
///
/// ```
/// use galateo::interop::{Connection, zammad};
/// let payload = serde_json::json!({
///     "ticket": {"id": 81, "customer": {"id": 12}},
///     "article": {"id": 104, "body": "<p>Il pacco &egrave; rotto</p>", "content_type": "text/html",
///         "type": "email", "sender": "Customer", "internal": false, "created_at": "2026-12-07T15:02:11.282Z",
///         "created_by_id": 12}
/// });
/// let events = zammad::events(&payload, &Connection::default())?;
/// assert_eq!(events[0].message().unwrap().text.expose(), "Il pacco è rotto");
/// # Ok::<(), galateo::interop::InteropError>(())
/// ```
///
/// # Errors
/// An [`InteropError`] where the payload is not what Zammad documents.
pub fn events(payload: &Value, connection: &Connection) -> Result<Vec<Event>, InteropError> {
    let root = Node::root(payload);
    let ticket = root.need("ticket")?;
    match root.field("article").filter(|article| article.has("id")) {
        Some(article) => Ok(vec![written(&ticket, &article, connection)?]),
        None => state(&ticket),
    }
}

fn written(ticket: &Node<'_>, article: &Node<'_>, connection: &Connection) -> Result<Event, InteropError> {
    let frame = Frame {
        vendor: VENDOR,
        at: article.need("created_at")?.instant(TimeFormat::Written)?,
        conversation: ticket.need("id")?.raw_id()?,
    };
    let by = author(ticket, article)?;
    let mut message = message(article)?;
    let internal = message.surface.visibility == Visibility::Internal;
    message.echo = by.customer().is_none() && !internal && connection.echoes();
    frame.event(article, &article.need("id")?.raw_id()?, by, EventKind::Message(message))
}

/// A reference's word, sent as a text or as a record with a name.
fn word<'a>(node: &Node<'a>, name: &'static str) -> Result<Option<&'a str>, InteropError> {
    let Some(field) = node.field(name) else { return Ok(None) };
    match field.field("name") {
        Some(named) => named.str().map(Some),
        None => field.str().map(Some),
    }
}

fn author(ticket: &Node<'_>, article: &Node<'_>) -> Result<Actor, InteropError> {
    match word(article, "sender")? {
        Some("Customer") => {
            let writer = article.field("origin_by_id").or_else(|| article.field("created_by_id"));
            let person = writer.map_or_else(|| ticket.need("customer")?.need("id"), Ok)?;
            person.id(CustomerId::new).map(Actor::Customer)
        }
        Some("Agent") => article.need("created_by_id")?.id(AgentId::new).map(Actor::Agent),
        _ => Ok(Actor::System),
    }
}

fn message(article: &Node<'_>) -> Result<Message, InteropError> {
    let mut message = Message::on(surface(article)?);
    let body = article.text("body")?.unwrap_or_default();
    if article.text("content_type")?.is_some_and(|kind| kind.starts_with("text/html")) {
        let plain = plain_text(body);
        (message.text, message.quoted) = (plain.text, plain.quoted);
    } else {
        message.text = Sensitive::from(body);
    }
    message.id = Some(article.need("id")?.id(MessageId::new)?);
    message.handle = article.sensitive("from")?;
    for item in article.list("attachments")? {
        message.attachments.push(Attachment { kind: kind_of(&item)?, name: item.sensitive("filename")? });
    }
    Ok(message)
}

fn kind_of(item: &Node<'_>) -> Result<AttachmentKind, InteropError> {
    let preferences = item.field("preferences");
    let kind = preferences.map(|preferences| preferences.text("Content-Type")).transpose()?.flatten();
    Ok(match kind.and_then(|kind| kind.split('/').next()) {
        Some("image") => AttachmentKind::Image,
        Some("audio") => AttachmentKind::Audio,
        Some("video") => AttachmentKind::Video,
        _ => AttachmentKind::File,
    })
}

fn surface(article: &Node<'_>) -> Result<Surface, InteropError> {
    let mut surface = by_type(word(article, "type")?.unwrap_or_default());
    if article.flag("internal")? || surface.kind == SurfaceKind::Note {
        surface.visibility = Visibility::Internal;
    }
    Ok(surface)
}

/// The article types of Zammad (2026-11); an unknown one counts as public.
fn by_type(name: &str) -> Surface {
    let (channel, kind) = match name {
        "chat" | "web" => (Channel::WebChat, SurfaceKind::Chat),
        "email" => (Channel::Email, SurfaceKind::Email),
        "facebook feed post" => (Channel::Facebook, SurfaceKind::Post),
        "facebook feed comment" => (Channel::Facebook, SurfaceKind::Comment),
        "facebook direct-message" => (Channel::Messenger, SurfaceKind::Chat),
        "note" => (Channel::WebChat, SurfaceKind::Note),
        "phone" => (Channel::Phone, SurfaceKind::Call),
        "sms" => (Channel::Sms, SurfaceKind::TextMessage),
        "telegram personal-message" => (Channel::Telegram, SurfaceKind::Chat),
        "twitter status" => (Channel::X, SurfaceKind::Post),
        "twitter direct-message" => (Channel::X, SurfaceKind::DirectMessage),
        "whatsapp message" => (Channel::WhatsApp, SurfaceKind::Chat),
        _ => (Channel::WebChat, SurfaceKind::Post),
    };
    Surface::new(channel, kind)
}

fn state(ticket: &Node<'_>) -> Result<Vec<Event>, InteropError> {
    let id = ticket.need("id")?.raw_id()?;
    let at = ticket.need("updated_at")?.instant(TimeFormat::Written)?;
    let moment = format!("{id}/{}", at.as_millis());
    let frame = Frame { vendor: VENDOR, at, conversation: id };
    let status = word(ticket, "state")?.map(by_state);
    let priority = word(ticket, "priority")?.and_then(by_priority);
    let priority = priority.map(|to| EventKind::Priority(PriorityChanged { to }));
    let mut kinds: Vec<EventKind> = status.into_iter().chain(priority).collect();
    if kinds.is_empty() {
        kinds.push(other(VENDOR, "ticket"));
    }
    kinds.into_iter().map(|what| frame.event(ticket, &moment, Actor::System, what)).collect()
}

fn by_state(name: &str) -> EventKind {
    let to = match name {
        "new" => Status::New,
        "open" => Status::Open,
        "pending reminder" | "pending close" => Status::Pending,
        "closed" | "merged" => Status::Closed,
        _ => return other(VENDOR, "state"),
    };
    EventKind::Status(StatusChanged { to })
}

/// A priority by its rank, as in `2 normal`, or by its word.
fn by_priority(name: &str) -> Option<Priority> {
    match name.split(' ').next_back()? {
        "low" => Some(Priority::Low),
        "normal" => Some(Priority::Normal),
        "high" => Some(Priority::High),
        "urgent" => Some(Priority::Urgent),
        _ => None,
    }
}
