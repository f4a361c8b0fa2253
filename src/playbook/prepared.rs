//! Texts of a playbook that every message or draft is held against: measured and fingerprinted once, at compile.

use std::sync::Arc;

use super::{AnswerStatus, Playbook};
use crate::channel::{ChannelFacts, Measured};
use crate::detect::Fingerprint;
use crate::model::{Surface, TopicId, Word};

/// An entry of the knowledge base, in the wordings that may be suggested.
#[derive(Debug)]
pub(super) struct PreparedArticle {
    pub(super) id: Word,
    pub(super) topics: Vec<TopicId>,
    /// Text with link, then the text alone.
    wordings: Vec<(Arc<str>, Measured)>,
}

impl PreparedArticle {
    /// The fullest wording that a surface takes.
    pub(super) fn wording(&self, surface: Option<&Surface>, facts: &ChannelFacts) -> Option<&Arc<str>> {
        let mut fitting = self
            .wordings
            .iter()
            .filter(|(_, measured)| surface.is_none_or(|surface| measured.fits(surface, facts)));
        fitting.next().map(|(text, _)| text)
    }
}

/// The articles of a playbook, in its order.
pub(super) fn articles(playbook: &Playbook) -> Vec<PreparedArticle> {
    let prepared = |article: &super::Article| {
        let both = article.link.as_ref().map(|link| format!("{} {link}", article.says));
        let texts = both.into_iter().chain([article.says.clone()]);
        PreparedArticle {
            id: article.id.clone(),
            topics: article.topics.clone(),
            wordings: texts.map(|text| (Arc::from(text.as_str()), Measured::new(&text))).collect(),
        }
    };
    playbook.articles.iter().map(prepared).collect()
}

/// The answers of a playbook, as likeness to them is measured.
pub(super) fn answers(playbook: &Playbook) -> Vec<(AnswerStatus, Fingerprint)> {
    playbook.answers.iter().map(|answer| (answer.status, Fingerprint::of(&answer.says))).collect()
}
