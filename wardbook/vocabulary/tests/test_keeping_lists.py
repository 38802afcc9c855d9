"""Values are added, renamed, described, ordered, retired, brought back and merged."""

from datetime import UTC, datetime

import pytest

from wardbook.accounts.factories import UserFactory
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event, Undo
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.factories import OfficeFactory
from wardbook.vocabulary import actions, events
from wardbook.vocabulary.factories import (
    CaseCodeFactory,
    CategoryFactory,
    PolicyAreaFactory,
    ServiceTypeFactory,
    StatusFactory,
    SubTypeFactory,
    TagFactory,
)
from wardbook.vocabulary.models import (
    ActivityType,
    CaseCode,
    Category,
    ContactType,
    NoteCode,
    PartyRole,
    PolicyArea,
    Status,
    Tag,
)

pytestmark = pytest.mark.django_db
MONDAY = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2025, 6, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def user():
    return UserFactory()


def test_a_new_value_comes_last_and_is_in_the_journal(office, user):
    PolicyAreaFactory(office=office, position=7)
    area = actions.add_value(PolicyArea, office, name="  Fish\u0000eries ", description="Boats", by=user, at=MONDAY)

    assert (area.name, area.description, area.position, area.valid_from) == ("Fish eries", "Boats", 8, MONDAY)
    event = Event.objects.about(area).get()
    assert (event.name, event.by, event.facts) == (events.ADDED, user, {"called": "Fish eries"})


@pytest.mark.parametrize("name", ["", "   ", "\u0007", "x" * 121])
def test_a_name_must_be_a_name(office, user, name):
    with pytest.raises(RuleBroken, match="name"):
        actions.add_value(PolicyArea, office, name=name, by=user, at=MONDAY)


def test_a_name_stands_once_whatever_its_case(office, user):
    PolicyAreaFactory(office=office, name="Housing")
    with pytest.raises(RuleBroken, match="in the list already"):
        actions.add_value(PolicyArea, office, name="HOUSING", by=user, at=MONDAY)


def test_another_office_may_have_the_same_name(office, user):
    PolicyAreaFactory(name="Housing")
    assert actions.add_value(PolicyArea, office, name="Housing", by=user, at=MONDAY).pk


def test_the_name_of_a_retired_value_is_brought_back_not_made_again(office, user):
    PolicyAreaFactory(office=office, name="Housing", retired_at=MONDAY)
    with pytest.raises(RuleBroken, match="Bring it back instead"):
        actions.add_value(PolicyArea, office, name="Housing", by=user, at=MONDAY)


def test_a_category_needs_an_area_of_its_office_in_use(office, user):
    area = PolicyAreaFactory(office=office)
    assert actions.add_value(Category, office, name="Damp", policy_area=area, by=user, at=MONDAY).policy_area == area
    with pytest.raises(RuleBroken, match="belongs under"):
        actions.add_value(Category, office, name="Mould", by=user, at=MONDAY)
    with pytest.raises(RuleBroken, match="another office"):
        actions.add_value(Category, office, name="Mould", policy_area=PolicyAreaFactory(), by=user, at=MONDAY)
    gone = PolicyAreaFactory(office=office, retired_at=MONDAY)
    with pytest.raises(RuleBroken, match="retired"):
        actions.add_value(Category, office, name="Mould", policy_area=gone, by=user, at=MONDAY)


def test_the_same_category_may_stand_under_two_areas(office, user):
    one, other = PolicyAreaFactory.create_batch(2, office=office)
    actions.add_value(Category, office, name="Appeals", policy_area=one, by=user, at=MONDAY)
    actions.add_value(Category, office, name="Appeals", policy_area=other, by=user, at=MONDAY)
    with pytest.raises(RuleBroken, match="in the list already"):
        actions.add_value(Category, office, name="appeals", policy_area=one, by=user, at=MONDAY)


