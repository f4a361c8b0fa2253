//! A rule: when it applies, and what it then does.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::choice;
use super::condition::Condition;
use super::encoding::Encoding;
use super::facts::Facts;
use super::fields::Fields;
use super::matcher::{Matcher, Scratch};
use super::node::Node;
use super::operator::Operator;
use super::read::{Origin, Reader, Section};
use super::schema::{Definitions, Properties};
use crate::Limits;
use crate::model::{RuleId, Word};
use crate::num::wide;

choice! {
    /// What a rule does when the facts do not tell whether its condition holds.
    #[derive(Copy, Default, PartialOrd, Ord)]
    pub enum OnUnknown {
        /// The rule matches, and the decision counts as made in doubt: for privacy and other rules that must fail closed.
        FailClosed,
        /// The rule matches.
        Match,
        /// The rule does not match.
        #[default]
        Skip,
    }
}

choice! {
    /// What a rule is there for. Of rules of one priority those for service come first, then those that look after the
    /// brand's name, then those that sell: a company that sells before it has helped loses both (R60).
    ///
    /// ```
    /// use galateo::playbook::Aim;
    /// assert!(Aim::Service < Aim::Reputation && Aim::Reputation < Aim::Sales);
    /// ```
    #[derive(Copy, Default, PartialOrd, Ord)]
    pub enum Aim {
        /// Helps the customer.
        #[default]
        Service,
        /// Looks after what people think of the brand.
        Reputation,
        /// Sells.
        Sales,
    }
}

/// The field that tells the kind of event, which `on` asks.
pub const EVENT_FIELD: &str = "event";

/// A rule with actions of a family.
///
/// ```
/// use galateo::model::RuleId;
/// use galateo::playbook::{Rule, field};
/// let rule: Rule<String> = Rule::new(RuleId::new("angry-on-x")?)
///     .priority(50)
///     .when(field("channel").is("x") & field("sentiment").below(-400))
///     .then("escalate".to_owned());
/// assert_eq!(
///     serde_json::to_string(&rule)?,
///     r#"{"id":"angry-on-x","priority":50,"when":{"all":[{"channel":{"is":"x"}},{"sentiment":{"below":-400}}]},"then":["escalate"]}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rule<A> {
    /// Its name, unique in the playbook.
    pub id: RuleId,
    /// Rules of higher priority come first.
    #[serde(skip_serializing_if = "is_zero")]
    pub priority: i32,
    /// What it is for: decides among rules of one priority, before the order of the document does.
    #[serde(skip_serializing_if = "is_default")]
    pub aim: Aim,
    /// The kinds of event it looks at; empty for all.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "write_words")]
    pub on: Vec<Word>,
    /// When it applies.
    pub when: Condition,
    /// What it does when the facts do not tell.
    #[serde(skip_serializing_if = "is_default")]
    pub on_unknown: OnUnknown,
    /// Whether later layers may not change it.
    #[serde(skip_serializing_if = "is_default")]
    pub locked: bool,
    /// What it then does.
    pub then: Vec<A>,
    /// Where it stands.
    #[serde(skip)]
    pub origin: Origin,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
