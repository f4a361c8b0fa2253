//! Policies compiled: calendars shared, budgets listed, statuses as a mask.

use std::collections::BTreeMap;

use super::super::calendar::{Calendar, Horizon, Landing};
use super::super::error::{SpecFault, SpecFaults};
use super::super::spec::CalendarSpec;
use super::super::zone::Zone;
use super::clock::{Author, Signal};
use super::document::{
    Budget, HoursKind, Match, MetricKind, MetricSpec, OnPriorityChange, OnReopen, PolicySpec, ScheduleChange,
    Share, Start, StartAt, Target, Warnings,
};
use super::facts::Facts;
use super::names::{ByName, Label, Names};
use crate::hash::Fnv;
use crate::model::{Seconds, Status, Timestamp};

/// Policies and metrics that one list may hold.
const MAX_POLICIES: usize = 256;
/// Metrics of one policy.
const MAX_METRICS: usize = 64;

/// Business days of one target: ten years.
const MAX_DAYS: u32 = 3660;

/// In the place of a metric that a policy does not have.
const NO_METRIC: usize = usize::MAX;

/// Instances that ended which are kept of a measure that some policies resume and others do not.
const MIXED: usize = 4;

/// A list of policies, compiled: immutable and `Send + Sync`; the first that matches wins.
///
/// ```
/// use galateo::schedule::sla::{Policies, PolicySpec};
/// let spec: PolicySpec = serde_json::from_str(r#"{"metrics": [{"metric": "update", "target": -1}]}"#)?;
/// let faults = Policies::new(&[spec]).unwrap_err();
/// assert_eq!(faults.list()[0].path, "/0/metrics/0/target");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Policies {
    pub(super) list: Vec<Policy>,
    /// The metrics of all policies in order.
    pub(super) metrics: Vec<Metric>,
    /// What has a clock of its own: metrics of several policies that behave alike share one.
    pub(super) tracks: Vec<Track>,
    calendars: Vec<Calendar>,
    /// What the clocks measure over all policies: a metric, and its number among equals of one policy.
    pub(super) keys: Vec<(MetricKind, usize)>,
    names: Names,
    /// The instants at which hours change, sorted.
    changes: Vec<i64>,
    pub(super) audience: Audience,
    pub(super) looks: Looks,
    /// The same for the same documents under the same zone data.
    pub(super) fingerprint: u64,
}

/// Which facts any policy or metric looks at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Looks {
    pub(super) priority: bool,
    pub(super) channel: bool,
    pub(super) group: bool,
}

impl Looks {
    fn of(specs: &[PolicySpec]) -> Self {
        let any = |looks: &dyn Fn(&PolicySpec) -> bool| specs.iter().any(looks);
        let measures = |spec: &PolicySpec, kind| spec.metrics.iter().any(|metric| metric.metric == kind);
        let by_priority = |metric: &MetricSpec| matches!(metric.target, Target::ByPriority(_));
        Self {
            priority: any(&|spec| {
                !spec.matches.priority.is_empty()
                    || spec.requires_priority
                    || spec.on_priority_change == OnPriorityChange::Restart
                    || spec.metrics.iter().any(by_priority)
            }),
            channel: any(&|spec| !spec.matches.channel.is_empty() || !spec.calendar_by_channel.is_empty()),
            group: any(&|spec| {
                !spec.matches.group.is_empty()
                    || !spec.calendar_by_group.is_empty()
                    || measures(spec, MetricKind::Ownership)
            }),
        }
    }
}

/// A clock, and the metrics that read it: those of one key that start, pause and end alike and are always
/// counted in the same hours, whichever policy is in force. Their budgets may differ.
#[derive(Debug, Clone, Copy)]
pub(super) struct Track {
    /// The first of its metrics.
    first: usize,
    pub(super) key: usize,
    pub(super) kind: MetricKind,
    /// The statuses it runs in, one bit each.
    pub(super) runs_in: u8,
    /// Whether an event that ends an instance can open the next.
    pub(super) follows: bool,
}

