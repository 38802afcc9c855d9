"""One act on many cases: all that may be, the whole request refused for one that may not, one undo for all."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from wardbook.cases.factories import (
    CaseAccessFactory,
    CaseTagFactory,
    FollowUpFactory,
    TagFactory,
    activity_type_of,
    statuses_of,
)
from wardbook.cases.models import Activity, Case, CaseTag
from wardbook.desk import tasks
from wardbook.desk.bulk import running
from wardbook.desk.models import BulkRun
from wardbook.desk.tests.lists import case, list_url, make_member
from wardbook.journal.models import Event, Undo
from wardbook.lib.testing import HTMX, post
from wardbook.offices.factories import TeamFactory
from wardbook.offices.models import FieldUse
from wardbook.vocabulary.factories import ContactTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    member = make_member()
    activity_type_of(member.office, "task")
    return member


def act_url(member, act):
    return reverse(f"desk:bulk_{act}", args=[member.office.slug])


def do(desk, member, act, cases, **data):
    return post(desk, act_url(member, act), {"case": [c.number for c in cases], "step": "act"} | data)


def said(response, desk):
    """What the page after the act says."""
    return desk.get(response["Location"]).content.decode()


def take_back(desk, member):
    undo = Undo.objects.filter(by=member.user, undone_at__isnull=True).latest("pk")
    return post(desk, reverse("desk:undo", args=[member.office.slug, undo.pk]))


def test_the_acts_stand_in_the_order_of_the_reference(desk, member):
    case(member)
    html = desk.get(list_url(member)).content.decode()
    names = ("assignment", "status", "priority", "tags", "classification")
    places = [html.index(f"/cases/bulk/{name}/") for name in names]
    places += [html.index(f"/cases/bulk/{name}/") for name in ("follow-up", "closure", "restriction", "deletion")]
    assert places == sorted(places)


def test_without_a_value_the_act_asks(desk, member):
    cases = [case(member), case(member)]
    for headers in ({}, HTMX):
        answer = post(
            desk, act_url(member, "assignment"), {"case": [c.number for c in cases], "query": ""}, headers=headers
        )
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "Assign: 2 cases" in html
        assert html.count('type="hidden" name="case"') == 2
        assert ("<html" in html) == (not headers)


def test_cases_are_assigned_and_one_undo_takes_all_back(desk, member):
    cases = [case(member), case(member), case(member)]
    team = TeamFactory(office=member.office)

    answer = do(desk, member, "assignment", cases, owner=str(member.user.pk), team=str(team.pk))

    assert "3 cases assigned to" in said(answer, desk)
    assert {(c.owner_id, c.owner_team_id) for c in Case.objects.all()} == {(member.user.pk, team.pk)}
    assert Event.objects.filter(name="case.assigned").count() == 3
    assert Undo.objects.count() == 1
    take_back(desk, member)
    assert {(c.owner_id, c.owner_team_id) for c in Case.objects.all()} == {(None, None)}


def test_status_priority_tags_follow_up_closing(desk, member):
    office = member.office
    cases = [case(member), case(member, priority=3)]
    old, new = TagFactory(office=office, name="old"), TagFactory(office=office, name="new")
    CaseTagFactory(case=cases[0], tag=old)
    held = statuses_of(office)["On-Hold"]

    do(desk, member, "status", cases, status=str(held.pk))
    assert {c.status_id for c in Case.objects.all()} == {held.pk}
    do(desk, member, "priority", cases, priority="2")
    assert {c.priority for c in Case.objects.all()} == {2}
    do(desk, member, "tags", cases, add=[new.pk], remove=[old.pk])
    assert set(CaseTag.objects.values_list("case_id", "tag_id")) == {(c.pk, new.pk) for c in cases}
    do(desk, member, "follow_up", cases, subject="Ring back", due_on="+1w", assignee=str(member.user.pk))
    assert Activity.objects.planned().filter(assignee=member.user).count() == 2
    take_back(desk, member)
    assert not Activity.objects.filter(deleted_at=None).exists()
    answer = do(desk, member, "closure", cases, outcome="advice", note="All told")
    assert "2 cases closed" in said(answer, desk)
    assert {(c.is_closed, c.outcome) for c in Case.objects.all()} == {(True, "advice")}

    for _act in range(4):
        take_back(desk, member)

    fresh = {c.pk: c for c in Case.objects.all()}
    assert [fresh[c.pk].status.name for c in cases] == ["New", "New"]
    assert [fresh[c.pk].priority for c in cases] == [0, 3]
    assert list(CaseTag.objects.values_list("case_id", "tag_id")) == [(cases[0].pk, old.pk)]


def test_restricting_and_deleting_ask_nothing_for_a_few(desk, member):
    cases = [case(member), case(member)]
    numbers = {"case": [c.number for c in cases]}
    assert post(desk, act_url(member, "restriction"), numbers).status_code == 303
    assert Case.objects.filter(is_restricted=True).count() == 2
    answer = post(desk, act_url(member, "deletion"), numbers)
    assert "moved to the bin" in said(answer, desk)
    assert Case.objects.in_bin().count() == 2
    take_back(desk, member)
    assert Case.objects.in_bin().count() == 0


@pytest.mark.parametrize(
    "act", ["assignment", "status", "priority", "tags", "follow_up", "closure", "restriction", "deletion"]
)
@pytest.mark.parametrize("how", ["foreign", "restricted", "kept out", "in the bin", "never was", "no number"])
def test_one_case_that_is_not_theirs_refuses_the_whole_request(desk, member, act, how):
    cases = [case(member) for _ in range(4)]
    stray = {
        "foreign": lambda: case(make_member(), number=777).number,
        "restricted": lambda: case(member, is_restricted=True).number,
        "kept out": lambda: CaseAccessFactory(case=case(member), user=member.user, grant="kept_out").case.number,
        "in the bin": lambda: case(member, deleted=True).number,
        "never was": lambda: 999_999,
        "no number": lambda: "1 OR 1=1",
    }[how]()
    tag, status = TagFactory(office=member.office), statuses_of(member.office)["Open"]
    values = {"owner": str(member.user.pk), "status": str(status.pk), "priority": "3", "add": [tag.pk]}
    values |= {"subject": "Ring", "due_on": "tomorrow", "assignee": "owner", "outcome": "advice", "step": "act"}
    before = list(Case.objects.order_by("pk").values())
    events = Event.objects.count()

    answer = post(desk, act_url(member, act), {"case": [*(c.number for c in cases), stray]} | values)

    assert answer.status_code == 404
    assert list(Case.objects.order_by("pk").values()) == before
    assert (Event.objects.count(), Activity.objects.count(), CaseTag.objects.count()) == (events, 0, 0)


def test_what_is_refused_is_named_with_its_reason(desk, member):
    cases = [case(member), case(member, closed=True)]
    answer = do(desk, member, "assignment", cases, owner=str(member.user.pk))
    html = said(answer, desk)
    assert "1 case assigned to" in html
    assert "1 case was left as it is." in html
    assert f"{cases[1].reference}: This case is closed." in html


def test_the_gate_holds_in_bulk_too(desk, member):
    FieldUse.objects.create(office=member.office, field="policy_area", use="required")
    cases = [case(member)]
    html = said(do(desk, member, "closure", cases, outcome="advice"), desk)
    assert "Before the case can be closed" in html
    assert not Case.objects.closed().exists()


def test_more_than_25_are_shown_before_anything_is_done(desk, member):
    cases = [case(member) for _ in range(26)]
    numbers = {"case": [c.number for c in cases]}

    for data in (numbers, numbers | {"step": "act"}, numbers | {"step": "act", "confirmed": "25"}):
        answer = post(desk, act_url(member, "deletion"), data)
        assert answer.status_code == 200
        assert "26 cases" in answer.content.decode()
        assert not Case.objects.in_bin().exists()

    post(desk, act_url(member, "deletion"), numbers | {"step": "act", "confirmed": "26"})
    assert Case.objects.in_bin().count() == 26


def test_all_that_match_is_the_filter_not_the_ticks(desk, member):
    wanted = [case(member, priority=3) for _ in range(3)]
    case(member, priority=1)
    case(member, priority=3, is_restricted=True)
    data = {"all": "1", "query": "priority=high", "step": "act", "priority": "0", "case": [wanted[0].number]}
    html = said(post(desk, act_url(member, "priority"), data), desk)
    assert "3 cases set to priority None" in html
    assert Case.objects.filter(priority=0).count() == 3


@pytest.mark.parametrize(
    ("act", "data", "sentence"),
    [
        ("assignment", {"owner": "keep"}, "Choose a person or a team."),
        ("assignment", {"owner": "999999"}, "Choose one from the list."),
        ("assignment", {}, "Choose one."),
        ("status", {"status": "999999"}, "Choose one from the list."),
        ("status", {"status": ""}, "Choose one."),
        ("priority", {"priority": "9"}, "Choose one from the list."),
        ("tags", {}, "Choose a tag to add or to take away."),
        ("tags", {"add": ["999999"]}, "Choose one from the list."),
        ("follow_up", {"subject": "\x07 ", "due_on": "tomorrow", "assignee": "owner"}, "Say in a few words"),
        ("follow_up", {"subject": "Ring", "due_on": "yesterday", "assignee": "owner"}, "cannot lie in the past"),
        ("follow_up", {"subject": "Ring", "due_on": "soonish", "assignee": "owner"}, "Enter a day"),
        ("classification", {}, "Choose at least one thing to change."),
        ("classification", {"topic": "c999999"}, "Choose one from the list."),
        ("closure", {"outcome": "won"}, "Choose one from the list."),
        ("closure", {"outcome": "advice", "note": "x" * 301}, "Use at most 300 letters."),
    ],
)
def test_bad_values_are_a_sentence_and_change_nothing(desk, member, act, data, sentence):
    cases = [case(member)]
    answer = do(desk, member, act, cases, **data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f'name="case" value="{cases[0].number}"' in answer.content.decode()
    assert Case.objects.get().version == cases[0].version


def test_another_offices_values_are_no_choice(desk, member):
    stranger = make_member()
    values = {
        "assignment": {"owner": str(stranger.user.pk)},
        "status": {"status": str(statuses_of(stranger.office)["Open"].pk)},
        "tags": {"add": [TagFactory(office=stranger.office).pk]},
        "classification": {"contact_type": str(ContactTypeFactory(office=stranger.office).pk)},
        "follow_up": {"subject": "x", "due_on": "tomorrow", "assignee": str(stranger.user.pk)},
    }
    for act, data in values.items():
        assert do(desk, member, act, [case(member)], **data).status_code == 422
    answer = do(desk, member, "assignment", [case(member)], owner="none", team=str(TeamFactory().pk))
    assert answer.status_code == 422


def test_nothing_ticked_is_said_so(desk, member):
    answer = post(desk, act_url(member, "closure"), {"query": "status=open"})
    assert answer.status_code == 303
    assert "Tick the cases first." in said(answer, desk)
    answer = post(desk, act_url(member, "closure"), {"all": "1", "query": "text=nosuch"})
    assert "No case matches any more." in said(answer, desk)


def test_only_those_who_may_do_it_in_bulk(client, member):
    numbers = {"case": [case(member).number], "step": "act"}
    for role, act in (("volunteer", "closure"), ("representative", "assignment"), ("triage", "deletion")):
        client.force_login(make_member(role, office=member.office).user)
        assert post(client, act_url(member, act), numbers).status_code == 403


def test_sent_twice_it_is_done_once(desk, member):
    cases = [case(member)]
    data = {"subject": "Ring", "due_on": "tomorrow", "assignee": "owner"}
    data["operation"] = "0a8f1f38-8a3a-4a0b-9d0a-6f2f6f0f3a01"
    do(desk, member, "follow_up", cases, **data)
    do(desk, member, "follow_up", cases, **data)
    assert Activity.objects.count() == 1


# Above 200: in the background.


@pytest.fixture
def many(member, monkeypatch):
    monkeypatch.setattr("wardbook.desk.bulk.views.AT_ONCE", 5)
    monkeypatch.setattr("wardbook.desk.bulk.running.AT_A_TIME", 4)
    return [case(member) for _ in range(10)]


def start(desk, member, many, act="priority", **data):
    answer = do(desk, member, act, many, confirmed=str(len(many)), **(data or {"priority": "3"}))
    return BulkRun.objects.latest("pk"), answer


def test_many_are_done_in_the_background_with_progress_in_words(desk, member, many):
    run, answer = start(desk, member, many)
    url = reverse("desk:bulk_run", args=[member.office.slug, run.pk])
    assert answer["Location"] == url
    assert DBTaskResult.objects.filter(task_path=tasks.go_on_with_bulk.module_path).count() == 1
    assert not Case.objects.filter(priority=3).exists()

    assert running.go_on(run.pk, at=timezone.now())
    assert Case.objects.filter(priority=3).count() == 4
    piece = desk.get(url, headers=HTMX).content.decode()
    assert "4 of 10" in piece
    assert "data-poll" in piece

    while running.go_on(run.pk, at=timezone.now()):
        pass
    assert "10 done." in desk.get(url).content.decode()
    assert Case.objects.filter(priority=3).count() == 10
    assert Undo.objects.filter(by=member.user).count() == 1
    assert Event.objects.filter(name="case.priority_changed").count() == 10


def test_what_took_a_worker_takes_a_worker_to_undo(desk, member, many):
    many[3].priority = 1
    many[3].save()
    run, _answer = start(desk, member, many)
    tasks.go_on_with_bulk.func(run.pk)
    Case.objects.filter(pk=many[0].pk).update(priority=2)

    take_back(desk, member)
    undoing = BulkRun.objects.latest("pk")
    tasks.go_on_with_bulk.func(undoing.pk)

    undoing.refresh_from_db()
    assert (undoing.done, len(undoing.refused)) == (9, 1)
    assert "was changed later" in undoing.refused[0][1]
    priorities = dict(Case.objects.values_list("pk", "priority"))
    assert [priorities[c.pk] for c in many] == [2, 0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_closing_in_the_background_ends_follow_ups_and_undo_brings_them_back(desk, member, many):
    follow_up = FollowUpFactory(case=many[0])
    run, _answer = start(desk, member, many, "closure", outcome="advice")
    tasks.go_on_with_bulk.func(run.pk)
    follow_up.refresh_from_db()
    assert follow_up.state == "cancelled"
    take_back(desk, member)
    tasks.go_on_with_bulk.func(BulkRun.objects.latest("pk").pk)
    follow_up.refresh_from_db()
    assert follow_up.state == "planned"
    assert not Case.objects.closed().exists()


def test_a_run_looks_again_at_what_the_person_may_see(desk, member, many):
    run, _answer = start(desk, member, many)
    CaseAccessFactory(case=many[0], user=member.user, grant="kept_out")
    tasks.go_on_with_bulk.func(run.pk)
    run.refresh_from_db()
    assert (run.done, len(run.refused)) == (9, 1)
    assert Case.objects.get(pk=many[0].pk).priority == 0


def test_a_run_of_somebody_who_left_changes_nothing(desk, member, many):
    run, _answer = start(desk, member, many)
    member.ended_at = timezone.now()
    member.save()
    tasks.go_on_with_bulk.func(run.pk)
    run.refresh_from_db()
    assert (run.done, len(run.refused), bool(run.finished_at)) == (0, 10, True)
    assert not Case.objects.filter(priority=3).exists()


def test_a_run_is_stopped_and_what_was_done_can_be_undone(desk, member, many):
    run, _answer = start(desk, member, many)
    running.go_on(run.pk, at=timezone.now())
    post(desk, reverse("desk:bulk_stop", args=[member.office.slug, run.pk]))
    tasks.go_on_with_bulk.func(run.pk)
    assert Case.objects.filter(priority=3).count() == 4
    take_back(desk, member)
    tasks.go_on_with_bulk.func(BulkRun.objects.latest("pk").pk)
    assert not Case.objects.filter(priority=3).exists()


def test_a_run_left_behind_is_gone_on_with(desk, member, many):
    from django.core.management import call_command

    run, _answer = start(desk, member, many)
    running.go_on(run.pk, at=timezone.now())
    DBTaskResult.objects.all().delete()
    call_command("resume_bulk")
    assert not DBTaskResult.objects.exists()
    BulkRun.objects.update(touched_at=timezone.now() - running.ABANDONED_AFTER * 2)
    call_command("resume_bulk")
    assert DBTaskResult.objects.count() == 1
    tasks.go_on_with_bulk.func(run.pk)
    run.refresh_from_db()
    assert run.done == 10


def test_nobody_sees_another_persons_run(client, desk, member, many):
    run, _answer = start(desk, member, many)
    client.force_login(make_member("manager", office=member.office).user)
    url = reverse("desk:bulk_run", args=[member.office.slug, run.pk])
    assert client.get(url).status_code == 404
    assert post(client, f"{url}stop/").status_code == 404
