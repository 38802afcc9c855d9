from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from wardbook.journal import verifying
from wardbook.journal.actions import Line, OutsideTransaction, record, record_many
from wardbook.journal.models import ChainHead, Event
from wardbook.journal.reactions import _reactions, reacts_to
from wardbook.offices.factories import OfficeFactory

MONDAY = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def event_about(thing, *, at, name="test.happened", **facts):
    return record(name, about=thing, by=None, at=at, **facts)


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def written(office):
    """Six lines, in order."""
    start = Event.objects.filter(office=office).count()
    for minute in range(6):
        event_about(office, at=MONDAY + timedelta(minutes=minute), step=minute)
    return list(Event.objects.filter(office=office, number__gt=start).order_by("number"))


def problems(office):
    return [f"{flaw.number} {flaw.problem}" for flaw in verifying.flaws(office.pk)]


def test_a_journal_that_nobody_touched_holds(office, written):
    assert problems(office) == []


def test_lines_are_numbered_without_gaps_in_each_office(office, written):
    other = OfficeFactory()
    event_about(other, at=MONDAY)
    event_about(office, at=MONDAY)
    for each in (office, other):
        numbers = list(Event.objects.filter(office=each).order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "case.closed"),
        ("at", MONDAY + timedelta(days=1)),
        ("recorded_at", MONDAY - timedelta(days=1)),
        ("facts", {"step": 99}),
        ("subject_id", 987654),
        ("case_id", 5),
    ],
)
def test_an_altered_line_is_named(office, written, column, value):
    Event.objects.filter(pk=written[2].pk).update(**{column: value})
    assert problems(office) == [f"{written[2].number} was altered after it was written"]


def test_a_removed_line_is_named(office, written):
    Event.objects.filter(pk=written[2].pk)._raw_delete(using="default")
    assert problems(office) == [f"{written[2].number} line {written[2].number} is missing"]


def test_swapped_lines_are_named(office, written):
    first, second = written[1], written[2]
    Event.objects.filter(pk=first.pk).update(number=10_000)
    Event.objects.filter(pk=second.pk).update(number=first.number)
    Event.objects.filter(pk=first.pk).update(number=second.number)
    named = {line.split(" ", 1)[0] for line in problems(office)}
    assert {str(first.number), str(second.number)} <= named


def test_an_inserted_line_is_named(office, written):
    last = written[-1]
    forged = Event.objects.get(pk=last.pk)
    forged.pk, forged.number, forged.previous = None, last.number + 1, last.digest
    forged.save()
    assert any(line.startswith(f"{forged.number} was altered") for line in problems(office))


def test_a_cut_end_is_named(office, written):
    Event.objects.filter(pk=written[-1].pk)._raw_delete(using="default")
    last = written[-1].number
    assert problems(office) == [f"{last} the journal ends at line {last - 1}, but {last} lines were written"]


def test_the_command_says_which_line_and_fails(office, written):
    Event.objects.filter(pk=written[3].pk).update(facts={"step": "forged"})
    out = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("verify_journal", "--office", office.slug, stdout=out, stderr=StringIO())
    assert stop.value.code == 1
    assert f"{office.slug}: line {written[3].number} was altered" in out.getvalue()


def test_the_command_says_that_all_holds(office, written):
    out = StringIO()
    call_command("verify_journal", "--office", office.slug, stdout=out)
    assert f"{written[-1].number} lines, all hold" in out.getvalue()


def test_many_lines_are_one_chain(office, written):
    with transaction.atomic():
        record_many([Line("test.bulk", office, {"n": n}) for n in range(20)], by=None, at=MONDAY)
    assert problems(office) == []
    head = ChainHead.objects.get(office=office)
    assert head.number == Event.objects.filter(office=office).count()


def test_one_call_writes_the_journal_of_one_office(office):
    with pytest.raises(ValueError, match="one office"), transaction.atomic():
        record_many([Line("test", office), Line("test", OfficeFactory())], by=None, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction():
    office = OfficeFactory()
    assert not connection.in_atomic_block
    with pytest.raises(OutsideTransaction):
        record("test.happened", about=office, by=None, at=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_line():
    office = OfficeFactory()
    before = Event.objects.count()

    @transaction.atomic
    def act():
        event_about(office, at=MONDAY)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert Event.objects.count() == before
    assert problems(office) == []


def test_reactions_hear_their_events_in_order_and_in_the_transaction(office):
    heard = []

    @reacts_to("test.heard")
    def first(event):
        heard.append(("first", event.facts))

    @reacts_to("test.heard", "test.other")
    def second(event):
        heard.append(("second", event.name))

    try:
        event_about(office, at=MONDAY, name="test.heard", n=1)
        event_about(office, at=MONDAY, name="test.other")
    finally:
        _reactions.pop("test.heard")
        _reactions.pop("test.other")
    assert heard == [("first", {"n": 1}), ("second", "test.heard"), ("second", "test.other")]