const fn is_zero(n: &i32) -> bool {
    *n == 0
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn write_words<S: serde::Serializer>(words: &[Word], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(words.iter().map(Word::as_str))
}

impl<A> Rule<A> {
    /// A rule that always applies and does nothing.
    #[must_use]
    pub fn new(id: RuleId) -> Self {
        Self {
            id,
            priority: 0,
            aim: Aim::default(),
            on: Vec::new(),
            when: Condition::default(),
            on_unknown: OnUnknown::default(),
            locked: false,
            then: Vec::new(),
            origin: Origin::default(),
        }
    }

    /// Sets the priority.
    #[must_use]
    pub const fn priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// Sets what the rule is for.
    #[must_use]
    pub const fn aim(mut self, aim: Aim) -> Self {
        self.aim = aim;
        self
    }

    /// Its place among others, the first the least: by priority, then by aim.
    pub(super) const fn place(&self) -> (std::cmp::Reverse<i32>, Aim) {
        (std::cmp::Reverse(self.priority), self.aim)
    }

    /// Adds a kind of event that the rule looks at.
    #[must_use]
    pub fn on(mut self, event: Word) -> Self {
        self.on.push(event);
        self
    }

    /// Sets the condition.
    #[must_use]
    pub fn when(mut self, condition: Condition) -> Self {
        self.when = condition;
        self
    }

    /// Sets what happens when the facts do not tell.
    #[must_use]
    pub const fn on_unknown(mut self, way: OnUnknown) -> Self {
        self.on_unknown = way;
        self
    }

    /// Adds an action.
    #[must_use]
    pub fn then(mut self, action: A) -> Self {
        self.then.push(action);
        self
    }

    /// The condition with the kinds of event.
    #[must_use]
    pub fn condition(&self) -> Condition {
        match self.on_condition() {
            None => self.when.clone(),
            Some(on) if self.when == Condition::default() => on,
            Some(on) => Condition::All(vec![on, self.when.clone()]),
        }
    }

    /// The kinds of event as a condition; `None` where the rule looks at all.
    pub(super) fn on_condition(&self) -> Option<Condition> {
        if self.on.is_empty() {
            return None;
        }
        let events = self.on.iter().map(|word| super::Literal::Text(Arc::from(word.as_str()))).collect();
        Some(super::condition::test(&Arc::from(EVENT_FIELD), Operator::AnyOf, events))
    }
}

const ENTRIES: [&str; 8] = ["id", "priority", "aim", "on", "when", "on_unknown", "locked", "then"];

impl<A: Section> Section for Rule<A> {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let table = reader.table(node, &ENTRIES)?;
        let id: Option<RuleId> = reader.field(table, "id");
        let is_new = id.as_ref().is_none_or(|id| reader.claim_rule(table, id));
        let priority = reader.field_or(table, "priority", || 0);
        let aim = reader.field_or(table, "aim", Aim::default);
        let on = reader.field_or(table, "on", Vec::new);
        reader.start_rule();
        let when = reader.field(table, "when");
        let on_unknown = reader.field_or(table, "on_unknown", OnUnknown::default);
        let locked = reader.field_or(table, "locked", || false);
        let then = reader.field_or(table, "then", Vec::new);
        let origin = reader.origin(table);
        is_new.then_some(())?;
        Some(Self {
            id: id?,
            priority: priority?,
            aim: aim?,
            on: on?,
            when: when?,
            on_unknown: on_unknown?,
            locked: locked?,
            then: then?,
            origin,
        })
    }

    fn schema(definitions: &mut Definitions) -> Value {
        let mut entries = Properties::default();
        entries.add::<RuleId>(definitions, "id", &["Its name, unique in the playbook."], false);
        entries.add::<i32>(definitions, "priority", &["Rules of higher priority come first."], true);
        let aim =
            "What it is for: of rules of one priority, service comes first, then reputation, then sales.";
        entries.add::<Aim>(definitions, "aim", &[aim], true);
        entries.add::<Vec<Word>>(
            definitions,
            "on",
            &["The kinds of event it looks at; all where left out."],
            true,
        );
        entries.add::<Condition>(definitions, "when", &["When it applies; always where left out."], true);
        entries.add::<OnUnknown>(
            definitions,
            "on_unknown",
            &["What it does when the facts do not tell."],
            true,
        );
        entries.add::<bool>(definitions, "locked", &["Whether later layers may not change it."], true);
        entries.add::<Vec<A>>(definitions, "then", &["What it then does."], true);
        entries.table(&["A rule: when it applies, and what it then does."])
    }
}

