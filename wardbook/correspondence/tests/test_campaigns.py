"""Near-identical mails are recognised, kept together, and what is no copy is not lost among them (IN-17)."""

from datetime import timedelta

import pytest

from wardbook.cases import actions as case_actions
from wardbook.cases.factories import MONDAY
from wardbook.cases.models import Case
from wardbook.correspondence import events
from wardbook.correspondence.actions import campaigns, grouping
from wardbook.correspondence.factories import MailboxFactory
from wardbook.correspondence.models import Campaign, Likeness, LikenessBand, Message, PostRules
from wardbook.correspondence.tests.alike_mails import HELP, LETTER, OTHER, copies, copy, fresh, group, proposed
from wardbook.correspondence.tests.incoming import raw, take_in
from wardbook.journal.actions import take_back
from wardbook.journal.models import Event, Undo
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory
from wardbook.vocabulary import actions as vocabulary_actions

pytestmark = pytest.mark.django_db

LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def office():
    office = OfficeFactory()
    vocabulary_actions.seed_lists(office, by=None, at=MONDAY)
    return office


@pytest.fixture
def anna(office):
    return CaseworkerFactory(office=office)


def undo(by, at):
    return take_back(Undo.objects.filter(by=by).latest("pk"), by=by, at=at)


# --- Found --------------------------------------------------------------------------------------------------------


def test_three_senders_of_one_letter_make_a_group_named_after_its_subject(office):
    first, second, third = copies(office, 3)
    assert group() == 3

    campaign = Campaign.objects.get()
    assert (campaign.name, campaign.is_accepted, campaign.threshold) == ("Pension age", False, 70)
    assert {fresh(one).campaign for one in (first, second, third)} == {campaign}
    assert {fresh(one).state for one in (first, second, third)} == {"waiting"}
    assert "raise the state pension age" in campaign.sample
    assert "Mill Lane" not in campaign.sample
    assert Event.objects.get(name=events.CAMPAIGN_FOUND).facts == {"messages": 3}


def test_two_senders_are_no_group_nor_is_one_who_writes_often(office):
    copies(office, 2)
    for turn in range(12):
        copy(office, 0, minutes=100 + turn)
    assert group() == 14
    assert not Campaign.objects.exists()


def test_a_later_copy_joins_by_itself_and_two_letters_are_two_groups(office):
    copies(office, 4)
    copies(office, 3, letter=OTHER)
    group()
    late = copy(office, 6, minutes=200)
    group()

    assert set(Campaign.objects.values_list("name", flat=True)) == {"Pension age", "Save our bees"}
    assert fresh(late).campaign.name == "Pension age"
    joined = Event.objects.filter(name=events.CAMPAIGN_JOINED).latest("pk")
    assert joined.facts["message"] == late.pk
    assert joined.facts["share"] >= 70


def test_grouping_twice_does_nothing_twice(office):
    copies(office, 5)
    group()
    before = Event.objects.count()
    assert group() == 0
    assert Event.objects.count() == before


@pytest.mark.parametrize("fields", [{"auto_kind": "list"}, {"version": 2}, {"medium": "social"}])
def test_what_is_automatic_or_was_touched_is_left_alone(office, fields):
    proposed(office, 3)
    other = copy(office, 5, **fields)
    assert group() == 0
    assert fresh(other).campaign is None


def test_a_reply_to_us_is_no_copy_whatever_it_quotes(office):
    campaign = proposed(office, 3)
    answer = copy(office, 5, answers=Message.objects.filter(campaign=campaign).first())
    group()
    assert fresh(answer).campaign is None


def test_another_office_has_its_own(office):
    campaign = proposed(office, 3)
    other = OfficeFactory()
    theirs = copies(other, 2)
    group()
    assert {fresh(one).campaign for one in theirs} == {None}
    assert campaign.messages.count() == 3


def test_the_threshold_of_the_office_counts_for_new_groups_and_each_keeps_its_own(office, anna):
    PostRules.objects.create(office=office, campaign_threshold=45)
    campaign = proposed(office, 3)
    assert campaign.threshold == 45
    campaigns.change(campaign, threshold=90, by=anna, at=LATER)
    half = LETTER.partition("The government has said")[0].replace("was promised", "were told of") + OTHER[80:]
    odd = copy(office, 5, letter=half)
    group()
    assert fresh(odd).campaign is None
    with pytest.raises(RuleBroken, match="between 30 and 90"):
        campaigns.change(campaign, threshold=95, by=anna, at=LATER)


def test_words_of_ones_own_are_kept_and_set_apart(office):
    campaign = proposed(office, 3)
    ill = copy(office, 5, own=HELP)
    group()
    ill = fresh(ill)
    assert (ill.campaign, ill.is_set_apart) == (campaign, True)
    assert "pension credit since March" in ill.own_words
    assert "vote against" not in ill.own_words


