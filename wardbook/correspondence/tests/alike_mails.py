"""A campaign's letter as its senders really send it: with names, places, and now and then words of their own."""

from datetime import timedelta

from wardbook.cases.factories import MONDAY
from wardbook.correspondence.actions import grouping
from wardbook.correspondence.factories import MailboxFactory, MessageFactory
from wardbook.correspondence.models import Campaign, Message

NAMES = ("Mair Rees", "Alun Price", "Sian Jones", "Bethan Hughes", "Gareth Morgan", "Nia Thomas", "Owen Davies")
LETTER = """Dear {member},

I am writing as your constituent to ask you to vote against the plan to raise the state pension age again. People who
have paid into the system for forty years were promised a pension at an age they could plan for, and many of them do
work that nobody can do at sixty eight. The government has said that life expectancy is rising, but in our towns it
has stood still for ten years.

{own}Please raise this with the Secretary of State and tell me how you will vote.

Yours sincerely,
{name}
{street}
"""
OTHER = """Dear {member},

The bees in our gardens are dying because of pesticides that were banned and are now allowed again for sugar beet. I
would like you to sign the motion that asks the minister to keep the ban, and to plant wild flowers on the verges of
our roads, as the council of the next county has done with good results for three years now.

{own}With best wishes,
{name}
{street}
"""
HELP = "I also cannot get my pension credit since March and nobody at the office answers the telephone. "


def copy(office, turn, *, letter=LETTER, own="", minutes=None, **fields):
    """The mail of one sender."""
    name = NAMES[turn % len(NAMES)]
    words = letter.format(member="Ms Lloyd", own=own, name=name, street=f"{turn + 1} Mill Lane, Glanmor GM{turn} 4AB")
    box = office.mailboxes.first() or MailboxFactory(office=office, source="pipe")
    given = {
        "text": words,
        "subject": "Pension age" if letter == LETTER else "Save our bees",
        "from_name": name,
        "from_address": f"sender{turn}@home.example",
        "at": MONDAY + timedelta(minutes=turn if minutes is None else minutes),
    }
    return MessageFactory(office=office, mailbox=box, **given | fields)


def copies(office, count, **fields):
    return [copy(office, turn, **fields) for turn in range(count)]


def group(at=MONDAY):
    """What the worker does after mail came in."""
    return grouping.group_arrived(clock=lambda: at + timedelta(hours=1))


def proposed(office, count=5, **fields):
    """A proposed group of so many."""
    copies(office, count, **fields)
    group()
    return Campaign.objects.get(office=office)


def fresh(message):
    return Message.objects.get(pk=message.pk)
