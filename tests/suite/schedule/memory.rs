//! A conversation that remembers its clocks shows what a full replay of its whole history shows.

use std::fmt::Write;

use galateo::model::{Conversation, ConversationId, Creator, Event, Status, Step, Timeline, Timestamp};
use galateo::schedule::sla::{ClockReading, Policies, PolicySpec, clocks, clocks_of, follow_clocks};

use super::clocks::{POLICIES, last};
use super::oracle::at;
use super::properties::Random;

const START: i64 = 29_650_000;

/// What happens at a minute, as a word of the event format and as steps.
#[derive(Clone, Copy)]
enum Happening {
    Bot,
    Customer(&'static str),
    Human,
    Note,
    Priority(&'static str),
    Queue(Option<&'static str>),
    Status(Status),
    Tag(bool),
}

use Happening::{Bot, Customer, Human, Note, Priority, Queue, Tag};

fn happening(random: &mut Random) -> Happening {
    match random.below(20) {
        0 => Priority(["low", "high"][random.below(2) as usize]),
        1 => Queue([Some("care"), Some("billing"), None][random.below(3) as usize]),
        2 => Tag(random.below(2) == 0),
        3 => Bot,
        4 => Note,
        5..=8 => Human,
        9..=14 => Customer(["x", "chat"][usize::from(random.below(8) == 0)]),
        _ => Happening::Status(Status::ALL[random.below(6) as usize]),
    }
}

fn event(number: usize, minute: i64, happening: Happening) -> Event {
    let message = |surface: &str| format!(r#"{{"message":{{"surface":"{surface}","text":"ciao"}}}}"#);
    let agent = r#"{"agent":"giulia"}"#;
    let (by, what) = match happening {
        Bot => (r#"{"bot":"b"}"#, message("x/direct_message")),
        Customer(channel) => (r#"{"customer":"anna"}"#, message(&format!("{channel}/direct_message"))),
        Human => (agent, message("x/direct_message")),
        Note => (agent, message("x/direct_message:internal")),
        Priority(name) => (agent, format!(r#"{{"priority":{{"to":"{name}"}}}}"#)),
        Queue(Some(name)) => (agent, format!(r#"{{"assigned":{{"queue":"{name}"}}}}"#)),
        Queue(None) => (agent, r#"{"assigned":{}}"#.to_owned()),
        Happening::Status(to) => {
            (agent, format!(r#"{{"status":{{"to":{}}}}}"#, serde_json::to_string(&to).unwrap()))
        }
        Tag(added) => {
            (agent, format!(r#"{{"tagged":{{"{}":["vip"]}}}}"#, if added { "add" } else { "remove" }))
        }
    };
    let mut text = String::new();
    write!(
        text,
        r#"{{"id":"e-{number}","at":"{}","conversation":"c-1","by":{by},"what":{what}}}"#,
        at(minute)
    )
    .unwrap();
    serde_json::from_str(&text).expect(&text)
}

/// The whole history as one timeline, in the order of its instants.
fn history(life: &[(i64, Happening)]) -> Timeline {
    let mut timeline = Timeline::new();
    let mut channel = None;
    let opener = match life[0].1 {
        Customer(_) => Creator::Customer,
        _ => Creator::Agent,
    };
    timeline.record(at(life[0].0), Step::Created(opener));
    for (minute, happening) in life {
        let mut record = |step: Step<'_>| timeline.record(at(*minute), step);
        match *happening {
            Bot => record(Step::BotReply),
            Customer(name) => {
                if channel != Some(name) {
                    record(Step::Channel(Some(name)));
                    channel = Some(name);
                }
                record(Step::CustomerMessage);
            }
            Human => record(Step::AgentReply),
            Note => record(Step::PrivateNote),
            Priority(name) => record(Step::Priority(Some(name))),
            Queue(name) => record(Step::Group(name)),
            Happening::Status(to) => record(Step::Status(to)),
            Tag(true) => record(Step::TagAdded("vip")),
            Tag(false) => record(Step::TagRemoved("vip")),
        }
    }
    timeline
}

fn life(random: &mut Random, events: i64, pace: i64) -> Vec<(i64, Happening)> {
    let mut minute = START;
    let mut life = vec![(START, if random.below(3) == 0 { Human } else { Customer("x") })];
    for _ in 1..events {
        minute += 1 + random.below(pace);
        life.push((minute, happening(random)));
    }
    life
}

fn policies() -> Policies {
    Policies::new(&serde_json::from_str::<Vec<PolicySpec>>(POLICIES).unwrap()).unwrap()
}

fn conversation() -> Conversation {
    Conversation::new(ConversationId::new("c-1").unwrap())
}

fn stored(conversation: &Conversation) -> Conversation {
    serde_json::from_str(&serde_json::to_string(conversation).unwrap()).unwrap()
}

fn expected(policies: &Policies, life: &[(i64, Happening)], as_of: Timestamp) -> Vec<ClockReading> {
    last(&clocks(policies, &history(life), as_of, None))
}

#[test]
fn what_is_remembered_event_by_event_equals_a_replay_of_the_whole_history_r25() {
    let policies = policies();
    for seed in 0..60 {
        let random = &mut Random(seed ^ 0x3E3);
        let events = [12, 70, 250][random.below(3) as usize];
        let life = life(random, events, 120);
        let mut conversation = conversation();
        for (number, (minute, happening)) in life.iter().enumerate() {
            assert!(conversation.advance(&event(number, *minute, *happening)));
            let shown = follow_clocks(&policies, &mut conversation, at(*minute));
            if random.below(12) == 0 {
                conversation = stored(&conversation);
            }
            if random.below(6) == 0 || number + 1 == life.len() {
                assert_eq!(shown, expected(&policies, &life[..=number], at(*minute)), "seed {seed} {number}");
                let later = at(minute + random.below(5000));
                let shown = clocks_of(&policies, &conversation, later);
                assert_eq!(shown, expected(&policies, &life[..=number], later), "seed {seed} {number} later");
            }
            assert!(conversation.timeline.len() <= 64);
        }
    }
}

#[test]
fn events_that_arrive_late_change_nothing_but_the_order_of_work_r25() {
    let policies = policies();
    for seed in 0..60 {
        let random = &mut Random(seed ^ 0x1A7E);
        let events = [20, 150][random.below(2) as usize];
        let life = life(random, events, 60);
        let mut order: Vec<usize> = (0..life.len()).collect();
        // An event is overtaken by at most twenty others; the one that opens the conversation by none.
        let delays: Vec<usize> = order.iter().map(|number| number + random.below(20) as usize).collect();
        order[1..].sort_by_key(|number| delays[*number]);
        let mut conversation = conversation();
        for number in order {
            let (minute, happening) = life[number];
            assert!(conversation.advance(&event(number, minute, happening)));
            follow_clocks(&policies, &mut conversation, at(minute));
            if random.below(10) == 0 {
                conversation = stored(&conversation);
            }
        }
        let as_of = at(life[life.len() - 1].0 + random.below(3000));
        assert_eq!(
            clocks_of(&policies, &conversation, as_of),
            expected(&policies, &life, as_of),
            "seed {seed}"
        );
    }
}

#[test]
fn other_policies_apply_at_once_to_a_conversation_that_remembers_r25() {
    let (before, all) = (policies(), serde_json::from_str::<Vec<PolicySpec>>(POLICIES).unwrap());
    let after = Policies::new(&all[1..]).unwrap();
    for seed in 0..60 {
        let random = &mut Random(seed ^ 0xAF7);
        let life = life(random, 24, 200);
        let change = random.below(24) as usize;
        let mut conversation = conversation();
        for (number, (minute, happening)) in life.iter().enumerate() {
            conversation.advance(&event(number, *minute, *happening));
            let policies = if number < change { &before } else { &after };
            let shown = follow_clocks(policies, &mut conversation, at(*minute));
            assert_eq!(shown, expected(policies, &life[..=number], at(*minute)), "seed {seed} {number}");
        }
    }
}

#[test]
fn a_conversation_of_a_hundred_thousand_events_has_right_clocks_and_stays_small_r25() {
    let spec = r#"{"metrics":[{"metric":"agent_work","target":60000000},{"metric":"resolution","target":3600},
        {"metric":"next_reply","target":7200}]}"#;
    let policies = Policies::new(&[serde_json::from_str(spec).unwrap()]).unwrap();
    let mut conversation = conversation();
    let events = 100_000_i64;
    for number in 0..events {
        // Open for one minute, pending for two, and so on; a reply in each round.
        let happening = match number % 5 {
            0 => Customer("x"),
            1 => Human,
            2 => Happening::Status(Status::Pending),
            3 => Note,
            _ => Happening::Status(Status::Open),
        };
        let minute = START + number / 5 * 3 + [0, 0, 1, 2, 3][(number % 5) as usize];
        conversation.advance(&event(number as usize, minute, happening));
        follow_clocks(&policies, &mut conversation, at(minute));
    }
    let as_of = at(START + events / 5 * 3);
    let shown = clocks_of(&policies, &conversation, as_of);
    let elapsed: Vec<i64> = shown.iter().map(|clock| clock.elapsed_seconds).collect();
    assert_eq!(elapsed[..2], [events / 5 * 60, events / 5 * 180]);
    assert_eq!(shown[1].breached_at, Some(at(START + 60)));
    assert_eq!(i64::from(shown[2].instance), events / 5 - 1);
    assert!(conversation.timeline.len() <= 64);
    let size = serde_json::to_string(&conversation).unwrap().len();
    assert!(size < 6 * 1024, "{size}");
}
