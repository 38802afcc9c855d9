"""What was written on cases that has not left the office, or of which nobody knows: said before they close."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases.outstanding import MOST, Outstanding, asks
from wardbook.correspondence.models import Letter, Message
from wardbook.offices.models import Membership

State = Message.State
ON_ITS_WAY = (State.HELD, State.QUEUED, State.LEASED)
TROUBLED = (State.FAILED, State.BOUNCED, State.UNCERTAIN)


@asks
def messages(cases: Collection[int], member: Membership) -> list[Outstanding]:
    """Emails that wait, and those that did not get there, unless a later one to the same person did. Two queries."""
    later = Message.objects.outgoing().filter(
        case=OuterRef("case"), state=State.SENT, contact=OuterRef("contact"), at__gt=OuterRef("at")
    )
    waits = Q(state__in=ON_ITS_WAY) | Q(state__in=TROUBLED) & ~Exists(later)
    rows = Message.objects.visible_to(member).outgoing().filter(waits, case__in=cases)
    return [
        Outstanding(
            row.case.reference if row.case else "",
            _("Email “%(subject)s” to %(name)s: %(state)s")
            % {"subject": row.subject, "name": _reader(row), "state": row.get_state_display()},
            _place(row, member),
            row.state in TROUBLED,
        )
        for row in rows.select_related("case", "contact").prefetch_related("addresses").order_by("-at", "-pk")[:MOST]
    ]


@asks
def letters(cases: Collection[int], member: Membership) -> list[Outstanding]:
    """Letters that nobody has signed or printed yet."""
    rows = Letter.objects.visible_to(member).not_gone().filter(case__in=cases).select_related("contact")
    return [
        Outstanding(
            row.our_reference,
            _("Letter to %(name)s: %(state)s") % {"name": row.contact.name, "state": row.get_state_display()},
            reverse("correspondence:letter", args=[member.office.slug, row.pk]),
            row.state == Letter.State.RETURNED,
        )
        for row in rows.order_by("-at", "-pk")[:MOST]
    ]


def _reader(message: Message) -> str:
    first = next(iter(message.addresses.all()), None)
    return message.contact.name if message.contact else first.address if first else ""


def _place(message: Message, member: Membership) -> str:
    page = reverse("desk:case", args=[member.office.slug, message.case.number if message.case else 0])
    return f"{page}?entry=message-{message.pk}#message-{message.pk}"
