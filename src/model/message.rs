//! One text on one surface.

use serde::{Deserialize, Serialize};

use super::words::open_words;
use super::{Language, MessageId, Sensitive, Surface, TopicId, Word, WordError};

/// One text on one surface, as the network delivered it.
///
/// Everything a reader of the surface can see belongs here, so that redaction covers the whole
/// structure and not the body alone.
///
/// ```
/// use galateo::model::{Message, Sensitive, Surface};
/// let surface: Surface = "x/post".parse()?;
/// let message = Message { text: Sensitive::from("Dov'è il mio pacco?"), ..Message::on(surface) };
/// assert!(message.surface.visibility.is_open());
/// # Ok::<(), galateo::model::SurfaceError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax over `Message::on`")]
pub struct Message {
    /// Where it stands.
    pub surface: Surface,
    /// The text as plain text; markup is the host's to remove.
    #[serde(default)]
    pub text: Sensitive<String>,
    /// The network's identifier, where it differs from the event's.
    #[serde(default)]
    pub id: Option<MessageId>,
    /// The message it answers.
    #[serde(default)]
    pub in_reply_to: Option<MessageId>,
    /// What hangs on it.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// Quoted history that is delivered with it.
    #[serde(default)]
    pub quoted: Option<Sensitive<String>>,
    /// Titles and texts of link previews.
    #[serde(default)]
    pub previews: Vec<Sensitive<String>>,
    /// The handle under which the author is shown.
    #[serde(default)]
    pub handle: Option<Sensitive<String>>,
    /// The language, where the host knows it.
    #[serde(default)]
    pub language: Option<Language>,
    /// Whether the company is addressed by its handle; a mention without it is only listened to (R9).
    #[serde(default = "yes")]
    pub addressed: bool,
    /// Whether the network returned the company's own message; an echo asks for nothing.
    #[serde(default)]
    pub echo: bool,
    /// The stars of a review, 1 to 5.
    #[serde(default)]
    pub rating: Option<Rating>,
    /// Values of the host's own models, which become facts beside the built-in signals.
    #[serde(default)]
    pub scores: Vec<Score>,
    /// Topics that the host assigned.
    #[serde(default)]
    pub topics: Vec<TopicId>,
}

const fn yes() -> bool {
    true
}

impl Message {
    /// An empty message on a surface.
    #[must_use]
    pub fn on(surface: Surface) -> Self {
        Self {
            surface,
            text: Sensitive::default(),
            id: None,
            in_reply_to: None,
            attachments: Vec::new(),
            quoted: None,
            previews: Vec::new(),
            handle: None,
            language: None,
            addressed: true,
            echo: false,
            rating: None,
            scores: Vec::new(),
            topics: Vec::new(),
        }
    }
}

/// Stars, 1 to 5.
///
/// ```
/// use galateo::model::Rating;
/// assert_eq!(Rating::new(4).map(Rating::get), Some(4));
/// assert_eq!(Rating::new(6), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Rating(u8);

impl Rating {
    /// A rating of `stars`, or `None` outside 1 to 5.
    #[must_use]
    pub const fn new(stars: u8) -> Option<Self> {
        if matches!(stars, 1..=5) { Some(Self(stars)) } else { None }
    }

    /// The number of stars.
    #[must_use]
    pub const fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Rating {
    type Error = &'static str;

    fn try_from(stars: u8) -> Result<Self, Self::Error> {
        Self::new(stars).ok_or("a rating is 1 to 5 stars")
    }
}

impl From<Rating> for u8 {
    fn from(rating: Rating) -> Self {
        rating.0
    }
}

/// Something that hangs on a message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct Attachment {
    /// What it is.
    pub kind: AttachmentKind,
    /// Its file name, which can hold personal data as well as the text can.
    #[serde(default)]
    pub name: Option<Sensitive<String>>,
}

open_words! {
    /// What hangs on a message.
    AttachmentKind, "kind of attachment" {
        /// A sound recording.
        Audio = "audio",
        /// A paper or an identity document photographed with a phone (R44): for private surfaces only.
        DocumentPhoto = "document_photo",
        /// A file.
        File = "file",
        /// A picture.
        Image = "image",
        /// A place on the map.
        Location = "location",
        /// A sticker.
        Sticker = "sticker",
        /// A moving picture.
        Video = "video",
    }
}

/// A value of the host's own model, such as a sentiment or a churn risk.
///
/// A model need not be deterministic: what it said is an input, recorded with the event, so that a
/// replay sees the same facts.
///
/// ```
/// let score: galateo::model::Score = serde_json::from_str(r#"{"signal": "churn", "value": 900, "source": "crm-7"}"#)?;
/// assert_eq!(score.value, 900);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct Score {
    /// The signal it speaks of, by the name it has in conditions.
    pub signal: SignalName,
    /// Its value, −1000 to 1000; for a signal that is there or not, its confidence.
    pub value: i16,
    /// The model and its version.
    pub source: SourceName,
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Word);

        impl $name {
            /// A name of letters, digits and underscores; `None` where `text` is no such word.
            #[must_use]
            pub fn new(text: &str) -> Option<Self> {
                Word::new(text).map(Self)
            }

            pub(crate) const fn of(word: Word) -> Self {
                Self(word)
            }

            /// The name.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl TryFrom<String> for $name {
            type Error = &'static str;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::new(&text).ok_or("not a name of letters, digits and underscores")
            }
        }

        impl std::str::FromStr for $name {
            type Err = WordError;

            fn from_str(text: &str) -> Result<Self, WordError> {
                text.parse().map(Self)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.as_str().to_owned()
            }
        }
    )*};
}

words! {
    /// The name of a signal.
    SignalName,
    /// The name and version of a model.
    SourceName
}
