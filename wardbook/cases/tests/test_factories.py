"""Every factory makes a row that the database accepts."""

import pytest

from wardbook.cases import factories
from wardbook.cases.models import Case

pytestmark = pytest.mark.django_db

FACTORIES = [
    factories.CaseFactory,
    factories.ActivityFactory,
    factories.FollowUpFactory,
    factories.InternalNoteFactory,
    factories.CaseNoteFactory,
    factories.DocumentFactory,
    factories.PartyFactory,
    factories.CoAssignmentFactory,
    factories.CaseAccessFactory,
    factories.CaseLocationFactory,
    factories.TagFactory,
    factories.CaseTagFactory,
]


@pytest.mark.parametrize("made_by", FACTORIES, ids=lambda made_by: made_by.__name__)
def test_a_factory_makes_two_rows_that_the_database_accepts(made_by):
    first, second = made_by(), made_by()
    assert first.pk != second.pk


def test_two_cases_of_one_office_have_different_numbers():
    case = factories.CaseFactory()
    assert factories.CaseFactory(office=case.office).number == case.number + 1


def test_a_closed_case_is_closed_and_a_deleted_one_is_in_the_bin():
    assert factories.CaseFactory(closed=True).is_closed
    assert factories.CaseFactory(closed=True) in Case.objects.closed()
    assert factories.CaseFactory(deleted=True) in Case.objects.in_bin()


def test_a_follow_up_is_the_next_step_of_its_case():
    follow_up = factories.FollowUpFactory()
    follow_up.case.refresh_from_db()
    assert follow_up.case.next_step_on == follow_up.due_on
