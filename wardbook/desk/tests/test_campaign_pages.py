"""The pages of campaigns: accept, find the one who needs help, answer all, stop (ux.md 1.12)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wardbook.cases.factories import CaseFactory
from wardbook.cases.models import Case
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence.actions import bulk, campaigns
from wardbook.correspondence.audience import people_of
from wardbook.correspondence.factories import CampaignFactory, MessageFactory, SenderIdentityFactory, TemplateFactory
from wardbook.correspondence.models import BulkReply, Campaign, Letter, Message
from wardbook.correspondence.tests.alike_mails import HELP, OTHER, copies, copy, fresh, group, proposed
from wardbook.desk.campaigns.listing import paragraphs_of
from wardbook.lib.testing import post
from wardbook.offices.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(member):
    campaign = proposed(member.office, 5)
    copy(member.office, 6, own=HELP)
    group()
    return campaign


@pytest.fixture
def accepted(member, campaign):
    SenderIdentityFactory(mailbox=member.office.mailboxes.first())
    return campaigns.accept(campaign, by=member.user, at=timezone.now())


def address(name, member, *parts):
    return reverse(f"desk:{name}", args=[member.office.slug, *parts])


def text(response):
    return response.content.decode()


def reply_page(member):
    return address("campaign_answer", member, BulkReply.objects.get().pk)


ANSWER = {"subject": "Your letter", "body": "Dear {person.formal_name},\n\nI agree.", "step": "check"}


def filled(campaign, member, **given):
    identity = member.office.sender_identities.first().pk
    return ANSWER | {"identity": identity, "seen": Campaign.objects.get(pk=campaign.pk).version} | given


def test_without_any_the_list_says_so(signed_in, member):
    assert "No group of alike mails now." in text(signed_in.get(address("campaigns", member)))


def test_the_inbox_and_the_list_show_one_row_for_all(signed_in, member, campaign):
    inbox = text(signed_in.get(address("inbox", member)))
    assert "alike:" in inbox
    assert inbox.count("Pension age") == 1
    assert address("campaign", member, campaign.pk) in inbox
    assert "6 people" in text(signed_in.get(address("campaigns", member)))


def test_the_page_shows_what_all_share_and_marks_what_one_added(signed_in, member, campaign):
    page = text(signed_in.get(address("campaign", member, campaign.pk)))
    assert "raise the state pension age again" in page
    assert "Added by sender:" in page
    assert "<ins>I also cannot get my pension credit" in page
    assert "position: not set" in page
    assert "Answered 0 · to answer 6" in page


def test_one_press_accepts_the_group(signed_in, member, campaign):
    response = post(signed_in, address("campaign_acceptance", member, campaign.pk))
    assert response.status_code == 303
    assert Case.objects.get().kind == Case.Kind.POLICY
    assert campaign.messages.filter(state="filed").count() == 5


def test_two_presses_make_a_case_of_the_one_who_needs_help(signed_in, member, accepted):
    ill = accepted.messages.get(is_set_apart=True)
    where = address("campaign_case", member, accepted.pk, ill.pk)
    page = signed_in.get(where)
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    sent = {name: getattr(value, "pk", value) for name, value in sent.items()} | {"new_person": "on"}
    response = post(signed_in, where, sent)
    assert response.status_code == 303, text(response)
    ill = fresh(ill)
    assert ill.campaign is None
    assert ill.case.description.startswith("I also cannot get my pension credit")


def test_taking_out_splitting_joining_and_ending(signed_in, member, campaign):
    first, second, third = campaign.messages.order_by("pk")[:3]
    post(signed_in, address("campaign_out", member, campaign.pk, first.pk))
    assert fresh(first).campaign is None
    response = post(signed_in, address("campaign_split", member, campaign.pk), {"message": [second.pk, third.pk]})
    new = fresh(second).campaign
    assert response["Location"] == address("campaign", member, new.pk)
    response = post(signed_in, address("campaign_merger", member, new.pk), {"campaign": campaign.pk})
    assert response["Location"] == address("campaign", member, campaign.pk)
    assert campaign.messages.count() == 5
    post(signed_in, address("campaign_end", member, campaign.pk))
    assert not Campaign.objects.open().exists()


def test_splitting_off_nothing_is_refused_on_the_page(signed_in, member, campaign):
    response = post(signed_in, address("campaign_split", member, campaign.pk))
    assert response.status_code == 422
    assert "Choose at least one message." in text(response)


def test_name_position_and_how_alike_are_recorded(signed_in, member, campaign):
    details = {"name": "Pensions", "organiser": "Fair Pensions", "threshold": "60"}
    assert post(signed_in, address("campaign_details", member, campaign.pk), details).status_code == 303
    assert post(signed_in, address("campaign_position", member, campaign.pk), {"position": "No."}).status_code == 303
    campaign.refresh_from_db()
    assert (campaign.name, campaign.threshold, campaign.position) == ("Pensions", 60, "No.")
    wrong = post(
        signed_in, address("campaign_details", member, campaign.pk), details | {"threshold": "95", "name": ""}
    )
    assert wrong.status_code == 422
    assert "Give it a name." in text(wrong)


def test_the_third_decision_puts_a_message_into_a_campaign_or_makes_one(signed_in, member, campaign):
    odd = copy(member.office, 4, text="Hands off our pensions!", version=2)
    assert "One of many alike" in text(signed_in.get(address("inbox_campaign", member, odd.pk)))
    response = post(signed_in, address("inbox_campaign", member, odd.pk), {"campaign": campaign.pk, "new_name": ""})
    assert response.status_code == 303
    assert fresh(odd).campaign == campaign
    bees = copies(member.office, 2, letter=OTHER)
    group()
    post(signed_in, address("inbox_campaign", member, bees[0].pk), {"new_name": "Bees"})
    assert fresh(bees[1]).campaign.name == "Bees"
    neither = post(
        signed_in, address("inbox_campaign", member, copy(member.office, 3, version=2).pk), {"new_name": ""}
    )
    assert neither.status_code == 422


def test_the_template_is_chosen_then_checked_with_three_samples_and_who_is_left_out(signed_in, member, accepted):
    template = TemplateFactory(
        office=member.office, subject="About {case.reference}", body="Dear {person.name},\n\nYes."
    )
    where = address("campaign_reply", member, accepted.pk)
    assert "Dear {person.name}" in text(signed_in.get(f"{where}?template={template.pk}"))

    page = text(post(signed_in, where, filled(accepted, member)))
    assert "Send to all 5" in page
    assert "Wrote something of their own: 1" in page
    assert page.count("I agree.") == 4  # three samples and the text itself
    assert not Message.objects.outgoing().exists()

    nobody = text(
        post(signed_in, where, filled(accepted, member, body="Dear {person.name},\n\n{agency.name}, {me.name}"))
    )
    assert "Nobody would get it." in nobody
    assert "The text would have a gap for them ({agency.name}): 5" in nobody
    assert "Samples" not in nobody


def test_who_wrote_on_paper_is_left_out_and_answered_by_a_letter(signed_in, member, accepted):
    mair = ContactFactory(office=member.office, given_name="Mair", family_name="Pugh")
    on_paper = {"medium": "letter", "from_address": "", "campaign": accepted, "case": accepted.case, "state": "filed"}
    for contact in (mair, None, None):
        name = "" if contact else "A. Nonymous"
        MessageFactory(office=member.office, mailbox=None, contact=contact, from_name=name, **on_paper)
    post_by = {"medium": "social", "network": "x", "from_address": "@owain", "from_name": ""}
    MessageFactory(office=member.office, mailbox=None, **on_paper | post_by)
    where = address("campaign_reply", member, accepted.pk)

    page = text(post(signed_in, where, filled(accepted, member)))
    assert "Wrote a letter: answer on paper: 3" in page
    assert "Wrote on social media: answer there or on paper: 1" in page
    writes = f"{reverse('correspondence:write_letter', args=[member.office.slug, accepted.case.number])}?to={mair.pk}"
    assert writes in page
    assert "Answered 0 · to answer 10" in text(signed_in.get(address("campaign", member, accepted.pk)))

    assert post(signed_in, where, filled(accepted, member, step="send")).status_code == 303
    assert "Wrote a letter: answer on paper" in text(signed_in.get(reply_page(member) + "?show=left"))
    form = signed_in.get(writes).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if name != "template"}
    typed = {"contact": mair.pk, "addressed_to": "Mair Pugh\n1 Mill Lane", "body": "Dear Mair,\n\nI agree."}
    assert post(signed_in, writes, sent | typed).status_code == 303
    assert Letter.objects.get().case == accepted.case
    assert [one.left_out for one in people_of(accepted) if one.contact == mair] == ["answered"]


def test_a_group_that_is_no_campaign_yet_is_accepted_before_it_is_answered(signed_in, member, campaign):
    SenderIdentityFactory(mailbox=member.office.mailboxes.first())
    where = address("campaign_reply", member, campaign.pk)
    page = text(signed_in.get(where))
    assert "Accept the group as a campaign first." in page
    assert "<textarea" not in page
    answer = post(signed_in, address("campaign_acceptance", member, campaign.pk), {"then": "reply"})
    assert answer["Location"] == where
    assert 'id="reply-form"' in text(signed_in.get(where))


def test_a_test_goes_to_oneself_alone(signed_in, member, accepted):
    post(signed_in, address("campaign_reply", member, accepted.pk), filled(accepted, member, step="test"))
    message = Message.objects.outgoing().get()
    assert [one.address for one in message.addresses.all()] == [member.user.email]
    assert message.subject.startswith("Test: ")
    assert not BulkReply.objects.exists()


def test_sending_is_held_shown_and_stopped_by_one_press(signed_in, member, accepted):
    response = post(signed_in, address("campaign_reply", member, accepted.pk), filled(accepted, member, step="send"))
    reply = BulkReply.objects.get()
    assert response["Location"] == address("campaign_answer", member, reply.pk)
    page = text(signed_in.get(response["Location"]))
    assert "Starts in" in page
    assert "data-poll=" in page
    assert "Left out: Wrote something of their own" in " ".join(page.split())
    post(signed_in, address("campaign_answer_stop", member, reply.pk))
    assert "Stopped. Sent 0 of 5." in text(signed_in.get(response["Location"]))
    # The page that watched it is drawn anew, so that its list is exact.
    assert signed_in.get(response["Location"], headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    bulk.go_on(clock=lambda: timezone.now() + timedelta(hours=1))
    assert not Message.objects.outgoing().exists()


def test_who_is_unticked_gets_nothing_and_of_two_who_press_one_writes(signed_in, member, accepted):
    listed = [f"sender{turn}@home.example" for turn in range(5)]
    given = filled(accepted, member, step="send", listed=listed, gets=listed[1:])
    where = address("campaign_reply", member, accepted.pk)
    post(signed_in, where, given)
    refused = post(signed_in, where, given)
    assert refused.status_code == 422
    assert "is answering this campaign now" in text(refused)
    assert BulkReply.objects.get().people.get(address=listed[0]).left_out == "by-hand"


def test_what_is_typed_wrong_is_said_and_kept(signed_in, member, accepted):
    response = post(signed_in, address("campaign_reply", member, accepted.pk), filled(accepted, member, subject=""))
    assert response.status_code == 422
    assert "Write a subject." in text(response)
    assert "I agree." in text(response)
    slip = filled(accepted, member, body="Dear {person.formalname}, I agree.")
    assert "Nothing is put in for {person.formalname}." in text(
        post(signed_in, address("campaign_reply", member, accepted.pk), slip)
    )


@pytest.mark.parametrize("name", ["campaign", "campaign_reply", "campaign_details"])
def test_of_another_office_there_is_nothing(signed_in, member, name):
    theirs = CampaignFactory(case=CaseFactory(), office=CaseFactory().office)
    assert signed_in.get(address(name, member, theirs.pk)).status_code == 404


def test_a_representative_reads_and_changes_nothing(client, member, campaign):
    reader = MembershipFactory(office=member.office, role="representative")
    client.force_login(reader.user)
    page = text(client.get(address("campaign", member, campaign.pk)))
    assert "Accept as a campaign" not in page
    assert post(client, address("campaign_acceptance", member, campaign.pk)).status_code in (403, 404)


def test_the_page_of_a_large_campaign_makes_as_many_queries_as_of_a_small_one(
    signed_in, member, campaign, django_assert_max_num_queries
):
    for turn in range(7, 30):
        copy(member.office, turn)
    group()
    with django_assert_max_num_queries(24):
        signed_in.get(address("campaign", member, campaign.pk))


def test_a_position_is_shown_with_its_day(signed_in, member, accepted):
    post(signed_in, address("campaign_position", member, accepted.pk), {"position": "Against it.", "position_on": ""})
    page = text(signed_in.get(address("campaign", member, accepted.pk)))
    assert "Against it." in page
    assert f'datetime="{Campaign.objects.get(pk=accepted.pk).position_on.isoformat()}"' in page


def test_lines_broken_at_a_margin_run_on_and_short_ones_stay():
    broken = "I am writing as your constituent to ask you to vote\nagainst the plan.\n\n- pensions\n- buses"
    assert paragraphs_of(broken) == [
        "I am writing as your constituent to ask you to vote against the plan.",
        "- pensions\n- buses",
    ]


def test_splitting_all_off_is_refused_beside_what_was_chosen(signed_in, member, campaign):
    every = list(campaign.messages.values_list("pk", flat=True))
    response = post(signed_in, address("campaign_split", member, campaign.pk), {"message": every, "name": "Bees"})
    page = text(response)
    assert response.status_code == 422
    assert "Leave at least one message here." in page
    assert page.count(" checked aria-invalid") == len(every)
    assert 'value="Bees"' in page
