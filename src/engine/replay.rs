//! Two policies over the same recorded events: which decisions differ, and by which rules (R5).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::moment::Moment;
use super::pool::Workspace;
use super::timing::Timing;
use super::{Engine, World, learning, occasion};
use crate::decision::{Chosen, Decision, Hidden};
use crate::model::{Conversation, ConversationId, Event, EventId, RuleId};
use crate::num::wide;
use crate::playbook::{Directive, Matched, Policy, RuleRun};

/// One decision that two policies make differently.
///
/// Actions are compared whatever their order and whatever rule asked for them; which policy decided,
/// which rules were overruled and what the text shows are no difference.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The event decided on.
    pub event: EventId,
    /// Its conversation.
    pub conversation: ConversationId,
    /// Actions that only the policy in force asks for, each with its rules.
    pub lost: Vec<Chosen>,
    /// Actions that only the other policy asks for, each with its rules.
    pub gained: Vec<Chosen>,
    /// Whether other places of the text are hidden.
    pub hidden: bool,
    /// Whether other clocks run, or time changes something at another instant.
    pub clocks: bool,
}

impl Difference {
    /// What differs between two decisions on one event; `None` where nothing does.
    fn between(event: &Event, live: &Decision, other: &Decision) -> Option<Self> {
        let difference = Self {
            event: event.id.clone(),
            conversation: event.conversation.clone(),
            lost: live.beyond(other),
            gained: other.beyond(live),
            hidden: !hide_alike(&live.hidden, &other.hidden),
            clocks: live.clocks != other.clocks || live.wake_at != other.wake_at,
        };
        let Self { lost, gained, hidden, clocks, .. } = &difference;
        (*hidden || *clocks || !lost.is_empty() || !gained.is_empty()).then_some(difference)
    }
}

fn hide_alike(one: &[Hidden], other: &[Hidden]) -> bool {
    one == other || (one.len() == other.len() && one.iter().all(|hidden| other.contains(hidden)))
}

/// A rule's part in the decisions that differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RuleShare {
    /// The rule; `None` for what no rule asked for: the engine's own laws, clocks, what is hidden.
    pub rule: Option<RuleId>,
    /// Decisions that differ with it.
    pub decisions: u64,
    /// Actions lost that it asked for.
    pub lost: u64,
    /// Actions gained that it asks for.
    pub gained: u64,
}

/// How many decisions were compared and how many differ, by rule.
///
/// Summaries of shards merge in any order, so that a long record can be cut by conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplaySummary {
    events: u64,
    differing: u64,
    rules: BTreeMap<Option<RuleId>, RuleShare>,
}

impl ReplaySummary {
    /// Events replayed.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// Decisions that differ.
    #[must_use]
    pub const fn differing(&self) -> u64 {
        self.differing
    }

    /// The rules with a part in it, the largest part first, then by name.
    #[must_use]
    pub fn rules(&self) -> Vec<&RuleShare> {
        let mut rules: Vec<&RuleShare> = self.rules.values().collect();
        rules.sort_by_key(|share| std::cmp::Reverse(share.decisions));
        rules
    }

    /// Adds what another replay counted.
    pub fn merge(&mut self, other: &Self) {
        self.events = self.events.saturating_add(other.events);
        self.differing = self.differing.saturating_add(other.differing);
        for share in other.rules.values() {
            self.add(share.rule.as_ref(), share.decisions, share.lost, share.gained);
        }
    }

    fn add(&mut self, rule: Option<&RuleId>, decisions: u64, lost: u64, gained: u64) {
        let share = self.rules.entry(rule.cloned()).or_insert_with(|| RuleShare {
            rule: rule.cloned(),
            decisions: 0,
            lost: 0,
            gained: 0,
        });
        share.decisions = share.decisions.saturating_add(decisions);
        share.lost = share.lost.saturating_add(lost);
        share.gained = share.gained.saturating_add(gained);
    }

    fn count(&mut self, difference: &Difference) {
        self.differing = self.differing.saturating_add(1);
        let mut shares: BTreeMap<Option<&RuleId>, (u64, u64)> = BTreeMap::new();
        for (chosen, is_lost) in sides(difference) {
            let mut rules: Vec<_> = chosen.because.iter().map(|cause| cause.rule.as_ref()).collect();
            rules.sort();
            rules.dedup();
            for rule in rules {
                let (lost, gained) = shares.entry(rule).or_default();
                let side = if is_lost { lost } else { gained };
                *side = side.saturating_add(1);
            }
        }
        if shares.is_empty() {
            shares.insert(None, (0, 0));
        }
        for (rule, (lost, gained)) in shares {
            self.add(rule, 1, lost, gained);
        }
    }
}

/// The actions of a difference, each with whether it is lost.
fn sides(difference: &Difference) -> impl Iterator<Item = (&Chosen, bool)> {
    let lost = difference.lost.iter().map(|chosen| (chosen, true));
    lost.chain(difference.gained.iter().map(|chosen| (chosen, false)))
}

