//! Plain words for what the engine decides, in English and Italian.

use galateo::decision::{Action, ChaseStep};
use galateo::measure::Share;
use galateo::model::{Actor, EventKind, Language, Mode, Seconds, Surface, Timestamp, Visibility};
use galateo::schedule::Zone;

use crate::page::Tone;

/// The language of the labels; what the playbook says stays in the playbook's own words.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tongue {
    English,
    Italian,
}

/// Words and wall clock of the reader.
pub struct Wording {
    pub tongue: Tongue,
    zone: Zone,
}

impl Wording {
    pub fn new(tongue: Tongue) -> Self {
        Self { tongue, zone: Zone::bundled("Europe/Rome").unwrap_or_else(|_| Zone::utc()) }
    }

    /// The language of the labels.
    pub fn language(&self) -> Language {
        if self.tongue == Tongue::Italian { Language::It } else { Language::En }
    }

    /// One of two wordings.
    pub fn say<'a>(&self, english: &'a str, italian: &'a str) -> &'a str {
        if self.tongue == Tongue::Italian { italian } else { english }
    }

    /// The time on the wall, `16:02`.
    pub fn clock(&self, at: Timestamp) -> String {
        self.local(at).map_or(String::new(), |local| local.format("%H:%M").to_string())
    }

    /// The date on the wall, in words.
    pub fn date(&self, at: Timestamp) -> String {
        let Some(local) = self.local(at) else { return String::new() };
        let day = local.format("%u").to_string().parse::<usize>().unwrap_or(1) - 1;
        let month = local.format("%m").to_string().parse::<usize>().unwrap_or(1) - 1;
        let (days, months) =
            if self.tongue == Tongue::Italian { (&DAYS_IT, &MONTHS_IT) } else { (&DAYS_EN, &MONTHS_EN) };
        format!("{} {} {} {}", days[day], local.format("%-d"), months[month], local.format("%Y"))
    }

    /// `16:02`, or with the day where it is another than that of `now`.
    pub fn moment(&self, at: Timestamp, now: Timestamp) -> String {
        match (self.local(at), self.local(now)) {
            (Some(there), Some(here)) if there.date_naive() == here.date_naive() => self.clock(at),
            (Some(there), Some(_)) => there.format("%d/%m %H:%M").to_string(),
            _ => String::new(),
        }
    }

    fn local(&self, at: Timestamp) -> Option<chrono::DateTime<chrono::Utc>> {
        let offset = i64::from(self.zone.offset_at(at.as_secs()));
        chrono::DateTime::from_timestamp(at.as_secs() + offset, 0)
    }

    /// Where something stands: `X mention`.
    pub fn place(&self, surface: &Surface) -> String {
        let channel = title(surface.channel.as_str());
        let kind = plain(surface.kind.as_str());
        if channel.to_lowercase().ends_with(&kind) { channel } else { format!("{channel} {kind}") }
    }

