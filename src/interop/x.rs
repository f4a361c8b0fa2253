//! X's Account Activity webhooks.
//!
//! Source: <https://docs.x.com/x-api/account-activity/introduction> and `x-api/activity/event-payloads.mdx`
//! of xdevplatform/docs (2026-11). Numeric `id`s are rounded in many JSON readers and in some payloads
//! themselves; only `id_str` is taken where it exists. Posts carry `Wed Feb 05 08:39:31 +0000 2020`,
//! direct messages milliseconds in digits.
//!
//! A post's conversation is its `conversation_id`; payloads without one name the post that is answered,
//! so that a host which wants a long thread as one conversation joins its links itself.

use serde_json::Value;

use super::read::{Frame, Node, attachment, message_id, other};
use super::{Connection, InteropError, Problem, TimeFormat};
use crate::model::{
    Actor, AgentId, Channel, CustomerId, Deleted, Event, EventKind, Language, Message, MessageId, Opened,
    Opener, Reaction, Sensitive, Surface, SurfaceKind,
};

const VENDOR: &str = "x";

/// Reads one webhook body.
///
/// ```
/// use galateo::interop::{Connection, x};
/// let payload = serde_json::json!({"for_user_id": "1", "tweet_create_events": [{
///     "id": 1924465506158879000_u64, "id_str": "1924465506158878979",
///     "created_at": "Mon Dec 07 15:02:11 +0000 2026", "text": "@passaparola dov'è il pacco?",
///     "user": {"id_str": "42", "screen_name": "annamoretti_"},
///     "entities": {"user_mentions": [{"id_str": "1"}]}}]});
/// let events = x::events(&payload, &Connection::default())?;
/// assert_eq!(events[0].id.as_str(), "x/message/1924465506158878979");
/// # Ok::<(), galateo::interop::InteropError>(())
/// ```
///
/// # Errors
/// An [`InteropError`] where the payload is not what X documents.
pub fn events(payload: &Value, connection: &Connection) -> Result<Vec<Event>, InteropError> {
    let root = Node::root(payload);
    let mut house = connection.clone();
    if let Some(own) = root.field("for_user_id") {
        house.own.push(own.id(crate::model::AccountId::new)?);
    }
    let mut events = Vec::new();
    read(&root, "tweet_create_events", &mut events, |item| post(item, &house))?;
    read(&root, "direct_message_events", &mut events, |item| direct(&root, item, &house))?;
    read(&root, "tweet_delete_events", &mut events, deleted)?;
    read(&root, "favorite_events", &mut events, |item| favourite(item, &house))?;
    read(&root, "follow_events", &mut events, |item| follow(item, &house))?;
    Ok(events)
}

fn read<'a>(
    root: &Node<'a>,
    name: &'static str,
    events: &mut Vec<Event>,
    each: impl Fn(&Node<'a>) -> Result<Event, InteropError>,
) -> Result<(), InteropError> {
    for item in root.list(name)? {
        events.push(each(&item)?);
    }
    Ok(())
}

/// The largest number that every reader of JSON keeps exactly: 2⁵³ (RFC 8259, section 6).
const EXACT: u64 = 1 << 53;

/// The exact identifier: `id_str`, or an `id` that is a text or too small to have been rounded.
fn exact<'a>(node: &Node<'a>) -> Result<Node<'a>, InteropError> {
    let id = node.need_any(&["id_str", "id"])?;
    if id.whole().is_some_and(|number| number > EXACT) {
        return Err(id.fault(Problem::Rounded));
    }
    Ok(id)
}

fn author(user: &Node<'_>, house: &Connection) -> Result<Actor, InteropError> {
    let id = exact(user)?;
    if house.owns(&id.raw_id()?) {
        return id.id(AgentId::new).map(Actor::Agent);
    }
    id.id(CustomerId::new).map(Actor::Customer)
}

/// A post; its conversation is the thread, by the post it answers where there is no `conversation_id`.
fn post(item: &Node<'_>, house: &Connection) -> Result<Event, InteropError> {
    let id = exact(item)?;
    let user = item.need("user")?;
    let by = author(&user, house)?;
    let thread = item
        .field("conversation_id_str")
        .or_else(|| item.field("conversation_id"))
        .or_else(|| item.field("in_reply_to_status_id_str"))
        .unwrap_or_else(|| id.clone());
    let frame = Frame {
        vendor: VENDOR,
        at: item.need("created_at")?.instant(TimeFormat::Written)?,
        conversation: thread.raw_id()?,
    };
    if item.has("retweeted_status") {
        return frame.event(item, &id.raw_id()?, by, other(VENDOR, "repost"));
    }
    let message = message(item, &id, &user, &by, house)?;
    frame.event(item, &id.raw_id()?, by, EventKind::Message(message))
}

fn message(
    item: &Node<'_>,
    id: &Node<'_>,
    user: &Node<'_>,
    by: &Actor,
    house: &Connection,
) -> Result<Message, InteropError> {
    let addressed = is_addressed(item, house)?;
    let mut message = Message::on(Surface::new(Channel::X, kind(item, addressed)));
    let whole = item.at(&["extended_tweet", "full_text"]).or_else(|| item.field("full_text"));
    message.text = match whole {
        Some(text) => Sensitive::from(text.str()?),
        None => item.sensitive("text")?.unwrap_or_default(),
    };
    message.id = Some(id.id(MessageId::new)?);
    message.in_reply_to = message_id(item.field("in_reply_to_status_id_str"))?;
    message.handle = user.sensitive("screen_name")?;
    message.language = item.text("lang")?.filter(|tag| *tag != "und").and_then(Language::from_tag);
    message.addressed = addressed;
    message.echo = by.customer().is_none() && house.echoes();
    message.quoted = quoted(item)?;
    let media = item.field("extended_entities").or_else(|| item.field("entities"));
    for file in media.map_or_else(|| Ok(Vec::new()), |media| media.list("media"))? {
        message.attachments.extend(file.text("type")?.and_then(attachment));
    }
    Ok(message)
}

