"""Several people at once, with real threads and real connections (R13, R14, R15, R18, V1, V2)."""

import threading
import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from wardbook import invariants
from wardbook.cases import actions as case_actions
from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Case, InternalNote
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory
from wardbook.vocabulary import actions as vocabulary_actions

MONDAY = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office():
    office = OfficeFactory()
    vocabulary_actions.seed_lists(office, by=None, at=MONDAY)
    return office


def at_once(*acts):
    """Run acts in threads that start together; returns what each gave or raised."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        try:
            barrier.wait(timeout=20)
            results[index] = act()
        except Exception as problem:
            results[index] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_of_many_who_take_a_case_one_gets_it(office):
    case = CaseFactory(office=office, owner=None)
    people = [CaseworkerFactory(office=office) for _each in range(6)]
    results = at_once(*[lambda user=user: case_actions.claim(case, by=user, at=MONDAY) for user in people])

    case.refresh_from_db()
    assert [type(result) for result in results].count(Case) == 1
    assert all(isinstance(result, Case | RuleBroken) for result in results), results
    assert case.owner == next(user for user, r in zip(people, results, strict=True) if isinstance(r, Case))
    assert Event.objects.about(case).filter(name="case.assigned").count() == 1


def test_no_save_is_lost_without_a_word(office):
    cases = [CaseFactory(office=office) for _each in range(4)]
    people = [CaseworkerFactory(office=office) for _each in range(4)]
    applied: list[tuple[int, str]] = []

    def edit_often(user, number):
        for turn in range(12):
            case = Case.objects.get(pk=cases[(turn + number) % 4].pk)
            text = f"By {number}, turn {turn}"
            try:
                case_actions.edit(case, description=text, by=user, at=MONDAY, seen=case.version)
            except Stale:
                continue
            applied.append((case.pk, text))

    results = at_once(*[lambda u=user, n=n: edit_often(u, n) for n, user in enumerate(people)])
    assert results == [None] * 4
    for case in cases:
        case.refresh_from_db()
        saves = [text for pk, text in applied if pk == case.pk]
        assert case.version == 1 + len(saves)
        assert case.description in saves
        assert Event.objects.about(case).filter(name="case.edited").count() == len(saves)


def test_numbers_are_given_once_and_without_gaps(office):
    first = office.last_case_number
    user = CaseworkerFactory(office=office)

    def open_some():
        for _turn in range(5):
            case_actions.open_case(office, description="Damp", is_anonymous=True, by=user, at=MONDAY)

    assert at_once(*[open_some] * 5) == [None] * 5
    numbers = sorted(Case.objects.filter(office=office).values_list("number", flat=True))
    assert numbers == list(range(first + 1, first + 26))
    assert list(invariants.broken_journals()) == []


@pytest.mark.parametrize("times", [2, 8])
def test_a_form_sent_at_once_several_times_counts_once(office, times):
    case, user, key = CaseFactory(office=office), CaseworkerFactory(office=office), str(uuid.uuid4())
    address = reverse("cases:notes", args=[office.slug, case.number])
    clients = [Client() for _each in range(times)]
    for client in clients:
        client.force_login(user)
    fields = {"operation": key, "text": "Rang, no answer."}
    answers = at_once(*[lambda c=client: c.post(address, fields) for client in clients])

    assert InternalNote.objects.filter(case=case).count() == 1
    assert {(answer.status_code, answer.headers.get("Location")) for answer in answers} == {
        (answers[0].status_code, answers[0].headers.get("Location"))
    }
    assert answers[0].status_code == 303
    assert sum("Operation-Repeated" in answer.headers for answer in answers) == times - 1


def test_two_bulk_acts_in_opposite_order_do_not_lock_each_other_out(office):
    cases = [CaseFactory(office=office) for _each in range(8)]
    users = [CaseworkerFactory(office=office) for _each in range(2)]

    def act(order, user, priority):
        for _turn in range(5):
            case_actions.in_bulk(
                order, case_actions.set_priority, priority=priority, by=user, at=MONDAY, label="Priority"
            )

    results = at_once(lambda: act(cases, users[0], 1), lambda: act(cases[::-1], users[1], 3))
    assert results == [None, None]
    assert set(Case.objects.values_list("priority", flat=True)) <= {1, 3}
    connection.close()
