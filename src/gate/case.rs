//! What every check of the gate sees.

use crate::channel::SendPermit;
use crate::detect::{Signal, SignalKind, Signals};
use crate::model::{Customer, Desk, Draft, Language, Visibility};
use crate::playbook::{Playbook, Policy, Situation};
use crate::text::Span;

use super::finding::{Finding, FindingCode};

/// A draft with everything known around it.
pub(crate) struct Case<'a> {
    pub(crate) draft: &'a Draft,
    pub(crate) text: &'a str,
    pub(crate) situation: &'a Situation<'a>,
    pub(crate) policy: &'a Policy,
    pub(crate) personal: &'a [PersonalSpan],
    pub(crate) permit: SendPermit,
    pub(crate) recent: Option<&'a super::SentReplies>,
}

/// A piece of personal data in the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonalSpan {
    pub(crate) kind: crate::model::Word,
    pub(crate) span: Span,
}

impl<'a> Case<'a> {
    pub(crate) fn playbook(&self) -> &'a Playbook {
        self.policy.playbook()
    }

    pub(crate) fn signals(&self) -> &'a Signals {
        self.situation.signals
    }

    pub(crate) fn visibility(&self) -> Visibility {
        self.draft.surface.visibility
    }

    pub(crate) fn customer(&self) -> Option<&'a Customer> {
        self.situation.customer
    }

    pub(crate) fn desk(&self) -> Option<&'a Desk> {
        self.situation.desk
    }

    pub(crate) fn language(&self) -> Option<Language> {
        self.situation.language()
    }

    /// A finding with the severity that belongs to who reads along.
    pub(crate) fn finding(&self, code: FindingCode) -> Finding {
        Finding::new(code, self.visibility())
    }

    /// A finding for the surest signal of a kind that counts as a fact.
    pub(crate) fn found(&self, kind: &SignalKind, code: FindingCode) -> Option<Finding> {
        self.signal(kind).map(|signal| self.finding(code).at(signal.span))
    }

    /// The signals of a kind that count as facts.
    pub(crate) fn facts<'k>(&self, kind: &'k SignalKind) -> impl Iterator<Item = &'a Signal> + use<'a, 'k> {
        let all = self.signals().signals.iter();
        all.filter(move |signal| signal.kind == *kind && signal.confidence.get() >= crate::playbook::FACT)
    }

    /// The surest signal of a kind, where it counts as a fact.
    pub(crate) fn signal(&self, kind: &SignalKind) -> Option<&'a Signal> {
        self.signals().strongest(kind).filter(|signal| signal.confidence.get() >= crate::playbook::FACT)
    }

    /// One of two sentences, by the language to answer in; English where it is neither.
    pub(crate) fn say(&self, italian: &'static str, english: &'static str) -> &'static str {
        if self.language() == Some(Language::It) { italian } else { english }
    }
}
