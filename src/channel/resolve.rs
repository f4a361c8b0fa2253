//! Reading the name of a surface as people and systems write it.

use super::facts::ChannelFacts;
use crate::model::{Channel, Surface, SurfaceKind, Visibility, Word};

/// Words for a channel beside those of the model, and the kind of place that the word implies.
const CHANNELS: &[(&str, Channel, Option<SurfaceKind>)] = &[
    ("apple_business_chat", Channel::AppleMessages, None),
    ("apple_messages_for_business", Channel::AppleMessages, None),
    ("appstore", Channel::AppStore, None),
    ("bsky", Channel::Bluesky, None),
    ("e_mail", Channel::Email, None),
    ("facebook_messenger", Channel::Messenger, None),
    ("facebook_page", Channel::Facebook, None),
    ("fb_messenger", Channel::Messenger, None),
    ("gbp", Channel::GoogleBusiness, None),
    ("gmb", Channel::GoogleBusiness, None),
    ("google_business_profile", Channel::GoogleBusiness, None),
    ("google_my_business", Channel::GoogleBusiness, None),
    ("google_play_store", Channel::GooglePlay, None),
    ("googleplay", Channel::GooglePlay, None),
    ("imessage", Channel::AppleMessages, None),
    ("ios_app_store", Channel::AppStore, None),
    ("linked_in", Channel::LinkedIn, None),
    ("live_chat", Channel::WebChat, None),
    ("livechat", Channel::WebChat, None),
    ("play_store", Channel::GooglePlay, None),
    ("telephone", Channel::Phone, None),
    ("text_message", Channel::Sms, None),
    ("tg", Channel::Telegram, None),
    ("tik_tok", Channel::TikTok, None),
    ("toot", Channel::Mastodon, Some(SurfaceKind::Post)),
    ("tweet", Channel::X, Some(SurfaceKind::Post)),
    ("voice", Channel::Phone, None),
    ("wa", Channel::WhatsApp, None),
    ("we_chat", Channel::WeChat, None),
    ("weixin", Channel::WeChat, None),
    ("whatsapp_business", Channel::WhatsApp, None),
    ("yt", Channel::YouTube, None),
    ("you_tube", Channel::YouTube, None),
];

/// What a word says of the place.
#[derive(Clone)]
enum Place {
    Kind(SurfaceKind),
    Seen(Visibility),
}

const PLACES: &[(&str, Place)] = &[
    ("bot", Place::Kind(SurfaceKind::Chat)),
    ("comments", Place::Kind(SurfaceKind::Comment)),
    ("direct", Place::Kind(SurfaceKind::DirectMessage)),
    ("direct_messages", Place::Kind(SurfaceKind::DirectMessage)),
    ("dms", Place::Kind(SurfaceKind::DirectMessage)),
    ("group", Place::Seen(Visibility::Group)),
    ("inbox", Place::Seen(Visibility::Private)),
    ("internal", Place::Seen(Visibility::Internal)),
    ("mentions", Place::Kind(SurfaceKind::Mention)),
    ("messages", Place::Kind(SurfaceKind::DirectMessage)),
    ("pm", Place::Seen(Visibility::Private)),
    ("posts", Place::Kind(SurfaceKind::Post)),
    ("private", Place::Seen(Visibility::Private)),
    ("private_message", Place::Kind(SurfaceKind::DirectMessage)),
    ("private_reply", Place::Kind(SurfaceKind::DirectMessage)),
    ("public", Place::Seen(Visibility::Public)),
    ("replies", Place::Kind(SurfaceKind::Reply)),
    ("reviews", Place::Kind(SurfaceKind::Review)),
    ("status", Place::Kind(SurfaceKind::Post)),
    ("story", Place::Kind(SurfaceKind::StoryReply)),
    ("toot", Place::Kind(SurfaceKind::Post)),
];

