//! What is known about each network, with a date and a source, as values that a host can replace.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Deserializer, Serialize, de};

use super::document::Document;
use super::length::Unit;
use crate::model::Opener;
use crate::model::{Channel, Seconds, Surface, SurfaceKind, Visibility, Word};

/// The month or day on which a fact held, as `2026-11` or `2026-11-22`.
///
/// ```
/// use galateo::channel::AsOf;
/// assert!(AsOf::new("2026-09-28")? < AsOf::new("2026-11")?);
/// # Ok::<(), galateo::channel::AsOfError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AsOf(Arc<str>);

/// Why a text is no [`AsOf`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("not a month or day such as 2026-11 or 2026-11-22")]
pub struct AsOfError;

impl AsOf {
    /// Reads a month or a day of the years 1970 to 9999.
    ///
    /// # Errors
    /// [`AsOfError`] for anything else.
    pub fn new(text: &str) -> Result<Self, AsOfError> {
        let mut fields = text.split('-');
        let year = number(fields.next(), 4).filter(|year| (1970..=9999).contains(year));
        let month = number(fields.next(), 2).filter(|month| (1..=12).contains(month));
        let day = match fields.next() {
            None => Some(1),
            day => number(day, 2).filter(|day| (1..=31).contains(day)),
        };
        let legal = year.is_some() && month.is_some() && day.is_some() && fields.next().is_none();
        if legal { Ok(Self(Arc::from(text))) } else { Err(AsOfError) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn number(field: Option<&str>, digits: usize) -> Option<u16> {
    let field = field.filter(|f| f.len() == digits && f.bytes().all(|b| b.is_ascii_digit()))?;
    field.parse().ok()
}

impl fmt::Debug for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for AsOf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::new(&text).map_err(de::Error::custom)
    }
}

/// Where a fact comes from, and whether it should be checked again before one relies on it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct Provenance {
    /// The page, specification or product the fact was read in.
    pub source: Arc<str>,
    /// When it held.
    pub as_of: AsOf,
    /// Whether the source is a secondary one.
    pub check: bool,
}

/// A limit of length.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct Cap {
    /// The most that is accepted, in `unit`.
    pub limit: u32,
    /// The unit of the limit.
    pub unit: Unit,
    /// Where the limit comes from.
    pub provenance: Provenance,
}

/// Whether, and for how long after sending, something can be done to a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "no third answer exists")]
pub enum Undo {
    /// Not at all, the careful default.
    #[default]
    Never,
    /// Until so long after sending.
    Within(Seconds),
    /// At any age.
    Always,
}

impl Undo {
    /// Whether it can be done at this age; the last second is included, a negative age counts as zero.
    ///
    /// ```
    /// use galateo::{channel::Undo, model::Seconds};
    /// let edit = Undo::Within(Seconds::hours(1));
    /// assert!(edit.is_open(Seconds::hours(1)) && !edit.is_open(Seconds::new(3601)));
    /// ```
    #[must_use]
    pub fn is_open(self, age: Seconds) -> bool {
        match self {
            Self::Never => false,
            Self::Within(span) => age <= span,
            Self::Always => true,
        }
    }

    /// How long it can still be done; `None` inside when there is no end.
    pub(super) fn left(self, age: Seconds) -> Option<Option<Seconds>> {
        let age = age.max(Seconds::ZERO);
        match self {
            Self::Within(span) if age <= span => {
                Some(Some(Seconds::new(span.get().saturating_sub(age.get()))))
            }
            Self::Always => Some(None),
            Self::Never | Self::Within(_) => None,
        }
    }
}

/// What can still be undone of a message the company sent (R3), from nothing to everything.
///
/// Even a deleted public message may have been read, copied and shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the four answers of R3")]
pub enum Reversibility {
    /// Nothing: what is said is said.
    None,
    /// It can be hidden from most readers.
    Hide,
    /// It can be edited, for so long; `None` means without end.
    EditUntil(Option<Seconds>),
    /// It can be deleted, for so long; `None` means without end.
    DeleteUntil(Option<Seconds>),
}

/// Who may open a conversation on a surface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "either the company may start or it may not")]
pub enum Start {
    /// The customer alone, the careful default.
    #[default]
    Customer,
    /// Either side.
    Anyone,
}

/// What the company may send while no window is open.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the three policies in use; a fourth must be handled everywhere")]
pub enum Outside {
    /// Nothing, the careful default.
    #[default]
    Nothing,
    /// Approved templates, to customers who opted in.
    TemplateOnly,
    /// Anything.
    Free,
}

/// What may be sent in a window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a further kind of content must be handled everywhere")]
pub enum WindowContent {
    /// Approved templates.
    TemplateOnly,
    /// Free text that a person writes.
    HumanAgentOnly,
    /// Anything.
    #[default]
    Free,
}

