"""The words by which cases are found: kept in step, apart by office, rebuilt and checked."""

import pytest
from django.db import transaction

from wardbook.accounts.factories import UserFactory
from wardbook.cases import actions, finding
from wardbook.cases.actions import indexing
from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.cases.models import Case, CaseWords
from wardbook.contacts.factories import ContactFactory
from wardbook.offices.factories import OfficeFactory

pytestmark = pytest.mark.django_db


def found(office, typed):
    """The cases of the office in which every word typed begins a word."""
    rows = CaseWords.objects.all()
    for beginning in finding.beginnings(office.pk, [typed]):
        rows = rows.filter(words__begins=beginning)
    return set(rows.values_list("case_id", flat=True))


@pytest.mark.parametrize(
    "typed", ["damp", "DAM", "mould damp", "tŷ", "ty", "o’brien", "obrien", "cafe", "CAFÉ", "3b", "_x"]
)
def test_a_case_is_found_by_the_beginnings_of_its_words_in_any_order(typed):
    case = CaseFactory(description="Damp & mould in Tŷ Mawr 3B, O'Brien's café_x _x")
    CaseFactory(office=case.office, description="Something else")
    assert found(case.office, typed) == {case.pk}


@pytest.mark.parametrize("typed", ["amp", "zebra", "damp zebra"])
def test_a_case_is_not_found_by_other_words(typed):
    case = CaseFactory(description="Damp ceiling")
    assert found(case.office, typed) == set()


@pytest.mark.parametrize(
    "sign", ["*", '"', "'", "damp*", "damp OR zebra", "NOT damp", ":*", "\\", "damp'|'x", "a:b", "%", "ﷺ", "日本"]
)
def test_no_sign_that_is_typed_means_anything_to_the_engine(sign):
    case = CaseFactory(description="Damp ceiling")
    found(case.office, sign)


@pytest.mark.parametrize(
    "text", ["日本語 の家", "дом Ёлка", "straße", "नमस्ते दुनिया", "x" * 200, "🙂 smile", "İstanbul", "a\u0301 e"]
)
def test_words_of_every_script_are_found_as_they_were_written(text):
    case = CaseFactory(description=text)
    assert found(case.office, text) == {case.pk}


def test_the_words_of_another_office_are_not_searched():
    ours, theirs = CaseFactory(description="Damp"), CaseFactory(office=OfficeFactory(), description="Damp")
    assert found(ours.office, "damp") == {ours.pk}
    assert found(theirs.office, "damp") == {theirs.pk}


def test_whoever_opens_and_edits_a_case_changes_its_words():
    contact, user = ContactFactory(), UserFactory()
    CaseFactory(office=contact.office)
    case = actions.open_case(contact.office, description="Broken lift", by=user, at=MONDAY, constituent=contact)
    assert found(case.office, "lift") == {case.pk}

    actions.edit(case, by=user, at=MONDAY, description="Broken door")

    assert found(case.office, "lift") == set()
    assert found(case.office, "door") == {case.pk}


def test_what_is_rolled_back_leaves_no_words():
    case = CaseFactory(description="Broken lift")
    with transaction.atomic():
        actions.edit(case, by=UserFactory(), at=MONDAY, description="Broken door")
        transaction.set_rollback(True)
    assert found(case.office, "lift") == {case.pk}
    assert found(case.office, "door") == set()


def test_what_is_removed_for_good_is_found_no_more():
    case = CaseFactory(description="Broken lift")
    office, pk = case.office, case.pk
    Case.objects.filter(pk=pk).delete()
    assert found(office, "lift") == set()
    assert not CaseWords.objects.filter(pk=pk).exists()
    assert not indexing.flaw_of_index()
