"""Letters and social messages that somebody logs: in the Inbox like a mail, found by handle, and put right there."""

from datetime import timedelta
from pathlib import Path

import pytest

from wardbook.cases.factories import MONDAY, CaseFactory
from wardbook.contacts.factories import ContactFactory
from wardbook.correspondence import audience
from wardbook.correspondence.actions import by_hand, filing
from wardbook.correspondence.actions.by_hand import File
from wardbook.correspondence.factories import CampaignFactory, MessageFactory
from wardbook.correspondence.models import Message
from wardbook.correspondence.tests import scans
from wardbook.journal.models import Event
from wardbook.lib.rules import RuleBroken
from wardbook.offices.factories import CaseworkerFactory, OfficeFactory
from wardbook.vocabulary import actions as vocabulary_actions

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()


@pytest.fixture
def office():
    office = OfficeFactory()
    vocabulary_actions.seed_lists(office, by=None, at=MONDAY)
    return office


@pytest.fixture
def by(office):
    return CaseworkerFactory(office=office)


@pytest.fixture
def social(office, by):
    def log(**changed):
        said = {
            "network": "facebook",
            "handle": "rhian.evans",
            "link": "https://social.example.org/post/7",
            "text": "The black mould is back!",
            "received_on": TODAY,
        }
        return by_hand.log_social(office, **said | changed, by=by, at=MONDAY)

    return log


def test_a_social_message_waits_like_a_mail(social, by):
    message = social()

    assert (message.medium, message.state, message.network) == ("social", "waiting", "facebook")
    assert (message.from_address, message.link) == ("@rhian.evans", "https://social.example.org/post/7")
    assert message.logged_by == by
    assert list(Message.objects.awaiting_triage(TODAY)) == [message]
    assert Event.objects.get(name="message.logged").facts["medium"] == "social"


@pytest.mark.parametrize("kept", ["@rhian.evans", "Rhian.Evans"])
def test_whoever_has_the_handle_is_found_and_their_case_is_suggested(social, office, kept):
    rhian = ContactFactory(office=office, socials=[(kept, "Facebook")])
    case = CaseFactory(office=office, constituent=rhian)

    message = social()

    assert (message.contact, message.suggested_case, message.suggestion) == (rhian, case, "sender")
    assert not message.suggestion_is_sure


def test_the_same_post_is_logged_once_and_the_same_words_without_a_link_twice(social):
    social()
    with pytest.raises(RuleBroken, match="logged before"):
        social()
    social(link="", text="Thank you")
    social(link="", text="Thank you")
    assert Message.objects.count() == 3


def test_a_handle_that_two_people_have_says_nobody(social, office):
    for _person in range(2):
        ContactFactory(office=office, socials=["@rhian.evans"])
    assert social().contact is None


def test_the_handle_becomes_a_way_to_reach_a_new_person(social, by):
    message = social(name="Rhian Evans")

    case = filing.open_case_from(message, description="Mould", make_contact=True, by=by, at=MONDAY)

    point = case.constituent.points.get()
    assert (case.constituent.name, point.kind, point.value, point.label) == (
        "Rhian Evans",
        "social",
        "@rhian.evans",
        "Facebook",
    )
    assert case.contact_type.code == "social"
    message.refresh_from_db()
    assert (message.case, message.line) == (case, "constituent")
    # The next message under that name is known.
    assert social_contact(message.office, by) == case.constituent


def social_contact(office, by):
    more = {"network": "facebook", "handle": "@Rhian.Evans", "text": "Thank you", "received_on": TODAY}
    return by_hand.log_social(office, **more, by=by, at=MONDAY + timedelta(hours=1)).contact


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/",
        "//example.org/x",
        "example.org/x",
        "https://",
        "https://user:password@example.org/",
        "https://example.org@evil.example/",
        'https://example.org/"onmouseover="x',
        "https://example.org/a b",
        "https://[::1",
        "https://example.org:99999999/",
        "https://example.org/" + "a" * 1000,
    ],
)
def test_only_whole_addresses_of_the_web_are_kept(social, link):
    with pytest.raises(RuleBroken, match="address"):
        social(link=link)


