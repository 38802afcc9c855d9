"""Finding anything from anywhere: a reference, words, a person, a view, a command."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.cases.factories import CaseAccessFactory
from wardbook.cases.models import CaseVisit
from wardbook.contacts.factories import ContactFactory
from wardbook.desk.models import SavedView
from wardbook.desk.tests.lists import case, make_member
from wardbook.lib.testing import HTMX

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return make_member()


def found(desk, member, typed, **options):
    url = f"{reverse('desk:search', args=[member.office.slug])}?q={quote(typed)}"
    return desk.get(url, **options)


def palette(desk, member, typed=""):
    url = f"{reverse('desk:search', args=[member.office.slug])}?as=options&q={quote(typed)}"
    return desk.get(url, headers=HTMX).content.decode()


def rhian(member):
    return ContactFactory(
        office=member.office,
        given_name="Rhian",
        family_name="Evans",
        phones=["01632 960 021"],
        emails=["rhian@example.org"],
        address="14 Mill Lane",
        postcode="GM1 4AB",
    )


@pytest.mark.parametrize("typed", ["2041", "case 2041", "#2041", "Ref. 2041", "GM-2025-2041K", "gm/2025 2041 k"])
def test_a_reference_in_any_spelling_goes_straight_to_its_case(desk, member, typed):
    member.office.reference_format = "GM-{year}-{number}{check}"
    member.office.save()
    one = case(member, number=2041)
    typed = typed.replace("GM-2025-2041K", one.reference).replace("gm/2025 2041 k", one.reference.lower())

    answer = found(desk, member, typed)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("desk:case", args=[member.office.slug, 2041])
    assert f"/cases/{one.number}/" in palette(desk, member, typed)


@pytest.mark.parametrize(
    "typed", ["rhian", "evans rh", "EVANS", "01632960021", "960 021", "gm1 4ab", "rhian@example.org", "mill lane"]
)
def test_people_are_found_by_name_number_postcode_and_email(desk, member, typed):
    person = rhian(member)
    ContactFactory(office=member.office, given_name="Omar", family_name="Haddad")
    for html in (found(desk, member, typed).content.decode(), palette(desk, member, typed)):
        assert "Rhian Evans" in html
        assert reverse("contacts:contact", args=[member.office.slug, person.pk]) in html
        assert "Omar" not in html


def test_cases_are_found_by_words_in_any_order_and_by_whom_they_are_about(desk, member):
    person = rhian(member)
    one = case(member, description="Damp ceiling in the flat", constituent=person)
    closed = case(member, description="Flat ceiling, once damp", closed=True)
    case(member, description="Parking")
    html = palette(desk, member, "ceiling damp")
    assert html.index(f"/cases/{one.number}/") < html.index(f"/cases/{closed.number}/")
    assert "Parking" not in html
    assert f"/cases/{one.number}/" in palette(desk, member, "evans")


def test_views_and_commands_are_found_by_their_names(desk, member):
    SavedView.objects.create(
        office=member.office, owner=member.user, name="Old housing", query="owner=me", created_at=timezone.now()
    )
    assert "Old housing" in palette(desk, member, "hous")
    assert "Waiting over 14 days" in palette(desk, member, "waiting")
    assert "New case" in palette(desk, member, "new ca")
    assert "Recent actions" in palette(desk, member, "undo")
    html = found(desk, member, "bin").content.decode()
    assert "Commands" in html
    assert "Bin" in html


def test_the_empty_field_offers_what_was_opened_last_and_five_commands(desk, member, django_assert_max_num_queries):
    now = timezone.now()
    cases = [case(member, description=f"Matter {index}") for index in range(10)]
    other = make_member(office=member.office)
    for index, one in enumerate(cases):
        at = now - timedelta(minutes=index)
        CaseVisit.objects.create(case=one, user=member.user, opened_at=at, seen_at=at)
        CaseVisit.objects.create(case=one, user=other.user, opened_at=now, seen_at=now)

    html = palette(desk, member)

    assert [f"Matter {index}" in html for index in range(10)] == [True] * 8 + [False] * 2
    assert html.index("Matter 0") < html.index("Matter 7")
    assert html.count('role="option"') == 13
    # session, person, memberships | visits
    with django_assert_max_num_queries(4):
        palette(desk, member)


def test_a_restricted_case_is_never_found(desk, member):
    secret = case(member, is_restricted=True, description="Secret matter", number=4711)
    CaseVisit.objects.create(case=secret, user=member.user, opened_at=timezone.now(), seen_at=timezone.now())
    out = case(member, description="Secret relative", number=4712)
    CaseAccessFactory(case=out, user=member.user, grant="kept_out")
    for typed in ("secret", "4711", "4712", secret.constituent.name, out.constituent.name, ""):
        for html in (found(desk, member, typed).content.decode(), palette(desk, member, typed)):
            assert "Secret" not in html.replace("“secret”", "")
            assert "/4711/" not in html
            assert "/4712/" not in html
            assert "open case" not in html


def test_another_office_is_never_found(desk, member):
    stranger = make_member()
    person = rhian(stranger)
    case(stranger, description="Canary in the mine", constituent=person, number=4711)
    SavedView.objects.create(
        office=stranger.office, owner=stranger.user, name="Canaries", is_shared=True, created_at=timezone.now()
    )
    for typed in ("canary", "canar", "4711", "rhian", "01632960021", "GM1 4AB", "rhian@example.org"):
        answer = found(desk, member, typed)
        assert answer.status_code == 200
        for html in (answer.content.decode(), palette(desk, member, typed)):
            assert "in the mine" not in html
            assert "Rhian Evans" not in html
            assert "Canaries" not in html
    assert found(desk, stranger, "canary").status_code == 404


def test_each_role_finds_only_what_it_may(client, member):
    person = rhian(member)
    case(member, description="Damp ceiling", constituent=person)
    for role in ("volunteer", "councillor", "protection", "admin"):
        client.force_login(make_member(role, office=member.office).user)
        html = found(client, member, "evans").content.decode() + palette(client, member, "damp")
        assert "Rhian Evans" not in html
        assert "Damp ceiling" not in html
        assert "Bin" not in palette(client, member, "bin")


@pytest.mark.parametrize(
    "typed", ["'", '"', "%", "_", "\\", "$$", "%_%_%", "\x00", "\ud800", "9" * 50, "a" * 5000, "٣"]
)
def test_hostile_words_are_only_words(desk, member, typed):
    case(member, description="Damp ceiling")
    for options in ("", "&as=options"):
        url = f"{reverse('desk:search', args=[member.office.slug])}?q={quote(typed, errors='surrogatepass')}{options}"
        answer = desk.get(url)
        assert answer.status_code == 200
        assert "Damp ceiling" not in answer.content.decode()


def test_finding_costs_the_same_however_large_the_office(desk, member, django_assert_max_num_queries):
    for _ in range(30):
        case(member, description="Damp ceiling")
    # session, person, memberships | reference, open, closed; people, their numbers and addresses, their cases; views
    with django_assert_max_num_queries(12):
        palette(desk, member, "damp")
