//! Summaries, distributions, pilots: laws of merging, bounds of error, edges.

use std::num::NonZeroU16;

use galateo::measure::{
    Currency, Distinct, Distribution, Enrolled, Enrolment, Fact, Feeling, Measures, Mention, Merge,
    Observation, Period, RESPONSE_FLOOR, RESPONSE_LIMIT, RESPONSE_TARGET, Recorded, Recorder, Sentiment,
    Shard, Shards, Share, Summary,
};
use galateo::model::{
    AgentId, Channel, CustomerId, EventId, Rating, Seconds, Tag, Timestamp, TopicId, Visibility,
};
use proptest::prelude::*;

fn observation() -> impl Strategy<Value = Observation> {
    let after = (0..100_000_i64).prop_map(Seconds::new);
    let agent = (0..5_u8).prop_map(|n| AgentId::new(format!("agent-{n}")).unwrap());
    let sentiment = (-1000..=1000_i16).prop_map(|score| {
        Sentiment::new(
            score,
            if score < -100 {
                Feeling::Negative
            } else if score > 100 {
                Feeling::Positive
            } else {
                Feeling::Neutral
            },
        )
    });
    prop_oneof![
        Just(Observation::Received),
        Just(Observation::Excused),
        Just(Observation::Resolved),
        Just(Observation::ReferralBreached),
        after.clone().prop_map(|after| Observation::FirstResponse { after }),
        after.clone().prop_map(|after| Observation::Answered { after }),
        (agent.clone(), after).prop_map(|(agent, time)| Observation::Handled { agent, time }),
        (1..=5_u8).prop_map(|n| Observation::Rated { rating: Rating::new(n).unwrap() }),
        (0..3_u8).prop_map(|n| Observation::RemedyGiven { remedy: Tag::new(format!("remedy-{n}")).unwrap() }),
        (agent, any::<u64>()).prop_map(|(agent, minor_units)| Observation::Revenue {
            agent,
            currency: Currency::new("EUR").unwrap(),
            minor_units
        }),
        proptest::option::of(sentiment).prop_map(|sentiment| Observation::MessageReceived {
            visibility: Visibility::Public,
            sentiment,
            mention: Mention::Own
        }),
    ]
}

fn fact() -> impl Strategy<Value = Fact> {
    (0..40_u32, 0..6_usize, 0..200_u8, 0..200_000_i64, observation()).prop_map(
        |(event, channel, topic, secs, observation)| {
            let at = Timestamp::from_secs(1_790_000_000 + secs).unwrap();
            let channel = Channel::ALL[channel].clone();
            let topic = (topic > 20).then(|| TopicId::new(format!("topic-{topic}")).unwrap());
            Fact { topic, ..Fact::new(EventId::new(event.to_string()).unwrap(), at, channel, observation) }
        },
    )
}

fn summary_of(facts: &[Fact]) -> Summary {
    let mut summary = Summary::new(Period::ALWAYS);
    for fact in facts {
        summary.record(fact);
    }
    summary
}

