//! Facts, names of surfaces, windows, undoing, invitations: data files and what holds for all of them.

use galateo::channel::{
    ChannelFacts, Closed, DamagePlan, Fault, History, Mode, Naming, OfficialAccount, OfficialAccounts,
    Opened, Opener, Outside, PermitReason, Reversibility, Sender, Start, SurfaceFacts, Undo, find_accounts,
    permit, private_link, resolve_surface,
};
use galateo::model::{Channel, Seconds, Surface, SurfaceKind, Timestamp, Visibility, Word};
use serde::Deserialize;

#[test]
fn every_fact_has_a_date_and_a_source() {
    let facts = ChannelFacts::built_in();
    assert!(facts.surfaces().count() >= 40, "the built-in document is read");
    for surface in facts.surfaces() {
        let caps = surface.caps.iter().map(|cap| &cap.provenance);
        let windows = surface.windows.iter().map(|window| &window.provenance);
        for provenance in caps.chain(windows).chain([&surface.provenance]) {
            assert!(
                provenance.source.len() > 4 && provenance.as_of.as_str() >= "2026",
                "{}",
                surface.surface
            );
        }
        assert!(surface.caps.iter().all(|cap| cap.limit > 0));
    }
}

#[test]
fn every_known_channel_has_a_profile_and_its_main_surface_is_listed() {
    let facts = ChannelFacts::built_in();
    for channel in Channel::ALL {
        let main = &facts.profile(channel).unwrap_or_else(|| panic!("{channel}")).main;
        assert_eq!(facts.surface(main).unwrap().surface, *main);
        let shown: Vec<_> = facts.surfaces().filter(|f| f.surface.channel == *channel).collect();
        let has_public = shown.iter().any(|f| f.surface.visibility == Visibility::Public);
        let wants = if has_public && *channel != Channel::Telegram {
            Visibility::Public
        } else {
            Visibility::Private
        };
        assert_eq!(main.visibility, wants, "{channel}");
        assert_eq!(resolve_surface(channel.as_str()).as_ref(), Some(main));
    }
}

#[test]
fn every_template_leads_to_a_host_of_its_channel() {
    for profile in ChannelFacts::built_in().profiles().filter(|p| p.invite.is_some()) {
        let account = OfficialAccount::new(profile.channel.clone(), "+39021234567");
        let official = OfficialAccounts::new([account], []);
        let facts = ChannelFacts::built_in();
        let link = private_link(profile.channel.clone(), "+39 02 1234567", "a b", &official, facts);
        assert!(!link.as_ref().unwrap().url.contains(['{', ' ']), "{}: {link:?}", profile.channel);
    }
}

#[test]
fn an_unknown_channel_has_careful_defaults() {
    let surface: Surface = "threads/dm".parse().unwrap();
    let facts = ChannelFacts::built_in();
    let careful = facts.surface_or_careful(&surface);
    assert_eq!(careful, SurfaceFacts::careful(surface.clone()));
    assert_eq!(careful.reversibility(Seconds::ZERO), Reversibility::None);
    let answer = permit(&surface, facts, &History::default(), Sender::Person, Timestamp::MIN);
    assert_eq!(
        (answer.allowed, answer.mode, answer.why),
        (false, Mode::Closed, PermitReason::UnknownChannel)
    );
}

#[test]
fn a_host_patches_one_surface_and_a_faulty_patch_changes_nothing() {
    let mut facts = ChannelFacts::built_in().clone();
    let patch = r#"
        [source.instance]
        page = "configuration.statuses.max_characters of our instance"
        as_of = "2026-11-20"
        [[surface]]
        at = "mastodon/post"
        source = "instance"
        start = "anyone"
        outside = "free"
        caps = [{ limit = 5000, unit = "mastodon_characters", source = "instance" }]
    "#;
    facts.patch(patch).unwrap();
    let post = "mastodon/post".parse().unwrap();
    assert_eq!(facts.surface(&post).unwrap().caps[0].limit, 5000);
    let before = facts.clone();
    for (fault, message) in [
        (
            patch.replace("source = \"instance\"\n        start", "source = \"gone\"\n        start"),
            "is not listed",
        ),
        (patch.replace("start =", "begin ="), "line"),
        (patch.replace("start = ", "edit = \"2 fortnights\"\nstart = "), "not a duration"),
    ] {
        let error = facts.patch(&fault).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
        assert_eq!(facts, before);
    }
}

