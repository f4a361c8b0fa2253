//! The figures of one cell: a channel, a topic, or everything.

use serde::{Deserialize, Serialize};

use super::bounded::{Bounded, Merge};
use super::distinct::Distinct;
use super::distribution::Distribution;
use super::fact::{Currency, Feeling, Mention, Observation, Sentiment};
use super::number::mul_div;
use super::share::Share;
use crate::model::{Rating, Tag};

/// Currencies kept apart in one cell.
const MAX_CURRENCIES: usize = 16;
/// Classes of remedy kept apart in one cell.
const MAX_REMEDIES: usize = 32;
/// Operators counted exactly in one cell; beyond that their number is estimated to about 6 %.
const MAX_OPERATORS: usize = 256;

/// Declares a structure of saturating counters that merge by adding.
macro_rules! counters {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: u64,)*
        }

        impl Merge for $name {
            fn merge(&mut self, other: &Self) {
                $(self.$field.merge(&other.$field);)*
            }
        }
    };
}

counters! {
    /// The plain counts of a cell. Conversations are counted by cohort: answered, excused and resolved are of those received.
    Tally {
        /// Conversations received.
        received,
        /// Conversations with a first answer.
        answered,
        /// Conversations with a first response, an answer or an acknowledgement.
        responded,
        /// Conversations for which it was decided, with a reason, that no answer is due.
        excused,
        /// Times a conversation was resolved.
        resolved,
        /// Times a resolved conversation was opened again.
        reopened,
        /// SLA targets met.
        targets_met,
        /// SLA targets missed.
        targets_missed,
        /// Customers' messages.
        messages_received,
        /// Customers' messages that others can read.
        messages_open,
        /// Customers' displeased messages that others can read.
        negative_open,
        /// Messages of the company.
        messages_sent,
        /// Replies to people who had asked nothing.
        proactive,
        /// Proactive replies after which no contact followed.
        contacts_avoided,
        /// Proactive replies after which a contact followed.
        contacts_followed,
        /// Questions put to other departments.
        referrals,
        /// Those answered in time.
        referrals_answered,
        /// Those not answered in time.
        referrals_breached,
    }
}

counters! {
    /// How messages sound. The sums are kept apart by sign, so that saturation stays associative.
    Tones {
        /// Displeased messages.
        negative,
        /// Messages that are neither.
        neutral,
        /// Pleased messages.
        positive,
        /// Sum of the scores above nought.
        above,
        /// Sum of the scores below nought, as a positive number.
        below,
    }
}

impl Tones {
    /// Messages with a known sentiment.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.negative.saturating_add(self.neutral).saturating_add(self.positive)
    }

    /// The mean score, −1000 to 1000, to the nearest whole number; `None` where no sentiment is known.
    #[must_use]
    pub fn mean(&self) -> Option<i64> {
        let size = mul_div(self.above.abs_diff(self.below), 1, self.count())?.min(1000);
        let size = i64::try_from(size).unwrap_or(1000);
        Some(if self.above >= self.below { size } else { size.saturating_neg() })
    }

    fn record(&mut self, sentiment: Sentiment) {
        let size = u64::from(sentiment.score().unsigned_abs());
        let side = if sentiment.score() < 0 { &mut self.below } else { &mut self.above };
        side.merge(&size);
        let class = match sentiment.class() {
            Feeling::Negative => &mut self.negative,
            Feeling::Neutral => &mut self.neutral,
            Feeling::Positive => &mut self.positive,
        };
        class.merge(&1);
    }
}

/// Customers' own marks, apart from what their messages sound like (R103).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Satisfaction {
    /// How often each mark was given, from 1 to 5.
    pub marks: [u64; 5],
}

impl Satisfaction {
    /// Satisfied customers, marks 4 and 5, of all who gave one.
    #[must_use]
    pub fn satisfied(&self) -> Share {
        let [one, two, three, four, five] = self.marks;
        let satisfied = four.saturating_add(five);
        Share::new(satisfied, [one, two, three].iter().fold(satisfied, |sum, n| sum.saturating_add(*n)))
    }

    fn record(&mut self, rating: Rating) {
        if let Some(mark) = self.marks.get_mut(usize::from(rating.get()).saturating_sub(1)) {
            mark.merge(&1);
        }
    }
}

impl Merge for Satisfaction {
    fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.marks.iter_mut().zip(other.marks) {
            mine.merge(&theirs);
        }
    }
}

/// Every figure of one cell.
///
/// `merge` is associative and commutative; every count saturates. It is not idempotent: merging the same
/// shard twice counts it twice, unless shards are kept apart in [`Shards`](super::Shards).
///
/// ```
/// use galateo::measure::{Measures, Observation};
/// let mut cell = Measures::default();
/// cell.record(&Observation::Received);
/// cell.record(&Observation::Excused);
/// assert_eq!(cell.waiting(), 0, "a reasoned decision not to answer ends the wait (R91)");
/// assert_eq!(cell.answer_rate().to_string(), "0/0");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Measures {
    /// The plain counts.
    pub tally: Tally,
    /// Time to the first answer with substance.
    pub first_answer: Distribution,
    /// Time to the first response, an answer or an acknowledgement.
    pub first_response: Distribution,
    /// Working time of each handling.
    pub handling: Distribution,
    /// How messages about the own brand, alone or with another, sound.
    pub own_brand: Tones,
    /// How messages about a competitor alone sound.
    pub competitors: Tones,
    /// Customers' marks.
    pub satisfaction: Satisfaction,
    /// Attributed revenue in the smallest unit of each currency.
    pub revenue: Bounded<Currency, u64, MAX_CURRENCIES>,
    /// The people who handled conversations or made sales.
    pub operators: Distinct<MAX_OPERATORS>,
    /// Remedies granted by class.
    pub remedies: Bounded<Tag, u64, MAX_REMEDIES>,
}

