//! Policies compiled: calendars shared, budgets listed, statuses as a mask.

use std::collections::BTreeMap;

use super::super::calendar::{Calendar, Horizon, Landing};
use super::super::error::{SpecFault, SpecFaults};
use super::super::spec::CalendarSpec;
use super::super::zone::Zone;
use super::document::{
    HoursKind, Match, MetricKind, MetricSpec, OnPriorityChange, PolicySpec, ScheduleChange, Share,
};
use super::fold::Attributes;
use crate::model::{Status, Timestamp};

/// Policies and metrics that one list may hold.
const MAX_POLICIES: usize = 256;
/// Metrics of one policy.
const MAX_METRICS: usize = 64;

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
    calendars: Vec<Calendar>,
    /// What the clocks measure over all policies: a metric, and its number among equals of one policy.
    pub(super) keys: Vec<(MetricKind, usize)>,
}

#[derive(Debug, Clone)]
pub(super) struct Policy {
    pub(super) name: Option<String>,
    matches: Match,
    requires_priority: bool,
    pub(super) restart: bool,
    pub(super) last_wins: bool,
    pub(super) landing: Landing,
    /// Calendars by the second they come into force, the first from ever.
    base: Vec<(i64, usize)>,
    by_channel: BTreeMap<String, usize>,
    by_group: BTreeMap<String, usize>,
    pub(super) metrics: Vec<Metric>,
}

#[derive(Debug, Clone)]
pub(super) struct Metric {
    pub(super) spec: MetricSpec,
    /// Index into the keys.
    pub(super) key: usize,
    /// The statuses it runs in, one bit each.
    pub(super) runs_in: u8,
    /// Every budget and warning in milliseconds, sorted.
    pub(super) marks: Vec<i64>,
    /// The calendars that can be in force, for a clock that is counted by the last of them.
    pub(super) lanes: Vec<usize>,
}

/// The calendar that never closes is the first of every list.
pub(super) const ALWAYS: usize = 0;

impl Policies {
    /// Compiles policies; calendars answer without a compiled horizon.
    ///
    /// # Errors
    /// All faults of the documents, with their paths.
    pub fn new(specs: &[PolicySpec]) -> Result<Self, SpecFaults> {
        Self::compile(specs, Horizon::none(Timestamp::MIN))
    }

    /// Compiles policies with their calendars laid out over a horizon.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn compile(specs: &[PolicySpec], horizon: Horizon) -> Result<Self, SpecFaults> {
        let mut compiler = Compiler { horizon, known: Vec::new(), faults: Vec::new() };
        let mut policies = Self {
            list: Vec::new(),
            calendars: vec![Calendar::always().with_horizon(horizon)],
            keys: Vec::new(),
        };
        if specs.len() > MAX_POLICIES || specs.iter().any(|spec| spec.metrics.len() > MAX_METRICS) {
            let help = "at most 256 policies of 64 metrics";
            compiler.faults.push(SpecFault::new(
                "too_many_entries",
                "",
                "too many policies or metrics",
                help,
            ));
            return Err(SpecFaults::one(compiler.faults.remove(0)));
        }
        for (i, spec) in specs.iter().enumerate() {
            let policy = compiler.policy(spec, &format!("/{i}"), &mut policies);
            policies.list.push(policy);
        }
        SpecFaults::check(compiler.faults)?;
        Ok(policies)
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

    pub(super) fn calendar(&self, index: usize) -> Option<&Calendar> {
        self.calendars.get(index)
    }

    /// The policy in force for a conversation.
    pub(super) fn in_force(&self, attributes: &Attributes) -> Option<usize> {
        self.list.iter().position(|policy| policy.holds_for(attributes))
    }
}

impl Policy {
    fn holds_for(&self, attributes: &Attributes) -> bool {
        let any = |list: &[String], value: &Option<String>| {
            list.is_empty() || value.as_ref().is_some_and(|value| list.contains(value))
        };
        let m = &self.matches;
        (!self.requires_priority || attributes.priority.is_some())
            && any(&m.priority, &attributes.priority)
            && any(&m.channel, &attributes.channel)
            && any(&m.group, &attributes.group)
            && (m.tag.is_empty() || attributes.tags.iter().any(|tag| m.tag.contains(tag)))
    }

    /// The calendar of a metric for a conversation at an instant.
    pub(super) fn calendar_of(&self, metric: &Metric, attributes: &Attributes, at: Timestamp) -> usize {
        if metric.spec.hours == HoursKind::Calendar {
            return ALWAYS;
        }
        let named = |map: &BTreeMap<String, usize>, name: &Option<String>| {
            name.as_ref().and_then(|name| map.get(name)).or_else(|| map.get("*")).copied()
        };
        named(&self.by_channel, &attributes.channel)
            .or_else(|| named(&self.by_group, &attributes.group))
            .unwrap_or_else(|| self.base_at(at))
    }

