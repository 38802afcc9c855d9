"""Closing a case: the outcome, the planned steps, what the gate asks for, taking it back."""

import pytest
from django.db import IntegrityError, transaction

from wardbook.cases import actions, events, gate
from wardbook.cases.factories import MONDAY, CaseFactory, CaseTagFactory, FollowUpFactory
from wardbook.cases.models import Case
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.offices.models import FieldUse
from wardbook.vocabulary.factories import CategoryFactory, TagFactory
from wardbook.vocabulary.models import Status


def require(office, *fields):
    for field in fields:
        FieldUse.objects.create(office=office, field=field, use="required")


def test_closing_says_who_when_and_how(case, worker):
    was = case.status_id

    closed = actions.close(case, outcome="resolved", note="The flat was dried.", by=worker, at=TUESDAY)

    closed.refresh_from_db()
    assert (closed.status_class, closed.outcome, closed.closed_at) == ("closed", "resolved", TUESDAY)
    assert closed.first_closed_at == TUESDAY
    event = Event.objects.about(case).get()
    assert (event.name, event.by, event.at) == (events.CLOSED, worker, TUESDAY)
    assert event.facts["was"] == was
    assert event.facts["outcome"] == "resolved"


def test_a_case_closes_once(case, worker):
    actions.close(case, outcome="resolved", by=worker, at=TUESDAY)

    with pytest.raises(RuleBroken, match="already closed"):
        actions.close(case, outcome="partly", by=worker, at=TUESDAY)

    assert Event.objects.about(case).count() == 1


def test_the_database_refuses_a_closed_case_with_no_outcome(case):
    closed = Status.objects.get(office=case.office, status_class="closed")

    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(status=closed, status_class="closed", closed_at=MONDAY)


def test_planned_steps_are_cancelled_kept_or_done_as_chosen(case, worker):
    cancelled, kept, done = (FollowUpFactory(case=case) for _ in range(3))

    actions.close(
        case, outcome="resolved", keep=frozenset({kept.pk}), done=frozenset({done.pk}), by=worker, at=TUESDAY
    )

    for step in (cancelled, kept, done):
        step.refresh_from_db()
    assert (cancelled.state, kept.state, done.state) == ("cancelled", "planned", "done")
    assert (done.happened_at, done.finished_by) == (TUESDAY, worker)
    case.refresh_from_db()
    assert case.next_step_on is None


def test_the_form_lists_the_planned_steps_and_does_with_them_what_was_chosen(desk, case):
    cancelled, kept, done = (FollowUpFactory(case=case, subject=f"Step {n}") for n in range(3))
    page = desk.get("cases:closure", case.number)
    assert all(f"Step {n}" in page.text for n in range(3))

    data = desk.form("cases:closure", case.number) | {
        "outcome": "resolved",
        f"step-{kept.pk}": "keep",
        f"step-{done.pk}": "done",
        f"step-{cancelled.pk}": "cancel",
    }
    response = desk.post("cases:closure", case.number, **data)

    assert response.status_code == 303
    for step in (cancelled, kept, done):
        step.refresh_from_db()
    assert (cancelled.state, kept.state, done.state) == ("cancelled", "planned", "done")


def test_without_an_outcome_the_form_comes_back_with_what_was_typed(desk, case):
    data = desk.form("cases:closure", case.number) | {"note": "Dried out"}

    response = desk.post("cases:closure", case.number, **data)

    assert response.status_code == 422
    assert "Say how the case ended." in response.text
    assert "Dried out" in response.text
    case.refresh_from_db()
    assert not case.is_closed


def test_the_gate_asks_in_the_same_form_and_its_answers_are_saved_with_it(desk, case, office):
    require(office, "policy_area", "category", "tags")
    category = CategoryFactory(office=office, policy_area__office=office)
    tag = TagFactory(office=office)
    data = desk.form("cases:closure", case.number) | {"outcome": "resolved"}
    refused = desk.post("cases:closure", case.number, **data)
    assert refused.status_code == 422
    assert refused.text.count("the office asks for it") >= 3

    data |= {"policy_area": category.policy_area_id, "category": category.pk, "tags": [tag.pk]}
    response = desk.post("cases:closure", case.number, **data)

    assert response.status_code == 303, response.context["form"].errors
    case.refresh_from_db()
    assert case.is_closed
    assert case.category == category
    assert list(case.tags.all()) == [tag]


