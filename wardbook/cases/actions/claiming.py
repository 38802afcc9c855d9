"""Taking planned work that nobody has (AC-11)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wardbook.cases import events
from wardbook.cases.actions import planning, saving
from wardbook.cases.models import Activity
from wardbook.journal.actions import record
from wardbook.lib.rules import RuleBroken

if TYPE_CHECKING:
    from wardbook.accounts.models import User


@transaction.atomic
def claim_activity(activity: Activity, *, by: "User", at: datetime) -> Activity:
    """Make planned work one's own. The first of two wins; raises RuleBroken naming who has it (R14)."""
    activity = planning.hold(activity)
    if not activity.is_planned:
        raise RuleBroken(_("This was already done or cancelled."))
    if activity.assignee_id == by.pk:
        return activity
    if activity.assignee is not None:
        raise RuleBroken(_("%(name)s took this a moment ago.") % {"name": activity.assignee})
    planning.can_do(activity.office, activity.case, by)
    was = saving.activity_state(activity)
    activity.assignee = by
    planning.save(activity, at)
    record(events.ACTIVITY_EDITED, about=activity, by=by, at=at, fields=["assignee"])
    planning.undo_changing(activity, was, by, at, _("“%(subject)s” taken") % {"subject": activity.subject})
    return activity
