//! From a document to a policy: read, check every reference, compile every part; all faults at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use once_cell::sync::Lazy;

use super::node::Kind;
use super::prepared::{self, Library};
use super::{
    Account, AnswerStatus, Directive, Document, Encoding, Fields, Node, Playbook, Policy, Reader, Rule,
    Rules, Section, check, field_table, lexicons, linting, rule::Ranked,
};
use crate::channel::{ChannelFacts, OfficialAccount, OfficialAccounts, private_link};
use crate::detect::pii::{PiiKind, Redactor, TenantPattern};
use crate::detect::{Detectors, Fingerprint};
use crate::measure::{Rollout, Stage};
use crate::model::{Language, Timestamp, Word};
use crate::schedule::sla::{Policies, PolicySpec};
use crate::schedule::{Calendar, Horizon, SpecFault};
use crate::{Code, Diagnostics, Limits};

/// How the signal of a phrase is named, before its number.
pub(super) const PHRASE: &str = "phrase_";

/// Rules among which contradictions and gaps are told without being asked for.
const TIES_TOLD: usize = 256;

/// The starter playbook, as text to copy from.
pub const STARTER: &str = include_str!("starter.toml");

/// What a policy holds.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) playbook: Playbook,
    pub(super) rules: Rules<Directive>,
    pub(super) encoding: Arc<Encoding>,
    pub(super) parts: Arc<Parts>,
    pub(super) fingerprint: u64,
}

/// What does not hang on the rules; policies that differ in their rules share it.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) detectors: Detectors,
    pub(super) redactor: Redactor,
    pub(super) on_request: Vec<PiiKind>,
    pub(super) channels: &'static ChannelFacts,
    pub(super) accounts: OfficialAccounts,
    /// For each account of the playbook, the link that opens a private conversation with it.
    pub(super) private_links: Vec<Option<Arc<str>>>,
    pub(super) rollouts: Vec<Rollout>,
    pub(super) calendars: BTreeMap<Word, Calendar>,
    pub(super) clocks: Policies,
    pub(super) knowledge: BTreeMap<Language, Library>,
    pub(super) answers: Vec<(AnswerStatus, Fingerprint)>,
    pub(super) limits: Limits,
}

impl Policy {
    /// The starter playbook, compiled once.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the text is part of the crate, and a test compiles it")]
    pub fn starter() -> Self {
        static COMPILED: Lazy<Policy> = Lazy::new(|| {
            let (policy, _) =
                Policy::from_toml(STARTER, &Limits::DEFAULT).expect("the starter playbook has no fault");
            policy
        });
        COMPILED.clone()
    }

    /// Compiles a playbook written as TOML; also returns the warnings.
    ///
    /// # Errors
    /// Every fault, in the order of their places.
    ///
    /// ```
    /// use galateo::Limits;
    /// use galateo::playbook::Policy;
    /// let text = "name = 'shop'\nversion = '1'\nlanguages = ['it']\n[[rules]]\nid = 'a'\nthen = [{ assign = { queue = 'care' } }]";
    /// let faults = Policy::from_toml(text, &Limits::DEFAULT).unwrap_err();
    /// assert!(faults.to_string().contains("unknown queue `care`"));
    /// # Ok::<(), galateo::Diagnostics>(())
    /// ```
    pub fn from_toml(text: &str, limits: &Limits) -> Result<(Self, Diagnostics), Diagnostics> {
        Self::compile(&Document::from_toml(text, limits)?, limits)
    }

    /// Compiles a playbook written as JSON; also returns the warnings.
    ///
    /// # Errors
    /// Every fault, in the order of their places.
    pub fn from_json(text: &str, limits: &Limits) -> Result<(Self, Diagnostics), Diagnostics> {
        Self::compile(&Document::from_json(text, limits)?, limits)
    }

