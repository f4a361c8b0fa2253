//! The figures for people, in English and Italian.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use super::comparison::{Change, Comparison, Coverage, coverage};
use super::distribution::{RESPONSE_LIMIT, RESPONSE_TARGET};
use super::fact::Currency;
use super::measures::{Measures, Tones};
use super::reputation::ReputationRisk;
use super::responsiveness::{CLASSES, Standing};
use super::share::Share;
use super::summary::{Period, Summary};
use crate::model::{Language, Mode, Seconds};

/// The figures of a channel, of a topic, or of everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The channel's or topic's name; empty for everything.
    pub name: String,
    /// Conversations received.
    pub received: u64,
    /// Customers' messages.
    pub messages: u64,
    /// Conversations that wait for an answer (R88).
    pub waiting: u64,
    /// Answered, of those received to which an answer is due (R88).
    pub answered: Share,
    /// Resolved, of those received (R101).
    pub resolved: Share,
    /// Median time to the first response, overstated by at most 1/64 (R102).
    pub median: Option<Seconds>,
    /// The time that nine in ten first responses do not exceed, overstated by at most 1/64.
    pub ninth_decile: Option<Seconds>,
    /// Mean time to the first response.
    pub mean: Option<Seconds>,
    /// First responses within 30 minutes (R89).
    pub within_target: Share,
    /// First responses within an hour (R89).
    pub within_limit: Share,
    /// Whether mean or median exceed 11 hours (R87).
    pub breaches_floor: bool,
    /// How messages about the own brand sound (R103).
    pub sentiment: Tones,
    /// Satisfied customers, of those who gave a mark; apart from sentiment (R103).
    pub satisfied: Share,
}

impl Row {
    /// The row of a cell.
    #[must_use]
    pub fn of(name: &str, measures: &Measures) -> Self {
        let times = &measures.first_response;
        Self {
            name: name.to_owned(),
            received: measures.tally.received,
            messages: measures.tally.messages_received,
            waiting: measures.waiting(),
            answered: measures.answer_rate(),
            resolved: measures.resolution_rate(),
            median: times.median(),
            ninth_decile: times.quantile(900),
            mean: times.mean(),
            within_target: times.attainment(RESPONSE_TARGET),
            within_limit: times.attainment(RESPONSE_LIMIT),
            breaches_floor: times.breaches_floor(),
            sentiment: measures.own_brand,
            satisfied: measures.satisfaction.satisfied(),
        }
    }
}

/// A period's figures, ready to be shown or sent.
///
/// ```
/// use galateo::measure::{Fact, Observation, Period, Report, Summary};
/// use galateo::model::{Channel, EventId, Language, Mode};
/// let day = Period::new("2026-11-20T00:00:00Z".parse()?, "2026-11-21T00:00:00Z".parse()?);
/// let mut summary = Summary::new(day);
/// summary.record(&Fact::new(EventId::new("e1")?, "2026-11-20T09:00:00Z".parse()?, Channel::X, Observation::Received));
/// let report = Report::of(&summary, None, Mode::Normal);
/// assert!(report.render(Language::En).contains("waiting for an answer: 1"));
/// assert!(report.render(Language::It).contains("in attesa di risposta: 1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The period.
    pub period: Period,
    /// Everything.
    pub all: Row,
    /// By channel.
    pub channels: Vec<Row>,
    /// By topic, over all channels.
    pub topics: Vec<Row>,
    /// Channels whose responsiveness may soon look worse, with their standing (R27).
    pub at_risk: Vec<(String, Standing)>,
    /// Coverage, the most neglected channel first (R98).
    pub coverage: Vec<Coverage>,
    /// Against the period before, where there is one (R100, R102).
    pub comparison: Option<Comparison>,
    /// Contacts avoided, of proactive replies whose window has ended (R11).
    pub avoided: Share,
    /// SLA targets met, of those that ended (R25).
    pub targets: Share,
    /// Questions to other departments not answered in time, of those put (R115).
    pub referrals_breached: Share,
    /// Attributed revenue for each operator in the smallest unit of each currency (R58).
    pub revenue_per_operator: Vec<(Currency, u64)>,
    /// The risk for the company's name (R46).
    pub reputation: ReputationRisk,
}

