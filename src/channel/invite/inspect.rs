//! What a draft names: accounts and links that are not the company's own (R39).

use std::fmt;

use serde::Serialize;

use super::accounts::OfficialAccounts;
use super::address::{account_in, host_in, is_on};
use super::likeness::{resembles, skeleton};
use crate::channel::facts::ChannelFacts;
use crate::channel::length::{Tlds, links};
use crate::model::Channel;

/// Findings reported for one draft; a draft with so many is refused whatever follows.
const MAX_FINDINGS: usize = 64;
/// Letters from which the name of a network is looked for inside other hosts; "line" is in "online".
const MIN_NETWORK: usize = 6;
/// Letters from which the name of an own site is.
const MIN_SITE: usize = 4;

/// What is wrong with an account or a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LinkFault {
    /// The part before `@` in the link looks like its host and is not.
    Disguised,
    /// It leads to a host that is neither the company's own nor a network's.
    ForeignHost,
    /// The account is not listed and could be taken for one that is.
    LookAlikeAccount,
    /// The host is foreign and could be taken for one of the company's or a network's.
    LookAlikeHost,
    /// The account is not listed.
    UnlistedAccount,
}

/// An account or link in a draft that the company does not own, by its bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct LinkFinding {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// What is wrong.
    pub fault: LinkFault,
    /// Whether the draft names it by a handle or an address rather than by a link.
    pub is_handle: bool,
}

/// What a draft may name.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "hosts write it as a literal")]
pub struct Naming<'a> {
    /// The networks and their hosts.
    pub facts: &'a ChannelFacts,
    /// The company's own accounts and sites.
    pub official: &'a OfficialAccounts,
    /// Handles of the people in the conversation, with or without `@`: naming them is no fault.
    pub participants: &'a [&'a str],
}

/// Shows no handle.
impl fmt::Debug for Naming<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Naming")
            .field("official", self.official)
            .field("participants", &self.participants.len())
            .finish_non_exhaustive()
    }
}

/// What names are compared with, brought to one form once for a draft.
struct Known<'a> {
    naming: &'a Naming<'a>,
    /// Skeletons of the listed accounts.
    accounts: Vec<String>,
    /// Hosts of sites and networks, with the skeleton of the label they are known by where it is long enough.
    hosts: Vec<(&'a str, Option<String>)>,
}

impl<'a> Known<'a> {
    fn new(naming: &'a Naming<'a>) -> Self {
        let host = |host: &'a str, least: usize| {
            let core = Some(skeleton(core_label(host))).filter(|core| core.chars().count() >= least);
            (host, core)
        };
        let sites = naming.official.sites().iter().map(|site| host(site, MIN_SITE));
        let networks = naming.facts.profiles().flat_map(|profile| &profile.hosts);
        let hosts = sites.chain(networks.map(|known| host(known, MIN_NETWORK))).collect();
        let accounts = naming.official.accounts().iter().map(|known| skeleton(&known.account)).collect();
        Self { naming, accounts, hosts }
    }
}

/// The links of a draft that lead to a host or an account that is not the company's own.
///
/// Work is linear in the text, for each listed account and site; at most 64 findings are reported.
///
/// ```
/// use galateo::channel::{ChannelFacts, LinkFault, Naming, OfficialAccount, OfficialAccounts, inspect_links};
/// use galateo::model::Channel;
/// let official = OfficialAccounts::new([OfficialAccount::new(Channel::X, "AcmeCare")], ["acme.example"]);
/// let naming = Naming { facts: ChannelFacts::built_in(), official: &official, participants: &[] };
/// let faults = |text| inspect_links(text, &naming).iter().map(|f| f.fault).collect::<Vec<_>>();
/// assert_eq!(faults("https://x.com/AcmeCare or help.acme.example/faq"), []);
/// assert_eq!(faults("x.com/Acme_Care"), [LinkFault::LookAlikeAccount]);
/// assert_eq!(faults("https://acme.example@evil.example/login"), [LinkFault::Disguised]);
/// ```
#[must_use]
pub fn inspect_links(text: &str, naming: &Naming<'_>) -> Vec<LinkFinding> {
    let spans = link_spans(text);
    if spans.is_empty() { Vec::new() } else { link_findings(text, &spans, &Known::new(naming)) }
}

