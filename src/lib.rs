//! galateo decides how a company behaves when it talks with its customers where everyone can read along.
//!
//! Social customer care is public, fast and permanent: an agent thinks one-to-one, millions read, and
//! nothing can be unsaid. A host application hands this crate facts (an event, a draft, a moment) and gets
//! back a decision with its reasons. The crate does no IO, reads no clock, starts no thread and keeps no
//! global state.
//!
//! ```
//! use galateo::decision::Action;
//! use galateo::model::{AgentId, Conversation, ConversationId, Draft, Event, Sensitive};
//! use galateo::{Engine, World, gate::Verdict};
//!
//! let engine = Engine::starter();
//! let event: Event = serde_json::from_str(r#"{
//!     "id": "e-1", "at": "2026-11-20T09:00:00Z", "conversation": "c-1", "by": {"customer": "anna"},
//!     "what": {"message": {"surface": "x/post", "text": "Where is my parcel? Mail me at anna@example.com"}}
//! }"#)?;
//! let mut conversation = Conversation::new(ConversationId::new("c-1")?);
//! let world = World::at(event.at);
//!
//! let decision = engine.assess(&event, &mut conversation, &world);
//! assert_eq!(decision.hidden[0].kind.as_str(), "email");
//! assert!(decision.actions.iter().any(|chosen| matches!(chosen.action, Action::MovePrivate { required: true, .. })));
//!
//! let draft = Draft {
//!     text: Sensitive::from("Please send us your card number here"),
//!     ..Draft::new(conversation.id.clone(), AgentId::new("giulia")?, "x/reply".parse()?)
//! };
//! let review = engine.review(draft, &conversation, &world);
//! assert_eq!(review.verdict, Verdict::Blocked);
//! assert!(review.clearance.is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The words
//! *event* what happened · *message* one text on one *surface* · *surface* a place on a *channel* with a
//! *visibility*: public, group, private or internal ("private" alone never means an internal note) ·
//! *conversation* one issue with one customer, a small value that the host keeps · *customer*, *agent*,
//! *desk* (who is on duty) · *signal* something the text shows, with span, confidence and detector ·
//! *facts* the read-only view that conditions ask · *playbook* the document a team writes · *policy* the
//! playbook compiled: immutable, `Send + Sync`, cheap to clone · *rule* = *condition* + *directives* ·
//! *family* a group of actions with one combining law · *decision* actions + explanation · *draft* a reply
//! not yet sent · *finding* something wrong with a draft · *clearance* the proof that a draft passed ·
//! *schedule* business time · *clock* a measure that runs, pauses, is fulfilled or cancelled, and is
//! breached or not.
//!
//! # The way of the data
//! ```text
//!  event ─► text ─► detect ─► decide ─► decision        Engine::assess
//!           fold    signals   rules per family, combined; reasons kept
//!  draft ─► text ─► detect ─► gate ─► cleared | warned | held | blocked   Engine::review
//!  now ──────────────────────► due ─► what time alone has made true       Engine::due
//! ```
//! State belongs to the host. [`model::Conversation::advance`] is a pure fold that knows no playbook, so a
//! changed playbook, calendar or clock policy applies to old conversations at once. What spans
//! conversations lives in mergeable summaries ([`measure`], [`gate::SentReplies`]).
//!
//! # The rooms
//! | room | holds |
//! |---|---|
//! | [`model`] | the nouns the host hands in |
//! | [`text`] | one form for every spelling, with a map back to the bytes as sent |
//! | [`detect`] | what a text shows; personal data in [`detect::pii`] |
//! | [`playbook`] | what a team writes, and the policy compiled from it |
//! | [`decision`] | actions and explanations |
//! | [`decide`] | the families of rules, one file each |
//! | [`gate`] | the review of replies |
//! | [`schedule`] | business time; service clocks in [`schedule::sla`] |
//! | [`channel`] | dated facts on networks: lengths, windows, links, undo |
//! | [`measure`] | mergeable measures, fairness, spikes, rollouts |
//! | [`interop`] | vendor payloads, read into events |
//!
//! # The promises
//! 1. **Pure**: same inputs, same decision, on every platform and thread count.
//! 2. **Total**: building is fallible, running is not. No panic from any input through any public function;
//!    a limit that is hit shows in the decision as *degraded* and fails closed.
//! 3. **Linear**: work is bounded by text length times a constant, whatever the text and the playbook.
//! 4. **Discreet**: customer text and personal data never appear in `Debug`, errors or explanations;
//!    explanations carry spans.
//! 5. **Explained**: each action names its rule, layer, facts and spans; "ignore" and "no agent" have
//!    reasons too.
//!
//! # Untrusted input
//! Customers' texts, vendors' payloads and tenants' playbooks are all untrusted. [`Limits`] names every
//! ceiling. Tenants' regular expressions run on a linear engine with a cap on their size; conditions are
//! externally tagged and read to a bounded depth. Deserialising an [`model::Event`] with serde can put a
//! piece of the input into *serde's* error text: do not log such an error as it is.
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod channel;
pub mod decide;
pub mod decision;
pub mod detect;
mod engine;
mod error;
pub mod gate;
mod hash;
pub mod interop;
mod limits;
pub mod measure;
pub mod model;
mod num;
pub mod playbook;
pub mod schedule;
pub mod text;

pub use engine::{
    Coverage, Difference, Engine, FamilyWhy, Replay, ReplaySummary, RuleCoverage, RuleShare, RuleWhy, Shadow,
    WayCoverage, Why, World, shadow,
};
pub use error::{About, Code, Diagnostic, Diagnostics, Severity};
pub use limits::Limits;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
