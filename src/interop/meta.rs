//! The message webhooks that Messenger and Instagram share.

use serde_json::Value;

use super::read::{Frame, Node, attachment, message_id, other};
use super::{Connection, InteropError, TimeFormat};
use crate::model::{
    Actor, AgentId, CustomerId, Deleted, Delivery, DeliveryState, Edited, Event, EventKind, Message,
    MessageId, Opened, Opener, Reaction, Surface,
};

/// A network of Meta's whose direct messages are read here.
pub(super) struct Network {
    pub(super) vendor: &'static str,
    pub(super) direct: fn() -> Surface,
    pub(super) story: fn() -> Surface,
}

impl Network {
    /// Reads one webhook body: direct messages, then what `change` makes of each entry's changes.
    pub(super) fn events(
        &self,
        payload: &Value,
        connection: &Connection,
        change: impl Fn(&Node<'_>, &Node<'_>, &Connection) -> Result<Event, InteropError>,
    ) -> Result<Vec<Event>, InteropError> {
        let mut events = Vec::new();
        for entry in Node::root(payload).list("entry")? {
            for item in entry.list("messaging")?.into_iter().chain(entry.list("standby")?) {
                events.extend(self.direct(&item, connection)?);
            }
            for item in entry.list("changes")? {
                events.push(change(&entry, &item, connection)?);
            }
        }
        Ok(events)
    }

    /// Reads one item of `entry[].messaging[]`.
    pub(super) fn direct(
        &self,
        item: &Node<'_>,
        connection: &Connection,
    ) -> Result<Vec<Event>, InteropError> {
        let own = is_own(item, connection)?;
        let (person, account) = if own { ("recipient", "sender") } else { ("sender", "recipient") };
        let person = item.need(person)?.need("id")?;
        let account = item.need(account)?.need("id")?;
        let frame = Frame {
            vendor: self.vendor,
            at: item.need("timestamp")?.instant(TimeFormat::Millis)?,
            conversation: format!("{}/{}", account.raw_id()?, person.raw_id()?),
        };
        let by = match own {
            true => Actor::Agent(account.id(AgentId::new)?),
            false => Actor::Customer(person.id(CustomerId::new)?),
        };
        let mut events = Vec::new();
        for (id, what) in self.happened(item, own && connection.echoes())? {
            let id = id.unwrap_or_else(|| format!("{}/{}", frame.conversation, frame.at.as_millis()));
            events.push(frame.event(item, &id, by.clone(), what)?);
        }
        Ok(events)
    }

    fn happened(
        &self,
        item: &Node<'_>,
        echo: bool,
    ) -> Result<Vec<(Option<String>, EventKind)>, InteropError> {
        if let Some(content) = item.field("message") {
            return self.message(item, &content, echo);
        }
        if let Some(edit) = item.field("message_edit") {
            return Ok(vec![edited(&edit)?]);
        }
        if let Some(reaction) = item.field("reaction") {
            return Ok(vec![(None, self.reaction(&reaction)?)]);
        }
        if let Some(postback) = item.field("postback") {
            return Ok(vec![(raw(postback.field("mid"))?, self.postback(&postback)?)]);
        }
        if item.field("referral").is_some_and(|referral| referral.is("source", "ADS")) {
            return Ok(vec![(None, EventKind::Opened(Opened { by: Opener::AdClick }))]);
        }
        match item.field("delivery") {
            Some(delivery) => delivered(&delivery),
            None => Ok(vec![(None, other(self.vendor, self.unknown(item)))]),
        }
    }

