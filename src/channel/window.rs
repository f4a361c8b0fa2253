//! Whether a message may be sent now (R37): windows that customers open, and what they leave.

use serde::{Deserialize, Serialize};

use super::facts::{ChannelFacts, Outside, Start, SurfaceFacts, WindowContent, WindowRule};
use crate::model::{Opener, Seconds, Surface, Timestamp, Visibility, Word};
use crate::num::narrow;

/// One thing a customer did, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct Opened {
    /// When.
    pub at: Timestamp,
    /// What.
    pub opener: Opener,
}

/// Something that closes windows early, such as the end of a broadcast.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct Closed {
    /// When.
    pub at: Timestamp,
    /// What, in the words of the facts' `closes_early`.
    pub event: Word,
}

/// What has happened between a customer and an account on one surface, in any order.
///
/// What happened after `now` is not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct History {
    /// What the customer did that can open a window.
    pub opened: Vec<Opened>,
    /// What closed windows early.
    pub closed: Vec<Closed>,
    /// When the company sent messages.
    pub sent: Vec<Timestamp>,
}

/// Who writes the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "what no person writes is automated")]
pub enum Sender {
    /// A person.
    Person,
    /// A program.
    Automation,
}

/// What may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a gate must handle every mode")]
pub enum Mode {
    /// Nothing.
    Closed,
    /// Approved templates.
    TemplateOnly,
    /// Free text that a person writes.
    HumanAgentOnly,
    /// Anything.
    Free,
}

/// Why a [`SendPermit`] is as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PermitReason {
    /// The surface takes messages at any time.
    NoWindowNeeded,
    /// A window is open.
    WindowOpen(Opener),
    /// Windows were open; the last one has run out or was closed.
    WindowExpired,
    /// The open window has no message left.
    AllowanceSpent,
    /// The customer has to start.
    CustomerMustStart,
    /// Nothing is known about the channel.
    UnknownChannel,
}

/// Whether a message may be sent now, as what, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SendPermit {
    /// Whether free text of this sender may go out now.
    pub allowed: bool,
    /// What may be sent at all; templates may go out where `allowed` is false and this is `TemplateOnly`.
    pub mode: Mode,
    /// When this permit ends; the instant itself is outside. `None` where it has no end.
    pub expires_at: Option<Timestamp>,
    /// How many messages it still allows; `None` means any number.
    pub messages_left: Option<u32>,
    /// Why.
    pub why: PermitReason,
}

impl SendPermit {
    /// Whether the window ends within `lead` from now, so that a reminder is due.
    #[must_use]
    pub fn closing_soon(&self, now: Timestamp, lead: Seconds) -> bool {
        self.warn_at(lead).is_some_and(|at| at <= now)
    }

    /// When a reminder that comes `lead` before the end is due; `None` without an end.
    #[must_use]
    pub fn warn_at(&self, lead: Seconds) -> Option<Timestamp> {
        let back = Seconds::new(lead.get().max(0).saturating_neg());
        self.expires_at.map(|end| end.saturating_add(back))
    }

    /// The next instant after `now` at which time alone changes this permit or makes a reminder due.
    #[must_use]
    pub fn wake_at(&self, now: Timestamp, lead: Seconds) -> Option<Timestamp> {
        [self.warn_at(lead), self.expires_at].into_iter().flatten().filter(|at| *at > now).min()
    }

    /// Whether the next message is the last one that may be sent.
    #[must_use]
    pub const fn is_last_message(&self) -> bool {
        matches!(self.messages_left, Some(1))
    }
}

