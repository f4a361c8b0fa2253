//! The form that a scan runs on: patterns, numbered concepts, and rules by their first concept.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::document::{Link, Place, Writer};
use super::phrases::{Phrases, Reach};
use crate::detect::SignalKind;
use crate::model::{Language, TopicId, Word};
use crate::num::{narrow, wide};

/// Concepts that the crate makes itself, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::detect) enum Made {
    Number,
    Code,
    Money,
    Phone,
    Handle,
    Link,
    Mail,
    Name,
    Caps,
    CustomerName,
}

impl Made {
    pub(super) const ALL: [(Self, &'static str); 10] = [
        (Self::Number, "NUMBER"),
        (Self::Code, "CODE"),
        (Self::Money, "MONEY"),
        (Self::Phone, "PHONE"),
        (Self::Handle, "HANDLE"),
        (Self::Link, "LINK"),
        (Self::Mail, "MAIL"),
        (Self::Name, "NAME"),
        (Self::Caps, "CAPS"),
        (Self::CustomerName, "CUSTOMER_NAME"),
    ];

    pub(in crate::detect) const fn id(self) -> u16 {
        match self {
            Self::Number => 0,
            Self::Code => 1,
            Self::Money => 2,
            Self::Phone => 3,
            Self::Handle => 4,
            Self::Link => 5,
            Self::Mail => 6,
            Self::Name => 7,
            Self::Caps => 8,
            Self::CustomerName => 9,
        }
    }
}

/// Concepts with a meaning for the crate, by language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::detect) enum Special {
    But,
    Deadline,
    Greeting,
    Not,
    UnitMinute,
    UnitHour,
    UnitDay,
    UnitWeek,
    UnitMonth,
    YouFormal,
    YouInformal,
    YouPlural,
}

impl Special {
    /// Its place among the twelve.
    const fn number(self) -> u32 {
        match self {
            Self::But => 0,
            Self::Deadline => 1,
            Self::Greeting => 2,
            Self::Not => 3,
            Self::UnitMinute => 4,
            Self::UnitHour => 5,
            Self::UnitDay => 6,
            Self::UnitWeek => 7,
            Self::UnitMonth => 8,
            Self::YouFormal => 9,
            Self::YouInformal => 10,
            Self::YouPlural => 11,
        }
    }

    pub(in crate::detect) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "BUT" => Self::But,
            "DEADLINE" => Self::Deadline,
            "GREETING" => Self::Greeting,
            "NOT" => Self::Not,
            "TIME_UNIT_MINUTE" => Self::UnitMinute,
            "TIME_UNIT_HOUR" => Self::UnitHour,
            "TIME_UNIT_DAY" => Self::UnitDay,
            "TIME_UNIT_WEEK" => Self::UnitWeek,
            "TIME_UNIT_MONTH" => Self::UnitMonth,
            "YOU_FORMAL" => Self::YouFormal,
            "YOU_INFORMAL" => Self::YouInformal,
            "YOU_PLURAL" => Self::YouPlural,
            _ => return None,
        })
    }
}

/// What the hits of a concept are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::detect) enum Role {
    Boost,
    /// Drops what lies within and has this number among [`Compiled::excepts`].
    Except(u16),
    Function,
    Plain,
    Profanity {
        local: bool,
    },
    Sexual {
        local: bool,
    },
    Valence,
}

#[derive(Debug, Clone, Copy)]
pub(in crate::detect) struct Concept {
    /// 0 for every language, else one more than the place among [`Compiled::languages`].
    pub(in crate::detect) language: u8,
    pub(in crate::detect) role: Role,
    /// Made for one line, not named in a lexicon.
    pub(in crate::detect) anonymous: bool,
    pub(in crate::detect) special: Option<Special>,
    pub(super) traits: Traits,
}

/// A pattern's membership in a concept.
#[derive(Debug, Clone, Copy)]
pub(in crate::detect) struct Entry {
    pub(in crate::detect) concept: u16,
    pub(in crate::detect) weight: i16,
    pub(in crate::detect) lexicon: u16,
    /// The section and language it stands in, numbered: a pattern stands in each once.
    pub(super) section: u16,
    pub(in crate::detect) purpose: Purpose,
    /// For whom it is.
    pub(in crate::detect) reach: Reach,
    pub(in crate::detect) line: u32,
}

/// What a scan does with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::detect) enum Purpose {
    /// Drops what is found within.
    Except,
    Hit,
    /// Speaks for the language with this number.
    Tells(u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::detect) enum Target {
    Concept(u16),
    Profanity,
    Sexual,
    Signal(u16),
    Topic(u16),
    Valence,
}

