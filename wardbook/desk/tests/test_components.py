"""The components say what they should, and do not break over what they are not given."""

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from wardbook.desk.templatetags import ui
from wardbook.lib import respond
from wardbook.offices.factories import CaseworkerFactory, ManagerFactory, OfficeFactory

TUESDAY = date(2025, 6, 3)
NOW = datetime(2025, 6, 3, 13, 2, tzinfo=UTC)


def drawn(source, **context):
    context.setdefault("request", RequestFactory().get("/"))
    return Template("{% load i18n ui %}" + source).render(Context(context))


def included(component, /, **context):
    return render_to_string(f"c/{component}.html", context, request=RequestFactory().get("/glanmor/cases/?q=damp"))


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


# --- Every component with only what it must be given ---------------------------------------------------------------

LEAST = {
    "avatar": {"name": "Rhian Evans"},
    "banner": {"text": "Demo."},
    "band": {"mark": "office", "words": "Only your office sees this"},
    "audience": {"mark": "office"},
    "both_versions": {"fields": [{"name": "a", "label": "A", "mine": "1", "theirs": ""}], "theirs_name": "Anna"}
    | {"action": "/x/", "version": 3},
    "bulk_bar": {"actions": [{"label": "Assign", "url": "/x/"}]},
    "button_link": {"url": "/x/", "label": "New"},
    "combobox_options": {"options": [respond.Option(1, "One")]},
    "composer": {"tabs": [], "label": "Write"},
    "deadline": {"due": TUESDAY, "today": TUESDAY},
    "documents": {"documents": [{"name": "a.pdf", "url": "/x/"}]},
    "editable": {"id": "a", "label": "Area"},
    "empty": {"heading": "Nothing"},
    "entry": {"entry": {"id": "e", "mark": "in", "heading": "Call", "at": NOW}},
    "event": {"entry": {"id": "e", "heading": "Changed", "at": NOW}},
    "file_drop": {"name": "files", "id": "id_files"},
    "filter_bar": {},
    "menu": {"id": "m", "label": "More", "items": [{"label": "Print", "url": "/x/"}]},
    "messages": {"banner": {"text": "Demo."}},
    "pagination": {"range_words": "1–2 of 2"},
    "person": {"name": ""},
    "presence": {"url": "/x/", "words": ""},
    "priority": {"code": "high", "label": "High"},
    "progress": {"words": "3 of 9"},
    "sort_header": {"label": "Age", "column": "age"},
    "stat": {"label": "Open", "value": 3},
    "status_pill": {"code": "open", "label": "Open"},
    "tabs": {"tabs": [{"label": "All", "url": "/x/"}], "label": "Status"},
    "timeline": {"entries": []},
    "toast": {"text": "Done.", "undo": ""},
    "trouble_page": {"title": "No", "text": "Not here.", "back": "Back"},
}


@pytest.mark.parametrize("name", LEAST)
def test_a_component_needs_no_more_than_it_says(name):
    assert included(name, **LEAST[name]).strip()


# --- Days ----------------------------------------------------------------------------------------------------------


def test_a_day_is_short_or_long():
    assert drawn("{{ d|short_day }} – {{ d|long_day }}", d=date(2025, 6, 6)) == "Fri 6 Jun – Fri 6 June 2025"


@pytest.mark.parametrize(
    ("away", "said"),
    [(-2, "2 days ago"), (-1, "yesterday"), (0, "today"), (1, "tomorrow"), (5, "in 5 days")],
)
def test_a_day_says_how_far_off_it_is(away, said):
    assert ui.day_words(TUESDAY + timedelta(days=away), TUESDAY) == said


def test_a_moment_is_local_and_says_all_on_hover():
    html = drawn("{% moment at %}", at=NOW)

    assert words(html) == "14:02"
    assert 'title="Tue 3 June 2025, 14:02"' in html


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2025, 6, 1), "Overdue, 2 days"),
        (date(2025, 6, 2), "Overdue, 1 day"),
        (TUESDAY, "Today"),
        (date(2025, 6, 10), "by Tue 10 June 2025"),
    ],
)
def test_a_deadline_is_words_and_not_only_a_colour(due, said):
    assert words(included("deadline", due=due, today=TUESDAY)) == said


# --- Marks ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "shape"),
    [("new", "new"), ("acknowledged", "ack"), ("on_hold", "hold"), ("paused", "hold"), ("closed", "closed")],
)
def test_a_status_has_a_shape_and_a_word(code, shape):
    html = included("status_pill", code=code, label="Word")

    assert f"pill--{shape}" in html
    assert "<svg" in html
    assert words(html) == "Word"


def test_an_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in ui.icon("phone")
    assert 'aria-label="Telephone"' in ui.icon("phone", label="Telephone")
    assert "style=" not in ui.icon("phone")


