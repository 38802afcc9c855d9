"""After a merge open cases take the new value, if that was asked for; closed ones keep what they had."""

import pytest

from wardbook.accounts.factories import UserFactory
from wardbook.cases.factories import MONDAY, CaseFactory, CaseTagFactory, FollowUpFactory, PartyFactory, statuses_of
from wardbook.cases.models import Activity, Case, CaseTag, Party
from wardbook.journal.models import Event
from wardbook.offices.factories import OfficeFactory
from wardbook.vocabulary import actions
from wardbook.vocabulary.factories import (
    ActivityTypeFactory,
    CaseCodeFactory,
    CaseTypeFactory,
    CategoryFactory,
    ContactTypeFactory,
    NoteCodeFactory,
    PartyRoleFactory,
    ServiceTypeFactory,
    SubTypeFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def merge(user):
    def merge(value, into, move_open=True):
        actions.merge(value, into, by=user, at=MONDAY, move_open=move_open)

    return merge


@pytest.mark.parametrize(
    ("column", "factory"),
    [("case_code", CaseCodeFactory), ("contact_type", ContactTypeFactory), ("case_type", CaseTypeFactory)],
)
def test_open_cases_take_the_new_value(office, merge, user, column, factory):
    old, new = factory.create_batch(2, office=office)
    opened, closed = (
        CaseFactory(office=office, **{column: old}),
        CaseFactory(office=office, closed=True, **{column: old}),
    )
    merge(old, new)

    version = opened.version
    for case in (opened, closed):
        case.refresh_from_db()
    assert (getattr(opened, column), getattr(closed, column)) == (new, old)
    assert opened.version == version + 1, "somebody who has the case on the screen is told"
    event = Event.objects.about(opened).get()
    assert (event.name, event.by) == ("case.edited", user)
    assert event.facts["changes"] == {f"{column}_id": [old.pk, new.pk]}


def test_a_category_brings_its_policy_area(office, merge):
    old, new = CategoryFactory.create_batch(2, office=office)
    case = CaseFactory(office=office, category=old, policy_area=old.policy_area)
    merge(old, new)
    case.refresh_from_db()
    assert (case.category, case.policy_area) == (new, new.policy_area)


def test_a_service_type_brings_all_that_is_over_it(office, merge):
    old, new = ServiceTypeFactory.create_batch(2, office=office)
    above = {"category": old.category, "policy_area": old.category.policy_area}
    case = CaseFactory(office=office, service_type=old, **above)
    merge(old, new)
    case.refresh_from_db()
    assert (case.service_type, case.category, case.policy_area) == (new, new.category, new.category.policy_area)


def test_a_sub_type_brings_its_case_type(office, merge):
    old, new = SubTypeFactory.create_batch(2, office=office)
    case = CaseFactory(office=office, sub_type=old, case_type=old.case_type)
    merge(old, new)
    case.refresh_from_db()
    assert (case.sub_type, case.case_type) == (new, new.case_type)


def test_a_status_of_the_same_kind(office, merge):
    statuses = statuses_of(office)
    case = CaseFactory(office=office, status=statuses["Acknowledged"])
    merge(statuses["Acknowledged"], statuses["Open"])
    case.refresh_from_db()
    assert case.status == statuses["Open"]
    assert Event.objects.about(case).get().name == "case.status_changed"


def test_a_tag_stands_once_on_a_case(office, merge):
    old, new = TagFactory.create_batch(2, office=office)
    one, both, closed = (
        CaseFactory(office=office),
        CaseFactory(office=office),
        CaseFactory(office=office, closed=True),
    )
    for case, tag in ((one, old), (both, old), (both, new), (closed, old)):
        CaseTagFactory(case=case, tag=tag)
    merge(old, new)
    assert [set(case.tags.all()) for case in (one, both, closed)] == [{new}, {new}, {old}]
    assert CaseTag.objects.count() == 3


def test_planned_work_takes_the_new_action_and_what_is_done_keeps_the_old(office, merge):
    old, new = ActivityTypeFactory.create_batch(2, office=office)
    case = CaseFactory(office=office)
    planned = FollowUpFactory(case=case, type=old)
    done = FollowUpFactory(case=case, type=old, state="done", happened_at=MONDAY)
    merge(old, new)
    assert Activity.objects.get(pk=planned.pk).type == new
    assert Activity.objects.get(pk=done.pk).type == old


def test_a_role_is_held_once(office, merge):
    old, new = PartyRoleFactory.create_batch(2, office=office)
    case = CaseFactory(office=office)
    first = PartyFactory(case=case, role=old)
    PartyFactory(case=case, role=new, contact=first.contact)
    second = PartyFactory(case=case, role=old)
    merge(old, new)
    assert Party.objects.get(pk=second.pk).role == new
    assert Party.objects.get(pk=first.pk).role == old, "they are on the case in the new role already"


def test_without_asking_nothing_moves(office, merge):
    old, new = CaseCodeFactory.create_batch(2, office=office)
    case = CaseFactory(office=office, case_code=old)
    merge(old, new, move_open=False)
    case.refresh_from_db()
    assert case.case_code == old


def test_a_list_that_cases_do_not_have_moves_nothing(office, merge):
    merge(*NoteCodeFactory.create_batch(2, office=office))
    assert not Event.objects.filter(name__startswith="case.").exists()


def test_cases_in_the_bin_stay_as_they_are(office, merge):
    old, new = CaseCodeFactory.create_batch(2, office=office)
    case = CaseFactory(office=office, case_code=old, deleted=True)
    merge(old, new)
    assert Case.objects.get(pk=case.pk).case_code == old
