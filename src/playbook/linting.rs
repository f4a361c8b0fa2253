//! What can be told about a whole playbook before anything happens, rule by rule and slot by slot.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::formula::{Formula, Lit};
use super::lint::{finding, lint_on, ties, ways};
use super::matcher::Memo;
use super::witness::{self, Ground};
use super::{Condition, Directive, Encoding, Literal, Number, Occasion, Policy, Rule, Test, words};
use crate::channel::{AsOf, Provenance};
use crate::detect::SignalKind;
use crate::detect::pii::PiiKind;
use crate::model::{Channel, EventKind, Timestamp, Word};
use crate::{Code, Diagnostic, Diagnostics};

/// Values that fields of numbers can have.
const BOUNDS: &[(&str, i64, i64)] = &[
    ("agent_replies", 0, i64::MAX),
    ("bot_replies", 0, i64::MAX),
    ("channels_tried", 0, i64::MAX),
    ("contacts", 0, i64::MAX),
    ("customer_messages", 0, i64::MAX),
    ("followers", 0, i64::MAX),
    ("length", 0, i64::MAX),
    ("promises_overdue", 0, i64::MAX),
    ("rating", 1, 5),
    ("reopens", 0, i64::MAX),
    ("sentiment", -1000, 1000),
    ("unanswered", 0, i64::MAX),
];

/// Fields that only some occasions have; elsewhere they are unknown.
const ONLY_ON: &[(&str, &[&str])] = &[
    ("addressed", MESSAGES),
    ("approved", &["draft"]),
    ("attachments", MESSAGES),
    ("rating", MESSAGES),
    ("sentiment", MESSAGES),
    ("sentiment_class", MESSAGES),
    ("timer", &["timer"]),
];

const MESSAGES: &[&str] = &["message", "reply", "note", "echo", "repeated"];

/// Months after which what is known of a network should be looked up again; half of it where the source
/// is a secondary one.
const MONTHS_GOOD: u32 = 24;

impl Policy {
    /// What can be told about the rules before anything happens: rules that can never match or always do,
    /// that repeat, shadow or contradict one another, words that nothing ever gives, messages that nothing
    /// routes, levels that nothing reaches, promises of the brand that nothing owes.
    ///
    /// Where a finding is about two rules it names both, and its `example` holds facts that make it true.
    ///
    /// ```
    /// assert!(galateo::playbook::Policy::starter().lint().is_empty());
    /// ```
    #[must_use]
    pub fn lint(&self) -> Diagnostics {
        let compiled = self.compiled();
        let ground = Ground { encoding: &compiled.encoding, bounds: BOUNDS };
        let rules = compiled.rules.as_slice();
        let mut found = lint_on(rules, &ground, false);
        found.extend(rules.iter().filter_map(|rule| unheard(rule, &ground)));
        for one in &mut found {
            let rule = rules.iter().find(|rule| one.rules() == [rule.id.as_str()]);
            let beyond = rule.filter(|_| one.code == Code::NEVER_MATCHES).and_then(beyond_the_scale);
            one.help = one.help.take().or(beyond);
        }
        found.extend(rules.iter().filter_map(fraction));
        let dead: BTreeSet<String> = never(&found);
        let live: Vec<Rule<Directive>> =
            rules.iter().filter(|rule| !dead.contains(rule.id.as_str())).cloned().collect();
        let gone = of_code(&found, Code::REPEATED);
        for slot in Slot::ALL {
            found.extend(in_slot(*slot, &live, &ground).into_iter().filter(|one| !gone.contains(&one.path)));
        }
        found.extend(rules.iter().filter_map(asks_twice));
        found.extend(rules.iter().flat_map(|rule| self.slips(rule)));
        found.extend(routing_gap(&live, &ground));
        found.extend(self.unreachable_levels(&live, &found));
        found.extend(self.unowed_promises(&live));
        found.into()
    }

