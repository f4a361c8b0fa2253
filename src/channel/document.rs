//! The document that facts are written in: one table a channel, one a surface, sources by key.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::facts::{
    AsOf, Cap, ChannelFacts, ChannelProfile, FactsError, InviteLink, Outside, Provenance, Start,
    SurfaceFacts, Undo, WindowContent, WindowRule,
};
use super::length::Unit;
use crate::model::Opener;
use crate::model::{Channel, Seconds, Surface, Word};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    #[serde(default)]
    source: BTreeMap<String, SourceRow>,
    #[serde(default)]
    channel: Vec<ChannelRow>,
    #[serde(default)]
    surface: Vec<SurfaceRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceRow {
    page: Arc<str>,
    as_of: AsOf,
    #[serde(default)]
    check: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelRow {
    name: Channel,
    main: Surface,
    #[serde(default)]
    hosts: Vec<Box<str>>,
    invite: Option<InviteRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InviteRow {
    template: Arc<str>,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SurfaceRow {
    at: Surface,
    source: String,
    #[serde(default)]
    start: Start,
    #[serde(default)]
    outside: Outside,
    edit: Option<String>,
    #[serde(default)]
    edit_if_eligible: bool,
    delete: Option<String>,
    hide: Option<String>,
    #[serde(default)]
    hide_others: bool,
    #[serde(default)]
    delete_others: bool,
    attachments: Option<u32>,
    #[serde(default)]
    caps: Vec<CapRow>,
    #[serde(default)]
    windows: Vec<WindowRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CapRow {
    limit: u32,
    unit: Unit,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowRow {
    opener: Opener,
    lasts: Option<String>,
    messages: Option<u32>,
    #[serde(default)]
    content: WindowContent,
    #[serde(default)]
    renewed: bool,
    closes_early: Option<String>,
    source: String,
}

impl Document {
    /// Looks the sources up and reads the durations.
    pub(super) fn resolve(self) -> Result<ChannelFacts, FactsError> {
        let sources = Sources(self.source);
        let mut facts = ChannelFacts::default();
        for row in self.channel {
            facts.replace_profile(row.resolve(&sources)?);
        }
        for row in self.surface {
            facts.replace(row.resolve(&sources)?);
        }
        Ok(facts)
    }
}

struct Sources(BTreeMap<String, SourceRow>);

impl Sources {
    fn find(&self, key: &str, at: &str) -> Result<Provenance, FactsError> {
        let missing = || FactsError::Source { at: at.to_owned(), source_key: key.to_owned() };
        let row = self.0.get(key).ok_or_else(missing)?;
        Ok(Provenance { source: Arc::clone(&row.page), as_of: row.as_of.clone(), check: row.check })
    }
}

impl ChannelRow {
    fn resolve(self, sources: &Sources) -> Result<ChannelProfile, FactsError> {
        let at = self.name.as_str();
        let invite = match self.invite {
            Some(row) => {
                Some(InviteLink { template: row.template, provenance: sources.find(&row.source, at)? })
            }
            None => None,
        };
        Ok(ChannelProfile { hosts: self.hosts, invite, main: self.main, channel: self.name })
    }
}

impl SurfaceRow {
    fn resolve(self, sources: &Sources) -> Result<SurfaceFacts, FactsError> {
        let at = self.at.to_string();
        let caps = self.caps.into_iter().map(|row| row.resolve(sources, &at)).collect::<Result<_, _>>()?;
        let windows =
            self.windows.into_iter().map(|row| row.resolve(sources, &at)).collect::<Result<_, _>>()?;
        Ok(SurfaceFacts {
            caps,
            windows,
            start: self.start,
            outside: self.outside,
            edit: undo(self.edit.as_deref(), &at)?,
            edit_if_eligible: self.edit_if_eligible,
            delete: undo(self.delete.as_deref(), &at)?,
            hide: undo(self.hide.as_deref(), &at)?,
            hide_others: self.hide_others,
            delete_others: self.delete_others,
            attachments: self.attachments,
            provenance: sources.find(&self.source, &at)?,
            surface: self.at,
        })
    }
}

impl CapRow {
    fn resolve(self, sources: &Sources, at: &str) -> Result<Cap, FactsError> {
        Ok(Cap { limit: self.limit, unit: self.unit, provenance: sources.find(&self.source, at)? })
    }
}

impl WindowRow {
    fn resolve(self, sources: &Sources, at: &str) -> Result<WindowRule, FactsError> {
        let lasts = match self.lasts {
            Some(text) => Some(span(&text, at)?),
            None => None,
        };
        Ok(WindowRule {
            opener: self.opener,
            lasts,
            max_messages: self.messages,
            content: self.content,
            renewed: self.renewed,
            closes_early: self.closes_early.as_deref().and_then(Word::new),
            provenance: sources.find(&self.source, at)?,
        })
    }
}

fn undo(text: Option<&str>, at: &str) -> Result<Undo, FactsError> {
    match text {
        None | Some("never") => Ok(Undo::Never),
        Some("always") => Ok(Undo::Always),
        Some(text) => span(text, at).map(Undo::Within),
    }
}

/// A whole number with `s`, `m`, `h` or `d`.
fn span(text: &str, at: &str) -> Result<Seconds, FactsError> {
    let read = || {
        let unit = text.chars().next_back()?;
        let count: u32 = text.strip_suffix(unit)?.parse().ok()?;
        let count = i64::from(count);
        match unit {
            's' => Some(Seconds::new(count)),
            'm' => Some(Seconds::minutes(count)),
            'h' => Some(Seconds::hours(count)),
            'd' => Some(Seconds::days(count)),
            _ => None,
        }
    };
    read().ok_or_else(|| FactsError::Duration { at: at.to_owned() })
}
