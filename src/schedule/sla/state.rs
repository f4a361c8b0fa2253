//! The fold between two events as bytes: what a host stores instead of replaying.
//!
//! Version, then variable-length integers and length-prefixed names; the layout is private to the
//! crate and to one compiled list of policies, whose shape is checked.

use super::clock::{Clock, End, Lane, Phase};
use super::facts::Attributes;
use super::fold::Fold;
use super::plan::Policies;
use crate::model::{Creator, Status, Step, Timestamp};

/// The layout written here.
const VERSION: i64 = 2;
/// Names and lanes of a stored state; what claims more is no state.
const MAX_COUNT: i64 = 4096;

/// Bytes that are no state of these policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a stored clock state of these policies")]
#[expect(clippy::exhaustive_structs, reason = "a unit that says all there is to say")]
pub struct StateError;

impl<'p> Fold<'p> {
    /// The state as bytes, some 25 for each clock: the current instances, running or paused as replay
    /// would have them. What ended is history, which the host keeps; it is not in the bytes.
    ///
    /// ```
    /// use galateo::model::{Creator, Step};
    /// use galateo::schedule::sla::{Fold, Policies};
    /// let spec = serde_json::from_str(r#"{"metrics": [{"metric": "resolution", "target": 7200}]}"#)?;
    /// let policies = Policies::new(&[spec])?;
    /// let mut fold = Fold::new(&policies);
    /// fold.apply("2026-11-23T09:00:00Z".parse()?, Step::Created(Creator::Customer))?;
    /// let again = Fold::from_bytes(&policies, &fold.to_bytes())?;
    /// assert_eq!(again.next_deadlines(), fold.next_deadlines());
    /// assert!(fold.to_bytes().len() < 60);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer(Vec::with_capacity(200));
        let (attributes, now, clocks) = self.parts();
        out.number(VERSION);
        out.number(signed(clocks.len()));
        out.number(now.as_millis());
        out.attributes(attributes, self.policies());
        for clock in clocks {
            out.clock(clock, now);
        }
        out.0
    }

    /// Reads a state back; instances that had ended before the current ones are not in it.
    ///
    /// # Errors
    /// [`StateError`] where the bytes are no state, or one of policies of another shape.
    pub fn from_bytes(policies: &'p Policies, bytes: &[u8]) -> Result<Self, StateError> {
        Self::read(policies, &mut Reader(bytes)).ok_or(StateError)
    }

    fn read(policies: &'p Policies, from: &mut Reader<'_>) -> Option<Self> {
        let fold = Self::new(policies);
        let count = signed(fold.parts().2.len());
        if from.number()? != VERSION || from.number()? != count {
            return None;
        }
        let now = from.instant()?;
        let attributes = from.attributes(policies)?;
        let mut clocks = Vec::new();
        for before in fold.parts().2 {
            let mut clock = before.clone();
            from.clock(&mut clock, &attributes, now)?;
            clocks.push(clock);
        }
        let known = |lane: &Lane| policies.calendar(lane.calendar).is_some();
        let calendars = |clock: &Clock| known(&clock.lane) && clock.others.iter().all(known);
        (from.0.is_empty() && clocks.iter().all(calendars)).then(|| fold.with_parts(attributes, now, clocks))
    }
}

fn signed(n: usize) -> i64 {
    crate::num::signed(n)
}

struct Writer(Vec<u8>);

impl Writer {
    /// Zigzag, seven bits a byte.
    fn number(&mut self, n: i64) {
        let mut rest = (n.wrapping_shl(1) ^ (n >> 63)).cast_unsigned();
        while rest >= 0x80 {
            self.0.push(u8::try_from(rest & 0x7F).unwrap_or(0) | 0x80);
            rest >>= 7;
        }
        self.0.push(u8::try_from(rest).unwrap_or(0));
    }

    fn name(&mut self, name: Option<&str>) {
        self.number(name.map_or(-1, |name| signed(name.len())));
        self.0.extend_from_slice(name.unwrap_or_default().as_bytes());
    }

    /// An instant as the distance before another, -1 for none.
    fn before(&mut self, at: Option<Timestamp>, now: Timestamp) {
        self.number(at.map_or(i64::MAX, |at| now.as_millis().saturating_sub(at.as_millis())));
    }

    fn attributes(&mut self, attributes: &Attributes, policies: &Policies) {
        let facts = &attributes.facts;
        let creators = [None, Some(Creator::Agent), Some(Creator::Customer), Some(Creator::Import)];
        self.number(position(&creators, &facts.created));
        self.number(position(Status::ALL, &facts.status));
        self.number(i64::from(facts.merged));
        self.name(attributes.priority_name(policies));
        // A channel that no policy mentions needs no name.
        self.name(facts.channel.map(|channel| policies.name(channel).unwrap_or_default()));
        self.name(attributes.group_name(policies));
        self.number(signed(attributes.tags.len()));
        attributes.tags.iter().for_each(|tag| self.name(policies.name(*tag)));
    }