    fn base_at(&self, at: Timestamp) -> usize {
        let known = self.base.partition_point(|(from, _)| *from <= at.as_millis());
        known.checked_sub(1).and_then(|i| self.base.get(i)).map_or(ALWAYS, |(_, calendar)| *calendar)
    }

    /// The first change of calendar after an instant.
    pub(super) fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        let next = self.base.partition_point(|(from, _)| *from <= after.as_millis());
        self.base.get(next).and_then(|(from, _)| Timestamp::from_millis(*from).ok())
    }
}

struct Compiler {
    horizon: Horizon,
    known: Vec<(CalendarSpec, usize)>,
    faults: Vec<SpecFault>,
}

impl Compiler {
    fn policy(&mut self, spec: &PolicySpec, path: &str, policies: &mut Policies) -> Policy {
        let calendars = &mut policies.calendars;
        let mut base =
            vec![(i64::MIN, self.calendar(spec.calendar.as_ref(), &format!("{path}/calendar"), calendars))];
        let mut changes: Vec<_> = spec.calendar_changes.iter().enumerate().collect();
        changes.sort_by_key(|(_, (at, _))| *at);
        for (i, (at, calendar)) in changes {
            let path = format!("{path}/calendar_changes/{i}/1");
            base.push((at.as_millis(), self.calendar(calendar.as_ref(), &path, calendars)));
        }
        let by_channel =
            self.calendars(&spec.calendar_by_channel, &format!("{path}/calendar_by_channel"), calendars);
        let by_group =
            self.calendars(&spec.calendar_by_group, &format!("{path}/calendar_by_group"), calendars);
        let lanes = lanes(&base, &by_channel, &by_group);
        let metrics = spec.metrics.iter().enumerate().map(|(i, metric)| {
            self.check(metric, &format!("{path}/metrics/{i}"));
            let equals = spec.metrics.iter().take(i).filter(|m| m.metric == metric.metric).count();
            compile_metric(metric, key(&mut policies.keys, metric.metric, equals), &lanes)
        });
        Policy {
            name: spec.name.clone(),
            matches: spec.matches.clone(),
            requires_priority: spec.requires_priority,
            restart: spec.on_priority_change == OnPriorityChange::Restart,
            last_wins: spec.schedule_change == ScheduleChange::LastWins,
            landing: spec.landing,
            metrics: metrics.collect(),
            base,
            by_channel,
            by_group,
        }
    }

    fn check(&mut self, metric: &MetricSpec, path: &str) {
        if metric.target.all().iter().any(|seconds| *seconds < 0) {
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

    fn calendars(
        &mut self,
        map: &BTreeMap<String, Option<CalendarSpec>>,
        path: &str,
        calendars: &mut Vec<Calendar>,
    ) -> BTreeMap<String, usize> {
        let compile = |(name, spec): (&String, &Option<CalendarSpec>)| {
            let index = self.calendar(spec.as_ref(), &format!("{path}/{name}"), calendars);
            (name.clone(), index)
        };
        map.iter().map(compile).collect()
    }

    /// The index of a calendar, compiled at its first mention.
    fn calendar(&mut self, spec: Option<&CalendarSpec>, path: &str, calendars: &mut Vec<Calendar>) -> usize {
        let Some(spec) = spec else { return ALWAYS };
        if let Some((_, index)) = self.known.iter().find(|(known, _)| known == spec) {
            return *index;
        }
        match Calendar::compile(spec, self.horizon) {
            Ok(calendar) => {
                let index = calendars.len();
                calendars.push(calendar);
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

fn lanes(
    base: &[(i64, usize)],
    channels: &BTreeMap<String, usize>,
    groups: &BTreeMap<String, usize>,
) -> Vec<usize> {
    let mut all: Vec<usize> = base
        .iter()
        .map(|(_, c)| *c)
        .chain(channels.values().copied())
        .chain(groups.values().copied())
        .collect();
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

fn compile_metric(spec: &MetricSpec, key: usize, lanes: &[usize]) -> Metric {
    let mut marks = Vec::new();
    for target in spec.target.all() {
        marks.push(target.saturating_mul(1000));
        marks.extend(warnings(spec, target));
    }
    marks.sort_unstable();
    marks.dedup();
    let always = [ALWAYS];
    let lanes = if spec.hours == HoursKind::Calendar { &always } else { lanes };
    Metric { spec: spec.clone(), key, runs_in: runs_in(spec), marks, lanes: lanes.to_vec() }
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
