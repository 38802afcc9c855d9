"""Many mails that wait are compared together, and each goes where it would have gone alone, whatever is killed."""

import os
import random
import sys
import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections

from wardbook import invariants
from wardbook.cases.factories import MONDAY
from wardbook.correspondence import events
from wardbook.correspondence.actions import campaigns, grouping
from wardbook.correspondence.models import Campaign, Likeness, LikenessBand, Message, PostRules
from wardbook.correspondence.tests.alike_mails import HELP, LETTER, OTHER, copies, copy, group
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event, Undo
from wardbook.lib import faults
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory
from wardbook.vocabulary import actions as vocabulary_actions

LATER = MONDAY + timedelta(hours=2)
HALF = LETTER.partition("The government has said")[0].replace("was promised", "were told of") + OTHER[80:]


def new_office():
    office = OfficeFactory()
    vocabulary_actions.seed_lists(office, by=None, at=MONDAY)
    return office


def post_of(office, seed):
    """A morning's post in some order: two letters, one that is half of each, words of their own, and one who writes
    again and again."""
    mails = [
        *({"turn": turn, "letter": LETTER, "own": HELP if turn % 6 == 5 else ""} for turn in range(16)),
        *({"turn": turn, "letter": OTHER, "own": HELP if turn == 3 else ""} for turn in range(20, 26)),
        *({"turn": turn, "letter": HALF} for turn in (30, 31)),
        *({"turn": 40, "letter": f"Dear {{member}},\n\n{HELP * 2}\n\nYours,\n{{name}}\n"} for _again in range(7)),
    ]
    random.Random(seed).shuffle(mails)
    return [copy(office, **fields) for fields in mails]


def outcome(office, mails):
    """Where everything lies and what the journal says of it, without the numbers that rows happen to have."""
    place = {mail.pk: number for number, mail in enumerate(mails)}
    lies = [
        (one.campaign and one.campaign.name, one.own_words, one.is_set_apart, one.state, one.filed_how, one.version)
        for one in Message.objects.filter(pk__in=place).select_related("campaign").order_by("pk")
    ]
    told = Counter(
        (event.name, place.get(event.facts.get("message", event.subject_id)), event.facts.get("share"))
        for event in Event.objects.filter(office=office, name__in=(events.CAMPAIGN_JOINED, events.MESSAGE_FILED))
    )
    found = sorted(Campaign.objects.filter(office=office).values_list("name", "sample", "threshold"))
    banded = sorted(
        place[pk] for pk in LikenessBand.objects.filter(office=office).values_list("message", flat=True).distinct()
    )
    return {"lies": lies, "told": told, "found": found, "banded": banded}


def went(seed, *, at_once, threshold, monkeypatch):
    monkeypatch.setattr(grouping, "AT_ONCE", at_once)
    office = new_office()
    PostRules.objects.create(office=office, campaign_threshold=threshold)
    anna = CaseworkerFactory(office=office)
    early = post_of(office, seed)
    group()
    for campaign in Campaign.objects.filter(office=office, name="Pension age"):
        campaigns.accept(campaign, by=anna, at=LATER)
    late = post_of(office, seed + 100)
    group()
    return outcome(office, [*early, *late])


@pytest.mark.django_db
@pytest.mark.parametrize(("seed", "threshold"), [(1, 70), (2, 45), (3, 90)])
def test_together_each_goes_where_it_would_have_gone_alone(seed, threshold, monkeypatch):
    alone = went(seed, at_once=1, threshold=threshold, monkeypatch=monkeypatch)
    together = went(seed, at_once=100, threshold=threshold, monkeypatch=monkeypatch)
    assert together == alone
    assert {campaign for campaign, *_rest in alone["lies"]} >= {"Pension age", "Save our bees", None}
    assert {state for _campaign, _own, _apart, state, *_rest in alone["lies"]} == {"waiting", "filed"}


@pytest.mark.django_db
def test_a_batch_asks_the_database_little_more_than_one_mail(django_assert_max_num_queries):
    office = new_office()
    campaigns.accept(_proposed(office, 12), by=CaseworkerFactory(office=office), at=LATER)
    copy(office, 15)
    # 17: the mails, twice; campaigns, office, rules, mails, case; fingerprints, a count; filing, its case, what
    # answers it; the journal's three; the savepoint's two.
    with django_assert_max_num_queries(17):
        group()
    for turn in range(20, 60):
        copy(office, turn)
    with django_assert_max_num_queries(17):
        assert group() == 40
    assert Message.objects.filter(office=office, state="filed").count() == 12 + 1 + 40
    assert Event.objects.filter(name=events.CAMPAIGN_JOINED).count() == 9 + 1 + 40


@pytest.mark.django_db
def test_what_somebody_dealt_with_meanwhile_is_left_to_them():
    office = new_office()
    mails = copies(office, 4)
    arrived = [grouping._arrived(one) for one in grouping.unlooked(MONDAY)]
    Message.objects.filter(pk=mails[0].pk).update(version=2)
    assert grouping.compare(arrived, at=MONDAY) == 3
    assert not Likeness.objects.filter(message=mails[0]).exists()
    assert Campaign.objects.get().messages.count() == 3


@pytest.mark.django_db
def test_what_was_filed_together_can_be_taken_back_with_the_acceptance():
    office = new_office()
    anna = CaseworkerFactory(office=office)
    campaign = campaigns.accept(_proposed(office), by=anna, at=LATER)
    for turn in range(10, 15):
        copy(office, turn)
    group()
    assert campaign.case.messages.count() == 8
    take_back(Undo.objects.filter(by=anna).latest("pk"), by=anna, at=LATER)
    assert Message.objects.filter(campaign=campaign, state="waiting").count() >= 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_killed_in_the_middle_nothing_is_doubled_and_nothing_left(monkeypatch):
    monkeypatch.setattr(grouping, "AT_ONCE", 4)
    office = new_office()
    copies(office, 14)
    for fault in ("before-grouping-commits:1", "before-grouping-commits:3", "before-grouping-commits:1", ""):
        assert _work(fault) == (faults.KILLED if fault else 0)
    campaign = Campaign.objects.get()
    assert campaign.messages.count() == 14
    assert Likeness.objects.count() == 14
    assert not LikenessBand.objects.exists()
    joined = [event.facts["message"] for event in Event.objects.filter(name=events.CAMPAIGN_JOINED)]
    assert len(joined) == len(set(joined)) == 11
    assert Event.objects.filter(name=events.CAMPAIGN_FOUND).count() == 1
    assert list(invariants.all_flaws()) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_find_one_campaign_and_join_each_mail_once(monkeypatch):
    monkeypatch.setattr(grouping, "AT_ONCE", 3)
    office = new_office()
    copies(office, 18)
    done, failures = [], []

    def go():
        try:
            done.append(group())
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    both = [threading.Thread(target=go) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    # What one had in hand as the other came by is for the next turn.
    group()
    assert failures == []
    assert Campaign.objects.get().messages.count() == Likeness.objects.count() == 18
    assert Event.objects.filter(name=events.CAMPAIGN_JOINED).count() == 15


def _proposed(office, count=3):
    copies(office, count)
    group()
    return Campaign.objects.get(office=office)


def _work(fault):
    """A worker in a process of its own, which groups what waits, or is killed at the fault. How it ended."""
    connections.close_all()
    child = os.fork()
    if not child:
        code = 1
        try:
            faults.arm(fault)
            group()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
