"""The kinds of entry that can be added to a case: who may add them, who will read them, and in which words."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from wardbook.cases import readers
from wardbook.cases.forms import entries
from wardbook.cases.models import Case
from wardbook.offices import access
from wardbook.offices.models import Membership

Words = str | Promise


@dataclass(frozen=True)
class Kind:
    """One tab of the composer; its own form, its own address, its own draft (E2)."""

    key: str
    route: str
    label: Words
    icon: str
    form: type[entries.Entry]
    mark: str
    needs: str
    button: Words
    fields_template: str
    hotkey: str = ""
    on_closed: bool = True

    def address(self, case: Case) -> str:
        return reverse(self.route, args=[case.office.slug, case.number])

    def scope(self, case: Case) -> str:
        """The name of its draft."""
        return f"case-{case.number}-{self.key}"


# The tab for email stands first once there is mail; until then the page does not speak of it.
KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            "note",
            "cases:notes",
            _("Note"),
            "lock",
            entries.NoteForm,
            "office",
            "cases.notes.internal",
            _("Add note for the office"),
            "cases/fields/note.html",
            hotkey="n",
        ),
        Kind(
            "case-note",
            "cases:case_notes",
            _("Case note"),
            "users",
            entries.CaseNoteForm,
            "case",
            "cases.notes.shared",
            _("Add note for everyone on this case"),
            "cases/fields/note.html",
            on_closed=False,
        ),
        Kind(
            "call",
            "cases:calls",
            _("Call"),
            "phone",
            entries.CallForm,
            "log",
            "cases.write",
            _("Log call on this case"),
            "cases/fields/log.html",
            hotkey="l",
        ),
        Kind(
            "letter",
            "cases:letters",
            _("Letter"),
            "mail-open",
            entries.LetterForm,
            "log",
            "cases.write",
            _("Log letter on this case"),
            "cases/fields/log.html",
            hotkey="w",
        ),
        Kind(
            "other",
            "cases:entries",
            _("Other"),
            "notebook-pen",
            entries.LogForm,
            "log",
            "cases.write",
            _("Log it on this case"),
            "cases/fields/log.html",
        ),
        Kind(
            "task",
            "cases:follow_up",
            _("Follow-up"),
            "circle-check",
            entries.PlanForm,
            "log",
            "cases.write",
            _("Plan it for the office"),
            "cases/fields/plan.html",
            on_closed=False,
        ),
    )
}


def kinds_for(member: Membership, case: Case) -> list[Kind]:
    """What this person may add to this case now."""
    return [kind for kind in KINDS.values() if member.can(kind.needs) and (kind.on_closed or not case.is_closed)]


def audience(kind: Kind, case: Case, *, may_be_outsiders: bool = True) -> str:
    """Who will read it, said before it is written (NO-5)."""
    if kind.mark == "office":
        return _t("Only your office sees this")
    if kind.mark == "log":
        return _t("Kept on the case for everyone who works on it. Nothing is sent.")
    outside = outsiders(case) if may_be_outsiders else []
    if not outside:
        return _t("Visible to everyone on this case")
    names = ", ".join(_named(member) for member in outside[:3])
    if len(outside) > 3:
        return _t("Visible to everyone on this case, including %(names)s and %(count)d others") % {
            "names": names,
            "count": len(outside) - 3,
        }
    return _t("Visible to everyone on this case, including %(names)s") % {"names": names}


def outsiders(case: Case) -> list[Membership]:
    """Who sees the case though they never see the office's notes: councillors, volunteers. One query for most."""
    roles = set(Membership.Role.values) - set(access.roles_with("cases.notes.internal"))
    if not Membership.objects.active().filter(office_id=case.office_id, role__in=roles).exists():
        return []
    return [member for member in readers.who_can_see(case) if member.role in roles]


def _named(member: Membership) -> str:
    if member.role == Membership.Role.COUNCILLOR:
        return _t("Councillor %(name)s") % {"name": member.user.name}
    return str(member.user.name)


def save(kind: Kind, form: Any, case: Case, *, by: Any, at: Any) -> Any:
    """Add the entry that was typed, through its one action. Returns it."""
    from wardbook.cases import actions

    values = form.cleaned_data
    if kind.key == "note":
        return actions.add_internal_note(case, text=values["text"], mentions=form.mentioned, by=by, at=at)
    if kind.key == "case-note":
        return actions.add_case_note(case, text=values["text"], by=by, at=at)
    if kind.key == "task":
        return actions.plan_activity(case.office, case=case, by=by, at=at, **form.facts())
    return actions.log_activity(case.office, case=case, by=by, at=at, **form.facts())