/// Which tracks an everyday event can matter to, as indexes.
#[derive(Debug, Clone, Default)]
pub(super) struct Audience {
    message: Vec<usize>,
    agent: Vec<usize>,
    bot: Vec<usize>,
    note: Vec<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Policy {
    pub(super) name: Option<String>,
    matches: Matches,
    requires_priority: bool,
    pub(super) restart: bool,
    pub(super) last_wins: bool,
    pub(super) landing: Landing,
    /// Calendars by the millisecond they come into force, the first from ever.
    base: Vec<(i64, usize)>,
    by_channel: ByName<usize>,
    by_group: ByName<usize>,
    /// For each key, the metric of this policy; `NO_METRIC` where it has none.
    by_key: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Matches {
    priority: Vec<Label>,
    channel: Vec<Label>,
    group: Vec<Label>,
    tag: Vec<Label>,
}

#[derive(Debug, Clone)]
pub(super) struct Metric {
    pub(super) spec: MetricSpec,
    /// Its place among the metrics of all policies.
    pub(super) index: usize,
    /// Index of its policy.
    pub(super) policy: usize,
    /// Index into the keys.
    pub(super) key: usize,
    /// The statuses it runs in, one bit each.
    pub(super) runs_in: u8,
    /// Index of its clock.
    pub(super) track: usize,
    /// The calendar it is always counted in under its policy.
    calendar: Option<usize>,
    targets: ByName<Budget>,
    /// Whether a budget is known only when an instance starts.
    pub(super) in_days: bool,
    /// Every budget and warning of its track in milliseconds, sorted, where all are known in advance.
    pub(super) marks: Vec<i64>,
    /// The calendars that can be in force, for a clock that is counted by the last of them.
    pub(super) lanes: Vec<usize>,
}

impl Metric {
    /// The budget for a priority.
    #[inline]
    pub(super) fn budget(&self, priority: Option<Label>) -> Option<Budget> {
        self.targets.of(priority)
    }

    /// Every budget.
    pub(super) fn budgets(&self) -> impl Iterator<Item = Budget> {
        self.targets.values()
    }
}

/// The calendar that never closes is the first of every list.
pub(super) const ALWAYS: usize = 0;

impl Policies {
    /// Compiles policies; calendars answer from their periodic form, without a horizon.
    ///
    /// # Errors
    /// All faults of the documents, with their paths.
    pub fn new(specs: &[PolicySpec]) -> Result<Self, SpecFaults> {
        let mut policies = Self::compile(specs, Horizon::none(Timestamp::MIN))?;
        for calendar in policies.calendars.iter_mut().skip(1) {
            *calendar = calendar.clone().periodic();
        }
        Ok(policies)
    }

    /// Compiles policies with their calendars laid out over a horizon.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn compile(specs: &[PolicySpec], horizon: Horizon) -> Result<Self, SpecFaults> {
        if specs.len() > MAX_POLICIES || specs.iter().any(|spec| spec.metrics.len() > MAX_METRICS) {
            let help = "at most 256 policies of 64 metrics";
            let fault = SpecFault::new("too_many_entries", "", "too many policies or metrics", help);
            return Err(SpecFaults::one(fault));
        }
        let mut compiler = Compiler {
            horizon,
            known: Vec::new(),
            faults: Vec::new(),
            calendars: vec![Calendar::always().with_horizon(horizon)],
            names: Names::new(specs.iter().flat_map(names_of)),
            keys: Vec::new(),
            metrics: Vec::new(),
        };
        let list = specs.iter().enumerate().map(|(i, spec)| compiler.policy(i, spec)).collect();
        SpecFaults::check(compiler.faults)?;
        let Compiler { calendars, names, keys, metrics, .. } = compiler;
        let mut policies = Self {
            list,
            calendars,
            names,
            changes: Vec::new(),
            audience: Audience::default(),
            tracks: Vec::new(),
            looks: Looks::of(specs),
            fingerprint: 0,
            metrics,
            keys,
        };
        policies.finish();
        policies.fingerprint = fingerprint(specs, policies.release());
        Ok(policies)
    }

    /// Fills in what is known of all policies together.
    fn finish(&mut self) {
        for policy in &mut self.list {
            policy.by_key = vec![NO_METRIC; self.keys.len()];
            self.changes.extend(policy.base.iter().map(|(from, _)| *from).filter(|from| *from > i64::MIN));
        }
        self.changes.sort_unstable();
        self.changes.dedup();
        for (index, metric) in self.metrics.iter_mut().enumerate() {
            let policy = self.list.get_mut(metric.policy);
            metric.calendar = policy.as_ref().and_then(|policy| policy.only_calendar(metric.spec.hours));
            if let Some(slot) = policy.and_then(|policy| policy.by_key.get_mut(metric.key)) {
                *slot = index;
            }
        }
        self.lay_tracks();
        self.audience = Audience::of(&self.tracks, &self.metrics);
    }

    /// Finds the metrics that can share a clock, and joins their marks.
    fn lay_tracks(&mut self) {
        let mut marks: Vec<Vec<i64>> = Vec::new();
        let mut places = Vec::with_capacity(self.metrics.len());
        for (index, metric) in self.metrics.iter().enumerate() {
            let known = self.tracks.iter().position(|track| {
                self.metrics.get(track.first).is_some_and(|first| self.are_alike(first, metric))
            });
            let place = known.unwrap_or(self.tracks.len());
            if known.is_none() {
                let (kind, follows) = (metric.spec.metric, follows(metric.spec.metric));
                let (key, runs_in) = (metric.key, metric.runs_in);
                self.tracks.push(Track { first: index, key, kind, runs_in, follows });
                marks.push(Vec::new());
            }
            if let Some(marks) = marks.get_mut(place) {
                marks.extend_from_slice(&metric.marks);
            }
            places.push(place);
        }
        for all in &mut marks {
            all.sort_unstable();
            all.dedup();
        }
        for (index, (metric, track)) in self.metrics.iter_mut().zip(places).enumerate() {
            (metric.index, metric.track) = (index, track);
            metric.marks = marks.get(track).cloned().unwrap_or_default();
        }
    }

    /// Whether one clock serves two metrics of a key.
    fn are_alike(&self, a: &Metric, b: &Metric) -> bool {
        let policies = self.list.get(a.policy).zip(self.list.get(b.policy));
        let Some((x, y)) = policies.filter(|_| a.key == b.key) else { return false };
        let bare = |spec: &MetricSpec| MetricSpec {
            target: Target::All(Budget::Seconds(0)),
            warn_before: Warnings::default(),
            warn_fraction: Warnings::default(),
            hours: HoursKind::Business,
            ..spec.clone()
        };
        let hours = a.spec.hours == b.spec.hours
            && (&x.base, &x.by_channel, &x.by_group) == (&y.base, &y.by_channel, &y.by_group);
        bare(&a.spec) == bare(&b.spec)
            && a.spec.start_at == StartAt::Event
            && !(a.in_days || b.in_days)
            && (x.restart, x.landing) == (y.restart, y.landing)
            && !(x.last_wins || y.last_wins)
            && (hours || self.is_always_measured(a.key))
    }

    /// Whether some policy is always in force, and whichever it is measures a key.
    fn is_always_measured(&self, key: usize) -> bool {
        let candidates = self.list.iter().position(Policy::holds_for_all).map(|last| last.saturating_add(1));
        candidates
            .is_some_and(|count| self.list.iter().take(count).all(|policy| policy.metric_of(key).is_some()))
    }

    /// How many of the instances of a key that ended can still matter: the last, and where one policy takes
    /// up what another has ended, some before it.
    pub(super) fn kept(&self, key: usize) -> usize {
        let resumes = |metric: &Metric| {
            matches!(metric.spec.on_reopen, OnReopen::Resume | OnReopen::ResumeCountingSolved)
        };
        let mut of_key = self.tracks.iter().filter(|track| track.key == key);
        let modes = of_key.by_ref().filter_map(|track| self.metrics.get(track.first)).map(resumes);
        let (mut resuming, mut other) = (false, false);
        modes.for_each(|resumes| if resumes { resuming = true } else { other = true });
        if resuming && other { MIXED } else { 1 }
    }

    /// The first metric of a key.
    pub(super) fn first_metric(&self, key: usize) -> Option<&Metric> {
        self.metrics.iter().find(|metric| metric.key == key)
    }

    /// The metric that a track stands for while a policy is in force, with its policy.
    #[inline]
    pub(super) fn member<'a>(
        &'a self,
        index: usize,
        track: &Track,
        in_force: Option<&'a Policy>,
    ) -> Option<(&'a Policy, &'a Metric)> {
        if let Some(policy) = in_force
            && let Some(metric) = policy.by_key.get(track.key).and_then(|place| self.metrics.get(*place))
            && metric.track == index
        {
            return Some((policy, metric));
        }
        let metric = self.metrics.get(track.first)?;
        Some((self.list.get(metric.policy)?, metric))
    }

