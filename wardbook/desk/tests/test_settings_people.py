"""People are invited, change role, leave and come back; somebody takes over what they had (AD-1, A9)."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.accounts.factories import UserFactory
from wardbook.cases.factories import CaseFactory, FollowUpFactory
from wardbook.journal.models import Event
from wardbook.offices import actions as office_actions
from wardbook.offices.factories import AdminFactory, ManagerFactory, MembershipFactory, OfficeFactory
from wardbook.offices.models import Invitation, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return ManagerFactory(user=UserFactory(name="Mared Hughes"))


@pytest.fixture
def sam(manager):
    return MembershipFactory(office=manager.office, user=UserFactory(name="Sam Okoro"))


@pytest.fixture
def send(client, manager):
    def post(route, *args, member=None, **data):
        client.force_login((member or manager).user)
        url = reverse(f"desk:{route}", args=[manager.office.slug, *args])
        return client.post(url, {"operation": str(uuid.uuid4()), **data})

    return post


@pytest.fixture
def page(client, manager):
    def get(route, *args, member=None):
        client.force_login((member or manager).user)
        return client.get(reverse(f"desk:{route}", args=[manager.office.slug, *args]))

    return get


def test_inviting_takes_address_role_and_a_press(send, page):
    answer = send("settings_people", email="new@example.org", role="caseworker")
    assert answer.status_code == 303
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role) == ("new@example.org", "caseworker")
    assert b"new@example.org" in page("settings_people").content


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"email": "", "role": "caseworker"}, "Enter an email address"),
        ({"email": "nobody", "role": "caseworker"}, "Enter an email address"),
        ({"email": "a@b@example.org", "role": "caseworker"}, "Enter an email address"),
        ({"email": f"{'x' * 250}@example.org", "role": "caseworker"}, "254"),
        ({"email": "a@example.org", "role": ""}, "Choose a role"),
        ({"email": "a@example.org", "role": "king"}, "Choose one of these roles"),
        ({"email": "a@example.org", "role": "admin"}, "Choose one of these roles"),
        ({"email": "a@example.org", "role": "caseworker", "name": "x" * 121}, "120"),
        ({"email": "sam@example.org", "role": "caseworker"}, "belongs to the office already"),
    ],
)
def test_who_cannot_be_invited(send, manager, data, words):
    MembershipFactory(office=manager.office, user=UserFactory(email="sam@example.org"))
    answer = send("settings_people", **data)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert words in body
    assert data["email"][:40] in body, "what was typed stays"
    assert not Invitation.objects.exists()


def test_extra_fields_are_ignored(send, manager):
    other = OfficeFactory()
    send(
        "settings_people",
        email="new@example.org",
        role="caseworker",
        office=other.pk,
        invited_by=1,
        expires_at="2099-01-01",
        is_staff="1",
        is_superuser="1",
        id="77",
    )
    invitation = Invitation.objects.get()
    assert (invitation.office, invitation.invited_by) == (manager.office, manager.user)
    assert invitation.expires_at < timezone.now() + timedelta(hours=73)


def test_an_invitation_is_sent_again_and_taken_back(send, manager):
    send("settings_people", email="new@example.org", role="caseworker")
    invitation = Invitation.objects.get()
    before = invitation.token_hash
    send("invitation_again", invitation.pk)
    invitation.refresh_from_db()
    assert invitation.token_hash != before
    send("invitation_revocation", invitation.pk)
    invitation.refresh_from_db()
    assert invitation.revoked_at
    assert send("invitation_again", invitation.pk).status_code == 303, "refused in words, on the page"


def test_a_role_changes_and_is_in_the_journal(send, sam):
    assert send("settings_person", sam.pk, role="triage", job_title="  Casework\u0007 lead ").status_code == 303
    sam.refresh_from_db()
    assert (sam.role, sam.job_title) == ("triage", "Casework lead")
    assert Event.objects.filter(name="member.role_changed").get().facts["role"] == "triage"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"role": ""}, "Choose a role"),
        ({"role": "king"}, "Choose one of these roles"),
        ({"role": "admin"}, "Choose one of these roles"),
        ({"role": "protection"}, "Choose one of these roles"),
        ({"role": "caseworker", "job_title": "x" * 121}, "at most 120"),
    ],
)
def test_a_role_above_ones_own_is_refused(send, sam, data, words):
    answer = send("settings_person", sam.pk, **data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    sam.refresh_from_db()
    assert sam.role == "caseworker"


def test_nobody_changes_who_stands_above_them(send, page, manager):
    admin = AdminFactory(office=manager.office)
    assert b"You cannot change this role" in page("settings_person", admin.pk).content
    assert send("settings_person", admin.pk, role="caseworker").status_code == 422
    send("person_leaving", admin.pk)
    admin.refresh_from_db()
    assert (admin.role, admin.ended_at) == ("admin", None)


def test_extra_fields_change_nothing_else(send, sam):
    other = OfficeFactory()
    send(
        "settings_person",
        sam.pk,
        role="caseworker",
        office=other.pk,
        user=1,
        ended_at="2020-01-01",
        is_superuser="1",
        email="x@example.org",
    )
    known = Membership.objects.get(pk=sam.pk)
    assert (known.office, known.user, known.ended_at) == (sam.office, sam.user, None)


def test_leaving_and_coming_back(send, sam, client, page):
    send("person_leaving", sam.pk)
    sam.refresh_from_db()
    assert sam.ended_at
    client.force_login(sam.user)
    assert client.get(reverse("desk:home", args=[sam.office.slug])).status_code != 200
    assert b"No longer here" in page("settings_people").content
    send("person_return", sam.pk)
    sam.refresh_from_db()
    assert sam.ended_at is None


def test_nobody_shuts_themselves_out(send, manager):
    send("person_leaving", manager.pk)
    manager.refresh_from_db()
    assert manager.ended_at is None


def test_what_they_have_is_shown_and_handed_over(send, page, sam, manager):
    heir = MembershipFactory(office=manager.office, user=UserFactory(name="Anna Price"))
    case = CaseFactory(office=manager.office, owner=sam.user)
    FollowUpFactory(case=case, assignee=sam.user)
    assert page("settings_person", sam.pk).context["holdings"][:2] == (1, 1)
    assert send("person_hand_over", sam.pk, to=heir.user_id).status_code == 303
    case.refresh_from_db()
    assert case.owner == heir.user
    assert page("settings_person", sam.pk).context["holdings"][:2] == (0, 0)


@pytest.mark.parametrize("to", ["", "abc", "9" * 30, "self", "stranger", "volunteer"])
def test_only_a_colleague_who_does_cases_can_take_over(send, sam, manager, to):
    case = CaseFactory(office=manager.office, owner=sam.user)
    people = {
        "self": sam.user_id,
        "stranger": MembershipFactory().user_id,
        "volunteer": MembershipFactory(office=manager.office, role="volunteer").user_id,
    }
    answer = send("person_hand_over", sam.pk, to=people.get(to, to))
    assert answer.status_code == 422
    case.refresh_from_db()
    assert case.owner == sam.user


def test_signing_out_everywhere_is_written_down(send, sam):
    send("person_sign_out", sam.pk)
    assert Event.objects.filter(name="member.signed_out").exists()


def test_people_of_another_office_are_not_there(send, page):
    stranger = MembershipFactory()
    theirs = office_actions.invite(
        stranger.office, email="x@example.org", role="caseworker", by=None, at=timezone.now()
    )
    assert page("settings_person", stranger.pk).status_code == 404
    for route in ("settings_person", "person_leaving", "person_return", "person_sign_out", "person_hand_over"):
        assert send(route, stranger.pk, role="caseworker", to=stranger.user_id).status_code == 404
    for route in ("invitation_again", "invitation_revocation"):
        assert send(route, theirs.pk).status_code == 404


@pytest.mark.parametrize("role", ["caseworker", "representative", "volunteer", "protection"])
def test_only_those_who_manage_people_get_in(send, page, manager, sam, role):
    member = MembershipFactory(office=manager.office, role=role)
    assert page("settings_people", member=member).status_code == 403
    assert send("settings_person", sam.pk, member=member, role="manager").status_code == 403


def test_the_list_costs_the_same_however_many(client, manager, django_assert_max_num_queries):
    MembershipFactory.create_batch(12, office=manager.office)
    client.force_login(manager.user)
    # session, user, member, people, their teams, those who left, invitations; the shell: other offices, views
    with django_assert_max_num_queries(9):
        client.get(reverse("desk:settings_people", args=[manager.office.slug]))