@pytest.mark.parametrize("code", ["", "  ", "x" * 13])
def test_a_case_code_needs_a_short_code(office, user, code):
    with pytest.raises(RuleBroken, match="1 to 12"):
        actions.add_value(CaseCode, office, name="Press", code=code, by=user, at=MONDAY)


def test_a_case_code_stands_once(office, user):
    CaseCodeFactory(office=office, code="PQ")
    with pytest.raises(RuleBroken, match="pq"):
        actions.add_value(CaseCode, office, name="Question", code="pq", by=user, at=MONDAY)


def test_a_contact_type_gets_a_code_of_its_own(office, user):
    first = actions.add_value(ContactType, office, name="Carrier pigeon", by=user, at=MONDAY)
    second = actions.add_value(ContactType, office, name="Carrier-pigeon", by=user, at=MONDAY)
    third = actions.add_value(ContactType, office, name="鴿", by=user, at=MONDAY)
    assert [first.code, second.code, third.code] == ["carrier-pigeon", "carrier-pigeon-2", "other"]


def test_a_new_status_must_be_of_a_kind(office, user):
    status = actions.add_value(Status, office, name="With the minister", status_class="paused", by=user, at=MONDAY)
    assert status.mark == "on_hold"
    with pytest.raises(RuleBroken, match="Say of which kind"):
        actions.add_value(Status, office, name="Odd", status_class="odd", by=user, at=MONDAY)


def test_renaming_keeps_the_identity(office, user):
    area = PolicyAreaFactory(office=office, name="Housing")
    renamed = actions.rename(area, "Homes", by=user, at=TUESDAY)

    assert (renamed.pk, renamed.name) == (area.pk, "Homes")
    event = Event.objects.about(area).get()
    assert (event.name, event.facts) == (events.RENAMED, {"was": "Housing", "now": "Homes"})


def test_changing_only_the_case_of_a_name_is_allowed(office, user):
    area = PolicyAreaFactory(office=office, name="housing")
    assert actions.rename(area, "Housing", by=user, at=TUESDAY).name == "Housing"


def test_a_name_cannot_be_taken_from_another(office, user):
    PolicyAreaFactory(office=office, name="Housing")
    with pytest.raises(RuleBroken, match="in the list already"):
        actions.rename(PolicyAreaFactory(office=office), "Housing", by=user, at=TUESDAY)


def test_saving_what_is_there_writes_nothing(office, user):
    area = PolicyAreaFactory(office=office, name="Housing")
    actions.edit_value(area, name="Housing", description="", by=user, at=TUESDAY)
    assert not Event.objects.about(area).exists()


def test_the_second_of_two_editors_is_told(office, user):
    area = PolicyAreaFactory(office=office, name="Housing")
    seen = area.fingerprint
    actions.rename(area, "Homes", by=user, at=TUESDAY, seen=seen)
    with pytest.raises(Stale) as told:
        actions.describe(area, "Roofs over heads", by=user, at=TUESDAY, seen=seen)
    assert told.value.current.name == "Homes"


def test_a_status_never_changes_its_class(office, user):
    status = StatusFactory(office=office)
    actions.edit_value(status, by=user, at=TUESDAY, status_class="closed", mark="closed")
    status.refresh_from_db()
    assert status.status_class == "open"


def test_a_description_is_kept_short(office, user):
    area = PolicyAreaFactory(office=office)
    assert actions.describe(area, "A home.\r\nOr none.", by=user, at=TUESDAY).description == "A home. Or none."
    with pytest.raises(RuleBroken, match="300"):
        actions.describe(area, "x" * 301, by=user, at=TUESDAY)


