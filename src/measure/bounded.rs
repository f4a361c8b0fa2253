//! A map with a ceiling that does not depend on the order of arrival.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde::{Serialize, Serializer};

/// What can be combined with another of its kind.
///
/// `merge` is associative and commutative for every implementor in this module: shards can be combined
/// in any order. Whether it is also idempotent each type says; where it is not, [`Shards`](super::Shards) is.
pub trait Merge {
    /// Takes in what `other` holds.
    fn merge(&mut self, other: &Self);
}

impl Merge for u64 {
    fn merge(&mut self, other: &Self) {
        *self = self.saturating_add(*other);
    }
}

/// At most `N` entries: always those with the `N` smallest keys ever seen, with complete values.
///
/// A key among the smallest `N` of all keys is among the smallest `N` of any part of them, so it is never
/// dropped on the way; what is kept, and that something was dropped, is the same in every order of
/// recording and merging.
///
/// ```
/// use galateo::measure::{Bounded, Merge};
/// let mut seen = Bounded::<&str, u64, 2>::default();
/// for key in ["c", "a", "b", "a"] {
///     seen.update(key, |n| n.merge(&1));
/// }
/// assert_eq!(seen.iter().collect::<Vec<_>>(), [(&"a", &2), (&"b", &1)]);
/// assert!(seen.is_truncated());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounded<K, V, const N: usize> {
    entries: BTreeMap<K, V>,
    truncated: bool,
}

impl<K, V, const N: usize> Default for Bounded<K, V, N> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), truncated: false }
    }
}

impl<K: Ord, V: Default, const N: usize> Bounded<K, V, N> {
    /// Changes the value of `key`, which starts from the default.
    pub fn update(&mut self, key: K, change: impl FnOnce(&mut V)) {
        change(self.entries.entry(key).or_default());
        if self.entries.len() > N {
            self.entries.pop_last();
            self.truncated = true;
        }
    }
}

impl<K: Ord, V, const N: usize> Bounded<K, V, N> {
    /// The value of `key`, where it is kept.
    #[must_use]
    pub fn find(&self, key: &K) -> Option<&V> {
        self.entries.get(key)
    }

    /// The entries by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.entries.iter()
    }

    /// How many entries are kept, at most `N`.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether there were more keys than are kept.
    #[must_use]
    pub const fn is_truncated(&self) -> bool {
        self.truncated
    }
}

impl<K: Ord + Clone, V: Merge + Default, const N: usize> Merge for Bounded<K, V, N> {
    fn merge(&mut self, other: &Self) {
        self.truncated |= other.truncated;
        for (key, value) in &other.entries {
            self.update(key.clone(), |mine| mine.merge(value));
        }
    }
}

impl<K: Serialize, V: Serialize, const N: usize> Serialize for Bounded<K, V, N> {
    /// Writes `[truncated, [key, value], …]`: keys need not be strings.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeSeq;
        let mut list = serializer.serialize_seq(self.entries.len().checked_add(1))?;
        list.serialize_element(&self.truncated)?;
        for entry in &self.entries {
            list.serialize_element(&entry)?;
        }
        list.end()
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>, const N: usize> Deserialize<'de>
    for Bounded<K, V, N>
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(EntriesVisitor::<K, V, N>(std::marker::PhantomData))
    }
}

/// Reads the entries without ever holding more than `N + 1` of them.
struct EntriesVisitor<K, V, const N: usize>(std::marker::PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>, const N: usize> Visitor<'de>
    for EntriesVisitor<K, V, N>
{
    type Value = Bounded<K, V, N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "whether entries were dropped, then at most {N} pairs of key and value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let truncated = list.next_element()?.ok_or_else(|| serde::de::Error::invalid_length(0, &self))?;
        let mut entries = BTreeMap::new();
        while let Some((key, value)) = list.next_element()? {
            if entries.insert(key, value).is_some() || entries.len() > N {
                return Err(serde::de::Error::invalid_length(entries.len(), &self));
            }
        }
        Ok(Bounded { entries, truncated })
    }
}
