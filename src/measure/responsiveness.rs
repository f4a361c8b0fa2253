//! How responsive a channel looks to those who watch it, with a warning before it looks worse (R27).

use serde::{Deserialize, Serialize};

use super::measures::Measures;
use super::share::Share;
use crate::model::Seconds;

/// A class of responsiveness, from the worst to the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the classes are a scale; a new step must break every match")]
pub enum Responsiveness {
    /// None of the others.
    Slow,
    /// Within a day.
    Day,
    /// Within hours.
    Hours,
    /// Within an hour.
    Hour,
    /// Within minutes.
    Minutes,
}

/// What a class asks: so many answered, and half of the first responses so fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassRule {
    /// The class.
    pub class: Responsiveness,
    /// Conversations with a response, of those to which one is due, in ten-thousandths.
    pub answered: u64,
    /// What the median of the first responses must not exceed.
    pub median: Seconds,
}

/// The classes from the best to the worst; hosts may use their own.
///
/// The best is what Meta asks of a Page for its badge "Very responsive to messages": 90 % answered and 15
/// minutes over seven days (Meta help centre, read 2026-11). The hour is the expectation of R89, the day the
/// usual promise of an email desk; 80 % for the lower classes is this crate's choice.
pub const CLASSES: [ClassRule; 4] = [
    ClassRule { class: Responsiveness::Minutes, answered: 9000, median: Seconds::minutes(15) },
    ClassRule { class: Responsiveness::Hour, answered: 9000, median: Seconds::hours(1) },
    ClassRule { class: Responsiveness::Hours, answered: 8000, median: Seconds::hours(6) },
    ClassRule { class: Responsiveness::Day, answered: 8000, median: Seconds::hours(24) },
];

/// A channel's class, and how safe it is there.
///
/// ```
/// use galateo::measure::{CLASSES, Measures, Observation, Responsiveness, Standing};
/// use galateo::model::Seconds;
/// let mut channel = Measures::default();
/// for _ in 0..10 {
///     channel.record(&Observation::Received);
///     channel.record(&Observation::FirstResponse { after: Seconds::minutes(9) });
/// }
/// let standing = Standing::of(&channel, &CLASSES);
/// assert_eq!(standing.class, Responsiveness::Minutes);
/// assert_eq!((standing.spare, standing.is_at_risk), (1, true), "one more unanswered is allowed, two are not");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// The class reached.
    pub class: Responsiveness,
    /// Conversations with a first response, of those to which one is due.
    pub answered: Share,
    /// How many more conversations could go without a response, or get it too late, before the class is lost.
    pub spare: u64,
    /// Whether `spare` is at most a twentieth of the conversations, or one: the warning before the drop.
    pub is_at_risk: bool,
}

impl Standing {
    /// The standing of a channel over the period of its figures; seven days are usual.
    ///
    /// Where no response is due yet, the class is [`Slow`](Responsiveness::Slow) and not at risk. Response
    /// times are read the careful way: one that is not certain to be in time counts as late.
    #[must_use]
    pub fn of(channel: &Measures, rules: &[ClassRule]) -> Self {
        let due = channel.tally.received.saturating_sub(channel.tally.excused);
        let answered = Share::new(channel.tally.responded, due);
        let reached =
            rules.iter().filter(|rule| due > 0 && rule.holds(channel, due, 0)).max_by_key(|rule| rule.class);
        let Some(rule) = reached else {
            return Self { class: Responsiveness::Slow, answered, spare: 0, is_at_risk: false };
        };
        let spare = rule.spare(channel, due);
        let is_at_risk = spare <= (due / 20).max(1);
        Self { class: rule.class, answered, spare, is_at_risk }
    }
}

impl ClassRule {
    /// Whether the rule held if `more` conversations were added for which both the answer and the time are bad.
    fn holds(&self, channel: &Measures, due: u64, more: u64) -> bool {
        let answered = Share::new(channel.tally.responded, due.saturating_add(more));
        let times = &channel.first_response;
        let fast = u128::from(times.within(self.median).at_least).saturating_mul(2);
        let all = u128::from(times.count()).saturating_add(u128::from(more));
        answered.reaches(self.answered) && fast >= all
    }

    /// The largest number of bad conversations for which the rule still holds, by halving.
    fn spare(&self, channel: &Measures, due: u64) -> u64 {
        let (mut good, mut bad) = (0, due.saturating_add(channel.first_response.count()).saturating_add(1));
        while bad.saturating_sub(good) > 1 {
            let middle = good.midpoint(bad);
            if self.holds(channel, due, middle) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        good
    }
}
