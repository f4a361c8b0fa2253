//! Whole-number arithmetic that several measures need: rounded ratios and a fixed-point logarithm.

/// Fractional bits of [`ln_ratio`].
const BITS: u32 = 20;
/// The natural logarithm of 2 in units of 2⁻²⁰: 0.693 147 18 × 1 048 576.
const LN_2: u64 = 726_817;

/// `a × b ÷ c` to the nearest whole number, halves up; `None` where `c` is nought, saturating otherwise.
pub(super) fn mul_div(a: u64, b: u64, c: u64) -> Option<u64> {
    let product = u128::from(a).saturating_mul(u128::from(b));
    let rounded = product.saturating_add(u128::from(c / 2)).checked_div(u128::from(c))?;
    Some(u64::try_from(rounded).unwrap_or(u64::MAX))
}

/// The base-2 logarithm of `n ≥ 1` in units of 2⁻²⁰, cut off: one squaring for each fractional bit.
fn log2(n: u64) -> u64 {
    let whole = n.checked_ilog2().unwrap_or_default();
    // The mantissa in [1, 2) with 62 fractional bits; its square fits a u128 with room to spare.
    let mut mantissa = u128::from(n) << 62_u32.saturating_sub(whole).min(62);
    if whole > 62 {
        mantissa >>= 1;
    }
    let mut log = u64::from(whole) << BITS;
    for bit in (0..BITS).rev() {
        mantissa = mantissa.saturating_mul(mantissa) >> 62;
        if mantissa >> 63 != 0 {
            mantissa >>= 1;
            log |= 1 << bit;
        }
    }
    log
}

/// The natural logarithm of `a ÷ b` for `a ≥ b ≥ 1`, in units of 2⁻²⁰ with an error below 2⁻¹⁸; nought otherwise.
pub(super) fn ln_ratio(a: u64, b: u64) -> u64 {
    log2(a.max(1)).saturating_sub(log2(b.max(1))).saturating_mul(LN_2) >> BITS
}

/// Turns a value of [`ln_ratio`] times a count into thousandths.
pub(super) fn thousandths(fixed: u64) -> u64 {
    u64::try_from(u128::from(fixed).saturating_mul(1000) >> BITS).unwrap_or(u64::MAX)
}