def test_values_move_up_and_down_among_those_in_use(office, user):
    one, _two, gone, three = (
        PolicyAreaFactory(office=office, name=name, position=place, retired_at=retired)
        for name, place, retired in [("A", 1, None), ("B", 1, None), ("C", 2, MONDAY), ("D", 5, None)]
    )
    actions.move(three, -1, by=user, at=TUESDAY)
    names = PolicyArea.objects.filter(office=office, retired_at__isnull=True).values_list("name", flat=True)
    assert list(names) == ["A", "D", "B"]
    actions.move(one, 99, by=user, at=TUESDAY)
    assert list(names.all()) == ["D", "B", "A"]
    actions.move(three, -1, by=user, at=TUESDAY)
    assert Event.objects.filter(name=events.MOVED).count() == 2, "the first cannot go up"
    with pytest.raises(RuleBroken, match="retired"):
        actions.move(gone, 1, by=user, at=TUESDAY)


def test_retiring_hides_what_is_under_it_and_bringing_back_brings_that_back(office, user):
    area = PolicyAreaFactory(office=office)
    category = CategoryFactory(office=office, policy_area=area)
    service_type = ServiceTypeFactory(office=office, category=category)
    before = CategoryFactory(office=office, policy_area=area, retired_at=MONDAY)

    actions.retire(area, by=user, at=TUESDAY)
    for value in (area, category, service_type):
        value.refresh_from_db()
        assert value.retired_at == TUESDAY
    with pytest.raises(RuleBroken, match="Bring back"):
        actions.bring_back(category, by=user, at=TUESDAY)

    actions.bring_back(area, by=user, at=TUESDAY)
    for value in (area, category, service_type, before):
        value.refresh_from_db()
    assert (area.retired_at, category.retired_at, service_type.retired_at) == (None, None, None)
    assert before.retired_at == MONDAY, "what went by itself before stays away"


def test_renaming_can_be_undone_unless_it_was_renamed_again(office, user):
    tag = TagFactory(office=office, name="damp")
    actions.edit_value(tag, name="Mould", description="In rooms", by=user, at=TUESDAY)
    take_back(Undo.objects.get(), by=user, at=TUESDAY)
    tag.refresh_from_db()
    assert (tag.name, tag.key, tag.description) == ("damp", "damp", "")

    actions.rename(tag, "Rot", by=user, at=TUESDAY)
    first = Undo.objects.order_by("-pk")[0]
    actions.rename(tag, "Wet rot", by=user, at=TUESDAY)
    with pytest.raises(RuleBroken, match="changed later"):
        take_back(first, by=user, at=TUESDAY)


def test_retiring_can_be_undone(office, user):
    area = actions.retire(PolicyAreaFactory(office=office, name="Housing"), by=user, at=TUESDAY)
    said = take_back(Undo.objects.get(), by=user, at=TUESDAY)
    area.refresh_from_db()
    assert area.retired_at is None
    assert said == "Undone: “Housing” retired"


def test_the_last_status_of_a_class_stays(office, user):
    status = StatusFactory(office=office, status_class="paused")
    with pytest.raises(RuleBroken, match="Cases need a status"):
        actions.retire(status, by=user, at=TUESDAY)
    StatusFactory(office=office, status_class="paused")
    assert actions.retire(status, by=user, at=TUESDAY).retired_at


@pytest.mark.parametrize("model", [ActivityType, PartyRole])
def test_the_last_of_a_list_that_must_not_be_empty_stays(office, user, model):
    value = actions.add_value(model, office, name="Only one", by=user, at=MONDAY)
    with pytest.raises(RuleBroken, match="empty"):
        actions.retire(value, by=user, at=TUESDAY)


def test_the_last_of_another_list_may_go(office, user):
    assert actions.retire(actions.add_value(NoteCode, office, name="Odd", by=user, at=MONDAY), by=user, at=TUESDAY)


