"""Planned work is ticked off, put off and taken; what comes next is asked in place."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.accounts.factories import UserFactory
from wardbook.cases import actions as case_actions
from wardbook.cases.factories import CaseFactory, FollowUpFactory
from wardbook.cases.models import Activity
from wardbook.journal.models import Undo
from wardbook.offices.factories import MembershipFactory, OfficeFactory, TeamFactory
from wardbook.vocabulary.factories import ActivityTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    anna = MembershipFactory(user=UserFactory(name="Anna Price"), office=OfficeFactory(is_demo=True))
    ActivityTypeFactory(office=anna.office, family="task")
    return anna


@pytest.fixture
def today(anna):
    return anna.office.local_date(timezone.now())


@pytest.fixture
def task(anna, today):
    case = CaseFactory(office=anna.office, owner=anna.user, description="Damp in flat")
    return FollowUpFactory(case=case, assignee=anna.user, due_on=today, subject="Chase Housing")


@pytest.fixture
def post(client, anna):
    def send(route, activity, member=None, htmx=False, query="", **data):
        client.force_login((member or anna).user)
        url = reverse(f"desk:{route}", args=[anna.office.slug, activity.pk]) + query
        headers = {"HX-Request": "true", "HX-Target": f"li#activity-{activity.pk}"} if htmx else {}
        return client.post(url, {"operation": str(uuid.uuid4()), **data}, headers=headers)

    return send


def followers(task):
    return list(Activity.objects.filter(follows=task))


def test_done_is_done_at_once_and_asks_what_is_next(post, task, anna):
    answer = post("activity_done", task)
    task.refresh_from_db()
    assert (task.state, task.finished_by) == ("done", anna.user)
    assert answer.status_code == 303
    assert answer["Location"].startswith(reverse("desk:activity_next", args=[anna.office.slug, task.pk]))


def test_with_htmx_the_row_itself_asks(post, task):
    answer = post("activity_done", task, htmx=True)
    body = answer.content.decode()
    assert body.strip().startswith("<li")
    assert "What happens next?" in body
    assert "<html" not in body
    assert "toast" in answer["HX-Trigger"]


@pytest.mark.parametrize(("step", "days"), [("tomorrow", 1), ("+1w", 7)])
def test_a_chip_plans_the_same_again(post, task, anna, today, step, days):
    post("activity_done", task)
    assert post("activity_next", task, step=step).status_code == 303
    (planned,) = followers(task)
    assert (planned.subject, planned.due_on, planned.assignee) == (
        "Chase Housing",
        today + timedelta(days=days),
        anna.user,
    )
    task.case.refresh_from_db()
    assert task.case.next_step_on == planned.due_on


def test_ten_working_days_leave_out_weekends_and_closures(post, task, anna, today):
    expected = anna.office.working_calendar().working_days_after(today, 10)
    post("activity_done", task)
    post("activity_next", task, step="+10wd")
    assert followers(task)[0].due_on == expected


def test_other_words_and_another_day(post, task, today):
    post("activity_done", task)
    post("activity_next", task, step="day", subject="  Ring\u0007 the\nministry ", day="+3")
    (planned,) = followers(task)
    assert (planned.subject, planned.due_on) == ("Ring the ministry", today + timedelta(days=3))


def test_nothing_leaves_the_case_without_a_next_step(post, task):
    post("activity_done", task)
    assert post("activity_next", task, step="nothing").status_code == 303
    task.case.refresh_from_db()
    assert followers(task) == []
    assert task.case.next_step_on is None


@pytest.mark.parametrize("who", ["constituent", "agency", "councillor"])
def test_waiting_for_somebody(post, task, who):
    post("activity_done", task)
    post("activity_next", task, step=f"wait:{who}")
    task.case.refresh_from_db()
    assert task.case.waiting_on == who


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"step": "day"}, "Choose a day"),
        ({"step": ""}, "Choose a day"),
        ({"step": "day", "day": "someday"}, "Enter a day"),
        ({"step": "day", "day": "-3"}, "Enter a day"),
        ({"step": "day", "day": "2001-01-01"}, "cannot lie in the past"),
        ({"step": "tomorrow", "subject": "x" * 201}, "at most 200"),
        ({"step": "wait:us"}, "Choose one of the buttons"),
        ({"step": "close the office"}, "Choose one of the buttons"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(post, task, data, words):
    post("activity_done", task)
    for htmx in (False, True):
        answer = post("activity_next", task, htmx=htmx, **data)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert followers(task) == []


def test_done_twice_says_so(post, task):
    post("activity_done", task)
    answer = post("activity_done", task, htmx=True)
    assert answer.status_code == 422
    assert "already done" in answer.content.decode()
    assert post("activity_done", task).status_code == 303


def test_done_can_be_undone(post, task, anna):
    post("activity_done", task)
    undo = Undo.objects.get(inverse="activity.fields")
    from wardbook.journal.actions import take_back

    take_back(undo, by=anna.user, at=timezone.now())
    task.refresh_from_db()
    assert task.state == "planned"


@pytest.mark.parametrize(("to", "days"), [("tomorrow", 1), ("+1w", 7), ("+3", 3)])
def test_later_moves_it(post, task, today, to, days):
    assert post("activity_later", task, to=to).status_code == 303
    task.refresh_from_db()
    assert task.due_on == today + timedelta(days=days)


@pytest.mark.parametrize(("to", "words"), [("", "Choose a day"), ("soonish", "Enter a day"), ("2001-01-01", "past")])
def test_later_needs_a_day_to_come(post, task, today, to, words):
    answer = post("activity_later", task, to=to)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    task.refresh_from_db()
    assert task.due_on == today


def test_the_way_back_stays_in_the_office(post, task, anna):
    home = reverse("desk:home", args=[anna.office.slug])
    good = f"{home}activities/?who=all"
    assert post("activity_later", task, to="+1w", back=good)["Location"] == good
    for bad in (
        "https://example.net/",
        "//example.net",
        "/other-office/",
        "javascript:alert(1)",
        f"{home}\\@x",
        "\x00",
    ):
        location = post("activity_later", task, to="+1w", back=bad)["Location"]
        assert location.startswith(home) or location == home


def test_work_of_the_team_is_claimed_once(post, anna, today):
    sam = MembershipFactory(office=anna.office, user=UserFactory(name="Sam Okoro"))
    case = CaseFactory(office=anna.office)
    task = FollowUpFactory(case=case, assignee=None, team=TeamFactory(office=anna.office), due_on=today)
    post("activity_claim", task)
    post("activity_claim", task, member=sam)
    task.refresh_from_db()
    assert task.assignee == anna.user


def test_opening_leads_to_the_case(client, anna, task):
    client.force_login(anna.user)
    answer = client.get(reverse("desk:activity_open", args=[anna.office.slug, task.pk]))
    case_url = reverse("desk:case", args=[anna.office.slug, task.case.number])
    assert answer["Location"] == f"{case_url}#activity-{task.pk}"


@pytest.mark.parametrize("route", ["activity_done", "activity_next", "activity_later", "activity_claim"])
def test_others_cannot_touch_it(post, task, today, route):
    other_office = MembershipFactory()
    elsewhere = FollowUpFactory(case=CaseFactory(), due_on=today)
    assert post(route, task, member=other_office, step="+1w", to="+1w").status_code == 404
    assert post(route, elsewhere, step="+1w", to="+1w").status_code == 404
    volunteer = MembershipFactory(office=task.office, role="volunteer")
    assert post(route, task, member=volunteer, step="+1w", to="+1w").status_code == 403
    task.refresh_from_db()
    assert (task.state, task.due_on) == ("planned", today)


def test_a_task_on_a_restricted_case_is_not_there(post, task):
    case_actions.restrict(task.case, by=task.case.owner, at=timezone.now())
    other = MembershipFactory(office=task.office)
    assert post("activity_done", task, member=other).status_code == 404


def test_a_form_sent_twice_works_once(client, anna, task):
    client.force_login(anna.user)
    post_it = {"operation": str(uuid.uuid4()), "step": "+1w"}
    url = reverse("desk:activity_next", args=[anna.office.slug, task.pk])
    first, second = client.post(url, post_it), client.post(url, post_it)
    assert first["Location"] == second["Location"]
    assert len(followers(task)) == 1
