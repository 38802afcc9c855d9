"""The start page, the demo's open door and the pages of an invitation, over HTTP."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from wardbook.accounts.factories import PASSWORD, UserFactory
from wardbook.accounts.models import User
from wardbook.offices import actions
from wardbook.offices.factories import ManagerFactory, MembershipFactory, OfficeFactory
from wardbook.offices.models import Invitation, Membership

pytestmark = pytest.mark.django_db

NEW_PASSWORD = "brass otter pavement nine"
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _no_earlier_tries():
    cache.clear()


def home_of(member):
    return reverse("desk:home", args=[member.office.slug])


def post(client, address, **data):
    return client.post(address, {"operation": uuid.uuid4(), **data})


# --- The start page ---


def test_signed_out_the_start_page_leads_to_sign_in(client):
    page = client.get("/")
    assert page.status_code == 200
    assert reverse("account_login") in page.text
    assert reverse("demo_sign_in") not in page.text


def test_signed_in_it_leads_to_the_office(client):
    member = MembershipFactory()
    client.force_login(member.user)
    assert client.get("/").url == home_of(member)


def test_of_several_offices_it_leads_to_the_last_one_used(client):
    user = UserFactory()
    first, second, third = (MembershipFactory(user=user) for _ in range(3))
    client.force_login(user)
    assert client.get("/").url == home_of(first)
    actions.remember_office(third, at=NOW - timedelta(hours=1))
    actions.remember_office(second, at=NOW)
    assert client.get("/").url == home_of(second)
    second.ended_at = NOW
    second.save()
    assert client.get("/").url == home_of(third)


def test_going_to_an_office_is_remembered_and_written_only_when_it_changes(client):
    first, second = MembershipFactory(), MembershipFactory()
    second.user = first.user
    second.save()
    client.force_login(first.user)
    client.get(home_of(second))
    assert client.get("/").url == home_of(second)
    second.refresh_from_db()
    before = second.last_used_at
    client.get(home_of(second))
    second.refresh_from_db()
    assert second.last_used_at == before
    client.get(home_of(first))
    assert client.get("/").url == home_of(first)


def test_somebody_of_no_office_is_told_so(client):
    client.force_login(UserFactory())
    page = client.get("/")
    assert page.status_code == 200
    assert "belong to no office" in page.text


# --- The demo ---


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    office = OfficeFactory(is_demo=True)
    MembershipFactory(office=office, role="representative", user__name="Eleri Vaughan")
    return MembershipFactory(office=office, user__name="Anna Price")


def test_a_newcomer_is_anna_without_a_password(client, demo):
    page = client.get("/")
    assert page.text.index("Anna Price") < page.text.index("Eleri Vaughan")
    assert post(client, "/demo/").url == home_of(demo)
    assert client.session["_auth_user_id"] == str(demo.user_id)


def test_the_demo_can_be_looked_at_as_anybody_in_it(client, demo):
    eleri = Membership.objects.get(user__name="Eleri Vaughan")
    before = client.session.session_key
    post(client, "/demo/", role=eleri.pk)
    assert client.session["_auth_user_id"] == str(eleri.user_id)
    assert client.session.session_key != before
    post(client, "/demo/", role=demo.pk)
    assert client.session["_auth_user_id"] == str(demo.user_id)


@pytest.mark.parametrize("role", ["0", "987654321", "x", "-1", "1 OR 1=1", "9" * 30, "٣"])
def test_nobody_else_is_in_the_demo(client, demo, role):
    assert post(client, "/demo/", role=role).status_code == 404
    assert "_auth_user_id" not in client.session


def test_nobody_real_is_signed_in_by_the_demo(client, demo):
    real = MembershipFactory()
    both = MembershipFactory(office=demo.office)
    MembershipFactory(user=both.user)
    gone = MembershipFactory(office=demo.office, ended_at=NOW)
    for member in (real, both, gone):
        assert post(client, "/demo/", role=member.pk).status_code == 404
        assert member.user.name not in client.get("/").text


def test_outside_demo_mode_there_is_no_such_door(client, demo, settings):
    settings.DEMO = False
    for data in ({}, {"role": demo.pk}):
        assert post(client, "/demo/", **data).status_code == 404
    assert client.get("/demo/").status_code in (302, 405)
    assert "_auth_user_id" not in client.session


# --- An invitation ---


@pytest.fixture
def invitation():
    manager = ManagerFactory()
    return actions.invite(
        manager.office, email="sam@example.org", name="Sam Okoro", role="caseworker", by=manager.user, at=NOW
    )


@pytest.fixture
def link(invitation):
    return reverse("offices:invitation", args=[actions.new_link(invitation, at=NOW)])


def as_it_is():
    return list(Invitation.objects.values()), User.objects.count(), Membership.objects.count()


def test_looking_changes_nothing(client, link):
    before = as_it_is()
    for method in (client.get, client.head):
        assert method(link).status_code == 200
    assert client.options(link).status_code == 405
    assert as_it_is() == before


def test_a_new_person_joins_with_a_name_and_a_password(client, link, invitation):
    page = client.get(link)
    assert "sam@example.org" in page.text
    assert "Sam Okoro" in page.text
    response = client.post(link, {"name": " Sam\u202e  Okoro\n", "password": NEW_PASSWORD})
    assert response.url == "/"
    member = invitation.office.memberships.get(user__email="sam@example.org")
    assert member.user.name == "Sam Okoro"
    assert client.get("/").url == home_of(member)


def test_a_used_link_opens_nothing(client, link):
    client.post(link, {"name": "Sam", "password": NEW_PASSWORD})
    before = as_it_is()
    other = Client()
    assert other.get(link).status_code == 404
    assert other.post(link, {"name": "Eve", "password": NEW_PASSWORD}).status_code == 404
    assert as_it_is() == before


@pytest.mark.parametrize("token", ["x", "a" * 43, "None", "%00", "..%2f..", "null", "e" * 3000])
def test_any_other_link_is_not_found(client, link, token):
    assert client.get(f"/invitations/{token}/").status_code == 404
    assert client.post(f"/invitations/{token}/").status_code == 404
    assert client.get("/invitations/").status_code == 404
    assert client.get("/invitations//").status_code == 404


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Enter your name"),
        ({"name": "\u202e \x07", "password": NEW_PASSWORD}, "Enter your name"),
        ({"name": "Sam", "password": ""}, "Choose a password"),
        ({"name": "Sam", "password": "short one"}, "12"),
        ({"name": "Sam", "password": "Password12345"}, "easy to guess"),
        ({"name": "Sam", "password": "aaaaaaaaaaaaaaaa"}, "easy to guess"),
        ({"name": "Sam", "password": "123456789012345"}, "easy to guess"),
        ({"name": "Sam", "password": "x" * 2000}, "at most 512"),
        ({"name": "Sam Okoro", "password": "samokoro-2025-okoro"}, "Everybody who knows the office"),
        ({"name": "S" * 121, "password": NEW_PASSWORD}, "120"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_link_stays_good(client, link, data, sentence):
    response = client.post(link, data)
    assert response.status_code == 422
    assert sentence in response.text
    assert client.post(link, {"name": "Sam", "password": NEW_PASSWORD}).status_code == 302


def test_extra_fields_give_nothing(client, link, invitation):
    extra = {"role": "admin", "email": "eve@example.org", "office": 1, "is_superuser": "on"}
    client.post(link, {"name": "Sam", "password": NEW_PASSWORD, **extra})
    member = invitation.office.memberships.get(user__email="sam@example.org")
    assert member.role == "caseworker"
    assert not User.objects.filter(email="eve@example.org").exists()


def test_somebody_known_signs_in_first_and_comes_back(client, link):
    sam = MembershipFactory(user=UserFactory(email="sam@example.org"))
    page = client.get(link)
    assert f"{reverse('account_login')}?next={link}" in page.text
    assert client.post(link, {"name": "Eve", "password": NEW_PASSWORD}).status_code == 422
    assert sam.user.memberships.count() == 1

    client.post(reverse("account_login"), {"login": "sam@example.org", "password": PASSWORD})
    assert "Your other offices stay" in client.get(link).text
    assert post(client, link).status_code == 302
    assert sam.user.memberships.active().count() == 2


def test_somebody_else_who_is_signed_in_cannot_take_it(client, link):
    eve = MembershipFactory()
    client.force_login(eve.user)
    assert "is for sam@example.org" in client.get(link).text
    assert post(client, link, name="Eve", password=NEW_PASSWORD).status_code == 422
    assert eve.user.memberships.count() == 1


def test_somebody_who_comes_back_still_needs_their_second_step(client, link):
    sam = UserFactory(email="sam@example.org")
    TOTP.activate(sam, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    sam.deactivate(NOW).save()
    response = client.post(link, {"name": "Sam", "password": NEW_PASSWORD})
    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_a_new_person_is_sent_to_set_up_a_second_step(client, link, settings):
    settings.SECOND_STEP_REQUIRED = True
    client.post(link, {"name": "Sam", "password": NEW_PASSWORD})
    assert client.get("/").url == "/me/second-step/"


def test_the_link_is_not_told_to_other_sites(client, link):
    assert client.get(link).headers["Referrer-Policy"] == "same-origin"