    /// The same with what is known of networks as of a day: facts that should have been checked again.
    #[must_use]
    pub fn lint_on(&self, today: Timestamp) -> Diagnostics {
        let mut found = self.lint();
        found.extend(self.stale(today).into());
        found
    }

    /// Words of conditions that nothing known ever gives, where a known one is near (or the list is closed).
    fn slips(&self, rule: &Rule<Directive>) -> Vec<Diagnostic> {
        let mut slips = Vec::new();
        let events = event_words();
        for word in rule.on.iter().filter(|word| !events.contains(&word.as_str())) {
            slips.push(slip(rule, "on", word.as_str(), &events));
        }
        for test in rule.when.tests() {
            let known = self.known_words(test);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let asked = test.literals().iter().filter_map(|literal| match literal {
                Literal::Text(word) if !word.is_empty() => Some(&**word),
                _ => None,
            });
            let is_slip = |word: &&str| !known.contains(word) && words::nearest(word, &known).is_some();
            slips.extend(asked.filter(is_slip).map(|word| slip(rule, test.field(), word, &known)));
        }
        slips
    }

    /// The words that a field is known to hold; empty where anything may stand.
    fn known_words(&self, test: &Test) -> Vec<String> {
        let playbook = self.playbook();
        match test.field() {
            "channel" | "channels" => {
                Channel::ALL.iter().map(|channel| channel.as_str().to_owned()).collect()
            }
            "event" => event_words().into_iter().map(str::to_owned).collect(),
            "features" => playbook.features.iter().map(|feature| feature.id.as_str().to_owned()).collect(),
            "personal_data" => {
                let kinds = PiiKind::ALL.iter().map(|kind| kind.as_str().to_owned());
                let own = playbook.privacy.patterns.keys().map(|name| name.as_str().to_owned());
                kinds.chain(own).collect()
            }
            "queue" => playbook.queues.iter().map(|queue| queue.id.to_string()).collect(),
            "signals" => SignalKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect(),
            "topics" => playbook.topics.iter().map(|topic| topic.id.to_string()).collect(),
            _ => Vec::new(),
        }
    }

    /// Levels to which no rule that counts escalates.
    fn unreachable_levels(&self, live: &[Rule<Directive>], found: &[Diagnostic]) -> Vec<Diagnostic> {
        let outdone: BTreeSet<&str> = found
            .iter()
            .filter(|one| one.code == Code::SHADOWED && one.message.contains(Slot::Escalate.word()))
            .filter_map(|one| one.rules().last().map(String::as_str))
            .collect();
        let counts = live.iter().filter(|rule| !outdone.contains(rule.id.as_str()));
        let reached: BTreeSet<u8> = counts.flat_map(|rule| &rule.then).filter_map(level).collect();
        let levels = self.playbook().levels.iter().enumerate();
        let missed = levels.filter(|(_, level)| !reached.contains(&level.level));
        missed
            .map(|(at, level)| {
                let message = format!("no rule escalates to level {}", level.level);
                Diagnostic::new(Code::LEVEL_UNREACHABLE, format!("levels[{at}]"), message)
            })
            .collect()
    }

    /// Promises of the brand that no rule that counts owes to anybody.
    fn unowed_promises(&self, live: &[Rule<Directive>]) -> Vec<Diagnostic> {
        let owed: BTreeSet<&Word> = live.iter().flat_map(|rule| &rule.then).filter_map(owes).collect();
        let promises = self.playbook().promises.iter().enumerate();
        let missed = promises.filter(|(_, promise)| !owed.contains(&promise.id));
        missed
            .map(|(at, promise)| {
                let message = format!("no rule owes the promise `{}` to anybody", promise.id.as_str());
                Diagnostic::new(Code::PROMISE_UNOWED, format!("promises[{at}]"), message)
            })
            .collect()
    }

