//! Who takes a conversation: skills, languages, room, training; wishes that are given up with time.

use std::collections::BTreeMap;

use crate::decision::Relief;
use crate::model::{
    Agent, AgentId, ConversationId, Desk, Language, Presence, QueueId, Seconds, SkillId, Timestamp,
    Visibility, Waiting,
};
use crate::playbook::{Queue, Relaxation};

/// How many overflow queues are tried one after the other.
const MAX_OVERFLOWS: usize = 8;

/// What a conversation asks of the agent who takes it.
///
/// ```
/// use galateo::decide::Wish;
/// use galateo::model::{Language, Visibility};
/// let wish = Wish { language: Some(Language::It), ..Wish::in_view_of(Visibility::Public) };
/// assert!(wish.skills.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it with struct update syntax")]
pub struct Wish {
    /// What the agent must know, and how well, 1 to 10.
    pub skills: BTreeMap<SkillId, u8>,
    /// The language to be spoken.
    pub language: Option<Language>,
    /// Who answered last and comes first, if available.
    pub sticky: Option<AgentId>,
    /// How long the conversation has been waiting.
    pub waited: Seconds,
    /// Who can read along; agents must be trained for it (R62).
    pub visibility: Visibility,
}

impl Wish {
    /// No wish but training for who reads along.
    #[must_use]
    pub const fn in_view_of(visibility: Visibility) -> Self {
        Self { skills: BTreeMap::new(), language: None, sticky: None, waited: Seconds::ZERO, visibility }
    }
}

/// Where a conversation is placed, and why there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Placement {
    /// The queue, after overflow.
    pub queue: QueueId,
    /// The agent, where one fits.
    pub agent: Option<AgentId>,
    /// Why this agent, or why no one.
    pub why: &'static str,
    /// Wishes given up because the wait was too long.
    pub relaxed: Relief,
}

/// Places one conversation: in `queue` or where that overflows to.
///
/// An agent fits who serves the queue, is online, has room for the queue's weight, knows what is
/// asked, speaks the language and is trained for who reads along. Among those who fit, the one who
/// answered last comes first; then the least loaded for their capacity, then the longest without work.
///
/// ```
/// use galateo::decide::{Wish, place};
/// use galateo::model::{Desk, QueueId, Visibility};
/// let placement = place(&[], &QueueId::new("care")?, &Wish::in_view_of(Visibility::Private), &Desk::default());
/// assert_eq!(placement.why, "no agent serves the queue");
/// # Ok::<(), galateo::model::IdError>(())
/// ```
#[must_use]
pub fn place(queues: &[Queue], queue: &QueueId, wish: &Wish, desk: &Desk) -> Placement {
    let served = served_queue(queues, queue, desk);
    let settings = queues.iter().find(|known| known.id == *served);
    let relief = settings.map_or(Relief::NONE, |settings| relief_after(&settings.relax, wish.waited));
    let weight = settings.map_or(1, |settings| settings.weight);
    let (agent, why) = choose(desk, &Asked { queue: served, weight, wish, relief: &relief });
    Placement { queue: served.clone(), agent: agent.map(|agent| agent.id.clone()), why, relaxed: relief }
}

/// The first queue along the overflows that any agent serves; the one asked for where none is.
fn served_queue<'a>(queues: &'a [Queue], asked: &'a QueueId, desk: &Desk) -> &'a QueueId {
    let mut at = asked;
    for _ in 0..MAX_OVERFLOWS {
        if desk.agents.iter().any(|agent| agent.queues.contains(at)) {
            return at;
        }
        match queues.iter().find(|known| known.id == *at).and_then(|known| known.overflow.as_ref()) {
            Some(next) => at = next,
            None => break,
        }
    }
    asked
}

/// What is given up after a wait.
fn relief_after(steps: &[Relaxation], waited: Seconds) -> Relief {
    let due = steps.iter().filter(|step| step.after <= waited);
    due.fold(Relief::NONE, |relief, step| Relief {
        lower_skills: relief.lower_skills.max(step.lower_skills),
        any_language: relief.any_language || step.any_language,
    })
}

/// One thing an agent must satisfy, with what is said when nobody does.
struct Demand {
    holds: fn(&Agent, &Asked<'_>) -> bool,
    unmet: &'static str,
}

/// What is asked of whoever takes the conversation.
struct Asked<'a> {
    queue: &'a QueueId,
    weight: u32,
    wish: &'a Wish,
    relief: &'a Relief,
}

