//! Dated facts on networks: surfaces, windows, lengths, undo and private links.
//!
//! Everything a network decides and may change tomorrow is data with a date and a source
//! ([`ChannelFacts`], built in from `facts.toml`), and a host can replace any of it. Everything that
//! follows from the facts is a pure function here: [`measure`] counts as the surface counts,
//! [`permit`] says whether a message may be sent now, [`private_link`] builds an invitation,
//! [`find_accounts`] checks what a draft names, and [`DamagePlan`] orders what can still be undone.

mod document;
mod facts;
mod invite;
mod length;
mod resolve;
mod undo;
mod window;

pub use crate::model::Opener;
pub use facts::{
    AsOf, AsOfError, Cap, ChannelFacts, ChannelProfile, Documents, FactsError, InviteLink, Outside,
    Provenance, Reversibility, Start, SurfaceFacts, Undo, WindowContent, WindowRule,
};
pub use invite::{
    InviteError, LinkFault, LinkFinding, Naming, OfficialAccount, OfficialAccounts, PrivateLink,
    find_accounts, inspect_links, private_link,
};
pub(crate) use length::Measured;
pub use length::{
    Counting, Length, LengthAnswer, LengthError, LengthRequest, Link, Tlds, Unit, links, measure,
    measure_with,
};
pub use resolve::resolve_surface;
pub use undo::{DamagePlan, DamageStep, Fault};
pub use window::{Closed, History, Mode, Opened, PermitReason, SendPermit, Sender, permit};
