"""Lists are kept: values added, changed, ordered, retired, merged, tags tidied (AD-2, S4.15)."""

import uuid

import pytest
from django.urls import reverse

from wardbook.cases.factories import CaseFactory, CaseTagFactory
from wardbook.offices.factories import ManagerFactory, MembershipFactory
from wardbook.vocabulary.factories import (
    ActivityTypeFactory,
    CaseCodeFactory,
    CategoryFactory,
    PolicyAreaFactory,
    StatusFactory,
    TagFactory,
)
from wardbook.vocabulary.models import LISTS, CaseCode, Category, PolicyArea, Status, Tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return ManagerFactory()


@pytest.fixture
def office(manager):
    return manager.office


@pytest.fixture
def send(client, manager):
    def post(route, *args, member=None, **data):
        client.force_login((member or manager).user)
        url = reverse(f"desk:{route}", args=[manager.office.slug, *args])
        return client.post(url, {"operation": str(uuid.uuid4()), **data})

    return post


@pytest.fixture
def page(client, manager):
    def get(route, *args, **query):
        client.force_login(manager.user)
        return client.get(reverse(f"desk:{route}", args=[manager.office.slug, *args]), query)

    return get


def test_every_list_has_a_page(page):
    assert [entry["word"] for entry in page("lists").context["lists"]] == list(LISTS)
    for word in LISTS:
        assert page("list", word).status_code == 200
    assert page("list", "no-such-list").status_code == 404


def test_a_value_is_added(send, office):
    send("list", "policy-areas", name="Hou\u0007sing", description="Homes\nand roofs")
    area = PolicyArea.objects.get(office=office)
    assert (area.name, area.description) == ("Hou sing", "Homes and roofs")
    send("list", "categories", name="Damp", policy_area=area.pk)
    assert Category.objects.get().policy_area == area
    send("list", "case-codes", name="Question", code="PQ")
    assert CaseCode.objects.get().code == "PQ"
    send("list", "statuses", name="With the minister", status_class="paused")
    assert Status.objects.get(name="With the minister").status_class == "paused"
    send("list", "activity-types", name="Faxed", family="letter")
    send("list", "party-roles", name="Ombudsman", for_agency="on")
    assert LISTS["party-roles"].objects.get().for_agency is True


