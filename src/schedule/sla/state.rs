//! The fold between two events as bytes: what a host stores instead of replaying.
//!
//! Version, the number of the policies, then variable-length integers and length-prefixed names; the
//! layout is private to the crate.

use super::clock::{Clock, End, Lane, Phase};
use super::facts::{Attributes, Facts, MAX_TAGS};
use super::fold::Fold;
use super::names::Label;
use super::plan::{Metric, Policies};
use super::standing::{Ended, Past, Standing};
use crate::model::{Creator, Status, Timestamp};

/// The layout written here.
const VERSION: u64 = 4;
/// Marks of a stored clock; what claims more is no state.
const MAX_COUNT: u64 = 4096;

/// Bytes that are no state of these policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a stored clock state of these policies")]
#[expect(clippy::exhaustive_structs, reason = "a unit that says all there is to say")]
pub struct StateError;

impl<'p> Fold<'p> {
    /// The state as bytes, some 25 for each clock: the current instances, and the last that ended of each
    /// metric. Folding on from it gives what a full replay gives for the last instance of each metric.
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
        let mut bytes = Vec::with_capacity(256);
        self.standing().write_with(self.ended(), &mut bytes);
        bytes
    }

    /// Reads a state back; of what ended before it, it holds the last instance of each metric.
    ///
    /// # Errors
    /// [`StateError`] where the bytes are no state, or one of other policies.
    pub fn from_bytes(policies: &'p Policies, bytes: &[u8]) -> Result<Self, StateError> {
        let standing = Standing::read(policies, bytes).ok_or(StateError)?;
        Ok(Self::going_on(policies, Box::new(standing)))
    }
}

impl Standing {
    /// Writes the state behind what `out` holds, with what has ended.
    pub(super) fn write_with<'s>(&'s self, past: impl Iterator<Item = &'s Past>, out: &mut Vec<u8>) {
        let mut out = Writer(out);
        let (attributes, now) = (&self.attributes, self.now);
        out.count(VERSION);
        out.0.extend_from_slice(&self.fingerprint.to_le_bytes());
        out.number(now.as_millis());
        out.attributes(attributes);
        self.clocks.iter().for_each(|clock| out.clock(clock, attributes, now));
        for Past { metric, track, clock, reached, .. } in past {
            let current = self.clocks.get(*track).is_some_and(|current| current.is_at(clock));
            out.flagged(metric.saturating_add(1), current);
            out.count(u64::from(*reached));
            if !current {
                out.clock(clock, attributes, now);
            }
        }
        out.count(0);
    }

    /// Reads what was written under the same policies.
    pub(super) fn read(policies: &Policies, bytes: &[u8]) -> Option<Self> {
        let mut from = Reader(bytes);
        if from.count()? != VERSION || from.fingerprint()? != policies.fingerprint {
            return None;
        }
        let now = from.instant()?;
        let attributes = from.attributes()?;
        let mut clocks = Vec::with_capacity(policies.tracks.len());
        for _ in &policies.tracks {
            clocks.push(from.clock(policies, &attributes, now)?);
        }
        let past = Ended(from.past(policies, &attributes, &clocks, now)?);
        let in_force = policies.in_force(&attributes.facts, &attributes.tags);
        let fingerprint = policies.fingerprint;
        from.0.is_empty().then_some(Self { fingerprint, attributes, in_force, now, clocks, past })
    }
}

/// What a clock has, as bits of its first byte; the phase is in the lowest three.
const ANSWERED: u8 = 8;
const STARTED: u8 = 16;
const SINCE: u8 = 32;
const ENDED: u8 = 64;
const COUNTED: u8 = 128;
/// Among the counts of a clock: it has a calendar in which days are counted, behind its replies.
const ORIGIN: u64 = 4;

struct Writer<'a>(&'a mut Vec<u8>);

