//! The day's measures as tables.

use std::io::{self, Write};

use galateo::gate::Verdict;
use galateo::measure::{Report, Row, Summary};
use galateo::model::Mode;

use crate::count::Counting;
use crate::page::{Line, Page, Tone};
use crate::wording::{Wording, plain};

/// Columns of the tables: a name, then figures.
const NAME: usize = 22;
const COLUMNS: [usize; 10] = [6, 6, 9, 7, 8, 9, 9, 8, 8, 7];

/// Writes every table.
pub fn show<W: Write>(
    page: &mut Page<W>,
    words: &Wording,
    counting: &Counting,
    summary: &Summary,
    mode: Mode,
) -> io::Result<()> {
    let report = Report::of(summary, None, mode);
    page.title(words.say("The day in figures", "La giornata in cifre"))?;
    if let Some((from, to)) = counting.span {
        let span =
            format!("{} {} – {} {}", words.date(from), words.clock(from), words.date(to), words.clock(to));
        page.head(&Line::new().faint(span))?;
    }
    decisions(page, words, counting)?;
    page.blank()?;
    table(page, words, words.say("Channel", "Canale"), &report.channels, Some(&report.all))?;
    page.blank()?;
    table(page, words, words.say("Topic", "Argomento"), &report.topics, None)?;
    page.blank()?;
    legend(page, words)?;
    rest(page, words, counting, &report)
}

fn decisions<W: Write>(page: &mut Page<W>, words: &Wording, counting: &Counting) -> io::Result<()> {
    let verdicts = [
        (Verdict::Cleared, words.say("cleared", "via libera")),
        (Verdict::Warned, words.say("warned", "con avviso")),
        (Verdict::Held, words.say("held", "in attesa")),
        (Verdict::Blocked, words.say("blocked", "bloccate")),
    ];
    let all: u64 = counting.verdicts.values().sum();
    let by = verdicts.map(|(verdict, name)| {
        format!("{} {name}", counting.verdicts.get(&verdict).copied().unwrap_or_default())
    });
    let drafts = format!("{all}: {}", by.join(", "));
    page.blank()?;
    item(page, words.say("Drafts", "Bozze"), &drafts)?;
    let mut findings: Vec<_> = counting.findings.iter().collect();
    findings.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let most = findings.iter().take(8).map(|(code, n)| format!("{} {n}", plain(code.as_str())));
    item(page, words.say("Findings", "Rilievi"), &most.collect::<Vec<_>>().join(", "))?;
    let mut actions: Vec<_> = counting.actions.iter().collect();
    actions.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let most = actions.iter().take(12).map(|(name, n)| format!("{} {n}", plain(name)));
    item(page, words.say("Actions", "Azioni"), &most.collect::<Vec<_>>().join(", "))
}

fn table<W: Write>(
    page: &mut Page<W>,
    words: &Wording,
    title: &str,
    rows: &[Row],
    all: Option<&Row>,
) -> io::Result<()> {
    let heads = [
        words.say("conv", "conv"),
        words.say("msgs", "msg"),
        words.say("waiting", "attesa"),
        words.say("answ", "risp"),
        words.say("median", "mediana"),
        words.say("9 in 10", "9 su 10"),
        words.say("≤30 min", "≤30 min"),
        words.say("≤60 m", "≤60 m"),
        words.say("solved", "risolte"),
        words.say("mood", "umore"),
    ];
    let mut cells = vec![(NAME, title.to_owned())];
    cells.extend(COLUMNS.iter().copied().zip(heads.map(str::to_owned)));
    page.row(Tone::Strong, &cells)?;
    for row in rows {
        page.row(Tone::Plain, &figures(words, row, &plain(&row.name)))?;
    }
    if let Some(all) = all {
        page.row(Tone::Strong, &figures(words, all, words.say("all", "tutti")))?;
    }
    Ok(())
}

fn figures(words: &Wording, row: &Row, name: &str) -> Vec<(usize, String)> {
    let time =
        |time: Option<galateo::model::Seconds>| time.map_or("–".to_owned(), |time| short(time.get()));
    let mood = row.sentiment.mean().map_or("–".to_owned(), |mean| format!("{mean:+}"));
    let values = [
        row.received.to_string(),
        row.messages.to_string(),
        row.waiting.to_string(),
        words.percent(row.answered),
        time(row.median),
        time(row.ninth_decile),
        words.percent(row.within_target),
        words.percent(row.within_limit),
        words.percent(row.resolved),
        mood,
    ];
    let mut cells = vec![(NAME, name.chars().take(NAME - 1).collect::<String>())];
    cells.extend(COLUMNS.iter().copied().zip(values));
    cells
}

fn legend<W: Write>(page: &mut Page<W>, words: &Wording) -> io::Result<()> {
    let text = words.say(
        "answ: answered, of conversations to which an answer is due · median, 9 in 10, ≤30 and ≤60 minutes: \
         first response in plain time, nights and holidays included · solved: of those received · mood: mean \
         sentiment, -1000 to 1000",
        "risp: con risposta, tra quelle a cui è dovuta · mediana, 9 su 10, ≤30 e ≤60 minuti: prima risposta in \
         tempo di orologio, notti e festivi compresi · risolte: tra quelle ricevute · umore: sentiment medio, \
         da -1000 a 1000",
    );
    page.text(&Line::new().faint(text))?;
    page.blank()
}

fn rest<W: Write>(
    page: &mut Page<W>,
    words: &Wording,
    counting: &Counting,
    report: &Report,
) -> io::Result<()> {
    item(page, words.say("SLA targets met", "Obiettivi SLA"), &report.targets.to_string())?;
    item(page, words.say("Late referrals", "Reparti in ritardo"), &report.referrals_breached.to_string())?;
    item(
        page,
        words.say("Customers' marks", "Voti dei clienti"),
        &format!("{} {}", report.all.satisfied, words.say("satisfied", "soddisfatti")),
    )?;
    let risk: Vec<String> = report.at_risk.iter().map(|(name, _)| plain(name)).collect();
    item(
        page,
        words.say("Channels at risk", "Canali a rischio"),
        &if risk.is_empty() { words.say("none", "nessuno").to_owned() } else { risk.join(", ") },
    )?;
    item(
        page,
        words.say("Reputation risk", "Rischio reputazione"),
        &format!("{}/1000", report.reputation.score()),
    )?;
    let gaps = counting.fairness.gaps();
    let shown = gaps.iter().take(4).map(|gap| {
        let sign = if gap.is_significant { " (!)" } else { "" };
        format!("{} {} ({}){sign}", gap.group, words.duration(gap.median), gap.responses)
    });
    let text = shown.collect::<Vec<_>>().join(" · ");
    item(page, words.say("Fairness, median", "Equità, mediana"), &text)
}

fn item<W: Write>(page: &mut Page<W>, what: &str, value: &str) -> io::Result<()> {
    page.head(&Line::of(Tone::Strong, format!("{what:<18}")).plain(value))
}

/// A time in at most seven columns.
fn short(secs: i64) -> String {
    match secs {
        0..=59 => format!("{secs} s"),
        60..=3599 => format!("{} min", secs / 60),
        3600..=86_399 => format!("{}h{:02}", secs / 3600, secs / 60 % 60),
        _ => format!("{}d{:02}h", secs / 86_400, secs / 3600 % 24),
    }
}
