//! Private invitations, and the accounts and links that a draft may name (R24, R39).

mod accounts;
mod address;
mod inspect;
mod likeness;

pub use accounts::{OfficialAccount, OfficialAccounts};
pub use inspect::{LinkFault, LinkFinding, Naming, find_accounts, inspect_links};

use super::facts::ChannelFacts;
use crate::model::Channel;

/// A link that takes a customer to a private exchange with an official account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PrivateLink {
    /// The link.
    pub url: String,
    /// Whether the suggested text is part of it; some networks take none.
    pub carries_text: bool,
}

/// Why no private link can be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InviteError {
    /// The template leads to a host that is not on the channel's list.
    #[error("the template of the private link leads to a host that the channel does not list")]
    ForeignHost,
    /// The network has no stable link; invite by name or by a code.
    #[error("the channel has no private link")]
    NoLink,
    /// The account is not listed as official.
    #[error("the account is not on the list of official accounts")]
    NotListed,
}

/// Builds the link that invites to a private exchange with one of the company's own accounts.
///
/// `text` is what the customer's message starts with; it is left out where the network takes none.
///
/// # Errors
/// An [`InviteError`]: an account that is not listed is never offered (R39).
///
/// ```
/// use galateo::channel::{ChannelFacts, OfficialAccount, OfficialAccounts, private_link};
/// use galateo::model::Channel;
/// let official = OfficialAccounts::new([OfficialAccount::new(Channel::WhatsApp, "+39 02 1234567")], []);
/// let link = private_link(Channel::WhatsApp, "+39021234567", "Ordine 7?", &official, ChannelFacts::built_in())?;
/// assert_eq!(link.url, "https://wa.me/39021234567?text=Ordine%207%3F");
/// # Ok::<(), galateo::channel::InviteError>(())
/// ```
pub fn private_link(
    channel: Channel,
    account: &str,
    text: &str,
    official: &OfficialAccounts,
    facts: &ChannelFacts,
) -> Result<PrivateLink, InviteError> {
    let listed = official.find(&channel, account).ok_or(InviteError::NotListed)?;
    let profile = facts.profile(&channel).ok_or(InviteError::NoLink)?;
    let template = &profile.invite.as_ref().ok_or(InviteError::NoLink)?.template;
    if let Some(host) = address::host_of(template)
        && !profile.hosts.iter().any(|known| address::is_on(&host, known))
    {
        return Err(InviteError::ForeignHost);
    }
    let text = if fits_payload(&channel, text) { text } else { "" };
    let with_text = template.contains("{text}") && !text.is_empty();
    let template = if with_text { template } else { without_text(template) };
    let keep = if template.starts_with("http") { "" } else { "@+" };
    let url =
        template.replace("{account}", &encode(&listed.address(), keep)).replace("{text}", &encode(text, ""));
    Ok(PrivateLink { url, carries_text: with_text })
}

/// Telegram takes a start parameter of up to 64 letters, digits, `_` and `-`, not a text
/// (core.telegram.org/bots/features, deep linking, 2026-11).
fn fits_payload(channel: &Channel, text: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    *channel != Channel::Telegram || (text.len() <= 64 && text.bytes().all(is_word))
}

/// The template without the parameter that carries the text.
fn without_text(template: &str) -> &str {
    let Some((head, _)) = template.split_once("{text}") else { return template };
    head.rfind(['?', '&']).and_then(|at| head.get(..at)).unwrap_or(head)
}

/// Percent-encoding of everything but the unreserved characters (RFC 3986, section 2.3) and `keep`.
fn encode(text: &str, keep: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if byte.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~') || keep.contains(c) {
            out.push(c);
        } else {
            out.push('%');
            out.extend([byte >> 4, byte & 15].map(hex_digit));
        }
    }
    out
}

fn hex_digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).map_or('0', |c| c.to_ascii_uppercase())
}