/// Whether `sender` may send a message on a surface at `now`, given what has happened.
///
/// The best open window is taken: free text before text by a person, then the one that allows more
/// messages, then the one that lasts longer. A channel of which nothing is known permits nothing in
/// private and anything in public.
///
/// ```
/// use galateo::channel::{ChannelFacts, History, Mode, Opened, Opener, Sender, permit};
/// let history = History {
///     opened: vec![Opened { opener: Opener::UserMessage, at: "2026-11-20T09:00:00Z".parse()? }],
///     ..History::default()
/// };
/// let surface = "whatsapp/chat".parse()?;
/// let facts = ChannelFacts::built_in();
/// let at = |now: &str| permit(&surface, facts, &history, Sender::Person, now.parse().unwrap());
/// assert!(at("2026-11-21T08:59:59Z").allowed);
/// assert_eq!(at("2026-11-21T09:00:00Z").mode, Mode::TemplateOnly);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn permit(
    surface: &Surface,
    facts: &ChannelFacts,
    history: &History,
    sender: Sender,
    now: Timestamp,
) -> SendPermit {
    let Some(facts) = facts.surface(surface) else { return unlisted(surface) };
    if facts.outside == Outside::Free && facts.start == Start::Anyone {
        return always(PermitReason::NoWindowNeeded);
    }
    let past = Past::new(history, now);
    let windows: Vec<Window<'_>> =
        facts.windows.iter().flat_map(|rule| past.windows(rule, facts, now)).collect();
    let usable = windows.iter().filter(|window| window.left != Some(0));
    match usable.max_by_key(|window| window.rank(sender)) {
        Some(window) => window.permit(sender),
        None => without_window(facts, &past, !windows.is_empty()),
    }
}

const fn always(why: PermitReason) -> SendPermit {
    SendPermit { allowed: true, mode: Mode::Free, expires_at: None, messages_left: None, why }
}

fn unlisted(surface: &Surface) -> SendPermit {
    match surface.visibility {
        Visibility::Internal => always(PermitReason::NoWindowNeeded),
        Visibility::Public | Visibility::Group => always(PermitReason::UnknownChannel),
        Visibility::Private => SendPermit {
            allowed: false,
            mode: Mode::Closed,
            expires_at: None,
            messages_left: None,
            why: PermitReason::UnknownChannel,
        },
    }
}

fn without_window(facts: &SurfaceFacts, past: &Past<'_>, spent: bool) -> SendPermit {
    let started = past.has_started(facts);
    let may_write = started || facts.start == Start::Anyone;
    let mode = match facts.outside {
        Outside::Free if may_write => Mode::Free,
        Outside::TemplateOnly if may_write => Mode::TemplateOnly,
        Outside::Free | Outside::Nothing | Outside::TemplateOnly => Mode::Closed,
    };
    let why = match (mode, spent, started) {
        (Mode::Free, ..) => PermitReason::NoWindowNeeded,
        (_, true, _) => PermitReason::AllowanceSpent,
        (_, false, true) => PermitReason::WindowExpired,
        (_, false, false) => PermitReason::CustomerMustStart,
    };
    SendPermit { allowed: mode == Mode::Free, mode, expires_at: None, messages_left: None, why }
}

/// A window that has not run out, with what is left of it.
struct Window<'a> {
    rule: &'a WindowRule,
    expires_at: Option<Timestamp>,
    left: Option<u32>,
}

impl Window<'_> {
    const fn mode(&self) -> Mode {
        match self.rule.content {
            WindowContent::Free => Mode::Free,
            WindowContent::HumanAgentOnly => Mode::HumanAgentOnly,
            WindowContent::TemplateOnly => Mode::TemplateOnly,
        }
    }

    fn allows(&self, sender: Sender) -> bool {
        match self.rule.content {
            WindowContent::Free => true,
            WindowContent::HumanAgentOnly => sender == Sender::Person,
            WindowContent::TemplateOnly => false,
        }
    }

    fn rank(&self, sender: Sender) -> (bool, Mode, u32, Timestamp) {
        let left = self.left.unwrap_or(u32::MAX);
        (self.allows(sender), self.mode(), left, self.expires_at.unwrap_or(Timestamp::MAX))
    }

    fn permit(&self, sender: Sender) -> SendPermit {
        SendPermit {
            allowed: self.allows(sender),
            mode: self.mode(),
            expires_at: self.expires_at,
            messages_left: self.left,
            why: PermitReason::WindowOpen(self.rule.opener),
        }
    }
}

/// A history up to now, in order of time.
struct Past<'a> {
    opened: Vec<Opened>,
    closed: Vec<&'a Closed>,
    sent: Vec<Timestamp>,
}