impl Serialize for ReplaySummary {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("ReplaySummary", 3)?;
        fields.serialize_field("events", &self.events)?;
        fields.serialize_field("differing", &self.differing)?;
        fields.serialize_field("rules", &self.rules())?;
        fields.end()
    }
}

/// Two engines over the same events, each with its own course of every conversation.
///
/// Conversations start empty unless [`resume`](Self::resume) hands them in. A text is read once where
/// both policies read alike, and where the same rules match in the same state the second decision is
/// known without being made; what is reported is what two separate runs would differ in.
///
/// ```
/// use galateo::model::Event;
/// use galateo::playbook::{Policy, STARTER};
/// use galateo::{Engine, Limits, Replay, World};
/// let stricter = STARTER.replace("sentiment = { below = -600 }", "sentiment = { below = -100 }");
/// let (policy, _) = Policy::from_toml(&stricter, &Limits::DEFAULT)?;
/// let mut replay = Replay::new(Engine::starter().into(), Engine::new(policy).into());
/// let event: Event = serde_json::from_str(r#"{
///     "id": "e-1", "at": "2026-11-20T09:00:00Z", "conversation": "c-1", "by": {"customer": "anna"},
///     "what": {"message": {"surface": "x/direct_message", "text": "I am disappointed"}}
/// }"#)?;
/// let difference = replay.play(&event, &World::at(event.at)).unwrap();
/// assert_eq!(difference.gained[0].because.first().rule.as_ref().unwrap().as_str(), "very-unhappy");
/// assert_eq!((replay.summary().events(), replay.summary().differing()), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Replay {
    pair: Pair,
    courses: BTreeMap<ConversationId, Course>,
    summary: ReplaySummary,
}

/// Two engines, and what they have in common.
#[derive(Debug)]
struct Pair {
    live: Arc<Engine>,
    other: Arc<Engine>,
    kin: Kin,
}

/// The course of a conversation under the two policies.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "almost every conversation has one course, kept in place")]
enum Course {
    Same(Conversation),
    Apart(Box<(Conversation, Conversation)>),
}

/// Both decisions, unless they are known to be the same.
type Decisions = Option<(Decision, Decision)>;

/// What two policies have in common.
#[derive(Debug)]
struct Kin {
    /// They find the same in every text.
    read_alike: bool,
    /// They differ in their rules alone.
    rules_alone: bool,
    /// For each rule of either, by rank, a number that equal rules share.
    live: Vec<u32>,
    other: Vec<u32>,
}

impl Kin {
    fn of(live: &Policy, other: &Policy) -> Self {
        let rules = live.rules().as_slice();
        let places: BTreeMap<&RuleId, u32> = rules.iter().map(|rule| &rule.id).zip(0..).collect();
        let theirs = other.rules().as_slice().iter().zip(u32::MAX / 2..).map(|(rule, own)| {
            let place = places.get(&rule.id).copied();
            place.filter(|place| rules.get(wide(*place)) == Some(rule)).unwrap_or(own)
        });
        Self {
            read_alike: live.reads_like(other),
            rules_alone: live.is_but_for_rules(other),
            live: (0..).take(rules.len()).collect(),
            other: theirs.collect(),
        }
    }

    /// Whether the same rules matched, in the same order.
    fn matched_alike(&self, live: &[Matched<'_, Directive>], other: &[Matched<'_, Directive>]) -> bool {
        let number = |numbers: &[u32], found: &Matched<'_, Directive>| numbers.get(wide(found.rank)).copied();
        live.len() == other.len()
            && live.iter().zip(other).all(|(a, b)| number(&self.live, a) == number(&self.other, b))
    }
}

impl Replay {
    /// A replay of the policy in force against another.
    #[must_use]
    pub fn new(live: Arc<Engine>, other: Arc<Engine>) -> Self {
        let pair = Pair { kin: Kin::of(&live.policy, &other.policy), live, other };
        Self { pair, courses: BTreeMap::new(), summary: ReplaySummary::default() }
    }

    /// Starts a conversation from what the host kept of it, instead of empty.
    pub fn resume(&mut self, conversation: Conversation) {
        self.courses.insert(conversation.id.clone(), Course::Same(conversation));
    }

    /// Replays the next event; says what differs, if anything does.
    pub fn play(&mut self, event: &Event, world: &World<'_>) -> Option<Difference> {
        self.summary.events = self.summary.events.saturating_add(1);
        let new = || Course::Same(Conversation::new(event.conversation.clone()));
        let course = self.courses.entry(event.conversation.clone()).or_insert_with(new);
        let (live, other) = self.pair.advance(course, event, world)?;
        let difference = Difference::between(event, &live, &other)?;
        self.summary.count(&difference);
        Some(difference)
    }

