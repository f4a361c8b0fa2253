//! What follows from the figures: comparisons, fairness, standings, staffing, rollouts, and the report.

use std::fs;
use std::path::PathBuf;

use galateo::measure::{
    Admission, CLASSES, Change, Comparison, Currency, Enrolment, ExitCriterion, Fact, Fairness, Forecast,
    Measures, Merge, Observation, Period, Recorded, Recorder, Report, ReputationRisk, Responsiveness,
    Rollout, RolloutFault, Shard, Staffing, Stage, Standing, Summary, coverage, mix_shift, remedy_conflicts,
    rollout_slot,
};
use galateo::model::{
    Channel, Customer, CustomerId, EventId, Language, Mode, Seconds, Tag, Timestamp, TopicId, Word,
};
use proptest::prelude::*;
use serde::Deserialize;

fn data(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/measure").join(name);
    fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}", path.display()))
}

fn day() -> Period {
    Period::new("2026-11-20T00:00:00Z".parse().unwrap(), "2026-11-21T00:00:00Z".parse().unwrap())
}

fn facts() -> Vec<Fact> {
    let text = data("day.ndjson");
    text.lines().filter(|l| !l.starts_with('#')).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn summary_of(facts: &[Fact]) -> Summary {
    let mut recorder = Recorder::new(Summary::new(day()));
    for fact in facts {
        recorder.record(fact);
    }
    recorder.summary().clone()
}

#[test]
fn the_bundled_day_is_reported_in_two_languages() {
    let facts = facts();
    let report = Report::of(&summary_of(&facts), None, Mode::Normal);
    for (language, name) in [(Language::En, "day.en.txt"), (Language::It, "day.it.txt")] {
        assert_eq!(report.render(language), data(name), "{name}");
    }
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
}

#[test]
fn the_bundled_day_counts_what_was_delivered_twice_once() {
    let mut recorder = Recorder::new(Summary::new(day()));
    let outcomes: Vec<Recorded> = facts().iter().map(|fact| recorder.record(fact)).collect();
    assert_eq!(outcomes.iter().filter(|o| **o == Recorded::Duplicate).count(), 2);
    assert_eq!(outcomes.iter().filter(|o| **o == Recorded::OtherPeriod).count(), 1);
    let all = &recorder.summary().all;
    assert_eq!(all.tally.received, 7);
    assert_eq!(all.answer_rate().to_string(), "4/6 (66.7 %)", "one is excused (R88, R91)");
    assert_eq!((all.own_brand.negative, all.competitors.neutral), (2, 1), "brands apart (R50)");
    assert_eq!(all.tally.negative_open, 2);
    assert!(all.deflection_rate().reaches(10_000) && all.referral_breach_rate().reaches(10_000));
}

#[test]
fn a_period_is_compared_with_the_one_before_r100_r102() {
    let facts = facts();
    let (before, after) = (summary_of(&facts[..10]), summary_of(&facts));
    let comparison = Comparison::between(&before.all, &after.all);
    assert_eq!(comparison.received, Change { before: 2, after: 7 });
    assert_eq!(comparison.received.per_ten_thousand(), Some(25_000));
    assert_eq!(comparison.satisfied, None, "no marks before: no change can be read");
    assert_eq!(Change { before: 4, after: 1 }.per_ten_thousand(), Some(-7500));
    let report = Report::of(&after, Some(&before), Mode::Watch).render(Language::En);
    assert!(report.contains("conversations received: 7 (before 2, +5)"), "{report}");
}

#[test]
fn channel_mix_and_coverage_show_where_customers_are_and_answers_are_not_r33_r98() {
    let facts = facts();
    let (before, after) = (summary_of(&facts[..10]), summary_of(&facts));
    let shifts = mix_shift(&before, &after);
    assert_eq!((shifts[0].channel.as_str(), shifts[0].shift), ("x", 4286 - 10_000));
    let channels: Vec<_> =
        coverage(&after).into_iter().map(|c| (c.channel.to_string(), c.attention)).collect();
    assert_eq!(
        channels,
        [("email".into(), -1667), ("x".into(), 2500 - 3333), ("facebook".into(), 7500 - 5000)]
    );
}

fn tag(name: &str) -> Tag {
    Tag::new(name).unwrap()
}

#[test]
fn channels_that_usually_grant_different_remedies_are_named_r49() {
    let mut summary = Summary::new(day());
    for (n, (channel, remedy)) in [
        (Channel::X, "refund"),
        (Channel::X, "refund"),
        (Channel::Email, "voucher"),
        (Channel::Email, "voucher"),
        (Channel::Sms, "refund"),
    ]
    .into_iter()
    .enumerate()
    {
        let remedy = Observation::RemedyGiven { remedy: tag(remedy) };
        let fact = Fact::new(EventId::new(n.to_string()).unwrap(), day().start, channel, remedy);
        summary.record(&Fact { topic: Some(TopicId::new("late").unwrap()), ..fact });
    }
    let conflicts = remedy_conflicts(&summary, 2);
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].remedies.len(), 2, "one remedy on one channel is too few to count");
    assert!(remedy_conflicts(&summary, 3).is_empty());
}

