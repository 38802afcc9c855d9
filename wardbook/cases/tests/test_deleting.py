"""The bin: 30 days to change one's mind (CA-17, S1.25)."""

from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from wardbook.cases import actions, files
from wardbook.cases.factories import ActivityFactory, CaseFactory, DocumentFactory
from wardbook.cases.models import Case
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.contacts.models import Contact
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import MembershipFactory


def test_a_case_goes_into_the_bin_and_comes_back(desk, case):
    assert desk.post("cases:deletion", case.number).status_code == 303
    assert desk.get("desk:case", case.number).status_code == 404
    assert Contact.objects.filter(pk=case.constituent_id).exists()
    assert case.reference in desk.get("cases:bin").text

    assert desk.post("cases:restoration", case.number).status_code == 303
    assert desk.get("desk:case", case.number).status_code == 200
    assert case.reference not in desk.get("cases:bin").text


def test_only_those_with_the_right_delete_and_restore(desk, case, office):
    desk.sit(MembershipFactory(office=office, role="representative").user)
    assert desk.post("cases:deletion", case.number).status_code == 403
    assert desk.get("cases:bin").status_code == 403
    assert desk.post("cases:restoration", case.number).status_code == 403


def test_nothing_is_added_to_a_case_in_the_bin(case, worker):
    """R17: whoever writes while it is deleted is told; nothing is lost or done behind their back."""
    actions.delete(case, by=worker, at=TUESDAY)
    for act in (
        lambda: actions.add_internal_note(case, text="Late", by=worker, at=TUESDAY),
        lambda: actions.close(case, outcome="resolved", by=worker, at=TUESDAY),
        lambda: actions.set_priority(case, 3, by=worker, at=TUESDAY),
    ):
        with pytest.raises(RuleBroken, match="bin"):
            act()


def test_the_bin_of_another_office_is_theirs(desk, case, stranger, worker):
    actions.delete(case, by=worker, at=TUESDAY)
    desk.sit(stranger)
    assert desk.post("cases:restoration", case.number).status_code == 404
    desk.office = stranger.memberships.get().office
    assert case.reference not in desk.get("cases:bin").text
    assert desk.post("cases:restoration", case.number).status_code == 404


def test_a_restricted_case_in_the_bin_is_hidden_there_too(desk, office, manager):
    case = CaseFactory(office=office, is_restricted=True, owner=manager, deleted=True, description="Hidden matter")
    assert "Hidden matter" not in desk.get("cases:bin").text
    assert desk.post("cases:restoration", case.number).status_code == 404


def test_the_clock_empties_the_bin_of_what_lay_there_thirty_days(case, office, worker):
    old = DocumentFactory(activity=ActivityFactory(case=case))
    kept = CaseFactory(office=office)
    actions.delete(case, by=worker, at=TUESDAY)
    actions.delete(kept, by=worker, at=TUESDAY + timedelta(days=1))

    for _twice in range(2):
        call_command("empty_bin", at=TUESDAY + timedelta(days=30), stdout=StringIO())

    assert list(Case.objects.all()) == [kept]
    assert not files.path_of(settings.MEDIA_ROOT, old.storage_key).exists()


def test_after_thirty_days_only_the_journal_remains(case, worker):
    document = DocumentFactory(activity=ActivityFactory(case=case))
    actions.delete(case, by=worker, at=TUESDAY)
    with pytest.raises(RuleBroken, match="30 days"):
        actions.purge(case, at=TUESDAY + timedelta(days=29))

    keys = actions.purge(case, at=TUESDAY + timedelta(days=30))

    assert keys == [document.storage_key]
    assert not Case.objects.filter(number=case.number).exists()
    assert [line.name for line in Event.objects.filter(case_id=case.pk)] == ["case.deleted", "case.purged"]
