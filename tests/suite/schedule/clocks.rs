//! What holds for every timeline: replay equals folding, pauses only help, explanations add up.

use galateo::model::{Creator, Status, Step, Timeline, Timestamp};
use galateo::schedule::sla::{
    ClockReading, ClockState, Explanation, Fold, MetricKind, Policies, PolicySpec, Reason, clocks, deadlines,
    last_clocks,
};
use galateo::schedule::{Calendar, CalendarSpec, Horizon};

use super::oracle::at;
use super::properties::Random;

pub(crate) const POLICIES: &str = r#"[
 {"name":"VIP","match":{"tag":["vip"]},"calendar":{"tz":"Europe/Rome","weekly":{"mon":[["09:00","18:00"]],"tue":[["09:00","18:00"]],
    "wed":[["09:00","13:00"],["14:00","18:00"]],"thu":[["22:00","06:00"]]},"holidays":["2026-12-08"]},
  "calendar_by_channel":{"chat":null},"on_priority_change":"restart",
  "metrics":[{"metric":"first_reply","target":3600,"warn_before":[600]},{"metric":"next_reply","target":{"high":1800,"*":7200}},
    {"metric":"requester_wait","target":20000},{"metric":"ownership","target":3000}]},
 {"name":"All","calendar":{"tz":"America/New_York","weekly":{"mon":[["08:00","20:00"]],"tue":[["08:00","20:00"]],"sat":[["00:00","24:00"]]}},
  "calendar_changes":[["2026-11-25T00:00:00Z",null],["2026-11-27T12:00:00Z",{"tz":"UTC","weekly":{"fri":[["09:00","17:00"]]}}]],
  "metrics":[{"metric":"first_reply","target":7200,"pause_on":["pending"]},{"metric":"next_reply","target":7200,"count_bot":true},
    {"metric":"update","target":1000},{"metric":"periodic_update","target":9000},{"metric":"pausable_update","target":9000},
    {"metric":"requester_wait","target":30000},{"metric":"agent_work","target":10000},
    {"metric":"resolution","target":{"low":90000,"*":40000},"on_reopen":"resume_counting_solved","warn_fraction":[0.5,0.8]},
    {"metric":"ownership","target":3000}]}]"#;

fn policies() -> Policies {
    Policies::new(&serde_json::from_str::<Vec<PolicySpec>>(POLICIES).unwrap()).unwrap()
}

const START: i64 = 29_650_000;

fn timeline(random: &mut Random) -> Timeline {
    let mut timeline = Timeline::new();
    let creators = [Creator::Customer, Creator::Customer, Creator::Agent, Creator::Import];
    timeline.record(at(START), Step::Created(creators[random.below(4) as usize]));
    for _ in 0..random.below(25) {
        let step = match random.below(14) {
            0 => Step::Priority(Some(["low", "high"][random.below(2) as usize])),
            1 => Step::Channel(Some(["chat", "email"][random.below(2) as usize])),
            2 => Step::Group(Some(["care", "billing"][random.below(2) as usize])),
            3 => Step::TagAdded("vip"),
            4 => Step::TagRemoved("vip"),
            5 => Step::BotReply,
            6 => Step::PrivateNote,
            7 | 8 => Step::AgentReply,
            9 | 10 => Step::CustomerMessage,
            _ => Step::Status(Status::ALL[random.below(6) as usize]),
        };
        timeline.record(at(START + random.below(12_000)), step);
    }
    timeline
}

/// The last instance of each metric.
pub(crate) fn last(readings: &[ClockReading]) -> Vec<ClockReading> {
    let later =
        |(i, r): &(usize, &ClockReading)| readings.get(i + 1).is_none_or(|next| next.metric != r.metric);
    readings.iter().enumerate().filter(later).map(|(_, r)| r.clone()).collect()
}

