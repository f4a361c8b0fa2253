//! The story of the day, line by line.

use std::collections::BTreeMap;
use std::io::{self, Write};

use galateo::decision::{Cause, Chosen, Decision};
use galateo::detect::SentimentClass;
use galateo::gate::{Finding, Review, Severity, Verdict};
use galateo::model::{ConversationId, Draft, Event, EventKind, Timestamp};
use galateo::schedule::sla::{ClockReading, ClockState};

use crate::host::{Due, Heard, Note};
use crate::page::{Line, Page, Tone, tame};
use crate::wording::{Wording, plain};

/// Letters of a text that are shown.
const SHOWN: usize = 420;
/// Entries of a list that are shown.
const LISTED: usize = 5;

/// Tells the day to a page.
pub struct Teller<W> {
    pub page: Page<W>,
    pub words: Wording,
    brief: bool,
    today: String,
    /// The clocks as last shown, so that they are shown again only when they change.
    clocks: BTreeMap<ConversationId, String>,
}

impl<W: Write> Teller<W> {
    pub fn new(page: Page<W>, words: Wording, brief: bool) -> Self {
        Self { page, words, brief, today: String::new(), clocks: BTreeMap::new() }
    }

    /// An event with its decision.
    pub fn event(&mut self, event: &Event, heard: &Heard) -> io::Result<()> {
        self.day(event.at)?;
        let words = &self.words;
        let who = words.actor(&event.by);
        let head = self.opening(event.at, event.id.as_str());
        let line = match &event.what {
            EventKind::Message(message) => {
                let place = words.place(&message.surface);
                let readers = words.readers(message.surface.visibility);
                let echo = if message.echo { words.say(" · echo", " · eco") } else { "" };
                head.and(Tone::Strong, who).plain(format!(" · {place} · ")).and(
                    if message.surface.visibility.is_open() { Tone::Careful } else { Tone::Plain },
                    format!("{readers}{echo}"),
                )
            }
            other => head.plain(format!("{who} · {}", tame(&words.happening(other), 200))),
        };
        self.page.head(&line.faint(format!(" · {}", event.conversation)))?;
        if !self.brief {
            self.shown(heard.shown.as_deref())?;
            self.seen(&heard.decision)?;
        }
        self.decision(&heard.decision, event.at)?;
        self.clocks(&event.conversation, &heard.decision, event.at)?;
        heard.notes.iter().try_for_each(|note| self.note(note))
    }

    /// A draft with what the gate says of it.
    pub fn draft(&mut self, at: Timestamp, draft: &Draft, review: &Review, shown: &str) -> io::Result<()> {
        self.day(at)?;
        let words = &self.words;
        let by = if draft.by_bot { " (bot)" } else { "" };
        let line = self
            .opening(at, words.say("draft", "bozza"))
            .plain(format!("{}{by} · {} · ", draft.author, words.place(&draft.surface)))
            .plain(words.readers(draft.surface.visibility))
            .faint(format!(" · {}", draft.conversation));
        self.page.head(&line)?;
        if !self.brief {
            self.shown(Some(shown))?;
        }
        let verdict = self.verdict(review.verdict);
        let count = review.findings.len();
        let note = match (&draft.approved_by, count) {
            (Some(who), _) => format!(" · {} {who}", self.words.say("approved by", "approvata da")),
            _ => String::new(),
        };
        self.page.item(self.words.say("gate", "controllo"), &verdict.faint(note))?;
        for finding in review.findings.iter().take(LISTED) {
            self.finding(finding)?;
        }
        self.more(count)
    }

    /// A moment with what it makes due.
    pub fn moment(
        &mut self,
        now: Timestamp,
        asked: usize,
        news: &[Due],
        next: Option<&(Timestamp, ConversationId)>,
    ) -> io::Result<()> {
        self.day(now)?;
        let looked = if news.is_empty() {
            self.words.say("nothing new is due", "nulla di nuovo da fare").to_owned()
        } else {
            format!("{} {}", news.len(), self.words.say("have news", "con novità"))
        };
        let conversations = self.words.say("conversations", "conversazioni");
        let line = self
            .opening(now, self.words.say("now", "ora"))
            .and(Tone::Strong, self.words.say("the clock", "l'orologio"))
            .plain(format!(" · {asked} {conversations} · {looked}"));
        self.page.head(&line)?;
        // What is due for many at once is said once.
        let mut said: Vec<(Line, Vec<String>)> = Vec::new();
        for due in news {
            for chosen in &due.decision.actions {
                let line = self.action(chosen, now);
                let name = due.conversation.to_string();
                match said.iter_mut().find(|(known, _)| known.words() == line.words()) {
                    Some((_, names)) => names.push(name),
                    None => said.push((line, vec![name])),
                }
            }
        }
        for (line, names) in &said {
            self.page.item(self.words.say("do", "azioni"), line)?;
            self.page.item("", &Line::of(Tone::Strong, list("", names)))?;
        }
        let Some((at, conversation)) = next else { return Ok(()) };
        let when = format!("{} · {conversation}", self.words.moment(*at, now));
        self.page.item(self.words.say("next", "prossimo"), &Line::new().faint(when))
    }