    /// What was counted so far.
    #[must_use]
    pub const fn summary(&self) -> &ReplaySummary {
        &self.summary
    }
}

impl Pair {
    /// Both courses one event on.
    fn advance(&self, course: &mut Course, event: &Event, world: &World<'_>) -> Decisions {
        if !self.kin.read_alike {
            return self.separately(course, event, world);
        }
        self.live.pool.with(&self.live.policy, |ours| {
            self.other.pool.with(&self.other.policy, |theirs| match course {
                Course::Same(one) if self.kin.rules_alone => {
                    let (decisions, strayed) = self.together(one, event, world, ours, theirs);
                    if let Some(two) = strayed {
                        *course = Course::Apart(Box::new((one.clone(), two)));
                    }
                    decisions
                }
                Course::Same(one) => {
                    let mut two = one.clone();
                    let decisions = self.apart(one, &mut two, event, world, ours, theirs);
                    *course = Course::Apart(Box::new((one.clone(), two)));
                    Some(decisions)
                }
                Course::Apart(both) => {
                    let (one, two) = &mut **both;
                    let decisions = self.apart(one, two, event, world, ours, theirs);
                    if self.kin.rules_alone && one == two {
                        *course = Course::Same(one.clone());
                    }
                    Some(decisions)
                }
            })
        })
    }

    /// Two runs that have nothing in common.
    fn separately(&self, course: &mut Course, event: &Event, world: &World<'_>) -> Decisions {
        let (mut one, mut two) = match course {
            Course::Same(one) => (one.clone(), one.clone()),
            Course::Apart(both) => (**both).clone(),
        };
        let live = self.live.assess(event, &mut one, world);
        let other = self.other.assess(event, &mut two, world);
        *course = if one == two { Course::Same(one) } else { Course::Apart(Box::new((one, two))) };
        Some((live, other))
    }

    /// One course so far under policies that differ in their rules alone: read once, and decided twice only where
    /// other rules match. Beside the decisions comes the course of the other policy, where it leaves that of the first.
    fn together(
        &self,
        one: &mut Conversation,
        event: &Event,
        world: &World<'_>,
        ours: &mut Workspace,
        theirs: &mut Workspace,
    ) -> (Decisions, Option<Conversation>) {
        let is_new = one.advance(event);
        let occasion = occasion::of(event, is_new);
        let reading = ours.read_event(&self.live.policy, event, occasion, one, world);
        let timing = Timing::at_event(&self.live.policy, one, is_new, world.now);
        let moment = Moment { occasion, event: Some(event), conversation: one, world, reading: &reading };
        let features = moment.features(&self.live.policy);
        let situation = moment.situation(&timing, &features);
        let found = ours.rules.matching(&self.live.policy, &situation);
        let found_too = theirs.rules.matching(&self.other.policy, &situation);
        if self.kin.matched_alike(&found, &found_too) {
            let lasting = moment.lasting(&self.live.policy, &situation, &found);
            learning::remember(one, occasion, event, &reading, &lasting);
            return (None, None);
        }
        let second = timing.clone();
        let live = moment.conclude(&self.live, &situation, &found, timing, &ours.text);
        let other = moment.conclude(&self.other, &situation, &found_too, second, &ours.text);
        let mut two = one.clone();
        learning::remember(one, occasion, event, &reading, &live.actions);
        learning::remember(&mut two, occasion, event, &reading, &other.actions);
        let strayed = (*one != two).then_some(two);
        (Some((live, other)), strayed)
    }

    /// Two courses: read once, decided twice.
    fn apart(
        &self,
        one: &mut Conversation,
        two: &mut Conversation,
        event: &Event,
        world: &World<'_>,
        ours: &mut Workspace,
        theirs: &mut Workspace,
    ) -> (Decision, Decision) {
        let is_new = one.advance(event);
        two.advance(event);
        let occasion = occasion::of(event, is_new);
        let reading = ours.read_event(&self.live.policy, event, occasion, one, world);
        let timing = Timing::at_event(&self.live.policy, one, is_new, world.now);
        let second = if self.kin.rules_alone {
            // What differs between the courses is what was learned and what is owed, which no clock reads.
            two.clocks.clone_from(&one.clocks);
            Timing::of_clocks(&self.other.policy, world.now, timing.clocks.clone())
        } else {
            Timing::at_event(&self.other.policy, two, is_new, world.now)
        };
        let decide = |engine: &Engine, rules: &mut RuleRun, conversation: &Conversation, timing: Timing| {
            let moment = Moment { occasion, event: Some(event), conversation, world, reading: &reading };
            engine.decide_on(rules, &moment, timing, &ours.text)
        };
        let live = decide(&self.live, &mut ours.rules, one, timing);
        let other = decide(&self.other, &mut theirs.rules, two, second);
        learning::remember(one, occasion, event, &reading, &live.actions);
        learning::remember(two, occasion, event, &reading, &other.actions);
        (live, other)
    }
}
