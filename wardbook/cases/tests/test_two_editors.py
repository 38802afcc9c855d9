"""Two people save one case: both changes stand, or the second sees both. Nothing is lost silently (R13, S2.14)."""

import random

import pytest

from wardbook.cases import actions
from wardbook.cases.factories import CaseFactory
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.journal.models import Event
from wardbook.lib.rules import Stale


def edit(desk, case, name, htmx="", **changes):
    return desk.post("cases:detail", case.number, name, htmx=htmx, **changes)


def test_the_second_of_two_editors_gets_both_versions(desk, case, sam):
    data = desk.form("cases:detail", case.number, "description")
    actions.edit(case, description="Mould in the kitchen", by=sam, at=TUESDAY)

    response = edit(desk, case, "description", **data | {"description": "Rot in the hall"})

    assert response.status_code == 409
    assert "Mould in the kitchen" in response.text
    assert "Rot in the hall" in response.text
    assert "Sam Okoro" in response.text
    case.refresh_from_db()
    assert case.description == "Mould in the kitchen"


def test_choosing_mine_from_both_versions_saves_it(desk, case, sam):
    data = desk.form("cases:detail", case.number, "description")
    actions.edit(case, description="Mould in the kitchen", by=sam, at=TUESDAY)
    both = edit(desk, case, "description", **data | {"description": "Rot in the hall", "notes": "Since May"})
    keep = dict(both.context["keep"])
    chosen = {field["name"]: field["mine"] for field in both.context["fields"]}

    response = edit(desk, case, "description", version=both.context["version"], **keep, **chosen)

    assert response.status_code == 303
    case.refresh_from_db()
    assert (case.description, case.notes) == ("Rot in the hall", "Since May")


def test_choosing_theirs_leaves_it_as_it_is(desk, case, sam):
    data = desk.form("cases:detail", case.number, "description")
    actions.edit(case, description="Mould in the kitchen", by=sam, at=TUESDAY)
    both = edit(desk, case, "description", **data | {"description": "Rot in the hall"})
    keep = dict(both.context["keep"])
    chosen = {field["name"]: field["theirs"] for field in both.context["fields"]}
    lines = Event.objects.about(case).count()

    assert edit(desk, case, "description", version=both.context["version"], **keep, **chosen).status_code == 303

    case.refresh_from_db()
    assert case.description == "Mould in the kitchen"
    assert Event.objects.about(case).count() == lines


def test_changes_of_different_fields_both_stand(desk, case, sam):
    data = desk.form("cases:priority", case.number)
    actions.edit(case, description="Mould in the kitchen", by=sam, at=TUESDAY)

    response = desk.post("cases:priority", case.number, **data | {"priority": "3"})

    assert response.status_code == 303
    case.refresh_from_db()
    assert (case.description, case.priority) == ("Mould in the kitchen", 3)


def test_a_form_without_a_version_is_out_of_date(desk, case):
    assert desk.post("cases:priority", case.number, priority="3").status_code == 409
    case.refresh_from_db()
    assert case.priority == 0


def test_in_place_both_versions_are_swapped_where_the_form_stood(desk, case, sam):
    data = desk.form("cases:priority", case.number)
    actions.set_priority(case, 1, by=sam, at=TUESDAY)

    response = desk.post(
        "cases:priority", case.number, htmx=f"div#case-{case.number}-priority", **data | {"priority": "3"}
    )

    assert response.status_code == 409
    assert f'id="case-{case.number}-priority"' in response.text
    assert "<html" not in response.text


def test_no_change_writes_nothing(desk, case):
    data = desk.form("cases:detail", case.number, "description")
    assert edit(desk, case, "description", **data).status_code == 303
    assert not Event.objects.about(case).exists()


@pytest.mark.parametrize("seed", range(3))
def test_eight_clients_and_many_saves_lose_nothing(office, worker, seed):
    """Every save is applied or refused; what is there is what the last applied save said."""
    chance = random.Random(seed)
    case = CaseFactory(office=office)
    seen = dict.fromkeys(range(8), case.version)
    last = case.priority
    for _step in range(60):
        who = chance.randrange(8)
        wanted = chance.randrange(4)
        if chance.random() < 0.4:
            case.refresh_from_db()
            seen[who] = case.version
        refused = None
        try:
            actions.set_priority(case, wanted, seen=seen[who], by=worker, at=TUESDAY)
        except Stale as stale:
            refused = stale
        last = last if refused else wanted
        assert refused is None or refused.current.priority == last
    case.refresh_from_db()
    assert case.priority == last


def test_the_same_form_sent_twice_is_done_once(desk, case):
    import uuid

    data = desk.form("cases:priority", case.number) | {"priority": "2"}
    key = uuid.uuid4()
    first = desk.post("cases:priority", case.number, operation=key, **data)
    again = desk.post("cases:priority", case.number, operation=key, **data)

    assert (first.status_code, again.status_code) == (303, 303)
    assert again["Operation-Repeated"] == "true"
    assert Event.objects.about(case).count() == 1
