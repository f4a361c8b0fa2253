//! The bundled day of `examples/data/day.ndjson`: that it parses, is in order, and holds what it must show.

use std::collections::{BTreeMap, BTreeSet};

use galateo::channel::measure;
use galateo::model::{
    AttachmentKind, Channel, Conversation, ConversationId, Customer, CustomerId, Desk, Draft, Event,
    EventKind, Language, Message, Mode, Role, SurfaceKind, Timestamp, Visibility,
};
use serde::Deserialize;

const DAY: &str = include_str!("../../examples/data/day.ndjson");
const FAULTS: &str = include_str!("../data/interop/day_faults.toml");

/// The fields of all forms; `Entry` tells the forms apart.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    customer: Option<Customer>,
    desk: Option<Desk>,
    event: Option<Event>,
    at: Option<Timestamp>,
    draft: Option<Draft>,
    now: Option<Timestamp>,
}

enum Entry {
    Customer(Box<Customer>),
    Desk(Desk),
    Event(Box<Event>),
    Draft(Timestamp, Box<Draft>),
    Now(Timestamp),
}

impl Entry {
    fn read(line: &str) -> Self {
        let Line { customer, desk, event, at, draft, now } =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        match (customer, desk, event, at.zip(draft), now) {
            (Some(customer), None, None, None, None) => Self::Customer(Box::new(customer)),
            (None, Some(desk), None, None, None) => Self::Desk(desk),
            (None, None, Some(event), None, None) => Self::Event(Box::new(event)),
            (None, None, None, Some((at, draft)), None) => Self::Draft(at, Box::new(draft)),
            (None, None, None, None, Some(now)) => Self::Now(now),
            _ => panic!("not exactly one form: {line}"),
        }
    }

    fn instant(&self) -> Option<Timestamp> {
        match self {
            Self::Event(event) => Some(event.at),
            Self::Draft(at, _) | Self::Now(at) => Some(*at),
            Self::Customer(_) | Self::Desk(_) => None,
        }
    }
}

fn day() -> Vec<Entry> {
    DAY.lines().map(Entry::read).collect()
}

fn events(day: &[Entry]) -> Vec<&Event> {
    day.iter()
        .filter_map(|entry| if let Entry::Event(event) = entry { Some(&**event) } else { None })
        .collect()
}

fn drafts(day: &[Entry]) -> Vec<(Timestamp, &Draft)> {
    day.iter()
        .filter_map(|entry| if let Entry::Draft(at, draft) = entry { Some((*at, &**draft)) } else { None })
        .collect()
}