    /// Compiles a document, such as one made of layers; also returns the warnings: what is missing before a
    /// launch, rules that contradict each other at one priority and messages that nothing routes (of more rules
    /// than 256, those are for
    /// [`lint`](Self::lint) to tell).
    ///
    /// ```
    /// use galateo::Limits;
    /// use galateo::playbook::{Document, Policy, STARTER};
    /// let starter = Document::from_toml(STARTER, &Limits::DEFAULT)?;
    /// let own = "name = 'volt'\nversion = '1'\n[[rules]]\nid = 'third-channel'\npriority = 75\n[[rules]]\nid = 'pilot'\nremove = true";
    /// let own = Document::from_toml(own, &Limits::DEFAULT)?;
    /// let both = Document::layered(&[("starter", &starter), ("volt", &own)], &Limits::DEFAULT)?;
    /// let (policy, warnings) = Policy::compile(&both, &Limits::DEFAULT)?;
    /// assert!(warnings.is_empty());
    /// assert_eq!(policy.playbook().rules.len(), Policy::starter().playbook().rules.len() - 1);
    /// # Ok::<(), galateo::Diagnostics>(())
    /// ```
    ///
    /// # Errors
    /// Every fault, in the order of their places.
    pub fn compile(document: &Document, limits: &Limits) -> Result<(Self, Diagnostics), Diagnostics> {
        let document = &*document.present()?;
        let fields = declared_fields(document, limits)?;
        let mut reader = Reader::new(document, limits).with_fields(&fields);
        let playbook = Playbook::read(document.root(), &mut reader);
        let compiled = playbook.and_then(|playbook| {
            check::references(&playbook, document.root(), &mut reader);
            super::readiness::warn(&playbook, document.root(), &mut reader);
            compile(playbook, document.root(), &fields, limits, &mut reader)
        });
        let (compiled, mut warnings) = reader.finish(compiled)?;
        if compiled.rules.as_slice().len() <= TIES_TOLD {
            warnings.extend(linting::at_once(compiled.rules.as_slice(), &compiled.encoding).into());
        }
        Ok((Self::new(compiled), warnings))
    }
}

/// The built-in fields and those that the document declares, which conditions need to be read.
fn declared_fields(document: &Document, limits: &Limits) -> Result<Fields, Diagnostics> {
    let mut fields = field_table::fields();
    let mut reader = Reader::new(document, limits);
    let Some(node) = document.root().entry("fields") else { return Ok(fields) };
    let declared = reader.within("fields", |reader| BTreeMap::read(node, reader));
    for (name, declaration) in declared.iter().flatten() {
        let name: &Word = name;
        if let Err(fault) = fields.declare(name.as_str(), declaration) {
            let entry = node.entry(name.as_str()).unwrap_or(node);
            reader.within("fields", |reader| {
                reader.within(name.as_str(), |reader| {
                    reader.report(entry, Code::BAD_FIELD_NAME, fault.message.clone());
                });
            });
        }
    }
    reader.finish(declared).map(|_| fields)
}

fn compile(
    playbook: Playbook,
    root: &Node,
    fields: &Fields,
    limits: &Limits,
    reader: &mut Reader<'_>,
) -> Option<Compiled> {
    let rules = Ranked::new(playbook.rules.iter().cloned().map(for_messages).collect());
    let encoding = rules.encoding(fields, limits);
    let (redactor, on_request) = redactor(&playbook, root, reader)?;
    let detectors = detectors(&playbook, root, limits, reader)?;
    let (accounts, channels) = (accounts(&playbook), ChannelFacts::built_in());
    let parts = Parts {
        knowledge: prepared::knowledge(&playbook, &detectors),
        answers: prepared::answers(&playbook),
        detectors,
        redactor,
        on_request,
        channels,
        private_links: private_links(&playbook, &accounts, channels),
        accounts,
        rollouts: rollouts(&playbook),
        calendars: calendars(&playbook, root, reader)?,
        clocks: clocks(&playbook, root, reader)?,
        limits: *limits,
    };
    Some(Compiled {
        rules: rules.compile(&encoding),
        encoding,
        parts: Arc::new(parts),
        fingerprint: fingerprint(&playbook),
        playbook,
    })
}