    /// Facts on the channels of the playbook's accounts that are too old to be relied on.
    fn stale(&self, today: Timestamp) -> Vec<Diagnostic> {
        let today = today.to_string();
        let channels: BTreeSet<&Channel> =
            self.playbook().accounts.iter().map(|account| &account.channel).collect();
        let used = self.channels().surfaces().filter(|facts| channels.contains(&facts.surface.channel));
        let mut stale = Vec::new();
        for facts in used {
            let limits = facts.caps.iter().map(|cap| ("the limit of length", &cap.provenance));
            let all = limits.chain([("what is known", &facts.provenance)]);
            if let Some((what, from)) = all.into_iter().find(|(_, from)| is_past(from, &today)) {
                let message = format!(
                    "{what} of `{}` is as of {} and should be checked",
                    facts.surface,
                    from.as_of.as_str()
                );
                stale.push(
                    Diagnostic::new(Code::FACT_STALE, "accounts", message)
                        .with_help(format!("its source is {}", from.source)),
                );
            }
        }
        stale
    }
}

/// The scale of a field, where a condition compares it with a number beyond.
fn beyond_the_scale(rule: &Rule<Directive>) -> Option<String> {
    rule.when.tests().find_map(|test| {
        let (field, least, most) = BOUNDS.iter().find(|(field, ..)| *field == test.field())?;
        let is_beyond = |n: &Number| *n < Number::from(*least) || *n > Number::from(*most);
        let scale = match *most {
            i64::MAX => format!("`{field}` is {least} or more"),
            most => format!("`{field}` runs from {least} to {most}"),
        };
        numbers(test).any(|number| is_beyond(&number)).then_some(scale)
    })
}

/// A fraction where a field counts in whole numbers.
fn fraction(rule: &Rule<Directive>) -> Option<Diagnostic> {
    let is_fraction = |number: Number| number.as_i64().is_none();
    let counted = |test: &&Test| BOUNDS.iter().any(|(field, ..)| *field == test.field());
    let mut tests = rule.when.tests();
    let test = tests.find(|test| counted(test) && numbers(test).any(is_fraction))?;
    let field = test.field();
    let found =
        finding(rule, Code::LIKELY_SLIP, format!("`{field}` is a whole number, and never a fraction"));
    let scale = BOUNDS.iter().find(|(known, _, most)| *known == field && *most < i64::MAX);
    Some(match scale {
        Some((_, least, most)) => found.with_help(format!("it runs from {least} to {most}")),
        None => found,
    })
}

/// The numbers that a test compares with.
fn numbers(test: &Test) -> impl Iterator<Item = Number> {
    test.literals().iter().filter_map(|literal| match literal {
        Literal::Number(number) => Some(*number),
        _ => None,
    })
}

fn of_code(found: &[Diagnostic], code: Code) -> BTreeSet<String> {
    found.iter().filter(|one| one.code == code).map(|one| one.path.clone()).collect()
}

fn never(found: &[Diagnostic]) -> BTreeSet<String> {
    let dead = found.iter().filter(|one| one.code == Code::NEVER_MATCHES);
    dead.flat_map(|one| one.rules().iter().cloned()).collect()
}

/// Whether a day lies past the months for which a fact is good.
fn is_past(from: &Provenance, today: &str) -> bool {
    let good = if from.check { MONTHS_GOOD / 2 } else { MONTHS_GOOD };
    let months = |text: &str| {
        let mut parts = text.split('-').map(|part| part.parse::<u32>().ok());
        Some(parts.next()??.saturating_mul(12).saturating_add(parts.next()??))
    };
    let age = months(AsOf::as_str(&from.as_of)).zip(months(today));
    age.is_some_and(|(then, now)| now.saturating_sub(then) > good)
}

/// The words that a rule's `on` can name.
fn event_words() -> Vec<&'static str> {
    let occasions = Occasion::ALL.iter().map(|occasion| occasion.as_str());
    occasions.chain(EventKind::NAMES.iter().copied()).filter(|word| *word != "event").collect()
}