#[test]
fn folding_with_the_state_stored_between_events_equals_replay() {
    let policies = policies();
    for seed in 0..400 {
        let random = &mut Random(seed);
        let timeline = timeline(random);
        let as_of = at(START + 13_000);
        let mut fold = Fold::new(&policies);
        for (at, step) in timeline.iter() {
            fold.apply(at, step).unwrap();
            let bytes = fold.to_bytes();
            assert!(bytes.len() < 700, "{}", bytes.len());
            let again = Fold::from_bytes(&policies, &bytes).unwrap();
            assert_eq!(again.to_bytes(), bytes);
            assert_eq!(again.next_deadlines(), fold.next_deadlines());
        }
        let stored = Fold::from_bytes(&policies, &fold.to_bytes()).unwrap();
        let full = clocks(&policies, &timeline, as_of, None);
        assert_eq!(last(&stored.readings(as_of, None)), last(&full), "seed {seed}");
        assert_eq!(fold.clone().readings(as_of, None), full, "seed {seed}");
        assert_eq!(last_clocks(&policies, timeline.iter(), as_of), last(&full), "seed {seed}");
    }
}

#[test]
fn damaged_states_are_refused_or_read_and_never_panic() {
    let policies = policies();
    for seed in 0..300 {
        let random = &mut Random(seed);
        let fold = Fold::replay(&policies, &timeline(random), at(START + 13_000));
        let mut bytes = fold.to_bytes();
        for _ in 0..1 + random.below(4) {
            let place = random.below(bytes.len() as i64) as usize;
            bytes[place] = random.below(256) as u8;
        }
        if let Ok(read) = Fold::from_bytes(&policies, &bytes) {
            let _ = (read.next_deadlines(), read.readings(at(START + 20_000), None));
        }
        bytes.truncate(random.below(bytes.len() as i64) as usize);
        assert!(Fold::from_bytes(&policies, &bytes).is_err());
    }
}

#[test]
fn a_timeline_survives_storage_and_any_order_of_arrival() {
    for seed in 0..200 {
        let timeline = timeline(&mut Random(seed));
        let text = serde_json::to_string(&timeline).unwrap();
        assert_eq!(serde_json::from_str::<Timeline>(&text).unwrap(), timeline);
        let mut turned = Timeline::new();
        let steps: Vec<_> = timeline.iter().collect();
        steps.iter().rev().chain(&steps).for_each(|(at, step)| turned.record(*at, *step));
        assert!(turned.iter().eq(timeline.iter()));
    }
}

#[test]
fn a_pause_never_moves_a_due_date_earlier() {
    let policies = policies();
    for seed in 0..300 {
        let random = &mut Random(seed);
        let mut timeline = Timeline::new();
        timeline.record(at(START), Step::Created(Creator::Customer));
        timeline.record(at(START), Step::Status(Status::Open));
        let as_of = at(START + 6000);
        let due = |timeline: &Timeline| -> Vec<Option<Timestamp>> {
            clocks(&policies, timeline, as_of, None).iter().map(|r| r.due_at).collect()
        };
        let before = due(&timeline);
        let from = random.below(3000);
        timeline.record(at(START + 1 + from), Step::Status(Status::Pending));
        timeline.record(at(START + 2 + from + random.below(2000)), Step::Status(Status::Open));
        for (before, after) in before.iter().zip(due(&timeline)) {
            assert!(before.is_none() || after.is_none() || *before <= after, "seed {seed}");
        }
    }
}

#[test]
fn the_steps_of_an_explanation_add_up_to_what_the_clock_shows() {
    let policies = policies();
    for seed in 0..200 {
        let timeline = timeline(&mut Random(seed));
        for metric in [MetricKind::RequesterWait, MetricKind::FirstReply] {
            let why = Explanation::of(&policies, &timeline, metric, at(START + 13_000));
            let counted: i64 = why
                .steps
                .iter()
                .map(|step| match step {
                    Reason::Counted { open_seconds, .. } => *open_seconds,
                    _ => 0,
                })
                .sum();
            let restarted = why.steps.iter().any(|s| matches!(s, Reason::Policy { .. }));
            let shown = why.reading.as_ref().unwrap().elapsed_seconds;
            assert!(counted >= shown || restarted, "seed {seed}: {counted} {shown} {}", why.english());
        }
    }
}