#[test]
fn a_gap_on_few_answers_is_not_significant_r26() {
    for (count, expected) in [(10, false), (19, false), (40, true)] {
        let mut fairness = Fairness::default();
        for n in 0..count {
            fairness.record(&[tag("slow")], Seconds::minutes(100 + n));
            fairness.record(&[tag("fast"), tag("fast")], Seconds::minutes(10 + n % 5));
        }
        let gaps = fairness.gaps();
        assert_eq!((gaps[0].group.as_str(), gaps[0].is_significant), ("slow", expected), "{count}");
        assert_eq!(gaps[1].responses, count as u64);
        assert!(gaps[0].delay() > Seconds::ZERO && gaps[1].delay() <= Seconds::ZERO);
    }
}

#[test]
fn equal_groups_are_hardly_ever_called_unequal_r26() {
    let mut false_alarms = 0;
    for seed in 0..500_u64 {
        let mut fairness = Fairness::default();
        for n in 0..200_u64 {
            let draw = galateo::measure::split_mix(seed * 1000 + n);
            fairness.record(&[tag(if n % 2 == 0 { "a" } else { "b" })], Seconds::new((draw % 7200) as i64));
        }
        false_alarms += fairness.gaps().iter().filter(|gap| gap.is_significant).count();
    }
    assert!(false_alarms <= 4, "{false_alarms} of 1000");
}

fn channel(received: u64, responses: &[(u64, i64)]) -> Measures {
    let mut measures = Measures::default();
    (0..received).for_each(|_| measures.record(&Observation::Received));
    for (count, minutes) in responses {
        (0..*count).for_each(|_| {
            measures.record(&Observation::FirstResponse { after: Seconds::minutes(*minutes) });
        });
    }
    measures
}

#[test]
fn a_channel_is_warned_before_its_class_drops_r27() {
    for (received, responses, class, spare, at_risk) in [
        (0, vec![], Responsiveness::Slow, 0, false),
        (100, vec![(100, 5)], Responsiveness::Minutes, 11, false),
        (100, vec![(92, 5)], Responsiveness::Minutes, 2, true),
        (100, vec![(90, 5)], Responsiveness::Minutes, 0, true),
        (100, vec![(89, 5)], Responsiveness::Hours, 11, false),
        (100, vec![(51, 5), (49, 50)], Responsiveness::Minutes, 2, true),
        (100, vec![(49, 5), (51, 50)], Responsiveness::Hour, 11, false),
        (100, vec![(79, 5)], Responsiveness::Slow, 0, false),
        (100, vec![(100, 60 * 30)], Responsiveness::Slow, 0, false),
    ] {
        let standing = Standing::of(&channel(received, &responses), &CLASSES);
        let expected = (class, spare, at_risk);
        assert_eq!((standing.class, standing.spare, standing.is_at_risk), expected, "{responses:?}");
    }
}

