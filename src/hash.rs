//! A hash that is the same on every platform and in every release: FNV-1a with 64 bits
//! ([RFC 9923](https://datatracker.ietf.org/doc/html/rfc9923)).

use std::io;

/// FNV-1a, byte by byte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fnv(u64);

impl Fnv {
    /// The hash of nothing.
    pub(crate) const START: Self = Self(0xCBF2_9CE4_8422_2325);

    /// The hash of one more byte.
    #[inline]
    pub(crate) fn with(self, byte: u8) -> Self {
        Self((self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3))
    }

    /// The hash of some bytes.
    #[inline]
    pub(crate) fn of(bytes: &[u8]) -> Self {
        bytes.iter().fold(Self::START, |hash, byte| hash.with(*byte))
    }

    /// The number.
    #[inline]
    pub(crate) const fn get(self) -> u64 {
        self.0
    }
}

/// What is written is hashed; that never fails.
impl io::Write for Fnv {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        *self = bytes.iter().fold(*self, |hash, byte| hash.with(*byte));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