    /// Something the host did or noticed.
    pub fn note(&mut self, note: &Note) -> io::Result<()> {
        let words = &self.words;
        match note {
            Note::Mode { from, to } => {
                let change = format!("{} → {}", words.mode(*from), words.mode(*to));
                self.page.item(words.say("mode", "modo"), &Line::of(Tone::Bad, change))
            }
            Note::Enrolled { feature, place, of } => {
                let text = format!("{}: {place}/{of}", plain(feature.as_str()));
                self.page.item(words.say("enrolled", "iscritto"), &Line::of(Tone::Good, text))
            }
            Note::PilotFull { feature } => {
                let text =
                    format!("{}: {}", plain(feature.as_str()), words.say("no place left", "posti esauriti"));
                self.page.item(words.say("pilot", "pilota"), &Line::new().faint(text))
            }
        }
    }

    /// A heading where another day begins.
    pub fn day(&mut self, at: Timestamp) -> io::Result<()> {
        let today = self.words.date(at);
        if today != self.today {
            self.page.title(&today)?;
            self.today = today;
        }
        Ok(())
    }

    fn opening(&self, at: Timestamp, name: &str) -> Line {
        Line::of(Tone::Strong, format!("{}  ", self.words.clock(at))).faint(format!("{name:<9}  "))
    }

    fn shown(&mut self, text: Option<&str>) -> io::Result<()> {
        let Some(text) = text else { return Ok(()) };
        let text = tame(text, SHOWN);
        let text = if text.is_empty() {
            Line::new().faint(self.words.say("(no text)", "(senza testo)"))
        } else {
            Line::of(Tone::Quote, format!("“{text}”"))
        };
        self.page.item("", &text)
    }

    /// What was hidden, and what the text shows.
    fn seen(&mut self, decision: &Decision) -> io::Result<()> {
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for hidden in &decision.hidden {
            *kinds.entry(hidden.kind.as_str()).or_default() += 1;
        }
        let hidden = kinds
            .iter()
            .map(|(kind, times)| if *times > 1 { format!("{} ×{times}", plain(kind)) } else { plain(kind) });
        let hidden = hidden.collect::<Vec<_>>().join(", ");
        self.page.item(self.words.say("hidden", "nascosto"), &Line::of(Tone::Bad, hidden))?;
        let seen = &decision.seen;
        if seen.is_empty() {
            return Ok(());
        }
        let (tone, feels) = match seen.sentiment.class {
            SentimentClass::Negative => (Tone::Bad, self.words.say("negative", "negativo")),
            SentimentClass::Neutral => (Tone::Plain, self.words.say("neutral", "neutro")),
            SentimentClass::Positive => (Tone::Good, self.words.say("positive", "positivo")),
        };
        let language = seen.language.map_or("?".to_owned(), |language| language.tag().to_owned());
        let mut line = Line::new().plain(format!("{language} · ")).and(tone, feels);
        if seen.sentiment.score != 0 {
            line = line.faint(format!(" {:+}", seen.sentiment.score));
        }
        let mut signals: Vec<_> = seen.signals.iter().collect();
        signals.sort_by_key(|signal| std::cmp::Reverse(signal.confidence));
        let mut names: Vec<String> = Vec::new();
        for signal in signals.iter().filter(|signal| signal.confidence.get() >= galateo::playbook::FACT) {
            let name = plain(signal.kind.as_str());
            if !name.starts_with("phrase ") && !names.contains(&name) {
                names.push(name);
            }
        }
        line = line.plain(list(" · ", &names));
        let topics: Vec<String> = seen.topics.iter().map(|topic| plain(topic.as_str())).collect();
        line = line.plain(list(self.words.say(" · about ", " · su "), &topics));
        self.page.item(self.words.say("shows", "mostra"), &line)
    }

    fn decision(&mut self, decision: &Decision, now: Timestamp) -> io::Result<()> {
        let mut label = self.words.say("do", "azioni");
        for chosen in &decision.actions {
            let line = self.action(chosen, now);
            self.page.item(label, &line)?;
            label = "";
        }
        let mut label = self.words.say("overruled", "superate");
        for lost in decision.overruled.iter().take(LISTED) {
            let by = lost
                .by
                .as_ref()
                .map_or(self.words.say("the engine", "il motore").to_owned(), ToString::to_string);
            let text = format!("{} {} {by}: {}", lost.rule, self.words.say("by", "da"), lost.family.law());
            self.page.item(label, &Line::new().faint(text))?;
            label = "";
        }
        let careful: Vec<String> = decision
            .degraded
            .iter()
            .map(|limit| {
                serde_json::to_value(limit).map_or(String::new(), |value| match value {
                    serde_json::Value::String(word) => plain(&word),
                    serde_json::Value::Object(map) => map.keys().map(|key| plain(key)).collect(),
                    _ => String::new(),
                })
            })
            .collect();
        self.page.item(self.words.say("careful", "cautela"), &Line::of(Tone::Careful, careful.join(", ")))
    }

