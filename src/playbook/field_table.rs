//! The fields that conditions can ask, one line each: to add one, add a line.

use super::{Several, Situation};
use crate::model::{Attachment, EventKind, OrderState, Role, Tag};

crate::facts! {
    situation: Situation<'_>;

    /// What is being decided on: `message` of a customer, `reply`, `note`, `echo`, `repeated`, `draft`, `due`, or the name of
    /// another event, such as `status` or `referral_answered`. It is what a rule's `on` names.
    event: Word = situation.event_name();
    /// Who acted.
    author: Word["agent", "bot", "customer", "system"] = situation.event.map(|event| event.by.role().as_str());
    /// The network.
    channel: Word = situation.channel().map(|channel| channel.as_str());
    /// The kind of place on the network.
    surface: Word = situation.surface_kind().map(|kind| kind.as_str());
    /// Who can read it.
    visibility: Word["public", "group", "private", "internal"] = situation.surface().map(|surface| surface.visibility.as_str());
    /// Whether the company is addressed by its handle.
    addressed: Flag = situation.message().map(|message| message.addressed);
    /// The text of the message or the draft.
    text: Text = text(situation);
    /// The length of that text in characters.
    length: Number = text(situation).map(|text| crate::num::signed(text.chars().count()));
    /// The stars of a review, 1 to 5.
    rating: Number = situation.message().and_then(|message| message.rating).map(|rating| i64::from(rating.get()));
    /// What hangs on the message.
    attachments: Words = situation.message().map(|message| Several(message.attachments.iter().map(attachment)));
    /// The language of the text, or of the conversation.
    language: Word = situation.language().as_ref().map(|language| language.tag());

    /// What the text shows: the names of signals, the host's own among them.
    signals: Words = Several(situation.signal_names());
    /// How the text feels, -1000 to 1000; the host's own model comes first.
    sentiment: Number = situation.sentiment();
    /// How the text feels, as one of three classes.
    sentiment_class: Word["negative", "neutral", "positive"] = situation.message().map(|_| situation.sentiment_class());
    /// The subjects of the text and of the conversation.
    topics: Words = Several(situation.topics().map(|topic| topic.as_str()));
    /// Whether a subject of the text may be answered in public, being plain information (R42).
    public_answers: Flag = situation.public_answers;
    /// Kinds of personal data in the text.
    personal_data: Words = Several(situation.pii.iter().map(|kind| kind.as_str()));
    /// Whether the text was longer than what is read.
    truncated: Flag = situation.truncated;

    /// The state of the conversation.
    status: Word["new", "open", "pending", "on_hold", "solved", "closed"] = situation.conversation.status.value.as_str(),
        was situation.conversation.status.before.map(|status| status.as_str());
    /// How urgent the conversation is.
    priority: Word["low", "normal", "high", "urgent"] = situation.conversation.priority.value.map(|priority| priority.as_str()),
        was situation.conversation.priority.before.flatten().map(|priority| priority.as_str());
    /// The queue that has the conversation.
    queue: Word = situation.conversation.assigned.value.queue.as_ref().map(|queue| queue.as_str());
    /// The agent who has the conversation.
    agent: Word = situation.conversation.assigned.value.agent.as_ref().map(|agent| agent.as_str());
    /// Tags of the conversation.
    tags: Words = Several(situation.conversation.tags.iter().map(Tag::as_str));
    /// The channels on which the conversation was held.
    channels: Words = Several(situation.conversation.channels.iter().map(|channel| channel.as_str()));
    /// Messages of the customer in this conversation.
    customer_messages: Number = i64::from(situation.conversation.counts.customer_messages);
    /// Messages of the customer since the last answer.
    unanswered: Number = i64::from(situation.conversation.counts.unanswered);
    /// Replies of agents in this conversation.
    agent_replies: Number = i64::from(situation.conversation.counts.agent_replies);
    /// Replies of bots in this conversation.
    bot_replies: Number = i64::from(situation.conversation.counts.bot_replies);
    /// How often the conversation was reopened.
    reopens: Number = i64::from(situation.conversation.counts.reopens);
    /// Seconds since the conversation was opened.
    age_seconds: Number = situation.since(situation.conversation.opened.as_ref().map(|opened| opened.at));
    /// Seconds for which the customer has been waiting for an answer.
    waiting_seconds: Number = situation.since(situation.conversation.waiting_since);
    /// Seconds since the customer wrote last.
    since_customer_seconds: Number = situation.since(situation.conversation.last_customer_at);
    /// Seconds since the company answered last.
    since_reply_seconds: Number = situation.since(situation.conversation.last_reply_at);
    /// The level of responsibility reached.
    level: Number = i64::from(situation.conversation.learned.level);
    /// Whether the customer was invited to a private surface already.
    invited: Flag = situation.conversation.learned.invited_at.is_some();
    /// Whether the customer complained in this conversation.
    complained: Flag = situation.conversation.learned.complained;
    /// Where the complaint stands.
    complaint: Word["received", "acknowledged", "investigating", "answered", "escalated", "closed"] =
        situation.conversation.complaint.map(|state| state.as_str());
    /// Promises made and not kept.
    promises_open: Number = crate::num::signed(situation.conversation.open_promises().count());
    /// Promises past their time and not kept (R95).
    promises_overdue: Number = crate::num::signed(
        situation.conversation.open_promises().filter(|promise| promise.due.is_some_and(|due| due < situation.now)).count()
    );
    /// Questions to other departments that are not answered.
    referrals_open: Number = crate::num::signed(situation.conversation.open_referrals().count());
    /// Whether the conversation became part of another.
    merged: Flag = situation.conversation.merged_into.is_some();
    /// The stars the customer gave the service, 1 to 5.
    satisfaction: Number = situation.conversation.rating.map(|rating| i64::from(rating.get()));

    /// How the customer is served by contract.
    tier: Word = situation.customer.and_then(|customer| customer.tier.as_ref()).map(|tier| tier.as_str());
    /// The country of the customer.
    country: Word = situation.customer.and_then(|customer| customer.country.as_ref()).map(|country| country.as_str());
    /// How well the customer can be told from others.
    identity: Word["anonymous", "handle", "named"] = situation.customer.map(|customer| customer.identity.as_str());
    /// How many people follow the customer.
    followers: Number = situation.customer.and_then(|customer| customer.followers).map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    /// Whether the network vouches for the customer.
    verified: Flag = situation.customer.map(|customer| customer.verified);
    /// Segments of the customer.
    customer_tags: Words = situation.customer.map(|customer| Several(customer.tags.iter().map(Tag::as_str)));
    /// Contacts of the last seven days on any channel, this conversation included (R29).
    contacts: Number = situation.contacts();
    /// Channels tried in the last seven days for a matter that was not settled (R7).
    channels_tried: Number = situation.channels_tried();
    /// Where the customer's orders stand.
    orders: Words = situation.customer.map(|customer| Several(customer.orders.iter().map(|order| order.state.as_str())));
    /// Whether an order is on its way with a known time of arrival (R10).
    eta_known: Flag = situation.customer.map(|customer| customer.orders.iter().any(|order| order.eta.is_some() && running(order.state)));
    /// Purposes the customer has agreed to on this channel (R37).
    consents: Words = situation.customer.map(|customer| Several(consents(situation, customer)));
    /// Features that are rolled out to the customer (R32).
    features: Words = Several(situation.features.iter().map(|feature| feature.as_str()));

    /// The instant of the decision.
    now: Time = situation.now;
    /// Whether the playbook's opening hours hold; unknown without a calendar.
    open_hours: Flag = situation.open;
    /// Seconds left until the customer's next answer is due; negative when overdue.
    deadline_seconds: Number = situation.deadline.map(|deadline| deadline.since(situation.now).get());
    /// Whether a clock has run out.
    breached: Flag = situation.breached;
    /// In what mode the company is.
    mode: Word["normal", "watch", "crisis"] = situation.desk.map(|desk| desk.mode.as_str());
    /// Whether a program wrote the draft.
    by_bot: Flag = situation.draft.map(|draft| draft.by_bot).or_else(|| situation.event.map(|event| event.by.role() == Role::Bot));
    /// Whether somebody approved the draft.
    approved: Flag = situation.draft.map(|_| situation.is_approved());
    /// What the timer was set for.
    timer: Word = situation.event.and_then(|event| timer(&event.what));
}

fn text<'a>(situation: &Situation<'a>) -> Option<&'a str> {
    let written = situation.event.and_then(|event| match &event.what {
        EventKind::Message(message) => Some(&message.text),
        EventKind::Edited(edited) => Some(&edited.text),
        _ => None,
    });
    written.or(situation.draft.map(|draft| &draft.text)).map(|text| text.expose().as_str())
}

fn attachment(attachment: &Attachment) -> &str {
    attachment.kind.as_str()
}

const fn running(state: OrderState) -> bool {
    !matches!(state, OrderState::Delivered | OrderState::Cancelled)
}

fn consents<'a>(
    situation: &Situation<'a>,
    customer: &'a crate::model::Customer,
) -> impl Iterator<Item = &'a str> + Clone {
    let (channel, now) = (situation.channel(), situation.now);
    let held = customer
        .consents
        .iter()
        .filter(move |consent| Some(&consent.channel) == channel && consent.holds(now));
    held.map(|consent| consent.purpose.as_str())
}

fn timer(what: &EventKind) -> Option<&str> {
    match what {
        EventKind::Timer(timer) => Some(timer.name.as_str()),
        _ => None,
    }
}