#[test]
fn a_clock_tells_its_story_in_two_languages() {
    let spec = r#"{"name":"VIP","calendar":{"tz":"Europe/Rome","weekly":{"fri":[["09:00","17:00"]],"mon":[["09:00","17:00"]],"tue":[["09:00","17:00"]]}},
        "metrics":[{"metric":"requester_wait","target":3600}]}"#;
    let policies = Policies::new(&[serde_json::from_str(spec).unwrap()]).unwrap();
    let mut timeline = Timeline::new();
    let when = |text: &str| text.parse::<Timestamp>().unwrap();
    timeline.record(when("2026-11-20T16:30:00+01:00"), Step::Created(Creator::Customer));
    timeline.record(when("2026-11-23T09:10:00+01:00"), Step::Status(Status::Pending));
    timeline.record(when("2026-11-24T10:00:00+01:00"), Step::Status(Status::Open));
    let why =
        Explanation::of(&policies, &timeline, MetricKind::RequesterWait, when("2026-11-24T12:00:00+01:00"));
    assert_eq!(
        why.english(),
        "target 1 h from policy VIP since Fri 2026-11-20 16:30; started Fri 2026-11-20 16:30; \
         Fri 2026-11-20 16:30–Mon 2026-11-23 09:10: 40 min counted, 64 h closed; \
         paused Mon 2026-11-23 09:10 (pending); \
         Tue 2026-11-24 10:00–Tue 2026-11-24 12:00: 2 h counted; budget ran out Tue 2026-11-24 10:20"
    );
    assert!(
        why.italian().contains("in pausa lun 23/11/2026 09:10 (in attesa del cliente)"),
        "{}",
        why.italian()
    );
}

#[test]
fn hostile_calendars_are_answered_within_bounds() {
    let mut spec = CalendarSpec { tz: "Europe/Rome".into(), ..CalendarSpec::default() };
    let random = &mut Random(7);
    for _ in 0..100_000 {
        let start = random.below(1440) as u32 * 60;
        let pair =
            [start, (start + 60) % 86_400].map(|s| galateo::schedule::TimeOfDay::from_seconds(s).unwrap());
        spec.weekly.mon.push(galateo::schedule::Window { start: pair[0], end: pair[1] });
        let from = START + random.below(1_000_000);
        spec.closures.push((at(from), at(from + random.below(10))));
    }
    spec.closures.push((at(START), at(START + 400 * 1440)));
    let calendar = Calendar::compile(&spec, Horizon::around(at(START))).unwrap();
    assert!(calendar.next_open(at(START)).unwrap() >= at(START + 400 * 1440));
    assert!(calendar.compiled_bytes() < 8 << 20);
    let never = CalendarSpec { closures: vec![(Timestamp::MIN, Timestamp::MAX)], ..spec };
    let never = Calendar::new(&never).unwrap();
    assert!(
        never.next_open(at(START)).is_ok_and(|last| last == Timestamp::MAX)
            || never.next_open(at(START)).is_err()
    );
    assert_eq!(never.between(Timestamp::MIN, Timestamp::MAX).get(), 0);
}

