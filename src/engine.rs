//! The three verbs: assess an event, review a draft, ask what is due.

mod cases;
mod coverage;
mod explaining;
mod learning;
mod moment;
mod occasion;
mod pool;
mod reading;
mod replay;
mod shadow;
mod timing;
mod waking;
mod why;

pub use coverage::{Coverage, RuleCoverage, WayCoverage};
pub use replay::{Difference, Replay, ReplaySummary, RuleShare};
pub use shadow::{Shadow, shadow};
pub use why::{FamilyWhy, RuleWhy, Why};

use crate::decide;
use crate::decision::Decision;
use crate::detect::Scratch;
use crate::gate::{self, Case, Review, SentReplies};
use crate::model::{Conversation, Customer, Desk, Draft, Event, Timestamp};
use crate::playbook::{Occasion, OwnFacts, Policy, RuleRun, Situation};
use explaining::Grounds;
use moment::Moment;
use pool::{Pool, Workspace};
use reading::Reading;
use timing::Timing;
use waking::Alarms;

/// What the host knows around an event, a draft or a moment.
///
/// ```
/// use galateo::World;
/// use galateo::model::Timestamp;
/// let world = World::at("2026-11-20T09:00:00Z".parse()?);
/// assert!(world.customer.is_none());
/// # Ok::<(), galateo::model::TimeError>(())
/// ```
#[derive(Debug, Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax over `World::at`")]
pub struct World<'a> {
    /// The instant of the decision; the engine has no clock of its own.
    pub now: Timestamp,
    /// The customer, where known.
    pub customer: Option<&'a Customer>,
    /// Who is on duty, where known.
    pub desk: Option<&'a Desk>,
    /// The company's own recent public replies, where the host keeps them (R28, R73).
    pub recent: Option<&'a SentReplies>,
    /// What the host knows of the fields that the playbook declares in `[fields]`.
    pub facts: Option<&'a OwnFacts>,
}

impl World<'_> {
    /// A world in which nothing is known but the time.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self { now, customer: None, desk: None, recent: None, facts: None }
    }
}

/// The engine: a policy and three verbs. Share it by reference between threads; it keeps no state
/// but warm working memory.
///
/// ```
/// use galateo::model::{Conversation, ConversationId, Event};
/// use galateo::{Engine, World};
/// let engine = Engine::starter();
/// let event: Event = serde_json::from_str(r#"{
///     "id": "e-1", "at": "2026-11-20T09:00:00Z", "conversation": "c-1", "by": {"customer": "anna"},
///     "what": {"message": {"surface": "x/post", "text": "Where is my parcel? I paid ten days ago!"}}
/// }"#)?;
/// let mut conversation = Conversation::new(ConversationId::new("c-1")?);
/// let decision = engine.assess(&event, &mut conversation, &World::at(event.at));
/// assert!(decision.actions.iter().any(|chosen| matches!(chosen.action, galateo::decision::Action::Engage { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Engine {
    policy: Policy,
    grounds: Grounds,
    alarms: Alarms,
    pool: Pool,
}

impl Engine {
    /// An engine for a policy.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self { grounds: Grounds::of(&policy), alarms: Alarms::of(&policy), policy, pool: Pool::default() }
    }

    /// An engine for the starter playbook.
    #[must_use]
    pub fn starter() -> Self {
        Self::new(Policy::starter())
    }

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Decides on an event: folds it into the conversation, reads its text, asks the rules, combines.
    ///
    /// An event that the conversation has seen, or that is another conversation's, changes nothing and
    /// asks for nothing.
    pub fn assess(&self, event: &Event, conversation: &mut Conversation, world: &World<'_>) -> Decision {
        self.pool.with(&self.policy, |space| self.assess_in(space, event, conversation, world).0)
    }

    /// Says what time alone has made true of a conversation, and when to ask again.
    #[must_use]
    pub fn due(&self, conversation: &Conversation, world: &World<'_>) -> Decision {
        self.pool.with(&self.policy, |space| self.due_in(space, conversation, world))
    }

    /// Reviews a draft; what may be sent comes back with its clearance.
    #[must_use]
    pub fn review(&self, draft: Draft, conversation: &Conversation, world: &World<'_>) -> Review {
        self.pool.with(&self.policy, |space| self.review_in(space, draft, conversation, world))
    }

    /// The decision, with what reading the event brought.
    fn assess_in(
        &self,
        space: &mut Workspace,
        event: &Event,
        conversation: &mut Conversation,
        world: &World<'_>,
    ) -> (Decision, Reading) {
        let is_new = conversation.advance(event);
        let occasion = occasion::of(event, is_new);
        let reading = space.read_event(&self.policy, event, occasion, conversation, world);
        let timing = Timing::at_event(&self.policy, conversation, is_new, world.now);
        let moment = Moment { occasion, event: Some(event), conversation, world, reading: &reading };
        let decision = self.decide(space, &moment, timing);
        learning::remember(conversation, occasion, event, &reading, &decision.actions);
        (decision, reading)
    }

    fn due_in(&self, space: &mut Workspace, conversation: &Conversation, world: &World<'_>) -> Decision {
        let timing = Timing::of(&self.policy, conversation, world.now);
        let reading = Reading::default();
        let moment = Moment { occasion: Occasion::Due, event: None, conversation, world, reading: &reading };
        self.decide(space, &moment, timing)
    }

    fn review_in(
        &self,
        space: &mut Workspace,
        draft: Draft,
        conversation: &Conversation,
        world: &World<'_>,
    ) -> Review {
        let reading = space.read_draft(&self.policy, &draft, world);
        let timing = Timing::of(&self.policy, conversation, world.now);
        let features =
            decide::features(&self.policy, world.customer, Some(&draft.surface.channel), world.now);
        let situation = Situation {
            draft: Some(&draft),
            ..reading.situation(Occasion::Draft, conversation, world, &timing, &features)
        };
        let matched = space.rules.matching(&self.policy, &situation);
        let case = Case {
            text: draft.text.expose(),
            draft: &draft,
            situation: &situation,
            policy: &self.policy,
            personal: &reading.personal(&self.policy),
            permit: self.policy.permit_on(&draft.surface, &situation),
            recent: world.recent,
        };
        let directives =
            matched.iter().flat_map(|found| found.rule.then.iter().map(move |does| (&found.rule.id, does)));
        let (findings, degraded) = (gate::findings(&case, directives), reading.degraded());
        gate::conclude(draft, findings, degraded)
    }

    /// Decides in the workspace that read the moment's text.
    fn decide(&self, space: &mut Workspace, moment: &Moment<'_>, timing: Timing) -> Decision {
        let Workspace { rules, text, .. } = space;
        self.decide_on(rules, moment, timing, text)
    }

    /// Decides on a text whose last scan `text` holds.
    fn decide_on(
        &self,
        rules: &mut RuleRun,
        moment: &Moment<'_>,
        timing: Timing,
        text: &Scratch,
    ) -> Decision {
        let features = moment.features(&self.policy);
        let situation = moment.situation(&timing, &features);
        let matched = rules.matching(&self.policy, &situation);
        moment.conclude(self, &situation, &matched, timing, text)
    }
}
