//! Webhooks of the WhatsApp Business Platform (Cloud API).
//!
//! Source: <https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages>
//! and its pages on `edit`, `revoke` and `smb_message_echoes` (2026-07). Instants are seconds in digits.
//! A customer is named by the business-scoped user identifier, which needs no phone number, and by the
//! number where there is none: a host that keeps numbers out of its logs puts its own identifiers in
//! their place. One who changes numbers is merged into the new record.

use serde_json::Value;

use super::read::{Frame, Node, attachment, message_id, other};
use super::{Connection, InteropError, TimeFormat};
use crate::model::{
    Actor, AgentId, Attachment, AttachmentKind, Channel, CustomerId, Deleted, Delivery, DeliveryState,
    Edited, Event, EventKind, IdentityMerged, Message, MessageId, Opened, Opener, Reaction, Sensitive,
    Surface, SurfaceKind,
};

const VENDOR: &str = "whatsapp";

/// Reads one webhook body.
///
/// ```
/// use galateo::interop::{Connection, whatsapp};
/// let payload = serde_json::json!({"object": "whatsapp_business_account", "entry": [{"id": "0", "changes": [{
///     "field": "messages", "value": {"metadata": {"phone_number_id": "106540352242922"}, "messages": [{
///         "from": "393331234567", "id": "wamid.A1", "timestamp": "1796054400", "type": "text",
///         "text": {"body": "Ciao"}}]}}]}]});
/// let events = whatsapp::events(&payload, &Connection::default())?;
/// assert_eq!(events[0].conversation.as_str(), "whatsapp/106540352242922/393331234567");
/// # Ok::<(), galateo::interop::InteropError>(())
/// ```
///
/// # Errors
/// An [`InteropError`] where the payload is not what WhatsApp documents.
pub fn events(payload: &Value, connection: &Connection) -> Result<Vec<Event>, InteropError> {
    let mut events = Vec::new();
    for entry in Node::root(payload).list("entry")? {
        for change in entry.list("changes")? {
            let value = change.need("value")?;
            read(&value, connection, &mut events)?;
        }
    }
    Ok(events)
}

fn read(value: &Node<'_>, connection: &Connection, events: &mut Vec<Event>) -> Result<(), InteropError> {
    let number = match value.at(&["metadata", "phone_number_id"]) {
        Some(id) => id.raw_id()?,
        None => return Ok(()),
    };
    for item in value.list("messages")? {
        events.extend(received(value, &item, &number)?);
    }
    for item in value.list("message_echoes")? {
        events.push(echoed(&item, &number, connection)?);
    }
    for item in value.list("statuses")? {
        events.push(delivered(&item, &number)?);
    }
    for item in value.list("calls")? {
        events.push(called(&item, &number)?);
    }
    Ok(())
}

fn frame(item: &Node<'_>, number: &str, with: &str) -> Result<Frame, InteropError> {
    let conversation = match item.field("group_id") {
        Some(group) => format!("{number}/group/{}/{with}", group.raw_id()?),
        None => format!("{number}/{with}"),
    };
    Ok(Frame { vendor: VENDOR, at: item.need("timestamp")?.instant(TimeFormat::Seconds)?, conversation })
}

/// The customer's message or what they did to one; an advertisement that led to it opens a window of its own.
fn received(value: &Node<'_>, item: &Node<'_>, number: &str) -> Result<Vec<Event>, InteropError> {
    let person = item.need_any(&["from_user_id", "from"])?;
    let by = Actor::Customer(person.id(CustomerId::new)?);
    let frame = frame(item, number, &person.raw_id()?)?;
    let id = item.need("id")?.raw_id()?;
    let mut what = content(item)?;
    if let EventKind::Message(message) = &mut what {
        message.handle = profile_name(value)?;
    }
    let mut events = vec![frame.event(item, &id, by.clone(), what)?];
    if item.field("referral").is_some_and(|referral| referral.is("source_type", "ad")) {
        events.push(frame.event(item, &id, by, EventKind::Opened(Opened { by: Opener::AdClick }))?);
    }
    Ok(events)
}

fn profile_name(value: &Node<'_>) -> Result<Option<Sensitive<String>>, InteropError> {
    let contacts = value.list("contacts")?;
    let profile = contacts.first().and_then(|contact| contact.field("profile"));
    profile.map_or(Ok(None), |profile| profile.sensitive("name"))
}

fn content(item: &Node<'_>) -> Result<EventKind, InteropError> {
    match item.need("type")?.str()? {
        "text" => spoken(item, &["text", "body"]),
        "button" => spoken(item, &["button", "text"]),
        "interactive" => chosen(item),
        kind if MEDIA.contains(&kind) => media(item),
        "reaction" => reaction(item),
        "edit" => edited(item),
        "revoke" => revoked(item),
        "system" => system(item),
        kind => Ok(other(VENDOR, kind)),
    }
}

fn message(item: &Node<'_>) -> Result<Message, InteropError> {
    let kind = if item.has("group_id") { SurfaceKind::Group } else { SurfaceKind::Chat };
    let mut message = Message::on(Surface::new(Channel::WhatsApp, kind));
    message.id = message_id(item.field("id"))?;
    message.in_reply_to = message_id(item.at(&["context", "id"]))?;
    Ok(message)
}

