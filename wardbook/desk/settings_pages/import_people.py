"""People of a file who look like contacts the office has: a person says whether they are."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from wardbook.contacts.models import Contact
from wardbook.desk.settings_pages.frame import show
from wardbook.desk.settings_pages.import_forms import CHOOSE
from wardbook.desk.settings_pages.import_steps import can_choose_people, found_run, steps
from wardbook.exchange import actions
from wardbook.exchange.alike import EMAIL, NAME, PHONE
from wardbook.exchange.models import Run
from wardbook.exchange.running import ATTACH, EACH, NEW
from wardbook.lib.respond import done
from wardbook.lib.rules import RuleBroken
from wardbook.offices.middleware import Request

SHOWN = 100
GENERAL: dict[str, Promise] = {
    NEW: _later("All come in as new contacts"),
    ATTACH: _later("All are the contacts you have"),
    EACH: _later("As I choose for each"),
}
ONE: dict[str, Promise] = {NEW: _later("Somebody new"), ATTACH: _later("The contact you have")}
WHY: dict[str, Promise] = {
    EMAIL: _later("Same email address:"),
    PHONE: _later("Same telephone number:"),
    NAME: _later("Same name and postcode:"),
}


class PeopleForm(forms.Form):
    """What becomes of all of them, or of each."""

    general = forms.ChoiceField(
        choices=list(GENERAL.items()),
        label=_later("What becomes of them?"),
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, run: Run, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = run.people.get("chosen", {})
        self.fields["general"].initial = run.people.get("general", NEW)
        self.keys = {}
        for key, row, count, name, _contact, _why in run.outcome["alike"][:SHOWN]:
            field = f"person_{row}"
            self.keys[field] = key
            self.fields[field] = forms.ChoiceField(
                choices=list(ONE.items()),
                label=name,
                help_text=_rows(row, count),
                initial=chosen.get(key, NEW),
                error_messages=CHOOSE,
            )

    def chosen(self) -> dict[str, str]:
        """The choice for each of those shown, by their key."""
        return {key: self.cleaned_data[field] for field, key in self.keys.items()}


@require_http_methods(["GET", "POST"])
def people_page(request: Request, office: str, pk: int) -> HttpResponse:
    """Who look like contacts. POST says what becomes of them, and has the rows checked again."""
    run, back = found_run(request, pk), reverse("desk:import_run", args=[office, pk])
    if not can_choose_people(run):
        messages.warning(request, _("Nobody in this file waits for a choice."))
        return done(request, back)
    form = PeopleForm(request.POST if request.method == "POST" else None, run=run)
    if form.is_valid():
        try:
            actions.choose_people(
                run,
                general=form.cleaned_data["general"],
                chosen=run.people.get("chosen", {}) | form.chosen(),
                by=request.user,
                at=timezone.now(),
            )
        except RuleBroken as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, back)
    alike = run.outcome["alike"][:SHOWN]
    # Whoever may bring files in need not be one who sees contacts.
    known = Contact.objects.visible_to(request.member).in_bulk([contact for *_said, contact, _why in alike])
    context = {
        **steps(run, is_matching=True),
        "run": run,
        "form": form,
        "people": [
            {"field": form[field], "contact": known.get(contact), "why": WHY[why]}
            for field, (*_said, contact, why) in zip(form.keys, alike, strict=True)
        ],
        "more": run.outcome["alike_count"] - len(alike),
    }
    return show(request, "desk/settings/import_people.html", context, status=422 if form.errors else 200)


def _rows(first: int, count: int) -> str:
    words = ngettext("Row %(first)d", "Row %(first)d and %(more)d more", count)
    return words % {"first": first, "more": count - 1}