def test_an_icon_label_is_text():
    assert "<b>" not in ui.icon("phone", label="<b>")


def test_every_form_has_an_operation_key_of_its_own():
    keys = set(re.findall(r'name="operation" value="([0-9a-f-]{36})"', drawn("{% operation %}{% operation %}")))

    assert len(keys) == 2


def test_initials_are_of_the_first_and_the_last_name():
    assert [ui.initials(name) for name in ("Rhian Evans", "Omar bin Haddad", "Cher", "", "(?)")] == [
        "RE",
        "OH",
        "C",
        "?",
        "?",
    ]


def test_a_telephone_number_becomes_a_link_of_digits():
    assert ui.telephone_href("+44 (0)1632 960 021") == "+4401632960021"


def test_undo_leads_only_into_our_own_site():
    assert ui.undo_address(Message(25, "Done.", "undo:/glanmor/undo/9/")) == "/glanmor/undo/9/"
    assert ui.undo_address(Message(25, "Done.", "undo:https://elsewhere.example/")) == ""


# --- The timeline --------------------------------------------------------------------------------------------------


def change(number, hours=0):
    return {"id": f"c{number}", "mark": "system", "heading": f"Change {number}", "at": NOW + timedelta(hours=hours)}


def test_more_than_three_changes_in_a_row_fold():
    note = {"id": "n", "mark": "office", "heading": "Note", "at": NOW}
    folded = ui.fold_changes([*map(change, range(4)), note, *map(change, range(3))])

    assert len(folded[0]["folded"]) == 4
    assert [one["id"] for one in folded[1:]] == ["n", "c0", "c1", "c2"]


def test_changes_of_different_days_do_not_fold_together():
    assert len(ui.fold_changes([change(0), change(1), change(2, hours=24), change(3, hours=24)])) == 4


def test_an_entry_says_who_can_see_it():
    said = words(included("entry", entry={"id": "e", "mark": "office", "heading": "Note by Anna", "at": NOW}))

    assert "Office only" in said


def test_what_people_wrote_is_text_and_never_markup():
    entry = {"id": "e", "mark": "in", "heading": "<img src=x>", "at": NOW, "body": '<a hx-get="/x/">boo</a>'}
    html = included("entry", entry=entry)

    assert "<img" not in html
    assert "<a hx-get" not in html


# --- Answers -------------------------------------------------------------------------------------------------------


def test_an_answer_carries_what_is_to_be_said_in_plain_ascii():
    response = respond.respond(
        RequestFactory().get("/"), "c/stat.html", {"label": "a", "value": 1}, say="Wedi'i gadw – tŷ"
    )

    assert response["HX-Trigger"].isascii()


def test_done_sends_a_browser_on_and_lets_htmx_follow():
    plain = RequestFactory().post("/x/")
    swapped = RequestFactory().post("/x/", headers={"HX-Request": "true"})

    assert respond.done(plain, "/there/")["Location"] == "/there/"
    assert respond.done(plain, "/there/").status_code == 303
    assert respond.done(swapped, "/there/")["HX-Redirect"] == "/there/"


# --- The shell -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_design_page_shows_every_component(client):
    manager = ManagerFactory()
    client.force_login(manager.user)
    response = client.get(reverse("desk:styleguide", args=[manager.office.slug]))

    assert response.status_code == 200
    assert "hx-on" not in response.content.decode()


@pytest.mark.django_db
def test_the_navigation_holds_only_what_the_person_may_open(client):
    office = OfficeFactory()
    caseworker, manager = CaseworkerFactory(office=office), CaseworkerFactory(office=office, role="manager")
    request = SimpleNamespace(office=office, path=f"/{office.slug}/people/")

    def entries(role):
        member = office.memberships.get(user=role)
        context = Context({"request": SimpleNamespace(**vars(request), member=member)})
        return ui.nav(context, "contacts:list"), ui.nav(context, "desk:styleguide"), ui.nav(context, "no:such")

    assert entries(caseworker)[0] == {"url": f"/{office.slug}/people/", "current": "page"}
    assert entries(manager)[1] is not None
    assert entries(manager)[2] is None


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["fri", "+10wd"])
def test_a_day_is_said_back(client, typed):
    manager = ManagerFactory()
    client.force_login(manager.user)
    answer = client.get(reverse("desk:day", args=[manager.office.slug]), {"q": typed})

    assert answer.status_code == 200
    assert set(answer.json()) == {"iso", "words"}


@pytest.mark.django_db
def test_what_is_no_day_is_said_too(client):
    manager = ManagerFactory()
    client.force_login(manager.user)
    answer = client.get(reverse("desk:day", args=[manager.office.slug]), {"q": "soon"})

    assert answer.status_code == 422
    assert "Enter a day" in answer.json()["error"]
