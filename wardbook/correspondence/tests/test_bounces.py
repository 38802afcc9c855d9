import pytest

from wardbook.cases.models import Activity, Case
from wardbook.correspondence import events
from wardbook.correspondence.actions import bouncing
from wardbook.correspondence.actions.guarding import NeedsConfirming
from wardbook.correspondence.mime.model import Address, Bounce, FailedRecipient, ParsedMail
from wardbook.correspondence.models import AddressTrouble, MessageAddress
from wardbook.correspondence.tests.outbox import MINUTE, SOON, Post, state
from wardbook.correspondence.tests.sink import Sink
from wardbook.journal.models import Event

pytestmark = pytest.mark.django_db

RHIAN = "rhian@home.example"
LATER = SOON + 5 * MINUTE


@pytest.fixture
def post(settings, tmp_path):
    settings.OUTBOX = tmp_path / "outbox"
    return Post()


def sent(post, settings, *args, **given):
    message = post.write(*args, **given)
    with Sink().uses(settings):
        post.post()
    assert state(message) == "sent"
    return message


def report(*failed, original="", to=()):
    return ParsedMail(
        auto_kind="bounce",
        bounce=Bounce(tuple(failed), original),
        to=tuple(Address("", address) for address in to),
    )


UNKNOWN = FailedRecipient(RHIAN, "5.1.1", "smtp; 550 no such user", permanent=True)


def come_back(post, mail, at=LATER):
    return bouncing.bounced(mail, office_id=post.office.pk, at=at)


def test_a_bounce_is_shown_on_its_message_and_becomes_work_once(post, settings):
    message = sent(post, settings)
    mail = report(UNKNOWN, original=f"<{message.identifier}>")

    assert come_back(post, mail) == message
    come_back(post, mail)

    assert state(message) == "bounced"
    row = message.addresses.get()
    assert (row.state, row.answer) == (MessageAddress.State.BOUNCED, "5.1.1 smtp; 550 no such user")
    work = Activity.objects.planned().get()
    assert (work.subject, work.assignee) == ("Email to Mrs Evans came back: mailbox unknown", post.anna)
    trouble = AddressTrouble.objects.get()
    assert (trouble.address, trouble.is_hard, trouble.message) == (RHIAN, True, message)
    assert Event.objects.filter(name=events.MESSAGE_BOUNCED).count() == 1


def test_a_bounce_that_quotes_nothing_is_known_by_the_address_it_came_to(post, settings):
    post.mailbox.has_plus_addresses = True
    post.mailbox.save()
    message = sent(post, settings)
    assert come_back(post, report(to=[message.reply_to])) == message
    assert state(message) == "bounced"


def test_a_made_up_bounce_or_one_of_another_office_changes_nothing(post, settings):
    message = sent(post, settings)
    assert come_back(post, report(UNKNOWN, original="<wb.1.aaaaaaaaaaaaaaaaaaaaaaaaaa@x.example>")) is None
    assert come_back(Post(), report(UNKNOWN, original=message.identifier)) is None
    assert state(message) == "sent"


def test_a_report_of_delay_is_only_noted(post, settings):
    message = sent(post, settings)
    late = FailedRecipient(RHIAN, "4.4.1", "still trying", permanent=False)
    assert come_back(post, report(late, original=message.identifier)) == message
    assert state(message) == "sent"
    assert message.addresses.get().answer == "4.4.1 still trying"
    assert not Activity.objects.exists()
    assert not AddressTrouble.objects.exists()


def test_what_came_back_informed_nobody(post, settings):
    first = sent(post, settings)
    informed = Case.objects.get().last_informed_at
    second = post.write(at=LATER)
    with Sink().uses(settings):
        post.post(LATER + MINUTE)
    assert Case.objects.get().last_informed_at == LATER + MINUTE
    come_back(post, report(UNKNOWN, original=second.identifier), at=LATER + 2 * MINUTE)
    assert Case.objects.get().last_informed_at == informed
    come_back(post, report(UNKNOWN, original=first.identifier), at=LATER + 3 * MINUTE)
    assert Case.objects.get().last_informed_at is None


def test_one_of_two_that_came_back_leaves_the_message_sent(post, settings):
    message = sent(post, settings, RHIAN, cc=["tom@home.example"])
    come_back(post, report(UNKNOWN, original=message.identifier))
    assert state(message) == "sent"
    assert RHIAN in Activity.objects.planned().get().details
    assert Case.objects.get().last_informed_at == SOON


@pytest.mark.parametrize(
    ("status", "is_hard"), [("5.1.1", True), ("5.2.2", False), ("5.7.1", False), ("5.4.4", True)]
)
def test_only_what_speaks_against_the_address_is_held_against_it(post, settings, status, is_hard):
    message = sent(post, settings)
    come_back(post, report(UNKNOWN.__class__(RHIAN, status, "", True), original=message.identifier))
    assert AddressTrouble.objects.get().is_hard is is_hard


def test_somebody_says_that_an_address_is_right(post, settings):
    message = sent(post, settings)
    come_back(post, report(UNKNOWN, original=message.identifier))
    with pytest.raises(NeedsConfirming, match="Is the address right"):
        post.write(at=LATER)
    assert post.write(at=LATER, confirmed={f"came-back:{RHIAN}"})
    assert post.write(at=LATER)
    assert Event.objects.filter(name=events.ADDRESS_CLEARED).count() == 1