impl Report {
    /// The report of a period, compared with an earlier one where that is given.
    #[must_use]
    pub fn of(summary: &Summary, before: Option<&Summary>, mode: Mode) -> Self {
        let all = &summary.all;
        let standings =
            summary.channels.iter().map(|(c, on)| (c.as_str().to_owned(), Standing::of(&on.all, &CLASSES)));
        Self {
            period: summary.period,
            all: Row::of("", all),
            channels: summary.channels.iter().map(|(c, on)| Row::of(c.as_str(), &on.all)).collect(),
            topics: summary.topics().iter().map(|(topic, cell)| Row::of(topic.as_str(), cell)).collect(),
            at_risk: standings.filter(|(_, standing)| standing.is_at_risk).collect(),
            coverage: coverage(summary),
            comparison: before.map(|before| Comparison::between(&before.all, all)),
            avoided: all.deflection_rate(),
            targets: all.target_rate(),
            referrals_breached: all.referral_breach_rate(),
            revenue_per_operator: all.revenue_per_operator(),
            reputation: ReputationRisk::of(all, mode),
        }
    }

    /// Plain text for people: Italian for [`Language::It`], English for every other language.
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        let words = if language == Language::It { &ITALIAN } else { &ENGLISH };
        let mut text = format!("{} {} – {}\n", words.period, self.period.start, self.period.end);
        words.row(&mut text, words.all, &self.all);
        for (title, rows) in [(words.channel, &self.channels), (words.topic, &self.topics)] {
            for row in rows {
                words.row(&mut text, &format!("{title} {}", row.name), row);
            }
        }
        text.push('\n');
        self.render_rest(&mut text, words);
        text
    }

    fn render_rest(&self, text: &mut String, words: &Words) {
        if let Some(comparison) = &self.comparison {
            words.change(text, words.received, comparison.received);
            words.change(text, words.waiting, comparison.waiting);
        }
        for (what, share) in [
            (words.targets, self.targets),
            (words.avoided, self.avoided),
            (words.referrals, self.referrals_breached),
        ] {
            if share.whole > 0 {
                line(text, what, &words.share(share));
            }
        }
        for (name, standing) in &self.at_risk {
            line(text, words.at_risk, &format!("{name}, {} {}", words.spare, standing.spare));
        }
        if let Some(neglected) = self.coverage.first().filter(|coverage| coverage.attention < 0) {
            line(
                text,
                words.neglected,
                &format!("{}, {}", neglected.channel, words.share(neglected.answered)),
            );
        }
        for (currency, amount) in &self.revenue_per_operator {
            line(text, words.revenue, &words.amount(*amount, *currency));
        }
        line(text, words.reputation, &format!("{}/1000", self.reputation.score()));
    }
}

/// Writing to a string cannot fail.
fn line(text: &mut String, what: &str, value: &str) {
    let _infallible = writeln!(text, "{what}: {value}");
}

