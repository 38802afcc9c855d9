"""Who wrote a message, as far as it can be told: never by a name, and not because the mail says so (B1, B5, B6)."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import authres

from wardbook.contacts.models import Contact
from wardbook.correspondence import warnings
from wardbook.correspondence.mime.model import ParsedMail
from wardbook.correspondence.models import Mailbox, Message, SenderIdentity
from wardbook.lib.fold import fold
from wardbook.offices.models import Membership

log = logging.getLogger(__name__)

MOST_SHARED = 6
# Where what is written before the @ has a plus part, the mailbox is the part before it.
_PLUS = re.compile(r"\+[^@]*@")
# "Your code is 123456", "Confirm your email address": meant for whoever owns the mailbox (B4).
_CODE = re.compile(
    r"\b(?:verif(?:y|ication|ied)|one[- ]time|security|sign[- ]?in|log[- ]?in|confirmation|passcode|2fa|otp|dilysu"
    r"|gwirio|vérification|bestätigung\w*|verificación)\b.{0,40}\b(?:code|pin|link|address|email|e-mail|account|cod"
    r"|passcode|password|konto|adresse|código|compte)\b|\bconfirm (?:your|this) (?:email|e-mail|address|account)\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Sender:
    """The sender of one mail. `contacts` are the people known under the address; one of them is `contact`."""

    name: str = ""
    address: str = ""
    contacts: tuple[Contact, ...] = ()
    is_ours: bool = False
    """The address is a colleague's or a mailbox's of this office. Nothing is done in their name, vouched or not."""
    is_believed: bool = True
    """Neither ours nor known to be forged: matching by the address is fair."""
    is_verified: bool = False
    """Our mail server vouches for the domain."""
    warnings: tuple[str, ...] = field(default=())

    @property
    def contact(self) -> Contact | None:
        """Exactly one person known under a believable address, or None: a shared address says nobody (S1.32)."""
        return self.contacts[0] if self.is_believed and len(self.contacts) == 1 else None


def sender_of(mailbox: Mailbox, mail: ParsedMail, ours: "Ours", *, envelope_from: str = "") -> Sender:
    """Who wrote it. One query."""
    name, address = (mail.sender.name, mail.sender.address) if mail.sender else ("", "")
    told: list[str] = []
    if not address or "@" not in address:
        return Sender(name, address, is_believed=False, warnings=(warnings.NO_SENDER,))
    if _says_several(mail):
        told.append(warnings.SEVERAL_SENDERS)
    is_ours = ours.claims(address)
    verdict = verdict_of(mail.authentication_results, mailbox.trusted_server, address, envelope_from)
    is_vouched_for = verdict == "pass" and warnings.SEVERAL_SENDERS not in told
    if is_ours and not is_vouched_for:
        told.append(warnings.FORGED_STAFF)
    if verdict == "fail":
        told.append(warnings.UNVERIFIED)
    believed = not is_ours and verdict != "fail" and warnings.SEVERAL_SENDERS not in told
    contacts = people_with(mailbox.office_id, address) if believed else ()
    if len(contacts) > 1:
        told.append(warnings.SHARED_ADDRESS)
    if _wants_answers_elsewhere(mail, address):
        told.append(warnings.REPLY_TO)
    return Sender(name, address, contacts, is_ours, believed, is_vouched_for, tuple(told))


def people_with(office_id: int, address: str) -> tuple[Contact, ...]:
    """The contacts of an office with this email address, oldest first. One query."""
    found = Contact.objects.filter(
        office_id=office_id, deleted_at__isnull=True, points__kind="email", points__normal=fold(address)[:254]
    )
    return tuple(found.order_by("pk").distinct()[:MOST_SHARED])


class Writer(NamedTuple):
    """Who wrote a message of the Inbox, as it says. `kind` is what `address` is: email, social or nothing."""

    name: str = ""
    address: str = ""
    kind: str = ""


def writer_of(message: Message) -> Writer:
    """Whose words they are: the sender, or the one whose mail a colleague forwarded."""
    if message.forwarded:
        address = message.forwarded.get("address", "")
        return Writer(message.forwarded.get("name", ""), address, "email" if "@" in address else "")
    address = message.from_address.strip()
    if message.medium == Message.Medium.SOCIAL:
        return Writer(message.from_name, address, "social")
    return Writer(message.from_name, address, "email" if "@" in address else "")


def people_of(message: Message) -> tuple[Contact, ...]:
    """The contacts known under the address or handle of who wrote it, oldest first. One query."""
    writer = writer_of(message)
    if writer.kind == "email":
        return people_with(message.office_id, writer.address)
    return people_called(message.office_id, writer.address) if writer.kind == "social" else ()


def people_called(office_id: int, handle: str) -> tuple[Contact, ...]:
    """The contacts of an office with this handle, with or without its @, oldest first. One query."""
    bare = fold(handle).lstrip("@")[:253]
    if not bare:
        return ()
    found = Contact.objects.filter(
        office_id=office_id, deleted_at__isnull=True, points__kind="social", points__normal__in=[bare, f"@{bare}"]
    )
    return tuple(found.order_by("pk").distinct()[:MOST_SHARED])


def plain(address: str) -> str:
    """An address as it is compared: lower case, without its plus part."""
    return _PLUS.sub("@", address.strip().lower(), count=1)


class Ours:
    """The addresses of one office and of its installation, looked up once for a batch of mails. Three queries."""

    def __init__(self, office_id: int) -> None:
        boxes = list(Mailbox.objects.filter(retired_at__isnull=True).only("office_id", "address", "aliases"))
        self.mailboxes_here = {own for box in boxes for own in box.own_addresses}
        members = Membership.objects.active().filter(office_id=office_id)
        identities = SenderIdentity.objects.filter(office_id=office_id, retired_at__isnull=True)
        known = [*members.values_list("user__email", flat=True), *identities.values_list("address", flat=True)]
        self.office_id = office_id
        self.of_the_office = {own for box in boxes if box.office_id == office_id for own in box.own_addresses}
        self.of_the_office |= {address.strip().lower() for address in known}

    def claims(self, address: str) -> bool:
        """Whether the address is a mailbox, a sender or a colleague of the office."""
        return bool(self.of_the_office & {plain(address), address.strip().lower()})

    def end_here(self, address: str) -> bool:
        """Whether mail to it ends in any office of this installation: answering it would be answering us."""
        return bool(self.mailboxes_here & {plain(address), address.strip().lower()})


def looks_like_a_code(mail: ParsedMail) -> bool:
    """Whether it looks like a one-time code or a request to confirm an address (B4)."""
    return _CODE.search(f"{mail.subject}\n{mail.text[:2000]}") is not None


def verdict_of(results: Iterable[str], trusted_server: str, address: str, envelope_from: str = "") -> str:
    """ "pass", "fail" or "" as the trusted server says of the sender's domain (RFC 8601).

    What any other server is said to have found was written by the sender for all we know. One "fail" outweighs all.
    """
    if not trusted_server.strip():
        return ""
    trusted, domain = trusted_server.strip().lower(), address.rpartition("@")[2].lower()
    verdicts: list[str] = []
    for value in results:
        header = _read(value)
        if header is None:
            # Ours, but not to be read: it says nothing, and those below it are no longer the topmost.
            if value.strip().lower().startswith(trusted):
                verdicts.append("")
        elif str(header.authserv_id or "").lower() == trusted:
            verdicts.append(_verdict(header, domain))
    if "fail" in verdicts:
        return "fail"
    # Only the topmost was surely written by our server; those below may have come with the mail.
    return verdicts[0] if verdicts else ""


def _read(value: str) -> "authres.AuthenticationResultsHeader | None":
    line = " ".join(value.split())
    line = line.partition(":")[2] if line.lower().startswith("authentication-results:") else line
    try:
        return authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {line.strip()}")
    except (authres.AuthResError, ValueError, IndexError):
        log.info("an Authentication-Results header could not be read")
        return None


def _verdict(header: "authres.AuthenticationResultsHeader", domain: str) -> str:
    aligned, failed = False, False
    for result in header.results:
        method, said = str(result.method).lower(), str(result.result).lower()
        if method == "dmarc":
            # Of a mail with two senders it may have looked at the other one.
            if said == "fail" or (said == "pass" and _domain_from(result) in ("", domain)):
                return said
            continue
        if method not in ("spf", "dkim"):
            continue
        if said == "pass" and _same_organisation(_domain_in(result), domain):
            aligned = True
        elif said in ("fail", "hardfail", "softfail"):
            failed = True
    if aligned:
        return "pass"
    return "fail" if failed else ""


def _domain_from(result: "authres.AuthenticationResult") -> str:
    said = (str(one.value) for one in result.properties if (one.type, one.name) == ("header", "from"))
    return next(said, "").rpartition("@")[2].strip().lower()


def _domain_in(result: "authres.AuthenticationResult") -> str:
    for one in result.properties:
        if (one.type, one.name) in (("header", "d"), ("header", "i"), ("smtp", "mailfrom"), ("smtp", "helo")):
            return str(one.value).rpartition("@")[2].lower()
    return ""


def _same_organisation(one: str, other: str) -> bool:
    return bool(one) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))


def _says_several(mail: ParsedMail) -> bool:
    """In several From fields, or in one: as mailboxes, or as a name that is an address."""
    return "several senders" in mail.problems or len(re.findall(r"[^\s<>,;\"]+@[^\s<>,;\"]+", mail.raw_from)) > 1


def _wants_answers_elsewhere(mail: ParsedMail, address: str) -> bool:
    return any(plain(one.address) != plain(address) for one in mail.reply_to)