    /// The policy of an index.
    #[inline]
    pub(super) fn policy(&self, index: Option<usize>) -> Option<&Policy> {
        self.list.get(index?)
    }

    /// The release of the time zone data the calendars were compiled from.
    #[must_use]
    pub fn release(&self) -> Option<&str> {
        self.calendars.iter().find_map(Calendar::release)
    }

    /// The first zone a calendar is written in.
    pub(super) fn zone(&self) -> Option<&Zone> {
        self.calendars.iter().find_map(Calendar::zone)
    }

    #[inline]
    pub(super) fn calendar(&self, index: usize) -> Option<&Calendar> {
        self.calendars.get(index)
    }

    #[inline]
    pub(super) fn label(&self, name: &str) -> Label {
        self.names.label(name)
    }

    /// The seconds of a budget for what starts at an instant in the hours of a calendar; `None` where these
    /// have not so many days.
    pub(super) fn seconds(&self, budget: Budget, calendar: usize, start: Timestamp) -> Option<i64> {
        match budget {
            Budget::Seconds(seconds) => Some(seconds),
            Budget::BusinessDays { business_days, by } => {
                self.calendar(calendar)?.budget_in_days(start, business_days, by).ok().map(Seconds::get)
            }
        }
    }

    /// The policy in force for a conversation.
    #[inline]
    pub(super) fn in_force(&self, facts: &Facts, tags: &[Label]) -> Option<usize> {
        self.list.iter().position(|policy| policy.holds_for(facts, tags))
    }