const DEMANDS: [Demand; 6] = [
    Demand { holds: |agent, asked| agent.queues.contains(asked.queue), unmet: "no agent serves the queue" },
    Demand { holds: |agent, _| agent.presence == Presence::Online, unmet: "no agent of the queue is online" },
    Demand {
        holds: |agent, asked| agent.is_certified(asked.wish.visibility),
        unmet: "no agent online is trained for who reads along",
    },
    Demand {
        holds: |agent, asked| knows(agent, &asked.wish.skills, asked.relief),
        unmet: "no agent online has the skills",
    },
    Demand {
        holds: |agent, asked| speaks(agent, asked.wish.language, asked.relief),
        unmet: "no agent online speaks the language",
    },
    Demand {
        holds: |agent, asked| agent.room() >= asked.weight,
        unmet: "all agents who fit are at capacity",
    },
];

fn choose<'d>(desk: &'d Desk, asked: &Asked<'_>) -> (Option<&'d Agent>, &'static str) {
    let mut fit: Vec<&Agent> = desk.agents.iter().collect();
    for Demand { holds, unmet } in DEMANDS {
        fit.retain(|agent| holds(agent, asked));
        if fit.is_empty() {
            return (None, unmet);
        }
    }
    let sticky = asked.wish.sticky.as_ref().and_then(|id| fit.iter().find(|agent| agent.id == *id).copied());
    match sticky {
        Some(agent) => (Some(agent), "answered before and is available"),
        None => (fit.into_iter().min_by_key(|agent| turn(agent)), "least loaded of those who fit"),
    }
}

fn knows(agent: &Agent, skills: &BTreeMap<SkillId, u8>, relief: &Relief) -> bool {
    skills.iter().all(|(skill, level)| {
        let needed = level.saturating_sub(relief.lower_skills);
        needed == 0 || agent.skills.get(skill).is_some_and(|has| *has >= needed)
    })
}

fn speaks(agent: &Agent, language: Option<Language>, relief: &Relief) -> bool {
    let Some(language) = language else { return true };
    relief.any_language || agent.languages.is_empty() || agent.languages.contains(&language)
}

/// Whose turn it is: load for capacity in thousandths, then the longest without work, then the name.
fn turn(agent: &Agent) -> (u64, Timestamp, &AgentId) {
    let load =
        u64::from(agent.load).saturating_mul(1000).checked_div(u64::from(agent.capacity)).unwrap_or(u64::MAX);
    (load, agent.idle_since.unwrap_or(Timestamp::MAX), &agent.id)
}

/// Places all that wait, the most pressing first: by deadline, then priority, then wait; each
/// placement takes room from the agent, so that the batch never overloads anyone.
///
/// ```
/// use galateo::decide::place_all;
/// use galateo::model::{Desk, Timestamp};
/// assert!(place_all(&[], &Desk::default(), Timestamp::MIN).is_empty());
/// ```
#[must_use]
pub fn place_all(queues: &[Queue], desk: &Desk, now: Timestamp) -> Vec<(ConversationId, Placement)> {
    let mut desk = desk.clone();
    let mut waiting: Vec<Waiting> = std::mem::take(&mut desk.waiting);
    waiting.sort_by(|a, b| pressing(a).cmp(&pressing(b)));
    let mut placed = Vec::with_capacity(waiting.len());
    for one in waiting {
        let wish = Wish {
            skills: one.skills,
            language: one.language,
            sticky: None,
            waited: now.since(one.since),
            visibility: one.visibility.unwrap_or(Visibility::Private),
        };
        let placement = place(queues, &one.queue, &wish, &desk);
        occupy(&mut desk, queues, &placement);
        placed.push((one.conversation, placement));
    }
    placed
}

/// The order of the batch; a missing deadline comes after every deadline.
fn pressing(
    one: &Waiting,
) -> (Timestamp, std::cmp::Reverse<Option<crate::model::Priority>>, Timestamp, &ConversationId) {
    (one.due.unwrap_or(Timestamp::MAX), std::cmp::Reverse(one.priority), one.since, &one.conversation)
}

fn occupy(desk: &mut Desk, queues: &[Queue], placement: &Placement) {
    let weight = queues.iter().find(|queue| queue.id == placement.queue).map_or(1, |queue| queue.weight);
    let Some(id) = &placement.agent else { return };
    if let Some(agent) = desk.agents.iter_mut().find(|agent| agent.id == *id) {
        agent.load = agent.load.saturating_add(weight);
    }
}
