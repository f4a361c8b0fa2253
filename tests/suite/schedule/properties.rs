//! What holds for every calendar: the compiled form, the walk without horizon and the minute walk agree.

use galateo::model::{Seconds, Timestamp};
use galateo::schedule::{
    Calendar, CalendarSpec, DstReading, Horizon, Landing, Overnight, Precedence, TimeOfDay, Weekly, Window,
};

use super::oracle::{Oracle, at};

const ZONES: [&str; 28] = [
    "Europe/Rome",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Moscow",
    "Europe/Istanbul",
    "America/New_York",
    "America/Los_Angeles",
    "America/Vancouver",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/St_Johns",
    "America/Havana",
    "America/Asuncion",
    "America/Scoresbysund",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Asia/Gaza",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "UTC",
];

/// A small generator (SplitMix64, Steele et al. 2014), so that a seed is a case.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: i64) -> i64 {
        (self.next() % n as u64) as i64
    }

    fn time(&mut self) -> TimeOfDay {
        let minute = match self.below(4) {
            0 => self.below(24) * 60,
            1 => self.below(5) * 60 + 30 * self.below(2),
            _ => self.below(1441),
        };
        TimeOfDay::from_seconds(minute as u32 * 60).unwrap()
    }

    fn windows(&mut self) -> Vec<Window> {
        (0..self.below(4)).map(|_| Window { start: self.start(), end: self.time() }).collect()
    }

    fn start(&mut self) -> TimeOfDay {
        loop {
            let time = self.time();
            if time.seconds() < 86_400 {
                return time;
            }
        }
    }
}

/// A minute near which clocks change in the zone, or any minute of 1975 to 2095.
fn minute(random: &mut Random, zone: &str) -> i64 {
    let any = (5 * 365 + random.below(120 * 365)) * 1440 + random.below(1440);
    if random.below(4) == 0 {
        return any;
    }
    let from = jiff::Timestamp::from_second(any * 60).unwrap();
    let next =
        jiff::tz::TimeZone::get(zone).unwrap().following(from).next().map(|t| t.timestamp().as_second());
    next.filter(|s| *s < 4_000_000_000).map_or(any, |s| s / 60 + random.below(4 * 1440) - 3 * 1440)
}

fn spec(random: &mut Random, zone: &str, around: i64) -> CalendarSpec {
    let date = |random: &mut Random| {
        let day = jiff::Timestamp::from_second((around + random.below(9 * 1440) - 4 * 1440) * 60).unwrap();
        day.to_zoned(jiff::tz::TimeZone::UTC).date().to_string().parse().unwrap()
    };
    let mut weekly = Weekly {
        mon: random.windows(),
        tue: random.windows(),
        wed: random.windows(),
        thu: random.windows(),
        fri: random.windows(),
        sat: random.windows(),
        sun: random.windows(),
    };
    if random.below(3) == 0 {
        let day = random.windows();
        weekly = Weekly { sun: day.clone(), sat: day.clone(), ..Weekly::workdays(&day) };
    }
    let mut result = CalendarSpec { tz: zone.to_owned(), weekly, ..CalendarSpec::default() };
    for _ in 0..random.below(3) {
        let holiday = date(random);
        result.holidays.push(galateo::schedule::Holiday::Date(holiday));
    }
    result.holidays.extend(rules(random, around));
    for _ in 0..random.below(3) {
        let (day, windows) = (date(random), random.windows());
        result.shifts.insert(day, windows);
    }
    for _ in 0..random.below(2) {
        let start = around + random.below(2880) - 1440;
        result.closures.push((at(start), at(start + random.below(1440))));
    }
    result.precedence =
        [Precedence::HolidayOverShift, Precedence::ShiftOverHoliday][random.below(2) as usize];
    result.overnight = [Overnight::StartDate, Overnight::WallDate][random.below(2) as usize];
    result.dst = [DstReading::Wall, DstReading::Ends][random.below(2) as usize];
    result
}