    /// Whether the hours of any policy change at an instant.
    #[inline]
    pub(super) const fn changes(&self) -> bool {
        !self.changes.is_empty()
    }

    /// The first change of hours of any policy after an instant.
    #[inline]
    pub(super) fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        if self.changes.is_empty() {
            return None;
        }
        let next = self.changes.partition_point(|at| *at <= after.as_millis());
        self.changes.get(next).and_then(|at| Timestamp::from_millis(*at).ok())
    }
}

fn first_after(mut sorted: impl Iterator<Item = i64>, after: Timestamp) -> Option<Timestamp> {
    sorted.find(|at| *at > after.as_millis()).and_then(|at| Timestamp::from_millis(at).ok())
}

/// A number for documents, so that what is stored under some is not read under others.
fn fingerprint(specs: &[PolicySpec], release: Option<&str>) -> u64 {
    let mut hash = Fnv::START;
    // Writing to a hash does not fail.
    let _ = serde_json::to_writer(&mut hash, &(specs, release));
    hash.get()
}

/// Every name a policy mentions.
fn names_of(spec: &PolicySpec) -> impl Iterator<Item = &str> {
    let Match { priority, channel, group, tag } = &spec.matches;
    let matched = [priority, channel, group, tag].into_iter().flatten();
    let hours = spec.calendar_by_channel.keys().chain(spec.calendar_by_group.keys());
    let targets = spec.metrics.iter().flat_map(|metric| match &metric.target {
        Target::All(_) => None,
        Target::ByPriority(map) => Some(map.keys()),
    });
    matched.chain(hours).chain(targets.flatten()).map(String::as_str)
}