fn slip(rule: &Rule<Directive>, field: &str, word: &str, known: &[&str]) -> Diagnostic {
    let quoted = words::quoted(word).unwrap_or_else(|| "a word".to_owned());
    let mut found = finding(rule, Code::LIKELY_SLIP, format!("nothing known gives {quoted} in `{field}`"));
    found.help = words::nearest(word, known).map(|near| format!("did you mean `{near}`?"));
    found
}

/// A rule whose every branch needs a field that its occasions never have.
fn unheard(rule: &Rule<Directive>, ground: &Ground<'_>) -> Option<Diagnostic> {
    let mut branches = ways(rule, ground);
    if branches.is_empty() || rule.on.is_empty() {
        return None;
    }
    let on: Vec<&str> = rule.on.iter().map(Word::as_str).collect();
    let absent: Vec<&str> = ONLY_ON
        .iter()
        .filter(|(_, occasions)| !on.iter().any(|word| occasions.contains(word)))
        .map(|(field, _)| *field)
        .collect();
    let mut culprit = None;
    branches.retain(|branch| {
        let needs =
            branch.lits.iter().find_map(|lit| needed(lit, ground).filter(|name| absent.contains(&&**name)));
        let is_possible = needs.is_none();
        culprit = culprit.take().or(needs);
        is_possible
    });
    let field = culprit.filter(|_| branches.is_empty())?;
    let message = format!("this rule can never match, for `{field}` is never known on {}", on.join(" or "));
    Some(finding(rule, Code::NEVER_MATCHES, message))
}

/// The field that a question needs to be known.
fn needed(lit: &Lit, ground: &Ground<'_>) -> Option<String> {
    let (column, may_miss) = match lit {
        Lit::In(column, ranges) => (*column, super::formula::contains(ranges, 0)),
        Lit::Has { column, missing, .. } => (*column, *missing),
        Lit::Matches { .. } => return None,
    };
    let name = ground.encoding.field_of(column).map(|(field, _)| field.name.to_string());
    name.filter(|_| !may_miss)
}

/// What only one of several rules that match can have its way in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Close,
    Escalate,
    Formal,
    Invite,
    MustLeave,
    Priority,
    Refer,
    Route,
    Status,
    Ticket,
    Verdict,
}

impl Slot {
    const ALL: &'static [Self] = &[
        Self::Close,
        Self::Escalate,
        Self::Formal,
        Self::Invite,
        Self::MustLeave,
        Self::Priority,
        Self::Refer,
        Self::Route,
        Self::Status,
        Self::Ticket,
        Self::Verdict,
    ];

    /// The words of a playbook that stand in it.
    const fn word(self) -> &'static str {
        match self {
            Self::Close => "`close`",
            Self::Escalate => "`escalate`",
            Self::Formal => "`redirect_formal`",
            Self::Invite | Self::MustLeave => "`move_private`",
            Self::Priority => "`set_priority`",
            Self::Refer => "`refer`",
            Self::Route => "`assign` or `hand_over`",
            Self::Status => "`set_status`",
            Self::Ticket => "`open_ticket`",
            Self::Verdict => "`engage`, `ignore`, `monitor` or `proactive`",
        }
    }

    const fn of(directive: &Directive) -> Option<Self> {
        Some(match directive {
            Directive::Close { .. } => Self::Close,
            Directive::Escalate { .. } => Self::Escalate,
            Directive::RedirectFormal { .. } => Self::Formal,
            Directive::MovePrivate { required: true, .. } => Self::MustLeave,
            Directive::MovePrivate { .. } => Self::Invite,
            Directive::SetPriority(_) => Self::Priority,
            Directive::Refer { .. } => Self::Refer,
            Directive::Assign(_) | Directive::HandOver { .. } => Self::Route,
            Directive::SetStatus(_) => Self::Status,
            Directive::OpenTicket { .. } => Self::Ticket,
            Directive::Engage { .. }
            | Directive::Ignore { .. }
            | Directive::Monitor { .. }
            | Directive::Proactive { .. } => Self::Verdict,
            _ => return None,
        })
    }
}