/// A window: what a customer does opens it, and while it is open the company may write.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct WindowRule {
    /// What opens it.
    pub opener: Opener,
    /// How long it stays open; `None` means without end.
    pub lasts: Option<Seconds>,
    /// How many messages it allows; `None` means any number.
    pub max_messages: Option<u32>,
    /// What it allows to send.
    pub content: WindowContent,
    /// Whether the opener, happening again, restarts the window; else each occurrence opens one of its own.
    pub renewed: bool,
    /// An occurrence that closes it early.
    pub closes_early: Option<Word>,
    /// Where the rule comes from.
    pub provenance: Provenance,
}

/// What is known about one surface.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax")]
pub struct SurfaceFacts {
    /// The surface.
    pub surface: Surface,
    /// The limits of length, the usual one first; all of them hold.
    pub caps: Vec<Cap>,
    /// The windows; the best open one is used.
    pub windows: Vec<WindowRule>,
    /// Who may start.
    pub start: Start,
    /// What may be sent while no window is open, once the customer has started.
    pub outside: Outside,
    /// Editing one's own message.
    pub edit: Undo,
    /// Whether editing is open to some accounts only.
    pub edit_if_eligible: bool,
    /// Deleting one's own message.
    pub delete: Undo,
    /// Hiding one's own message.
    pub hide: Undo,
    /// Hiding what others wrote here.
    pub hide_others: bool,
    /// Deleting what others wrote here.
    pub delete_others: bool,
    /// Where what is known about initiative and undoing comes from.
    pub provenance: Provenance,
    /// How many attachments a message carries; `None` where unknown.
    pub attachments: Option<u32>,
}

impl SurfaceFacts {
    /// A surface of which nothing is known: no limit, no window, no way back.
    #[must_use]
    pub fn careful(surface: Surface) -> Self {
        let provenance =
            Provenance { source: Arc::from("unknown"), as_of: AsOf(Arc::from("1970-01")), check: true };
        Self {
            surface,
            caps: Vec::new(),
            windows: Vec::new(),
            start: Start::default(),
            outside: Outside::default(),
            edit: Undo::Never,
            edit_if_eligible: false,
            delete: Undo::Never,
            hide: Undo::Never,
            hide_others: false,
            delete_others: false,
            provenance,
            attachments: None,
        }
    }

    /// What can still be undone of the company's own message at an age (R3).
    ///
    /// ```
    /// use galateo::{channel::{ChannelFacts, Reversibility}, model::Seconds};
    /// let facts = ChannelFacts::built_in();
    /// let telegram = facts.surface(&"telegram/chat".parse()?).unwrap();
    /// assert_eq!(
    ///     telegram.reversibility(Seconds::hours(47)),
    ///     Reversibility::DeleteUntil(Some(Seconds::hours(1)))
    /// );
    /// # Ok::<(), galateo::model::SurfaceError>(())
    /// ```
    #[must_use]
    pub fn reversibility(&self, age: Seconds) -> Reversibility {
        if let Some(left) = self.delete.left(age) {
            return Reversibility::DeleteUntil(left);
        }
        let edit = if self.edit_if_eligible { Undo::Never } else { self.edit };
        if let Some(left) = edit.left(age) {
            return Reversibility::EditUntil(left);
        }
        if self.hide.is_open(age) { Reversibility::Hide } else { Reversibility::None }
    }

    /// What to do with a photo of a document that arrives here (R44).
    #[must_use]
    pub const fn documents(&self) -> Documents {
        match self.surface.visibility {
            Visibility::Private => Documents::Accept,
            Visibility::Public | Visibility::Group | Visibility::Internal => Documents::MovePrivate,
        }
    }
}

/// What to do with a photo of a document (R44).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "accepted or not")]
pub enum Documents {
    /// The surface is private: take it.
    Accept,
    /// Others can see it: move to a private surface and advise to remove it.
    MovePrivate,
}

/// How to invite to a private exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct InviteLink {
    /// The link, with `{account}` and, where the network takes one, `{text}`.
    pub template: Arc<str>,
    /// Where the template comes from.
    pub provenance: Provenance,
}

/// What is known about a network as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct ChannelProfile {
    /// The network.
    pub channel: Channel,
    /// Hosts on which its accounts live, without `www.`.
    pub hosts: Vec<Box<str>>,
    /// The private link, where the network has a stable one.
    pub invite: Option<InviteLink>,
    /// The surface that a bare channel name means.
    pub main: Surface,
}

/// Why a document of facts cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FactsError {
    /// A duration is not a number with a unit.
    #[error("{at}: not a duration such as 90s, 15m, 24h or 7d, nor never or always")]
    Duration {
        /// The surface.
        at: String,
    },
    /// The document is no TOML of the documented shape.
    #[error("channel facts: line {line} is not as documented")]
    Shape {
        /// Line of the document, from 1; 0 where unknown.
        line: usize,
    },
    /// A fact names a source that the document does not list.
    #[error("{at}: source `{source_key}` is not listed under [source]")]
    Source {
        /// The surface or channel.
        at: String,
        /// The missing key.
        source_key: String,
    },
}

