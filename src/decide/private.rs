//! Leaving the public place (R24, R38, R44, R107, R108). Law: the strictest invitation.
//! The same network's private surface comes first; another channel only for a stated reason (tension 1).

use std::sync::Arc;

use super::sitting::{Outcome, Sitting, Vote};
use crate::channel::SendPermit;
use crate::decision::{Action, Family};
use crate::model::{Channel, Surface, SurfaceKind, Visibility, Word};
use crate::playbook::{Account, Directive};

/// How strict an invitation is: what must leave comes before what had better leave.
struct Invitation<'a> {
    reason: &'a Word,
    text: Option<&'a Word>,
    surfaces: &'a [Surface],
    required: bool,
}

pub(crate) fn decide(sitting: &Sitting<'_>, outcome: &mut Outcome) {
    let mut votes: Vec<_> = sitting.votes_for(invitation).collect();
    // A stable sort: among equally strict ones rank decides.
    votes.sort_by_key(|(_, invitation)| !invitation.required);
    let Some((winner, invitation)) = votes.first() else { return };
    for (loser, _) in votes.iter().skip(1) {
        outcome.overrule(Family::Private, loser, Some(winner));
    }
    if is_worth_it(sitting, invitation) {
        invite(sitting, invitation, winner, outcome);
    }
}

fn invitation(directive: &Directive) -> Option<Invitation<'_>> {
    match directive {
        Directive::MovePrivate { reason, text, surfaces, required } => {
            Some(Invitation { reason, text: text.as_ref(), surfaces, required: *required })
        }
        _ => None,
    }
}

/// In private already, there is nowhere to go; and nobody is invited twice to the same, unless they must.
fn is_worth_it(sitting: &Sitting<'_>, invitation: &Invitation<'_>) -> bool {
    let invited = sitting.situation.conversation.learned.invited_at.is_some();
    sitting.situation.visibility().is_open() && (invitation.required || !invited)
}

fn invite(sitting: &Sitting<'_>, invitation: &Invitation<'_>, vote: &Vote<'_>, outcome: &mut Outcome) {
    let text = sitting.text(invitation.text);
    let place = place(sitting, invitation);
    let permit = place.as_ref().map(|place| sitting.policy.permit_on(&place.surface, sitting.situation));
    let action = Action::MovePrivate {
        account: place.as_ref().map(|place| place.account.id.clone()),
        link: place.as_ref().and_then(|place| place.link.cloned()),
        text,
        reason: invitation.reason.clone(),
        messages: permit.and_then(|permit: SendPermit| permit.messages_left),
        until: permit.and_then(|permit| permit.expires_at),
        surface: place.map(|place| place.surface),
        required: invitation.required,
    };
    outcome.choose(action, vote);
}

/// A private surface on which the company has an official account (R39).
struct Place<'a> {
    surface: Surface,
    account: &'a Account,
    link: Option<&'a Arc<str>>,
}

fn place<'a>(sitting: &Sitting<'a>, invitation: &Invitation<'_>) -> Option<Place<'a>> {
    let here = sitting.situation.surface().map(|surface| &surface.channel);
    let same = here.and_then(counterpart);
    let others = invitation.surfaces.iter().cloned();
    same.into_iter().chain(others).chain(fallback()).find_map(|surface| {
        let (account, link) = sitting.policy.account_on(&surface.channel)?;
        Some(Place { surface, account, link })
    })
}

/// The private surface of the same network, where it has one.
pub(crate) fn counterpart(channel: &Channel) -> Option<Surface> {
    let (channel, kind) = match channel {
        Channel::Facebook | Channel::Messenger => (Channel::Messenger, SurfaceKind::Chat),
        Channel::X
        | Channel::Instagram
        | Channel::TikTok
        | Channel::LinkedIn
        | Channel::Mastodon
        | Channel::Bluesky => (channel.clone(), SurfaceKind::DirectMessage),
        Channel::Telegram | Channel::WhatsApp | Channel::Line | Channel::WeChat | Channel::Viber => {
            (channel.clone(), SurfaceKind::Chat)
        }
        _ => return None,
    };
    Some(Surface { channel, kind, visibility: Visibility::Private })
}

/// Where a network has no private surface, mail.
fn fallback() -> Option<Surface> {
    Some(Surface::new(Channel::Email, SurfaceKind::Email))
}
