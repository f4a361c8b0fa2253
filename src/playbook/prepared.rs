//! Texts of a playbook that every message or draft is held against: measured and fingerprinted once, at compile.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{AnswerStatus, Playbook};
use crate::channel::{ChannelFacts, Measured};
use crate::detect::{Article, Detectors, Fingerprint, KnowledgeBase, Scratch};
use crate::model::{Language, Surface, TopicId, Word};

/// The knowledge base of one language: what finds an article, and what is said of the one found.
#[derive(Debug)]
pub(super) struct Library {
    pub(super) base: KnowledgeBase,
    /// In the order of the base.
    pub(super) articles: Vec<PreparedArticle>,
}

/// An entry of the knowledge base, in the wordings that may be suggested.
#[derive(Debug)]
pub(crate) struct PreparedArticle {
    pub(crate) id: Word,
    topics: Vec<TopicId>,
    /// Text with link, then the text alone.
    wordings: Vec<(Arc<str>, Measured)>,
}

impl PreparedArticle {
    fn of(article: &super::Article) -> Self {
        let both = article.link.as_ref().map(|link| format!("{} {link}", article.says));
        let texts = both.into_iter().chain([article.says.clone()]);
        Self {
            id: article.id.clone(),
            topics: article.topics.clone(),
            wordings: texts.map(|text| (Arc::from(text.as_str()), Measured::new(&text))).collect(),
        }
    }

    /// Whether it may answer a message about these topics.
    pub(super) fn is_about(&self, topics: &[&TopicId]) -> bool {
        topics.is_empty() || self.topics.is_empty() || self.topics.iter().any(|topic| topics.contains(&topic))
    }

    /// The fullest wording that a surface takes.
    pub(crate) fn wording(&self, surface: Option<&Surface>, facts: &ChannelFacts) -> Option<&Arc<str>> {
        let mut fitting = self
            .wordings
            .iter()
            .filter(|(_, measured)| surface.is_none_or(|surface| measured.fits(surface, facts)));
        fitting.next().map(|(text, _)| text)
    }
}

/// The knowledge base, a language at a time.
pub(super) fn knowledge(playbook: &Playbook, detectors: &Detectors) -> BTreeMap<Language, Library> {
    let mut articles: BTreeMap<Language, Vec<&super::Article>> = BTreeMap::new();
    for article in &playbook.articles {
        articles.entry(article.language).or_default().push(article);
    }
    let mut scratch = Scratch::default();
    let mut library = |list: &[&super::Article]| {
        let entries: Vec<Article> = list.iter().map(|article| entry(article)).collect();
        Library {
            base: KnowledgeBase::new(&entries, detectors, &mut scratch),
            articles: list.iter().map(|article| PreparedArticle::of(article)).collect(),
        }
    };
    articles.iter().map(|(language, list)| (*language, library(list))).collect()
}

fn entry(article: &super::Article) -> Article {
    Article { id: article.id.as_str().to_owned(), title: article.title.clone(), text: article.says.clone() }
}

/// The answers of a playbook, as likeness to them is measured.
pub(super) fn answers(playbook: &Playbook) -> Vec<(AnswerStatus, Fingerprint)> {
    playbook.answers.iter().map(|answer| (answer.status, Fingerprint::of(&answer.says))).collect()
}
