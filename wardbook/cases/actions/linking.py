"""Two cases are said to belong together."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wardbook.cases import events
from wardbook.cases.actions import saving
from wardbook.cases.models import Case, CaseLink
from wardbook.journal.actions import record, remember_undo
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@transaction.atomic
def link_cases(case: Case, to: Case, *, by: "User | None", at: datetime, why: str = CaseLink.Why.RELATED) -> CaseLink:
    """Say that `case` came of `to`, or has to do with it. Linked already, either way round, it stays as it is."""
    if case.pk == to.pk:
        raise RuleBroken(_("A case is not linked to itself."))
    saving.same_office(case.office, to)
    case = saving.locked(case)
    known = CaseLink.objects.filter(Q(case=case, to=to) | Q(case=to, to=case)).first()
    if known is not None:
        return known
    link = CaseLink.objects.create(case=case, to=to, why=why, by=by, at=at)
    record(events.LINKED, about=case, by=by, at=at, to=to.pk, why=why)
    label = _("%(case)s linked") % {"case": case.reference}
    remember_undo("case.unlink", office_id=case.office_id, by=by, at=at, label=label, payload={"link": link.pk})
    return link


@transaction.atomic
def unlink_cases(link: CaseLink, *, by: "User | None", at: datetime) -> None:
    """They do not belong together after all."""
    case = saving.locked(link.case)
    record(events.UNLINKED, about=case, by=by, at=at, to=link.to_id)
    label = _("Link taken off %(case)s") % {"case": case.reference}
    was = {"case": case.pk, "to": link.to_id, "why": link.why}
    remember_undo("case.link", office_id=case.office_id, by=by, at=at, label=label, payload=was)
    link.delete()