    fn clock(&mut self, clock: &Clock, now: Timestamp) {
        self.number(position(&PHASES, &clock.phase));
        self.number(i64::from(clock.instance));
        let (replies, answered) = clock.replies();
        self.number(i64::from(replies).saturating_mul(2).saturating_add(i64::from(answered)));
        if clock.phase == Phase::Idle {
            return;
        }
        for at in [clock.started, clock.since, clock.end.map(|end| end.at)] {
            self.before(at, now);
        }
        self.lane(&clock.lane, now);
        self.number(signed(clock.others.len()));
        clock.others.iter().for_each(|lane| self.lane(lane, now));
    }

    fn lane(&mut self, lane: &Lane, now: Timestamp) {
        self.number(signed(lane.calendar));
        self.number(lane.elapsed);
        self.number(signed(lane.crossed.len()));
        lane.crossed.iter().for_each(|at| self.before(Some(*at), now));
    }
}

const PHASES: [Phase; 5] = [Phase::Idle, Phase::Waiting, Phase::Active, Phase::Fulfilled, Phase::Cancelled];

fn position<T: PartialEq>(list: &[T], value: &T) -> i64 {
    signed(list.iter().position(|held| held == value).unwrap_or(0))
}

fn pick<T: Copy>(list: &[T], index: i64) -> Option<T> {
    usize::try_from(index).ok().and_then(|index| list.get(index)).copied()
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn number(&mut self) -> Option<i64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some((value >> 1).cast_signed() ^ (value & 1).cast_signed().wrapping_neg());
            }
        }
        None
    }

    fn count(&mut self) -> Option<i64> {
        self.number().filter(|n| (0..=MAX_COUNT).contains(n))
    }

    fn instant(&mut self) -> Option<Timestamp> {
        Timestamp::from_millis(self.number()?).ok()
    }

    fn name(&mut self) -> Option<Option<String>> {
        let length = self.number()?;
        if length == -1 {
            return Some(None);
        }
        let (name, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(Some(std::str::from_utf8(name).ok()?.to_owned()))
    }

    fn before(&mut self, now: Timestamp) -> Option<Option<Timestamp>> {
        match self.number()? {
            i64::MAX => Some(None),
            distance => Timestamp::from_millis(now.as_millis().checked_sub(distance)?).ok().map(Some),
        }
    }

    /// The facts, folded in as the steps that lead to them.
    fn attributes(&mut self, policies: &Policies) -> Option<Attributes> {
        let creators = [None, Some(Creator::Agent), Some(Creator::Customer), Some(Creator::Import)];
        let mut attributes = Attributes::default();
        attributes.facts.created = pick(&creators, self.number()?)?;
        attributes.facts.status = pick(Status::ALL, self.number()?)?;
        attributes.facts.merged = self.number()? == 1;
        let (priority, channel, group) = (self.name()?, self.name()?, self.name()?);
        attributes.take(Step::Priority(priority.as_deref()), policies);
        attributes.take(Step::Channel(channel.as_deref()), policies);
        attributes.take(Step::Group(group.as_deref()), policies);
        for _ in 0..self.count()? {
            attributes.take(Step::TagAdded(&self.name()??), policies);
        }
        Some(attributes)
    }

    fn clock(&mut self, clock: &mut Clock, attributes: &Attributes, now: Timestamp) -> Option<()> {
        clock.stale = true;
        clock.phase = pick(&PHASES, self.number()?)?;
        clock.instance = u32::try_from(self.number()?).ok()?;
        let replies = self.number().filter(|n| (0..512).contains(n))?;
        clock.set_replies(u8::try_from(replies / 2).ok()?, replies % 2 == 1);
        if clock.phase == Phase::Idle {
            return Some(());
        }
        (clock.started, clock.since) = (self.before(now)?, self.before(now)?);
        clock.end = self.before(now)?.map(|at| End { at, facts: attributes.facts, in_force: None });
        clock.lane = self.lane(now)?;
        clock.others.clear();
        for _ in 0..self.count()? {
            clock.others.push(self.lane(now)?);
        }
        Some(())
    }

    fn lane(&mut self, now: Timestamp) -> Option<Lane> {
        let calendar = usize::try_from(self.number()?).ok()?;
        let elapsed = self.number().filter(|n| *n >= 0)?;
        let mut crossed = Vec::new();
        for _ in 0..self.count()? {
            crossed.push(self.before(now)??);
        }
        Some(Lane { calendar, elapsed, crossed })
    }
}