/// Reads a surface leniently: `x`, `x/post`, `x_post`, `x.post`, `x:post`, `instagram_dm`, `twitter`.
///
/// A bare channel means its main public place, or its chat where it has no public one. A channel or a
/// kind that this release does not know is kept as such, and counts as public. `None` where the text
/// is no word at all.
///
/// ```
/// use galateo::channel::resolve_surface;
/// let read = |text| resolve_surface(text).map(|surface| surface.to_string());
/// assert_eq!(read("twitter").as_deref(), Some("x/post"));
/// assert_eq!(read("instagram_dm").as_deref(), Some("instagram/direct_message"));
/// assert_eq!(read("WhatsApp").as_deref(), Some("whatsapp/chat"));
/// assert_eq!(read("google_play").as_deref(), Some("google_play/review"));
/// assert_eq!(read("??"), None);
/// ```
#[must_use]
pub fn resolve_surface(text: &str) -> Option<Surface> {
    // No name of a surface is longer; without a ceiling the trial of every split would be quadratic.
    if text.len() > 160 {
        return None;
    }
    let words = words(text)?;
    let (channel, kind, used) =
        (1..=words.len()).rev().find_map(|n| known_channel(&words, n)).or_else(|| {
            let first = words.first()?;
            Some((Channel::from_word(first)?, None, 1))
        })?;
    let rest = words.get(used..).unwrap_or_default();
    match kind {
        Some(kind) if rest.is_empty() => Some(settle(channel, kind)),
        _ => place(channel, rest),
    }
}

/// The words between `/`, `.`, `:`, `_`, hyphens and blanks, in lower case.
fn words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    for field in text.split(['/', '.', ':', '_', '-', ' ', '\t']).filter(|field| !field.is_empty()) {
        words.push(Word::new(field)?.as_str().to_owned());
    }
    (!words.is_empty()).then_some(words)
}

fn known_channel(words: &[String], count: usize) -> Option<(Channel, Option<SurfaceKind>, usize)> {
    let name = words.get(..count)?.join("_");
    if let Some((_, channel, kind)) = CHANNELS.iter().find(|(word, ..)| *word == name) {
        return Some((channel.clone(), kind.clone(), count));
    }
    let channel = Channel::from_word(&name)?;
    (!matches!(channel, Channel::Other(_))).then_some((channel, None, count))
}

/// The place that the words after the channel name: a kind, a visibility, or both.
fn place(channel: Channel, words: &[String]) -> Option<Surface> {
    if words.is_empty() {
        return Some(main(channel));
    }
    let name = words.join("_");
    if let Some(Place::Seen(visibility)) = known_place(&name) {
        return Some(seen(channel, visibility));
    }
    if let Some((Place::Kind(kind), [])) = split_place(words) {
        return Some(settle(channel, kind));
    }
    if let Some((last, head)) = words.split_last()
        && let Some(Place::Seen(visibility)) = known_place(last)
    {
        return Some(Surface { visibility, ..place(channel, head)? });
    }
    SurfaceKind::from_word(&name).map(|kind| settle(channel, kind))
}

fn split_place(words: &[String]) -> Option<(Place, &[String])> {
    (1..=words.len()).rev().find_map(|n| {
        let place = known_place(&words.get(..n)?.join("_"))?;
        Some((place, words.get(n..)?))
    })
}

fn known_place(name: &str) -> Option<Place> {
    if let Some((_, place)) = PLACES.iter().find(|(word, _)| *word == name) {
        return Some(place.clone());
    }
    let kind = SurfaceKind::from_word(name)?;
    (!matches!(kind, SurfaceKind::Other(_))).then_some(Place::Kind(kind))
}

fn main(channel: Channel) -> Surface {
    match ChannelFacts::built_in().profile(&channel) {
        Some(profile) => profile.main.clone(),
        None => Surface::new(channel, SurfaceKind::Post),
    }
}

/// The channel's place with a visibility, or a kind that has it.
fn seen(channel: Channel, visibility: Visibility) -> Surface {
    if let Some(facts) = ChannelFacts::built_in().like(&channel, visibility) {
        return facts.surface.clone();
    }
    let kind = match visibility {
        Visibility::Public => SurfaceKind::Post,
        Visibility::Group => SurfaceKind::Group,
        Visibility::Private => SurfaceKind::Chat,
        Visibility::Internal => SurfaceKind::Note,
    };
    Surface::new(channel, kind)
}

/// A listed place has its listed visibility; a direct message where the channel has a chat means the
/// chat, and the other way round.
fn settle(channel: Channel, kind: SurfaceKind) -> Surface {
    let facts = ChannelFacts::built_in();
    if let Some(listed) = facts.exact(&channel, &kind) {
        return listed.surface.clone();
    }
    let is_direct = matches!(kind, SurfaceKind::Chat | SurfaceKind::DirectMessage);
    let private = is_direct.then(|| facts.like(&channel, Visibility::Private)).flatten();
    private.map_or_else(|| Surface::new(channel, kind), |listed| listed.surface.clone())
}
