//! The gate: for each code a draft that gives it and one that does not; approval, waiving, clearance (tests/data/gate).

use std::collections::BTreeMap;

use galateo::detect::{ScanContext, Scratch, Speaker};
use galateo::gate::{FindingCode, Review, SentReplies, Severity, Verdict};
use galateo::model::{Conversation, ConversationId, Customer, Desk, Draft, Sensitive, TopicId, Visibility};
use galateo::playbook::{Document, Policy, STARTER};
use galateo::{Engine, Limits, World};
use serde::Deserialize;
use serde_json::{Value, json};

use super::families;

const NOW: &str = "2026-12-09T10:00:00Z";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sets: BTreeMap<String, Value>,
    code: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: String,
    rows: Vec<String>,
    waits: Option<String>,
    gives: Case,
    spares: Case,
}

#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields, default)]
struct Case {
    set: Option<String>,
    on: Option<String>,
    text: String,
    times: Option<usize>,
    draft: Option<Value>,
    before: Option<Vec<Value>>,
    customer: Option<Value>,
    desk: Option<Value>,
    recent: Vec<Recent>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Recent {
    text: String,
    topic: Option<String>,
}

impl Case {
    fn saying(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    fn review(&self, engine: &Engine) -> Review {
        let mut conversation = Conversation::new(ConversationId::new("c-1").unwrap());
        let friendly = || vec![json!({ "what": { "message": { "surface": "x/post", "text": "hello" } } })];
        for (number, given) in self.before.clone().unwrap_or_else(friendly).iter().enumerate() {
            let event = families::event(given, number, "2026-12-09T09:55:00Z");
            engine.assess(&event, &mut conversation, &World::at(event.at));
        }
        let customer: Option<Customer> = self.customer.clone().map(|c| serde_json::from_value(c).unwrap());
        let desk: Option<Desk> = self.desk.clone().map(|d| serde_json::from_value(d).unwrap());
        let sent = self.sent(engine.policy());
        let world = World {
            customer: customer.as_ref(),
            desk: desk.as_ref(),
            recent: Some(&sent),
            ..World::at(NOW.parse().unwrap())
        };
        engine.review(self.draft(), &conversation, &world)
    }

    fn draft(&self) -> Draft {
        let mut whole = json!({
            "conversation": "c-1", "author": "giulia", "surface": self.on.as_deref().unwrap_or("x/reply"),
            "text": self.text.repeat(self.times.unwrap_or(1)),
        });
        for (key, value) in self.draft.iter().flat_map(|draft| draft.as_object().unwrap()) {
            whole[key] = value.clone();
        }
        serde_json::from_value(whole).unwrap()
    }

    fn sent(&self, policy: &Policy) -> SentReplies {
        let mut sent = SentReplies::default();
        let context = ScanContext { speaker: Some(Speaker::Agent), ..ScanContext::default() };
        for recent in &self.recent {
            let mut scratch = Scratch::default();
            let signals = policy.detectors().scan(&recent.text, &context, &mut scratch);
            let topic = recent.topic.as_ref().map(|topic| TopicId::new(topic).unwrap());
            let other = ConversationId::new("c-other").unwrap();
            sent.record(
                "2026-12-08T10:00:00Z".parse().unwrap(),
                &other,
                topic.as_ref(),
                &recent.text,
                signals,
            );
        }
        sent
    }
}

fn gives(review: &Review, code: FindingCode) -> bool {
    review.findings.iter().any(|finding| finding.code == code)
}

fn file() -> File {
    toml::from_str(include_str!("../data/gate/codes.toml")).unwrap()
}

#[test]
fn r2_r4_r12_r17_every_code_is_given_to_a_draft_that_earns_it_and_not_to_its_neighbour() {
    let file = file();
    let mut engines = BTreeMap::from([(None, Engine::starter())]);
    for (name, set) in &file.sets {
        engines.insert(Some(name.clone()), Engine::new(families::policy(set)));
    }
    let (mut faults, mut waiting) = (Vec::new(), Vec::new());
    for row in &file.code {
        let code = FindingCode::from_code(&row.code).unwrap();
        let (bad, good) =
            (row.gives.review(&engines[&row.gives.set]), row.spares.review(&engines[&row.spares.set]));
        let shown =
            |review: &Review| review.findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>().join(" ");
        match (gives(&bad, code), &row.waits) {
            (false, Some(signal)) => waiting.push(format!("{} waits for {signal}", row.code)),
            (false, None) => {
                faults.push(format!("{} {:?} is not given; found: {}", row.code, row.rows, shown(&bad)))
            }
            (true, _) => {}
        }
        if gives(&good, code) {
            faults.push(format!("{} {:?} is given to the neighbour", row.code, row.rows));
        }
        for review in [&bad, &good] {
            let worst = review.findings.iter().map(|finding| finding.severity).max();
            let verdict = match worst {
                None => Verdict::Cleared,
                Some(Severity::Warn) => Verdict::Warned,
                Some(Severity::Hold) => Verdict::Held,
                Some(Severity::Block) => Verdict::Blocked,
            };
            assert_eq!(review.verdict, verdict, "{}", row.code);
            assert_eq!(review.clearance.is_some(), verdict <= Verdict::Warned, "{}", row.code);
        }
    }
    waiting.iter().for_each(|line| println!("{line}"));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_code_has_its_two_drafts_and_a_meaning() {
    let file = file();
    let listed: Vec<&str> = file.code.iter().map(|row| row.code.as_str()).collect();
    let mut all: Vec<&str> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
    all.sort_unstable();
    assert_eq!(listed, all, "the codes in alphabetical order");
    for code in FindingCode::ALL {
        assert!(!code.meaning().is_empty() && FindingCode::from_code(code.as_str()) == Some(*code));
    }
}

#[test]
fn r17_what_needs_approval_passes_with_it_and_what_blocks_still_blocks() {
    let engine = Engine::starter();
    let held = Case::saying("We'll refund you");
    assert_eq!(held.review(&engine).verdict, Verdict::Held);
    let approved = Case { draft: Some(json!({ "approved_by": "capo" })), ..held.clone() };
    let review = approved.review(&engine);
    assert_eq!(review.verdict, Verdict::Warned);
    assert!(review.clearance.is_some() && gives(&review, FindingCode::UnsupportedPromise));
    let blocked = Case { text: "We'll refund you, bullshit".to_owned(), ..approved };
    assert_eq!(blocked.review(&engine).verdict, Verdict::Blocked);
}

#[test]
fn r17_r68_nobody_approves_their_own_draft() {
    let engine = Engine::starter();
    let own = Some(json!({ "approved_by": "giulia" }));
    let promise = Case { draft: own.clone(), ..Case::saying("We'll refund you") };
    assert_eq!(promise.review(&engine).verdict, Verdict::Held);
    // Nor does the playbook's own rule take it for an approval.
    let legal = json!({ "by": "system", "what": { "tagged": { "add": ["legal"] } } });
    let legal = Case { draft: own, before: Some(vec![legal]), ..Case::saying("We are looking into it") };
    assert_eq!(legal.review(&engine).verdict, Verdict::Held);
}

/// What the brand owes may be said again: the same kind, no sum, no earlier time, while it can still be kept.
#[test]
fn r83_r95_a_reply_may_repeat_what_the_brand_owes_this_customer_and_no_more() {
    let engine = |kinds: &[&str]| {
        let promise =
            json!({ "id": "delivery_24h", "within": "24h", "says": { "en": "24 hours" }, "kinds": kinds });
        let rule = json!({ "id": "owed", "then": [{ "owe": { "promise": "delivery_24h" } }] });
        Engine::new(families::policy(&json!({ "promises": [promise], "rules": [rule] })))
    };
    let asked = json!({ "what": { "message": { "surface": "x/post", "text": "hello" } } });
    let kept = json!({ "by": "system", "what": { "promise_kept": { "promise": "delivery_24h" } } });
    let long_ago = json!({ "at": "2026-12-07T09:00:00Z", "what": asked["what"] });
    let by_rule = vec![asked.clone()];
    let cases = [
        ("We'll deliver your parcel", &["delivery"][..], by_rule.clone(), false),
        ("We'll deliver your parcel within 24 hours", &["delivery"], by_rule.clone(), false),
        ("We'll deliver your parcel within 48 hours", &["delivery"], by_rule.clone(), false),
        ("We'll deliver your parcel within 2 hours", &["delivery"], by_rule.clone(), true),
        ("We'll deliver your parcel tonight", &["delivery"], by_rule.clone(), true),
        ("We'll refund you within 24 hours", &["delivery"], by_rule.clone(), true),
        ("We'll deliver your parcel within 24 hours", &["refund"], by_rule.clone(), true),
        ("We'll deliver your parcel within 24 hours", &[], by_rule.clone(), true),
        ("We'll deliver your parcel within 24 hours", &["delivery"], vec![], true),
        ("We'll deliver your parcel within 24 hours", &["delivery"], vec![asked, kept], true),
        ("We'll deliver your parcel within 24 hours", &["delivery"], vec![long_ago], true),
    ];
    for (text, kinds, before, held) in cases {
        let case = Case { before: Some(before.clone()), ..Case::saying(text) };
        let found = gives(&case.review(&engine(kinds)), FindingCode::UnsupportedPromise);
        assert_eq!(found, held, "{text} on {kinds:?} after {}", json!(before));
    }
}

#[test]
fn r17_an_approver_whom_the_desk_does_not_know_does_not_count() {
    let engine = Engine::starter();
    let desk = json!({ "agents": [{ "id": "giulia", "certified": ["public"] }, { "id": "capo" }] });
    let case = |by: &str| Case {
        draft: Some(json!({ "approved_by": by })),
        desk: Some(desk.clone()),
        before: Some(vec![json!({ "by": "system", "what": { "tagged": { "add": ["legal"] } } })]),
        ..Case::saying("We are looking into it")
    };
    assert_eq!(case("nobody").review(&engine).verdict, Verdict::Held);
    assert!(case("capo").review(&engine).verdict <= Verdict::Warned);
}

#[test]
fn r4_few_things_block_where_only_the_customer_reads_along() {
    let open = |code: &&FindingCode| code.severity(Visibility::Public) == Severity::Block;
    let private = |code: &&FindingCode| code.severity(Visibility::Private) == Severity::Block;
    assert!(FindingCode::ALL.iter().filter(private).count() < FindingCode::ALL.iter().filter(open).count());
    for code in FindingCode::ALL {
        assert!(code.severity(Visibility::Public) >= code.severity(Visibility::Private), "{code:?}");
        assert_eq!(code.severity(Visibility::Public), code.severity(Visibility::Group), "{code:?}");
    }
}

#[test]
fn r3_a_playbook_can_waive_a_code_and_that_code_alone() {
    let waived = STARTER.replace("forbidden = 500\n", "forbidden = 500\nwaived = [\"too_many_emoji\"]\n");
    assert_ne!(waived, STARTER);
    let document = Document::from_toml(&waived, &Limits::DEFAULT).unwrap();
    let engine = Engine::new(Policy::compile(&document, &Limits::DEFAULT).unwrap().0);
    let case = Case::saying("Bullshit 😀 😀 😀 😀");
    let (strict, lenient) = (case.review(&Engine::starter()), case.review(&engine));
    assert!(gives(&strict, FindingCode::TooManyEmoji) && !gives(&lenient, FindingCode::TooManyEmoji));
    assert!(gives(&lenient, FindingCode::Profanity));
}

#[test]
fn r2_a_clearance_holds_exactly_the_draft_that_passed() {
    let case = Case::saying("The lamp is back on Monday");
    let review = case.review(&Engine::starter());
    let clearance = review.clearance.expect("nothing is wrong with it");
    assert_eq!(*clearance.draft(), case.draft());
    assert_eq!(clearance.into_draft().text, Sensitive::from("The lamp is back on Monday"));
}

#[test]
fn findings_come_worst_first_and_their_spans_lie_in_the_text() {
    let case = Case::saying(
        "Ciao 😀😀😀😀, mandaci qui il codice fiscale, bullshit, scrivi a anna.verdi@example.com",
    );
    let review = case.review(&Engine::starter());
    assert!(review.findings.len() >= 4, "{:?}", review.findings);
    assert!(review.findings.is_sorted_by_key(|finding| std::cmp::Reverse(finding.severity)));
    for span in review.findings.iter().filter_map(|finding| finding.span) {
        assert!(case.text.get(span.range()).is_some_and(|piece| !piece.is_empty()));
    }
}
