//! A playbook compiled: immutable, shared, cheap to clone.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::compile::{Compiled, PHRASE};
use super::prepared::PreparedArticle;
use super::{
    Account, AnswerStatus, BrandPromise, Directive, Encoding, Phrase, Playbook, Procedure, Rules, Situation,
};
use crate::Limits;
use crate::channel::{ChannelFacts, History, OfficialAccounts, Opened, SendPermit, Sender, permit};
use crate::detect::pii::{PiiKind, PiiSpan, Redactor};
use crate::detect::{self, Detectors, Fingerprint, Signals};
use crate::measure::Rollout;
use crate::model::{Channel, Conversation, Language, Seconds, Surface, Timestamp, TopicId, Word};
use crate::schedule::Calendar;
use crate::schedule::sla::{self, ClockReading};
use crate::text::Span;

/// A playbook compiled: immutable, `Send + Sync`, cheap to clone.
///
/// ```
/// use galateo::playbook::Policy;
/// let policy = Policy::starter();
/// assert_eq!(policy.playbook().name.as_str(), "starter");
/// ```
#[derive(Debug, Clone)]
pub struct Policy(Arc<Compiled>);

impl Policy {
    pub(super) fn new(compiled: Compiled) -> Self {
        Self(Arc::new(compiled))
    }

    /// The playbook as written, layers merged.
    #[must_use]
    pub fn playbook(&self) -> &Playbook {
        &self.0.playbook
    }

    /// What finds signals.
    #[must_use]
    pub fn detectors(&self) -> &Detectors {
        &self.0.parts.detectors
    }

    /// What finds and hides personal data.
    #[must_use]
    pub fn redactor(&self) -> &Redactor {
        &self.0.parts.redactor
    }

    /// What is known of networks.
    #[must_use]
    pub fn channels(&self) -> &ChannelFacts {
        self.0.parts.channels
    }

    /// The company's own accounts and sites.
    #[must_use]
    pub fn accounts(&self) -> &OfficialAccounts {
        &self.0.parts.accounts
    }

    /// The company's first account on a channel, and the link that opens a private conversation with it.
    pub(crate) fn account_on(&self, channel: &Channel) -> Option<(&Account, Option<&Arc<str>>)> {
        let mut accounts = self.0.playbook.accounts.iter().zip(&self.0.parts.private_links);
        let (account, link) = accounts.find(|(account, _)| account.channel == *channel)?;
        Some((account, link.as_ref()))
    }

    /// The rollouts, in the order of the playbook.
    #[must_use]
    pub fn rollouts(&self) -> &[Rollout] {
        &self.0.parts.rollouts
    }

    /// The rollout of a feature.
    #[must_use]
    pub fn rollout(&self, feature: &Word) -> Option<&Rollout> {
        self.0.parts.rollouts.iter().find(|rollout| rollout.feature == *feature)
    }

    /// A calendar of the playbook, by name.
    #[must_use]
    pub fn calendar(&self, name: &Word) -> Option<&Calendar> {
        self.0.parts.calendars.get(name)
    }

    /// The name of the stage of a feature that runs at `now`; the feature's own where it has none.
    pub(crate) fn stage_name(&self, feature: &Word, now: Timestamp) -> Word {
        let features = &self.0.playbook.features;
        let stages =
            features.iter().find(|known| known.id == *feature).map_or(&[][..], |known| &known.stages);
        let running = |from: Option<Timestamp>, until: Option<Timestamp>| {
            from.is_none_or(|from| from <= now) && until.is_none_or(|until| now < until)
        };
        let stage = stages.iter().rev().find(|stage| running(stage.from, stage.until));
        stage.map_or_else(|| feature.clone(), |stage| stage.id.clone())
    }

    /// `span` of open time after `from`, in the named calendar or, without one, on the clock.
    pub(crate) fn open_time_after(
        &self,
        calendar: Option<&Word>,
        from: Timestamp,
        span: Seconds,
    ) -> Option<Timestamp> {
        match calendar.and_then(|name| self.calendar(name)) {
            Some(calendar) => calendar.add(from, span).ok().map(|landings| landings.due_at),
            None => Some(from.saturating_add(span)),
        }
    }

