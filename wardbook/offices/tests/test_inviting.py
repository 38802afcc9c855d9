"""An invitation is good once, for 72 hours, for one address, and its link is kept nowhere (H5)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from wardbook.accounts.factories import UserFactory
from wardbook.accounts.models import User
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices import actions, events, tasks, tokens
from wardbook.offices.factories import AdminFactory, ManagerFactory, MembershipFactory, OfficeFactory
from wardbook.offices.models import Invitation, Membership
from wardbook.offices.passwords import refuse_office_words

pytestmark = pytest.mark.django_db

MONDAY = datetime(2025, 6, 2, 9, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
PASSWORD = "plum tractor velvet seven"


@pytest.fixture
def manager():
    return ManagerFactory()


def invite(manager, **kwargs):
    given = {"email": "sam@example.org", "role": "caseworker", "by": manager.user, "at": MONDAY} | kwargs
    return actions.invite(manager.office, **given)


def test_inviting_says_who_whom_and_as_what_without_personal_data(manager):
    invitation = invite(manager, email=" Sam@Example.org ", name="Sam Okoro")

    assert (invitation.email, invitation.role, invitation.name) == ("sam@example.org", "caseworker", "Sam Okoro")
    event = Event.objects.about(invitation).get()
    assert (event.name, event.by, event.at) == (events.INVITED, manager.user, MONDAY)
    assert event.facts == {"role": "caseworker", "by_mail": True}


def test_an_invitation_ends_after_72_hours(manager):
    invitation = invite(manager)
    token = actions.new_link(invitation, at=MONDAY)

    assert actions.find(token, at=MONDAY + timedelta(hours=71, minutes=59)) == invitation
    assert actions.find(token, at=MONDAY + timedelta(hours=72)) is None


def test_the_secret_of_a_link_is_long_and_not_kept(manager):
    invitation = invite(manager)
    token = actions.new_link(invitation, at=MONDAY)

    assert len(token) >= 43
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(row)
    assert row["token_hash"] == tokens.hash_of(token)


@pytest.mark.parametrize("token", ["", "x", "a" * 39, "None", "null", "\x00" * 43, "é" * 43, "\ud800" * 43])
def test_an_empty_short_or_odd_token_finds_nothing(manager, token):
    invite(manager)
    Invitation.objects.update(token_hash=tokens.hash_of("x"))
    assert actions.find(token, at=MONDAY) is None


def test_a_new_person_takes_the_place_once(manager):
    invitation = invite(manager)

    member = actions.accept_invitation(invitation, by=None, at=TUESDAY, name="Sam Okoro", password=PASSWORD)

    assert (member.office, member.role, member.user.email) == (manager.office, "caseworker", "sam@example.org")
    assert member.user.check_password(PASSWORD)
    told = Event.objects.filter(at=TUESDAY).order_by("number")
    assert [event.name for event in told] == [events.INVITATION_ACCEPTED, events.MEMBER_JOINED]
    with pytest.raises(RuleBroken, match="used or is too old"):
        actions.accept_invitation(invitation, by=None, at=TUESDAY, name="Eve", password=PASSWORD)
    assert manager.office.memberships.count() == 2


def test_somebody_of_another_office_takes_the_place_as_themselves(manager):
    sam = MembershipFactory(user=UserFactory(email="Sam@example.org"))
    invitation = invite(manager)

    actions.accept_invitation(invitation, by=sam.user, at=TUESDAY)

    assert sam.user.memberships.active().count() == 2
    assert User.objects.filter(email__iexact="sam@example.org").count() == 1


def test_the_link_alone_is_no_way_round_a_password(manager):
    MembershipFactory(user=UserFactory(email="sam@example.org"))
    invitation = invite(manager)

    with pytest.raises(RuleBroken, match="Sign in first"):
        actions.accept_invitation(invitation, by=None, at=TUESDAY, name="Sam", password=PASSWORD)


def test_an_invitation_is_bound_to_its_address(manager):
    invitation = invite(manager)

    with pytest.raises(RuleBroken, match="another address"):
        actions.accept_invitation(invitation, by=MembershipFactory().user, at=TUESDAY)


def test_somebody_who_was_deactivated_comes_back_with_a_new_password(manager):
    sam = UserFactory(email="sam@example.org")
    gone = MembershipFactory(office=manager.office, user=sam, role="volunteer", ended_at=MONDAY)
    sam.deactivate(MONDAY).save()

    member = actions.accept_invitation(invite(manager), by=None, at=TUESDAY, name="x", password=PASSWORD)

    assert member.pk == gone.pk
    assert (member.role, member.ended_at) == ("caseworker", None)
    assert member.user.is_active
    assert member.user.check_password(PASSWORD)


def test_taking_an_invitation_back_kills_its_link(manager):
    invitation = invite(manager)
    token = actions.new_link(invitation, at=MONDAY)

    actions.revoke(invitation, by=manager.user, at=TUESDAY)

    assert actions.find(token, at=TUESDAY) is None
    assert actions.new_link(invitation, at=TUESDAY) is None
    with pytest.raises(RuleBroken):
        actions.accept_invitation(invitation, by=None, at=TUESDAY, name="Sam", password=PASSWORD)
    with pytest.raises(RuleBroken, match="no longer open"):
        actions.invite_again(invitation, by=manager.user, at=TUESDAY)


def test_sending_again_gives_72_hours_more_and_kills_the_old_link(manager):
    invitation = invite(manager)
    old = actions.new_link(invitation, at=MONDAY)
    late = MONDAY + timedelta(hours=80)

    actions.invite_again(invitation, by=manager.user, at=late)

    assert actions.find(old, at=late) is None
    new = actions.new_link(invitation, at=late)
    assert actions.find(new, at=late + timedelta(hours=71)) == invitation


def test_one_address_has_one_open_invitation(manager):
    invite(manager)
    with pytest.raises(RuleBroken, match="open invitation"):
        invite(manager, email="SAM@example.org")
    assert invite(manager, at=MONDAY + timedelta(hours=73)).pk


def test_a_colleague_is_not_invited(manager):
    MembershipFactory(office=manager.office, user=UserFactory(email="sam@example.org"))
    with pytest.raises(RuleBroken, match="belongs to the office already"):
        invite(manager)


@pytest.mark.parametrize("role", ["admin", "protection", "nonsense", ""])
def test_a_manager_invites_nobody_above_a_manager(manager, role):
    with pytest.raises(RuleBroken):
        invite(manager, role=role)
    assert not Invitation.objects.exists()


def test_an_administrator_invites_anybody():
    admin = AdminFactory()
    for role in Membership.Role.values:
        assert invite(admin, email=f"{role}@example.org", role=role).role == role


def test_a_caseworker_or_a_manager_of_elsewhere_invites_nobody(manager):
    for stranger in (MembershipFactory(office=manager.office), ManagerFactory()):
        with pytest.raises(RuleBroken, match="can't give"):
            actions.invite(manager.office, email="a@example.org", role="caseworker", by=stranger.user, at=MONDAY)


def test_the_mail_carries_a_working_link_that_lies_nowhere_else(manager, settings):
    with transaction.atomic():
        invitation = invite(manager, at=datetime.now(UTC))
    tasks.send_invitation.func(invitation.pk)

    (message,) = mail.outbox
    assert message.to == ["sam@example.org"]
    token = re.search(rf"{settings.SITE_URL}/invitations/([\w-]+)/", message.body)[1]
    assert actions.find(token, at=datetime.now(UTC)) == invitation
    invitation.refresh_from_db()
    assert invitation.handed_over_at is not None


def test_the_mail_goes_once_however_often_the_task_runs(manager):
    invitation = invite(manager, at=datetime.now(UTC))
    tasks.send_invitation.func(invitation.pk)
    tasks.send_invitation.func(invitation.pk)
    tasks.send_invitation.func(invitation.pk + 1000)
    assert len(mail.outbox) == 1


def test_a_mail_that_fails_is_tried_again(manager, settings):
    invitation = invite(manager, at=datetime.now(UTC))
    settings.EMAIL_BACKEND = "nowhere.Backend"
    with pytest.raises(ImportError):
        tasks.send_invitation.func(invitation.pk)
    invitation.refresh_from_db()
    assert invitation.handed_over_at is None
    assert list(Invitation.objects.not_handed_over()) == [invitation]


def test_the_queue_holds_no_working_link(manager):
    with transaction.atomic():
        invitation = invite(manager)
    queued = DBTaskResult.objects.get(task_path__endswith="send_invitation")
    assert queued.args_kwargs["args"] == [invitation.pk]


def test_a_password_made_of_the_office_is_refused():
    office = OfficeFactory.build(name="Office of the Member for Glanmor", short_name="Glanmor", slug="glanmor")
    for password in ("Glanmor2025!!", "glanmoroffice1", "Office.Glanmor.99", "samokoro-glanmor1"):
        with pytest.raises(ValidationError):
            refuse_office_words(password, [office], also=["Sam Okoro"])
    refuse_office_words("the glanmor lighthouse keeper", [office], also=["Sam Okoro"])
