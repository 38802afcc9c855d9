"""The area that the office serves: wards, and which postcode lies in which (CO-11)."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from wardbook.contacts import actions as contact_actions
from wardbook.contacts.actions import Lies
from wardbook.desk.fields import LineField
from wardbook.desk.settings_pages.frame import fingerprint, keep, show
from wardbook.exchange import postcodes, reading
from wardbook.lib.fold import postcode_key
from wardbook.lib.quote import quoted
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices import actions as office_actions
from wardbook.offices.middleware import Request
from wardbook.offices.models import Postcode, Ward

LARGEST = 2_000_000
"""Bytes of a table that is read while somebody waits; larger ones go through `wardbook import postcodes`."""

SHOWN_PROBLEMS = 20


class WardForm(forms.Form):
    """Name and code of a ward."""

    name = LineField(label=_later("Name"), max_length=120, missing=_later("Enter the name of the ward."))
    code = LineField(
        label=_later("Official code"),
        max_length=40,
        required=False,
        help_text=_later("As in tables of the authority."),
    )


class TableForm(forms.Form):
    """A small table of postcodes."""

    table = forms.FileField(
        label=_later("Postcode table"),
        help_text=_later(
            "A CSV file with the columns postcode, ward, in_area (yes or no) and elsewhere; "
            "only the first must be there. "
            "A postcode may be cut short: GM1 stands for all that begin so."
        ),
        error_messages={
            "required": _later("Choose a CSV file."),
            "empty": _later("This file is empty."),
            "invalid": _later("Choose a CSV file."),
        },
    )

    def clean_table(self) -> list[Lies]:
        file = self.cleaned_data["table"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("This file is too large for this page. Bring it in with “wardbook import postcodes”.")
            )
        with NamedTemporaryFile(suffix=".csv") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
            kept.flush()
            try:
                rows, problems = postcodes.read_table(Path(kept.name))
            except reading.Unreadable as wrong:
                raise forms.ValidationError(str(wrong)) from wrong
        if problems:
            raise forms.ValidationError(problems[:SHOWN_PROBLEMS])
        return rows


@require_http_methods(["GET", "POST"])
def wards_page(request: Request, office: str) -> HttpResponse:
    """All wards; POST adds one."""
    form = WardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            ward = office_actions.add_ward(request.office, **form.cleaned_data, by=request.user, at=timezone.now())
        except RuleBroken as refusal:
            form.add_error("name", str(refusal))
        else:
            return done(request, reverse("desk:wards", args=[office]), _("%(ward)s is added.") % {"ward": ward.name})
    return _page(request, form, TableForm())


@require_POST
def bring_in(request: Request, office: str) -> HttpResponse:
    """Replace the table of postcodes; wards that are not there are made, people move to where it says."""
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, WardForm(), form)
    try:
        result = contact_actions.replace_postcodes(
            request.office, form.cleaned_data["table"], by=request.user, at=timezone.now()
        )
    except RuleBroken as refusal:
        form.add_error("table", str(refusal))
        return _page(request, WardForm(), form)
    text = ngettext("%(count)d postcode is in the table.", "%(count)d postcodes are in the table.", result.postcodes)
    words = [text % {"count": result.postcodes}]
    if result.moved:
        moved = ngettext(
            "%(count)d person lives elsewhere by it.", "%(count)d people live elsewhere by it.", result.moved
        )
        words.append(moved % {"count": result.moved})
    return done(request, reverse("desk:wards", args=[office]), " ".join(words))


@require_http_methods(["GET", "POST"])
def ward_page(request: Request, office: str, pk: int) -> HttpResponse:
    """One ward; POST changes it."""
    ward = get_object_or_404(Ward, office=request.office, pk=pk)
    current = {"name": ward.name, "code": ward.code}
    form = WardForm(request.POST if request.method == "POST" else None, initial=current)

    def act() -> None:
        office_actions.change_ward(ward, **form.cleaned_data, by=request.user, at=timezone.now())

    answer = keep(
        request,
        form,
        current,
        ward,
        act,
        page=reverse("desk:wards", args=[office]),
        wrong="name",
    )
    if answer is not None:
        return answer
    version = request.POST.get("version") or fingerprint(current)
    context = {"form": form, "ward": ward, "version": version, "postcodes": ward.postcodes.count()}
    return show(request, "desk/settings/ward.html", context, status=422 if form.errors else 200)


@require_POST
def retirement(request: Request, office: str, pk: int) -> HttpResponse:
    """A ward that was abolished, or is there again."""
    ward, at = get_object_or_404(Ward, office=request.office, pk=pk), timezone.now()
    url = reverse("desk:wards", args=[office])
    if ward.retired_at:
        office_actions.restore_ward(ward, by=request.user, at=at)
        return done(request, url, _("%(ward)s can be chosen again.") % {"ward": ward.name})
    office_actions.retire_ward(ward, by=request.user, at=at)
    return done(request, url, _("%(ward)s is retired. People in it keep it.") % {"ward": ward.name})


def _page(request: Request, form: WardForm, table_form: TableForm) -> HttpResponse:
    wards = Ward.objects.filter(office=request.office).annotate(codes=Count("postcodes")).order_by("name")
    asked = request.GET.get("postcode", "")[:20]
    context: dict[str, Any] = {
        "form": form,
        "table_form": table_form,
        "wards": [ward for ward in wards if ward.retired_at is None],
        "retired": [ward for ward in wards if ward.retired_at],
        "outside": Postcode.objects.filter(office=request.office, in_area=False).count(),
        "asked": asked,
        "found": Postcode.objects.covering(request.office, asked) if postcode_key(asked) else None,
    }
    if form.errors or table_form.errors:
        return show(request, "desk/settings/wards.html", context, status=422)
    if asked and context["found"] is None:
        messages.info(request, _("Nothing is known about %(postcode)s.") % {"postcode": quoted(asked)})
    return show(request, "desk/settings/wards.html", context)