def test_merging_retires_one_and_leads_to_the_other(office, user):
    old, new = TagFactory(office=office, name="pot hole"), TagFactory(office=office, name="carriageway")
    actions.merge(old, new, by=user, at=TUESDAY)

    old.refresh_from_db()
    assert (old.retired_at, old.merged_into) == (TUESDAY, new)
    assert actions.find_or_add_tag(office, "pot-hole", by=user, at=TUESDAY) == new
    assert Event.objects.about(old).get().facts == {"into": new.pk, "move_open": False}
    with pytest.raises(RuleBroken, match="was merged into"):
        actions.bring_back(old, by=user, at=TUESDAY)

    take_back(Undo.objects.get(), by=user, at=TUESDAY)
    old.refresh_from_db()
    assert (old.retired_at, old.merged_into) == (None, None)


def test_what_cannot_be_one_is_refused(office, user):
    tag, area = TagFactory(office=office), PolicyAreaFactory(office=office)
    with pytest.raises(RuleBroken, match="same list"):
        actions.merge(tag, area, by=user, at=TUESDAY)
    with pytest.raises(RuleBroken, match="same list"):
        actions.merge(tag, TagFactory(), by=user, at=TUESDAY)
    with pytest.raises(RuleBroken, match="same one"):
        actions.merge(tag, tag, by=user, at=TUESDAY)
    with pytest.raises(RuleBroken, match="in use"):
        actions.merge(tag, TagFactory(office=office, retired_at=MONDAY), by=user, at=TUESDAY)
    closed = StatusFactory(office=office, status_class="closed")
    with pytest.raises(RuleBroken, match="same kind"):
        actions.merge(closed, StatusFactory(office=office), by=user, at=TUESDAY)
    CategoryFactory(office=office, policy_area=area)
    with pytest.raises(RuleBroken, match="under it"):
        actions.merge(area, PolicyAreaFactory(office=office), by=user, at=TUESDAY)


def test_a_merge_that_moves_open_cases_says_so_in_the_journal(office, user):
    old, new = SubTypeFactory(office=office), SubTypeFactory(office=office)
    actions.merge(old, new, by=user, at=TUESDAY, move_open=True)
    assert Event.objects.about(old).get().facts == {"into": new.pk, "move_open": True}
    assert not Undo.objects.exists()


def test_a_tag_is_found_however_it_is_spelt(office, user):
    tag = actions.find_or_add_tag(office, "Pot hole", by=user, at=MONDAY)
    for spelt in ("pothole", "POT-HOLE", "pot_hole", " Pöt  hole "):
        assert actions.find_or_add_tag(office, spelt, by=user, at=MONDAY) == tag
    assert Tag.objects.filter(office=office).count() == 1


def test_a_nearly_same_tag_is_offered_first(office, user):
    tag = actions.find_or_add_tag(office, "pothole", by=user, at=MONDAY)
    with pytest.raises(actions.NearlySame, match="“potholes” is nearly the same as “pothole”") as told:
        actions.find_or_add_tag(office, "potholes", by=user, at=MONDAY)
    assert told.value.tags == [tag]
    assert actions.find_or_add_tag(office, "potholes", by=user, at=MONDAY, sure=True) != tag


@pytest.mark.parametrize(
    ("one", "other"), [("damp", "camp"), ("budget-2024", "budget-2025"), ("A4", "A5"), ("damp", "damp-riverside")]
)
def test_different_things_are_not_nearly_the_same(office, user, one, other):
    actions.find_or_add_tag(office, one, by=user, at=MONDAY)
    assert actions.find_or_add_tag(office, other, by=user, at=MONDAY).name == other


@pytest.mark.parametrize("name", ["", "  ", "---", "\u202e", "é" * 121])
def test_a_tag_needs_letters(office, user, name):
    with pytest.raises(RuleBroken):
        actions.find_or_add_tag(office, name, by=user, at=MONDAY)


def test_a_retired_tag_is_not_made_again(office, user):
    TagFactory(office=office, name="damp", retired_at=MONDAY)
    with pytest.raises(RuleBroken, match="retired"):
        actions.find_or_add_tag(office, "Damp", by=user, at=MONDAY)