    fn action(&self, chosen: &Chosen, now: Timestamp) -> Line {
        let (tone, text) = self.words.action(&chosen.action, now);
        let why: Vec<String> =
            chosen.because.iter().map(|cause| self.cause(cause)).filter(|why| !why.is_empty()).collect();
        let line = Line::of(tone, tame(&text, 300));
        if why.is_empty() { line } else { line.faint(format!("  [{}]", why.join("; "))) }
    }

    /// The rule and the facts it rests on.
    fn cause(&self, cause: &Cause) -> String {
        let rule = match (&cause.rule, &cause.layer) {
            (Some(rule), Some(layer)) => format!("{rule} ({layer})"),
            (Some(rule), None) => rule.to_string(),
            (None, _) => self.words.say("engine", "motore").to_owned(),
        };
        let shown = cause.spans.iter().map(|span| plain(span.shows.as_str()));
        let mut facts: Vec<String> = Vec::new();
        for fact in shown.chain(cause.facts.iter().map(|fact| plain(fact))) {
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
        if facts.is_empty() { rule } else { format!("{rule}{}", list(": ", &facts)) }
    }

    /// Running and paused clocks, where they differ from those shown last.
    fn clocks(&mut self, id: &ConversationId, decision: &Decision, now: Timestamp) -> io::Result<()> {
        let live = |clock: &&ClockReading| matches!(clock.state, ClockState::Running | ClockState::Paused);
        let shown: Vec<String> =
            decision.clocks.iter().filter(live).map(|clock| self.clock(clock, now)).collect();
        let mut text = list("", &shown);
        let key = text.clone();
        if self.clocks.get(id).is_some_and(|known| *known == key)
            || (text.is_empty() && !self.clocks.contains_key(id))
        {
            return Ok(());
        }
        self.clocks.insert(id.clone(), key);
        if text.is_empty() {
            text = self.words.say("none running", "nessuno in corso").to_owned();
        }
        if let Some(at) = decision.wake_at {
            text +=
                &format!(" · {} {}", self.words.say("wake at", "sveglia alle"), self.words.moment(at, now));
        }
        self.page.item(self.words.say("clocks", "tempi"), &Line::new().faint(text))
    }

    fn clock(&self, clock: &ClockReading, now: Timestamp) -> String {
        let name = plain(clock.metric.as_str());
        match (clock.state, clock.breached, clock.breached_at, clock.due_at) {
            (_, true, Some(at), _) => {
                format!(
                    "{name} {} {}",
                    self.words.say("late since", "in ritardo dalle"),
                    self.words.moment(at, now)
                )
            }
            (ClockState::Paused, ..) => format!("{name} {}", self.words.say("paused", "in pausa")),
            (_, _, _, Some(at)) => {
                format!("{name} {} {}", self.words.say("by", "entro"), self.words.moment(at, now))
            }
            _ => name,
        }
    }

    fn verdict(&self, verdict: Verdict) -> Line {
        match verdict {
            Verdict::Cleared => Line::of(Tone::Good, self.words.say("cleared", "via libera")),
            Verdict::Warned => {
                Line::of(Tone::Careful, self.words.say("warned, may be sent", "avviso, si può inviare"))
            }
            Verdict::Held => {
                Line::of(Tone::Careful, self.words.say("held for approval", "in attesa di approvazione"))
            }
            Verdict::Blocked => Line::of(Tone::Bad, self.words.say("blocked", "bloccata")),
        }
    }

    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let (tone, sign) = match finding.severity {
            Severity::Warn => (Tone::Careful, "!"),
            Severity::Hold => (Tone::Careful, "‖"),
            Severity::Block => (Tone::Bad, "×"),
        };
        let mut line = Line::of(tone, format!("{sign} {}", plain(finding.code.as_str())))
            .plain(format!(": {}", finding.code.tell(self.words.language())));
        if let Some(rule) = &finding.rule {
            line = line.faint(format!(" [{rule}]"));
        }
        if let Some(repair) = &finding.repair {
            line = line.and(Tone::Good, format!(" → {}", tame(repair, 240)));
        }
        self.page.item("", &line)
    }

    fn more(&mut self, count: usize) -> io::Result<()> {
        let rest = count.saturating_sub(LISTED);
        if rest == 0 {
            return Ok(());
        }
        self.page.item("", &Line::new().faint(format!("+{rest}")))
    }
}

/// At most [`LISTED`] entries after `lead`, the rest as a number; nothing for an empty list.
pub fn list(lead: &str, entries: &[String]) -> String {
    if entries.is_empty() {
        return String::new();
    }
    let shown = entries.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    let rest = entries.len().saturating_sub(LISTED);
    if rest > 0 { format!("{lead}{shown} +{rest}") } else { format!("{lead}{shown}") }
}