fn kind(item: &Node<'_>, addressed: bool) -> SurfaceKind {
    if item.has("in_reply_to_status_id_str") {
        SurfaceKind::Reply
    } else if item.has("quoted_status") {
        SurfaceKind::Quote
    } else if addressed {
        SurfaceKind::Mention
    } else {
        SurfaceKind::Post
    }
}

fn is_addressed(item: &Node<'_>, house: &Connection) -> Result<bool, InteropError> {
    if let Some(to) = item.field("in_reply_to_user_id_str")
        && house.owns(&to.raw_id()?)
    {
        return Ok(true);
    }
    let entities = item.at(&["extended_tweet", "entities"]).or_else(|| item.field("entities"));
    for mention in entities.map_or_else(|| Ok(Vec::new()), |entities| entities.list("user_mentions"))? {
        if house.owns(&exact(&mention)?.raw_id()?) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn quoted(item: &Node<'_>) -> Result<Option<Sensitive<String>>, InteropError> {
    let Some(quoted) = item.field("quoted_status") else { return Ok(None) };
    match quoted.at(&["extended_tweet", "full_text"]) {
        Some(text) => text.str().map(|text| Some(Sensitive::from(text))),
        None => quoted.sensitive("text"),
    }
}

/// A direct message; its conversation is the pair of the two accounts.
fn direct(root: &Node<'_>, item: &Node<'_>, house: &Connection) -> Result<Event, InteropError> {
    let id = item.need("id")?.raw_id()?;
    let at = item.need("created_timestamp")?.instant(TimeFormat::Millis)?;
    let Some(content) = item.field("message_create") else {
        let frame = Frame { vendor: VENDOR, at, conversation: format!("dm/{id}") };
        let kind = item.text("type")?.unwrap_or("direct_message");
        return frame.event(item, &id, Actor::System, other(VENDOR, kind));
    };
    let sender = content.need("sender_id")?;
    let recipient = content.need("target")?.need("recipient_id")?;
    let own = house.owns(&sender.raw_id()?);
    let (account, person) = if own { (&sender, &recipient) } else { (&recipient, &sender) };
    let by = match own {
        true => Actor::Agent(account.id(AgentId::new)?),
        false => Actor::Customer(person.id(CustomerId::new)?),
    };
    let conversation = format!("dm/{}/{}", account.raw_id()?, person.raw_id()?);
    let data = content.need("message_data")?;
    let mut message = Message::on(Surface::new(Channel::X, SurfaceKind::DirectMessage));
    message.text = data.sensitive("text")?.unwrap_or_default();
    message.id = message_id(item.field("id"))?;
    message.handle = screen_name(root, &sender.raw_id()?)?;
    message.echo = own && house.echoes();
    if let Some(file) = data.at(&["attachment", "media"]) {
        message.attachments.extend(file.text("type")?.and_then(attachment));
    }
    Frame { vendor: VENDOR, at, conversation }.event(item, &id, by, EventKind::Message(message))
}

/// The handle of an account that a payload describes under `users`, by its number.
fn screen_name(root: &Node<'_>, id: &str) -> Result<Option<Sensitive<String>>, InteropError> {
    let name = root.field("users").and_then(|users| users.entry(id)?.field("screen_name"));
    name.map(|name| name.str().map(Sensitive::from)).transpose()
}

fn deleted(item: &Node<'_>) -> Result<Event, InteropError> {
    let status = item.need("status")?;
    let id = exact(&status)?;
    let by = Actor::Customer(status.need("user_id")?.id(CustomerId::new)?);
    let frame = Frame {
        vendor: VENDOR,
        at: item.need("timestamp_ms")?.instant(TimeFormat::Millis)?,
        conversation: id.raw_id()?,
    };
    frame.event(item, &id.raw_id()?, by, EventKind::Deleted(Deleted { message: id.id(MessageId::new)? }))
}

fn favourite(item: &Node<'_>, house: &Connection) -> Result<Event, InteropError> {
    let status = exact(&item.need("favorited_status")?)?;
    let frame = Frame {
        vendor: VENDOR,
        at: item.need("timestamp_ms")?.instant(TimeFormat::Millis)?,
        conversation: status.raw_id()?,
    };
    let what = EventKind::Reaction(Reaction { message: status.id(MessageId::new)?, favourable: Some(true) });
    frame.event(item, &item.need("id")?.raw_id()?, author(&item.need("user")?, house)?, what)
}

fn follow(item: &Node<'_>, house: &Connection) -> Result<Event, InteropError> {
    let source = item.need("source")?;
    let (from, to) = (exact(&source)?.raw_id()?, exact(&item.need("target")?)?.raw_id()?);
    let at = item.need("created_timestamp")?.instant(TimeFormat::Millis)?;
    let frame = Frame { vendor: VENDOR, at, conversation: format!("dm/{to}/{from}") };
    let id = format!("{from}/{to}/{}", at.as_millis());
    let by = author(&source, house)?;
    let what = match item.is("type", "follow") && house.owns(&to) {
        true => EventKind::Opened(Opened { by: Opener::Follow }),
        false => other(VENDOR, item.text("type")?.unwrap_or("follow")),
    };
    frame.event(item, &id, by, what)
}
