"""An office starts with lists that fit its profile."""

from datetime import UTC, datetime

import pytest

from wardbook.journal.models import Event
from wardbook.offices.factories import OfficeFactory
from wardbook.offices.models import Office
from wardbook.vocabulary import actions, events, presets
from wardbook.vocabulary.models import (
    LISTS,
    ActivityType,
    Category,
    ContactType,
    PolicyArea,
    ServiceType,
    Status,
    Tag,
)

pytestmark = pytest.mark.django_db
MONDAY = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("profile", Office.Profile.values)
def test_every_profile_fills_every_list_it_needs(profile):
    office = OfficeFactory(profile=profile)
    made = actions.seed_lists(office, by=None, at=MONDAY)

    without_levels = {"sub-types", "service-types"}
    assert set(LISTS) - without_levels <= set(made)
    assert all(model.objects.filter(office=office).count() == made.get(word, 0) for word, model in LISTS.items())
    assert 15 <= made["policy-areas"] <= 25


def test_the_statuses_are_exactly_the_five_in_their_order():
    office = OfficeFactory()
    actions.seed_lists(office, by=None, at=MONDAY)

    statuses = Status.objects.filter(office=office)
    assert [(s.name, s.status_class, s.mark) for s in statuses] == [
        ("New", "new", "new"),
        ("Acknowledged", "open", "acknowledged"),
        ("Open", "open", "open"),
        ("On-Hold", "paused", "on_hold"),
        ("Closed", "closed", "closed"),
    ]


@pytest.mark.parametrize("profile", Office.Profile.values)
def test_repairs_and_damp_is_under_housing_where_there_is_housing(profile):
    office = OfficeFactory(profile=profile)
    actions.seed_lists(office, by=None, at=MONDAY)

    assert Category.objects.filter(office=office, name="Repairs and damp", policy_area__name="Housing").exists()


def test_a_council_has_service_types_under_its_categories():
    office = OfficeFactory(profile=Office.Profile.COUNCIL)
    actions.seed_lists(office, by=None, at=MONDAY)

    light = ServiceType.objects.get(office=office, name="Light out")
    assert light.category.name == "Street lighting"
    assert light.category.policy_area.name == "Highways"


def test_the_first_action_of_each_family_is_the_plain_one():
    office = OfficeFactory()
    actions.seed_lists(office, by=None, at=MONDAY)

    first = {
        family: ActivityType.objects.filter(office=office, family=family).first().name for family in ("call", "task")
    }
    assert first == {"call": "Phone call", "task": "Follow-up"}
    wanted = {"Phone call", "Email", "Letter", "Meeting", "Surgery or walk-in", "Site visit", "Follow-up", "Task"}
    wanted |= {"Intake", "Referral", "Invitation", "Waiting for reply", "Phoned constituent", "Emailed department"}
    assert wanted <= set(ActivityType.objects.filter(office=office).values_list("name", flat=True))


def test_contact_types_keep_their_codes():
    office = OfficeFactory()
    actions.seed_lists(office, by=None, at=MONDAY)

    codes = list(ContactType.objects.filter(office=office).values_list("code", flat=True))
    assert codes == ["phone", "in-person", "surgery", "letter", "email", "social", "web-form", "field", "portal"]


def test_seeding_again_changes_nothing():
    office = OfficeFactory()
    actions.seed_lists(office, by=None, at=MONDAY)
    before = {word: model.objects.filter(office=office).count() for word, model in LISTS.items()}

    assert actions.seed_lists(office, by=None, at=MONDAY) == {}
    assert {word: model.objects.filter(office=office).count() for word, model in LISTS.items()} == before
    assert Event.objects.filter(office=office, name=events.SEEDED).count() == 1


def test_lists_that_have_values_are_left_alone():
    office = OfficeFactory()
    own = actions.add_value(PolicyArea, office, name="Fisheries", by=None, at=MONDAY)
    actions.seed_lists(office, by=None, at=MONDAY)

    assert list(PolicyArea.objects.filter(office=office)) == [own]
    assert not Category.objects.filter(office=office).exists()


def test_no_starting_tag_is_nearly_another():
    from wardbook.vocabulary import likeness

    for words in presets.TAGS.values():
        assert likeness.pairs(Tag.key_for(word) for word in words) == []
