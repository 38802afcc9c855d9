"""Inviting somebody, and being let in. A link is good once, for 72 hours, for one address (H5)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.accounts import actions as account_actions
from wardbook.accounts.models import User
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken
from wardbook.offices import events
from wardbook.offices.actions.people import add_member, refuse_grant
from wardbook.offices.models import Invitation, Membership, Office
from wardbook.offices.tokens import hash_of, is_plausible, new_token

GOOD_FOR = timedelta(hours=72)


@transaction.atomic
def invite(
    office: Office,
    *,
    email: str,
    role: str,
    by: User | None,
    at: datetime,
    name: str = "",
    by_mail: bool = True,
) -> Invitation:
    """Offer somebody a place in the office; the mail follows from the event.

    The link itself is made when it is handed over, so nobody can read it here. Raises RuleBroken.
    """
    refuse_grant(office, role=role, by=by)
    email = email.strip().lower()
    if office.memberships.active().filter(user__email__iexact=email).exists():
        raise RuleBroken(_("Somebody with this address belongs to the office already."))
    if office.invitations.open(at).filter(email__iexact=email).exists():
        raise RuleBroken(_("This address has an open invitation. Send it again, or take it back first."))
    invitation = Invitation.objects.create(
        office=office,
        email=email,
        name=name.strip(),
        role=role,
        token_hash=hash_of(new_token()),
        invited_by=by,
        invited_at=at,
        expires_at=at + GOOD_FOR,
    )
    record(events.INVITED, about=invitation, by=by, at=at, role=role, by_mail=by_mail)
    return invitation


@transaction.atomic
def invite_again(invitation: Invitation, *, by: User | None, at: datetime) -> Invitation:
    """Another link and another 72 hours; links given out before stop working. Raises RuleBroken."""
    invitation = _locked(invitation)
    refuse_grant(invitation.office, role=invitation.role, by=by)
    if invitation.used_at or invitation.revoked_at:
        raise RuleBroken(_("This invitation is no longer open. Invite the person anew."))
    invitation.token_hash = hash_of(new_token())
    invitation.expires_at, invitation.handed_over_at = at + GOOD_FOR, None
    invitation.save(update_fields=["token_hash", "expires_at", "handed_over_at"])
    record(events.INVITED_AGAIN, about=invitation, by=by, at=at, role=invitation.role, by_mail=True)
    return invitation


@transaction.atomic
def revoke(invitation: Invitation, *, by: User | None, at: datetime) -> Invitation:
    """Take an invitation back; its link stops working now. Raises RuleBroken."""
    invitation = _locked(invitation)
    refuse_grant(invitation.office, role=invitation.role, by=by)
    if invitation.used_at:
        raise RuleBroken(_("This invitation was accepted already."))
    if invitation.revoked_at is None:
        invitation.revoked_at = at
        invitation.save(update_fields=["revoked_at"])
        record(events.INVITATION_REVOKED, about=invitation, by=by, at=at)
    return invitation


@transaction.atomic
def new_link(invitation: Invitation, *, at: datetime) -> str | None:
    """The secret of a new link, which nobody can ask for a second time; None if the invitation is not open.

    Only its hash stays here, so a copy of the database, or of the queue, lets nobody in.
    """
    invitation = _locked(invitation)
    if not Invitation.objects.open(at).filter(pk=invitation.pk).exists():
        return None
    token = new_token()
    invitation.token_hash = hash_of(token)
    invitation.save(update_fields=["token_hash"])
    return token


def note_handed_over(invitation: Invitation, *, at: datetime) -> None:
    """The link is on its way to the person; the sweep no longer looks after it."""
    Invitation.objects.filter(pk=invitation.pk).update(handed_over_at=at)


def find(token: str, *, at: datetime) -> Invitation | None:
    """The open invitation that a link belongs to. An empty, short, used or old one belongs to none."""
    if not is_plausible(token):
        return None
    invitations = Invitation.objects.open(at).select_related("office", "invited_by")
    return invitations.filter(token_hash=hash_of(token)).first()


@transaction.atomic
def accept_invitation(
    invitation: Invitation, *, by: User | None, at: datetime, name: str = "", password: str = ""
) -> Membership:
    """Take the offered place: as the person signed in, or as a new person with a name and a password.

    Raises RuleBroken when somebody else was first, or when the address belongs to another than `by`.
    """
    invitation = _locked(invitation)
    if not Invitation.objects.open(at).filter(pk=invitation.pk).exists():
        raise RuleBroken(_("This invitation has been used or is too old. Ask for a new one."))
    known = User.objects.filter(email__iexact=invitation.email).first()
    if by is not None and (known is None or by.pk != known.pk):
        raise RuleBroken(_("This invitation is for another address than yours. Sign out first."))
    if by is None and not password:
        raise RuleBroken(_("Choose a password."))
    if known is None:
        person = account_actions.add_person(email=invitation.email, name=name, password=password)
    elif by is not None:
        person = known
    elif known.is_active:
        # The link alone must not be a way round the person's password and second step (H1).
        raise RuleBroken(_("You have a sign-in with this address. Sign in first, then open the link again."))
    else:
        person = account_actions.set_password(account_actions.reactivate(known, at=at), password=password)
    invitation.used_at = at
    invitation.save(update_fields=["used_at"])
    record(events.INVITATION_ACCEPTED, about=invitation, by=person, at=at, role=invitation.role)
    # Whoever invited was allowed to at that time; the role is granted by the invitation, not by the newcomer.
    return add_member(invitation.office, user=person, role=invitation.role, by=None, at=at)


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("office")
    return rows.get(pk=invitation.pk)