def test_a_founder_who_wrote_more_is_set_apart_too_and_the_rest_is_not(office):
    ill = copy(office, 0, own=HELP)
    rest = [copy(office, turn) for turn in (1, 2, 3)]
    group()
    assert "pension credit" not in Campaign.objects.get().sample
    assert fresh(ill).is_set_apart
    assert not any(fresh(one).is_set_apart for one in rest)


def test_what_all_share_is_known_better_with_ten_copies(office):
    for turn in range(3):
        copy(office, turn, own=f"{HELP}It is the {turn} th time that I have to write about my own troubles. ")
    group()
    for turn in range(3, 10):
        copy(office, turn)
    group()
    campaign = Campaign.objects.get()
    assert "pension credit" not in campaign.sample
    assert campaign.messages.filter(is_set_apart=True).count() == 3


def test_a_mail_that_comes_in_asks_for_its_comparison(office):
    box = MailboxFactory(office=office, address="office@glanmor.example.org", source="pipe")
    for turn in range(3):
        text = LETTER.format(member="Ms Lloyd", own="", name=f"Person {turn}", street=f"{turn} Mill Lane")
        take_in(box, raw(text, sender=f"Person {turn} <person{turn}@home.example>", subject="Pension age"))
    from django_tasks_db.models import DBTaskResult

    assert DBTaskResult.objects.filter(task_path__endswith="group_mail").count() == 1
    group()
    assert Campaign.objects.get().messages.count() == 3


def test_what_cannot_be_compared_stays_in_the_inbox_and_stops_nobody(office, monkeypatch):
    bad, *_rest = copies(office, 4)
    real = grouping.essence
    monkeypatch.setattr(grouping, "essence", lambda text: 1 / 0 if text == bad.text else real(text))
    assert group() == 4
    assert (fresh(bad).campaign, fresh(bad).state) == (None, "waiting")
    assert Campaign.objects.get().messages.count() == 3


def test_what_is_old_is_forgotten(office):
    copies(office, 2)
    group()
    assert LikenessBand.objects.exists()
    grouping.forget_old(MONDAY + timedelta(days=61))
    assert not LikenessBand.objects.exists()
    assert Likeness.objects.count() == 2


# --- Accepted -----------------------------------------------------------------------------------------------------


def test_accepting_makes_one_policy_case_and_files_all_but_those_to_be_read(office, anna):
    campaign = proposed(office, 4)
    ill = copy(office, 5, own=HELP)
    group()
    campaign = campaigns.accept(campaign, by=anna, at=LATER)

    case = Case.objects.get()
    assert (case.kind, case.description, case.owner) == (Case.Kind.POLICY, "Pension age", anna)
    assert campaign.case == case
    filed = Message.objects.filter(campaign=campaign, state="filed", case=case, filed_how="campaign", filed_by=anna)
    assert filed.count() == 4
    assert fresh(ill).state == "waiting"
    assert Event.objects.filter(name=events.MESSAGE_FILED).count() == 4


def test_accepting_twice_makes_one_case(office, anna):
    campaign = proposed(office, 3)
    campaigns.accept(campaign, by=anna, at=LATER)
    campaigns.accept(campaign, by=CaseworkerFactory(office=office), at=LATER)
    assert Case.objects.count() == 1


def test_what_joins_an_accepted_campaign_is_filed_by_itself_unless_it_says_more(office, anna):
    campaign = campaigns.accept(proposed(office, 3), by=anna, at=LATER)
    plain, ill = copy(office, 5), copy(office, 6, own=HELP)
    group()
    assert (fresh(plain).state, fresh(plain).case, fresh(plain).filed_how) == ("filed", campaign.case, "campaign")
    assert (fresh(ill).state, fresh(ill).campaign) == ("waiting", campaign)


def test_a_form_letter_does_not_open_a_closed_case_again(office, anna):
    campaign = campaigns.accept(proposed(office, 3), by=anna, at=LATER)
    case_actions.close(campaign.case, outcome="resolved", by=anna, at=LATER)
    late = copy(office, 5)
    group()
    assert (fresh(late).campaign, fresh(late).state) == (campaign, "waiting")
    assert Case.objects.get().is_closed


def test_a_very_large_group_is_filed_to_the_end_by_the_worker(office, anna, monkeypatch):
    monkeypatch.setattr(campaigns, "AT_ONCE", 2)
    campaign = campaigns.accept(proposed(office, 5), by=anna, at=LATER)
    assert campaign.messages.filter(state="filed").count() == 2
    assert campaigns.is_behind()
    assert campaigns.file_joined(at=LATER) == 3
    assert not campaigns.is_behind()


def test_accepting_is_taken_back_whole(office, anna):
    campaign = campaigns.accept(proposed(office, 3), by=anna, at=LATER)
    undo(anna, LATER)
    campaign.refresh_from_db()
    assert (campaign.is_accepted, campaign.case) == (False, None)
    assert Message.objects.filter(campaign=campaign, state="waiting", case=None).count() == 3
    assert Case.objects.get().deleted_at is not None


# --- Changed by hand ----------------------------------------------------------------------------------------------


