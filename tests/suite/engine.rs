//! What the families and the gate leave: comparing policies, looking up, suggestions, readiness, complaints.

use galateo::decision::{Action, Degraded};
use galateo::model::{ComplaintState, Conversation, ConversationId, Event};
use galateo::playbook::{Policy, STARTER, fields};
use galateo::{Engine, Limits, World, shadow};
use serde_json::json;

fn message(text: &str, surface: &str) -> Event {
    serde_json::from_value(json!({
        "id": "e-1", "at": "2026-11-23T10:00:00Z", "conversation": "c-1", "by": { "customer": "anna" },
        "what": { "message": { "surface": surface, "text": text } }
    }))
    .unwrap()
}

fn decide(engine: &Engine, event: &Event) -> Vec<Action> {
    let mut conversation = Conversation::new(ConversationId::new("c-1").unwrap());
    let decision = engine.assess(event, &mut conversation, &World::at(event.at));
    decision.actions.into_iter().map(|chosen| chosen.action).collect()
}

#[test]
fn r5_two_policies_over_one_event_show_what_would_change() {
    let text = STARTER
        .replace("id = \"everything-else\"\npriority = -100", "id = \"everything-else\"\npriority = 99");
    let (policy, _) = Policy::from_toml(&text, &Limits::DEFAULT).unwrap();
    let (live, other) = (Engine::starter(), Engine::new(policy));
    let event = message("Mi avete addebitato il pagamento due volte, rivoglio i soldi", "x/dm");
    let conversation = Conversation::new(ConversationId::new("c-1").unwrap());
    let found = shadow(&live, &other, &event, &conversation, &World::at(event.at));
    assert!(!found.is_same());
    let queue = |actions: &[Action]| {
        actions.iter().find_map(|action| match action {
            Action::Assign { queue, .. } => Some(queue.as_str().to_owned()),
            _ => None,
        })
    };
    assert_eq!(
        (queue(&found.lost).as_deref(), queue(&found.gained).as_deref()),
        (Some("billing"), Some("care"))
    );
}

#[test]
fn r16_a_decision_names_rules_facts_and_the_policy_that_decided() {
    let engine = Engine::starter();
    let event = message("la mia carta è 4111 1111 1111 1111", "x/post");
    let mut conversation = Conversation::new(ConversationId::new("c-1").unwrap());
    let decision = engine.assess(&event, &mut conversation, &World::at(event.at));
    let private =
        decision.actions.iter().find(|chosen| matches!(chosen.action, Action::MovePrivate { .. })).unwrap();
    let cause = private.because.first();
    assert_eq!(cause.rule.as_ref().unwrap().as_str(), "personal-data-in-public");
    assert!(cause.facts.iter().any(|fact| &**fact == "personal_data") && !cause.spans.is_empty());
    assert_eq!(decision.by.fingerprint, engine.policy().fingerprint());
}

#[test]
fn r42_r76_r77_information_is_answered_in_public_with_at_most_three_articles_that_fit() {
    let actions =
        decide(&Engine::starter(), &message("Ciao, che orari avete? A che ora siete aperti?", "x/post"));
    let suggested: Vec<&str> = actions
        .iter()
        .filter_map(|action| match action {
            Action::Suggest { answer, says: Some(says) } if says.chars().count() <= 280 => {
                Some(answer.as_str())
            }
            _ => None,
        })
        .collect();
    assert_eq!(suggested.first(), Some(&"hours"), "{suggested:?}");
    assert!(suggested.len() <= 3);
    assert!(!actions.iter().any(|action| matches!(action, Action::MovePrivate { .. })));
}

#[test]
fn r64_r67_a_situation_is_looked_up_with_steps_owner_and_deadline() {
    let policy = Policy::starter();
    let found = policy.playbook().lookup("data_leak_in_public", None);
    assert_eq!(found.len(), 1);
    assert!(found[0].steps.len() >= 3 && found[0].owner == "Chiara Bassi" && found[0].within.get() == 3600);
    assert!(policy.playbook().lookup("nothing_like_it", None).is_empty());
}

