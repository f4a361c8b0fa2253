//! What answering costs, counted while tests run: dates looked at, windows placed, rules worked out.

/// Units of work done for some hours.
#[derive(Debug, Default)]
pub(super) struct Work {
    #[cfg(test)]
    units: std::sync::atomic::AtomicU64,
}

impl Work {
    pub(super) fn add(&self, units: usize) {
        #[cfg(test)]
        self.units.fetch_add(u64::try_from(units).unwrap_or(u64::MAX), std::sync::atomic::Ordering::Relaxed);
        let _ = units;
    }

    #[cfg(test)]
    pub(super) fn take(&self) -> u64 {
        self.units.swap(0, std::sync::atomic::Ordering::Relaxed)
    }
}

#[cfg(test)]
#[expect(clippy::arithmetic_side_effects, reason = "a test stops at the first surprise")]
mod tests {
    use crate::model::{Seconds, Timestamp};
    use crate::schedule::{Calendar, CalendarSpec, Date, Holiday, Horizon, TimeOfDay, Weekly, Window};

    const DAY: i64 = 86_400;
    const NOW: i64 = 20_800 * DAY;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_secs(second).unwrap()
    }

    fn window(start: u32, end: u32) -> Window {
        let time = |second| TimeOfDay::from_seconds(second % 86_400).unwrap();
        Window { start: time(start), end: time(end) }
    }

    /// A number from a small generator: the same on every platform.
    fn below(state: &mut u64, most: u64) -> i64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((*state >> 33) % most).unwrap()
    }

    /// Calendars that someone wrote to hurt.
    fn hostile() -> Vec<(&'static str, CalendarSpec)> {
        let rome = CalendarSpec { tz: "Europe/Rome".into(), ..CalendarSpec::default() };
        let state = &mut 7;
        let mut many = rome.clone();
        for _ in 0..100_000 {
            let start = u32::try_from(below(state, 1440)).unwrap() * 60;
            many.weekly.mon.push(window(start, start + 60));
            let from = NOW + below(state, 60_000_000);
            many.closures.push((at(from), at(from + below(state, 600))));
        }
        many.closures.push((at(NOW), at(NOW + 400 * DAY)));
        let minutes: Vec<Window> = (0..720).map(|n| window(n * 120, n * 120 + 60)).collect();
        let week = Weekly { sat: minutes.clone(), sun: minutes.clone(), ..Weekly::workdays(&minutes) };
        let dense = CalendarSpec { weekly: week, ..rome.clone() };
        let mut long = dense.clone();
        long.closures = (0..400).map(|n| (at(n * 420 * DAY), at((n * 420 + 400) * DAY))).collect();
        let mut rules = CalendarSpec { weekly: Weekly::workdays(&[window(32_400, 61_200)]), ..rome.clone() };
        for (month, day) in (1..=12).flat_map(|month| (1..=28).map(move |day| (month, day))) {
            let text = format!(r#"{{"fixed":{{"month":{month},"day":{day},"observed":"next_weekday"}}}}"#);
            rules.holidays.push(serde_json::from_str::<Holiday>(&text).unwrap());
        }
        let mut shifts = rome;
        for day in 0..100_000 {
            let date = Date::of(day).unwrap();
            shifts.shifts.insert(date, vec![window(0, 60), window(30, 90), window(86_000, 100)]);
        }
        vec![("many", many), ("dense", dense), ("long closures", long), ("rules", rules), ("shifts", shifts)]
    }

    /// Half-hours, every other one open: what a question about all time is put to.
    fn half_hours() -> CalendarSpec {
        let windows: Vec<Window> = (0..24).map(|n| window(n * 3600, n * 3600 + 1800)).collect();
        let week = Weekly { sat: windows.clone(), sun: windows.clone(), ..Weekly::workdays(&windows) };
        CalendarSpec { tz: "Europe/Rome".into(), weekly: week, ..CalendarSpec::default() }
    }

    /// The most that one of the questions about what is near costs.
    fn near(calendar: &Calendar, from: Timestamp) -> (&'static str, u64) {
        let (hour, year) = (Seconds::hours(1), from.saturating_add(Seconds::days(365)));
        let questions: [(&str, &dyn Fn()); 7] = [
            ("is_open", &|| _ = calendar.is_open(from)),
            ("next_open", &|| _ = calendar.next_open(from)),
            ("add", &|| _ = calendar.add(from, hour)),
            ("sub", &|| _ = calendar.sub(from, hour)),
            ("between", &|| _ = calendar.between(from, year)),
            ("add_days", &|| _ = calendar.add_days(from, 3660)),
            ("sub_days", &|| _ = calendar.sub_days(from, 3660)),
        ];
        let costs = questions.map(|(name, ask)| (name, cost(calendar, ask)));
        costs.into_iter().max_by_key(|(_, units)| *units).unwrap()
    }

    fn cost(calendar: &Calendar, ask: &dyn Fn()) -> u64 {
        let work = calendar.work().unwrap();
        work.take();
        ask();
        work.take()
    }

    /// To lay twelve years out: each date with its windows. Of what is near: five million units, what it takes
    /// to look at every date until the year 9999 where none has hours, wherever the question lies.
    #[test]
    fn no_calendar_takes_more_than_the_stated_work_r25() {
        for (name, spec) in hostile() {
            let walked = Calendar::compile(&spec, Horizon::none(at(NOW))).unwrap();
            let compiled = walked.with_horizon(Horizon::around(at(NOW)));
            let laid_out = compiled.work().unwrap().take();
            assert!(laid_out <= 4_000_000, "{name}: {laid_out} to compile");
            let mut asked = vec![(walked.clone(), at(NOW))];
            // Where nothing ever opens, one question looks at 800 years of rules: once is enough.
            if name != "rules" {
                asked.extend([Timestamp::MIN, Timestamp::MAX].map(|from| (walked.clone(), from)));
                asked.extend([(walked.periodic(), at(NOW)), (compiled, at(NOW))]);
            }
            for (calendar, from) in &asked {
                let (question, units) = near(calendar, *from);
                assert!(units <= 5_000_000, "{name}: {units} for {question} at {from}");
            }
        }
    }

    /// Of all time: no more than sixteen weeks of windows for each year, and what the document lists.
    #[test]
    fn a_question_about_all_time_takes_work_for_each_year_of_it_r25() {
        let spec = half_hours();
        let calendar = Calendar::compile(&spec, Horizon::none(at(NOW))).unwrap();
        let most = 8_030 * 16 * 7 * 25;
        let eternity = Seconds::new(i64::MAX);
        let between = cost(&calendar, &|| _ = calendar.between(Timestamp::MIN, Timestamp::MAX));
        let add = cost(&calendar, &|| _ = calendar.add(Timestamp::MIN, Seconds::new(4_000_000_000 * 30)));
        assert!(between <= most && add <= most, "{between} {add} of {most}");
        let add = cost(&calendar, &|| _ = calendar.add(Timestamp::MIN, eternity));
        assert!(add <= 1000, "{add} for more than all time");
        let (_, many) = hostile().swap_remove(0);
        let calendar = Calendar::compile(&many, Horizon::none(at(NOW))).unwrap();
        let between = cost(&calendar, &|| _ = calendar.between(Timestamp::MIN, Timestamp::MAX));
        assert!(between <= most, "{between} of {most}");
    }
}
