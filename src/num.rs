//! The few number conversions the crate needs, in one place, so that `as` appears nowhere else.

/// Widens an index; every supported target has pointers of at least 32 bits.
#[expect(clippy::as_conversions, reason = "u32 always fits usize on targets of 32 bits and more")]
#[inline]
pub(crate) const fn wide(n: u32) -> usize {
    n as usize
}

/// Narrows a length, saturating at `u32::MAX`; inputs are bounded far below it by [`crate::Limits`].
#[inline]
pub(crate) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A length as a signed quantity, saturating.
#[inline]
pub(crate) fn signed(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
