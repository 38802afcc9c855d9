"""To whom a message goes, and what the office knows of them."""

from collections.abc import Iterable
from typing import NamedTuple

from wardbook.accounts.models import User
from wardbook.cases.models import Case, Party
from wardbook.contacts.models import Contact, ContactPoint
from wardbook.correspondence.models import Message, MessageAddress
from wardbook.correspondence.writing import address_key
from wardbook.lib.fold import fold
from wardbook.offices.models import Membership


class Recipient(NamedTuple):
    """A name, an address and, where the office knows them, the contact. Names are for show; only addresses count."""

    name: str
    address: str
    contact: Contact | None = None

    @property
    def key(self) -> str:
        return address_key(self.address)

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


class OnCase(NamedTuple):
    """The addresses that belong to a case: whose they are, and which of them were written to before."""

    contacts: dict[str, Contact]
    colleagues: frozenset[str]
    written_to: frozenset[str]
    agencies: frozenset[int]

    def holds(self, address: str) -> bool:
        key = address_key(address)
        return key in self.contacts or key in self.colleagues or key in self.written_to


def on_case(case: Case | None, office_id: int) -> OnCase:
    """Whom a message may go to without asking: those on the case, colleagues, and whom the case wrote to before (C6).

    An incoming mail alone lets nobody in: a stranger who writes about a case is not on it.
    """
    members = Membership.objects.active().filter(office_id=office_id)
    colleagues = frozenset(address_key(email) for email in members.values_list("user__email", flat=True))
    if case is None:
        return OnCase({}, colleagues, frozenset(), frozenset())
    parties = list(Party.objects.filter(case=case, until__isnull=True).select_related("role"))
    ids = {case.constituent_id, case.requester_id, case.waiting_agency_id} | {p.contact_id for p in parties}
    ids.discard(None)
    points = ContactPoint.objects.filter(kind=ContactPoint.Kind.EMAIL, contact__in=ids, contact__deleted_at=None)
    contacts: dict[str, Contact] = {}
    for point in points.select_related("contact"):
        key = address_key(point.value)
        # A shared address is the constituent's before it is anybody else's.
        if key not in contacts or point.contact_id == case.constituent_id:
            contacts[key] = point.contact
    people = User.objects.filter(pk__in=[p.user_id for p in parties if p.user_id])
    if case.representative_id:
        people |= User.objects.filter(representations=case.representative_id)
    colleagues |= {address_key(email) for email in people.values_list("email", flat=True)}
    said = Message.objects.said_to_others().filter(case=case, is_automatic=False)
    before = MessageAddress.objects.filter(message__in=said).values_list("address", flat=True)
    agencies = {p.contact_id for p in parties if p.role.for_agency and p.contact_id} | {case.waiting_agency_id}
    return OnCase(
        contacts,
        colleagues,
        frozenset(address_key(address) for address in before),
        frozenset(pk for pk in agencies if pk),
    )


def known_as(recipient: Recipient, case: Case | None, here: OnCase, office_id: int) -> Recipient:
    """The recipient with the contact behind the address, if exactly one is known: on the case first."""
    if recipient.contact is not None:
        return recipient
    contact = here.contacts.get(recipient.key)
    if contact is None:
        found = list(with_address(recipient.address, office_id)[:2])
        contact = found[0] if len(found) == 1 else None
    return recipient._replace(contact=contact)


def with_address(address: str, office_id: int) -> "list[Contact]":
    """The contacts of an office that have this address. One query."""
    wanted = address_key(address)
    points = ContactPoint.objects.filter(
        kind=ContactPoint.Kind.EMAIL,
        normal=fold(address.strip())[:254],
        contact__office_id=office_id,
        contact__deleted_at=None,
    ).select_related("contact")
    return list({p.contact_id: p.contact for p in points if address_key(p.value) == wanted}.values())


def line_to(recipient: Recipient, case: Case | None, here: OnCase) -> str:
    """Whose correspondence a message to them is (S3.29)."""
    contact = recipient.contact
    if contact is not None and case is not None and contact.pk in (case.constituent_id, case.requester_id):
        return Message.Line.CONSTITUENT
    if contact is not None and (contact.is_agency or contact.pk in here.agencies):
        return Message.Line.AGENCY
    if case is None and contact is not None:
        return Message.Line.CONSTITUENT
    return Message.Line.OTHER


def has_seen(message: Message, addresses: Iterable[str]) -> bool:
    """Whether everybody at these addresses wrote or got a message, so that quoting it tells them nothing new (C7)."""
    if not message.is_incoming and message.state not in (Message.State.SENT, Message.State.BOUNCED):
        return False
    came_back = MessageAddress.State.REFUSED, MessageAddress.State.BOUNCED
    seen = {address_key(row.address) for row in message.addresses.all() if row.state not in came_back}
    if message.from_address:
        seen.add(address_key(message.from_address))
    return all(address_key(address) in seen for address in addresses)