fn link_findings(text: &str, spans: &[(usize, usize)], known: &Known<'_>) -> Vec<LinkFinding> {
    let faults = spans.iter().filter_map(|(start, end)| {
        let fault = link_fault(text.get(*start..*end)?, known)?;
        Some(LinkFinding { start: *start, end: *end, fault, is_handle: false })
    });
    faults.take(MAX_FINDINGS).collect()
}

/// The links, handles and addresses of a draft that name what is not the company's own.
///
/// A handle that is listed on any channel is the company's own; an address is a fault only where its
/// host could be taken for one of the company's.
#[must_use]
pub fn find_accounts(text: &str, naming: &Naming<'_>) -> Vec<LinkFinding> {
    let spans = link_spans(text);
    if spans.is_empty() && !text.contains('@') {
        return Vec::new();
    }
    let known = Known::new(naming);
    let mut found = link_findings(text, &spans, &known);
    let mut inside = spans.iter().peekable();
    for at in text.match_indices('@').map(|(at, _)| at) {
        while inside.next_if(|(_, end)| *end <= at).is_some() {}
        let in_link = inside.peek().is_some_and(|(start, _)| *start <= at);
        if found.len() >= MAX_FINDINGS {
            break;
        }
        if !in_link {
            found.extend(handle_finding(text, at, &known));
        }
    }
    found.sort_unstable();
    found
}

/// Links with any protocol up to the next blank, and domains without protocol; in order, without overlaps.
fn link_spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("://")).map(|n| n.saturating_add(from)) {
        let after = at.saturating_add(3);
        let rest = text.get(after..).unwrap_or_default();
        let scheme = text.get(from..at).unwrap_or_default();
        let scheme = scheme.bytes().rev().take(16).take_while(|b| b.is_ascii_alphanumeric()).count();
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '»' | '”'));
        let end = after.saturating_add(trimmed(rest.get(..length.unwrap_or(rest.len())).unwrap_or_default()));
        if end > after {
            spans.push((at.saturating_sub(scheme), end));
        }
        from = end.max(after);
    }
    spans.extend(bare_spans(text, &spans));
    spans.sort_unstable();
    spans
}

/// The length of a link without the punctuation that ends the sentence around it.
fn trimmed(link: &str) -> usize {
    link.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '*', '…', '’']).len()
}

fn bare_spans(text: &str, taken: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut taken = taken.iter().peekable();
    let found = links(text, true, Tlds::built_in());
    let free = found.into_iter().filter(|link| {
        while taken.next_if(|(_, end)| *end <= link.start).is_some() {}
        taken.peek().is_none_or(|(start, _)| link.end <= *start)
    });
    free.map(|link| (link.start, link.end)).collect()
}

fn link_fault(link: &str, known: &Known<'_>) -> Option<LinkFault> {
    let (scheme, rest) = link.split_once("://").unwrap_or(("https", link));
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some(LinkFault::Disguised);
    }
    let path = rest.get(authority.len()..).unwrap_or_default();
    if !scheme.to_ascii_lowercase().starts_with("http") {
        // `viber://pa?chatURI=name` names an account; what other protocols name is not known.
        return account_in(rest).map_or(Some(LinkFault::ForeignHost), |account| any_account(account, known));
    }
    let host = host_in(rest);
    if known.naming.official.owns(&host) {
        return None;
    }
    let networks: Vec<&Channel> = networks_on(&host, known.naming.facts);
    if networks.is_empty() {
        return if is_federated(path, &host, known) { None } else { Some(foreign(&host, known)) };
    }
    account_in(path).and_then(|account| account_fault(account, &networks, known))
}

fn networks_on<'a>(host: &str, facts: &'a ChannelFacts) -> Vec<&'a Channel> {
    let on = facts.profiles().filter(|profile| profile.hosts.iter().any(|known| is_on(host, known)));
    on.map(|profile| &profile.channel).collect()
}

