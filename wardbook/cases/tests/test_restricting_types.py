"""A case type may restrict its cases: only those named on them see them, from the first moment (S3.35, CA-15)."""

from datetime import UTC, datetime

import pytest

from wardbook.cases import actions
from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Case
from wardbook.offices.factories import MembershipFactory, OfficeFactory
from wardbook.vocabulary.actions import seed_lists
from wardbook.vocabulary.factories import CaseTypeFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def office():
    office = OfficeFactory()
    seed_lists(office, by=None, at=MONDAY)
    return office


@pytest.fixture
def anna(office):
    return MembershipFactory(office=office, role="caseworker")


@pytest.fixture
def sam(office):
    return MembershipFactory(office=office, role="caseworker")


@pytest.fixture
def manager(office):
    return MembershipFactory(office=office, role="manager")


@pytest.fixture
def abuse(office):
    return CaseTypeFactory(office=office, name="Substance abuse", restricts=True)


def seen_by(member, case):
    return Case.objects.visible_to(member).filter(pk=case.pk).exists()


def test_a_case_of_such_a_type_is_restricted_from_the_moment_it_is_opened(office, anna, sam, manager, abuse):
    case = actions.open_case(
        office, description="Help to stop", is_anonymous=True, case_type=abuse, by=anna.user, at=MONDAY
    )
    assert case.is_restricted
    assert seen_by(anna, case), "whoever opens it is named on it"
    assert seen_by(manager, case)
    assert not seen_by(sam, case)


def test_a_case_that_becomes_one_of_such_a_type_is_restricted(office, anna, sam, abuse):
    case = CaseFactory(office=office)
    assert seen_by(sam, case)
    actions.edit(case, case_type=abuse, by=anna.user, at=MONDAY)
    case.refresh_from_db()
    assert case.is_restricted
    assert seen_by(anna, case)
    assert not seen_by(sam, case)


def test_other_types_restrict_nothing(office, anna, sam):
    case = actions.open_case(
        office,
        description="Bins",
        is_anonymous=True,
        case_type=CaseTypeFactory(office=office),
        by=anna.user,
        at=MONDAY,
    )
    assert not case.is_restricted
    assert seen_by(sam, case)