#[test]
fn a_year_of_holidays_by_rule_is_answered_within_bounds() {
    let rules: Vec<String> = (1..=12)
        .flat_map(|month| (1..=28).map(move |day| (month, day)))
        .map(|(month, day)| {
            format!(r#"{{"fixed":{{"month":{month},"day":{day},"observed":"next_weekday"}}}}"#)
        })
        .collect();
    let text = format!(
        r#"{{"tz":"Europe/Rome","weekly":{{"mon":[["09:00","17:00"]]}},"holidays":[{}]}}"#,
        rules.join(",")
    );
    let spec: CalendarSpec = serde_json::from_str(&text).unwrap();
    let calendar = Calendar::compile(&spec, Horizon::none(at(START))).unwrap();
    let later = at(START + 20 * 365 * 1440);
    // Every weekday that the rules leave stands in for a holiday on a weekend.
    assert_eq!(calendar.between(at(START), later).get(), 0);
}

#[test]
fn compaction_keeps_the_state_of_the_conversation() {
    let policies = policies();
    let mut timeline = Timeline::new();
    timeline.record(at(START), Step::Created(Creator::Customer));
    for n in 0..300 {
        timeline.record(at(START + 1 + 2 * n), Step::CustomerMessage);
        timeline
            .record(at(START + 2 + 2 * n), if n % 3 == 0 { Step::AgentReply } else { Step::CustomerMessage });
    }
    timeline.record(at(START + 900), Step::Status(Status::Pending));
    let as_of = at(START + 1000);
    let full = last(&clocks(&policies, &timeline, as_of, None));
    timeline.compact(64);
    assert!(timeline.len() <= 64);
    let compact = last(&clocks(&policies, &timeline, as_of, None));
    for (before, after) in full.iter().zip(&compact) {
        assert_eq!(
            (before.state, before.due_at, before.breached),
            (after.state, after.due_at, after.breached)
        );
    }
}

#[test]
fn promises_and_referrals_are_clocks_that_nothing_pauses_r80_r95_r114() {
    let event = |at: &str, by: &str, what: &str| {
        let text = format!(r#"{{"id":"{at}","at":"{at}","conversation":"c-1","by":{by},"what":{what}}}"#);
        serde_json::from_str::<galateo::model::Event>(&text).expect(&text)
    };
    let mut conversation =
        galateo::model::Conversation::new(galateo::model::ConversationId::new("c-1").unwrap());
    let agent = r#"{"agent":"giulia"}"#;
    let steps = [
        ("2026-11-23T09:00:00Z", r#"{"promise_made":{"promise":"call-back","due":"2026-11-23T17:00:00Z"}}"#),
        (
            "2026-11-23T09:05:00Z",
            r#"{"referral_asked":{"referral":"r-1","department":"logistics","due":"2026-11-23T12:00:00Z"}}"#,
        ),
        ("2026-11-23T09:10:00Z", r#"{"status":{"to":"pending"}}"#),
        ("2026-11-23T13:00:00Z", r#"{"referral_answered":{"referral":"r-1"}}"#),
    ];
    for (at, what) in steps {
        assert!(conversation.advance(&event(at, agent, what)));
    }
    let read = |at: &str| -> Vec<_> {
        deadlines(&conversation).map(|deadline| deadline.read(at.parse().unwrap())).collect()
    };
    let noon = read("2026-11-23T16:00:00Z");
    assert_eq!((noon[0].state, noon[0].breached), (ClockState::Running, false));
    assert_eq!(noon[0].remaining_seconds, Some(3600));
    assert_eq!((noon[1].state, noon[1].breached), (ClockState::Fulfilled, true));
    let evening = read("2026-11-23T17:00:01Z");
    assert!(evening[0].breached && evening[0].breached_at == noon[0].due_at);
}

#[test]
fn another_calendar_shows_who_would_change_sides() {
    let policy = |hours: &str| {
        let text = format!(
            r#"{{"calendar":{{"tz":"UTC","weekly":{{"mon":[{hours}]}}}},"metrics":[{{"metric":"resolution","target":7200}}]}}"#
        );
        Policies::new(&[serde_json::from_str(&text).unwrap()]).unwrap()
    };
    let (before, after) = (policy(r#"["09:00","17:00"]"#), policy(r#"["12:00","17:00"]"#));
    let timelines: Vec<Timeline> = ["2026-11-23T09:00:00Z", "2026-11-23T14:00:00Z"]
        .iter()
        .map(|at| {
            let mut timeline = Timeline::new();
            timeline.record(at.parse().unwrap(), Step::Created(Creator::Customer));
            timeline
        })
        .collect();
    let as_of = "2026-11-23T13:00:00Z".parse().unwrap();
    let found: Vec<_> = galateo::schedule::what_if(&before, &after, &timelines, as_of).collect();
    assert_eq!(found.len(), 1);
    assert!(found[0].index == 0 && found[0].changed_side);
    let mut fold = Fold::live(&after);
    let due: Vec<_> = timelines.iter().map(|timeline| fold.retime(timeline, as_of)).collect();
    assert_eq!(due[0].map(|at| at.to_string()).as_deref(), Some("2026-11-23T14:00:00Z"));
}
