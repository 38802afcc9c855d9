"""Calls, letters and other entries; planned steps; entries without a case that are put on one."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.cases import actions, events
from wardbook.cases.factories import ActivityFactory, CaseFactory, FollowUpFactory, activity_type_of
from wardbook.cases.models import Activity, Case
from wardbook.cases.tests.conftest import TUESDAY
from wardbook.contacts.factories import AgencyFactory, ContactFactory
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event, Undo
from wardbook.lib.rules import RuleBroken, Stale
from wardbook.lib.testing import post
from wardbook.offices.factories import TeamFactory
from wardbook.offices.models import FieldUse
from wardbook.vocabulary.factories import CategoryFactory

WEEK = TUESDAY.date() + timedelta(days=7)


def log(desk, case, route="cases:calls", **data):
    return desk.post(route, case.number, **desk.form(route, case.number) | data)


def test_a_call_and_its_follow_up_are_one_save(desk, case, worker, sam):
    response = log(
        desk,
        case,
        subject="Rang about the damp",
        outcome="She will send photos",
        minutes="12",
        place="Surgery in the library",
        direction="out",
        follow_up_on="+7",
        follow_up_subject="Ring again",
        follow_up_by=sam.pk,
    )

    assert response.status_code == 303
    call = case.activities.get(state="done")
    planned = case.activities.get(state="planned")
    assert (call.subject, call.minutes, call.outcome, call.direction) == (
        "Rang about the damp",
        12,
        "She will send photos",
        "out",
    )
    assert call.contact == case.constituent
    assert (planned.follows, planned.subject, planned.assignee) == (call, "Ring again", sam)
    today = case.office.local_date(timezone.now())
    assert planned.due_on == today + timedelta(days=7)
    case.refresh_from_db()
    assert case.next_step_on == planned.due_on
    assert case.last_informed_at is not None


def test_two_fields_are_enough(desk, case):
    assert log(desk, case, subject="Rang").status_code == 303
    assert case.activities.get().type.family == "call"


def test_a_letter_keeps_its_date_its_day_and_its_scan(desk, case, office):
    from django.core.files.uploadedfile import SimpleUploadedFile

    council = AgencyFactory(office=office)
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-1.4\n", "application/pdf")

    response = log(
        desk,
        case,
        "cases:letters",
        subject="They will inspect",
        written_on="2025-05-20",
        day="2025-05-23",
        contact=council.pk,
        contact_text=council.name,
        uploads=scan,
    )

    assert response.status_code == 303
    letter = case.activities.get()
    assert (letter.written_on, letter.direction, letter.contact) == (date(2025, 5, 20), "in", council)
    assert letter.happened_at.astimezone(office.zone).date() == date(2025, 5, 23)
    assert letter.documents.get().name == "scan.pdf"
    assert case.last_informed_at is None


def test_what_was_done_cannot_lie_in_the_future(desk, case, worker):
    response = log(desk, case, subject="Rang", day="tomorrow")
    assert response.status_code == 422
    assert "still to come" in response.text
    with pytest.raises(RuleBroken, match="future"):
        actions.log_activity(
            case.office,
            case=case,
            type=activity_type_of(case.office),
            subject="Rang",
            happened_at=TUESDAY + timedelta(hours=1),
            by=worker,
            at=TUESDAY,
        )


def test_a_time_today_is_the_offices_time(desk, case, office):
    log(desk, case, subject="Rang", day="2025-06-01", clock="14:30")
    assert case.activities.get().happened_at == datetime(2025, 6, 1, 14, 30, tzinfo=office.zone)


def test_a_step_is_planned_for_a_colleague_or_a_team(desk, case, office, sam):
    team = TeamFactory(office=office)
    form = desk.form("cases:follow_up", case.number)
    data = form | {"subject": "Visit", "due_on": "+3", "assignee": sam.pk, "team": team.pk}
    assert desk.post("cases:follow_up", case.number, **data).status_code == 303
    step = case.activities.get()
    assert (step.state, step.assignee, step.team, step.type.family) == ("planned", sam, team, "task")


def test_work_is_not_given_to_somebody_who_cannot_see_it(office, worker, sam, stranger):
    case = CaseFactory(office=office, is_restricted=True, owner=worker)
    for person, why in ((sam, "cannot see this case"), (stranger, "cannot be given work")):
        with pytest.raises(RuleBroken, match=why):
            actions.plan_activity(
                office, case=case, subject="Ring", due_on=WEEK, assignee=person, by=worker, at=TUESDAY
            )


@pytest.mark.parametrize("due_on", ["yesterday", "2020-01-01"])
def test_a_follow_up_does_not_lie_in_the_past(desk, case, due_on):
    form = desk.form("cases:follow_up", case.number)
    response = desk.post("cases:follow_up", case.number, **form | {"subject": "Ring", "due_on": due_on})
    assert response.status_code == 422
    assert "in the past" in response.text


def test_a_closed_case_takes_no_planned_step(office, worker):
    case = CaseFactory(office=office, closed=True)
    with pytest.raises(RuleBroken, match="Reopen it first"):
        actions.plan_activity(office, case=case, subject="Ring", due_on=WEEK, by=worker, at=TUESDAY)


def test_the_next_step_is_always_the_earliest_planned_day(case, worker):
    first = FollowUpFactory(case=case, due_on=WEEK)
    second = FollowUpFactory(case=case, due_on=WEEK + timedelta(days=2))

    def next_step():
        return Case.objects.get(pk=case.pk).next_step_on

    assert next_step() == first.due_on
    actions.move_activity(first, WEEK + timedelta(days=5), by=worker, at=TUESDAY)
    assert next_step() == second.due_on
    actions.finish_activity(second, by=worker, at=TUESDAY)
    assert next_step() == WEEK + timedelta(days=5)
    first.refresh_from_db()
    actions.cancel_activity(first, by=worker, at=TUESDAY)
    assert next_step() is None


def test_what_is_done_is_not_done_again(case, worker):
    step = FollowUpFactory(case=case)
    actions.finish_activity(step, by=worker, at=TUESDAY)
    for act in (actions.finish_activity, actions.cancel_activity):
        with pytest.raises(RuleBroken, match="already done"):
            act(step, by=worker, at=TUESDAY)


def test_an_entry_is_corrected_on_its_own_page(desk, case):
    entry = ActivityFactory(case=case)
    data = desk.form("cases:activity", entry.pk) | {"subject": "Rang her mother", "minutes": "5"}
    assert desk.post("cases:activity", entry.pk, **data).status_code == 303
    entry.refresh_from_db()
    assert (entry.subject, entry.minutes) == ("Rang her mother", 5)


def test_saving_an_entry_unchanged_writes_nothing(desk, case):
    at = datetime(2025, 6, 1, 9, 41, 17, 123456, tzinfo=UTC)
    entry = ActivityFactory(case=case, happened_at=at)
    assert desk.post("cases:activity", entry.pk, **desk.form("cases:activity", entry.pk)).status_code == 303
    assert not Event.objects.about(entry).exists()


def test_an_overdue_step_is_reworded_without_being_moved(desk, case):
    step = FollowUpFactory(case=case, due_on=date(2025, 6, 9))
    data = desk.form("cases:activity", step.pk) | {"subject": "Chase them"}
    assert desk.post("cases:activity", step.pk, **data).status_code == 303
    step.refresh_from_db()
    assert (step.subject, step.due_on) == ("Chase them", date(2025, 6, 9))


def test_two_who_correct_one_entry_the_second_sees_both(desk, case, sam):
    entry = ActivityFactory(case=case)
    data = desk.form("cases:activity", entry.pk)
    actions.edit_activity(entry, subject="By Sam", by=sam, at=TUESDAY)

    response = desk.post("cases:activity", entry.pk, **data | {"subject": "By Anna"})

    assert response.status_code == 409
    assert "By Sam" in response.text
    assert "By Anna" in response.text
    with pytest.raises(Stale):
        actions.edit_activity(entry, subject="By Anna", seen=1, by=sam, at=TUESDAY)


def test_a_planned_step_is_cancelled_by_a_press(desk, case):
    step = FollowUpFactory(case=case)
    assert desk.post("cases:cancellation", step.pk).status_code == 303
    step.refresh_from_db()
    assert step.state == "cancelled"


@pytest.fixture
def loose(office):
    """An enquiry without a case (S3.3)."""
    return ActivityFactory(
        case=None, office=office, contact=ContactFactory(office=office), type=activity_type_of(office)
    )


def test_an_entry_without_a_case_is_filed_on_one_and_is_the_same_record(desk, case, loose):
    response = desk.post("cases:filing", activity=[loose.pk], case=case.reference)

    assert response.status_code == 303
    assert Activity.objects.count() == 1
    loose.refresh_from_db()
    assert loose.case == case
    assert Event.objects.about(loose).get(name=events.ACTIVITY_FILED).facts == {"case": case.pk}


def test_several_entries_are_grouped_into_a_new_case(desk, loose, office):
    other = ActivityFactory(case=None, office=office, contact=loose.contact, type=loose.type)

    response = desk.post("cases:filing", activity=[loose.pk, other.pk], description="Damp, several calls")

    assert response.status_code == 303
    case = Case.objects.get()
    assert (case.description, case.constituent, case.activities.count()) == ("Damp, several calls", loose.contact, 2)


def test_a_new_case_of_entries_is_taken_back_with_its_filing_in_one(loose, office, worker):
    case = actions.entries_become_case(office, [loose], description="Damp", by=worker, at=TUESDAY)
    undo = Undo.objects.get()
    assert undo.label == f"{case.reference} opened with 1 entry"

    take_back(undo, by=worker, at=TUESDAY)

    loose.refresh_from_db()
    case.refresh_from_db()
    assert (loose.case, case.deleted_at) == (None, TUESDAY)


def test_what_was_unticked_stays_on_the_page_with_what_was_typed(client, desk, case, loose):
    address = f"{reverse('cases:filing', args=[loose.office.slug])}?activity={loose.pk}"
    response = post(client, address, {"case": case.reference})

    assert response.status_code == 422
    html = response.content.decode()
    assert f'name="activity" value="{loose.pk}">' in html
    assert f'value="{case.reference}"' in html
    assert f'action="{address}"' in html


def test_a_new_case_takes_over_what_the_entries_say_and_passes_the_gate_of_its_office(desk, loose, office):
    category = CategoryFactory(office=office)
    FieldUse.objects.create(office=office, field="policy_area", use=FieldUse.Use.REQUIRED)
    office.gate = "create"
    office.save()

    refused = desk.post("cases:filing", activity=[loose.pk], description="Damp")
    assert refused.status_code == 422
    assert "Your office asks for this before a case is opened: Policy area." in refused.text
    assert Case.objects.count() == 0

    loose.policy_area, loose.category = category.policy_area, category
    loose.save()
    assert desk.post("cases:filing", activity=[loose.pk], description="Damp").status_code == 303
    assert Case.objects.get().category == category


def test_an_entry_of_another_case_is_not_filed_again(desk, case, office, worker, loose):
    taken = ActivityFactory(case=CaseFactory(office=office))
    assert desk.post("cases:filing", activity=[taken.pk], case=case.reference).status_code == 422
    with pytest.raises(RuleBroken, match="another case"):
        actions.file_on_case([taken], case, by=worker, at=TUESDAY)


def test_an_unknown_case_is_said_in_words(desk, loose):
    response = desk.post("cases:filing", activity=[loose.pk], case="99999999999999999999")
    assert response.status_code == 422
    assert "There is no such case" in response.text
    assert "Enter a case number" in desk.post("cases:filing", activity=[loose.pk]).text


def test_another_offices_entries_do_not_exist(desk, case, stranger):
    desk.sit(stranger)
    entry = ActivityFactory(case=case)
    own = stranger.memberships.get().office
    desk.office = own
    assert desk.get("cases:activity", entry.pk).status_code == 404
    assert desk.post("cases:activity", entry.pk, subject="Mine").status_code == 404
    assert desk.post("cases:cancellation", entry.pk).status_code == 404
    assert desk.post("cases:add_files", "activity", entry.pk).status_code == 404