impl Writer<'_> {
    /// Seven bits a byte.
    fn count(&mut self, n: u64) {
        let mut rest = n;
        while rest >= 0x80 {
            self.0.push(low_bits(rest) | 0x80);
            rest >>= 7;
        }
        self.0.push(low_bits(rest));
    }

    fn length(&mut self, n: usize) {
        self.count(u64::try_from(n).unwrap_or(u64::MAX));
    }

    /// Zigzag.
    fn number(&mut self, n: i64) {
        self.count((n.wrapping_shl(1) ^ (n >> 63)).cast_unsigned());
    }

    fn name(&mut self, name: &str) {
        self.length(name.len());
        self.0.extend_from_slice(name.as_bytes());
    }

    /// An instant as the distance before another.
    fn before(&mut self, at: Timestamp, now: Timestamp) {
        self.number(now.as_millis().saturating_sub(at.as_millis()));
    }

    fn attributes(&mut self, attributes: &Attributes) {
        self.facts(&attributes.facts);
        let (priority, group) = attributes.strange_names();
        if attributes.facts.priority == Some(Label::STRANGE) {
            self.name(priority);
        }
        if attributes.facts.group == Some(Label::STRANGE) {
            self.name(group);
        }
        self.length(attributes.tags.len());
        attributes.tags.iter().for_each(|tag| self.count(Label::stored(Some(*tag))));
    }

    fn facts(&mut self, facts: &Facts) {
        let (created, status) = (position(&CREATORS, &facts.created), position(Status::ALL, &facts.status));
        self.0.push((created << 4) | (status << 1) | u8::from(facts.merged));
        for label in [facts.priority, facts.channel, facts.group] {
            self.count(Label::stored(label));
        }
    }

    fn clock(&mut self, clock: &Clock, attributes: &Attributes, now: Timestamp) {
        let (replies, answered) = clock.replies();
        let counted = clock.lane != Lane::default() || !clock.others.is_empty();
        let bit = |holds: bool, bit: u8| if holds { bit } else { 0 };
        self.0.push(
            position(&PHASES, &clock.phase)
                | bit(answered, ANSWERED)
                | bit(clock.started.is_some(), STARTED)
                | bit(clock.since.is_some(), SINCE)
                | bit(clock.end.is_some(), ENDED)
                | bit(counted, COUNTED),
        );
        // More than two replies are no more than two to any metric.
        let origin = if clock.origin > 0 { ORIGIN } else { 0 };
        self.count((u64::from(clock.instance) << 3) | origin | u64::from(replies.min(2)));
        for at in [clock.started, clock.since].into_iter().flatten() {
            self.before(at, now);
        }
        if clock.origin > 0 {
            self.length(clock.origin);
        }
        if let Some(end) = &clock.end {
            self.end(end, attributes, now);
        }
        if counted {
            self.lane(&clock.lane, !clock.others.is_empty(), now);
        }
        for (place, lane) in (1..).zip(&clock.others) {
            self.lane(lane, clock.others.len() > place, now);
        }
    }

    fn end(&mut self, end: &End, attributes: &Attributes, now: Timestamp) {
        self.before(end.at, now);
        let same = end.facts == attributes.facts;
        let policy = end.in_force.map_or(0, |policy| policy.saturating_add(1));
        self.flagged(policy, same);
        if !same {
            self.facts(&end.facts);
        }
    }

    fn lane(&mut self, lane: &Lane, another_follows: bool, now: Timestamp) {
        self.flagged(lane.calendar, another_follows);
        self.number(lane.elapsed);
        self.length(lane.crossed.len());
        lane.crossed.iter().for_each(|at| self.before(*at, now));
    }

    /// A small number and a truth value.
    fn flagged(&mut self, n: usize, flag: bool) {
        self.length(n.wrapping_shl(1) | usize::from(flag));
    }
}

fn low_bits(n: u64) -> u8 {
    u8::try_from(n & 0x7F).unwrap_or(0)
}

const PHASES: [Phase; 5] = [Phase::Idle, Phase::Waiting, Phase::Active, Phase::Fulfilled, Phase::Cancelled];
const CREATORS: [Option<Creator>; 4] =
    [None, Some(Creator::Agent), Some(Creator::Customer), Some(Creator::Import)];

fn position<T: PartialEq>(list: &[T], value: &T) -> u8 {
    let place = list.iter().position(|held| held == value);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(0)
}