/// What customers wrote: who, when, and the message.
fn written(day: &[Entry]) -> Vec<(&CustomerId, Timestamp, &Message)> {
    events(day)
        .into_iter()
        .filter_map(|event| Some((event.by.customer()?, event.at, event.message()?)))
        .collect()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn every_line_is_exactly_one_of_the_five_forms_and_there_are_enough_of_each() {
    let day = day();
    let count = |form: fn(&Entry) -> bool| day.iter().filter(|entry| form(entry)).count();
    assert!(day.len() >= 300);
    assert!(events(&day).len() >= 240);
    assert!(drafts(&day).len() >= 45);
    assert!(count(|entry| matches!(entry, Entry::Customer(_))) >= 60);
    assert!(count(|entry| matches!(entry, Entry::Desk(_))) >= 4);
    assert!(count(|entry| matches!(entry, Entry::Now(_))) >= 12);
}

#[test]
fn instants_ascend_over_a_night_and_the_holiday_of_8_december() {
    let day = day();
    let instants: Vec<Timestamp> = day.iter().filter_map(Entry::instant).collect();
    assert!(instants.is_sorted());
    assert!(instants[0] < time("2026-12-07T18:00:00+01:00"));
    assert!(instants[instants.len() - 1] > time("2026-12-09T10:00:00+01:00"));
    let hours = |from: &str, to: &str| {
        let (from, to) = (time(from), time(to));
        instants.iter().filter(|at| (from..to).contains(*at)).count()
    };
    assert!(hours("2026-12-07T22:00:00+01:00", "2026-12-08T07:00:00+01:00") >= 10, "a night");
    assert!(hours("2026-12-08T08:00:00+01:00", "2026-12-08T20:00:00+01:00") >= 60, "a holiday");
}

#[test]
fn events_have_names_of_their_own_and_refer_to_messages_that_were_written_before() {
    let day = day();
    let mut names = BTreeSet::new();
    let mut messages = BTreeSet::new();
    for event in events(&day) {
        assert!(names.insert(event.id.clone()), "{:?} twice", event.id);
        let referred = match &event.what {
            EventKind::Message(message) => message.in_reply_to.as_ref(),
            EventKind::Deleted(deleted) => Some(&deleted.message),
            EventKind::Edited(edited) => Some(&edited.message),
            EventKind::Reaction(reaction) => Some(&reaction.message),
            EventKind::Delivery(delivery) => Some(&delivery.message),
            _ => None,
        };
        assert!(
            referred.is_none_or(|message| messages.contains(message)),
            "{:?} refers to nothing",
            event.id
        );
        messages.extend(event.message().and_then(|message| message.id.clone()));
    }
}

#[test]
fn every_customer_is_introduced_before_their_first_event() {
    let mut known = BTreeSet::new();
    for entry in day() {
        match entry {
            Entry::Customer(customer) => {
                known.insert(customer.id);
            }
            Entry::Event(event) => {
                assert!(event.by.customer().is_none_or(|id| known.contains(id)), "{:?}", event.id);
            }
            _ => {}
        }
    }
}

#[test]
fn at_least_eight_channels_speak_and_one_that_has_no_name_here() {
    let day = day();
    let channels: BTreeSet<&Channel> =
        written(&day).into_iter().map(|(_, _, message)| &message.surface.channel).collect();
    let named = channels.iter().filter(|channel| !matches!(channel, Channel::Other(_))).count();
    assert!(named >= 18, "{channels:?}");
    assert!(named < channels.len(), "a network of tomorrow is missing");
    let seen: BTreeSet<Visibility> = events(&day)
        .into_iter()
        .filter_map(Event::message)
        .map(|message| message.surface.visibility)
        .collect();
    assert_eq!(seen.len(), 4, "public, group, private and internal");
}

#[test]
fn customers_write_mostly_italian_much_english_and_a_little_of_three_more() {
    let day = day();
    let speaks: BTreeMap<&CustomerId, Language> = day
        .iter()
        .filter_map(|entry| {
            if let Entry::Customer(customer) = entry {
                Some((&customer.id, customer.language?))
            } else {
                None
            }
        })
        .collect();
    let mut share: BTreeMap<Language, usize> = BTreeMap::new();
    for (who, _, _) in written(&day) {
        *share.entry(speaks[who]).or_default() += 1;
    }
    let all: usize = share.values().sum();
    let percent = |language| share.get(&language).copied().unwrap_or_default() * 100 / all;
    assert!((50..=70).contains(&percent(Language::It)), "{share:?}");
    assert!((25..=42).contains(&percent(Language::En)), "{share:?}");
    for language in [Language::De, Language::Es, Language::Fr] {
        assert!(share[&language] >= 2, "{share:?}");
    }
}

#[test]
fn every_kind_of_event_occurs_and_one_that_is_unknown() {
    let day = day();
    let kinds: BTreeSet<&str> = events(&day).into_iter().map(|event| event.what.name()).collect();
    let missing: Vec<_> = EventKind::NAMES.iter().filter(|name| !kinds.contains(**name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(events(&day).into_iter().any(|event| matches!(event.what, EventKind::Other(_))));
    assert!(events(&day).into_iter().any(|event| event.message().is_some_and(|message| message.echo)));
}

#[test]
fn the_situations_that_the_day_is_there_to_show_all_occur() {
    let day = day();
    let written = written(&day);
    let public = |part: &str| {
        written.iter().any(|(_, _, m)| m.surface.visibility.is_open() && m.text.expose().contains(part))
    };
    let private = |part: &str| {
        written
            .iter()
            .any(|(_, _, m)| m.surface.visibility == Visibility::Private && m.text.expose().contains(part))
    };
    assert!(public("4111 1111 1111 1111"), "a card in public (R108)");
    assert!(public("emily.clarke@example.com"), "an address in public (R38)");
    assert!(private("MNSHMD80A10Z336"), "a codice fiscale in a direct message");
    assert!(private("IT60 X054 2811 1010\n0000 0123 456"), "an IBAN over two lines");
    assert!(private("RECLAMO FORMALE") && private("formal complaint"), "formal complaints (R45)");
    assert!(public("vi porto in tribunale"), "a legal threat");
    assert!(public("CasaLampo") && public("HomeNest"), "competitors (R50)");
    assert!(
        private("voglio parlare con una persona") && public("a real human being"),
        "a human, please (R54)"
    );
    assert!(public("Consegna in 24 ore"), "a promise of the advertising (R83)");
    assert!(
        written.iter().any(|(_, _, m)| m.surface.visibility.is_open()
            && m.attachments.iter().any(|a| a.kind == AttachmentKind::DocumentPhoto)),
        "a document in public (R44)"
    );
    assert!(
        written.iter().any(|(_, _, m)| !m.addressed && m.text.expose().contains("speriamo")),
        "hope (R10)"
    );
    assert!(written.iter().filter(|(_, _, m)| m.surface.kind == SurfaceKind::Review).count() >= 4, "reviews");
}

#[test]
fn customers_include_an_influencer_pilots_and_open_orders() {
    let day = day();
    let customers: Vec<&Customer> = day
        .iter()
        .filter_map(|entry| if let Entry::Customer(customer) = entry { Some(&**customer) } else { None })
        .collect();
    assert!(customers.iter().any(|c| c.followers.is_some_and(|n| n >= 120_000) && c.verified));
    assert!(customers.iter().any(|c| c.enrolled.iter().any(|feature| feature.as_str() == "whatsapp_pilot")));
    let hopeful = customers.iter().find(|c| c.id.as_str() == "valeria").unwrap();
    assert!(hopeful.orders.iter().any(|order| order.eta.is_some()), "an order with a time of arrival (R10)");
}

#[test]
fn one_fault_of_a_product_brings_six_authors_within_an_hour() {
    let day = day();
    let mut reports: BTreeMap<&CustomerId, Timestamp> = BTreeMap::new();
    for (who, at, message) in written(&day) {
        let text = message.text.expose().to_lowercase();
        let about_kettle = ["bollitore", "kettle"].iter().any(|word| text.contains(word));
        let broken = ["manico", "handle"].iter().any(|word| text.contains(word));
        if about_kettle && broken && message.surface.visibility == Visibility::Public {
            reports.entry(who).or_insert(at);
        }
    }
    let (first, hour) = (reports.values().min().unwrap(), 3600);
    assert!(reports.values().filter(|at| at.since(*first).get() <= hour).count() >= 6, "{reports:?}");
    assert!(day.iter().any(|entry| matches!(entry, Entry::Desk(desk) if desk.mode == Mode::Crisis)));
}

#[test]
fn one_customer_comes_back_on_three_channels() {
    let day = day();
    let channels: Vec<&Channel> = written(&day)
        .into_iter()
        .filter(|(who, _, _)| who.as_str() == "anna")
        .map(|(_, _, message)| &message.surface.channel)
        .collect();
    let first = |channel| channels.iter().position(|known| **known == channel).unwrap();
    assert!(first(Channel::X) < first(Channel::Instagram));
    assert!(first(Channel::Instagram) < first(Channel::Email));
}

#[test]
fn folding_the_day_leaves_late_referrals_a_late_promise_and_a_complaint() {
    let mut conversations: BTreeMap<ConversationId, Conversation> = BTreeMap::new();
    for event in events(&day()) {
        let fresh = || Conversation::new(event.conversation.clone());
        assert!(conversations.entry(event.conversation.clone()).or_insert_with(fresh).advance(event));
    }
    let all = || conversations.values();
    let late =
        |due: Option<Timestamp>, done: Option<Timestamp>| due.zip(done).is_some_and(|(due, done)| done > due);
    assert!(all().flat_map(|c| &c.referrals).any(|r| late(r.due, r.answered_at)), "answered late (R114)");
    assert!(all().any(|c| c.open_referrals().next().is_some()), "not answered");
    assert!(all().flat_map(|c| &c.promises).any(|p| late(p.due, p.kept_at)), "kept late (R95)");
    assert!(all().flat_map(|c| &c.promises).any(|p| p.kept_at.is_some() && !late(p.due, p.kept_at)), "kept");
    assert!(all().filter(|c| c.complaint.is_some()).count() >= 3);
    assert!(all().filter(|c| c.status.value.is_done()).count() >= 15);
    assert!(all().any(|c| c.rating.is_some()));
}

#[test]
fn drafts_of_every_fault_stand_beside_good_ones() {
    let faults: BTreeMap<String, String> = toml::from_str(FAULTS).unwrap();
    let kinds: BTreeSet<&str> = faults.values().map(String::as_str).collect();
    for kind in [
        "asks_again",
        "asks_data_public",
        "bot_undisclosed",
        "copy_paste",
        "forbidden",
        "hotline",
        "inconsistent",
        "no_apology",
        "officialese",
        "praise_apology",
        "promise",
        "register",
        "repeats_data_public",
        "sexual",
        "swearing",
        "too_long",
        "uncertified",
        "ungrounded",
        "unlisted_account",
        "window",
        "wrong_name",
    ] {
        assert!(kinds.contains(kind), "no draft with {kind}");
    }
    let day = day();
    let instants: BTreeSet<Timestamp> = drafts(&day).into_iter().map(|(at, _)| at).collect();
    assert!(faults.keys().all(|at| instants.contains(&time(at))), "a fault without its draft");
    assert!(instants.len() >= 2 * faults.len(), "good drafts must outnumber bad ones");
}

#[test]
fn a_good_draft_is_followed_by_the_message_it_became() {
    let faults: BTreeMap<String, String> = toml::from_str(FAULTS).unwrap();
    let bad: BTreeSet<Timestamp> = faults.keys().map(|at| time(at)).collect();
    let day = day();
    let sent: BTreeSet<(&str, &str)> = events(&day)
        .into_iter()
        .filter(|event| event.by.role() != Role::Customer)
        .filter_map(|event| Some((event.conversation.as_str(), event.message()?.text.expose().as_str())))
        .collect();
    for (at, draft) in drafts(&day) {
        let went_out = sent.contains(&(draft.conversation.as_str(), draft.text.expose().as_str()));
        assert!(!(went_out && bad.contains(&at)), "the bad draft of {at} was sent");
    }
    let good = drafts(&day).into_iter().filter(|(at, _)| !bad.contains(at)).count();
    assert!(good >= 60);
}

/// A draft that is meant to pass, with what its conversation had come to.
struct Good {
    at: Timestamp,
    draft: Box<Draft>,
    conversation: Option<Conversation>,
    customer: Option<Box<Customer>>,
}

fn good_drafts() -> Vec<Good> {
    let faults: BTreeMap<String, String> = toml::from_str(FAULTS).unwrap();
    let bad: BTreeSet<Timestamp> = faults.keys().map(|at| time(at)).collect();
    let mut conversations: BTreeMap<ConversationId, Conversation> = BTreeMap::new();
    let mut customers: BTreeMap<CustomerId, Box<Customer>> = BTreeMap::new();
    let mut good = Vec::new();
    for entry in day() {
        match entry {
            Entry::Customer(customer) => {
                customers.insert(customer.id.clone(), customer);
            }
            Entry::Event(event) => {
                let fresh = || Conversation::new(event.conversation.clone());
                conversations.entry(event.conversation.clone()).or_insert_with(fresh).advance(&event);
            }
            Entry::Draft(at, draft) if !bad.contains(&at) => {
                let conversation = conversations.get(&draft.conversation).cloned();
                let writer = conversation.as_ref().and_then(|conversation| conversation.customer.as_ref());
                let customer = writer.and_then(|id| customers.get(id)).cloned();
                good.push(Good { at, draft, conversation, customer });
            }
            _ => {}
        }
    }
    good
}

#[test]
fn good_drafts_fit_their_surface_and_the_ones_called_too_long_do_not_r12() {
    for Good { at, draft, .. } in good_drafts() {
        let length = measure(draft.text.expose(), &draft.surface);
        assert!(length.fits, "{at}: {length:?}");
    }
    let faults: BTreeMap<String, String> = toml::from_str(FAULTS).unwrap();
    let day = day();
    for (at, _) in faults.iter().filter(|(_, fault)| *fault == "too_long") {
        let (_, draft) = drafts(&day).into_iter().find(|(instant, _)| *instant == time(at)).unwrap();
        assert!(!measure(draft.text.expose(), &draft.surface).fits, "{at}");
    }
}

#[test]
fn good_drafts_answer_somebody_by_their_name_r93() {
    for Good { at, draft, conversation, customer } in good_drafts() {
        let Some(conversation) = conversation else {
            assert_eq!(draft.surface.kind, SurfaceKind::Post, "{at}: an answer to nobody");
            continue;
        };
        assert!(conversation.counts.customer_messages > 0, "{at}");
        let names = customer.map(|customer| customer.names).unwrap_or_default();
        let known = names.first().map(|name| name.expose().clone()).unwrap_or_default();
        let used = known.is_empty() || known.split(' ').any(|part| draft.text.expose().contains(part));
        assert!(used, "{at}: {known}");
    }
}

#[test]
fn good_drafts_in_a_messenger_come_within_a_day_or_as_a_template() {
    for Good { at, draft, conversation, .. } in good_drafts() {
        let windowed = [Channel::WhatsApp, Channel::Messenger].contains(&draft.surface.channel)
            || draft.surface.kind == SurfaceKind::DirectMessage
                && draft.surface.channel == Channel::Instagram;
        let asked = conversation.and_then(|conversation| conversation.last_customer_at);
        let open = asked.is_some_and(|asked| at.since(asked).get() < 86_400);
        assert!(!windowed || open || draft.template, "{at}");
    }
}
