"""Home shows what is due, what is new and what has no next step, and the work queue."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.accounts.factories import UserFactory
from wardbook.cases import actions as case_actions
from wardbook.cases.factories import CaseFactory, CoAssignmentFactory, FollowUpFactory, status_of
from wardbook.cases.models import CaseVisit
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence.factories import MessageFactory
from wardbook.offices.factories import (
    ManagerFactory,
    MembershipFactory,
    OfficeFactory,
    TeamFactory,
    TeamMemberFactory,
)
from wardbook.vocabulary.factories import ActivityTypeFactory, CaseCodeFactory, CaseTypeFactory

pytestmark = pytest.mark.django_db
KEY = "6f1d8a52-6a1c-4f57-9d0e-0d6f2f1f7f01"


@pytest.fixture
def anna():
    anna = MembershipFactory(user=UserFactory(name="Anna Price"), office=OfficeFactory(is_demo=True))
    ActivityTypeFactory(office=anna.office, family="task")
    return anna


@pytest.fixture
def sam(anna):
    return MembershipFactory(office=anna.office, user=UserFactory(name="Sam Okoro"))


@pytest.fixture
def today(anna):
    return anna.office.local_date(timezone.now())


def home(client, member, **query):
    client.force_login(member.user)
    return client.get(reverse("desk:home", args=[member.office.slug]), query)


def case_of(member, **kwargs):
    return CaseFactory(office=member.office, owner=member.user, **kwargs)


def follow_up(member, due_on, **kwargs):
    kwargs.setdefault("case", case_of(member) if "case" not in kwargs else None)
    return FollowUpFactory(office=member.office, assignee=member.user, due_on=due_on, **kwargs)


def section(page, name):
    """The subjects of one section, as they stand on the page."""
    found = {section["id"]: section["rows"] for section in page.context["sections"]}
    return [row.subject for row in found[name].shown] if name in found else []


def test_work_is_sorted_by_when_it_is_due(client, anna, today):
    follow_up(anna, today - timedelta(days=2), subject="Chase Housing Services")
    follow_up(anna, today - timedelta(days=9), subject="Ring back")
    follow_up(anna, today, subject="Surgery")
    follow_up(anna, today + timedelta(days=14), subject="Write to the minister")
    follow_up(anna, today + timedelta(days=15), subject="Too far off")

    page = home(client, anna)
    assert section(page, "overdue") == ["Ring back", "Chase Housing Services"]
    assert section(page, "today") == ["Surgery"]
    assert section(page, "coming") == ["Write to the minister"]
    assert b"Too far off" not in page.content
    assert b"Overdue, 2 days" in page.content


def test_mine_is_mine_and_everybody_is_everybody(client, anna, sam, today):
    follow_up(anna, today, subject="Anna's")
    follow_up(sam, today, subject="Sam's")
    FollowUpFactory(case=case_of(anna), assignee=None, due_on=today, subject="Nobody's, on Anna's case")
    team = TeamFactory(office=anna.office)
    TeamMemberFactory(team=team, user=anna.user)
    FollowUpFactory(case=case_of(sam), assignee=None, team=team, due_on=today, subject="The team's")
    FollowUpFactory(
        case=case_of(sam), assignee=None, team=TeamFactory(office=anna.office), due_on=today, subject="Another team's"
    )

    assert set(section(home(client, anna), "today")) == {"Anna's", "Nobody's, on Anna's case", "The team's"}
    assert len(section(home(client, anna, who="all"), "today")) == 5


def test_work_on_a_restricted_case_of_others_is_not_shown(client, anna, sam, today):
    follow_up(sam, today, case=case_of(sam, is_restricted=True), subject="Secret")
    assert b"Secret" not in home(client, anna, who="all").content


def test_work_of_another_office_is_not_shown(client, anna, today):
    follow_up(MembershipFactory(), today, subject="Elsewhere")
    assert b"Elsewhere" not in home(client, anna, who="all").content


def test_nothing_due_says_so(client, anna):
    page = home(client, anna)
    assert b"Nothing is due" in page.content
    assert b"No open cases here" in page.content


def test_long_sections_are_cut_and_say_how_long_they_are(client, anna, today):
    case = case_of(anna)
    for _n in range(12):
        follow_up(anna, today - timedelta(days=1), case=case)
    page = home(client, anna)
    assert len(section(page, "overdue")) == 8
    assert b"See all 12" in page.content


def test_a_case_without_a_next_step_asks_for_one(client, anna, today):
    case_of(anna, description="Parking permits")
    waiting = case_of(anna, description="Waits for the council")
    case_actions.wait_on(waiting, "agency", by=anna.user, at=timezone.now())
    FollowUpFactory(case=case_of(anna, description="Has a day"), assignee=anna.user, due_on=today)

    page = home(client, anna)
    assert [case.description for case in page.context["aimless"].shown] == ["Parking permits"]
    assert b"Set follow-up" in page.content


# What is new for me


def arrivals(page):
    return [(one.kind, one.words) for one in page.context["arrivals"].shown]


def test_a_case_given_by_a_colleague_is_new_until_it_is_opened(client, anna, sam):
    case = case_of(sam, description="Blue badge")
    case_actions.assign(case, owner=anna.user, by=sam.user, at=timezone.now())
    assert arrivals(home(client, anna)) == [("case", "Blue badge")]
    assert b"Case given to you, by Sam Okoro" in home(client, anna).content

    CaseVisit.objects.create(case=case, user=anna.user, opened_at=timezone.now(), seen_at=timezone.now())
    assert arrivals(home(client, anna)) == []


def test_a_reply_to_a_case_that_nobody_has_is_for_those_who_sort(client, anna, sam):
    """S1.32."""
    case = CaseFactory(office=anna.office)
    MessageFactory(office=anna.office, subject="RE: Damp", case=case, state="filed", filed_at=timezone.now())
    page = home(client, anna)
    assert arrivals(page) == [("nobodys", "RE: Damp")]
    assert b"Message on a case that nobody has, by rhian@example.org" in page.content

    TeamMemberFactory(team=TeamFactory(office=anna.office, is_triage=True), user=sam.user)
    assert arrivals(home(client, anna)) == []
    assert arrivals(home(client, sam)) == [("nobodys", "RE: Damp")]

    own = TeamFactory(office=anna.office)
    case_actions.assign(case, owner=None, team=own, by=sam.user, at=timezone.now())
    assert arrivals(home(client, sam)) == []
    TeamMemberFactory(team=own, user=anna.user)
    assert arrivals(home(client, anna)) == [("nobodys", "RE: Damp")]


def test_a_case_taken_by_oneself_is_not_new(client, anna):
    case = CaseFactory(office=anna.office)
    case_actions.assign(case, owner=anna.user, by=anna.user, at=timezone.now())
    assert arrivals(home(client, anna)) == []


def test_a_reply_to_a_case_of_mine_is_new_until_the_case_is_opened(client, anna, sam):
    case = case_of(anna, description="Damp in flat")
    reply = {"office": anna.office, "subject": "RE: Damp", "case": case, "filed_at": timezone.now()}
    MessageFactory(**reply)
    MessageFactory(**{**reply, "case": case_of(sam), "subject": "Not mine"})
    MessageFactory(**{**reply, "subject": "Out of office", "auto_kind": "auto-reply"})
    MessageFactory(**{**reply, "subject": "Filed by myself", "filed_by": anna.user})
    page = home(client, anna)
    assert arrivals(page) == [("reply", "RE: Damp")]
    # The address: what a mail calls its sender proves nothing.
    assert b"Message on your case, by rhian@example.org" in page.content

    CaseVisit.objects.create(case=case, user=anna.user, opened_at=timezone.now(), seen_at=timezone.now())
    assert arrivals(home(client, anna)) == []


def test_joining_a_case_is_new(client, anna, sam):
    CoAssignmentFactory(case=case_of(sam, description="Together"), user=anna.user, since=timezone.now())
    assert arrivals(home(client, anna)) == [("together", "Together")]


def test_a_task_from_a_colleague_is_new_until_its_case_is_opened(client, anna, sam, today):
    case = case_of(sam)
    case_actions.plan_activity(
        anna.office,
        subject="Ring Health",
        due_on=today,
        case=case,
        assignee=anna.user,
        by=sam.user,
        at=timezone.now(),
    )
    page = home(client, anna)
    assert [kind for kind, _words in arrivals(page)] == ["task"]
    CaseVisit.objects.create(case=case, user=anna.user, opened_at=timezone.now(), seen_at=timezone.now())
    assert arrivals(home(client, anna)) == []


def test_a_task_without_a_case_is_seen_when_it_is_opened(client, anna, sam, today):
    task = case_actions.plan_activity(
        anna.office, subject="Book a room", due_on=today, assignee=anna.user, by=sam.user, at=timezone.now()
    )
    assert arrivals(home(client, anna)) == [("task", "Book a room")]
    client.get(reverse("desk:activity_open", args=[anna.office.slug, task.pk]))
    assert arrivals(home(client, anna)) == []


def test_being_named_in_a_note_is_new(client, anna, sam):
    case = case_of(sam, description="Asylum")
    note = case_actions.add_internal_note(case, text="What do you think?", by=sam.user, at=timezone.now())
    note.mentions.add(anna.user)
    assert arrivals(home(client, anna)) == [("mention", "Asylum")]


def test_a_note_on_a_case_one_cannot_see_is_not_shown(client, anna, sam):
    case = case_of(sam, is_restricted=True, description="Secret")
    note = case_actions.add_internal_note(case, text="Between us", by=sam.user, at=timezone.now())
    note.mentions.add(anna.user)
    assert arrivals(home(client, anna)) == []


def test_a_reopened_case_is_new_and_marked_in_the_queue(client, anna, sam):
    case = case_of(anna, closed=True, description="Again")
    case_actions.reopen(case, by=sam.user, at=timezone.now(), status=status_of(anna.office, "open"))
    page = home(client, anna)
    assert arrivals(page) == [("reopened", "Again")]
    assert page.content.count(b"Reopened") >= 2


def test_seeing_it_all_clears_it(client, anna, sam):
    case_actions.assign(case_of(sam), owner=anna.user, by=sam.user, at=timezone.now())
    client.force_login(anna.user)
    answer = client.post(reverse("desk:home_clear", args=[anna.office.slug]), {"operation": KEY})
    assert answer.status_code == 303
    assert arrivals(home(client, anna)) == []


# The queue


def queue(page):
    return [case.description for case in page.context["queue"]]


def test_the_queue_holds_my_open_cases_and_loses_closed_ones_at_once(client, anna, sam):
    mine = case_of(anna, description="Mine")
    case_of(sam, description="Sam's")
    CoAssignmentFactory(case=case_of(sam, description="Together"), user=anna.user)
    assert set(queue(home(client, anna))) == {"Mine", "Together"}
    assert set(queue(home(client, anna, who="all"))) == {"Mine", "Together", "Sam's"}

    case_actions.close(mine, outcome="resolved", by=anna.user, at=timezone.now())
    assert queue(home(client, anna)) == ["Together"]


@pytest.mark.parametrize("role", ["councillor", "volunteer"])
def test_who_is_given_no_cases_finds_those_they_raised(client, anna, role):
    mair = MembershipFactory(office=anna.office, role=role)
    case_of(anna, description="Hers", created_by=mair.user)
    case_of(anna, description="Somebody else's")

    page = home(client, mair)
    figures = client.get(reverse("desk:home_cards", args=[anna.office.slug]))

    assert queue(page) == ["Hers"]
    assert b"Your open cases" in page.content
    assert b"who=all" not in page.content.replace(b'name="who" value="all"', b"")
    assert figures.context["mine"] == (1, 0)
    assert "owner=me" not in figures.context["waiting_url"]


@pytest.mark.parametrize(
    "column", ["id", "first", "last", "type", "status", "code", "age", "assigned", "description"]
)
def test_every_column_sorts_both_ways(client, anna, column):
    one, two = (
        case_of(
            anna,
            description=f"{letter} case",
            constituent=ContactFactory(office=anna.office, given_name=f"{letter}da", family_name=f"{letter}vans"),
            case_type=CaseTypeFactory(office=anna.office, name=f"{letter} type"),
            case_code=CaseCodeFactory(office=anna.office, code=letter),
        )
        for letter in "AB"
    )
    two.opened_on -= timedelta(days=5)
    two.save()
    up, down = (queue(home(client, anna, sort=sort)) for sort in (column, f"-{column}"))
    assert sorted(up) == sorted(down) == [one.description, two.description]
    if column not in ("status", "assigned"):
        assert up == [one.description, two.description]
        assert down == up[::-1]


@pytest.mark.parametrize("column", ["follow", "subtype", "by", "activity", "nonsense", "owner__password"])
def test_other_orders_do_no_harm(client, anna, column):
    case_of(anna)
    assert len(queue(home(client, anna, sort=column))) == 1


def test_the_queue_narrows_by_type_status_person_and_words(client, anna, sam):
    kind = CaseTypeFactory(office=anna.office)
    code = CaseCodeFactory(office=anna.office, code="PQ", name="Question")
    case_of(anna, description="Damp in flat", case_type=kind)
    case_of(sam, description="Visa delay", case_code=code, status=status_of(anna.office, "paused"))
    CaseFactory(office=anna.office, description="Nobody's")

    def found(**query):
        return set(queue(home(client, anna, who="all", **query)))

    assert found(type=kind.pk) == {"Damp in flat"}
    assert found(status=status_of(anna.office, "paused").pk) == {"Visa delay"}
    assert found(assigned=sam.user_id) == {"Visa delay"}
    assert found(assigned="none") == {"Nobody's"}
    assert found(q="damp") == {"Damp in flat"}
    assert found(q="flat dámp") == {"Damp in flat"}, "as in the list of cases: in any order, without accents"
    assert found(q="pq") == {"Visa delay"}
    assert found(q="no such words") == set()


@pytest.mark.parametrize("bad", ["-1", "0", "abc", "9" * 40, "١", "\x00", "' OR 1=1 --"])
def test_a_hostile_address_is_a_wide_one(client, anna, bad):
    case_of(anna)
    for name in ("type", "status", "assigned", "sort", "q", "who"):
        assert home(client, anna, **{name: bad}).status_code == 200


def test_htmx_gets_the_queue_alone(client, anna):
    case_of(anna, description="Damp")
    client.force_login(anna.user)
    headers = {"HX-Request": "true", "HX-Target": "section#queue"}
    piece = client.get(reverse("desk:home", args=[anna.office.slug]), headers=headers).content.decode()
    assert piece.lstrip().startswith("<section")
    assert "<html" not in piece


# Who sees what


@pytest.mark.parametrize("role", ["admin", "protection"])
def test_roles_without_cases_get_a_home_without_cases(client, anna, role):
    case_of(anna, description="Damp")
    page = home(client, MembershipFactory(office=anna.office, role=role), who="all")
    assert page.status_code == 200
    assert b"Damp" not in page.content


@pytest.mark.parametrize("role", ["representative", "manager", "triage", "service", "volunteer", "councillor"])
def test_home_opens_for_every_role(client, anna, role):
    member = MembershipFactory(office=anna.office, role=role)
    assert home(client, member, who="all").status_code == 200


def test_home_costs_the_same_however_much_there_is(client, anna, sam, today, django_assert_max_num_queries):
    for days in (-40, -2, 0, 0, 3, 9):
        for _n in range(4):
            follow_up(anna, today + timedelta(days=days))
    for _n in range(12):
        case_actions.assign(case_of(sam), owner=anna.user, by=sam.user, at=timezone.now())
    client.force_login(anna.user)
    # Session, user, member, alarms, due and its rows, new for you, no next step, queue, its choices; the shell.
    # One more for whoever has three hundred things overdue.
    with django_assert_max_num_queries(11):
        client.get(reverse("desk:home", args=[anna.office.slug]))


def test_the_cards_cost_the_same_however_much_there_is(client, anna, today, django_assert_max_num_queries):
    manager = ManagerFactory(office=anna.office)
    for _n in range(5):
        follow_up(anna, today - timedelta(days=2))
        MembershipFactory(office=anna.office)
    client.force_login(manager.user)
    # session, user, member, my cases, Inbox, letters, four queues, staff, open, overdue, done lately
    with django_assert_max_num_queries(14):
        page = client.get(reverse("desk:home_cards", args=[anna.office.slug]), headers={"HX-Request": "true"})
    assert b"Who has how much" in page.content


def test_a_representative_begins_with_what_the_office_does(client, anna):
    case_of(anna, description="Anna's")
    eleri = MembershipFactory(office=anna.office, role="representative")
    assert queue(home(client, eleri)) == ["Anna's"]
    assert queue(home(client, eleri, who="mine")) == []
    assert b'name="who" value="mine"' in home(client, eleri, who="mine").content
    sam = MembershipFactory(office=anna.office, role="caseworker")
    assert queue(home(client, sam)) == []
