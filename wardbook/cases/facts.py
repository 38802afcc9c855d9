"""What the details of a case show, line by line, and where each is changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wardbook.cases import gate
from wardbook.cases.models import Case, CoAssignment
from wardbook.lib import days
from wardbook.offices.models import FieldUse, Membership

# Lines that only an open case can change.
ONLY_OPEN = frozenset({"assignment", "waiting", "deadline"})
# The field that the office may hide, by line.
HIDEABLE = {
    "kind": "kind",
    "type": "case_type",
    "topic": "policy_area",
    "code": "case_code",
    "how": "contact_type",
    "tags": "tags",
    "priority": "priority",
}
OWN_ADDRESS = ("status", "priority", "assignment", "tags", "waiting", "deadline")


@dataclass
class Row:
    """One line: `template` draws the value when it is more than text, from `more`."""

    name: str
    id: str
    label: str
    url: str = ""
    value: str = ""
    template: str = ""
    key: str = ""
    empty: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def address(case: Case, name: str) -> str:
    """Where a line is changed."""
    slug = case.office.slug
    if name in OWN_ADDRESS:
        return reverse(f"cases:{name}", args=[slug, case.number])
    return reverse("cases:detail", args=[slug, case.number, name])


def rows(
    case: Case,
    member: Membership,
    *,
    today: date,
    uses: dict[str, str],
    tags: Sequence[Any],
    together: Sequence[Any],
    phones: Sequence[Any] = (),
    others: int | None = None,
) -> dict[str, Row]:
    """Every line that the office shows, by name. No query: what it needs is given."""
    made = {row.name: row for row in _made(case, today, tags, together, phones, others)}
    for name, row in list(made.items()):
        if uses.get(HIDEABLE.get(name, ""), "") == FieldUse.Use.HIDDEN:
            del made[name]
        elif member.can("cases.write") and not (case.is_closed and name in ONLY_OPEN):
            row.url = address(case, name)
    return made


def row(case: Case, member: Membership, name: str, *, today: date) -> Row | None:
    """One line after a change. At most six queries."""
    together = [c.user for c in CoAssignment.objects.filter(case=case).select_related("user").order_by("user__name")]
    found = rows(
        case,
        member,
        today=today,
        uses=gate.uses(case.office),
        tags=list(case.tags.order_by("name")),
        together=together,
        phones=list(case.constituent.points.all()) if case.constituent and name == "constituent" else (),
    )
    return found.get(name)


def _made(
    case: Case, today: date, tags: Sequence[Any], together: Sequence[Any], phones: Sequence[Any], others: int | None
) -> list[Row]:
    def line(name: str, label: str, **fields: Any) -> Row:
        return Row(name=name, id=f"case-{case.number}-{name}", label=label, **fields)

    return [
        line(
            "deadline",
            _("Deadline"),
            template="cases/values/deadline.html" if case.deadline_on else "",
            more={"today": today},
        ),
        line("status", _("Status"), template="cases/values/status.html", key="s"),
        line("priority", _("Priority"), template="cases/values/priority.html", key="p"),
        line(
            "assignment",
            _("Who does it"),
            template="cases/values/assignment.html",
            key="a",
            more={"together": together},
        ),
        line(
            "waiting",
            _("Waiting on"),
            template="cases/values/waiting.html" if case.waiting_on else "",
            empty=_("Not said"),
            more={"days": (today - case.waiting_since).days if case.waiting_since else 0},
        ),
        line(
            "description",
            _("Title and details"),
            template="cases/values/description.html" if case.notes else "",
            empty=_("No details"),
        ),
        line(
            "constituent",
            _("Constituent"),
            template="cases/values/constituent.html" if case.constituent else "",
            value=_("Does not want to be named") if case.is_anonymous else "",
            empty=_("Nobody"),
            more={"points": phones, "others": others},
        ),
        line("requester", _("Raised by"), value=str(case.requester or ""), empty=_("The constituent")),
        line("representative", _("Representative"), value=str(case.representative or "")),
        line("topic", _("Policy area › Category"), template="cases/values/topic.html" if case.policy_area else ""),
        line("type", _("Case type"), template="cases/values/type.html" if case.case_type else ""),
        line("code", _("Case code"), value=str(case.case_code or "")),
        line("how", _("How it came"), value=str(case.contact_type or "")),
        line("kind", _("Kind"), value=case.get_kind_display()),
        line("tags", _("Tags"), template="cases/values/tags.html" if tags else "", key="t", more={"tags": tags}),
        line("opened", _("Opened"), value=days.long_day(case.opened_on)),
    ]
