//! Where the clocks of a conversation stand between two events.

use super::clock::Clock;
use super::facts::Attributes;
use super::plan::{Metric, Policies};
use crate::model::{ReadyState, Timestamp};

/// All that folding on needs: the facts, the current instances, and of what has ended what may matter.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    /// The policies that the numbers in it are from.
    pub(super) fingerprint: u64,
    pub(super) attributes: Attributes,
    pub(super) in_force: Option<usize>,
    /// The instant of the last step.
    pub(super) now: Timestamp,
    /// The clocks of all tracks in order.
    pub(super) clocks: Vec<Clock>,
    /// Instances that ended while their policy was in force; those of a key in the order of their ends.
    pub(super) past: Ended,
}

/// Instances that ended.
#[derive(Debug, Clone, Default)]
pub(super) struct Ended(pub(super) Vec<Past>);

/// An instance that ended.
#[derive(Debug, Clone)]
pub(super) struct Past {
    /// The index of its metric.
    pub(super) metric: usize,
    pub(super) key: usize,
    pub(super) track: usize,
    pub(super) clock: Clock,
    /// The number among the instances of the key, which policies may count otherwise: above all before.
    pub(super) reached: u32,
}

impl Standing {
    /// Before the first event.
    pub(super) fn new(policies: &Policies) -> Self {
        let attributes = Attributes::default();
        let in_force = policies.in_force(&attributes.facts, &attributes.tags);
        let clocks = std::iter::repeat_with(Clock::default).take(policies.tracks.len()).collect();
        let (fingerprint, now, past) = (policies.fingerprint, Timestamp::MIN, Ended::default());
        Self { fingerprint, attributes, in_force, now, clocks, past }
    }

    /// Back to before the first event, keeping room for clocks.
    pub(super) fn clear(&mut self, policies: &Policies) {
        self.attributes.clear();
        self.in_force = policies.in_force(&self.attributes.facts, &self.attributes.tags);
        self.now = Timestamp::MIN;
        self.clocks.iter_mut().for_each(Clock::clear);
        self.past.clear();
    }
}

impl Ended {
    /// All of them.
    pub(super) fn list(&self) -> &[Past] {
        &self.0
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Those of a key.
    pub(super) fn of(&self, key: usize) -> impl DoubleEndedIterator<Item = &Past> {
        self.0.iter().filter(move |past| past.key == key)
    }

    /// Takes back that an instance ended, for every metric of its key where its policy is in force.
    #[cold]
    pub(super) fn take_back(&mut self, metric: &Metric, instance: u32, applies: bool) {
        self.0.retain(|past| {
            let same = past.key == metric.key && past.clock.instance == instance;
            !same || !(applies || past.track == metric.track)
        });
    }

    /// Keeps an instance that ended, in the place of the oldest of its key where `most` are kept already.
    pub(super) fn keep(&mut self, metric: &Metric, clock: Clock, most: usize) {
        let (key, instance) = (metric.key, clock.instance);
        let (mut count, mut oldest, mut reached) = (0_usize, None, instance);
        for (place, past) in self.0.iter().enumerate().filter(|(_, past)| past.key == key) {
            count = count.saturating_add(1);
            oldest = oldest.or(Some(place));
            reached = past.reached.saturating_add(1).max(instance);
        }
        let ended = Past { metric: metric.index, key, track: metric.track, clock, reached };
        let full = oldest.filter(|_| count >= most);
        match full.and_then(|place| self.0.get_mut(place)) {
            // The only one of its key: its place says nothing.
            Some(place) if count == 1 => *place = ended,
            Some(_) => {
                full.map(|place| self.0.remove(place));
                self.0.push(ended);
            }
            None => self.0.push(ended),
        }
    }
}

impl ReadyState for Standing {
    fn duplicate(&self) -> Box<dyn ReadyState> {
        Box::new(self.clone())
    }

    fn write(&self, out: &mut Vec<u8>) {
        self.write_with(self.past.list().iter(), out);
    }
}