#[derive(Debug, Clone)]
pub(in crate::detect) struct Rule {
    pub(in crate::detect) target: Target,
    pub(in crate::detect) weight: i16,
    pub(in crate::detect) writer: Writer,
    pub(in crate::detect) language: u8,
    /// Rules for concepts run by level; the others after all levels.
    pub(in crate::detect) level: u8,
    pub(in crate::detect) terms: Vec<Term>,
    pub(in crate::detect) checks: Vec<Check>,
    pub(in crate::detect) tag: Option<Word>,
    pub(in crate::detect) lexicon: u16,
    pub(in crate::detect) line: u32,
}

#[derive(Debug, Clone)]
pub(in crate::detect) struct Term {
    pub(in crate::detect) any: Any,
    pub(in crate::detect) link: Link,
}

/// One of several concepts.
#[derive(Debug, Clone)]
pub(in crate::detect) struct Any {
    pub(in crate::detect) list: Vec<u16>,
    /// The same, folded to the bits of one number: most concepts are told from it.
    pub(in crate::detect) bits: u64,
}

impl From<Vec<u16>> for Any {
    fn from(list: Vec<u16>) -> Self {
        let bits = list.iter().fold(0, |bits, concept| bits | concept_bit(*concept));
        Self { list, bits }
    }
}

impl Any {
    #[inline]
    pub(in crate::detect) fn has(&self, concept: u16) -> bool {
        self.bits & concept_bit(concept) != 0 && self.list.contains(&concept)
    }
}

/// The bit of a concept where all are folded to the bits of one number.
#[inline]
pub(in crate::detect) const fn concept_bit(concept: u16) -> u64 {
    1 << (concept & 63)
}

/// What a scan asks of a concept, as bits: which levels have rules that start with it, its meaning, its role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::detect) struct Traits(u32);

impl Traits {
    pub(in crate::detect) const BOOST: Self = Self(1 << 28);
    pub(in crate::detect) const EXPLETIVE: Self = Self(1 << 29);
    pub(in crate::detect) const VALENCE: Self = Self(1 << 30);

    /// Starts a rule of this level.
    #[inline]
    pub(in crate::detect) const fn level(level: u8) -> Self {
        Self(1 << if level > 14 { 15 } else { level })
    }

    /// Has this meaning.
    pub(in crate::detect) const fn special(special: Special) -> Self {
        Self(1_u32.wrapping_shl(16_u32.wrapping_add(special.number())))
    }

    const fn role(role: Role) -> Self {
        match role {
            Role::Boost => Self::BOOST,
            Role::Profanity { .. } | Role::Sexual { .. } => Self::EXPLETIVE,
            Role::Valence => Self::VALENCE,
            Role::Except(_) | Role::Function | Role::Plain => Self(0),
        }
    }

    pub(super) fn of(role: Role, special: Option<Special>) -> Self {
        special.map_or(Self(0), Self::special).with(Self::role(role))
    }