impl Audience {
    /// The tracks a message or a reply can matter to.
    #[inline]
    pub(super) fn told(&self, signal: Signal) -> &[usize] {
        match signal {
            Signal::CustomerMessage => &self.message,
            Signal::Reply(Author::Agent) => &self.agent,
            Signal::Reply(Author::Bot) => &self.bot,
            Signal::Reply(Author::Note) => &self.note,
            _ => &[],
        }
    }

    fn of(tracks: &[Track], metrics: &[Metric]) -> Self {
        let mut all = Self::default();
        for (index, track) in tracks.iter().enumerate() {
            let Some(Metric { spec, .. }) = metrics.get(track.first) else { continue };
            use MetricKind::{FirstReply, NextReply, PausableUpdate, PeriodicUpdate, Update};
            let told = match spec.metric {
                FirstReply => spec.start == Start::FirstCustomerMessage,
                kind => matches!(kind, NextReply | Update),
            };
            let replies =
                matches!(spec.metric, FirstReply | NextReply | Update | PeriodicUpdate | PausableUpdate);
            let lists = [
                (told, &mut all.message),
                (replies, &mut all.agent),
                (replies && spec.count_bot, &mut all.bot),
                (replies && spec.count_private_note, &mut all.note),
            ];
            lists.into_iter().filter(|(listens, _)| *listens).for_each(|(_, list)| list.push(index));
        }
        all
    }
}

impl Policy {
    /// Whether it holds for every conversation.
    fn holds_for_all(&self) -> bool {
        let Matches { priority, channel, group, tag } = &self.matches;
        !self.requires_priority && [priority, channel, group, tag].into_iter().all(Vec::is_empty)
    }

    fn holds_for(&self, facts: &Facts, tags: &[Label]) -> bool {
        let any = |list: &[Label], value: Option<Label>| {
            list.is_empty() || value.is_some_and(|value| list.contains(&value))
        };
        let m = &self.matches;
        (!self.requires_priority || facts.priority.is_some())
            && any(&m.priority, facts.priority)
            && any(&m.channel, facts.channel)
            && any(&m.group, facts.group)
            && (m.tag.is_empty() || tags.iter().any(|tag| m.tag.contains(tag)))
    }

    /// The metric of this policy that measures a key.
    #[inline]
    pub(super) fn metric_of(&self, key: usize) -> Option<usize> {
        self.by_key.get(key).copied().filter(|place| *place != NO_METRIC)
    }

    /// The calendar of a metric for a conversation at an instant.
    #[inline]
    pub(super) fn calendar_of(&self, metric: &Metric, facts: &Facts, at: Timestamp) -> usize {
        metric.calendar.unwrap_or_else(|| self.calendar_by(facts, at))
    }

    fn calendar_by(&self, facts: &Facts, at: Timestamp) -> usize {
        self.by_channel
            .of(facts.channel)
            .or_else(|| self.by_group.of(facts.group))
            .unwrap_or_else(|| self.base_at(at))
    }

    /// The only calendar there is for some hours.
    fn only_calendar(&self, hours: HoursKind) -> Option<usize> {
        match self.base.as_slice() {
            _ if hours == HoursKind::Calendar => Some(ALWAYS),
            [(_, only)] if self.by_channel.is_empty() && self.by_group.is_empty() => Some(*only),
            _ => None,
        }
    }

    fn base_at(&self, at: Timestamp) -> usize {
        let known = self.base.iter().rev().find(|(from, _)| *from <= at.as_millis());
        known.map_or(ALWAYS, |(_, calendar)| *calendar)
    }

    /// The first change of calendar after an instant.
    pub(super) fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        first_after(self.base.iter().map(|(from, _)| *from), after)
    }
}

struct Compiler {
    horizon: Horizon,
    known: Vec<(CalendarSpec, usize)>,
    faults: Vec<SpecFault>,
    calendars: Vec<Calendar>,
    names: Names,
    keys: Vec<(MetricKind, usize)>,
    metrics: Vec<Metric>,
}