/// The rules of one family, compiled.
///
/// ```
/// use galateo::Limits;
/// use galateo::model::RuleId;
/// use galateo::playbook::{Encoding, Facts, FieldType, Fields, Rule, Rules, Scratch, field};
/// let mut fields = Fields::new();
/// let tier = fields.add("tier", FieldType::Word, "", &[])?;
/// let rules: Vec<Rule<String>> = vec![
///     Rule::new(RuleId::new("all")?),
///     Rule::new(RuleId::new("gold")?).priority(5).when(field("tier").is("gold")),
/// ];
/// let conditions: Vec<_> = rules.iter().map(Rule::condition).collect();
/// let encoding = Encoding::new(&fields, &conditions, &Limits::DEFAULT);
/// let rules = Rules::compile(&encoding, rules);
/// let (mut facts, mut scratch) = (Facts::new(&encoding), Scratch::default());
/// facts.set(tier, "gold");
/// let ids: Vec<_> = rules.matching(&facts, &mut scratch).map(|rule| rule.id.as_str()).collect();
/// assert_eq!(ids, ["gold", "all"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Rules<A> {
    list: Vec<Rule<A>>,
    /// For each rule the fields that its condition asks, each once.
    asked: Vec<Arc<[Arc<str>]>>,
    matcher: Matcher,
}

impl<A> Rules<A> {
    /// Compiles rules; `encoding` must have been made for their conditions.
    #[must_use]
    pub fn compile(encoding: &Arc<Encoding>, rules: Vec<Rule<A>>) -> Self {
        Ranked::new(rules).compile(encoding)
    }

    /// All rules, by priority, aim and then in the order of the document.
    #[must_use]
    pub fn as_slice(&self) -> &[Rule<A>] {
        &self.list
    }

    /// The rule of a name.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Rule<A>> {
        self.list.iter().find(|rule| rule.id.as_str() == id)
    }

    /// What decides which of them match.
    #[must_use]
    pub const fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// The rules that match, by priority, aim and then in the order of the document.
    pub fn matching<'r>(
        &'r self,
        facts: &Facts,
        scratch: &'r mut Scratch,
    ) -> impl Iterator<Item = &'r Rule<A>> {
        self.matcher.matches(facts, scratch).filter_map(|rank| self.list.get(wide(rank)))
    }

    /// The rule of a rank, with the fields that it asks.
    pub(super) fn ranked(&self, rank: u32) -> Option<Matched<'_, A>> {
        let (rule, asked) = self.list.get(wide(rank)).zip(self.asked.get(wide(rank)))?;
        Some(Matched { rule, asked, rank })
    }

    /// The first rule that matches.
    pub fn first(&self, facts: &Facts, scratch: &mut Scratch) -> Option<&Rule<A>> {
        self.matcher.first(facts, scratch).and_then(|rank| self.list.get(wide(rank)))
    }
}

/// Rules in the order of their ranks, with their conditions, which are what an encoding is made for.
pub(super) struct Ranked<A> {
    rules: Vec<Rule<A>>,
    conditions: Vec<Condition>,
}

impl<A> Ranked<A> {
    pub(super) fn new(mut rules: Vec<Rule<A>>) -> Self {
        rules.sort_by_key(Rule::place);
        let conditions = rules.iter().map(Rule::condition).collect();
        Self { rules, conditions }
    }

    pub(super) fn encoding(&self, fields: &Fields, limits: &Limits) -> Arc<Encoding> {
        Encoding::new(fields, &self.conditions, limits)
    }

    pub(super) fn compile(self, encoding: &Arc<Encoding>) -> Rules<A> {
        let ways = self.rules.iter().map(|rule| rule.on_unknown);
        let matcher = Matcher::compile(encoding, self.conditions.iter().zip(ways));
        let asked = self.rules.iter().map(|rule| asked(&rule.when)).collect();
        Rules { list: self.rules, asked, matcher }
    }
}

/// A rule that matched.
#[derive(Debug)]
#[non_exhaustive]
pub struct Matched<'r, A> {
    /// The rule.
    pub rule: &'r Rule<A>,
    /// The fields that its condition asks, each once and in its order.
    pub asked: &'r Arc<[Arc<str>]>,
    /// The place of the rule among all, by priority, aim and then in the order of the document, from 0.
    pub rank: u32,
}

fn asked(when: &Condition) -> Arc<[Arc<str>]> {
    let mut fields: Vec<Arc<str>> = Vec::new();
    for test in when.tests() {
        if !fields.contains(&test.field) {
            fields.push(Arc::clone(&test.field));
        }
    }
    fields.into()
}
