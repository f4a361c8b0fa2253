//! Zendesk's ticket event webhooks.
//!
//! Source: <https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events> (2026-11).
//! Enumerations come in capitals here and in small letters over REST; both are read. `is_public: false`
//! means a note among colleagues.

use serde_json::Value;

use super::read::{Frame, Node, message_id, other};
use super::{Connection, InteropError, Problem, TimeFormat};
use crate::model::{
    Actor, AgentId, Assigned, Channel, ConversationId, CustomerId, Event, EventKind, Linked, Message,
    Priority, PriorityChanged, QueueId, Status, StatusChanged, Surface, SurfaceKind, Tag, Tagged, Visibility,
};

const VENDOR: &str = "zendesk";

/// Reads one webhook body.
///
/// ```
/// use galateo::interop::{Connection, zendesk};
/// let payload = serde_json::json!({
///     "type": "zen:event-type:ticket.status_changed", "id": "e-1", "time": "2026-12-07T15:02:11.123456789Z",
///     "subject": "zen:ticket:81", "detail": {"id": "81"}, "event": {"current": "SOLVED", "previous": "OPEN"}
/// });
/// let events = zendesk::events(&payload, &Connection::default())?;
/// assert_eq!(events[0].what.name(), "status");
/// # Ok::<(), galateo::interop::InteropError>(())
/// ```
///
/// # Errors
/// An [`InteropError`] where the payload is not what Zendesk documents.
pub fn events(payload: &Value, connection: &Connection) -> Result<Vec<Event>, InteropError> {
    let root = Node::root(payload);
    let detail = root.need("detail")?;
    let frame = Frame {
        vendor: VENDOR,
        at: root.need("time")?.instant(TimeFormat::Written)?,
        conversation: detail.need("id")?.raw_id()?,
    };
    let name = root.need("type")?.str()?;
    let kind = name.rsplit_once(':').map_or(name, |(_, kind)| kind);
    let (by, what) = happened(kind, &root, &detail, connection)?;
    Ok(vec![frame.event(&root, &root.need("id")?.raw_id()?, by, what)?])
}

fn happened(
    kind: &str,
    root: &Node<'_>,
    detail: &Node<'_>,
    connection: &Connection,
) -> Result<(Actor, EventKind), InteropError> {
    let by = actor(detail)?;
    let what = match kind {
        "ticket.comment_added" => return comment(root, detail, connection),
        "ticket.status_changed" => status(&current(root)?)?,
        "ticket.priority_changed" => priority(&current(root)?)?,
        "ticket.tags_changed" => EventKind::Tagged(tags(&root.need("event")?)?),
        "ticket.agent_assignment_changed" | "ticket.group_assignment_changed" => {
            EventKind::Assigned(assignment(detail)?)
        }
        "ticket.merged" => merged(root)?,
        _ => other(VENDOR, kind.trim_start_matches("ticket.")),
    };
    Ok((by, what))
}

fn current<'a>(root: &Node<'a>) -> Result<Node<'a>, InteropError> {
    root.need("event")?.need("current")
}

/// Who changed the ticket, where that was the customer; other changes count as the helpdesk's own.
fn actor(detail: &Node<'_>) -> Result<Actor, InteropError> {
    let id = |name| detail.field(name).map(|id| id.raw_id()).transpose();
    match (id("actor_id")?, detail.field("requester_id")) {
        (Some(actor), Some(requester)) if requester.raw_id()? == actor => {
            requester.id(CustomerId::new).map(Actor::Customer)
        }
        _ => Ok(Actor::System),
    }
}

fn comment(
    root: &Node<'_>,
    detail: &Node<'_>,
    connection: &Connection,
) -> Result<(Actor, EventKind), InteropError> {
    let comment = root.need("event")?.need("comment")?;
    let author = comment.need("author")?;
    let staff = author.flag("is_staff")?;
    let mut message = Message::on(via(detail)?);
    if !comment.need("is_public").and_then(|_| comment.flag("is_public"))? {
        message.surface =
            Surface { kind: SurfaceKind::Note, visibility: Visibility::Internal, ..message.surface };
    }
    message.text = comment.sensitive("body")?.unwrap_or_default();
    message.id = message_id(comment.field("id"))?;
    if !staff {
        message.handle = author.sensitive("name")?;
    }
    message.echo = staff && message.surface.visibility != Visibility::Internal && connection.echoes();
    let id = author.need("id")?;
    let by =
        if staff { Actor::Agent(id.id(AgentId::new)?) } else { Actor::Customer(id.id(CustomerId::new)?) };
    Ok((by, EventKind::Message(message)))
}

