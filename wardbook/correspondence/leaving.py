"""What a case has written that has not left the office, or of which nobody knows: said before the case closes."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases.models import Case
from wardbook.cases.outstanding import Outstanding, asks
from wardbook.correspondence.models import Letter, Message
from wardbook.offices.models import Membership

State = Message.State
ON_ITS_WAY = (State.HELD, State.QUEUED, State.LEASED)
TROUBLED = (State.FAILED, State.BOUNCED, State.UNCERTAIN)
MOST = 20


@asks
def messages(case: Case, member: Membership) -> list[Outstanding]:
    """Emails that wait, and those that did not get there, unless a later one to the same person did. Two queries."""
    page = reverse("desk:case", args=[member.office.slug, case.number])
    later = Message.objects.outgoing().filter(case=case, state=State.SENT, contact=OuterRef("contact"))
    missed = Q(state__in=TROUBLED) & ~Exists(later.filter(at__gt=OuterRef("at")))
    rows = Message.objects.visible_to(member).outgoing().filter(Q(state__in=ON_ITS_WAY) | missed, case=case)
    return [
        Outstanding(
            _("Email “%(subject)s” to %(name)s: %(state)s")
            % {"subject": row.subject, "name": _reader(row), "state": row.get_state_display()},
            f"{page}?entry=message-{row.pk}#message-{row.pk}",
            row.state in TROUBLED,
        )
        for row in rows.select_related("contact").prefetch_related("addresses").order_by("-at", "-pk")[:MOST]
    ]


@asks
def letters(case: Case, member: Membership) -> list[Outstanding]:
    """Letters that nobody has signed or printed yet."""
    rows = Letter.objects.visible_to(member).not_gone().filter(case=case).select_related("contact")
    return [
        Outstanding(
            _("Letter to %(name)s: %(state)s") % {"name": row.contact.name, "state": row.get_state_display()},
            reverse("correspondence:letter", args=[member.office.slug, row.pk]),
            row.state == Letter.State.RETURNED,
        )
        for row in rows.order_by("-at", "-pk")[:MOST]
    ]


def _reader(message: Message) -> str:
    first = next(iter(message.addresses.all()), None)
    return message.contact.name if message.contact else first.address if first else ""
