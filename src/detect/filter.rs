//! Which hashes a set has: what most questions are about is not in it, and needs no further look.

/// Bits for each member: of what is not in the set, one in sixteen passes.
const BITS: usize = 16;

/// Hashes as bits; says of one that is in the set that it may be.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter(Vec<u64>);

impl Filter {
    /// The set of these hashes.
    pub(super) fn of(hashes: &[u64]) -> Self {
        let words = hashes.len().saturating_mul(BITS).div_ceil(64).next_power_of_two();
        let mut filter = Self(vec![0; words]);
        for hash in hashes {
            let (word, bit) = filter.place(*hash);
            if let Some(bits) = filter.0.get_mut(word) {
                *bits |= bit;
            }
        }
        filter
    }

    /// Whether a hash may be in the set; an empty one has none.
    #[inline]
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.0.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// Bytes of memory.
    pub(super) const fn bytes(&self) -> usize {
        self.0.len().saturating_mul(8)
    }

    #[inline]
    fn place(&self, hash: u64) -> (usize, u64) {
        let at = hash >> 24;
        let mask = self.0.len().wrapping_sub(1);
        (usize::try_from(at >> 6).unwrap_or(0) & mask, 1 << (at & 63))
    }
}