#[test]
fn reputation_risk_is_bounded_and_made_of_its_parts_r46() {
    let worst = channel(10, &[(0, 0)]);
    let risk = ReputationRisk::of(&worst, Mode::Crisis);
    assert_eq!((risk.unanswered, risk.mode, risk.score()), (250, 100, 350));
    assert_eq!(ReputationRisk::of(&channel(4, &[(4, 120)]), Mode::Normal).late, 150);
}

#[test]
fn staff_is_rounded_up_and_needs_time_to_give_r100() {
    let week = Staffing { time: Seconds::hours(40), occupancy: 800 };
    assert_eq!(
        week.agents(1000, Seconds::minutes(12)),
        Some(7),
        "200 h of work, 32 h each (R40: 1000 a week)"
    );
    assert_eq!(week.agents(0, Seconds::minutes(12)), Some(0));
    assert_eq!(Staffing { time: Seconds::new(-1), occupancy: 800 }.agents(5, Seconds::minutes(1)), None);
    assert_eq!(week.agents(u64::MAX, Seconds::new(i64::MAX)), Some(u64::MAX));
}

#[test]
fn a_forecast_needs_history_and_survives_extremes_r31() {
    assert_eq!(Forecast::from_history(&[]), None);
    let extreme = Forecast::from_history(&[u64::MAX, 0, u64::MAX]).unwrap();
    assert!(extreme.low <= extreme.expected && extreme.expected <= extreme.high);
    let steady = Forecast::from_history(&[100, 100]).unwrap();
    assert!(steady.verdict(100).is_eq() && steady.verdict(101).is_gt() && steady.verdict(99).is_lt());
}

#[derive(Deserialize)]
struct Slots {
    slot: Vec<Slot>,
}

#[derive(Deserialize)]
struct Slot {
    feature: String,
    customer: String,
    slot: u16,
}

#[test]
fn slots_never_change_r32() {
    for case in toml::from_str::<Slots>(&data("slots.toml")).unwrap().slot {
        let feature = Word::new(&case.feature).unwrap();
        assert_eq!(
            rollout_slot(&feature, &CustomerId::new(&case.customer).unwrap()),
            case.slot,
            "{}",
            case.customer
        );
    }
}

