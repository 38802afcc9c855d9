"""Activities without a case go onto one, or become one (S3.3, S3.8): the same records, never copies."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from wardbook.cases import actions as case_actions
from wardbook.cases import gate, references
from wardbook.cases.models import Activity, Case
from wardbook.contacts.models import Contact
from wardbook.desk.after import undo_address
from wardbook.desk.fields import LineField, is_number
from wardbook.lib.forms import ChosenField, Combobox
from wardbook.lib.quote import one_line
from wardbook.lib.respond import Option, done, options, respond
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request
from wardbook.offices.models import Membership

MOST = 50
INTERNAL = "internal"


class FileForm(forms.Form):
    """Onto which case they go."""

    case = ChosenField(
        Case.objects.none(),
        label=_later("Which case?"),
        help_text=_later("Its number, or words of what it is about."),
        error_messages={"required": _later("Choose the case they belong to.")},
    )

    def __init__(self, *args: Any, member: Membership, url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        field = self.fields["case"]
        assert isinstance(field, ChosenField)
        field.queryset = Case.objects.visible_to(member).open()
        widget: Any = field.widget
        widget.url = url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        widget = self.fields["case"].widget
        assert isinstance(widget, Combobox)
        if "case" in self.errors and widget.typed:
            # The second step without JavaScript: what matches what was typed, as radio buttons.
            widget.matches = [(case.pk, _words(case)) for case in matching(self.member, widget.typed)]
        return cleaned


class MakeForm(forms.Form):
    """The case they become."""

    description = LineField(
        label=_later("What do they need?"), max_length=140, missing=_later("Say in a few words what it is about.")
    )
    about = forms.ChoiceField(
        label=_later("Whom is it about?"),
        error_messages={
            "required": _later("Choose whom it is about."),
            "invalid_choice": _later("Choose one of these."),
        },
    )

    def __init__(self, *args: Any, activities: list[Activity], **kwargs: Any) -> None:
        contacts = {row.contact_id: row.contact.name for row in activities if row.contact}
        first = activities[0] if activities else None
        start = {"description": first.subject[:140] if first else "", "about": next(iter(contacts), INTERNAL)}
        kwargs["initial"] = start
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        assert isinstance(about, forms.ChoiceField)
        about.choices = [*contacts.items(), (INTERNAL, _("Nobody: it is a matter of the office"))]


@require_http_methods(["GET", "POST"])
def filing(request: Request, office: str) -> HttpResponse:
    """Ask which case the ticked activities go to, or what case they become; then do it."""
    sent = request.POST if request.method == "POST" else request.GET
    activities = _ticked(request, sent.getlist("activity"))
    if not activities:
        text = _("Tick entries without a case first.")
        return done(request, reverse("desk:activities", args=[office]), text)
    wanted = request.POST.get("make", "") if request.method == "POST" else ""
    url = reverse("desk:activities_cases", args=[office])
    file_form = FileForm(request.POST if wanted == "file" else None, member=request.member, url=url)
    make_form = MakeForm(request.POST if wanted == "new" else None, activities=activities)
    if request.method == "POST" and wanted not in ("file", "new"):
        raise Http404
    form = make_form if wanted == "new" else file_form
    if form.is_bound and form.is_valid():
        at = timezone.now()
        try:
            case = (
                form.cleaned_data["case"] if wanted == "file" else _open(request, activities, form.cleaned_data, at)
            )
            case_actions.file_on_case(activities, case, by=request.user, at=at)
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            text = ngettext(
                "%(count)d entry is now on %(case)s.", "%(count)d entries are now on %(case)s.", len(activities)
            )
            text = text % {"count": len(activities), "case": case.reference}
            return done(request, reverse("desk:case", args=[office, case.number]), text, undo_address(request, at))
    context = {"activities": activities, "file_form": file_form, "make_form": make_form, "wanted": wanted}
    return respond(request, "desk/activities_filing.html", context, status=422 if form.errors else 200)


@require_GET
def case_options(request: Request, office: str) -> HttpResponse:
    """Open cases for the type-ahead, by reference or by words."""
    typed = one_line(request.GET.get("q", "")[:200])
    found = matching(request.member, typed) if typed else []
    return options(
        request,
        [Option(case.pk, f"{case.reference} {case.description}", case.who, str(case.owner or "")) for case in found],
    )


def matching(member: Membership, typed: str) -> QuerySet[Case]:
    """The open cases that the words may mean, the one with that reference first."""
    cases = Case.objects.visible_to(member).open().select_related("constituent", "owner")
    says = Q(description__icontains=typed) | Q(constituent__name__icontains=typed)
    if key := references.key(typed):
        says |= Q(reference_key__startswith=key)
    return cases.filter(says).order_by("-last_activity_at", "-pk")[:8]


def _ticked(request: Request, sent: list[str]) -> list[Activity]:
    """The ticked activities that the person sees and that have no case yet."""
    numbers = [int(one) for one in sent if is_number(one)][:MOST]
    rows = Activity.objects.visible_to(request.member).for_list().filter(pk__in=numbers, case__isnull=True)
    return list(rows.order_by("happened_at", "due_on", "pk"))


def _open(request: Request, activities: list[Activity], chosen: dict[str, Any], at: Any) -> Case:
    about = chosen["about"]
    constituent = None
    if about != INTERNAL:
        constituent = Contact.objects.visible_to(request.member).filter(pk=int(about)).first()
    case = case_actions.open_case(
        request.office,
        description=chosen["description"],
        constituent=constituent,
        kind=Case.Kind.CASEWORK if constituent else Case.Kind.INTERNAL,
        owner=request.user if request.member.can("cases.own") else None,
        contact_type=next((row.contact_type for row in activities if row.contact_type), None),
        by=request.user,
        at=at,
    )
    if request.office.gate == "create" and (fields := gate.missing(case)):
        names = ", ".join(str(gate.LABELS[field]) for field in fields)
        raise RuleBroken(
            _("This office asks for more when a case is opened: %(fields)s. Use “New case”, then put these on it.")
            % {"fields": names}
        )
    return case


def _words(case: Case) -> str:
    return f"{case.reference} {case.description}" + (f", {case.who}" if case.who else "")