def test_a_category_brings_its_policy_area_through_the_gate(desk, case, office):
    require(office, "policy_area", "category")
    category = CategoryFactory(office=office, policy_area__office=office)
    data = desk.form("cases:closure", case.number) | {"outcome": "resolved", "category": category.pk}

    assert desk.post("cases:closure", case.number, **data).status_code == 303
    case.refresh_from_db()
    assert (case.policy_area, case.category) == (category.policy_area, category)


def test_the_gate_holds_below_the_form_too(case, office, worker):
    require(office, "contact_type")

    with pytest.raises(actions.Unclassified) as refused:
        actions.close(case, outcome="resolved", by=worker, at=TUESDAY)

    assert refused.value.fields == ["contact_type"]


def test_an_internal_case_passes_the_gate(office, worker):
    require(office, "contact_type", "tags")
    case = CaseFactory(office=office, kind="internal", constituent=None)

    assert actions.close(case, outcome="resolved", by=worker, at=TUESDAY).is_closed


def test_not_classified_are_those_that_the_gate_would_stop(office, worker):
    category = CategoryFactory(office=office, policy_area__office=office)
    filed = {"category": category, "policy_area": category.policy_area, "priority": 2}
    cases = [
        CaseFactory(office=office),
        CaseFactory(office=office, **filed),
        CaseFactory(office=office, kind="internal", constituent=None),
        CaseTagFactory(case=CaseFactory(office=office, **filed), tag=TagFactory(office=office)).case,
    ]
    for asked in ((), ("category",), ("case_type",), ("priority", "policy_area"), ("tags", "category")):
        FieldUse.objects.filter(office=office).delete()
        require(office, *asked)
        stopped = {case.pk for case in cases if gate.missing(case)}
        assert set(Case.objects.unclassified(office.pk).values_list("pk", flat=True)) == stopped, asked


def test_the_form_warns_when_the_constituent_was_never_told(desk, case):
    assert "was never told" in desk.get("cases:closure", case.number).text
    Case.objects.filter(pk=case.pk).update(last_informed_at=MONDAY)
    assert "was never told" not in desk.get("cases:closure", case.number).text


def test_closing_is_taken_back_with_its_steps_and_tags(case, office, worker, newest_undo):
    require(office, "tags")
    step, tag, was = FollowUpFactory(case=case), TagFactory(office=office), case.status_id
    actions.close(case, outcome="resolved", tags=[tag], by=worker, at=TUESDAY)

    take_back(newest_undo(worker), by=worker, at=TUESDAY)

    case.refresh_from_db()
    step.refresh_from_db()
    assert (case.status_id, case.closed_at, case.outcome, case.closed_on) == (was, None, "", None)
    assert step.state == "planned"
    assert case.next_step_on == step.due_on
    assert not case.tags.exists()


def test_closing_on_a_page_that_is_out_of_date_is_refused(case, worker):
    actions.set_priority(case, 3, by=worker, at=MONDAY)

    with pytest.raises(Stale):
        actions.close(case, outcome="resolved", seen=1, by=worker, at=TUESDAY)


def test_two_who_close_at_once_the_second_is_told(desk, case, sam):
    data = desk.form("cases:closure", case.number) | {"outcome": "partly", "note": "Mine"}
    actions.close(case, outcome="resolved", by=sam, at=TUESDAY)

    response = desk.post("cases:closure", case.number, **data)

    assert response.status_code == 422
    assert "already closed" in response.text
    assert "Mine" in response.text
    case.refresh_from_db()
    assert case.outcome == "resolved"


def test_the_status_closed_leads_to_the_form_that_asks_how_it_ended(desk, case, office):
    closed = Status.objects.get(office=office, status_class="closed")
    data = desk.form("cases:status", case.number) | {"status": closed.pk}

    response = desk.post("cases:status", case.number, **data)

    assert response.status_code == 303
    assert "/closure/" in response["Location"]
    case.refresh_from_db()
    assert not case.is_closed


def test_a_stranger_cannot_tell_the_case_exists(desk, case, stranger):
    desk.sit(stranger)
    assert desk.post("cases:closure", case.number, outcome="resolved").status_code == 404
    assert desk.get("cases:closure", case.number).status_code == 404