    /// Who can read it.
    pub fn readers(&self, visibility: Visibility) -> &'static str {
        match (visibility, self.tongue) {
            (Visibility::Public, Tongue::English) => "public",
            (Visibility::Public, Tongue::Italian) => "pubblico",
            (Visibility::Group, Tongue::English) => "group",
            (Visibility::Group, Tongue::Italian) => "gruppo",
            (Visibility::Private, Tongue::English) => "private",
            (Visibility::Private, Tongue::Italian) => "privato",
            (Visibility::Internal, Tongue::English) => "internal",
            (Visibility::Internal, Tongue::Italian) => "interno",
        }
    }

    pub fn mode(&self, mode: Mode) -> &str {
        match mode {
            Mode::Normal => self.say("normal", "normale"),
            Mode::Watch => self.say("watch", "attenzione"),
            Mode::Crisis => self.say("crisis", "crisi"),
            _ => mode.as_str(),
        }
    }

    pub fn actor(&self, actor: &Actor) -> String {
        match actor {
            Actor::Agent(id) => id.to_string(),
            Actor::Bot(id) => format!("{id} (bot)"),
            Actor::Customer(id) => format!("{id} ({})", self.say("customer", "cliente")),
            _ => self.say("system", "sistema").to_owned(),
        }
    }

    /// What happened, where it is no message.
    pub fn happening(&self, what: &EventKind) -> String {
        let it = self.tongue == Tongue::Italian;
        match what {
            EventKind::Assigned(a) => {
                let to = a.agent.as_ref().map(ToString::to_string);
                let queue = a.queue.as_ref().map(ToString::to_string);
                let whom = [queue, to].into_iter().flatten().collect::<Vec<_>>().join(" / ");
                format!("{} {whom}", self.say("assigned to", "assegnata a"))
            }
            EventKind::Complaint(c) => format!("{}: {}", self.say("complaint", "reclamo"), word(&c.to)),
            EventKind::Deleted(_) => self.say("message deleted", "messaggio cancellato").to_owned(),
            EventKind::Delivery(d) => format!("{}: {}", self.say("delivery", "consegna"), word(&d.state)),
            EventKind::Edited(_) => self.say("message edited", "messaggio modificato").to_owned(),
            EventKind::IdentityMerged(m) => {
                format!("{} {}", self.say("is the same person as", "è la stessa persona di"), m.other)
            }
            EventKind::Linked(l) => {
                format!("{} {}", self.say("same issue as", "stesso caso di"), l.conversation)
            }
            EventKind::Merged(l) => format!("{} {}", self.say("merged into", "unita a"), l.conversation),
            EventKind::Moved(m) => format!("{} {}", self.say("moved to", "spostata su"), self.place(&m.to)),
            EventKind::Opened(o) => {
                format!("{}: {}", self.say("window opened by", "finestra aperta da"), word(&o.by))
            }
            EventKind::Priority(p) => format!("{}: {}", self.say("priority", "priorità"), word(&p.to)),
            EventKind::PromiseKept(p) => {
                format!("{}: {}", self.say("promise kept", "promessa mantenuta"), plain(p.promise.as_str()))
            }
            EventKind::PromiseMade(p) => {
                format!("{}: {}", self.say("promise made", "promessa fatta"), plain(p.promise.as_str()))
            }
            EventKind::Rated(r) => {
                format!("{}: {}/5", self.say("customer's mark", "voto del cliente"), r.stars.get())
            }
            EventKind::Reaction(_) => self.say("reaction to a message", "reazione a un messaggio").to_owned(),
            EventKind::ReferralAnswered(r) => {
                format!("{} {}", self.say("department answered", "il reparto ha risposto a"), r.referral)
            }
            EventKind::ReferralAsked(r) => {
                format!("{} {} ({})", self.say("asked", "chiesto a"), r.department, r.referral)
            }
            EventKind::Status(s) => format!("{}: {}", self.say("status", "stato"), word(&s.to)),
            EventKind::Tagged(t) => {
                let added = t.add.iter().map(|tag| format!("+{tag}"));
                let removed = t.remove.iter().map(|tag| format!("-{tag}"));
                let list = added.chain(removed).collect::<Vec<_>>().join(" ");
                format!("{}: {list}", if it { "etichette" } else { "tags" })
            }
            EventKind::Timer(t) => format!("{}: {}", self.say("timer", "timer"), plain(t.name.as_str())),
            other => plain(other.name()),
        }
    }

    /// What is to be done, and how it looks.
    #[expect(clippy::too_many_lines, reason = "one phrase for each action")]
    pub fn action(&self, action: &Action, now: Timestamp) -> (Tone, String) {
        let by = |at: &Option<Timestamp>| {
            at.map_or(String::new(), |at| format!(" {} {}", self.say("by", "entro le"), self.moment(at, now)))
        };
        let with = |head: &str, reason: &str| format!("{head}: {reason}");
        match action {
            Action::AddTags { tags } => {
                let tags: Vec<String> = tags.iter().map(ToString::to_string).collect();
                (Tone::Plain, with(self.say("tag", "etichetta"), &tags.join(", ")))
            }
            Action::AskToClose { reason } => {
                (Tone::Plain, with(self.say("ask whether it is settled", "chiedere se è risolto"), reason))
            }
            Action::Assign { queue, agent, why, relaxed } => {
                let whom = agent
                    .as_ref()
                    .map_or(self.say("nobody yet", "ancora nessuno").to_owned(), ToString::to_string);
                let given = if relaxed.is_none() { String::new() } else { format!(" ({relaxed})") };
                let head = format!("{} {queue} → {whom}", self.say("assign to", "assegnare a"));
                (Tone::Strong, with(&head, &format!("{why}{given}")))
            }
            Action::Breach { metric, at } => {
                let head = self.say("clock ran out", "tempo scaduto");
                (Tone::Bad, format!("{head}: {} ({})", plain(metric.as_str()), self.moment(*at, now)))
            }
            Action::Chase { referral, step, to } => {
                let head = match step {
                    ChaseStep::Remind => self.say("remind", "sollecitare"),
                    _ => self.say("turn to the deputy", "rivolgersi al sostituto"),
                };
                (Tone::Careful, format!("{head} {to} ({referral})"))
            }
            Action::Close { at, reason } => {
                (Tone::Plain, with(&format!("{}{}", self.say("close", "chiudere"), by(at)), reason))
            }
            Action::Custom { name, note } => {
                (Tone::Plain, with(&plain(name.as_str()), note.as_deref().unwrap_or_default()))
            }
            Action::Engage { reason } => (Tone::Good, with(self.say("answer", "rispondere"), reason)),
            Action::Enrol { feature, stage } => {
                let head = self.say("enrol in", "iscrivere a");
                (Tone::Plain, format!("{head} {} ({})", plain(feature.as_str()), plain(stage.as_str())))
            }
            Action::Escalate { level, to, due, reason } => {
                let to = to.as_deref().map_or(String::new(), |to| format!(" → {to}"));
                let head = self.say("escalate to level", "salire al livello");
                (Tone::Bad, with(&format!("{head} {level}{to}{}", by(due)), reason))
            }
            Action::HandOver { department, reason } => (
                Tone::Careful,
                with(&format!("{} {department}", self.say("hand over to", "passare a")), reason),
            ),
            Action::Hide { reason } => {
                (Tone::Careful, with(self.say("hide the message", "nascondere il messaggio"), reason))
            }
            Action::Ignore { reason } => {
                (Tone::Faint, with(self.say("do not answer", "non rispondere"), reason))
            }
            Action::InternalNote { text } => (Tone::Plain, with(self.say("note", "nota"), text)),
            Action::KeepOpen { reason } => {
                (Tone::Plain, with(self.say("keep open", "tenere aperta"), reason))
            }
            Action::Monitor { reason } => {
                (Tone::Faint, with(self.say("watch, do not answer", "osservare senza rispondere"), reason))
            }
            Action::MovePrivate { surface, link, reason, required, until, .. } => {
                let place =
                    surface.as_ref().map_or(String::new(), |surface| format!(" ({})", self.place(surface)));
                let head = if *required {
                    self.say("go on in private only", "proseguire solo in privato")
                } else {
                    self.say("invite to a private place", "invitare in privato")
                };
                let link = link.as_deref().map_or(String::new(), |link| format!(" {link}"));
                (
                    Tone::Careful,
                    with(
                        &format!("{head}{place}{}", by(until)),
                        &format!("{}{link}", plain(reason.as_str())),
                    ),
                )
            }
            Action::Notify { who } => {
                (Tone::Plain, format!("{} {}", self.say("tell", "avvisare"), plain(who.as_str())))
            }
            Action::OpenTicket { queue, reason } => {
                let queue = queue.as_ref().map_or(String::new(), |queue| format!(" ({queue})"));
                (
                    Tone::Plain,
                    with(&format!("{}{queue}", self.say("open a ticket", "aprire un ticket")), reason),
                )
            }
            Action::Owe { says, due, .. } => (
                Tone::Careful,
                format!("{}{}: {says}", self.say("the brand owes", "il marchio deve"), by(due)),
            ),
            Action::Proactive { reason, not_before, not_after, .. } => {
                let head = self.say("write first", "scrivere per primi");
                let window = format!("{}–{}", self.moment(*not_before, now), self.moment(*not_after, now));
                (Tone::Good, with(&format!("{head}, {window}"), reason))
            }
            Action::RedirectFormal { channels, .. } => {
                let head = self.say("point to the formal channels", "indicare i canali formali");
                let channels: Vec<&str> = channels.iter().map(galateo::model::Channel::as_str).collect();
                (Tone::Careful, with(head, &channels.join(", ")))
            }
            Action::Refer { department, owner, due, tight, reason, .. } => {
                let tight = if *tight { self.say(", which is tight", ", tempi stretti") } else { "" };
                let head =
                    format!("{} {department} ({owner}){}{tight}", self.say("ask", "chiedere a"), by(due));
                (Tone::Careful, with(&head, reason))
            }
            Action::RemoveTags { tags } => {
                let tags: Vec<String> = tags.iter().map(ToString::to_string).collect();
                (Tone::Plain, with(self.say("take off tags", "togliere etichette"), &tags.join(", ")))
            }
            Action::Report { reason } => {
                (Tone::Careful, with(self.say("report to the network", "segnalare alla piattaforma"), reason))
            }
            Action::RequestFact { fact } => {
                (Tone::Plain, format!("{}: {}", self.say("find out", "verificare"), plain(fact.as_str())))
            }
            Action::RequireApproval { by, reason } => {
                let head = self.say("replies need approval by", "le risposte vanno approvate da");
                (Tone::Careful, with(&format!("{head} {}", plain(by.as_str())), reason))
            }
            Action::SetPriority { to } => {
                (Tone::Plain, format!("{}: {}", self.say("priority", "priorità"), word(to)))
            }
            Action::SetStatus { to } => {
                (Tone::Plain, format!("{}: {}", self.say("status", "stato"), word(to)))
            }
            Action::Suggest { answer, .. } => {
                let head = self.say("suggest to the agent", "suggerire all'operatore");
                (Tone::Plain, format!("{head}: {}", plain(answer.as_str())))
            }
            Action::TellCustomer { reason } => {
                (Tone::Careful, with(self.say("write news to the customer", "aggiornare il cliente"), reason))
            }
            Action::Warn { metric, due } => {
                let head = self.say("clock about to run out", "tempo in scadenza");
                (Tone::Careful, format!("{head}: {} ({})", plain(metric.as_str()), self.moment(*due, now)))
            }
            other => (Tone::Plain, other.family_word()),
        }
    }

    /// A duration as people write it.
    pub fn duration(&self, time: Seconds) -> String {
        let secs = time.get().abs();
        match (secs / 86_400, secs / 3600, secs / 60) {
            (0, 0, 0) => format!("{secs} s"),
            (0, 0, minutes) => format!("{minutes} min"),
            (0, hours, minutes) => format!("{hours} h {:02} min", minutes % 60),
            (days, hours, _) => format!("{days} {} {} h", self.say("d", "g"), hours % 24),
        }
    }

    /// A share in percent, with a dash where there is nothing to divide.
    pub fn percent(&self, share: Share) -> String {
        share.per_ten_thousand().map_or("–".to_owned(), |n| format!("{} %", (n + 50) / 100))
    }
}

trait FamilyWord {
    fn family_word(&self) -> String;
}

impl FamilyWord for Action {
    fn family_word(&self) -> String {
        format!("{:?}", self.family()).to_lowercase()
    }
}

/// A word of a list, as it is written, with blanks.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(plain)).unwrap_or_default()
}

/// `first_reply` as people write it.
pub fn plain(word: &str) -> String {
    word.replace('_', " ")
}

fn title(channel: &str) -> String {
    match channel {
        "x" => "X".to_owned(),
        "tiktok" => "TikTok".to_owned(),
        "youtube" => "YouTube".to_owned(),
        "linkedin" => "LinkedIn".to_owned(),
        "whatsapp" => "WhatsApp".to_owned(),
        other => {
            let mut letters = plain(other).chars().collect::<Vec<_>>();
            if let Some(first) = letters.first_mut() {
                *first = first.to_ascii_uppercase();
            }
            letters.into_iter().collect()
        }
    }
}

const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAYS_IT: [&str; 7] = ["Lunedì", "Martedì", "Mercoledì", "Giovedì", "Venerdì", "Sabato", "Domenica"];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_IT: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];