def test_a_hidden_case_is_taken_out_and_comes_back_with_undo(office, anna):
    campaign = proposed(office, 3)
    ill = copy(office, 5, own=HELP)
    group()
    campaign = campaigns.accept(campaign, by=anna, at=LATER)
    later = LATER + timedelta(minutes=1)
    case = campaigns.make_case(campaign, ill, make_contact=True, by=anna, at=later)
    assert (fresh(ill).campaign, fresh(ill).case, fresh(ill).state) == (None, case, "filed")
    assert case.kind == Case.Kind.CASEWORK
    assert case.constituent.name == "Nia Thomas"

    undo(anna, later)
    assert (fresh(ill).campaign, fresh(ill).state, fresh(ill).is_set_apart) == (campaign, "waiting", True)
    case.refresh_from_db()
    assert case.deleted_at is not None


def test_one_that_was_filed_already_can_still_be_taken_out(office, anna):
    campaign = campaigns.accept(proposed(office, 3), by=anna, at=LATER)
    one = campaign.messages.first()
    campaigns.take_out(campaign, one, by=anna, at=LATER)
    assert (fresh(one).campaign, fresh(one).case, fresh(one).state) == (None, None, "waiting")
    with pytest.raises(RuleBroken, match="took this message out"):
        campaigns.take_out(campaign, one, by=anna, at=LATER)
    group()
    assert fresh(one).campaign is None


def test_who_was_read_is_put_with_the_rest(office, anna):
    campaign = campaigns.accept(proposed(office, 3), by=anna, at=LATER)
    ill, other = copy(office, 5, own=HELP), copy(office, 6, own=HELP)
    group()
    campaigns.put_with_the_rest(campaign, [ill], by=anna, at=LATER)
    assert (fresh(ill).state, fresh(ill).is_set_apart) == ("filed", False)
    assert fresh(other).is_set_apart
    assert campaigns.put_with_the_rest(campaign, by=anna, at=LATER) == 1


def test_a_campaign_is_split_and_joined_again(office, anna):
    campaign = campaigns.accept(proposed(office, 5), by=anna, at=LATER)
    some = list(campaign.messages.order_by("pk")[:2])
    new = campaigns.split(campaign, some, name="Pensions of women", by=anna, at=LATER)
    assert (new.name, new.is_accepted, new.messages.count()) == ("Pensions of women", False, 2)
    assert {fresh(one).state for one in some} == {"waiting"}

    campaigns.merge(new, campaign, by=anna, at=LATER)
    new.refresh_from_db()
    assert new.ended_at == LATER
    assert campaign.messages.filter(state="filed", case=campaign.case).count() == 5
    undo(anna, LATER)
    new.refresh_from_db()
    assert (new.ended_at, new.messages.count(), campaign.messages.count()) == (None, 2, 3)


def test_nothing_is_split_off_that_would_leave_nobody(office, anna):
    campaign = proposed(office, 3)
    with pytest.raises(RuleBroken, match="rename it"):
        campaigns.split(campaign, list(campaign.messages.all()), name="", by=anna, at=LATER)


def test_two_accepted_campaigns_become_one_case(office, anna):
    one = campaigns.accept(proposed(office, 3), by=anna, at=LATER)
    copies(office, 3, letter=OTHER)
    group()
    two = campaigns.accept(Campaign.objects.exclude(pk=one.pk).get(), by=anna, at=LATER)
    campaigns.merge(two, one, by=anna, at=LATER)
    assert one.messages.filter(case=one.case, state="filed").count() == 6


def test_a_campaign_that_ended_takes_nothing_and_gives_back_what_waits(office, anna):
    campaign = proposed(office, 3)
    campaigns.end(campaign, by=anna, at=LATER)
    assert not Message.objects.filter(campaign=campaign).exists()
    late = copy(office, 6)
    group()
    assert fresh(late).campaign is None
    undo(anna, LATER)
    assert campaign.messages.count() == 3


def test_a_position_is_kept_with_its_day(office, anna):
    campaign = proposed(office, 3)
    campaign = campaigns.change(campaign, position="We vote against it.", by=anna, at=LATER)
    assert campaign.position_on == office.local_date(LATER)
    campaign = campaigns.change(campaign, position="", by=anna, at=LATER)
    assert campaign.position_on is None


def test_a_message_of_the_inbox_is_put_in_or_makes_a_campaign_with_its_likes(office, anna):
    campaign = proposed(office, 3)
    odd = copy(office, 5, text="Do not touch our pensions!")
    bees = [copy(office, turn, letter=OTHER) for turn in (0, 1)]
    group()
    campaigns.put_in(campaign, odd, by=anna, at=LATER)
    assert (fresh(odd).campaign, fresh(odd).is_set_apart) == (campaign, False)
    with pytest.raises(RuleBroken, match="dealt with this message"):
        campaigns.make_of(odd, name="", by=anna, at=LATER)

    new = campaigns.make_of(bees[0], name="", by=anna, at=LATER)
    assert (new.name, new.is_accepted, new.messages.filter(state="filed").count()) == ("Save our bees", True, 2)
