//! Who takes part in a pilot: an exact cap, on one process or on many.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

use super::bounded::Merge;
use super::shards::Shard;
use crate::model::{CustomerId, Timestamp};

/// The highest cap of a pilot.
pub const MAX_CAP: u32 = 100_000;

/// What became of a customer who asked to take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Enrolled {
    /// The customer took part already.
    Already,
    /// No place is left.
    Full,
    /// The customer took a place.
    Now,
}

impl Enrolled {
    /// Whether the customer takes part.
    #[must_use]
    pub const fn is_in(self) -> bool {
        matches!(self, Self::Already | Self::Now)
    }
}

/// The places of a pilot (R43): the first `cap` customers are in and stay in; the next one is out.
///
/// **One process**: [`new`](Self::new) with one shard; the cap is exact and whoever is in stays in.
///
/// **Several processes**: each shard has a fixed part of the cap of its own (cap ÷ shards, the remainder to
/// the first ones), so all together never exceed the cap, without talking to each other, and merging never
/// puts anyone out. The price is that one shard can be full while another has places: send a customer always
/// to the same shard, by a stable hash, and the parts fill evenly. A customer enrolled on two shards holds
/// one place after merging, the earlier.
///
/// `merge` is associative, commutative and idempotent. Should the rule of one writer for each shard be
/// broken, or the caps differ, the cap still holds: the lowest cap counts, and of too many customers those
/// who enrolled first, equal instants by customer id, stay in.
///
/// Places are never given back: a cap limits who has ever taken part.
///
/// ```
/// use galateo::measure::{Enrolled, Enrolment, Shard};
/// use galateo::model::{CustomerId, Timestamp};
/// let mut pilot = Enrolment::new(2);
/// let now: Timestamp = "2026-03-01T09:00:00Z".parse()?;
/// let mut enrol = |name| Ok::<_, galateo::model::IdError>(pilot.enrol(&CustomerId::new(name)?, now, Shard(0)));
/// assert_eq!(enrol("ada")?, Enrolled::Now);
/// assert_eq!(enrol("bo")?, Enrolled::Now);
/// assert_eq!(enrol("cy")?, Enrolled::Full);
/// assert_eq!(enrol("ada")?, Enrolled::Already);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Enrolment {
    cap: u32,
    shards: NonZeroU16,
    places: BTreeMap<CustomerId, Place>,
    /// Places taken by each shard, counted along so that enrolling need not count.
    taken: BTreeMap<Shard, u32>,
}

/// When and where a place was taken; of two, the smaller is the one that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place {
    at: Timestamp,
    shard: Shard,
}

impl Enrolment {
    /// A pilot on one process; the cap is held to [`MAX_CAP`].
    #[must_use]
    pub fn new(cap: u32) -> Self {
        Self::sharded(cap, NonZeroU16::MIN)
    }

    /// A pilot on the shards 0 to `shards` − 1; every one of them starts from this same value.
    #[must_use]
    pub fn sharded(cap: u32, shards: NonZeroU16) -> Self {
        Self { cap: cap.min(MAX_CAP), shards, places: BTreeMap::new(), taken: BTreeMap::new() }
    }

    /// Takes a place for the customer on `shard`, unless one is held or none is left.
    pub fn enrol(&mut self, customer: &CustomerId, now: Timestamp, shard: Shard) -> Enrolled {
        if self.contains(customer) {
            return Enrolled::Already;
        }
        let taken = self.taken.get(&shard).copied().unwrap_or_default();
        if taken >= self.quota(shard) || self.len() >= self.cap {
            return Enrolled::Full;
        }
        self.places.insert(customer.clone(), Place { at: now, shard });
        self.taken.insert(shard, taken.saturating_add(1));
        Enrolled::Now
    }

    /// Whether the customer holds a place.
    #[must_use]
    pub fn contains(&self, customer: &CustomerId) -> bool {
        self.places.contains_key(customer)
    }

    /// When the customer took the place, where one is held.
    #[must_use]
    pub fn enrolled_at(&self, customer: &CustomerId) -> Option<Timestamp> {
        self.places.get(customer).map(|place| place.at)
    }

    /// The places taken, at most the cap.
    #[must_use]
    pub fn len(&self) -> u32 {
        crate::num::narrow(self.places.len())
    }

    /// Whether no place is taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The places of the pilot.
    #[must_use]
    pub const fn cap(&self) -> u32 {
        self.cap
    }

    /// The part of the cap that `shard` may give out; nought for a number beyond the shards.
    #[must_use]
    pub fn quota(&self, shard: Shard) -> u32 {
        let shards = u32::from(self.shards.get());
        let (part, rest) = (self.cap.checked_div(shards), self.cap.checked_rem(shards));
        let (Some(part), Some(rest)) = (part, rest) else { return 0 };
        let number = u32::from(shard.0);
        if number >= shards { 0 } else { part.saturating_add(u32::from(number < rest)) }
    }

    /// Holds the cap and counts the places of each shard anew.
    fn settle(&mut self) {
        if self.len() > self.cap {
            let mut ranked: Vec<_> = self.places.iter().map(|(id, place)| (place.at, id.clone())).collect();
            ranked.sort_unstable();
            let kept: BTreeSet<_> =
                ranked.into_iter().take(crate::num::wide(self.cap)).map(|(_, id)| id).collect();
            self.places.retain(|id, _| kept.contains(id));
        }
        self.taken.clear();
        for place in self.places.values() {
            let taken = self.taken.entry(place.shard).or_default();
            *taken = taken.saturating_add(1);
        }
    }
}

impl Merge for Enrolment {
    fn merge(&mut self, other: &Self) {
        self.cap = self.cap.min(other.cap);
        self.shards = self.shards.max(other.shards);
        for (id, place) in &other.places {
            let mine = self.places.entry(id.clone()).or_insert(*place);
            *mine = (*mine).min(*place);
        }
        self.settle();
    }
}

/// The written form, checked before it is believed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    cap: u32,
    shards: NonZeroU16,
    places: BTreeMap<CustomerId, Place>,
}

impl From<Enrolment> for Stored {
    fn from(enrolment: Enrolment) -> Self {
        Self { cap: enrolment.cap, shards: enrolment.shards, places: enrolment.places }
    }
}

impl TryFrom<Stored> for Enrolment {
    type Error = &'static str;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        if stored.cap > MAX_CAP || stored.places.len() > crate::num::wide(stored.cap) {
            return Err("a pilot with more places taken than it has, or with too high a cap");
        }
        let Stored { cap, shards, places } = stored;
        let mut enrolment = Self { cap, shards, places, taken: BTreeMap::new() };
        enrolment.settle();
        Ok(enrolment)
    }
}
