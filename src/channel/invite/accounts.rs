//! The accounts and sites that are the company's own.

use serde::Deserialize;

use super::address::{host_of, is_on};
use crate::model::Channel;

/// One account of the company on a channel.
///
/// Where a network knows it by more than one name (a handle and a number), list each.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OfficialAccount {
    /// The channel.
    pub channel: Channel,
    /// The handle, page name, number or address, as the network writes it, with or without `@` or `+`.
    pub account: String,
}

impl OfficialAccount {
    /// An account.
    #[must_use]
    pub fn new(channel: Channel, account: impl Into<String>) -> Self {
        Self { channel, account: account.into() }
    }

    /// The account as a link writes it: numbers without blanks, handles without `@`.
    pub(super) fn address(&self) -> String {
        match self.channel {
            Channel::WhatsApp => self.account.chars().filter(char::is_ascii_digit).collect(),
            Channel::Phone | Channel::Sms => {
                self.account.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
            }
            _ => self.account.trim().trim_start_matches('@').to_owned(),
        }
    }
}

/// The list of official accounts (R39), and of the company's own sites.
///
/// ```
/// use galateo::channel::{OfficialAccount, OfficialAccounts};
/// use galateo::model::Channel;
/// let official = OfficialAccounts::new([OfficialAccount::new(Channel::X, "@AcmeCare")], ["acme.example"]);
/// assert!(official.find(&Channel::X, "acmecare").is_some());
/// assert!(official.find(&Channel::Instagram, "acmecare").is_none());
/// assert!(official.owns("https://help.acme.example/a") && !official.owns("https://acme.example.evil.com"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OfficialAccounts {
    accounts: Vec<OfficialAccount>,
    /// Hosts of the company's own sites; their subdomains are its own too.
    sites: Vec<String>,
}

impl OfficialAccounts {
    /// A list of accounts and of the hosts of the company's own sites.
    #[must_use]
    pub fn new<'a>(
        accounts: impl IntoIterator<Item = OfficialAccount>,
        sites: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            accounts: accounts.into_iter().collect(),
            sites: sites.into_iter().map(str::to_owned).collect(),
        }
    }

    /// The listed account of this name on a channel, if there is one.
    #[must_use]
    pub fn find(&self, channel: &Channel, account: &str) -> Option<&OfficialAccount> {
        let wanted = plain(account);
        self.accounts.iter().find(|known| known.channel == *channel && plain(&known.account) == wanted)
    }

    /// Whether a link, or a bare host, is on one of the company's own sites.
    #[must_use]
    pub fn owns(&self, link: &str) -> bool {
        let host = host_of(link).unwrap_or_else(|| link.to_ascii_lowercase());
        self.sites.iter().any(|site| is_on(&host, &site.to_ascii_lowercase()))
    }

    /// The accounts, in the order given.
    #[must_use]
    pub fn accounts(&self) -> &[OfficialAccount] {
        &self.accounts
    }

    /// The hosts of the company's own sites, in the order given.
    #[must_use]
    pub fn sites(&self) -> &[String] {
        &self.sites
    }
}

/// A name by which accounts are compared: lower case, no `@`; a number by its digits alone.
fn plain(account: &str) -> String {
    let name = account.trim().trim_start_matches(['@', '+']);
    let is_number =
        name.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/'));
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    if is_number && !digits.is_empty() { digits } else { name.to_lowercase() }
}