@pytest.mark.parametrize(
    ("word", "data", "words"),
    [
        ("policy-areas", {"name": ""}, "Give it a name"),
        ("policy-areas", {"name": "x" * 121}, "at most 120"),
        ("policy-areas", {"name": "New", "description": "x" * 301}, "at most 300"),
        ("policy-areas", {"name": "HOUSING"}, "in the list already"),
        ("policy-areas", {"name": "Old"}, "Bring it back instead"),
        ("categories", {"name": "New"}, "Choose one"),
        ("categories", {"name": "New", "policy_area": "abc"}, "Choose one of these"),
        ("categories", {"name": "New", "policy_area": "9" * 30}, "Choose one of these"),
        ("categories", {"name": "New", "policy_area": "other office"}, "Choose one of these"),
        ("categories", {"name": "New", "policy_area": "retired"}, "Choose one of these"),
        ("case-codes", {"name": "New", "code": ""}, "Enter a short code"),
        ("case-codes", {"name": "New", "code": "x" * 13}, "at most 12"),
        ("case-codes", {"name": "New", "code": "pq"}, "in the list already"),
        ("statuses", {"name": "New one"}, "Choose one"),
        ("statuses", {"name": "New one", "status_class": "odd"}, "Choose one of these"),
        ("activity-types", {"name": "New", "family": "odd"}, "Choose one of these"),
        ("tags", {"name": "--"}, "at least one letter"),
        ("tags", {"name": "Dam-p"}, "in the list already"),
    ],
)
def test_what_cannot_be_a_value(send, office, word, data, words):
    PolicyAreaFactory(office=office, name="Housing")
    retired = PolicyAreaFactory(office=office, name="Old", retired_at=office.created_at)
    CaseCodeFactory(office=office, code="PQ")
    TagFactory(office=office, name="damp")
    places = {"other office": PolicyAreaFactory().pk, "retired": retired.pk}
    if data.get("policy_area") in places:
        data = data | {"policy_area": places[data["policy_area"]]}
    before = LISTS[word].objects.filter(office=office).count()
    answer = send("list", word, **data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert LISTS[word].objects.filter(office=office).count() == before


def test_a_nearly_same_tag_asks_first(send, office):
    TagFactory(office=office, name="pothole")
    answer = send("list", "tags", name="potholes")
    assert answer.status_code == 422
    assert "nearly the same as “pothole”" in answer.content.decode()
    assert send("list", "tags", name="potholes", sure="on").status_code == 303
    assert Tag.objects.filter(office=office).count() == 2


def test_a_value_is_renamed_and_described(send, office):
    area = PolicyAreaFactory(office=office, name="Housing")
    send("value", "policy-areas", area.pk, name="Homes", description="Roofs")
    area.refresh_from_db()
    assert (area.name, area.description) == ("Homes", "Roofs")


@pytest.mark.parametrize(
    ("name", "words"), [("", "Give it a name"), ("x" * 121, "at most 120"), ("Health", "already")]
)
def test_what_a_value_cannot_be_called(send, office, name, words):
    PolicyAreaFactory(office=office, name="Health")
    area = PolicyAreaFactory(office=office, name="Housing")
    answer = send("value", "policy-areas", area.pk, name=name)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_extra_fields_are_ignored(send, office):
    status = StatusFactory(office=office)
    send("value", "statuses", status.pk, name="Other", status_class="closed", mark="closed", office="1", position="9")
    status.refresh_from_db()
    assert (status.name, status.status_class, status.office) == ("Other", "open", office)


def test_the_second_of_two_editors_gets_both_versions(send, page, office):
    area = PolicyAreaFactory(office=office, name="Housing")
    version = page("value", "policy-areas", area.pk).context["version"]
    send("value", "policy-areas", area.pk, name="Homes", version=version)
    answer = send("value", "policy-areas", area.pk, name="Roofs", version=version)
    assert answer.status_code == 409
    assert "Homes" in answer.content.decode()
    area.refresh_from_db()
    assert area.name == "Homes"


def test_values_move_up_and_down(send, office):
    one, two = (PolicyAreaFactory(office=office, name=name, position=place) for place, name in enumerate("AB"))
    send("value_place", "policy-areas", two.pk, to="up")
    assert list(PolicyArea.objects.filter(office=office)) == [two, one]
    send("value_place", "policy-areas", two.pk, to="last")
    assert list(PolicyArea.objects.filter(office=office)) == [one, two]
    assert send("value_place", "policy-areas", two.pk, to="sideways").status_code == 404


def test_a_value_retires_and_comes_back(send, page, office):
    area = PolicyAreaFactory(office=office, name="Housing")
    send("value_retirement", "policy-areas", area.pk)
    area.refresh_from_db()
    assert area.retired_at
    assert b"Bring back" in page("list", "policy-areas").content
    send("value_retirement", "policy-areas", area.pk)
    area.refresh_from_db()
    assert area.retired_at is None


def test_what_must_stay_says_why(send, page, office):
    status = StatusFactory(office=office)
    send("value_retirement", "statuses", status.pk)
    assert "Cases need a status" in page("list", "statuses").content.decode()


def test_how_often_a_value_is_used_stands_beside_it(page, office):
    area = PolicyAreaFactory(office=office)
    CaseFactory.create_batch(3, office=office, policy_area=area)
    tag = TagFactory(office=office)
    CaseTagFactory(case=CaseFactory(office=office), tag=tag)
    assert b"used 3 times" in page("list", "policy-areas").content
    assert b"used 1 time" in page("list", "tags").content


def test_merging_shows_what_has_the_value_and_merges(send, page, office):
    old, new = TagFactory.create_batch(2, office=office)
    opened, closed = CaseFactory(office=office), CaseFactory(office=office, closed=True)
    for case in (opened, closed):
        CaseTagFactory(case=case, tag=old)
    preview = page("value_merging", "tags", old.pk, into=new.pk)
    assert (preview.context["used"], preview.context["open_cases"]) == (2, 1)
    assert f'value="{new.pk}" selected' in preview.content.decode()
    send("value_merging", "tags", old.pk, into=new.pk, move_open="on")
    old.refresh_from_db()
    assert old.merged_into == new
    assert list(opened.tags.all()) == [new]
    assert list(closed.tags.all()) == [old]
    assert b"part of another now" in page("value", "tags", old.pk).content


@pytest.mark.parametrize("into", ["", "abc", "9" * 30, "self", "other office", "retired"])
def test_what_cannot_be_merged_into(send, office, into):
    tag = TagFactory(office=office)
    places = {
        "self": tag.pk,
        "other office": TagFactory().pk,
        "retired": TagFactory(office=office, retired_at=office.created_at).pk,
    }
    answer = send("value_merging", "tags", tag.pk, into=places.get(into, into))
    assert answer.status_code == 422
    tag.refresh_from_db()
    assert tag.merged_into is None


def test_tidying_finds_what_is_alike_and_what_nobody_uses(page, office):
    one, other = TagFactory(office=office, name="pothole"), TagFactory(office=office, name="potholes")
    CaseTagFactory(case=CaseFactory(office=office), tag=one)
    TagFactory(office=office, name="sewage")
    tidy = page("tags_tidy")
    assert tidy.context["pairs"] == [[other, one]], "the one used less goes into the other"
    assert [tag.name for tag in tidy.context["unused"]] == ["potholes", "sewage"]


def test_values_of_another_office_are_not_there(send, page):
    theirs = PolicyAreaFactory()
    assert page("value", "policy-areas", theirs.pk).status_code == 404
    assert send("value", "policy-areas", theirs.pk, name="Ours").status_code == 404
    for route in ("value_place", "value_retirement", "value_merging"):
        assert send(route, "policy-areas", theirs.pk, to="up", into="1").status_code == 404


def test_a_value_of_another_list_is_not_there(page, office):
    area = PolicyAreaFactory(office=office)
    assert page("value", "tags", area.pk + 1000).status_code == 404
    assert page("value", "no-list", area.pk).status_code == 404


def test_caseworkers_do_not_keep_the_lists(client, office, send):
    member = MembershipFactory(office=office)
    assert send("list", "tags", member=member, name="mine").status_code == 403
    assert not Tag.objects.exists()


def test_a_list_costs_the_same_however_long(client, manager, office, django_assert_max_num_queries):
    area = PolicyAreaFactory(office=office)
    CategoryFactory.create_batch(20, office=office, policy_area=area)
    ActivityTypeFactory.create_batch(10, office=office)
    client.force_login(manager.user)
    # session, user, member, values, used by cases, by activities, parents to choose from; the shell: offices, views
    with django_assert_max_num_queries(9):
        client.get(reverse("desk:list", args=[office.slug, "categories"]))
