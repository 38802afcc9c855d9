"""Who gets an answer to a campaign, and who is left out and why (EM-9): each once, however often they wrote."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from wardbook.contacts.models import Contact, ContactPoint
from wardbook.contacts.naming import take_apart
from wardbook.correspondence import filling, mime, writing
from wardbook.correspondence.models import (
    AddressTrouble,
    BulkReplyPerson,
    Campaign,
    Letter,
    Mailbox,
    Message,
    MessageAddress,
    MessageQuerySet,
)
from wardbook.lib.fold import fold
from wardbook.lib.rules import RuleBroken
from wardbook.offices.models import Membership, Office

LeftOut = BulkReplyPerson.LeftOut
_DID_NOT_GO = (Message.State.STOPPED, Message.State.FAILED)
_IN_ONE_QUERY = 400


@dataclass
class Person:
    """Somebody who wrote to a campaign: their latest message, how many they sent, and why they get no answer.

    `address` is where the answer goes: empty for who wrote on paper or on social media.
    """

    received: Message
    address: str
    contact: Contact | None
    times: int = 1
    is_set_apart: bool = False
    left_out: str = LeftOut.NO

    @property
    def name(self) -> str:
        return self.contact.name if self.contact else self.received.from_name or self.address or self.received.sender

    def as_contact(self, office: Office) -> Contact:
        """The contact, or one that is not kept and only lends the sender's name to the text."""
        if self.contact is not None:
            return self.contact
        shown = self.received.from_name
        name = take_apart(shown if shown and "@" not in shown else "")
        lent = Contact(office=office, **name._asdict())
        lent.name_itself()
        return lent


def people_of(
    campaign: Campaign,
    *,
    leaves: Collection[str] = frozenset({LeftOut.OWN_WORDS}),
    by_hand: Collection[str] = frozenset(),
    only_again: bool = False,
) -> list[Person]:
    """Everybody who wrote, first come first. `leaves` are the reasons that a person chose (own words, outside the
    area); the others always count. `by_hand` are addresses. `only_again`: those who wrote more than once, answered
    or not, for a short answer. The same number of queries for each thousand people."""
    found = _senders(campaign)
    keys = list(found)
    contacts = _contacts(campaign.office_id, keys)
    answered = _answered(campaign)
    troubled = set(
        AddressTrouble.objects.filter(office=campaign.office_id, is_hard=True, cleared_at=None).values_list(
            "address", flat=True
        )
    )
    own = {one for box in Mailbox.objects.filter(office=campaign.office_id).in_use() for one in box.own_addresses}
    chosen = set(by_hand)
    kept = []
    for key, person in found.items():
        known = contacts.get(key, [])
        if person.contact is None and len(known) == 1:
            person.contact = known[0]
        last_answer = answered.get(key)
        has_answer = last_answer is not None
        if only_again:
            if person.times < 2 and not has_answer:
                continue
            # Whoever wrote again after our answer has none to that.
            has_answer = last_answer is not None and last_answer >= person.received.at
        person.left_out = _why_not(person, known, leaves, chosen, has_answer=has_answer, gone=troubled, own=own)
        kept.append(person)
    mailed = {person.contact.pk for person in found.values() if person.contact}
    return [*kept, *_by_other_ways(campaign, mailed, only_again=only_again)]


def leave_out_gaps(
    people: Iterable[Person], campaign: Campaign, words: str, at: datetime, *, me: Membership | None
) -> None:
    """Nobody gets a text with a gap: those for whom a token has no value are left out, and said. `me` writes it."""
    if not filling.tokens_in(words):
        return
    for person in people:
        if person.left_out == LeftOut.NO and filling.fill(words, facts_of(person, campaign, at, me=me)).missing:
            person.left_out = LeftOut.NO_VALUE


def facts_of(person: Person, campaign: Campaign, at: datetime, *, me: Membership | None) -> filling.Facts:
    """What the tokens of one person's answer are filled from."""
    return filling.Facts(campaign.office, at, case=campaign.case, person=person.as_contact(campaign.office), me=me)


def _senders(campaign: Campaign) -> dict[str, Person]:
    """By address, each with the latest message. Dismissed ones do not count."""
    found: dict[str, Person] = {}
    for message in _messages(campaign).filter(medium=Message.Medium.EMAIL):
        # The address it came from, never the one that Reply-To asks for (B7).
        _count_in(found, writing.address_key(message.from_address), message, message.from_address)
    return found