impl Compiler {
    fn policy(&mut self, index: usize, spec: &PolicySpec) -> Policy {
        let path = format!("/{index}");
        let base = self.base(spec, &path);
        let by_channel = self.calendars(&spec.calendar_by_channel, &format!("{path}/calendar_by_channel"));
        let by_group = self.calendars(&spec.calendar_by_group, &format!("{path}/calendar_by_group"));
        let lanes = lanes(&base, &by_channel, &by_group);
        for (i, metric) in spec.metrics.iter().enumerate() {
            self.check(metric, &format!("{path}/metrics/{i}"));
            self.check_days(metric, spec, &format!("{path}/metrics/{i}/target"));
            let equals = spec.metrics.iter().take(i).filter(|m| m.metric == metric.metric).count();
            let key = key(&mut self.keys, metric.metric, equals);
            let compiled = compile_metric(metric, index, key, &lanes, &self.names);
            self.metrics.push(compiled);
        }
        let labels = |names: &[String]| names.iter().map(|name| self.names.label(name)).collect();
        let Match { priority, channel, group, tag } = &spec.matches;
        Policy {
            name: spec.name.clone(),
            matches: Matches {
                priority: labels(priority),
                channel: labels(channel),
                group: labels(group),
                tag: labels(tag),
            },
            requires_priority: spec.requires_priority,
            restart: spec.on_priority_change == OnPriorityChange::Restart,
            last_wins: spec.schedule_change == ScheduleChange::LastWins,
            landing: spec.landing,
            base,
            by_channel,
            by_group,
            by_key: Vec::new(),
        }
    }

    /// The policy's own calendars by the instant they come into force.
    fn base(&mut self, spec: &PolicySpec, path: &str) -> Vec<(i64, usize)> {
        let mut base = vec![(i64::MIN, self.calendar(spec.calendar.as_ref(), &format!("{path}/calendar")))];
        let mut changes: Vec<_> = spec.calendar_changes.iter().enumerate().collect();
        changes.sort_by_key(|(_, (at, _))| *at);
        for (i, (at, calendar)) in changes {
            let path = format!("{path}/calendar_changes/{i}/1");
            base.push((at.as_millis(), self.calendar(calendar.as_ref(), &path)));
        }
        base
    }

    fn check(&mut self, metric: &MetricSpec, path: &str) {
        if metric.target.all().iter().any(|budget| matches!(budget, Budget::Seconds(..0))) {
            let help = "whole seconds, 0 or more";
            self.faults.push(SpecFault::new(
                "negative_target",
                format!("{path}/target"),
                "negative target",
                help,
            ));
        }
        if metric.warn_before.as_slice().iter().any(|seconds| *seconds < 0) {
            let (path, help) = (format!("{path}/warn_before"), "whole seconds, 0 or more");
            self.faults.push(SpecFault::new(
                "negative_warning",
                path,
                "warning after the budget ran out",
                help,
            ));
        }
    }

    /// Faults of a target in business days.
    fn check_days(&mut self, metric: &MetricSpec, spec: &PolicySpec, path: &str) {
        let all = metric.target.all();
        let mut days = all.iter().filter_map(|budget| match budget {
            Budget::BusinessDays { business_days, .. } => Some(*business_days),
            Budget::Seconds(_) => None,
        });
        let Some(most) = days.next().map(|first| days.fold(first, u32::max)) else { return };
        if most > MAX_DAYS {
            let (message, help) = ("too many business days", "at most 3660, ten years");
            self.faults.push(SpecFault::new("too_many_days", path, message, help));
        }
        let always = spec.calendar.is_none()
            && spec.calendar_by_channel.is_empty()
            && spec.calendar_by_group.is_empty();
        if always || metric.hours == HoursKind::Calendar {
            let message = "target in business days without business hours";
            let help = "name a calendar and count in business hours, or write seconds";
            self.faults.push(SpecFault::new("days_without_hours", path, message, help));
        }
    }

    fn calendars(&mut self, map: &BTreeMap<String, Option<CalendarSpec>>, path: &str) -> ByName<usize> {
        let compile = |(name, spec): (&String, &Option<CalendarSpec>)| {
            self.calendar(spec.as_ref(), &format!("{path}/{name}"))
        };
        let compiled: Vec<usize> = map.iter().map(compile).collect();
        ByName::new(&self.names, map.keys().map(String::as_str).zip(compiled))
    }

