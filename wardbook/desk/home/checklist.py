"""The first steps of a new office, each leading to the real screen (ux.md 1.2, "First run"). One query."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wardbook.cases.models import Case
from wardbook.correspondence.models import Mailbox
from wardbook.journal.models import Event
from wardbook.offices import events as office_events
from wardbook.offices.models import Invitation, Membership, Office, Representative, Ward
from wardbook.vocabulary import events as list_events


class Step(NamedTuple):
    """One line of the checklist: what to do, why, where, and whether it is done."""

    words: Promise
    why: Promise
    route: str
    is_done: bool


def steps(office: Office) -> list[Step]:
    """The first steps, and which of them the office has taken."""
    mine = {"office": OuterRef("pk")}
    colleagues = Membership.objects.filter(**mine).exclude(role=Membership.Role.ADMIN).order_by("pk")[1:2]
    looked_over = [list_events.ADDED, list_events.RENAMED, list_events.EDITED, list_events.RETIRED, list_events.MOVED]
    events = Event.objects.filter(**mine, by__isnull=False)
    done = (
        Office.objects.filter(pk=office.pk)
        .annotate(
            has_people=Exists(colleagues) | Exists(Invitation.objects.filter(**mine)),
            has_representative=Exists(Representative.objects.filter(**mine)),
            has_mailbox=Exists(Mailbox.objects.filter(**mine)),
            has_words=Exists(events.filter(name__in=looked_over)),
            has_calendar=Exists(events.filter(name__in=[office_events.OFFICE_CHANGED, office_events.CLOSURE_ADDED])),
            has_area=Exists(Ward.objects.filter(**mine)),
            has_case=Exists(Case.objects.filter(Q(**mine))),
        )
        .values_list(
            "has_people",
            "has_representative",
            "has_mailbox",
            "has_words",
            "has_calendar",
            "has_area",
            "has_case",
        )
        .get()
    )
    words = (
        (_("Invite a colleague"), _("They get a link and choose their own password."), "desk:settings_people"),
        (
            _("Say whom you serve"),
            _("The representative's name stands on letters and cases."),
            "desk:representatives",
        ),
        (_("Add your mailbox"), _("What people write to it lands in the Inbox."), "desk:mailboxes"),
        (_("Look over your lists"), _("Policy areas, tags, actions: keep what fits, retire the rest."), "desk:lists"),
        (_("Check name, time and calendar"), _("Working days are counted by it."), "desk:settings_office"),
        (
            _("Bring in your wards"),
            _("So that a postcode shows the ward, and who is not in your area."),
            "desk:wards",
        ),
        (_("Log your first case"), _("Two fields are enough: who, and what they need."), "desk:new_case"),
    )
    return [Step(*line, is_done) for line, is_done in zip(words, done, strict=True)]
