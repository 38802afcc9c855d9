"""A message that did not arrive comes back to whoever wrote it as work: one planned step, however often it fails."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from wardbook.cases.actions import planning
from wardbook.cases.models import Activity, Case
from wardbook.correspondence.models import BulkReplyPerson, Dispatch, Message
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User


def give_work(message: Message, *, at: datetime, addresses: Sequence[str], why: str = "") -> Activity | None:
    """Plan for today, for its sender, that a message did not arrive. None for what nobody wrote, for one of a bulk
    reply (its page lists them), and where the step is there already (R31)."""
    dispatch = Dispatch.objects.select_related("work").get(pk=message.pk)
    if message.by is None or BulkReplyPerson.objects.filter(message=message).exists():
        return None
    if dispatch.work is not None and dispatch.work.is_planned and dispatch.work.deleted_at is None:
        return dispatch.work
    office = message.office
    case = message.case
    if case is not None and (case.is_closed or case.deleted_at is not None):
        case = None
    with translation.override(office.language):
        subject = _subject(message, why)
        try:
            work = planning.put_down(
                office,
                subject=subject[:200],
                due_on=office.local_date(at),
                case=case,
                contact=message.contact,
                assignee=_who(message, case),
                details="\n".join([message.subject, *addresses, dispatch.server_said]).strip(),
                by=None,
                at=at,
            )
        except RuleBroken:
            # An office without a single action to choose from; the message itself shows what became of it.
            return None
    Dispatch.objects.filter(pk=message.pk).update(work=work)
    return work


def _subject(message: Message, why: str) -> str:
    # Off its case, a step is seen by more people than a restricted case is.
    hidden = message.case is not None and message.case.is_restricted and message.case.is_closed
    name = message.contact.formal_name if message.contact and not hidden else ""
    if why:
        words = _("Email to %(name)s came back: %(why)s") if name else _("An email came back: %(why)s")
    elif message.state == Message.State.UNCERTAIN:
        words = _("Email to %(name)s: perhaps not sent") if name else _("An email was perhaps not sent")
    else:
        words = _("Email to %(name)s was not sent") if name else _("An email was not sent")
    return words % {"name": name, "why": why}


def _who(message: Message, case: Case | None) -> "User | None":
    """Whoever wrote it, if they still work here and see the case; else whoever has the case."""
    owner = message.case.owner if message.case is not None else None
    for user in (message.by, owner):
        if user is None:
            continue
        try:
            planning.can_do(message.office, case, user)
        except RuleBroken:
            continue
        return user
    return None