/// Holiday rules that yield dates near a minute.
fn rules(random: &mut Random, around: i64) -> Vec<galateo::schedule::Holiday> {
    let count = random.below(3);
    let rule = |random: &mut Random| {
        let near = (around + random.below(9 * 1440) - 4 * 1440) * 60;
        let date = jiff::Timestamp::from_second(near).unwrap().to_zoned(jiff::tz::TimeZone::UTC).date();
        let (month, day) = (date.month(), date.day());
        let weekday = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
            [date.weekday().to_monday_zero_offset() as usize];
        let text = match random.below(4) {
            0 => format!(r#"{{"easter":{{"offset":{}}}}}"#, random.below(240) - 60),
            1 => {
                let last = i64::from(date.days_in_month());
                let nth = match random.below(2) {
                    0 => (i64::from(day) - 1) / 7 + 1,
                    _ => -((last - i64::from(day)) / 7 + 1),
                };
                format!(r#"{{"nth_weekday":{{"month":{month},"weekday":"{weekday}","nth":{nth}}}}}"#)
            }
            _ => {
                let modes: &[&str] = if count == 1 {
                    &["never", "nearest_weekday", "next_weekday"]
                } else {
                    &["never", "nearest_weekday"]
                };
                let mode = modes[random.below(modes.len() as i64) as usize];
                format!(r#"{{"fixed":{{"month":{month},"day":{day},"observed":"{mode}"}}}}"#)
            }
        };
        serde_json::from_str(&text).expect(&text)
    };
    (0..count).map(|_| rule(random)).collect()
}

/// One random question, put to the compiled form, to the walk and to the oracle.
fn differ(seed: u64) {
    let random = &mut Random(seed);
    let zone = ZONES[random.below(28) as usize];
    let start = minute(random, zone);
    let spec = spec(random, zone, start);
    let oracle = Oracle::new(&spec, start - 6 * 1440, start + 6 * 1440);
    let walked = Calendar::compile(&spec, Horizon::none(at(start))).unwrap();
    // A century of weeks takes some milliseconds.
    let periodic = seed.is_multiple_of(16).then(|| walked.clone().periodic());
    let near = Horizon { from: at(start - 3000), to: at(start + 9000) };
    let compiled = walked.with_horizon(near);
    let what = format!("seed {seed} at {} {}", at(start), serde_json::to_string(&spec).unwrap());
    let most = [60, 900, 900][random.below(3) as usize];
    let budget = 1 + random.below(most);
    let limit = start + 6 * 1440;
    for calendar in [Some(&walked), Some(&compiled), periodic.as_ref()].into_iter().flatten() {
        assert_eq!(calendar.is_open(at(start)), oracle.is_open(start), "is_open {what}");
        let end = start + random.below(3000);
        let minutes = oracle.between(start, end);
        assert_eq!(calendar.between(at(start), at(end)).get(), minutes * 60, "between {} {what}", at(end));
        if let Some((first, last)) = oracle.add(start, budget, limit) {
            let landings = calendar.add(at(start), Seconds::minutes(budget)).unwrap();
            assert_eq!(landings.due_at, at(first), "add {budget} {what}");
            assert_eq!(landings.at(Landing::NextOpen), Ok(at(last)), "add {budget} late {what}");
        }
        if let Some(found) = oracle.sub(start, budget, start - 6 * 1440) {
            assert_eq!(
                calendar.sub(at(start), Seconds::minutes(budget)),
                Ok(at(found)),
                "sub {budget} {what}"
            );
        }
        for days in [random.below(4), -random.below(4)] {
            let Some(found) = oracle.move_days(start, days) else { continue };
            let count = days.unsigned_abs() as u32;
            let moved = if days < 0 {
                calendar.sub_days(at(start), count)
            } else {
                calendar.add_days(at(start), count)
            };
            assert_eq!(moved, Ok(at(found)), "{days} days {what}");
        }
        if let Some(next) = (start..limit).find(|m| oracle.is_open(*m)) {
            assert_eq!(calendar.next_open(at(start)), Ok(at(next)), "next_open {what}");
        }
    }
}

#[test]
fn the_compiled_form_and_the_walk_equal_the_minute_walk() {
    for seed in 0..200 {
        differ(seed);
    }
}

#[test]
#[ignore = "a million cases: run once in release"]
fn a_million_cases_equal_the_minute_walk() {
    // Five questions, each to two or three forms of the calendar.
    for seed in 1_000_000..1_100_000 {
        differ(seed);
    }
}

#[test]
fn the_compiled_form_equals_the_walk_over_years() {
    for seed in 0..300 {
        let random = &mut Random(seed ^ 0xA5A5);
        let zone = ZONES[random.below(28) as usize];
        let start = minute(random, zone);
        let spec = spec(random, zone, start);
        let walked = Calendar::compile(&spec, Horizon::none(at(start))).unwrap();
        let compiled = walked.with_horizon(Horizon::around(at(start)));
        let periodic = walked.clone().periodic();
        for _ in 0..20 {
            let (a, b) = (start + random.below(2_000_000), start + random.below(3_000_000));
            assert_eq!(walked.between(at(a), at(b)), compiled.between(at(a), at(b)), "{seed}");
            let budget = Seconds::minutes(random.below(500_000));
            assert_eq!(
                walked.add(at(a), budget),
                compiled.add(at(a), budget),
                "{seed} {spec:?} {a} {budget:?}"
            );
            assert_eq!(walked.sub(at(a), budget), compiled.sub(at(a), budget), "{seed}");
            assert_eq!(walked.next_open(at(b)), compiled.next_open(at(b)), "{seed}");
            assert_eq!(walked.between(at(a), at(b)), periodic.between(at(a), at(b)), "{seed}");
            assert_eq!(walked.add(at(a), budget), periodic.add(at(a), budget), "{seed}");
            assert_eq!(walked.sub(at(a), budget), periodic.sub(at(a), budget), "{seed}");
            assert_eq!(walked.next_open(at(b)), periodic.next_open(at(b)), "{seed}");
        }
    }
}

#[test]
fn fractions_of_a_second_and_the_edges_of_what_is_laid_out_count_alike() {
    // Pieces of the periodic form are 2^26 seconds long.
    let edge = 27_i64 << 26;
    for seed in 0..40 {
        let random = &mut Random(seed ^ 0xED6E);
        let zone = ZONES[random.below(28) as usize];
        let spec = spec(random, zone, edge / 60);
        let from = Timestamp::from_secs(edge).unwrap();
        let walked = Calendar::compile(&spec, Horizon::none(from)).unwrap();
        let forms = [walked.clone().periodic(), walked.with_horizon(Horizon::around(from))];
        let near = |random: &mut Random| {
            let fraction = random.below(3) * random.below(1000);
            let second = edge + random.below(3) * (random.below(400_000) - 200_000);
            Timestamp::from_millis(second * 1000 + fraction).unwrap()
        };
        for _ in 0..40 {
            let (a, b) = (near(random), near(random));
            let open = walked.between(a, b);
            // What lies between is a budget that ends exactly where something opens or closes.
            for budget in [open, Seconds::new(1), Seconds::new(random.below(200_000))] {
                for form in &forms {
                    assert_eq!(walked.between(a, b), form.between(a, b), "{seed} {spec:?} {a} {b}");
                    assert_eq!(walked.add(a, budget), form.add(a, budget), "{seed} {spec:?} {a} {budget:?}");
                    assert_eq!(walked.sub(b, budget), form.sub(b, budget), "{seed} {spec:?} {b} {budget:?}");
                    assert_eq!(walked.next_open(a), form.next_open(a), "{seed} {spec:?} {a}");
                    assert_eq!(walked.is_open(a), form.is_open(a), "{seed} {spec:?} {a}");
                }
            }
        }
    }
}

#[test]
fn eight_thousand_years_are_what_their_parts_are() {
    // Parts of a hundred years are walked; all together, whole cycles of 400 years are skipped.
    let years = 365 * 1440 + 360;
    for seed in 0..12 {
        let random = &mut Random(seed ^ 0x400);
        let zone = ZONES[random.below(28) as usize];
        let start = minute(random, zone);
        let calendar = Calendar::compile(&spec(random, zone, start), Horizon::none(at(start))).unwrap();
        let ends: Vec<i64> = (0..=78).map(|n| start + n * 100 * years).collect();
        let parts = ends.windows(2).map(|ends| calendar.between(at(ends[0]), at(ends[1])).get());
        let sums: Vec<i64> = parts
            .scan(0, |sum, part| {
                *sum += part;
                Some(*sum)
            })
            .collect();
        for n in [3, 7, 11, 30, 77] {
            let whole = calendar.between(at(start), at(ends[n + 1])).get();
            assert_eq!(whole, sums[n], "seed {seed}: {n} centuries");
            if whole == 0 {
                continue;
            }
            let landings = calendar.add(at(start), Seconds::new(whole)).unwrap();
            assert!(landings.due_at <= at(ends[n + 1]), "seed {seed}: {n} centuries");
            assert_eq!(calendar.between(at(start), landings.due_at).get(), whole);
            let before = landings.due_at.saturating_add(Seconds::new(-1));
            assert!(calendar.between(at(start), before).get() < whole, "seed {seed}: {n} centuries");
        }
    }
}

#[test]
fn parts_of_a_span_add_up_and_adding_is_undone_by_measuring() {
    for seed in 0..300 {
        let random = &mut Random(seed ^ 0x5A5A);
        let zone = ZONES[random.below(28) as usize];
        let start = minute(random, zone);
        let spec = spec(random, zone, start);
        let calendar = Calendar::new(&spec).unwrap().with_horizon(Horizon::around(at(start)));
        let (a, b, c) = (start, start + random.below(90_000), start + 90_000 + random.below(90_000));
        let whole = calendar.between(at(a), at(c)).get();
        assert_eq!(whole, calendar.between(at(a), at(b)).get() + calendar.between(at(b), at(c)).get());
        let budget = Seconds::minutes(1 + random.below(10_000));
        if let Ok(landings) = calendar.add(at(a), budget) {
            assert_eq!(calendar.between(at(a), landings.due_at), budget);
            if let Ok(late) = landings.late_after {
                assert!(landings.due_at <= late && calendar.between(at(a), late) == budget);
                assert!(calendar.is_open(late));
                let later = calendar.add(at(a), Seconds::new(budget.get() + 1)).unwrap();
                assert!(later.due_at > late, "monotone");
            }
            let back = calendar.sub(landings.due_at, budget).unwrap();
            assert!(back >= at(a) && calendar.between(back, landings.due_at) == budget);
        }
    }
}

#[test]
fn hours_stay_as_they_are_until_they_change_in_each_form() {
    let mut random = Random(29);
    for _ in 0..400 {
        let zone = ZONES[random.below(28) as usize];
        let now = minute(&mut random, zone);
        let spec = spec(&mut random, zone, now);
        let walked = Calendar::compile(&spec, Horizon::none(at(now))).unwrap();
        let compiled = walked.with_horizon(Horizon::around(at(now)));
        for calendar in [compiled, walked.clone(), walked.periodic()] {
            let mut from = at(now);
            for _ in 0..6 {
                let Some(change) = calendar.next_change(from) else { break };
                let is_open = calendar.is_open(from);
                assert!(change > from, "{spec:?} at {from}");
                assert_ne!(calendar.is_open(change), is_open, "{spec:?}: {change} after {from}");
                let span = change.as_millis() - from.as_millis();
                for ahead in [span - 1, random.below(span), random.below(span)] {
                    let between = Timestamp::from_millis(from.as_millis() + ahead).unwrap();
                    assert_eq!(calendar.is_open(between), is_open, "{spec:?}: {between} before {change}");
                }
                from = change;
            }
        }
    }
}

#[test]
fn hours_without_exceptions_repeat_after_a_week_of_the_wall() {
    for seed in 0..200 {
        let random = &mut Random(seed ^ 0x77);
        let mut spec = spec(random, "Asia/Tokyo", 20_000_000);
        (spec.holidays, spec.closures) = (vec![], vec![]);
        spec.shifts.clear();
        let calendar = Calendar::new(&spec).unwrap();
        let (start, span) = (20_000_000 + random.below(900_000), random.below(50_000));
        let week = 7 * 1440;
        let shifted = calendar.between(at(start + 52 * week), at(start + span + 52 * week));
        assert_eq!(calendar.between(at(start), at(start + span)), shifted);
    }
}

#[test]
fn no_pair_of_extreme_instants_panics() {
    let spec = r#"{"tz":"Europe/Rome","weekly":{"mon":[["00:00","24:00"]],"sun":[["23:59","00:01"]]}}"#;
    let calendar = Calendar::new(&serde_json::from_str(spec).unwrap()).unwrap();
    let instants = [Timestamp::MIN, at(1), at(30_000_000), at(4_000_000_000), Timestamp::MAX];
    for a in instants {
        for seconds in [i64::MIN, -1, 0, 1, 3600, 1 << 40, i64::MAX] {
            let _ = calendar.add(a, Seconds::new(seconds));
            let _ = calendar.sub(a, Seconds::new(seconds));
        }
        for b in instants {
            assert!(calendar.between(a, b).get() >= 0);
        }
        for days in [0, 1, 40] {
            let _ = (calendar.add_days(a, days), calendar.sub_days(a, days));
        }
    }
}