fn merged<T: Merge + Clone>(a: &T, b: &T) -> T {
    let mut merged = a.clone();
    merged.merge(b);
    merged
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn summaries_merge_in_any_order_to_the_whole(facts in prop::collection::vec(fact(), 0..250), cut in any::<(prop::sample::Index, prop::sample::Index)>()) {
        let (a, b) = (cut.0.index(facts.len() + 1), cut.1.index(facts.len() + 1));
        let (a, b) = (a.min(b), a.max(b));
        let [x, y, z] = [&facts[..a], &facts[a..b], &facts[b..]].map(summary_of);
        let whole = summary_of(&facts);
        prop_assert_eq!(&merged(&merged(&x, &y), &z), &whole);
        prop_assert_eq!(&merged(&x, &merged(&z, &y)), &whole);
        let text = serde_json::to_string(&whole).unwrap();
        prop_assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), whole);
    }

    #[test]
    fn a_recorder_counts_each_fact_once_in_whatever_order_t15(facts in prop::collection::vec(fact(), 0..80), seed in any::<u64>()) {
        let mut once = Recorder::new(Summary::new(Period::ALWAYS));
        let mut distinct = Vec::new();
        for fact in &facts {
            if once.record(fact) == Recorded::Counted {
                distinct.push(fact.clone());
            }
        }
        prop_assert_eq!(once.summary(), &summary_of(&distinct));
        let mut shuffled = [distinct.clone(), distinct].concat();
        shuffled.sort_by_cached_key(|fact| galateo::measure::split_mix(seed ^ galateo::measure::fnv1a(format!("{fact:?}").as_bytes())));
        let mut again = Recorder::new(Summary::new(Period::ALWAYS));
        for (n, fact) in shuffled.iter().enumerate() {
            if n % 7 == 0 {
                again = serde_json::from_str(&serde_json::to_string(&again).unwrap()).unwrap();
            }
            again.record(fact);
        }
        prop_assert_eq!(again.summary(), once.summary());
    }

    #[test]
    fn a_quantile_never_understates_and_overstates_by_at_most_a_64th_r102(mut times in prop::collection::vec(prop_oneof![0..500_i64, 0..200_000_i64, 0..5_000_000_000_i64], 1..200), per_mille in 0..=1000_u16) {
        let distribution: Distribution = times.iter().copied().map(Seconds::new).collect();
        times.sort_unstable();
        let rank = (times.len() * usize::from(per_mille)).div_ceil(1000).max(1);
        let exact = times[rank - 1].min(i64::from(u32::MAX));
        let found = distribution.quantile(per_mille).unwrap().get();
        prop_assert!(exact <= found && found <= exact + exact / 64, "{} for {}", found, exact);
        for mark in [RESPONSE_TARGET, RESPONSE_LIMIT, RESPONSE_FLOOR] {
            let exact = times.iter().filter(|t| **t <= mark.get()).count() as u64;
            let within = distribution.within(mark);
            prop_assert_eq!((within.at_least, within.at_most), (exact, exact));
        }
        let limit = times[times.len() / 2] + 1;
        let exact = times.iter().filter(|t| **t <= limit).count() as u64;
        let within = distribution.within(Seconds::new(limit));
        prop_assert!(within.at_least <= exact && exact <= within.at_most);
        let middle = times[times.len().div_ceil(2) - 1];
        let mean_above = times.iter().map(|t| i128::from((*t).min(i64::from(u32::MAX)))).sum::<i128>() > times.len() as i128 * 39_600;
        prop_assert_eq!(distribution.breaches_floor(), middle > 39_600 || mean_above);
    }

    #[test]
    fn a_pilot_on_shards_never_exceeds_its_cap_and_nobody_in_falls_out_r43(cap in 0..30_u32, shards in 1..5_u16, steps in prop::collection::vec((0..60_u8, 0..5_u16, 0..1000_i64, any::<bool>(), 0..5_u16), 0..150)) {
        let count = NonZeroU16::new(shards).unwrap();
        let mut replicas = vec![Enrolment::sharded(cap, count); usize::from(shards)];
        for (customer, shard, at, gossip, other) in steps {
            let (shard, other) = (shard % shards, other % shards);
            let customer = CustomerId::new(customer.to_string()).unwrap();
            let at = Timestamp::from_secs(at).unwrap();
            replicas[usize::from(shard)].enrol(&customer, at, Shard(shard));
            if gossip {
                let theirs = replicas[usize::from(other)].clone();
                replicas[usize::from(shard)].merge(&theirs);
            }
        }
        let forward = replicas.iter().fold(Enrolment::sharded(cap, count), |all, one| merged(&all, one));
        let backward = replicas.iter().rev().fold(Enrolment::sharded(cap, count), |all, one| merged(&all, one));
        prop_assert_eq!(&forward, &backward);
        prop_assert_eq!(&merged(&forward, &forward), &forward);
        prop_assert!(forward.len() <= cap);
        for replica in &replicas {
            for customer in (0..60).map(|n| CustomerId::new(n.to_string()).unwrap()) {
                prop_assert!(!replica.contains(&customer) || forward.contains(&customer));
            }
        }
        let text = serde_json::to_string(&forward).unwrap();
        prop_assert_eq!(serde_json::from_str::<Enrolment>(&text).unwrap(), forward);
    }

    #[test]
    fn overfull_pilots_merge_to_the_first_by_time_in_any_order(sides in prop::collection::vec(prop::collection::btree_map(0..40_u8, 0..9_i64, 0..12), 3)) {
        let pilots: Vec<Enrolment> = sides.iter().map(|side| {
            let mut pilot = Enrolment::new(12);
            for (customer, at) in side {
                pilot.enrol(&CustomerId::new(customer.to_string()).unwrap(), Timestamp::from_secs(*at).unwrap(), Shard(0));
            }
            pilot
        }).collect();
        let left = merged(&merged(&pilots[0], &pilots[1]), &pilots[2]);
        let right = merged(&pilots[2], &merged(&pilots[1], &pilots[0]));
        prop_assert_eq!(&left, &right);
        prop_assert!(left.len() <= 12);
    }

    #[test]
    fn distinct_counts_are_exact_while_few(ids in prop::collection::vec(0..60_u32, 0..120), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(ids.len() + 1);
        let of = |ids: &[u32]| {
            let mut distinct = Distinct::<32>::default();
            ids.iter().for_each(|id| distinct.record(&id.to_string()));
            distinct
        };
        let whole = of(&ids);
        let (a, b) = (of(&ids[..cut]), of(&ids[cut..]));
        prop_assert_eq!(&merged(&a, &b), &whole);
        prop_assert_eq!(&merged(&merged(&b, &a), &b), &whole);
        let exact = ids.iter().collect::<std::collections::BTreeSet<_>>().len() as u64;
        prop_assert_eq!(whole.is_exact(), exact <= 32);
        prop_assert!(!whole.is_exact() || whole.count() == exact);
    }
}

#[test]
fn many_distinct_are_estimated_within_a_quarter() {
    let mut distinct = Distinct::<256>::default();
    (0..10_000).for_each(|n| distinct.record(&format!("customer-{n}")));
    assert!((7_500..12_500).contains(&distinct.count()), "{}", distinct.count());
}

