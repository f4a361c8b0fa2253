//! How long a text is where it will stand (R12), and where it can be cut without harm.

mod emoji;
mod glyphs;
mod gsm;
mod items;
mod measured;
mod punycode;
mod tld;
mod unit;
mod url;
mod wire;

pub(crate) use measured::Measured;
pub use tld::Tlds;
pub use unit::Unit;
pub use url::{Link, links};
pub use wire::{LengthAnswer, LengthError, LengthRequest};

use super::facts::{Cap, ChannelFacts};
use crate::model::Surface;
use crate::num::narrow;
use items::Items;

/// How to count, where the surface leaves it open.
///
/// ```
/// use galateo::channel::{ChannelFacts, Counting, measure_with};
/// let counting = Counting { auto_filled_mentions: 1, ..Counting::default() };
/// let surface = "x/reply".parse()?;
/// let length = measure_with("@anna Hi", &surface, ChannelFacts::built_in(), &counting);
/// assert_eq!(length.used, 2);
/// # Ok::<(), galateo::model::SurfaceError>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax")]
pub struct Counting<'a> {
    /// The top-level domains that make a dotted word a link.
    pub tlds: &'a Tlds,
    /// Whether X shortens a domain without protocol (it does as of 2026-11).
    pub bare_domains: bool,
    /// Mentions at the start of a reply that X fills in itself and does not count.
    pub auto_filled_mentions: u32,
}

impl Default for Counting<'_> {
    fn default() -> Self {
        Self { tlds: Tlds::built_in(), bare_domains: true, auto_filled_mentions: 0 }
    }
}

/// The length of a text on a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Length {
    /// How much the text takes, in `unit`.
    pub used: u32,
    /// How much the surface takes, in `unit`; `None` where no limit is published.
    pub limit: Option<u32>,
    /// The unit of the limit that binds: the first exceeded one, else the first of the surface.
    pub unit: Unit,
    /// Whether the text is within every limit of the surface.
    pub fits: bool,
    /// The longest start of the text, in bytes, that fits and ends between two graphemes, outside every
    /// link, mention and redaction mark; the whole text where it fits.
    pub safe_cut: usize,
    /// Messages the text is sent as: more than one for a long text message, else one.
    pub parts: u32,
}

impl Length {
    /// How much room is left, in `unit`; negative when over, `None` without a limit.
    #[must_use]
    pub fn left(&self) -> Option<i64> {
        self.limit.map(|limit| i64::from(limit).saturating_sub(i64::from(self.used)))
    }
}

/// Measures a text as the surface counts it, with the built-in facts.
///
/// A surface without published limit, and one this release does not know, count in UTF-16 code units
/// and accept any length. Work and memory are linear in the length of the text.
///
/// ```
/// use galateo::channel::{Unit, measure};
/// let length = measure("Hi http://test.co", &"x/post".parse()?);
/// assert_eq!((length.used, length.limit, length.unit), (26, Some(280), Unit::XWeighted));
/// assert!(length.fits);
/// # Ok::<(), galateo::model::SurfaceError>(())
/// ```
#[must_use]
pub fn measure(text: &str, surface: &Surface) -> Length {
    measure_with(text, surface, ChannelFacts::built_in(), &Counting::default())
}

/// Measures a text with the host's facts and ways of counting.
#[must_use]
pub fn measure_with(text: &str, surface: &Surface, facts: &ChannelFacts, counting: &Counting<'_>) -> Length {
    let found = facts.surface(surface);
    let caps = found.map_or(&[][..], |f| f.caps.as_slice());
    let items = Items::new(text, counting);
    let counts: Vec<Count> = caps.iter().map(|cap| items.count(cap)).collect();
    let Some(binding) = counts.iter().find(|c| !c.fits()).or_else(|| counts.first()) else {
        return unlimited(&items);
    };
    let fits = binding.fits();
    let safe_cut = if fits { text.len() } else { safe_cut(text, &items, caps, counting) };
    let parts = narrow(counts.iter().map(|c| c.parts).max().unwrap_or(1));
    Length { used: binding.used, limit: Some(binding.limit), unit: binding.unit, fits, safe_cut, parts }
}

fn unlimited(items: &Items<'_>) -> Length {
    let used = items.total(Unit::Utf16CodeUnits);
    Length {
        used,
        limit: None,
        unit: Unit::Utf16CodeUnits,
        fits: true,
        safe_cut: items.text().len(),
        parts: 1,
    }
}

/// The longest start that fits; measured again, because what follows can decide whether a word is a link.
fn safe_cut(text: &str, items: &Items<'_>, caps: &[Cap], counting: &Counting<'_>) -> usize {
    let cut = caps.iter().map(|cap| items.cut(cap, |_| true)).min().unwrap_or(0);
    let fits = |cut: usize| {
        let start = Items::new(text.get(..cut).unwrap_or_default(), counting);
        caps.iter().all(|cap| start.count(cap).fits())
    };
    if fits(cut) {
        return cut;
    }
    // Before a blank nothing that follows can change how the start is read.
    let blank =
        |end: usize| text.get(end..).and_then(|rest| rest.chars().next()).is_some_and(char::is_whitespace);
    let cut = caps.iter().map(|cap| items.cut(cap, blank)).min().unwrap_or(0);
    if fits(cut) { cut } else { 0 }
}

/// One limit applied to one text.
struct Count {
    used: u32,
    limit: u32,
    unit: Unit,
    parts: usize,
}

impl Count {
    const fn fits(&self) -> bool {
        self.used <= self.limit
    }
}