/// A rule that names no occasion looks at customers' messages.
pub(super) fn for_messages(mut rule: Rule<Directive>) -> Rule<Directive> {
    if rule.on.is_empty() {
        rule.on.push(Word::from_static("message"));
    }
    rule
}

/// One automaton for the built-in lexicons, brands, topics and phrases.
fn detectors(
    playbook: &Playbook,
    root: &Node,
    limits: &Limits,
    reader: &mut Reader<'_>,
) -> Option<Detectors> {
    let names: Vec<&str> = playbook.brand.names.iter().map(String::as_str).collect();
    let competitors: Vec<&str> = playbook.brand.competitors.iter().map(String::as_str).collect();
    let mut builder = Detectors::builder().limits(*limits).brands(&names, &competitors);
    let lexicons = lexicons::of(playbook);
    for lexicon in &lexicons {
        builder = builder.lexicon(lexicon.text());
    }
    let faults = match builder.build() {
        Ok(detectors) => return Some(detectors),
        Err(faults) => faults,
    };
    for fault in faults.faults() {
        let known = lexicons.iter().any(|lexicon| lexicon.report(fault, root, reader));
        if !known {
            let message = fault.fault().message();
            reader.report(
                root,
                Code::ILLEGAL_VALUE,
                format!("a name of the brand cannot be read: {message}"),
            );
        }
    }
    None
}

/// What finds personal data: with the tenant's patterns, and with the kinds that only rules ask for.
fn redactor(playbook: &Playbook, root: &Node, reader: &mut Reader<'_>) -> Option<(Redactor, Vec<PiiKind>)> {
    let mut builder = Redactor::builder();
    for (name, pattern) in &playbook.privacy.patterns {
        match TenantPattern::new(name.as_str(), pattern) {
            Ok(pattern) => builder = builder.pattern(pattern),
            Err(fault) => {
                let node = root
                    .entry("privacy")
                    .and_then(|privacy| privacy.entry("patterns"))
                    .and_then(|all| all.entry(name.as_str()));
                let message = fault.to_string();
                reader.within("privacy", |reader| {
                    reader.within("patterns", |reader| {
                        reader.within(name.as_str(), |reader| {
                            reader.report(node.unwrap_or(root), Code::ILLEGAL_VALUE, message)
                        })
                    })
                });
                return None;
            }
        }
    }
    let own: Vec<String> = playbook.accounts.iter().map(|account| account.handle.clone()).collect();
    builder = own.iter().fold(builder, |builder, handle| builder.allow(handle));
    let on_request = on_request(playbook);
    let builder = on_request.iter().fold(builder, |builder, kind| builder.kind(*kind, true));
    Some((builder.build(), on_request))
}

