"""An office starts with the words and fields of its profile, and refuses what can't be one."""

import re
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult

from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices import actions, events, profiles
from wardbook.offices.factories import ManagerFactory, OfficeFactory
from wardbook.offices.models import FieldUse, Invitation, Office

pytestmark = pytest.mark.django_db

MONDAY = datetime(2025, 6, 2, 9, tzinfo=UTC)


def create(**kwargs):
    given = {"name": "Glanmor", "slug": "glanmor", "profile": "representative", "at": MONDAY} | kwargs
    return actions.create_office(**given)


@pytest.mark.parametrize("profile", Office.Profile.values)
def test_every_profile_sets_every_field(profile):
    office = create(profile=profile)
    assert set(office.field_uses.values_list("field", flat=True)) == set(profiles.FIELDS)
    assert office.case_label == profiles.STARTS[profile].case_label
    assert [e.name for e in Event.objects.about(office)] == [events.OFFICE_CREATED]


def test_only_a_council_starts_with_a_triage_team():
    assert not create().teams.exists()
    assert create(slug="eastmarsh", profile="council").teams.get().is_triage


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"slug": "accounts"}, "taken by Wardbook"),
        ({"slug": "me"}, "taken by Wardbook"),
        ({"slug": "../x"}, "Address"),
        ({"slug": "Glan Mor"}, "Address"),
        ({"slug": ""}, "Address"),
        ({"slug": "a" * 41}, "Address"),
        ({"name": ""}, "Name"),
        ({"name": "N" * 121}, "Name"),
        ({"country": "XX"}, "no calendar"),
        ({"subdivision": "XX"}, "no part"),
        ({"time_zone": "Europe/Glanmor"}, "not a time zone"),
        ({"profile": "church"}, "no such kind"),
    ],
)
def test_what_cannot_be_an_office_gets_a_sentence(wrong, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        create(**wrong)
    assert not Office.objects.exists()
    assert not Event.objects.exists()


def test_two_offices_do_not_share_an_address():
    create()
    with pytest.raises(RuleBroken, match="Address"):
        create()


def test_changing_an_office_says_what_but_not_to_what():
    office = create()
    changed = actions.change_office(
        office, changes={"name": "Glanmor West", "case_label": "case"}, by=None, at=MONDAY
    )
    assert changed.name == "Glanmor West"
    assert Event.objects.filter(name=events.OFFICE_CHANGED).get().facts == {"fields": ["name"]}


def test_nothing_new_is_nothing_done():
    office = create()
    actions.change_office(office, changes={"name": "Glanmor"}, by=None, at=MONDAY)
    actions.set_field_use(office, field="tags", use="shown", by=None, at=MONDAY)
    assert [e.name for e in Event.objects.all()] == [events.OFFICE_CREATED]


def test_an_office_changes_only_what_is_its_own_to_change():
    with pytest.raises(ValueError, match="is_demo"):
        actions.change_office(create(), changes={"is_demo": True}, by=None, at=MONDAY)


def test_a_field_is_hidden_shown_or_required():
    office = create()
    actions.set_field_use(office, field="tags", use="required", by=None, at=MONDAY)
    assert office.field_uses.get(field="tags").use == FieldUse.Use.REQUIRED
    for field, use in (("tags", "loud"), ("password", "shown")):
        with pytest.raises(RuleBroken):
            actions.set_field_use(office, field=field, use=use, by=None, at=MONDAY)


def test_a_closure_counts_at_once():
    office = create()
    before = office.working_calendar().working_days_after(date(2025, 6, 6), 1)
    closure = actions.add_closure(office, day=before, reason="Moving house", by=None, at=MONDAY)

    after = office.working_calendar()
    assert after.working_days_after(date(2025, 6, 6), 1) == date(2025, 6, 10)
    assert after.explain(date(2025, 6, 6), 1)[-1].reason == "Moving house"
    for day, reason in ((before, "Again"), (date(2025, 6, 20), "  ")):
        with pytest.raises(RuleBroken):
            actions.add_closure(office, day=day, reason=reason, by=None, at=MONDAY)

    actions.remove_closure(closure, by=None, at=MONDAY)
    assert office.working_calendar().working_days_after(date(2025, 6, 6), 1) == before
    last = Event.objects.order_by("-number").first()
    assert (last.name, last.facts) == (events.CLOSURE_REMOVED, {"day": before.isoformat()})


def test_an_office_without_a_part_of_the_country_has_a_calendar():
    assert OfficeFactory(country="IE", subdivision="").working_calendar().code == "IE"


# --- The commands ---


def said(command, *arguments):
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_a_real_start_needs_two_commands(settings):
    made = said("create_office", "--name=Glanmor", "--address=glanmor", "--calendar=gb-sct")
    office = Office.objects.get()
    assert (office.slug, office.profile, office.country, office.subdivision) == (
        "glanmor",
        "representative",
        "GB",
        "SCT",
    )
    assert f"{settings.SITE_URL}/glanmor/" in made
    assert "wardbook add-user --office glanmor" in made

    told = said("add_user", "--office=glanmor", "--email=mared@example.org", "--name=Mared Hughes")
    token = re.search(rf"{settings.SITE_URL}/invitations/([\w-]+)/", told)[1]
    invitation = actions.find(token, at=datetime.now(UTC))
    assert (invitation.role, invitation.name, invitation.invited_by) == ("manager", "Mared Hughes", None)
    assert invitation.handed_over_at
    assert not mail.outbox
    assert not DBTaskResult.objects.exists()


def test_add_user_can_mail_the_link():
    office = OfficeFactory()
    assert "next mail" in said("add_user", "--email=mared@example.org", "--by-mail", "--role=caseworker")
    assert office.invitations.get().handed_over_at is None
    assert DBTaskResult.objects.count() == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["create_office"], "Name of the office is missing"),
        (["create_office", "--name=X", "--profile=church"], "no such kind"),
        (["create_office", "--name=X", "--address=x1", "--calendar=XX"], "no calendar"),
        (["add_user", "--email=a@example.org"], "no office yet"),
    ],
)
def test_the_commands_answer_with_a_sentence(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        said(*arguments)


def test_add_user_asks_for_what_is_unclear():
    OfficeFactory(slug="first")
    OfficeFactory(slug="second")
    with pytest.raises(CommandError, match=r"Say which office.*first, second"):
        said("add_user", "--email=a@example.org")
    with pytest.raises(CommandError, match="There is no office “third”"):
        said("add_user", "--email=a@example.org", "--office=third")
    with pytest.raises(CommandError, match="not an email address"):
        said("add_user", "--email=anna", "--office=first")
    with pytest.raises(CommandError, match="Say whom"):
        said("add_user", "--office=first")
    with pytest.raises(CommandError, match="no such role"):
        said("add_user", "--email=a@example.org", "--office=first", "--role=king")


def test_the_sweep_finds_invitations_whose_mail_did_not_go_out():
    manager = ManagerFactory()
    actions.invite(manager.office, email="a@example.org", role="caseworker", by=manager.user, at=MONDAY)
    DBTaskResult.objects.all().delete()
    assert said("send_invitations", "--at=2025-06-02T09:05:00Z") == "0 invitations tried again\n"
    assert said("send_invitations", "--at=2025-06-02T09:15:00Z") == "1 invitations tried again\n"
    assert DBTaskResult.objects.count() == 1
    assert said("send_invitations", "--at=2025-06-06T09:15:00Z") == "0 invitations tried again\n"
    assert Invitation.objects.count() == 1
