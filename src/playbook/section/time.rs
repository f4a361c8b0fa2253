//! What is promised to customers, and in which hours (R25, R36, R63, R89).

use std::collections::BTreeMap;

use super::super::record;
use crate::model::Word;
use crate::schedule::CalendarSpec;
use crate::schedule::sla::{Match, MetricSpec, OnPriorityChange, PolicySpec, ScheduleChange};

record! {
    /// What is promised to some conversations; calendars are named, as `calendars` defines them.
    pub struct ClockPolicy {
        /// Its name.
        pub id: Word,
        /// The conversations it holds for; left out, all.
        pub r#match: Match = default,
        /// Whether it waits until a priority is set.
        pub requires_priority: bool = false,
        /// The hours of `business` measures; left out, round the clock.
        pub calendar: Option<Word>,
        /// Hours by channel, `*` for every other.
        pub calendar_by_channel: BTreeMap<String, Word> = default,
        /// Hours by queue, `*` for every other.
        pub calendar_by_group: BTreeMap<String, Word> = default,
        /// How time before a change of hours is counted.
        pub schedule_change: ScheduleChange = default,
        /// What a change of priority does to running clocks.
        pub on_priority_change: OnPriorityChange = default,
        /// What is measured.
        pub metrics: Vec<MetricSpec>,
    }
}

impl ClockPolicy {
    /// The policy with its calendars written out.
    pub(crate) fn written_out(&self, calendars: &BTreeMap<Word, CalendarSpec>) -> PolicySpec {
        let named = |name: &Word| calendars.get(name).cloned();
        let by =
            |map: &BTreeMap<String, Word>| map.iter().map(|(key, name)| (key.clone(), named(name))).collect();
        PolicySpec {
            name: Some(self.id.as_str().to_owned()),
            matches: self.r#match.clone(),
            requires_priority: self.requires_priority,
            calendar: self.calendar.as_ref().and_then(named),
            calendar_by_channel: by(&self.calendar_by_channel),
            calendar_by_group: by(&self.calendar_by_group),
            schedule_change: self.schedule_change,
            on_priority_change: self.on_priority_change,
            metrics: self.metrics.clone(),
            ..PolicySpec::default()
        }
    }
}