    /// Whether a message may be sent on a surface now, by what the conversation knows.
    pub(crate) fn permit_on(&self, surface: &Surface, situation: &Situation<'_>) -> SendPermit {
        let by_bot = situation.draft.is_some_and(|draft| draft.by_bot);
        let sender = if by_bot { Sender::Automation } else { Sender::Person };
        permit(surface, self.channels(), &history(situation.conversation, surface), sender, situation.now)
    }

    /// Phrases of the playbook that a text shows; each is a signal of its own, found in the one pass.
    pub(crate) fn phrases_in<'s>(&'s self, signals: &'s Signals) -> impl Iterator<Item = (&'s Phrase, Span)> {
        signals.signals.iter().filter_map(|signal| {
            let number = signal.kind.as_str().strip_prefix(PHRASE)?.parse::<usize>().ok()?;
            Some((self.0.playbook.phrases.get(number)?, signal.span))
        })
    }

    /// The name by which conditions know a piece of personal data: its kind, or the tenant's own pattern.
    pub(crate) fn kind_name(&self, span: &PiiSpan) -> Word {
        if span.kind == PiiKind::TenantCode {
            let names = self.0.playbook.privacy.patterns.keys();
            if let Some(name) = names.clone().nth(usize::from(span.entry)) {
                return name.clone();
            }
        }
        span.kind.word()
    }

    /// Whether a piece of personal data is hidden without a rule asking for it.
    pub(crate) fn hides_by_default(&self, span: &PiiSpan) -> bool {
        !self.0.parts.on_request.contains(&span.kind)
    }

    /// The ceilings.
    pub(crate) fn limits(&self) -> &Limits {
        &self.0.parts.limits
    }

    /// The rules, compiled.
    pub(crate) fn rules(&self) -> &Rules<Directive> {
        &self.0.rules
    }

    /// How facts are laid out.
    pub(crate) fn encoding(&self) -> &Arc<Encoding> {
        &self.0.encoding
    }

    /// The playbook's ground of fields and rules, for a lint.
    pub(super) fn compiled(&self) -> &Compiled {
        &self.0
    }

    /// The calendar named `desk`, which tells the company's opening hours.
    pub(crate) fn desk_calendar(&self) -> Option<&Calendar> {
        self.0.parts.calendars.iter().find(|(name, _)| name.as_str() == "desk").map(|(_, calendar)| calendar)
    }

    /// The entries of the knowledge base that answer the message in `scratch`, at most three (R77).
    ///
    /// What a word or two have in common with an article is no answer: where the message has a subject,
    /// the article must have it too.
    pub(crate) fn articles_for(
        &self,
        situation: &Situation<'_>,
        scratch: &detect::Scratch,
    ) -> Vec<&PreparedArticle> {
        let spoken = situation.language().or_else(|| self.0.playbook.languages.first().copied());
        let Some(prepared) = spoken.and_then(|language| self.0.parts.knowledge.get(&language)) else {
            return Vec::new();
        };
        let topics: Vec<&TopicId> = situation.topics().collect();
        let found = prepared.base.find(self.detectors(), scratch);
        let articles = found.into_iter().filter_map(|number| prepared.articles.get(number));
        articles.filter(|article| article.is_about(&topics)).collect()
    }

    /// How near a text comes to the answers of a status, in thousandths (R72).
    pub(crate) fn likeness(&self, text: &Fingerprint, status: AnswerStatus) -> u16 {
        let answers = self.0.parts.answers.iter().filter(|(known, _)| *known == status);
        answers.map(|(_, answer)| text.similarity(answer)).max().unwrap_or_default()
    }

    /// The clocks of a conversation: the last instance of each measure.
    pub(crate) fn clocks(&self, conversation: &Conversation, now: Timestamp) -> Vec<ClockReading> {
        sla::clocks_of(&self.0.parts.clocks, conversation, now)
    }

    /// As [`clocks`](Self::clocks), leaving in the conversation what makes the next time cheap.
    pub(crate) fn follow_clocks(&self, conversation: &mut Conversation, now: Timestamp) -> Vec<ClockReading> {
        sla::follow_clocks(&self.0.parts.clocks, conversation, now)
    }

    /// Whether another policy finds the same in every text: signals, topics, phrases, personal data.
    pub(crate) fn reads_like(&self, other: &Self) -> bool {
        let (one, two) = (self.playbook(), other.playbook());
        one.brand == two.brand
            && one.topics == two.topics
            && one.phrases == two.phrases
            && one.accounts == two.accounts
            && one.privacy == two.privacy
            && self.0.parts.on_request == other.0.parts.on_request
            && self.0.parts.limits == other.0.parts.limits
    }

    /// Whether another policy differs at most in its rules and in what it is called.
    pub(crate) fn is_but_for_rules(&self, other: &Self) -> bool {
        let (one, mut two) = (self.playbook(), other.playbook().clone());
        two.schema = one.schema;
        two.name.clone_from(&one.name);
        two.version.clone_from(&one.version);
        two.fields.clone_from(&one.fields);
        two.rules.clone_from(&one.rules);
        two.test.clone_from(&one.test);
        *one == two && self.0.parts.limits == other.0.parts.limits
    }

    /// A number that is the same for the same playbook, for the record of a decision (R16).
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.0.fingerprint
    }
}

