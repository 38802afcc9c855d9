"""Views that everybody has: what should be looked at next (E21)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wardbook.desk.cases_list.filters import Filter, Term


@dataclass(frozen=True, slots=True)
class Queue:
    """A suggested view: its name, its filter, why one looks at it."""

    key: str
    name: Promise
    filter: Filter
    about: Promise


def _queue(key: str, name: Promise, about: Promise, *terms: tuple[str, str], sort: str = "-activity") -> Queue:
    return Queue(key, name, Filter.make([Term(field, value) for field, value in terms], sort), about)


QUEUES = (
    _queue("mine", _("My open"), _("Open cases that you work on."), ("owner", "me")),
    _queue("unassigned", _("Nobody has it"), _("Open cases that nobody has."), ("owner", "none"), sort="opened"),
    _queue(
        "no-next-step",
        _("No next step"),
        _("No follow-up, and nobody we wait for."),
        ("next", "none"),
        sort="activity",
    ),
    _queue(
        "waiting",
        _("Waiting over 14 days"),
        _("Somebody else has had the turn for more than two weeks."),
        ("waited", ">14"),
        sort="waiting",
    ),
    _queue(
        "overdue",
        _("Overdue follow-ups"),
        _("The day of the next step has passed."),
        ("next", "overdue"),
        sort="next",
    ),
    _queue(
        "unclassified",
        _("Not classified"),
        _("Something is missing that your office asks for before a case closes."),
        ("classified", "no"),
    ),
    _queue("needs-owner", _("Needs a new owner"), _("Whoever had them no longer works here."), ("owner", "gone")),
    _queue("team", _("My teams'"), _("Open cases of your teams."), ("team", "mine")),
)