/// The words of one language.
struct Words {
    period: &'static str,
    all: &'static str,
    channel: &'static str,
    topic: &'static str,
    received: &'static str,
    messages: &'static str,
    waiting: &'static str,
    answered: &'static str,
    resolved: &'static str,
    response: &'static str,
    median: &'static str,
    ninth_decile: &'static str,
    mean: &'static str,
    within_target: &'static str,
    within_limit: &'static str,
    floor: &'static str,
    sentiment: [&'static str; 4],
    satisfied: &'static str,
    was: &'static str,
    targets: &'static str,
    avoided: &'static str,
    referrals: &'static str,
    at_risk: &'static str,
    spare: &'static str,
    neglected: &'static str,
    revenue: &'static str,
    reputation: &'static str,
    of: &'static str,
    point: char,
}

const ENGLISH: Words = Words {
    period: "Period",
    all: "All channels",
    channel: "Channel",
    topic: "Topic",
    received: "conversations received",
    messages: "messages",
    waiting: "waiting for an answer",
    answered: "answered",
    resolved: "resolved",
    response: "first response",
    median: "median",
    ninth_decile: "nine in ten within",
    mean: "mean",
    within_target: "within 30 minutes",
    within_limit: "within an hour",
    floor: "ALERT: first response above 11 hours",
    sentiment: ["sentiment", "negative", "neutral", "positive"],
    satisfied: "satisfied customers (their own marks)",
    was: "before",
    targets: "SLA targets met",
    avoided: "contacts avoided by proactive replies",
    referrals: "questions to other departments not answered in time",
    at_risk: "ALERT: public responsiveness about to drop",
    spare: "late or unanswered conversations it can still bear:",
    neglected: "most neglected channel",
    revenue: "attributed revenue for each operator",
    reputation: "reputation risk",
    of: "of",
    point: '.',
};

const ITALIAN: Words = Words {
    period: "Periodo",
    all: "Tutti i canali",
    channel: "Canale",
    topic: "Argomento",
    received: "conversazioni ricevute",
    messages: "messaggi",
    waiting: "in attesa di risposta",
    answered: "con risposta",
    resolved: "risolte",
    response: "prima risposta",
    median: "mediana",
    ninth_decile: "nove su dieci entro",
    mean: "media",
    within_target: "entro 30 minuti",
    within_limit: "entro un'ora",
    floor: "ALLARME: prima risposta oltre le 11 ore",
    sentiment: ["sentiment", "negativi", "neutri", "positivi"],
    satisfied: "clienti soddisfatti (voti dei clienti)",
    was: "prima",
    targets: "obiettivi SLA rispettati",
    avoided: "contatti evitati con risposte proattive",
    referrals: "domande ad altri reparti senza risposta nei tempi",
    at_risk: "ALLARME: la reattività pubblica sta per scendere",
    spare: "conversazioni tardive o senza risposta ancora tollerabili:",
    neglected: "canale più trascurato",
    revenue: "ricavi attribuiti per operatore",
    reputation: "rischio di reputazione",
    of: "su",
    point: ',',
};

impl Words {
    fn row(&self, text: &mut String, title: &str, row: &Row) {
        let _infallible = writeln!(text, "\n{title}");
        let mut item = |what: &str, value: &str| line(text, &format!("  {what}"), value);
        item(self.received, &row.received.to_string());
        item(self.messages, &row.messages.to_string());
        item(self.waiting, &row.waiting.to_string());
        item(self.answered, &self.share(row.answered));
        item(self.resolved, &self.share(row.resolved));
        if let (Some(median), Some(ninth), Some(mean)) = (row.median, row.ninth_decile, row.mean) {
            let times = [(self.median, median), (self.ninth_decile, ninth), (self.mean, mean)];
            item(self.response, &times.map(|(what, time)| format!("{what} {}", duration(time))).join(", "));
            item(self.within_target, &self.share(row.within_target));
            item(self.within_limit, &self.share(row.within_limit));
        }
        if row.sentiment.count() > 0 {
            let [what, negative, neutral, positive] = self.sentiment;
            let Tones { negative: low, neutral: middle, positive: high, .. } = row.sentiment;
            item(what, &format!("{negative} {low}, {neutral} {middle}, {positive} {high}"));
        }
        if row.satisfied.whole > 0 {
            item(self.satisfied, &self.share(row.satisfied));
        }
        if row.breaches_floor {
            let _infallible = writeln!(text, "  {}", self.floor);
        }
    }

    fn change(&self, text: &mut String, what: &str, change: Change) {
        let gap = change.difference();
        line(text, what, &format!("{} ({} {}, {gap:+})", change.after, self.was, change.before));
    }

    /// A share with its denominator: "41 of 50 (82.0 %)".
    fn share(&self, share: Share) -> String {
        let counts = format!("{} {} {}", share.part, self.of, share.whole);
        match super::number::mul_div(share.part, 1000, share.whole) {
            Some(n) => format!("{counts} ({}{}{} %)", n / 10, self.point, n % 10),
            None => counts,
        }
    }

    /// An amount with the currency's decimals: "1666.67 EUR".
    fn amount(&self, minor_units: u64, currency: Currency) -> String {
        let width = usize::from(currency.digits());
        let digits = format!("{minor_units:0>least$}", least = width.saturating_add(1));
        let (whole, fraction) =
            digits.split_at_checked(digits.len().saturating_sub(width)).unwrap_or((&digits, ""));
        if fraction.is_empty() {
            return format!("{whole} {}", currency.as_str());
        }
        format!("{whole}{}{fraction} {}", self.point, currency.as_str())
    }
}

/// A duration as people write it: "45 s", "12 min", "3 h 05 min", "2 d 4 h".
fn duration(time: Seconds) -> String {
    let secs = time.get();
    let (minutes, hours, days) = (secs / 60, secs / 3600, secs / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{secs} s"),
        (0, 0, _) => format!("{minutes} min"),
        (0, _, _) => format!("{hours} h {:02} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}