#[test]
fn the_thousandth_customer_is_in_and_the_next_is_out_r43() {
    let mut pilot = Enrolment::new(1000);
    let at = Timestamp::from_secs(1_772_355_600).unwrap();
    let customer = |n: u32| CustomerId::new(format!("genial-{n}")).unwrap();
    for n in 1..=1000 {
        assert_eq!(pilot.enrol(&customer(n), at, Shard(0)), Enrolled::Now);
    }
    assert_eq!(pilot.enrol(&customer(1001), at, Shard(0)), Enrolled::Full);
    assert_eq!(pilot.enrol(&customer(500), at, Shard(0)), Enrolled::Already);
    assert_eq!(pilot.len(), 1000);
}

#[test]
fn an_empty_summary_has_no_rates_and_nothing_panics() {
    let empty = Measures::default();
    assert_eq!(empty.answer_rate(), Share::new(0, 0));
    assert_eq!((empty.first_response.median(), empty.first_response.mean()), (None, None));
    assert!(!empty.first_response.breaches_floor() && empty.revenue_per_operator().is_empty());
    assert_eq!(empty.own_brand.mean(), None);
}

#[test]
fn every_count_saturates() {
    let mut summary = Summary::new(Period::ALWAYS);
    let fact = Fact::new(
        EventId::new("e").unwrap(),
        Timestamp::MIN,
        Channel::X,
        Observation::FirstResponse { after: Seconds::new(i64::MAX) },
    );
    summary.record(&fact);
    for _ in 0..70 {
        let same = summary.clone();
        summary.merge(&same);
    }
    assert_eq!(summary.all.tally.responded, u64::MAX);
    assert_eq!(summary.all.first_response.count(), u64::MAX);
    assert_eq!(summary.all.first_response.median(), Some(Seconds::new(i64::from(u32::MAX))));
    let text = serde_json::to_string(&summary).unwrap();
    assert_eq!(serde_json::from_str::<Summary>(&text).unwrap(), summary);
}

#[test]
fn a_fact_counts_in_the_period_of_its_conversation_r88() {
    let day = Period::new("2026-11-20T00:00:00Z".parse().unwrap(), "2026-11-21T00:00:00Z".parse().unwrap());
    let mut summary = Summary::new(day);
    let answered = Observation::Answered { after: Seconds::hours(9) };
    let late = Fact {
        received_at: "2026-11-20T23:00:00Z".parse().unwrap(),
        ..Fact::new(
            EventId::new("e1").unwrap(),
            "2026-11-21T08:00:00Z".parse().unwrap(),
            Channel::X,
            answered,
        )
    };
    assert_eq!(summary.record(&late), Recorded::Counted);
    let message = Fact { observation: Observation::MessageSent, ..late };
    assert_eq!(summary.record(&message), Recorded::OtherPeriod);
}

#[test]
fn stored_values_that_contradict_themselves_are_refused_t8() {
    for text in [
        r#"{"buckets":[[5,1]],"sum":5,"extremes":[5,6],"marks":[1,1,1]}"#,
        r#"{"buckets":[[5,1],[5,1]],"sum":10,"extremes":[5,5],"marks":[1,1,1]}"#,
        r#"{"buckets":[[5000,1]],"sum":5,"extremes":[5,5],"marks":[1,1,1]}"#,
        r#"{"buckets":[[5,1]],"sum":5,"extremes":[5,5],"marks":[2,2,2]}"#,
        r#"{"buckets":[],"sum":0,"extremes":[0,0],"marks":[0,0,0]}"#,
    ] {
        assert!(serde_json::from_str::<Distribution>(text).is_err(), "{text}");
    }
    assert!(
        serde_json::from_str::<Enrolment>(
            r#"{"cap":0,"shards":1,"places":{"a":{"at":"2026-11-20T00:00:00Z","shard":0}}}"#
        )
        .is_err()
    );
}

#[test]
fn shards_that_arrive_late_twice_and_out_of_order_count_once() {
    let mut all = Shards::default();
    for (shard, version, state) in [(1, 2, 20_u64), (0, 1, 5), (1, 1, 10), (1, 2, 20), (0, 3, 7)] {
        all.put(Shard(shard), version, state);
    }
    assert_eq!((all.total(), all.newest(Shard(1))), (Some(27), Some((2, &20))));
    assert_eq!(Shards::<u64>::default().total(), None);
}

#[test]
fn revenue_for_each_operator_is_the_whole_by_those_who_worked_r58() {
    let mut cell = Measures::default();
    for n in 0..150 {
        let agent = AgentId::new(format!("operator-{n}")).unwrap();
        cell.record(&Observation::Handled { agent, time: Seconds::minutes(5) });
    }
    let usd = Currency::new("USD").unwrap();
    let agent = AgentId::new("operator-1").unwrap();
    cell.record(&Observation::Revenue { agent, currency: usd, minor_units: 2_500_000_000 });
    assert_eq!(cell.revenue_per_operator(), [(usd, 16_666_667)], "about 170 000 USD each");
}