/// Kinds that are looked for only because a rule names them.
pub(super) fn on_request(playbook: &Playbook) -> Vec<PiiKind> {
    let named = playbook.rules.iter().flat_map(|rule| &rule.then).filter_map(|directive| match directive {
        Directive::Redact { kinds } => Some(kinds),
        _ => None,
    });
    let kinds = named.flatten().filter_map(|kind| PiiKind::from_word(kind.as_str()));
    let mut kinds: Vec<PiiKind> = kinds.filter(|kind| kind.is_soft()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn accounts(playbook: &Playbook) -> OfficialAccounts {
    let listed = playbook.accounts.iter().flat_map(|account| {
        let address =
            account.address.iter().map(|address| OfficialAccount::new(account.channel.clone(), address));
        std::iter::once(OfficialAccount::new(account.channel.clone(), &account.handle)).chain(address)
    });
    OfficialAccounts::new(listed, playbook.brand.sites.iter().map(String::as_str))
}

fn private_links(
    playbook: &Playbook,
    official: &OfficialAccounts,
    channels: &ChannelFacts,
) -> Vec<Option<Arc<str>>> {
    let link = |account: &Account| {
        let address = account.address.as_deref().unwrap_or(&account.handle);
        let link = private_link(account.channel.clone(), address, "", official, channels);
        link.ok().map(|link| Arc::from(link.url))
    };
    playbook.accounts.iter().map(link).collect()
}

fn rollouts(playbook: &Playbook) -> Vec<Rollout> {
    playbook
        .features
        .iter()
        .map(|feature| {
            let stages = feature.stages.iter().map(|stage| Stage {
                end: stage.until,
                share: stage.share,
                segments: stage.segments.clone(),
                channels: feature.channels.clone(),
                cap: stage.cap,
                ..Stage::from(stage.from.unwrap_or(Timestamp::MIN))
            });
            Rollout { feature: feature.id.clone(), stages: stages.collect() }
        })
        .collect()
}

/// The horizon of compiled calendars starts here; instants outside it are answered by the periodic form.
const HORIZON_AROUND: &str = "2026-01-01T00:00:00Z";

fn calendars(playbook: &Playbook, root: &Node, reader: &mut Reader<'_>) -> Option<BTreeMap<Word, Calendar>> {
    let around = HORIZON_AROUND.parse().unwrap_or(Timestamp::MIN);
    let mut compiled = BTreeMap::new();
    for (name, spec) in &playbook.calendars {
        match Calendar::compile(spec, Horizon::around(around)) {
            Ok(calendar) => {
                compiled.insert(name.clone(), calendar);
            }
            Err(faults) => {
                let node = root.entry("calendars").and_then(|all| all.entry(name.as_str())).unwrap_or(root);
                for fault in faults.list() {
                    let steps: Vec<&str> = fault.path.split('/').skip(1).collect();
                    reader.within("calendars", |reader| {
                        reader.within(name.as_str(), |reader| place(fault, &steps, node, reader));
                    });
                }
                return None;
            }
        }
    }
    Some(compiled)
}

fn clocks(playbook: &Playbook, root: &Node, reader: &mut Reader<'_>) -> Option<Policies> {
    let specs: Vec<PolicySpec> =
        playbook.sla.iter().map(|policy| policy.written_out(&playbook.calendars)).collect();
    let around = HORIZON_AROUND.parse().unwrap_or(Timestamp::MIN);
    match Policies::compile(&specs, Horizon::around(around)) {
        Ok(policies) => Some(policies),
        Err(faults) => {
            let node = root.entry("sla").unwrap_or(root);
            for fault in faults.list() {
                let steps: Vec<&str> = fault.path.split('/').skip(1).collect();
                reader.within("sla", |reader| place(fault, &steps, node, reader));
            }
            None
        }
    }
}

/// Reports a fault of a part at its own place, as far as the document has it.
fn place(fault: &SpecFault, steps: &[&str], node: &Node, reader: &mut Reader<'_>) {
    let Some((step, rest)) = steps.split_first() else {
        return reader.report_with_help(node, Code::ILLEGAL_VALUE, fault.message, fault.help);
    };
    let item = match (&node.kind, step.parse::<usize>()) {
        (Kind::List(items), Ok(index)) => items.get(index).map(|item| (index, item)),
        _ => None,
    };
    match (item, node.entry(step)) {
        (Some((index, item)), _) => reader.within_index(index, |reader| place(fault, rest, item, reader)),
        (None, Some(value)) => reader.within(step, |reader| place(fault, rest, value, reader)),
        (None, None) => place(fault, &[], node, reader),
    }
}

/// A hash of everything the playbook says, in the order of its canonical JSON.
pub(super) fn fingerprint(playbook: &Playbook) -> u64 {
    let text = serde_json::to_string(playbook).unwrap_or_default();
    crate::measure::fnv1a(text.as_bytes())
}