fn spoken(item: &Node<'_>, way: &[&'static str]) -> Result<EventKind, InteropError> {
    let mut message = message(item)?;
    if let Some(text) = item.at(way) {
        message.text = Sensitive::from(text.str()?);
    }
    Ok(EventKind::Message(message))
}

/// The title of the button or list entry that was chosen.
fn chosen(item: &Node<'_>) -> Result<EventKind, InteropError> {
    let list = ["interactive", "list_reply", "title"];
    let way = if item.at(&list).is_some() { list } else { ["interactive", "button_reply", "title"] };
    spoken(item, &way)
}

/// Types that carry a file or a place, each under a field of its own name.
const MEDIA: [&str; 7] = ["image", "video", "audio", "voice", "document", "sticker", "location"];

fn media(item: &Node<'_>) -> Result<EventKind, InteropError> {
    let mut message = message(item)?;
    if let Some((kind, file)) = MEDIA.iter().find_map(|kind| Some((*kind, item.field(kind)?))) {
        message.text = file.sensitive("caption")?.unwrap_or_default();
        let kind = attachment(kind).map_or(AttachmentKind::File, |attachment| attachment.kind);
        message.attachments.push(Attachment { kind, name: file.sensitive("filename")? });
    }
    Ok(EventKind::Message(message))
}

/// A reaction; an empty emoji takes one back, and whether one is well meant is not guessed.
fn reaction(item: &Node<'_>) -> Result<EventKind, InteropError> {
    let reaction = item.need("reaction")?;
    if reaction.text("emoji")?.unwrap_or_default().is_empty() {
        return Ok(other(VENDOR, "reaction_removed"));
    }
    let message = reaction.need("message_id")?.id(MessageId::new)?;
    Ok(EventKind::Reaction(Reaction { message, favourable: None }))
}

fn edited(item: &Node<'_>) -> Result<EventKind, InteropError> {
    let edit = item.need("edit")?;
    let message = edit.need("original_message_id")?.id(MessageId::new)?;
    let new = edit.need("message")?;
    let text = match new.at(&["text", "body"]) {
        Some(body) => Some(Sensitive::from(body.str()?)),
        None => ["image", "video", "document"]
            .iter()
            .find_map(|kind| new.field(kind))
            .map_or(Ok(None), |media| media.sensitive("caption"))?,
    };
    Ok(EventKind::Edited(Edited { message, text: text.unwrap_or_default() }))
}

fn revoked(item: &Node<'_>) -> Result<EventKind, InteropError> {
    let message = item.need("revoke")?.need("original_message_id")?.id(MessageId::new)?;
    Ok(EventKind::Deleted(Deleted { message }))
}

fn system(item: &Node<'_>) -> Result<EventKind, InteropError> {
    let system = item.need("system")?;
    match system.field("user_id").or_else(|| system.field("wa_id")).or_else(|| system.field("new_wa_id")) {
        Some(new) => Ok(EventKind::IdentityMerged(IdentityMerged { other: new.id(CustomerId::new)? })),
        None => Ok(other(VENDOR, "system")),
    }
}

/// A message of the company's own, sent with the telephone application.
fn echoed(item: &Node<'_>, number: &str, connection: &Connection) -> Result<Event, InteropError> {
    let frame = frame(item, number, &item.need_any(&["to_user_id", "to"])?.raw_id()?)?;
    let mut what = content(item)?;
    if let EventKind::Message(message) = &mut what {
        message.echo = connection.echoes();
    }
    let by = Actor::Agent(item.name(AgentId::new, number.to_owned())?);
    frame.event(item, &item.need("id")?.raw_id()?, by, what)
}

fn delivered(item: &Node<'_>, number: &str) -> Result<Event, InteropError> {
    let frame = frame(item, number, &item.need_any(&["recipient_user_id", "recipient_id"])?.raw_id()?)?;
    let id = item.need("id")?;
    let word = item.need("status")?.str()?;
    let what = match DeliveryState::from_word(word) {
        Some(state) => EventKind::Delivery(Delivery { message: id.id(MessageId::new)?, state }),
        None => other(VENDOR, word),
    };
    frame.event(item, &format!("{}/{word}", id.raw_id()?), Actor::System, what)
}

/// A call; one by the customer opens the messaging window.
fn called(item: &Node<'_>, number: &str) -> Result<Event, InteropError> {
    let event = item.text("event")?.unwrap_or("call");
    let id = format!("{}/{event}", item.need("id")?.raw_id()?);
    if event == "connect" && !item.is("direction", "BUSINESS_INITIATED") {
        let person = item.need_any(&["from_user_id", "from"])?;
        let by = Actor::Customer(person.id(CustomerId::new)?);
        let what = EventKind::Opened(Opened { by: Opener::UserCall });
        return frame(item, number, &person.raw_id()?)?.event(item, &id, by, what);
    }
    let own = item.is("direction", "BUSINESS_INITIATED");
    let with = if own { ["to_user_id", "to", "from"] } else { ["from_user_id", "from", "to"] };
    let person = item.need_any(&with)?.raw_id()?;
    frame(item, number, &person)?.event(item, &id, Actor::System, other(VENDOR, event))
}
