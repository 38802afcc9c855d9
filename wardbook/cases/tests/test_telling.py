"""The journal in words: who did what, from what to what, by name (S3.5)."""

from datetime import timedelta

import pytest

from wardbook.cases import actions, events, telling
from wardbook.cases.factories import (
    ActivityFactory,
    CaseFactory,
    DocumentFactory,
    FollowUpFactory,
    PartyRoleFactory,
    TagFactory,
    status_of,
)
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.journal.models import Event
from wardbook.offices.factories import TeamFactory
from wardbook.vocabulary.factories import CategoryFactory

FRIDAY = TUESDAY.date() + timedelta(days=3)


def last(case):
    lines = list(Event.objects.on_case(case.pk).order_by("-number")[:1])
    return telling.told(lines)[lines[0].pk]


def test_every_event_is_told_or_has_its_own_entry():
    names = {value for name, value in vars(events).items() if name.isupper()}
    gone = {events.PURGED, events.IMPORT_TAKEN_BACK}  # the case is no longer there to tell it on
    told = set(telling._SENTENCES) | telling.UNTOLD | gone
    assert names == told


def test_every_event_says_what_it_is_beside_its_name():
    from pathlib import Path

    lines = Path(events.__file__).read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line[:1].isupper():
            assert len(line.partition("  # ")[2]) > 3, line


SAID = {
    "status": (
        lambda c, w, s: actions.set_status(c, status_of(c.office, "open"), by=w, at=TUESDAY),
        "Anna Price: status New → Acknowledged",
    ),
    "priority": (
        lambda c, w, s: actions.set_priority(c, 3, by=w, at=TUESDAY),
        "Anna Price: priority None → High",
    ),
    "assign": (
        lambda c, w, s: actions.assign(c, owner=s, by=w, at=TUESDAY),
        "Anna Price assigned: nobody → Sam Okoro",
    ),
    "team": (
        lambda c, w, s: actions.assign(
            c, owner=None, team=TeamFactory(office=c.office, name="Housing"), by=w, at=TUESDAY
        ),
        "Anna Price assigned: no team → Housing",
    ),
    "together": (
        lambda c, w, s: actions.co_assign(c, [s], by=w, at=TUESDAY),
        "Anna Price: working on it too: Sam Okoro",
    ),
    "tags": (
        lambda c, w, s: actions.set_tags(c, [TagFactory(office=c.office, name="damp")], by=w, at=TUESDAY),
        "Anna Price: added tag damp",
    ),
    "waiting": (
        lambda c, w, s: actions.wait_on(
            c, "agency", agency=AgencyFactory(office=c.office, organisation_name="Home Office"), by=w, at=TUESDAY
        ),
        "Anna Price: waiting on Home Office",
    ),
    "deadline": (
        lambda c, w, s: actions.set_deadline(c, FRIDAY, by=w, at=TUESDAY),
        "Anna Price set the deadline to Fri 6 Jun",
    ),
    "no deadline": (
        lambda c, w, s: actions.set_deadline(
            actions.set_deadline(c, FRIDAY, by=w, at=TUESDAY), None, by=w, at=TUESDAY
        ),
        "Anna Price removed the deadline",
    ),
    "category": (
        lambda c, w, s: actions.edit(
            c, category=CategoryFactory(office=c.office, name="Damp", policy_area__name="Housing"), by=w, at=TUESDAY
        ),
        "Anna Price changed Category none → Damp; Policy area none → Housing",
    ),
    "free text": (
        lambda c, w, s: actions.edit(c, description="Rot", by=w, at=TUESDAY),
        "Anna Price changed What it is about",
    ),
    "close": (
        lambda c, w, s: actions.close(c, outcome="partly", by=w, at=TUESDAY),
        "Anna Price closed the case: Partly",
    ),
    "restrict": (lambda c, w, s: actions.restrict(c, by=w, at=TUESDAY), "Anna Price restricted the case"),
    "let in": (lambda c, w, s: actions.let_in(c, s, by=w, at=TUESDAY), "Anna Price let Sam Okoro in"),
    "party": (
        lambda c, w, s: actions.add_party(
            c,
            role=PartyRoleFactory(office=c.office, name="Solicitor"),
            contact=ContactFactory(office=c.office, given_name="Omar", family_name="Haddad"),
            by=w,
            at=TUESDAY,
        ),
        "Anna Price added Omar Haddad as Solicitor",
    ),
    "place": (
        lambda c, w, s: actions.add_place(c, text="Mill Lane", by=w, at=TUESDAY),
        "Anna Price added a place",
    ),
    "moved": (
        lambda c, w, s: actions.move_activity(FollowUpFactory(case=c), FRIDAY, by=w, at=TUESDAY),
        "Anna Price moved “Ring back”: Mon 9 Jun → Fri 6 Jun",
    ),
    "cancelled": (
        lambda c, w, s: actions.cancel_activity(FollowUpFactory(case=c), by=w, at=TUESDAY),
        "Anna Price cancelled “Ring back”",
    ),
    "file gone": (
        lambda c, w, s: actions.remove_document(DocumentFactory(activity=ActivityFactory(case=c)), by=w, at=TUESDAY),
        "Anna Price took off the file “letter.txt”",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_an_act_is_told(case, worker, sam, name):
    act, said = SAID[name]
    act(case, worker, sam)
    assert last(case) == said


def test_the_clock_has_a_name(case):
    actions.close(case, outcome="resolved", by=None, at=TUESDAY)
    assert last(case).startswith("Wardbook closed the case")


def test_back_dating_is_told(office, worker):
    case = actions.open_case(
        office, description="Damp", is_anonymous=True, opened_on=FRIDAY - timedelta(days=30), by=worker, at=TUESDAY
    )
    assert last(case) == "Anna Price opened the case, dated Wed 7 May"


def test_all_names_are_one_query(case, worker, sam, django_assert_num_queries):
    for act, _said in list(SAID.values())[:9]:
        case.refresh_from_db()
        act(case, worker, sam)
    lines = list(Event.objects.on_case(case.pk))
    with django_assert_num_queries(1):  # the union of all names
        telling.told(lines)


def test_what_is_gone_is_said_to_be_gone(case, worker):
    tag = TagFactory(office=case.office)
    actions.set_tags(case, [tag], by=worker, at=TUESDAY)
    actions.set_tags(case, [], by=worker, at=TUESDAY)
    tag.delete()
    assert last(case) == "Anna Price: removed tag something that is gone"


def test_a_case_without_lines_is_told_in_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert telling.told([]) == {}


def test_an_event_nobody_taught_us_is_named(case, worker):
    CaseFactory(office=case.office)
    from django.db import transaction

    from wardbook.journal.actions import record

    with transaction.atomic():
        record("case.enchanted", about=case, by=worker, at=TUESDAY)
    assert last(case) == "Anna Price: case.enchanted"
