import pytest

from wardbook.correspondence import tokens
from wardbook.correspondence.factories import MailboxFactory, SentMessageFactory

pytestmark = pytest.mark.django_db


def test_a_message_id_of_ours_names_its_message_in_any_case_and_any_brackets():
    message = SentMessageFactory()
    ours = tokens.message_id_for(message)

    assert ours == tokens.message_id_for(message)
    assert ours.endswith("@glanmor.example.org")
    assert tokens.read_token(f"<{ours}>") == message.pk
    assert tokens.read_token(ours.upper()) == message.pk


def test_the_address_for_answers_names_its_message_where_the_mailbox_has_such_addresses():
    message = SentMessageFactory()
    mailbox = MailboxFactory(address="office@glanmor.example.org", has_plus_addresses=True)

    address = tokens.reply_address(mailbox, message)

    assert address.startswith("office+")
    assert len(address.partition("@")[0]) <= 64
    assert tokens.read_token(f'"Office" <{address}>') == message.pk


def test_without_such_addresses_or_room_for_one_answers_come_to_the_mailbox():
    message = SentMessageFactory()
    plain = MailboxFactory(address="plain@glanmor.example.org")
    long = MailboxFactory(address=f"{'l' * 40}@glanmor.example.org", has_plus_addresses=True)

    assert tokens.reply_address(plain, message) == plain.address
    assert tokens.reply_address(long, message) == long.address


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t[:-1] + ("a" if t[-1] != "a" else "b"),
        lambda t: t.replace("wb.", "wb.1"),
        lambda t: t[:-1],
        lambda t: t + "a",
        lambda t: "",
    ],
)
def test_a_made_up_token_names_nothing(change):
    assert tokens.read_token(change(tokens.token_for(4711))) is None


def test_what_was_sent_under_an_older_key_is_known_while_that_key_is_a_fallback(settings):
    sent = tokens.token_for(4711)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-0123456789-abcdefghijklmnopqrstuvwxyz"

    assert tokens.read_token(sent) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert tokens.read_token(sent) == 4711
    assert tokens.token_for(4711) != sent