    /// The name of what an item holds, as far as it is documented.
    fn unknown(&self, item: &Node<'_>) -> &'static str {
        let known =
            ["read", "optin", "referral", "pass_thread_control", "take_thread_control", "account_linking"];
        known.into_iter().find(|name| item.has(name)).unwrap_or("messaging")
    }

    fn message(
        &self,
        item: &Node<'_>,
        content: &Node<'_>,
        echo: bool,
    ) -> Result<Vec<(Option<String>, EventKind)>, InteropError> {
        let id = content.need("mid")?;
        if content.flag("is_deleted")? {
            let message = id.id(MessageId::new)?;
            return Ok(vec![(Some(id.raw_id()?), EventKind::Deleted(Deleted { message }))]);
        }
        if content.flag("is_unsupported")? {
            return Ok(vec![(Some(id.raw_id()?), other(self.vendor, "unsupported"))]);
        }
        let mut message = Message::on(self.surface(content));
        message.text = content.sensitive("text")?.unwrap_or_default();
        message.id = Some(id.id(MessageId::new)?);
        message.in_reply_to = message_id(content.at(&["reply_to", "mid"]))?;
        message.echo = echo;
        for file in content.list("attachments")? {
            message.attachments.extend(file.text("type")?.and_then(attachment));
        }
        let mut events = vec![(Some(id.raw_id()?), EventKind::Message(message))];
        let referral = content.field("referral").or_else(|| item.field("referral"));
        if referral.is_some_and(|referral| referral.is("source", "ADS")) {
            events.push((Some(id.raw_id()?), EventKind::Opened(Opened { by: Opener::AdClick })));
        }
        Ok(events)
    }

    fn surface(&self, content: &Node<'_>) -> Surface {
        let story = content.at(&["reply_to", "story"]).is_some();
        if story { (self.story)() } else { (self.direct)() }
    }

    fn reaction(&self, reaction: &Node<'_>) -> Result<EventKind, InteropError> {
        if reaction.is("action", "unreact") {
            return Ok(other(self.vendor, "reaction_removed"));
        }
        let favourable = match reaction.text("reaction")? {
            Some("love" | "like") => Some(true),
            Some("angry" | "dislike") => Some(false),
            _ => None,
        };
        Ok(EventKind::Reaction(Reaction { message: reaction.need("mid")?.id(MessageId::new)?, favourable }))
    }

    /// A pressed button says its title.
    fn postback(&self, postback: &Node<'_>) -> Result<EventKind, InteropError> {
        let mut message = Message::on((self.direct)());
        message.text = postback.sensitive("title")?.unwrap_or_default();
        message.id = message_id(postback.field("mid"))?;
        Ok(EventKind::Message(message))
    }
}

fn is_own(item: &Node<'_>, connection: &Connection) -> Result<bool, InteropError> {
    let echo = item.field("message").map(|message| message.flag("is_echo")).transpose()?.unwrap_or(false);
    let sender = item.need("sender")?.need("id")?.raw_id()?;
    Ok(echo || connection.owns(&sender))
}

fn raw(node: Option<Node<'_>>) -> Result<Option<String>, InteropError> {
    node.map(|node| node.raw_id()).transpose()
}

fn edited(edit: &Node<'_>) -> Result<(Option<String>, EventKind), InteropError> {
    let id = edit.need("mid")?;
    let nth = edit.field("num_edit").and_then(|n| n.whole()).unwrap_or_default();
    let text = edit.sensitive("text")?.unwrap_or_default();
    let message = id.id(MessageId::new)?;
    Ok((Some(format!("{}/{nth}", id.raw_id()?)), EventKind::Edited(Edited { message, text })))
}

fn delivered(delivery: &Node<'_>) -> Result<Vec<(Option<String>, EventKind)>, InteropError> {
    let mut events = Vec::new();
    for id in delivery.list("mids")? {
        let what = Delivery { message: id.id(MessageId::new)?, state: DeliveryState::Delivered };
        events.push((Some(id.raw_id()?), EventKind::Delivery(what)));
    }
    Ok(events)
}

/// A comment in public, common to Facebook pages and Instagram.
pub(super) struct Comment {
    pub(super) frame: Frame,
    pub(super) by: Actor,
    pub(super) message: Message,
}

impl Comment {
    pub(super) fn event(self, node: &Node<'_>, id: &str) -> Result<Event, InteropError> {
        self.frame.event(node, id, self.by, EventKind::Message(self.message))
    }
}

/// Who wrote a comment: the company, where the writer is the account it stands under.
pub(super) fn writer(from: &Node<'_>, account: &str, connection: &Connection) -> Result<Actor, InteropError> {
    let id = from.need("id")?;
    let raw = id.raw_id()?;
    if raw == account || connection.owns(&raw) {
        return id.id(AgentId::new).map(Actor::Agent);
    }
    id.id(CustomerId::new).map(Actor::Customer)
}
