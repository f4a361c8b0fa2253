//! Spikes and modes: simulated months with known events (R53).

use galateo::measure::{Arrival, Merge, Pulse, PulseSettings, Rise, SeriesKey, Vigil, split_mix};
use galateo::model::{Channel, CustomerId, Mode, Seconds, Timestamp};

/// Monday, 2 November 2026.
const START: &str = "2026-11-02T00:00:00Z";
const QUARTER: Seconds = Seconds::minutes(15);
const SETTINGS: PulseSettings = PulseSettings::DEFAULT;

/// A generator whose whole state is its seed.
struct Seeded(u64);

impl Seeded {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        split_mix(self.0)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    fn poisson(&mut self, mean: f64) -> u64 {
        let (limit, mut product, mut n) = ((-mean).exp(), self.unit(), 0);
        while product > limit {
            product *= self.unit();
            n += 1;
        }
        n
    }
}

/// The shape of a day: little at night, a morning and an evening peak, weekends at 60 %.
fn shape(quarter: u64) -> f64 {
    let hour = (quarter % 96) as f64 / 4.0;
    let bell = |centre: f64, width: f64| (-((hour - centre) / width).powi(2)).exp();
    let weekend = (quarter / 96) % 7 >= 5;
    (0.15 + bell(11.0, 3.5) + 0.8 * bell(19.0, 2.5)) * if weekend { 0.6 } else { 1.0 }
}

struct World {
    seed: Seeded,
    pulse: Pulse,
    now: Timestamp,
    quarter: u64,
    peak: f64,
    day: f64,
}

impl World {
    fn new(seed: u64, peak: f64) -> Self {
        Self {
            seed: Seeded(seed),
            pulse: Pulse::default(),
            now: START.parse().unwrap(),
            quarter: 0,
            peak,
            day: 1.0,
        }
    }

    /// One quarter of an hour at `factor` times the usual volume; volume varies by day and by quarter beyond chance.
    fn step(&mut self, factor: f64) -> Vec<Rise> {
        self.pass(factor);
        self.pulse.rises(self.now.saturating_add(Seconds::new(-1)), &SETTINGS)
    }

    /// The same without a look at the rises.
    fn pass(&mut self, factor: f64) {
        if self.quarter.is_multiple_of(96) {
            self.day = (0.12 * self.seed.normal()).exp();
        }
        let noise = (0.15 * self.seed.normal()).exp();
        let n = self.seed.poisson(self.peak * shape(self.quarter) * self.day * noise * factor);
        for _ in 0..n {
            let author = CustomerId::new(format!("c{}", self.seed.next() % 5000)).unwrap();
            let arrival =
                Arrival { at: self.now, channel: &Channel::X, topic: None, negative: false, author: &author };
            assert!(self.pulse.record(&arrival, self.now));
        }
        self.now = self.now.saturating_add(QUARTER);
        self.quarter += 1;
    }

    fn alarmed(&mut self, factor: f64) -> bool {
        self.step(factor).iter().any(|rise| rise.is_spike(&SETTINGS))
    }
}

/// What a simulation found.
#[derive(Debug, Default)]
struct Figures {
    events: u64,
    found: u64,
    delay_in_quarters: u64,
    weeks: u64,
    false_alarms: u64,
}

/// Four weeks of history, two quiet weeks, then fifteen days with one threefold event of two hours each, at
/// an hour between 8 and 20 that the seed picks; the events stay in the history.
fn simulate(seed: u64, peak: f64, figures: &mut Figures) {
    let mut world = World::new(seed, peak);
    (0..28 * 96).for_each(|_| world.pass(1.0));
    let mut calm = 0;
    for _ in 0..14 * 96 {
        let alarm = world.alarmed(1.0);
        figures.false_alarms += u64::from(alarm && calm == 0);
        calm = if alarm { 8 } else { i32::max(calm - 1, 0) };
    }
    figures.weeks += 2;
    for _ in 0..15 {
        let start = 4 * (8 + world.seed.next() % 12);
        let mut first = None;
        for quarter in 0..96 {
            let during = (start..start + 8).contains(&quarter);
            let alarm = world.alarmed(if during { 3.0 } else { 1.0 });
            if during && alarm {
                first = first.or(Some(quarter - start));
            }
        }
        figures.events += 1;
        figures.found += u64::from(first.is_some());
        figures.delay_in_quarters += first.unwrap_or(8);
    }
}

#[test]
fn threefold_events_are_found_and_quiet_weeks_stay_quiet_r53() {
    let mut figures = Figures::default();
    for (seed, peak) in [(1, 8.0), (2, 15.0), (3, 30.0), (4, 15.0)] {
        simulate(seed, peak, &mut figures);
    }
    println!("{figures:?}");
    assert!(figures.found * 100 >= figures.events * 95, "{figures:?}");
    assert!(figures.false_alarms < figures.weeks, "{figures:?}");
}

