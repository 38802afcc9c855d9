"""The list of cases as a file (S4.31, EX-1): what the reader sees, in its order, and a line in the journal."""

import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from wardbook.cases.factories import CaseTagFactory
from wardbook.contacts.factories import ContactFactory
from wardbook.desk.cases_list import columns, exporting
from wardbook.desk.tests.lists import case, list_url, make_member, numbers
from wardbook.journal.models import Event
from wardbook.lib.testing import post
from wardbook.offices.factories import MembershipFactory
from wardbook.vocabulary.factories import TagFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member()


def export_url(member, query="status=any"):
    return f"{reverse('desk:cases_export', args=[member.office.slug])}?{query}"


def sheet(desk, member, query="status=any"):
    """The lines of the file as a spreadsheet reads them."""
    answer = desk.get(export_url(member, query))
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.endswith("\r\n")  # RFC 4180
    return list(csv.reader(io.StringIO(text, newline="")))


def test_it_has_the_rows_of_the_list_in_its_order_page_after_page(desk, member, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 3)
    for index in range(8):
        case(member, description=f"Damp {index % 5}", priority=index % 3, closed=index == 6)
    case(member, description="Bins")
    case(make_member(), description="Damp in another office")
    for query in ("status=any&text=damp&sort=-priority", "status=open&sort=title", "status=closed", "text=nothing"):
        head, *lines = sheet(desk, member, query)
        shown = numbers(desk.get(list_url(member, query)))
        assert [int(line[0].rsplit("-", 1)[-1]) for line in lines] == shown, query
    assert head[:2] == ["Reference", "Description"]


def test_the_columns_are_those_chosen_or_all_and_days_are_iso(desk, member):
    member.office.time_zone = "Europe/London"
    member.office.save()
    mair = ContactFactory(office=member.office, given_name="Mair", family_name="Pugh")
    one = case(
        member,
        constituent=mair,
        owner=member.user,
        description="Damp",
        priority=3,
        opened_on=date(2025, 6, 2),
        last_activity_at=datetime(2025, 6, 2, 13, 10, tzinfo=ZoneInfo("UTC")),
        waiting_on="agency",
        waiting_agency=ContactFactory(
            office=member.office, is_agency=True, kind="organisation", organisation_name="Housing"
        ),
        waiting_since=date(2025, 6, 3),
    )
    for name in ("mould", "asthma"):
        CaseTagFactory(case=one, tag=TagFactory(office=member.office, name=name))
    post(
        desk,
        reverse("desk:cases_columns", args=[member.office.slug]),
        {"column": ["constituent", "status", "opened"]},
    )

    head, line = sheet(desk, member)
    assert dict(zip(head, line, strict=True)) == {
        "Reference": one.reference,
        "Description": "Damp",
        "Tags": "mould; asthma",
        "Restricted": "",
        "Constituent": "Mair Pugh",
        "Status": one.status.name,
        "Waiting for": "Housing",
        "Opened": "2025-06-02",
    }
    head, line = sheet(desk, member, "status=any&columns=all")
    whole = dict(zip(head, line, strict=True))
    assert {str(column.label) for column in columns.COLUMNS.values()} <= {*whole, "Case"}
    assert (whole["Newest activity"], whole["Priority"]) == ("2025-06-02T14:10+01:00", "High")
    assert (whole["Who"], whole["Waiting since"]) == (member.user.name, "2025-06-03")
    assert int(whole["Age"]) > 500


def test_no_cell_runs_and_a_mark_says_to_excel_what_it_is(desk, member):
    case(member, description='=HYPERLINK("http://evil.example")\n+1', constituent=None, is_anonymous=True)
    _head, line = sheet(desk, member)
    assert line[1] == '\'=HYPERLINK("http://evil.example")\n+1'
    assert "Anonymous" in line

    plain, marked = (
        b"".join(desk.get(export_url(member, f"status=any{more}")).streaming_content) for more in ("", "&for=excel")
    )
    assert marked == b"\xef\xbb\xbf" + plain
    answer = desk.get(export_url(member))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="Cases 20')
    assert "no-store" in answer["Cache-Control"]


def test_a_field_that_the_office_hides_is_not_in_the_file(desk, member):
    member.office.field_uses.create(field="tags", use="hidden")
    member.office.field_uses.create(field="priority", use="hidden")
    case(member)
    head, _line = sheet(desk, member, "status=any&columns=all")
    assert not {"Tags", "Priority"} & set(head)


def test_what_the_reader_may_not_see_is_not_in_it_even_at_the_last_moment(desk, member, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    seen, hidden, shut = case(member, description="Seen"), case(member, is_restricted=True), case(member)
    answer = desk.get(export_url(member, "status=any&sort=number"))
    pieces = iter(answer.streaming_content)
    next(pieces)
    shut.is_restricted = True
    shut.save()
    text = b"".join(pieces).decode()
    assert seen.reference in text
    assert hidden.reference not in text
    assert shut.reference not in text


def test_the_journal_says_who_took_what_along(desk, member):
    case(member, description="Damp")
    case(member, description="Bins")
    sheet(desk, member, "status=any&text=damp")
    event = Event.objects.get(name="cases.exported")
    assert (event.by, event.subject_id, event.facts["count"]) == (member.user, member.office.pk, 1)
    assert "text=damp" in event.facts["filter"]
    assert event.facts["columns"][:2] == ["number", "constituent"]


@pytest.mark.parametrize(("role", "may"), [("manager", True), ("councillor", False), ("triage", False)])
def test_only_some_may_and_others_are_not_offered_it(client, member, role, may):
    case(member, created_by=member.user)
    reader = MembershipFactory(office=member.office, role=role)
    case(member, description="Theirs", created_by=reader.user, owner=reader.user)
    client.force_login(reader.user)
    assert (client.get(export_url(member)).status_code == 200) == may
    assert ("Export" in client.get(list_url(member, "status=any")).content.decode()) == may


def test_a_large_file_costs_two_queries_a_thousand_cases(desk, member, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    for _number in range(6):
        case(member)
    answer = desk.get(export_url(member))
    with django_assert_num_queries(6):
        assert len(list(answer.streaming_content)) == 4
