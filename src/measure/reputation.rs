//! How much the company's name is at risk (R46).

use serde::{Deserialize, Serialize};

use super::distribution::RESPONSE_LIMIT;
use super::measures::Measures;
use super::number::mul_div;
use super::share::Share;
use crate::model::Mode;

/// Thousandths for what others can read and is displeased: it is what makes a name.
const NEGATIVE: u64 = 400;
/// Thousandths for conversations left without an answer: silence is read as contempt (R91).
const UNANSWERED: u64 = 250;
/// Thousandths for first responses after more than an hour: speed shapes the judgement on the product (R110).
const LATE: u64 = 150;
/// Thousandths for colleagues who did not answer in time: the product's name suffers too (R115).
const REFERRALS: u64 = 100;
/// Thousandths for a crisis; half of it for a watch.
const CRISIS: u64 = 100;

/// The risk for the company's name, 0 to 1000, and what it is made of.
///
/// Each part is a share of the figures times a fixed weight (400 displeased in public, 250 unanswered, 150
/// later than an hour, 100 referrals not answered, 100 crisis). The weights are this crate's judgement: use
/// the score to compare periods and channels, not as a probability.
///
/// ```
/// use galateo::measure::{Measures, ReputationRisk};
/// use galateo::model::Mode;
/// assert_eq!(ReputationRisk::of(&Measures::default(), Mode::Watch).score(), 50);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReputationRisk {
    /// From displeased messages that others can read, 0 to 400.
    pub negative: u64,
    /// From conversations left without an answer, 0 to 250.
    pub unanswered: u64,
    /// From first responses after more than an hour, 0 to 150.
    pub late: u64,
    /// From colleagues who did not answer in time, 0 to 100.
    pub referrals: u64,
    /// From the mode, 0 to 100.
    pub mode: u64,
}

impl ReputationRisk {
    /// The risk that the figures show in a mode.
    #[must_use]
    pub fn of(measures: &Measures, mode: Mode) -> Self {
        let tally = &measures.tally;
        let answers = measures.answer_rate();
        let times = measures.first_response.attainment(RESPONSE_LIMIT);
        Self {
            negative: weigh(Share::new(tally.negative_open, tally.messages_open), NEGATIVE),
            unanswered: weigh(
                Share::new(answers.whole.saturating_sub(answers.part), answers.whole),
                UNANSWERED,
            ),
            late: weigh(Share::new(times.whole.saturating_sub(times.part), times.whole), LATE),
            referrals: weigh(measures.referral_breach_rate(), REFERRALS),
            mode: match mode {
                Mode::Normal => 0,
                Mode::Watch => CRISIS / 2,
                Mode::Crisis => CRISIS,
            },
        }
    }

    /// The sum of the parts, 0 to 1000.
    #[must_use]
    pub fn score(&self) -> u64 {
        [self.negative, self.unanswered, self.late, self.referrals, self.mode]
            .iter()
            .fold(0_u64, |sum, part| sum.saturating_add(*part))
            .min(1000)
    }
}

fn weigh(share: Share, weight: u64) -> u64 {
    mul_div(share.part.min(share.whole), weight, share.whole).unwrap_or_default()
}
