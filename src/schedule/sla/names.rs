//! The names that policies mention, as numbers: comparing two is comparing numbers.

/// A priority, channel, group or tag: the place of its name among those that policies mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Label(u16);

impl Label {
    /// A name that no policy mentions.
    pub(super) const STRANGE: Self = Self(u16::MAX);

    /// As a number to store: 0 is none, 1 a name that no policy mentions.
    pub(super) fn stored(label: Option<Self>) -> u64 {
        match label {
            None => 0,
            Some(Self::STRANGE) => 1,
            Some(Self(place)) => u64::from(place).saturating_add(2),
        }
    }

    /// The label that was stored as a number.
    pub(super) fn of_stored(number: u64) -> Option<Option<Self>> {
        match number {
            0 => Some(None),
            1 => Some(Some(Self::STRANGE)),
            _ => u16::try_from(number.checked_sub(2)?).ok().map(|place| Some(Self(place))),
        }
    }
}

/// Every name that policies mention, sorted.
#[derive(Debug, Clone, Default)]
pub(super) struct Names(Vec<Box<str>>);

impl Names {
    pub(super) fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut list: Vec<Box<str>> = names.into_iter().map(Box::from).collect();
        list.sort_unstable();
        list.dedup();
        list.truncate(usize::from(u16::MAX));
        Self(list)
    }

    /// The number of a name; [`Label::STRANGE`] where no policy mentions it.
    #[inline]
    pub(super) fn label(&self, name: &str) -> Label {
        let found = self.0.binary_search_by(|held| (**held).cmp(name)).ok();
        found.and_then(|index| u16::try_from(index).ok()).map_or(Label::STRANGE, Label)
    }
}

/// Values by name, and one for every other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ByName<T> {
    named: Vec<(Label, T)>,
    other: Option<T>,
}

impl<T: Copy> ByName<T> {
    /// The same for every name.
    pub(super) const fn all(value: T) -> Self {
        Self { named: Vec::new(), other: Some(value) }
    }

    /// From names and values, `*` standing for every other name and for none.
    pub(super) fn new<'a>(names: &Names, entries: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let mut map = Self { named: Vec::new(), other: None };
        for (name, value) in entries {
            if name == "*" {
                map.other = Some(value);
            }
            let label = names.label(name);
            if label != Label::STRANGE {
                map.named.push((label, value));
            }
        }
        map
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.named.is_empty() && self.other.is_none()
    }

    #[inline]
    pub(super) fn of(&self, label: Option<Label>) -> Option<T> {
        let named = label.and_then(|label| self.named.iter().find(|(held, _)| *held == label));
        named.map(|(_, value)| *value).or(self.other)
    }

    /// Every value.
    pub(super) fn values(&self) -> impl Iterator<Item = T> {
        self.named.iter().map(|(_, value)| *value).chain(self.other)
    }
}
