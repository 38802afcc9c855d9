"""Every component of the design, once, with examples: for people who build pages and for the tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wardbook.lib.forms import Combobox, DayField, FilesField
from wardbook.lib.respond import Option, options, respond
from wardbook.offices.middleware import Request

PEOPLE = (
    Option("318", "Rhian Evans", "14 Mill Lane GM1 4AB · 01632 960 021", "2 open cases"),
    Option("319", "Tom Evans", "3 Harbour Row GM2 1AA"),
    Option("320", "Omar Haddad", "9 Quay Street GM1 2BD · o.haddad@example.org", "1 open case"),
    Option("321", "Dewi Pugh", "Flat 2, 40 Chapel Road GM3 7TT"),
)


class Specimen(forms.Form):
    """One field of every kind."""

    how = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[("phone", _("Phone")), ("person", _("In person")), ("letter", _("Letter")), ("social", _("Social"))],
        widget=forms.RadioSelect(attrs={"class": "choices--row"}),
        initial="phone",
    )
    who = forms.CharField(label=_("Who is it about?"), help_text=_("Name, telephone number or postcode"))
    what = forms.CharField(
        label=_("What do they need?"),
        max_length=140,
        widget=forms.TextInput(attrs={"data-count": 140}),
        initial="Damp in flat, council not replying",
    )
    details = forms.CharField(label=_("Details"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    tags = forms.Field(label=_("Tags"), required=False)
    area = forms.ChoiceField(
        label=_("Policy area"),
        choices=[("", ""), ("1", "Housing"), ("2", "Transport"), ("3", "Benefits and pensions")],
        widget=forms.Select(attrs={"data-combobox": True}),
        required=False,
    )
    follow_up = DayField(label=_("Follow-up"), required=False)
    papers = FilesField(label=_("Files"), required=False)
    restricted = forms.BooleanField(
        label=_("Restricted"), help_text=_("Only people you name can see it"), required=False
    )

    def __init__(self, *args: Any, today: date, people_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].widget = Combobox(url=people_url)
        self.fields["tags"].widget = Combobox(url=people_url, multiple=True, shown=[("4", "damp"), ("5", "mould")])
        self.initial["tags"] = ["4", "5"]
        day = self.fields["follow_up"]
        assert isinstance(day, DayField)
        day.anchor(today=today)


class Writing(forms.Form):
    """What a tab of the composer holds."""

    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 5}))


def _entries(now: datetime) -> list[dict[str, Any]]:
    before = now - timedelta(days=1)
    menu = [
        {"label": _("New case from this"), "url": "#", "icon": "folder-plus"},
        {"label": _("Correct"), "url": "#", "icon": "pencil", "dialog": True},
        {"label": _("Remove"), "url": "#", "icon": "trash-2", "danger": True, "post": True},
    ]
    changes = [
        {"id": f"change-{n}", "mark": "system", "heading": words, "at": before + timedelta(minutes=n)}
        for n, words in enumerate(
            ("Anna: status New → Open", "Anna: priority High", "Anna: tag damp added", "Anna: assigned to Sam")
        )
    ]
    return [
        {
            "id": "entry-1",
            "mark": "in",
            "icon": "mail",
            "heading": "Email from Rhian Evans",
            "at": before - timedelta(hours=2),
            "body": "The black mould is back in the children's room. I have rung the council three times and"
            " nobody rings me back.",
            "documents": [{"name": "mould in the small bedroom.jpg", "url": "#", "size": 1_240_000}],
            "actions": menu,
            "url": "#entry-1",
        },
        {
            "id": "entry-2",
            "mark": "office",
            "icon": "sticky-note",
            "heading": "Note by Anna",
            "at": before - timedelta(hours=1),
            "body": "Son has asthma. Ask for the surveyor's report.",
        },
        *changes,
        {
            "id": "entry-3",
            "mark": "out",
            "icon": "send",
            "heading": "Letter to Housing Services",
            "at": now - timedelta(hours=3),
            "body": "We ask for an inspection within ten working days.",
            "facts": [(_("Signed by"), "Mair Lloyd MP")],
        },
        {
            "id": "entry-4",
            "mark": "case",
            "icon": "message-square-text",
            "heading": "Case note by Sam",
            "at": now - timedelta(hours=2),
            "body": "Rhian prefers to be rung after four.",
        },
        {
            "id": "entry-5",
            "mark": "shared",
            "icon": "megaphone",
            "heading": "Update by Housing Services",
            "at": now - timedelta(hours=1),
            "body": "Inspection is booked for 12 June, between 9 and 12.",
        },
        {"id": "change-9", "mark": "system", "heading": "Sam: follow-up Fri 6 Jun", "at": now},
        {
            "id": "entry-6",
            "mark": "planned",
            "icon": "phone",
            "heading": "Planned: ring Rhian Evans",
            "at": now + timedelta(days=3),
            "body": "Did the surveyor come?",
        },
    ]


def examples(now: datetime, people_url: str = "") -> dict[str, Any]:
    """The context of styleguide.html."""
    today = timezone.localtime(now).date()
    wrong = Specimen({"how": "phone", "what": ""}, today=today, people_url=people_url, prefix="wrong")
    wrong.is_valid()
    return {
        "today": today,
        "now": now,
        "form": Specimen(today=today, people_url=people_url, prefix="sample"),
        "wrong": wrong,
        "statuses": [
            ("new", _("New")),
            ("acknowledged", _("Acknowledged")),
            ("open", _("Open")),
            ("on_hold", _("On hold")),
            ("closed", _("Closed")),
        ],
        "priorities": [("low", _("Low")), ("normal", _("Normal")), ("high", _("High")), ("urgent", _("Urgent"))],
        "days": [today + timedelta(days=away) for away in (-2, 0, 2, 9)],
        "entries": _entries(now),
        "tabs": [
            {"label": _("Open"), "url": "#", "count": 41, "current": True},
            {"label": _("Waiting"), "url": "#", "count": 17},
            {"label": _("Closed"), "url": "#", "count": 0},
        ],
        "chips": [
            {"label": "assigned to me", "remove_url": "#"},
            {"label": "older than 14 days", "remove_url": "#"},
        ],
        "rows": [
            (2041, "Damp in flat, council not replying", "Rhian Evans", "open", _("Open"), "Anna Price", -2),
            (2033, "Council tax band", "Dewi Pugh", "new", _("New"), "", 1),
            (2038, "Visa delay for his wife, third request", "Omar Haddad", "on_hold", _("On hold"), "Sam Lee", 8),
            (1502, "School transport", "Rhian Evans", "closed", _("Closed"), "Anna Price", 30),
        ],
        "sort": "-age",
        "bulk_actions": [
            {"label": _("Assign"), "url": "#assign", "key": "a", "icon": "user-plus"},
            {"label": _("Status"), "url": "#status", "key": "s", "icon": "circle-dot"},
            {"label": _("Close"), "url": "#close", "key": "e", "icon": "archive"},
        ],
        "menu_items": [
            {"label": _("Print"), "url": "#", "icon": "printer"},
            {"label": _("Restrict"), "url": "#", "icon": "lock"},
            {"label": _("Delete"), "url": "#", "icon": "trash-2", "danger": True},
        ],
        "composer_tabs": [
            {
                "key": "note",
                "label": _("Note"),
                "icon": "sticky-note",
                "hotkey": "n",
                "href": "#note",
                "action": "#",
                "form": Writing(prefix="note"),
                "mark": "office",
                "audience": _("Only your office sees this"),
                "button": _("Add note for the office"),
                "selected": True,
                "draft_saved_at": now,
                "draft_version": 1,
            },
            {
                "key": "call",
                "label": _("Call"),
                "icon": "phone",
                "hotkey": "l",
                "href": "#call",
                "action": "#",
                "form": Writing(prefix="call"),
                "mark": "in",
                "audience": _("Everyone on the case sees this"),
                "button": _("Add the call"),
            },
            {
                "key": "letter",
                "label": _("Letter"),
                "icon": "file-text",
                "hotkey": "w",
                "href": "#letter",
                "action": "#",
                "form": Writing(prefix="letter"),
                "mark": "out",
                "audience": _("Goes to Rhian Evans"),
                "button": _("Add letter to Rhian Evans"),
            },
        ],
        "versions": [
            {"name": "title", "label": _("Title"), "mine": "Damp in flat", "theirs": "Damp and mould in flat"},
        ],
    }


def styleguide(request: Request, office: str) -> HttpResponse:
    """All components on one page; `?q=` answers the example type-ahead."""
    if "q" in request.GET:
        words = request.GET["q"].casefold().split()
        found = [one for one in PEOPLE if all(word in f"{one.label} {one.detail}".casefold() for word in words)]
        return options(request, found, add=str(_("Add as a new person")))
    return respond(request, "styleguide.html", examples(timezone.now(), people_url=request.path))


urlpatterns = [path("settings/styleguide/", styleguide, name="styleguide")]
