"""A13: a query over the walls of an office fails the test during which it was asked. The wall itself is proved here;
conftest.py keeps it up around every request of every test."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from tests.office_wall import Unscoped, answering
from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Case, CaseNote, CaseTag
from wardbook.cases.models.case import CaseQuerySet
from wardbook.journal.models import Event
from wardbook.offices.factories import MembershipFactory
from wardbook.offices.models import Membership, Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return CaseFactory()


@pytest.fixture
def request_of(case):
    """A request whose gate has let somebody into the office of the case."""

    def ask(question):
        with answering() as wall:
            wall.known["offices_office"].add(case.office_id)
            return question()

    return ask


def asked_over(case):
    """Ways to ask that forget the office."""
    foreign = case.pk
    return {
        "all of them": lambda: list(Case.objects.all()),
        "by a number out of the address": lambda: Case.objects.filter(number=case.number).first(),
        "by an id out of the address": lambda: Case.objects.get(pk=foreign),
        "by ids out of a form": lambda: list(CaseNote.objects.filter(case__in=[foreign])),
        "by what is not of the office": lambda: list(Case.objects.filter(owner_id=1)),
        "of another office": lambda: Case.objects.filter(office_id=case.office_id + 1).count(),
        "the office or anything": lambda: list(Case.objects.filter(Q(office_id=case.office_id) | Q(number=1))),
        "all but the office": lambda: Case.objects.exclude(office_id=case.office_id).exists(),
        "a count": Case.objects.count,
        "a sum of groups": lambda: list(Case.objects.values("status").annotate(Count("pk"))),
        "a change": lambda: Case.objects.filter(number=1).update(priority=1),
        "a deletion": lambda: CaseTag.objects.filter(opened_on__isnull=False).delete(),
        "a union with one half open": lambda: list(
            Case.objects.filter(office_id=case.office_id).union(Case.objects.filter(number=1))
        ),
        "behind people": lambda: list(get_user_model().objects.filter(memberships__role="manager")),
        "inside a query that is kept": lambda: list(
            Case.objects.filter(office_id=case.office_id).annotate(any=Exists(Team.objects.filter(name="Housing")))
        ),
        "through an open list": lambda: list(Case.objects.filter(owner_team__in=Team.objects.filter(name="x"))),
        "lines of the journal": lambda: Event.objects.filter(subject_type="cases.case", subject_id=foreign).first(),
        "by hand": lambda: connection.cursor().execute('SELECT "number" FROM "cases_case"').fetchall(),
    }


def asked_within(case):
    """Ways to ask that are kept to the office."""
    return {
        "by the office": lambda: list(Case.objects.filter(office_id=case.office_id, number=case.number)),
        "what hangs on a row that was given": lambda: CaseNote.objects.filter(
            case=Case.objects.get(office_id=case.office_id, number=case.number)
        ).count(),
        "a row that was given, changed": lambda: Case.objects.get(office_id=case.office_id, pk=case.pk).save(),
        "a row that was just written": lambda: Team.objects.create(
            office_id=case.office_id, name="x"
        ).refresh_from_db(),
        "the row of the query around it": lambda: list(
            Case.objects.filter(office_id=case.office_id).annotate(
                tagged=Exists(CaseTag.objects.filter(case=OuterRef("pk")))
            )
        ),
        "through a list of the office": lambda: list(
            Case.objects.filter(owner_team__in=Team.objects.filter(office_id=case.office_id))
        ),
        "members of the office": lambda: list(
            get_user_model().objects.filter(
                pk__in=Membership.objects.filter(office_id=case.office_id).values("user_id")
            )
        ),
        "nothing at all": lambda: list(Case.objects.filter(pk__in=[])),
        "what belongs to no office": get_user_model().objects.count,
        "by hand": lambda: connection.cursor().execute(
            'SELECT "number" FROM "cases_case" WHERE "office_id" = %s', [case.office_id]
        ),
    }


def test_each_way_over_the_wall_is_caught(case, request_of):
    got_through = []
    for way, question in asked_over(case).items():
        try:
            request_of(question)
        except Unscoped:
            continue
        got_through.append(way)
    assert got_through == []


def test_ways_within_the_walls_are_let_through(case, request_of):
    for question in asked_within(case).values():
        request_of(question)


def test_the_query_is_named(case):
    with pytest.raises(Unscoped, match=r'FROM "cases_case".*"number" = '), answering():
        Case.objects.filter(number=77).exists()


def test_the_wall_is_up_around_every_request(client, monkeypatch):
    """A door that forgets the office fails whichever test goes through it, with the line that asked."""
    member = MembershipFactory(role="manager")
    client.force_login(member.user)
    address = reverse("desk:case", args=[member.office.slug, 1])
    assert client.get(address).status_code == 404
    monkeypatch.setattr(CaseQuerySet, "visible_to", lambda cases, member: cases)
    with pytest.raises(Unscoped, match=r"wardbook/cases/views/door.py:find_case, line \d+: SELECT"):
        client.get(address)
