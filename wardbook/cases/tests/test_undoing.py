"""Every act can be taken back for a day, once, by whoever did it, unless something stands in the way (P12, E68)."""

from datetime import timedelta

import pytest

from wardbook.cases import actions
from wardbook.cases.factories import (
    ActivityFactory,
    CaseAccessFactory,
    CaseFactory,
    CaseLocationFactory,
    FollowUpFactory,
    PartyFactory,
    PartyRoleFactory,
    TagFactory,
    status_of,
)
from wardbook.cases.models import Activity, Case, CaseAccess, Document
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.contacts.factories import ContactFactory
from wardbook.journal.actions import as_one, gathering, take_back
from wardbook.journal.models import Undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import TeamFactory

WEEK = TUESDAY.date() + timedelta(days=7)


def picture(case):
    """Everything about a case that an act may change, but for what only grows: versions, times, the journal."""
    case = Case.objects.get(pk=case.pk)
    columns = {f.attname: getattr(case, f.attname) for f in case._meta.concrete_fields}
    for grows in ("version", "last_activity_at", "first_closed_at"):
        columns.pop(grows)
    live = Activity.objects.filter(case=case, deleted_at__isnull=True).order_by("pk")
    return {
        "case": columns,
        "tags": sorted(case.tags.values_list("name", flat=True)),
        "together": sorted(case.co_assignments.values_list("user_id", flat=True)),
        "access": sorted(case.accesses.values_list("user_id", "grant")),
        "parties": sorted(case.parties.filter(until__isnull=True).values_list("contact_id", "role_id")),
        "places": sorted(case.locations.values_list("text", "postcode")),
        "steps": list(live.values_list("pk", "state", "due_on", "subject", "happened_at", "finished_at")),
        "files": Document.objects.filter(case=case, deleted_at__isnull=True).count(),
    }


def close(case, who, **_):
    FollowUpFactory(case=case)
    before = picture(case)
    actions.close(case, outcome="partly", by=who, at=TUESDAY)
    return before


def changes(prepare, act):
    """An act with what must be there before it."""

    def run(case, who, sam):
        thing = prepare(case, sam)
        before = picture(case)
        act(case, thing, who)
        return before

    return run


def nothing(case, sam):
    return sam