    /// Whether any bit of `other` is set.
    #[inline]
    pub(in crate::detect) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both together.
    #[inline]
    pub(in crate::detect) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[derive(Debug, Clone)]
pub(in crate::detect) enum Check {
    Found { wanted: bool, any: Any, place: Place },
    Question(bool),
    Start(bool),
    End(bool),
    Short(bool, u8),
    Whole(bool),
}

/// The level of rules that run after all concepts are known.
pub(in crate::detect) const LAST_LEVEL: u8 = u8::MAX;

/// What starts a rule: a concept, and how the rule can be told apart without reading it.
#[derive(Debug, Clone, Copy)]
pub(in crate::detect) struct Trigger {
    /// Concepts of which the rule needs one besides, folded to the bits of one number; all bits where it needs none.
    pub(in crate::detect) needs: u64,
    pub(in crate::detect) rule: u32,
    pub(in crate::detect) level: u8,
    pub(in crate::detect) language: u8,
    pub(in crate::detect) writer: Writer,
}

impl Trigger {
    pub(super) fn new(number: u32, rule: &Rule) -> Self {
        let Rule { level, language, writer, .. } = *rule;
        let next = rule.terms.get(1).map(|term| &term.any);
        let beside = || {
            rule.checks.iter().find_map(|check| match check {
                Check::Found { wanted: true, any, .. } => Some(any),
                _ => None,
            })
        };
        let needs = next.or_else(beside).map_or(u64::MAX, |any| any.bits);
        Self { needs, rule: number, level, language, writer }
    }
}

/// One layer of compiled lexicons; its numbers go on where those of the layer below end.
#[derive(Debug, Clone, Default)]
pub(in crate::detect) struct Tables {
    pub(in crate::detect) phrases: Phrases,
    /// The entries of each value of the patterns, by their places in this layer; value 0 has none.
    pub(in crate::detect) outputs: Vec<(u32, u32)>,
    pub(in crate::detect) entries: Vec<Entry>,
    pub(super) concepts: Vec<Concept>,
    pub(super) rules: Vec<Rule>,
    /// The rules whose first term holds each concept, in the order of the concepts.
    pub(super) triggers: Vec<(u16, Trigger)>,
    /// Where the triggers of each concept of this layer start.
    pub(super) starts: Vec<u32>,
    /// Which concepts of the layer below start rules of this one, as bits.
    pub(super) crossed: Vec<u64>,
    pub(super) levels: u8,
    /// For each concept, of the layers below too, one more than the level of the rules that make it.
    pub(super) concept_levels: Vec<u8>,
    pub(super) languages: Vec<(Language, (i16, i16))>,
    pub(super) excepts: Vec<Target>,
    pub(super) kinds: Vec<SignalKind>,
    pub(super) topics: Vec<TopicId>,
    pub(super) lexicons: Vec<(String, u32)>,
    /// Expletives of one word, for masked spellings.
    pub(in crate::detect) masked: Vec<(Vec<u8>, Entry)>,
    /// The concepts by name, for each language.
    pub(super) names: Vec<BTreeMap<String, u16>>,
    /// The sections by name, for each language.
    pub(super) sections: Vec<BTreeMap<String, u16>>,
    pub(super) rule_keys: BTreeMap<(u8, String, String), u32>,
}

impl Tables {
    fn bytes(&self) -> usize {
        let rules = self.rules.len().saturating_mul(size_of::<Rule>().saturating_add(160));
        let entries = self.entries.len().saturating_mul(size_of::<Entry>());
        let outputs = self.outputs.len().saturating_mul(8);
        let concepts = self.concepts.len().saturating_mul(size_of::<Concept>().saturating_add(64));
        let triggers = self.triggers.len().saturating_mul(size_of::<(u16, Trigger)>());
        let parts = [self.phrases.bytes(), rules, entries, outputs, concepts, triggers];
        parts.iter().fold(0, |sum, n| sum.saturating_add(*n))
    }
}

/// The lexicons, ready to run: the built-in ones, which all share, and the layer above them.
#[derive(Debug, Clone)]
pub(in crate::detect) struct Compiled {
    pub(in crate::detect) below: Arc<Tables>,
    pub(in crate::detect) own: Tables,
}

/// What stands at a place of two lists, one after the other.
#[inline]
fn pick<'t, T>(below: &'t [T], own: &'t [T], at: usize) -> Option<&'t T> {
    below.get(at).or_else(|| own.get(at.wrapping_sub(below.len())))
}

/// One of the layers of the lexicons.
#[derive(Debug, Clone, Copy)]
pub(in crate::detect) struct Layer<'a> {
    pub(in crate::detect) tables: &'a Tables,
    /// The number of its first entry.
    base: u32,
}

impl<'a> Layer<'a> {
    /// The entries that a value of the patterns stands for, with their numbers.
    #[inline]
    pub(in crate::detect) fn entries(self, value: u32) -> impl Iterator<Item = (u32, &'a Entry)> {
        let (from, to) = self.tables.outputs.get(wide(value)).copied().unwrap_or_default();
        let entries = self.tables.entries.get(wide(from)..wide(to)).unwrap_or_default();
        (self.base.wrapping_add(from)..).zip(entries)
    }
}

impl Compiled {
    #[inline]
    pub(in crate::detect) fn concept(&self, number: u16) -> Option<&Concept> {
        pick(&self.below.concepts, &self.own.concepts, usize::from(number))
    }

    /// The number of a concept of a language, or of every language.
    pub(in crate::detect) fn concept_number(&self, language: Option<Language>, name: &str) -> Option<u16> {
        let find = |tables: &Tables, at: usize| tables.names.get(at)?.get(name).copied();
        let known = |at: usize| find(&self.below, at).or_else(|| find(&self.own, at));
        self.language_place(language).and_then(known).or_else(|| known(0))
    }

    fn language_place(&self, language: Option<Language>) -> Option<usize> {
        let at = self.languages().iter().position(|(known, _)| Some(*known) == language)?;
        at.checked_add(1)
    }

    /// How many concepts there are.
    pub(in crate::detect) fn concepts(&self) -> usize {
        self.below.concepts.len().saturating_add(self.own.concepts.len())
    }

