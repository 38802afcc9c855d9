"""What cases are about and how they came, for many at once (S4.13)."""

import pytest

from wardbook.cases.models import Case
from wardbook.desk.tests.lists import case, make_member
from wardbook.desk.tests.test_many_cases_at_once import do, said, take_back
from wardbook.offices.models import FieldUse
from wardbook.vocabulary.factories import CategoryFactory, ContactTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member()


def test_many_are_classified_and_one_undo_takes_it_back(desk, member):
    """S4.13: the worklist of what is not classified is worked off in one go."""
    office = member.office
    came, category = ContactTypeFactory(office=office), CategoryFactory(office=office, policy_area__office=office)
    filed = case(member, contact_type=came)
    cases = [case(member), filed]

    answer = do(desk, member, "classification", cases, topic=f"c{category.pk}")

    assert "2 cases classified" in said(answer, desk)
    now = set(Case.objects.values_list("policy_area", "category"))
    assert now == {(category.policy_area_id, category.pk)}
    assert Case.objects.get(pk=filed.pk).contact_type == came
    take_back(desk, member)
    assert set(Case.objects.values_list("policy_area", "category")) == {(None, None)}


def test_only_what_the_office_shows_is_asked_when_classifying(desk, member):
    FieldUse.objects.create(office=member.office, field="contact_type", use="hidden")
    form = do(desk, member, "classification", [case(member)]).context["form"]
    assert list(form.fields) == ["topic", "service_type", "case_type"]
    assert form.errors["topic"] == ["Choose at least one thing to change."]
