//! Where a message stands: channels, kinds of surface, and who can read them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::words::open_words;

/// Who can read what stands on a surface (R2), from the most to the least open.
///
/// "Private" is a direct exchange with the customer; a note among colleagues is `Internal`.
///
/// ```
/// use galateo::model::Visibility;
/// assert!(Visibility::Public.is_open() && Visibility::Group.is_open());
/// assert!(!Visibility::Private.is_open());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "the four visibilities are fixed by the design; a fifth must break every match"
)]
pub enum Visibility {
    /// Everyone can read it, and no one can unsay it.
    Public,
    /// The members of a group can read it.
    Group,
    /// The customer and the company alone can read it.
    Private,
    /// Colleagues alone can read it.
    Internal,
}

impl Visibility {
    /// Whether people other than the customer and the company can read along.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Public | Self::Group)
    }

    /// The word used in documents and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Group => "group",
            Self::Private => "private",
            Self::Internal => "internal",
        }
    }
}

open_words! {
    /// A network or medium through which customers and company talk.
    ///
    /// ```
    /// use galateo::model::Channel;
    /// assert_eq!(Channel::from_word("whatsapp"), Some(Channel::WhatsApp));
    /// assert_eq!(Channel::from_word("threads").unwrap().as_str(), "threads");
    /// ```
    Channel, "channel" {
        /// Apple's App Store: reviews.
        AppStore = "app_store",
        /// Apple Messages for Business.
        AppleMessages = "apple_messages",
        /// Bluesky.
        Bluesky = "bluesky",
        /// Electronic mail.
        Email = "email" | "mail",
        /// A Facebook page.
        Facebook = "facebook" | "fb",
        /// A Google business profile: reviews.
        GoogleBusiness = "google_business",
        /// Google Play: reviews.
        GooglePlay = "google_play",
        /// Instagram.
        Instagram = "instagram" | "ig",
        /// LINE.
        Line = "line",
        /// LinkedIn.
        LinkedIn = "linkedin",
        /// Mastodon.
        Mastodon = "mastodon",
        /// Facebook Messenger.
        Messenger = "messenger",
        /// The telephone.
        Phone = "phone",
        /// Text messages of the mobile network.
        Sms = "sms",
        /// Telegram.
        Telegram = "telegram",
        /// TikTok.
        TikTok = "tiktok",
        /// Viber.
        Viber = "viber",
        /// WeChat.
        WeChat = "wechat",
        /// The chat of the company's own site or application.
        WebChat = "web_chat" | "webchat",
        /// WhatsApp Business.
        WhatsApp = "whatsapp" | "whats_app",
        /// X, once Twitter.
        X = "x" | "twitter",
        /// YouTube.
        YouTube = "youtube",
    }
}

open_words! {
    /// A kind of place on a channel.
    SurfaceKind, "kind of surface" {
        /// A spoken call.
        Call = "call",
        /// A conversation in a messaging channel.
        Chat = "chat",
        /// A comment below a post.
        Comment = "comment",
        /// A direct message of a social network.
        DirectMessage = "direct_message" | "dm" | "message",
        /// A letter by electronic mail.
        Email = "email" | "mail",
        /// A conversation among several people.
        Group = "group",
        /// A mention of the company in someone's post.
        Mention = "mention",
        /// A note among colleagues.
        Note = "note",
        /// A post of its own.
        Post = "post" | "tweet",
        /// A post that quotes another.
        Quote = "quote",
        /// An answer below a post.
        Reply = "reply",
        /// A review with a rating.
        Review = "review",
        /// An answer to a story, which lands in the direct messages.
        StoryReply = "story_reply",
        /// A text message of the mobile network.
        TextMessage = "text_message" | "sms",
    }
}

impl SurfaceKind {
    /// Who can usually read this kind of place; an unknown one counts as public, the careful reading.
    #[must_use]
    pub const fn visibility(&self) -> Visibility {
        match self {
            Self::Call
            | Self::Chat
            | Self::DirectMessage
            | Self::Email
            | Self::StoryReply
            | Self::TextMessage => Visibility::Private,
            Self::Group => Visibility::Group,
            Self::Note => Visibility::Internal,
            Self::Comment
            | Self::Mention
            | Self::Post
            | Self::Quote
            | Self::Reply
            | Self::Review
            | Self::Other(_) => Visibility::Public,
        }
    }
}

/// A place on a channel, with who can read it.
///
/// Written `channel/kind`, such as `instagram/comment`; where the visibility is not the kind's usual
/// one it is appended, such as `facebook/post:group`.
///
/// ```
/// use galateo::model::{Surface, Visibility};
/// let surface: Surface = "instagram/dm".parse()?;
/// assert_eq!(surface.visibility, Visibility::Private);
/// assert_eq!(surface.to_string(), "instagram/direct_message");
/// # Ok::<(), galateo::model::SurfaceError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_structs,
    reason = "every combination of the three is legal and hosts write it as a literal"
)]
pub struct Surface {
    /// The network.
    pub channel: Channel,
    /// The kind of place.
    pub kind: SurfaceKind,
    /// Who can read it.
    pub visibility: Visibility,
}

impl Surface {
    /// A place with the visibility usual for its kind.
    #[must_use]
    pub const fn new(channel: Channel, kind: SurfaceKind) -> Self {
        let visibility = kind.visibility();
        Self { channel, kind, visibility }
    }
}

/// Why a text names no surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error(
    "not a surface: write channel/kind, such as instagram/comment, with an optional :public, :group, :private or :internal"
)]
pub struct SurfaceError;

impl FromStr for Surface {
    type Err = SurfaceError;

    fn from_str(text: &str) -> Result<Self, SurfaceError> {
        let (place, shown) = match text.rsplit_once(':') {
            Some((place, shown)) => (place, Some(parse_visibility(shown).ok_or(SurfaceError)?)),
            None => (text, None),
        };
        let (channel, kind) = place.split_once('/').ok_or(SurfaceError)?;
        let channel = Channel::from_word(channel).ok_or(SurfaceError)?;
        let kind = SurfaceKind::from_word(kind).ok_or(SurfaceError)?;
        let visibility = shown.unwrap_or_else(|| kind.visibility());
        Ok(Self { channel, kind, visibility })
    }
}

fn parse_visibility(word: &str) -> Option<Visibility> {
    [Visibility::Public, Visibility::Group, Visibility::Private, Visibility::Internal]
        .into_iter()
        .find(|v| v.as_str() == word)
}

impl fmt::Display for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.channel, self.kind)?;
        if self.visibility == self.kind.visibility() {
            Ok(())
        } else {
            write!(f, ":{}", self.visibility.as_str())
        }
    }
}

impl fmt::Debug for Surface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Surface {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Surface {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