#[test]
fn r47_r61_r81_r84_whatever_is_missing_before_a_launch_is_named_and_the_starter_is_ready() {
    let (_, warnings) = Policy::from_toml(STARTER, &Limits::DEFAULT).unwrap();
    assert!(warnings.is_empty(), "{warnings}");
    let text = "name = 'a'\nversion = '1'\nlanguages = ['it']\n\
        [[accounts]]\nid = 'x'\nchannel = 'x'\nhandle = 'a'\n\
        [[departments]]\nid = 'd'\nowner = 'Ufficio'\ndeputy = 'Ada Bo'\ncontact = 'c'\nwithin = '1h'\n\
        [[features]]\nid = 'f'\n[[features.stages]]\nid = 's'\n";
    let (_, warnings) = Policy::from_toml(text, &Limits::DEFAULT).unwrap();
    let told = warnings.to_string();
    for part in
        ["no objective for `x`", "owner of `d`", "stage `s` of `f` has no end", "who speaks in a crisis"]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[test]
fn r99_a_complaint_goes_forward_and_back_to_work_and_ends() {
    use ComplaintState::{Acknowledged, Answered, Closed, Escalated, Investigating, Received};
    for (from, to, may) in [
        (Received, Acknowledged, true),
        (Acknowledged, Received, false),
        (Answered, Investigating, true),
        (Investigating, Acknowledged, false),
        (Answered, Escalated, true),
        (Escalated, Answered, true),
        (Closed, Investigating, false),
        (Closed, Escalated, false),
    ] {
        assert_eq!(from.may_go(to), may, "{from:?} to {to:?}");
    }
}

#[test]
fn r109_a_private_message_at_night_is_told_when_somebody_will_be_there() {
    let mut event = message("Buonasera, avrei una domanda sul mio ordine", "instagram/dm");
    event.at = "2026-12-08T21:00:00Z".parse().unwrap();
    let next = decide(&Engine::starter(), &event).into_iter().find_map(|action| match action {
        Action::AwayNotice { next_open, text } => Some((next_open.unwrap().to_string(), text)),
        _ => None,
    });
    let (opens, text) = next.expect("a notice");
    assert_eq!(opens, "2026-12-09T07:00:00Z");
    assert!(text.contains("riapriamo"));
}

#[test]
fn a_vendor_can_list_every_field_that_rules_can_ask() {
    let fields = fields();
    let names: Vec<&str> = fields.as_slice().iter().map(|field| &*field.name).collect();
    for name in
        ["event", "visibility", "signals", "personal_data", "channels_tried", "deadline_seconds", "mode"]
    {
        assert!(names.contains(&name), "{name}");
    }
    assert!(fields.as_slice().iter().all(|field| !field.doc.is_empty()));
}

#[test]
fn a_conversation_of_another_event_and_hours_that_never_suffice_are_told() {
    let never = STARTER.replace("[\"08:00\", \"20:00\"]", "").replace("[\"09:00\", \"13:00\"]", "");
    assert_ne!(never, STARTER);
    let (policy, _) = Policy::from_toml(&never, &Limits::DEFAULT).unwrap();
    let event = message("dov'è il mio pacco?", "whatsapp/chat");
    let degraded = |engine: &Engine, conversation: &str| {
        let mut conversation = Conversation::new(ConversationId::new(conversation).unwrap());
        engine.assess(&event, &mut conversation, &World::at(event.at)).degraded
    };
    assert_eq!(degraded(&Engine::starter(), "c-1"), []);
    assert_eq!(degraded(&Engine::starter(), "c-2"), [Degraded::WrongConversation]);
    assert_eq!(degraded(&Engine::new(policy), "c-1"), [Degraded::NeverOpens]);
}