#[test]
fn slots_are_spread_evenly_and_features_are_independent_r32() {
    let [one, two] = ["one", "two"].map(|name| Word::new(name).unwrap());
    let (mut first, mut both) = (0, 0);
    for n in 0..20_000 {
        let customer = CustomerId::new(format!("{n}")).unwrap();
        let (a, b) = (rollout_slot(&one, &customer) < 2500, rollout_slot(&two, &customer) < 2500);
        first += u32::from(a);
        both += u32::from(a && b);
    }
    assert!((4800..5200).contains(&first) && (1130..1370).contains(&both), "{first} {both}");
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn customer(name: &str, tags: &[&str]) -> Customer {
    Customer { tags: tags.iter().map(|t| tag(t)).collect(), ..Customer::new(CustomerId::new(name).unwrap()) }
}

#[test]
fn a_pilot_asks_for_stage_channel_segment_share_and_place_in_this_order_r34_r41() {
    let stage = Stage {
        end: Some(at("2026-04-01T00:00:00Z")),
        channels: vec![Channel::WhatsApp],
        segments: vec![tag("test_customers")],
        cap: Some(1),
        share: 8000,
        ..Stage::from(at("2026-03-01T00:00:00Z"))
    };
    let rollout = Rollout { feature: Word::new("whatsapp_pilot").unwrap(), stages: vec![stage] };
    let mut places = Enrolment::new(1);
    let march = at("2026-03-10T00:00:00Z");
    for (name, tags, channel, now, expected) in [
        ("ada", vec!["test_customers"], Channel::WhatsApp, "2026-02-28T23:59:59Z", Admission::NoStage),
        ("ada", vec!["test_customers"], Channel::Sms, "2026-03-10T00:00:00Z", Admission::OtherChannel),
        ("ada", vec![], Channel::WhatsApp, "2026-03-10T00:00:00Z", Admission::OtherSegment),
        ("ada", vec!["test_customers"], Channel::WhatsApp, "2026-03-10T00:00:00Z", Admission::Admitted),
        ("bo", vec!["test_customers"], Channel::WhatsApp, "2026-03-10T00:00:00Z", Admission::CapReached),
        ("ada", vec![], Channel::WhatsApp, "2026-03-10T00:00:00Z", Admission::Enrolled),
        ("ada", vec!["test_customers"], Channel::WhatsApp, "2026-04-01T00:00:00Z", Admission::NoStage),
    ] {
        let admission = rollout.admit(&customer(name, &tags), &channel, at(now), &mut places, Shard(0));
        assert_eq!(admission, expected, "{name} {now}");
    }
    assert!(rollout.check(&customer("ada", &[]), &Channel::WhatsApp, march, &places).is_in());
    let text = serde_json::to_string(&rollout).unwrap();
    assert_eq!(serde_json::from_str::<Rollout>(&text).unwrap(), rollout);
}

#[test]
fn a_stage_without_a_next_step_is_a_fault_r47() {
    let start = at("2026-03-01T00:00:00Z");
    let later = at("2026-04-01T00:00:00Z");
    let faults = |stages: Vec<Stage>| Rollout { feature: Word::new("f").unwrap(), stages }.faults();
    let pilot = Stage { share: 500, ..Stage::from(start) };
    assert_eq!(faults(vec![pilot.clone()]), [(0, RolloutFault::NoExit)]);
    let ended = Stage { exit: Some(ExitCriterion::AnswerRate(9000)), ..pilot.clone() };
    assert_eq!(faults(vec![ended, Stage::from(later)]), []);
    let ended = Stage { end: Some(later), ..pilot };
    assert_eq!(faults(vec![ended.clone(), Stage::from(start)]), [(1, RolloutFault::Overlap)]);
    assert_eq!(
        faults(vec![ended, Stage { share: 400, cap: Some(5), end: Some(later), ..Stage::from(later) }]),
        [(1, RolloutFault::EmptyStage), (1, RolloutFault::Shrinks)]
    );
    assert_eq!(
        faults(vec![Stage { share: 10_001, ..Stage::from(start) }]),
        [(0, RolloutFault::ShareTooLarge)]
    );
}

proptest! {
    #[test]
    fn fairness_merges_in_any_order(times in prop::collection::vec((0..4_u8, 0..9000_i64), 0..100), cut in any::<prop::sample::Index>()) {
        let of = |times: &[(u8, i64)]| {
            let mut fairness = Fairness::default();
            times.iter().for_each(|(group, secs)| fairness.record(&[tag(&group.to_string())], Seconds::new(*secs)));
            fairness
        };
        let cut = cut.index(times.len() + 1);
        let (mut a, mut b) = (of(&times[..cut]), of(&times[cut..]));
        let first = a.clone();
        a.merge(&b);
        b.merge(&first);
        prop_assert_eq!(&a, &b);
        prop_assert_eq!(a, of(&times));
    }

    #[test]
    fn a_wider_share_keeps_everyone_who_was_in_r32(name in "[a-z0-9]{1,12}", narrow in 0..=10_000_u16, wide in 0..=10_000_u16) {
        let feature = Word::new("f").unwrap();
        let slot = rollout_slot(&feature, &CustomerId::new(name).unwrap());
        prop_assert!(slot < 10_000);
        prop_assert!(slot >= narrow.min(wide) || slot < narrow.max(wide));
    }

    #[test]
    fn reputation_risk_stays_within_its_scale(received in 0..50_u64, responses in prop::collection::vec((0..9_u64, 0..3000_i64), 0..5)) {
        prop_assert!(ReputationRisk::of(&channel(received, &responses), Mode::Crisis).score() <= 1000);
    }
}

#[test]
fn amounts_have_the_decimals_of_their_currency_r58() {
    let digits = ["EUR", "JPY", "KWD"].map(|code| Currency::new(code).unwrap().digits());
    assert_eq!(digits, [2, 0, 3]);
}