fn pick<T: Copy>(list: &[T], index: u8) -> Option<T> {
    list.get(usize::from(index)).copied()
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    #[inline]
    fn count(&mut self) -> Option<u64> {
        let first = self.byte()?;
        if first < 0x80 { Some(u64::from(first)) } else { self.long_count(first) }
    }

    fn long_count(&mut self, first: u8) -> Option<u64> {
        let mut value = u64::from(first & 0x7F);
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn number(&mut self) -> Option<i64> {
        let value = self.count()?;
        Some((value >> 1).cast_signed() ^ (value & 1).cast_signed().wrapping_neg())
    }

    fn fingerprint(&mut self) -> Option<u64> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*bytes))
    }

    fn instant(&mut self) -> Option<Timestamp> {
        Timestamp::from_millis(self.number()?).ok()
    }

    fn name(&mut self) -> Option<String> {
        let length = usize::try_from(self.count()?).ok()?;
        let (name, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(std::str::from_utf8(name).ok()?.to_owned())
    }

    fn before(&mut self, now: Timestamp) -> Option<Timestamp> {
        Timestamp::from_millis(now.as_millis().checked_sub(self.number()?)?).ok()
    }

    fn attributes(&mut self) -> Option<Attributes> {
        let facts = self.facts()?;
        let is_strange = |label| label == Some(Label::STRANGE);
        let priority = if is_strange(facts.priority) { self.name()? } else { String::new() };
        let group = if is_strange(facts.group) { self.name()? } else { String::new() };
        let mut tags = Vec::new();
        for _ in 0..self.count().filter(|n| usize::try_from(*n).is_ok_and(|n| n <= MAX_TAGS))? {
            tags.push(Label::of_stored(self.count()?)??);
        }
        Some(Attributes::of_parts(facts, tags, priority, group))
    }

    fn facts(&mut self) -> Option<Facts> {
        let bits = self.byte()?;
        Some(Facts {
            created: pick(&CREATORS, bits >> 4)?,
            status: pick(Status::ALL, (bits >> 1) & 7)?,
            merged: bits & 1 == 1,
            priority: Label::of_stored(self.count()?)?,
            channel: Label::of_stored(self.count()?)?,
            group: Label::of_stored(self.count()?)?,
        })
    }

    fn clock(&mut self, policies: &Policies, attributes: &Attributes, now: Timestamp) -> Option<Clock> {
        let (bits, counts) = (self.byte()?, self.count()?);
        let mut clock = Clock::default();
        (clock.stale, clock.phase) = (true, pick(&PHASES, bits & 7)?);
        clock.set_replies(u8::try_from(counts & 3).ok()?, bits & ANSWERED != 0);
        clock.instance = u32::try_from(counts >> 3).ok()?;
        if bits & STARTED != 0 {
            clock.started = Some(self.before(now)?);
        }
        if bits & SINCE != 0 {
            clock.since = Some(self.before(now)?);
        }
        if counts & ORIGIN != 0 {
            clock.origin = usize::try_from(self.count()?).ok()?;
            policies.calendar(clock.origin)?;
        }
        if bits & ENDED != 0 {
            clock.end = Some(self.end(policies, attributes, now)?);
        }
        if bits & COUNTED != 0 {
            let (lane, mut another) = self.lane(policies, now)?;
            clock.lane = lane;
            while another {
                let (lane, more) = self.lane(policies, now)?;
                clock.others.push(lane);
                another = more;
            }
        }
        Some(clock)
    }

    fn past(
        &mut self,
        policies: &Policies,
        attributes: &Attributes,
        clocks: &[Clock],
        now: Timestamp,
    ) -> Option<Vec<Past>> {
        let mut past: Vec<Past> = Vec::new();
        loop {
            let (place, current) = self.flagged()?;
            let Some(place) = place.checked_sub(1) else { return Some(past) };
            let Metric { index, key, track, .. } = *policies.metrics.get(place)?;
            if past.iter().filter(|known| known.key == key).count() >= policies.kept(key) {
                return None;
            }
            let reached = u32::try_from(self.count()?).ok()?;
            let clock =
                if current { clocks.get(track)?.clone() } else { self.clock(policies, attributes, now)? };
            past.push(Past { metric: index, key, track, clock, reached });
        }
    }

    fn end(&mut self, policies: &Policies, attributes: &Attributes, now: Timestamp) -> Option<End> {
        let at = self.before(now)?;
        let (policy, same) = self.flagged()?;
        let in_force = policy.checked_sub(1);
        if in_force.is_some_and(|policy| policy >= policies.list.len()) {
            return None;
        }
        let facts = if same { attributes.facts } else { self.facts()? };
        Some(End { at, facts, in_force })
    }

    fn lane(&mut self, policies: &Policies, now: Timestamp) -> Option<(Lane, bool)> {
        let (calendar, another_follows) = self.flagged()?;
        policies.calendar(calendar)?;
        let elapsed = self.number().filter(|n| *n >= 0)?;
        let marks = self.count().filter(|n| *n <= MAX_COUNT)?;
        let mut crossed = Vec::with_capacity(usize::try_from(marks.min(8)).unwrap_or(0));
        for _ in 0..marks {
            crossed.push(self.before(now)?);
        }
        Some((Lane { calendar, elapsed, crossed }, another_follows))
    }

    fn flagged(&mut self) -> Option<(usize, bool)> {
        let both = self.count()?;
        Some((usize::try_from(both >> 1).ok()?, both & 1 == 1))
    }
}
