//! A text that is known before any surface is: measured once, in every unit.

use super::items::{Items, effective};
use super::{Counting, Unit};
use crate::channel::facts::ChannelFacts;
use crate::model::Surface;

/// What a text takes in each unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    totals: [u32; Unit::ALL.len()],
    is_gsm: bool,
}

impl Measured {
    /// Measures a text.
    pub(crate) fn new(text: &str) -> Self {
        let items = Items::new(text, &Counting::default());
        Self { totals: Unit::ALL.map(|unit| items.total(unit)), is_gsm: items.is_gsm() }
    }

    /// Whether the text is within every limit of a surface.
    pub(crate) fn fits(&self, surface: &Surface, facts: &ChannelFacts) -> bool {
        facts.surface(surface).is_none_or(|found| {
            found.caps.iter().all(|cap| {
                let (unit, limit) = effective(cap, self.is_gsm);
                self.total(unit) <= limit
            })
        })
    }

    fn total(&self, unit: Unit) -> u32 {
        let totals = Unit::ALL.iter().zip(&self.totals);
        totals.filter(|(known, _)| **known == unit).map(|(_, total)| *total).sum()
    }
}
