"""The bench measures pages, never errors."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from wardbook.bench import campaigns, export, intake, own_rows, pages, post
from wardbook.bench.measuring import Missed, measure
from wardbook.cases.factories import MONDAY, CaseFactory, statuses_of
from wardbook.correspondence import mime
from wardbook.offices.factories import MembershipFactory
from wardbook.vocabulary.actions import seed_lists

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit():
    office = MembershipFactory(role="caseworker").office
    statuses_of(office)
    return pages.Visit(office, "localhost")


def test_its_own_rows_come_in_whole(tmp_path, visit):
    seed_lists(visit.office, by=None, at=MONDAY)
    own_rows.write(tmp_path / "rows.csv", rows=30)
    call_command("import_cases", str(tmp_path / "rows.csv"), office=visit.office.slug, map="la311", quiet=True)
    assert visit.office.cases.count() == 30


def test_a_list_that_shows_too_little_is_not_measured(visit):
    CaseFactory(office=visit.office)
    visit.listed("status=open", least=1)
    with pytest.raises(Missed, match="lists 1 cases, not 50"):
        visit.listed("status=open")


@pytest.mark.django_db(transaction=True)
def test_the_whole_list_is_measured_as_a_file(visit):
    for about in ("Damp", "Bins,\nagain", "=1+1"):
        CaseFactory(office=visit.office, description=about)
    CaseFactory(office=visit.office, is_restricted=True)
    took = export.export(visit.office, visit.reader)
    assert took.cases == 3
    assert 0 < took.begun_after <= took.seconds


@pytest.mark.parametrize("route", ["desk:case", "contacts:contact"])
def test_a_page_that_is_not_there_is_not_measured(visit, route):
    with pytest.raises(Missed, match="answers 404"):
        visit.shown(reverse(route, args=[visit.office.slug, 999_999]))


def test_a_form_that_is_refused_is_not_measured(visit):
    with pytest.raises(Missed, match="answers 422"):
        visit.reader.post(reverse("desk:new_case", args=[visit.office.slug]), {"what": ""})


def test_queries_are_counted_beside_the_time(visit):
    CaseFactory(office=visit.office)
    figures = measure(visit.listed("status=open", least=1), times=3)
    assert figures.queries == 8
    assert 0 < figures.cpu <= figures.cpu_p95


def test_generated_mails_are_read_and_no_two_are_alike(visit):
    mails = list(intake.mails(20))
    parsed = [mime.parse(raw) for raw in mails]
    assert len({mail.message_id for mail in parsed}) == len({mail.text for mail in parsed}) == 20
    assert 0 < sum(bool(mail.attachments) for mail in parsed) < 20
    assert intake.parsing(5) > 0


def test_the_inbox_is_filled_once_and_measured(visit):
    for _turn in range(2):
        figures = intake.inbox(visit.office, visit.reader, unfiled=60, times=2)
    assert figures.queries <= intake.INBOX[2]
    assert visit.office.messages.count() == 60


def test_campaigns_are_measured_when_all_mails_were_compared(visit, monkeypatch):
    monkeypatch.setattr(campaigns, "LETTERS", 2)
    monkeypatch.setattr(campaigns, "MORE", 2)
    took = campaigns.campaigns(visit.office, mails=12)
    assert (took.mails, took.campaigns) == (12, 2)
    assert 0 < took.cpu <= took.cpu_p95


@pytest.mark.dovecot
@pytest.mark.django_db(transaction=True)
def test_mails_come_in_from_a_real_server_while_the_list_is_asked_for(visit):
    CaseFactory(office=visit.office)
    rate = intake.rate(visit.office, count=12, meanwhile=visit.listed("status=open", least=1))
    assert visit.office.messages.count() == 12
    assert rate.a_second > 0
    assert rate.list_p95 > 0


def test_sending_is_measured_by_what_arrived(visit):
    assert post.sending_rate(visit.office, count=5) > 0
