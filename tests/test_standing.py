"""A query whose SQL was made once asks what the query itself would ask, for every role and of any id."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from itertools import product

import pytest
from django.core.exceptions import EmptyResultSet

from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Case, CaseTag
from wardbook.cases.views.door import CASE_OF_A_PAGE
from wardbook.lib.standing import FIRST_STAND_IN, Standing
from wardbook.offices.factories import MembershipFactory, OfficeFactory
from wardbook.offices.models import Membership
from wardbook.offices.prepared import Prepared
from wardbook.vocabulary.models import Tag

pytestmark = pytest.mark.django_db

# With all views there are all such queries.
import_module("wardbook.urls")
TODAY = date(2025, 6, 2)
NOW = datetime(2025, 6, 2, 9, 30, 15, 123_456, tzinfo=UTC)
IDS = (7, 1_000_003, 2_000_000_000)


@pytest.fixture
def office():
    return OfficeFactory()


def shapes_of(standing):
    return Membership.Role.values if isinstance(standing, Prepared) else [""]


def values_of(standing, number):
    """Values of the kinds that it asks for, others for each number."""
    moment = NOW + timedelta(days=number % 1_000, microseconds=number % 999_983)
    made = {int: number, datetime: moment, date: moment.date()}
    return {
        name: number + place if kind is int else made[kind]
        for place, (name, kind) in enumerate(standing.kinds.items())
    }


def plain(standing, shape, values):
    try:
        sql, params = standing.queryset(shape, values).query.get_compiler("default").as_sql()
    except EmptyResultSet:
        return "", ()
    return sql, tuple(params)


def test_they_ask_what_the_queries_ask_for_every_role_in_any_order():
    assert len(Standing.all) > 15
    for standing, number in product(Standing.all, IDS):
        for shape in shapes_of(standing):
            values = values_of(standing, number)
            assert standing.statement(shape, values) == plain(standing, shape, values), (standing.build, shape)


def test_no_value_of_a_query_is_taken_for_one_that_is_asked():
    """What stands for the values while the SQL is made is nothing that a query asks for by itself."""
    for standing in Standing.all:
        for shape in shapes_of(standing):
            _sql, params = plain(standing, shape, values_of(standing, 3))
            assert not [one for one in params if isinstance(one, int) and one >= FIRST_STAND_IN]
            assert not [one for one in params if str(one).startswith(("1066-", "1067-"))]


def test_roles_offices_and_people_are_never_mixed_up(office):
    case = CaseFactory(office=office, is_restricted=True)
    manager, caseworker = (MembershipFactory(office=office, role=role) for role in ("manager", "caseworker"))
    stranger = MembershipFactory(role="manager")
    councillor = MembershipFactory(office=office, role="councillor")
    for _turn in range(2):
        for member, seen in ((manager, True), (stranger, False), (caseworker, False), (councillor, False)):
            assert bool(CASE_OF_A_PAGE(member, number=case.number)) is seen, member.role


def test_rows_come_with_what_belongs_to_them(office, django_assert_num_queries):
    case = CaseFactory(office=office)
    CaseTag.objects.create(
        case=case, office=office, tag=Tag.objects.create(office=office, name="damp"), opened_on=TODAY
    )
    prepared = _passing(
        lambda member, pk: (
            Case.objects.filter(office_id=member.office_id, pk=pk).select_related("status").prefetch_related("tags")
        ),
        "pk",
    )
    member = MembershipFactory(office=office)
    with django_assert_num_queries(2):
        (found,) = prepared(member, pk=case.pk)
        assert found == case
        assert found.status.name
        assert len(found.tags.all()) == 1


def test_no_id_is_too_large_to_be_asked(office):
    member = MembershipFactory(office=office)
    for number in (0, -1, 2**31, 2**63, 10**40):
        assert CASE_OF_A_PAGE(member, number=number) == []


@pytest.mark.parametrize("ids", [{"pk": "1"}, {"pk": None}, {"pk": True}, {}, {"pk": 1, "number": 2}])
def test_anything_but_the_ids_is_a_fault_of_the_programme(ids):
    prepared = _passing(lambda member, pk: Case.objects.visible_to(member).filter(pk=pk), "pk")
    with pytest.raises(TypeError, match="Needed are"):
        prepared(Membership(role="manager", office_id=1, user_id=1), **ids)


def test_an_id_that_is_not_asked_for_is_a_fault_of_the_programme():
    prepared = _passing(lambda member, pk: Case.objects.visible_to(member), "pk")
    with pytest.raises(ValueError, match="does not ask for"):
        prepared(Membership(role="manager", office_id=1, user_id=1), pk=1)


def _passing(build, *ids):
    """One that no other test sees."""
    prepared = Prepared(build, *ids)
    Standing.all.remove(prepared)
    return prepared