/// Whether a link leads to a listed account of a federated network, such as `host/@name`.
fn is_federated(path: &str, host: &str, known: &Known<'_>) -> bool {
    let segment = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let name = segment.strip_prefix('@').map(|name| format!("{name}@{host}"));
    name.is_some_and(|name| known.naming.official.find(&Channel::Mastodon, &name).is_some())
}

fn account_fault(account: &str, networks: &[&Channel], known: &Known<'_>) -> Option<LinkFault> {
    let official = known.naming.official;
    if networks.iter().any(|channel| official.find(channel, account).is_some())
        || is_participant(account, known)
    {
        return None;
    }
    Some(unlisted(account, known))
}

fn any_account(account: &str, known: &Known<'_>) -> Option<LinkFault> {
    let official = known.naming.official;
    let is_listed =
        official.accounts().iter().any(|listed| official.find(&listed.channel, account) == Some(listed));
    (!is_listed && !is_participant(account, known)).then(|| unlisted(account, known))
}

fn is_participant(account: &str, known: &Known<'_>) -> bool {
    let plain = |name: &str| name.trim_start_matches('@').to_lowercase();
    known.naming.participants.iter().any(|name| plain(name) == plain(account))
}

fn unlisted(account: &str, known: &Known<'_>) -> LinkFault {
    let name = skeleton(account);
    let is_like = known.accounts.iter().any(|listed| resembles(&name, listed));
    if is_like { LinkFault::LookAlikeAccount } else { LinkFault::UnlistedAccount }
}

fn foreign(host: &str, known: &Known<'_>) -> LinkFault {
    if is_like_known(host, known) { LinkFault::LookAlikeHost } else { LinkFault::ForeignHost }
}

/// Whether a foreign host could be taken for an own site or a network's.
fn is_like_known(host: &str, known: &Known<'_>) -> bool {
    let labels: Vec<String> = host.split('.').map(skeleton).collect();
    known.hosts.iter().any(|(listed, core)| {
        let starts = host.strip_prefix(listed).is_some_and(|rest| rest.starts_with('.'));
        starts || core.as_ref().is_some_and(|core| labels.iter().any(|label| resembles(label, core)))
    })
}

/// The label a host is known by: the one before the top-level domain, or before a short pair such as `co.uk`.
fn core_label(host: &str) -> &str {
    let mut labels = host.rsplit('.').skip(1);
    let second = labels.next().unwrap_or(host);
    if second.len() > 3 { second } else { labels.next().unwrap_or(second) }
}

/// A handle after `@`, or the host of an address around it.
fn handle_finding(text: &str, at: usize, known: &Known<'_>) -> Option<LinkFinding> {
    let from = at.saturating_add(1);
    let end = name_end(text, from);
    let before = text.get(..at)?.chars().next_back();
    let name = text.get(from..end).filter(|name| name.chars().any(char::is_alphabetic))?;
    if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+')) {
        return address_finding(at, end, name, known);
    }
    let host = text.get(end..).filter(|rest| rest.starts_with('@')).map(|_| end.saturating_add(1));
    let end = host.map_or(end, |host| name_end(text, host));
    let account = text.get(from..end)?;
    any_account(account, known).map(|fault| LinkFinding { start: at, end, fault, is_handle: true })
}

fn address_finding(at: usize, end: usize, host: &str, known: &Known<'_>) -> Option<LinkFinding> {
    let host = host.to_lowercase();
    let is_fault = host.contains('.') && !known.naming.official.owns(&host) && is_like_known(&host, known);
    let is_network = !networks_on(&host, known.naming.facts).is_empty();
    let fault = LinkFault::LookAlikeHost;
    (is_fault && !is_network).then_some(LinkFinding { start: at, end, fault, is_handle: true })
}

/// Where a name in any alphabet ends; `.` and `-` may stand inside it.
fn name_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let run = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-')));
    let name = rest.get(..run.unwrap_or(rest.len())).unwrap_or_default();
    from.saturating_add(name.trim_end_matches(['.', '-']).len())
}