#[test]
#[ignore = "a minute in release; prints the figures by volume"]
fn threefold_events_by_volume_over_many_seeds_r53() {
    for peak in [1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0] {
        let mut figures = Figures::default();
        (100..130).for_each(|seed| simulate(seed, peak, &mut figures));
        println!("peak {peak} in a quarter of an hour: {figures:?}");
        assert!(figures.false_alarms < figures.weeks, "{figures:?}");
    }
}

fn quiet_month() -> World {
    let mut world = World::new(7, 4.0);
    for _ in 0..28 * 96 + 40 {
        world.pass(1.0);
    }
    world
}

#[test]
fn one_loud_customer_is_no_crisis_r53() {
    let mut world = quiet_month();
    let author = CustomerId::new("loud").unwrap();
    let arrival =
        Arrival { at: world.now, channel: &Channel::X, topic: None, negative: false, author: &author };
    for _ in 0..200 {
        world.pulse.record(&arrival, world.now);
    }
    let rises = world.pulse.rises(world.now, &PulseSettings { min_authors: 8, ..SETTINGS });
    assert!(rises[0].score > SETTINGS.alarm_at && rises[0].messages >= 200);
    let quarter_only = PulseSettings { min_authors: 2, ..SETTINGS };
    assert!(rises[0].window != QUARTER || !rises[0].is_spike(&quarter_only));
}

#[test]
fn a_series_without_two_days_behind_it_has_no_score() {
    let mut world = World::new(3, 30.0);
    for _ in 0..96 {
        assert!(world.step(5.0).is_empty());
    }
}

#[test]
fn shards_of_a_pulse_combine_in_any_order_to_the_same_value() {
    let start: Timestamp = START.parse().unwrap();
    let mut seed = Seeded(11);
    let mut whole = Pulse::default();
    let mut shards = vec![Pulse::default(); 3];
    for n in 0..4000_u64 {
        let at = start.saturating_add(Seconds::new((seed.next() % (40 * 86_400)) as i64));
        let author = CustomerId::new(format!("c{}", n % 97)).unwrap();
        let arrival =
            Arrival { at, channel: &Channel::X, topic: None, negative: n % 3 == 0, author: &author };
        let now = at.saturating_add(Seconds::minutes(3));
        whole.record(&arrival, now);
        shards[(seed.next() % 3) as usize].record(&arrival, now);
    }
    for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0]] {
        let mut merged = Pulse::default();
        for shard in order {
            merged.merge(&shards[shard]);
        }
        assert_eq!(merged, whole);
    }
    let text = serde_json::to_string(&whole).unwrap();
    assert_eq!(serde_json::from_str::<Pulse>(&text).unwrap(), whole);
}

#[test]
fn a_message_from_the_future_counts_now_and_one_of_last_year_not_at_all() {
    let now: Timestamp = START.parse().unwrap();
    let author = CustomerId::new("c").unwrap();
    let at = |at| Arrival { at, channel: &Channel::X, topic: None, negative: false, author: &author };
    let mut pulse = Pulse::default();
    assert!(pulse.record(&at(Timestamp::MAX), now));
    assert!(!pulse.record(&at(Timestamp::MIN), now));
    let mut same = Pulse::default();
    same.record(&at(now), now);
    assert_eq!(pulse, same);
}

fn rise(score: u64, authors: u64) -> Rise {
    let series = SeriesKey { channel: Channel::X, topic: None, negative: true };
    Rise { series, score, window: QUARTER, messages: 20, usual: 2000, authors }
}

#[test]
fn the_mode_goes_up_at_once_and_down_by_steps_after_a_calm_hour_r53() {
    let start: Timestamp = START.parse().unwrap();
    let at = |minutes| start.saturating_add(Seconds::minutes(minutes));
    let mut vigil = Vigil::new(start);
    for (minutes, score, authors, expected) in [
        (0, 9000, 2, Mode::Normal),
        (15, 6000, 3, Mode::Watch),
        (30, 9000, 3, Mode::Crisis),
        (45, 4000, 3, Mode::Crisis),
        (60, 0, 3, Mode::Crisis),
        (119, 0, 3, Mode::Crisis),
        (120, 0, 3, Mode::Watch),
        (120, 0, 3, Mode::Watch),
        (150, 3000, 3, Mode::Watch),
        (165, 0, 3, Mode::Watch),
        (100, 9999, 9, Mode::Watch),
        (225, 0, 3, Mode::Normal),
    ] {
        let mode = vigil.step(at(minutes), &[rise(score, authors)], &SETTINGS);
        assert_eq!(mode, expected, "minute {minutes}");
    }
    assert_eq!(vigil.since(), at(225));
}