impl Measures {
    /// Counts one observation; it is the caller's care that it is counted once, as [`Recorder`](super::Recorder) sees to.
    pub fn record(&mut self, observation: &Observation) {
        self.count(observation);
        match observation {
            Observation::Answered { after } => self.first_answer.record(*after),
            Observation::FirstResponse { after } => self.first_response.record(*after),
            Observation::Handled { agent, time } => {
                self.operators.record(agent.as_str());
                self.handling.record(*time);
            }
            Observation::MessageReceived { visibility, sentiment: Some(sentiment), mention } => {
                let tones =
                    if *mention == Mention::Competitor { &mut self.competitors } else { &mut self.own_brand };
                tones.record(*sentiment);
                let loud = visibility.is_open()
                    && sentiment.class() == Feeling::Negative
                    && *mention != Mention::Competitor;
                self.tally.negative_open.merge(&u64::from(loud));
            }
            Observation::Rated { rating } => self.satisfaction.record(*rating),
            Observation::RemedyGiven { remedy } => self.remedies.update(remedy.clone(), |n| n.merge(&1)),
            Observation::Revenue { agent, currency, minor_units } => {
                self.operators.record(agent.as_str());
                self.revenue.update(*currency, |sum| sum.merge(minor_units));
            }
            _ => {}
        }
    }

    fn count(&mut self, observation: &Observation) {
        let tally = &mut self.tally;
        let counter = match observation {
            Observation::Answered { .. } => &mut tally.answered,
            Observation::ContactAvoided => &mut tally.contacts_avoided,
            Observation::ContactFollowed => &mut tally.contacts_followed,
            Observation::Excused => &mut tally.excused,
            Observation::FirstResponse { .. } => &mut tally.responded,
            Observation::MessageReceived { visibility, .. } => {
                tally.messages_open.merge(&u64::from(visibility.is_open()));
                &mut tally.messages_received
            }
            Observation::MessageSent => &mut tally.messages_sent,
            Observation::ProactiveReply => &mut tally.proactive,
            Observation::Received => &mut tally.received,
            Observation::Referred => &mut tally.referrals,
            Observation::ReferralAnswered => &mut tally.referrals_answered,
            Observation::ReferralBreached => &mut tally.referrals_breached,
            Observation::Reopened => &mut tally.reopened,
            Observation::Resolved => &mut tally.resolved,
            Observation::Target { met: true } => &mut tally.targets_met,
            Observation::Target { met: false } => &mut tally.targets_missed,
            Observation::Handled { .. }
            | Observation::Rated { .. }
            | Observation::RemedyGiven { .. }
            | Observation::Revenue { .. } => return,
        };
        counter.merge(&1);
    }

    /// Conversations received that still wait for a first answer (R88).
    #[must_use]
    pub const fn waiting(&self) -> u64 {
        self.tally.received.saturating_sub(self.tally.answered).saturating_sub(self.tally.excused)
    }

    /// Answered conversations of those received to which an answer is due (R88).
    #[must_use]
    pub const fn answer_rate(&self) -> Share {
        Share::new(self.tally.answered, self.tally.received.saturating_sub(self.tally.excused))
    }

    /// Conversations resolved and not opened again, of all received (R101).
    #[must_use]
    pub const fn resolution_rate(&self) -> Share {
        Share::new(self.tally.resolved.saturating_sub(self.tally.reopened), self.tally.received)
    }

    /// SLA targets met, of those that ended (R25).
    #[must_use]
    pub const fn target_rate(&self) -> Share {
        Share::new(self.tally.targets_met, self.tally.targets_met.saturating_add(self.tally.targets_missed))
    }

    /// Contacts avoided, of the proactive replies whose window has ended (R11).
    #[must_use]
    pub const fn deflection_rate(&self) -> Share {
        let Tally { contacts_avoided, contacts_followed, .. } = self.tally;
        Share::new(contacts_avoided, contacts_avoided.saturating_add(contacts_followed))
    }

    /// Questions to other departments that were not answered in time, of those put (R115).
    #[must_use]
    pub const fn referral_breach_rate(&self) -> Share {
        Share::new(self.tally.referrals_breached, self.tally.referrals)
    }

    /// Attributed revenue for each operator, by currency, in its smallest unit, halves up (R58).
    ///
    /// Operators are all who handled a conversation or made a sale; empty where there is none.
    #[must_use]
    pub fn revenue_per_operator(&self) -> Vec<(Currency, u64)> {
        let operators = self.operators.count();
        self.revenue
            .iter()
            .filter_map(|(currency, sum)| Some((*currency, mul_div(*sum, 1, operators)?)))
            .collect()
    }
}

impl Merge for Measures {
    fn merge(&mut self, other: &Self) {
        self.tally.merge(&other.tally);
        self.first_answer.merge(&other.first_answer);
        self.first_response.merge(&other.first_response);
        self.handling.merge(&other.handling);
        self.own_brand.merge(&other.own_brand);
        self.competitors.merge(&other.competitors);
        self.satisfaction.merge(&other.satisfaction);
        self.revenue.merge(&other.revenue);
        self.operators.merge(&other.operators);
        self.remedies.merge(&other.remedies);
    }
}