    #[inline]
    pub(in crate::detect) fn entry(&self, number: u32) -> Option<&Entry> {
        pick(&self.below.entries, &self.own.entries, wide(number))
    }

    #[inline]
    pub(in crate::detect) fn rule(&self, number: u32) -> Option<&Rule> {
        pick(&self.below.rules, &self.own.rules, wide(number))
    }

    /// The rules that a concept starts.
    #[inline]
    pub(in crate::detect) fn triggers(&self, concept: u16) -> impl Iterator<Item = Trigger> {
        let below = self.below.triggers_of(usize::from(concept));
        below.iter().chain(self.own_triggers(concept)).map(|(_, trigger)| *trigger)
    }

    /// The rules of the upper layer that a concept starts.
    #[inline]
    fn own_triggers(&self, concept: u16) -> &[(u16, Trigger)] {
        match usize::from(concept).checked_sub(self.below.concepts.len()) {
            Some(at) => self.own.triggers_of(at),
            None if self.own.is_crossed(concept) => self.own.crossing(concept),
            None => &[],
        }
    }

    /// The traits of a concept.
    #[inline]
    pub(in crate::detect) fn traits(&self, concept: u16) -> Traits {
        let traits = self.concept(concept).map(|concept| concept.traits).unwrap_or_default();
        if !self.own.is_crossed(concept) {
            return traits;
        }
        let crossing = self.own.crossing(concept).iter();
        crossing.fold(traits, |traits, (_, trigger)| traits.with(Traits::level(trigger.level)))
    }

    pub(in crate::detect) const fn levels(&self) -> u8 {
        self.own.levels
    }

    /// The languages with their thresholds of sentiment.
    pub(in crate::detect) fn languages(&self) -> &[(Language, (i16, i16))] {
        &self.own.languages
    }

    pub(in crate::detect) fn except(&self, number: u16) -> Option<&Target> {
        pick(&self.below.excepts, &self.own.excepts, usize::from(number))
    }

    pub(in crate::detect) fn kind(&self, number: u16) -> Option<&SignalKind> {
        pick(&self.below.kinds, &self.own.kinds, usize::from(number))
    }

    /// The number of a kind of signal.
    pub(in crate::detect) fn kind_number(&self, kind: &SignalKind) -> Option<u16> {
        let at = self.below.kinds.iter().chain(&self.own.kinds).position(|known| known == kind)?;
        u16::try_from(at).ok()
    }

    pub(in crate::detect) fn topic(&self, number: u16) -> Option<&TopicId> {
        pick(&self.below.topics, &self.own.topics, usize::from(number))
    }

    /// The lexicons by name and version.
    pub(in crate::detect) fn lexicons(&self) -> impl Iterator<Item = &(String, u32)> {
        self.below.lexicons.iter().chain(&self.own.lexicons)
    }

    /// The layers, the upper one first.
    #[inline]
    pub(in crate::detect) fn layers(&self) -> [Layer<'_>; 2] {
        let base = narrow(self.below.entries.len());
        [Layer { tables: &self.own, base }, Layer { tables: &self.below, base: 0 }]
    }

    /// Bytes that the tables take, about: those of the layer of its own, and those shared with all others.
    pub(in crate::detect) fn bytes(&self) -> (usize, usize) {
        (self.own.bytes(), self.below.bytes())
    }
}

impl Tables {
    /// Whether a concept of the layer below starts rules of this one.
    #[inline]
    fn is_crossed(&self, concept: u16) -> bool {
        self.crossed.get(usize::from(concept >> 6)).is_some_and(|word| word & concept_bit(concept) != 0)
    }

    /// The triggers by a concept of the layer below, which stand before the others.
    fn crossing(&self, concept: u16) -> &[(u16, Trigger)] {
        let end = self.starts.first().map_or(0, |start| wide(*start));
        let crossing = self.triggers.get(..end).unwrap_or_default();
        let from = crossing.partition_point(|(known, _)| *known < concept);
        let to = crossing.partition_point(|(known, _)| *known <= concept);
        crossing.get(from..to).unwrap_or_default()
    }

    /// The triggers by the concept at a place of this layer.
    #[inline]
    fn triggers_of(&self, at: usize) -> &[(u16, Trigger)] {
        let start = self.starts.get(at).copied().unwrap_or(0);
        let end = self.starts.get(at.wrapping_add(1)).copied().unwrap_or(start);
        self.triggers.get(wide(start)..wide(end)).unwrap_or_default()
    }
}