    /// The index of a calendar, compiled at its first mention.
    fn calendar(&mut self, spec: Option<&CalendarSpec>, path: &str) -> usize {
        let Some(spec) = spec else { return ALWAYS };
        if let Some((_, index)) = self.known.iter().find(|(known, _)| known == spec) {
            return *index;
        }
        match Calendar::compile(spec, self.horizon) {
            Ok(calendar) => {
                let index = self.calendars.len();
                self.calendars.push(calendar);
                self.known.push((spec.clone(), index));
                index
            }
            Err(faults) => {
                self.faults.extend(faults.under(path));
                ALWAYS
            }
        }
    }
}

fn lanes(base: &[(i64, usize)], channels: &ByName<usize>, groups: &ByName<usize>) -> Vec<usize> {
    let base = base.iter().map(|(_, calendar)| *calendar);
    let mut all: Vec<usize> = base.chain(channels.values()).chain(groups.values()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn key(keys: &mut Vec<(MetricKind, usize)>, metric: MetricKind, equals: usize) -> usize {
    keys.iter().position(|key| *key == (metric, equals)).unwrap_or_else(|| {
        keys.push((metric, equals));
        keys.len().saturating_sub(1)
    })
}

fn compile_metric(spec: &MetricSpec, policy: usize, key: usize, lanes: &[usize], names: &Names) -> Metric {
    let mut marks = Vec::new();
    let all = spec.target.all();
    let in_days = all.iter().any(|budget| matches!(budget, Budget::BusinessDays { .. }));
    for budget in all {
        let Budget::Seconds(target) = budget else { continue };
        marks.push(target.saturating_mul(1000));
        marks.extend(warnings(spec, target));
    }
    marks.sort_unstable();
    marks.dedup();
    let always = [ALWAYS];
    let lanes = if spec.hours == HoursKind::Calendar { &always } else { lanes };
    let targets = match &spec.target {
        Target::All(budget) => ByName::all(*budget),
        Target::ByPriority(map) => {
            ByName::new(names, map.iter().map(|(name, budget)| (name.as_str(), *budget)))
        }
    };
    let (spec, runs_in, lanes) = (spec.clone(), runs_in(spec), lanes.to_vec());
    Metric { spec, index: 0, policy, key, runs_in, track: 0, calendar: None, targets, in_days, marks, lanes }
}

/// Whether an event that ends an instance can open the next.
pub(super) const fn follows(metric: MetricKind) -> bool {
    matches!(metric, MetricKind::Ownership | MetricKind::PausableUpdate | MetricKind::PeriodicUpdate)
}

/// The budgets in milliseconds after which a clock with this target warns, sorted.
pub(super) fn warnings(spec: &MetricSpec, target: i64) -> Vec<i64> {
    let before =
        spec.warn_before.as_slice().iter().map(|early| target.saturating_sub(*early).saturating_mul(1000));
    let millis = target.saturating_mul(1000);
    let shares = spec.warn_fraction.as_slice().iter().map(|share: &Share| share.of(millis));
    let mut all: Vec<i64> = before.chain(shares).map(|budget| budget.max(0)).collect();
    all.sort_unstable();
    all
}

/// The bit of a status.
pub(super) const fn bit(status: Status) -> u8 {
    match status {
        Status::New => 1,
        Status::Open => 2,
        Status::Pending => 4,
        Status::OnHold => 8,
        Status::Solved => 16,
        Status::Closed => 32,
    }
}

fn runs_in(spec: &MetricSpec) -> u8 {
    let mask = |list: &[Status]| list.iter().fold(0, |mask, status| mask | bit(*status));
    let natural = match spec.metric {
        MetricKind::AgentWork => mask(&[Status::New, Status::Open]),
        MetricKind::RequesterWait => mask(&[Status::New, Status::Open, Status::OnHold]),
        MetricKind::Resolution => mask(&[Status::New, Status::Open, Status::Pending, Status::OnHold]),
        MetricKind::PausableUpdate => !bit(Status::Pending),
        _ => u8::MAX,
    };
    spec.run_statuses.as_deref().map_or(natural, mask) & !mask(&spec.pause_on)
}