impl<'a> Past<'a> {
    fn new(history: &'a History, now: Timestamp) -> Self {
        let mut opened: Vec<Opened> = history.opened.iter().copied().filter(|o| o.at <= now).collect();
        opened.sort_unstable();
        opened.dedup();
        let mut closed: Vec<&Closed> = history.closed.iter().filter(|c| c.at <= now).collect();
        closed.sort_unstable();
        let mut sent: Vec<Timestamp> = history.sent.iter().copied().filter(|at| *at <= now).collect();
        sent.sort_unstable();
        Self { opened, closed, sent }
    }

    fn has_started(&self, facts: &SurfaceFacts) -> bool {
        self.opened.iter().any(|o| facts.windows.iter().any(|rule| rule.opener == o.opener))
    }

    fn times(&self, opener: Opener) -> Vec<Timestamp> {
        self.opened.iter().filter(|o| o.opener == opener).map(|o| o.at).collect()
    }

    /// The windows of a rule that have not run out, spent ones included.
    fn windows<'r>(&self, rule: &'r WindowRule, facts: &SurfaceFacts, now: Timestamp) -> Vec<Window<'r>> {
        let times = self.times(rule.opener);
        let spent = match (rule.renewed, rule.max_messages) {
            (true, Some(_)) => times.iter().map(|at| self.sent_since(*at)).collect(),
            (false, Some(max)) => self.spent_each(&times, rule, max, facts),
            (_, None) => vec![0; times.len()],
        };
        let last_only = if rule.renewed { times.len().saturating_sub(1) } else { 0 };
        let each = times.into_iter().zip(spent).skip(last_only);
        each.filter_map(|(at, spent)| self.window(rule, at, spent, now)).collect()
    }

    fn window<'r>(
        &self,
        rule: &'r WindowRule,
        at: Timestamp,
        spent: u32,
        now: Timestamp,
    ) -> Option<Window<'r>> {
        let expires_at = rule.lasts.map(|lasts| at.saturating_add(lasts));
        let is_over = expires_at.is_some_and(|end| end <= now) || self.is_closed(rule, at, now);
        let left = rule.max_messages.map(|max| max.saturating_sub(spent));
        (!is_over).then_some(Window { rule, expires_at, left })
    }

    /// Whether the rule's closing event came between the opening and `until`.
    fn is_closed(&self, rule: &WindowRule, opened: Timestamp, until: Timestamp) -> bool {
        let mut after = self.closed.iter().filter(|c| c.at >= opened && c.at <= until);
        rule.closes_early.as_ref().is_some_and(|event| after.any(|c| c.event == *event))
    }

    fn sent_since(&self, at: Timestamp) -> u32 {
        let before = self.sent.partition_point(|sent| *sent < at);
        narrow(self.sent.len().saturating_sub(before))
    }

    /// Messages spent of each occurrence's own window: a message sent under another, unlimited window
    /// spends nothing; else it spends from the oldest window that still has one.
    fn spent_each(&self, times: &[Timestamp], rule: &WindowRule, max: u32, facts: &SurfaceFacts) -> Vec<u32> {
        let mut spent = vec![0_u32; times.len()];
        let mut oldest = 0_usize;
        let unlimited: Vec<(&WindowRule, Vec<Timestamp>)> = facts
            .windows
            .iter()
            .filter(|other| other.max_messages.is_none())
            .map(|other| (other, self.times(other.opener)))
            .collect();
        for sent in self.sent.iter().filter(|sent| !is_covered(&unlimited, **sent)) {
            let over = |at: &Timestamp| rule.lasts.is_some_and(|lasts| at.saturating_add(lasts) <= *sent);
            while times.get(oldest).is_some_and(over) || spent.get(oldest).is_some_and(|n| *n >= max) {
                oldest = oldest.saturating_add(1);
            }
            if times.get(oldest).is_some_and(|at| at <= sent)
                && let Some(count) = spent.get_mut(oldest)
            {
                *count = count.saturating_add(1);
            }
        }
        spent
    }
}

/// Whether an unlimited window was open when a message was sent.
fn is_covered(unlimited: &[(&WindowRule, Vec<Timestamp>)], sent: Timestamp) -> bool {
    unlimited.iter().any(|(rule, times)| {
        let latest = times.partition_point(|at| *at <= sent).checked_sub(1).and_then(|n| times.get(n));
        latest.is_some_and(|at| rule.lasts.is_none_or(|lasts| at.saturating_add(lasts) > sent))
    })
}