/// What a directive asks for, the reason aside, which is told and changes nothing.
fn value(directive: &Directive) -> Value {
    let mut written = serde_json::to_value(directive).unwrap_or_default();
    if let Some(inner) =
        written.as_object_mut().and_then(|tagged| tagged.values_mut().next()?.as_object_mut())
    {
        inner.remove("reason");
    }
    written
}

const fn level(directive: &Directive) -> Option<u8> {
    match directive {
        Directive::Escalate { level, .. } => Some(*level),
        _ => None,
    }
}

const fn owes(directive: &Directive) -> Option<&Word> {
    match directive {
        Directive::Owe { promise, .. } => Some(promise),
        _ => None,
    }
}

/// Rules that are shadowed in a slot, or contradict each other in it.
fn in_slot(slot: Slot, rules: &[Rule<Directive>], ground: &Ground<'_>) -> Vec<Diagnostic> {
    let found = groups(slot, rules).into_iter().flat_map(|members| lint_on(&members, ground, true));
    let of_slot = |one: &Diagnostic| match slot {
        Slot::Escalate => one.code == Code::SHADOWED && !raise_alike(one, rules),
        _ => one.code == Code::SHADOWED || one.code == Code::TIE,
    };
    found.filter(of_slot).map(|one| named(one, slot)).collect()
}

/// Whether all rules of a finding raise to one level: then they agree, and none is in vain.
fn raise_alike(one: &Diagnostic, rules: &[Rule<Directive>]) -> bool {
    let named = rules.iter().filter(|rule| one.rules().iter().any(|id| id == rule.id.as_str()));
    let mut levels: Vec<u8> = named.filter_map(|rule| rule.then.iter().find_map(level)).collect();
    levels.dedup();
    levels.len() < 2
}

/// What is told of a playbook without being asked for: every two rules of one priority that can match
/// together and ask for different things in a slot, and messages that no rule routes.
pub(super) fn at_once(rules: &[Rule<Directive>], encoding: &Arc<Encoding>) -> Vec<Diagnostic> {
    let ground = Ground { encoding, bounds: BOUNDS };
    let gap = routing_gap(rules, &ground);
    let slots = Slot::ALL.iter().filter(|slot| **slot != Slot::Escalate);
    slots
        .flat_map(|slot| groups(*slot, rules).into_iter().map(move |members| (slot, members)))
        .flat_map(|(slot, members)| ties(&members, &ground).into_iter().map(|one| named(one, *slot)))
        .chain(gap)
        .collect()
}

fn named(mut one: Diagnostic, slot: Slot) -> Diagnostic {
    one.message = format!("{}: {}", slot.word(), one.message);
    one
}