/// Where the ticket came from: the names of events and REST, and the numbers of triggers.
fn via(detail: &Node<'_>) -> Result<Surface, InteropError> {
    let Some(via) = detail.at(&["via", "channel"]) else { return Ok(by_name("web")) };
    if let Some(number) = via.whole() {
        return Ok(by_name(numbered(number)));
    }
    Ok(by_name(&via.str()?.to_ascii_lowercase()))
}

/// The numbers of `via_id` (<https://support.zendesk.com/hc/en-us/articles/4408893545882>).
const fn numbered(number: u64) -> &'static str {
    match number {
        0 | 17 | 48 | 50 => "web",
        4 => "email",
        23 | 30 => "twitter",
        26 => "twitter_dm",
        29 => "chat",
        33..=35 | 44..=46 => "voice",
        38 => "facebook_post",
        41 => "facebook_message",
        49 | 56 => "mobile",
        57 => "sms",
        _ => "unknown",
    }
}

fn by_name(name: &str) -> Surface {
    let (channel, kind) = match name {
        "api" | "chat" | "help_center" | "messaging" | "mobile" | "mobile_sdk" | "native_messaging"
        | "web" | "web_form" | "web_service" | "web_widget" => (Channel::WebChat, SurfaceKind::Chat),
        "email" | "mail" => (Channel::Email, SurfaceKind::Email),
        "facebook" | "facebook_post" => (Channel::Facebook, SurfaceKind::Post),
        "facebook_message" | "facebook_messenger" | "messenger" => (Channel::Messenger, SurfaceKind::Chat),
        "google_business_messages" => (Channel::GoogleBusiness, SurfaceKind::Chat),
        "instagram_dm" => (Channel::Instagram, SurfaceKind::DirectMessage),
        "line" => (Channel::Line, SurfaceKind::Chat),
        "phone" | "voice" => (Channel::Phone, SurfaceKind::Call),
        "sms" => (Channel::Sms, SurfaceKind::TextMessage),
        "telegram" => (Channel::Telegram, SurfaceKind::Chat),
        "twitter" => (Channel::X, SurfaceKind::Mention),
        "twitter_dm" | "x_dm" => (Channel::X, SurfaceKind::DirectMessage),
        "viber" => (Channel::Viber, SurfaceKind::Chat),
        "wechat" => (Channel::WeChat, SurfaceKind::Chat),
        "whatsapp" => (Channel::WhatsApp, SurfaceKind::Chat),
        unknown => (Channel::from_word(unknown).unwrap_or(Channel::WebChat), SurfaceKind::Post),
    };
    Surface::new(channel, kind)
}

fn status(node: &Node<'_>) -> Result<EventKind, InteropError> {
    let word = node.str()?.to_ascii_lowercase();
    Ok(Status::from_word(&word)
        .map_or_else(|| other(VENDOR, "status"), |to| EventKind::Status(StatusChanged { to })))
}

fn priority(node: &Node<'_>) -> Result<EventKind, InteropError> {
    let word = node.str()?.to_ascii_lowercase();
    Ok(Priority::from_word(&word)
        .map_or_else(|| other(VENDOR, "priority"), |to| EventKind::Priority(PriorityChanged { to })))
}

fn tags(event: &Node<'_>) -> Result<Tagged, InteropError> {
    let read = |name| event.list(name)?.iter().map(|tag| tag.id(Tag::new)).collect::<Result<Vec<_>, _>>();
    Ok(Tagged { add: read("tags_added")?, remove: read("tags_removed")? })
}

/// Group and agent as they are after the change; `0` stands for none.
fn assignment(detail: &Node<'_>) -> Result<Assigned, InteropError> {
    let named = |name| detail.field(name).filter(|id| !matches!(id.raw_id().as_deref(), Ok("0" | "")));
    let queue = named("group_id").map(|id| id.id(QueueId::new)).transpose()?;
    let agent = named("assignee_id").map(|id| id.id(AgentId::new)).transpose()?;
    Ok(Assigned { queue, agent })
}

fn merged(root: &Node<'_>) -> Result<EventKind, InteropError> {
    let Some(target) = root.at(&["event", "target_ticket_id"]) else { return Ok(other(VENDOR, "merged")) };
    let conversation = ConversationId::new(format!("{VENDOR}/{}", target.raw_id()?));
    let conversation = conversation.map_err(|error| target.fault(Problem::Identifier(error)))?;
    Ok(EventKind::Merged(Linked { conversation }))
}