/// What has happened on the surface's channel.
fn history(conversation: &Conversation, surface: &Surface) -> History {
    let here = conversation.openers.iter().filter(|opening| opening.channel == surface.channel);
    History {
        opened: here.map(|opening| Opened { at: opening.at, opener: opening.by }).collect(),
        closed: Vec::new(),
        sent: conversation.sent.clone(),
    }
}

impl Playbook {
    /// What to do in a situation, for a topic or in general, the most specific first (R64, R67).
    ///
    /// ```
    /// use galateo::playbook::Policy;
    /// let policy = Policy::starter();
    /// let steps = policy.playbook().lookup("product_safety", None);
    /// assert_eq!(steps[0].owner, "Ines Marchetti");
    /// ```
    #[must_use]
    pub fn lookup(&self, situation: &str, topic: Option<&TopicId>) -> Vec<&Procedure> {
        let fits = |procedure: &&Procedure| {
            procedure.situation.as_str() == situation
                && topic.is_none_or(|topic| procedure.topics.is_empty() || procedure.topics.contains(topic))
        };
        let mut found: Vec<&Procedure> = self.procedures.iter().filter(fits).collect();
        found.sort_by_key(|procedure| procedure.topics.is_empty());
        found
    }

    /// The text of a name in a language, else in the playbook's main language.
    #[must_use]
    pub fn text(&self, name: &Word, language: Option<Language>) -> Option<&str> {
        self.said(&self.texts.iter().find(|text| text.id == *name)?.says, language)
    }

    /// A promise of the brand, by name (R83).
    ///
    /// ```
    /// use galateo::model::{Language, Word};
    /// use galateo::playbook::Policy;
    /// let policy = Policy::starter();
    /// let promise = policy.playbook().promise(&Word::new("delivery_24h").unwrap()).unwrap();
    /// assert_eq!(promise.says[&Language::En], "Delivery within 24 hours");
    /// ```
    #[must_use]
    pub fn promise(&self, name: &Word) -> Option<&BrandPromise> {
        self.promises.iter().find(|promise| promise.id == *name)
    }

    /// Of what is said per language, the wording in that language, else in the main one, else any.
    pub(crate) fn said<'a>(
        &self,
        says: &'a BTreeMap<Language, String>,
        language: Option<Language>,
    ) -> Option<&'a str> {
        let wanted = language.and_then(|language| says.get(&language));
        let main = self.languages.first().and_then(|language| says.get(language));
        wanted.or(main).or_else(|| says.values().next()).map(String::as_str)
    }
}