ACTS = {
    "edit": changes(nothing, lambda case, _t, by: actions.edit(case, description="Rot", by=by, at=TUESDAY)),
    "edit a date": changes(
        nothing, lambda case, _t, by: actions.edit(case, opened_on=TUESDAY.date(), by=by, at=TUESDAY)
    ),
    "constituent": changes(
        lambda case, _s: ContactFactory(office=case.office),
        lambda case, contact, by: actions.edit(case, constituent=contact, by=by, at=TUESDAY),
    ),
    "status": changes(
        lambda case, _s: status_of(case.office, "paused"),
        lambda case, status, by: actions.set_status(case, status, by=by, at=TUESDAY),
    ),
    "priority": changes(nothing, lambda case, _t, by: actions.set_priority(case, 3, by=by, at=TUESDAY)),
    "assign": changes(nothing, lambda case, sam, by: actions.assign(case, owner=sam, by=by, at=TUESDAY)),
    "team": changes(
        lambda case, _s: TeamFactory(office=case.office),
        lambda case, team, by: actions.assign(case, owner=None, team=team, by=by, at=TUESDAY),
    ),
    "claim": changes(nothing, lambda case, _t, by: actions.claim(case, by=by, at=TUESDAY)),
    "together": changes(nothing, lambda case, sam, by: actions.co_assign(case, [sam], by=by, at=TUESDAY)),
    "tags": changes(
        lambda case, _s: TagFactory(office=case.office),
        lambda case, tag, by: actions.set_tags(case, [tag], by=by, at=TUESDAY),
    ),
    "waiting": changes(nothing, lambda case, _t, by: actions.wait_on(case, "constituent", by=by, at=TUESDAY)),
    "deadline": changes(nothing, lambda case, _t, by: actions.set_deadline(case, WEEK, by=by, at=TUESDAY)),
    "let in": changes(nothing, lambda case, sam, by: actions.let_in(case, sam, by=by, at=TUESDAY)),
    "keep out": changes(nothing, lambda case, sam, by: actions.keep_out(case, sam, reason="Kin", by=by, at=TUESDAY)),
    "end access": changes(
        lambda case, sam: CaseAccessFactory(case=case, user=sam),
        lambda case, access, by: actions.end_access(access, by=by, at=TUESDAY),
    ),
    "add party": changes(
        lambda case, _s: (PartyRoleFactory(office=case.office), ContactFactory(office=case.office)),
        lambda case, pair, by: actions.add_party(case, role=pair[0], contact=pair[1], by=by, at=TUESDAY),
    ),
    "end party": changes(
        lambda case, _s: PartyFactory(case=case),
        lambda case, party, by: actions.end_party(party, by=by, at=TUESDAY),
    ),
    "add place": changes(nothing, lambda case, _t, by: actions.add_place(case, text="Mill Lane", by=by, at=TUESDAY)),
    "remove place": changes(
        lambda case, _s: CaseLocationFactory(case=case, postcode="GM1 4AB"),
        lambda case, place, by: actions.remove_place(place, by=by, at=TUESDAY),
    ),
    "delete": changes(nothing, lambda case, _t, by: actions.delete(case, by=by, at=TUESDAY)),
    "plan": changes(
        nothing,
        lambda case, sam, by: actions.plan_activity(
            case.office, case=case, subject="Ring", due_on=WEEK, assignee=sam, by=by, at=TUESDAY
        ),
    ),
    "finish": changes(
        lambda case, _s: FollowUpFactory(case=case),
        lambda case, step, by: actions.finish_activity(step, by=by, at=TUESDAY),
    ),
    "move": changes(
        lambda case, _s: FollowUpFactory(case=case),
        lambda case, step, by: actions.move_activity(step, WEEK + timedelta(days=9), by=by, at=TUESDAY),
    ),
    "cancel": changes(
        lambda case, _s: FollowUpFactory(case=case),
        lambda case, step, by: actions.cancel_activity(step, by=by, at=TUESDAY),
    ),
    "edit entry": changes(
        lambda case, _s: ActivityFactory(case=case),
        lambda case, entry, by: actions.edit_activity(entry, subject="Rang twice", by=by, at=TUESDAY),
    ),
    "log with follow-up": changes(
        lambda case, _s: ActivityFactory(case=case).type,
        lambda case, kind, by: actions.log_activity(
            case.office,
            case=case,
            type=kind,
            subject="Rang",
            follow_up=actions.FollowUp("Ring again", WEEK, by),
            by=by,
            at=TUESDAY,
        ),
    ),
    "file on case": changes(
        lambda case, _s: ActivityFactory(
            case=None, office=case.office, contact=case.constituent, type=ActivityFactory(case=case).type
        ),
        lambda case, entry, by: actions.file_on_case([entry], case, by=by, at=TUESDAY),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_taken_back_whole(case, worker, sam, newest_undo, name):
    before = ACTS[name](case, worker, sam)
    assert picture(case) != before

    take_back(newest_undo(worker), by=worker, at=TUESDAY)

    assert picture(case) == before


def test_opening_a_case_is_taken_back_into_the_bin(office, worker, newest_undo):
    case = actions.open_case(office, description="Damp", is_anonymous=True, by=worker, at=TUESDAY)
    take_back(newest_undo(worker), by=worker, at=TUESDAY)
    case.refresh_from_db()
    assert case.deleted_at == TUESDAY


def test_opening_is_not_taken_back_once_it_was_worked_on(office, worker, sam, newest_undo):
    case = actions.open_case(office, description="Damp", is_anonymous=True, by=worker, at=TUESDAY)
    actions.add_internal_note(case, text="I rang.", by=sam, at=TUESDAY + timedelta(minutes=1))
    with pytest.raises(RuleBroken, match="worked on"):
        take_back(newest_undo(worker), by=worker, at=TUESDAY + timedelta(minutes=2))


def test_restricting_is_taken_back(case, manager, newest_undo):
    actions.restrict(case, by=manager, at=TUESDAY)
    take_back(newest_undo(manager), by=manager, at=TUESDAY)
    case.refresh_from_db()
    assert not case.is_restricted


def test_it_is_taken_back_once(case, worker, newest_undo):
    actions.set_priority(case, 3, by=worker, at=TUESDAY)
    undo = newest_undo(worker)
    take_back(undo, by=worker, at=TUESDAY)
    with pytest.raises(RuleBroken, match="already undone"):
        take_back(undo, by=worker, at=TUESDAY)


def test_what_somebody_changed_since_stays(case, worker, sam, newest_undo):
    actions.set_priority(case, 3, by=worker, at=TUESDAY)
    actions.set_priority(case, 1, by=sam, at=TUESDAY)
    with pytest.raises(RuleBroken, match="changed later"):
        take_back(newest_undo(worker), by=worker, at=TUESDAY)
    case.refresh_from_db()
    assert case.priority == 1


def test_another_field_that_somebody_changed_since_does_not_stand_in_the_way(case, worker, sam, newest_undo):
    actions.set_priority(case, 3, by=worker, at=TUESDAY)
    actions.edit(case, description="Rot", by=sam, at=TUESDAY)
    take_back(newest_undo(worker), by=worker, at=TUESDAY)
    case.refresh_from_db()
    assert (case.priority, case.description) == (0, "Rot")


def test_undoing_a_close_leaves_the_way_free_to_undo_what_came_before(case, worker):
    step = actions.plan_activity(
        case.office, case=case, subject="Ring", due_on=TUESDAY.date(), assignee=worker, by=worker, at=TUESDAY
    )
    actions.move_activity(step, WEEK, by=worker, at=TUESDAY)
    actions.close(case, outcome="partly", by=worker, at=TUESDAY)
    closed, moved, planned = Undo.objects.filter(by=worker).order_by("-pk")

    take_back(closed, by=worker, at=TUESDAY)
    step.refresh_from_db()
    assert (step.state, step.due_on) == ("planned", WEEK)
    take_back(moved, by=worker, at=TUESDAY)
    step.refresh_from_db()
    assert step.due_on == TUESDAY.date()
    take_back(planned, by=worker, at=TUESDAY)
    step.refresh_from_db()
    assert step.deleted_at == TUESDAY


def test_a_step_that_was_moved_again_is_not_moved_back(case, worker, sam):
    step = FollowUpFactory(case=case, due_on=TUESDAY.date())
    actions.move_activity(step, WEEK, by=worker, at=TUESDAY)
    actions.move_activity(step, WEEK + timedelta(days=1), by=sam, at=TUESDAY)
    with pytest.raises(RuleBroken, match="changed later"):
        take_back(Undo.objects.get(by=worker), by=worker, at=TUESDAY)


def test_after_a_day_it_is_too_late(case, worker, newest_undo):
    actions.set_priority(case, 3, by=worker, at=TUESDAY)
    with pytest.raises(RuleBroken, match="no longer"):
        take_back(newest_undo(worker), by=worker, at=TUESDAY + timedelta(hours=24))


def test_whoever_may_no_longer_see_the_case_takes_nothing_back(case, worker, manager, newest_undo):
    actions.set_priority(case, 3, by=worker, at=TUESDAY)
    actions.keep_out(case, worker, reason="Their aunt", by=manager, at=TUESDAY)
    with pytest.raises(RuleBroken, match="no longer there for you"):
        take_back(newest_undo(worker), by=worker, at=TUESDAY)


def test_a_bulk_act_is_one_to_take_back(office, worker, newest_undo):
    cases = [CaseFactory(office=office) for _ in range(3)]
    actions.in_bulk(cases, actions.set_priority, priority=3, by=worker, at=TUESDAY, label="3 cases: High")
    assert Undo.objects.filter(by=worker).count() == 1
    take_back(newest_undo(worker), by=worker, at=TUESDAY)
    assert set(Case.objects.values_list("priority", flat=True)) == {0}


def test_only_what_was_done_within_is_taken_back_as_one(case, worker, newest_undo):
    """Not whatever the person did at the same moment, and nothing that a savepoint took back already."""

    def close_and_regret(case, **who):
        actions.close(case, outcome="resolved", **who)
        raise RuleBroken("Not today.")

    actions.set_priority(case, 3, by=worker, at=TUESDAY)
    with gathering() as undos:
        case = actions.assign(case, owner=worker, team=None, by=worker, at=TUESDAY)
        actions.in_bulk([case], close_and_regret, by=worker, at=TUESDAY, label="Closed")
        with gathering() as inner:
            actions.set_tags(case, [TagFactory(office=case.office, name="Damp")], by=worker, at=TUESDAY)
        as_one(inner, label="Tagged")
    as_one(undos, label="Both")
    assert list(Undo.objects.filter(by=worker).order_by("pk").values_list("label", flat=True))[1:] == ["Both"]
    take_back(newest_undo(worker), by=worker, at=TUESDAY)
    case.refresh_from_db()
    assert (case.priority, case.owner, list(case.tags.all())) == (3, None, [])


def test_a_summer_time_moment_is_compared_as_the_moment_it_is(case, worker, newest_undo):
    """A moment given in London time comes back from the database in UTC."""
    from zoneinfo import ZoneInfo

    at = TUESDAY.astimezone(ZoneInfo("Europe/London"))
    actions.close(case, outcome="resolved", by=worker, at=at)
    take_back(newest_undo(worker), by=worker, at=at)
    case.refresh_from_db()
    assert not case.is_closed


def test_access_that_was_there_before_is_there_again(case, worker, sam, newest_undo):
    CaseAccessFactory(case=case, user=sam, grant="reader", reason="Speaks Welsh")
    actions.keep_out(case, sam, reason="Kin", by=worker, at=TUESDAY)
    take_back(newest_undo(worker), by=worker, at=TUESDAY)
    assert CaseAccess.objects.get(case=case, user=sam).grant == "reader"