#[derive(Deserialize)]
struct Surfaces {
    surface: Vec<(String, String)>,
    none: Vec<String>,
}

#[test]
fn surfaces_are_read_as_people_write_them() {
    let file: Surfaces = toml::from_str(include_str!("../data/channel/surfaces.toml")).unwrap();
    for (written, meant) in &file.surface {
        let read = resolve_surface(written).map(|surface| surface.to_string());
        assert_eq!(read.as_deref(), Some(meant.as_str()), "{written}");
    }
    for written in &file.none {
        assert_eq!(resolve_surface(written), None, "{written}");
    }
}

#[test]
fn every_surface_is_read_back_from_its_own_name() {
    for facts in ChannelFacts::built_in().surfaces() {
        assert_eq!(resolve_surface(&facts.surface.to_string()).as_ref(), Some(&facts.surface));
    }
}

#[derive(Deserialize)]
struct Windows {
    case: Vec<WindowCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowCase {
    name: String,
    surface: String,
    #[serde(default)]
    opened: Vec<(Opener, Timestamp)>,
    #[serde(default)]
    sent: Vec<Timestamp>,
    #[serde(default)]
    closed: Vec<(String, Timestamp)>,
    sender: Option<Sender>,
    now: Timestamp,
    allowed: bool,
    mode: String,
    expires_at: Option<Timestamp>,
    left: Option<u32>,
}

impl WindowCase {
    fn history(&self) -> History {
        History {
            opened: self.opened.iter().map(|(opener, at)| Opened { at: *at, opener: *opener }).collect(),
            closed: self
                .closed
                .iter()
                .map(|(event, at)| Closed { at: *at, event: Word::new(event).unwrap() })
                .collect(),
            sent: self.sent.clone(),
        }
    }
}

#[test]
fn windows_open_and_close_as_the_networks_say() {
    let file: Windows = toml::from_str(include_str!("../data/channel/windows.toml")).unwrap();
    for case in &file.case {
        let surface = resolve_surface(&case.surface).unwrap();
        let facts = ChannelFacts::built_in();
        let sender = case.sender.unwrap_or(Sender::Person);
        let answer = permit(&surface, facts, &case.history(), sender, case.now);
        let mode = serde_json::to_value(answer.mode).unwrap();
        let got = (answer.allowed, mode.as_str().unwrap(), answer.expires_at, answer.messages_left);
        assert_eq!(
            got,
            (case.allowed, case.mode.as_str(), case.expires_at, case.left),
            "{}: {answer:?}",
            case.name
        );
    }
}

#[test]
fn a_reminder_is_due_before_a_window_closes_and_time_wakes_for_both() {
    let opened: Timestamp = "2026-11-20T09:00:00Z".parse().unwrap();
    let history =
        History { opened: vec![Opened { at: opened, opener: Opener::UserMessage }], ..History::default() };
    let surface = "whatsapp/chat".parse().unwrap();
    let at = |hours| opened.saturating_add(Seconds::hours(hours));
    let answer = |now| permit(&surface, ChannelFacts::built_in(), &history, Sender::Person, now);
    let lead = Seconds::hours(1);
    assert!(!answer(at(22)).closing_soon(at(22), lead) && answer(at(23)).closing_soon(at(23), lead));
    assert_eq!(answer(at(1)).wake_at(at(1), lead), Some(at(23)));
    assert_eq!(answer(at(23)).wake_at(at(23), lead), Some(at(24)));
    assert_eq!(answer(at(24)).wake_at(at(24), lead), None);
}

#[derive(Deserialize)]
struct Links {
    accounts: Vec<(Channel, String)>,
    sites: Vec<String>,
    participants: Vec<String>,
    case: Vec<LinkCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkCase {
    text: String,
    #[serde(default)]
    faults: Vec<(String, String)>,
}

#[test]
fn a_draft_names_only_accounts_and_hosts_of_the_company() {
    let file: Links = toml::from_str(include_str!("../data/channel/links.toml")).unwrap();
    let accounts =
        file.accounts.iter().map(|(channel, name)| OfficialAccount::new(channel.clone(), name.as_str()));
    let official = OfficialAccounts::new(accounts, file.sites.iter().map(String::as_str));
    let participants: Vec<&str> = file.participants.iter().map(String::as_str).collect();
    let facts = ChannelFacts::built_in();
    let naming = Naming { facts, official: &official, participants: &participants };
    let mut wrong = Vec::new();
    for case in &file.case {
        let found: Vec<_> = find_accounts(&case.text, &naming)
            .into_iter()
            .map(|f| (case.text[f.start..f.end].to_owned(), word(&f.fault)))
            .collect();
        if found != case.faults {
            wrong.push(format!("{}\n  expected {:?}\n  got      {found:?}", case.text, case.faults));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

#[derive(Deserialize)]
struct Plans {
    case: Vec<PlanCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanCase {
    surface: String,
    age: Seconds,
    fault: Fault,
    steps: Vec<String>,
}

#[test]
fn damage_is_limited_by_what_the_surface_still_permits() {
    let file: Plans = toml::from_str(include_str!("../data/channel/undo.toml")).unwrap();
    for case in &file.case {
        let surface = resolve_surface(&case.surface).unwrap();
        let facts = ChannelFacts::built_in().surface_or_careful(&surface);
        let plan = DamagePlan::new(&facts, case.age, case.fault);
        let steps = serde_json::to_value(&plan).unwrap();
        let steps: Vec<String> = steps.as_array().unwrap().iter().map(step_name).collect();
        assert_eq!(steps, case.steps, "{} after {:?}", case.surface, case.age);
    }
}

fn step_name(step: &serde_json::Value) -> String {
    match step {
        serde_json::Value::String(name) => name.clone(),
        other => other.as_object().unwrap().keys().next().unwrap().clone(),
    }
}

#[test]
fn no_plan_uses_a_means_the_surface_lacks() {
    use galateo::channel::DamageStep;
    let faults = [
        Fault::Offence,
        Fault::PersonalData,
        Fault::Tone,
        Fault::UnsupportedPromise,
        Fault::WrongAccount,
        Fault::WrongFact,
        Fault::WrongRecipient,
    ];
    for facts in ChannelFacts::built_in().surfaces() {
        for (age, fault) in [0, 3600, 3601, 172_800, 172_801].into_iter().flat_map(|a| faults.map(|f| (a, f)))
        {
            let age = Seconds::new(age);
            for step in DamagePlan::new(facts, age, fault).steps() {
                let permitted = match step {
                    DamageStep::Delete { .. } => facts.delete.is_open(age),
                    DamageStep::Edit { .. } => facts.edit.is_open(age),
                    DamageStep::Hide => facts.hide.is_open(age),
                    _ => true,
                };
                assert!(permitted, "{}", facts.surface);
            }
        }
    }
}

#[test]
fn what_is_undone_depends_on_age_and_documents_on_visibility() {
    let mut facts = SurfaceFacts::careful(Surface::new(Channel::X, SurfaceKind::Post));
    (facts.edit, facts.hide) = (Undo::Within(Seconds::new(10)), Undo::Always);
    assert_eq!(facts.reversibility(Seconds::new(4)), Reversibility::EditUntil(Some(Seconds::new(6))));
    assert_eq!(facts.reversibility(Seconds::new(11)), Reversibility::Hide);
    facts.edit_if_eligible = true;
    assert_eq!(facts.reversibility(Seconds::new(4)), Reversibility::Hide);
    let documents = |text: &str| {
        let surface = resolve_surface(text).unwrap();
        word(&ChannelFacts::built_in().surface_or_careful(&surface).documents())
    };
    assert_eq!(documents("instagram"), "move_private");
    assert_eq!(documents("whatsapp_group"), "move_private");
    assert_eq!(documents("whatsapp"), "accept");
    assert_eq!((Start::default(), Outside::default()), (Start::Customer, Outside::Nothing));
}
