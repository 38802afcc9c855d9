"""Mailboxes and senders are set up, and what becomes of fetching from them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from wardbook.correspondence import events, sealing
from wardbook.correspondence.models import Mailbox, PostRules, SenderIdentity
from wardbook.journal.actions import record
from wardbook.lib import processes
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office, Representative

if TYPE_CHECKING:
    from wardbook.accounts.models import User

# After the first failure one minute, then twice as long each time.
LONGEST_PAUSE = timedelta(minutes=10)
LEASE = timedelta(minutes=3)
SECRETS = ("secret", "smtp_secret")


@transaction.atomic
def add_mailbox(office: Office, *, by: "User | None", at: datetime, **fields: Any) -> Mailbox:
    """Take in the mail of an address from now on; the office writes under it too.

    `secret` and `smtp_secret` come open and are sealed here. Raises RuleBroken for an address that is taken.
    """
    _address_is_free(fields["address"])
    mailbox = Mailbox.objects.create(office=office, created_at=at, **_sealed(fields))
    record(events.MAILBOX_ADDED, about=mailbox, by=by, at=at, source=mailbox.source)
    first = not SenderIdentity.objects.filter(office=office, retired_at__isnull=True, is_default=True).exists()
    save_identity(office, mailbox=mailbox, name=mailbox.name, address=mailbox.address, is_default=first, by=by, at=at)
    return mailbox


@transaction.atomic
def change_mailbox(mailbox: Mailbox, *, by: "User", at: datetime, **fields: Any) -> Mailbox:
    """Change how mail comes in or goes out. A secret that is left empty stays as it is. It is tried again at once."""
    mailbox = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    fields = {name: value for name, value in fields.items() if name not in SECRETS or value}
    if "address" in fields:
        _address_is_free(fields["address"], but=mailbox)
    fields = _sealed(fields)
    changed = sorted(name for name, value in fields.items() if getattr(mailbox, name) != value)
    if not changed:
        return mailbox
    for name in changed:
        setattr(mailbox, name, fields[name])
    if {"folder", "host", "username"} & set(changed):
        mailbox.uid_validity, mailbox.last_uid = None, 0
    mailbox.next_try_at = None
    mailbox.version += 1
    mailbox.save()
    record(events.MAILBOX_CHANGED, about=mailbox, by=by, at=at, fields=changed)
    return mailbox


@transaction.atomic
def retire_mailbox(mailbox: Mailbox, *, by: "User", at: datetime) -> Mailbox:
    """Take in no more mail of this address. What came stays; its senders are no longer offered."""
    mailbox = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    if mailbox.retired_at is None:
        mailbox.retired_at = at
        mailbox.secret = mailbox.smtp_secret = ""
        mailbox.save(update_fields=["retired_at", "secret", "smtp_secret"])
        SenderIdentity.objects.filter(mailbox=mailbox, retired_at__isnull=True).update(
            retired_at=at, is_default=False
        )
        record(events.MAILBOX_RETIRED, about=mailbox, by=by, at=at)
    return mailbox


@transaction.atomic
def save_identity(
    office: Office,
    *,
    mailbox: Mailbox,
    name: str,
    address: str,
    by: "User | None",
    at: datetime,
    identity: SenderIdentity | None = None,
    signature: str = "",
    representative: Representative | None = None,
    user: "User | None" = None,
    is_default: bool = False,
) -> SenderIdentity:
    """Add or change a name and address under which the office writes. One of them is the usual one.

    Raises RuleBroken for an address that does not end in the mailbox: answers to it would be lost.
    """
    if address.lower() not in mailbox.own_addresses:
        raise RuleBroken(
            _("Answers to %(address)s would not come in here. Add it to the mailbox's other addresses first.")
            % {"address": address}
        )
    identity = identity or SenderIdentity(office=office)
    identity.mailbox, identity.name, identity.address, identity.signature = mailbox, name, address, signature
    identity.representative, identity.user, identity.is_default = representative, user, is_default
    identity.version += 1 if identity.pk else 0
    identity.save()
    if is_default:
        SenderIdentity.objects.filter(office=office, is_default=True).exclude(pk=identity.pk).update(is_default=False)
    record(events.IDENTITY_SAVED, about=identity, by=by, at=at)
    return identity


@transaction.atomic
def retire_identity(identity: SenderIdentity, *, by: "User", at: datetime) -> SenderIdentity:
    """Offer this sender no more. Raises RuleBroken for the last one of the office."""
    others = SenderIdentity.objects.filter(office_id=identity.office_id, retired_at__isnull=True)
    if not others.exclude(pk=identity.pk).exists():
        raise RuleBroken(_("The office needs at least one sender."))
    identity.retired_at, was_default, identity.is_default = at, identity.is_default, False
    identity.save(update_fields=["retired_at", "is_default"])
    heir = others.exclude(pk=identity.pk).order_by("pk").first()
    if was_default and heir:
        heir.is_default = True
        heir.save(update_fields=["is_default"])
    record(events.IDENTITY_RETIRED, about=identity, by=by, at=at)
    return identity


@transaction.atomic
def change_post_rules(office: Office, *, by: "User", at: datetime, **fields: Any) -> PostRules:
    """Change what the office has decided about its post."""
    rules = PostRules.of(office)
    changed = sorted(name for name, value in fields.items() if getattr(rules, name) != value)
    if changed:
        for name in changed:
            setattr(rules, name, fields[name])
        rules.version += 1
        rules.save()
        record(events.POST_RULES_CHANGED, about=office, by=by, at=at, fields=changed)
    return rules


def take_turn(mailbox: Mailbox, *, worker: str, at: datetime) -> bool:
    """Whether this worker may fetch now: nobody else is at it. Ask again to keep the turn (R16).

    Of one that was killed on this machine the turn is taken over at once: mail does not wait for its lease to end.
    """
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=at) | Q(lease_by=worker)
    holder = Mailbox.objects.filter(pk=mailbox.pk).values_list("lease_by", flat=True).first()
    if holder and processes.has_ended(holder):
        free |= Q(lease_by=holder)
    return bool(Mailbox.objects.fetched().filter(free, pk=mailbox.pk).update(lease_until=at + LEASE, lease_by=worker))


def end_turn(mailbox: Mailbox, *, worker: str) -> None:
    Mailbox.objects.filter(pk=mailbox.pk, lease_by=worker).update(lease_until=None, lease_by="")


@transaction.atomic
def note_success(mailbox: Mailbox, *, at: datetime) -> None:
    """Mail was fetched, or there was none. The end of a failure is told once."""
    was = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    Mailbox.objects.filter(pk=mailbox.pk).update(
        health=Mailbox.Health.WELL, problem="", failing_since=None, tried_at=at, succeeded_at=at, next_try_at=None
    )
    if was.failing_since:
        record(events.MAILBOX_RECOVERED, about=was, by=None, at=at, failing_since=was.failing_since.isoformat())


@transaction.atomic
def note_failure(mailbox: Mailbox, *, problem: str, at: datetime) -> None:
    """Mail could not be fetched. The first failure is told; the pause doubles up to ten minutes."""
    was = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
    since = was.failing_since or at
    pause = min(LONGEST_PAUSE, max(timedelta(minutes=1), at - since))
    Mailbox.objects.filter(pk=mailbox.pk).update(
        health=Mailbox.Health.FAILING, problem=problem[:300], failing_since=since, tried_at=at, next_try_at=at + pause
    )
    if was.failing_since is None:
        record(events.MAILBOX_FAILED, about=was, by=None, at=at)


def note_position(mailbox: Mailbox, *, uid_validity: int, uid: int) -> None:
    """How far the folder is taken in. A new UIDVALIDITY begins again at the first mail (R27)."""
    Mailbox.objects.filter(pk=mailbox.pk).filter(~Q(uid_validity=uid_validity) | Q(uid_validity=None)).update(
        uid_validity=uid_validity, last_uid=0
    )
    Mailbox.objects.filter(pk=mailbox.pk, last_uid__lt=uid).update(last_uid=uid)


@transaction.atomic
def pause_mailbox(mailbox: Mailbox, *, is_paused: bool, by: "User", at: datetime) -> None:
    """Stop fetching for a while, or go on."""
    changed = Mailbox.objects.filter(pk=mailbox.pk, is_paused=not is_paused).update(
        is_paused=is_paused, version=F("version") + 1, next_try_at=None
    )
    if changed:
        record(events.MAILBOX_CHANGED, about=mailbox, by=by, at=at, fields=["is_paused"])


def _address_is_free(address: str, but: Mailbox | None = None) -> None:
    taken = Mailbox.objects.in_use().filter(address__iexact=address)
    if but:
        taken = taken.exclude(pk=but.pk)
    if taken.exists():
        raise RuleBroken(_("Mail of %(address)s is taken in already.") % {"address": address})


def _sealed(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: sealing.seal(value) if name in SECRETS else value for name, value in fields.items()}
