"""Everything that one person has in hand goes to another (S1.21)."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases.actions.activities import edit_activity
from wardbook.cases.actions.bulk import in_bulk
from wardbook.cases.actions.people import assign
from wardbook.cases.models import Activity, Case
from wardbook.journal.actions import as_one, gathering
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Office

if TYPE_CHECKING:
    from wardbook.accounts.models import User


class HandedOver(NamedTuple):
    """What went over, and what was refused with the reason in words."""

    done: list[Any]
    refused: list[tuple[Any, str]]


@transaction.atomic
def hand_over(office: Office, holder: "User", *, to: "User", by: "User", at: datetime) -> HandedOver:
    """Give all open cases and planned work of `holder` to `to`. One undo for all of it.

    Cases first: whoever has a case may be given its work. What cannot go stays, and is reported.
    Raises RuleBroken if both are the same person.
    """
    if holder.pk == to.pk:
        raise RuleBroken(_("Choose somebody else."))
    label = _("Work of %(holder)s given to %(name)s") % {"holder": holder, "name": to}
    with gathering() as undos:
        cases = Case.objects.filter(office=office, deleted_at__isnull=True, owner=holder).open()
        moved = in_bulk(cases, _give_case, by=by, at=at, label=label, to=to)
        planned: Any = Activity.objects.filter(office=office, deleted_at__isnull=True).planned().given_to(holder.pk)
        work = in_bulk(planned, _give_activity, by=by, at=at, label=label, to=to)
    as_one(undos, label=label)
    refused: list[tuple[Any, str]] = [*moved.refused, *work.refused]
    return HandedOver([*moved.done, *work.done], refused)


def _give_case(case: Case, *, to: "User", by: "User", at: datetime) -> None:
    assign(case, owner=to, team=case.owner_team, by=by, at=at)


def _give_activity(activity: Activity, *, to: "User", by: "User", at: datetime) -> None:
    edit_activity(activity, assignee=to, by=by, at=at)