/// What is known about all networks: built in, replaceable surface by surface.
///
/// ```
/// use galateo::channel::{ChannelFacts, SurfaceFacts, measure_with, Counting, Cap, Unit};
/// // An instance of Mastodon that allows 5,000 characters.
/// let surface = "mastodon/post".parse()?;
/// let mut facts = ChannelFacts::built_in().clone();
/// let mut mine = facts.surface(&surface).unwrap().clone();
/// mine.caps[0].limit = 5000;
/// facts.replace(mine);
/// assert_eq!(measure_with("Hi", &surface, &facts, &Counting::default()).limit, Some(5000));
/// # Ok::<(), galateo::model::SurfaceError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChannelFacts {
    surfaces: BTreeMap<(Channel, SurfaceKind), SurfaceFacts>,
    profiles: BTreeMap<Channel, ChannelProfile>,
}

/// The document is checked by a test; should it ever be unreadable, every surface has careful defaults.
static BUILT_IN: LazyLock<ChannelFacts> =
    LazyLock::new(|| ChannelFacts::from_toml(include_str!("facts.toml")).unwrap_or_default());

impl ChannelFacts {
    /// The facts of this release, as of 2026-11.
    #[must_use]
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads a document in the format of `facts.toml`.
    ///
    /// # Errors
    /// A [`FactsError`] that names the line, or the surface, at fault.
    pub fn from_toml(text: &str) -> Result<Self, FactsError> {
        let document: Document = toml::from_str(text).map_err(|error| FactsError::Shape {
            line: error.span().map_or(0, |span| line_of(text, span.start)),
        })?;
        document.resolve()
    }

    /// Reads a document and puts what it holds over these facts, surface by surface.
    ///
    /// # Errors
    /// A [`FactsError`], and nothing has changed.
    pub fn patch(&mut self, text: &str) -> Result<(), FactsError> {
        let Self { surfaces, profiles } = Self::from_toml(text)?;
        self.surfaces.extend(surfaces);
        self.profiles.extend(profiles);
        Ok(())
    }

    /// Replaces what is known about a surface.
    pub fn replace(&mut self, facts: SurfaceFacts) {
        let key = (facts.surface.channel.clone(), facts.surface.kind.clone());
        self.surfaces.insert(key, facts);
    }

    /// Replaces what is known about a channel as a whole.
    pub fn replace_profile(&mut self, profile: ChannelProfile) {
        self.profiles.insert(profile.channel.clone(), profile);
    }

    /// What is known about a surface; for a kind of place the channel does not list, what is known of
    /// the channel's first place with the same visibility. `None` for a channel of which nothing is known.
    #[must_use]
    pub fn surface(&self, surface: &Surface) -> Option<&SurfaceFacts> {
        self.exact(&surface.channel, &surface.kind)
            .or_else(|| self.like(&surface.channel, surface.visibility))
    }

    /// What is known about a surface, or the careful defaults.
    #[must_use]
    pub fn surface_or_careful(&self, surface: &Surface) -> SurfaceFacts {
        self.surface(surface).cloned().unwrap_or_else(|| SurfaceFacts::careful(surface.clone()))
    }

    pub(super) fn exact(&self, channel: &Channel, kind: &SurfaceKind) -> Option<&SurfaceFacts> {
        self.surfaces.get(&(channel.clone(), kind.clone()))
    }

    /// The channel's main place if it has this visibility, else its first with it.
    pub(super) fn like(&self, channel: &Channel, visibility: Visibility) -> Option<&SurfaceFacts> {
        let main = self.profiles.get(channel).map(|profile| &profile.main);
        let main = main.filter(|main| main.visibility == visibility);
        main.and_then(|main| self.exact(channel, &main.kind)).or_else(|| {
            self.surfaces
                .values()
                .find(|f| f.surface.channel == *channel && f.surface.visibility == visibility)
        })
    }

    /// What is known about a channel as a whole.
    #[must_use]
    pub fn profile(&self, channel: &Channel) -> Option<&ChannelProfile> {
        self.profiles.get(channel)
    }

    /// Every channel, in order of name.
    pub fn profiles(&self) -> impl Iterator<Item = &ChannelProfile> {
        self.profiles.values()
    }

    /// Every surface, in order.
    pub fn surfaces(&self) -> impl Iterator<Item = &SurfaceFacts> {
        self.surfaces.values()
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    let head = text.as_bytes().get(..offset).unwrap_or_default();
    head.iter().filter(|b| **b == b'\n').count().saturating_add(1)
}