def test_a_letter_may_be_typed_without_a_scan(office, by):
    message = by_hand.log_letter(
        office,
        received_on=TODAY,
        written_on=TODAY - timedelta(days=4),
        name="Rhian Evans",
        text="Dear…",
        by=by,
        at=MONDAY,
    )
    assert (str(message), message.sender, message.attachments.count()) == ("Letter", "Rhian Evans", 0)
    assert office.local_date(message.written_at) == TODAY - timedelta(days=4)
    # And a second one that says the same is no copy: paper comes twice.
    by_hand.log_letter(office, received_on=TODAY, name="Rhian Evans", text="Dear…", by=by, at=MONDAY)


def test_a_letter_cannot_come_before_it_was_written(office, by):
    with pytest.raises(RuleBroken, match="before it was written"):
        by_hand.log_letter(office, received_on=TODAY - timedelta(days=1), written_on=TODAY, by=by, at=MONDAY)


def letter(office, by, tmp_path: Path, **more):
    path = tmp_path / "scan.pdf"
    path.write_bytes(scans.pdf())
    scan = File(path, "scan.pdf", "application/pdf", path.stat().st_size)
    return by_hand.log_letter(office, [scan], received_on=TODAY, by=by, at=MONDAY, **more)


def test_who_wrote_a_letter_is_said_later_and_their_case_is_suggested(office, by, tmp_path):
    message = letter(office, by, tmp_path)
    assert message.sender == "Sender not known yet"
    rhian = ContactFactory(office=office)
    case = CaseFactory(office=office, constituent=rhian, description="Damp in flat")

    said = {"name": "", "subject": "The damp in my flat", "received_on": TODAY, "written_on": TODAY}
    message = by_hand.describe(message, contact=rhian, **said, by=by, at=MONDAY)

    assert (message.contact, message.suggested_case) == (rhian, case)
    assert not message.suggestion_is_sure
    assert Event.objects.get(name="message.described").facts["fields"] == ["contact", "subject", "written"]
    filing.file_on_case(message, case, by=by, at=MONDAY)
    with pytest.raises(RuleBroken, match="waits in the Inbox"):
        by_hand.describe(message, contact=None, **said, by=by, at=MONDAY)


def test_what_came_in_by_itself_is_not_put_right(office, by):
    mail = MessageFactory(office=office)
    said = {"contact": None, "name": "Somebody else", "subject": "", "received_on": TODAY, "written_on": None}
    with pytest.raises(RuleBroken):
        by_hand.describe(mail, **said, by=by, at=MONDAY)


def test_a_person_of_another_office_wrote_no_letter_here(office, by, tmp_path):
    stranger = ContactFactory()
    with pytest.raises(RuleBroken, match="another office"):
        letter(office, by, tmp_path, contact=stranger)


def test_a_letter_files_and_comes_back_like_a_mail(office, by, tmp_path):
    message, case = letter(office, by, tmp_path), CaseFactory(office=office)
    filing.file_on_case(message, case, by=by, at=MONDAY)
    message = filing.return_to_inbox(message, by=by, at=MONDAY)
    filing.dismiss(message, reason="information", by=by, at=MONDAY)
    message.refresh_from_db()
    assert message.state == "dismissed"


def test_an_answer_to_a_campaign_by_email_leaves_letters_and_posts_to_be_answered_in_kind(social, office, by):
    campaign = CampaignFactory(office=office)
    MessageFactory(office=office, campaign=campaign)
    Message.objects.filter(pk=social().pk).update(campaign=campaign)
    by_hand.log_letter(office, received_on=TODAY, text="Dear…", by=by, at=MONDAY)
    Message.objects.filter(medium="letter").update(campaign=campaign)

    told = [(person.address, str(person.left_out)) for person in audience.people_of(campaign)]
    assert told == [("rhian@example.org", ""), ("", "social"), ("", "letter")]
