"""Keeping a filter under a name: for oneself, in the menu, for everybody."""

import pytest
from django.urls import reverse

from wardbook.desk.models import SavedView
from wardbook.desk.tests.lists import case, list_url, make_member, numbers
from wardbook.journal.models import Event, Undo
from wardbook.lib.testing import HTMX, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member()


def url(name, member, *args):
    return reverse(f"desk:{name}", args=[member.office.slug, *args])


def save(desk, member, name="Old housing", query="owner=me&age=>14", **data):
    post(desk, url("new_view", member), {"name": name, "query": query, "is_pinned": "on"} | data)
    return SavedView.objects.get(name=name, owner=member.user)


def test_a_view_keeps_its_filter_and_is_in_the_menu(desk, member):
    case(member, owner=member.user)
    view = save(desk, member)

    assert view.query == "status=open&owner=me&age=%3E14"
    page = desk.get(reverse("desk:search", args=[member.office.slug])).content.decode()
    assert "Old housing" in page
    assert f"view={view.pk}" in page
    assert Event.objects.about(view).get().name == "view.saved"


def test_the_counts_of_the_menu_come_by_themselves(desk, member, django_assert_num_queries):
    case(member, owner=member.user)
    view = save(desk, member, query="owner=me")
    desk.get(url("view_counts", member))
    # session, person, memberships | views, all counts at once
    with django_assert_num_queries(5):
        html = desk.get(url("view_counts", member), headers=HTMX).content.decode()
    assert f'id="view-{view.pk}-count"' in html
    assert ">1<" in html


def test_a_changed_view_offers_to_be_updated_saved_anew_or_reset(desk, member):
    view = save(desk, member)
    same = desk.get(list_url(member, f"{view.query}&view={view.pk}")).content.decode()
    changed = desk.get(list_url(member, f"owner=me&view={view.pk}")).content.decode()

    assert "Update view" not in same
    for words in ("Changed.", "Update view", "Save as new", "Reset"):
        assert words in changed
    post(desk, url("view_filter", member, view.pk), {"query": "owner=me"})
    view.refresh_from_db()
    assert view.query == "status=open&owner=me"


def test_a_view_is_renamed_shared_and_taken_from_the_menu(desk, member):
    view = save(desk, member)
    post(desk, url("view", member, view.pk), {"name": "Old homes", "is_shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.is_shared, view.is_pinned) == ("Old homes", True, False)


def test_a_shared_view_shows_each_colleague_their_own_cases(client, member):
    client.force_login(member.user)
    view = save(client, member, query="owner=me", is_shared="on")
    case(member, owner=member.user)
    colleague = make_member(office=member.office)
    theirs = case(member, owner=colleague.user)
    client.force_login(colleague.user)

    assert numbers(client.get(list_url(member, f"{view.query}&view={view.pk}"))) == [theirs.number]
    assert "Old housing" in client.get(url("views", member)).content.decode()


def test_only_its_owner_changes_a_view_and_nobody_else_sees_a_private_one(client, member):
    client.force_login(member.user)
    private, shared = save(client, member), save(client, member, name="Ours", is_shared="on")
    for other in (make_member(office=member.office), make_member("manager", office=member.office), make_member()):
        client.force_login(other.user)
        for view in (private, shared):
            assert client.get(url("view", other, view.pk)).status_code == 404
            for route in ("view", "view_filter", "view_deletion"):
                assert post(client, url(route, other, view.pk), {"name": "Mine now", "query": ""}).status_code == 404
        if other.office == member.office:
            assert "Old housing" not in client.get(url("views", other)).content.decode()
            assert "Old housing" not in client.get(list_url(other, f"view={private.pk}")).content.decode()
    assert {view.name for view in SavedView.objects.all()} == {"Old housing", "Ours"}


def test_a_deleted_view_can_be_had_back(desk, member):
    view = save(desk, member)
    post(desk, url("view_deletion", member, view.pk))
    assert not SavedView.objects.exists()

    undo = Undo.objects.get(by=member.user)
    post(desk, reverse("desk:undo", args=[member.office.slug, undo.pk]))

    assert SavedView.objects.get().query == view.query


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "Give the view a name."), ("x" * 61, "at most 60 letters"), ("\u202e\x07", "Give the view a name.")],
)
def test_a_view_needs_a_name(desk, member, name, sentence):
    answer = post(desk, url("new_view", member), {"name": name, "query": "owner=me"})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "status=open&amp;owner=me" in answer.content.decode()


def test_two_views_of_one_name_are_refused_in_words(desk, member):
    save(desk, member)
    answer = post(desk, url("new_view", member), {"name": "Old housing", "query": "owner=me"})
    assert answer.status_code == 422
    assert "You have a view of this name." in answer.content.decode()


def test_a_filter_too_long_to_keep_is_refused_in_words(desk, member):
    query = "&".join(f"text={'é' * 90}{index}" for index in range(20))
    answer = post(desk, url("new_view", member), {"name": "Long", "query": query})
    assert answer.status_code == 422
    assert "too long to be kept" in answer.content.decode()
    view = save(desk, member)
    answer = post(desk, url("view_filter", member, view.pk), {"query": query})
    assert answer.status_code == 303


def test_suggested_views_lead_to_their_cases(desk, member, django_assert_num_queries):
    mine = case(member, owner=member.user, next_step_on="2099-01-01")
    html = desk.get(url("views", member)).content.decode()
    for name in (
        "My open",
        "Nobody has it",
        "No next step",
        "Waiting over 14 days",
        "Overdue follow-ups",
        "Not classified",
        "Needs a new owner",
        "My teams&#x27;",
    ):
        assert name in html
    assert numbers(desk.get(list_url(member, "status=open&owner=me"))) == [mine.number]
    # session, person, memberships | views, all counts at once
    with django_assert_num_queries(5):
        desk.get(url("views", member))


def test_a_hostile_view_number_is_no_view(desk, member):
    for value in ("0", "-1", "9" * 40, "1;drop", "٣"):
        assert desk.get(list_url(member, f"view={value}")).status_code == 200
