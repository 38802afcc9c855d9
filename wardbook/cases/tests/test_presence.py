"""Who else is here, in words, and what is new since the page was drawn (ux 1.7)."""

from datetime import timedelta

from django.utils import timezone

from wardbook.cases import actions
from wardbook.cases.models import CaseVisit


def test_alone_there_is_nothing_to_say(desk, case):
    assert desk.get("cases:presence", case.number).text.strip() == ""


def test_a_colleague_is_here_too_and_writes(desk, case, sam):
    now = timezone.now()
    actions.visit(case, by=sam, at=now)
    assert "Sam is here too." in desk.get("cases:presence", case.number).text
    actions.visit(case, by=sam, at=now, writing=True)
    assert "Sam is writing." in desk.get("cases:presence", case.number).text


def test_who_left_is_not_here(desk, case, sam):
    actions.visit(case, by=sam, at=timezone.now() - timedelta(minutes=2))
    assert "Sam" not in desk.get("cases:presence", case.number).text


def test_the_heartbeat_says_that_i_am_here_and_needs_no_key(desk, case, worker):
    url = f"/{case.office.slug}/cases/{case.number}/presence/"
    assert desk.client.post(url, {"writing": "1"}).status_code == 200
    visit = CaseVisit.objects.get(case=case, user=worker)
    assert visit.writing_at is not None


def test_typing_a_draft_is_writing(desk, case, worker):
    url = f"/{case.office.slug}/drafts/case-{case.number}-note/"
    desk.client.put(url, '{"version": 0, "body": {"text": "Dear"}}', content_type="application/json")
    assert CaseVisit.objects.get(case=case, user=worker).writing_at is not None


def test_opening_the_page_is_remembered(desk, case, worker):
    desk.get("desk:case", case.number)
    assert CaseVisit.objects.get(case=case, user=worker).opened_at is not None


def test_what_colleagues_added_since_is_counted_and_my_own_is_not(desk, case, sam, worker):
    drawn = timezone.now()
    for who in (sam, worker):
        actions.add_internal_note(case, text="Rang.", by=who, at=drawn + timedelta(seconds=1))
    actions.add_case_note(case, text="News.", by=sam, at=drawn + timedelta(seconds=2))
    page = desk.get("cases:presence", case.number, seen=drawn.isoformat())
    assert "2 new entries" in page.text
    assert "new entr" not in desk.get("cases:presence", case.number, seen="nonsense").text