def _by_other_ways(campaign: Campaign, mailed: set[int], *, only_again: bool) -> list[Person]:
    """Who wrote a letter or a post and no email: no answer by email reaches them, and nobody is to be forgotten.

    A letter to them on the campaign's case is their answer.
    """
    found: dict[str, Person] = {}
    for message in _messages(campaign).exclude(medium=Message.Medium.EMAIL):
        if message.contact_id in mailed:
            continue
        handle = message.from_address.strip()
        key = f"contact {message.contact_id}" if message.contact_id else handle.lower() or f"message {message.pk}"
        _count_in(found, key, message, "")
    if not found:
        return []
    letters = Letter.objects.filter(case=campaign.case_id or 0).exclude(state=Letter.State.STOPPED).order_by("at")
    answered = dict(letters.values_list("contact_id", "at"))
    for person in found.values():
        last = answered.get(person.contact.pk) if person.contact else None
        on_paper = person.received.medium == Message.Medium.LETTER
        person.left_out = LeftOut.LETTER if on_paper else LeftOut.SOCIAL
        if last is not None and last >= person.received.at:
            person.left_out = LeftOut.ANSWERED
    return [one for one in found.values() if not only_again or one.times > 1 or one.left_out == LeftOut.ANSWERED]


def _messages(campaign: Campaign) -> MessageQuerySet:
    messages = Message.objects.filter(campaign=campaign).exclude(state=Message.State.DISMISSED)
    messages = messages.select_related("contact").defer("html", "quoted", "text", "signature", "own_words")
    return messages.order_by("at", "pk")


def _count_in(found: dict[str, Person], key: str, message: Message, address: str) -> None:
    before = found.get(key)
    if before is None:
        contact = message.contact if message.contact and message.contact.deleted_at is None else None
        found[key] = Person(message, address, contact, 1, message.is_set_apart)
        return
    before.received = message
    before.times += 1
    before.is_set_apart = before.is_set_apart or message.is_set_apart


def _contacts(office_id: int, keys: list[str]) -> dict[str, list[Contact]]:
    """Who is known by each address."""
    found: dict[str, dict[int, Contact]] = {}
    for at in range(0, len(keys), _IN_ONE_QUERY):
        wanted = {fold(key)[:254] for key in keys[at : at + _IN_ONE_QUERY]}
        points = ContactPoint.objects.filter(
            kind=ContactPoint.Kind.EMAIL,
            normal__in=wanted,
            contact__office_id=office_id,
            contact__deleted_at=None,
        ).select_related("contact")
        for point in points:
            found.setdefault(writing.address_key(point.value), {})[point.contact_id] = point.contact
    return {key: list(people.values()) for key, people in found.items()}


def _answered(campaign: Campaign) -> dict[str, datetime]:
    """When each address last got an answer to this campaign, in bulk or by hand."""
    answers = MessageAddress.objects.filter(
        Q(message__answers__campaign=campaign) | Q(message__bulk_person__bulk__campaign=campaign),
        message__direction=Message.Direction.OUT,
        message__is_automatic=False,
        role=MessageAddress.Role.TO,
    ).exclude(message__state__in=_DID_NOT_GO)
    found: dict[str, datetime] = {}
    for address, at in answers.values_list("address", "message__at"):
        key = writing.address_key(address)
        found[key] = max(at, found.get(key, at))
    return found


def _why_not(
    person: Person,
    known: list[Contact],
    leaves: Collection[str],
    by_hand: set[str],
    *,
    has_answer: bool,
    gone: set[str],
    own: set[str],
) -> str:
    key = writing.address_key(person.address)
    if person.received.auto_kind or not _can_read(person.address) or key in own:
        return LeftOut.AUTOMATIC
    if any(one.do_not_email for one in [*known, *([person.contact] if person.contact else [])]):
        return LeftOut.DO_NOT_EMAIL
    if key in gone:
        return LeftOut.BOUNCES
    if has_answer:
        return LeftOut.ANSWERED
    if key in by_hand:
        return LeftOut.BY_HAND
    if person.is_set_apart and LeftOut.OWN_WORDS in leaves:
        return LeftOut.OWN_WORDS
    if person.contact and person.contact.area == Contact.Area.OUT and LeftOut.OUT_OF_AREA in leaves:
        return LeftOut.OUT_OF_AREA
    return LeftOut.NO


def _can_read(address: str) -> bool:
    try:
        writing.clean_address(address)
    except RuleBroken:
        return False
    return not mime.nobody_reads(address)