/// The rules that ask for something in a slot; each department has a slot of its own.
fn groups(slot: Slot, rules: &[Rule<Directive>]) -> Vec<Vec<Rule<Value>>> {
    let mut groups: Vec<(Value, Vec<Rule<Value>>)> = Vec::new();
    for rule in rules {
        let Some(directive) = rule.then.iter().find(|does| Slot::of(does) == Some(slot)) else { continue };
        let (group, member) = (of_department(directive), reduced(rule, directive, slot));
        match groups.iter_mut().find(|(known, _)| *known == group) {
            Some((_, members)) => members.push(member),
            None => groups.push((group, vec![member])),
        }
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

/// A rule with what it asks for in one slot; in the ladder the level decides, and not the priority.
fn reduced(rule: &Rule<Directive>, directive: &Directive, slot: Slot) -> Rule<Value> {
    let mut member = Rule::new(rule.id.clone())
        .priority(rule.priority)
        .aim(rule.aim)
        .when(rule.when.clone())
        .on_unknown(rule.on_unknown)
        .then(value(directive));
    member.on.clone_from(&rule.on);
    member.origin.clone_from(&rule.origin);
    if let (Slot::Escalate, Some(level)) = (slot, level(directive)) {
        member.priority = i32::from(level);
    }
    member
}

/// A rule that asks twice for what is done once.
fn asks_twice(rule: &Rule<Directive>) -> Option<Diagnostic> {
    let slots: Vec<(Slot, Value)> =
        rule.then.iter().filter_map(|does| Some((Slot::of(does)?, of_department(does)))).collect();
    let twice =
        slots.iter().enumerate().find(|(at, one)| slots.iter().take(*at).any(|before| before == *one))?;
    let (_, (slot, _)) = twice;
    let message = format!("this rule asks for {} twice, and only one of them counts", slot.word());
    Some(finding(rule, Code::ASKS_TWICE, message))
}

fn of_department(directive: &Directive) -> Value {
    match directive {
        Directive::Refer { department, .. } => json!(department),
        _ => Value::Null,
    }
}

/// A message that no rule routes, where one can be shown.
fn routing_gap(rules: &[Rule<Directive>], ground: &Ground<'_>) -> Option<Diagnostic> {
    let routes = |does: &Directive| Slot::of(does) == Some(Slot::Route);
    let routing: Vec<&Rule<Directive>> = rules
        .iter()
        .filter(|rule| rule.then.iter().any(routes) && rule.on.iter().any(|on| on.as_str() == "message"))
        .collect();
    if routing.iter().any(|rule| rule.when == Condition::default()) {
        return None;
    }
    let asked: Vec<Formula> = routing.iter().map(|rule| witness::formula(rule, ground.encoding)).collect();
    let plain = plain_message();
    let literals = routing.iter().flat_map(|rule| ways(rule, ground)).flat_map(|branch| branch.lits);
    let others = literals.filter_map(|lit| ground.facts([turned(&lit)?].iter()));
    let mut tried = std::iter::once(plain.clone()).chain(others.map(|facts| with(plain.clone(), facts)));
    let is_left = |facts: &Map<String, Value>| {
        let row = ground.row(facts);
        row.is_some_and(|row| !asked.iter().any(|formula| formula.holds(&row, &mut Memo::default())))
    };
    let facts = tried.find(is_left)?;
    let mut found = Diagnostic::new(Code::ROUTING_GAP, "rules", "no rule routes some messages");
    found.help = Some("add a rule without condition that assigns a queue".to_owned());
    Some(found.about(Vec::new(), Some(facts)))
}

/// What a plain message tells when it shows nothing.
fn plain_message() -> Map<String, Value> {
    let facts = json!({
        "event": "message", "author": "customer", "channel": "x", "surface": "post", "visibility": "public",
        "addressed": true, "signals": [], "sentiment": 0, "sentiment_class": "neutral", "topics": [],
        "public_answers": false, "personal_data": [], "truncated": false, "status": "open", "tags": [],
        "attachments": [], "customer_messages": 1, "unanswered": 1, "agent_replies": 0, "bot_replies": 0,
        "language": "it", "breached": false,
    });
    facts.as_object().cloned().unwrap_or_default()
}

fn with(mut facts: Map<String, Value>, others: Map<String, Value>) -> Map<String, Value> {
    facts.extend(others.into_iter().filter(|(name, _)| name != "event"));
    facts
}

/// The question turned round; one that is never unknown where it was not.
fn turned(lit: &Lit) -> Option<Lit> {
    match lit {
        Lit::In(column, ranges) => {
            let mut left = Vec::new();
            let mut at = 1;
            for (from, to) in ranges {
                left.push((at, *from));
                at = at.max(*to);
            }
            left.push((at, u32::MAX));
            left.retain(|(from, to)| from < to);
            (!left.is_empty()).then_some(Lit::In(*column, left))
        }
        Lit::Has { column, ids, wanted, .. } => {
            Some(Lit::Has { column: *column, ids: ids.clone(), wanted: !wanted, missing: false })
        }
        Lit::Matches { .. } => None,
    }
}
