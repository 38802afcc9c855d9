"""The page of a case: one stream, its filters and pages, its neighbours in the list, its cost."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.cases import actions
from wardbook.cases.factories import (
    MONDAY,
    ActivityFactory,
    CaseFactory,
    CaseLocationFactory,
    CaseNoteFactory,
    CaseTagFactory,
    CoAssignmentFactory,
    DocumentFactory,
    FollowUpFactory,
    InternalNoteFactory,
    PartyFactory,
    activity_type_of,
    statuses_of,
)
from wardbook.contacts.factories import ContactFactory
from wardbook.desk.case_page import is_silent_too_long
from wardbook.desk.timeline import PAGE, Cursor, Timeline
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory
from wardbook.offices.models import Membership

LATER = MONDAY + timedelta(days=30)


@pytest.fixture
def office(db):
    office = OfficeFactory()
    statuses_of(office)
    for family in ("call", "letter", "task"):
        activity_type_of(office, family)
    return office


@pytest.fixture
def worker(office):
    return CaseworkerFactory(office=office, name="Anna Price")


@pytest.fixture
def case(office):
    return CaseFactory(office=office, constituent=ContactFactory(office=office, phones=["01632 960 021"]))


@pytest.fixture
def member(office, worker):
    return Membership.objects.select_related("office", "user").get(user=worker, office=office)


@pytest.fixture
def page(client, worker, office):
    client.force_login(worker)

    def get(case, query="", htmx="", **params):
        headers = {"HX-Request": "true", "HX-Target": htmx} if htmx else {}
        return client.get(reverse("desk:case", args=[office.slug, case.number]) + query, params, headers=headers)

    return get


def fill(case, worker, amount=70):
    """Entries of every kind, many of them at the same moment."""
    for number in range(amount):
        at = MONDAY + timedelta(minutes=number // 4)
        kind = number % 4
        if kind == 0:
            ActivityFactory(case=case, happened_at=at, created_by=worker, type=activity_type_of(case.office))
        elif kind == 1:
            InternalNoteFactory(case=case, at=at, by=worker)
        elif kind == 2:
            CaseNoteFactory(case=case, at=at, by=worker)
        else:
            actions.set_priority(case, number % 3 + 1, by=worker, at=at)


def test_the_stream_is_in_order_and_every_entry_is_on_exactly_one_page(case, worker, member):
    """The cursor is a moment, a rank and an id: nothing is lost or twice where many things share a moment."""
    fill(case, worker)
    timeline = Timeline(case, member, at=LATER)
    page, backwards = timeline.newest(), []
    while True:
        backwards = [*page.entries, *backwards]
        if page.older is None:
            break
        page = timeline.before(page.older)
    assert len(backwards) == 70
    assert len({entry.id for entry in backwards}) == 70
    assert [entry.cursor for entry in backwards] == sorted(entry.cursor for entry in backwards)

    forwards = list(page.entries)
    while page.newer is not None:
        page = timeline.after(page.newer)
        forwards += page.entries
    assert [entry.id for entry in forwards] == [entry.id for entry in backwards]


def test_a_page_holds_thirty_and_links_to_earlier_ones(case, worker, page):
    fill(case, worker)
    newest = page(case)
    assert len(newest.context["entries"]) == PAGE
    assert newest.context["older_url"]
    assert not newest.context["newer_url"]
    earlier = newest.client.get(newest.context["older_url"])
    assert len(earlier.context["entries"]) == PAGE
    assert earlier.context["newer_url"]
    assert not {e.id for e in newest.context["entries"]} & {e.id for e in earlier.context["entries"]}


@pytest.mark.parametrize(
    ("show", "wanted"),
    [
        ("all", {"activity", "note", "case-note", "event"}),
        ("notes", {"note", "case-note"}),
        ("calls", {"activity"}),
        ("letters", {"activity"}),
        ("system", {"event"}),
        ("nonsense", {"activity", "note", "case-note", "event"}),
    ],
)
def test_the_address_narrows_the_stream(case, worker, page, show, wanted):
    fill(case, worker, 12)
    letter = ActivityFactory(case=case, type=activity_type_of(case.office, "letter"), subject="They answered")
    found = page(case, show=show).context["entries"]
    assert {entry.id.rpartition("-")[0] for entry in found} == wanted
    assert any(entry.id == f"activity-{letter.pk}" for entry in found) == (show in ("all", "letters", "nonsense"))


def test_an_entry_has_its_own_address_however_old(case, worker, page):
    first = InternalNoteFactory(case=case, by=worker, at=MONDAY - timedelta(days=1), text="The very first")
    fill(case, worker)
    assert "The very first" not in page(case).text
    opened = page(case, entry=f"note-{first.pk}")
    assert "The very first" in opened.text
    assert opened.context["newer_url"]


def test_an_address_of_no_entry_leads_to_the_case(case, page):
    assert page(case, entry="note-99999").status_code == 302


def test_newest_first_is_the_readers_choice(case, worker, page):
    fill(case, worker, 8)
    ids = [entry.id for entry in page(case).context["entries"]]
    worker.newest_first = True
    worker.save()
    assert [entry.id for entry in page(case).context["entries"]] == ids[::-1]


def test_what_is_planned_stands_after_what_was_done_and_is_the_next_step(case, page):
    ActivityFactory(case=case)
    later = FollowUpFactory(case=case, due_on=MONDAY.date() + timedelta(days=9), subject="Write")
    soon = FollowUpFactory(case=case, due_on=MONDAY.date() + timedelta(days=2), subject="Ring")
    found = page(case)
    assert [entry.id for entry in found.context["planned"]] == [f"activity-{soon.pk}", f"activity-{later.pk}"]
    assert found.context["step"].heading == "Ring"


def test_files_stand_under_their_entry(case, worker, page):
    note = InternalNoteFactory(case=case, by=worker)
    DocumentFactory(activity=None, internal_note=note, case=case, office=case.office, name="report.pdf")
    entry = next(e for e in page(case).context["entries"] if e.id == f"note-{note.pk}")
    assert [file["name"] for file in entry.documents] == ["report.pdf"]


def test_more_than_three_changes_in_a_row_fold(case, worker, page):
    for priority in (1, 2, 3, 1, 2):
        actions.set_priority(case, priority, by=worker, at=MONDAY)
    assert "5 changes" in page(case).text


def test_parts_reload_themselves(case, page):
    for name in ("case-head", "case-timeline", "case-next"):
        piece = page(case, htmx=f"section#{name}")
        assert f'id="{name}"' in piece.text
        assert "<html" not in piece.text


def test_a_councillor_sees_their_case_without_notes_changes_or_buttons(case, worker, office, client, page):
    councillor = CaseworkerFactory(office=office, role="councillor")
    case.created_by = councillor
    case.save()
    fill(case, worker, 8)
    client.force_login(councillor)
    found = page(case)
    assert {entry.id.rpartition("-")[0] for entry in found.context["entries"]} == {"activity", "case-note"}
    assert [tab["key"] for tab in found.context["composer_tabs"]] == ["case-note"]
    assert "cases/1001/closure" not in found.text
    assert "/status/" not in found.text


def test_on_a_phone_the_parts_of_a_case_can_be_opened_by_whoever_can_add_nothing(office, client, page):
    councillor = CaseworkerFactory(office=office, role="councillor")
    closed = CaseFactory(office=office, closed=True, created_by=councillor)
    client.force_login(councillor)
    found = page(closed)
    assert found.context["composer_tabs"] == []
    for part in ("case-details", "case-side"):
        assert f'data-sheet-open="{part}"' in found.text


def test_a_closed_case_offers_to_be_reopened_and_no_plan(office, page):
    closed = CaseFactory(office=office, closed=True)
    found = page(closed)
    assert "Reopen" in found.text
    assert {tab["key"] for tab in found.context["composer_tabs"]} == {"email", "note", "call", "letter", "other"}


@pytest.mark.parametrize(
    ("days", "deadline", "late"),
    [
        (0, None, False),
        # Five working days with a weekend and a day on which the office is closed.
        (8, None, False),
        (9, None, True),
        (3, 2, True),
        (400, None, True),
    ],
)
def test_that_nobody_informed_the_constituent_stands_out_only_when_it_is_late(office, case, days, deadline, late):
    office.closures.create(day=MONDAY.date() + timedelta(days=1), reason="Moving")
    case.deadline_on = MONDAY.date() + timedelta(days=deadline) if deadline else None
    assert is_silent_too_long(case, MONDAY.date() + timedelta(days=days)) is late


def test_a_fresh_case_calmly_says_that_nobody_informed_the_constituent(office, case, page):
    assert "days after the case was opened" in page(case).content.decode()
    today = office.local_date(timezone.now())
    fresh = CaseFactory(office=office, constituent=case.constituent, opened_on=today)
    assert '<p class="small muted" id="last-informed">Constituent not informed yet.' in page(fresh).content.decode()


def test_the_tab_of_the_address_is_open(case, page):
    tabs = page(case, write="letter").context["composer_tabs"]
    assert [tab["key"] for tab in tabs if tab["selected"]] == ["letter"]
    assert [tab["key"] for tab in page(case, write="nothing").context["composer_tabs"] if tab["selected"]] == ["note"]


def test_every_button_says_who_will_read_it(case, page):
    for key, words in (
        ("note", ("Add note for the office", "Only your office sees this")),
        ("case-note", ("Add note for everyone on this case", "Visible to everyone on this case")),
    ):
        text = page(case, write=key).text
        for one in words:
            assert one in text
        assert ">Submit<" not in text
        assert ">Send<" not in text


def test_a_page_has_the_form_of_one_tab_and_the_others_are_given_alone(case, page, client):
    text = page(case).text
    assert 'id="compose-note"' in text
    assert 'id="compose-call"' not in text
    for key in ("call", "email"):
        address = f"/{case.office.slug}/cases/{case.number}/?write={key}"
        assert f'data-panel-from="{address}"' in text
        panel = client.get(address, headers={"HX-Request": "true", "HX-Target": f"div#panel-{key}"}).text
        assert f'id="compose-{key}"' in panel
        assert "<html" not in panel
        assert "case-timeline" not in panel


def test_the_list_leads_from_case_to_case(office, page):
    cases = [
        CaseFactory(
            office=office, created_at=MONDAY + timedelta(hours=n), last_activity_at=MONDAY + timedelta(hours=n)
        )
        for n in range(3)
    ]
    middle = page(cases[1], "?status=open&sort=-activity")
    beside = middle.context["beside"]
    assert f"/cases/{cases[2].number}/?status=open" in beside["previous"]
    assert f"/cases/{cases[0].number}/?status=open" in beside["following"]
    assert beside["list"].endswith("/cases/?status=open")

    newest = page(cases[2], "?status=open")
    assert "previous" not in newest.context["beside"]


def test_the_list_is_kept_while_one_works_on_the_case(office, page):
    cases = [CaseFactory(office=office) for _ in range(2)]
    came = page(cases[0], "?status=open&priority=none&sort=number")
    cookie = came.cookies["wardbook_list"]
    assert cookie["path"] == reverse("desk:case", args=[office.slug, cases[0].number])
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 1800)
    assert page(cases[0]).context["beside"]["following"].endswith("sort=number")


def test_a_case_opened_from_elsewhere_has_no_list(case, page):
    assert page(case).context["beside"] == {}


def test_the_list_never_leads_to_what_one_may_not_see(office, page):
    cases = [CaseFactory(office=office, is_restricted=n == 1) for n in range(3)]
    beside = page(cases[0], "?status=open&sort=number").context["beside"]
    assert f"/cases/{cases[2].number}/" in beside["following"]


def test_a_link_for_another_person_is_not_found(case, client, page):
    stranger = CaseworkerFactory(office=OfficeFactory())
    client.force_login(stranger)
    assert page(case).status_code == 404


def test_the_page_costs_the_same_however_long_the_case(case, worker, page, django_assert_max_num_queries):
    for _ in range(2):
        page(case)  # the visit is there, the session knows its second step
    few = _cost(case, page)
    fill(case, worker, 120)
    for _ in range(4):
        PartyFactory(case=case)
        CoAssignmentFactory(case=case)
        CaseLocationFactory(case=case)
        CaseTagFactory(case=case)
        FollowUpFactory(case=case, due_on=MONDAY.date())
        DocumentFactory(activity=ActivityFactory(case=case))
    many = _cost(case, page)
    assert many <= few + 1  # names for the changes: none on an empty case
    with django_assert_max_num_queries(20):  # issue 2, section 5
        page(case)


def _cost(case, page):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        assert page(case).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "~~",
        "2025-06-02T09:00:00+00:00~1",
        "2025-06-02~0~1",
        "x~0~1",
        "2025-06-02T09:00:00+00:00~0~" + "9" * 30,
    ],
)
def test_what_is_no_cursor_is_none(text):
    assert Cursor.read(text) is None


def test_a_cursor_survives_the_address():
    cursor = Cursor(MONDAY, 2, 31)
    assert Cursor.read(str(cursor)) == cursor


def test_the_reply_of_a_form_lands_on_the_new_entry(case, page, client, office):
    page(case)
    response = client.post(
        reverse("cases:notes", args=[office.slug, case.number]), {"text": "Rang.", "operation": str(uuid.uuid4())}
    )
    note = case.internal_notes.get()
    assert response["Location"] == f"/{office.slug}/cases/{case.number}/?entry=note-{note.pk}#note-{note.pk}"
    assert f'id="note-{note.pk}"' in client.get(response["Location"]).text
